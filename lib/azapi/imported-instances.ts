import { expressionOf } from '../terraform/expression';

/**
 * An argument of a resource with `for_each` that instances taken over go without: an import knows nothing of it, and the
 * provider would plan a change. By index, since a conditional would give its null the type of the other side, which is
 * not the same to the provider as no value.
 */
export function besidesImported(keys: readonly string[], value: unknown): unknown {
  const code = typeof value === 'string' ? /^\$\{([\w.]+)\}$/.exec(value)?.[1] : undefined;
  if (code !== undefined) {
    return `\${[null, ${code}][contains(${JSON.stringify(keys)}, each.key) ? 0 : 1]}`;
  }
  return expressionOf`[null, ${value}][contains(${[...keys]}, each.key) ? 0 : 1]`;
}
