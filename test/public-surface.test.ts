import { ApiManagementApi } from '@cdktf/provider-azurerm/lib/api-management-api';
import { ApiManagementUser } from '@cdktf/provider-azurerm/lib/api-management-user';
import { KeyVault } from '@cdktf/provider-azurerm/lib/key-vault';
import { ResourceGroup } from '@cdktf/provider-azurerm/lib/resource-group';
import { TerraformStack, Testing } from 'cdktf';
import {
  AccessManifest,
  ApimInstanceWithIdentity,
  ApimSku,
  AzureProviders,
  ClientCredential,
  ClientRegistration,
  DirectoryRole,
  IApimInstance,
  IOAuthProduct,
  MultiProductApplication,
  OAuthProduct,
  ProductAuthorization,
} from 'cdktf-apim-oauth';

const subscriptionId = '22222222-2222-4222-8222-222222222222';

/** Everything that a user may write, in one program: it has to compile and to synthesize. */
function program(): TerraformStack {
  const stack = new TerraformStack(Testing.app(), 'contoso');
  const providers = new AzureProviders(stack, 'azure', {
    subscriptionId,
    tenantId: subscriptionId,
    purgeSoftDeletedOnDestroy: true,
  });
  const group = new ResourceGroup(stack, 'group', {
    name: 'rg',
    location: 'centraluseuap',
    provider: providers.azurerm,
  });
  const apim: IApimInstance = new ApimInstanceWithIdentity(stack, 'apim', {
    name: 'contoso-apim',
    resourceGroupName: group.name,
    location: 'centraluseuap',
    publisherName: 'Contoso',
    publisherEmail: 'api@contoso.com',
    sku: ApimSku.developer(),
    directoryRole: DirectoryRole.applicationAdministrator(),
    tags: { team: 'platform' },
  });
  const place = { resourceGroupName: group.name, apiManagementName: apim.instanceName };
  const echo = new ApiManagementApi(stack, 'echo', {
    ...place,
    name: 'echo',
    revision: '1',
    displayName: 'Echo',
    path: 'echo',
    protocols: ['https'],
  });
  const owner = new ApiManagementUser(stack, 'owner', {
    ...place,
    userId: 'jane',
    firstName: 'J',
    lastName: 'D',
    email: 'jane@contoso.com',
  });
  const vault = new KeyVault(stack, 'vault', {
    name: 'kv-contoso',
    resourceGroupName: group.name,
    location: group.location,
    tenantId: apim.tenantId,
    skuName: 'standard',
  });

  const starter = new OAuthProduct(stack, 'starter', { instance: apim, displayName: 'Starter', apiNames: [echo.name] });
  const unlimited: IOAuthProduct = new OAuthProduct(stack, 'unlimited', {
    instance: apim,
    displayName: 'Unlimited',
    apiNames: [echo.name],
  });
  const premium = new OAuthProduct(stack, 'premium', {
    instance: apim,
    displayName: 'Premium',
    apiNames: ['orders'],
    productId: 'premium',
    description: 'd',
    terms: 't',
    published: true,
    groupNames: ['developers'],
    acceptSubscriptionKey: true,
    authorization: ProductAuthorization.entraApplication(),
    clientRateLimit: { calls: 10, renewalPeriod: 60 },
    clientQuota: { calls: 100, renewalPeriod: 3600 },
    tryPath: '/orders',
    reviewRegistration: false,
  });
  premium.addApi(echo.name);
  const policy = new OAuthProduct(stack, 'policy', {
    instance: apim,
    displayName: 'Policy',
    apiNames: ['stock'],
    authorization: ProductAuthorization.gatewayPolicy(),
  });

  const partner = new MultiProductApplication(stack, 'partner', {
    instance: apim,
    displayName: 'Contoso Partner',
    ownerUserId: owner.id,
    description: 'Nightly order import',
    products: [starter, unlimited],
    registration: ClientRegistration.apimManaged(),
    applicationName: 'contoso-partner',
  });
  partner.grantAccess(premium);
  partner.storeClientSecret({ keyVaultId: vault.id, secretName: 'contoso-partner', version: 2, dependsOn: [vault] });
  const own = new MultiProductApplication(stack, 'own', {
    instance: apim,
    displayName: 'Own',
    registration: ClientRegistration.entra({
      owners: [subscriptionId],
      credentials: [
        ClientCredential.federated({
          issuer: 'https://issuer.example.com',
          subject: 'workload',
          audiences: ['api://x'],
        }),
        ClientCredential.gitHubActions({
          organization: 'contoso',
          repository: 'orders',
          branch: 'main',
          organizationId: '1',
          repositoryId: '2',
        }),
        ClientCredential.managedIdentity({ principalId: subscriptionId, tenantId: subscriptionId }),
        ClientCredential.keyVaultCertificate({
          keyVaultId: vault.id,
          certificateName: 'own-certificate',
          validityInMonths: 6,
        }),
        ClientCredential.password({ keyVaultId: vault.id, secretName: 'own' }),
      ],
    }),
  });
  for (const product of [starter, premium, policy]) {
    own.grantAccess(product);
  }
  new AccessManifest(stack, 'access', { applications: [partner, own] });
  return stack;
}

describe('the public surface', () => {
  const terraform = JSON.parse(Testing.synth(program(), true));

  test('a program that uses all of it synthesizes', () => {
    expect(Object.keys(terraform.resource.azapi_resource).sort()).toEqual([
      'partner',
      'partner_grants_7FCACD9C',
      'policy',
      'premium',
      'starter',
      'unlimited',
    ]);
  });

  test('grants have keys that name the products, whichever kind they are', () => {
    expect(Object.keys(terraform.resource.azapi_resource.partner_grants_7FCACD9C.for_each)).toEqual([
      'premium',
      'starter',
      'unlimited',
    ]);
    const assignments: { for_each: object }[] = Object.values(terraform.resource.azuread_app_role_assignment);
    expect(assignments.map((block) => Object.keys(block.for_each)).sort()).toEqual([
      ['policy', 'premium'],
      ['starter'],
    ]);
  });

  test('the manifest describes both applications', () => {
    const { applications, version } = terraform.output.oauth_access.value;
    expect(version).toBe(1);
    expect(Object.keys(applications)).toEqual(['contoso-partner', 'own']);
    expect(Object.keys(applications['contoso-partner'].products)).toEqual(['premium', 'starter', 'unlimited']);
    expect(applications['contoso-partner'].credential).toEqual({
      kind: 'keyVaultSecret',
      keyVaultId: '${azurerm_key_vault.vault.id}',
      secretName: 'contoso-partner',
    });
  });
});
