import { allFindings } from '../src/sections';
import { VAULT } from './fixtures/objects';
import type { PlanFixture, Values } from './fixtures/plan';
import { client, entraStack, GRAPH, guid, hcl, SERVICE } from './fixtures/stacks';
import { line, reviewOf } from './support';

const SCOPE = VAULT.split('/providers/')[0] ?? '';
const registration = { application_id: `/applications/${guid(32)}` };

function base(): PlanFixture {
  return entraStack()
    .exists('azapi_resource.new', { values: client('new-client', 'New'), expressions: {} })
    .exists('azurerm_key_vault.kv', { values: { id: VAULT, name: 'kv', access_policy: [] }, expressions: {} })
    .reads('data.azuread_service_principal.graph', {
      client_id: GRAPH,
      object_id: guid(60),
      display_name: 'Microsoft Graph',
    });
}

const made = (address: string, values: Values, unknown: Values = {}, sensitive: Values = {}) =>
  base().creates(address, {
    values,
    unknown: { id: true, ...unknown },
    sensitive,
    expressions: Object.fromEntries(Object.keys({ ...values, ...unknown }).map((name) => [name, {}])),
  });
const GROUP = { id: `/groups/${guid(81)}`, object_id: guid(81), display_name: 'Team' };
const policies = (...list: Values[]): Values => ({
  type: 'Microsoft.KeyVault/vaults/accessPolicies@2023-07-01',
  parent_id: VAULT,
  name: 'add',
  body: { properties: { accessPolicies: list } },
});

