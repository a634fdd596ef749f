import { hcl, json, PlanFixture } from './fixtures/plan';
import {
  assignment,
  client,
  entraStack,
  grant,
  guid,
  idOf,
  nativeCreation,
  nativeStack,
  product,
  ROLE_NATIVE,
  SERVICE,
} from './fixtures/stacks';
import { reviewOf, told } from './support';

test('a plan that changes nothing is neutral', () => {
  const found = reviewOf(nativeStack());
  expect(told(found)).toEqual([]);
  expect(found.verdict.label).toBe('NEUTRAL');
  expect(found.grants.map(({ client: who, product: what, change }) => [who.name, what.name, change])).toEqual([
    ['Contoso Partner', 'Gold', 'unchanged'],
    ['Contoso Partner', 'Starter', 'unchanged'],
  ]);
});

test('a first apply names what has no id yet', () => {
  const found = reviewOf(nativeCreation());
  expect(told(found)).toEqual([
    'access-gained [broadening] Contoso Partner gains Gold by product link',
    'access-gained [broadening] Contoso Partner gains Starter by product link',
    'privilege-granted [broadening, privilege] ref-apim is granted directory role Application Administrator: it may make, change and delete every application of the tenant, add credentials to it, and consent for it',
    'product-created Gold is created, published: it accepts a token or a subscription key, and reaches echo-api',
    'product-created Starter is created, published: it demands a token, no API is in it',
  ]);
  expect(found.access[0]).toMatchObject({
    audience: 'unknown until apply',
    product: { productId: 'gold', instance: 'ref-apim' },
  });
  expect(found.verdict).toMatchObject({ label: 'BROADENING', counts: { gained: 2, privilege: 1 } });
});

test('a grant that is added', () => {
  const plan = nativeStack();
  plan.find('azapi_resource.partner_grants["gold"]').change = {
    ...plan.find('azapi_resource.partner_grants["gold"]').change,
    actions: ['create'],
    before: null,
  };
  const found = reviewOf(plan);
  expect(told(found)).toEqual(['access-gained [broadening] Contoso Partner gains Gold by product link']);
  expect(found.access[0]).toMatchObject({
    client: { clientId: idOf('contoso-partner') },
    audience: `api://${guid(104)}`,
    means: ['product link'],
    stack: 'main',
  });
});

test('a grant that is removed', () => {
  const found = reviewOf(nativeStack().deletes('azapi_resource.partner_grants["gold"]', 'delete_because_each_key'));
  expect(told(found)).toEqual(['access-lost [breaking] Contoso Partner loses Gold']);
  expect(found.verdict).toMatchObject({ label: 'BREAKING', counts: { lost: 1, gained: 0 } });
});

test('a grant that is forgotten stays', () => {
  const found = reviewOf(nativeStack().forgets('azapi_resource.partner_grants["gold"]'));
  expect(told(found)).toEqual([
    'access-kept Contoso Partner keeps Gold: Terraform forgets the grant and the access stays',
  ]);
  expect(found.verdict.label).toBe('NEUTRAL');
  expect(found.changes.forgotten).toBe(1);
});

test('a grant that is imported was there already', () => {
  const found = reviewOf(nativeStack().imports('azapi_resource.partner_grants["gold"]'));
  expect(told(found)).toEqual(['access-imported Contoso Partner has Gold already: Terraform imports the grant']);
  expect(found.changes).toMatchObject({ imported: 1, created: 0 });
});

test('a grant that only moves', () => {
  const found = reviewOf(nativeStack().moves('azapi_resource.gold', 'azapi_resource.tier_two'));
  expect(told(found)).toEqual([]);
  expect(found.verdict.label).toBe('NEUTRAL');
  expect(found.changes.moved).toBe(1);
});

