import { hcl, PlanFixture, type Values } from './fixtures/plan';
import { client, entraStack, guid, handWrittenProduct, nativeStack, SERVICE } from './fixtures/stacks';
import { reviewOf, told } from './support';

const OWNS = 'it may add credentials to it and so act as it, change and delete it';
const GROUP = 'azuread_group.ops';

/** A stack whose product Policy is given to a group. */
function grouped(members: readonly string[] = []): PlanFixture {
  return entraStack()
    .exists(GROUP, {
      values: { id: `/groups/${guid(80)}`, object_id: guid(80), display_name: 'ops', members, owners: [] },
      expressions: { members: hcl('local.members'), owners: hcl('local.owners') },
    })
    .exists('azuread_app_role_assignment.ops', {
      values: { principal_object_id: guid(80), resource_object_id: guid(41), app_role_id: guid(42) },
      expressions: {},
    });
}

describe('owners', () => {
  test.each([
    ['azuread_application.policy', 'APIMProductApplicationPolicy'],
    ['azuread_application.client', 'APIMApplicationBatch'],
    ['azuread_service_principal.client', 'APIMApplicationBatch'],
  ])('of %s', (address, owned) => {
    const plan = entraStack().updates(address, { owners: [guid(77)] });
    expect(told(reviewOf(plan))).toEqual([
      `privilege-granted [broadening, privilege] ${guid(77)} becomes owner of ${owned}: ${OWNS}`,
    ]);
    const address2 = entraStack();
    address2.find(address).change.before = { ...address2.find(address).change.before, owners: [guid(77), guid(78)] };
    expect(told(reviewOf(address2.updates(address, { owners: [guid(78)] })))).toEqual([
      `privilege-withdrawn [breaking, privilege] ${guid(77)} is no longer owner of ${owned}`,
    ]);
  });

  test('that are unknown are owners all the same', () => {
    const set = (owners: unknown): string[] => {
      const plan = entraStack()
        .creates('azuread_application.evil', {
          values: { display_name: 'Evil' },
          unknown: { id: true, client_id: true, object_id: true },
          expressions: {},
        })
        .updates('azuread_application.client', {}, { owners: true });
      plan.root.resources.find(({ name }) => name === 'client')!.expressions = { owners };
      delete plan.find('azuread_application.client').change.after?.owners;
      return told(reviewOf(plan));
    };
    expect(set(hcl('azuread_application.evil.object_id'))).toEqual([
      `privilege-granted [broadening, privilege] Evil becomes owner of APIMApplicationBatch: ${OWNS}`,
    ]);
    expect(set(hcl('local.owners'))).toEqual([
      `privilege-granted [broadening, privilege] unknown until apply becomes owner of APIMApplicationBatch: ${OWNS}`,
    ]);
  });

  test('of a group', () => {
    expect(told(reviewOf(grouped().updates(GROUP, { owners: [guid(77)] })))).toEqual([
      `privilege-granted [broadening, privilege] ${guid(77)} becomes owner of ops: it may add members to it, who get everything that the group has`,
    ]);
  });

  test('of a client application', () => {
    const owned = (owner: string): Values => ({ body: { properties: { ownerId: `${SERVICE}/users/${owner}` } } });
    expect(told(reviewOf(nativeStack().updates('azapi_resource.partner', owned('mallory'))))).toEqual([
      'privilege-granted [broadening, privilege] mallory becomes owner of Contoso Partner: it may make secrets for it in the developer portal and so act as it',
      'privilege-withdrawn [breaking, privilege] owner is no longer owner of Contoso Partner',
    ]);
    const unknown = nativeStack().updates('azapi_resource.partner', {}, { body: { properties: { ownerId: true } } });
    unknown.find('azapi_resource.partner').change.after = {
      ...client('contoso-partner', 'Contoso Partner'),
      body: { properties: { displayName: 'Contoso Partner' } },
    };
    expect(reviewOf(unknown).verdict).toMatchObject({ broadening: true });
  });

  test('that stay are no news', () => {
    expect(told(reviewOf(entraStack().updates('azuread_application.client', { notes: 'x' })))).toEqual([]);
  });
});

