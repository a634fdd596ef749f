import { json, PlanFixture, type Values } from './fixtures/plan';
import {
  azapi,
  entraStack,
  guid,
  handWrittenProduct,
  policyXml,
  productApi,
  SERVICE,
  validation,
} from './fixtures/stacks';
import { reviewOf, told } from './support';

const POLICY = 'azurerm_api_management_product_policy.policy';
const OPEN =
  '<policies><inbound><base /></inbound><backend><base /></backend><outbound><base /></outbound><on-error><base /></on-error></policies>';
const WITHOUT_BASE = OPEN.replace('<inbound><base /></inbound>', '<inbound />');
const FILTER = OPEN.replace('<inbound>', '<inbound><ip-filter action="allow"><address>10.0.0.4</address></ip-filter>');

const make = (values: Values): { values: Values; expressions: Values } => ({ values, expressions: {} });
const api = (name: string, values: Values = {}): { values: Values; expressions: Values } =>
  make({
    id: `${SERVICE}/apis/${name};rev=1`,
    api_management_name: 'ref-apim',
    name,
    path: name,
    subscription_required: true,
    ...values,
  });

/** Product Policy with the API orders, and Silver, which demands a key, with the API stock. */
function stack(): PlanFixture {
  const plan = entraStack()
    .exists('azurerm_api_management_api.orders', api('orders'))
    .exists('azurerm_api_management_api.stock', api('stock'))
    .exists('azurerm_api_management_product_api.policy', make(productApi('policy', 'orders')))
    .exists('azurerm_api_management_product_api.silver', make(productApi('silver', 'stock')));
  const silver = handWrittenProduct().find('azurerm_api_management_product.silver');
  plan.changes.push(silver);
  return plan;
}

const policyOf = (name: string, properties: Values): { values: Values; expressions: Values } =>
  make(
    azapi(
      `service/${name}/policies@2024-05-01`,
      'policy',
      `${SERVICE}/${name.replace('products', 'products/policy').replace('apis', 'apis/orders')}`,
      properties,
    ),
  );

