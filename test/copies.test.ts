import { TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import * as library from '../lib';
import {
  AccessManifest,
  ClientCredential,
  ClientRegistration,
  IApimInstance,
  IOAuthProduct,
  MultiProductApplication,
  OAuthProduct,
  ProductAuthorization,
} from '../lib';
import { AzapiResource } from '../lib/azapi/azapi-resource';
import {
  blockOf,
  child,
  errorOf,
  newApi,
  newClient,
  newEntraClient,
  newInstance,
  newProduct,
  newStack,
  OWNER,
  SUBSCRIPTION,
  synth,
  VAULT,
} from './support';

/*
 * Two packages of one program may each bring a copy of the library, and a program may have products of its own. Clients must
 * be as safe with those as with products of their own copy.
 */
const GUID = '44444444-4444-4444-4444-444444444444';

let copy: typeof library;
jest.isolateModules(() => {
  copy = jest.requireActual<typeof library>('../lib');
});

/** A product of the program's own. */
class OwnProduct extends Construct implements IOAuthProduct {
  public readonly productId = 'own';
  public readonly displayName = 'Own';
  public readonly applicationId = GUID;
  public readonly audience = `api://${GUID}`;
  public readonly scope = `api://${GUID}/.default`;
  public readonly appRoleValue = 'Product.Own.All';
  public readonly appRoleId = GUID;
  public readonly servicePrincipalId = GUID;
  public readonly resourceId: string;
  public readonly product: AzapiResource;

  public constructor(
    scope: Construct,
    id: string,
    public readonly instance: IApimInstance,
  ) {
    super(scope, id);
    this.product = new AzapiResource(this, 'Default', {
      type: 'Microsoft.ApiManagement/service/products@2025-09-01-preview',
      parentId: instance.instanceId,
      name: this.productId,
    });
    this.resourceId = `${instance.instanceId}/products/own`;
  }
}

const address = (block: AzapiResource): string => `azapi_resource.${block.friendlyUniqueId}`;

/** A product that exists, whose id says nothing of what must be written before a client is linked. */
function existing(of: typeof library, stack: TerraformStack, instance: IApimInstance): OAuthProduct {
  return of.OAuthProduct.onExisting(stack, 'gold', {
    instance,
    productId: 'gold',
    displayName: 'Gold',
  }) as OAuthProduct;
}

const IGNORED = ['app_role_id', 'resource_object_id'];

describe('another copy of the library', () => {
  test('is another one', () => {
    expect(copy.OAuthProduct).not.toBe(library.OAuthProduct);
  });

  test('makes products whose clients keep their access while a product is edited', () => {
    const stack = newStack();
    const instance = newInstance(stack);
    const api = newApi(stack, instance, 'orders');
    const product = new copy.OAuthProduct(stack, 'gold', { instance, displayName: 'Gold', apiNames: [api.name] });
    const client = newEntraClient(stack, instance, [product as OAuthProduct]);

    expect(blockOf(synth(stack), child(client, 'apim-managed-grants')).lifecycle.ignore_changes).toEqual(IGNORED);
  });

  test('makes products with an application of their own, whose clients follow it', () => {
    const stack = newStack();
    const instance = newInstance(stack);
    const api = newApi(stack, instance, 'orders');
    const product = new copy.OAuthProduct(stack, 'gold', {
      instance,
      displayName: 'Gold',
      apiNames: [api.name],
      authorization: ProductAuthorization.entraApplication(),
    });
    const client = newEntraClient(stack, instance, [product as OAuthProduct]);

    expect(blockOf(synth(stack), child(client, 'grants')).lifecycle).not.toHaveProperty('replace_triggered_by');
  });

  test('makes settings of products that links wait for, as the same copy does', () => {
    const dependenciesWith = (of: typeof library): unknown => {
      const stack = newStack();
      const instance = newInstance(stack);
      const client = newClient(stack, instance, 'partner', { products: [existing(of, stack, instance)] });
      return blockOf(synth(stack), child(client, 'grants')).depends_on;
    };
    const own = dependenciesWith(library);

    expect(own).toEqual(expect.arrayContaining([expect.stringMatching(/\.gold/)]));
    expect(dependenciesWith(copy)).toEqual(own);
  });

  test('takes credentials, registrations and authorizations, and stores secrets', () => {
    const stack = newStack();
    const instance = newInstance(stack);
    const product = newProduct(stack, instance, 'gold');
    const credential = copy.ClientCredential.managedIdentity({ principalId: SUBSCRIPTION }) as ClientCredential;
    newEntraClient(stack, instance, [product], [credential]);
    const client = new MultiProductApplication(stack, 'importer', {
      instance,
      displayName: 'Importer',
      products: [product],
      ownerUserId: OWNER,
      registration: copy.ClientRegistration.apimManaged() as ClientRegistration,
    });
    client.storeClientSecret({ keyVaultId: VAULT, secretName: 'importer' });
    const other = new copy.MultiProductApplication(stack, 'exporter', {
      instance,
      displayName: 'Exporter',
      products: [product],
      ownerUserId: OWNER,
    });
    other.storeClientSecret({ keyVaultId: VAULT, secretName: 'exporter' });
    new AccessManifest(stack, 'access', { applications: [client, other as MultiProductApplication] });
    const { resource, data } = synth(stack);

    expect(Object.keys(resource.azurerm_key_vault_secret)).toHaveLength(2);
    expect(Object.keys(data.azurerm_key_vault_secrets)).toHaveLength(1);
  });

  test('knows which names are taken', () => {
    const stack = newStack();
    const instance = newInstance(stack);
    const product = newProduct(stack, instance, 'gold');
    newClient(stack, instance, 'partner', { products: [product] }).storeClientSecret({
      keyVaultId: VAULT,
      secretName: 'one',
    });
    const client = new copy.MultiProductApplication(stack, 'other', {
      instance,
      displayName: 'Other',
      products: [product],
      ownerUserId: OWNER,
    });

    expect(errorOf(() => client.storeClientSecret({ keyVaultId: VAULT, secretName: 'ONE' }))).toBe(
      'stack/other.storeClientSecret: secretName: "ONE" is stored in the same vault by stack/partner already; use another name',
    );
    expect(
      errorOf(
        () =>
          new copy.OAuthProduct(stack, 'silver', {
            instance,
            displayName: 'Silver',
            productId: 'gold',
            apiNames: ['a'],
          }),
      ),
    ).toBe(
      'stack/silver: productId: "gold" is declared by stack/gold already; give each product of an instance an id of its own',
    );
  });
});

describe("a product of the program's own", () => {
  test('is waited for by links, and its ids do not take access away when they change', () => {
    const stack = newStack();
    const instance = newInstance(stack);
    const product = new OwnProduct(stack, 'own', instance);
    const linked = newClient(stack, instance, 'partner', { products: [product] });
    const assigned = newEntraClient(stack, instance, [product], undefined, { applicationName: 'assigned' }, 'assigned');
    const terraform = synth(stack);

    expect(blockOf(terraform, child(linked, 'grants')).depends_on).toEqual([address(product.product)]);
    expect(blockOf(terraform, child(assigned, 'apim-managed-grants')).lifecycle.ignore_changes).toEqual(IGNORED);
  });

  test('that holds its client is not waited for, since nothing can wait for itself', () => {
    const stack = newStack();
    const instance = newInstance(stack);
    const product = new OwnProduct(stack, 'own', instance);
    const client = new MultiProductApplication(product, 'client', {
      instance,
      displayName: 'Client',
      products: [product],
      ownerUserId: OWNER,
    });

    expect(blockOf(synth(stack), child(client, 'grants')).depends_on).toBeUndefined();
  });
});

describe('a name', () => {
  test('of a product is not taken by a constructor that threw', () => {
    const stack = newStack();
    const instance = newInstance(stack);
    newProduct(stack, instance, 'taken', { displayName: 'Taken' });

    expect(errorOf(() => newProduct(stack, instance, 'failed', { productId: 'free', displayName: 'Taken' }))).toBe(
      'stack/failed: displayName: "Taken" is declared by stack/taken already; give each product of an instance a name of its own, as Azure wants it',
    );
    expect(newProduct(stack, instance, 'next', { productId: 'free' }).productId).toBe('free');
  });

  test('of a client and its secrets is not taken by a constructor that threw', () => {
    const stack = newStack();
    const instance = newInstance(stack);
    const product = newProduct(stack, instance, 'gold');
    const client = (id: string, secrets: string[]): MultiProductApplication =>
      new MultiProductApplication(stack, id, {
        instance,
        displayName: id,
        applicationName: 'free',
        products: [product],
        registration: ClientRegistration.entra({
          credentials: secrets.map((secretName) => ClientCredential.password({ keyVaultId: VAULT, secretName })),
        }),
      });
    newClient(stack, instance, 'partner', { products: [product] }).storeClientSecret({
      keyVaultId: VAULT,
      secretName: 'taken',
    });

    expect(errorOf(() => client('failed', ['free', 'taken']))).toBe(
      'stack/failed: registration: "taken" is stored in the same vault by stack/partner already; use another name',
    );
    expect(client('next', ['free']).applicationName).toBe('free');
  });

  test('is free again once its construct was removed', () => {
    const stack = newStack();
    const instance = newInstance(stack);
    newProduct(stack, instance, 'gold');
    stack.node.tryRemoveChild('gold');

    expect(newProduct(stack, instance, 'again', { productId: 'gold', displayName: 'Gold' }).productId).toBe('gold');
  });
});
