import { PlanFixture } from './fixtures/plan';
import { entraStack, guid, nativeStack } from './fixtures/stacks';
import { reviewOf, told } from './support';

test('an instance that is replaced is called by the name that it has', () => {
  const plan = nativeStack().replaces('azurerm_api_management.apim', { name: 'ref-apim-two' }, ['name']);
  expect(told(reviewOf(plan)).filter((line) => line.startsWith('blast-radius'))[0]).toMatch(
    /^blast-radius \[breaking\] instance ref-apim is replaced, forced by name/,
  );
});

test('a product that its policy opens is told at the policy', () => {
  const POLICY = 'azurerm_api_management_product_policy.policy';
  for (const plan of [
    entraStack().deletes(POLICY),
    entraStack().updates(POLICY, { xml_content: '<policies><inbound><base /></inbound></policies>' }),
  ]) {
    expect(reviewOf(plan).exposure.map(({ rule, address }) => `${rule} ${address}`)).toEqual([
      `product-open ${POLICY}`,
      `tokens-off ${POLICY}`,
    ]);
  }
});

test('tokens that a policy validates are no application based access', () => {
  const lines = told(reviewOf(entraStack().deletes('azurerm_api_management_product_policy.policy'))).join('\n');
  expect(lines).toContain('the policy of Policy no longer validates tokens');
  expect(lines).not.toContain('application based access');
});

test('an identifier that is not the audience of the product takes no audience along', () => {
  const URI = 'azuread_application_identifier_uri.other';
  const plan = entraStack().exists(URI, {
    values: { application_id: `/applications/${guid(30)}`, identifier_uri: 'api://other.contoso.com' },
    expressions: {},
  });
  expect(told(reviewOf(plan.deletes(URI)))).toEqual([
    'audience-changed [breaking] tokens for Native can no longer be requested with api://other.contoso.com: its audience stays',
  ]);
  expect(told(reviewOf(entraStack().deletes('azuread_application_identifier_uri.native')))[0]).toContain(
    'tokens for Native stop working',
  );
});

test.each([
  [1, '1 resource of main gives a reason that this version does not know: it is left out'],
  [2, '2 resources of main give a reason that this version does not know: it is left out'],
])('a reason of %s resources that nobody knows', (count, sentence) => {
  const plan = new PlanFixture();
  for (let index = 0; index < count; index += 1) {
    plan.creates(`random_password.x[${index}]`, { values: {}, expressions: {} });
    plan.find(`random_password.x[${index}]`).action_reason = 'of_tomorrow';
  }
  expect(reviewOf(plan).notes.map(({ message }) => message)).toContain(sentence);
});

test.each([
  [
    1,
    '1 resource of main that has nothing to do with access has actions that this version does not know: it is counted as unchanged',
  ],
  [
    2,
    '2 resources of main that have nothing to do with access have actions that this version does not know: they are counted as unchanged',
  ],
])('actions of %s resources that nobody knows', (count, sentence) => {
  const plan = new PlanFixture();
  for (let index = 0; index < count; index += 1) {
    plan.creates(`random_password.x[${index}]`, { values: {}, expressions: {} });
    plan.find(`random_password.x[${index}]`).change.actions = ['of_tomorrow'];
  }
  expect(reviewOf(plan).notes.map(({ message }) => message)).toContain(sentence);
});

test('a plan without changes says nothing of policies', () => {
  expect(reviewOf(entraStack()).notes).toEqual([]);
});