test('a grant that is replaced is interrupted, neither gained nor lost', () => {
  const found = reviewOf(nativeStack().replaces('azapi_resource.partner_grants["gold"]', {}, ['name']));
  expect(told(found)).toEqual([
    'access-interrupted [breaking] Contoso Partner loses Gold and gets it again: calls fail in between',
  ]);
  expect(found.verdict).toMatchObject({ label: 'BREAKING', counts: { gained: 0, lost: 0, interrupted: 1 } });
});

test('a grant whose former object stays when it is replaced is kept', () => {
  const found = reviewOf(
    nativeStack().replaces('azapi_resource.partner_grants["gold"]', {}, ['name'], { id: true }, ['create', 'forget']),
  );
  expect(found.verdict.label).toBe('NEUTRAL');
});

test('a grant that is written under another address without a moved block is interrupted', () => {
  const plan = nativeStack().deletes('azapi_resource.partner_grants["gold"]');
  plan.creates('azapi_resource.renamed', { values: grant('contoso-partner', 'gold'), expressions: {} });
  expect(told(reviewOf(plan))).toEqual([
    'access-interrupted [breaking] Contoso Partner loses Gold and gets it again: calls fail in between',
  ]);
});

test('a grant that is changed to another product', () => {
  const plan = nativeStack().deletes('azapi_resource.partner_grants["starter"]');
  plan.updates('azapi_resource.partner_grants["gold"]', {
    body: { properties: { productId: `${SERVICE}/products/starter` } },
  });
  const found = reviewOf(plan);
  expect(told(found)).toEqual([
    'access-interrupted [breaking] Contoso Partner loses Starter and gets it again: calls fail in between',
    'access-lost [breaking] Contoso Partner loses Gold',
  ]);
});

test('a product that is replaced takes its grants along', () => {
  const plan = nativeStack()
    .replaces('azapi_resource.gold', { name: 'gold-two' }, ['name'], { id: true, output: true })
    .replaces('azapi_resource.partner_grants["gold"]', {}, ['replace_triggers_external_values'], {
      id: true,
      body: { properties: { productId: true } },
    })
    .replaces('azurerm_api_management_product_api.gold', { product_id: 'gold-two' }, ['product_id']);
  const found = reviewOf(plan);
  expect(told(found)).toEqual([
    'access-interrupted [breaking] Contoso Partner loses Gold and gets it again on the product that replaces it: calls fail in between',
    'blast-radius [breaking] product Gold is replaced, forced by name: Contoso Partner stops working',
  ]);
  expect(found.verdict.label).toBe('BREAKING');
});

test('an app role assignment is told with its role', () => {
  const plan = entraStack();
  const address = 'azuread_app_role_assignment.grants["policy"]';
  plan.find(address).change = {
    ...plan.find(address).change,
    actions: ['create'],
    before: null,
    after_unknown: { id: true, principal_display_name: true },
  };
  const found = reviewOf(plan);
  expect(told(found)).toEqual([
    'access-gained [broadening] APIMApplicationBatch gains Policy by app role assignment with role Product.Policy.All',
  ]);
  expect(found.access[0]).toMatchObject({
    role: 'Product.Policy.All',
    audience: `api://${guid(21)}`,
    client: { clientId: guid(22) },
  });
});

test('an app role assignment that is replaced since ids become unknown keeps its role', () => {
  const plan = entraStack();
  plan.replaces('azuread_app_role_assignment.grants["native"]', {}, ['resource_object_id'], {
    id: true,
    resource_object_id: true,
  });
  expect(told(reviewOf(plan))).toEqual([
    'access-interrupted [breaking] APIMApplicationBatch loses Native with role Product.Native.All and gets it again: calls fail in between',
  ]);
});

