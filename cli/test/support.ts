import { review, type ReviewOptions } from '../src/review';
import { judgedFindings } from '../src/sections';
import { readPlan } from '../src/plan/plan';
import type { Finding, Review } from '../src/model';
import type { PlanFixture } from './fixtures/plan';

export const AS_OF = '2026-11-23';

/** Reviews fixtures, each as the stack of its name. */
export function reviewOf(
  plans: PlanFixture | Readonly<Record<string, PlanFixture>>,
  options: Partial<ReviewOptions> = {},
): Review {
  const named = 'changes' in plans ? { main: plans as PlanFixture } : plans;
  const read = Object.entries(named).map(([stack, fixture]) => readPlan(fixture.build(), stack, `${stack}.json`));
  return review(read, {
    locate: (resource) => ({ file: `${resource.stack}.json`, line: 1 }),
    allowed: [],
    asOf: AS_OF,
    expiringWithinDays: 30,
    ...options,
  });
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
