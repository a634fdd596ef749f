import { managedIdentityToken } from '../entra/login';
import { DEPLOYER, LocalAzure, startLocalAzure, SUBSCRIPTION_ID } from '../index';
import { JsonObject } from '../json';
import { assignAzureRole } from '../seed';
import { Client, closeUnderstood, GROUP, PREVIEW, SERVICE, VAULT } from '../support';

let azure: LocalAzure;
let client: Client;

beforeEach(async () => {
  azure = await startLocalAzure();
  client = new Client(azure);
});

afterEach(async () => closeUnderstood(azure));

const message = async (method: string, id: string, properties?: JsonObject, apiVersion = PREVIEW): Promise<string> => {
  const { status, json } = await client.arm(
    method,
    id,
    properties === undefined ? undefined : { properties },
    apiVersion,
  );
  return `${status} ${String(json.error?.code)}: ${String(json.error?.message)}`;
};

test('without api-version, subscription, group, or type', async () => {
  expect((await azure.request('GET', `https://management.azure.com${GROUP}`)).json.error.code).toBe(
    'MissingApiVersionParameter',
  );
  expect(await message('GET', '/subscriptions/99999999-9999-4999-8999-999999999999')).toMatch(
    /^404 SubscriptionNotFound/,
  );
  expect(await message('GET', GROUP)).toBe("404 ResourceGroupNotFound: Resource group 'group' could not be found.");
  expect(await message('PUT', SERVICE, {})).toMatch(/^404 ResourceGroupNotFound/);
  await client.arm('PUT', GROUP, { location: 'westeurope' });
  expect(await message('GET', SERVICE)).toMatch(
    /^404 ResourceNotFound: The Resource 'Microsoft.ApiManagement\/service\/contoso-apim' under resource group 'group' was not found/,
  );
  expect(await message('PUT', `${SERVICE}/products/gold`, {})).toMatch(/^404 ParentResourceNotFound/);
});

test('a group takes what is in it along', async () => {
  const principalId = await client.instance();
  await client.arm('DELETE', GROUP);
  expect((await client.arm('GET', GROUP)).status).toBe(404);
  expect((await client.graph('GET', `/servicePrincipals/${principalId}`)).status).toBe(404);
  expect(azure.control.residue()).toMatchObject({ empty: true, softDeleted: ['contoso-apim'] });
});

test('a deleted service holds its name until it is purged or restored', async () => {
  await client.instance();
  await client.arm('DELETE', SERVICE);
  const body = {
    location: 'westeurope',
    sku: { name: 'Developer', capacity: 1 },
    properties: { publisherName: 'Contoso', publisherEmail: 'api@contoso.com' },
  };
  expect((await client.arm('PUT', SERVICE, body)).json.error.code).toBe('ServiceAlreadyExistsInSoftDeletedState');
  const deleted = `/subscriptions/${SUBSCRIPTION_ID}/providers/Microsoft.ApiManagement/locations/westeurope/deletedservices/contoso-apim`;
  expect((await client.arm('GET', deleted)).json.properties.serviceId).toBe(SERVICE);
  expect((await client.arm('DELETE', deleted)).status).toBe(200);
  expect((await client.arm('GET', deleted)).status).toBe(404);
  expect((await client.arm('PUT', SERVICE, body)).status).toBe(201);
});

test('a deleted vault holds its name, and comes back with what was in it', async () => {
  await client.arm('PUT', GROUP, { location: 'westeurope' });
  const body = (more: JsonObject = {}): JsonObject => ({
    location: 'westeurope',
    properties: { tenantId: 'x', sku: {}, ...more },
  });
  await client.arm('PUT', VAULT, body(), '2023-07-01');
  await client.vault('PUT', '/secrets/a', { value: 'x' });
  await client.arm('DELETE', VAULT, undefined, '2023-07-01');
  expect((await client.vault('GET', '/secrets/a')).status).toBe(404);
  expect((await client.arm('PUT', VAULT, body(), '2023-07-01')).json.error.code).toBe('ConflictError');
  expect((await client.arm('PUT', VAULT, body({ createMode: 'recover' }), '2023-07-01')).status).toBe(201);
  expect((await client.vault('GET', '/secrets/a')).json.value).toBe('x');
  await client.arm('DELETE', VAULT, undefined, '2023-07-01');
  const deleted = `/subscriptions/${SUBSCRIPTION_ID}/providers/Microsoft.KeyVault/locations/westeurope/deletedVaults/contoso-vault`;
  expect((await client.arm('POST', `${deleted}/purge`, {}, '2023-07-01')).status).toBe(202);
  expect((await client.arm('GET', deleted, undefined, '2023-07-01')).status).toBe(404);
});