const PLANS: Readonly<Record<string, () => PlanFixture>> = {
  'an application that is made with owners': () =>
    made('azuread_application.x', { display_name: 'X', owners: [guid(83)] }),
  'an application that is destroyed with its owners': () =>
    base()
      .exists('azuread_application.x', { values: { display_name: 'X', owners: [guid(83)] }, expressions: {} })
      .deletes('azuread_application.x'),
  'an application whose owners the configuration stops to name': () =>
    base()
      .exists('azuread_application.x', {
        values: { id: `/applications/${guid(90)}`, object_id: guid(90), display_name: 'X', owners: [guid(83)] },
        expressions: { display_name: {} },
      })
      .updates('azuread_application.x', { owners: null }),
  'an owner of an application that is unknown': () =>
    made('azuread_application_owner.x', { owner_object_id: guid(83) }, { application_id: true }),
  'an owner without an id': () => made('azuread_application_owner.x', { ...registration, owner_object_id: 'nobody' }),
  'the owner of a client application, by its full id': () =>
    base().updates('azapi_resource.new', { body: { properties: { ownerId: `${SERVICE}/users/Other` } } }),
  'the owner of a client application, by a short id': () =>
    base().updates('azapi_resource.new', { body: { properties: { ownerId: '/users/Other' } } }),
  'the owner of a client application, by a shorter id': () =>
    base().updates('azapi_resource.new', { body: { properties: { ownerId: 'users/Other' } } }),
  'the owner of a client application, by an id of something below a user': () =>
    base().updates('azapi_resource.new', { body: { properties: { ownerId: '/users/Other/keys' } } }),
  'the owner of a client application, which is a user that is made': () =>
    base()
      .creates('azurerm_api_management_user.x', {
        values: { api_management_name: 'ref-apim', user_id: 'one', email: 'one@contoso.example' },
        expressions: {},
      })
      .exists('azapi_resource.y', {
        values: client('y', 'Y'),
        expressions: { body: hcl('azurerm_api_management_user.x.id') },
      })
      .updates(
        'azapi_resource.y',
        { body: { properties: { ownerId: null } } },
        { body: { properties: { ownerId: true } } },
      ),
  'the owner of a client application, by what is no id': () =>
    base().updates('azapi_resource.new', { body: { properties: { ownerId: 'Other' } } }),
  'the owner of a client application, by a user that is made': () =>
    base()
      .creates('azurerm_api_management_user.x', {
        values: { api_management_name: 'ref-apim', user_id: 'one', email: 'one@contoso.example' },
        expressions: {},
      })
      .creates('azapi_resource.y', {
        values: { ...client('y', 'Y'), body: { properties: { displayName: 'Y' } } },
        unknown: { id: true, body: { properties: { ownerId: true } } },
        expressions: { body: hcl('azurerm_api_management_user.x.id') },
      }),
  'no owner of a client application': () =>
    base().updates('azapi_resource.new', { body: { properties: { ownerId: null } } }),
  'the policies of a vault by azapi': () =>
    made(
      'azapi_resource.x',
      policies({
        objectId: guid(83),
        permissions: { secrets: ['Get'], keys: ['List'], certificates: ['ManageIssuers'] },
      }),
    ),
  'policies of a vault of somebody unknown': () =>
    made('azapi_resource.x', policies({ permissions: { secrets: ['all'] } })),
  'policies of a vault that are unknown': () =>
    made('azapi_resource.x', policies(), { body: { properties: { accessPolicies: true } } }),
  'permissions in a vault that are unknown': () =>
    made('azurerm_key_vault_access_policy.x', { key_vault_id: VAULT, object_id: guid(83) }, { key_permissions: true }),
  'permissions in a vault that read no secret': () =>
    made('azurerm_key_vault_access_policy.x', {
      key_vault_id: VAULT,
      object_id: guid(83),
      secret_permissions: ['List', 'Set', 'Getter', 'Delete'],
      certificate_permissions: ['Get', 'List', 'recreate', 'Creates'],
      key_permissions: ['Verify', 'Encrypt', 'unSign', 'Signs'],
    }),
  'a vault that is made with policies': () =>
    made('azurerm_key_vault.x', {
      name: 'x',
      access_policy: [{ object_id: guid(83), secret_permissions: ['Get'] }],
    }),
  'a vault that is destroyed with its policies': () =>
    base()
      .exists('azurerm_key_vault.x', {
        values: { id: `${VAULT}2`, name: 'x', access_policy: [{ object_id: guid(83), secret_permissions: ['Get'] }] },
        expressions: {},
      })
      .deletes('azurerm_key_vault.x'),
  'a vault whose policies are unknown': () => base().updates('azurerm_key_vault.kv', {}, { access_policy: true }),
  'a vault of azapi that gets a policy': () =>
    base()
      .exists('azapi_resource.vault', {
        values: {
          type: 'Microsoft.KeyVault/vaults@2023-07-01',
          parent_id: SCOPE,
          name: 'kv2',
          id: `${VAULT}2`,
          body: { properties: { accessPolicies: [] } },
        },
        expressions: {},
      })
      .updates('azapi_resource.vault', {
        body: { properties: { accessPolicies: [{ objectId: guid(83), permissions: { keys: ['sign'] } }] } },
      }),
  'a delegated permission in the name of one user': () =>
    made('azuread_service_principal_delegated_permission_grant.x', {
      service_principal_object_id: guid(42),
      resource_service_principal_object_id: guid(60),
      user_object_id: guid(83),
      claim_values: ['Mail.Read'],
    }),
  'a delegated permission in the name of a user who is unknown': () =>
    made(
      'azuread_service_principal_delegated_permission_grant.x',
      {
        service_principal_object_id: guid(42),
        resource_service_principal_object_id: guid(60),
        claim_values: ['Mail.Read'],
      },
      { user_object_id: true },
    ),
  'delegated permissions that are unknown': () =>
    made(
      'azuread_service_principal_delegated_permission_grant.x',
      { service_principal_object_id: guid(42), resource_service_principal_object_id: guid(60) },
      { claim_values: true },
    ),
  'delegated permissions that are sensitive': () =>
    made(
      'azuread_service_principal_delegated_permission_grant.x',
      {
        service_principal_object_id: guid(42),
        resource_service_principal_object_id: guid(60),
        claim_values: ['Mail.Read'],
      },
      {},
      { claim_values: true },
    ),
  'no delegated permissions': () =>
    made('azuread_service_principal_delegated_permission_grant.x', {
      service_principal_object_id: guid(42),
      resource_service_principal_object_id: guid(60),
    }),
  'permissions that an application asks for': () =>
    base().updates('azuread_application.client', {
      required_resource_access: [
        {
          resource_app_id: GRAPH,
          resource_access: [{ id: '1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9', type: 'Role' }, { id: guid(73) }],
        },
        { resource_app_id: guid(20), resource_access: [{ id: guid(74) }, {}] },
        { resource_access: [{ id: guid(75) }] },
      ],
    }),
  'permissions that an application asks for by a block of its own': () =>
    made(
      'azuread_application_api_access.x',
      { ...registration, api_client_id: guid(20), role_ids: [guid(41)] },
      { scope_ids: true },
    ),
  'an application that is made and asks for permissions': () =>
    made('azuread_application.x', {
      display_name: 'X',
      required_resource_access: [{ resource_app_id: GRAPH, resource_access: [{ id: guid(73) }] }],
    }),
  'an owner of a group, and a member after activation': () =>
    base()
      .exists('azuread_group.team', { values: { ...GROUP, members: [] }, expressions: {} })
      .creates('azuread_privileged_access_group_assignment_schedule.x', {
        values: { group_id: guid(81), principal_id: guid(83), assignment_type: 'owner' },
        expressions: {},
      })
      .creates('azuread_privileged_access_group_eligibility_schedule.x', {
        values: { group_id: guid(81), principal_id: guid(84), assignment_type: 'member' },
        expressions: {},
      }),
  'a group that is made with members and owners': () =>
    made('azuread_group.team', { display_name: 'Team', members: [guid(83)], owners: [guid(84)] }),
  'a group that is destroyed with its members': () =>
    base()
      .exists('azuread_group.team', { values: { ...GROUP, members: [guid(83)] }, expressions: {} })
      .deletes('azuread_group.team'),
  'a group that gets another rule': () =>
    base()
      .exists('azuread_group.team', {
        values: { ...GROUP, dynamic_membership: [{ enabled: true, rule: 'one' }] },
        expressions: {},
      })
      .updates('azuread_group.team', { dynamic_membership: [{ enabled: true, rule: 'two' }] }),
  'a member of a group that are both unknown': () =>
    made('azuread_group_member.x', {}, { group_object_id: true, member_object_id: true }),
};

