import { hcl, json, PlanFixture, type Values } from './fixtures/plan';
import { guid, nativeStack, SERVICE } from './fixtures/stacks';
import { reviewOf, told } from './support';

const GROUP = SERVICE.split('/providers/')[0] ?? '';
const SUBSCRIPTION = GROUP.split('/resourceGroups/')[0] ?? '';
const VAULT = `${GROUP}/providers/Microsoft.KeyVault/vaults/kv`;
const IDENTITY = `${GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-worker`;
const ELSEWHERE = `${SUBSCRIPTION}/resourceGroups/rg-other`;
const INSTANCE = 'change products, APIs, policies, keys and clients, and read keys and make secrets of clients';
const POLICY = 'let anyone read the vault by an access policy';

function assigned(values: Values, type = 'azurerm_role_assignment', expressions: Values = {}, unknown: Values = {}) {
  return told(
    reviewOf(
      nativeStack().creates(`${type}.x`, {
        values: { principal_id: guid(77), ...values },
        unknown: { id: true, ...unknown },
        expressions,
      }),
    ),
  );
}

const granted = (role: string, allows: string): string =>
  `privilege-granted [broadening, privilege] ${guid(77)} is granted azure role ${role}: it may ${allows}`;

test.each([
  ['API Management Service Contributor', SERVICE, 'ref-apim', INSTANCE],
  ['Owner', SERVICE, 'ref-apim', `give roles to anyone, and ${INSTANCE}`],
  ['Contributor', GROUP, 'resource group rg-ref', INSTANCE],
  ['Contributor', SUBSCRIPTION, 'subscription 22222222-2222-4222-8222-222222222222', INSTANCE],
  ['Contributor', '/providers/Microsoft.Management/managementGroups/corp', 'management group corp', INSTANCE],
  ['User Access Administrator', `${SERVICE}/products/gold`, 'gold', 'give roles to anyone'],
  ['API Management Workspace API Product Manager', SERVICE, 'ref-apim', INSTANCE],
  ['Key Vault Secrets User', VAULT, 'kv', 'read secrets'],
  ['Key Vault Secrets User', `${VAULT}/secrets/partner`, 'partner', 'read secrets'],
  ['Key Vault Certificate User', VAULT, 'kv', 'read secrets'],
  ['Key Vault Contributor', VAULT, 'kv', POLICY],
  ['Key Vault Crypto User', VAULT, 'kv', 'sign with keys'],
  ['Managed Identity Operator', IDENTITY, 'id-worker', 'let others act as the identity'],
  ['Managed Identity Contributor', IDENTITY, 'id-worker', 'let others act as the identity'],
  ['Lab Wizard', SERVICE, 'ref-apim', 'do what the role allows, which this tool does not know'],
])('%s on %s', (role, scope, place, allows) => {
  expect(assigned({ role_definition_name: role, scope })).toEqual([granted(`${role} on ${place}`, allows)]);
});

test.each([
  ['Reader', SERVICE, 'ref-apim'],
  ['API Management Service Reader Role', SERVICE, 'ref-apim'],
  ['Key Vault Reader', VAULT, 'kv'],
  ['AcrPull', GROUP, 'resource group rg-ref'],
  ['Contributor', `${GROUP}/providers/Microsoft.Storage/storageAccounts/logs`, 'logs'],
])('%s on %s gives no access', (role, scope, place) => {
  const found = assigned({ role_definition_name: role, scope });
  expect(found).toEqual([
    `privilege-granted ${guid(77)} is granted azure role ${role} on ${place}: it may read or change objects that give no access to a product`,
  ]);
});

const THINGS = 'if it contains any, which no plan shows';
const IDENTITIES = 'let others act as the identity';

test.each([
  ['Contributor', ELSEWHERE, 'resource group rg-other', `${INSTANCE}, and ${POLICY}, and ${IDENTITIES}`],
  ['Key Vault Secrets User', ELSEWHERE, 'resource group rg-other', 'read secrets'],
  ['Key Vault Secrets User', SUBSCRIPTION, `subscription ${SUBSCRIPTION.split('/')[2] ?? ''}`, 'read secrets'],
  ['Managed Identity Operator', GROUP, 'resource group rg-ref', IDENTITIES],
])('%s on %s, of which no plan shows what is in it', (role, scope, place, allows) => {
  expect(assigned({ role_definition_name: role, scope })).toEqual([
    granted(`${role} on ${place}`, `${allows}, ${THINGS}`),
  ]);
});

test('a role on the group of an instance that another stack has', () => {
  const plan = new PlanFixture().creates('azurerm_role_assignment.x', {
    values: { principal_id: guid(77), scope: GROUP, role_definition_name: 'Owner' },
    expressions: {},
  });
  expect(reviewOf(plan).verdict).toMatchObject({ broadening: true });
});