test('asynchronous operations last as long as they should', async () => {
  azure.control.configure({ operationTime: 60_000, retryAfter: 3 });
  await client.arm('PUT', GROUP, { location: 'westeurope' });
  const { status, headers } = await client.arm('PUT', SERVICE, {
    location: 'westeurope',
    sku: { name: 'Developer', capacity: 1 },
    properties: { publisherName: 'Contoso', publisherEmail: 'api@contoso.com' },
  });
  expect([status, headers['retry-after']]).toEqual([201, '3']);
  const read = async (): Promise<unknown> => (await azure.request('GET', headers['azure-asyncoperation'])).json.status;
  expect(await read()).toBe('InProgress');
  azure.control.configure({ operationTime: 0, clockOffset: 61_000 });
  expect(await read()).toBe('Succeeded');
});

describe('API Management refuses', () => {
  beforeEach(async () => {
    await client.instance();
    await client.put(`${SERVICE}/apis/orders`, { displayName: 'Orders', path: 'orders' });
    await client.put(`${SERVICE}/users/ada`, { email: 'ada@contoso.com', firstName: 'Ada', lastName: 'L' });
    await client.put(`${SERVICE}/products/gold`, {
      displayName: 'Gold',
      state: 'published',
      authenticationType: ['application-token'],
    });
    await client.put(`${SERVICE}/products/keys`, { displayName: 'Keys', state: 'published' });
    await client.put(`${SERVICE}/clientApplications/partner`, { displayName: 'Partner', ownerId: '/users/ada' });
  });

  test.each<[string, string, JsonObject, string]>([
    ['a product without name', '/products/a', {}, '400 ValidationError: Product displayName must not be empty'],
    [
      'a product of a name that is taken',
      '/products/a',
      { displayName: 'Gold' },
      '400 ValidationError: Product with such a name already exists',
    ],
    [
      'an unknown authentication type',
      '/products/a',
      { displayName: 'A', authenticationType: ['x'] },
      "400 ValidationError: authenticationType 'x' is not valid",
    ],
    [
      'approval without subscription',
      '/products/a',
      { displayName: 'A', subscriptionRequired: false, approvalRequired: true },
      '400 ValidationError: Cannot provide values for approvalRequired and subscriptionsLimit when subscriptionRequired is set to false in the request payload',
    ],
    [
      'an application that does not exist',
      '/products/a',
      { displayName: 'A', authenticationType: ['application-token'], application: { entra: { applicationId: 'x' } } },
      "400 ValidationError: Microsoft Entra application 'x' was not found in tenant 11111111-1111-4111-8111-111111111111.",
    ],
    [
      'an owner who does not exist',
      '/clientApplications/a',
      { displayName: 'A', ownerId: '/users/bob' },
      "400 ValidationError: ownerId: user '/users/bob' does not exist.",
    ],
    [
      'a link to nothing',
      '/clientApplications/partner/productLinks/a',
      { productId: '/products/a' },
      "400 ValidationError: Product '/products/a' does not exist.",
    ],
    [
      'a link to a product that takes keys only',
      '/clientApplications/partner/productLinks/a',
      { productId: '/products/keys' },
      "400 ValidationError: Product 'keys' does not support 'application-token' authentication.",
    ],
    [
      'a second user of one e-mail',
      '/users/a',
      { email: 'ada@contoso.com', firstName: 'A', lastName: 'A' },
      '400 ValidationError: User with email ada@contoso.com already exists.',
    ],
    [
      'the publisher as a user',
      '/users/a',
      { email: 'api@contoso.com', firstName: 'A', lastName: 'A' },
      '400 ValidationError: User with email api@contoso.com already exists.',
    ],
    [
      'a second API on one path',
      '/apis/a',
      { displayName: 'A', path: 'orders' },
      "400 ValidationError: Cannot create API 'A' with the same Path 'orders', Name '' and Versioning scheme as existing API 'Orders'.",
    ],
    [
      'a template parameter that is not declared',
      '/apis/orders/operations/a',
      { displayName: 'A', method: 'GET', urlTemplate: '/{id}' },
      "400 ValidationError: All template parameters used in the UriTemplate must be defined in the Operation, please ensure the parameter 'id' is defined.",
    ],
    [
      'a policy that is no XML',
      '/policies/policy',
      { value: '<policies>', format: 'xml' },
      "400 ValidationError: One or more fields contain incorrect values: The start tag 'policies' has no end tag that matches. Line 1, position 11.",
    ],
    [
      'a policy of another root',
      '/policies/policy',
      { value: '<a />' },
      "400 ValidationError: Error in element 'a': the root element of a policy must be 'policies'",
    ],
    [
      'a policy with a named value that is not there',
      '/policies/policy',
      { value: '<policies><inbound>{{a}}</inbound></policies>' },
      "400 ValidationError: Cannot find a property 'a'",
    ],
    [
      'a subscription to nothing',
      '/subscriptions/a',
      { displayName: 'A', scope: '/products/a' },
      "400 ValidationError: Subscription scope '/products/a' does not exist.",
    ],
    [
      'a link to an API that does not exist',
      '/products/gold/apiLinks/a',
      { apiId: '/apis/a' },
      "400 ValidationError: API '/apis/a' does not exist.",
    ],
  ])('%s', async (_what, path, properties, expected) => {
    expect(await message('PUT', `${SERVICE}${path}`, properties)).toBe(expected);
  });

  test('an API in two open products, by whatever kind of link', async () => {
    for (const name of ['one', 'two']) {
      await client.put(`${SERVICE}/products/${name}`, { displayName: name, subscriptionRequired: false });
    }
    await client.put(`${SERVICE}/products/one/apis/orders`, {});
    const expected = '400 ValidationError: API cannot be added to more than one open products. (orders is in one)';
    expect(await message('PUT', `${SERVICE}/products/two/apis/orders`)).toBe(expected);
    expect(await message('PUT', `${SERVICE}/products/two/apiLinks/orders`, { apiId: '/apis/orders' })).toBe(expected);
    await client.put(`${SERVICE}/products/gold/apis/orders`, {});
  });

  test('deletion of what others need', async () => {
    await client.put(`${SERVICE}/clientApplications/partner/productLinks/gold`, { productId: '/products/gold' });
    expect(await message('DELETE', `${SERVICE}/products/gold`)).toMatch(/^409 ProductHasClientApplicationLinks/);
    expect(await message('DELETE', `${SERVICE}/users/ada`)).toMatch(/^409 UserOwnsClientApplications/);
    expect(await message('DELETE', `${SERVICE}/users/1`)).toMatch(/^405/);
    expect(await message('DELETE', `${SERVICE}/groups/developers`)).toMatch(/^405/);
    expect(await message('DELETE', `${SERVICE}/products/keys`)).toBe(
      '400 ValidationError: Product cannot be deleted since there are subscriptions (use deleteSubscriptions=true).',
    );
    expect((await client.arm('DELETE', `${SERVICE}/products/keys?deleteSubscriptions=true`)).status).toBe(200);
  });

  test('what an api-version does not know', async () => {
    expect(
      await message(
        'PUT',
        `${SERVICE}/clientApplications/b`,
        { displayName: 'B', ownerId: '/users/ada' },
        '2024-05-01',
      ),
    ).toMatch(/^400 InvalidResourceType/);
  });

  test('a change of what somebody else changed meanwhile', async () => {
    const id = `${SERVICE}/products/gold`;
    const { headers } = await client.arm('GET', id);
    const patch = async (tag: string): Promise<number> =>
      (await client.arm('PATCH', id, { properties: { description: 'x' } }, PREVIEW, { 'if-match': tag })).status;
    expect([await patch(headers.etag), await patch(headers.etag), await patch('*')]).toEqual([200, 412, 200]);
  });
});

