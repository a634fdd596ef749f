import type { MessagePart } from './model';

const MAX_NAME = 200;

/**
 * Text from a plan, fit for one line: without control characters and without the invisible ones that
 * can turn a line around, and clipped.
 */
export function clean(text: string): string {
  const line = text
    .replace(/\p{Cs}/gu, '\uFFFD')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/\p{Cf}/gu, '')
    .trim();
  const characters = [...line];
  return characters.length > MAX_NAME ? `${characters.slice(0, MAX_NAME - 1).join('')}…` : line;
}

/** Marks text as coming from a plan. */
export function name(text: string): MessagePart {
  return { text: clean(text), name: true };
}

type Value = string | number | MessagePart | readonly MessagePart[];

/** A sentence: the text of the template is the tool's own wording, so is an interpolated string. */
export function say(wording: TemplateStringsArray, ...inserted: readonly Value[]): readonly MessagePart[] {
  const parts: MessagePart[] = [];
  const add = (value: Value | undefined): void => {
    if (value === undefined || value === '') {
      return;
    }
    if (Array.isArray(value)) {
      value.forEach(add);
      return;
    }
    const part = typeof value === 'object' ? (value as MessagePart) : { text: String(value) };
    const last = parts.at(-1);
    if (last !== undefined && last.name === undefined && part.name === undefined) {
      parts[parts.length - 1] = { text: last.text + part.text };
    } else {
      parts.push(part);
    }
  };
  wording.forEach((text, index) => {
    add(text);
    add(inserted[index]);
  });
  return parts;
}

export function plain(parts: readonly MessagePart[]): string {
  return parts.map(({ text }) => text).join('');
}

const LISTED = 8;

/** `a, b and c`; of many, the first few and how many more there are. */
export function listed(names: readonly string[]): readonly MessagePart[] {
  const shown = names.length > LISTED + 1 ? names.slice(0, LISTED) : names;
  const rest = names.length - shown.length;
  const items = shown.map(name);
  return items.flatMap((item, index) => {
    const last = index === items.length - 1;
    const separator = index === 0 ? '' : last && rest === 0 ? ' and ' : ', ';
    const tail = last && rest > 0 ? [{ text: ` and ${rest} more` }] : [];
    return [...(separator === '' ? [] : [{ text: separator }]), item, ...tail];
  });
}

export function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
