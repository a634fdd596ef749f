import { createPrivateKey, createPublicKey, KeyObject, randomUUID } from 'node:crypto';
import { thumbprint } from '../certificates';
import {
  GITHUB_ACTIONS,
  Landscape,
  LocalAzure,
  managedIdentityEnvironment,
  Registered,
  startLocalAzure,
  TENANT_ID,
} from '../index';
import { JsonObject } from '../json';
import { Client } from '../support';
import { decodeToken, isSignedBy, signToken } from './jwt';

let azure: LocalAzure;
let client: Client;
let landscape: Landscape;
let crm: Registered;
let api: Registered;

beforeAll(async () => {
  azure = await startLocalAzure();
  client = new Client(azure);
  landscape = new Landscape(azure);
  api = landscape.registration('api', { appRoles: ['Orders.All'] });
  crm = landscape.registration('crm', {
    secrets: [{ name: 'live' }, { name: 'expired', expiresInDays: -1 }],
    certificates: [{ expiresInDays: 30 }, { name: 'old', expiresInDays: -1 }],
    federated: [{ issuer: GITHUB_ACTIONS, subject: 'repo:contoso/crm:environment:live' }],
  });
  landscape.grant(crm.clientId, { applicationId: api.clientId });
});

afterAll(async () => azure.close());

const scope = (): string => `api://${api.clientId}/.default`;
const asserted = (assertion: string): { [name: string]: string } => ({
  client_id: crm.clientId,
  client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
  client_assertion: assertion,
  scope: scope(),
});

async function outcome(form: { [name: string]: string }, tenant = TENANT_ID): Promise<string> {
  const { status, json } = await client.token(form, tenant);
  if (status === 200) {
    return 'token';
  }
  const code = /^AADSTS(\d+): /.exec(String(json.error_description))?.[1];
  expect(json.error_codes).toEqual([Number(code)]);
  return `${status} ${String(json.error)} ${String(code)}`;
}

/** An assertion that a client signs with its certificate. */
function certificateAssertion(index: number, header: JsonObject = {}, claims: JsonObject = {}): string {
  const { certificate } = crm.certificates[index];
  const now = Math.floor(Date.now() / 1000);
  return signToken(
    { 'x5t#S256': thumbprint(certificate, 'sha256').toString('base64url'), ...header },
    {
      aud: `https://login.microsoftonline.com/${TENANT_ID}/v2.0`,
      iss: crm.clientId,
      sub: crm.clientId,
      jti: randomUUID(),
      nbf: now,
      exp: now + 600,
      ...claims,
    },
    createKey(),
  );
}

const createKey = (): KeyObject => createPrivateKey(crm.certificates[0].privateKey);

test('a token carries what Entra puts into it, and its keys verify it', async () => {
  const { json } = await client.token({ client_id: crm.clientId, client_secret: crm.secrets[0], scope: scope() });
  const token = decodeToken(String(json.access_token))!;
  const now = Math.floor(Date.now() / 1000);
  expect(token.claims).toMatchObject({
    aud: `api://${api.clientId}`,
    iss: `https://sts.windows.net/${TENANT_ID}/`,
    appid: crm.clientId,
    appidacr: '1',
    oid: crm.servicePrincipalId,
    sub: crm.servicePrincipalId,
    tid: TENANT_ID,
    roles: ['Orders.All'],
    ver: '1.0',
  });
  expect(Math.abs(Number(token.claims.exp) - now - 3599)).toBeLessThan(60);
  expect(json).toMatchObject({ token_type: 'Bearer', expires_in: 3599 });
  const configuration = await azure.request(
    'GET',
    `https://login.microsoftonline.com/${TENANT_ID}/v2.0/.well-known/openid-configuration`,
  );
  expect(configuration.json.issuer).toBe(`https://login.microsoftonline.com/${TENANT_ID}/v2.0`);
  const { json: jwks } = await azure.request('GET', String(configuration.json.jwks_uri));
  const jwk = (jwks.keys as JsonObject[]).find(({ kid }) => kid === token.header.kid)!;
  expect(isSignedBy(token, createPublicKey({ key: jwk, format: 'jwk' }))).toBe(true);
});

test('a token of v1 is asked for by resource', async () => {
  const { json } = await azure.request('POST', `https://login.microsoftonline.com/${TENANT_ID}/oauth2/token`, {
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: crm.clientId,
      client_secret: crm.secrets[0],
      resource: `api://${api.clientId}`,
    }).toString(),
    anonymous: true,
  });
  expect(decodeToken(String(json.access_token))!.claims.aud).toBe(`api://${api.clientId}`);
});