test('a client and its product in different stacks are told by name', () => {
  const consumer = new PlanFixture()
    .exists('azapi_resource.batch', { values: client('batch', 'Batch'), expressions: {} })
    .creates('azapi_resource.batch_gold', { values: grant('batch', 'gold'), expressions: {} });
  const found = reviewOf({ platform: nativeStack(), consumer });
  expect(told(found)).toEqual(['access-gained [broadening] Batch gains Gold by product link']);
  expect(found.access[0]).toMatchObject({ stack: 'consumer' });
  expect(found.stacks.map(({ name, verdict }) => [name, verdict.label])).toEqual([
    ['consumer', 'BROADENING'],
    ['platform', 'NEUTRAL'],
  ]);
});

test('a grant in a stack alone is told by the id of its product', () => {
  const plan = new PlanFixture().creates('azapi_resource.batch_gold', {
    values: grant('batch', 'gold'),
    expressions: {},
  });
  expect(told(reviewOf(plan))).toEqual(['access-gained [broadening] batch gains gold by product link']);
});

test('products of the same name are told apart by their instance', () => {
  const other = SERVICE.replace('ref-apim', 'other-apim');
  const plan = nativeStack().exists('azapi_resource.other_gold', {
    values: { ...product('gold'), id: `${other}/products/gold`, parent_id: other, output: {} },
    expressions: {},
  });
  expect(reviewOf(plan).products.map(({ name }) => name)).toEqual([
    'Gold (gold, other-apim)',
    'Gold (gold, ref-apim)',
    'Starter',
  ]);
});

