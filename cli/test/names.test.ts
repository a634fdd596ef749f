import fc from 'fast-check';
import { slug as slugOfLibrary } from '../../lib/names/names';
import { slug } from '../src/adopt/names';

test('adopt makes names for Azure as the library does: the tools do not depend on the library', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }), fc.string()), (text) => {
      expect(slug(text)).toBe(slugOfLibrary(text));
    }),
  );
});

test.each([
  ['Gold Plan', 'gold-plan'],
  ['  Crème brûlée (2)  ', 'creme-brulee-2'],
  ['ﬁrst ½', 'first-1-2'],
  ['--', ''],
])('%j is %j to both', (text, expected) => {
  expect([slug(text), slugOfLibrary(text)]).toEqual([expected, expected]);
});
