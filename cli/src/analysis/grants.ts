import { armAlias, armKey, isUnknownAlias, objectAlias, SIDES, type SideName } from '../entities/aliases';
import { GRAPH, type World } from '../entities/world';
import { GRAPH_PERMISSIONS } from '../facts/graph-permissions';
import type { Means } from '../model';
import { guid } from '../plan/arm';
import { attribute, items, printable, text } from '../plan/attributes';
import { parseReference } from '../plan/address';
import { armTypeOf, kindOf } from '../plan/kinds';
import type { Resource } from '../plan/resource';
import type { Fact } from './facts';

/** That a client has a product, or an app role of some other registration. */
export interface GrantFact extends Fact {
  readonly client: string;
  /** A product's key, or the registration's where it belongs to no product that the plans name. */
  readonly product: string;
  readonly means: Means;
  /** The app role's value. */
  readonly role?: string;
  /** The app role's id, where it is known. */
  readonly roleId?: string;
}

/** All grants of all plans, before and after. */
export function grantsOf(world: World): readonly GrantFact[] {
  const facts = SIDES.flatMap((side) => [
    ...present(world.managed('product link'), side).map((resource) => productLink(world, resource, side)),
    ...present(world.managed('role assignment'), side)
      .filter((resource) => !isGraphAssignment(world, resource, side))
      .map((resource) => roleAssignment(world, resource, side)),
    ...present(world.managed('subscription'), side).flatMap((resource) => subscription(world, resource, side)),
  ]);
  return withRoles(facts);
}

/**
 * An assignment that is replaced may tell its role by id before and by name after: unless both sides
 * tell the same thing differently, it is the same role.
 */
function withRoles(facts: readonly GrantFact[]): readonly GrantFact[] {
  const sides = new Map<Resource, GrantFact[]>();
  for (const fact of facts) {
    sides.set(fact.resource, [...(sides.get(fact.resource) ?? []), fact]);
  }
  return facts.map((fact) => {
    if (fact.means !== 'app role assignment' || fact.role !== undefined) {
      return fact;
    }
    const twin = sides.get(fact.resource)?.find((other) => other !== fact && other.role !== undefined);
    const contradicts = twin?.roleId !== undefined && fact.roleId !== undefined && twin.roleId !== fact.roleId;
    return twin?.role === undefined || contradicts ? fact : { ...fact, role: twin.role };
  });
}

/** Whether an app role assignment is on Microsoft Graph: a privilege, and no access to a product. */
export function isGraphAssignment(world: World, resource: Resource, side: SideName): boolean {
  const owner = world.principal(resource, side, 'resource_object_id', objectOf);
  const isGraph = world
    .resourcesOf(owner)
    .some((found) => [found.before, found.after].some((attributes) => text(attributes, 'client_id') === GRAPH));
  const role = guid(text(resource[side], 'app_role_id')) ?? '';
  return (
    isGraph ||
    text(resource[side], 'resource_display_name') === 'Microsoft Graph' ||
    Object.hasOwn(GRAPH_PERMISSIONS, role)
  );
}

export function objectOf(value: string): string | undefined {
  const id = guid(value);
  return id === undefined ? undefined : objectAlias(id);
}

function present(resources: readonly Resource[], side: SideName): readonly Resource[] {
  return resources.filter((resource) => resource[side] !== undefined);
}

function productLink(world: World, resource: Resource, side: SideName): GrantFact {
  return {
    resource,
    side,
    client: world.principal(resource, side, 'parent_id', armOf),
    product: world.product(resource, side, ['body', 'properties', 'productId']),
    means: 'product link',
  };
}

function armOf(value: string): string | undefined {
  const key = armKey(value);
  return key === undefined ? undefined : armAlias(key);
}

function roleAssignment(world: World, resource: Resource, side: SideName): GrantFact {
  const registration = world.principal(resource, side, 'resource_object_id', objectOf);
  const role = roleName(world, resource, side, registration);
  const roleId = guid(text(resource[side], 'app_role_id'));
  return {
    resource,
    side,
    client: world.principal(resource, side, 'principal_object_id', objectOf),
    product: world.productOfRegistration(registration) ?? registration,
    means: 'app role assignment',
    ...(role === undefined ? {} : { role }),
    ...(roleId === undefined ? {} : { roleId }),
  };
}

/** The value of the app role that an assignment gives, from whatever names it. */
export function roleName(world: World, resource: Resource, side: SideName, registration: string): string | undefined {
  const { state, value, sensitive } = attribute(resource[side], ['app_role_id']);
  if (sensitive) {
    return undefined;
  }
  if (state === 'unknown') {
    return writtenRole(world, resource);
  }
  const id = guid(typeof value === 'string' ? value : undefined);
  return id === undefined ? undefined : roleValue(world, registration, id);
}

function roleValue(world: World, registration: string, id: string): string | undefined {
  for (const owner of world.resourcesOf(registration)) {
    for (const attributes of [owner.after, owner.before]) {
      for (const role of [...items(attributes, 'app_role'), ...items(attributes, 'app_roles')]) {
        const value = printable(role, 'value');
        if (guid(text(role, 'id')) === id && value !== undefined) {
          return value;
        }
      }
    }
  }
  const own = world.all('application role').find(({ after, before }) => guid(text(after ?? before, 'role_id')) === id);
  return own === undefined ? undefined : printable(own.after ?? own.before, 'value');
}

/** The key in `app_role_ids["Product.Gold.All"]`. */
function writtenRole(world: World, resource: Resource): string | undefined {
  const references = world.referencesOf(resource);
  const written = [
    ...references.written(resource, ['app_role_id']),
    references.template(resource, ['app_role_id']) ?? '',
  ];
  for (const reference of written) {
    const [, key] = /app_role_ids(\["(?:[^"\\]|\\.)*"\])/.exec(reference) ?? [];
    const [step] = key === undefined ? [] : parseReference(key);
    if (step !== undefined && 'key' in step) {
      return String(step.key);
    }
  }
  const [target] = references.targets(resource, ['app_role_id']);
  return target !== undefined && kindOf(target.resource) === 'application role'
    ? printable(target.resource.after, 'value')
    : undefined;
}

/** A key to one product; keys to a single API or to everything are not about a product. */
function subscription(world: World, resource: Resource, side: SideName): GrantFact[] {
  const arm = armTypeOf(resource, side) !== undefined;
  const attributes = resource[side];
  const active = text(attributes, ...(arm ? ['body', 'properties', 'state'] : ['state']));
  const path = arm ? ['body', 'properties', 'scope'] : ['product_id'];
  if (attribute(attributes, path).state === 'absent' || active !== 'active') {
    return [];
  }
  const product = world.product(resource, side, path);
  if (arm && isUnknownAlias(product)) {
    return [];
  }
  return [
    {
      resource,
      side,
      client: `subscription ${resource.stack} ${resource.address}`,
      product,
      means: 'subscription key',
    },
  ];
}
