/** What a role of Azure lets do, as Azure writes it: patterns of operations. */
export interface AzureRole {
  readonly name: string;
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly dataActions: readonly string[];
  readonly notDataActions: readonly string[];
}

function role(name: string, actions: readonly string[], more: Partial<AzureRole> = {}): AzureRole {
  return { name, actions, notActions: [], dataActions: [], notDataActions: [], ...more };
}

const APIM = 'Microsoft.ApiManagement/service';
const VAULT = 'Microsoft.KeyVault/vaults';

/** Built-in roles of Azure by id: those that reach API Management, vaults and identities, and common ones that do not. */
const BUILT_IN: Readonly<Record<string, AzureRole>> = {
  '8e3af657-a8ff-443c-a75c-2fe8c4bcb635': role('Owner', ['*']),
  'b24988ac-6180-42a0-ab88-20f7382dd24c': role('Contributor', ['*'], {
    notActions: [
      'Microsoft.Authorization/*/Delete',
      'Microsoft.Authorization/*/Write',
      'Microsoft.Authorization/elevateAccess/Action',
    ],
  }),
  'acdd72a7-3385-48ef-bd42-f606fba81ae7': role('Reader', ['*/read']),
  '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9': role('User Access Administrator', ['*/read', 'Microsoft.Authorization/*']),
  'f58310d9-a9f6-439a-9e8d-f62e7b41a168': role('Role Based Access Control Administrator', [
    '*/read',
    'Microsoft.Authorization/roleAssignments/write',
    'Microsoft.Authorization/roleAssignments/delete',
  ]),
  '312a565d-c81f-4fd8-895a-4e21e48d571c': role('API Management Service Contributor', [`${APIM}/*`]),
  'e022efe7-f5ba-4159-bbe4-b44f577e9b61': role(
    'API Management Service Operator Role',
    [`${APIM}/*/read`, `${APIM}/backup/action`, `${APIM}/delete`, `${APIM}/restore/action`, `${APIM}/write`],
    { notActions: [`${APIM}/users/keys/read`] },
  ),
  '71522526-b88f-4d52-b57f-d31fc3546d0d': role(
    'API Management Service Reader Role',
    [`${APIM}/*/read`, `${APIM}/read`],
    {
      notActions: [`${APIM}/users/keys/read`],
    },
  ),
  'c031e6a8-4391-4de0-8d69-4706a7ed3729': role('API Management Developer Portal Content Editor', [
    `${APIM}/portalRevisions/*`,
    `${APIM}/contentTypes/*`,
  ]),
  '0c34c906-8d99-4cb7-8bb7-33f5b0a1a799': role('API Management Workspace Contributor', [`${APIM}/workspaces/*`]),
  '56328988-075d-4c6a-8766-d93edd6725b6': role('API Management Workspace API Developer', [
    `${APIM}/workspaces/*/read`,
    `${APIM}/workspaces/apis/*`,
    `${APIM}/workspaces/policies/*`,
  ]),
  '73c2c328-d004-4c5e-938c-35c6f5679a1f': role('API Management Workspace API Product Manager', [
    `${APIM}/workspaces/*/read`,
    `${APIM}/workspaces/products/*`,
    `${APIM}/workspaces/subscriptions/*`,
  ]),
  'ef1c2c96-4a77-49e8-b9a4-6179fe1d2fd2': role('API Management Workspace Reader', [`${APIM}/workspaces/*/read`]),
  '00482a5a-887f-4fb3-b363-3b7fe8e74483': role('Key Vault Administrator', [`${VAULT}/*/read`], {
    dataActions: [`${VAULT}/*`],
  }),
  'b86a8fe4-44ce-4948-aee5-eccb2c155cd7': role('Key Vault Secrets Officer', [`${VAULT}/*/read`], {
    dataActions: [`${VAULT}/secrets/*`],
  }),
  '4633458b-17de-408a-b874-0445c86b69e6': role('Key Vault Secrets User', [], {
    dataActions: [`${VAULT}/secrets/getSecret/action`, `${VAULT}/secrets/readMetadata/action`],
  }),
  '21090545-7ca7-4776-b22c-e363652d74d2': role('Key Vault Reader', [`${VAULT}/*/read`], {
    dataActions: [`${VAULT}/*/read`, `${VAULT}/secrets/readMetadata/action`],
  }),
  'f25e0fa2-a7c8-4377-a976-54943a77a395': role('Key Vault Contributor', [`${VAULT}/*`], {
    notActions: ['Microsoft.KeyVault/locations/deletedVaults/purge/action', 'Microsoft.KeyVault/hsmPools/*'],
  }),
  'a4417e6f-fecd-4de8-b567-7b0420556985': role('Key Vault Certificates Officer', [`${VAULT}/*/read`], {
    dataActions: [`${VAULT}/certificatecas/*`, `${VAULT}/certificates/*`],
  }),
  'db79e9a7-68ee-4b58-9aeb-b90e7c24fcba': role('Key Vault Certificate User', [], {
    dataActions: [
      `${VAULT}/certificates/read`,
      `${VAULT}/secrets/getSecret/action`,
      `${VAULT}/secrets/readMetadata/action`,
      `${VAULT}/keys/read`,
    ],
  }),
  '14b46e9e-c2b7-41b4-b07b-48a6ebf60603': role('Key Vault Crypto Officer', [`${VAULT}/*/read`], {
    dataActions: [`${VAULT}/keys/*`],
  }),
  '12338af0-0e69-4776-bea7-57ae8d297424': role('Key Vault Crypto User', [], {
    dataActions: [`${VAULT}/keys/read`, `${VAULT}/keys/sign/action`, `${VAULT}/keys/verify/action`],
  }),
  '8b54135c-b56d-4d72-a534-26097cfdc8d8': role('Key Vault Data Access Administrator', [
    'Microsoft.Authorization/roleAssignments/write',
    'Microsoft.Authorization/roleAssignments/delete',
    `${VAULT}/*/read`,
  ]),
  'e40ec5ca-96e0-45a2-b4ff-59039f2c2b59': role('Managed Identity Contributor', [
    'Microsoft.ManagedIdentity/userAssignedIdentities/read',
    'Microsoft.ManagedIdentity/userAssignedIdentities/write',
    'Microsoft.ManagedIdentity/userAssignedIdentities/delete',
    'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/*',
  ]),
  'f1a07417-d97a-45cb-824c-7a7467783830': role('Managed Identity Operator', [
    'Microsoft.ManagedIdentity/userAssignedIdentities/*/read',
    'Microsoft.ManagedIdentity/userAssignedIdentities/*/assign/action',
    'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action',
  ]),
  '7f951dda-4ed3-4680-a7ca-43fe172d538d': role('AcrPull', ['Microsoft.ContainerRegistry/registries/pull/read']),
  '43d0d8ad-25c7-4714-9337-8ba259a9fe05': role('Monitoring Reader', ['*/read']),
  '3913510d-42f4-4e42-8a64-420c390055eb': role('Monitoring Metrics Publisher', ['Microsoft.Insights/Metrics/Write']),
  '73c42c96-874c-492b-b04d-ab87d138a893': role('Log Analytics Reader', ['*/read']),
  '72fafb9e-0641-4937-9268-a91bfd8191a3': role('Cost Management Reader', ['Microsoft.Consumption/*/read']),
  '39bc4728-0917-49c7-9d2c-d95423bc2eb4': role('Security Reader', ['Microsoft.Security/*/read']),
  '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1': role('Storage Blob Data Reader', [
    'Microsoft.Storage/storageAccounts/blobServices/containers/read',
  ]),
};

