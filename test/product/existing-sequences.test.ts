import * as fc from 'fast-check';
import { ApimInstanceWithIdentity, ExistingOAuthProductProps, OAuthProduct, ProductAuthorization } from '../../lib';
import { newStack, synth, Terraform } from '../support';
import { Azure, Properties, TerraformModel } from './terraform-model';

/*
 * What a product that exists goes through while its setting changes: any sequence of settings, one apply for each, in any
 * order that Terraform allows. It is open at no moment, each apply leaves nothing to do, and when the setting is gone the
 * product is what it was.
 */

/** One setting of a program; none where the construct is not there. */
interface Setting {
  readonly kind: 'apimManaged' | 'entraApplication' | 'gatewayPolicy';
  readonly keys: boolean;
  readonly limited: boolean;
  readonly productId: 'one' | 'two';
  readonly description: boolean;
  readonly published: boolean;
}

const setting: fc.Arbitrary<Setting | undefined> = fc.option(
  fc.record({
    kind: fc.constantFrom('apimManaged', 'entraApplication', 'gatewayPolicy'),
    keys: fc.boolean(),
    limited: fc.boolean(),
    productId: fc.constantFrom('one', 'one', 'two'),
    description: fc.boolean(),
    published: fc.boolean(),
  }),
  { nil: undefined, freq: 6 },
);

const synthesized = new Map<string, Terraform>();

function terraformOf(given: Setting | undefined): Terraform {
  const key = JSON.stringify(given ?? null);
  const known = synthesized.get(key);
  if (known !== undefined) {
    return known;
  }
  const stack = newStack();
  const instance = ApimInstanceWithIdentity.fromExisting(stack, 'apim', {
    name: 'contoso-apim',
    resourceGroupName: 'rg',
  });
  if (given !== undefined) {
    OAuthProduct.onExisting(stack, 'product', {
      instance,
      productId: given.productId,
      displayName: 'Product',
      authorization: ProductAuthorization[given.kind](),
      acceptSubscriptionKey: given.keys,
      reviewRegistration: false,
      ...(given.limited ? LIMITS : {}),
      ...(given.description ? { description: 'written here' } : {}),
      ...(given.published ? { published: true } : {}),
    });
  }
  const terraform = synth(stack);
  synthesized.set(key, terraform);
  return terraform;
}

const LIMITS: Partial<ExistingOAuthProductProps> = { clientRateLimit: { calls: 5, renewalPeriod: 60 } };

const KEYS_ONLY: Properties = {
  authenticationType: ['subscription-key'],
  application: null,
  subscriptionRequired: true,
  approvalRequired: true,
  subscriptionsLimit: 3,
  state: 'notPublished',
  description: 'as it was',
  terms: null,
};
const WITH_TOKENS: Properties = {
  ...KEYS_ONLY,
  authenticationType: ['application-token', 'subscription-key'],
  application: { entra: { applicationId: 'generated long ago', audience: 'api://generated' } },
  approvalRequired: false,
  subscriptionsLimit: null,
  description: null,
};
const TOKENS_ONLY: Properties = {
  ...WITH_TOKENS,
  authenticationType: ['application-token'],
  subscriptionRequired: false,
  approvalRequired: null,
};
const OPEN: Properties = {
  ...KEYS_ONLY,
  subscriptionRequired: false,
  approvalRequired: null,
  subscriptionsLimit: null,
};

function isOpen(azure: Azure, id: string): boolean {
  const product = azure.products.get(id)!;
  const byGateway = (product.authenticationType as string[]).includes('application-token');
  // A policy that takes any token of the tenant does not stand for the product.
  const byPolicy = azure.policies.get(id)?.includes('<validate-azure-ad-token ') ?? false;
  return product.subscriptionRequired === false && !byGateway && !byPolicy;
}

function run(initial: Properties, settings: (Setting | undefined)[], choices: number[]): void {
  const azure: Azure = {
    products: new Map(['one', 'two'].map((id) => [id, structuredClone(initial)])),
    policies: new Map(),
    applications: new Set(),
  };
  const wasOpen = isOpen(azure, 'one');
  let at = 0;
  const choose = (count: number) => choices[at++ % choices.length] % count;
  const opened: string[] = [];
  const model = new TerraformModel(azure, choose, () => {
    opened.push(...['one', 'two'].filter((id) => !wasOpen && isOpen(azure, id)));
  });
  for (const given of [...settings, undefined]) {
    model.apply(terraformOf(given));

    expect(opened).toEqual([]);
    expect(model.apply(terraformOf(given))).toBe(0);
    for (const [id, product] of azure.products) {
      if (given?.productId !== id) {
        expect(product).toEqual(initial);
        continue;
      }
      const keys = ['subscription-key'];
      const byGateway = given.keys ? ['application-token', ...keys] : ['application-token'];
      const isNative = given.kind !== 'gatewayPolicy';
      expect(isOpen(azure, id)).toBe(false);
      expect(product).toMatchObject({
        authenticationType: isNative ? byGateway : keys,
        subscriptionRequired: isNative && given.keys,
        description: given.description ? 'written here' : initial.description,
        state: given.published ? 'published' : initial.state,
        ...(isNative && given.keys && initial.subscriptionRequired === true
          ? { approvalRequired: initial.approvalRequired, subscriptionsLimit: initial.subscriptionsLimit }
          : {}),
      });
      const application = product.application as { entra: { applicationId: string } } | null;
      expect(application?.entra.applicationId.startsWith('azuread_application')).toBe(
        isNative ? given.kind === 'entraApplication' : undefined,
      );
    }
  }
}

describe('any sequence of settings of a product that exists', () => {
  test.each<[string, Properties]>([
    ['that takes keys', KEYS_ONLY],
    ['that takes keys and tokens', WITH_TOKENS],
    ['that takes tokens', TOKENS_ONLY],
    ['that is open', OPEN],
  ])('one %s is never open through it, and in the end what it was', (_, initial) => {
    fc.assert(
      fc.property(
        fc.array(setting, { minLength: 1, maxLength: 5 }),
        fc.array(fc.nat(6), { minLength: 8, maxLength: 8 }),
        (settings, choices) => run({ ...initial, description: initial.description ?? '' }, settings, choices),
      ),
      { numRuns: 40 },
    );
  });
});