test('a client may prove itself by Basic authentication', async () => {
  const { status } = await azure.request('POST', `https://login.microsoftonline.com/${TENANT_ID}/oauth2/v2.0/token`, {
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: scope() }).toString(),
    headers: {
      authorization: `Basic ${Buffer.from(`${crm.clientId}:${encodeURIComponent(crm.secrets[0])}`).toString('base64')}`,
    },
    anonymous: true,
  });
  expect(status).toBe(200);
});

test.each<[string, () => { [name: string]: string }, string]>([
  ['the right secret', () => ({ client_secret: crm.secrets[0] }), 'token'],
  ['another secret', () => ({ client_secret: 'wrong' }), '401 invalid_client 7000215'],
  ['an expired secret', () => ({ client_secret: crm.secrets[1] }), '401 invalid_client 7000222'],
  ['no credential', () => ({}), '401 invalid_client 7000216'],
  ['an unknown client', () => ({ client_id: randomUUID(), client_secret: 'x' }), '400 unauthorized_client 700016'],
  [
    'an unknown resource',
    () => ({ client_secret: crm.secrets[0], scope: 'api://nothing/.default' }),
    '400 invalid_resource 500011',
  ],
  [
    'a scope of a user',
    () => ({ client_secret: crm.secrets[0], scope: `api://${api.clientId}/read` }),
    '400 invalid_scope 1002012',
  ],
  ['no scope', () => ({ client_secret: crm.secrets[0], scope: '' }), '400 invalid_request 900144'],
  [
    'another grant',
    () => ({ client_secret: crm.secrets[0], grant_type: 'password' }),
    '400 unsupported_grant_type 70003',
  ],
])('%s', async (_what, form, expected) => {
  expect(await outcome({ client_id: crm.clientId, scope: scope(), ...form() })).toBe(expected);
});

test.each([
  ['99999999-9999-4999-8999-999999999999', '400 invalid_request 90002'],
  ['nowhere', '400 invalid_request 900023'],
  ['common', '400 invalid_request 50194'],
  ['contoso.onmicrosoft.com', 'token'],
])('tenant %s', async (tenant, expected) => {
  expect(await outcome({ client_id: crm.clientId, client_secret: crm.secrets[0], scope: scope() }, tenant)).toBe(
    expected,
  );
});

test.each<[string, () => string, string]>([
  ['by SHA-256 thumbprint', () => certificateAssertion(0), 'token'],
  [
    'by SHA-1 thumbprint',
    () =>
      certificateAssertion(0, {
        'x5t#S256': undefined,
        x5t: thumbprint(crm.certificates[0].certificate, 'sha1').toString('base64url'),
      }),
    'token',
  ],
  ['that is not registered', () => certificateAssertion(0, { 'x5t#S256': 'AAAA' }), '401 invalid_client 700027'],
  ['that has expired', () => certificateAssertion(1), '401 invalid_client 700027'],
  ['too late', () => certificateAssertion(0, {}, { nbf: 1, exp: 1000 }), '401 invalid_client 700024'],
  [
    'for another audience',
    () => certificateAssertion(0, {}, { aud: 'https://example.com' }),
    '401 invalid_client 700023',
  ],
  ['of another client', () => certificateAssertion(0, {}, { sub: randomUUID() }), '401 invalid_client 700021'],
  ['without signature', () => certificateAssertion(0).replace(/\.[^.]+$/, '.AAAA'), '401 invalid_client 700027'],
  ['by no algorithm', () => certificateAssertion(0, { alg: 'none' }), '401 invalid_client 700027'],
  ['that is garbled', () => 'garbled', '401 invalid_client 50027'],
])('an assertion signed with a certificate %s', async (_what, assertion, expected) => {
  expect(await outcome(asserted(assertion()))).toBe(expected);
});

test.each<[string, JsonObject, string]>([
  ['what is trusted', {}, 'token'],
  ['another subject', { sub: 'repo:contoso/crm:ref:refs/heads/main' }, '401 invalid_client 700213'],
  ['another audience', { aud: 'https://github.com/contoso' }, '401 invalid_client 700212'],
  ['another issuer', { iss: 'https://example.com' }, '401 invalid_client 700211'],
  ['the past', { exp: 1000 }, '401 invalid_client 700024'],
])('a federated assertion of %s', async (_what, claims, expected) => {
  const assertion = azure.control.assertion(GITHUB_ACTIONS, {
    sub: 'repo:contoso/crm:environment:live',
    aud: 'api://AzureADTokenExchange',
    ...claims,
  });
  expect(await outcome(asserted(assertion))).toBe(expected);
});

test('a federated assertion that somebody else signed', async () => {
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    iss: GITHUB_ACTIONS,
    sub: 'repo:contoso/crm:environment:live',
    aud: 'api://AzureADTokenExchange',
    nbf: now,
    exp: now + 60,
  };
  expect(await outcome(asserted(signToken({}, claims, createKey())))).toBe('401 invalid_client 700027');
});

