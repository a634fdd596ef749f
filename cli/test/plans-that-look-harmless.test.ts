import { hcl, PlanFixture, type Values } from './fixtures/plan';
import { assignment, azapi, entraStack, guid, nativeStack, product, ROLE_POLICY, SERVICE } from './fixtures/stacks';
import { reviewOf, told } from './support';

/*
 * Plans as somebody would write them who knows what this tool reads, and wants access without being seen. Each of them
 * gives access, or may do so, by something that looks like an everyday change.
 */

const GROUP = SERVICE.split('/providers/')[0] ?? '';

function expressionsOf(...values: readonly Values[]): Values {
  return Object.fromEntries(
    values.flatMap((side) => Object.entries(side).map(([name, value]) => [name, { constant_value: value }])),
  );
}

function made(address: string, values: Values, base: PlanFixture = entraStack(), unknown: Values = {}): PlanFixture {
  return base.creates(address, {
    values,
    unknown: { id: true, ...unknown },
    expressions: expressionsOf(values, unknown),
  });
}

function changed(address: string, before: Values, after: Values, base: PlanFixture = entraStack()): PlanFixture {
  return base.exists(address, { values: before, expressions: expressionsOf(before, after) }).updates(address, after);
}

function notJudged(plan: PlanFixture): readonly string[] {
  const found = reviewOf(plan);
  expect(found.verdict.label).not.toContain('NEUTRAL');
  return found.unjudged.map(({ message }) => message);
}

const NEUTRAL = 'NEUTRAL';

describe('revisions of an API, which callers reach beside the current one', () => {
  const api = (more: Values = {}): Values => ({
    name: 'orders',
    api_management_name: 'ref-apim',
    resource_group_name: 'rg-ref',
    path: 'orders',
    revision: '1',
    subscription_required: true,
    ...more,
  });

  test('by azurerm', () => {
    expect(notJudged(made('azurerm_api_management_api.next', api({ revision: '2' })))).toEqual([
      'azurerm_api_management_api.next is created (revision): it may let callers reach the API without a key, or at another address, than its products demand',
    ]);
  });

  test.each<[name: string, properties: Values]>([
    ['orders;rev=2', { path: 'orders' }],
    ['orders', { path: 'orders', apiRevision: '2' }],
    ['orders;rev=3', { path: 'orders', apiRevision: '3', isCurrent: true }],
  ])('by azapi: %s %j', (name, properties) => {
    expect(
      notJudged(made('azapi_resource.next', azapi('service/apis@2024-05-01', name, SERVICE, properties))),
    ).toHaveLength(1);
  });

  test.each([
    ['azurerm', (): PlanFixture => made('azurerm_api_management_api.orders', api())],
    [
      'azapi',
      (): PlanFixture =>
        made(
          'azapi_resource.orders',
          azapi('service/apis@2024-05-01', 'orders;rev=1', SERVICE, { path: 'orders', apiRevision: '1' }),
        ),
    ],
  ])('the first revision is the API itself: %s', (_, plan) => {
    expect(reviewOf(plan()).verdict.label).toBe(NEUTRAL);
  });
});