describe('at every level', () => {
  test.each<[string, (plan: PlanFixture) => PlanFixture, string[]]>([
    [
      'an API that skips its product',
      (plan) =>
        plan.creates(
          'azurerm_api_management_api_policy.x',
          make({ api_management_name: 'ref-apim', api_name: 'orders', xml_content: WITHOUT_BASE }),
        ),
      [
        'policy-skipped [broadening] the policy of API orders skips the policy of Policy: it has no <base /> in inbound',
      ],
    ],
    [
      'the same by azapi',
      (plan) => plan.creates('azapi_resource.x', policyOf('apis', { format: 'rawxml', value: WITHOUT_BASE })),
      [
        'policy-skipped [broadening] the policy of API orders skips the policy of Policy: it has no <base /> in inbound',
      ],
    ],
    [
      'an operation that skips its product',
      (plan) =>
        plan.creates(
          'azurerm_api_management_api_operation_policy.x',
          make({
            api_management_name: 'ref-apim',
            api_name: 'orders;rev=1',
            operation_id: 'get',
            xml_content: WITHOUT_BASE,
          }),
        ),
      [
        'policy-skipped [broadening] the policy of operation get of API orders skips the policy of Policy: it has no <base /> in inbound',
      ],
    ],
    [
      'an API that is made and skips its product',
      (plan) =>
        plan
          .creates('azurerm_api_management_api.new', api('new'))
          .creates('azurerm_api_management_product_api.new', make(productApi('policy', 'new')))
          .creates(
            'azurerm_api_management_api_policy.new',
            make({
              api_management_name: 'ref-apim',
              api_name: 'new',
              xml_content: WITHOUT_BASE.replace(
                '<inbound />',
                '<inbound><set-backend-service base-url="https://b" /></inbound>',
              ),
            }),
          ),
      [
        'api-added [broadening] API new is added to Policy: it can be reached by APIMApplicationBatch',
        'policy-skipped [broadening] the policy of API new skips the policy of Policy: it has no <base /> in inbound',
      ],
    ],
    [
      'an API whose products demand nothing',
      (plan) =>
        plan
          .exists(
            'azurerm_api_management_policy.all',
            make({ api_management_id: SERVICE, xml_content: OPEN.replaceAll('<base />', '') }),
          )
          .creates(
            'azurerm_api_management_api_policy.x',
            make({ api_management_name: 'ref-apim', api_name: 'stock', xml_content: WITHOUT_BASE }),
          ),
      [],
    ],
    [
      'a check of an API that goes',
      (plan) =>
        plan
          .exists(
            'azurerm_api_management_api_policy.x',
            make({ api_management_name: 'ref-apim', api_name: 'orders', xml_content: FILTER }),
          )
          .deletes('azurerm_api_management_api_policy.x'),
      ['check-weakened [broadening] the policy of API orders no longer filters the addresses that calls come from'],
    ],
    [
      'a check of an API that goes with it',
      (plan) =>
        plan
          .exists('azurerm_api_management_api.old', api('old'))
          .exists(
            'azurerm_api_management_api_policy.old',
            make({ api_management_name: 'ref-apim', api_name: 'old', xml_content: FILTER }),
          )
          .deletes('azurerm_api_management_api_policy.old')
          .deletes('azurerm_api_management_api.old'),
      [
        'not-judged [unjudged] azurerm_api_management_api.old is destroyed: it may let callers reach the API without a key, or at another address, than its products demand',
      ],
    ],
    [
      'all APIs',
      (plan) =>
        plan
          .exists(
            'azurerm_api_management_policy.all',
            make({ api_management_id: SERVICE, xml_content: FILTER.replaceAll('<base />', '') }),
          )
          .updates('azurerm_api_management_policy.all', { xml_content: OPEN.replaceAll('<base />', '') }),
      [
        'check-weakened [broadening] the policy of all APIs of ref-apim no longer filters the addresses that calls come from',
      ],
    ],
    [
      'a workspace',
      (plan) =>
        plan
          .exists(
            'azurerm_api_management_workspace_policy.w',
            make({ api_management_workspace_id: `${SERVICE}/workspaces/team`, xml_content: FILTER }),
          )
          .updates('azurerm_api_management_workspace_policy.w', { xml_content: OPEN }),
      ['check-weakened [broadening] the policy of workspace team no longer filters the addresses that calls come from'],
    ],
    [
      'a variable of all APIs by which an API decides',
      (plan) =>
        plan
          .exists(
            'azurerm_api_management_policy.all',
            make({
              api_management_id: SERVICE,
              xml_content: OPEN.replaceAll('<base />', '').replace(
                '<inbound>',
                '<inbound><set-variable name="internal" value="@(false)" />',
              ),
            }),
          )
          .exists(
            'azurerm_api_management_api_policy.x',
            make({
              api_management_name: 'ref-apim',
              api_name: 'orders',
              xml_content: OPEN.replace(
                '<inbound><base />',
                `<inbound><base /><choose><when condition="@(!(bool)context.Variables["internal"])">${validation()}</when></choose>`,
              ),
            }),
          )
          .updates('azurerm_api_management_policy.all', {
            xml_content: OPEN.replaceAll('<base />', '').replace(
              '<inbound>',
              '<inbound><set-variable name="internal" value="@(true)" />',
            ),
          }),
      [
        'not-judged [unjudged] the policy of all APIs of ref-apim changes something that a check in another place reads',
      ],
    ],
  ])('%s', (_, edit, expected) => {
    expect(told(reviewOf(edit(stack())))).toEqual(expected);
  });
});

