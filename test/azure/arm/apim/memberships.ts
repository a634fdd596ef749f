import { Cloud } from '../../cloud';
import { answer, AzureError } from '../../http';
import { JsonObject } from '../../json';
import { ArmType, Request } from '../arm-type';
import { pages } from '../pages';
import { resourceAnswer } from '../resource-answer';
import { keyOf, nameOf, parentOf, typeOf } from '../resource-id';
import { Resource } from '../store';
import { demandOneOpenProduct, productsOf } from './products';
import { serviceOf } from './context';

/** Memberships without a body of their own: `products/NAME/apis/NAME` answers the API. */
const MEMBERSHIPS: { readonly [type: string]: string } = {
  'products/apis': 'apis',
  'products/groups': 'groups',
  'groups/users': 'users',
  'products/tags': 'tags',
  'apis/tags': 'tags',
  'apis/operations/tags': 'tags',
  'gateways/apis': 'apis',
};

/** Links that say the same as a membership. */
const LINKS: { readonly [type: string]: { readonly collection: string; readonly property: string } } = {
  'products/apis': { collection: 'apiLinks', property: 'apiId' },
  'products/groups': { collection: 'groupLinks', property: 'groupId' },
};

function membership(kind: string): ArmType {
  return {
    handle: (request) => {
      const { cloud, call, parsed } = request;
      const owner = parentOf(parsed)!;
      if (parsed.collection) {
        return call.method === 'GET' ? list(request, kind, owner) : undefined;
      }
      const name = parsed.names.at(-1)!.replace(/;rev=\d+$/i, '');
      const target = targetOf(request, kind, name);
      const own = cloud.store.get(`${owner}/${parsed.types.at(-1)!}/${name}`);
      switch (call.method) {
        case 'PUT': {
          if (target === undefined) {
            throw notThere(kind);
          }
          if (kind === 'products/apis') {
            demandOneOpenProduct(cloud, owner, name);
          }
          cloud.store.put(`${owner}/${parsed.types.at(-1)!}/${name}`, {}, cloud.clock.now());
          return answer(own === undefined ? 201 : 200, asMember(request, target));
        }
        case 'DELETE':
          if (own !== undefined) {
            cloud.store.remove(own.id);
          }
          for (const link of linksTo(request, kind, owner, name)) {
            cloud.store.remove(link.id);
          }
          return answer(own === undefined ? 204 : 200);
        default: {
          const linked = own !== undefined || linksTo(request, kind, owner, name).length > 0;
          if (call.method === 'HEAD') {
            return answer(linked && target !== undefined ? 204 : 404);
          }
          if (!linked || target === undefined) {
            throw notThere(kind);
          }
          return answer(200, asMember(request, target));
        }
      }
    },
  };
}

/** Names of what belongs to a resource, whichever way it was linked. */
function memberNames(cloud: Cloud, kind: string, owner: string): string[] {
  const links = LINKS[kind];
  return [
    ...new Set([
      ...cloud.store.list(`${owner}/${kind.split('/').at(-1)!}`).map(({ id }) => nameOf(id)),
      ...(links === undefined
        ? []
        : cloud.store
            .list(`${owner}/${links.collection}`)
            .map(({ body }) => nameOf(String(body.properties[links.property])))),
    ]),
  ];
}

function list(request: Request, kind: string, owner: string): ReturnType<typeof answer> {
  const { cloud, call } = request;
  const value = memberNames(cloud, kind, owner).flatMap((name) => {
    const target = targetOf(request, kind, name);
    return target === undefined ? [] : [resourceAnswer(target)];
  });
  return pages(cloud, call, value, true);
}

function linksTo({ cloud, id }: Request, kind: string, owner: string, name: string): Resource[] {
  const links = LINKS[kind];
  if (links === undefined) {
    return [];
  }
  const target = keyOf(`${serviceOf(cloud, id).id}/${MEMBERSHIPS[kind]}/${name}`);
  return cloud.store
    .list(`${owner}/${links.collection}`)
    .filter(({ body }) => keyOf(String(body.properties[links.property])) === target);
}

function targetOf({ cloud, id }: Request, kind: string, name: string): Resource | undefined {
  return cloud.store.get(`${serviceOf(cloud, id).id}/${MEMBERSHIPS[kind]}/${name}`);
}

function asMember({ id, parsed }: Request, target: Resource): JsonObject {
  return { ...resourceAnswer(target), id, type: typeOf(parsed) };
}

function notThere(kind: string): AzureError {
  const what = MEMBERSHIPS[kind].replace(/s$/, '');
  return new AzureError(404, 'ResourceNotFound', `${what.charAt(0).toUpperCase()}${what.slice(1)} not found.`);
}

/** The products that an API is part of: the same memberships from the other side. */
const productsOfApi: ArmType = {
  handle: (request) => {
    const { cloud, call, parsed } = request;
    if (call.method !== 'GET' || !parsed.collection) {
      return undefined;
    }
    const holders = productsOf(cloud, serviceOf(cloud, request.id).id, parsed.names.at(-1)!);
    return pages(cloud, call, holders.map(resourceAnswer), true);
  },
};

export const MEMBERSHIP_TYPES: { readonly [type: string]: ArmType } = {
  ...Object.fromEntries(
    Object.keys(MEMBERSHIPS).map((kind) => [`microsoft.apimanagement/service/${kind}`, membership(kind)]),
  ),
  'microsoft.apimanagement/service/apis/products': productsOfApi,
};
