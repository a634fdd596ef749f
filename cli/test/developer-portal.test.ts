import type { Values } from './fixtures/plan';
import { guid, nativeStack, SERVICE } from './fixtures/stacks';
import { reviewOf, told } from './support';

const APIM = 'azurerm_api_management.apim';
const MAY_ASK = 'request the products that developers see';

function block(before: Values, after: Values): string[] {
  const plan = nativeStack();
  plan.find(APIM).change.before = { ...plan.find(APIM).change.before, ...before };
  return told(reviewOf(plan.updates(APIM, after)));
}

test.each<[string, Values, Values, string]>([
  [
    'direct management',
    { tenant_access: [{ enabled: false }] },
    { tenant_access: [{ enabled: true }] },
    'everyone with the access key of the instance gets direct management of ref-apim: it may change products, APIs, policies, keys and clients',
  ],
  [
    'sign-up',
    { sign_up: [] },
    { sign_up: [{ enabled: true, terms_of_service: [] }] },
    `anyone gets sign-up at the developer portal of ref-apim: it may become a user and ${MAY_ASK}`,
  ],
  [
    'delegation',
    { delegation: [] },
    { delegation: [{ url: 'https://evil.example/x?key=1', subscriptions_enabled: true }] },
    'evil.example gets delegation of ref-apim: it may decide who becomes a user and who gets a key',
  ],
])('%s that is switched on', (_, before, after, says) => {
  expect(block(before, after)).toEqual([`privilege-granted [broadening, privilege] ${says}`]);
  expect(block(after, before)[0]).toMatch(/^privilege-withdrawn \[breaking, privilege\]/);
  expect(block(after, { ...after, notification_sender_email: 'x@example.com' })).toEqual([]);
});

test.each([
  ['service/tenant@2024-05-01', 'access', { enabled: true }, 'everyone with the access key of the instance'],
  ['service/portalsettings@2024-05-01', 'signup', { enabled: true }, 'anyone'],
  [
    'service/portalsettings@2024-05-01',
    'delegation',
    { url: 'https://evil.example', subscriptions: { enabled: true } },
    'evil.example',
  ],
])('the same as %s/%s', (type, name, properties, who) => {
  for (const azapi of ['azapi_resource', 'azapi_update_resource']) {
    const plan = nativeStack().creates(`${azapi}.x`, {
      values: { type: `Microsoft.ApiManagement/${type}`, name, parent_id: SERVICE, body: { properties } },
      expressions: {},
    });
    expect(told(reviewOf(plan))[0]).toMatch(new RegExp(`^privilege-granted \\[broadening, privilege\\] ${who} gets `));
  }
});

test('users of the instance, and those that are blocked', () => {
  const USER = 'azurerm_api_management_user.x';
  const user = (more: Values = {}): Values => ({
    api_management_name: 'ref-apim',
    user_id: 'mallory',
    email: 'mallory@example.com',
    state: 'active',
    ...more,
  });
  expect(told(reviewOf(nativeStack().creates(USER, { values: user(), expressions: {} })))).toEqual([
    `privilege-granted [broadening, privilege] mallory@example.com gets user of ref-apim: it may sign in to the developer portal and ${MAY_ASK}`,
  ]);
  const there = nativeStack().exists(USER, { values: user(), expressions: {} });
  expect(told(reviewOf(there.updates(USER, { state: 'blocked' })))).toEqual([
    'privilege-withdrawn [breaking, privilege] mallory@example.com loses user of ref-apim',
  ]);
  const noted = nativeStack().exists(USER, { values: user(), expressions: {} }).updates(USER, { note: 'x' });
  expect(told(reviewOf(noted))).toEqual([]);
});

test.each([
  ['partners', 'request the products that the group sees'],
  ['administrators', 'manage the instance'],
])('a user in group %s', (group, allows) => {
  const plan = nativeStack()
    .exists('azurerm_api_management_user.m', {
      values: { api_management_name: 'ref-apim', user_id: 'mallory', email: 'mallory@example.com', state: 'active' },
      expressions: {},
    })
    .creates('azurerm_api_management_group_user.x', {
      values: { api_management_name: 'ref-apim', group_name: group, user_id: 'mallory' },
      expressions: {},
    });
  expect(told(reviewOf(plan))).toEqual([
    `privilege-granted [broadening, privilege] mallory@example.com becomes member of group ${group} of ref-apim: it may ${allows}`,
  ]);
});

describe('identity providers', () => {
  const AAD = 'azurerm_api_management_identity_provider_aad.x';
  const aad = (...allowed_tenants: readonly string[]): Values => ({
    api_management_name: 'ref-apim',
    client_id: guid(5),
    client_secret: 'planted',
    signin_tenant: 'contoso.com',
    allowed_tenants,
  });

  test('that let in other tenants', () => {
    const plan = nativeStack().exists(AAD, { values: aad('contoso.com'), expressions: {} });
    expect(told(reviewOf(plan.updates(AAD, aad('contoso.com', 'evil.example'))))).toEqual([
      `privilege-granted [broadening, privilege] everyone with an account at aad in evil.example gets sign-in to the developer portal of ref-apim: it may become a user and ${MAY_ASK}`,
    ]);
  });

  test('that come, and whose secret is rotated', () => {
    const google = nativeStack().creates('azurerm_api_management_identity_provider_google.x', {
      values: { api_management_name: 'ref-apim', client_id: 'x.apps.googleusercontent.com', client_secret: 'planted' },
      expressions: {},
    });
    expect(told(reviewOf(google))[0]).toContain('everyone with an account at google gets sign-in');
    const rotated = nativeStack()
      .exists(AAD, { values: aad('contoso.com'), expressions: {} })
      .updates(AAD, { client_secret: 'other' });
    expect(told(reviewOf(rotated))).toEqual([]);
  });
});
