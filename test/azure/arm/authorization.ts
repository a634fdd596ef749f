import { collectionOf, isApplication } from '../entra/directory';
import { answer, AzureError } from '../http';
import { SUBSCRIPTION_ID, TENANT_ID } from '../identifiers';
import { JsonObject } from '../json';
import { filterOf } from '../odata';
import { AZURE_ROLES } from '../roles';
import { ArmType, Request } from './arm-type';
import { resourceAnswer } from './resource-answer';
import { keyOf, parseResourceId } from './resource-id';
import { Resource } from './store';

const ROLE_ASSIGNMENTS = 'microsoft.authorization/roleassignments';

function definitionBody(name: string, scope: string): JsonObject {
  const { id, actions, notActions, dataActions } = AZURE_ROLES[name];
  const prefix = scope.startsWith('/subscriptions') ? `/subscriptions/${SUBSCRIPTION_ID}` : '';
  return {
    id: `${prefix}/providers/Microsoft.Authorization/roleDefinitions/${id}`,
    type: 'Microsoft.Authorization/roleDefinitions',
    name: id,
    properties: {
      roleName: name,
      type: 'BuiltInRole',
      description: name,
      assignableScopes: ['/'],
      permissions: [{ actions, notActions: notActions ?? [], dataActions: dataActions ?? [], notDataActions: [] }],
    },
  };
}

// Built-in roles are there without anybody making them; custom ones are kept like any resource.
const roleDefinitions: ArmType = {
  handle: ({ call, parsed }) => {
    if (call.method !== 'GET') {
      return undefined;
    }
    if (parsed.collection) {
      const named = /roleName eq '([^']*)'/i.exec(call.query.get('$filter') ?? '')?.[1].toLowerCase();
      const names = Object.keys(AZURE_ROLES).filter((name) => named === undefined || name.toLowerCase() === named);
      return answer(200, { value: names.map((name) => definitionBody(name, parsed.scope)) });
    }
    const name = builtIn(parsed.names[0]);
    return name === undefined ? undefined : answer(200, definitionBody(name, parsed.scope));
  },
};

const roleAssignments: ArmType = {
  handle: (request) =>
    request.parsed.collection && request.call.method === 'GET'
      ? answer(200, { value: assignmentsAround(request).map(resourceAnswer) })
      : undefined,
  write: ({ cloud, id, parsed, body, before }) => {
    const { principalId, principalType, roleDefinitionId, ...rest } = (body.properties ?? {}) as JsonObject;
    const role = String(roleDefinitionId ?? '')
      .split('/')
      .pop()!;
    if (parsed.scope.toLowerCase().includes('/providers/') && cloud.store.get(parsed.scope) === undefined) {
      throw new AzureError(404, 'ResourceNotFound', `The Resource '${parsed.scope}' was not found.`);
    }
    if (builtIn(role) === undefined) {
      throw new AzureError(
        400,
        'RoleDefinitionDoesNotExist',
        `The specified role definition with ID '${role}' does not exist.`,
      );
    }
    if (!/^[0-9a-f-]{36}$/i.test(parsed.names[0])) {
      throw new AzureError(
        400,
        'InvalidRoleAssignmentId',
        `The role assignment ID '${parsed.names[0]}' is not valid. The role assignment ID must be a GUID.`,
      );
    }
    const principal = cloud.directory.find(String(principalId));
    if (principal === undefined || (cloud.directory.isYoung(principal) && principalType === undefined)) {
      throw new AzureError(
        400,
        'PrincipalNotFound',
        `Principal ${principalId} does not exist in the directory ${TENANT_ID}. Check that you have the correct principal ID. If you are creating this principal and then immediately assigning a role, this error might be related to a replication delay. In this case, set the role assignment principalType property to a value, such as ServicePrincipal, User, or Group.`,
      );
    }
    if (isApplication(principal)) {
      throw new AzureError(
        400,
        'UnmatchedPrincipalType',
        'The PrincipalId has type Application, which cannot be assigned a role.',
      );
    }
    if (before !== undefined) {
      throw new AzureError(
        409,
        'RoleAssignmentUpdateNotPermitted',
        'Tenant ID, application ID, principal ID, and scope are not allowed to be updated.',
      );
    }
    const siblings = cloud.store.list(id.slice(0, id.lastIndexOf('/')));
    if (
      siblings.some(
        ({ body: { properties } }) =>
          properties.principalId === principalId && properties.roleDefinitionId.endsWith(role),
      )
    ) {
      throw new AzureError(409, 'RoleAssignmentExists', 'The role assignment already exists.');
    }
    const types: JsonObject = { users: 'User', groups: 'Group' };
    return {
      body: {
        properties: {
          condition: null,
          conditionVersion: null,
          description: null,
          delegatedManagedIdentityResourceId: null,
          ...rest,
          roleDefinitionId: `/subscriptions/${SUBSCRIPTION_ID}/providers/Microsoft.Authorization/roleDefinitions/${role}`,
          principalId,
          principalType: types[collectionOf(principal)] ?? 'ServicePrincipal',
          scope: parsed.scope || '/',
          createdOn: cloud.clock.iso(),
        },
      },
    };
  },
  removed: (_request, resource) => answer(200, resourceAnswer(resource)),
};

/** Assignments at the scope, above it, and below it. */
function assignmentsAround({ cloud, call, parsed }: Request): Resource[] {
  const scope = keyOf(parsed.scope);
  const filter = call.query.get('$filter')?.replace(/atScope\(\)( and )?/i, '') ?? '';
  const test = filter === '' ? () => true : filterOf(filter.replace(/assignedTo\('([^']*)'\)/i, "principalId eq '$1'"));
  return cloud.store.ofType(ROLE_ASSIGNMENTS).filter((resource) => {
    const at = keyOf(parseResourceId(resource.id)!.scope);
    return (scope.startsWith(at) || at.startsWith(scope)) && test(resource.body.properties as JsonObject);
  });
}

function builtIn(id: string): string | undefined {
  return Object.keys(AZURE_ROLES).find((name) => AZURE_ROLES[name].id === id.toLowerCase());
}

const nothing: ArmType = {
  handle: ({ call, parsed }) => (parsed.collection && call.method === 'GET' ? answer(200, { value: [] }) : undefined),
};

export const AUTHORIZATION_TYPES: { readonly [type: string]: ArmType } = {
  'microsoft.authorization/roledefinitions': roleDefinitions,
  [ROLE_ASSIGNMENTS]: roleAssignments,
  'microsoft.authorization/policyassignments': nothing,
  'microsoft.authorization/denyassignments': nothing,
  'microsoft.authorization/permissions': nothing,
};
