import { PlanFixture, type Values } from './fixtures/plan';
import { entraStack, guid, ROLE_POLICY } from './fixtures/stacks';
import { reviewOf, told } from './support';

const APPLICATION = 'azuread_application.policy';
const role = (more: Values = {}): Values => ({
  id: ROLE_POLICY,
  value: 'Product.Policy.All',
  enabled: true,
  allowed_member_types: ['Application'],
  display_name: 'Product.Policy.All',
  ...more,
});

function changed(before: Values, after: Values, unknown: Values = {}): string[] {
  const plan = entraStack();
  const found = plan.find(APPLICATION);
  found.change.before = { ...found.change.before, ...before };
  plan.updates(APPLICATION, after, unknown);
  Object.keys(unknown).forEach((name) => delete found.change.after?.[name]);
  return told(reviewOf(plan));
}

test.each<[string, Values, Values, readonly string[]]>([
  [
    'that users can have as well',
    role(),
    role({ allowed_member_types: ['Application', 'User'] }),
    ['role-widened [broadening] app role Product.Policy.All of Policy can be assigned to users and groups as well'],
  ],
  [
    'that applications cannot have any more',
    role({ allowed_member_types: ['User', 'Application'] }),
    role({ allowed_member_types: ['User'] }),
    ['role-narrowed [breaking] app role Product.Policy.All of Policy can no longer be assigned to applications'],
  ],
  [
    'that is made again with another id',
    role(),
    role({ id: guid(99) }),
    [
      'role-removed [breaking] app role Product.Policy.All of Policy is made again with another id: its holders lose it until it is assigned again: this concerns APIMApplicationBatch',
    ],
  ],
  ['whose description changes', role(), role({ description: 'x', display_name: 'All' }), []],
])('an app role %s', (_, before, after, expected) => {
  expect(changed({ app_role: [before] }, { app_role: [after] })).toEqual(expected);
});

test.each([
  ['AzureADMyOrg', 'AzureADMultipleOrgs', 'tenants-widened'],
  ['AzureADMultipleOrgs', 'AzureADandPersonalMicrosoftAccount', 'tenants-widened'],
  ['AzureADMyOrg', 'OfTomorrow', 'tenants-widened'],
  ['AzureADandPersonalMicrosoftAccount', 'AzureADMultipleOrgs', 'tenants-narrowed'],
  ['AzureADMultipleOrgs', 'AzureADMyOrg', 'tenants-narrowed'],
])('sign-in audience %s to %s', (before, after, rule) => {
  expect(changed({ sign_in_audience: before }, { sign_in_audience: after }).map((line) => line.split(' ')[0])).toEqual([
    rule,
  ]);
});

test('a sign-in audience that is unknown may be any', () => {
  expect(changed({}, {}, { sign_in_audience: true })[0]).toMatch(/^tenants-widened \[broadening\]/);
});

describe('clients that are authorized in advance', () => {
  const ADDRESS = 'azuread_application_pre_authorized.x';
  const values = (...permission_ids: readonly string[]): Values => ({
    application_id: `/applications/${guid(31)}`,
    authorized_client_id: guid(22),
    permission_ids,
  });
  const rules = (edit: (plan: PlanFixture) => PlanFixture): string[] =>
    told(reviewOf(edit(entraStack().exists(ADDRESS, { values: values('a'), expressions: {} })))).map(
      (line) => line.split(' ')[0] ?? '',
    );

  test('for more, for less, for something else, and for the same', () => {
    expect(rules((plan) => plan.updates(ADDRESS, values('a', 'b')))).toEqual(['client-preauthorized']);
    expect(rules((plan) => plan.updates(ADDRESS, values()))).toEqual(['client-not-preauthorized']);
    expect(rules((plan) => plan.updates(ADDRESS, values('b'))).sort()).toEqual([
      'client-not-preauthorized',
      'client-preauthorized',
    ]);
    expect(
      rules((plan) => plan.replaces(ADDRESS, { authorized_client_id: guid(90) }, ['authorized_client_id'])).sort(),
    ).toEqual(['client-not-preauthorized', 'client-preauthorized']);
    expect(rules((plan) => plan.updates(ADDRESS, { timeouts: {} }))).toEqual([]);
  });
});

test('an assignment that may not be required any more', () => {
  const plan = entraStack().updates('azuread_service_principal.policy', {}, { app_role_assignment_required: true });
  delete plan.find('azuread_service_principal.policy').change.after?.app_role_assignment_required;
  expect(told(reviewOf(plan))).toEqual([
    'assignment-not-required [broadening] every application of the tenant can get a token for Policy: its registration needs no assignment any more',
  ]);
});
