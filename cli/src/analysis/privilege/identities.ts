import { resourceAlias, principalsOf, unknownAlias, type SideName } from '../../entities/aliases';
import { attribute, isUnknown, items, printable, texts } from '../../plan/attributes';
import type { Resource } from '../../plan/resource';
import type { Context } from '../context';
import type { PrivilegeFact } from './fact';

/** Resources that run as an identity: anyone who changes them acts as it. */
export function attachedIdentities(context: Context, side: SideName): PrivilegeFact[] {
  return context.world.resources
    .filter((resource) => resource.mode === 'managed' && resource[side] !== undefined)
    .flatMap((resource) =>
      identitiesOf(context, resource, side).map((identity) => ({
        resource,
        side,
        kind: 'identity' as const,
        principal: `resource ${resource.stack} ${resource.address}`,
        principalName: printable(resource[side], 'name') ?? resource.address,
        id: identity,
        privilege: `identity ${context.names.name(identity)}`,
        allows: 'act as it',
        tenantWide: false,
        steps: [{ edge: 'AZManagedIdentity', target: identity }],
      })),
    );
}

function identitiesOf(context: Context, resource: Resource, side: SideName): readonly string[] {
  const { world } = context;
  const blocks = items(resource[side], 'identity');
  const ids = blocks.flatMap((block) => texts(block, 'identity_ids') ?? []);
  const unknown =
    isUnknown(resource[side], 'identity') ||
    blocks.some((block) => attribute(block, ['identity_ids']).state === 'unknown' || hasUnknown(block.unknown));
  const known = ids.map((id) => world.key(resourceAlias(id), resource.stack));
  if (!unknown || !world.referencesOf(resource).isSet(resource, 'identity')) {
    return known;
  }
  const found = [['identity', 0, 'identity_ids'], ['identity']]
    .map((path) => world.referencesOf(resource).resolve(resource, path))
    .find(({ targets }) => targets.length > 0);
  const { aliases, open } = found === undefined ? { aliases: [], open: true } : principalsOf(found, world.referencesOf);
  return [
    ...new Set([
      ...known,
      ...aliases.map((alias) => world.key(alias, resource.stack)),
      ...(open ? [world.key(unknownAlias(resource, 'identity'), resource.stack)] : []),
    ]),
  ];
}

function hasUnknown(marks: unknown): boolean {
  const ids = (marks as { readonly identity_ids?: unknown } | undefined)?.identity_ids;
  return ids === true || (Array.isArray(ids) && ids.includes(true));
}
