import { TerraformVariable } from 'cdktf';
import { ApimSku } from '../../lib';
import { checkClientLimits, ClientQuota, ClientRateLimit } from '../../lib/product/client-limits';
import { Problems } from '../../lib/validation/problems';
import { errorOf, newStack, untyped } from '../support';

function check(rate?: ClientRateLimit, quota?: ClientQuota, sku?: ApimSku): void {
  const problems = new Problems('product');
  checkClientLimits(problems, rate, quota, sku);
  problems.throwIfAny();
}

const RATE = { calls: 1, renewalPeriod: 300 };
const QUOTA = { calls: 1, renewalPeriod: 300 };
const skus = [
  'Developer_1',
  'Basic_2',
  'Standard_4',
  'Premium_1',
  'BasicV2_1',
  'StandardV2_1',
  'PremiumV2_1',
  'Isolated_1',
  'Consumption_0',
];

describe('checkClientLimits', () => {
  test('nothing is limited', () => {
    expect(() => check(undefined, undefined, ApimSku.custom('Consumption_0'))).not.toThrow();
  });

  test.each(skus.map((sku) => [sku, sku !== 'Consumption_0'] as const))('a rate on %s: %s', (sku, works) => {
    const limit = () => check(RATE, undefined, ApimSku.custom(sku));

    if (works) {
      expect(limit).not.toThrow();
    } else {
      expect(errorOf(limit)).toBe(`product: clientRateLimit: needs a tier other than Consumption, got "${sku}"`);
    }
  });

  test.each(skus.map((sku) => [sku, /^(Developer|Basic|Standard|Premium)_/.test(sku)] as const))(
    'a quota on %s: %s',
    (sku, works) => {
      const limit = () => check(undefined, QUOTA, ApimSku.custom(sku));

      if (works) {
        expect(limit).not.toThrow();
      } else {
        expect(errorOf(limit)).toBe(
          `product: clientQuota: needs the Developer, Basic, Standard or Premium tier, got "${sku}"`,
        );
      }
    },
  );

  test('a tier that nobody knows passes, whether it is a token or was not read', () => {
    const token = ApimSku.custom(new TerraformVariable(newStack(), 'sku', {}).stringValue);

    expect(() => check(RATE, QUOTA, token)).not.toThrow();
    expect(() => check(RATE, QUOTA, undefined)).not.toThrow();
  });

  test.each<[string, ClientRateLimit | undefined, ClientQuota | undefined]>([
    ['the least of all', { calls: 1, renewalPeriod: 1 }, { calls: 1, renewalPeriod: 300 }],
    ['the longest rate', { calls: Number.MAX_SAFE_INTEGER, renewalPeriod: 300 }, undefined],
    ['bandwidth alone', undefined, { bandwidthKb: 1, renewalPeriod: 31_536_000 }],
  ])('takes %s', (_, rate, quota) => {
    expect(() => check(rate, quota)).not.toThrow();
  });

  test('takes tokens', () => {
    const number = new TerraformVariable(newStack(), 'number', {}).numberValue;

    expect(() =>
      check({ calls: number, renewalPeriod: number }, { calls: number, bandwidthKb: number, renewalPeriod: number }),
    ).not.toThrow();
  });

  const WHOLE = 'must be a whole number';
  test.each<[string, unknown, unknown, string[]]>([
    [
      'nothing in either',
      {},
      {},
      [
        `clientRateLimit.calls: ${WHOLE} of at least 1, got undefined`,
        `clientRateLimit.renewalPeriod: ${WHOLE} from 1 to 300, got undefined`,
        'clientQuota: must limit something, give calls or bandwidthKb or both',
        `clientQuota.renewalPeriod: ${WHOLE} of at least 300, got undefined`,
      ],
    ],
    [
      'zeros',
      { calls: 0, renewalPeriod: 0 },
      { calls: 0, bandwidthKb: 0, renewalPeriod: 0 },
      [
        `clientRateLimit.calls: ${WHOLE} of at least 1, got 0`,
        `clientRateLimit.renewalPeriod: ${WHOLE} from 1 to 300, got 0`,
        `clientQuota.calls: ${WHOLE} of at least 1, got 0`,
        `clientQuota.bandwidthKb: ${WHOLE} of at least 1, got 0`,
        `clientQuota.renewalPeriod: ${WHOLE} of at least 300, got 0`,
      ],
    ],
    [
      'a day as a rate and a minute as a quota',
      { calls: 1, renewalPeriod: 86_400 },
      { calls: 1, renewalPeriod: 60 },
      [
        `clientRateLimit.renewalPeriod: ${WHOLE} from 1 to 300, got 86400`,
        `clientQuota.renewalPeriod: ${WHOLE} of at least 300, got 60`,
      ],
    ],
    [
      'what is no number',
      { calls: '1', renewalPeriod: NaN },
      { calls: Infinity, renewalPeriod: [300] },
      [
        `clientRateLimit.calls: ${WHOLE} of at least 1, got "1"`,
        `clientRateLimit.renewalPeriod: ${WHOLE} from 1 to 300, got NaN`,
        `clientQuota.calls: ${WHOLE} of at least 1, got Infinity`,
        `clientQuota.renewalPeriod: ${WHOLE} of at least 300, got a list`,
      ],
    ],
    [
      'policy in place of numbers',
      { calls: "1' foo='", renewalPeriod: '@(1)' },
      undefined,
      [
        `clientRateLimit.calls: ${WHOLE} of at least 1, got "1' foo='"`,
        `clientRateLimit.renewalPeriod: ${WHOLE} from 1 to 300, got "@(1)"`,
      ],
    ],
  ])('refuses %s', (_, rate, quota, lines) => {
    expect(errorOf(() => check(untyped(rate), untyped(quota)))).toBe(
      lines.map((line) => `product: ${line}`).join('\n'),
    );
  });
});