/** What the review says of each of these plans, whole. */
const SAYS: Readonly<Record<string, readonly string[]>> = {
  'an application that is made with owners': [
    'not-judged [unjudged] azuread_application.x is created (owners): it may change who gets tokens for the registration, or who acts as it',
  ],
  'an application that is destroyed with its owners': [
    'not-judged [unjudged] azuread_application.x is destroyed: it may change who gets tokens for the registration, or who acts as it',
  ],
  'an application whose owners the configuration stops to name': [
    'privilege-withdrawn [breaking, privilege] 00000000-0000-4000-8000-000000000083 is no longer owner of X',
  ],
  'an owner of an application that is unknown': [
    'privilege-granted [broadening, privilege] 00000000-0000-4000-8000-000000000083 becomes owner of unknown until apply: it may add credentials to it and so act as it, change and delete it',
  ],
  'an owner without an id': [
    'privilege-granted [broadening, privilege] unknown until apply becomes owner of APIMApplicationBatch: it may add credentials to it and so act as it, change and delete it',
    'way-made [broadening] unknown until apply gets a way to Native and Policy: it owns APIMApplicationBatch (AZOwns)',
  ],
  'the owner of a client application, by its full id': [
    'privilege-granted [broadening, privilege] other becomes owner of New: it may make secrets for it in the developer portal and so act as it',
    'privilege-withdrawn [breaking, privilege] owner is no longer owner of New',
  ],
  'the owner of a client application, by a short id': [
    'privilege-granted [broadening, privilege] other becomes owner of New: it may make secrets for it in the developer portal and so act as it',
    'privilege-withdrawn [breaking, privilege] owner is no longer owner of New',
  ],
  'the owner of a client application, by a shorter id': [
    'privilege-granted [broadening, privilege] other becomes owner of New: it may make secrets for it in the developer portal and so act as it',
    'privilege-withdrawn [breaking, privilege] owner is no longer owner of New',
  ],
  'the owner of a client application, by an id of something below a user': [
    'privilege-granted [broadening, privilege] unknown until apply becomes owner of New: it may make secrets for it in the developer portal and so act as it',
    'privilege-withdrawn [breaking, privilege] owner is no longer owner of New',
  ],
  'the owner of a client application, which is a user that is made': [
    'privilege-granted [broadening, privilege] one@contoso.example becomes owner of Y: it may make secrets for it in the developer portal and so act as it',
    'privilege-granted [broadening, privilege] one@contoso.example gets user of ref-apim: it may sign in to the developer portal and request the products that developers see',
    'privilege-withdrawn [breaking, privilege] owner is no longer owner of Y',
  ],
  'the owner of a client application, by what is no id': [
    'privilege-granted [broadening, privilege] unknown until apply becomes owner of New: it may make secrets for it in the developer portal and so act as it',
    'privilege-withdrawn [breaking, privilege] owner is no longer owner of New',
  ],
  'the owner of a client application, by a user that is made': [
    'privilege-granted [broadening, privilege] one@contoso.example gets user of ref-apim: it may sign in to the developer portal and request the products that developers see',
  ],
  'no owner of a client application': ['privilege-withdrawn [breaking, privilege] owner is no longer owner of New'],
  'the policies of a vault by azapi': [
    'privilege-granted [broadening, privilege] 00000000-0000-4000-8000-000000000083 is granted access to vault kv: it may make and change certificates',
    'privilege-granted [broadening, privilege] 00000000-0000-4000-8000-000000000083 is granted access to vault kv: it may read secrets',
  ],
  'policies of a vault of somebody unknown': [
    'privilege-granted [broadening, privilege] unknown until apply is granted access to vault kv: it may read secrets',
  ],
  'policies of a vault that are unknown': [
    'privilege-granted [broadening, privilege] unknown until apply is granted access to vault kv: it may read secrets',
  ],
  'permissions in a vault that are unknown': [
    'privilege-granted [broadening, privilege] 00000000-0000-4000-8000-000000000083 is granted access to vault kv: it may make and change certificates',
    'privilege-granted [broadening, privilege] 00000000-0000-4000-8000-000000000083 is granted access to vault kv: it may read secrets',
    'privilege-granted [broadening, privilege] 00000000-0000-4000-8000-000000000083 is granted access to vault kv: it may sign with keys',
  ],
  'permissions in a vault that read no secret': [],
  'a vault that is made with policies': [],
  'a vault that is destroyed with its policies': [
    'not-judged [unjudged] azurerm_key_vault.x is destroyed: it may change who reads secrets and keys of clients',
  ],
  'a vault whose policies are unknown': [
    'privilege-granted [broadening, privilege] unknown until apply is granted access to vault kv: it may read secrets',
  ],
  'a vault of azapi that gets a policy': [
    'privilege-granted [broadening, privilege] 00000000-0000-4000-8000-000000000083 is granted access to vault kv2: it may sign with keys',
  ],
  'a delegated permission in the name of one user': [
    'privilege-granted [broadening, privilege] APIMApplicationBatch is granted delegated permission Mail.Read of Microsoft Graph: it may use it in the name of one user',
  ],
  'a delegated permission in the name of a user who is unknown': [
    'privilege-granted [broadening, privilege] APIMApplicationBatch is granted delegated permission Mail.Read of Microsoft Graph: it may use it in the name of one user',
  ],
  'delegated permissions that are unknown': [
    'privilege-granted [broadening, privilege] APIMApplicationBatch is granted delegated permission permissions that are unknown until apply of Microsoft Graph: it may use it in the name of every user',
  ],
  'delegated permissions that are sensitive': [
    'privilege-granted [broadening, privilege] APIMApplicationBatch is granted delegated permission permissions that are sensitive of Microsoft Graph: it may use it in the name of every user',
  ],
  'no delegated permissions': [],
  'permissions that an application asks for': [
    'privilege-granted APIMApplicationBatch asks for Application.ReadWrite.All of Microsoft Graph: it may use it after somebody consents, which no plan shows',
    'privilege-granted APIMApplicationBatch asks for a permission that is unknown until apply of APIMProductApplicationNative: it may use it after somebody consents, which no plan shows',
    'privilege-granted APIMApplicationBatch asks for permission 00000000-0000-4000-8000-000000000073 of Microsoft Graph: it may use it after somebody consents, which no plan shows',
    'privilege-granted APIMApplicationBatch asks for permission 00000000-0000-4000-8000-000000000074 of APIMProductApplicationNative: it may use it after somebody consents, which no plan shows',
    'privilege-granted APIMApplicationBatch asks for permission 00000000-0000-4000-8000-000000000075 of an API that is unknown until apply: it may use it after somebody consents, which no plan shows',
  ],
  'permissions that an application asks for by a block of its own': [
    'privilege-granted APIMApplicationBatch asks for a permission that is unknown until apply of APIMProductApplicationNative: it may use it after somebody consents, which no plan shows',
    'privilege-granted APIMApplicationBatch asks for permission 00000000-0000-4000-8000-000000000041 of APIMProductApplicationNative: it may use it after somebody consents, which no plan shows',
  ],
  'an application that is made and asks for permissions': [],
  'an owner of a group, and a member after activation': [
    'privilege-granted [broadening, privilege] 00000000-0000-4000-8000-000000000083 becomes owner of Team: it may add members to it, who get everything that the group has',
    'privilege-granted [broadening, privilege] 00000000-0000-4000-8000-000000000084 becomes member of Team: it may do what the group may do, after activation',
  ],
  'a group that is made with members and owners': [
    'not-judged [unjudged] azuread_group.team is created (owners): it may change who is in a group, and so who has what the group is granted',
    'privilege-granted [broadening, privilege] 00000000-0000-4000-8000-000000000083 becomes member of Team: it may do what the group may do',
  ],
  'a group that is destroyed with its members': [
    'not-judged [unjudged] azuread_group.team is destroyed: it may change who is in a group, and so who has what the group is granted',
  ],
  'a group that gets another rule': [
    'privilege-granted [broadening, privilege] anyone its rule selects becomes member of Team: it may do what the group may do',
    'privilege-withdrawn [breaking, privilege] anyone its former rule selected is no longer member of Team',
  ],
  'a member of a group that are both unknown': [
    'privilege-granted [broadening, privilege] unknown until apply becomes member of unknown until apply: it may do what the group may do',
  ],
};