test.each(['StandardV2', 'Consumption'])('the %s tier knows no applications', async (sku) => {
  await client.instance({ sku });
  expect(
    await message('PUT', `${SERVICE}/products/a`, { displayName: 'A', authenticationType: ['application-token'] }),
  ).toBe(`400 ValidationError: authenticationType 'application-token' is not supported in the ${sku} tier.`);
});

test('memberships are found by either kind of link', async () => {
  await client.instance();
  const product = `${SERVICE}/products/starter`;
  await client.put(`${SERVICE}/apis/orders`, { displayName: 'Orders', path: 'orders' });
  await client.put(`${product}/apiLinks/orders`, { apiId: `${SERVICE}/apis/orders` });
  const { json } = await client.arm('GET', `${product}/apis`);
  expect((json.value as JsonObject[]).map(({ name }) => name as string)).toEqual(['echo-api', 'orders']);
  expect((await client.arm('HEAD', `${product}/apis/orders`)).status).toBe(204);
  expect((await client.arm('HEAD', `${product}/apis/nothing`)).status).toBe(404);
  await client.arm('DELETE', `${product}/apis/orders`);
  expect((await client.arm('HEAD', `${product}/apis/orders`)).status).toBe(404);
});

test('secrets of API Management are answered to actions only', async () => {
  await client.instance();
  await client.put(`${SERVICE}/namedValues/key`, { displayName: 'key', value: 'very secret', secret: true });
  const texts = await Promise.all(
    ['namedValues/key', 'namedValues', 'subscriptions/master', 'subscriptions', 'tenant/access'].map(
      async (path) => (await client.arm('GET', `${SERVICE}/${path}`)).text,
    ),
  );
  expect(texts.join()).not.toMatch(/very secret|primaryKey|[0-9a-f]{32}/);
  expect((await client.arm('POST', `${SERVICE}/namedValues/key/listValue`)).json.value).toBe('very secret');
  expect((await client.arm('POST', `${SERVICE}/subscriptions/master/listSecrets`)).json.primaryKey).toMatch(
    /^[0-9a-f]{32}$/,
  );
  expect((await client.arm('POST', `${SERVICE}/tenant/access/listSecrets`)).json).toMatchObject({
    enabled: false,
    primaryKey: expect.any(String),
  });
});

