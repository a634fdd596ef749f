import { text } from './attributes';
import { parseArmType } from './arm';
import type { Resource } from './resource';

/** What a resource is to access. */
export type Kind =
  | 'instance'
  | 'product'
  | 'product settings'
  | 'product api'
  | 'product group'
  | 'product policy'
  | 'client application'
  | 'product link'
  | 'subscription'
  | 'application'
  | 'service principal'
  | 'identity'
  | 'identifier uri'
  | 'application role'
  | 'application owner'
  | 'pre-authorized client'
  | 'role assignment'
  | 'delegated grant'
  | 'password'
  | 'certificate'
  | 'federated credential'
  | 'key vault secret'
  | 'key vault certificate'
  | 'directory role'
  | 'directory role assignment'
  | 'resource action';

const BY_TYPE: Readonly<Record<string, Kind>> = {
  azurerm_api_management: 'instance',
  azurerm_api_management_product: 'product',
  azurerm_api_management_product_api: 'product api',
  azurerm_api_management_product_group: 'product group',
  azurerm_api_management_product_policy: 'product policy',
  azurerm_api_management_subscription: 'subscription',
  azurerm_user_assigned_identity: 'identity',
  azurerm_key_vault_secret: 'key vault secret',
  azurerm_key_vault_certificate: 'key vault certificate',
  azuread_application: 'application',
  azuread_application_registration: 'application',
  azuread_application_identifier_uri: 'identifier uri',
  azuread_application_app_role: 'application role',
  azuread_application_owner: 'application owner',
  azuread_application_pre_authorized: 'pre-authorized client',
  azuread_application_password: 'password',
  azuread_application_certificate: 'certificate',
  azuread_application_federated_identity_credential: 'federated credential',
  azuread_application_flexible_federated_identity_credential: 'federated credential',
  azuread_service_principal: 'service principal',
  azuread_service_principal_password: 'password',
  azuread_service_principal_certificate: 'certificate',
  azuread_service_principal_delegated_permission_grant: 'delegated grant',
  azuread_app_role_assignment: 'role assignment',
  azuread_directory_role: 'directory role',
  azuread_directory_role_assignment: 'directory role assignment',
  azuread_directory_role_member: 'directory role assignment',
  azuread_directory_role_eligibility_schedule_request: 'directory role assignment',
};

const SERVICE = 'microsoft.apimanagement/service';

const BY_ARM_TYPE: Readonly<Record<string, Kind>> = {
  [SERVICE]: 'instance',
  [`${SERVICE}/products`]: 'product',
  [`${SERVICE}/products/apis`]: 'product api',
  [`${SERVICE}/products/apilinks`]: 'product api',
  [`${SERVICE}/products/groups`]: 'product group',
  [`${SERVICE}/products/grouplinks`]: 'product group',
  [`${SERVICE}/products/policies`]: 'product policy',
  [`${SERVICE}/clientapplications`]: 'client application',
  [`${SERVICE}/clientapplications/productlinks`]: 'product link',
  [`${SERVICE}/subscriptions`]: 'subscription',
  'microsoft.managedidentity/userassignedidentities': 'identity',
};

const kinds = new WeakMap<Resource, { readonly kind: Kind | undefined }>();

/** What a resource is to access; undefined for all the others that a plan holds. */
export function kindOf(resource: Resource): Kind | undefined {
  let found = kinds.get(resource);
  if (found === undefined) {
    found = { kind: findKind(resource) };
    kinds.set(resource, found);
  }
  return found.kind;
}

function findKind(resource: Resource): Kind | undefined {
  const { type } = resource;
  if (!type.startsWith('azapi_')) {
    return Object.hasOwn(BY_TYPE, type) ? BY_TYPE[type] : undefined;
  }
  const armType = armTypeOf(resource)?.type ?? '';
  const kind = Object.hasOwn(BY_ARM_TYPE, armType) ? BY_ARM_TYPE[armType] : undefined;
  switch (type) {
    case 'azapi_resource':
      return kind;
    case 'azapi_update_resource':
      return kind === 'product' ? 'product settings' : undefined;
    case 'azapi_resource_action':
      return kind === undefined ? undefined : 'resource action';
    default:
      return undefined;
  }
}

/** The ARM type of an azapi resource, as it will be where it changes. */
export function armTypeOf(
  resource: Resource,
  side: 'before' | 'after' = resource.after === undefined ? 'before' : 'after',
) {
  return parseArmType(text(resource[side], 'type'));
}
