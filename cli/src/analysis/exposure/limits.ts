import type { Limit } from '../../entities/policy-xml';
import { say } from '../../message';
import type { ExposureFinding } from '../../model';
import type { Context } from '../context';
import { exposure, policyOf, productName, type ExposureRule, type ProductChange } from './product-change';

/** Limits and quotas of a product's policy. */
export const limitsRule: ExposureRule = (change, context) => {
  const { before, after } = change;
  if (before === undefined || after === undefined || (before.policy === undefined && after.policy === undefined)) {
    return [];
  }
  if (after.policy?.readable === false && (before.policy?.limits.length ?? 0) > 0 && change.touched) {
    return [
      limitFinding(
        change,
        context,
        'limit-changed',
        'policy',
        'the limits of ',
        ' cannot be told: its policy is unknown until apply or cannot be read',
      ),
    ];
  }
  const former = before.policy?.limits ?? [];
  const latter = after.policy?.limits ?? [];
  const kinds = [...new Set([...former, ...latter].map(({ kind }) => kind))].sort();
  return kinds.flatMap((kind) => {
    const old = former.filter((limit) => limit.kind === kind);
    const fresh = latter.filter((limit) => limit.kind === kind);
    return Array.from({ length: Math.max(old.length, fresh.length) }, (_, index) =>
      judge(change, context, index, old[index], fresh[index]),
    ).flat();
  });
};

function judge(
  change: ProductChange,
  context: Context,
  index: number,
  before: Limit | undefined,
  after: Limit | undefined,
): ExposureFinding[] {
  const kind = (after ?? before)?.kind ?? '';
  const subject = `${kind} ${index}`;
  if (before === undefined && after !== undefined) {
    return [
      limitFinding(
        change,
        context,
        'limit-tightened',
        subject,
        '',
        ` gets a ${kind} of ${describe(change, after, 'after')}`,
        undefined,
        describe(change, after, 'after'),
      ),
    ];
  }
  if (before !== undefined && after === undefined) {
    return [
      limitFinding(
        change,
        context,
        'limit-loosened',
        subject,
        '',
        ` loses its ${kind} of ${describe(change, before, 'before')}`,
        describe(change, before, 'before'),
      ),
    ];
  }
  if (before === undefined || after === undefined) {
    return [];
  }
  const verdict = compareLimits(before, after);
  if (verdict === 'same') {
    return [];
  }
  const [from, to] = [describe(change, before, 'before'), describe(change, after, 'after')];
  const wording = { looser: 'is loosened', tighter: 'is tightened', other: 'counts differently' }[verdict];
  const rule = ({ looser: 'limit-loosened', tighter: 'limit-tightened', other: 'limit-changed' } as const)[verdict];
  const numbers = from === to ? '' : `: ${from} becomes ${to}`;
  return [limitFinding(change, context, rule, subject, `the ${kind} of `, ` ${wording}${numbers}`, from, to)];
}

type LimitRule = 'limit-loosened' | 'limit-tightened' | 'limit-changed';

function limitFinding(
  change: ProductChange,
  context: Context,
  rule: LimitRule,
  subject: string,
  lead: string,
  tail: string,
  before?: string,
  after?: string,
): ExposureFinding {
  return exposure(context, change, {
    rule,
    subject,
    ...policyOf(context, change),
    judges: ['policy'],
    // a limit that counts differently may be none at all
    kinds: rule === 'limit-tightened' ? ['breaking'] : ['broadening'],
    says: say`${lead}${productName(change)}${tail}`,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    clients: change.clientsAfter,
  });
}

export type LimitVerdict = 'same' | 'looser' | 'tighter' | 'other';

/** Whether callers can do more or less than before. */
export function compareLimits(before: Limit, after: Limit): LimitVerdict {
  if (before.counts !== after.counts) {
    return 'other';
  }
  const verdicts = [
    compareAmounts(before.calls, before.period, after.calls, after.period),
    compareAmounts(before.bandwidth, before.period, after.bandwidth, after.period),
  ].filter((verdict) => verdict !== 'same');
  const [first] = verdicts;
  return first === undefined ? 'same' : verdicts.every((verdict) => verdict === first) ? first : 'other';
}

/** An amount in a period; an amount that is not given sets no limit. */
function compareAmounts(
  before: number | undefined,
  beforePeriod: number | undefined,
  after: number | undefined,
  afterPeriod: number | undefined,
): LimitVerdict {
  if (before === undefined && after === undefined) {
    return 'same';
  }
  if (before === undefined || after === undefined) {
    return before === undefined ? 'tighter' : 'looser';
  }
  if (beforePeriod === undefined || afterPeriod === undefined) {
    return before === after && beforePeriod === afterPeriod ? 'same' : 'other';
  }
  const rate = after * beforePeriod - before * afterPeriod;
  const difference = rate === 0 ? after - before : rate;
  return difference === 0 ? 'same' : difference > 0 ? 'looser' : 'tighter';
}

function describe(change: ProductChange, { calls, bandwidth, period }: Limit, side: 'before' | 'after'): string {
  if (change[side]?.policy?.sensitive === true) {
    return 'an amount that is sensitive';
  }
  const amounts = [
    ...(calls === undefined ? [] : [`${calls} calls`]),
    ...(bandwidth === undefined ? [] : [`${bandwidth} kB`]),
  ].join(' and ');
  return `${amounts === '' ? 'an amount that is computed' : amounts}${period === undefined ? '' : ` in ${period} s`}`;
}