describe('members of a group that has a product', () => {
  const member = (more: Values = {}): Values => ({
    values: { group_object_id: guid(80), member_object_id: guid(77), ...more },
    expressions: {},
  });
  const joins = `privilege-granted [broadening, privilege] ${guid(77)} becomes member of ops: it may do what the group may do`;

  test('by a resource of its own, and by the list of the group', () => {
    expect(told(reviewOf(grouped().creates('azuread_group_member.x', member() as never)))).toEqual([joins]);
    expect(told(reviewOf(grouped([guid(76)]).updates(GROUP, { members: [guid(76), guid(77)] })))).toEqual([joins]);
  });

  test('that leave', () => {
    expect(told(reviewOf(grouped([guid(77)]).updates(GROUP, { members: [] })))).toEqual([
      `privilege-withdrawn [breaking, privilege] ${guid(77)} is no longer member of ops`,
    ]);
  });

  test('after activation', () => {
    const plan = grouped().creates('azuread_privileged_access_group_eligibility_schedule.x', {
      values: { group_id: guid(80), principal_id: guid(77), assignment_type: 'member' },
      expressions: {},
    });
    expect(told(reviewOf(plan))).toEqual([
      `privilege-granted [broadening, privilege] ${guid(77)} becomes member of ops: it may do what the group may do, after activation`,
    ]);
  });

  test('whom a rule selects', () => {
    const rule = (text: string): Values => ({ dynamic_membership: [{ enabled: true, rule: text }] });
    const plan = grouped();
    plan.find(GROUP).change.before = { ...plan.find(GROUP).change.before, ...rule('user.department -eq "ops"') };
    expect(reviewOf(plan.updates(GROUP, rule('user.department -ne ""'))).verdict).toMatchObject({
      broadening: true,
      breaking: true,
    });
  });

  test('a name, a note and an owner that stays are no news', () => {
    expect(reviewOf(grouped().updates(GROUP, { description: 'on call' })).verdict.broadening).toBe(false);
  });
});

describe('keys', () => {
  const key = (values: Values, type = 'azurerm_api_management_subscription') =>
    told(
      reviewOf(
        handWrittenProduct().creates(`${type}.x`, {
          values: { api_management_name: 'ref-apim', display_name: 'X', state: 'active', ...values },
          unknown: { id: true, primary_key: true },
          expressions: {},
        }),
      ),
    ).filter((line) => line.startsWith('access'));
  const arm = (properties: Values, more: Values = {}): Values => ({
    type: 'Microsoft.ApiManagement/service/subscriptions@2022-08-01',
    parent_id: SERVICE,
    name: 'x',
    body: { properties: { displayName: 'X', state: 'active', ...properties } },
    ...more,
  });

  test.each([
    [{ product_id: `${SERVICE}/products/silver` }, 'Silver'],
    [{}, 'all APIs of ref-apim'],
    [{ api_id: `${SERVICE}/apis/hr;rev=1` }, 'API hr'],
  ])('azurerm %j', (values, product) => {
    expect(key(values)).toEqual([`access-gained [broadening] X gains ${product} by subscription key`]);
  });

  test.each([
    [`${SERVICE}/products/silver`, 'Silver'],
    ['/products/silver', 'Silver'],
    ['/apis', 'all APIs of ref-apim'],
    [`${SERVICE}/apis`, 'all APIs of ref-apim'],
    ['/apis/hr', 'API hr'],
    [`${SERVICE}/apis/hr`, 'API hr'],
    ['/workspaces/x', 'unknown until apply'],
  ])('azapi %s', (scope, product) => {
    expect(key(arm({ scope }), 'azapi_resource')).toEqual([
      `access-gained [broadening] X gains ${product} by subscription key`,
    ]);
  });

  test('that are not active open nothing, and those whose state is unknown may', () => {
    expect(key({ state: 'suspended' })).toEqual([]);
    const unknown = handWrittenProduct().creates('azurerm_api_management_subscription.x', {
      values: { api_management_name: 'ref-apim', display_name: 'X' },
      unknown: { id: true, state: true },
      expressions: {},
    });
    expect(told(reviewOf(unknown))).toContain(
      'access-gained [broadening] X gains all APIs of ref-apim by subscription key',
    );
  });
});

describe('accounts', () => {
  const CLIENT = 'azuread_service_principal.client';

  test('that are disabled lose what they are granted, and get it back', () => {
    expect(told(reviewOf(entraStack().updates(CLIENT, { account_enabled: false })))).toEqual([
      'access-lost [breaking] APIMApplicationBatch loses Native with role Product.Native.All',
      'access-lost [breaking] APIMApplicationBatch loses Policy with role Product.Policy.All',
      'privilege-withdrawn [breaking, privilege] APIMApplicationBatch is disabled: it gets no tokens any more',
    ]);
    const disabled = entraStack();
    disabled.find(CLIENT).change.before = { ...disabled.find(CLIENT).change.before, account_enabled: false };
    expect(told(reviewOf(disabled.updates(CLIENT, { account_enabled: true })))).toEqual([
      'access-gained [broadening] APIMApplicationBatch gains Native by app role assignment with role Product.Native.All',
      'access-gained [broadening] APIMApplicationBatch gains Policy by app role assignment with role Product.Policy.All',
      'privilege-granted [broadening, privilege] APIMApplicationBatch is enabled: it gets tokens for whatever it is granted',
    ]);
  });

  test('a product whose registration is disabled is lost to all', () => {
    const found = reviewOf(entraStack().updates('azuread_service_principal.policy', { account_enabled: false }));
    expect(told(found)).toContain(
      'access-lost [breaking] APIMApplicationBatch loses Policy with role Product.Policy.All',
    );
  });

  test('whose notes change are no news', () => {
    expect(reviewOf(entraStack().updates(CLIENT, { notes: 'x', tags: ['y'] })).verdict.broadening).toBe(false);
  });
});

