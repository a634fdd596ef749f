import * as fc from 'fast-check';
import { PolicyElement, policyXml } from '../../lib/policy/policy-xml';
import {
  checkPolicySections,
  clientLimits,
  demanded,
  productPolicy,
  tokenForProduct,
  tokenOfTenant,
} from '../../lib/product/product-policy';
import { csharpText, errorOf } from '../support';
import { find, names, parsePolicy, Xml } from '../xml';

/** Text that a careless writer of policies would let end its element, its value or its expression; no line ends, which parsers rewrite. */
const character = fc.oneof(
  fc.constantFrom(
    ...Array.from('<>&\'"@(){}$%\\;/=# '),
    '{{',
    '}}',
    '@(',
    '@{',
    '</value>',
    '/>',
    '<!--',
    '-->',
    '<![CDATA[',
    ']]>',
    '&lt;',
    'é',
    '金',
    '😀',
  ),
  fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 1 })
    .filter((one) => /^[\u0020-\u007e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u.test(one)),
);
const hostile = fc.array(character, { maxLength: 16 }).map((all) => `x${all.join('')}y`);

function written(...inbound: PolicyElement[]): Xml {
  return parsePolicy(policyXml(productPolicy(inbound)));
}

function textOf(xml: Xml): string {
  return xml.children.map((one) => (typeof one === 'string' ? one : textOf(one))).join('');
}

