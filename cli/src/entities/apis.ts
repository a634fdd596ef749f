import { flag, isUnknown, isSensitive, text, type Path } from '../plan/attributes';
import type { Resource } from '../plan/resource';
import { SIDES, type SideName } from './aliases';
import { inForceAfter, inForceBefore, isUpdate, type InForce, type Same } from './in-force';
import { instanceOf } from './policy-places';
import type { World } from './world';

/** What an API itself demands, whatever product a call is for. */
export interface ApiSide {
  /** Undefined where it is unknown until apply, or several blocks say different things. */
  readonly subscriptionRequired: boolean | undefined;
}

/** An API that the plans manage, before and after. */
export interface ApiSettings {
  /** The instance, in the words of `World.key`. */
  readonly instance: string;
  /** Its name, without a revision, in lower case. */
  readonly name: string;
  /** The name to print. */
  readonly shown: string;
  readonly blocks: readonly Resource[];
  readonly before: ApiSide | undefined;
  readonly after: ApiSide | undefined;
}

/** Every API that the plans manage. */
export function apiSettings(world: World): readonly ApiSettings[] {
  const groups = new Map<string, { instance: string; name: string; before: Resource[]; after: Resource[] }>();
  for (const resource of world.managed('api')) {
    for (const side of SIDES) {
      const name = apiName(resource, side)?.toLowerCase();
      if (name === undefined) {
        continue;
      }
      const instance = instanceOf(world, resource, side);
      const key = `${instance} ${name}`;
      const group = groups.get(key) ?? { instance, name, before: [], after: [] };
      group[side].push(resource);
      groups.set(key, group);
    }
  }
  return [...groups.values()].map(({ before, after, ...identity }) => {
    const blocks = [...new Set([...after, ...before])];
    const [first] = blocks;
    const hidden =
      first === undefined ||
      ['name', 'id', 'api_management_name'].some((path) => isSensitive(first.after ?? first.before, path));
    const exact = first === undefined ? undefined : apiName(first, first.after === undefined ? 'before' : 'after');
    return {
      ...identity,
      shown: hidden ? 'with a name that is sensitive' : (exact ?? identity.name),
      blocks,
      before: sideOf(inForceBefore(before, same)),
      after: sideOf(inForceAfter(before, after, writes, same)),
    };
  });
}

/** An API's name, without its revision. */
export function apiName(resource: Resource, side: SideName): string | undefined {
  const attributes = resource[side];
  const name = text(attributes, 'name') ?? text(attributes, 'resource_id')?.split('/').at(-1);
  return name?.replace(/;rev=\d+$/, '');
}

function pathOf(resource: Resource): Path {
  return resource.type.startsWith('azapi_')
    ? ['body', 'properties', 'subscriptionRequired']
    : ['subscription_required'];
}

/** What is left out stays as it is in an update, and is Azure's default, which is to demand a key, anywhere else. */
function demanded(resource: Resource, side: SideName): boolean | undefined {
  const path = pathOf(resource);
  return isUnknown(resource[side], ...path) ? undefined : (flag(resource[side], ...path) ?? true);
}

const same: Same = (one, other, side) => demanded(one, side) === demanded(other, side);

function writes(block: Resource): boolean {
  return (
    !isUpdate(block) || isUnknown(block.after, ...pathOf(block)) || flag(block.after, ...pathOf(block)) !== undefined
  );
}

function sideOf(found: InForce): ApiSide | undefined {
  return found === 'none'
    ? undefined
    : { subscriptionRequired: found === 'several' ? undefined : demanded(found.resource, found.side) };
}
