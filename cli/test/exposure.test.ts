import { hcl, json, PlanFixture, type Values } from './fixtures/plan';
import {
  azapi,
  entraStack,
  guid,
  handWrittenProduct,
  nativeCreation,
  nativeStack,
  policyXml,
  product,
  productApi,
  SERVICE,
  validation,
} from './fixtures/stacks';
import { reviewOf, told } from './support';

const gold = (properties: Values): string[] =>
  told(reviewOf(nativeStack().updates('azapi_resource.gold', { body: { properties } }, { output: true })));

describe('what callers have to bring', () => {
  test('a product that becomes open is critical', () => {
    const found = reviewOf(
      nativeStack().updates(
        'azapi_resource.gold',
        { body: { properties: { authenticationType: ['subscription-key'] } } },
        { output: true },
      ),
    );
    expect(told(found)).toEqual([
      'product-open [broadening, critical] anyone can call Gold: it demands neither a token nor a subscription key for echo-api',
      'tokens-off application based access is switched off for Gold: tokens are no longer looked at',
    ]);
    expect(found.verdict).toMatchObject({ label: 'BROADENING', counts: { critical: 1 } });
    expect(found.products.find(({ name }) => name === 'Gold')).toMatchObject({
      before: { open: 'no', tokens: 'yes' },
      after: { open: 'yes', tokens: 'no' },
    });
  });

  test('an authentication type that is left out means keys', () => {
    expect(gold({ authenticationType: null, subscriptionRequired: true })).toEqual([
      'keys-accepted [broadening] Gold accepts subscription keys: anyone who has one needs no token',
      'tokens-off [breaking] application based access is switched off for Gold: tokens are refused: this cuts off Contoso Partner',
    ]);
  });

  test('an API version that does not know the authentication type drops it', () => {
    const plan = nativeStack().updates(
      'azapi_resource.gold',
      { type: 'Microsoft.ApiManagement/service/products@2022-08-01' },
      { output: true },
    );
    expect(told(reviewOf(plan))[0]).toMatch(/^product-open \[broadening, critical\] anyone can call Gold/);
  });

  test('keys that are accepted beside tokens, and refused again', () => {
    expect(gold({ authenticationType: ['application-token', 'subscription-key'] })).toEqual([
      'keys-accepted [broadening] Gold accepts subscription keys: anyone who has one needs no token',
    ]);
    const both = nativeStack();
    both.find('azapi_resource.gold').change.before = product('gold', {
      authenticationType: ['application-token', 'subscription-key'],
    });
    both.updates('azapi_resource.gold', { body: { properties: { authenticationType: ['application-token'] } } });
    expect(told(reviewOf(both))).toEqual([
      'keys-refused [breaking] Gold no longer accepts subscription keys: callers with one are refused',
    ]);
  });

  test('an open product that is closed, with tokens switched on', () => {
    const plan = nativeStack();
    plan.find('azapi_resource.gold').change.before = product('gold', { authenticationType: [] });
    plan.updates('azapi_resource.gold', { body: { properties: { authenticationType: ['application-token'] } } });
    expect(told(reviewOf(plan))).toEqual([
      'product-closed [breaking] Gold is no longer open: it demands a token',
      'tokens-on application based access is switched on for Gold: it demands a token',
    ]);
  });

  test('a product of the azurerm provider that needs no subscription is open', () => {
    expect(
      told(
        reviewOf(
          handWrittenProduct().updates('azurerm_api_management_product.silver', { subscription_required: false }),
        ),
      ),
    ).toEqual([
      'product-open [broadening, critical] anyone can call Silver: it demands neither a token nor a subscription key',
    ]);
    const made = new PlanFixture().creates('azurerm_api_management_product.silver', {
      values: {
        api_management_name: 'ref-apim',
        product_id: 'silver',
        display_name: 'Silver',
        published: true,
        subscription_required: false,
      },
      expressions: {},
    });
    expect(told(reviewOf(made))).toEqual([
      'product-created Silver is created, published: anyone can call it, no API is in it',
      'product-open [broadening, critical] anyone can call Silver: it demands neither a token nor a subscription key',
    ]);
  });

  test('a policy that validates tokens protects a product, and its loss opens it', () => {
    expect(told(reviewOf(entraStack()))).toEqual([]);
    for (const plan of [
      entraStack().deletes('azurerm_api_management_product_policy.policy'),
      entraStack().updates('azurerm_api_management_product_policy.policy', {
        xml_content: '<policies><inbound><base /></inbound></policies>',
      }),
      entraStack().updates('azurerm_api_management_product_policy.policy', {
        xml_content: `<policies><inbound><base /><!-- ${validation()} --></inbound></policies>`,
      }),
    ]) {
      expect(told(reviewOf(plan))).toEqual([
        'product-open [broadening, critical] anyone can call Policy: it demands neither a token nor a subscription key',
        'tokens-off the policy of Policy no longer validates tokens: tokens are no longer looked at',
      ]);
    }
  });

  test('a policy that lets keys pass', () => {
    const choose = `<choose><when condition="@(context.Subscription == null)">${validation()}</when></choose>`;
    const plan = entraStack().updates('azurerm_api_management_product_policy.policy', {
      xml_content: `<policies><inbound><base />${choose}</inbound></policies>`,
    });
    expect(told(reviewOf(plan))).toEqual([
      'keys-accepted [broadening] Policy accepts subscription keys: anyone who has one needs no token',
    ]);
  });

  test('a policy that validates under another condition', () => {
    const choose = `<choose><when condition="@(context.Request.Method != "OPTIONS")">${validation()}</when></choose>`;
    const plan = entraStack().updates('azurerm_api_management_product_policy.policy', {
      xml_content: `<policies><inbound><base />${choose}</inbound></policies>`,
    });
    expect(told(reviewOf(plan))).toEqual([
      'protection-unknown [broadening] it is unknown whether Policy is open: its policy validates tokens under a condition only',
      'validation-weakened [broadening] the policy of Policy applies the validation of tokens to fewer requests',
    ]);
  });

  test('a policy that is unknown until apply', () => {
    const plan = entraStack().updates(
      'azurerm_api_management_product_policy.policy',
      { xml_content: undefined },
      { xml_content: true },
    );
    const found = reviewOf(plan);
    expect(told(found)).toEqual([
      'protection-unknown [broadening] it is unknown whether Policy is open: what it demands is not known before the apply',
    ]);
  });

  test('a policy that is made with a product is read from the configuration, by either provider', () => {
    const xml = policyXml({ audience: 'api://${azuread_application.policy.client_id}' });
    const product = {
      values: azapi('service/products@2024-05-01', 'new', SERVICE, { displayName: 'New', subscriptionRequired: false }),
      unknown: { id: true },
      expressions: {},
    };
    const azurerm = entraStack()
      .creates('azapi_resource.new', product)
      .creates('azurerm_api_management_product_policy.new', {
        values: { api_management_name: 'ref-apim', product_id: 'new' },
        unknown: { id: true, xml_content: true },
        expressions: { xml_content: json(xml, 'azuread_application.policy.client_id') },
      });
    const byAzapi = entraStack()
      .creates('azapi_resource.new', product)
      .creates('azapi_resource.new_policy', {
        values: { ...azapi('service/products/policies@2024-05-01', 'policy', `${SERVICE}/products/new`, {}) },
        unknown: { id: true, parent_id: true, body: { properties: { value: true } } },
        expressions: {
          parent_id: json('${azapi_resource.new.id}', 'azapi_resource.new.id'),
          body: json({ properties: { value: xml } }, 'azuread_application.policy.client_id'),
        },
      });
    for (const plan of [azurerm, byAzapi]) {
      expect(told(reviewOf(plan))).toEqual([
        'product-created New is created, not published: it demands a token, no API is in it',
      ]);
    }
  });

  test('key and token together', () => {
    const plan = entraStack().updates('azapi_resource.policy', {
      body: { properties: { subscriptionRequired: true } },
    });
    expect(told(reviewOf(plan))).toEqual([
      'keys-demanded [breaking] Policy demands a subscription key in addition to the token: this concerns APIMApplicationBatch',
    ]);
    const back = entraStack();
    back.find('azapi_resource.policy').change.before = {
      ...azapi('service/products@2024-05-01', 'policy', SERVICE, {
        displayName: 'Policy',
        state: 'published',
        subscriptionRequired: true,
      }),
    };
    back.updates('azapi_resource.policy', { body: { properties: { subscriptionRequired: false } } });
    expect(told(reviewOf(back))).toEqual([
      'keys-not-demanded [broadening] Policy no longer demands a subscription key in addition to the token',
    ]);
  });

  test('a policy that comes to or goes from a product that demands keys', () => {
    const policy = {
      values: { id: 'p', api_management_name: 'ref-apim', product_id: 'silver', xml_content: policyXml() },
      expressions: {},
    };
    expect(
      told(reviewOf(handWrittenProduct().creates('azurerm_api_management_product_policy.silver', policy))),
    ).toEqual(['tokens-demanded [breaking] Silver demands a token in addition to the subscription key']);
    const gone = handWrittenProduct()
      .exists('azurerm_api_management_product_policy.silver', policy)
      .deletes('azurerm_api_management_product_policy.silver');
    expect(told(reviewOf(gone))).toEqual([
      'tokens-not-demanded [broadening] Silver no longer demands a token: a subscription key alone is enough',
    ]);
  });

  test('application based access that is switched on for a product made elsewhere', () => {
    const values = {
      type: 'Microsoft.ApiManagement/service/products@2024-10-01-preview',
      resource_id: `${SERVICE}/products/silver`,
      body: { properties: { authenticationType: ['application-token', 'subscription-key'] } },
    };
    const plan = handWrittenProduct().creates('azapi_update_resource.silver', { values, expressions: {} });
    expect(told(reviewOf(plan))).toEqual([
      'tokens-on [broadening] application based access is switched on for Silver: it accepts a token or a subscription key',
    ]);
    const alone = new PlanFixture().creates('azapi_update_resource.silver', {
      values: { ...values, body: { properties: { authenticationType: ['application-token'] } } },
      expressions: {},
    });
    expect(told(reviewOf(alone))).toEqual([
      'tokens-on [broadening, breaking] application based access is switched on for silver: it demands a token, and callers with a subscription key are refused',
    ]);
    const gone = handWrittenProduct()
      .exists('azapi_update_resource.silver', { values, expressions: {} })
      .deletes('azapi_update_resource.silver');
    expect(told(reviewOf(gone))).toEqual([
      'product-kept Silver keeps its settings: Terraform forgets that it set them and writes nothing back',
    ]);
    const edited = handWrittenProduct()
      .exists('azapi_update_resource.silver', { values, expressions: {} })
      .updates('azurerm_api_management_product.silver', { description: 'new' });
    expect(told(reviewOf(edited))).toEqual([
      'tokens-may-be-off [breaking] updating Silver may switch its application based access off: the azurerm provider writes the product without it, and nothing in this plan switches it on again',
    ]);
  });

  test('what an action at destruction writes back counts', () => {
    const type = 'Microsoft.ApiManagement/service/products@2024-10-01-preview';
    const plan = handWrittenProduct()
      .exists('azapi_update_resource.silver', {
        values: {
          type,
          resource_id: `${SERVICE}/products/silver`,
          body: { properties: { authenticationType: ['application-token', 'subscription-key'] } },
        },
        expressions: {},
      })
      .exists('azapi_resource_action.restore', {
        values: {
          type,
          resource_id: `${SERVICE}/products/silver`,
          when: 'destroy',
          method: 'PATCH',
          body: { properties: { authenticationType: ['subscription-key'] } },
        },
        expressions: {},
      })
      .deletes('azapi_update_resource.silver')
      .deletes('azapi_resource_action.restore');
    expect(told(reviewOf(plan))).toEqual([
      'tokens-off [breaking] application based access is switched off for Silver: tokens are refused',
    ]);
  });
});

