import { isObject } from '../input/json';
import type { AttributeChange } from '../kinds/row';
import { decoded } from '../plan/attributes';
import type { Resource } from '../plan/resource';

/** Nothing below this is distinguished: such a value counts as one. */
const MAX_DEPTH = 12;

/**
 * The attributes that a plan changes of an object, each by its path. Positions in lists are left out of
 * paths; lists are compared as wholes. An attribute that is unknown until apply counts as changed, unless
 * nobody sets it: then Azure answers it.
 */
export function changedAttributes(resource: Resource, isSet: (attribute: string) => boolean): AttributeChange[] {
  const { before, after } = resource;
  const found: AttributeChange[] = [];
  const stays = before !== undefined && after !== undefined;
  const tell = (path: string, old: unknown, fresh: unknown, unknown: boolean): void => {
    found.push({ path, before: old, after: fresh, unknown, stays, object: after?.value });
  };
  const visit = (path: string, old: unknown, fresh: unknown, unknown: unknown, depth: number): void => {
    if (unknown === true) {
      tell(path, old, undefined, true);
      return;
    }
    const [one, other] = [decoded(old), decoded(fresh)];
    const nested = depth < MAX_DEPTH && [one, other].every((value) => isObject(value) || isEmpty(value));
    if (nested && (isObject(one) || isObject(other) || isObject(unknown))) {
      for (const name of namesOf(one, other, unknown)) {
        visit(path === '' ? name : `${path}.${name}`, at(one, name), at(other, name), at(unknown, name), depth + 1);
      }
      return;
    }
    if (holdsTrue(unknown)) {
      tell(path, old, undefined, true);
    } else if (!isSame(one, other) || (stays && isWritten(path) && isAbsent(one) !== isAbsent(other))) {
      tell(path, old, fresh, false);
    }
  };
  visit('', before?.value, after?.value, after?.unknown, 0);
  return found.filter(({ path, unknown }) => !unknown || isSet(path.split('.')[0] ?? path));
}

function namesOf(...values: readonly unknown[]): readonly string[] {
  return [...new Set(values.flatMap((value) => (isObject(value) ? Object.keys(value) : [])))].sort();
}

function at(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** Providers write what is not given as null, as an empty text or as an empty list, as it comes. */
function isEmpty(value: unknown): boolean {
  return (
    value === undefined ||
    value === null ||
    value === '' ||
    (Array.isArray(value) && value.length === 0) ||
    (isObject(value) && Object.values(value).every(isEmpty))
  );
}

/** The body of azapi is sent as it is written: there an empty list is not the same as none. */
function isWritten(path: string): boolean {
  return path.startsWith('body.');
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

function isSame(one: unknown, other: unknown): boolean {
  if (isEmpty(one) && isEmpty(other)) {
    return true;
  }
  return typeof one === 'object' && typeof other === 'object' ? canonical(one) === canonical(other) : one === other;
}

/** The same text for the same value, in whatever order an object has its names. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    isObject(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  );
}

function holdsTrue(marks: unknown): boolean {
  if (marks === true) {
    return true;
  }
  return Array.isArray(marks) ? marks.some(holdsTrue) : isObject(marks) && Object.values(marks).some(holdsTrue);
}
