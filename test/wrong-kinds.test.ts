import { TerraformStack, TerraformVariable, Token } from 'cdktf';
import {
  AccessManifest,
  ApimInstanceWithIdentity,
  AzureProviders,
  ClientCredential,
  ClientRegistration,
  MultiProductApplication,
  OAuthProduct,
  PreviewSandbox,
  ProductAuthorization,
} from 'cdktf-apim-oauth';
import {
  errorOf,
  newApp,
  newClient,
  newInstance,
  newProduct,
  newStack,
  OWNER,
  SUBSCRIPTION,
  synth,
  untyped,
  VAULT,
} from './support';

/*
 * Programs without types, or with a cast too many: a text that counts as true, a null, an object of another kind. Each is told
 * in the library's own words, never by an error out of its inside.
 */
const INSTANCE = {
  name: 'contoso-apim',
  resourceGroupName: 'contoso-apis',
  location: 'centraluseuap',
  publisherName: 'Contoso',
  publisherEmail: 'api@contoso.com',
};

type Props = { [name: string]: unknown };

const made: Record<string, (stack: TerraformStack, props: Props) => unknown> = {
  providers: (stack, props) => new AzureProviders(stack, 'others', untyped(props)),
  instance: (stack, props) => new ApimInstanceWithIdentity(stack, 'apim', untyped({ ...INSTANCE, ...props })),
  'existing instance': (stack, props) =>
    ApimInstanceWithIdentity.fromExisting(stack, 'apim', untyped({ ...INSTANCE, ...props })),
  product: (stack, props) => newProduct(stack, newInstance(stack), 'gold', untyped(props)),
  'existing product': (stack, props) =>
    OAuthProduct.onExisting(
      stack,
      'gold',
      untyped({ instance: newInstance(stack), productId: 'gold', displayName: 'Gold', ...props }),
    ),
  application: (stack, props) =>
    new MultiProductApplication(
      stack,
      'partner',
      untyped({
        instance: newInstance(stack),
        displayName: 'Partner',
        registration: ClientRegistration.entra({
          credentials: [ClientCredential.managedIdentity({ principalId: SUBSCRIPTION })],
        }),
        ...props,
      }),
    ),
  secret: (stack, props) => {
    const instance = newInstance(stack);
    const products = [newProduct(stack, instance, 'gold')];
    const client = new MultiProductApplication(stack, 'partner', {
      instance,
      displayName: 'Partner',
      products,
      ownerUserId: OWNER,
    });
    client.storeClientSecret(untyped({ keyVaultId: VAULT, secretName: 'partner', ...props }));
  },
  entraApplication: (_, props) => ProductAuthorization.entraApplication(untyped(props)),
  sandbox: (_, props) =>
    new PreviewSandbox(
      newApp(),
      'sandbox',
      untyped({ ownerEmail: 'jo@contoso.com', subscriptionId: SUBSCRIPTION, ...props }),
    ),
};

test.each<[string, Props, string]>([
  [
    'providers',
    { purgeSoftDeletedOnDestroy: 'false' },
    'stack/others: purgeSoftDeletedOnDestroy: must be true or false, got "false"',
  ],
  ['instance', { sku: 'Developer_1' }, 'stack/apim: sku: must be an ApimSku, got "Developer_1"'],
  ['instance', { directoryRole: null }, 'stack/apim: directoryRole: must be a DirectoryRole, got null'],
  [
    'existing instance',
    { enableIdentity: 'no', directoryRole: 5 },
    'stack/apim: enableIdentity: must be true or false, got "no"\nstack/apim: directoryRole: must be a DirectoryRole, got 5',
  ],
  ['product', { published: 'yes' }, 'stack/gold: published: must be true or false, got "yes"'],
  [
    'product',
    { acceptSubscriptionKey: 'false' },
    'stack/gold: acceptSubscriptionKey: must be true or false, got "false"',
  ],
  ['product', { reviewRegistration: 0 }, 'stack/gold: reviewRegistration: must be true or false, got 0'],
  [
    'product',
    { authorization: 'apimManaged' },
    'stack/gold: authorization: must be a ProductAuthorization, got "apimManaged"',
  ],
  [
    'product',
    { clientRateLimit: 100, clientQuota: null },
    'stack/gold: clientRateLimit: must be an object with settings, got 100\nstack/gold: clientQuota: must be an object with settings, got null',
  ],
  [
    'existing product',
    { acceptSubscriptionKey: null },
    'stack/gold: acceptSubscriptionKey: must be true or false, got null',
  ],
  [
    'existing product',
    { managedBy: 'azapi_resource.gold' },
    'stack/gold: managedBy: must be a resource, got "azapi_resource.gold"',
  ],
  ['application', { registration: null }, 'stack/partner: registration: must be a ClientRegistration, got null'],
  ['application', { products: null }, 'stack/partner: products: must be a list, got null'],
  ['secret', { dependsOn: 'vault' }, 'stack/partner.storeClientSecret: dependsOn: must be a list, got "vault"'],
  [
    'entraApplication',
    { adopt: [], preventDuplicateNames: 'true' },
    'ProductAuthorization.entraApplication: preventDuplicateNames: must be true or false, got "true"\nProductAuthorization.entraApplication: adopt: must be an object with settings, got a list',
  ],
  ['sandbox', { products: null }, 'sandbox: products: must be a list, got null'],
])('%s with %j', (what, props, message) => {
  expect(errorOf(() => made[what](newStack(), props))).toBe(message);
});

