import { harmless, harmlessWhen, judged, rules, whenMade, type KindRow } from './row';

const OF_AZURE = 'Azure computes it';

/** Key Vault, managed identities and roles of Azure, as far as they bear on access to products. */
export const AZURE = {
  identity: {
    types: ['azurerm_user_assigned_identity'],
    armTypes: ['microsoft.managedidentity/userassignedidentities'],
    may: 'change who acts as the identity',
    incidental: true,
    // an identity has access by grants, each of which is told
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
    may: 'hold a client’s secret for other readers, or take it from those that have it',
    incidental: true,
    existence: [{ concern: 'credential' }],
    attributes: rules(
      judged('credential', 'name', 'key_vault_id', 'value', 'value_wo', 'value_wo_version', 'expiration_date'),
      harmless('it says what kind of text it is, and from when', 'content_type', 'not_before_date'),
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
    may: 'read secrets, or write anything of the object that it is called on',
    incidental: true,
    existence: [{ concern: 'credential' }, { concern: 'existence' }],
    attributes: rules(
      judged('credential', 'action', 'method', 'resource_id', 'when'),
      judged('existence', 'body', 'method', 'resource_id', 'when'),
    ),
  },
} as const satisfies Readonly<Record<string, KindRow>>;
