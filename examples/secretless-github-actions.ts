/*
 * A GitHub Actions workflow that calls an API without any secret.
 *
 * Why: what does not exist cannot leak, expire or have to be rotated. Entra trusts the workflow's own OIDC token, for one
 * repository and one environment, and gives it a token for the product. The workflow is secretless-github-actions.yml.
 *
 * Run:  npx tsx examples/secretless-github-actions.ts
 * then: npx cdktf-cli@0.21 deploy --app "npx tsx examples/secretless-github-actions.ts" secretless
 */
import { ApiManagementApi } from '@cdktf/provider-azurerm/lib/api-management-api';
import { ResourceGroup } from '@cdktf/provider-azurerm/lib/resource-group';
import { App, TerraformStack } from 'cdktf';
import {
  AccessManifest,
  ApimInstanceWithIdentity,
  AzureProviders,
  ClientCredential,
  ClientRegistration,
  DirectoryRole,
  MultiProductApplication,
  OAuthProduct,
  ProductAuthorization,
} from 'cdktf-apim-oauth';

const app = new App();
const stack = new TerraformStack(app, 'secretless');
new AzureProviders(stack, 'azure', {
  subscriptionId: process.env.ARM_SUBSCRIPTION_ID ?? '22222222-2222-2222-2222-222222222222',
});
const group = new ResourceGroup(stack, 'group', { name: 'rg-secretless', location: 'centraluseuap' });
const apim = new ApimInstanceWithIdentity(stack, 'apim', {
  name: 'contoso-secretless',
  resourceGroupName: group.name,
  location: 'centraluseuap',
  publisherName: 'Contoso',
  publisherEmail: 'api@contoso.com',
  // Terraform owns all registrations, so the instance's identity may not touch any.
  directoryRole: DirectoryRole.none(),
});
const orders = new ApiManagementApi(stack, 'orders', {
  name: 'orders',
  resourceGroupName: group.name,
  apiManagementName: apim.instanceName,
  revision: '1',
  displayName: 'Orders',
  path: 'orders',
  protocols: ['https'],
  serviceUrl: 'https://orders.contoso.com',
});

const starter = new OAuthProduct(stack, 'starter', {
  instance: apim,
  displayName: 'Starter',
  apiNames: [orders.name],
  authorization: ProductAuthorization.entraApplication(),
  tryPath: '/orders/today',
});
// snippet: secretless
const importer = new MultiProductApplication(stack, 'importer', {
  instance: apim,
  displayName: 'Order Import',
  products: [starter],
  registration: ClientRegistration.entra({
    credentials: [
      ClientCredential.gitHubActions({
        organization: 'contoso',
        repository: 'order-import',
        environment: 'production',
      }),
    ],
  }),
});
// end of snippet
new AccessManifest(stack, 'access', { applications: [importer] });

app.synth();
