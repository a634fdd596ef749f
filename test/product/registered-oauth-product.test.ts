import {
  AccessManifest,
  ClientRegistration,
  MultiProductApplication,
  OAuthProduct,
  ProductAuthorization,
} from '../../lib';
import { blockOf, child, errorOf, newClient, newInstance, newProduct, newStack, synth, untyped } from '../support';

const APPLICATION = '11111111-2222-3333-4444-555555555555';
const ROLE = '22222222-3333-4444-5555-666666666666';
const PRINCIPAL = '33333333-4444-5555-6666-777777777777';
const CLIENT = '44444444-5555-6666-7777-888888888888';
const CLIENT_PRINCIPAL = '55555555-6666-7777-8888-999999999999';

function declared(attrs: object = {}) {
  const stack = newStack();
  const apim = newInstance(stack);
  const product = OAuthProduct.fromRegistration(stack, 'orders', {
    instance: apim,
    productId: 'orders',
    displayName: 'Orders',
    applicationId: APPLICATION,
    appRoleId: ROLE,
    servicePrincipalObjectId: PRINCIPAL,
    ...attrs,
  });
  return { stack, apim, product };
}

const existing = ClientRegistration.existing({ clientId: CLIENT, servicePrincipalObjectId: CLIENT_PRINCIPAL });

test('a product whose ids are known: nothing is read, and what is left out is as the library makes it', () => {
  const { stack, apim, product } = declared();

  expect({ ...product, node: undefined, instance: undefined }).toMatchObject({
    productId: 'orders',
    resourceId: `${apim.instanceId}/products/orders`,
    applicationId: APPLICATION,
    appRoleId: ROLE,
    servicePrincipalId: PRINCIPAL,
    appRoleValue: 'Product.orders.All',
    audience: `api://${APPLICATION}`,
    scope: `api://${APPLICATION}/.default`,
    acceptsProductLinks: false,
  });
  expect(JSON.stringify(synth(stack).data)).not.toContain('orders');
  expect(declared({ audience: 'api://contoso', appRoleValue: 'Orders.Call' }).product).toMatchObject({
    scope: 'api://contoso/.default',
    appRoleValue: 'Orders.Call',
  });
});

test.each([
  ['applicationId', 'x'],
  ['appRoleId', 'x'],
  ['servicePrincipalObjectId', 'x'],
])('fails for %s that is no GUID', (prop, value) => {
  expect(errorOf(() => declared({ [prop]: value }))).toBe(
    `stack/orders: ${prop}: must be a GUID such as 9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3, got "x"`,
  );
});

test('all that is wrong is told at once', () => {
  const message = errorOf(() =>
    declared({
      productId: '-',
      displayName: '',
      appRoleValue: 'a b',
      audience: '',
      acceptsProductLinks: untyped('no'),
      tryPath: 'x',
    }),
  );
  expect(message.split('\n').map((line) => line.split(': ')[1])).toEqual([
    'productId',
    'displayName',
    'appRoleValue',
    'audience',
    'acceptsProductLinks',
    'tryPath',
  ]);
});

describe('ClientRegistration.existing', () => {
  test('grants only: one assignment for each product, nothing of the client', () => {
    const { stack, apim, product } = declared();
    const client = new MultiProductApplication(stack, 'vendor', {
      instance: apim,
      displayName: 'Vendor',
      registration: existing,
      products: [product],
    });
    const id = `/servicePrincipals/${PRINCIPAL}/appRoleAssignedTo/x`;
    client.importGrant(product, id);
    new AccessManifest(stack, 'access', { applications: [client] });
    const terraform = synth(stack);

    expect(Object.keys(terraform.resource).filter((type) => type.startsWith('azuread_app'))).toEqual([
      'azuread_app_role_assignment',
    ]);
    expect(blockOf(terraform, child(client, 'grants'))).toMatchObject({
      app_role_id: '${coalesce(each.value.role, "00000000-0000-0000-0000-000000000000")}',
      resource_object_id: '${coalesce(each.value.resource, "00000000-0000-0000-0000-000000000000")}',
      principal_object_id: CLIENT_PRINCIPAL,
      for_each: { orders: { role: ROLE, resource: PRINCIPAL } },
    });
    expect(terraform.import).toEqual([
      { to: `azuread_app_role_assignment.${child(client, 'grants').friendlyUniqueId}["orders"]`, id },
    ]);
    expect(terraform.output.oauth_access.value.applications.vendor).toMatchObject({
      clientId: CLIENT,
      credential: { kind: 'elsewhere' },
    });
  });

  test('fails for ids that are none, all at once', () => {
    expect(errorOf(() => ClientRegistration.existing({ clientId: 'a', servicePrincipalObjectId: 'b' }))).toBe(
      [
        'ClientRegistration.existing: clientId: must be a GUID such as 9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3, got "a"',
        'ClientRegistration.existing: servicePrincipalObjectId: must be a GUID such as 9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3, got "b"',
      ].join('\n'),
    );
  });
});

test('API Management’s own clients cannot be linked to it unless it says so', () => {
  const { stack, apim, product } = declared();
  expect(errorOf(() => newClient(stack, apim, 'partner', { products: [product] }))).toMatch(
    /cannot be linked to a product with ProductAuthorization.gatewayPolicy/,
  );
});

test('the manifest carries the ids of a product that a policy enforces, and of no other', () => {
  const stack = newStack();
  const apim = newInstance(stack);
  const policy = newProduct(stack, apim, 'policy', {
    displayName: 'Policy',
    authorization: ProductAuthorization.gatewayPolicy(),
  });
  const gold = newProduct(stack, apim, 'gold', { displayName: 'Gold' });
  const client = new MultiProductApplication(stack, 'vendor', {
    instance: apim,
    displayName: 'Vendor',
    registration: existing,
    products: [policy, gold],
  });
  new AccessManifest(stack, 'access', { applications: [client] });
  const { products } = synth(stack).output.oauth_access.value.applications.vendor;

  expect(products.policy.registration).toEqual({
    applicationId: expect.stringContaining('client_id'),
    appRoleId: policy.appRoleId,
    appRoleValue: policy.appRoleValue,
    servicePrincipalObjectId: expect.stringContaining('object_id'),
  });
  expect(products.gold).not.toHaveProperty('registration');
});
