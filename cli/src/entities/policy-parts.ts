import type { Kind } from '../plan/kinds';
import type { Resource } from '../plan/resource';
import { SIDES, type SideName } from './aliases';
import { inForceAfter, inForceBefore, type InForce, type Same } from './in-force';
import { instanceOf } from './policy-places';
import type { World } from './world';

/** Fragments or named values of the plans, by the name by which policies use them. */
export class Parts {
  private readonly found = new Map<string, Record<SideName, InForce>>();

  constructor(
    world: World,
    kind: Kind,
    nameOf: (resource: Resource, side: SideName) => string | undefined,
    isWriter: (block: Resource) => boolean,
    same: Same,
  ) {
    const blocks = new Map<string, Record<SideName, Resource[]>>();
    for (const resource of world.managed(kind)) {
      for (const side of SIDES) {
        const name = resource[side] === undefined ? undefined : nameOf(resource, side);
        if (name !== undefined) {
          const key = partKey(instanceOf(world, resource, side), name);
          const sides = blocks.get(key) ?? { before: [], after: [] };
          sides[side].push(resource);
          blocks.set(key, sides);
        }
      }
    }
    for (const [key, { before, after }] of blocks) {
      this.found.set(key, { before: inForceBefore(before, same), after: inForceAfter(before, after, isWriter, same) });
    }
  }

  /** Undefined where no plan shows it, or it does not exist; `several` where blocks say different things of it. */
  find(instance: string, name: string, side: SideName): Exclude<InForce, 'none'> | undefined {
    const found = this.found.get(partKey(instance, name))?.[side];
    return found === 'none' ? undefined : found;
  }
}

function partKey(instance: string, name: string): string {
  return `${instance} ${name.toLowerCase()}`;
}
