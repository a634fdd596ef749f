import { API_MANAGEMENT } from '../kinds/api-management';
import { AZURE } from '../kinds/azure';
import { ENTRA } from '../kinds/entra';
import { PRODUCTS } from '../kinds/products';
import type { KindRow } from '../kinds/row';
import { isUnknown, text } from './attributes';
import { parseArmType } from './arm';
import type { Resource } from './resource';

/** Every kind of object that the review knows, by its name: a new kind is a row in one of these tables. */
const ROWS = { ...PRODUCTS, ...API_MANAGEMENT, ...ENTRA, ...AZURE };

/** What a resource is to access. */
export type Kind = keyof typeof ROWS;

const BY_TYPE = new Map<string, Kind>();
const BY_ARM_TYPE = new Map<string, Kind>();
for (const [kind, row] of Object.entries(ROWS) as [Kind, KindRow][]) {
  row.types?.forEach((type) => BY_TYPE.set(type, kind));
  row.armTypes?.forEach((type) => BY_ARM_TYPE.set(type, kind));
}

const kinds = new WeakMap<Resource, { readonly kind: Kind | undefined }>();

/** What a resource is to access; undefined for all other resources of a plan. */
export function kindOf(resource: Resource): Kind | undefined {
  let found = kinds.get(resource);
  if (found === undefined) {
    found = { kind: findKind(resource) };
    kinds.set(resource, found);
  }
  return found.kind;
}

/** All that is to be said of a kind. */
export function rowOf(kind: Kind): KindRow {
  return ROWS[kind];
}

/**
 * What an `azapi_update_resource`, or an action that puts or patches an object, may write over, as if the object itself
 * were written.
 */
const WRITTEN_OVER: ReadonlySet<Kind | undefined> = new Set([
  'product link',
  'subscription',
  'product api',
  'product group',
  'product policy',
  'api policy',
  'operation policy',
  'global policy',
  'workspace policy',
  'policy fragment',
  'named value',
  'api',
  'federated credential',
  'azure role definition',
  'key vault access policy',
  'instance user',
  'tenant access',
  'portal setting',
  'identity provider',
]);

function findKind(resource: Resource): Kind | undefined {
  const { type, mode } = resource;
  if (mode === 'action') {
    return undefined;
  }
  if (!type.startsWith('azapi_')) {
    return BY_TYPE.get(type);
  }
  const kind = BY_ARM_TYPE.get(armTypeOf(resource)?.type ?? '');
  switch (type) {
    case 'azapi_resource':
      return kind;
    case 'azapi_update_resource':
      return writtenOver(kind);
    case 'azapi_resource_action':
      if (writesObject(resource) && writtenOver(kind) !== undefined) {
        return writtenOver(kind);
      }
      return kind !== undefined || armTypeOf(resource)?.type.startsWith('microsoft.apimanagement/') === true
        ? 'resource action'
        : undefined;
    default:
      return undefined;
  }
}

function writtenOver(kind: Kind | undefined): Kind | undefined {
  return kind === 'product' ? 'product settings' : WRITTEN_OVER.has(kind) ? kind : undefined;
}

/** Whether an action of azapi is no action of the object, but writes the object itself when it is applied. */
export function writesObject({ type, before, after }: Resource): boolean {
  const side = after ?? before;
  return (
    type === 'azapi_resource_action' &&
    ['PUT', 'PATCH'].includes(text(side, 'method')?.toUpperCase() ?? '') &&
    (text(side, 'when') ?? 'apply') === 'apply' &&
    text(side, 'action') === undefined &&
    !isUnknown(side, 'action') &&
    !isUnknown(side, 'when')
  );
}

/** The ARM type of an azapi resource, as it will be where it changes. */
export function armTypeOf(
  resource: Resource,
  side: 'before' | 'after' = resource.after === undefined ? 'before' : 'after',
) {
  return parseArmType(text(resource[side], 'type'));
}
