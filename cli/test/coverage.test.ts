import { kindOf } from '../src/plan/kinds';
import { readPlan } from '../src/plan/plan';
import { PlanFixture, type Values } from './fixtures/plan';
import { azapi, entraStack, guid, nativeStack, product, SERVICE } from './fixtures/stacks';
import { reviewOf, told } from './support';

/** What is told of a resource that a plan makes beside others that stay. */
function made(address: string, values: Values): string[] {
  const expressions = Object.fromEntries(Object.keys(values).map((name) => [name, { constant_value: values[name] }]));
  return told(reviewOf(nativeStack().creates(address, { values, expressions })));
}

function changed(plan: PlanFixture, address: string, values: Values, unknown: Values = {}): string[] {
  return told(reviewOf(plan.updates(address, values, unknown)));
}

describe('what can affect access is told where nothing explains it', () => {
  test.each<[address: string, values: Values, may: string]>([
    ['azurerm_lighthouse_assignment.x', { scope: SERVICE }, 'give somebody a role of Azure on the instance or a vault'],
    ['azurerm_key_vault_managed_storage_account.x', { name: 'x' }, 'change who reads secrets and keys of clients'],
    ['azurerm_resource_group_template_deployment.x', { name: 'x' }, 'write anything in Azure, access included'],
    ['azurerm_api_management_of_tomorrow.x', { name: 'x' }, 'change who can call APIs of the instance'],
    ['azuread_of_tomorrow.x', { name: 'x' }, 'change applications, grants, groups or roles of Entra'],
    ['msgraph_resource.x', { url: 'x' }, 'write anything in Entra, grants included'],
    [
      'azapi_resource.x',
      { type: 'microsoft.AUTHORIZATION/denyAssignments@2022-04-01', parent_id: SERVICE },
      'give somebody a role of Azure on the instance or a vault',
    ],
    [
      'azapi_resource.x',
      { type: 'Microsoft.Resources/deployments@2030-01-01', name: 'x' },
      'write anything in Azure, access included',
    ],
    [
      'azapi_update_resource.x',
      {
        type: 'MICROSOFT.APIMANAGEMENT/service/portalconfigs@2019-01-01',
        resource_id: `${SERVICE}/portalconfigs/default`,
      },
      'change who can call APIs of the instance',
    ],
    [
      'azapi_resource_action.x',
      { type: 'Microsoft.KeyVault/vaults/keys@2023-07-01', action: 'x' },
      'change who reads secrets and keys of clients',
    ],
    [
      'azapi_data_plane_resource.x',
      { type: 'Microsoft.KeyVault/vaults/secrets@7.4', name: 'x' },
      'change who reads secrets and keys of clients',
    ],
    [
      'azapi_resource.x',
      { type: 'Some.Other/things@2020-01-01', parent_id: `${SERVICE}/apis/orders` },
      'change who can call APIs of the instance',
    ],
  ])('%s %j', (address, values, may) => {
    const names = Object.keys(values).filter((name) => name !== 'type' || address.includes('azapi'));
    const [finding, ...others] = made(address, values);
    expect(others).toEqual([]);
    expect(finding).toMatch(
      new RegExp(`^not-judged \\[unjudged\\] ${address.replace('.', '\\.')} is created \\(.*\\): it may ${may}$`),
    );
    names.filter((name) => name !== 'type').forEach((name) => expect(finding).toContain(name));
  });

  test('a type that is not known before the apply', () => {
    const plan = nativeStack().creates('azapi_resource.x', {
      values: { name: 'x' },
      unknown: { type: true },
      expressions: { type: { references: ['local.type'] }, name: { constant_value: 'x' } },
    });
    expect(told(reviewOf(plan))).toEqual([
      'not-judged [unjudged] azapi_resource.x is created (name and type): it may be of any type, which is not known before the apply',
    ]);
  });

  test.each<[what: string, plan: (plan: PlanFixture) => PlanFixture, sentence: string]>([
    [
      'replaced',
      (plan) => plan.replaces('azurerm_lighthouse_assignment.x', { scope: 'b' }, ['scope']),
      'azurerm_lighthouse_assignment.x is replaced: it may give somebody a role of Azure on the instance or a vault',
    ],
    [
      'destroyed',
      (plan) => plan.deletes('azurerm_lighthouse_assignment.x'),
      'azurerm_lighthouse_assignment.x is destroyed: it may give somebody a role of Azure on the instance or a vault',
    ],
    [
      'changed with an import',
      (plan) =>
        plan.imports('azurerm_lighthouse_assignment.x').updates('azurerm_lighthouse_assignment.x', { scope: 'b' }),
      'azurerm_lighthouse_assignment.x is changed (scope): it may give somebody a role of Azure on the instance or a vault',
    ],
    [
      'moved and changed',
      (plan) =>
        plan
          .moves('azurerm_lighthouse_assignment.x', 'azurerm_lighthouse_assignment.y')
          .updates('azurerm_lighthouse_assignment.x', { scope: 'b' }),
      'azurerm_lighthouse_assignment.x is changed (scope): it may give somebody a role of Azure on the instance or a vault',
    ],
  ])('%s', (_, edit, sentence) => {
    const plan = nativeStack().exists('azurerm_lighthouse_assignment.x', { values: { scope: 'a' }, expressions: {} });
    const found = reviewOf(edit(plan));
    expect(told(found)).toEqual([`not-judged [unjudged] ${sentence}`]);
    expect(found.verdict).toMatchObject({ label: 'NOT JUDGED: 1 change', unjudged: true, counts: { unjudged: 1 } });
  });

  test('names of attributes, never values or keys of maps', () => {
    const found = reviewOf(
      nativeStack().creates('azuread_of_tomorrow.x', {
        values: { secret: 'planted', map: { 'planted key': 'planted' }, deep: { er: { still: 'planted' } } },
        expressions: { secret: {}, map: {}, deep: {} },
      }),
    );
    expect(found.unjudged).toMatchObject([
      { resourceType: 'azuread_of_tomorrow', attributes: ['deep.er.still', 'map', 'secret'] },
    ]);
    expect(JSON.stringify(found)).not.toContain('planted');
  });
});

