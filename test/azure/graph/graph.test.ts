import { randomUUID } from 'node:crypto';
import { newCertificate } from '../certificates';
import { DAY } from '../clock';
import { DEPLOYER, Landscape, LocalAzure, startLocalAzure } from '../index';
import { JsonObject } from '../json';
import { Client, closeUnderstood } from '../support';

let azure: LocalAzure;
let client: Client;

beforeEach(async () => {
  azure = await startLocalAzure();
  client = new Client(azure);
});

afterEach(async () => closeUnderstood(azure));

const application = async (body: JsonObject = {}): Promise<JsonObject> =>
  (await client.graph('POST', '/applications', { displayName: 'crm', ...body })).json;
const principal = async (appId: unknown): Promise<JsonObject> =>
  (await client.graph('POST', '/servicePrincipals', { appId })).json;

const role = (value: string): JsonObject => ({
  id: randomUUID(),
  value,
  displayName: value,
  description: value,
  isEnabled: true,
  allowedMemberTypes: ['Application'],
});

test('an application with its service principal, by object id and by client id', async () => {
  const { id, appId } = await application({ appRoles: [role('Orders.All')] });
  const { id: principalId } = await principal(appId);
  expect((await client.graph('GET', `/applications/${String(id)}`)).json.appId).toBe(appId);
  expect((await client.graph('GET', `/applications(appId='${String(appId)}')`)).json.id).toBe(id);
  const shown = (await client.graph('GET', `/servicePrincipals(appId='${String(appId)}')`)).json;
  expect(shown).toMatchObject({ id: principalId, displayName: 'crm', appRoles: [{ value: 'Orders.All' }] });
  await client.graph('PATCH', `/applications/${String(id)}`, {
    displayName: 'renamed',
    identifierUris: [`api://${String(appId)}`],
  });
  expect((await client.graph('GET', `/servicePrincipals/${String(principalId)}`)).json).toMatchObject({
    displayName: 'renamed',
    servicePrincipalNames: [appId, `api://${String(appId)}`],
  });
  await client.graph('DELETE', `/applications/${String(id)}`);
  expect((await client.graph('GET', `/servicePrincipals/${String(principalId)}`)).status).toBe(404);
  const deleted = await client.graph('GET', '/directory/deletedItems/microsoft.graph.application');
  expect(deleted.json.value).toEqual([expect.objectContaining({ id })]);
  await client.graph('POST', `/directory/deletedItems/${String(id)}/restore`);
  expect((await client.graph('GET', `/applications/${String(id)}`)).status).toBe(200);
});

test.each<[string, JsonObject, string]>([
  ['no name', { displayName: '' }, "Property 'displayName' is required."],
  ['an identifier URI of nobody', { identifierUris: ['api://orders'] }, 'Failed to add identifier URI api://orders.'],
  ['two roles of one value', { appRoles: [role('a'), role('a')] }, 'It contains duplicate value.'],
  ['a role with a space', { appRoles: [role('a b')] }, "Property appRoles.value is invalid: 'a b'"],
  [
    'a certificate that is none',
    { keyCredentials: [{ key: 'AAAA', type: 'AsymmetricX509Cert', usage: 'Verify' }] },
    'Key credential has an invalid certificate.',
  ],
])('an application with %s is refused', async (_what, body, message) => {
  const { status, json } = await client.graph('POST', '/applications', { displayName: 'crm', ...body });
  expect(status).toBe(400);
  expect(json.error.message).toContain(message);
});

test('a role is removed only once it is disabled', async () => {
  const { id, appRoles } = await application({ appRoles: [role('a')] });
  const patch = async (roles: JsonObject[]): Promise<number> =>
    (await client.graph('PATCH', `/applications/${String(id)}`, { appRoles: roles })).status;
  expect(await patch([])).toBe(400);
  expect(await patch([{ ...appRoles[0], isEnabled: false }])).toBe(204);
  expect(await patch([])).toBe(204);
});

