import type { PlanFixture, Values } from './fixtures/plan';
import { azapi, grant, handWrittenProduct, nativeStack, PREVIEW, product, SERVICE } from './fixtures/stacks';
import { reviewOf, told } from './support';

const GOLD = `${SERVICE}/products/gold`;
const writes = (type: string, resource_id: string, body: unknown, more: Values = {}): Values => ({
  type: `Microsoft.ApiManagement/${type}`,
  resource_id,
  body,
  ...more,
});
const made = (address: string, values: Values): PlanFixture =>
  nativeStack().creates(address, {
    values,
    expressions: Object.fromEntries(Object.keys(values).map((name) => [name, {}])),
  });

describe('blocks that write an object which another block made', () => {
  const link = `${SERVICE}/clientApplications/contoso-partner/productLinks/more`;
  const platinum = { properties: { productId: `${SERVICE}/products/platinum` } };
  const gains = ['access-gained [broadening] Contoso Partner gains platinum by product link'];

  test.each<[what: string, address: string, values: Values, expected: readonly string[]]>([
    [
      'an action that puts a link',
      'azapi_resource_action.x',
      writes(`service/clientApplications/productLinks@${PREVIEW}`, link, platinum, { method: 'PUT' }),
      gains,
    ],
    [
      'an action that patches a link, in another case',
      'azapi_resource_action.x',
      writes(`SERVICE/clientapplications/PRODUCTLINKS@${PREVIEW}`, link, platinum, { method: 'patch', when: 'apply' }),
      gains,
    ],
    [
      'an update of a link, its body as text',
      'azapi_update_resource.x',
      writes(`service/clientApplications/productLinks@${PREVIEW}`, link, JSON.stringify(platinum)),
      gains,
    ],
    [
      'an action that patches a product',
      'azapi_resource_action.x',
      writes(
        `service/products@${PREVIEW}`,
        GOLD,
        { properties: { authenticationType: ['subscription-key'] } },
        { method: 'PATCH' },
      ),
      [
        'product-open [broadening, critical] anyone can call Gold: it demands neither a token nor a subscription key for echo-api',
        'tokens-off application based access is switched off for Gold: tokens are no longer looked at',
      ],
    ],
    [
      'an action that puts a product without its authentication type',
      'azapi_resource_action.x',
      writes(`service/products@${PREVIEW}`, GOLD, { properties: { subscriptionRequired: false } }, { method: 'PUT' }),
      [
        'product-open [broadening, critical] anyone can call Gold: it demands neither a token nor a subscription key for echo-api',
        'product-withdrawn [breaking] Gold is withdrawn: developers no longer see it and cannot ask for it',
        'tokens-off application based access is switched off for Gold: tokens are no longer looked at',
      ],
    ],
    [
      'an action of the object itself',
      'azapi_resource_action.x',
      writes(`service/products@${PREVIEW}`, GOLD, {}, { method: 'PUT', action: 'x' }),
      [
        'not-judged [unjudged] azapi_resource_action.x is created (action, name, parent_id and resource_id): it may read secrets, or change anything of the object that it is called on',
      ],
    ],
  ])('%s', (_, address, values, expected) => {
    expect(told(reviewOf(made(address, values)))).toEqual(expected);
  });

  test('what such a block has written stays when the block goes', () => {
    const values = writes(`service/clientApplications/productLinks@${PREVIEW}`, link, platinum);
    const plan = nativeStack().exists('azapi_update_resource.x', { values, expressions: {} });
    expect(told(reviewOf(plan.deletes('azapi_update_resource.x')))).toEqual([]);
  });
});