test('a policy is answered as the service writes it, or as it was sent', async () => {
  await client.instance();
  const value = "<policies><inbound><set-variable name='a' value='@(\"b\")' /></inbound></policies>";
  await client.put(`${SERVICE}/policies/policy`, { format: 'rawxml', value });
  const read = async (format: string): Promise<unknown> =>
    (await client.arm('GET', `${SERVICE}/policies/policy?format=${format}`)).json.properties.value as string;
  expect(await read('xml')).toBe(
    '<policies>\r\n\t<inbound>\r\n\t\t<set-variable name="a" value="@(&quot;b&quot;)" />\r\n\t</inbound>\r\n</policies>',
  );
  expect(await read('rawxml')).toBe(value);
  azure.control.configure({ policies: 'verbatim' });
  expect(await read('xml')).toBe(value);
});

test('an API is imported from OpenAPI, in JSON and in YAML', async () => {
  await client.instance();
  const document = {
    openapi: '3.0.0',
    info: { title: 'Orders', version: '1' },
    paths: { '/list': { get: { operationId: 'list', summary: 'List' } }, '/{id}': { put: {} } },
  };
  await client.put(`${SERVICE}/apis/orders`, {
    path: 'orders',
    format: 'openapi+json',
    value: JSON.stringify(document),
  });
  const yaml = 'openapi: 3.0.0\ninfo:\n  title: Other\npaths:\n  /a:\n    post: {}\n';
  expect(
    (await client.put(`${SERVICE}/apis/other`, { path: 'other', format: 'openapi', value: yaml })).properties
      .displayName,
  ).toBe('Other');
  const { json } = await client.arm('GET', `${SERVICE}/apis/orders/operations`);
  expect(
    (json.value as JsonObject[]).map(({ name, properties }) => [name, properties.method, properties.urlTemplate]),
  ).toEqual([
    ['list', 'GET', '/list'],
    ['put-id', 'PUT', '/{id}'],
  ]);
  expect(await message('PUT', `${SERVICE}/apis/wrong`, { path: 'wrong', format: 'openapi', value: 'nothing' })).toMatch(
    /^400/,
  );
});