/** Terraform reads `$${` and `%%{` as `${` and `%{`. */
function asTerraformReads(text: string): string {
  return text.replace(/([$%])\1(?=\{)/g, '$1');
}

describe('tokenForProduct', () => {
  test('whatever names and ids hold stands in its own place', () => {
    fc.assert(
      fc.property(hostile, hostile, hostile, (tenantId, applicationId, appRoleValue) => {
        const validation = find(
          written(tokenForProduct({ tenantId, applicationId, appRoleValue })),
          'inbound',
          'validate-azure-ad-token',
        );
        const value = asTerraformReads(textOf(find(validation, 'required-claims', 'claim', 'value')));

        expect(validation.attributes['tenant-id']).toBe(tenantId);
        expect(find(validation, 'audiences').children.map((audience) => textOf(audience as Xml))).toEqual([
          `api://${applicationId}`,
          applicationId,
        ]);
        expect(names(validation)).toEqual(['audiences', 'required-claims']);
        expect(value).not.toMatch(/\{\{/);
        expect(/^@\("/.test(value) ? csharpText(value) : value).toBe(appRoleValue);
      }),
      { numRuns: 300 },
    );
  });
});

describe('tokenOfTenant', () => {
  test('takes tokens of either version, of the tenant alone', () => {
    const validation = find(written(tokenOfTenant('tenant')), 'inbound', 'validate-jwt');

    expect(find(validation, 'openid-config').attributes).toEqual({
      url: 'https://login.microsoftonline.com/tenant/v2.0/.well-known/openid-configuration',
    });
    expect(find(validation, 'issuers').children.map((issuer) => textOf(issuer as Xml))).toEqual([
      'https://sts.windows.net/tenant/',
      'https://login.microsoftonline.com/tenant/v2.0',
    ]);
    expect(validation.attributes).toMatchObject({
      'header-name': 'Authorization',
      'require-scheme': 'Bearer',
      'failed-validation-httpcode': '401',
    });
  });
});

describe('clientLimits', () => {
  test('none are no policy', () => {
    expect(clientLimits({ productId: 'gold' })).toEqual([]);
  });

  const counterKeys = (productId: string) =>
    clientLimits({
      productId,
      rate: { calls: 1, renewalPeriod: 1 },
      quota: { calls: 1, renewalPeriod: 300 },
    }).map(({ attributes }) => attributes?.['counter-key']);

  test('a key is a subscription that the gateway knows or a claim of the token that was validated, never a header', () => {
    const validated = policyXml(tokenOfTenant('tenant'));
    const variable = /output-token-variable-name="([^"]+)"/.exec(validated)?.[1];
    const keys = counterKeys('gold');
    const token = `((Jwt)context.Variables["${variable}"])`;

    expect(policyXml(tokenForProduct({ tenantId: 't', applicationId: 'a', appRoleValue: 'r' }))).toContain(
      `output-token-variable-name="${variable}"`,
    );
    expect(new Set(keys).size).toBe(1);
    expect(keys[0]).toBe(
      `@("gold/" + (context.Variables.ContainsKey("${variable}") ? "application:" + ` +
        `${token}.Claims.GetValueOrDefault("appid", ${token}.Claims.GetValueOrDefault("azp", "subject:" + ${token}.Subject)) : ` +
        '"subscription:" + context.Subscription.Id))',
    );
    expect(keys[0]).not.toMatch(/Request|Headers|AsJwt|IpAddress/);
  });

  test('products share no counter', () => {
    expect(counterKeys('gold')[0]).not.toBe(counterKeys('silver')[0]);
  });

  test('only what is given is limited', () => {
    const attributes = (limits: PolicyElement[]) =>
      limits
        .map((limit) => find(written(limit), 'inbound', limit.name).attributes)
        .map(({ 'counter-key': _, ...others }) => others);

    expect(
      attributes(
        clientLimits({
          productId: 'gold',
          rate: { calls: 7, renewalPeriod: 60 },
          quota: { bandwidthKb: 9, renewalPeriod: 300 },
        }),
      ),
    ).toEqual([
      { calls: '7', 'renewal-period': '60' },
      { bandwidth: '9', 'renewal-period': '300' },
    ]);
  });
});

describe('productPolicy', () => {
  test('has all four sections, each with the policy of the scope above', () => {
    const policy = written();

    expect(policy.name).toBe('policies');
    expect(policy.children).toEqual(
      ['inbound', 'backend', 'outbound', 'on-error'].map((name) => ({
        name,
        attributes: {},
        children: [{ name: 'base', attributes: {}, children: [] }],
      })),
    );
  });

  test("validates the token between the user's own sections, whatever they hold", () => {
    const section = fc
      .record({ text: hostile, value: hostile })
      .map(({ text, value }) => policyXml({ name: 'mine', attributes: { value }, children: [{ name: 'text', text }] }));

    fc.assert(
      fc.property(
        section,
        section,
        section,
        section,
        section,
        (inboundBefore, inboundAfter, backend, outbound, onError) => {
          const validation = tokenForProduct({ tenantId: 't', applicationId: 'a', appRoleValue: 'r' });
          const policy = parsePolicy(
            policyXml(
              productPolicy([demanded(validation, true)], { inboundBefore, inboundAfter, backend, outbound, onError }),
            ),
          );

          expect(names(find(policy, 'inbound'))).toEqual(['base', 'mine', 'choose', 'mine']);
          expect(['backend', 'outbound', 'on-error'].map((name) => names(find(policy, name)))).toEqual([
            ['mine'],
            ['base', 'mine'],
            ['base', 'mine'],
          ]);
          expect(names(find(policy, 'inbound', 'choose', 'when'))).toEqual(['validate-azure-ad-token']);
        },
      ),
      { numRuns: 100 },
    );
  });

  test('template markers of a section are text for Terraform', () => {
    expect(policyXml(productPolicy([], { outbound: '<a b="${c}">%{d} $${e}</a>' }))).toContain(
      '<a b="$${c}">%%{d} $$${e}</a>',
    );
  });
});

describe('checkPolicySections', () => {
  test('sections that are left out are fine, and so are good ones', () => {
    expect(() => checkPolicySections('Here', {})).not.toThrow();
    expect(() =>
      checkPolicySections('Here', {
        inboundBefore: '<a />',
        inboundAfter: '<a />',
        backend: '<a />',
        outbound: '<a />',
        onError: '<a />',
      }),
    ).not.toThrow();
  });

  test('all mistakes are reported at once, in the order of the sections', () => {
    expect(
      errorOf(() =>
        checkPolicySections('Here', {
          onError: '<a>',
          outbound: '',
          backend: 'b',
          inboundAfter: '</c>',
          inboundBefore: '<d',
        }),
      ),
    ).toBe(
      [
        'Here: inboundBefore: must be well-formed XML, got a tag that does not end',
        'Here: inboundAfter: must be well-formed XML, got </c> where it was not open',
        'Here: backend: must contain only policy elements, got text outside of them',
        'Here: outbound: must contain policy elements, got nothing',
        'Here: onError: must be well-formed XML, got <a> without its end',
      ].join('\n'),
    );
  });
});
