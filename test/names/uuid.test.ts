import * as fc from 'fast-check';
import { stableUuid } from '../../lib/names/uuid';

describe('stableUuid', () => {
  test.each([
    [['app role', 'contoso-apim', 'gold'], 'a5291074-d060-5679-8b06-3c1b60e2a08d'],
    [['app role', 'contoso-apim', 'gold2'], 'd96149a9-5bee-52ed-8e6a-875ef900392f'],
    [[], '54db77ec-9eee-5835-9859-73da2092189d'],
    [['é', '"\\', '\u{1f600}'], '785c3d71-3ac9-5f23-a89b-adbbb4dd2b09'],
  ])('of %j is the same in every release', (parts, uuid) => {
    expect(stableUuid(...parts)).toBe(uuid);
  });

  test('is of version 5 and of the variant of the RFC', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (parts) => {
        expect(stableUuid(...parts)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      }),
    );
  });

  test('differs where the parts differ, wherever one ends and the next begins', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.array(fc.string()), (one, other) => {
        expect(stableUuid(...one) === stableUuid(...other)).toBe(JSON.stringify(one) === JSON.stringify(other));
      }),
    );
    expect(
      new Set([
        stableUuid('ab', 'c'),
        stableUuid('a', 'bc'),
        stableUuid('abc'),
        stableUuid('a,b', 'c'),
        stableUuid('', 'abc'),
      ]).size,
    ).toBe(5);
  });
});
