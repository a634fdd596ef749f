import { App } from 'cdktf';
import { OAuthProduct, ProductAuthorization } from '../../../lib';
import type { LocalAzure } from '../../../test/azure';
import { Client } from '../../../test/azure/support';
import { Scenario, program } from '../scenario';
import { contoso, existingInstance, expectEqual, newStack, propertiesOf, SERVICE_ID } from './contoso';

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

/** Somebody else links an API to the product. */
const linkTo = (productId: string) => async (azure: LocalAzure) => {
  await new Client(azure).put(`${SERVICE_ID}/products/${productId}/apis/stock`, {});
};

/** A request that is refused once. */
const refusing =
  (method: string, path: string) =>
  ({ control }: LocalAzure): void =>
    control.fault({ method, path, status: 400, times: 1 });

const isThere =
  (productId: string, wanted: boolean) =>
  (azure: LocalAzure): void =>
    expectEqual(
      `product ${productId}`,
      'displayName' in propertiesOf(azure, `${SERVICE_ID}/products/${productId}`),
      wanted,
    );

const REFUSED = /The service could not handle the request/;

/**
 * A product that a policy enforces and to which somebody else links an API: that is open at no moment, also while the
 * product is replaced, while its deletion fails, and when the program is applied again after that.
 */
export const LINKED_API: Scenario = {
  name: 'linked-api',
  seed: (azure) => void contoso(azure).api('orders').api('stock'),
  steps: [
    program('made', declare('first'), { after: linkTo('first') }),
    program('replaced while the deletion fails', declare('second'), {
      before: refusing('DELETE', '/products/first$'),
      refused: REFUSED,
    }),
    program('kept after all', declare('first')),
    program('replaced', declare('second'), { after: linkTo('second') }),
    program('removed while the deletion fails', declare(undefined), {
      before: refusing('DELETE', '/products/second$'),
      refused: REFUSED,
    }),
    program('kept after all again', declare('second'), { after: isThere('second', true) }),
    program('removed while the deletion of the policy fails', declare(undefined), {
      before: refusing('DELETE', '/policies/policy$'),
      refused: REFUSED,
      after: isThere('second', false),
    }),
    program('made again', declare('second'), { after: linkTo('second') }),
    program('deleted in the portal', declare('second'), {
      before: ({ control }) => control.remove(`${SERVICE_ID}/products/second`),
      after: isThere('second', true),
    }),
    program('removed', declare(undefined), { after: isThere('second', false) }),
  ],
};
