import { ApiManagementApiPolicy } from '@cdktf/provider-azurerm/lib/api-management-api-policy';
import { ApiManagementProduct } from '@cdktf/provider-azurerm/lib/api-management-product';
import { TerraformStack } from 'cdktf';
import {
  AccessManifest,
  ApimInstanceWithIdentity,
  ApimSku,
  AzapiResource,
  AzureProviders,
  ClientCredential,
  ClientRegistration,
  DirectoryRole,
  MultiProductApplication,
  OAuthProduct,
  PreviewSandbox,
  ProductAuthorization,
} from '../lib';
import {
  newApp,
  newClient,
  newInstance,
  newProduct,
  newStack,
  OWNER,
  SUBSCRIPTION,
  synth,
  VAULT,
  warningsOf,
} from './support';

/** What makes the messages that a page quotes, each with a program that is wrong in that way. */
export const ERRORS: Record<string, (() => unknown)[]> = {
  'azure-providers.md': [
    () =>
      new AzureProviders(new TerraformStack(newApp(), 'stack'), 'azure', {
        subscriptionId: 'contoso',
        tenantId: 'contoso.com',
      }),
  ],
  'apim-instance-with-identity.md': [
    () =>
      newInstance(newStack(), 'apim', {
        name: '1-apim',
        publisherEmail: 'nobody',
        userAssignedIdentityIds: ['worker'],
        tags: { 'a/b': 'c' },
      }),
    () =>
      newInstance(newStack()).importFrom(
        `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.ApiManagement/service/contoso-apim`,
        'abc',
      ),
    () => ApimSku.standard(5),
    () => ApimSku.custom('Premium'),
    () => ApimSku.custom('Basic_3'),
    () => DirectoryRole.custom('Application Administrator'),
    () => ApimInstanceWithIdentity.fromExisting(newStack(), 'apim', { name: 'contoso-apim', resourceGroupName: 'rg.' }),
  ],
  'oauth-product.md': [
    () =>
      newProduct(newStack(), newInstance(newStack()), 'gold', {
        displayName: '',
        apiNames: [],
        tryPath: 'echo',
        groupNames: ['a', 'A'],
      }),
    () => newProduct(newStack(), newInstance(newStack()), '2026-gold'),
    () => newProduct(newStack(), newInstance(newStack()), '_', { displayName: 'Gold' }),
    () => {
      const stack = newStack();
      const apim = newInstance(stack);
      newProduct(stack, apim);
      newProduct(stack, apim, 'gold-again', { productId: 'gold' });
    },
    () => {
      const stack = newStack();
      const apim = newInstance(stack);
      newProduct(stack, apim);
      newProduct(stack, apim, 'golden', { displayName: 'Gold' });
    },
    () => {
      const stack = newStack();
      OAuthProduct.onExisting(stack, 'starter', {
        instance: newInstance(stack),
        productId: 'starter',
        displayName: 'Starter',
      });
    },
    () => {
      const stack = newStack();
      const instance = newInstance(stack);
      const managedBy = new ApiManagementProduct(stack, 'legacy', {
        apiManagementName: instance.instanceName,
        resourceGroupName: 'rg',
        productId: 'legacy',
        displayName: 'Legacy',
        published: true,
      });
      OAuthProduct.onExisting(stack, 'legacy-tokens', {
        instance,
        productId: managedBy.productId,
        displayName: 'Legacy',
        acceptSubscriptionKey: false,
        managedBy,
      });
    },
    () => {
      const stack = newStack();
      const apim = newInstance(stack);
      newProduct(stack, apim, 'gold', { exclusiveApis: true });
      newProduct(stack, apim, 'silver');
      synth(stack);
    },
    () => {
      const stack = newStack();
      const apim = newInstance(stack);
      newProduct(stack, apim, 'gold', { exclusiveApis: true });
      const place = { apiManagementName: apim.instanceName, resourceGroupName: 'rg' };
      new ApiManagementApiPolicy(stack, 'policy', { ...place, apiName: 'echo', xmlContent: '<policies />' });
      synth(stack);
    },
    () => {
      const stack = newStack();
      newProduct(stack, newInstance(stack)).addApi('echo');
    },
    () => {
      const stack = newStack();
      const apim = newInstance(stack, 'apim', { sku: ApimSku.custom('Consumption_0') });
      newProduct(stack, apim, 'gold', {
        authorization: ProductAuthorization.gatewayPolicy(),
        clientRateLimit: { calls: 0, renewalPeriod: 600 },
        clientQuota: { renewalPeriod: 60 },
      });
    },
  ],
  'product-authorization.md': [
    () => {
      const stack = newStack();
      newProduct(stack, newInstance(stack, 'apim', { sku: ApimSku.custom('StandardV2_1') }));
    },
    () => {
      const stack = newStack();
      newProduct(stack, newInstance(stack), 'gold', {
        displayName: '{{Gold}}',
        authorization: ProductAuthorization.gatewayPolicy(),
      });
    },
    () => ProductAuthorization.entraApplication({ appRoleValue: 'Product.Größe.All' }),
    () => ProductAuthorization.entraApplication({ owners: ['jane'], signInAudience: 'Everyone' }),
    () => ProductAuthorization.gatewayPolicy({ inboundBefore: '<cors>', outbound: '', onError: '<a>@(1) b</a>' }),
  ],
  'multi-product-application.md': [
    () =>
      newClient(newStack(), newInstance(newStack()), 'partner', {
        ownerUserId: undefined,
        displayName: 'x'.repeat(106),
        applicationName: 'partner',
      }),
    () => newClient(newStack(), newInstance(newStack()), 'partner', { ownerUserId: '/users/jane' }),
    () => newClient(newStack(), newInstance(newStack(), 'apim', { name: 'fabrikam-apim' })),
    () => {
      const stack = newStack();
      newClient(stack, newInstance(stack));
      synth(stack);
    },
    () => {
      const stack = newStack();
      const apim = newInstance(stack);
      const gold = newProduct(stack, apim);
      newClient(stack, apim, 'partner', { products: [gold] }).grantAccess(gold);
    },
    () => {
      const stack = newStack();
      const other = newProduct(stack, newInstance(stack, 'other', { name: 'fabrikam-apim' }));
      newClient(stack, newInstance(stack)).grantAccess(other);
    },
    () => {
      const stack = newStack();
      const apim = newInstance(stack);
      const gold = newProduct(stack, apim, 'gold', { authorization: ProductAuthorization.gatewayPolicy() });
      newClient(stack, apim).grantAccess(gold);
    },
    () => {
      const stack = newStack();
      const apim = newInstance(stack);
      newClient(stack, apim).importGrant(newProduct(stack, apim), 'link');
    },
    () =>
      newClient(newStack(), newInstance(newStack())).storeClientSecret({
        keyVaultId: 'contoso-vault',
        secretName: 'a_b',
        version: 0,
      }),
    () => {
      const stack = newStack();
      const client = newClient(stack, newInstance(stack));
      client.storeClientSecret({ keyVaultId: VAULT, secretName: 'partner' });
      client.storeClientSecret({ keyVaultId: VAULT, secretName: 'partner' });
    },
    () => {
      const credentials = [ClientCredential.federated({ issuer: 'https://issuer.contoso.com', subject: 'worker' })];
      const client = newClient(newStack(), newInstance(newStack()), 'partner', {
        registration: ClientRegistration.entra({ credentials }),
      });
      client.storeClientSecret({ keyVaultId: VAULT, secretName: 'partner' });
    },
  ],
  'client-registration.md': [
    () => ClientRegistration.entra({ credentials: [] }),
    () => {
      const credential = ClientCredential.gitHubActions({
        organization: 'contoso',
        repository: 'orders',
        branch: 'main',
      });
      ClientRegistration.entra({ credentials: [credential, credential], owners: [] });
    },
  ],
  'client-credential.md': [
    () => ClientCredential.federated({ issuer: 'http://issuer.contoso.com', subject: '' }),
    () => ClientCredential.gitHubActions({ organization: 'contoso', repository: 'orders' }),
    () =>
      ClientCredential.gitHubActions({
        organization: 'contoso',
        repository: 'orders',
        branch: 'refs/heads/main',
        organizationId: '1',
      }),
    () => ClientCredential.managedIdentity({ principalId: 'worker' }),
    () => ClientCredential.keyVaultCertificate({ keyVaultId: VAULT, certificateName: 'a_b', validityInMonths: 1 }),
    () => ClientCredential.password({ keyVaultId: VAULT, secretName: 'partner', rotationInMonths: 12 }),
  ],
  'access-manifest.md': [
    () => new AccessManifest(newStack(), 'access', { applications: [], outputName: '1' }),
    () => {
      const stack = newStack();
      const apim = newInstance(stack);
      const partner = newClient(stack, apim, 'partner', { products: [newProduct(stack, apim)] });
      new AccessManifest(stack, 'access', { applications: [partner, partner] });
    },
    () => {
      const stack = newStack();
      const apim = newInstance(stack);
      const partner = newClient(stack, apim, 'partner', { products: [newProduct(stack, apim)] });
      new AccessManifest(stack, 'access', { applications: [partner] });
      new AccessManifest(stack, 'access-again', { applications: [partner] });
      synth(stack);
    },
  ],
  'preview-sandbox.md': [
    () =>
      new PreviewSandbox(newApp(), 'sandbox', {
        ownerEmail: 'jane',
        subscriptionId: 'contoso',
        name: '1',
        ttlDays: 0,
        products: [],
      }),
    () =>
      new PreviewSandbox(newApp(), 'sandbox', {
        ownerEmail: 'jane@contoso.com',
        subscriptionId: SUBSCRIPTION,
        products: ['Gold', 'gold!'],
      }),
  ],
  'azapi-bindings.md': [() => resource().importInstance('gold', 'id')],
};

