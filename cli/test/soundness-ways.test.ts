import fc from 'fast-check';
import { entraStack } from './fixtures/stacks';
import { randomWays, WAYS } from './fixtures/random-ways';
import { reviewOf } from './support';

test.each(WAYS.map(({ address, values }) => [address, values] as const))('%s: gives access', (address, values) => {
  const plan = entraStack().creates(address, { values, unknown: { id: true }, expressions: {} });
  const { broadening, unjudged } = reviewOf(plan).verdict;
  expect(broadening || unjudged).toBe(true);
});

test('a way in that comes is BROADENING or not judged, whatever else the plan moves, forgets or takes over', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 }).chain(randomWays), ({ plan, comes, goes }) => {
      const { broadening, unjudged, label } = reviewOf(plan).verdict;
      expect(comes.length === 0 || broadening || unjudged).toBe(true);
      expect(comes.length + goes.length === 0 || label !== 'NEUTRAL').toBe(true);
    }),
    { numRuns: 40 },
  );
});

test('a plan that only moves, forgets, takes over and describes ways in is NEUTRAL', () => {
  fc.assert(
    fc.property(randomWays(0), ({ plan }) => {
      expect(reviewOf(plan).verdict.label).toBe('NEUTRAL');
    }),
    { numRuns: 25 },
  );
});