describe('what is logged of calls', () => {
  const diagnostic = (request: Values): Values => ({ identifier: 'applicationinsights', frontend_request: [request] });
  const arm = (request: Values): Values =>
    azapi('service/diagnostics@2024-05-01', 'applicationinsights', SERVICE, { frontend: { request } });

  test.each<[what: string, plan: () => PlanFixture]>([
    [
      'the header of tokens',
      () => made('azurerm_api_management_api_diagnostic.x', diagnostic({ headers_to_log: ['Authorization'] })),
    ],
    [
      'the header of keys, later',
      () =>
        changed(
          'azurerm_api_management_diagnostic.x',
          diagnostic({ headers_to_log: ['Accept'] }),
          diagnostic({ headers_to_log: ['Accept', 'Ocp-Apim-Subscription-Key'] }),
        ),
    ],
    ['by azapi', () => made('azapi_resource.x', arm({ headers: ['Authorization'] }))],
    [
      'what was masked',
      () =>
        changed(
          'azurerm_api_management_diagnostic.x',
          diagnostic({ data_masking: [{ query_params: [{ mode: 'Mask', value: 'subscription-key' }] }] }),
          diagnostic({ data_masking: [] }),
        ),
    ],
    [
      'what was masked, by azapi',
      () => {
        const masked = arm({ dataMasking: { queryParams: [{ mode: 'Mask', value: 'subscription-key' }] } });
        return changed('azapi_resource.x', masked, {
          body: { properties: { frontend: { request: { dataMasking: { queryParams: [] } } } } },
        });
      },
    ],
  ])('%s', (_, plan) => {
    expect(notJudged(plan())).toEqual([expect.stringContaining('it may write tokens and keys of callers to a log')]);
  });

  test.each<[what: string, plan: () => PlanFixture]>([
    [
      'a logger',
      () => changed('azurerm_api_management_logger.x', { eventhub: [{ name: 'a' }] }, { eventhub: [{ name: 'b' }] }),
    ],
    [
      'which logger',
      () =>
        changed(
          'azurerm_api_management_diagnostic.x',
          { api_management_logger_id: 'a' },
          { api_management_logger_id: 'b' },
        ),
    ],
    ['a cache', () => made('azurerm_api_management_redis_cache.x', { connection_string: 'planted' })],
  ])('to another place: %s', (_, plan) => {
    expect(notJudged(plan())).toHaveLength(1);
  });

  test.each<[what: string, plan: () => PlanFixture]>([
    ['how much', () => made('azurerm_api_management_diagnostic.x', { identifier: 'x', sampling_percentage: 5 })],
    [
      'other headers',
      () => made('azurerm_api_management_diagnostic.x', diagnostic({ headers_to_log: ['Accept', 'X-Region'] })),
    ],
    ['a logger that is made', () => made('azurerm_api_management_logger.x', { eventhub: [{ name: 'a' }] })],
  ])('is harmless: %s', (_, plan) => {
    expect(reviewOf(plan()).verdict.label).toBe(NEUTRAL);
  });
});

describe('sign-in to an application that is there', () => {
  const ADDRESS = 'azuread_application.client';

  test.each<[what: string, values: Values]>([
    ['a page', { web: [{ redirect_uris: ['https://mallory.example'] }] }],
    ['a page of scripts', { single_page_application: [{ redirect_uris: ['https://mallory.example'] }] }],
    ['a program', { public_client: [{ redirect_uris: ['http://localhost'] }] }],
    ['tokens without a code', { web: [{ implicit_grant: [{ access_token_issuance_enabled: true }] }] }],
    ['tokens without a secret', { fallback_public_client_enabled: true }],
  ])('sends tokens elsewhere: %s', (_, values) => {
    expect(notJudged(entraStack().updates(ADDRESS, values))).toEqual([
      expect.stringContaining('it may change who gets tokens for the registration, or who acts as it'),
    ]);
  });

  test('what an own block says of it', () => {
    const registration = { id: 'x', implicit_access_token_issuance_enabled: false };
    const plan = changed('azuread_application_registration.x', registration, {
      implicit_access_token_issuance_enabled: true,
    });
    expect(notJudged(plan)).toHaveLength(1);
    expect(
      notJudged(made('azuread_application_redirect_uris.x', { redirect_uris: ['https://mallory.example'] })),
    ).toHaveLength(1);
  });

  test.each<[what: string, values: Values]>([
    ['fewer pages', { web: [{ redirect_uris: [] }] }],
    ['another home page', { web: [{ redirect_uris: ['https://a.example'], homepage_url: 'https://b.example' }] }],
  ])('is harmless: %s', (_, values) => {
    const plan = entraStack().updates(ADDRESS, { web: [{ redirect_uris: ['https://a.example'] }] });
    const change = plan.find(ADDRESS).change;
    change.before = change.after;
    plan.updates(ADDRESS, values);
    expect(reviewOf(plan).verdict.label).toBe(NEUTRAL);
  });

  test('an application that is made has its presets', () => {
    const plan = made('azuread_application_registration.x', {
      display_name: 'x',
      sign_in_audience: 'AzureADMyOrg',
      implicit_access_token_issuance_enabled: false,
      requested_access_token_version: 2,
    });
    expect(reviewOf(plan).verdict.label).toBe(NEUTRAL);
  });
});

