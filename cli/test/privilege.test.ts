import { json, PlanFixture, type Values } from './fixtures/plan';
import { APPLICATION_ADMINISTRATOR, entraStack, GRAPH, guid, nativeStack } from './fixtures/stacks';
import { reviewOf, told } from './support';

const ALLOWS = 'make, change and delete every application of the tenant, add credentials to it, and consent for it';

test('a directory role that is withdrawn, replaced, forgotten, imported', () => {
  const role = 'azuread_directory_role_assignment.apim_role';
  expect(told(reviewOf(nativeStack().deletes(role)))).toEqual([
    `privilege-withdrawn [breaking, privilege] ref-apim loses directory role Application Administrator: it may no longer ${ALLOWS}`,
  ]);
  expect(told(reviewOf(nativeStack().replaces(role, {}, ['principal_object_id'])))).toEqual([
    'privilege-interrupted [breaking, privilege] ref-apim loses directory role Application Administrator and gets it again: what depends on it fails in between',
  ]);
  expect(told(reviewOf(nativeStack().forgets(role)))).toEqual([
    'privilege-kept ref-apim keeps directory role Application Administrator: Terraform forgets it and it stays',
  ]);
  expect(told(reviewOf(nativeStack().imports(role)))).toEqual([
    'privilege-imported ref-apim has directory role Application Administrator already: Terraform imports it',
  ]);
});

test('a directory role that rules the tenant is critical', () => {
  const plan = nativeStack().creates('azuread_directory_role_assignment.x', {
    values: { role_id: '62e90394-69f5-4237-9190-012177145e10', principal_object_id: guid(77) },
    expressions: {},
  });
  expect(told(reviewOf(plan))).toEqual([
    `privilege-granted [broadening, privilege, critical] ${guid(77)} is granted directory role Global Administrator: it may do everything in the tenant`,
  ]);
});

test('a directory role that this tool does not know, within a scope, after activation', () => {
  const values = { role_definition_id: guid(5), principal_id: guid(77), directory_scope_id: '/administrativeUnits/x' };
  const plan = nativeStack().creates('azuread_directory_role_eligibility_schedule_request.x', {
    values,
    expressions: {},
  });
  expect(told(reviewOf(plan))).toEqual([
    `privilege-granted [broadening, privilege] ${guid(77)} is granted directory role a directory role that this tool does not know: it may do what the role allows, which this tool does not know, within one scope, after activation`,
  ]);
});

test('a role that is told by the activated role', () => {
  const plan = nativeStack()
    .exists('azuread_directory_role.custom', {
      values: { object_id: guid(6), template_id: guid(7), display_name: 'Reports Reader' },
      expressions: {},
    })
    .creates('azuread_directory_role_member.x', {
      values: { role_object_id: guid(6), member_object_id: guid(77) },
      expressions: {},
    });
  expect(told(reviewOf(plan))).toEqual([
    `privilege-granted [broadening, privilege] ${guid(77)} is granted directory role Reports Reader: it may do what the role allows, which this tool does not know`,
  ]);
});

describe('permissions of Microsoft Graph', () => {
  const graph = (values: Values, unknown: Values = { id: true }, expressions: Values = {}) =>
    entraStack()
      .reads('data.azuread_service_principal.msgraph', {
        client_id: GRAPH,
        object_id: guid(60),
        display_name: 'Microsoft Graph',
        app_roles: [{ id: guid(61), value: 'Reports.Read.All' }],
      })
      .creates('azuread_app_role_assignment.graph', {
        values: { principal_object_id: guid(42), resource_object_id: guid(60), ...values },
        unknown,
        expressions,
      });

  test('by id', () => {
    expect(told(reviewOf(graph({ app_role_id: '06b708a9-e830-4db3-a914-8e69da51d44f' })))).toEqual([
      'privilege-granted [broadening, privilege, critical] APIMApplicationBatch is granted application permission AppRoleAssignment.ReadWrite.All: it may give every application permission to any application',
    ]);
  });

  test('that only the plan knows', () => {
    expect(told(reviewOf(graph({ app_role_id: guid(61) })))).toEqual([
      'privilege-granted [broadening, privilege] APIMApplicationBatch is granted application permission Reports.Read.All: it may see the permission in the documentation of Microsoft Graph',
    ]);
  });

  test('by the name in the configuration', () => {
    const plan = graph(
      {},
      { id: true, app_role_id: true },
      { app_role_id: json('${data.azuread_service_principal.msgraph.app_role_ids["Application.ReadWrite.OwnedBy"]}') },
    );
    expect(told(reviewOf(plan))).toEqual([
      'privilege-granted [broadening, privilege] APIMApplicationBatch is granted application permission Application.ReadWrite.OwnedBy: it may make applications, and change and delete those that it owns',
    ]);
  });
});

test('delegated permissions', () => {
  const values = {
    service_principal_object_id: guid(42),
    resource_service_principal_object_id: guid(40),
    claim_values: ['access'],
  };
  const address = 'azuread_service_principal_delegated_permission_grant.x';
  const plan = entraStack()
    .exists(address, { values, expressions: {} })
    .updates(address, { claim_values: ['access', 'manage'] });
  expect(told(reviewOf(plan))).toEqual([
    'privilege-granted [broadening, privilege] APIMApplicationBatch is granted delegated permission manage of APIMProductApplicationNative: it may use it in the name of every user',
  ]);
});

test('ownership of a registration', () => {
  const plan = entraStack();
  plan.updates('azuread_application.client', { owners: [guid(77)] });
  expect(told(reviewOf(plan))).toEqual([
    `privilege-granted [broadening, privilege] ${guid(77)} becomes owner of APIMApplicationBatch: it may add credentials to it and so act as it, change and delete it`,
  ]);
  const owned = entraStack().exists('azuread_application_owner.x', {
    values: { application_id: `/applications/${guid(32)}`, owner_object_id: guid(77) },
    expressions: {},
  });
  expect(told(reviewOf(owned.deletes('azuread_application_owner.x')))).toEqual([
    `privilege-withdrawn [breaking, privilege] ${guid(77)} is no longer owner of APIMApplicationBatch`,
  ]);
});

test('the role is the one of the reference', () => {
  const plan = new PlanFixture().creates('azuread_directory_role_assignment.x', {
    values: { role_id: APPLICATION_ADMINISTRATOR, principal_object_id: guid(3) },
    expressions: {},
  });
  expect(reviewOf(plan).privilege[0]).toMatchObject({
    privilegeKind: 'directory role',
    privilege: 'Application Administrator',
    allows: ALLOWS,
    principal: guid(3),
    change: 'granted',
  });
});
