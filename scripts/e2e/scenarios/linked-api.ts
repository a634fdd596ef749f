import { App } from 'cdktf';
import { OAuthProduct, ProductAuthorization } from '../../../lib';
import { Client } from '../../../test/azure/support';
import { Scenario, program } from '../scenario';
import { contoso, existingInstance, newStack, SERVICE_ID } from './contoso';

function declare(productId: string | undefined): (app: App) => void {
  return (app) => {
    const stack = newStack(app, 'linked');
    const instance = existingInstance(stack);
    if (productId !== undefined) {
      new OAuthProduct(stack, 'product', {
        instance,
        productId,
        displayName: 'Enforced by policy',
        apiNames: ['orders'],
        authorization: ProductAuthorization.gatewayPolicy(),
      });
    }
  };
}

/**
 * A product that a policy enforces and to which somebody else links an API: that is open at no moment, also while the
 * product is replaced and while its deletion fails.
 */
export const LINKED_API: Scenario = {
  name: 'linked-api',
  seed: (azure) => void contoso(azure).api('orders').api('stock'),
  steps: [
    program('made', declare('first'), {
      after: async (azure) => {
        await new Client(azure).put(`${SERVICE_ID}/products/first/apis/stock`, {});
      },
    }),
    program('replaced while the deletion fails', declare('second'), {
      before: ({ control }) => control.fault({ method: 'DELETE', path: '/products/first$', status: 400, times: 1 }),
      refused: /The service could not handle the request/,
    }),
    program('replaced', declare('second')),
    program('removed', declare(undefined)),
  ],
};