const BY_NAME: ReadonlyMap<string, AzureRole> = new Map(
  Object.values(BUILT_IN).map((found) => [found.name.toLowerCase(), found]),
);

export function azureRoleById(id: string | undefined): AzureRole | undefined {
  return id !== undefined && Object.hasOwn(BUILT_IN, id) ? BUILT_IN[id] : undefined;
}

export function azureRoleByName(name: string | undefined): AzureRole | undefined {
  return name === undefined ? undefined : BY_NAME.get(name.toLowerCase());
}

/** What a role lets do that is a step towards a token or a call. */
export interface Capability {
  /** What of the scope it is about. */
  readonly over: 'instance' | 'vault' | 'identity' | 'anything';
  /** Completes "anyone who has it may ...". */
  readonly allows: string;
  /** The edge in a way in, as BloodHound calls it. */
  readonly edge: string;
  readonly operations: readonly string[];
  readonly data?: true;
}

export const CAPABILITIES: readonly Capability[] = [
  {
    over: 'anything',
    allows: 'give roles to anyone',
    edge: 'AZUserAccessAdministrator',
    operations: ['Microsoft.Authorization/roleAssignments/write'],
  },
  {
    over: 'instance',
    allows: 'change products, APIs, policies, keys and clients',
    edge: 'AZContributor',
    operations: [
      'products/write',
      'products/policies/write',
      'apis/write',
      'apis/policies/write',
      'policies/write',
      'policyFragments/write',
      'subscriptions/write',
      'clientApplications/write',
      'clientApplications/productLinks/write',
      'namedValues/write',
      'tenant/write',
      'users/write',
      'groups/users/write',
      'identityProviders/write',
      'portalsettings/write',
      'workspaces/products/write',
      'workspaces/apis/write',
      'workspaces/policies/write',
      'write',
    ].map((operation) => `${APIM}/${operation}`),
  },
  {
    over: 'instance',
    allows: 'read keys and make secrets of clients',
    edge: 'APIMListSecrets',
    operations: [
      'subscriptions/listSecrets/action',
      'clientApplications/listSecrets/action',
      'tenant/listSecrets/action',
      'users/token/action',
      'gateways/listKeys/action',
      'workspaces/subscriptions/listSecrets/action',
    ].map((operation) => `${APIM}/${operation}`),
  },
  {
    over: 'vault',
    allows: 'read secrets',
    edge: 'AZGetSecrets',
    operations: [`${VAULT}/secrets/getSecret/action`],
    data: true,
  },
  {
    over: 'vault',
    allows: 'sign with keys',
    edge: 'AZGetKeys',
    operations: [`${VAULT}/keys/sign/action`],
    data: true,
  },
  {
    over: 'vault',
    allows: 'import and change certificates',
    edge: 'AZGetCertificates',
    operations: [`${VAULT}/certificates/import/action`, `${VAULT}/certificates/update/action`],
    data: true,
  },
  {
    over: 'vault',
    allows: 'let anyone read the vault by an access policy',
    edge: 'AZVaultContributor',
    operations: [`${VAULT}/write`, `${VAULT}/accessPolicies/write`],
  },
  {
    over: 'identity',
    allows: 'let others act as the identity',
    edge: 'AZContributor',
    operations: [
      'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action',
      'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/write',
    ],
  },
];