describe('one policy, whichever blocks write it', () => {
  const azapiPolicy = (value: string): { values: Values; expressions: Values } =>
    policyOf('products', { format: 'rawxml', value });
  const open =
    'product-open [broadening, critical] anyone can call Policy: it demands neither a token nor a subscription key for orders';
  const off = 'tokens-off the policy of Policy no longer validates tokens: tokens are no longer looked at';

  test.each<[string, (plan: PlanFixture) => PlanFixture, string[]]>([
    [
      'written over by an update',
      (plan) =>
        plan.creates(
          'azapi_update_resource.x',
          make({
            type: 'Microsoft.ApiManagement/service/products/policies@2024-05-01',
            resource_id: `${SERVICE}/products/policy/policies/policy`,
            body: { properties: { value: OPEN } },
          }),
        ),
      [open, off],
    ],
    [
      'written over in another case and as text',
      (plan) =>
        plan.creates(
          'azapi_update_resource.x',
          make({
            type: 'microsoft.apimanagement/Service/products/Policies@2021-08-01',
            resource_id: `${SERVICE}/Products/POLICY/policies/policy`.replace('/service/', '/Service/'),
            body: JSON.stringify({ properties: { value: OPEN } }),
          }),
        ),
      [open, off],
    ],
    [
      'an update that says nothing of its text',
      (plan) =>
        plan.creates(
          'azapi_update_resource.x',
          make({
            type: 'Microsoft.ApiManagement/service/products/policies@2024-05-01',
            resource_id: `${SERVICE}/products/policy/policies/policy`,
            body: { properties: { format: 'xml' } },
          }),
        ),
      [],
    ],
    [
      'an update of a block of the same plan',
      (plan) =>
        plan.creates('azapi_update_resource.x', {
          values: {
            type: 'Microsoft.ApiManagement/service/products/policies@2024-05-01',
            body: { properties: { value: OPEN } },
          },
          unknown: { id: true, resource_id: true },
          expressions: { resource_id: json(`\${${POLICY}.id}`, `${POLICY}.id`) },
        }),
      [open, off],
    ],
    ['a twin that says less', (plan) => plan.creates('azapi_resource.x', azapiPolicy(OPEN)), [open, off]],
    ['a twin that says the same', (plan) => plan.creates('azapi_resource.x', azapiPolicy(policyXml())), []],
    [
      'forgotten here and imported there',
      (plan) => plan.forgets(POLICY).exists('azapi_resource.x', azapiPolicy(policyXml())).imports('azapi_resource.x'),
      [],
    ],
    [
      'forgotten here, imported there with less',
      (plan) =>
        plan
          .forgets(POLICY)
          .exists('azapi_resource.x', azapiPolicy(policyXml()))
          .imports('azapi_resource.x')
          .updates('azapi_resource.x', { body: { properties: { value: OPEN } } }),
      [open, off],
    ],
    ['forgotten', (plan) => plan.forgets(POLICY), []],
    [
      'taken away here and made there, in an order that nobody knows',
      (plan) => plan.deletes(POLICY).creates('azapi_resource.x', azapiPolicy(policyXml())),
      [
        'protection-unknown [broadening] it is unknown whether Policy is open: what it demands is not known before the apply',
      ],
    ],
    [
      'two blocks that write different things',
      (plan) =>
        plan
          .updates(POLICY, { xml_content: policyXml({ inbound: '<trace source="a">x</trace>' }) })
          .creates('azapi_resource.x', azapiPolicy(OPEN)),
      [
        'protection-unknown [broadening] it is unknown whether Policy is open: what it demands is not known before the apply',
      ],
    ],
    [
      'replaced by the same',
      (plan) => plan.replaces(POLICY, {}, ['api_management_name']),
      [
        'policy-interrupted [broadening] the policy of Policy is removed and written again: in between its demands do not apply',
      ],
    ],
    [
      'behind a link',
      (plan) => plan.updates(POLICY, { xml_content: null, xml_link: 'https://hunter2.example/p.xml' }),
      [
        'protection-unknown [broadening] it is unknown whether Policy is open: what it demands is not known before the apply',
      ],
    ],
  ])('%s', (_, edit, expected) => {
    const found = reviewOf(edit(stack()));
    expect(told(found)).toEqual(expected);
    expect(JSON.stringify(found)).not.toContain('hunter2');
  });

  test('a policy that cannot be read, of a product that demands keys whatever it says', () => {
    const policy = make({ id: 'p', api_management_name: 'ref-apim', product_id: 'silver', xml_content: FILTER });
    const change = (values: Values, unknown: Values = {}): string[] =>
      told(
        reviewOf(
          stack()
            .exists('azurerm_api_management_product_policy.silver', policy)
            .updates('azurerm_api_management_product_policy.silver', values, unknown),
        ),
      );
    expect(change({ xml_content: undefined }, { xml_content: true })).toEqual([
      'validation-weakened [broadening] the policy of Silver is unknown until apply: what it demands is unknown',
    ]);
    expect(change({ xml_content: '<policies>' })).toEqual([
      'validation-weakened [broadening] the policy of Silver is no XML of a policy: what it demands is unknown',
    ]);
    const unreadable = stack()
      .exists('azurerm_api_management_product_policy.silver', make({ ...policy.values, xml_content: '<policies>' }))
      .updates('azurerm_api_management_product_policy.silver', { xml_content: FILTER });
    expect(told(reviewOf(unreadable))).toEqual([
      'not-judged [unjudged] the policy of Silver could not be read before, since it is no XML of a policy: it is unknown whether it demands less now',
    ]);
  });

  test('a policy that nobody touches is not mentioned, readable or not', () => {
    const plan = stack().exists(
      'azurerm_api_management_product_policy.silver',
      make({ api_management_name: 'ref-apim', product_id: 'silver', xml_link: 'https://example.com/p.xml' }),
    );
    const found = reviewOf(plan);
    expect(told(found)).toEqual([]);
    expect(found.notes).toEqual([]);
  });
});