describe('references', () => {
  const unknown = { id: true, body: { properties: { productId: true } } };
  const grantWith = (expressions: Record<string, unknown>, forEach?: unknown) => {
    const plan = nativeStack();
    plan.creates('azapi_resource.other["gold"]', {
      values: grant('contoso-partner', 'gold'),
      unknown,
      expressions,
      ...(forEach === undefined ? {} : { forEach }),
    });
    plan.deletes('azapi_resource.partner_grants["gold"]');
    plan.replaces('azapi_resource.gold', { name: 'gold-two' }, ['name']);
    return reviewOf(plan)
      .access.map(({ message }) => message)
      .sort();
  };
  const again = ['Contoso Partner loses Gold and gets it again on the product that replaces it: calls fail in between'];
  const mayBe = (what: string): string[] => [
    `Contoso Partner gains unknown until apply${what} by product link`,
    'Contoso Partner loses Gold',
  ];

  test('in HCL, where the text of expressions is not told', () => {
    expect(grantWith({ body: hcl('azapi_resource.gold.id') })).toEqual(again);
  });

  test.each<[what: string, body: unknown, forEach: unknown, candidates: string]>([
    ['a local value, which no plan tells', hcl('local.gold_id'), undefined, ''],
    [
      'a condition',
      hcl('var.premium', 'azapi_resource.gold.id', 'azapi_resource.starter.id'),
      undefined,
      ' (Gold or Starter or another)',
    ],
    ['coalesce with a local value', hcl('local.id', 'azapi_resource.gold.id'), undefined, ' (Gold or another)'],
    [
      'the values of for_each, whose keys are not told',
      hcl('each.value'),
      hcl('azapi_resource.starter.id', 'azapi_resource.gold.id'),
      ' (Gold or Starter)',
    ],
    [
      'a thing whose id is known, so that something else decides',
      hcl('azapi_resource.starter.id'),
      undefined,
      ' (Starter or another)',
    ],
    ['what is in no plan', hcl('azapi_resource.nowhere.id'), undefined, ''],
    ['an output that does not exist', hcl('module.nowhere.id'), undefined, ''],
    [
      'something that is no product',
      hcl('azapi_resource.gold.id', 'azapi_resource.partner.id'),
      undefined,
      ' (Gold or another)',
    ],
    [
      'a key beside an attribute, which may decide',
      hcl('azapi_resource.gold.id', 'each.key'),
      hcl('var.names'),
      ' (Gold or another)',
    ],
    ['a function without references', { references: [] }, undefined, ''],
  ])('in HCL through %s: unknown, and never the grant that exists', (_, body, forEach, candidates) => {
    expect(grantWith({ body }, forEach)).toEqual(mayBe(candidates));
  });

  const text = (productId: string): Record<string, unknown> => ({ body: json({ properties: { productId } }) });

  test.each<[text: string, forEach?: unknown]>([
    ['${azapi_resource.gold.id}'],
    ['${lower(trimspace(azapi_resource.gold.id))}'],
    ['${azurerm_api_management.apim.id}/products/${azapi_resource.gold.name}'],
    ['${each.value}', json({ gold: '${azapi_resource.gold.id}', other: '${azapi_resource.starter.id}' })],
    ['${each.value["id"]}', json({ gold: { id: '${azapi_resource.gold.id}' } })],
  ])('in JSON, where the text says what is meant: %s', (...[productId, forEach]) => {
    expect(grantWith(text(productId), forEach)).toEqual(again);
  });

  test.each<[text: string, candidates: string, forEach?: unknown]>([
    ['${try(azapi_resource.gold.id, "")}', ' (Gold or another)'],
    ['${var.x ? azapi_resource.gold.id : azapi_resource.starter.id}', ' (Gold or Starter or another)'],
    ['${coalesce(local.x, azapi_resource.gold.id)}', ' (Gold or another)'],
    ['${replace(azapi_resource.gold.id, "gold", "starter")}', ' (Gold or another)'],
    [
      '%{ if var.x }${azapi_resource.gold.id}%{ else }${azapi_resource.starter.id}%{ endif }',
      ' (Gold or Starter or another)',
    ],
    ['${var.map["}"] == "\\"}" ? azapi_resource.gold.id : azapi_resource.starter.id}', ' (Gold or Starter or another)'],
    [
      '${each.value}',
      ' (Starter)',
      json({ gold: '${azapi_resource.starter.id}', starter: '${azapi_resource.gold.id}' }),
    ],
    ['${each.value}', '', json({ other: '${azapi_resource.gold.id}' })],
    ['${element([azapi_resource.gold.id, azapi_resource.starter.id], 1)}', ' (Gold or Starter or another)'],
    ['${{ a = azapi_resource.gold.id, b = azapi_resource.starter.id }["b"]}', ' (Gold or Starter or another)'],
  ])('in JSON, where the text chooses: %s', (...[productId, candidates, forEach]) => {
    expect(grantWith(text(productId), forEach)).toEqual(
      candidates === ' (Starter)' ? ['Contoso Partner loses Gold'] : mayBe(candidates),
    );
  });

  test('many candidates are named by the first few', () => {
    const plan = nativeStack();
    const names = ['one', 'two', 'three', 'four', 'five'];
    names.forEach((name) => plan.exists(`azapi_resource.${name}`, { values: product(name), expressions: {} }));
    plan.creates('azapi_resource.link', {
      values: grant('contoso-partner', 'x'),
      unknown,
      expressions: { body: hcl(...names.map((name) => `azapi_resource.${name}.id`), 'random_id.x.id') },
    });
    expect(reviewOf(plan).access.map(({ message }) => message)).toEqual([
      'Contoso Partner gains unknown until apply (Five or Four or One or Three or another) by product link',
    ]);
  });

  test.each([
    ['count.index', 'azapi_resource.tier'],
    ['each.key', 'azapi_resource.tier'],
  ])('an instance by %s may be any of them, since the index itself is not told', (index, resource) => {
    const plan = nativeStack();
    [0, 1].forEach((number) =>
      plan.creates(`azapi_resource.tier[${number}]`, {
        values: product(`tier-${number}`, { displayName: `Tier ${number}` }),
        expressions: {},
      }),
    );
    plan.creates('azapi_resource.link[0]', {
      values: grant('contoso-partner', 'x'),
      unknown,
      expressions: { body: hcl(resource, index) },
    });
    expect(reviewOf(plan).access.map(({ message }) => message)).toEqual([
      'Contoso Partner gains unknown until apply (Tier 0 or Tier 1) by product link',
    ]);
  });

  test('whom a role is given, by a condition', () => {
    const plan = entraStack();
    plan.creates('azuread_app_role_assignment.x', {
      values: assignment(ROLE_NATIVE, guid(77), guid(40)),
      unknown: { id: true, principal_object_id: true },
      expressions: {
        principal_object_id: hcl(
          'local.who',
          'azuread_service_principal.client.object_id',
          'azuread_service_principal.native.object_id',
        ),
      },
    });
    expect(told(reviewOf(plan))).toEqual([
      'access-gained [broadening] unknown until apply (APIMApplicationBatch or APIMProductApplicationNative or another) gains Native by app role assignment with role Product.Native.All',
    ]);
  });

  test('which role is given, by a condition', () => {
    const plan = entraStack();
    const roles = ['Product.Native.All', 'Product.Native.Read'].map(
      (role) => `azuread_service_principal.native.app_role_ids["${role}"]`,
    );
    plan.updates('azuread_service_principal.native', {}, { app_role_ids: true });
    plan.replaces('azuread_app_role_assignment.grants["native"]', {}, ['app_role_id'], { id: true, app_role_id: true });
    plan.root.resources.find(
      ({ name, type }) => name === 'grants' && type === 'azuread_app_role_assignment',
    )!.expressions = {
      app_role_id: hcl(...roles),
    };
    expect(told(reviewOf(plan))).toEqual([
      'access-gained [broadening] APIMApplicationBatch gains Native by app role assignment',
      'access-lost [breaking] APIMApplicationBatch loses Native with role Product.Native.All',
    ]);
  });

  test('into a module by its variable and out of one by its output', () => {
    const plan = new PlanFixture();
    const creation = { id: true, output: true };
    plan.creates('module.products["eu"].azapi_resource.this["gold"]', {
      values: product('gold'),
      unknown: creation,
      expressions: { name: hcl('each.key') },
      forEach: hcl('var.names'),
    });
    plan.creates('module.products["eu"].azapi_resource.this["starter"]', {
      values: product('starter'),
      unknown: creation,
      expressions: { name: hcl('each.key') },
      forEach: hcl('var.names'),
    });
    plan.creates('module.client.azapi_resource.app', {
      values: client('partner', 'Partner'),
      unknown: creation,
      expressions: {},
    });
    plan.creates('module.client.azapi_resource.link["gold"]', {
      values: grant('partner', 'gold'),
      unknown: { ...unknown, parent_id: true },
      expressions: { parent_id: hcl('azapi_resource.app.id'), body: hcl('each.value') },
      forEach: hcl('var.product_ids'),
    });
    plan.module(['products']).outputs = { ids: { expression: hcl('azapi_resource.this') } };
    const calls = plan.root.module_calls;
    calls.client = {
      ...calls.client,
      module: plan.module(['client']),
      expressions: { product_ids: hcl('module.products["eu"].ids') },
    };
    expect(reviewOf(plan).access.map(({ message }) => message)).toEqual([
      'Partner gains unknown until apply (Gold or Starter) by product link',
    ]);
  });

  test('of an app role that is written by name', () => {
    const plan = entraStack().updates('azuread_service_principal.native', {}, { app_role_ids: true, object_id: true });
    plan.creates('azuread_app_role_assignment.extra', {
      values: assignment(ROLE_NATIVE, guid(77), guid(40)),
      unknown: { id: true, app_role_id: true, resource_object_id: true },
      expressions: {
        app_role_id: hcl('azuread_service_principal.native.app_role_ids["Product.Native.All"]'),
        resource_object_id: hcl('azuread_service_principal.native.object_id'),
      },
    });
    expect(told(reviewOf(plan))).toEqual([
      'access-gained [broadening] APIMApplicationBatch gains Native by app role assignment with role Product.Native.All',
    ]);
  });

  test('to the registration that API Management makes for a product', () => {
    const plan = nativeCreation();
    plan.changes.splice(0, plan.changes.length, ...plan.changes.filter(({ address }) => !address.includes('grants')));
    plan.creates('azuread_app_role_assignment.batch', {
      values: { principal_object_id: guid(77) },
      unknown: { id: true, app_role_id: true, resource_object_id: true },
      expressions: {
        app_role_id: hcl('data.azuread_service_principal.gold.app_role_ids["Product.Gold.All"]'),
        resource_object_id: hcl('data.azuread_service_principal.gold.object_id'),
      },
    });
    plan.creates('data.azuread_service_principal.gold', {
      values: {},
      unknown: { client_id: true, object_id: true, app_role_ids: true },
      expressions: { client_id: hcl('azapi_resource.gold.output.applicationId') },
    });
    plan.find('data.azuread_service_principal.gold').change.actions = ['read'];
    expect(reviewOf(plan).access.map(({ message }) => message)).toEqual([
      `${guid(77)} gains Gold by app role assignment with role Product.Gold.All`,
    ]);
  });
});

