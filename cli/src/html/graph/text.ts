/** What fits into a box, in the width of Latin letters. */
const ROOM = 25;

/** Text in a drawing neither wraps nor clips by itself. It is cut in the middle: names often differ at their ends. */
export function clip(text: string, room = ROOM, widthOf: (character: string) => number = width): string {
  const characters = [...text];
  const widths = characters.map(widthOf);
  if (total(widths) <= room) {
    return text;
  }
  let [start, end] = [characters.length, 0];
  while (total(widths.slice(0, start)) > (room - 1) / 2) {
    start -= 1;
  }
  while (
    end < characters.length &&
    total(widths.slice(characters.length - end - 1)) <= room - 1 - total(widths.slice(0, start))
  ) {
    end += 1;
  }
  const tail = characters.slice(characters.length - end).join('');
  return `${characters.slice(0, start).join('').trimEnd()}…${tail.trimStart()}`;
}

function total(widths: readonly number[]): number {
  return widths.reduce((sum, each) => sum + each, 0);
}

/** Capitals are a little wider than other letters. */
function width(character: string): number {
  return widthOfScript(character) ?? (/[\p{Lu}mwMW@%]/u.test(character) ? 1.3 : 1);
}

/** Marks take no room; ideographs, syllables of Hangul and pictures are about twice as wide. Undefined for letters. */
export function widthOfScript(character: string): number | undefined {
  if (/\p{M}/u.test(character)) {
    return 0;
  }
  return /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\u{1F300}-\u{3FFFD}]/u.test(
    character,
  )
    ? 2
    : undefined;
}