describe('data sources and actions', () => {
  const values = (more: Values = {}): Values => ({
    type: 'Microsoft.ApiManagement/service/clientApplications@2024-10-01-preview',
    resource_id: `${SERVICE}/clientApplications/contoso-partner`,
    action: 'approve',
    ...more,
  });

  test.each<[more: Values, lines: number]>([
    [{}, 1],
    [{ method: 'POST' }, 1],
    [{ method: 'GET' }, 0],
    [{ type: 'Microsoft.Compute/virtualMachines@2024-07-01', resource_id: '/subscriptions/x' }, 0],
  ])('a data source that calls an action does so in every plan that reads it: %j', (more, lines) => {
    const found = told(reviewOf(nativeStack().reads('data.azapi_resource_action.x', values(more))));
    expect(found).toHaveLength(lines);
    found.forEach((line) =>
      expect(line).toBe(
        'not-judged [unjudged] data.azapi_resource_action.x calls an action of Azure whenever Terraform reads it: it may read secrets, or change anything of the object that it is called on',
      ),
    );
  });

  test.each<[when: string | undefined, onCreate: number, onDelete: number]>([
    [undefined, 1, 0],
    ['apply', 1, 0],
    ['destroy', 0, 1],
  ])('an action for %s is called when it is made or when it goes', (when, onCreate, onDelete) => {
    const spec = { values: values({ action: 'x', ...(when === undefined ? {} : { when }) }), expressions: {} };
    expect(told(reviewOf(nativeStack().creates('azapi_resource_action.x', spec)))).toHaveLength(onCreate);
    const gone = nativeStack().exists('azapi_resource_action.x', spec).deletes('azapi_resource_action.x');
    expect(told(reviewOf(gone))).toHaveLength(onDelete);
  });
});

describe('actions that the apply invokes', () => {
  test.each([
    [
      'azapi_resource_action',
      { type: 'Microsoft.ApiManagement/service@2024-05-01', method: 'POST' },
      'change who can call APIs of the instance',
    ],
    [
      'azuread_application_rotate',
      { application_id: 'planted' },
      'change applications, grants, groups or roles of Entra',
    ],
    ['local_command', { command: 'planted' }, 'do anything that its provider can'],
  ])('%s', (type, config, may) => {
    const plan = nativeStack();
    plan.overrides.action_invocations = [
      { address: `action.${type}.x`, type, name: 'x', config_values: config, lifecycle_action_trigger: {} },
    ];
    const found = reviewOf(plan);
    const [line, ...others] = told(found);
    expect(others).toEqual([]);
    expect(line).toMatch(
      new RegExp(`^not-judged \\[unjudged\\] action\\.${type}\\.x is invoked \\(.*\\): it may ${may}$`),
    );
    expect(JSON.stringify(found)).not.toContain('planted');
    expect(found.verdict.label).toBe('NOT JUDGED: 1 change');
  });

  test('of machines: no word of the review', () => {
    const plan = nativeStack();
    plan.overrides.action_invocations = [
      { address: 'action.azurerm_virtual_machine_power.x', type: 'azurerm_virtual_machine_power', config_values: {} },
    ];
    expect(told(reviewOf(plan))).toEqual([]);
  });
});

