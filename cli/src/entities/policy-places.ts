import { attribute, isUnknown, text, type Path } from '../plan/attributes';
import { kindOf, type Kind } from '../plan/kinds';
import type { Resource } from '../plan/resource';
import { UNKNOWN_TEXT } from '../policy/properties';
import { armAlias, armKey, armKeyOf, isUnknownAlias, SIDES, type SideName } from './aliases';
import type { World } from './world';

export type PolicyLevel = 'product' | 'api' | 'operation' | 'service' | 'workspace';

/** What a policy is of, on one side of the change. */
export interface Place {
  readonly side: SideName;
  readonly block: Resource;
  readonly level: PolicyLevel;
  /** The same for every block that writes the same policy. */
  readonly key: string;
  /** The instance, in the words of `World.key`. */
  readonly instance: string;
  /** The key of its product, for policies of products. */
  readonly product?: string;
  /** The API's name, for policies of APIs and operations. */
  readonly api?: string;
  readonly operation?: string;
  readonly workspace?: string;
}

const LEVELS: Readonly<Partial<Record<Kind, PolicyLevel>>> = {
  'product policy': 'product',
  'api policy': 'api',
  'operation policy': 'operation',
  'global policy': 'service',
  'workspace policy': 'workspace',
};

export const POLICY_KINDS = Object.keys(LEVELS) as readonly Kind[];

/** The path of a policy's text in its block. */
export function policyPath(resource: Resource): Path {
  return resource.type.startsWith('azapi_') ? ['body', 'properties', 'value'] : ['xml_content'];
}

export function fragmentPath(resource: Resource): Path {
  return resource.type.startsWith('azapi_') ? ['body', 'properties', 'value'] : ['value'];
}

/** What a policy is of, on each side on which it exists. */
export function placesOf(world: World, block: Resource): readonly Place[] {
  return SIDES.filter((side) => block[side] !== undefined).flatMap((side) => placeOf(world, block, side, 0) ?? []);
}

function placeOf(world: World, block: Resource, side: SideName, depth: number): Place | undefined {
  const level = LEVELS[kindOf(block) ?? 'instance'];
  if (level === undefined || depth > 4) {
    return undefined;
  }
  const id = ['resource_id', 'parent_id'].find((path) => isUnknown(block[side], path));
  const path = segments(world, block, side);
  if (path === undefined && id === 'resource_id') {
    // an update of a block of the same plan is an update of what that block is
    for (const { resource } of world.referencesOf(block).targets(block, [id])) {
      const place = placeOf(world, resource, resource.after === undefined ? 'before' : 'after', depth + 1);
      if (place !== undefined) {
        return { ...place, side, block };
      }
    }
  }
  if (level === 'product') {
    const product =
      path === undefined ? world.parentProduct(block, side) : world.key(armAlias(path.join('/')), block.stack);
    return isUnknownAlias(product)
      ? undefined
      : { side, block, level, key: `product ${product}`, product, instance: instanceOf(world, block, side) };
  }
  const of = (collection: string): string | undefined => {
    const place = path?.indexOf(collection) ?? -1;
    return place < 0 ? undefined : path?.[place + 1];
  };
  const instance = instanceOf(world, block, side);
  const [api, operation, workspace] = [of('apis'), of('operations'), of('workspaces')];
  return {
    side,
    block,
    level,
    instance,
    key: path === undefined ? `policy of ${block.stack} ${block.address}` : [instance, ...path.slice(1)].join('/'),
    ...(api === undefined ? {} : { api }),
    ...(operation === undefined ? {} : { operation }),
    ...(workspace === undefined ? {} : { workspace }),
  };
}

/** `<instance>`, `apis`, `<api>`, ... in lower case; undefined if it is unknown. */
function segments(world: World, block: Resource, side: SideName): readonly string[] | undefined {
  const attributes = block[side];
  if (block.type.startsWith('azapi_')) {
    const key = armKeyOf(block, side, world.referencesOf)?.split('/');
    const end = key?.lastIndexOf('policies') ?? -1;
    return end < 1 ? undefined : key?.slice(0, end);
  }
  const whole =
    armKey(text(attributes, 'api_management_workspace_id')) ?? armKey(text(attributes, 'api_management_id'));
  if (whole !== undefined) {
    return whole.split('/');
  }
  const instance = text(attributes, 'api_management_name');
  const names: readonly (readonly [collection: string, attribute: string])[] = [
    ['products', 'product_id'],
    ['apis', 'api_name'],
    ['operations', 'operation_id'],
  ];
  const path = names.flatMap(([collection, name]) => {
    const value = text(attributes, name) ?? referredName(world, block, side, name);
    return value === undefined ? [] : [collection, value.replace(/;rev=1$/, '')];
  });
  return instance === undefined || path.length === 0
    ? undefined
    : [instance, ...path].map((step) => step.toLowerCase());
}

/** The name that a reference leads to, where the plan does not know it yet. */
function referredName(world: World, block: Resource, side: SideName, name: string): string | undefined {
  if (!isUnknown(block[side], name)) {
    return undefined;
  }
  const targets = world.referencesOf(block).targets(block, [name]);
  const [target, ...others] = targets.map(({ resource }) => text(resource.after, name === 'api_name' ? 'name' : name));
  return others.length === 0 ? target : undefined;
}

/** The instance that something is on, in the words of `World.key`. */
export function instanceOf(world: World, resource: Resource, side: SideName): string {
  const attributes = resource[side];
  const name =
    text(attributes, 'api_management_name') ??
    (
      armKey(text(attributes, 'api_management_id')) ??
      armKey(text(attributes, 'api_management_workspace_id')) ??
      armKeyOf(resource, side, world.referencesOf)
    )?.split('/')[0];
  return name === undefined ? `instance of ${resource.stack}` : world.key(armAlias(name.toLowerCase()), resource.stack);
}

/** By which a policy includes a fragment. */
export function fragmentName(resource: Resource, side: SideName): string | undefined {
  return text(resource[side], 'name') ?? lastSegment(text(resource[side], 'resource_id'));
}

/** By which a policy reads a named value: its display name. */
export function namedValueName(resource: Resource, side: SideName): string | undefined {
  return (
    text(resource[side], 'display_name') ??
    text(resource[side], 'body', 'properties', 'displayName') ??
    fragmentName(resource, side)
  );
}

function lastSegment(id: string | undefined): string | undefined {
  return id?.split('/').at(-1);
}

/** The text of a named value; if the plan does not contain it, a text that changes when the value does. */
export function namedValue(resource: Resource, side: SideName): string {
  const attributes = resource[side];
  const root: Path = resource.type.startsWith('azapi_') ? ['body', 'properties'] : [];
  const { value, state } = attribute(attributes, [...root, 'value']);
  if (typeof value === 'string' && value !== '') {
    return value.trim();
  }
  const vault =
    text(attributes, 'value_from_key_vault', 0, 'secret_id') ??
    text(attributes, ...root, 'keyVault', 'secretIdentifier');
  if (vault !== undefined) {
    return `value of ${vault}`;
  }
  return state === 'unknown'
    ? UNKNOWN_TEXT
    : `value of ${resource.address} ${JSON.stringify(attribute(attributes, ['sensitive_body_version']).value ?? null)}`;
}
