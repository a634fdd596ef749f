/* The portfolio on the prebuilt azuread classes, one resource for each object, with the same arguments. */
import { AppRoleAssignment } from '@cdktf/provider-azuread/lib/app-role-assignment';
import { Application } from '@cdktf/provider-azuread/lib/application';
import { ApplicationFederatedIdentityCredential } from '@cdktf/provider-azuread/lib/application-federated-identity-credential';
import { ApplicationIdentifierUri } from '@cdktf/provider-azuread/lib/application-identifier-uri';
import { DataAzureadClientConfig } from '@cdktf/provider-azuread/lib/data-azuread-client-config';
import { ServicePrincipal } from '@cdktf/provider-azuread/lib/service-principal';
import { ApiManagementProductApi } from '@cdktf/provider-azurerm/lib/api-management-product-api';
import { TerraformStack } from 'cdktf';
import { INSTANCE, Portfolio, REPOSITORY } from '../portfolio';
import { AzapiResource } from './by-hand/azapi';
import { declareInstance } from './by-hand/instance';

interface Registration {
  readonly appRoleId: string;
  readonly application: Application;
  readonly principal: ServicePrincipal;
}

export function declare(stack: TerraformStack, portfolio: Portfolio): void {
  const { apim } = declareInstance(stack);
  const owners = [new DataAzureadClientConfig(stack, 'deployer').objectId];
  const registrations = new Map<string, Registration>();
  for (const [at, { id, displayName, apiNames }] of portfolio.products.entries()) {
    const registration = register(stack, id, displayName, at, owners);
    registrations.set(id, registration);
    const { application, principal } = registration;
    const uri = new ApplicationIdentifierUri(stack, `${id}-uri`, {
      applicationId: application.id,
      identifierUri: `api://${application.clientId}`,
    });
    const product = new AzapiResource(stack, id, {
      type: 'Microsoft.ApiManagement/service/products@2024-10-01-preview',
      parentId: apim.id,
      name: id,
      body: {
        properties: {
          displayName,
          state: 'published',
          subscriptionRequired: false,
          authenticationType: ['application-token'],
          application: { entra: { applicationId: application.clientId, audience: uri.identifierUri } },
        },
      },
      responseExportValues: {},
      deleteQueryParameters: { deleteSubscriptions: ['true'] },
      dependsOn: [principal],
    });
    for (const apiName of apiNames) {
      new ApiManagementProductApi(stack, `${id}-${apiName}`, {
        apiManagementName: apim.name,
        resourceGroupName: INSTANCE.resourceGroupName,
        productId: product.name,
        apiName,
      });
    }
  }
  for (const { name, displayName, products } of portfolio.applications) {
    const granted = products.flatMap((id) => registrations.get(id) ?? []);
    const application = new Application(stack, name, {
      displayName: `APIMApplication${displayName}`,
      signInAudience: 'AzureADMyOrg',
      owners,
      requiredResourceAccess: granted.map((registration) => ({
        resourceAppId: registration.application.clientId,
        resourceAccess: [{ id: registration.appRoleId, type: 'Role' }],
      })),
      lifecycle: { ignoreChanges: ['owners'] },
    });
    const principal = new ServicePrincipal(stack, `${name}-principal`, {
      clientId: application.clientId,
      owners,
      lifecycle: { ignoreChanges: ['owners'] },
    });
    new ApplicationFederatedIdentityCredential(stack, `${name}-credential`, {
      applicationId: application.id,
      displayName: 'github',
      issuer: 'https://token.actions.githubusercontent.com',
      subject: `repo:${REPOSITORY.organization}/${REPOSITORY.repository}:environment:${name}`,
      audiences: ['api://AzureADTokenExchange'],
    });
    for (const [at, registration] of granted.entries()) {
      new AppRoleAssignment(stack, `${name}-${products[at]}`, {
        appRoleId: registration.appRoleId,
        principalObjectId: principal.objectId,
        resourceObjectId: registration.principal.objectId,
      });
    }
  }
}

function register(stack: TerraformStack, id: string, displayName: string, at: number, owners: string[]): Registration {
  const appRoleId = `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`;
  const role = `Product.${displayName.replace(' ', '')}.All`;
  const application = new Application(stack, `${id}-application`, {
    displayName: `APIMProductApplication${displayName}`,
    signInAudience: 'AzureADMyOrg',
    preventDuplicateNames: false,
    owners,
    appRole: [
      {
        id: appRoleId,
        allowedMemberTypes: ['Application'],
        displayName: role,
        description: `Access to product ${displayName}`,
        value: role,
        enabled: true,
      },
    ],
    lifecycle: { ignoreChanges: ['identifier_uris', 'owners'] },
  });
  const principal = new ServicePrincipal(stack, `${id}-principal`, {
    clientId: application.clientId,
    appRoleAssignmentRequired: true,
    owners,
    lifecycle: { ignoreChanges: ['owners'] },
  });
  return { appRoleId, application, principal };
}
