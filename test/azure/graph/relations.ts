import { badRequest, Collection, FederatedCredential, resourceNotFound } from '../entra/directory';
import { assignAppRole, view, viewAppRoleAssignment } from '../entra/registrations';
import { answer, Answer, AzureError } from '../http';
import { newId } from '../identifiers';
import { JsonObject } from '../json';
import type { GraphRequest } from './graph';
import { list } from './lists';

/** Relations that nothing here has anything of. */
const EMPTY = [
  'claimsMappingPolicies',
  'tokenIssuancePolicies',
  'tokenLifetimePolicies',
  'homeRealmDiscoveryPolicies',
  'extensionProperties',
  'appManagementPolicies',
  'oauth2PermissionGrants',
  'delegatedPermissionClassifications',
  'synchronization',
];

/** What hangs on a directory object, and what is done to it. */
export function relation(
  request: GraphRequest,
  collection: Collection,
  object: JsonObject,
  rest: readonly string[],
): Answer {
  const { cloud, call } = request;
  const name = rest[0].replace(/^microsoft\.graph\./, '');
  const lagging = call.method !== 'GET' && cloud.directory.isYoung(object);
  if (lagging && !(collection === 'servicePrincipals' && name === 'owners')) {
    throw resourceNotFound(object.id);
  }
  switch (name) {
    case 'addPassword':
      return answer(200, cloud.directory.addPassword(object, (call.json.passwordCredential ?? {}) as JsonObject));
    case 'removePassword':
      if (!cloud.directory.removePassword(object, String(call.json.keyId))) {
        throw badRequest(`No password credential found with keyId.`);
      }
      return answer(204);
    case 'federatedIdentityCredentials':
      return federatedCredentials(request, object, rest[1]);
    case 'appRoleAssignedTo':
      return appRoleAssignments(request, object, 'resourceId', rest[1]);
    case 'appRoleAssignments':
      return appRoleAssignments(request, object, 'principalId', rest[1]);
    case 'owners':
    case 'members':
    case 'transitiveMembers':
      return people(request, object, name === 'owners' ? 'owners' : 'members', rest);
    case 'memberOf':
    case 'transitiveMemberOf':
      return containers(request, object, 'members');
    case 'ownedObjects':
      return containers(request, object, 'owners');
    case 'logo':
    case 'manager':
      throw resourceNotFound(name);
    default:
      if (EMPTY.includes(name)) {
        return list(request, []);
      }
      throw badRequest(`Resource not found for the segment '${rest[0]}'.`, 'BadRequest');
  }
}

const MOST_FEDERATED = 20;

function federatedCredentials(request: GraphRequest, application: JsonObject, id: string | undefined): Answer {
  const { cloud, call } = request;
  const { federatedCredentials: all } = cloud.directory;
  const known = all.get(application.id) ?? [];
  if (call.method === 'POST') {
    const created = { description: null, ...call.json, id: newId() } as unknown as FederatedCredential;
    checkFederated(created, known);
    all.set(application.id, [...known, created]);
    return answer(201, created);
  }
  if (id === undefined) {
    return list(request, known);
  }
  const found = known.find((credential) => credential.id === id || credential.name === id);
  if (found === undefined) {
    throw resourceNotFound(id);
  }
  const others = known.filter((credential) => credential !== found);
  switch (call.method) {
    case 'DELETE':
      all.set(application.id, others);
      return answer(204);
    case 'PATCH':
      checkFederated({ ...found, ...call.json }, others);
      Object.assign(found, call.json);
      return answer(204);
    default:
      return answer(200, found);
  }
}

function checkFederated(
  { name, issuer, subject, audiences }: FederatedCredential,
  others: readonly FederatedCredential[],
): void {
  const conflict = (message: string): AzureError =>
    new AzureError(409, 'Request_MultipleObjectsWithSameKeyValue', message);
  if (!name || !issuer || !subject || !Array.isArray(audiences) || audiences.length === 0) {
    throw badRequest('name, issuer, subject and audiences of a federated identity credential are required.');
  }
  if (others.some((other) => other.name === name)) {
    throw conflict(`FederatedIdentityCredential with name ${name} already exists.`);
  }
  if (others.some((other) => other.issuer === issuer && other.subject === subject)) {
    throw conflict('FederatedIdentityCredential with the same issuer and subject already exists.');
  }
  if (others.length >= MOST_FEDERATED) {
    throw badRequest(
      `The object has exceeded the maximum number of federated identity credentials, ${MOST_FEDERATED}.`,
    );
  }
}

function appRoleAssignments(
  request: GraphRequest,
  object: JsonObject,
  side: 'resourceId' | 'principalId',
  id: string | undefined,
): Answer {
  const { cloud, call } = request;
  const { directory } = cloud;
  if (call.method === 'POST') {
    const { appRoleId, principalId, resourceId } = call.json as { [name: string]: string };
    return answer(
      201,
      viewAppRoleAssignment(directory, assignAppRole(directory, { appRoleId, principalId, resourceId })),
    );
  }
  if (id === undefined) {
    const found = directory.appRoleAssignments.of(side, object.id as string);
    return list(
      request,
      found.map((assignment) => viewAppRoleAssignment(directory, assignment)),
    );
  }
  const found = directory.appRoleAssignments.get(id);
  if (found === undefined || found[side] !== object.id) {
    throw resourceNotFound(id);
  }
  if (call.method === 'DELETE') {
    directory.appRoleAssignments.delete(id);
    return answer(204);
  }
  return answer(200, viewAppRoleAssignment(directory, found));
}

function people(
  request: GraphRequest,
  object: JsonObject,
  name: 'owners' | 'members',
  rest: readonly string[],
): Answer {
  const { cloud, call } = request;
  const { directory } = cloud;
  const ids = directory[name].get(object.id) ?? [];
  const [, id, reference] = rest;
  if (call.method === 'POST') {
    const added = String(call.json['@odata.id'] ?? '')
      .split('/')
      .pop()!;
    const target = directory.find(added);
    if (target === undefined || directory.isYoung(target)) {
      throw resourceNotFound(added);
    }
    if (ids.includes(added)) {
      throw badRequest(
        `One or more added object references already exist for the following modified properties: '${name}'.`,
      );
    }
    directory[name].set(object.id, [...ids, added]);
    return answer(204);
  }
  if (id !== undefined && id !== '$ref') {
    const found = ids.includes(id) ? directory.find(id) : undefined;
    if (found === undefined) {
      throw resourceNotFound(id);
    }
    if (call.method === 'DELETE' || reference === '$ref') {
      directory[name].set(
        object.id,
        ids.filter((other) => other !== id),
      );
      return answer(204);
    }
    return answer(200, view(directory, found));
  }
  return list(request, viewed(request, ids));
}

/** The objects that have this one as a member or an owner. */
function containers(request: GraphRequest, object: JsonObject, name: 'owners' | 'members'): Answer {
  const ids = [...request.cloud.directory[name]].filter(([, members]) => members.includes(object.id)).map(([id]) => id);
  return list(request, viewed(request, ids));
}

function viewed({ cloud: { directory } }: GraphRequest, ids: readonly string[]): JsonObject[] {
  return ids.flatMap((id) => {
    const object = directory.find(id);
    return object === undefined ? [] : [view(directory, object)];
  });
}
