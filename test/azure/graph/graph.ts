import { Cloud } from '../cloud';
import { badRequest, collectionOf, COLLECTIONS, Collection, resourceNotFound } from '../entra/directory';
import { isAudience } from '../entra/login';
import { view } from '../entra/registrations';
import { claimsOf } from '../entra/validation';
import { answer, Answer, AzureError, bearerToken, Call, segmentsOf } from '../http';
import { TENANT_DOMAIN, TENANT_ID, TENANT_NAME } from '../identifiers';
import { JsonObject } from '../json';
import { demandGraphPermission } from './access';
import { directoryRoleTemplates, roleManagement } from './directory-roles';
import { list } from './lists';
import { createObject, patchObject } from './objects';
import { relation } from './relations';

/** A request to Graph, taken apart. */
export interface GraphRequest {
  readonly cloud: Cloud;
  readonly call: Call;
  /** The path without the version, with ids instead of alternate keys. */
  readonly segments: readonly string[];
  /** Object id of the caller. */
  readonly caller: string;
}

/** Microsoft Graph. */
export function graph(cloud: Cloud, call: Call): Answer {
  const caller = authenticate(cloud, call);
  const segments = resolved(cloud, segmentsOf(call.path).slice(1));
  const request = { cloud, call, segments, caller };
  demandGraphPermission(request);
  return special(request) ?? objects(request);
}

function authenticate(cloud: Cloud, call: Call): string {
  const token = bearerToken(call);
  const refuse = (message: string): never => {
    throw new AzureError(401, 'InvalidAuthenticationToken', message, {
      'WWW-Authenticate':
        'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize"',
    });
  };
  if (token === undefined) {
    return refuse('Access token is empty.');
  }
  const claims = claimsOf(cloud, token);
  if (typeof claims === 'string') {
    return refuse(
      claims === 'expired'
        ? 'Lifetime validation failed, the token is expired.'
        : `Access token validation failure. The token is ${claims}.`,
    );
  }
  return isAudience(claims.aud, 'graph')
    ? String(claims.oid)
    : refuse('Access token validation failure. Invalid audience.');
}

/** `applications(appId='…')` names an object by another key. */
function resolved({ directory }: Cloud, segments: readonly string[]): readonly string[] {
  const [, collection, key, value] = /^(\w+)\((appId|roleTemplateId)='([^']+)'\)$/.exec(segments[0] ?? '') ?? [];
  if (collection === undefined) {
    return segments;
  }
  const found = directory.list(collection as Collection).find((object) => object[key] === value);
  if (found === undefined) {
    throw resourceNotFound(value);
  }
  return [collection, found.id as string, ...segments.slice(1)];
}

const ORGANIZATION = {
  id: TENANT_ID,
  displayName: TENANT_NAME,
  verifiedDomains: [{ name: TENANT_DOMAIN, isDefault: true, isInitial: true }],
};
const DOMAIN = {
  id: TENANT_DOMAIN,
  isDefault: true,
  isInitial: true,
  isRoot: true,
  isVerified: true,
  isAdminManaged: true,
  authenticationType: 'Managed',
  supportedServices: ['Email'],
};

/** What is no collection of directory objects. */
function special(request: GraphRequest): Answer | undefined {
  const { segments } = request;
  switch (segments[0]) {
    case 'organization':
      return list(request, [ORGANIZATION]);
    case 'domains':
      return list(request, [DOMAIN]);
    case 'me':
      throw badRequest('/me request is only valid with delegated authentication flow.', 'BadRequest');
    case 'directoryRoleTemplates':
      return directoryRoleTemplates(request);
    case 'roleManagement':
      return roleManagement(request);
    case 'directoryObjects':
      return directoryObjects(request);
    case 'directory':
      return segments[1] === 'deletedItems' ? deletedItems(request) : undefined;
    case 'oauth2PermissionGrants':
      return permissionGrants(request);
    case 'applicationTemplates':
      return list(request, []);
    default:
      return undefined;
  }
}

function directoryObjects(request: GraphRequest): Answer {
  const { cloud, call, segments } = request;
  const [, id] = segments;
  if (id === 'getByIds') {
    const { ids, types } = call.json as { ids?: string[]; types?: string[] };
    const found = (ids ?? []).flatMap((wanted) => {
      const object = cloud.directory.find(wanted);
      const kind = object === undefined ? '' : collectionOf(object).replace(/s$/, '');
      return object === undefined || (types !== undefined && !types.includes(kind))
        ? []
        : [view(cloud.directory, object)];
    });
    return answer(200, {
      '@odata.context': 'https://graph.microsoft.com/v1.0/$metadata#directoryObjects',
      value: found,
    });
  }
  const object = cloud.directory.find(id);
  if (object === undefined) {
    throw resourceNotFound(id);
  }
  if (call.method === 'DELETE') {
    cloud.directory.remove(object);
    return answer(204);
  }
  return answer(200, view(cloud.directory, object));
}