describe('an action at destruction that deletes the product', () => {
  const address = 'azapi_resource_action.policy_delete';
  const values = {
    type: 'Microsoft.ApiManagement/service/products@2024-05-01',
    resource_id: `${SERVICE}/products/policy`,
    method: 'DELETE',
    when: 'destroy',
    headers: { 'If-Match': '*' },
    query_parameters: { deleteSubscriptions: ['true'] },
    ignore_not_found: true,
  };
  const stack = (more: Values = {}): PlanFixture =>
    entraStack().exists(address, { values: { ...values, ...more }, expressions: {} });
  const everything = (plan: PlanFixture): PlanFixture =>
    [
      address,
      'azapi_resource.policy',
      'azurerm_api_management_product_policy.policy',
      'azuread_app_role_assignment.grants["policy"]',
    ].reduce((deleted, one) => deleted.deletes(one), plan);

  test('says nothing more than the product that is destroyed', () => {
    expect(reviewOf(everything(stack())).verdict.label).toBe('BREAKING');
    const replaced = entraStack()
      .exists(address, { values, expressions: {} })
      .replaces('azapi_resource.policy', {}, ['name'])
      .replaces(address, {}, ['resource_id'], { id: true, resource_id: true });
    expect(reviewOf(replaced).unjudged).toEqual([]);
  });

  test('is not judged where the product stays', () => {
    expect(reviewOf(stack().deletes(address)).unjudged.map(({ address: at }) => at)).toEqual([address]);
    expect(reviewOf(stack().replaces(address, {}, ['resource_id'])).unjudged.map(({ address: at }) => at)).toEqual([
      address,
    ]);
  });

  test.each<[string, Values]>([
    ['calls an action of the product', { action: 'apis' }],
    ['sends another request', { method: 'PATCH' }],
    ['is on something else', { resource_id: `${SERVICE}/products/native` }],
    ['sends nothing at destruction', { when: 'apply' }],
  ])('is judged as such only where it is one: %s', (name, more) => {
    expect(reviewOf(everything(stack(more))).unjudged.map(({ address: at }) => at)).toEqual(
      name === 'sends nothing at destruction' ? [] : [address],
    );
  });
});

