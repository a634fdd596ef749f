import { say } from '../message';
import type { MessagePart } from '../model';
import { distinct, type Difference } from './difference';
import type { Effect, SectionName } from './flow';
import type { PolicyNode } from './reader';
import { revealsCredential, revealsState } from './reveals';
import { meets, valuesIn, type Cell } from './state';
import { identifies, opensOrigins, roleOf, whatItDoes } from './vocabulary';

const LOGS = /^(?:trace|log-to-eventhub|(?:.*-)?emit-(?:token-)?metric)$/;

/** Whether an answer gets something that it must not: in on-error a caller that was refused sees it. */
function reveals(name: SectionName, node: PolicyNode, hides: (value: string) => boolean): boolean {
  const values = valuesIn(node);
  return (
    values.some((value) => revealsCredential(value) || hides(value)) || (name === 'on-error' && revealsState(node))
  );
}

/** Those that are in one list more often than in the other. */
export function changed(before: readonly Effect[], after: readonly Effect[]): readonly Effect[] {
  const rest = [...before];
  const added = after.filter(({ id }) => {
    const index = rest.findIndex((effect) => effect.id === id);
    if (index >= 0) {
      rest.splice(index, 1);
    }
    return index < 0;
  });
  return [...rest, ...added];
}

export function compareEffects(
  name: SectionName,
  before: readonly Effect[],
  after: readonly Effect[],
  elsewhere: readonly Cell[],
  hides: (value: string) => boolean,
): Difference[] {
  return distinct(
    changed(before, after).flatMap((effect): Difference[] => {
      const { node, sets } = effect;
      const role = roleOf(node.name);
      const unknown = (about: Difference['about'], subject: string, says: readonly MessagePart[]): Difference[] => [
        { effect: 'unknown', about, subject: `${subject} ${name}`, says },
      ];
      if (role === 'reaches') {
        return unknown('backend', whatItDoes(node.name), say`${whatItDoes(node.name)} in another way than before`);
      }
      if (sets.some((cell) => elsewhere.some((read) => meets(cell, read)))) {
        return unknown('check', 'read elsewhere', say`changes something that a check in another place reads`);
      }
      const isNew = after.includes(effect);
      if (isNew && role === 'observes' && LOGS.test(node.name) && valuesIn(node).some(revealsCredential)) {
        return unknown('answer', 'log', say`writes to a log what may hold tokens or keys of callers`);
      }
      if (isNew && role === 'changes' && (name === 'outbound' || name === 'on-error') && reveals(name, node, hides)) {
        return unknown('answer', 'reveals', say`answers with what may hold a secret, or an answer to somebody else`);
      }
      if (node.name === 'set-query-parameter' && (name === 'inbound' || name === 'backend')) {
        const parameter = node.attributes.get('name') ?? '';
        if (identifies(parameter) || /^(?:code|sig|sv)$/i.test(parameter)) {
          return unknown('backend', 'identity', say`changes by what the backend may know the caller`);
        }
      }
      if (node.name === 'set-header') {
        const header = node.attributes.get('name') ?? '';
        if ((name === 'inbound' || name === 'backend') && identifies(header)) {
          return unknown('backend', 'identity', say`changes a header by which the backend may know the caller`);
        }
        if ((name === 'outbound' || name === 'on-error') && opensOrigins(header)) {
          return unknown(
            'origins',
            'headers',
            say`changes a header that tells browsers which pages may read the answer`,
          );
        }
      }
      return [];
    }),
  );
}

/** What is done before checks that came before it. */
export function compareOrder(name: SectionName, before: readonly Effect[], after: readonly Effect[]): Difference[] {
  const moved = after.some(
    ({ node, id, checks }) =>
      roleOf(node.name) === 'reaches' && before.some((former) => former.id === id && former.checks > checks),
  );
  return moved
    ? [
        {
          effect: 'unknown',
          about: 'backend',
          subject: `order ${name}`,
          says: say`does for all requests what it did only after its checks passed`,
        },
      ]
    : [];
}
