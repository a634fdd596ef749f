import { isObject } from '../input/json';
import type { AttributeChange } from './row';

/**
 * Whether sign-in to an application sends tokens to no more places than before: a page at a redirect URI gets tokens
 * in the name of users, and so does a page to which the browser hands them without a code.
 */
export function sendsTokensNowhereElse({ before, after, unknown }: AttributeChange): boolean {
  const former = new Set(placesIn('', before));
  return !unknown && placesIn('', after).every((place) => former.has(place));
}

function placesIn(name: string, value: unknown): readonly string[] {
  if (Array.isArray(value)) {
    return value.flatMap((item) => placesIn(name, item));
  }
  if (isObject(value)) {
    return Object.entries(value).flatMap(([inner, item]) => placesIn(inner, item));
  }
  return (name === 'redirect_uris' && typeof value === 'string') || value === true ? [`${name} ${String(value)}`] : [];
}
