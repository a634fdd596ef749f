import { readPlans } from '../src/input/plan-file';
import { locator } from '../src/input/sources';
import { planArguments } from '../src/input/stack-names';
import { review, type ReviewOptions } from '../src/review';
import type { AllowEntry } from '../src/input/allow-file';
import { allFindings, judgedFindings } from '../src/sections';
import { readPlan } from '../src/plan/plan';
import type { Finding, Review } from '../src/model';
import type { PlanFixture } from './fixtures/plan';

export const AS_OF = '2026-11-23';

/** An acknowledgement of whatever a finding says now, where it has no digest. */
export type Accepted = Omit<AllowEntry, 'digest'> & { readonly digest?: string };

/** Reviews fixtures, each as the stack of its name. */
export function reviewOf(
  plans: PlanFixture | Readonly<Record<string, PlanFixture>>,
  {
    allowed = [],
    ...options
  }: Partial<Omit<ReviewOptions, 'allowed'>> & { readonly allowed?: readonly Accepted[] } = {},
): Review {
  const named = 'changes' in plans ? { main: plans as PlanFixture } : plans;
  const read = Object.entries(named).map(([stack, fixture]) => readPlan(fixture.build(), stack, `${stack}.json`));
  const settings: ReviewOptions = {
    locate: (resource) => ({ file: `${resource.stack}.json`, line: 1 }),
    allowed: [],
    asOf: AS_OF,
    expiringWithinDays: 30,
    ...options,
  };
  return review(
    read,
    allowed.length === 0 ? settings : { ...settings, allowed: accepted(review(read, settings), allowed) },
  );
}

/** Acknowledgements with the digests of the findings that they are for. */
export function accepted(found: Review, entries: readonly Accepted[]): readonly AllowEntry[] {
  return entries.map((entry) => ({
    digest:
      allFindings(found).find(
        ({ rule, address, stack }) =>
          rule === entry.rule && address === entry.address && (entry.stack ?? stack) === stack,
      )?.digest ?? '0'.repeat(32),
    ...entry,
  }));
}

/** `rule [kinds] sentence`, for everything that is judged but ways in, which follow from the rest. */
export function told(found: Review): string[] {
  return judgedFindings(found)
    .filter(({ rule }) => !rule.startsWith('way-'))
    .map(line)
    .sort();
}

export function line({ rule, kinds, message }: Finding): string {
  return `${rule}${kinds.length === 0 ? '' : ` [${kinds.join(', ')}]`} ${message}`;
}

/** A text as a release does not change it. */
export function golden(text: string): string {
  return text.replace(/(apim-oauth |"version": ")\d+\.\d+\.\d+[\w.-]*/g, '$1x.y.z');
}

/** Reviews plans as `terraform show -json` wrote them. */
export function reviewOfFiles(...files: readonly string[]): Review {
  const plans = readPlans(planArguments(files));
  return review(plans, { locate: locator(plans, []), allowed: [], asOf: AS_OF, expiringWithinDays: 30 });
}