test('role assignments: once for each principal, role and scope, and for principals only', async () => {
  const principalId = await client.instance();
  const role = 'acdd72a7-3385-48ef-bd42-f606fba81ae7';
  const assign = async (name: string, properties: JsonObject): Promise<string> =>
    message('PUT', `${GROUP}/providers/Microsoft.Authorization/roleAssignments/${name}`, properties, '2022-04-01');
  const id = (number: number): string => `00000000-0000-4000-8000-00000000000${number}`;
  const roleDefinitionId = `/subscriptions/${SUBSCRIPTION_ID}/providers/Microsoft.Authorization/roleDefinitions/${role}`;
  expect(await assign(id(1), { principalId, roleDefinitionId })).toMatch(/^201/);
  expect(await assign(id(2), { principalId, roleDefinitionId })).toMatch(/^409 RoleAssignmentExists/);
  expect(await assign(id(3), { principalId: id(9), roleDefinitionId })).toMatch(/^400 PrincipalNotFound/);
  expect(await assign(id(3), { principalId: DEPLOYER.applicationObjectId, roleDefinitionId })).toMatch(
    /^400 UnmatchedPrincipalType/,
  );
  expect(await assign('reader', { principalId, roleDefinitionId: role.replace('a', 'b') })).toMatch(
    /^400 RoleDefinitionDoesNotExist/,
  );
  const { json } = await client.arm(
    'GET',
    `${GROUP}/providers/Microsoft.Authorization/roleAssignments?$filter=principalId eq '${principalId}'`,
    undefined,
    '2022-04-01',
  );
  expect(json.value).toHaveLength(1);
  const definitions = await client.arm(
    'GET',
    `/subscriptions/${SUBSCRIPTION_ID}/providers/Microsoft.Authorization/roleDefinitions?$filter=roleName eq 'Reader'`,
    undefined,
    '2022-04-01',
  );
  expect(definitions.json.value).toEqual([expect.objectContaining({ name: role })]);
});

test.each<[string | undefined, number[]]>([
  [undefined, [403, 403, 403]],
  ['Reader', [200, 403, 403]],
  ['API Management Service Reader Role', [200, 403, 403]],
  ['API Management Service Contributor', [200, 201, 200]],
  ['Contributor', [200, 201, 200]],
])('permissions of %s', async (role, expected) => {
  const principalId = await client.instance();
  azure.control.configure({ armPermissions: true });
  if (role !== undefined) {
    assignAzureRole(azure.cloud, GROUP, role, principalId);
  }
  const token = managedIdentityToken(
    azure.cloud,
    azure.cloud.directory.find(principalId)!,
    'https://management.azure.com',
  );
  const headers = { authorization: `Bearer ${String(token.access_token)}` };
  const answered = [
    await client.arm('GET', `${SERVICE}/products`, undefined, PREVIEW, headers),
    await client.arm('PUT', `${SERVICE}/products/a`, { properties: { displayName: 'A' } }, PREVIEW, headers),
    await client.arm('POST', `${SERVICE}/subscriptions/master/listSecrets`, undefined, PREVIEW, headers),
  ];
  expect(answered.map(({ status }) => status)).toEqual(expected);
  expect(answered.filter(({ status }) => status === 403).map(({ json }) => json.error.code as string)).toEqual(
    expected.filter((status) => status === 403).map(() => 'AuthorizationFailed'),
  );
});
