import { ApiManagementApi } from '@cdktf/provider-azurerm/lib/api-management-api';
import { ApiManagementApiPolicy } from '@cdktf/provider-azurerm/lib/api-management-api-policy';
import { App } from 'cdktf';
import { OAuthProduct, ProductAuthorization } from '../../../lib';
import type { LocalAzure } from '../../../test/azure';
import { Client } from '../../../test/azure/support';
import { fencesOf } from '../../../test/markdown';
import { Scenario, program } from '../scenario';
import { contoso, existingInstance, expectEqual, newStack, SERVICE_ID } from './contoso';

interface Program {
  readonly productId: string;
  readonly others?: string[];
  readonly exclusiveApis?: boolean;
}

/** A product that takes keys, too, over an API made here and APIs of others. */
function declare({ productId, others = [], exclusiveApis = true }: Program): (app: App) => void {
  return (app) => {
    const stack = newStack(app, 'exclusive');
    const instance = existingInstance(stack);
    const orders = new ApiManagementApi(stack, 'orders', {
      name: 'orders',
      apiManagementName: 'contoso-apim',
      resourceGroupName: 'contoso',
      revision: '1',
      displayName: 'Orders',
      path: 'orders',
      protocols: ['https'],
      subscriptionRequired: true,
    });
    new OAuthProduct(stack, 'gold', {
      instance,
      productId,
      displayName: 'Gold',
      apiNames: [orders.name, ...others],
      authorization: ProductAuthorization.entraApplication(),
      acceptSubscriptionKey: true,
      exclusiveApis,
    });
  };
}

/** What a key gets that is for all APIs, or for what else the scope says. */
async function byKeyFor(azure: LocalAzure, scope = 'apis'): Promise<number> {
  const key = 'k'.repeat(32);
  const client = new Client(azure);
  const properties = { scope: `${SERVICE_ID}/${scope}`, displayName: 'All', state: 'active', primaryKey: key };
  await client.put(`${SERVICE_ID}/subscriptions/all`, properties);
  await client.put(`${SERVICE_ID}/apis/orders/operations/list`, {
    displayName: 'List',
    method: 'GET',
    urlTemplate: '/list',
  });
  const { status } = await client.call('/orders/list', { 'ocp-apim-subscription-key': key });
  for (const id of ['subscriptions/all', 'apis/orders/operations/list']) {
    await client.arm('DELETE', `${SERVICE_ID}/${id}`, undefined, undefined, { 'if-match': '*' });
  }
  return status;
}

const answers =
  (status: number) =>
  async (azure: LocalAzure): Promise<void> =>
    expectEqual('answer to a key for all APIs', await byKeyFor(azure), status);

/** Keys of other scopes are refused by the APIs' policies, and a policy that somebody else wrote is not overwritten. */
export const EXCLUSIVE_APIS: Scenario = {
  name: 'exclusive-apis',
  seed: (azure) =>
    void contoso(azure).api('stock').api('prices', { policy: '<policies><inbound><base /></inbound></policies>' }),
  steps: [
    program('not exclusive', declare({ productId: 'gold', exclusiveApis: false }), { after: answers(200) }),
    program('exclusive', declare({ productId: 'gold', others: ['stock'] }), { after: answers(401) }),
    program('product replaced', declare({ productId: 'gold-2', others: ['stock'] }), { after: answers(401) }),
    program('an API with a policy of its own', declare({ productId: 'gold-2', others: ['prices'] }), {
      refused: /needs to be imported into the State/,
    }),
    program('exclusive again', declare({ productId: 'gold-2' }), { after: answers(401) }),
  ],
};

/** The lines that the documentation tells to copy to an API's policy, for a product. */
function linesToCopy(productId: string): string {
  const lines = fencesOf('docs/oauth-product.md').find(({ language }) => language === 'xml')!.text;
  return lines.replace('"ledger"', `"${productId}"`);
}

/** A product that exists, with a policy for its API that the program has by itself. */
function declareExisting(app: App): void {
  const stack = newStack(app, 'exclusive');
  OAuthProduct.onExisting(stack, 'gold', {
    instance: existingInstance(stack),
    productId: 'gold',
    displayName: 'Gold',
  });
  new ApiManagementApiPolicy(stack, 'policy', {
    apiManagementName: 'contoso-apim',
    resourceGroupName: 'contoso',
    apiName: 'orders',
    xmlContent: `<policies><inbound><base />${linesToCopy('gold')}</inbound><backend><base /></backend><outbound><base /></outbound><on-error><base /></on-error></policies>`,
  });
}

/** The policy to copy for a product that exists refuses keys of other scopes, and no key of the product. */
export const EXCLUSIVE_EXISTING: Scenario = {
  name: 'exclusive-existing',
  seed: (azure) =>
    void contoso(azure)
      .api('orders')
      .product('gold', { apis: ['orders'] })
      .product('silver', { apis: ['orders'] }),
  leaves: ['application APIMProductApplicationgold', 'servicePrincipal APIMProductApplicationgold'],
  steps: [
    program('copied', declareExisting, {
      before: async (azure) => expectEqual('key for all APIs, before', await byKeyFor(azure), 200),
      after: async (azure) => {
        expectEqual('key for all APIs', await byKeyFor(azure), 401);
        expectEqual('key for the API', await byKeyFor(azure, 'apis/orders'), 401);
        expectEqual('key of another product', await byKeyFor(azure, 'products/silver'), 401);
        expectEqual('key of the product', await byKeyFor(azure, 'products/gold'), 200);
      },
    }),
  ],
};