describe('fragments', () => {
  const fragment = (value: string): { values: Values; expressions: Values } =>
    make({ api_management_id: SERVICE, name: 'auth', format: 'rawxml', value });
  const including = OPEN.replace('<base />', '<base /><include-fragment fragment-id="Auth" />');
  const with_ = (value: string): PlanFixture => {
    const plan = stack();
    plan.find(POLICY).change.before = plan.find(POLICY).change.after = {
      api_management_name: 'ref-apim',
      product_id: 'policy',
      xml_content: including,
    };
    return plan.exists('azurerm_api_management_policy_fragment.auth', fragment(value));
  };
  const full = `<fragment>${validation()}<ip-filter action="allow"><address>10.0.0.4</address></ip-filter></fragment>`;

  test.each<[string, (plan: PlanFixture) => PlanFixture, string[]]>([
    [
      'in another layout',
      (plan) =>
        plan.updates('azurerm_api_management_policy_fragment.auth', {
          value: full.replaceAll('><', '>\n<'),
          description: 'x',
        }),
      [],
    ],
    [
      'that demands less',
      (plan) =>
        plan.updates('azurerm_api_management_policy_fragment.auth', {
          value: full.replace(/<ip-filter.*<\/ip-filter>/, ''),
        }),
      ['check-weakened [broadening] the policy of Policy no longer filters the addresses that calls come from'],
    ],
    [
      'whose elements are taken over',
      (plan) =>
        plan
          .updates(POLICY, {
            xml_content: including.replace(/<include-fragment[^>]*>/, full.replace(/<\/?fragment>/g, '')),
          })
          .deletes('azurerm_api_management_policy_fragment.auth'),
      [],
    ],
    [
      'that is unknown until apply',
      (plan) => plan.updates('azurerm_api_management_policy_fragment.auth', { value: undefined }, { value: true }),
      [
        'check-weakened [broadening] the policy of Policy no longer filters the addresses that calls come from',
        'not-judged [unjudged] the policy of Policy includes a fragment whose final text no plan shows',
        'product-open [broadening, critical] anyone can call Policy: it demands neither a token nor a subscription key for orders',
        'tokens-off the policy of Policy no longer validates tokens: tokens are no longer looked at',
      ],
    ],
    [
      'that no policy includes',
      (plan) =>
        plan
          .exists(
            'azurerm_api_management_policy_fragment.other',
            make({ api_management_id: SERVICE, name: 'other', value: full }),
          )
          .updates('azurerm_api_management_policy_fragment.other', { value: '<fragment />' }),
      [
        'check-weakened [broadening] the fragment other no longer filters the addresses that calls come from',
        'validation-weakened [broadening] the fragment other no longer validates tokens',
      ],
    ],
    [
      'that is new',
      (plan) =>
        plan.creates(
          'azurerm_api_management_policy_fragment.other',
          make({ api_management_id: SERVICE, name: 'other', value: full }),
        ),
      [],
    ],
  ])('%s', (_, edit, expected) => {
    expect(told(reviewOf(edit(with_(full))))).toEqual(expected);
  });

  test('what several policies include is told of each of them, at the fragment', () => {
    const plan = with_(full)
      .exists(
        'azurerm_api_management_product_policy.silver',
        make({ api_management_name: 'ref-apim', product_id: 'silver', xml_content: including }),
      )
      .updates('azurerm_api_management_policy_fragment.auth', { value: full.replace(/<ip-filter.*<\/ip-filter>/, '') });
    const { exposure } = reviewOf(plan);
    expect(exposure.map(({ message }) => message).sort()).toEqual([
      'the policy of Policy no longer filters the addresses that calls come from',
      'the policy of Silver no longer filters the addresses that calls come from',
    ]);
    expect(new Set(exposure.map(({ id }) => id)).size).toBe(2);
    expect(new Set(exposure.map(({ address }) => address))).toEqual(
      new Set(['azurerm_api_management_policy_fragment.auth']),
    );
  });
});

