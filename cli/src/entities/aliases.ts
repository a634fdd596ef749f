import { guid, guidInPath, parseArmId } from '../plan/arm';
import { isUnknown, text, type Path } from '../plan/attributes';
import { armTypeOf, kindOf } from '../plan/kinds';
import type { References, Resolution, Target } from '../plan/references';
import type { Resource } from '../plan/resource';

export type SideName = 'before' | 'after';
export const SIDES: readonly SideName[] = ['before', 'after'];

/** The references of the plan that a resource is in. */
export type ReferencesOf = (resource: Resource) => References;

/** A resource's own name in `Identities`. */
export function addressAlias(resource: Resource): string {
  return `address ${resource.stack} ${resource.address}`;
}

export function applicationAlias(clientId: string): string {
  return `application ${clientId}`;
}

export function objectAlias(objectId: string): string {
  return `object ${objectId}`;
}

export function armAlias(key: string): string {
  return `arm ${key}`;
}

/** Something of Azure outside of API Management by its resource id, such as a vault or an identity. */
export function resourceAlias(id: string): string {
  return `resource ${id.toLowerCase().replace(/\/$/, '')}`;
}

/** The registration that API Management makes or uses for a product. */
export function registrationAlias(product: Resource): string {
  return `registration of ${product.stack} ${product.address}`;
}

/** Something that no plan can know before the apply. */
export function unknownAlias(resource: Resource, attribute: string): string {
  return `unknown ${resource.stack} ${resource.address} ${attribute}`;
}

export function isUnknownAlias(alias: string): boolean {
  return alias.startsWith('unknown ');
}

/** `<instance>/<collection>/<name>/...` in lower case: what an object in API Management is, in every plan. */
export function armKey(id: string | undefined): string | undefined {
  const parsed = parseArmId(id);
  if (parsed === undefined) {
    return undefined;
  }
  return [parsed.instance, ...parsed.segments.flatMap(({ collection, name }) => [collection, name.toLowerCase()])].join(
    '/',
  );
}

const armKeys: Readonly<Record<SideName, WeakMap<Resource, { readonly key: string | undefined }>>> = {
  before: new WeakMap(),
  after: new WeakMap(),
};

/** The same for a resource, put together from its parent and its name where its id is not known yet. */
export function armKeyOf(
  resource: Resource,
  side: SideName,
  referencesOf: ReferencesOf,
  depth = 0,
): string | undefined {
  let found = armKeys[side].get(resource);
  if (found === undefined) {
    found = { key: findArmKey(resource, side, referencesOf, depth) };
    armKeys[side].set(resource, found);
  }
  return found.key;
}

function findArmKey(resource: Resource, side: SideName, referencesOf: ReferencesOf, depth: number): string | undefined {
  const attributes = resource[side];
  const known = armKey(text(attributes, 'id')) ?? armKey(text(attributes, 'resource_id'));
  if (known !== undefined || depth > 4 || attributes === undefined) {
    return known;
  }
  const name = text(attributes, 'name') ?? text(attributes, 'product_id');
  if (resource.type === 'azurerm_api_management') {
    return name?.toLowerCase();
  }
  const instance = text(attributes, 'api_management_name');
  if (instance !== undefined) {
    const productId = text(attributes, 'product_id');
    const userId = text(attributes, 'user_id');
    return productId !== undefined
      ? `${instance}/products/${productId}`.toLowerCase()
      : userId !== undefined && kindOf(resource) === 'instance user'
        ? `${instance}/users/${userId}`.toLowerCase()
        : undefined;
  }
  const collection = armTypeOf(resource, side)?.type.split('/').at(-1);
  if (name === undefined || collection === undefined) {
    return undefined;
  }
  if (kindOf(resource) === 'instance') {
    return name.toLowerCase();
  }
  const parent = parentKey(resource, side, referencesOf, depth);
  return parent === undefined ? undefined : `${parent}/${collection}/${name}`.toLowerCase();
}

function parentKey(resource: Resource, side: SideName, referencesOf: ReferencesOf, depth: number): string | undefined {
  const known = armKey(text(resource[side], 'parent_id'));
  if (known !== undefined || !isUnknown(resource[side], 'parent_id')) {
    return known;
  }
  const { targets, open } = referencesOf(resource).resolve(resource, ['parent_id']);
  const keys = targets.map(({ resource: target }) =>
    armKeyOf(target, target.after === undefined ? 'before' : 'after', referencesOf, depth + 1),
  );
  return open ? undefined : only(keys);
}

/** The one value that all have; undefined where they differ, or one is not known. */
export function only<T>(values: readonly (T | undefined)[]): T | undefined {
  const [first] = values;
  return values.every((value) => value === first) ? first : undefined;
}

