import { Terraform } from './support';

/*
 * Finds what would put a secret into Terraform's state: by block type, by argument, by what azapi is asked to export, and
 * by references. Write-only arguments and ephemeral blocks are in no state.
 *
 * What a provider keeps of what it manages is not a program's to say: azurerm reads the management access keys of each
 * instance that it declares. An instance that is only read must not be read by azurerm, which would keep them too.
 */

/** Blocks whose state is a secret whatever is written in them. */
const SECRET_BLOCKS = [
  'azuread_application_password',
  'azuread_service_principal_password',
  'azuread_service_principal_token_signing_certificate',
  'azuread_synchronization_secret',
  'data.azurerm_api_management',
  'azurerm_api_management_subscription',
  'data.azurerm_api_management_subscription',
  'data.azurerm_key_vault_secret',
  'data.azurerm_key_vault_certificate_data',
  'data.azurerm_key_vault_encrypted_value',
  'azurerm_storage_account',
  'data.azurerm_storage_account',
  'data.azurerm_storage_account_sas',
  'data.terraform_remote_state',
  'random_password',
  'tls_private_key',
];

/** Arguments that are kept as they are given, by the type of their block. */
const SECRET_ARGUMENTS: Record<string, string[]> = {
  azuread_application: ['password'],
  azuread_user: ['password'],
  azurerm_api_management: ['certificate', 'hostname_configuration'],
  azurerm_api_management_authorization_server: ['client_secret', 'resource_owner_password'],
  azurerm_api_management_certificate: ['data', 'password'],
  azurerm_api_management_custom_domain: ['certificate', 'certificate_password'],
  azurerm_api_management_identity_provider_aad: ['client_secret'],
  azurerm_api_management_identity_provider_aadb2c: ['client_secret'],
  azurerm_api_management_logger: ['connection_string', 'instrumentation_key'],
  azurerm_api_management_named_value: ['value'],
  azurerm_api_management_openid_connect_provider: ['client_secret'],
  azurerm_api_management_redis_cache: ['connection_string'],
  azurerm_api_management_user: ['password'],
  azurerm_key_vault_certificate: ['certificate', 'contents'],
  azurerm_key_vault_secret: ['value'],
};

/** Certificates that are public where they come from Key Vault, and may hold their key where they come from elsewhere. */
const CERTIFICATES = ['azuread_application_certificate', 'azuread_service_principal_certificate'];
const PUBLIC_PART = /^\$\{(data\.)?azurerm_key_vault_certificate\.[\w-]+\.certificate_data(_base64)?\}$/;

/** References to values that are secrets. */
const SECRET_REFERENCE =
  /\bephemeral\.|\bazuread_(application|service_principal)_password\.[\w-]+\.value\b|\bazurerm_key_vault_secret\.[\w-]+\.value\b|\.sensitive_output\b|\.(primary|secondary)_(access_)?key\b|\.(primary|secondary)_connection_string\b/;

/** What an answer of Azure is asked for, or a body of its own is called, that is no business of a state. */
const SECRET_NAME =
  /secret|password|primaryKey|secondaryKey|connectionString|accessToken|privateKey|\bkeys?\b|\bsas\b/i;
const SECRET_ACTION = /^(list|get|regenerate|generate|create).*(secret|key|credential|token|sas|password)/i;

/** Where a stack would keep a secret in its state, by address and argument. */
export function secretsInState(terraform: Terraform): string[] {
  const blocks = [...blocksOf('', terraform.resource), ...blocksOf('data.', terraform.data)];
  const outputs = Object.entries<Terraform>(terraform.output ?? {}).flatMap(([name, { value, sensitive }]) => [
    ...(sensitive === true ? [`output.${name}: sensitive`] : []),
    ...references(`output.${name}`, value),
  ]);
  return [
    ...blocks.flatMap(([type, address, block]) => ofBlock(type, address, block)),
    ...outputs,
    ...references('locals', terraform.locals),
  ].sort();
}

function blocksOf(prefix: string, types: Terraform = {}): [string, string, Terraform][] {
  return Object.entries<Terraform>(types).flatMap(([type, named]) =>
    Object.entries<Terraform>(named).map(([name, block]): [string, string, Terraform] => [
      `${prefix}${type}`,
      `${prefix}${type}.${name}`,
      block,
    ]),
  );
}

function ofBlock(type: string, address: string, block: Terraform): string[] {
  const kept = SECRET_BLOCKS.includes(type) ? [address] : [];
  const given = argumentsOf(block)
    .filter(([name, value]) => value !== null && (SECRET_ARGUMENTS[type] ?? []).includes(name))
    .map(([name]) => `${address}: ${name}`);
  const certificate =
    CERTIFICATES.includes(type) && !PUBLIC_PART.test(String(block.value)) ? [`${address}: value`] : [];
  // What a block waits for tells it nothing.
  const { '//': _, depends_on: __, ...code } = block;
  return [
    ...kept,
    ...given,
    ...certificate,
    ...(/(^|\.)azapi_/.test(type) ? ofAzapi(type, address, block) : []),
    ...references(address, code),
  ];
}

/** Every argument, in whatever block it lies. */
function argumentsOf(value: unknown): [string, unknown][] {
  if (Array.isArray(value)) {
    return value.flatMap(argumentsOf);
  }
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  return Object.entries(value).flatMap(([name, inner]): [string, unknown][] =>
    name === '//' ? [] : [[name, inner], ...argumentsOf(inner)],
  );
}

function ofAzapi(type: string, address: string, block: Terraform): string[] {
  const found: string[] = [];
  if (block.sensitive_response_export_values !== undefined) {
    found.push(`${address}: sensitive_response_export_values`);
  }
  const exported = block.response_export_values;
  const isAction = type.endsWith('azapi_resource_action');
  // Without it azapi keeps whatever Azure answers.
  if (exported === undefined && !isAction) {
    found.push(`${address}: no response_export_values`);
  }
  if (Object.values(exported ?? {}).some((path) => path === '*' || SECRET_NAME.test(String(path)))) {
    found.push(`${address}: response_export_values`);
  }
  if (isAction && SECRET_ACTION.test(String(block.action ?? ''))) {
    found.push(`${address}: action`);
  }
  if (argumentsOf(block.body).some(([name]) => SECRET_NAME.test(name))) {
    found.push(`${address}: body`);
  }
  return found;
}

/** Arguments that hold a reference to a secret and are no write-only ones. */
function references(address: string, value: unknown): string[] {
  if (typeof value === 'string') {
    return SECRET_REFERENCE.test(value) ? [address] : [];
  }
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  return [
    ...new Set(
      Object.entries(value).flatMap(([name, inner]) =>
        name.endsWith('_wo') || name === 'sensitive_body'
          ? []
          : references(address, inner).map((found) => (Array.isArray(value) ? found : `${address}: ${name}`)),
      ),
    ),
  ];
}
