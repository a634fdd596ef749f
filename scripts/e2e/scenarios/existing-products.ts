import { App } from 'cdktf';
import { ApiManagementProduct } from '@cdktf/provider-azurerm/lib/api-management-product';
import { ExistingOAuthProductProps, OAuthProduct, ProductAuthorization } from '../../../lib';
import type { LocalAzure } from '../../../test/azure';
import { Scenario, Step, program } from '../scenario';
import { contoso, existingInstance, expectEqual, newStack, propertiesOf, SERVICE_ID } from './contoso';

type Setting = Omit<ExistingOAuthProductProps, 'instance' | 'displayName'>;

/** A setting of a product that exists; none where the construct is removed. */
function declare(setting: Setting | undefined): (app: App) => void {
  return (app) => {
    const stack = newStack(app, 'existing');
    const instance = existingInstance(stack);
    if (setting !== undefined) {
      OAuthProduct.onExisting(stack, 'product', { instance, displayName: setting.productId, ...setting });
    }
  };
}

const ACCESS = ['authenticationType', 'application', 'subscriptionRequired', 'state', 'description'];

/** What decides about access to a product, as Azure has it. */
function accessTo(azure: LocalAzure, productId: string): unknown[] {
  const properties = propertiesOf(azure, `${SERVICE_ID}/products/${productId}`);
  return ACCESS.map((name) => properties[name] ?? null);
}

const asItWas = (...productIds: string[]): NonNullable<Step['after']> => {
  const former: { readonly [id: string]: unknown[] } = {
    gold: [['subscription-key'], null, true, 'published', 'Gold as it was'],
    silver: [['subscription-key'], null, true, 'published', null],
    open: [['subscription-key'], null, false, 'published', null],
  };
  return (azure) => productIds.forEach((id) => expectEqual(`product ${id}`, accessTo(azure, id), former[id]));
};

const GOLD: Setting = { productId: 'gold' };

/**
 * Settings of a product that exists, one after the other: at no moment is it open, and when the construct is removed the
 * product is what it was.
 */
export const EXISTING_PRODUCTS: Scenario = {
  name: 'existing-products',
  seed: (azure) =>
    void contoso(azure)
      .api('orders')
      .api('stock')
      .product('gold', { apis: ['orders'], description: 'Gold as it was' })
      .product('silver', { apis: ['stock'] }),
  leaves: ['gold', 'silver'].flatMap((name) => [
    `application APIMProductApplication${name}`,
    `servicePrincipal APIMProductApplication${name}`,
  ]),
  steps: [
    program('keys accepted', declare(GOLD)),
    program('keys refused', declare({ ...GOLD, acceptSubscriptionKey: false })),
    program('removed', declare(undefined), { after: asItWas('gold') }),
    program('keys refused at once', declare({ ...GOLD, acceptSubscriptionKey: false, description: 'Written here' })),
    program('keys accepted again', declare({ ...GOLD, description: 'Written here' })),
    program('own registration', declare({ ...GOLD, authorization: ProductAuthorization.entraApplication() })),
    program('back to API Management', declare({ ...GOLD, authorization: ProductAuthorization.apimManaged() })),
    program(
      'a policy',
      declare({ ...GOLD, authorization: ProductAuthorization.gatewayPolicy(), acceptSubscriptionKey: false }),
    ),
    program('from the policy to API Management', declare({ ...GOLD, acceptSubscriptionKey: false })),
    program(
      'a policy again',
      declare({ ...GOLD, authorization: ProductAuthorization.gatewayPolicy(), acceptSubscriptionKey: false }),
    ),
    program('another product', declare({ productId: 'silver', acceptSubscriptionKey: false }), {
      after: asItWas('gold'),
    }),
    program(
      'another product with its own registration',
      declare({ ...GOLD, authorization: ProductAuthorization.entraApplication() }),
      {
        after: asItWas('silver'),
      },
    ),
    program('removed again', declare(undefined), { after: asItWas('gold', 'silver') }),
  ],
};

/** A product that was open is closed while the setting is there, and is given back as it was. */
export const OPEN_PRODUCT: Scenario = {
  name: 'open-product',
  seed: (azure) =>
    void contoso(azure)
      .api('orders')
      .product('open', {
        apis: ['orders'],
        authenticationType: ['subscription-key'],
        subscriptionRequired: false,
      }),
  leaves: ['application APIMProductApplicationopen', 'servicePrincipal APIMProductApplicationopen'],
  steps: [
    program('keys accepted', declare({ productId: 'open' }), {
      after: ({ control }) => expectEqual('open APIs', control.openApis(), []),
    }),
    program('keys refused', declare({ productId: 'open', acceptSubscriptionKey: false }), {
      after: ({ control }) => expectEqual('open APIs', control.openApis(), []),
    }),
    program('removed', declare(undefined), { after: asItWas('open') }),
  ],
};

/** A product of azurerm's own beside the setting. */
function declareManaged(description: string): (app: App) => void {
  return (app) => {
    const stack = newStack(app, 'managed');
    const instance = existingInstance(stack);
    const legacy = new ApiManagementProduct(stack, 'legacy', {
      apiManagementName: 'contoso-apim',
      resourceGroupName: 'contoso',
      productId: 'legacy',
      displayName: 'Legacy',
      description,
      published: true,
      subscriptionRequired: true,
    });
    OAuthProduct.onExisting(stack, 'legacy-tokens', {
      instance,
      productId: legacy.productId,
      displayName: 'Legacy',
      managedBy: legacy,
      clientRateLimit: { calls: 10, renewalPeriod: 60 },
    }).addApi('orders');
  };
}

/** Whenever azurerm writes the product, the setting is written again in the same apply. */
export const MANAGED_BY_AZURERM: Scenario = {
  name: 'managed-by-azurerm',
  seed: (azure) => void contoso(azure).api('orders'),
  steps: ['As it was', 'Edited'].map((description) =>
    program(description, declareManaged(description), {
      after: (azure) => {
        const [types, , required] = accessTo(azure, 'legacy');
        expectEqual('access', [types, required], [['application-token', 'subscription-key'], true]);
      },
    }),
  ),
};