test('a role on a group that the plan makes reaches what the plan puts into it', () => {
  const plan = nativeStack()
    .creates('azurerm_resource_group.fresh', {
      values: { name: 'rg-fresh', location: 'westeurope' },
      expressions: { name: json('rg-fresh') },
    })
    .creates('azurerm_role_assignment.x', {
      values: { principal_id: guid(77), role_definition_name: 'Contributor' },
      unknown: { id: true, scope: true },
      expressions: { scope: json('${azurerm_resource_group.fresh.id}', 'azurerm_resource_group.fresh.id') },
    });
  expect(reviewOf(plan).verdict.label).toBe('NEUTRAL');
});

test('a role by its id, and by azapi', () => {
  const role = `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/312a565d-c81f-4fd8-895a-4e21e48d571c`;
  const expected = [granted('API Management Service Contributor on ref-apim', INSTANCE)];
  expect(assigned({ role_definition_id: role, scope: SERVICE })).toEqual(expected);
  expect(
    assigned(
      {
        type: 'Microsoft.Authorization/roleAssignments@2022-04-01',
        parent_id: SERVICE,
        body: { properties: { roleDefinitionId: role, principalId: guid(77) } },
      },
      'azapi_resource',
    ),
  ).toEqual(expected);
});

test('roles that are eligible, under a condition, at a scope that is unknown', () => {
  expect(
    assigned(
      { role_definition_name: 'Contributor', scope: SERVICE, condition: '@Resource[x] StringEquals 1' },
      'azurerm_pim_eligible_role_assignment',
    ),
  ).toEqual([granted('Contributor on ref-apim', `${INSTANCE}, under a condition, after activation`)]);
  expect(
    assigned(
      { role_definition_name: 'Contributor' },
      'azurerm_role_assignment',
      { scope: hcl('local.scope') },
      { scope: true },
    ),
  ).toEqual([
    granted(
      'Contributor on a scope that is unknown until apply',
      `${INSTANCE}, and ${POLICY}, and let others act as the identity`,
    ),
  ]);
});

test('a scope by reference', () => {
  expect(
    assigned(
      { role_definition_name: 'Contributor' },
      'azurerm_role_assignment',
      { scope: json('${azurerm_api_management.apim.id}', 'azurerm_api_management.apim.id') },
      { scope: true },
    ),
  ).toEqual([granted('Contributor on ref-apim', INSTANCE)]);
});

test('a condition that is dropped lets do more', () => {
  const address = 'azurerm_role_assignment.x';
  const values = { role_definition_name: 'Owner', scope: SERVICE, principal_id: guid(77), condition: '@Request[x]' };
  const plan = nativeStack()
    .exists(address, { values, expressions: {} })
    .replaces(address, { condition: null }, ['condition']);
  expect(reviewOf(plan).verdict).toMatchObject({ broadening: true, breaking: true });
});

describe('custom roles', () => {
  const DEFINITION = 'azurerm_role_definition.custom';
  const custom = (actions: readonly string[], more: Values = {}): PlanFixture =>
    nativeStack().exists(DEFINITION, {
      values: {
        name: 'Key Reader',
        role_definition_id: guid(90),
        permissions: [{ actions, not_actions: [], data_actions: [], not_data_actions: [], ...more }],
      },
      expressions: {},
    });
  const LIST = 'Microsoft.ApiManagement/service/subscriptions/listSecrets/action';

  test.each<[field: 'actions' | 'data_actions', operation: string, scope: string, bears: boolean]>([
    ['actions', 'Microsoft.ApiManagement/service/products/apiLinks/write', SERVICE, true],
    ['actions', 'Microsoft.ApiManagement/service/backends/*', SERVICE, true],
    ['actions', 'Microsoft.ApiManagement/service/of/tomorrow/action', SERVICE, true],
    ['actions', 'Microsoft.Authorization/roleDefinitions/write', GROUP, true],
    ['actions', 'Microsoft.Authorization/elevateAccess/action', GROUP, true],
    ['actions', 'Microsoft.KeyVault/vaults/deploy/action', VAULT, true],
    ['data_actions', 'Microsoft.KeyVault/vaults/secrets/backup/action', VAULT, true],
    ['actions', 'Microsoft.ManagedIdentity/userAssignedIdentities/write', IDENTITY, true],
    ['actions', 'Microsoft.ApiManagement/service/products/read', SERVICE, false],
    ['actions', 'Microsoft.ApiManagement/service/tags/write', SERVICE, false],
    ['actions', 'Microsoft.Authorization/locks/write', GROUP, false],
    ['data_actions', 'Microsoft.KeyVault/vaults/keys/wrap/action', VAULT, false],
    ['data_actions', 'Microsoft.Storage/storageAccounts/blobServices/*', GROUP, false],
  ])('with %s %s on %s', (field, operation, scope, bears) => {
    const plan = custom([], { [field]: [operation] }).creates('azurerm_role_assignment.x', {
      values: { principal_id: guid(77), scope, role_definition_name: 'Key Reader' },
      expressions: {},
    });
    const { broadening, label } = reviewOf(plan).verdict;
    expect({ broadening, label }).toEqual({ broadening: bears, label: bears ? 'BROADENING' : 'NEUTRAL' });
  });

  test('are judged by what they let do', () => {
    const plan = custom([LIST]).creates('azurerm_role_assignment.x', {
      values: {
        principal_id: guid(77),
        scope: SERVICE,
        role_definition_id: `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/${guid(90)}`,
      },
      expressions: {},
    });
    expect(told(reviewOf(plan))).toEqual([granted('Key Reader on ref-apim', 'read keys and make secrets of clients')]);
  });

  test('that change give their holders something else', () => {
    const wider = custom(['*/read']).updates(DEFINITION, { permissions: [{ actions: ['*/read', LIST] }] });
    expect(told(reviewOf(wider))).toEqual([
      'privilege-granted [broadening, privilege] every holder of Key Reader is granted azure role Key Reader: it may read keys and make secrets of clients',
    ]);
    const narrower = custom(['*']).updates(DEFINITION, {
      permissions: [{ actions: ['*'], not_actions: ['Microsoft.Authorization/*'] }],
    });
    expect(told(reviewOf(narrower))).toEqual([
      'privilege-withdrawn [breaking, privilege] every holder of Key Reader loses azure role Key Reader: it may no longer give roles to anyone',
    ]);
    expect(told(reviewOf(custom(['*/read']).updates(DEFINITION, { description: 'reads' })))).toEqual([]);
  });
});

