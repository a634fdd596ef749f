import { randomUUID } from 'node:crypto';
import { thumbprint } from './certificates';
import { signToken } from './entra/jwt';
import { GITHUB_ACTIONS, Landscape, LocalAzure, Registered, startLocalAzure, TENANT_ID } from './index';
import { Client, closeUnderstood, VAULT_URL } from './support';

let azure: LocalAzure;
let client: Client;
let landscape: Landscape;

beforeEach(async () => {
  azure = await startLocalAzure();
  client = new Client(azure);
  landscape = new Landscape(azure);
});

afterEach(async () => closeUnderstood(azure));

const audienceOf = (product: string): string =>
  azure.cloud.store.get(`${landscape.instanceId}/products/${product}`)!.body.properties.application.entra
    .audience as string;

async function tokenBySecret(
  { clientId }: Pick<Registered, 'clientId'>,
  secret: string,
  audience: string,
): Promise<string> {
  const { status, json } = await client.token({
    client_id: clientId,
    client_secret: secret,
    scope: `${audience}/.default`,
  });
  return status === 200 ? (json.access_token as string) : String(json.error_description).split(':')[0];
}

test('a landscape of both kinds of clients, with everything that lets them in', async () => {
  landscape
    .api('orders', { operations: ['GET /list', 'GET /items/{id}'] })
    .user('ada')
    .group('partners')
    .product('gold', { authenticationType: ['application-token'], apis: ['orders'], groups: ['partners'] })
    .product('keys', { apis: ['orders'], byLinks: true });
  const partner = landscape.client('partner', {
    owner: 'ada',
    products: ['gold'],
    secrets: [{ name: 'forgotten', expiresInDays: -3 }],
  });
  const secret = landscape.clientSecret('partner');
  const crm = landscape.registration('crm', {
    secrets: [{ name: 'nightly', expiresInDays: 20 }],
    certificates: [{ expiresInDays: 90 }],
    federated: [{ issuer: GITHUB_ACTIONS, subject: 'repo:contoso/crm:ref:refs/heads/main' }],
    owners: [landscape.directoryUser('grace')],
  });
  landscape.grant(crm.clientId, { product: 'gold' });
  const keys = landscape.subscription('partner-key', { scope: `${landscape.instanceId}/products/keys` });

  for (const token of [
    await tokenBySecret(partner, secret, audienceOf('gold')),
    await tokenBySecret(crm, crm.secrets[0], audienceOf('gold')),
  ]) {
    const answered = await client.call('/orders/items/7', { authorization: `Bearer ${token}` });
    expect(answered).toMatchObject({ status: 200, json: { operation: 'get-items-id', product: 'gold' } });
  }
  expect(await tokenBySecret(partner, partner.secrets[0], audienceOf('gold'))).toBe('AADSTS7000222');
  const byKey = await client.call('/orders/list', { 'ocp-apim-subscription-key': keys.primaryKey });
  expect(byKey).toMatchObject({ status: 200, json: { product: 'keys', subscription: 'partner-key' } });
  const owners = await client.graph('GET', `/applications/${crm.objectId}/owners`);
  expect(owners.json.value).toEqual([expect.objectContaining({ displayName: 'grace' })]);
  landscape.revoke(crm.clientId, audienceOf('gold').slice('api://'.length));
  const after = await tokenBySecret(crm, crm.secrets[0], audienceOf('gold'));
  expect(await client.call('/orders/list', { authorization: `Bearer ${after}` })).toMatchObject({ status: 403 });
});

test('a registration that is not API Management’s own', async () => {
  const registration = landscape.registration('own', {
    appRoles: ['Orders.All'],
    tokenVersion: 2,
    assignmentRequired: true,
  });
  landscape.api('orders').product('gold', {
    authenticationType: ['application-token'],
    applicationId: registration.clientId,
    apis: ['orders'],
  });
  const crm = landscape.registration('crm', { secrets: [{}] });
  expect(await tokenBySecret(crm, crm.secrets[0], audienceOf('gold'))).toBe('AADSTS501051');
  landscape.grant(crm.clientId, { applicationId: registration.clientId }, 'Orders.All');
  const token = await tokenBySecret(crm, crm.secrets[0], audienceOf('gold'));
  const claims = JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString()) as object;
  expect(claims).toMatchObject({ aud: registration.clientId, ver: '2.0', azp: crm.clientId, roles: ['Orders.All'] });
  expect(await client.call('/orders/', { authorization: `Bearer ${token}` })).toMatchObject({ status: 200 });
});