test('a product that is forgotten stays', () => {
  expect(told(reviewOf(nativeStack().forgets('azapi_resource.gold')))).toEqual([
    'product-kept Gold stays as it is: Terraform forgets it',
  ]);
});

test('a product that is edited: its outputs are unknown, nothing else changes', () => {
  expect(gold({ description: 'new' })).toEqual([]);
});

test('publication and approval', () => {
  expect(gold({ state: 'notPublished' })).toEqual([
    'product-withdrawn [breaking] Gold is withdrawn: developers no longer see it and cannot ask for it',
  ]);
  const silver = (before: Values, after: Values): string[] =>
    told(reviewOf(handWrittenProduct(before).updates('azurerm_api_management_product.silver', after)));
  expect(silver({ published: false }, { published: true })).toEqual([
    'product-published [broadening] Silver is published: developers see it and may ask for it',
  ]);
  expect(silver({}, { approval_required: false })).toEqual([
    'approval-dropped [broadening] subscriptions to Silver need no approval any more',
  ]);
  expect(silver({ approval_required: false }, { approval_required: true })).toEqual([
    'approval-demanded [breaking] subscriptions to Silver need approval',
  ]);
});

describe('audiences', () => {
  test('of the product itself', () => {
    const plan = entraStack().updates('azapi_resource.native', {
      body: { properties: { application: { entra: { audience: 'api://orders.contoso.com' } } } },
    });
    expect(told(reviewOf(plan))).toEqual([
      `audience-changed [breaking] tokens for Native stop working: its audience changes from api://${guid(20)} to api://orders.contoso.com: this concerns APIMApplicationBatch`,
    ]);
  });

  test('that policies demand', () => {
    const plan = entraStack().updates('azurerm_api_management_product_policy.policy', {
      xml_content: policyXml({ audience: 'api://orders.contoso.com' }),
    });
    expect(told(reviewOf(plan))).toEqual([
      'audience-added [broadening] the policy of Policy accepts tokens for one more audience: api://orders.contoso.com',
      `audience-changed [breaking] the policy of Policy no longer accepts tokens for an audience: api://${guid(21)}`,
    ]);
  });

  test('that registrations have', () => {
    const plan = entraStack().deletes('azuread_application_identifier_uri.native');
    expect(told(reviewOf(plan))).toEqual([
      `audience-changed [breaking] tokens for Native stop working: its audience changes from api://${guid(20)}, which its registration no longer has: this concerns APIMApplicationBatch`,
    ]);
  });
});

