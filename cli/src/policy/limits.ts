import { say } from '../message';
import type { Difference, Printer } from './difference';
import type { Effect, SectionName } from './flow';
import { canonical, type PolicyNode } from './reader';
import { roleOf } from './vocabulary';

/** What a limit says of itself to callers and to other elements: that changes nothing that it counts. */
const REPORTED = /^(?:retry-after|remaining|total|consumed|tokens-consumed)-.*(?:header|variable)-name$/;

const AMOUNTS: ReadonlySet<string> = new Set([
  'calls',
  'bandwidth',
  'renewal-period',
  'tokens-per-minute',
  'token-quota',
  'max-count',
]);

interface Limit {
  readonly kind: string;
  /** Undefined where it is absent or computed. */
  readonly calls?: number;
  readonly bandwidth?: number;
  readonly period?: number;
  readonly tokens?: number;
  readonly quota?: number;
  readonly most?: number;
  /** What is counted, and when; for comparison only. */
  readonly counts: string;
}

/** Limits that are loosened, tightened, come and go. */
export function compareLimits(
  name: SectionName,
  before: readonly Effect[],
  after: readonly Effect[],
  { amounts }: Pick<Printer, 'amounts'>,
): readonly Difference[] {
  const isLimit = (effect: Effect): boolean => limits(name, effect);
  const [former, latter] = [before.filter(isLimit).map(limitOf), after.filter(isLimit).map(limitOf)];
  const kinds = [...new Set([...former, ...latter].map(({ kind }) => kind))].sort();
  return kinds.flatMap((kind) => {
    const old = former.filter((limit) => limit.kind === kind);
    const fresh = latter.filter((limit) => limit.kind === kind);
    const rest = fresh.filter((limit) => !take(old, limit));
    return Array.from({ length: Math.max(old.length, rest.length) }, (_, index) =>
      compareLimit(
        name === 'inbound' ? `${index}` : `${index} ${name}`,
        old[index],
        rest[index],
        amounts ? describe : () => 'an amount that is sensitive',
      ),
    ).flat();
  });
}

/** Calls are counted in the inbound section only; how many run at a time may be limited anywhere. */
function limits(name: SectionName, { node }: Effect): boolean {
  return (name === 'inbound' && roleOf(node.name) === 'limit') || node.name === 'limit-concurrency';
}

/** Takes one that is the same out of a list. */
function take(limits: Limit[], wanted: Limit): boolean {
  const place = limits.findIndex((limit) => JSON.stringify(limit) === JSON.stringify(wanted));
  if (place >= 0) {
    limits.splice(place, 1);
  }
  return place >= 0;
}

function limitOf({ node, when }: Effect): Limit {
  const [calls, bandwidth, period, most] = ['calls', 'bandwidth', 'renewal-period', 'max-count'].map((attribute) =>
    numberOf(node, attribute),
  );
  const [tokens, quota] = [numberOf(node, 'tokens-per-minute'), numberOf(node, 'token-quota')];
  const counted = {
    ...node,
    // a computed amount is compared by its text
    attributes: new Map(
      [...node.attributes].filter(
        ([key]) => !REPORTED.test(key) && !(AMOUNTS.has(key) && numberOf(node, key) !== undefined),
      ),
    ),
  };
  return {
    kind: node.name,
    ...(calls === undefined ? {} : { calls }),
    ...(bandwidth === undefined ? {} : { bandwidth }),
    ...(period === undefined ? {} : { period }),
    ...(tokens === undefined ? {} : { tokens }),
    ...(quota === undefined ? {} : { quota }),
    ...(most === undefined ? {} : { most }),
    counts: canonical(counted) + when,
  };
}

function numberOf(node: PolicyNode, attribute: string): number | undefined {
  const value = node.attributes.get(attribute);
  return value !== undefined && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}

function compareLimit(
  place: string,
  before: Limit | undefined,
  after: Limit | undefined,
  words: (limit: Limit) => string,
): Difference[] {
  const kind = (after ?? before)?.kind ?? '';
  const base = { about: 'limit' as const, subject: `${kind} ${place}` };
  if (before === undefined || after === undefined) {
    const limit = after ?? before;
    if (limit === undefined) {
      return [];
    }
    return before === undefined
      ? [{ ...base, effect: 'tighter', lead: '', says: say` gets a ${kind} of ${words(limit)}`, after: words(limit) }]
      : [
          {
            ...base,
            effect: 'looser',
            lead: '',
            says: say` loses its ${kind} of ${words(limit)}`,
            before: words(limit),
          },
        ];
  }
  const verdict = verdictOf(before, after);
  const [from, to] = [words(before), words(after)];
  const wording = { looser: 'is loosened', tighter: 'is tightened', unknown: 'counts differently' }[verdict];
  const numbers = from === to ? '' : `: ${from} becomes ${to}`;
  return [
    { ...base, effect: verdict, lead: `the ${kind} of `, says: say` ${wording}${numbers}`, before: from, after: to },
  ];
}

function verdictOf(before: Limit, after: Limit): 'looser' | 'tighter' | 'unknown' {
  if (before.counts !== after.counts) {
    return 'unknown';
  }
  const verdicts = (['calls', 'bandwidth', 'tokens', 'quota', 'most'] as const)
    .map((amount) => compareAmounts(before[amount], before.period, after[amount], after.period))
    .filter((verdict) => verdict !== 'same');
  const [first] = verdicts;
  return first !== undefined && verdicts.every((verdict) => verdict === first) ? first : 'unknown';
}

/** An amount in a period; an amount that is not given sets no limit. */
function compareAmounts(
  before: number | undefined,
  beforePeriod: number | undefined,
  after: number | undefined,
  afterPeriod: number | undefined,
): 'looser' | 'tighter' | 'unknown' | 'same' {
  if (before === undefined && after === undefined) {
    return 'same';
  }
  if (before === undefined || after === undefined) {
    return before === undefined ? 'tighter' : 'looser';
  }
  if (beforePeriod === undefined || afterPeriod === undefined) {
    return beforePeriod !== afterPeriod ? 'unknown' : after === before ? 'same' : after > before ? 'looser' : 'tighter';
  }
  const rate = after * beforePeriod - before * afterPeriod;
  if (rate < 0 && after > before) {
    // fewer calls in the long run, and more of them at once
    return 'unknown';
  }
  const difference = rate === 0 ? after - before : rate;
  return difference === 0 ? 'same' : difference > 0 ? 'looser' : 'tighter';
}

function describe({ calls, bandwidth, period, tokens, quota, most }: Limit): string {
  const amounts = [
    ...(calls === undefined ? [] : [`${calls} calls`]),
    ...(bandwidth === undefined ? [] : [`${bandwidth} kB`]),
    ...(tokens === undefined ? [] : [`${tokens} tokens`]),
    ...(quota === undefined ? [] : [`a quota of ${quota} tokens`]),
    ...(most === undefined ? [] : [`${most} calls at a time`]),
  ].join(' and ');
  return `${amounts === '' ? 'an amount that is computed' : amounts}${period === undefined ? '' : ` in ${period} s`}`;
}
