import { App } from 'cdktf';
import {
  ClientRegistration,
  ClientCredential,
  ExistingOAuthProductProps,
  MultiProductApplication,
  OAuthProduct,
  OAuthProductOptions,
  ProductAuthorization,
} from '../../../lib';
import type { LocalAzure } from '../../../test/azure';
import { Client } from '../../../test/azure/support';
import { Scenario, program } from '../scenario';
import {
  contoso,
  existingInstance,
  expectEqual,
  newStack,
  newVault,
  OWNER_ID,
  propertiesOf,
  SERVICE_ID,
} from './contoso';

const KINDS = ['apimManaged', 'entraApplication', 'gatewayPolicy'] as const;
const CALLS = 2;
const ISSUER = 'https://issuer.contoso.com';

/** Each kind of product, with keys and without: `managed`, `managed-keys` and so on. */
const VARIANTS = KINDS.flatMap((kind) =>
  [false, true].map((keys) => ({ kind, keys, name: `${kind}${keys ? '-keys' : ''}`.toLowerCase() })),
);

const limits = (calls: number): OAuthProductOptions => ({
  clientRateLimit: { calls, renewalPeriod: 300 },
  clientQuota: { calls: 1000, bandwidthKb: 100_000, renewalPeriod: 3600 },
});

/** Products made here and products that exist, all with limits; a client of each kind; one that only reads them. */
function declare(calls: number, description?: string): (app: App) => void {
  return (app) => {
    const stack = newStack(app, 'limits');
    const instance = existingInstance(stack);
    const products = VARIANTS.flatMap(({ kind, keys, name }) => {
      const common = { instance, description, acceptSubscriptionKey: keys, ...limits(calls) };
      const made = new OAuthProduct(stack, `made-${name}`, {
        ...common,
        displayName: `Made ${name}`,
        apiNames: [`made-${name}`],
        authorization: ProductAuthorization[kind](),
      });
      const props: ExistingOAuthProductProps = {
        ...common,
        productId: `old-${name}`,
        displayName: `old-${name}`,
        authorization: ProductAuthorization[kind](),
      };
      return [made, OAuthProduct.onExisting(stack, `old-${name}`, props)];
    });
    const linkable = products.filter(({ acceptsProductLinks }) => acceptsProductLinks !== false);
    const partner = new MultiProductApplication(stack, 'partner', {
      instance,
      displayName: 'Partner',
      ownerUserId: OWNER_ID,
      products: linkable,
    });
    partner.storeClientSecret({ keyVaultId: newVault(stack, 'vault', 'contoso-limits').id, secretName: 'partner' });
    new MultiProductApplication(stack, 'worker', {
      instance,
      displayName: 'Worker',
      products,
      registration: ClientRegistration.entra({
        credentials: [ClientCredential.federated({ issuer: ISSUER, subject: 'worker', name: 'worker' })],
      }),
    });

    const readers = newStack(app, 'readers');
    readers.addDependency(stack);
    const instanceRead = existingInstance(readers);
    const read = linkable.map(({ productId, displayName }) =>
      OAuthProduct.fromProductId(readers, `read-${productId}`, { instance: instanceRead, productId, displayName }),
    );
    new MultiProductApplication(readers, 'reader', {
      instance: instanceRead,
      displayName: 'Reader',
      ownerUserId: OWNER_ID,
      products: read,
    });
  };
}

/** A token for a product whose registration the program owns, for the client that signs in by a token of its issuer. */
async function workerToken(azure: LocalAzure, displayName: string): Promise<unknown> {
  const objects = [...azure.cloud.directory.objects.values()] as { displayName?: string; appId?: string }[];
  const appIdOf = (name: string): string => String(objects.find((object) => object.displayName === name)?.appId);
  const { json } = await new Client(azure).token({
    client_id: appIdOf('APIMApplicationWorker'),
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: azure.control.assertion(ISSUER, { sub: 'worker', aud: 'api://AzureADTokenExchange' }),
    scope: `api://${appIdOf(`APIMProductApplication${displayName}`)}/.default`,
  });
  return json.access_token;
}

/** A token for a product that the gateway enforces, for the client that API Management registered. */
async function partnerToken(azure: LocalAzure, product: string): Promise<unknown> {
  const secret = azure.cloud.vaults.get('contoso-limits')!.secrets.get('partner')!.at(-1)!.value;
  const { entraApplicationId } = propertiesOf(azure, `${SERVICE_ID}/clientApplications/partner`);
  const { application } = propertiesOf(azure, `${SERVICE_ID}/products/${product}`);
  const { audience } = (application as { entra: { audience: string } }).entra;
  const { json } = await new Client(azure).token({
    client_id: String(entraApplicationId),
    client_secret: secret,
    scope: `${audience}/.default`,
  });
  return json.access_token;
}

/** A client is let in to each product as often as the limit says, whatever it has called before; nobody else is. */
async function tryProducts(azure: LocalAzure): Promise<void> {
  const client = new Client(azure);
  azure.cloud.counters.clear();
  for (const { kind, name } of VARIANTS) {
    for (const [product, displayName] of [
      [`made-${name}`, `Made ${name}`],
      [`old-${name}`, `old-${name}`],
    ]) {
      const token = await (kind === 'gatewayPolicy' ? workerToken(azure, displayName) : partnerToken(azure, product));
      const statuses: number[] = [(await client.call(`/${product}`)).status];
      for (let call = 0; call <= CALLS; call += 1) {
        statuses.push((await client.call(`/${product}`, { authorization: `Bearer ${String(token)}` })).status);
      }
      expectEqual(`answers of ${product} (${kind})`, statuses, [401, 200, 200, 429]);
    }
  }
}

/** Limits on every kind of product, made here and made elsewhere, and clients of them all. */
export const PRODUCT_LIMITS: Scenario = {
  name: 'product-limits',
  seed: (azure) => {
    azure.control.addIssuer(ISSUER);
    const landscape = contoso(azure);
    for (const { name } of VARIANTS) {
      landscape
        .api(`made-${name}`)
        .api(`old-${name}`)
        .product(`old-${name}`, { apis: [`old-${name}`] });
    }
  },
  // What API Management registered for a product that exists stays as long as that does.
  leaves: ['apimmanaged', 'apimmanaged-keys'].flatMap((name) => [
    `application APIMProductApplicationold-${name}`,
    `servicePrincipal APIMProductApplicationold-${name}`,
  ]),
  steps: [
    program('first apply', declare(CALLS), { secrets: 1, after: tryProducts }),
    program('limits raised', declare(CALLS + 1), { secrets: 0 }),
    program('described', declare(CALLS, 'Edited'), { secrets: 0, after: tryProducts }),
  ],
};
