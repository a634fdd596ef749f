import { widthOfScript } from '../html/graph/text';

/**
 * How wide a character is at most in the fonts that the picture may be drawn with, in widths of a digit of the widest of
 * them: no name runs over the edge of its box, whatever fonts its reader has.
 */
export function letterWidth(character: string): number {
  const known = widthOfScript(character);
  if (known !== undefined) {
    return known;
  }
  if (/[ijlI.,:;'|! ]/.test(character)) {
    return 0.6;
  }
  if (/[mwMW@%\p{Script=Cyrillic}]/u.test(character)) {
    return 1.6;
  }
  return /\p{Lu}/u.test(character) ? 1.2 : 1;
}
