import { TerraformStack } from 'cdktf';
import {
  ClientCredential,
  ClientRegistration,
  IOAuthProduct,
  MultiProductApplication,
  OAuthProduct,
  ProductAuthorization,
} from '../lib';
import { tableAfter } from './markdown';
import { counts, newInstance, newStack, OWNER, synth, Terraform } from './support';

const PAGE = 'docs/product-authorization.md';
const MARKER = 'checked by test/pairs.test.ts';

const AUTHORIZATIONS: Record<string, () => ProductAuthorization> = {
  apimManaged: () => ProductAuthorization.apimManaged(),
  entraApplication: () => ProductAuthorization.entraApplication(),
  gatewayPolicy: () => ProductAuthorization.gatewayPolicy(),
};

const REGISTRATIONS: Record<string, () => ClientRegistration> = {
  apimManaged: () => ClientRegistration.apimManaged(),
  entra: () =>
    ClientRegistration.entra({
      credentials: [ClientCredential.gitHubActions({ organization: 'contoso', repository: 'orders', branch: 'main' })],
    }),
};

const SOURCES: Record<string, (stack: TerraformStack, authorization: string) => IOAuthProduct> = {
  'new OAuthProduct': (stack, authorization) =>
    new OAuthProduct(stack, 'gold', {
      instance: newInstance(stack),
      displayName: 'Gold',
      apiNames: ['orders'],
      authorization: AUTHORIZATIONS[authorization](),
    }),
  'OAuthProduct.onExisting': (stack, authorization) =>
    OAuthProduct.onExisting(stack, 'gold', {
      instance: newInstance(stack),
      productId: 'gold',
      displayName: 'Gold',
      authorization: AUTHORIZATIONS[authorization](),
    }),
  // What enforces a product that is only read is decided where it is declared, and the plan looks at it.
  'OAuthProduct.fromProductId': (stack) =>
    OAuthProduct.fromProductId(stack, 'gold', { instance: newInstance(stack), productId: 'gold', displayName: 'Gold' }),
};

/** How a pair gets its grant, or that it is refused, and when. */
function outcome(source: string, authorization: string, registration: string): string {
  const stack = newStack();
  const product = SOURCES[source](stack, authorization);
  const client = (): MultiProductApplication =>
    new MultiProductApplication(stack, 'partner', {
      instance: product.instance,
      displayName: 'Partner',
      ownerUserId: OWNER,
      products: [product],
      registration: REGISTRATIONS[registration](),
    });
  try {
    client();
  } catch (error) {
    expect((error as Error).message).toBe(
      'stack/partner: products: stack/gold: ClientRegistration.apimManaged() cannot be linked to a product with ProductAuthorization.gatewayPolicy(); ' +
        'use ClientRegistration.entra() for the client or another authorization for the product',
    );
    return 'refused at synthesis';
  }
  const terraform = synth(stack);
  if (source === 'OAuthProduct.fromProductId' && authorization === 'gatewayPolicy') {
    return refusal(terraform);
  }
  return grant(terraform);
}

function grant(terraform: Terraform): string {
  const kinds = counts(terraform);
  const links = Object.values<any>(terraform.resource.azapi_resource ?? {}).filter(({ type }) =>
    /\/productLinks@/.test(type),
  );
  const assignments = kinds.azuread_app_role_assignment ?? 0;
  expect(links.length + assignments).toBe(1);
  if (links.length === 1) {
    expect(Object.keys(links[0].for_each)).toEqual(['gold']);
    return 'works: product link';
  }
  const [name, block] = Object.entries<any>(terraform.resource.azuread_app_role_assignment)[0];
  expect(Object.keys(block.for_each)).toEqual(['gold']);
  return `works: app role assignment \`${/_([a-z-]+)_[0-9A-F]{8}$/.exec(name)![1]}\``;
}

/** The product stays on an api-version without the setting, so its reader finds it off. */
function refusal(terraform: Terraform): string {
  const { lifecycle } = terraform.data.azapi_resource.gold;
  expect(lifecycle.postcondition).toEqual([
    {
      condition: '${try(contains(self.output.authenticationType, "application-token"), false)}',
      error_message: 'Application based access is off for product gold: switch it on where the product is declared.',
    },
  ]);
  const stack = newStack();
  SOURCES['new OAuthProduct'](stack, 'gatewayPolicy');
  expect(synth(stack).resource.azapi_resource.gold.body.properties).not.toHaveProperty('authenticationType');
  return 'refused at plan';
}

describe('every pair of authorization and registration', () => {
  const rows = tableAfter(PAGE, MARKER);
  const plain = (cell: string): string => cell.replace(/^`|`$/g, '');
  const written = new Map(
    rows.map(([source, authorization, managed, entra]) => [
      `${plain(source)} ${plain(authorization)}`,
      { apimManaged: managed, entra },
    ]),
  );

  test('has a row in the docs', () => {
    const all = Object.keys(SOURCES).flatMap((source) =>
      Object.keys(AUTHORIZATIONS).map((authorization) => `${source} ${authorization}`),
    );
    expect([...written.keys()]).toEqual(all);
    expect(rows).toHaveLength(all.length);
  });

  const pairs = Object.keys(SOURCES).flatMap((source) =>
    Object.keys(AUTHORIZATIONS).flatMap((authorization) =>
      (['apimManaged', 'entra'] as const).map((registration) => ({ source, authorization, registration })),
    ),
  );

  test.each(pairs)('$source, $authorization, client $registration', ({ source, authorization, registration }) => {
    expect(written.get(`${source} ${authorization}`)?.[registration]).toBe(
      outcome(source, authorization, registration),
    );
  });
});
