import { harmless, harmlessWhen, judged, rules, whenMade, type KindRow } from './row';

const OF_AZURE = 'Azure computes it';

/** Key Vault, managed identities and roles of Azure, as far as they affect access to products. */
export const AZURE = {
  identity: {
    types: ['azurerm_user_assigned_identity'],
    armTypes: ['microsoft.managedidentity/userassignedidentities'],
    may: 'change who acts as the identity',
    incidental: true,
    // an identity has access by grants, each of which is reported
    existence: [
      { concern: 'existence' },
      { harmless: 'nobody has a product by it until something gives one', when: whenMade },
    ],
    attributes: rules(
      judged('existence', 'name', 'parent_id', 'resource_group_name', 'location'),
      harmlessWhen('it has no grants yet', whenMade, 'name', 'parent_id', 'resource_group_name', 'location'),
      harmless(OF_AZURE, 'client_id', 'principal_id', 'tenant_id'),
    ),
  },
  'key vault secret': {
    types: ['azurerm_key_vault_secret'],
    armTypes: ['microsoft.keyvault/vaults/secrets'],
    may: 'store a client’s secret for other readers, or remove it from its readers',
    incidental: true,
    existence: [{ concern: 'credential' }],
    attributes: rules(
      judged('credential', 'name', 'key_vault_id', 'value', 'value_wo', 'value_wo_version', 'expiration_date'),
      harmless('it says the kind of the text, and from when it is valid', 'content_type', 'not_before_date'),
      harmless(OF_AZURE, 'version', 'versionless_id', 'resource_id', 'resource_versionless_id'),
    ),
  },
  'key vault certificate': {
    types: ['azurerm_key_vault_certificate'],
    may: 'change with which certificate a client signs in',
    incidental: true,
    existence: [{ concern: 'credential' }],
    attributes: rules(
      judged('credential', 'name', 'key_vault_id', 'certificate', 'certificate_policy'),
      harmless(
        OF_AZURE,
        'version',
        'versionless_id',
        'secret_id',
        'versionless_secret_id',
        'resource_manager_id',
        'resource_manager_versionless_id',
        'thumbprint',
        'certificate_data',
        'certificate_data_base64',
        'certificate_attribute',
      ),
    ),
  },
  'resource action': {
    may: 'read secrets, or change anything of the object that it is called on',
    incidental: true,
    existence: [{ concern: 'credential' }, { concern: 'existence' }],
    attributes: rules(
      judged('credential', 'action', 'method', 'resource_id', 'when'),
      // the parent and the name are read from the id
      judged('existence', 'body', 'method', 'resource_id', 'parent_id', 'name', 'when'),
    ),
  },
  'azure role assignment': {
    types: ['azurerm_role_assignment', 'azurerm_pim_active_role_assignment', 'azurerm_pim_eligible_role_assignment'],
    armTypes: [
      'microsoft.authorization/roleassignments',
      'microsoft.authorization/roleassignmentschedulerequests',
      'microsoft.authorization/roleeligibilityschedulerequests',
    ],
    may: 'give somebody a role of Azure on the instance or a vault',
    incidental: true,
    existence: [{ concern: 'privilege' }],
    attributes: rules(
      judged(
        'privilege',
        'scope',
        'parent_id',
        'principal_id',
        'role_definition_id',
        'role_definition_name',
        'condition',
        'condition_version',
        'schedule',
        'body.properties.principalId',
        'body.properties.roleDefinitionId',
        'body.properties.condition',
        'body.properties.conditionVersion',
        'body.properties.requestType',
        'body.properties.scheduleInfo',
      ),
      harmless(
        'it says how and why the role is given, not to whom',
        'name',
        'description',
        'justification',
        'ticket',
        'principal_type',
        'skip_service_principal_aad_check',
        'body.properties.principalType',
        'body.properties.description',
        'body.properties.justification',
      ),
    ),
  },
  'management lock': {
    types: ['azurerm_management_lock'],
    armTypes: ['microsoft.authorization/locks'],
    may: 'let those who have a role change what the lock protects',
    incidental: true,
    existence: [{ harmless: 'a lock that is made lets nobody do more', when: whenMade }],
    attributes: rules(
      harmlessWhen('a lock that is made lets nobody do more', whenMade, ''),
      harmless('it is for people', 'notes', 'body.properties.notes'),
    ),
  },
  'azure role definition': {
    types: ['azurerm_role_definition'],
    armTypes: ['microsoft.authorization/roledefinitions'],
    may: 'change what the holders of the role may do',
    incidental: true,
    existence: [{ harmless: 'only an assignment gives it to somebody', when: whenMade }],
    attributes: rules(
      judged('privilege', 'permissions', 'body.properties.permissions'),
      harmlessWhen('only an assignment gives it to somebody', whenMade, ''),
      harmless('an assignment says where it is given', 'assignable_scopes', 'body.properties.assignableScopes'),
      harmless('it is for people', 'name', 'description', 'body.properties.roleName', 'body.properties.description'),
    ),
  },
  'key vault': {
    types: ['azurerm_key_vault'],
    armTypes: ['microsoft.keyvault/vaults'],
    may: 'change who reads secrets and keys of clients',
    incidental: true,
    existence: [{ harmless: 'a new vault is empty', when: whenMade }],
    attributes: rules(
      harmlessWhen('a new vault is empty', whenMade, ''),
      judged('privilege', 'access_policy', 'body.properties.accessPolicies'),
      harmless(
        'it decides how long and where the vault keeps its contents, not who reads them',
        'sku_name',
        'soft_delete_retention_days',
        'purge_protection_enabled',
        'contact',
      ),
    ),
  },
  'key vault access policy': {
    types: ['azurerm_key_vault_access_policy'],
    armTypes: ['microsoft.keyvault/vaults/accesspolicies'],
    may: 'let somebody read secrets and keys of clients',
    incidental: true,
    existence: [{ concern: 'privilege' }],
    attributes: rules(
      judged(
        'privilege',
        'key_vault_id',
        'parent_id',
        'tenant_id',
        'object_id',
        'application_id',
        'secret_permissions',
        'certificate_permissions',
        'key_permissions',
        'storage_permissions',
        'name',
        'body.properties.accessPolicies',
      ),
    ),
  },
} as const satisfies Readonly<Record<string, KindRow>>;