test('a job on GitHub Actions asks for its assertion', async () => {
  const job = azure.control.gitHubJob('repo:contoso/crm:environment:live');
  const url = `${job.ACTIONS_ID_TOKEN_REQUEST_URL}&audience=api%3A%2F%2FAzureADTokenExchange`;
  const { json } = await azure.request('GET', url, {
    headers: { authorization: `Bearer ${job.ACTIONS_ID_TOKEN_REQUEST_TOKEN}` },
  });
  expect(await outcome(asserted(String(json.value)))).toBe('token');
  expect((await azure.request('GET', url, { headers: { authorization: 'Bearer wrong' } })).status).toBe(401);
});

test('an application without service principal, one that is switched off, and one that a policy blocks', async () => {
  const bare = landscape.registration('bare', { secrets: [{}], servicePrincipal: false });
  const form = (registered: Registered): { [name: string]: string } => ({
    client_id: registered.clientId,
    client_secret: registered.secrets[0],
    scope: scope(),
  });
  expect(await outcome(form(bare))).toBe('400 unauthorized_client 7000229');
  const off = landscape.registration('off', { secrets: [{}] });
  await client.graph('PATCH', `/servicePrincipals/${off.servicePrincipalId!}`, { accountEnabled: false });
  expect(await outcome(form(off))).toBe('400 unauthorized_client 7000112');
  azure.control.configure({ blockedClients: [crm.clientId] });
  expect(await outcome(form(crm))).toBe('400 access_denied 53003');
  azure.control.configure({ blockedClients: [] });
});

test('lags: a new service principal has no token, a new assignment no role', async () => {
  azure.control.configure({ servicePrincipalLag: 60_000, assignmentLag: 60_000 });
  const late = landscape.registration('late', { secrets: [{}] });
  const form = { client_id: late.clientId, client_secret: late.secrets[0], scope: scope() };
  expect(await outcome(form)).toBe('400 unauthorized_client 7000229');
  azure.control.configure({ servicePrincipalLag: 0 });
  landscape.grant(late.clientId, { applicationId: api.clientId });
  const roles = async (): Promise<unknown> =>
    decodeToken(String((await client.token(form)).json.access_token))!.claims.roles;
  expect(await roles()).toBeUndefined();
  azure.control.configure({ assignmentLag: 0 });
  expect(await roles()).toEqual(['Orders.All']);
});

test('a clock that is ahead lets tokens and secrets expire', async () => {
  const { json } = await client.token({
    client_id: crm.clientId,
    client_secret: crm.secrets[0],
    scope: 'https://graph.microsoft.com/.default',
  });
  const read = async (): Promise<number> =>
    (
      await azure.request('GET', 'https://graph.microsoft.com/v1.0/organization', {
        headers: { authorization: `Bearer ${String(json.access_token)}` },
      })
    ).status;
  expect(await read()).toBe(200);
  azure.control.configure({ clockOffset: 2 * 60 * 60 * 1000 });
  expect(await read()).toBe(401);
  azure.control.configure({ clockOffset: 0 });
});

test('managed identities get tokens where they run, without a credential', async () => {
  const identity = landscape.managedIdentity('orders');
  landscape.grant(identity.clientId, { applicationId: api.clientId });
  const onMachine = async (
    query: string,
    headers: { [name: string]: string },
  ): Promise<{ status: number; json: JsonObject }> =>
    azure.request('GET', `http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&${query}`, {
      headers,
    });
  const resource = `resource=${encodeURIComponent(`api://${api.clientId}`)}&client_id=${identity.clientId}`;
  const { json } = await onMachine(resource, { metadata: 'true' });
  expect(decodeToken(String(json.access_token))!.claims).toMatchObject({
    appid: identity.clientId,
    roles: ['Orders.All'],
    appidacr: '2',
  });
  expect((await onMachine(resource, {})).status).toBe(400);
  expect((await onMachine('resource=api://x&client_id=unknown', { metadata: 'true' })).status).toBe(400);

  const { IDENTITY_ENDPOINT, IDENTITY_HEADER } = managedIdentityEnvironment(azure);
  const response = await fetch(`${IDENTITY_ENDPOINT}?api-version=2019-08-01&${resource}`, {
    headers: { 'X-IDENTITY-HEADER': IDENTITY_HEADER },
  });
  expect(response.status).toBe(200);
  expect(((await response.json()) as JsonObject).client_id).toBe(identity.clientId);
});

test.each([50105, 65001, 90033])('AADSTS%i comes where a fault wants it', async (aadsts) => {
  azure.control.fault({ service: 'login', aadsts, path: '/token$' });
  expect(await outcome({ client_id: crm.clientId, client_secret: crm.secrets[0], scope: scope() })).toMatch(
    new RegExp(` ${aadsts}$`),
  );
});
