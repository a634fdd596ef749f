import { UserError } from '../user-error';

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A property of an object, and undefined of anything else; never one that JavaScript's own prototype has. */
export function property(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** Like `property`, with an empty list for what is not a list. */
export function list(value: unknown, name: string): readonly unknown[] {
  const found = property(value, name);
  return Array.isArray(found) ? found : [];
}

/**
 * Parses JSON. The engine's own messages quote the text, which may contain secrets, so only the place
 * of a mistake is reported.
 */
export function parseJson(text: string, file: string, remedy = 'give the output of terraform show -json'): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    const position = Number(/position (\d+)/.exec(message)?.[1] ?? Number.NaN);
    if (/^Unexpected end|^Unterminated/.test(message) || position >= text.length) {
      throw new UserError([`${file}: the JSON breaks off after ${text.length} characters; make the file again`]);
    }
    const where = Number.isNaN(position) ? '' : ` at character ${position + 1}`;
    throw new UserError([`${file}: this is not valid JSON${where}; ${remedy}`]);
  }
}
