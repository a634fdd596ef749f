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

/**
 * The id of a construct, kept as V8 keeps names of properties, which it becomes one of. cdktf joins ids to names in
 * Terraform; of an id that was put together while the program runs V8 joins a name of two bytes for each character, and
 * one such name makes the whole document take twice the memory.
 */
export function constructId(id: string): string {
  if (typeof id !== 'string') {
    return id;
  }
  // Without a prototype V8 takes it for a dictionary, and makes no class of objects for each name.
  const names = Object.create(null);
  names[id] = true;
  return Object.keys(names)[0];
}

/** The name as it stands in Entra's role values, which hold no blanks. */
export function withoutBlanks(text: string): string {
  return text.replace(/\s+/g, '');
}

/** `length` characters of 0–9 and a–f that are the same for the same parts, in this order, on every machine. */
export function digest(length: number, ...parts: string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, length);
}
