import * as fc from 'fast-check';
import { digest, slug, withoutBlanks } from '../../lib/names/names';

describe('slug', () => {
  test.each([
    ['Starter', 'starter'],
    ['Contoso Partner', 'contoso-partner'],
    ['  Gold -- Plus!  ', 'gold-plus'],
    ['Crème Brûlée', 'creme-brulee'],
    ['Ⅳ ½', 'iv-1-2'],
    ['金', ''],
    ['---', ''],
    ['', ''],
  ])('%j becomes %j', (text, expected) => {
    expect(slug(text)).toBe(expected);
  });

  test('is empty, or words of letters and digits joined by single dashes', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => /^$|^[a-z0-9]+(-[a-z0-9]+)*$/.test(slug(text))));
  });

  test('of a slug is the slug', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => slug(slug(text)) === slug(text)));
  });

  test('keeps what is a name already', () => {
    fc.assert(fc.property(fc.stringMatching(/^[a-z0-9]+(-[a-z0-9]+)*$/), (name) => slug(name) === name));
  });
});

describe('withoutBlanks', () => {
  test('leaves no white space and everything else in its order', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        (text) => withoutBlanks(text) === [...text].filter((character) => !/\s/.test(character)).join(''),
      ),
    );
  });
});

describe('digest', () => {
  const parts = fc.array(fc.string({ unit: 'binary' }), { maxLength: 5 });

  test('is the same on every machine', () => {
    // printf '["a","b"]' | sha256sum
    expect(digest(12, 'a', 'b')).toBe('0473ef2dc0d3');
  });

  test('has the length that is asked for', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 64 }), parts, (length, texts) =>
        new RegExp(`^[0-9a-f]{${length}}$`).test(digest(length, ...texts)),
      ),
    );
  });

  test('is the same for the same parts and another for others, however they are cut', () => {
    fc.assert(
      fc.property(parts, parts, (one, other) => {
        const same = JSON.stringify(one) === JSON.stringify(other);
        return (digest(12, ...one) === digest(12, ...other)) === same;
      }),
    );
    expect(digest(12, 'ab', 'c')).not.toBe(digest(12, 'a', 'bc'));
    expect(digest(12, 'a","b')).not.toBe(digest(12, 'a', 'b'));
    expect(digest(12, 'a', 'b')).not.toBe(digest(12, 'b', 'a'));
  });
});
