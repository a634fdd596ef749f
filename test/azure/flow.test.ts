import { DEPLOYER, LocalAzure, startLocalAzure } from './index';
import { decodeToken, isSignedBy } from './entra/jwt';
import { JsonObject } from './json';
import { Client, closeUnderstood, OLD, SERVICE, VAULT } from './support';
import { createPublicKey } from 'node:crypto';

let azure: LocalAzure;
let client: Client;

beforeEach(async () => {
  azure = await startLocalAzure();
  client = new Client(azure);
});

afterEach(async () => closeUnderstood(azure));

async function tokenProduct(name: string): Promise<{ applicationId: string; audience: string }> {
  const product = await client.put(`${SERVICE}/products/${name}`, {
    displayName: name,
    state: 'published',
    subscriptionRequired: false,
    authenticationType: ['application-token'],
  });
  return product.properties.application.entra as { applicationId: string; audience: string };
}

async function api(): Promise<void> {
  await client.put(`${SERVICE}/apis/orders`, { displayName: 'Orders', path: 'orders', protocols: ['https'] });
  await client.put(`${SERVICE}/apis/orders/operations/list`, {
    displayName: 'List',
    method: 'GET',
    urlTemplate: '/list',
  });
}

test('a client application gets a token for each product that it is linked to, and in by it', async () => {
  await client.instance();
  await api();
  const gold = await tokenProduct('gold');
  await client.put(`${SERVICE}/products/gold/apiLinks/orders`, { apiId: `${SERVICE}/apis/orders` });
  await client.put(`${SERVICE}/users/ada`, { email: 'ada@contoso.com', firstName: 'Ada', lastName: 'L' });
  const partner = await client.put(`${SERVICE}/clientApplications/partner`, {
    displayName: 'Partner',
    ownerId: '/users/ada',
  });
  expect(partner.properties).toMatchObject({ state: 'pending', ownerId: `${SERVICE}/users/ada` });
  const secret = (await client.arm('POST', `${SERVICE}/clientApplications/partner/listSecrets`)).json.entra
    .clientSecret as string;
  const form = {
    client_id: partner.properties.entraApplicationId as string,
    client_secret: secret,
    scope: `${gold.audience}/.default`,
  };

  const before = (await client.token(form)).json.access_token as string;
  expect(await client.call('/orders/list')).toMatchObject({ status: 401 });
  expect(await client.call('/orders/list', { authorization: `Bearer ${before}` })).toMatchObject({ status: 403 });

  await client.put(`${SERVICE}/clientApplications/partner/productLinks/gold`, {
    productId: `${SERVICE}/products/gold`,
  });
  expect((await client.arm('GET', `${SERVICE}/clientApplications/partner`)).json.properties.state).toBe('active');
  const token = (await client.token(form)).json.access_token as string;
  const decoded = decodeToken(token)!;
  expect(decoded.claims).toMatchObject({
    aud: gold.audience,
    roles: ['Product.gold.All'],
    appid: form.client_id,
    ver: '1.0',
  });
  const keys = (await azure.request('GET', 'https://login.microsoftonline.com/common/discovery/v2.0/keys')).json
    .keys as JsonObject[];
  expect(isSignedBy(decoded, createPublicKey({ key: keys[0], format: 'jwk' }))).toBe(true);
  const answered = await client.call('/orders/list', { authorization: `Bearer ${token}` });
  expect(answered).toMatchObject({
    status: 200,
    json: { product: 'gold', authorizedBy: 'application-token', clientId: form.client_id },
  });
  expect(await client.call('/orders/list', { authorization: `Bearer ${token.slice(0, -8)}AAAAAAAA` })).toMatchObject({
    status: 401,
  });

  expect(await client.arm('DELETE', `${SERVICE}/products/gold`)).toMatchObject({ status: 409 });
  await client.arm('DELETE', `${SERVICE}/clientApplications/partner/productLinks/gold`);
  const after = (await client.token(form)).json.access_token as string;
  expect(await client.call('/orders/list', { authorization: `Bearer ${after}` })).toMatchObject({ status: 403 });
});

test.each([
  ['replace', 3, ['AADSTS7000215', 'AADSTS7000215', 'ok']],
  ['append', 3, ['ok', 'ok', 'ok']],
  ['stable', 1, ['ok', 'ok', 'ok']],
] as const)('listSecrets with secrets: %s makes %i secrets of three calls', async (secrets, made, expected) => {
  azure.control.configure({ secrets });
  await client.instance();
  await client.put(`${SERVICE}/users/ada`, { email: 'ada@contoso.com', firstName: 'Ada', lastName: 'L' });
  const partner = await client.put(`${SERVICE}/clientApplications/partner`, {
    displayName: 'Partner',
    ownerId: '/users/ada',
  });
  const texts: string[] = [];
  for (let count = 0; count < 3; count += 1) {
    texts.push(
      (await client.arm('POST', `${SERVICE}/clientApplications/partner/listSecrets`)).json.entra.clientSecret as string,
    );
  }
  const outcomes = [];
  for (const text of texts) {
    const { status, json } = await client.token({
      client_id: partner.properties.entraApplicationId as string,
      client_secret: text,
      scope: 'https://vault.azure.net/.default',
    });
    outcomes.push(status === 200 ? 'ok' : String(json.error_description).split(':')[0]);
  }
  expect(outcomes).toEqual(expected);
  expect(Object.values(azure.control.secrets().made)).toEqual([made]);
});

