import { Cloud } from './cloud';
import { newApplication, newServicePrincipal } from './entra/registrations';
import { userPrincipalName } from './entra/directory';
import { ADMINISTRATOR_ID, DEPLOYER, MICROSOFT_GRAPH, SUBSCRIPTION_ID } from './identifiers';
import { AZURE_ROLES, GRAPH_PERMISSIONS } from './roles';

/** What every tenant starts with: Microsoft Graph, an administrator, and a deployer that may do all. */
export function seedTenant(cloud: Cloud): void {
  const { directory, clock } = cloud;
  const graph = newServicePrincipal(
    directory,
    {
      appId: MICROSOFT_GRAPH,
      displayName: 'Microsoft Graph',
      appDisplayName: 'Microsoft Graph',
      appOwnerOrganizationId: 'f8cdef31-a31e-4b4a-93e4-5f571e91255a',
      servicePrincipalNames: [MICROSOFT_GRAPH, 'https://graph.microsoft.com'],
      appRoles: Object.entries(GRAPH_PERMISSIONS).map(([value, id]) => ({
        id,
        value,
        displayName: value,
        description: value,
        isEnabled: true,
        allowedMemberTypes: ['Application'],
        origin: 'Application',
      })),
      oauth2PermissionScopes: [
        { id: 'e1fe6dd8-ba31-4d61-89e7-88639da4683d', value: 'User.Read', type: 'User', isEnabled: true },
      ],
    },
    'seed',
  );
  const application = newApplication(
    directory,
    { id: DEPLOYER.applicationObjectId, appId: DEPLOYER.clientId, displayName: 'deployer' },
    'seed',
  );
  directory.addPassword(application, { displayName: 'deployer' }, DEPLOYER.clientSecret);
  newServicePrincipal(directory, { id: DEPLOYER.objectId, appId: DEPLOYER.clientId, displayName: 'deployer' }, 'seed');
  for (const [value, appRoleId] of Object.entries(GRAPH_PERMISSIONS)) {
    directory.appRoleAssignments.add({
      id: `seed-${value}`,
      appRoleId,
      principalId: DEPLOYER.objectId,
      resourceId: graph.id,
      createdAt: clock.now(),
      seeded: true,
    });
  }
  directory.add(
    'users',
    {
      id: ADMINISTRATOR_ID,
      displayName: 'Administrator',
      userPrincipalName: userPrincipalName('admin'),
      mail: userPrincipalName('admin'),
      mailNickname: 'admin',
      accountEnabled: true,
      userType: 'Member',
    },
    'seed',
  );
  assignAzureRole(cloud, `/subscriptions/${SUBSCRIPTION_ID}`, 'Owner', DEPLOYER.objectId, true);
}

/** A role assignment as if somebody had made it in the portal. */
export function assignAzureRole(
  cloud: Cloud,
  scope: string,
  role: string,
  principalId: string,
  seeded = false,
): string {
  const definition = AZURE_ROLES[role];
  if (definition === undefined) {
    throw new Error(
      `role: no such role, got ${JSON.stringify(role)}; use one of ${Object.keys(AZURE_ROLES).join(', ')}`,
    );
  }
  const name = seeded ? definition.id : undefined;
  const id = `${scope}/providers/Microsoft.Authorization/roleAssignments/${name ?? crypto.randomUUID()}`;
  cloud.store.put(
    id,
    {
      properties: {
        roleDefinitionId: `/subscriptions/${SUBSCRIPTION_ID}/providers/Microsoft.Authorization/roleDefinitions/${definition.id}`,
        principalId,
        principalType: 'ServicePrincipal',
        scope,
        condition: null,
        conditionVersion: null,
        description: null,
        delegatedManagedIdentityResourceId: null,
        createdOn: cloud.clock.iso(),
      },
    },
    cloud.clock.now(),
    { seeded },
  );
  return id;
}
