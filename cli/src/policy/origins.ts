import { say } from '../message';
import type { MessagePart } from '../model';
import type { Difference } from './difference';
import { changed } from './effects';
import type { Effect, SectionName } from './flow';
import { textsIn } from './properties';
import type { PolicyNode } from './reader';
import { roleOf } from './vocabulary';

export function compareOrigins(name: SectionName, before: readonly Effect[], after: readonly Effect[]): Difference[] {
  // an answer is wrapped on its way out; everything else that decides it comes first
  const decides = (element: string): boolean =>
    roleOf(element) === 'origins' && (name === 'inbound' || element === 'jsonp');
  const [former, latter] = [before, after].map((effects) => effects.filter(({ node }) => decides(node.name)));
  if (former === undefined || latter === undefined || changed(former, latter).length === 0) {
    return [];
  }
  const tell = (effect: Difference['effect'], says: readonly MessagePart[]): Difference[] => [
    { effect, about: 'origins', subject: name === 'inbound' ? `origins ${effect}` : `origins ${effect} ${name}`, says },
  ];
  const [old, fresh] = [former[0], latter[0]];
  if (fresh === undefined) {
    return tell('tighter', say`lets no page of another origin read answers any more`);
  }
  if (old === undefined && latter.length === 1) {
    return tell('looser', say`lets pages of other origins read answers`);
  }
  if (
    old === undefined ||
    former.length > 1 ||
    latter.length > 1 ||
    [old, fresh].some(({ node }) => node.name !== 'cors') ||
    old.when !== fresh.when
  ) {
    return tell('unknown', say`decides in another way which pages of other origins may read answers`);
  }
  return compareCors(old.node, fresh.node, tell);
}

const CORS_LISTS: readonly (readonly [group: string, item: string])[] = [
  ['allowed-origins', 'origin'],
  ['allowed-methods', 'method'],
  ['allowed-headers', 'header'],
  ['expose-headers', 'header'],
];

function compareCors(
  before: PolicyNode,
  after: PolicyNode,
  tell: (effect: Difference['effect'], says: readonly MessagePart[]) => Difference[],
): Difference[] {
  const lists = (node: PolicyNode): readonly string[] =>
    CORS_LISTS.flatMap(([group, item]) => textsIn(node, group, item).map((text) => `${group} ${text.toLowerCase()}`));
  const credentials = (node: PolicyNode): boolean =>
    !/^(?:|false)$/i.test(node.attributes.get('allow-credentials') ?? '');
  const [old, fresh] = [lists(before), lists(after)];
  const looser = fresh.some((entry) => !old.includes(entry)) || (credentials(after) && !credentials(before));
  const any = (entry: string): boolean => fresh.includes(`${entry.split(' ')[0] ?? ''} *`);
  const tighter =
    old.some((entry) => !fresh.includes(entry) && !any(entry)) || (credentials(before) && !credentials(after));
  if (!looser && !tighter && rest(before) === rest(after)) {
    return [];
  }
  return [
    ...(looser || !tighter
      ? tell(looser ? 'looser' : 'unknown', say`lets more pages of other origins read answers, or read more of them`)
      : []),
    ...(tighter ? tell('tighter', say`lets fewer pages of other origins read answers, or read less of them`) : []),
  ];
}

/** What of it does not say who may read what: how long a browser keeps the answer to its question. */
function rest(node: PolicyNode): string {
  return [...node.attributes]
    .filter(([key]) => key !== 'allow-credentials')
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join();
}