describe('a finding explains what it judged, and nothing else', () => {
  test('a product that is withdrawn and gets a property that nobody knows', () => {
    expect(
      changed(nativeStack(), 'azapi_resource.gold', {
        body: { properties: { state: 'notPublished', ofTomorrow: true } },
      }),
    ).toEqual([
      'not-judged [unjudged] azapi_resource.gold is changed (body.properties.ofTomorrow): it may change what callers of the product have to bring',
      'product-withdrawn [breaking] Gold is withdrawn: developers no longer see it and cannot ask for it',
    ]);
  });

  test('a registration whose roles and whose sign-in of users change', () => {
    const found = changed(entraStack(), 'azuread_application.native', {
      app_role: [],
      api: [{ requested_access_token_version: 1 }],
    });
    expect(found).toHaveLength(2);
    expect(found[0]).toBe(
      'not-judged [unjudged] azuread_application.native is changed (api): it may change who gets tokens for the registration, or who acts as it',
    );
  });
});

describe('harmless changes are no word of the review', () => {
  test.each<[what: string, plan: () => PlanFixture]>([
    [
      'tags',
      () => nativeStack().updates('azurerm_api_management.apim', { tags: { cost: 'x' }, sku_name: 'Standard_1' }),
    ],
    [
      'a description',
      () => nativeStack().updates('azapi_resource.gold', { body: { properties: { description: 'x' } } }),
    ],
    ['a display name', () => entraStack().updates('azuread_application.client', { display_name: 'Other', notes: 'x' })],
    ['what only Azure answers', () => nativeStack().updates('azapi_resource.gold', { timeouts: {} }, { output: true })],
    [
      'an empty list for none',
      () => entraStack().updates('azuread_application.client', { web: [], optional_claims: [] }),
    ],
    [
      'a body as text',
      () =>
        nativeStack().updates('azapi_resource.gold', {
          body: JSON.stringify({ properties: { ...(product('gold').body as { properties: Values }).properties } }),
        }),
    ],
    [
      'another version of the same type, in another case',
      () =>
        nativeStack()
          .exists('azapi_resource.logger', {
            values: azapi('service/loggers@2022-08-01', 'l', SERVICE, {}),
            expressions: {},
          })
          .updates('azapi_resource.logger', { type: 'Microsoft.ApiManagement/SERVICE/loggers@2024-05-01' }),
    ],
    [
      'a logger',
      () => nativeStack().creates('azurerm_api_management_logger.x', { values: { name: 'x' }, expressions: {} }),
    ],
    [
      'what has nothing to do with access',
      () => nativeStack().creates('random_password.x', { values: { length: 3 }, expressions: {} }),
    ],
    [
      'a registration that nobody has',
      () => nativeStack().creates('azuread_application.x', { values: { display_name: 'X' }, expressions: {} }),
    ],
    ['a moved block', () => nativeStack().moves('azapi_resource.gold', 'azapi_resource.old')],
    ['an import as it is', () => nativeStack().imports('azurerm_api_management_product_api.starter')],
  ])('%s', (_, plan) => {
    const found = reviewOf(plan());
    expect(told(found)).toEqual([]);
    expect(found.verdict).toMatchObject({ label: 'NEUTRAL', unjudged: false });
  });
});

test('what Terraform forgets stays in force: a note, and no change', () => {
  const found = reviewOf(entraStack().forgets('azurerm_api_management_product_policy.policy'));
  expect(told(found)).toEqual([]);
  expect(found.notes.map(({ message }) => message)).toContain(
    'azurerm_api_management_product_policy.policy is forgotten: what it gives stays, and no plan will show it any more',
  );
});

test('an acknowledged change is still one that is not judged', () => {
  const plan = nativeStack().creates('azurerm_lighthouse_assignment.x', {
    values: { scope: SERVICE },
    expressions: {},
  });
  const found = reviewOf(plan, {
    allowed: [
      { rule: 'not-judged', address: 'azurerm_lighthouse_assignment.x', reason: 'looked at', expires: '2027-01-01' },
    ],
  });
  expect(found.unjudged[0]?.acknowledgement?.reason).toBe('looked at');
  expect(found.verdict.label).toBe('NOT JUDGED: 1 change');
});

test('the verdict names what is not judged beside what is', () => {
  const plan = nativeStack()
    .deletes('azapi_resource.partner_grants["gold"]')
    .creates('azurerm_lighthouse_assignment.x', { values: { scope: guid(1) }, expressions: {} })
    .creates('azurerm_lighthouse_assignment.y', { values: { scope: guid(2) }, expressions: {} });
  expect(reviewOf(plan).verdict.label).toBe('BREAKING, NOT JUDGED: 2 changes');
});

test('every kind of the tables is found by its type', () => {
  const plan = new PlanFixture().exists('azurerm_api_management_policy.x', { values: {} });
  expect(readPlan(plan.build(), 'main', 'x').resources.map(kindOf)).toEqual(['global policy']);
});
