import {
  armAlias,
  armKey,
  armKeyOf,
  firstOf,
  objectAlias,
  only,
  SIDES,
  unknownAlias,
  type SideName,
} from '../entities/aliases';
import { isUpdate } from '../entities/in-force';
import type { World } from '../entities/world';
import { isServiceName, permissionOf, serviceOf } from '../facts/permissions';
import type { Means } from '../model';
import { guid } from '../plan/arm';
import { attribute, flag, isUnknown, items, printable, text } from '../plan/attributes';
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
  /** Which role is given is not known before the apply: it is none of those that others have. */
  readonly unknownRole?: true;
}

/** All grants of all plans, before and after. */
export function grantsOf(world: World): readonly GrantFact[] {
  const facts = SIDES.flatMap((side) => [
    ...present(world.managed('product link'), side).map((resource) => productLink(world, resource, side)),
    ...present(world.managed('role assignment'), side)
      .filter((resource) => serviceOfAssignment(world, resource, side) === undefined)
      .map((resource) => roleAssignment(world, resource, side)),
    ...present(world.managed('subscription'), side).flatMap((resource) => subscription(world, resource, side)),
  ]);
  return withRoles(facts);
}

/** Whether a grant counts: a disabled principal gets no tokens, and nobody gets any for a registration that is. */
export function isInForce(world: World, { client, product, side, means }: GrantFact): boolean {
  return [client, ...(means === 'app role assignment' ? world.registrationsOf(product) : [])].every(
    (key) => !isDisabled(world, key, side),
  );
}

function isDisabled(world: World, key: string, side: SideName): boolean {
  return world
    .resourcesOf(key)
    .some(
      (resource) =>
        kindOf(resource) === 'service principal' &&
        resource.mode === 'managed' &&
        flag(resource[side], 'account_enabled') === false,
    );
}

/**
 * An assignment that is replaced may name its role by id before and by name after. It is the same role unless both
 * sides have an id and the ids differ.
 */
function withRoles(facts: readonly GrantFact[]): readonly GrantFact[] {
  const sides = new Map<Resource, GrantFact[]>();
  for (const fact of facts) {
    sides.set(fact.resource, [...(sides.get(fact.resource) ?? []), fact]);
  }
  return facts.map((fact) => {
    if (fact.means !== 'app role assignment' || fact.role !== undefined || fact.unknownRole === true) {
      return fact;
    }
    const twin = sides.get(fact.resource)?.find((other) => other !== fact && other.role !== undefined);
    const contradicts = twin?.roleId !== undefined && fact.roleId !== undefined && twin.roleId !== fact.roleId;
    return twin?.role === undefined || contradicts ? fact : { ...fact, role: twin.role };
  });
}

/** The service of Microsoft whose permission an app role assignment gives: a privilege, and no access to a product. */
export function serviceOfAssignment(world: World, resource: Resource, side: SideName): string | undefined {
  const owner = world.principal(resource, side, 'resource_object_id', objectOf);
  const byId = firstOf(
    world.resourcesOf(owner).flatMap(({ before, after }) => [before, after]),
    (attributes) => serviceOf(guid(text(attributes, 'client_id'))),
  );
  const display = text(resource[side], 'resource_display_name');
  return (
    byId ??
    (isServiceName(display) ? display : undefined) ??
    permissionOf(guid(text(resource[side], 'app_role_id')))?.service
  );
}

export function objectOf(value: string): string | undefined {
  const id = guid(value);
  return id === undefined ? undefined : objectAlias(id);
}