describe('several blocks of one object', () => {
  const open = product('gold', { authenticationType: ['subscription-key'] });
  const twin = (values: Values = product('gold')): PlanFixture =>
    nativeStack().exists('azapi_resource.twin', { values, expressions: {} });

  test('a product that is forgotten at one block and taken over, with weaker settings, by another', () => {
    const plan = twin().forgets('azapi_resource.gold').imports('azapi_resource.twin');
    plan.updates('azapi_resource.twin', { body: open.body });
    expect(told(reviewOf(plan))).toContain(
      'product-open [broadening, critical] anyone can call Gold: it demands neither a token nor a subscription key for echo-api',
    );
  });

  test('a product that is forgotten and taken over as it is', () => {
    const plan = twin().forgets('azapi_resource.gold').imports('azapi_resource.twin');
    expect(reviewOf(plan).verdict.label).toBe('NEUTRAL');
  });

  test('a twin of a product that is changed counts, whichever comes first', () => {
    for (const address of ['azapi_resource.gold', 'azapi_resource.twin']) {
      expect(told(reviewOf(twin().updates(address, { body: open.body })))).toContain(
        'product-open [broadening, critical] anyone can call Gold: it demands neither a token nor a subscription key for echo-api',
      );
    }
  });

  test('two blocks that write different things: which of them wins cannot be told', () => {
    const plan = twin()
      .updates('azapi_resource.gold', { body: { properties: { description: 'x' } } })
      .updates('azapi_resource.twin', { body: open.body });
    expect(told(reviewOf(plan))).toContain(
      'protection-unknown [broadening] it is unknown whether Gold is open: what it demands is not known before the apply',
    );
  });

  test.each([
    ['product link', 'azapi_resource.twin', grant('contoso-partner', 'gold'), 'azapi_resource.partner_grants["gold"]'],
  ])('a %s that one of its blocks destroys is gone, whatever the others say', (_, address, values, first) => {
    for (const [gone, kept] of [
      [address, first],
      [first, address],
    ] as const) {
      const edits = [
        (plan: PlanFixture) => plan,
        (plan: PlanFixture) => plan.forgets(kept),
        (plan: PlanFixture) => plan.updates(kept, { timeouts: { create: '5m' } }),
      ];
      for (const edit of edits) {
        const plan = edit(nativeStack().exists(address, { values, expressions: {} })).deletes(gone);
        expect(told(reviewOf(plan))).toEqual(['access-lost [breaking] Contoso Partner loses Gold']);
      }
    }
  });

  test('a product in another case, by another version', () => {
    const values = azapi(`service/PRODUCTS@2022-08-01`, 'GOLD', SERVICE.replace('ref-apim', 'REF-APIM'), {
      displayName: 'Gold',
      subscriptionRequired: false,
      state: 'published',
    });
    const plan = nativeStack()
      .forgets('azapi_resource.gold')
      .exists('azapi_resource.twin', { values: product('gold'), expressions: {} })
      .imports('azapi_resource.twin')
      .updates('azapi_resource.twin', values);
    expect(told(reviewOf(plan))).toContain(
      'product-open [broadening, critical] anyone can call Gold: it demands neither a token nor a subscription key for echo-api',
    );
  });
});

test('a scope that is relative to its instance', () => {
  const plan = nativeStack().creates('azapi_resource.key', {
    values: azapi('service/subscriptions@2024-05-01', 'key', SERVICE, {
      displayName: 'Key',
      scope: '/products/gold',
      state: 'active',
    }),
    expressions: {},
  });
  expect(reviewOf(plan).access.map(({ message }) => message)).toEqual(['Key gains Gold by subscription key']);
});

test('blocks of two providers for one product', () => {
  const plan = handWrittenProduct()
    .exists('azapi_resource.same', {
      values: azapi('service/products@2024-05-01', 'silver', SERVICE, {
        displayName: 'Silver',
        subscriptionRequired: true,
      }),
      expressions: {},
    })
    .forgets('azurerm_api_management_product.silver')
    .updates('azapi_resource.same', { body: { properties: { subscriptionRequired: false } } });
  expect(told(reviewOf(plan))).toContain(
    'product-open [broadening, critical] anyone can call Silver: it demands neither a token nor a subscription key',
  );
});
