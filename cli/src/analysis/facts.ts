import { SIDES, type SideName } from '../entities/aliases';
import type { Concern } from '../kinds/row';
import { isDestroyed, type Resource } from '../plan/resource';
import type { Context } from './context';

/** Something that a resource causes on one side of the change, such as that a client has a product. */
export interface Fact {
  readonly resource: Resource;
  readonly side: SideName;
}

/** What happens to something that one or several resources cause. */
export type FactChange = 'gained' | 'lost' | 'interrupted' | 'kept' | 'imported' | 'unchanged';

export interface FactGroup<F extends Fact> {
  readonly before: readonly F[];
  readonly after: readonly F[];
}

/** Puts facts with the same effect together, in the order in which they come. */
export function groupFacts<F extends Fact>(
  facts: readonly F[],
  keyOf: (fact: F) => string,
): ReadonlyMap<string, FactGroup<F>> {
  const groups = new Map<string, { before: F[]; after: F[] }>();
  for (const fact of facts) {
    const key = keyOf(fact);
    let group = groups.get(key);
    if (group === undefined) {
      group = { before: [], after: [] };
      groups.set(key, group);
    }
    group[fact.side].push(fact);
  }
  return groups;
}

/**
 * What happens to a thing, seen from all resources that bring it about: it is lost only when the last
 * of them is removed, and gained only when there was none.
 */
export function changeOf<F extends Fact>({ before, after }: FactGroup<F>): FactChange {
  const left = before.filter(({ resource }) => !isDestroyed(resource));
  if (before.length === 0) {
    return 'gained';
  }
  if (after.length === 0 && left.length === 0) {
    return 'lost';
  }
  const survivors = left.filter(
    ({ resource }) => forgets(resource) || after.some((fact) => fact.resource === resource),
  );
  if (survivors.length === 0) {
    return after.length === 0 ? 'lost' : 'interrupted';
  }
  const managed = after.filter(({ resource }) => resource.action !== 'forget');
  if (managed.length === 0) {
    return 'kept';
  }
  return managed.every(({ resource }) => resource.importing) ? 'imported' : 'unchanged';
}

/** A resource is judged where it brings something about on every side on which it exists. */
export function markFacts(context: Context, facts: readonly Fact[], concern: Concern): void {
  const told = new Map<Resource, Set<SideName>>();
  for (const { resource, side } of facts) {
    const sides = told.get(resource);
    if (sides === undefined) {
      told.set(resource, new Set([side]));
    } else {
      sides.add(side);
    }
  }
  for (const [resource, sides] of told) {
    if (SIDES.every((side) => resource[side] === undefined || sides.has(side))) {
      context.judged.mark(resource, concern);
    }
  }
}

function forgets(resource: Resource): boolean {
  return resource.action === 'forget' || resource.leavesFormer;
}

/** The resource at which a change of a group is best seen: the one that is touched. */
export function placeOf<F extends Fact>({ before, after }: FactGroup<F>): Resource {
  const all = [...after, ...before].map(({ resource }) => resource);
  const found = all.find(({ action, importing }) => (action !== 'no-op' && action !== 'read') || importing) ?? all[0];
  if (found === undefined) {
    throw new Error('a group of facts is never empty');
  }
  return found;
}
