/** A resource id, taken apart: `<scope>/providers/<namespace>/<type>/<name>/<type>/<name>…`. */
export interface ResourceId {
  readonly scope: string;
  readonly namespace: string;
  readonly types: readonly string[];
  readonly names: readonly string[];
  /** Whether it ends in a type: a collection, or an action of the resource before it. */
  readonly collection: boolean;
}

export function parseResourceId(id: string): ResourceId | undefined {
  const marker = '/providers/';
  const at = id.toLowerCase().lastIndexOf(marker);
  if (at < 0) {
    return undefined;
  }
  const [namespace, ...rest] = id
    .slice(at + marker.length)
    .split('/')
    .filter((segment) => segment !== '');
  if (namespace === undefined || rest.length === 0) {
    return undefined;
  }
  return {
    scope: id.slice(0, at),
    namespace,
    types: rest.filter((_, index) => index % 2 === 0),
    names: rest.filter((_, index) => index % 2 === 1),
    collection: rest.length % 2 === 1,
  };
}

/** As ids are compared: Azure ignores case. */
export const keyOf = (id: string): string => id.toLowerCase().replace(/\/+$/, '');

/** `Microsoft.ApiManagement/service/products`. */
export const typeOf = (id: ResourceId): string => [id.namespace, ...id.types].join('/');

export const typeKeyOf = (id: ResourceId): string => typeOf(id).toLowerCase();

export const nameOf = (id: string): string => id.slice(id.lastIndexOf('/') + 1);

/** The id of the resource that this one, or this collection, is nested in. */
export function parentOf(id: ResourceId): string | undefined {
  const depth = id.collection ? id.names.length : id.names.length - 1;
  if (depth < 1) {
    return undefined;
  }
  const path = id.names.slice(0, depth).flatMap((name, index) => [id.types[index], name]);
  return [id.scope, 'providers', id.namespace, ...path].join('/');
}

export function resourceGroupOf(id: string): string | undefined {
  return /^\/subscriptions\/[^/]+\/resourcegroups\/[^/]+/i.exec(id)?.[0];
}
