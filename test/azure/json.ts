/** A JSON object as it comes from and goes to clients: of any depth, read by those who know its shape. */
export interface JsonObject {
  [name: string]: any;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A deep copy, so that nobody changes what is stored by changing what was sent or answered. */
export function copy<T>(value: T): T {
  return value === undefined ? value : (structuredClone(value) as T);
}

/** JSON merge patch, except that null is kept: Azure's services store it. */
export function merge(target: JsonObject, patch: JsonObject): JsonObject {
  const result = copy(target);
  for (const [name, value] of Object.entries(patch)) {
    result[name] = isObject(value) && isObject(result[name]) ? merge(result[name], value) : copy(value);
  }
  return result;
}

/** The object without the properties that are undefined. */
export function defined(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}