test('a subscription gives access by its key', () => {
  const values = {
    id: `${SERVICE}/subscriptions/one`,
    display_name: 'Team One',
    product_id: `${SERVICE}/products/gold`,
    state: 'active',
    primary_key: 'k',
  };
  const found = reviewOf(nativeStack().creates('azurerm_api_management_subscription.one', { values, expressions: {} }));
  expect(found.access.map(({ message }) => message)).toEqual(['Team One gains Gold by subscription key']);
  expect(
    reviewOf(
      nativeStack().creates('azurerm_api_management_subscription.one', {
        values: { ...values, state: 'submitted' },
        expressions: {},
      }),
    ).access,
  ).toEqual([]);
});

test('azapi before 2.0 writes bodies as text', () => {
  const values = {
    ...grant('contoso-partner', 'gold'),
    body: JSON.stringify({ properties: { productId: `${SERVICE}/products/gold` } }),
  };
  const plan = nativeStack().deletes('azapi_resource.partner_grants["gold"]');
  plan.find('azapi_resource.partner_grants["gold"]').change.before = values;
  expect(told(reviewOf(plan))).toEqual(['access-lost [breaking] Contoso Partner loses Gold']);
});

describe('environments that are copies of each other', () => {
  test('do not hide what happens in one of them', () => {
    const opened = nativeStack().updates('azapi_resource.gold', { body: { properties: { authenticationType: [] } } });
    const found = reviewOf({
      dev: nativeStack().deletes('azapi_resource.partner_grants["gold"]'),
      prod: opened,
      test: nativeStack(),
    });
    expect(told(found)).toEqual([
      'access-lost [breaking] Contoso Partner (dev) loses Gold (dev)',
      'product-open [broadening, critical] anyone can call Gold (prod): it demands neither a token nor a subscription key for echo-api',
      'tokens-off application based access is switched off for Gold (prod): tokens are no longer looked at',
    ]);
    expect(found.stacks.map(({ verdict }) => verdict.label)).toEqual(['BREAKING', 'BROADENING', 'NEUTRAL']);
    expect(found.grants).toHaveLength(6);
  });

  test('of registrations that Terraform owns', () => {
    const grants = 'azuread_app_role_assignment.grants["policy"]';
    const found = reviewOf({
      dev: entraStack().deletes(grants),
      prod: entraStack().replaces('azuread_application.policy', {}, ['template_id']),
    });
    expect(told(found)).toEqual([
      'access-lost [breaking] APIMApplicationBatch (dev) loses Policy (dev) with role Product.Policy.All',
      'blast-radius [breaking] registration APIMProductApplicationPolicy (prod) is replaced, forced by template_id: for Policy (prod) APIMApplicationBatch (prod) stops working',
    ]);
  });
});
