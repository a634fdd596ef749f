/** Directory roles of Entra, by template id. */
export const DIRECTORY_ROLES: { readonly [templateId: string]: string } = {
  '62e90394-69f5-4237-9190-012177145e10': 'Global Administrator',
  '9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3': 'Application Administrator',
  '158c047a-c907-4556-b7ef-446551a6b5f7': 'Cloud Application Administrator',
  'cf1c38e5-3621-4004-a7cb-879624dced7c': 'Application Developer',
  'e8611ab8-c189-46e8-94e1-60213ab1f814': 'Privileged Role Administrator',
  '88d8e3e3-8f55-4a1e-953a-9b9898b8876b': 'Directory Readers',
  '9360feb5-f418-4baa-8175-e2a00bac4301': 'Directory Writers',
  'f2ef992c-3afb-46b9-b7cf-a126ee74c451': 'Global Reader',
  'fe930be7-5e62-47db-91af-98c3a49a38b1': 'User Administrator',
  'fdd7a751-b60b-444a-984c-02652fe8fa1c': 'Groups Administrator',
};

export const APPLICATION_ADMINISTRATOR = '9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3';
export const CLOUD_APPLICATION_ADMINISTRATOR = '158c047a-c907-4556-b7ef-446551a6b5f7';

/** Application permissions of Microsoft Graph: value and id. */
export const GRAPH_PERMISSIONS: { readonly [value: string]: string } = {
  'Application.ReadWrite.OwnedBy': '18a4783c-866b-4cc7-a460-3d5e5662c884',
  'Application.ReadWrite.All': '1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9',
  'Application.Read.All': '9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30',
  'AppRoleAssignment.ReadWrite.All': '06b708a9-e830-4db3-a914-8e69da51d44f',
  'Directory.Read.All': '7ab1d382-f21e-4acd-a863-ba3e13f7da61',
  'Directory.ReadWrite.All': '19dbc75e-c2e2-444c-a770-ec69d8559fc7',
  'RoleManagement.Read.Directory': '483bed4a-2ad3-4361-a73b-c83ccdbdc53c',
  'RoleManagement.ReadWrite.Directory': '9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8',
  'User.Read.All': 'df021288-bdef-4463-88db-98f22de89214',
  'User.ReadWrite.All': '741f803b-c850-494e-b5df-cde7c675a1ca',
  'Group.Read.All': '5b567255-7703-4780-807c-7be8301ae99b',
  'Group.ReadWrite.All': '62a82d76-70ea-41e2-9197-370581804d09',
};

export interface AzureRole {
  readonly id: string;
  readonly actions: readonly string[];
  readonly notActions?: readonly string[];
  readonly dataActions?: readonly string[];
}

const SECRETS = 'Microsoft.KeyVault/vaults/secrets';
const CERTIFICATES = 'Microsoft.KeyVault/vaults/certificates';
const KEYS = 'Microsoft.KeyVault/vaults/keys';

/** Roles of Azure with what they allow, as far as requests to this Azure are concerned. */
export const AZURE_ROLES: { readonly [name: string]: AzureRole } = {
  Owner: { id: '8e3af657-a8ff-443c-a75c-2fe8c4bcb635', actions: ['*'] },
  Contributor: {
    id: 'b24988ac-6180-42a0-ab88-20f7382dd24c',
    actions: ['*'],
    notActions: ['Microsoft.Authorization/*/Delete', 'Microsoft.Authorization/*/Write'],
  },
  Reader: { id: 'acdd72a7-3385-48ef-bd42-f606fba81ae7', actions: ['*/read'] },
  'User Access Administrator': {
    id: '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9',
    actions: ['*/read', 'Microsoft.Authorization/*'],
  },
  'Role Based Access Control Administrator': {
    id: 'f58310d9-a9f6-439a-9e8d-f62e7b41a168',
    actions: ['*/read', 'Microsoft.Authorization/roleAssignments/*'],
  },
  'API Management Service Contributor': {
    id: '312a565d-c81f-4fd8-895a-4e21e48d571c',
    actions: ['Microsoft.ApiManagement/service/*', 'Microsoft.Resources/subscriptions/resourceGroups/read'],
  },
  'API Management Service Reader Role': {
    id: '71522526-b88f-4d52-b57f-d31fc3546d0d',
    actions: ['Microsoft.ApiManagement/service/*/read', 'Microsoft.ApiManagement/service/read'],
    notActions: ['Microsoft.ApiManagement/service/users/keys/read'],
  },
  'API Management Service Operator Role': {
    id: 'e022efe7-f5ba-4159-bbe4-b44f577e9b61',
    actions: ['Microsoft.ApiManagement/service/*/read', 'Microsoft.ApiManagement/service/read'],
  },
  'Key Vault Contributor': { id: 'f25e0fa2-a7c8-4377-a976-54943a77a395', actions: ['Microsoft.KeyVault/*'] },
  'Key Vault Administrator': {
    id: '00482a5a-887f-4fb3-b363-3b7fe8e74483',
    actions: ['Microsoft.KeyVault/*/read'],
    dataActions: ['Microsoft.KeyVault/vaults/*'],
  },
  'Key Vault Secrets Officer': {
    id: 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7',
    actions: ['Microsoft.KeyVault/*/read'],
    dataActions: [`${SECRETS}/*`],
  },
  'Key Vault Secrets User': {
    id: '4633458b-17de-408a-b874-0445c86b69e6',
    actions: [],
    dataActions: [`${SECRETS}/getSecret/action`, `${SECRETS}/readMetadata/action`],
  },
  'Key Vault Reader': {
    id: '21090545-7ca7-4776-b22c-e363652d74d2',
    actions: ['Microsoft.KeyVault/*/read'],
    dataActions: ['Microsoft.KeyVault/vaults/*/read', `${SECRETS}/readMetadata/action`],
  },
  'Key Vault Certificates Officer': {
    id: 'a4417e6f-fecd-4de8-b567-7b0420556985',
    actions: ['Microsoft.KeyVault/*/read'],
    dataActions: [`${CERTIFICATES}/*`],
  },
  'Key Vault Certificate User': {
    id: 'db79e9a7-68ee-4b58-9aeb-b90e7c24fcba',
    actions: [],
    dataActions: [
      `${CERTIFICATES}/read`,
      `${SECRETS}/getSecret/action`,
      `${SECRETS}/readMetadata/action`,
      `${KEYS}/read`,
    ],
  },
  'Key Vault Crypto User': {
    id: '12338af0-0e69-4776-bea7-57ae8d297424',
    actions: [],
    dataActions: [`${KEYS}/read`, `${KEYS}/sign/action`, `${KEYS}/verify/action`],
  },
  'Managed Identity Contributor': {
    id: 'e40ec5ca-96e0-45a2-b4ff-59039f2c2b59',
    actions: ['Microsoft.ManagedIdentity/userAssignedIdentities/*'],
  },
  'Managed Identity Operator': {
    id: 'f1a07417-d97a-45cb-824c-7a7467783830',
    actions: ['Microsoft.ManagedIdentity/userAssignedIdentities/*/read'],
  },
};

/** Whether a pattern of a role, such as `Microsoft.KeyVault/vaults/read`, covers an action. */
export function covers(patterns: readonly string[] | undefined, action: string): boolean {
  return (patterns ?? []).some((pattern) => {
    const escaped = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
    return new RegExp(`^${escaped}$`, 'i').test(action);
  });
}
