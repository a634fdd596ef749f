/*
 * Application based access without the preview: a policy enforces it, on every tier and in every region.
 *
 * Why: most teams cannot wait for a preview, and many may not let a gateway's identity administer the applications of the
 * tenant. The grant is the same line; the product stays on generally available API versions and no directory role exists.
 *
 * Run:  npx tsx examples/gateway-policy.ts
 * then: npx cdktf-cli@0.21 deploy --app "npx tsx examples/gateway-policy.ts" gateway-policy
 */
import { ApiManagementApi } from '@cdktf/provider-azurerm/lib/api-management-api';
import { ResourceGroup } from '@cdktf/provider-azurerm/lib/resource-group';
import { UserAssignedIdentity } from '@cdktf/provider-azurerm/lib/user-assigned-identity';
import { App, TerraformStack } from 'cdktf';
import {
  AccessManifest,
  ApimInstanceWithIdentity,
  ApimSku,
  AzureProviders,
  ClientCredential,
  ClientRegistration,
  DirectoryRole,
  MultiProductApplication,
  OAuthProduct,
  ProductAuthorization,
} from 'cdktf-apim-oauth';

const app = new App();
const stack = new TerraformStack(app, 'gateway-policy');
new AzureProviders(stack, 'azure', {
  subscriptionId: process.env.ARM_SUBSCRIPTION_ID ?? '22222222-2222-2222-2222-222222222222',
});
const group = new ResourceGroup(stack, 'group', { name: 'rg-gateway-policy', location: 'westeurope' });
const apim = new ApimInstanceWithIdentity(stack, 'apim', {
  name: 'contoso-gateway-policy',
  resourceGroupName: group.name,
  location: 'westeurope',
  publisherName: 'Contoso',
  publisherEmail: 'api@contoso.com',
  sku: ApimSku.custom('StandardV2_1'),
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
// snippet: policy
const starter = new OAuthProduct(stack, 'starter', {
  instance: apim,
  displayName: 'Starter',
  apiNames: [orders.name],
  authorization: ProductAuthorization.gatewayPolicy({
    inboundAfter: '<set-header name="X-Product" exists-action="override"><value>starter</value></set-header>',
  }),
  clientRateLimit: { calls: 100, renewalPeriod: 60 },
});
// end of snippet
const identity = new UserAssignedIdentity(stack, 'worker', {
  name: 'order-worker',
  resourceGroupName: group.name,
  location: group.location,
});
const worker = new MultiProductApplication(stack, 'order-worker', {
  instance: apim,
  displayName: 'Order Worker',
  products: [starter],
  registration: ClientRegistration.entra({
    credentials: [ClientCredential.managedIdentity({ principalId: identity.principalId })],
  }),
});
new AccessManifest(stack, 'access', { applications: [worker] });

app.synth();
