/**
 * The Azure types that the constructs speak, each at the oldest api-version that has what is needed. An api-version
 * before 2024-10-01-preview does not know application based access and would drop it without an error.
 *
 * Source: https://learn.microsoft.com/azure/templates/microsoft.apimanagement/service/products
 */
export const APIM_SERVICE = 'Microsoft.ApiManagement/service@2024-05-01';
export const PRODUCT = 'Microsoft.ApiManagement/service/products@2024-10-01-preview';
export const CLIENT_APPLICATION = 'Microsoft.ApiManagement/service/clientApplications@2024-10-01-preview';
export const PRODUCT_LINK = 'Microsoft.ApiManagement/service/clientApplications/productLinks@2024-10-01-preview';

/** A product that a policy enforces needs nothing of the preview. */
export const PRODUCT_WITHOUT_PREVIEW = 'Microsoft.ApiManagement/service/products@2024-05-01';

export const PRODUCT_POLICY = 'Microsoft.ApiManagement/service/products/policies@2024-05-01';