test('passwords are shown once and taken away by key id', async () => {
  const { id } = await application();
  const { json } = await client.graph('POST', `/applications/${String(id)}/addPassword`, {
    passwordCredential: { displayName: 'nightly' },
  });
  expect(json.secretText).toMatch(/^\S{30,}$/);
  const shown = (await client.graph('GET', `/applications/${String(id)}`)).json.passwordCredentials as JsonObject[];
  expect(shown).toEqual([expect.objectContaining({ keyId: json.keyId, displayName: 'nightly', secretText: null })]);
  const remove = async (): Promise<number> =>
    (await client.graph('POST', `/applications/${String(id)}/removePassword`, { keyId: json.keyId })).status;
  expect([await remove(), await remove()]).toEqual([204, 400]);
});

test('certificates are answered only where they are selected', async () => {
  const keys = azure.cloud.signingKeys;
  const certificate = newCertificate({
    commonName: 'crm',
    keys,
    notBefore: new Date(Date.now() - DAY),
    notAfter: new Date(Date.now() + DAY),
  });
  const key = certificate.replace(/-----[^-]+-----|\s/g, '');
  const { id } = await application({ keyCredentials: [{ key, type: 'AsymmetricX509Cert', usage: 'Verify' }] });
  const shown = (await client.graph('GET', `/applications/${String(id)}`)).json.keyCredentials as JsonObject[];
  expect(shown).toEqual([
    expect.objectContaining({ key: null, endDateTime: expect.any(String), customKeyIdentifier: expect.any(String) }),
  ]);
  const selected = (await client.graph('GET', `/applications/${String(id)}?$select=keyCredentials`)).json;
  expect(selected.keyCredentials[0].key).toBe(key);
  expect(selected).not.toHaveProperty('displayName');
  // What comes back without its key is kept.
  await client.graph('PATCH', `/applications/${String(id)}`, { keyCredentials: shown });
  expect(
    (await client.graph('GET', `/applications/${String(id)}?$select=keyCredentials`)).json.keyCredentials[0].key,
  ).toBe(key);
});

test('roles are assigned from either side, once, and to principals only', async () => {
  const api = await application({ appRoles: [role('Orders.All')] });
  const resource = await principal(api.appId);
  const crm = await application();
  const holder = await principal(crm.appId);
  const body = {
    appRoleId: api.appRoles[0].id as string,
    principalId: holder.id as string,
    resourceId: resource.id as string,
  };
  const assign = async (changes: JsonObject = {}): Promise<number> =>
    (await client.graph('POST', `/servicePrincipals/${String(resource.id)}/appRoleAssignedTo`, { ...body, ...changes }))
      .status;
  expect(await assign({ principalId: crm.id })).toBe(400);
  expect(await assign({ appRoleId: randomUUID() })).toBe(400);
  expect(await assign({ principalId: randomUUID() })).toBe(404);
  expect([await assign(), await assign()]).toEqual([201, 400]);
  const [assigned] = (await client.graph('GET', `/servicePrincipals/${String(holder.id)}/appRoleAssignments`)).json
    .value as JsonObject[];
  expect(assigned).toMatchObject({ ...body, principalDisplayName: 'crm', principalType: 'ServicePrincipal' });
  await client.graph('DELETE', `/servicePrincipals/${String(resource.id)}/appRoleAssignedTo/${String(assigned.id)}`);
  expect((await client.graph('GET', `/servicePrincipals/${String(holder.id)}/appRoleAssignments`)).json.value).toEqual(
    [],
  );
});