describe('registrations', () => {
  const change = (address: string, values: Values): string[] => told(reviewOf(entraStack().updates(address, values)));

  test('roles', () => {
    expect(change('azuread_application.native', { app_role: [] })).toEqual([
      'role-removed [breaking] app role Product.Native.All of Native is removed: tokens no longer carry it: this concerns APIMApplicationBatch',
    ]);
    const role = { id: guid(41), value: 'Product.Native.All', enabled: false };
    expect(change('azuread_application.native', { app_role: [role] })).toEqual([
      'role-removed [breaking] app role Product.Native.All of Native is disabled: tokens no longer carry it: this concerns APIMApplicationBatch',
    ]);
    expect(change('azuread_application.native', { app_role: [{ ...role, enabled: true, value: 'Other' }] })).toEqual([
      'role-removed [breaking] app role Product.Native.All of Native becomes Other: tokens no longer carry it: this concerns APIMApplicationBatch',
    ]);
    expect(
      change('azuread_application.native', {
        app_role: [
          { ...role, enabled: true },
          { id: guid(99), value: 'Product.Native.Read', enabled: true },
        ],
      }),
    ).toEqual(['role-added app role Product.Native.Read of Native is added']);
  });

  test('tenants', () => {
    expect(change('azuread_application.native', { sign_in_audience: 'AzureADMultipleOrgs' })).toEqual([
      'tenants-widened [broadening] the registration of Native is opened to other tenants: applications outside of the organization can get a token',
    ]);
  });

  test('who needs an assignment', () => {
    expect(change('azuread_service_principal.native', { app_role_assignment_required: false })).toEqual([
      'assignment-not-required [broadening] every application of the tenant can get a token for Native: its registration needs no assignment any more',
    ]);
  });

  test('clients that are authorized in advance', () => {
    const plan = entraStack().creates('azuread_application_pre_authorized.x', {
      values: { application_id: `/applications/${guid(30)}`, authorized_client_id: guid(22), permission_ids: [] },
      expressions: {},
    });
    expect(told(reviewOf(plan))).toEqual([
      'client-preauthorized [broadening] APIMApplicationBatch is authorized in advance for Native: it gets delegated tokens without consent',
    ]);
    const gone = entraStack()
      .exists('azuread_application_pre_authorized.x', {
        values: { application_id: `/applications/${guid(30)}`, authorized_client_id: guid(22) },
        expressions: {},
      })
      .deletes('azuread_application_pre_authorized.x');
    expect(told(reviewOf(gone))).toEqual([
      'client-not-preauthorized [breaking] APIMApplicationBatch is no longer authorized in advance for Native: its users have to consent',
    ]);
  });
});