test.each(Object.entries(PLANS))('%s', (name, plan) => {
  expect(allFindings(reviewOf(plan())).map(line)).toEqual(SAYS[name]);
});

const PERMISSIONS: readonly (readonly [id: string, edge: string])[] = [
  ['1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9', 'AZMGApplication_ReadWrite_All'],
  ['06b708a9-e830-4db3-a914-8e69da51d44f', 'AZMGAppRoleAssignment_ReadWrite_All'],
  ['9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8', 'AZMGRoleManagement_ReadWrite_Directory'],
  ['19dbc75e-c2e2-444c-a770-ec69d8559fc7', 'AZMGDirectory_ReadWrite_All'],
  ['62a82d76-70ea-41e2-9197-370581804d09', 'AZMGGroup_ReadWrite_All'],
  ['dbaae8cf-10b5-4b86-a4a1-f871c94c6695', 'AZMGGroupMember_ReadWrite_All'],
];

test.each(PERMISSIONS)('permission %s of Microsoft Graph is a way in: %s', (id, edge) => {
  const plan = made('azuread_app_role_assignment.graph', {
    app_role_id: id,
    principal_object_id: guid(83),
    resource_object_id: guid(60),
  })
    .exists('azuread_group.team', { values: { ...GROUP, members: [] }, expressions: {} })
    .exists('azuread_app_role_assignment.team', {
      values: { app_role_id: guid(42), principal_object_id: guid(81), resource_object_id: guid(41) },
      expressions: {},
    });
  const { waysIn } = reviewOf(plan);
  const edges = new Set(waysIn.flatMap(({ steps }) => steps.map((step) => step.edge)));
  expect([...edges].filter((found) => found.startsWith('AZMG'))).toEqual([edge]);
});
