/**
 * How wide a character is at most in the fonts that the picture may be drawn with, in widths of a digit of the widest of
 * them: no name runs over the edge of its box, whatever fonts its reader has.
 */
export function letterWidth(character: string): number {
  if (/\p{M}/u.test(character)) {
    return 0;
  }
  if (
    /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\u{1F300}-\u{3FFFD}]/u.test(
      character,
    )
  ) {
    return 2;
  }
  if (/[ijlI.,:;'|! ]/.test(character)) {
    return 0.6;
  }
  if (/[mwMW@%\p{Script=Cyrillic}]/u.test(character)) {
    return 1.6;
  }
  return /\p{Lu}/u.test(character) ? 1.2 : 1;
}
