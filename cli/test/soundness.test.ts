import fc from 'fast-check';
import { randomPlan } from './fixtures/random-plan';
import { reviewOf } from './support';

const sorted = (set: ReadonlySet<string>): readonly string[] => [...set].sort();

test('a plan is NEUTRAL only where who has which product, and how, is the same after it as before', () => {
  fc.assert(
    fc.property(randomPlan(false), ({ plan, before, after }) => {
      const { label } = reviewOf(plan).verdict;
      if (label === 'NEUTRAL') {
        expect(sorted(after)).toEqual(sorted(before));
      }
    }),
    { numRuns: 150 },
  );
});

test('a plan that gives somebody more is BROADENING or not judged, whatever else it does', () => {
  fc.assert(
    fc.property(randomPlan(false), ({ plan, before, after }) => {
      const gives = [...after].filter((fact) => !before.has(fact) && !fact.startsWith('callers'));
      const { broadening, unjudged } = reviewOf(plan).verdict;
      expect(gives.length === 0 || broadening || unjudged).toBe(true);
    }),
    { numRuns: 80 },
  );
});

test('a plan that only moves, forgets, takes over and describes is NEUTRAL', () => {
  fc.assert(
    fc.property(randomPlan(true), ({ plan, before, after }) => {
      expect(sorted(after)).toEqual(sorted(before));
      expect(reviewOf(plan).verdict.label).toBe('NEUTRAL');
    }),
    { numRuns: 80 },
  );
});

test('the plans of these properties are of both sorts', () => {
  const plans = fc.sample(randomPlan(false), { numRuns: 100, seed: 1 });
  const same = plans.filter(({ before, after }) => sorted(before).join('\n') === sorted(after).join('\n'));
  expect(plans.length - same.length).toBeGreaterThan(20);
  expect(fc.sample(randomPlan(true), { numRuns: 50, seed: 1 }).filter(({ touched }) => touched).length).toBeGreaterThan(
    20,
  );
});
