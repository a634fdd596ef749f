import { kindOf, type Kind } from '../plan/kinds';
import type { Resource } from '../plan/resource';
import {
  applicationAlias,
  armAlias,
  armKeyOf,
  principalAliases,
  productApplications,
  SIDES,
  type ReferencesOf,
} from './aliases';

/** Who says best what an id identifies: an application itself before its service principal or its product. */
const TIERS: readonly (readonly Kind[])[] = [
  ['instance', 'client application', 'application', 'identity', 'product'],
  ['service principal'],
];

/**
 * Which stack an id belongs to. Environments may be copies of each other, with the same ids: what two
 * stacks manage under one id is two things, while what one stack manages and another one only names
 * is the same thing.
 */
export class Ownership {
  private readonly owners = new Map<string, Set<string>>();

  constructor(resources: readonly Resource[], referencesOf: ReferencesOf) {
    const claims = TIERS.map((kinds) =>
      resources
        .filter((resource) => resource.mode === 'managed' && kinds.includes(kindOf(resource) ?? 'resource action'))
        .flatMap((resource) => namesOf(resource, referencesOf).map((name) => ({ name, stack: resource.stack }))),
    );
    const registered = resources
      .filter((resource) => resource.mode === 'managed' && kindOf(resource) === 'product')
      .flatMap((resource) =>
        SIDES.flatMap((side) => productApplications(resource, side).map(applicationAlias)).map((name) => ({
          name,
          stack: resource.stack,
        })),
      );
    [...claims, registered].forEach((tier) => this.decide(tier));
    // what a stack reads of a thing that it has itself is about its own, by whichever of the thing's ids
    this.decide(
      resources
        .filter(({ mode }) => mode === 'data')
        .map((resource) => ({ stack: resource.stack, names: namesOf(resource, referencesOf) }))
        .filter(({ stack, names }) => names.some((name) => this.owners.get(name)?.has(stack) === true))
        .flatMap(({ stack, names }) => names.map((name) => ({ name, stack }))),
    );
  }

  /** Of names that nobody has yet. */
  private decide(tier: readonly { readonly name: string; readonly stack: string }[]): void {
    const decided = new Set(this.owners.keys());
    for (const { name, stack } of tier.filter((claim) => !decided.has(claim.name))) {
      const found = this.owners.get(name) ?? new Set();
      this.owners.set(name, found.add(stack));
    }
  }

  /** The name of a thing that is meant by an id in a stack: its own, else the one of the only stack that has it. */
  scoped(name: string, stack: string): string {
    const owners = this.owners.get(name);
    if (owners === undefined) {
      return name;
    }
    const [only] = owners;
    return owners.has(stack) ? `${name} of ${stack}` : owners.size === 1 ? `${name} of ${only ?? ''}` : name;
  }
}

function namesOf(resource: Resource, referencesOf: ReferencesOf): readonly string[] {
  return SIDES.filter((side) => resource[side] !== undefined).flatMap((side) => {
    const key = armKeyOf(resource, side, referencesOf);
    return [...principalAliases(resource, side), ...(key === undefined ? [] : [armAlias(key)])];
  });
}