describe('named values', () => {
  const value = (values: Values): { values: Values; expressions: Values } =>
    make({
      api_management_name: 'ref-apim',
      name: 'audience',
      display_name: 'audience',
      value: `api://${guid(21)}`,
      secret: false,
      ...values,
    });
  const reading = (): PlanFixture => {
    const plan = stack();
    plan.find(POLICY).change.before = plan.find(POLICY).change.after = {
      api_management_name: 'ref-apim',
      product_id: 'policy',
      xml_content: policyXml({ audience: '{{ audience }}' }),
    };
    return plan.exists('azurerm_api_management_named_value.audience', value({}));
  };

  test('that a policy reads', () => {
    const found = reviewOf(
      reading().updates('azurerm_api_management_named_value.audience', { value: 'api://hunter2' }),
    );
    expect(told(found)).toEqual([
      'audience-added [broadening] the policy of Policy accepts tokens for one more audience',
      'audience-changed [breaking] the policy of Policy no longer accepts tokens for an audience',
    ]);
    expect(JSON.stringify(found)).not.toContain('hunter2');
  });

  test('written out, or from a vault', () => {
    expect(told(reviewOf(reading().updates(POLICY, { xml_content: policyXml() })))).toEqual([]);
    const vault = reading();
    vault.find('azurerm_api_management_named_value.audience').change.before = value({
      value: null,
      value_from_key_vault: [{ secret_id: 'https://v/secrets/a' }],
    }).values;
    vault.updates('azurerm_api_management_named_value.audience', {
      value_from_key_vault: [{ secret_id: 'https://w/secrets/a' }],
    });
    expect(told(reviewOf(vault))).toEqual([
      'audience-added [broadening] the policy of Policy accepts tokens for one more audience',
      'audience-changed [breaking] the policy of Policy no longer accepts tokens for an audience',
    ]);
  });

  test('that no policy of the plans reads', () => {
    const plan = stack()
      .exists('azurerm_api_management_named_value.other', value({ name: 'other', display_name: 'other' }))
      .updates('azurerm_api_management_named_value.other', { value: 'x' });
    expect(told(reviewOf(plan))).toEqual([
      'not-judged [unjudged] azurerm_api_management_named_value.other is changed (value): it may change which callers are accepted by policies that read it',
    ]);
    expect(
      told(
        reviewOf(
          stack().creates('azurerm_api_management_named_value.new', value({ name: 'new', display_name: 'new' })),
        ),
      ),
    ).toEqual([]);
  });
});

describe('APIs that can be called beside their products', () => {
  const orders = 'azurerm_api_management_api.orders';
  const stock = 'azurerm_api_management_api.stock';
  const anyone = (api: string, why = 'it demands no subscription key'): string =>
    `api-open [broadening, critical] anyone can call API ${api}, whatever its products demand: ${why}, and its policy demands no token`;
  const keyless = (plan: PlanFixture, address: string): PlanFixture => {
    plan.find(address).change.before = { ...plan.find(address).change.before, subscription_required: false };
    plan.find(address).change.after = plan.find(address).change.before;
    return plan;
  };

  test.each<[string, (plan: PlanFixture) => PlanFixture, string[]]>([
    ['without a key', (plan) => plan.updates(stock, { subscription_required: false }), [anyone('stock')]],
    [
      'without a key, in a product that needs none',
      (plan) => plan.updates(orders, { subscription_required: false }),
      [],
    ],
    [
      'made without a key',
      (plan) => plan.creates('azurerm_api_management_api.new', api('new', { subscription_required: false })),
      [anyone('new')],
    ],
    [
      'made by azapi without a key',
      (plan) =>
        plan.creates(
          'azapi_resource.new',
          make(azapi('service/apis@2024-05-01', 'new', SERVICE, { path: 'new', subscriptionRequired: false })),
        ),
      [anyone('new')],
    ],
    [
      'an update by azapi',
      (plan) =>
        plan.creates(
          'azapi_update_resource.x',
          make({
            type: 'Microsoft.ApiManagement/service/apis@2024-05-01',
            resource_id: `${SERVICE}/apis/stock`,
            body: { properties: { subscriptionRequired: false } },
          }),
        ),
      [
        anyone('stock'),
        'not-judged [unjudged] azapi_update_resource.x is created (resource_id): it may let callers reach the API without a key, or at another address, than its products demand',
      ],
    ],
    [
      'with a policy of its own',
      (plan) =>
        plan
          .exists(
            'azurerm_api_management_api_policy.stock',
            make({ api_management_name: 'ref-apim', api_name: 'stock', xml_content: policyXml() }),
          )
          .updates(stock, { subscription_required: false }),
      [
        'api-keys-not-demanded [broadening] API stock can be called with only a token, outside of its products: it demands no subscription key',
      ],
    ],
    [
      'taken out of the product that needs none',
      (plan) => keyless(plan, orders).deletes('azurerm_api_management_product_api.policy'),
      [
        anyone('orders', 'no product handles calls without a key any more'),
        'api-removed [breaking] API orders is taken from Policy: this cuts off APIMApplicationBatch',
      ],
    ],
    [
      'in a product that needs keys from now on',
      (plan) =>
        keyless(plan, orders).updates('azapi_resource.policy', {
          body: { properties: { subscriptionRequired: true } },
        }),
      [
        anyone('orders', 'no product handles calls without a key any more'),
        'keys-demanded [breaking] Policy demands a subscription key in addition to the token: this concerns APIMApplicationBatch',
      ],
    ],
    [
      'with a key again',
      (plan) => keyless(plan, stock).updates(stock, { subscription_required: true }),
      ['api-keys-demanded [breaking] API stock demands a subscription key of every caller'],
    ],
    [
      'unknown until apply',
      (plan) => plan.updates(stock, { subscription_required: undefined }, { subscription_required: true }),
      [
        'protection-unknown [broadening] it is unknown before the apply whether API stock can be called without a subscription key',
      ],
    ],
    [
      'at another path',
      (plan) => plan.updates(stock, { path: 'orders' }),
      [
        'api-moved [breaking] API stock moves to another path: calls to the former one fail',
        'not-judged [unjudged] azurerm_api_management_api.stock is changed (path): it may let callers reach the API without a key, or at another address, than its products demand',
      ],
    ],
  ])('%s', (_, edit, expected) => {
    expect(told(reviewOf(edit(stack()))).sort()).toEqual([...expected].sort());
  });
});