describe('APIs', () => {
  const orders = { values: productApi('gold', 'orders'), expressions: {} };

  test('that are added', () => {
    const found = reviewOf(nativeStack().creates('azurerm_api_management_product_api.orders', orders));
    expect(told(found)).toEqual([
      'api-added [broadening] API orders is added to Gold: it can be reached by Contoso Partner',
    ]);
    expect(found.exposure[0]).toMatchObject({ api: 'orders', clients: [{ name: 'Contoso Partner' }] });
    const nobody = nativeStack()
      .deletes('azapi_resource.partner_grants["gold"]')
      .creates('azurerm_api_management_product_api.orders', orders);
    expect(told(reviewOf(nobody))).toContain(
      'api-added [broadening] API orders is added to Gold: no client that the plans show reaches it',
    );
    const keys = handWrittenProduct().creates('azurerm_api_management_product_api.orders', {
      values: productApi('silver', 'orders'),
      expressions: {},
    });
    expect(told(reviewOf(keys))).toEqual([
      'api-added [broadening] API orders is added to Silver: it can be reached with a subscription key',
    ]);
    const open = handWrittenProduct({ subscription_required: false }).creates(
      'azurerm_api_management_product_api.orders',
      { values: productApi('silver', 'orders'), expressions: {} },
    );
    expect(told(reviewOf(open))).toEqual(['api-added [broadening] API orders is added to Silver: anyone reaches it']);
  });

  test('that are linked by azapi, to an API of the same plan', () => {
    const values = azapi('service/products/apiLinks@2024-05-01', 'link', `${SERVICE}/products/gold`, {});
    const plan = nativeStack()
      .creates('azurerm_api_management_api.orders', { values: { name: 'orders' }, expressions: {} })
      .creates('azapi_resource.link["orders"]', {
        values,
        unknown: { id: true, body: { properties: { apiId: true } } },
        expressions: { body: hcl('azurerm_api_management_api.orders.id') },
      });
    expect(told(reviewOf(plan))).toEqual([
      'api-added [broadening] API orders is added to Gold: it can be reached by Contoso Partner',
    ]);
  });

  test('that are taken away or added again', () => {
    expect(told(reviewOf(nativeStack().deletes('azurerm_api_management_product_api.gold')))).toEqual([
      'api-removed [breaking] API echo-api is taken from Gold: this cuts off Contoso Partner',
    ]);
    expect(told(reviewOf(nativeStack().replaces('azurerm_api_management_product_api.gold', {}, ['api_name'])))).toEqual(
      [
        'api-interrupted [breaking] API echo-api is taken from Gold and added again: in between calls fail for Contoso Partner',
      ],
    );
    expect(told(reviewOf(nativeStack().forgets('azurerm_api_management_product_api.gold')))).toEqual([]);
  });

  test('of a product that is made are told with it', () => {
    expect(told(reviewOf(nativeCreation())).filter((line) => line.startsWith('api-'))).toEqual([]);
  });
});

