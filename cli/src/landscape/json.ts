import { isObject, property, type JsonObject } from '../input/json';

/** A text of an answer; undefined for anything else and for the empty text. */
export function text(value: unknown, name: string): string | undefined {
  const found = property(value, name);
  return typeof found === 'string' && found !== '' ? found : undefined;
}

/** A text that every answer has; empty where this one has none. */
export function given(value: unknown, name: string): string {
  return text(value, name) ?? '';
}

export function object(value: unknown, name: string): JsonObject {
  const found = property(value, name);
  return isObject(found) ? found : {};
}

export function strings(value: unknown, name: string): readonly string[] {
  const found = property(value, name);
  return Array.isArray(found) ? found.filter((item) => typeof item === 'string') : [];
}
