import type { MessagePart } from '../model';

/**
 * Text from a plan as code: nothing in it is markup, and neither GitHub nor Azure DevOps makes a
 * mention, an issue or a link of it.
 */
export function code(text: string): string {
  if (text === '') {
    return '–';
  }
  // a code span cannot contain these in every renderer's table
  return /[`|\\]/.test(text) ? `<code>${entities(text)}</code>` : `\`${text}\``;
}

/** A sentence, with what comes from a plan as code. */
export function sentence(parts: readonly MessagePart[]): string {
  return parts.map(({ text, name }) => (name === true ? code(text) : wording(text))).join('');
}

/** Free text of people who are trusted, such as the reason of an acknowledgement; still no markup. */
export function freeText(text: string): string {
  const harmless: { [character: string]: string } = { '@': '@\u2060', '#': '&#35;\u2060' };
  return [...text].map((character) => harmless[character] ?? entities(character)).join('');
}

/** The tool's own words contain at most angle brackets and underscores that mean nothing. */
function wording(text: string): string {
  return text.replace(/[<>|_*]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function entities(text: string): string {
  return text.replace(/[^\p{L}\p{N} .,:;()/=+\-@#]/gu, (character) => `&#${character.codePointAt(0) ?? 0};`);
}
