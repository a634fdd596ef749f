import { isObject } from '../input/json';
import { identifies } from '../policy/vocabulary';
import type { AttributeChange } from './row';

/**
 * Whether a diagnostic keeps nothing by which somebody could call: headers that contain tokens and keys are not written
 * to a log, and nothing that was masked before is shown.
 */
export function logsNoCredential({ path, before, after, unknown }: AttributeChange): boolean {
  if (unknown) {
    return false;
  }
  const former = new Set(headersIn(path, before));
  const added = headersIn(path, after).filter((header) => !former.has(header));
  const masks = masksIn(path, before);
  return !added.some((header) => identifies(header)) && (masks === undefined || masks === masksIn(path, after));
}

function headersIn(path: string, value: unknown): readonly string[] {
  if (Array.isArray(value)) {
    const isList = /(?:^|\.)headers(?:_to_log)?$/.test(path) && !/mask/i.test(path);
    return value.flatMap((item) =>
      typeof item === 'string' ? (isList ? [item.toLowerCase()] : []) : headersIn(path, item),
    );
  }
  return isObject(value) ? Object.entries(value).flatMap(([name, inner]) => headersIn(`${path}.${name}`, inner)) : [];
}

/** What is masked, for comparison only; undefined where nothing is. */
function masksIn(path: string, value: unknown): string | undefined {
  if (/mask/i.test(path)) {
    const text = JSON.stringify(value ?? null);
    return /[a-z\d]/i.test(text.replace('null', '')) ? text : undefined;
  }
  const inner = Array.isArray(value)
    ? value.map((item) => masksIn(path, item))
    : isObject(value)
      ? Object.entries(value).map(([name, item]) => masksIn(`${path}.${name}`, item))
      : [];
  const found = inner.filter((masked) => masked !== undefined);
  return found.length === 0 ? undefined : found.join('\n');
}