test('groups', () => {
  const group = {
    values: { api_management_name: 'ref-apim', product_id: 'gold', group_name: 'guests' },
    expressions: {},
  };
  expect(told(reviewOf(nativeStack().creates('azurerm_api_management_product_group.g', group)))).toEqual([
    'group-added [broadening] group guests sees Gold and may ask for it',
  ]);
  expect(
    told(
      reviewOf(
        nativeStack()
          .exists('azurerm_api_management_product_group.g', group)
          .deletes('azurerm_api_management_product_group.g'),
      ),
    ),
  ).toEqual(['group-removed [breaking] group guests no longer sees Gold and cannot ask for it']);
});

describe('limits', () => {
  const limit = (attributes: string): string =>
    `<rate-limit-by-key ${attributes} counter-key="@(context.Request.Headers.GetValueOrDefault("x", "<none>"))" />`;
  const change = (before: string, after: string): string[] => {
    const plan = entraStack();
    plan.find('azurerm_api_management_product_policy.policy').change.before = {
      api_management_name: 'ref-apim',
      product_id: 'policy',
      xml_content: policyXml({ inbound: before }),
    };
    return told(
      reviewOf(
        plan.updates('azurerm_api_management_product_policy.policy', { xml_content: policyXml({ inbound: after }) }),
      ),
    );
  };

  test.each([
    [
      'calls="10" renewal-period="60"',
      'calls="20" renewal-period="60"',
      'limit-loosened [broadening] the rate-limit-by-key of Policy is loosened: 10 calls in 60 s becomes 20 calls in 60 s',
    ],
    [
      'calls="10" renewal-period="60"',
      'calls="10" renewal-period="30"',
      'limit-loosened [broadening] the rate-limit-by-key of Policy is loosened: 10 calls in 60 s becomes 10 calls in 30 s',
    ],
    [
      'calls="10" renewal-period="60"',
      'calls="5" renewal-period="60"',
      'limit-tightened [breaking] the rate-limit-by-key of Policy is tightened: 10 calls in 60 s becomes 5 calls in 60 s',
    ],
    [
      'calls="10" renewal-period="60"',
      'calls="10" renewal-period="60" increment-condition="@(false)"',
      'limit-changed [broadening] the rate-limit-by-key of Policy counts differently',
    ],
  ])('%s to %s', (before, after, expected) => {
    expect(change(limit(before), limit(after))).toEqual([expected]);
  });

  test('that come and go', () => {
    expect(change(limit('calls="10" renewal-period="60"'), '')).toEqual([
      'limit-loosened [broadening] Policy loses its rate-limit-by-key of 10 calls in 60 s',
    ]);
    expect(change('', '<quota-by-key calls="100" bandwidth="40" renewal-period="3600" counter-key="x" />')).toEqual([
      'limit-tightened [breaking] Policy gets a quota-by-key of 100 calls and 40 kB in 3600 s',
    ]);
    expect(change(limit('calls="10" renewal-period="60"'), limit('calls="10" renewal-period="60"'))).toEqual([]);
  });

  test('that can no longer be read', () => {
    expect(change(limit('calls="10" renewal-period="60"'), '<include-fragment fragment-id="limits" />')).toEqual([
      'limit-loosened [broadening] Policy loses its rate-limit-by-key of 10 calls in 60 s',
      'not-judged [unjudged] the policy of Policy includes a fragment whose final text no plan shows',
    ]);
  });

  test('of a policy that is sensitive are compared but not told', () => {
    const plan = entraStack();
    const found = plan.find('azurerm_api_management_product_policy.policy');
    found.change.before = {
      api_management_name: 'ref-apim',
      product_id: 'policy',
      xml_content: policyXml({ inbound: limit('calls="10" renewal-period="60"') }),
    };
    plan.updates('azurerm_api_management_product_policy.policy', {
      xml_content: policyXml({ inbound: limit('calls="99" renewal-period="60"') }),
    });
    found.change.before_sensitive = found.change.after_sensitive = { xml_content: true };
    expect(told(reviewOf(plan))).toEqual(['limit-loosened [broadening] the rate-limit-by-key of Policy is loosened']);
  });
});