describe('accounts and groups', () => {
  test.each<[values: Values, attributes: string]>([
    [
      { app_role_assignment_required: false, account_enabled: true },
      'account_enabled and app_role_assignment_required',
    ],
    [{ app_role_assignment_required: true, account_enabled: true }, 'account_enabled'],
  ])('an account that is taken over gets the settings of the block: %j', (values, attributes) => {
    expect(
      notJudged(made('azuread_service_principal.x', { client_id: guid(99), use_existing: true, ...values })),
    ).toEqual([
      `azuread_service_principal.x is created (${attributes}): it may change whether the application may sign in, and who gets tokens for it without a grant`,
    ]);
  });

  test('an account that is made has nothing yet', () => {
    const values = {
      client_id: guid(99),
      use_existing: false,
      app_role_assignment_required: false,
      account_enabled: true,
    };
    expect(reviewOf(made('azuread_service_principal.x', values)).verdict.label).toBe(NEUTRAL);
  });

  const group = {
    id: `/groups/${guid(70)}`,
    object_id: guid(70),
    display_name: 'x',
    visibility: 'Private',
    members: [],
  };
  const granted = (): PlanFixture =>
    entraStack().exists('azuread_app_role_assignment.x', {
      values: assignment(ROLE_POLICY, guid(70), guid(41)),
      expressions: {},
    });

  test.each(['Public', 'public'])('a group that anybody may join: %s', (visibility) => {
    expect(notJudged(changed('azuread_group.x', group, { visibility }, granted()))).toHaveLength(1);
  });

  test.each<[before: Values, after: Values]>([
    [{ department: 'a' }, { department: 'Payroll' }],
    [{ job_title: 'a' }, { job_title: 'Administrator' }],
    [{ company_name: 'a' }, { company_name: 'Contoso' }],
  ])('a user whom rules of groups take in: %j', (before, after) => {
    const user = { id: `/users/${guid(71)}`, object_id: guid(71), user_principal_name: 'x@contoso.com' };
    expect(notJudged(changed('azuread_user.x', { ...user, ...before }, after))).toHaveLength(1);
    expect(notJudged(made('azuread_user.x', { user_principal_name: 'x@contoso.com', ...after }))).toHaveLength(1);
  });

  test('what providers fill in of a group that is made', () => {
    const presets = {
      assignable_to_role: false,
      prevent_duplicate_names: false,
      security_enabled: true,
      visibility: '',
    };
    expect(
      reviewOf(made('azuread_group.x', { display_name: 'x', ...presets, members: [], owners: [] })).verdict.label,
    ).toBe(NEUTRAL);
  });
});

describe('other ways to write the same thing', () => {
  test.each([
    `providers/Microsoft.Authorization/roleAssignments/${guid(1)}`,
    '../../Microsoft.ApiManagement/service/ref-apim/users',
    'a?x=y',
    'providers%2fMicrosoft.Authorization',
  ])('an action whose path leads on: %s', (action) => {
    const values = { type: 'Microsoft.Resources/resourceGroups@2024-03-01', resource_id: GROUP, action, method: 'PUT' };
    const told = [expect.stringMatching(/it may (?:give somebody a role|write anything|change who can call)/)];
    expect(notJudged(made('azapi_resource_action.x', values))).toEqual(told);
    expect(notJudged(entraStack().reads('data.azapi_resource_action.x', values))).toEqual(told);
  });

  test('an action that is not known before the apply', () => {
    const values = { type: 'Microsoft.Compute/virtualMachines@2024-07-01', resource_id: `${GROUP}/x`, method: 'POST' };
    expect(notJudged(made('azapi_resource_action.x', values, entraStack(), { action: true }))).toHaveLength(1);
  });

  test('an action of something that has nothing to do with access', () => {
    const values = {
      type: 'Microsoft.Compute/virtualMachines@2024-07-01',
      resource_id: `${GROUP}/x`,
      action: 'start',
      method: 'POST',
    };
    expect(reviewOf(made('azapi_resource_action.x', values)).verdict.label).toBe(NEUTRAL);
  });

  test.each([
    'azurerm_resource_group_policy_assignment',
    'azurerm_subscription_policy_remediation',
    'azurerm_policy_definition',
    'azurerm_blueprint_assignment',
    'azurerm_managed_application',
    'azurerm_management_group_subscription_association',
    'azurerm_function_app_connection',
    'restapi_object',
    'restful_operation',
    'shell_script',
    'microsoft365_graph_thing',
  ])('%s', (type) => {
    expect(notJudged(made(`${type}.x`, { name: 'x' }))).toHaveLength(1);
  });

  test.each([
    'Microsoft.PolicyInsights/remediations@2021-10-01',
    'Microsoft.Management/managementGroups/subscriptions@2021-04-01',
    'Microsoft.ServiceLinker/linkers@2024-04-01',
    'Microsoft.Blueprint/blueprintAssignments@2018-11-01-preview',
  ])('%s by azapi', (type) => {
    expect(notJudged(made('azapi_resource.x', { type, name: 'x' }))).toHaveLength(1);
  });

  test('a lock that goes, but not one that comes', () => {
    const lock = { name: 'x', scope: SERVICE, lock_level: 'ReadOnly' };
    const plan = entraStack().exists('azurerm_management_lock.x', { values: lock, expressions: {} });
    expect(notJudged(plan.deletes('azurerm_management_lock.x'))).toHaveLength(1);
    expect(reviewOf(made('azurerm_management_lock.x', lock)).verdict.label).toBe(NEUTRAL);
  });

  test('a list in a body that is not the same as none', () => {
    const plan = nativeStack().updates('azapi_resource.gold', { body: { properties: { AuthenticationType: [] } } });
    expect(notJudged(plan)).toEqual([
      'azapi_resource.gold is changed (body.properties.AuthenticationType): it may change what callers of the product have to bring',
    ]);
  });

  test.each<[address: string, values: Values]>([
    ['azapi_resource.gold', {}],
    [
      'azapi_update_resource.x',
      {
        type: 'Microsoft.ApiManagement/service/products/policies@2024-05-01',
        resource_id: `${SERVICE}/products/gold/policies/policy`,
        body: {},
      },
    ],
    [
      'azapi_resource_action.x',
      {
        type: 'Microsoft.ApiManagement/service/products@2024-10-01-preview',
        resource_id: `${SERVICE}/products/gold`,
        method: 'PATCH',
      },
    ],
  ])('a body that is in no plan: %s', (address, values) => {
    const plan = nativeStack();
    if (address === 'azapi_resource.gold') {
      plan.updates(address, { tags: { x: 'y' } });
    } else {
      made(address, values, plan);
    }
    const resource = plan.root.resources.find(({ type, name }) => `${String(type)}.${String(name)}` === address);
    Object.assign(resource ?? {}, { expressions: { sensitive_body: { constant_value: {} } } });
    expect(notJudged(plan)).toHaveLength(1);
    expect(reviewOf(plan).unjudged[0]?.attributes).toContain('sensitive_body');
  });

  test('keys of a subscription that a body sets', () => {
    const subscription = azapi('service/subscriptions@2024-05-01', 'x', SERVICE, {
      scope: '/products/gold',
      state: 'active',
    });
    const found = told(
      reviewOf(changed('azapi_resource.x', subscription, { body: { properties: { primaryKey: 'planted' } } })),
    );
    expect(found).toEqual([
      'credential-rotated [breaking] subscription key azapi_resource.x is replaced: the former one stops working',
    ]);
  });

  test('a check on what an operation is sent that demands less', () => {
    const operation = {
      api_name: 'orders',
      operation_id: 'get',
      request: [{ header: [{ name: 'x', required: true }] }],
    };
    expect(notJudged(changed('azurerm_api_management_api_operation.x', operation, { request: [] }))).toHaveLength(1);
  });
});