interface Rest extends Omit<Capability, 'operations'> {
  /** What operations of it begin with, in lower case. */
  readonly of: string;
  /** Operations that lead to no token and no call. */
  readonly harmless: RegExp;
}

const READS = /\/read$|\/readmetadata\/action$/;

/** Everything else that a role may do to what access depends on: an operation that nobody has looked at is not harmless. */
const REST: readonly Rest[] = [
  {
    over: 'anything',
    allows: 'change roles or policies of Azure',
    edge: 'AZUserAccessAdministrator',
    of: 'microsoft.authorization/',
    harmless: /^microsoft\.authorization\/locks\//,
  },
  {
    over: 'instance',
    allows: 'change something of the instance',
    edge: 'AZContributor',
    of: 'microsoft.apimanagement/',
    harmless: /^microsoft\.apimanagement\/service\/(?:portalrevisions|contenttypes|tags|loggers|templates)\//,
  },
  {
    over: 'vault',
    allows: 'use or change what the vault holds',
    edge: 'AZGetSecrets',
    of: 'microsoft.keyvault/vaults/',
    harmless: /^microsoft\.keyvault\/vaults\/keys\/(?:wrap|unwrap|encrypt|decrypt|verify)\/action$/,
    data: true,
  },
  {
    over: 'vault',
    allows: 'change the vault',
    edge: 'AZVaultContributor',
    of: 'microsoft.keyvault/',
    harmless: /^microsoft\.keyvault\/(?:locations|checknameavailability|register)\//,
  },
  {
    over: 'identity',
    allows: 'change the identity',
    edge: 'AZContributor',
    of: 'microsoft.managedidentity/',
    harmless: /^microsoft\.managedidentity\/register\//,
  },
];

/** What of the capabilities a role gives. */
export function capabilitiesOf(given: AzureRole): readonly Capability[] {
  const found = knownCapabilities(given);
  const rest = REST.filter(
    ({ over, of, harmless, data }) =>
      !found.some((known) => known.over === over && known.data === data) &&
      (data === true ? given.dataActions : given.actions)
        .map((action) => action.toLowerCase())
        .some(
          (action) =>
            action.startsWith(of) &&
            !READS.test(action) &&
            !harmless.test(action) &&
            !covers(data === true ? given.notDataActions : given.notActions, action),
        ),
  ).map((capability) => ({ ...capability, operations: [] }));
  return [...found, ...rest];
}

function knownCapabilities(given: AzureRole): readonly Capability[] {
  return CAPABILITIES.filter(({ operations, data }) =>
    operations.some((operation) =>
      data === true
        ? covers(given.dataActions, operation) && !covers(given.notDataActions, operation)
        : covers(given.actions, operation) && !covers(given.notActions, operation),
    ),
  );
}

function covers(patterns: readonly string[], operation: string): boolean {
  return patterns.some((pattern) => matches(pattern.toLowerCase(), operation.toLowerCase()));
}

/** `*` matches any text; compared piece by piece, since a role may come from anybody. */
function matches(pattern: string, operation: string): boolean {
  const [first = '', ...pieces] = pattern.split('*');
  const last = pieces.pop();
  if (last === undefined) {
    return pattern === operation;
  }
  if (!operation.startsWith(first)) {
    return false;
  }
  let position = first.length;
  for (const piece of pieces) {
    const found = operation.indexOf(piece, position);
    if (found < 0) {
      return false;
    }
    position = found + piece.length;
  }
  return operation.length - last.length >= position && operation.endsWith(last);
}