test.each<[string, (stack: TerraformStack, props: unknown) => unknown, string]>([
  ['AzureProviders', (stack, props) => new AzureProviders(stack, 'others', untyped(props)), 'stack/others: props'],
  [
    'ApimInstanceWithIdentity',
    (stack, props) => new ApimInstanceWithIdentity(stack, 'apim', untyped(props)),
    'stack/apim: props',
  ],
  [
    'ApimInstanceWithIdentity.fromExisting',
    (stack, props) => ApimInstanceWithIdentity.fromExisting(stack, 'apim', untyped(props)),
    'stack/apim: attrs',
  ],
  ['AccessManifest', (stack, props) => new AccessManifest(stack, 'access', untyped(props)), 'stack/access: props'],
  ['PreviewSandbox', (_, props) => new PreviewSandbox(newApp(), 'sandbox', untyped(props)), 'sandbox: props'],
  ['OAuthProduct', (stack, props) => new OAuthProduct(stack, 'gold', untyped(props)), 'stack/gold: props'],
  [
    'OAuthProduct.onExisting',
    (stack, props) => OAuthProduct.onExisting(stack, 'gold', untyped(props)),
    'stack/gold: props',
  ],
  [
    'OAuthProduct.fromProductId',
    (stack, props) => OAuthProduct.fromProductId(stack, 'gold', untyped(props)),
    'stack/gold: attrs',
  ],
  [
    'OAuthProduct.fromRegistration',
    (stack, props) => OAuthProduct.fromRegistration(stack, 'gold', untyped(props)),
    'stack/gold: attrs',
  ],
  [
    'ClientRegistration.existing',
    (_, props) => ClientRegistration.existing(untyped(props)),
    'ClientRegistration.existing: props',
  ],
  [
    'MultiProductApplication',
    (stack, props) => new MultiProductApplication(stack, 'partner', untyped(props)),
    'stack/partner: props',
  ],
  [
    'storeClientSecret',
    (stack, store) => newClient(stack, newInstance(stack)).storeClientSecret(untyped(store)),
    'stack/partner.storeClientSecret: store',
  ],
  [
    'ClientRegistration.entra',
    (_, props) => ClientRegistration.entra(untyped(props)),
    'ClientRegistration.entra: props',
  ],
  ...(['federated', 'gitHubActions', 'managedIdentity', 'keyVaultCertificate', 'password'] as const).map(
    (factory): [string, (stack: TerraformStack, props: unknown) => unknown, string] => [
      `ClientCredential.${factory}`,
      (_, props) => ClientCredential[factory](untyped(props)),
      `ClientCredential.${factory}: props`,
    ],
  ),
  ...(['entraApplication', 'gatewayPolicy'] as const).map(
    (factory): [string, (stack: TerraformStack, props: unknown) => unknown, string] => [
      `ProductAuthorization.${factory}`,
      (_, options) => ProductAuthorization[factory](untyped(options)),
      `ProductAuthorization.${factory}: options`,
    ],
  ),
])('%s without settings', (what, make, where) => {
  expect(errorOf(() => make(newStack(), null))).toBe(`${where}: must be an object with settings, got null`);
  expect(errorOf(() => make(newStack(), 'none'))).toBe(`${where}: must be an object with settings, got "none"`);
  // These have no setting that is required.
  if (!/^(AzureProviders|ProductAuthorization)/.test(what)) {
    expect(errorOf(() => make(newStack(), undefined))).toBe(`${where}: must be an object with settings, got undefined`);
  }
});

test('tags from a variable pass', () => {
  const stack = newStack();
  const tags = new TerraformVariable(stack, 'tags', { type: 'map(string)' });
  newInstance(stack, 'one', { tags: untyped(tags.value) });
  newInstance(stack, 'other', { tags: Token.asStringMap(tags.value), name: 'contoso-other' });
  const { azurerm_api_management: instances } = synth(stack).resource;

  expect([instances.one.tags, instances.other.tags]).toEqual(['${var.tags}', '${var.tags}']);
});
