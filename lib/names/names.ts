import { createHash } from 'node:crypto';

/** A name for Azure made from what a person reads: lower case, words joined by dashes, accents dropped. */
export function slug(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}

/** The name in the form of Entra's role values, which contain no blanks. */
export function withoutBlanks(text: string): string {
  return text.replace(/\s+/g, '');
}

/** `length` characters of 0–9 and a–f that are the same for the same parts, in this order, on every machine. */
export function digest(length: number, ...parts: string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, length);
}