/** What wrote over an object and is removed leaves the object as it is. */
function present(resources: readonly Resource[], side: SideName): readonly Resource[] {
  return resources.filter(
    (resource) => resource[side] !== undefined && !(isUpdate(resource) && resource.action === 'delete'),
  );
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
    ...(role === undefined && isUnknown(resource[side], 'app_role_id') ? { unknownRole: true } : {}),
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

/** The key in `app_role_ids["Product.Gold.All"]`, where the expression can mean no other role. */
function writtenRole(world: World, resource: Resource): string | undefined {
  const { targets, open } = world.referencesOf(resource).resolve(resource, ['app_role_id']);
  const roles = targets.map(({ resource: target, attribute: [first, key] }) => {
    if (first === 'app_role_ids' && key !== undefined) {
      return String(key);
    }
    return kindOf(target) === 'application role' ? printable(target.after, 'value') : undefined;
  });
  return open ? undefined : only(roles);
}

/** A key to a product, to one API or to all APIs of an instance; only an active one opens anything. */
function subscription(world: World, resource: Resource, side: SideName): GrantFact[] {
  const attributes = resource[side];
  const arm = armTypeOf(resource, side) !== undefined;
  const state = arm ? ['body', 'properties', 'state'] : ['state'];
  if (!isUnknown(attributes, ...state) && text(attributes, ...state) !== 'active') {
    return [];
  }
  return [
    {
      resource,
      side,
      client: `subscription ${resource.stack} ${resource.address}`,
      product: arm ? armScope(world, resource, side) : flatScope(world, resource, side),
      means: 'subscription key',
    },
  ];
}

/** azurerm has the product, else the API, else it is all APIs. */
function flatScope(world: World, resource: Resource, side: SideName): string {
  const attributes = resource[side];
  if (attribute(attributes, ['product_id']).state !== 'absent') {
    return world.product(resource, side, ['product_id']);
  }
  const api = attribute(attributes, ['api_id']);
  const instance = text(attributes, 'api_management_name')?.toLowerCase() ?? 'unknown';
  return api.state === 'absent'
    ? world.key(armAlias(`${instance}/apis`), resource.stack)
    : apiKey(world, resource, side, ['api_id'], instance);
}

/** `/products/x`, `/apis`, `/apis/x`, or any of them below the full id of the instance. */
function armScope(world: World, resource: Resource, side: SideName): string {
  const path = ['body', 'properties', 'scope'];
  const value = text(resource[side], ...path);
  const instance =
    armKeyOf(resource, side, world.referencesOf)?.split('/')[0] ??
    armKey(text(resource[side], 'parent_id'))?.split('/')[0] ??
    'unknown';
  const below = /(?:^|\/service\/[^/]+)\/?(products|apis)(?:\/([^/;]+)(?:;rev=\d+)?)?\/?$/i.exec(value ?? '');
  if (below !== null) {
    const own = /\/service\/([^/]+)\//i.exec(value ?? '')?.[1] ?? instance;
    const [, collection = '', name] = below;
    return name === undefined && collection.toLowerCase() === 'products'
      ? world.key(unknownAlias(resource, 'scope'), resource.stack)
      : world.key(
          armAlias([own, collection, ...(name === undefined ? [] : [name])].join('/').toLowerCase()),
          resource.stack,
        );
  }
  if (isUnknown(resource[side], ...path)) {
    const kinds = world
      .referencesOf(resource)
      .targets(resource, path)
      .map((target) => kindOf(target.resource));
    return kinds.some((kind) => kind === 'product' || kind === 'product settings')
      ? world.product(resource, side, path)
      : kinds.includes('instance')
        ? world.key(armAlias(`${instance}/apis`), resource.stack)
        : apiKey(world, resource, side, path, instance);
  }
  return world.key(unknownAlias(resource, 'scope'), resource.stack);
}

function apiKey(world: World, resource: Resource, side: SideName, path: readonly string[], instance: string): string {
  const known = armKey(text(resource[side], ...path));
  if (known !== undefined) {
    return world.key(armAlias(known), resource.stack);
  }
  const { targets, open } = world.referencesOf(resource).resolve(resource, path);
  const [target, ...others] = targets;
  const name = text(target?.resource.after ?? target?.resource.before, 'name')?.toLowerCase();
  return name === undefined || others.length > 0 || open
    ? world.key(unknownAlias(resource, path.join('.')), resource.stack)
    : world.key(armAlias(`${instance}/apis/${name}`), resource.stack);
}
