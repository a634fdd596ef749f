import { isObject } from '../input/json';
import type { Side } from './resource';

export type Path = readonly (string | number)[];

/** An attribute as the plan shows it. */
export interface Attribute {
  readonly state: 'known' | 'unknown' | 'absent';
  readonly value: unknown;
  /** Marked by Terraform; may be compared, must not be printed. */
  readonly sensitive: boolean;
}

const ABSENT: Attribute = { state: 'absent', value: undefined, sensitive: false };

/** Reads an attribute, in step with the marks of what is unknown and what is sensitive. */
export function attribute(side: Side | undefined, path: Path): Attribute {
  if (side === undefined) {
    return ABSENT;
  }
  let { value, unknown, sensitive } = side;
  for (const step of path) {
    if (unknown === true) {
      break;
    }
    value = child(decoded(value), step);
    unknown = child(unknown, step);
    sensitive = sensitive === true ? true : child(sensitive, step);
  }
  if (unknown === true) {
    return { state: 'unknown', value: undefined, sensitive: sensitive === true };
  }
  if (value === undefined || value === null) {
    return { ...ABSENT, sensitive: sensitive === true };
  }
  return { state: 'known', value, sensitive: sensitive === true || containsTrue(sensitive) };
}

/** A text that is known; it may be sensitive and is then for comparison only. */
export function text(side: Side | undefined, ...path: Path): string | undefined {
  const { value } = attribute(side, path);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A text that may be printed. */
export function printable(side: Side | undefined, ...path: Path): string | undefined {
  const found = attribute(side, path);
  return typeof found.value === 'string' && found.value !== '' && !found.sensitive ? found.value : undefined;
}

export function flag(side: Side | undefined, ...path: Path): boolean | undefined {
  const { value } = attribute(side, path);
  return typeof value === 'boolean' ? value : undefined;
}

export function texts(side: Side | undefined, ...path: Path): readonly string[] | undefined {
  const { value } = attribute(side, path);
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : undefined;
}

/** The items of a list attribute, each as a side of its own so that its marks go with it. */
export function items(side: Side | undefined, ...path: Path): readonly Side[] {
  const { value, state } = attribute(side, path);
  if (state !== 'known' || !Array.isArray(value)) {
    return [];
  }
  return value.map((item, index) => ({
    value: item as unknown,
    unknown: descend(side?.unknown, [...path, index]),
    sensitive: descend(side?.sensitive, [...path, index]),
  }));
}

export function isUnknown(side: Side | undefined, ...path: Path): boolean {
  return attribute(side, path).state === 'unknown';
}

export function isSensitive(side: Side | undefined, ...path: Path): boolean {
  return attribute(side, path).sensitive;
}

/** A list of texts that may be printed. */
export function printableTexts(side: Side | undefined, ...path: Path): readonly string[] | undefined {
  return isSensitive(side, ...path) ? undefined : texts(side, ...path);
}

function descend(marks: unknown, path: Path): unknown {
  return path.reduce<unknown>((mark, step) => (mark === true ? true : child(mark, step)), marks);
}

function child(value: unknown, step: string | number): unknown {
  if (Array.isArray(value)) {
    return typeof step === 'number' ? (value[step] as unknown) : undefined;
  }
  return isObject(value) && Object.hasOwn(value, step) ? value[String(step)] : undefined;
}

/** azapi before 2.0 stores `body` and `output` as text. */
export function decoded(value: unknown): unknown {
  if (typeof value !== 'string' || !value.startsWith('{')) {
    return value;
  }
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

function containsTrue(marks: unknown): boolean {
  if (Array.isArray(marks)) {
    return marks.some(containsTrue);
  }
  return isObject(marks) ? Object.values(marks).some(containsTrue) : marks === true;
}
