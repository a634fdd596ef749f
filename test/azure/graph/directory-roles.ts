import { badRequest, isApplication, resourceNotFound } from '../entra/directory';
import { answer, Answer } from '../http';
import { randomText, TENANT_ID } from '../identifiers';
import { JsonObject } from '../json';
import { DIRECTORY_ROLES } from '../roles';
import type { GraphRequest } from './graph';
import { list } from './lists';

export function directoryRoleTemplates(request: GraphRequest): Answer {
  const templates = Object.entries(DIRECTORY_ROLES).map(([id, displayName]) => ({
    '@odata.type': '#microsoft.graph.directoryRoleTemplate',
    id,
    displayName,
    description: displayName,
    deletedDateTime: null,
  }));
  return listOrOne(request, templates, request.segments[1]);
}

/** `roleManagement/directory/…`. */
export function roleManagement(request: GraphRequest): Answer {
  const [, , kind, id] = request.segments;
  if (kind === 'roleDefinitions') {
    const definitions = Object.entries(DIRECTORY_ROLES).map(([templateId, displayName]) => ({
      id: templateId,
      displayName,
      description: displayName,
      isBuiltIn: true,
      isEnabled: true,
      templateId,
      version: '1',
      resourceScopes: ['/'],
      rolePermissions: [{ allowedResourceActions: ['microsoft.directory/applications/create'], condition: null }],
    }));
    return listOrOne(request, definitions, id);
  }
  if (kind !== 'roleAssignments') {
    throw resourceNotFound(request.call.path);
  }
  return roleAssignments(request, id);
}

function roleAssignments(request: GraphRequest, id: string | undefined): Answer {
  const { cloud, call } = request;
  const assignments = cloud.directory.roleAssignments;
  if (call.method === 'POST') {
    return assign(request);
  }
  if (call.method === 'DELETE' && id !== undefined && assignments.delete(id)) {
    return answer(204);
  }
  return listOrOne(request, [...assignments.values()].map(bodyOf), id);
}

function assign({ cloud, call }: GraphRequest): Answer {
  const { directory, clock } = cloud;
  const { principalId, roleDefinitionId, directoryScopeId } = call.json as { [name: string]: string | undefined };
  if (DIRECTORY_ROLES[String(roleDefinitionId)] === undefined) {
    throw badRequest(
      `The role definition '${String(roleDefinitionId)}' is not valid (built-in roles are referenced by template id).`,
    );
  }
  const principal = directory.find(String(principalId));
  if (principal === undefined || directory.isYoung(principal)) {
    throw resourceNotFound(String(principalId));
  }
  if (isApplication(principal)) {
    throw badRequest('The principal is not supported. Use the object id of the service principal.');
  }
  const scope = directoryScopeId ?? '/';
  const same = [...directory.roleAssignments.values()].some(
    (other) =>
      other.principalId === principalId &&
      other.roleDefinitionId === roleDefinitionId &&
      other.directoryScopeId === scope,
  );
  if (same) {
    throw badRequest(
      'A conflicting object with one or more of the specified property values is present in the directory.',
    );
  }
  const assignment = {
    id: randomText(24),
    principalId: principalId!,
    roleDefinitionId: roleDefinitionId!,
    directoryScopeId: scope,
    createdAt: clock.now(),
  };
  directory.roleAssignments.set(assignment.id, assignment);
  return answer(201, bodyOf(assignment));
}

function bodyOf({ createdAt: _createdAt, ...assignment }: JsonObject & { createdAt?: number }): JsonObject {
  return { ...assignment, appScopeId: null, resourceScope: '/', principalOrganizationId: TENANT_ID };
}

function listOrOne(request: GraphRequest, objects: readonly JsonObject[], id: string | undefined): Answer {
  if (id === undefined) {
    return list(request, objects);
  }
  const found = objects.find((object) => object.id === id);
  if (found === undefined) {
    throw resourceNotFound(id);
  }
  return answer(200, found);
}