describe('what runs beside the resources', () => {
  const provisioned = (address: string, plan: PlanFixture, kinds: readonly string[]): PlanFixture => {
    const [, type] = /([a-z_]+)\.[a-z]+$/.exec(address) ?? [];
    const module = address.startsWith('module.') ? plan.module(['m']) : plan.root;
    const configuration = module.resources.find((resource) => resource.type === type);
    Object.assign(configuration ?? {}, { provisioners: kinds.map((kind) => ({ type: kind, expressions: {} })) });
    return plan;
  };

  test.each<[address: string, edit: (plan: PlanFixture, address: string) => PlanFixture, sentence: string]>([
    [
      'null_resource.x',
      (plan, address) => plan.creates(address, { values: {}, expressions: {} }),
      'null_resource.x is created and runs a provisioner (local-exec): it may do anything',
    ],
    [
      'module.m.terraform_data.x',
      (plan, address) => plan.creates(address, { values: {}, expressions: {} }),
      'module.m.terraform_data.x is created and runs a provisioner (local-exec): it may do anything',
    ],
    [
      'terraform_data.x',
      (plan, address) =>
        plan
          .exists(address, { values: { triggers_replace: 'a' }, expressions: {} })
          .replaces(address, { triggers_replace: 'b' }, ['triggers_replace']),
      'terraform_data.x is replaced and runs a provisioner (local-exec): it may do anything',
    ],
  ])('a provisioner of %s', (address, edit, sentence) => {
    expect(notJudged(provisioned(address, edit(entraStack(), address), ['local-exec']))).toEqual([sentence]);
  });

  test('several, once each, and none of a resource that stays', () => {
    const plan = entraStack().creates('null_resource.x', { values: {}, expressions: {} });
    expect(notJudged(provisioned('null_resource.x', plan, ['remote-exec', 'local-exec', 'local-exec', 'a b']))).toEqual(
      ['null_resource.x is created and runs provisioners (local-exec, remote-exec and unknown): it may do anything'],
    );
    const still = entraStack().exists('null_resource.x', { values: {}, expressions: {} });
    expect(reviewOf(provisioned('null_resource.x', still, ['local-exec'])).verdict.label).toBe(NEUTRAL);
  });

  test.each<[values: Values, type: string]>([
    [{ program: ['sh'] }, 'external'],
    [{ url: 'https://management.azure.com', method: 'POST' }, 'http'],
    [{ url: 'https://management.azure.com', request_body: '{}' }, 'http'],
  ])('a data source that acts: %j', (values, type) => {
    expect(notJudged(entraStack().reads(`data.${type}.x`, values))).toEqual([
      expect.stringMatching(new RegExp(`^data\\.${type}\\.x acts whenever it is read: it may `)),
    ]);
  });

  test('a data source that reads', () => {
    expect(reviewOf(entraStack().reads('data.http.x', { url: 'https://contoso.com' })).verdict.label).toBe(NEUTRAL);
  });
});