function deletedItems(request: GraphRequest): Answer {
  const { cloud, call, segments } = request;
  const { directory } = cloud;
  const [, , id, action] = segments;
  if (id === undefined || id.startsWith('microsoft.graph.')) {
    const deleted = [...directory.deleted.values()];
    return list(request, id === undefined ? deleted : deleted.filter((object) => object['@odata.type'] === `#${id}`));
  }
  const object = directory.deleted.get(id);
  if (object === undefined) {
    throw resourceNotFound(id);
  }
  if (call.method === 'DELETE') {
    directory.deleted.delete(id);
    return answer(204);
  }
  if (action === 'restore') {
    directory.deleted.delete(id);
    const restored = { ...object, deletedDateTime: null };
    directory.restore(restored, { origin: 'caller', createdAt: cloud.clock.now() });
    return answer(200, restored);
  }
  return answer(200, object);
}

function permissionGrants(request: GraphRequest): Answer {
  const { cloud, call, segments } = request;
  const { permissionGrants: grants } = cloud.directory;
  const [, id] = segments;
  if (call.method === 'POST') {
    const grant = { id: crypto.randomUUID(), principalId: null, ...call.json };
    grants.set(grant.id, grant);
    return answer(201, grant);
  }
  if (id === undefined) {
    return list(request, [...grants.values()]);
  }
  const grant = grants.get(id);
  if (grant === undefined) {
    throw resourceNotFound(id);
  }
  switch (call.method) {
    case 'DELETE':
      grants.delete(id);
      return answer(204);
    case 'PATCH':
      grants.set(id, { ...grant, ...call.json });
      return answer(204);
    default:
      return answer(200, grant);
  }
}

function objects(request: GraphRequest): Answer {
  const { cloud, call, segments } = request;
  const { directory } = cloud;
  const [name, id, ...rest] = segments;
  if (!COLLECTIONS.includes(name as Collection)) {
    throw badRequest(`Resource not found for the segment '${name}'.`, 'BadRequest');
  }
  const collection = name as Collection;
  if (id === undefined || id === '$count' || id === 'delta') {
    return call.method === 'POST'
      ? createObject(request, collection)
      : list(request, candidates(request, collection), {
          view: (object) => expanded(request, view(directory, object)),
          count: id === '$count',
        });
  }
  const object = directory.get(collection, id);
  if (object === undefined) {
    throw resourceNotFound(id);
  }
  if (rest.length > 0) {
    return relation(request, collection, object, rest);
  }
  switch (call.method) {
    case 'GET':
      return list(request, [expanded(request, view(directory, object))], { single: true });
    case 'DELETE':
      if (directory.originOf(id) === 'seed') {
        throw new AzureError(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.');
      }
      directory.remove(object);
      return answer(204);
    case 'PATCH':
      return patchObject(request, collection, object);
    default:
      throw new AzureError(405, 'Request_BadRequest', `${call.method} is not allowed.`);
  }
}

/** All objects of a collection; those of the client ids alone where the filter names them, which large directories need. */
function candidates({ cloud: { directory }, call }: GraphRequest, collection: Collection): JsonObject[] {
  const ids = /^appId in \(([^)]*)\)$/.exec(call.query.get('$filter') ?? '')?.[1]?.match(/[0-9a-f-]{36}/gi);
  if (!ids || (collection !== 'applications' && collection !== 'servicePrincipals')) {
    return directory.list(collection);
  }
  return ids.flatMap(
    (id) => (collection === 'applications' ? directory.application(id) : directory.servicePrincipal(id)) ?? [],
  );
}

/** `$expand` of owners, members and federated credentials. */
function expanded({ cloud, call }: GraphRequest, object: JsonObject): JsonObject {
  const { directory } = cloud;
  const wanted = call.query.get('$expand') ?? '';
  const expansions = (['owners', 'members'] as const).filter((name) => new RegExp(`\\b${name}\\b`).test(wanted));
  const found = expansions.map((name) => [
    name,
    (directory[name].get(object.id) ?? []).flatMap((id) => {
      const related = directory.find(id);
      return related === undefined ? [] : [view(directory, related)];
    }),
  ]);
  const federated = /\bfederatedIdentityCredentials\b/.test(wanted)
    ? { federatedIdentityCredentials: directory.federatedCredentials.get(object.id) ?? [] }
    : {};
  return { ...object, ...Object.fromEntries(found), ...federated };
}