describe('permissions of services of Microsoft', () => {
  const EXCHANGE = '00000002-0000-0ff1-ce00-000000000000';
  const service = (clientId: string, role: string): string[] =>
    told(
      reviewOf(
        entraStack()
          .creates('azuread_service_principal.service', {
            values: { client_id: clientId, use_existing: true },
            unknown: { id: true, object_id: true, display_name: true },
            expressions: {},
          })
          .creates('azuread_app_role_assignment.x', {
            values: { app_role_id: role, principal_object_id: guid(42) },
            unknown: { id: true, resource_object_id: true },
            expressions: { resource_object_id: hcl('azuread_service_principal.service.object_id') },
          }),
      ),
    );
  const granted = (what: string): string => `APIMApplicationBatch is granted application permission ${what}`;

  test('by ids that are written out', () => {
    expect(service(EXCHANGE, 'dc890d15-9560-4a4c-9b7f-a736ec74ec40')).toEqual([
      `privilege-granted [broadening, privilege] ${granted('full_access_as_app: it may read, change and send all mail of everyone')}`,
    ]);
    expect(service(EXCHANGE, guid(66))).toEqual([
      `privilege-granted [broadening, privilege] ${granted('a permission of Office 365 Exchange Online that this tool does not know: it may see the permission in the documentation of Office 365 Exchange Online')}`,
    ]);
    expect(service('00000003-0000-0000-c000-000000000000', '06b708a9-e830-4db3-a914-8e69da51d44f')[0]).toContain(
      granted('AppRoleAssignment.ReadWrite.All'),
    );
  });

  test('that are asked for give nothing by themselves', () => {
    const plan = entraStack().creates('azuread_application_api_access.x', {
      values: {
        application_id: `/applications/${guid(32)}`,
        api_client_id: EXCHANGE,
        role_ids: ['dc890d15-9560-4a4c-9b7f-a736ec74ec40'],
      },
      expressions: {},
    });
    expect(told(reviewOf(plan))).toEqual([
      'privilege-granted APIMApplicationBatch asks for full_access_as_app of Office 365 Exchange Online: it may use it after somebody consents, which no plan shows',
    ]);
  });
});

describe('directory roles', () => {
  const custom = (...actions: readonly string[]): Values => ({
    permissions: [{ allowed_resource_actions: actions }],
  });

  test('confined to one application', () => {
    const plan = entraStack().creates('azuread_directory_role_assignment.x', {
      values: {
        role_id: '9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3',
        principal_object_id: guid(77),
        directory_scope_id: `/${guid(32)}`,
      },
      expressions: {},
    });
    expect(told(reviewOf(plan))[0]).toMatch(
      /^privilege-granted \[broadening, privilege\] .* is granted directory role Application Administrator: it may .*, within one scope$/,
    );
  });

  test('in an administrative unit', () => {
    const plan = entraStack().creates('azuread_administrative_unit_role_member.x', {
      values: { role_object_id: guid(6), administrative_unit_object_id: guid(7), member_object_id: guid(77) },
      expressions: {},
    });
    expect(told(reviewOf(plan))).toEqual([
      `privilege-granted [broadening, privilege] ${guid(77)} is granted directory role a directory role that this tool does not know: it may do what the role allows, which this tool does not know, within one scope`,
    ]);
  });

  test('of ones own', () => {
    const ROLE = 'azuread_custom_directory_role.x';
    const BASIC = 'microsoft.directory/applications/basic/update';
    const SECRET = 'microsoft.directory/applications/credentials/update';
    const plan = (): PlanFixture =>
      entraStack().exists(ROLE, {
        values: { object_id: guid(90), display_name: 'Keeper', enabled: true, ...custom(BASIC) },
        expressions: {},
      });
    expect(told(reviewOf(plan().updates(ROLE, custom(BASIC, SECRET))))).toEqual([
      `privilege-granted [broadening, privilege] every holder of Keeper is granted directory role Keeper: it may use ${SECRET}`,
    ]);
    expect(told(reviewOf(plan().updates(ROLE, { description: 'keeps' })))).toEqual([]);
    const assigned = plan().creates('azuread_directory_role_assignment.x', {
      values: { role_id: guid(90), principal_object_id: guid(77) },
      expressions: {},
    });
    expect(told(reviewOf(assigned))).toEqual([
      `privilege-granted [broadening, privilege] ${guid(77)} is granted directory role Keeper: it may use ${BASIC}`,
    ]);
  });
});