test('federated credentials: twenty at most, each issuer and subject once', async () => {
  const { id } = await application();
  const add = async (name: string, changes: JsonObject = {}): Promise<number> =>
    (
      await client.graph('POST', `/applications/${String(id)}/federatedIdentityCredentials`, {
        name,
        issuer: 'https://token.actions.githubusercontent.com',
        subject: `repo:contoso/${name}:ref:refs/heads/main`,
        audiences: ['api://AzureADTokenExchange'],
        ...changes,
      })
    ).status;
  expect([
    await add('a'),
    await add('a'),
    await add('b', { subject: 'repo:contoso/a:ref:refs/heads/main' }),
    await add('c', { audiences: [] }),
  ]).toEqual([201, 409, 409, 400]);
  for (let number = 1; number < 20; number += 1) {
    expect(await add(`more-${number}`)).toBe(201);
  }
  expect(await add('too-many')).toBe(400);
});

test('directory roles: activated by template, assigned to principals, in effect after their lag', async () => {
  const template = '9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3';
  const activate = async (): Promise<number> =>
    (await client.graph('POST', '/directoryRoles', { roleTemplateId: template })).status;
  expect([await activate(), await activate()]).toEqual([201, 400]);
  const crm = await application();
  const { id: principalId } = await principal(crm.appId);
  const assign = async (changes: JsonObject = {}): Promise<number> =>
    (
      await client.graph('POST', '/roleManagement/directory/roleAssignments', {
        roleDefinitionId: template,
        principalId,
        directoryScopeId: '/',
        ...changes,
      })
    ).status;
  azure.control.configure({ roleLag: 60_000 });
  expect([
    await assign({ principalId: crm.id }),
    await assign({ roleDefinitionId: randomUUID() }),
    await assign(),
    await assign(),
  ]).toEqual([400, 400, 201, 400]);
  expect(azure.cloud.directory.holdsRole(String(principalId), template)).toBe(false);
  azure.control.configure({ roleLag: 0 });
  expect(azure.cloud.directory.holdsRole(String(principalId), template)).toBe(true);
  const found = await client.graph(
    'GET',
    `/roleManagement/directory/roleAssignments?$filter=principalId eq '${String(principalId)}'`,
  );
  expect(found.json.value).toHaveLength(1);
  expect(azure.control.residue()).toMatchObject({ empty: false, roleAssignments: 1 });
});

test('what was just made cannot be referred to while it is replicated', async () => {
  azure.control.configure({ graphLag: 60_000 });
  const crm = await application();
  expect((await client.graph('POST', '/servicePrincipals', { appId: crm.appId })).json.error.code).toBe(
    'NoBackingApplicationObject',
  );
  expect((await client.graph('PATCH', `/applications/${String(crm.id)}`, { notes: 'x' })).status).toBe(404);
  azure.control.configure({ graphLag: 0 });
  expect((await client.graph('POST', '/servicePrincipals', { appId: crm.appId })).status).toBe(201);
  expect((await client.graph('POST', '/servicePrincipals', { appId: crm.appId })).status).toBe(409);
});