describe('secrets that get elsewhere by values that no expression tells', () => {
  const SECRET = 'planted~secret.0123456789';
  const held = (): PlanFixture =>
    entraStack().exists('azuread_application_password.x', {
      values: { id: 'x', application_id: `/applications/${guid(32)}`, value: SECRET },
      expressions: {},
    });
  const output = (plan: PlanFixture, change: Values, references: readonly string[]): PlanFixture => {
    plan.root.outputs = { x: { expression: { references } } };
    plan.overrides.output_changes = { x: { actions: ['create'], before: null, ...change } };
    plan.overrides.applyable = true;
    return plan;
  };
  const found = (plan: PlanFixture): readonly string[] => {
    const review = reviewOf(plan);
    expect(JSON.stringify(review)).not.toContain('planted');
    return told(review).filter((line) => line.startsWith('secret-copied'));
  };

  test.each<[what: string, value: unknown]>([
    ['as it is', SECRET],
    ['among others', { list: ['x', `Server=a;Password=${SECRET};User=b`] }],
  ])('an output through a local value: %s', (_, after) => {
    expect(found(output(held(), { after, after_unknown: false }, ['local.x']))).toEqual([
      'secret-copied [broadening, secret-in-state] output x shows the password of APIMApplicationBatch in clear text, in every log and plan: anyone who reads it can act as the client',
    ]);
  });

  test('a setting of another resource through a local value', () => {
    const plan = held().creates('azurerm_linux_web_app.x', {
      values: { app_settings: { SECRET } },
      expressions: { app_settings: hcl('local.x') },
    });
    expect(found(plan)).toEqual([
      'secret-copied [broadening] the password of APIMApplicationBatch is written into azurerm_linux_web_app.x: anyone who reads it there can act as the client',
    ]);
  });

  const fresh = (): PlanFixture =>
    entraStack().creates('azuread_application_password.x', {
      values: { application_id: `/applications/${guid(32)}` },
      unknown: { id: true, value: true },
      expressions: { application_id: {} },
    });

  test('an output that is unknown until apply', () => {
    expect(found(output(fresh(), { after_unknown: true }, ['local.x']))).toEqual([
      'secret-copied [broadening] output x may contain a secret that this plan makes: its parts are unknown until apply',
    ]);
  });

  test('something sensitive that is unknown until apply', () => {
    const plan = fresh().creates('github_actions_secret.x', {
      values: { repository: 'x' },
      unknown: { id: true, plaintext_value: true },
      sensitive: { plaintext_value: true },
      expressions: { plaintext_value: hcl('local.x') },
    });
    expect(found(plan)).toEqual([
      'secret-copied [broadening] github_actions_secret.x may contain a secret that this plan makes: a sensitive part of it is unknown until apply',
    ]);
  });

  test('what holds no secret', () => {
    expect(found(output(held(), { after: ['x', { y: 'planted' }], after_unknown: false }, ['local.x']))).toEqual([]);
  });
});

test('a link that Terraform forgets and makes to another product leaves the ways through the former', () => {
  const plan = nativeStack().replaces(
    'azapi_resource.partner_grants["gold"]',
    { body: { properties: { productId: `${SERVICE}/products/starter` } } },
    ['body'],
    { id: true },
    ['create', 'forget'],
  );
  expect(reviewOf(plan).ways).toEqual([]);
});

test.each(['2023-05-01-preview', '2024-05-01'])('a product that an older version of the API writes: %s', (version) => {
  const plan = nativeStack().updates('azapi_resource.gold', { type: product('gold', {}, version).type });
  expect(reviewOf(plan).verdict).toMatchObject({ broadening: true });
});