describe('access policies of a vault', () => {
  const POLICY_ADDRESS = 'azurerm_key_vault_access_policy.x';
  const policy = (values: Values): Values => ({ key_vault_id: VAULT, object_id: guid(77), ...values });

  test.each([
    [{ secret_permissions: ['Get', 'List'] }, 'read secrets'],
    [{ secret_permissions: ['all'] }, 'read secrets'],
    [{ certificate_permissions: ['Import'] }, 'make and change certificates'],
    [{ key_permissions: ['Sign'] }, 'sign with keys'],
  ])('%j', (values, allows) => {
    expect(told(reviewOf(nativeStack().creates(POLICY_ADDRESS, { values: policy(values), expressions: {} })))).toEqual([
      `privilege-granted [broadening, privilege] ${guid(77)} is granted access to vault kv: it may ${allows}`,
    ]);
  });

  test('that lets only list is no way in', () => {
    const plan = nativeStack().creates(POLICY_ADDRESS, {
      values: policy({ secret_permissions: ['List'] }),
      expressions: {},
    });
    expect(reviewOf(plan).verdict.broadening).toBe(false);
  });

  test('in the block of the vault', () => {
    const vault = (...readers: readonly string[]): Values => ({
      id: VAULT,
      name: 'kv',
      access_policy: readers.map((object_id) => ({ object_id, secret_permissions: ['Get'] })),
    });
    const plan = nativeStack()
      .exists('azurerm_key_vault.vault', { values: vault(guid(70), guid(71)), expressions: {} })
      .updates('azurerm_key_vault.vault', vault(guid(71), guid(77)));
    expect(told(reviewOf(plan))).toEqual([
      `privilege-granted [broadening, privilege] ${guid(77)} is granted access to vault kv: it may read secrets`,
      `privilege-withdrawn [breaking, privilege] ${guid(70)} loses access to vault kv: it may no longer read secrets`,
    ]);
  });
});

test('a machine that runs as an identity acts as it', () => {
  const plan = nativeStack()
    .exists('azurerm_user_assigned_identity.worker', {
      values: { id: IDENTITY, name: 'id-worker', principal_id: guid(50), client_id: guid(51) },
      expressions: {},
    })
    .exists('azurerm_linux_virtual_machine.x', { values: { name: 'vm-x', identity: [] }, expressions: {} })
    .updates('azurerm_linux_virtual_machine.x', { identity: [{ type: 'UserAssigned', identity_ids: [IDENTITY] }] })
    .creates('azurerm_linux_web_app.y', {
      values: { name: 'app-y', identity: [{ type: 'UserAssigned' }] },
      unknown: { id: true, identity: [{ identity_ids: true }] },
      expressions: { identity: [{ identity_ids: json('${azurerm_user_assigned_identity.worker.id}') }] },
    });
  expect(told(reviewOf(plan))).toEqual([
    'privilege-granted [broadening, privilege] app-y runs as identity id-worker: it may act as it',
    'privilege-granted [broadening, privilege] vm-x runs as identity id-worker: it may act as it',
  ]);
});
