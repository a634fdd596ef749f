import { say } from '../message';
import type { MessagePart } from '../model';
import type { Difference } from './difference';
import type { CheckFamily } from './flow';
import type { PolicyNode } from './reader';

/** Represents a value in a policy that is unknown until apply. */
export const UNKNOWN_TEXT = 'unknown-until-apply';

export function about(family: CheckFamily): 'validation' | 'check' {
  return family === 'token' ? 'validation' : 'check';
}

/** What a check is, for a sentence. */
export function what(family: CheckFamily): string {
  return {
    token: 'the validation of tokens',
    certificate: 'the validation of client certificates',
    addresses: 'the filter of addresses',
    header: 'the check of a header',
    content: 'the validation of messages',
  }[family];
}

/** Lets in more, or less, by one property of a check. */
export type Say = (
  effect: Difference['effect'],
  subject: string,
  says: readonly MessagePart[],
  more?: Partial<Difference>,
) => Difference;

export const sayOf =
  (family: CheckFamily): Say =>
  (effect, subject, says, more = {}) => ({ effect, about: about(family), subject, says, ...more });

/** A switch that is on unless it is said to be off; what is computed may be either. */
export function compareFlag(
  before: PolicyNode,
  after: PolicyNode,
  attribute: string,
  strictWhen: boolean,
  tell: Say,
  lets: string,
): readonly Difference[] {
  const [former, latter] = [flagOf(before, attribute, strictWhen), flagOf(after, attribute, strictWhen)];
  if (former === latter) {
    return [];
  }
  if (latter === strictWhen) {
    return [tell('tighter', attribute, say`no longer accepts ${lets}`)];
  }
  return former === strictWhen && typeof latter === 'boolean'
    ? [tell('looser', attribute, say`accepts ${lets}`)]
    : [tell('unknown', attribute, say`may accept ${lets}: that is computed`)];
}

function flagOf(node: PolicyNode, attribute: string, preset: boolean): boolean | string {
  const value = node.attributes.get(attribute)?.trim();
  return value === undefined ? preset : /^true$/i.test(value) ? true : /^false$/i.test(value) ? false : value;
}

/** A list of which any one is enough; without it, everything is. */
export function compareAnyOf(
  former: readonly string[],
  latter: readonly string[],
  subject: string,
  tell: Say,
  words: Readonly<Record<'any' | 'some' | 'added' | 'removed', string>>,
): readonly Difference[] {
  if (former.length > 0 && latter.length === 0) {
    return [tell('looser', subject, say`${words.any}`)];
  }
  if (former.length === 0 && latter.length > 0) {
    return [tell('tighter', subject, say`${words.some}`)];
  }
  return [
    ...(latter.some((value) => !former.includes(value))
      ? [tell('looser', `${subject} added`, say`${words.added}`)]
      : []),
    ...(former.some((value) => !latter.includes(value))
      ? [tell('tighter', `${subject} removed`, say`${words.removed}`)]
      : []),
  ];
}

/** The texts of a group's items. */
export function textsIn(node: PolicyNode, group: string, item: string): readonly string[] {
  return node.children
    .filter((child) => child.name === group)
    .flatMap(({ children }) => children)
    .filter((child) => child.name === item)
    .map(({ text }) => text);
}
