/*
 * One instance, three products, two applications: who may call what is a list in code.
 *
 * Why: access is reviewed in pull requests. Granting Gold to the reporting application is one line here and one create in
 * the plan; no credential is touched. Secrets go straight into Key Vault and are in no state.
 *
 * Run:  npx tsx examples/multi-product.ts
 * then: npx cdktf-cli@0.21 deploy --app "npx tsx examples/multi-product.ts" multi-product
 */
import { ApiManagementApi } from '@cdktf/provider-azurerm/lib/api-management-api';
import { ApiManagementUser } from '@cdktf/provider-azurerm/lib/api-management-user';
import { DataAzurermClientConfig } from '@cdktf/provider-azurerm/lib/data-azurerm-client-config';
import { KeyVault } from '@cdktf/provider-azurerm/lib/key-vault';
import { ResourceGroup } from '@cdktf/provider-azurerm/lib/resource-group';
import { RoleAssignment } from '@cdktf/provider-azurerm/lib/role-assignment';
import { App, TerraformStack } from 'cdktf';
import {
  AccessManifest,
  ApimInstanceWithIdentity,
  ApimSku,
  AzureProviders,
  MultiProductApplication,
  OAuthProduct,
} from 'cdktf-apim-oauth';

const app = new App();
const stack = new TerraformStack(app, 'multi-product');
new AzureProviders(stack, 'azure', {
  subscriptionId: process.env.ARM_SUBSCRIPTION_ID ?? '22222222-2222-2222-2222-222222222222',
});
const group = new ResourceGroup(stack, 'group', { name: 'rg-contoso-apim', location: 'centraluseuap' });

const apim = new ApimInstanceWithIdentity(stack, 'apim', {
  name: 'contoso-apim',
  resourceGroupName: group.name,
  location: 'centraluseuap',
  publisherName: 'Contoso',
  publisherEmail: 'api@contoso.com',
  sku: ApimSku.standard(1),
});

const place = { resourceGroupName: group.name, apiManagementName: apim.instanceName };
const orders = new ApiManagementApi(stack, 'orders', {
  ...place,
  name: 'orders',
  revision: '1',
  displayName: 'Orders',
  path: 'orders',
  protocols: ['https'],
  serviceUrl: 'https://orders.contoso.com',
});
const stock = new ApiManagementApi(stack, 'stock', {
  ...place,
  name: 'stock',
  revision: '1',
  displayName: 'Stock',
  path: 'stock',
  protocols: ['https'],
  serviceUrl: 'https://stock.contoso.com',
});
const owner = new ApiManagementUser(stack, 'owner', {
  ...place,
  userId: 'jane',
  firstName: 'Jane',
  lastName: 'Doe',
  email: 'jane@contoso.com',
});

// snippet: products
const starter = new OAuthProduct(stack, 'starter', {
  instance: apim,
  displayName: 'Starter',
  apiNames: [orders.name],
  clientRateLimit: { calls: 10, renewalPeriod: 60 },
});
const unlimited = new OAuthProduct(stack, 'unlimited', {
  instance: apim,
  displayName: 'Unlimited',
  description: 'No limits, for partners with a contract',
  apiNames: [orders.name],
  groupNames: ['developers'],
});
unlimited.addApi(stock.name);
const gold = new OAuthProduct(stack, 'gold', {
  instance: apim,
  displayName: 'Gold',
  apiNames: [stock.name],
  // Anyone who has a key keeps it while applications move to tokens.
  acceptSubscriptionKey: true,
  clientQuota: { calls: 100_000, renewalPeriod: 86_400 },
});
// end of snippet

// snippet: applications
const partner = new MultiProductApplication(stack, 'partner', {
  instance: apim,
  displayName: 'Contoso Partner',
  description: 'Nightly order import',
  ownerUserId: owner.id,
  products: [starter, unlimited],
});
const reporting = new MultiProductApplication(stack, 'reporting', {
  instance: apim,
  displayName: 'Reporting',
  ownerUserId: owner.id,
  products: [starter],
});
reporting.grantAccess(gold);
// end of snippet

const deployer = new DataAzurermClientConfig(stack, 'deployer', {});
const vault = new KeyVault(stack, 'vault', {
  name: 'kv-contoso-apim',
  location: group.location,
  resourceGroupName: group.name,
  tenantId: deployer.tenantId,
  skuName: 'standard',
  rbacAuthorizationEnabled: true,
});
const writer = new RoleAssignment(stack, 'vault-writer', {
  scope: vault.id,
  roleDefinitionName: 'Key Vault Secrets Officer',
  principalId: deployer.objectId,
});
// snippet: secrets
for (const application of [partner, reporting]) {
  application.storeClientSecret({
    keyVaultId: vault.id,
    secretName: application.applicationName,
    dependsOn: [writer],
  });
}
new AccessManifest(stack, 'access', { applications: [partner, reporting] });
// end of snippet

app.synth();
