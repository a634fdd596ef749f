/* The portfolio on raw cdktf, one resource for each object, with the same arguments. */
import { ApiManagementProductApi } from '@cdktf/provider-azurerm/lib/api-management-product-api';
import { TerraformStack } from 'cdktf';
import { INSTANCE, OWNER_ID, Portfolio } from '../portfolio';
import { AzapiResource } from './by-hand/azapi';
import { declareInstance } from './by-hand/instance';

const VERSION = '2024-10-01-preview';
const RETRY = {
  error_message_regex: ['Application Administrator', 'Insufficient privileges', 'Authorization_RequestDenied'],
  interval_seconds: 10,
  max_interval_seconds: 60,
};

export function declare(stack: TerraformStack, portfolio: Portfolio): void {
  const { apim, role } = declareInstance(stack);
  const products = new Map<string, AzapiResource>();
  for (const { id, displayName, apiNames } of portfolio.products) {
    const product = new AzapiResource(stack, id, {
      type: `Microsoft.ApiManagement/service/products@${VERSION}`,
      parentId: apim.id,
      name: id,
      body: {
        properties: {
          displayName,
          state: 'published',
          subscriptionRequired: false,
          authenticationType: ['application-token'],
        },
      },
      responseExportValues: {
        applicationId: 'properties.application.entra.applicationId',
        audience: 'properties.application.entra.audience',
      },
      deleteQueryParameters: { deleteSubscriptions: ['true'] },
      retry: RETRY,
      dependsOn: [role],
    });
    products.set(id, product);
    for (const apiName of apiNames) {
      new ApiManagementProductApi(stack, `${id}-${apiName}`, {
        apiManagementName: apim.name,
        resourceGroupName: INSTANCE.resourceGroupName,
        productId: product.name,
        apiName,
      });
    }
  }
  for (const { name, displayName, products: granted } of portfolio.applications) {
    const client = new AzapiResource(stack, name, {
      type: `Microsoft.ApiManagement/service/clientApplications@${VERSION}`,
      parentId: apim.id,
      name,
      body: { properties: { displayName, ownerId: OWNER_ID } },
      responseExportValues: { clientId: 'properties.entraApplicationId', tenantId: 'properties.entraTenantId' },
      retry: RETRY,
      dependsOn: [role],
    });
    const clientId = client.id;
    for (const id of granted) {
      const productId = products.get(id)?.id;
      new AzapiResource(stack, `${name}-${id}`, {
        type: `Microsoft.ApiManagement/service/clientApplications/productLinks@${VERSION}`,
        parentId: clientId,
        name: id,
        body: { properties: { productId } },
        replaceTriggersExternalValues: productId,
        responseExportValues: [],
      });
    }
  }
}