describe('a product that is made', () => {
  const made = (xml: string | undefined, values: Values = {}): PlanFixture => {
    const plan = stack()
      .creates(
        'azurerm_api_management_product.new',
        make({
          api_management_name: 'ref-apim',
          product_id: 'new',
          display_name: 'New',
          published: true,
          subscription_required: false,
          approval_required: false,
          ...values,
        }),
      )
      .creates('azurerm_api_management_product_api.new', make(productApi('new', 'stock')));
    return xml === undefined
      ? plan
      : plan.creates(
          'azurerm_api_management_product_policy.new',
          make({
            api_management_name: 'ref-apim',
            product_id: 'new',
            xml_content: OPEN.replace('<base />', `<base />${xml}`),
          }),
        );
  };
  const findings = (plan: PlanFixture): string[] =>
    told(reviewOf(plan)).filter((line) => !line.startsWith('product-created'));

  test.each<[string, PlanFixture, string[]]>([
    [
      'with tokens that anybody can make',
      made('<validate-jwt header-name="Authorization" require-signed-tokens="false" />'),
      [
        'product-open [broadening, critical] anyone can call New: it demands neither a token nor a subscription key for stock',
      ],
    ],
    [
      'with any token of the tenant',
      made('<validate-azure-ad-token tenant-id="t" />'),
      [
        'tokens-of-tenant [broadening] the policy of New accepts every token of the tenant: it demands no audience, client or claim, for stock',
      ],
    ],
    [
      'with any token of any tenant',
      made('<validate-azure-ad-token tenant-id="common" />'),
      [
        'tokens-of-tenant [broadening] the policy of New accepts every token of every tenant: it demands no audience, client or claim, for stock',
      ],
    ],
    [
      'with tokens for another product',
      made(validation()),
      [
        'tokens-in-use [broadening] the policy of New accepts tokens that clients may already have: it demands an audience that exists before the product, for stock',
      ],
    ],
    [
      'with tokens for a registration that is made with it',
      made(validation('Read', `api://${guid(77)}`)).creates(
        'azuread_application.new',
        make({ client_id: guid(77), object_id: guid(78), display_name: 'New', app_role: [] }),
      ),
      [],
    ],
    [
      'with keys that a group may ask for',
      made(undefined, { subscription_required: true }).creates(
        'azurerm_api_management_product_group.new',
        make({ api_management_name: 'ref-apim', product_id: 'new', group_name: 'guests' }),
      ),
      ['group-added [broadening] group guests sees New and may ask for it'],
    ],
  ])('%s', (_, plan, expected) => {
    expect(findings(plan)).toEqual(expected);
  });
});