describe('lists', () => {
  beforeEach(() => {
    const landscape = new Landscape(azure, { directoryRoles: [] });
    for (const name of ['alpha', 'beta', 'gamma', 'delta', "o'neil"]) {
      landscape.registration(name, { displayName: name });
    }
  });

  const names = async (query: string, headers: { [name: string]: string } = {}): Promise<unknown> => {
    const { status, json } = await client.graph('GET', `/applications?${query}`, undefined, headers);
    return status === 200
      ? (json.value as JsonObject[]).map(({ displayName }) => displayName as string)
      : json.error.code;
  };
  const eventual = { consistencylevel: 'eventual' };

  test.each<[string, { [name: string]: string }, unknown]>([
    ["$filter=displayName eq 'Alpha'", {}, ['alpha']],
    ["$filter=startswith(displayName,'d')", {}, ['deployer', 'delta']],
    ["$filter=displayName in ('alpha','beta') and signInAudience eq 'AzureADMyOrg'", {}, ['alpha', 'beta']],
    ["$filter=displayName eq 'o''neil'", {}, ["o'neil"]],
    ["$filter=displayName ne 'deployer'", {}, 'Request_UnsupportedQuery'],
    ["$filter=not(startswith(displayName,'d'))&$count=true", eventual, ['alpha', 'beta', 'gamma', "o'neil"]],
    ['$search="displayName:amm"', eventual, ['gamma']],
    ['$search="displayName:amm"', {}, 'Request_UnsupportedQuery'],
    ["$filter=passwordCredentials/any(c:c/displayName eq 'deployer')", {}, ['deployer']],
    ['$top=2', {}, ['deployer', 'alpha']],
    ['$top=1000', {}, 'Request_BadRequest'],
    ['$filter=displayName eq', {}, 'BadRequest'],
  ])('%s', async (query, headers, expected) => {
    expect(await names(query, headers)).toEqual(expected);
  });

  test('pages are linked, and counted where that is asked for', async () => {
    azure.control.configure({ pageSize: 2 });
    const found: unknown[] = [];
    let url: string | undefined = 'https://graph.microsoft.com/v1.0/applications?$select=displayName&$count=true';
    while (url !== undefined) {
      const { json } = await azure.request('GET', url);
      expect(json['@odata.count']).toBe(6);
      found.push(...(json.value as JsonObject[]).map(({ displayName }) => displayName as string));
      url = json['@odata.nextLink'] as string | undefined;
    }
    expect(found).toEqual(['deployer', 'alpha', 'beta', 'gamma', 'delta', "o'neil"]);
    expect((await client.graph('GET', '/applications/$count', undefined, eventual)).text).toBe('6');
  });

  test('objects are found by their ids', async () => {
    const [{ id }] = (await client.graph('GET', "/applications?$filter=displayName eq 'alpha'")).json
      .value as JsonObject[];
    const get = async (body: JsonObject): Promise<number> =>
      ((await client.graph('POST', '/directoryObjects/getByIds', body)).json.value as unknown[]).length;
    expect(await get({ ids: [id, DEPLOYER.objectId, randomUUID()] })).toBe(2);
    expect(await get({ ids: [id, DEPLOYER.objectId], types: ['application'] })).toBe(1);
  });
});

describe('permissions', () => {
  test.each<[string[], number[]]>([
    [[], [403, 403, 403, 403, 403]],
    [['Application.Read.All'], [200, 403, 403, 403, 403]],
    [['Directory.Read.All'], [200, 403, 200, 200, 403]],
    [
      ['Application.ReadWrite.All', 'AppRoleAssignment.ReadWrite.All'],
      [200, 201, 403, 403, 404],
    ],
  ])('%j', async (permissions, expected) => {
    const landscape = new Landscape(azure, { directoryRoles: [] });
    const reader = landscape.registration('reader', { secrets: [{}] });
    const graph = azure.cloud.directory.servicePrincipal('00000003-0000-0000-c000-000000000000')!;
    for (const permission of permissions) {
      landscape.grant(reader.clientId, { applicationId: graph.appId as string }, permission);
    }
    azure.control.configure({ graphPermissions: true });
    const { json } = await client.token({
      client_id: reader.clientId,
      client_secret: reader.secrets[0],
      scope: 'https://graph.microsoft.com/.default',
    });
    const headers = { authorization: `Bearer ${String(json.access_token)}` };
    const answered = [
      await client.graph('GET', '/applications', undefined, headers),
      await client.graph('POST', '/applications', { displayName: 'x' }, headers),
      await client.graph('GET', '/users', undefined, headers),
      await client.graph('GET', '/roleManagement/directory/roleAssignments', undefined, headers),
      await client.graph(
        'POST',
        `/servicePrincipals/${String(graph.id)}/appRoleAssignedTo`,
        { resourceId: randomUUID() },
        headers,
      ),
    ];
    expect(answered.map(({ status }) => status)).toEqual(expected);
    expect(answered.filter(({ status }) => status === 403).map(({ json: { error } }) => error.code as string)).toEqual(
      expected.filter((status) => status === 403).map(() => 'Authorization_RequestDenied'),
    );
  });
});