function resource(): AzapiResource {
  return new AzapiResource(newStack(), 'product', {
    type: 'Microsoft.ApiManagement/service/products@2024-05-01',
    parentId: 'id',
    name: 'gold',
  });
}

/** What makes the warnings that a page quotes. */
export const WARNINGS: Record<string, (() => string[])[]> = {
  'apim-instance-with-identity.md': [
    () => warningsOf(newInstance(newStack(), 'apim', { location: 'westeurope' })),
    () => {
      const stack = newStack();
      const apim = newInstance(stack);
      newProduct(stack, apim, 'gold', { authorization: ProductAuthorization.gatewayPolicy() });
      synth(stack);
      return warningsOf(apim);
    },
  ],
  'oauth-product.md': [() => warningsOf(newProduct(newStack(), newInstance(newStack()), 'gold', { published: false }))],
  'client-credential.md': [
    () => {
      const stack = newStack();
      const registration = ClientRegistration.entra({
        credentials: [ClientCredential.password({ keyVaultId: VAULT, secretName: 'partner' })],
      });
      const client = new MultiProductApplication(stack, 'partner', {
        instance: newInstance(stack),
        displayName: 'Partner',
        ownerUserId: OWNER,
        registration,
      });
      return warningsOf(client.node.findChild('password-partner'));
    },
  ],
};