describe('what policies validate', () => {
  const change = (xml: string): string[] =>
    told(reviewOf(entraStack().updates('azurerm_api_management_product_policy.policy', { xml_content: xml })));
  const base = policyXml();

  test.each([
    [
      'a role that is no longer demanded',
      base.replace(/<required-claims>.*<\/required-claims>/, ''),
      'validation-weakened [broadening] the policy of Policy no longer demands claim roles Product.Policy.All',
    ],
    [
      'another claim',
      base.replace('</required-claims>', '<claim name="azp"><value>x</value></claim></required-claims>'),
      'validation-tightened [breaking] the policy of Policy demands claim azp (1 value)',
    ],
    [
      'one more role of which any is enough',
      base.replace('</claim>', '<value>Other</value></claim>'),
      'validation-weakened [broadening] the policy of Policy also accepts claim roles (1 value)',
    ],
    [
      'another tenant',
      base.replace(/tenant-id="[^"]*"/, 'tenant-id="common"'),
      'validation-weakened [broadening] the policy of Policy accepts tokens of every tenant',
    ],
    [
      'a list of clients',
      base.replace(
        '<audiences>',
        '<client-application-ids><application-id>x</application-id></client-application-ids><audiences>',
      ),
      'validation-tightened [breaking] the policy of Policy accepts only the clients of a list',
    ],
  ])('%s', (_, xml, expected) => {
    expect(change(xml)).toEqual([expected]);
  });

  test('nothing, in a product that no plan shows', () => {
    const plan = new PlanFixture().exists('azurerm_api_management_product_policy.silver', {
      values: { api_management_name: 'ref-apim', product_id: 'silver', xml_content: base },
      expressions: {},
    });
    plan.updates('azurerm_api_management_product_policy.silver', {
      xml_content: '<policies><inbound><base /></inbound></policies>',
    });
    expect(told(reviewOf(plan))).toEqual([
      'validation-weakened [broadening] the policy of silver no longer validates tokens',
    ]);
  });
});