/** Names of those who act or are called in Entra that a resource is or represents. */
export function principalAliases(resource: Resource, side: SideName): readonly string[] {
  const attributes = resource[side];
  const aliases: (string | undefined)[] = [];
  const application = (...path: Path) => aliases.push(named(applicationAlias, guid(text(attributes, ...path))));
  const object = (...path: Path) => aliases.push(named(objectAlias, guid(text(attributes, ...path))));
  switch (kindOf(resource)) {
    case 'application':
    case 'service principal':
    case 'group':
      application('client_id');
      application('application_id');
      object('object_id');
      aliases.push(named(objectAlias, guidInPath(text(attributes, 'id'))));
      break;
    case 'user':
      object('object_id');
      aliases.push(named(objectAlias, guidInPath(text(attributes, 'id'))));
      break;
    case 'key vault':
      aliases.push(named(resourceAlias, text(attributes, 'id')));
      break;
    case 'identity':
      aliases.push(named(resourceAlias, text(attributes, 'id')));
      application('client_id');
      object('principal_id');
      application('output', 'properties', 'clientId');
      object('output', 'properties', 'principalId');
      break;
    case 'instance':
      object('identity', 0, 'principal_id');
      object('output', 'identity', 'principalId');
      break;
    case 'client application':
      application('output', 'clientId');
      application('output', 'entraApplicationId');
      application('output', 'properties', 'entraApplicationId');
      break;
    default:
      return [];
  }
  return aliases.filter((alias): alias is string => alias !== undefined);
}

function named(alias: (id: string) => string, id: string | undefined): string | undefined {
  return id === undefined ? undefined : alias(id);
}

/** Who an expression may mean. */
export interface Candidates {
  readonly aliases: readonly string[];
  /** Whether it may also be somebody whom the plan does not show. */
  readonly open: boolean;
}

/** Whom an expression's targets may mean; targets that mean nobody leave it open. */
export function principalsOf({ targets, open }: Resolution, referencesOf: ReferencesOf, depth = 0): Candidates {
  const found = targets.map((target) => principalsOfTarget(target, referencesOf, depth));
  return {
    aliases: [...new Set(found.flatMap(({ aliases }) => aliases))],
    open: open || found.some((candidates) => candidates.open),
  };
}

function principalsOfTarget(target: Target, referencesOf: ReferencesOf, depth: number): Candidates {
  const { resource, attribute } = target;
  const through = (path: Path): Candidates =>
    depth > 4
      ? { aliases: [], open: true }
      : principalsOf(referencesOf(resource).resolve(resource, path), referencesOf, depth + 1);
  const one = (alias: string | undefined, path: Path): Candidates =>
    alias === undefined ? through(path) : { aliases: [alias], open: false };
  switch (kindOf(resource)) {
    case 'application':
    case 'service principal':
    case 'client application':
    case 'identity':
    case 'instance':
    case 'user':
    case 'instance user':
      return { aliases: [addressAlias(resource)], open: false };
    case 'identifier uri':
    case 'application role':
      return one(named(objectAlias, guidInPath(text(resource.after ?? resource.before, 'application_id'))), [
        'application_id',
      ]);
    case 'product':
    case 'product settings':
      return { aliases: [registrationAlias(resource)], open: false };
    default:
      break;
  }
  if (resource.type === 'azuread_service_principals' || resource.type === 'azuread_applications') {
    const position = attribute.find((step) => typeof step === 'number');
    const path: Path = ['client_ids', ...(position === undefined ? [] : [position])];
    return one(position === undefined ? undefined : named(applicationAlias, guid(text(resource.after, ...path))), path);
  }
  // the planner, and lists of users and groups, are known by the id itself
  const last = attribute.filter((step) => typeof step === 'string').at(-1);
  const known =
    last !== undefined && /(?:object|principal)_ids?$/.test(last)
      ? named(objectAlias, guid(text(resource.after ?? resource.before, ...attribute)))
      : undefined;
  return known === undefined ? { aliases: [], open: true } : { aliases: [known], open: false };
}

export function firstOf<T, R>(found: readonly T[], map: (item: T) => R | undefined): R | undefined {
  for (const item of found) {
    const result = map(item);
    if (result !== undefined) {
      return result;
    }
  }
  return undefined;
}

/** The client ids of the registration that a product has or reports. */
export function productApplications(product: Resource, side: SideName): readonly string[] {
  const attributes = product[side];
  const ids = [
    ['body', 'properties', 'application', 'entra', 'applicationId'],
    ['output', 'applicationId'],
    ['output', 'properties', 'application', 'entra', 'applicationId'],
  ].map((path) => guid(text(attributes, ...path)));
  return [...ids, guidOfAudience(text(attributes, 'output', 'audience'))].filter((id) => id !== undefined);
}

/** The client id in `api://<client id>`, or the client id itself. */
export function guidOfAudience(audience: string | undefined): string | undefined {
  return guid(audience?.replace(/^api:\/\//, ''));
}
