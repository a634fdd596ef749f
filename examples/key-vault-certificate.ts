/*
 * A client with a certificate that Key Vault makes and keeps.
 *
 * Why: a workload that nobody vouches for by OIDC still needs no client secret. Key Vault makes the key, Entra gets the
 * public part, and no state contains the private one. The first apply of each half year renews it.
 *
 * Run:  npx tsx examples/key-vault-certificate.ts
 * then: npx cdktf-cli@0.21 deploy --app "npx tsx examples/key-vault-certificate.ts" certificate
 */
import { ApiManagementApi } from '@cdktf/provider-azurerm/lib/api-management-api';
import { DataAzurermClientConfig } from '@cdktf/provider-azurerm/lib/data-azurerm-client-config';
import { KeyVault } from '@cdktf/provider-azurerm/lib/key-vault';
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
const stack = new TerraformStack(app, 'certificate');
new AzureProviders(stack, 'azure', {
  subscriptionId: process.env.ARM_SUBSCRIPTION_ID ?? '22222222-2222-2222-2222-222222222222',
});
const group = new ResourceGroup(stack, 'group', { name: 'rg-certificate', location: 'centraluseuap' });
const deployer = new DataAzurermClientConfig(stack, 'deployer', {});
const vault = new KeyVault(stack, 'vault', {
  name: 'kv-contoso-certificate',
  location: group.location,
  resourceGroupName: group.name,
  tenantId: deployer.tenantId,
  skuName: 'standard',
  rbacAuthorizationEnabled: false,
  accessPolicy: [
    {
      tenantId: deployer.tenantId,
      objectId: deployer.objectId,
      certificatePermissions: ['Create', 'Delete', 'Get', 'List', 'Purge', 'Recover', 'Update'],
    },
  ],
});
const apim = new ApimInstanceWithIdentity(stack, 'apim', {
  name: 'contoso-certificate',
  resourceGroupName: group.name,
  location: 'centraluseuap',
  publisherName: 'Contoso',
  publisherEmail: 'api@contoso.com',
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
});
// snippet: certificate
const batch = new MultiProductApplication(stack, 'batch', {
  instance: apim,
  displayName: 'Nightly Batch',
  products: [starter],
  registration: ClientRegistration.entra({
    credentials: [ClientCredential.keyVaultCertificate({ keyVaultId: vault.id, certificateName: 'nightly-batch' })],
  }),
});
// end of snippet
new AccessManifest(stack, 'access', { applications: [batch] });

app.synth();
