import { parseArmId } from '../plan/arm';
import { isSensitive, isUnknown, printable, text } from '../plan/attributes';
import { kindOf, type Kind } from '../plan/kinds';
import type { Resource } from '../plan/resource';
import { armAlias, resourceAlias, type SideName } from './aliases';
import { SENSITIVE_NAME } from './names';
import type { World } from './world';

/** What a scope of Azure reaches of what access depends on. */
export interface Scope {
  /** For people; a name from the plan. */
  readonly name: string;
  /** Whether it is known what the scope is. */
  readonly known: boolean;
  /** Whether it may contain more than the plans show, as a group or a subscription that is there already does. */
  readonly holdsMore: boolean;
  readonly instances: readonly string[];
  readonly vaults: readonly string[];
  readonly identities: readonly string[];
}

type Reached = 'instance' | 'key vault' | 'identity';
const REACHED: readonly Reached[] = ['instance', 'key vault', 'identity'];

/** Reads a scope, which may be wider than a resource (a group, a subscription) or narrower (a product, a secret). */
export function scopeOf(world: World, resource: Resource, side: SideName, path: readonly string[]): Scope {
  const value = text(resource[side], ...path);
  if (value !== undefined) {
    const found = byId(world, resource, value);
    return isSensitive(resource[side], ...path) ? { ...found, name: SENSITIVE_NAME } : found;
  }
  const { targets, open } = world.referencesOf(resource).resolve(resource, path);
  const [target, ...others] = targets.map((found) => found.resource);
  if (target === undefined || others.length > 0 || open || !isUnknown(resource[side], ...path)) {
    return everything(world, resource.stack, 'a scope that is unknown until apply', false);
  }
  return byResource(world, target);
}

function byId(world: World, { stack }: Resource, id: string): Scope {
  const scope = id.toLowerCase().replace(/\/$/, '');
  const levels = scope.split('/');
  if (scope === '' || scope.startsWith('/providers/microsoft.management/')) {
    return everything(world, stack, scope === '' ? 'the tenant' : `management group ${levels.at(-1) ?? ''}`, true);
  }
  if (!/^\/subscriptions\/[^/]+(?:\/resourcegroups\/[^/]+(?:\/providers\/.+)?|\/providers\/.+)?$/.test(scope)) {
    return everything(world, stack, 'a scope that this tool does not know', false);
  }
  const wide = levels.length <= 5;
  const reaches = (kind: Reached): string[] => [
    ...new Set([...within(world, kind, scope, wide), ...(wide ? [] : foreign(world, kind, id, stack))]),
  ];
  const [instances = [], vaults = [], identities = []] = REACHED.map(reaches);
  return {
    name:
      levels.length === 3
        ? `subscription ${levels[2] ?? ''}`
        : wide
          ? `resource group ${id.split('/')[4] ?? ''}`
          : (id.replace(/\/$/, '').split('/').at(-1) ?? id),
    known: true,
    holdsMore: wide,
    instances,
    vaults,
    identities,
  };
}

/** Something that a scope may reach, as it is found for each of the roles that the plans give. */
interface Candidate {
  readonly key: string;
  readonly id: string | undefined;
  readonly group: string;
}

interface Found {
  readonly candidates: readonly Candidate[];
  /** By scope: many stacks give roles on the same ones. */
  readonly scopes: Map<string, readonly string[]>;
}

const found = new WeakMap<World, Map<Reached, Found>>();

function within(world: World, kind: Reached, scope: string, wide: boolean): readonly string[] {
  const kinds = found.get(world) ?? new Map<Reached, Found>();
  found.set(world, kinds);
  const known: Found = kinds.get(kind) ?? {
    candidates: world.all(kind).map((resource) => candidateOf(world, resource)),
    scopes: new Map(),
  };
  kinds.set(kind, known);
  let keys = known.scopes.get(scope);
  if (keys === undefined) {
    keys = known.candidates.filter((candidate) => covers(scope, wide, candidate)).map(({ key }) => key);
    known.scopes.set(scope, keys);
  }
  return keys;
}

function candidateOf(world: World, resource: Resource): Candidate {
  return {
    key: world.keyOf(resource),
    id: (text(resource.before, 'id') ?? text(resource.after, 'id'))?.toLowerCase(),
    group: (text(resource.after, 'resource_group_name') ?? '').toLowerCase(),
  };
}

function covers(scope: string, wide: boolean, { id, group }: Candidate): boolean {
  if (id !== undefined) {
    return id === scope || id.startsWith(`${scope}/`) || scope.startsWith(`${id}/`);
  }
  if (!wide) {
    return false;
  }
  // an object that the plan makes has no id yet: it is identified by the name of its group, if there is one
  const levels = scope.split('/');
  return levels.length === 3 || group === '' || group === levels[4];
}

/** What a full id names without any plan having it. */
function foreign(world: World, kind: Reached, id: string, stack: string): string[] {
  const instance = parseArmId(id)?.instance;
  const path =
    /^(\/subscriptions\/[^/]+\/resourcegroups\/[^/]+\/providers\/microsoft\.(keyvault\/vaults|managedidentity\/userassignedidentities)\/[^/]+)/i.exec(
      id,
    );
  switch (kind) {
    case 'instance':
      return instance === undefined ? [] : [world.key(armAlias(instance), stack)];
    case 'key vault':
      return path?.[2]?.toLowerCase() === 'keyvault/vaults' ? [world.key(resourceAlias(path[1] ?? ''), stack)] : [];
    case 'identity':
      return path?.[2]?.toLowerCase().startsWith('managedidentity') === true
        ? [world.key(resourceAlias(path[1] ?? ''), stack)]
        : [];
  }
}

function byResource(world: World, target: Resource): Scope {
  const name = printable(target.after ?? target.before, 'name') ?? target.address;
  const kind: Kind | undefined = kindOf(target);
  const id = text(target.before, 'id') ?? text(target.after, 'id');
  if (id !== undefined) {
    return byId(world, target, id);
  }
  if (target.type === 'azurerm_resource_group') {
    // a group that the plan makes contains what the plans put into it
    const group = byId(world, target, `/subscriptions/unknown/resourcegroups/${text(target.after, 'name') ?? name}`);
    return { ...group, holdsMore: target.before !== undefined };
  }
  const only = (wanted: Reached): string[] => (kind === wanted ? [world.keyOf(target)] : []);
  const below = world.instanceOf(target, target.after === undefined ? 'before' : 'after');
  return {
    name,
    known: true,
    holdsMore: false,
    instances: kind === 'instance' || below === undefined ? only('instance') : [below],
    vaults: only('key vault'),
    identities: only('identity'),
  };
}

function everything(world: World, stack: string, name: string, known: boolean): Scope {
  const [instances = [], vaults = [], identities = []] = REACHED.map((kind) => [
    ...new Set(
      world
        .all(kind)
        .filter((candidate) => candidate.stack === stack)
        .map((candidate) => world.keyOf(candidate)),
    ),
  ]);
  return { name, known, holdsMore: true, instances, vaults, identities };
}
