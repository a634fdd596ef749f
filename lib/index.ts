export * from './access-manifest';
export * from './instance/apim-instance';
export { ApimInstanceWithIdentity, ApimInstanceWithIdentityProps } from './instance/apim-instance-with-identity';
export { ApimSku } from './instance/apim-sku';
export * from './azapi/azapi-managed-resource';
export * from './azapi/azapi-provider';
export * from './azapi/azapi-resource';
export * from './azapi/azapi-resource-action';
export * from './azapi/azapi-types';
export * from './azapi/azapi-update-resource';
export * from './azapi/data-azapi-resource';
export * from './azapi/ephemeral-azapi-resource-action';
export * from './azure-providers';
export { ClientQuota, ClientRateLimit } from './product/client-limits';
export * from './client/client-credential';
export { ClientRegistration, EntraClientRegistrationProps } from './client/client-registration';
export { DirectoryRole } from './instance/directory-role';
export { AdoptedRegistration, EntraApplicationOptions } from './product/entra-options';
export { ExistingApimInstanceAttributes } from './instance/existing-apim-instance';
export * from './client/multi-product-application';
export {
  ExistingOAuthProductProps,
  OAuthProduct,
  OAuthProductOptions,
  OAuthProductProps,
} from './product/oauth-product';
export * from './product/oauth-product-reference';
export * from './preview-sandbox';
export { ConstructMove } from './terraform/construct-move';
export { GatewayPolicyOptions, ProductAuthorization } from './product/product-authorization';
export { ReadOAuthProductAttributes } from './product/read-oauth-product';
