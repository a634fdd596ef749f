import { ApiManagementApi } from '@cdktf/provider-azurerm/lib/api-management-api';
import { App } from 'cdktf';
import { OAuthProduct, ProductAuthorization } from '../../../lib';
import type { LocalAzure } from '../../../test/azure';
import { Client } from '../../../test/azure/support';
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

/** What a key for all APIs gets. */
async function byKeyForAll(azure: LocalAzure): Promise<number> {
  const key = 'k'.repeat(32);
  const client = new Client(azure);
  const properties = { scope: `${SERVICE_ID}/apis`, displayName: 'All', state: 'active', primaryKey: key };
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
    expectEqual('answer to a key for all APIs', await byKeyForAll(azure), status);

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
