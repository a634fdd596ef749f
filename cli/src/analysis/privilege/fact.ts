import { only, principalsOf, unknownAlias, type SideName } from '../../entities/aliases';
import type { PrivilegeFinding } from '../../model';
import { attribute, isUnknown, text } from '../../plan/attributes';
import { kindOf, type Kind } from '../../plan/kinds';
import type { Resource } from '../../plan/resource';
import type { Context } from '../context';
import type { Fact } from '../facts';
import { objectOf } from '../grants';

export type PrivilegeKind = PrivilegeFinding['privilegeKind'];

/** A step towards a token: anyone who has the privilege can act on or as something else. */
export interface Step {
  /** As BloodHound calls it. */
  readonly edge: string;
  readonly target: string;
}

export interface PrivilegeFact extends Fact {
  readonly kind: PrivilegeKind;
  readonly principal: string;
  /** Where the principal is nobody that the plan names, such as all holders of a role. */
  readonly principalName?: string;
  /** Distinguishes privileges, also those whose name is unknown. */
  readonly id: string;
  readonly privilege: string;
  /** Completes "it may ..."; a name from a plan is not in it. */
  readonly allows: string;
  readonly tenantWide: boolean;
  /** `none`: gives no access of itself. */
  readonly bearing?: 'none';
  /** Part of the creation or the end of its subject, and reported with that. */
  readonly quiet?: boolean;
  readonly steps?: readonly Step[];
}

export function present(context: Context, side: SideName, ...kinds: readonly Kind[]): readonly Resource[] {
  return context.world.managed(...kinds).filter((resource) => resource[side] !== undefined);
}

/** The first of several names of an attribute that the resource sets. */
export function setPath(resource: Resource, side: SideName, names: readonly string[]): string | undefined {
  return names.find((path) => isUnknown(resource[side], path) || text(resource[side], path) !== undefined);
}

/**
 * Everybody in a set of object ids. If a part of it is unknown, everybody whom its expression refers to is
 * in it, and everybody who was in it before: nobody is reported to leave an unknown set.
 */
export function membersOf(
  context: Context,
  resource: Resource,
  side: SideName,
  path: string,
  alias: (value: string) => string | undefined = objectOf,
): readonly string[] {
  const { world } = context;
  const known = (found: SideName): string[] => {
    const { value } = attribute(resource[found], [path]);
    const ids = (Array.isArray(value) ? value : []).filter((id): id is string => typeof id === 'string');
    return ids
      .map(alias)
      .filter((id) => id !== undefined)
      .map((id) => world.key(id, resource.stack));
  };
  if (!isPartlyUnknown(resource, side, path)) {
    return known(side);
  }
  const references = world.referencesOf(resource);
  if (!references.isSet(resource, path)) {
    // computed by the service: nothing was asked for
    return resource.before === undefined ? [] : known('before');
  }
  const { aliases, open } = principalsOf(references.resolve(resource, [path]), world.referencesOf);
  const resolved = aliases.map((found) => world.key(found, resource.stack));
  const unresolved = open || resolved.length === 0;
  return [
    ...new Set([
      ...known(side),
      ...known('before'),
      ...resolved,
      ...(unresolved ? [world.key(unknownAlias(resource, path), resource.stack)] : []),
    ]),
  ];
}

function isPartlyUnknown(resource: Resource, side: SideName, path: string): boolean {
  const marks = (resource[side]?.unknown as Record<string, unknown> | undefined)?.[path];
  return marks === true || (Array.isArray(marks) && marks.includes(true));
}

/** What an attribute means by its id, or by the resource that its expression refers to. */
export function objectNamed(
  context: Context,
  resource: Resource,
  side: SideName,
  path: readonly string[],
  alias: (value: string) => string | undefined,
  kinds: readonly (Kind | undefined)[],
): string {
  const { world } = context;
  const value = text(resource[side], ...path);
  const known = value === undefined ? undefined : alias(value);
  if (known !== undefined) {
    return world.key(known, resource.stack);
  }
  const { targets, open } = world.referencesOf(resource).resolve(resource, path);
  const found = only(
    targets.map((target) => (kinds.includes(kindOf(target.resource)) ? world.keyOf(target.resource) : undefined)),
  );
  return (
    (open || !isUnknown(resource[side], ...path) ? undefined : found) ??
    world.key(unknownAlias(resource, path.join('.')), resource.stack)
  );
}