test('a client signs in by a certificate that lies in a vault', async () => {
  const crm = landscape.registration('crm');
  const certificate = landscape.vaultCertificate('contoso-vault', 'crm');
  landscape.trust(crm.clientId, certificate);
  landscape.registration('api', { appRoles: ['All'] });
  const encoded = (object: object): string => Buffer.from(JSON.stringify(object)).toString('base64url');
  const now = Math.floor(Date.now() / 1000);
  const signed = [
    { alg: 'PS256', typ: 'JWT', 'x5t#S256': thumbprint(certificate, 'sha256').toString('base64url') },
    {
      aud: `https://login.microsoftonline.com/${TENANT_ID}/oauth2/v2.0/token`,
      iss: crm.clientId,
      sub: crm.clientId,
      jti: randomUUID(),
      nbf: now,
      exp: now + 300,
    },
  ]
    .map(encoded)
    .join('.');
  const digest = Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(signed))).toString('base64url');
  const key = (await client.vault('GET', '/certificates/crm')).json.kid as string;
  const path = key.slice(VAULT_URL.length);
  const signature = (await client.vault('POST', `${path}/sign`, { alg: 'PS256', value: digest })).json.value as string;
  const form = {
    client_id: crm.clientId,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    scope: 'https://vault.azure.net/.default',
  };
  expect((await client.token({ ...form, client_assertion: `${signed}.${signature}` })).status).toBe(200);
  const { privateKey } = azure.cloud.signingKeys;
  const forged = signToken(
    JSON.parse(Buffer.from(signed.split('.')[0], 'base64url').toString()),
    { iss: crm.clientId },
    privateKey,
  );
  expect((await client.token({ ...form, client_assertion: forged })).json.error_codes).toEqual([700027]);
});

test('what a landscape holds is dumped, and loaded into another Azure', async () => {
  landscape
    .api('orders')
    .user('ada')
    .product('gold', { authenticationType: ['application-token'], apis: ['orders'] });
  const partner = landscape.client('partner', { owner: 'ada', products: ['gold'] });
  const secret = landscape.clientSecret('partner');
  landscape.vaultSecret('contoso-vault', 'partner', secret, { tags: { client: partner.clientId } });
  const snapshot = JSON.parse(JSON.stringify(azure.control.dump()));
  const other = await startLocalAzure({ snapshot });
  try {
    const { json } = await new Client(other).token({
      client_id: partner.clientId,
      client_secret: secret,
      scope: `${audienceOf('gold')}/.default`,
    });
    const answered = await new Client(other).call('/orders/', { authorization: `Bearer ${String(json.access_token)}` });
    expect(answered).toMatchObject({ status: 200, json: { product: 'gold' } });
    expect((await new Client(other).vault('GET', '/secrets/partner')).json).toMatchObject({
      value: secret,
      tags: { client: partner.clientId },
    });
    expect(other.control.dump()).toEqual(azure.control.dump());
    expect(other.control.secrets().stored).toEqual([
      { vault: 'contoso-vault', name: 'partner', versions: 1, live: true },
    ]);
  } finally {
    await other.close();
  }
});

test('many clients are read page by page', async () => {
  landscape.api('orders').user('ada');
  for (let product = 0; product < 20; product += 1) {
    landscape.product(`product-${product}`, { authenticationType: ['application-token'] });
  }
  for (let number = 0; number < 250; number += 1) {
    landscape.client(`client-${number}`, {
      owner: 'ada',
      products: [0, 1, 2, 3].map((step) => `product-${(number + step) % 20}`),
    });
  }
  let url: string | undefined =
    `https://management.azure.com${landscape.instanceId}/clientApplications?api-version=2024-10-01-preview`;
  const sizes: number[] = [];
  while (url !== undefined) {
    const { json } = await azure.request('GET', url);
    sizes.push(json.value.length as number);
    url = json.nextLink as string | undefined;
  }
  expect(sizes).toEqual([100, 100, 50]);
});