test('an old api-version hides application based access, and its PUT resets it', async () => {
  await client.instance();
  await tokenProduct('gold');
  const id = `${SERVICE}/products/gold`;
  expect((await client.arm('GET', id, undefined, OLD)).json.properties).not.toHaveProperty('authenticationType');
  expect(await client.arm('PATCH', id, { properties: { description: 'x' } }, OLD)).toMatchObject({ status: 400 });
  expect(await client.arm('PATCH', id, { properties: { description: 'x' } }, OLD, { 'if-match': '*' })).toMatchObject({
    status: 200,
  });
  expect((await client.arm('GET', id)).json.properties.authenticationType).toEqual(['application-token']);
  await client.put(id, { displayName: 'gold', state: 'published' }, {}, OLD);
  expect((await client.arm('GET', id)).json.properties.authenticationType).toEqual(['subscription-key']);
});

test('without the directory role nothing is registered, and what was registered before is orphaned', async () => {
  const principalId = await client.instance({ role: false });
  const refused = await client.arm('PUT', `${SERVICE}/products/gold`, {
    properties: { displayName: 'gold', authenticationType: ['application-token'] },
  });
  expect(refused.json.error.message).toBe(
    `Product application: Insufficient privileges to complete the operation. The managed identity '${principalId}' of the API Management service must hold the 'Application Administrator' Microsoft Entra role.`,
  );
  azure.control.configure({ directoryRoleNeeded: false });
  await tokenProduct('gold');
  azure.control.configure({ directoryRoleNeeded: true });
  await client.arm('DELETE', `${SERVICE}/products/gold?deleteSubscriptions=true`);
  expect(azure.control.residue().orphans).toEqual([`APIMProductApplicationgold of ${SERVICE}/products/gold`]);
});

test('a vault keeps secrets, with versions, deletion and recovery', async () => {
  await client.arm('PUT', VAULT.split('/providers')[0], { location: 'westeurope' });
  await client.put(
    VAULT,
    { tenantId: 'x', sku: { family: 'A', name: 'standard' } },
    { location: 'westeurope' },
    '2023-07-01',
  );
  const challenged = await azure.request('GET', 'https://contoso-vault.vault.azure.net/secrets/a?api-version=7.4', {
    anonymous: true,
  });
  expect(challenged.status).toBe(401);
  expect(challenged.headers['www-authenticate']).toContain('resource="https://vault.azure.net"');
  const first = (await client.vault('PUT', '/secrets/a', { value: 'one', tags: { version: '1' } })).json;
  await client.vault('PUT', '/secrets/a', { value: 'two' });
  expect((await client.vault('GET', '/secrets/a')).json.value).toBe('two');
  expect((await client.vault('GET', `/secrets/a/${String(first.id).split('/').pop()!}`)).json).toMatchObject({
    value: 'one',
    tags: { version: '1' },
  });
  expect((await client.vault('GET', '/secrets/a/versions')).json.value).toHaveLength(2);
  expect((await client.vault('GET', '/secrets')).json.value).toEqual([
    expect.not.objectContaining({ value: expect.anything() }),
  ]);
  await client.vault('DELETE', '/secrets/a');
  expect(await client.vault('PUT', '/secrets/a', { value: 'three' })).toMatchObject({ status: 409 });
  await client.vault('POST', '/deletedsecrets/a/recover');
  expect((await client.vault('GET', '/secrets/a')).json.value).toBe('two');
  expect(await client.vault('PUT', '/secrets/large', { value: 'x'.repeat(26_000) })).toMatchObject({ status: 400 });
});

test('the deployer signs in with its secret, and ARM takes its token only', async () => {
  const { json } = await client.token({
    client_id: DEPLOYER.clientId,
    client_secret: DEPLOYER.clientSecret,
    scope: 'https://management.azure.com//.default',
  });
  const url = 'https://management.azure.com/subscriptions?api-version=2022-12-01';
  const withToken = async (token: string): Promise<number> =>
    (await azure.request('GET', url, { headers: { authorization: `Bearer ${token}` }, anonymous: true })).status;
  expect(await withToken(json.access_token as string)).toBe(200);
  expect(await withToken('garbled')).toBe(401);
  const other = await client.token({
    client_id: DEPLOYER.clientId,
    client_secret: DEPLOYER.clientSecret,
    scope: 'https://graph.microsoft.com/.default',
  });
  expect(await withToken(other.json.access_token as string)).toBe(401);
});
