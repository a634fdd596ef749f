import {
  clientLimits,
  demanded,
  productPolicy,
  tokenForProduct,
  tokenOfTenant,
} from '../../../lib/product/product-policy';
import { echoPolicy } from '../../../lib/policy/echo-policy';
import { policyXml } from '../../../lib/policy/policy-xml';
import { Landscape, LocalAzure, Registered, startLocalAzure, TENANT_ID } from '../index';
import { Client } from '../support';

let azure: LocalAzure;
let client: Client;
let landscape: Landscape;
let api: Registered;
let crm: Registered;

beforeEach(async () => {
  azure = await startLocalAzure();
  client = new Client(azure);
  landscape = new Landscape(azure);
  landscape.api('orders', { operations: ['GET /list', 'GET /items/{id}', 'POST /list', 'GET /files/*'] }).user('ada');
  api = landscape.registration('api', { appRoles: ['Orders.All'] });
  crm = landscape.registration('crm', { secrets: [{}] });
});

afterEach(async () => azure.close());

async function token(audience = `api://${api.clientId}`, registered = crm): Promise<{ authorization: string }> {
  const { json } = await client.token({
    client_id: registered.clientId,
    client_secret: registered.secrets[0],
    scope: `${audience}/.default`,
  });
  return { authorization: `Bearer ${String(json.access_token)}` };
}

const statuses = async (...calls: { [name: string]: string }[]): Promise<number[]> => {
  const answered = [];
  for (const headers of calls) {
    answered.push((await client.call('/orders/list', headers)).status);
  }
  return answered;
};

const gold = { tenantId: TENANT_ID, applicationId: '', appRoleValue: 'Orders.All' };
const policy = (...inbound: Parameters<typeof productPolicy>[0]): string => policyXml(productPolicy(inbound));

test('a path that no API and no operation has', async () => {
  expect((await client.call('/nothing')).status).toBe(404);
  expect((await client.call('/orders/nothing')).status).toBe(404);
  expect((await client.call('/orders/list', {}, 'DELETE')).status).toBe(404);
});

test('an operation is found by its template, the API by its longest path', async () => {
  landscape
    .api('special', { path: 'orders/special' })
    .api('open', { path: 'open', subscriptionRequired: false })
    .product('gold', { apis: ['orders', 'special'] });
  const { primaryKey } = landscape.subscription('all');
  const found = async (path: string): Promise<unknown> => {
    const { json } = await client.call(path, { 'ocp-apim-subscription-key': primaryKey });
    return `${String(json.api)} ${String(json.operation)}`;
  };
  expect(await found('/orders/items/7')).toBe('orders get-items-id');
  expect(await found('/orders/files/a/b')).toBe('orders get-files');
  expect(await found('/orders/special')).toBe('special get');
  expect((await client.call('/open')).json).toMatchObject({ authorizedBy: 'open-api' });
});

describe('subscription keys', () => {
  test('let in by product, by API and by all, and no other way', async () => {
    landscape.api('other').product('keys', { apis: ['orders'] });
    const scopes = {
      product: landscape.subscription('product', { scope: `${landscape.instanceId}/products/keys` }),
      api: landscape.subscription('api', { scope: '/apis/orders' }),
      all: landscape.subscription('all', { scope: '/apis' }),
      otherApi: landscape.subscription('other', { scope: '/apis/other' }),
      suspended: landscape.subscription('suspended', { scope: '/apis', state: 'suspended' }),
    };
    for (const [name, expected] of [
      ['product', 200],
      ['api', 200],
      ['all', 200],
      ['otherApi', 401],
      ['suspended', 401],
    ] as const) {
      const answered = await client.call('/orders/list', { 'ocp-apim-subscription-key': scopes[name].secondaryKey });
      expect([name, answered.status]).toEqual([name, expected]);
    }
    expect((await client.call(`/orders/list?subscription-key=${scopes.product.primaryKey}`)).status).toBe(200);
    const refused = await client.call('/orders/list');
    expect(refused.status).toBe(401);
    expect(refused.headers['www-authenticate']).toMatch(
      /^AzureApiManagementKey realm="https:\/\/contoso-apim.azure-api.net\/orders"/,
    );
  });

  test('a key that was regenerated is refused', async () => {
    const { primaryKey } = landscape.subscription('all');
    await client.arm('POST', `${landscape.instanceId}/subscriptions/all/regeneratePrimaryKey`);
    expect(await statuses({ 'ocp-apim-subscription-key': primaryKey })).toEqual([401]);
  });

  test('a token-only product takes no key of its own, and keys of all APIs pass it by', async () => {
    landscape.product('both', { authenticationType: ['application-token', 'subscription-key'], apis: ['orders'] });
    const own = landscape.subscription('own', { scope: `${landscape.instanceId}/products/both` });
    const all = landscape.subscription('all');
    const keys = [{ 'ocp-apim-subscription-key': own.primaryKey }, { 'ocp-apim-subscription-key': all.primaryKey }];
    expect(await statuses(...keys)).toEqual([200, 200]);
    azure.control.change(`${landscape.instanceId}/products/both`, {
      properties: { authenticationType: ['application-token'] },
    });
    expect(await statuses(...keys)).toEqual([401, 200]);
  });
});

describe('tokens of a product', () => {
  beforeEach(() => {
    landscape
      .product('gold', { authenticationType: ['application-token'], applicationId: api.clientId, apis: ['orders'] })
      .product('silver', { authenticationType: ['application-token'], apis: ['orders'], published: false });
  });

  test('right and wrong', async () => {
    landscape.grant(crm.clientId, { applicationId: api.clientId });
    const right = await token();
    expect((await client.call('/orders/list', right)).json).toMatchObject({ product: 'gold', clientId: crm.clientId });
    const [header, claims, signature] = right.authorization.slice('Bearer '.length).split('.');
    const none = Buffer.from(JSON.stringify({ alg: 'none', kid: 'local-azure-1' })).toString('base64url');
    expect(
      await statuses(
        {},
        { authorization: 'Bearer garbled' },
        { authorization: `Bearer ${none}.${claims}.` },
        { authorization: `Bearer ${none}.${claims}.${signature}` },
        { authorization: `Bearer ${header}.${claims}.${signature.slice(0, -8)}AAAAAAAA` },
        await token('https://graph.microsoft.com'),
      ),
    ).toEqual([401, 401, 401, 401, 401, 401]);
    const missing = await client.call('/orders/list');
    expect(missing.headers['www-authenticate']).toBe(
      `Bearer authorization_uri="https://login.microsoftonline.com/${TENANT_ID}"`,
    );
    const garbled = await client.call('/orders/list', { authorization: 'Bearer garbled' });
    expect(garbled.headers['www-authenticate']).toMatch(/error="invalid_token"$/);
  });

  test('without role they are forbidden; once the role is switched off, too', async () => {
    expect(await statuses(await token())).toEqual([403]);
    landscape.grant(crm.clientId, { applicationId: api.clientId });
    const granted = await token();
    expect(await statuses(granted)).toEqual([200]);
    azure.cloud.directory.application(api.clientId)!.appRoles[0].isEnabled = false;
    expect(await statuses(granted)).toEqual([403]);
  });

  test('a product that is not published lets nobody in', async () => {
    const { entra } = azure.cloud.store.get(`${landscape.instanceId}/products/silver`)!.body.properties.application as {
      entra: { audience: string };
    };
    landscape.grant(crm.clientId, { product: 'silver' });
    const silver = await token(entra.audience);
    expect(await statuses(silver)).toEqual([401]);
    azure.control.change(`${landscape.instanceId}/products/silver`, { properties: { state: 'published' } });
    expect(await statuses(silver)).toEqual([200]);
  });
});

describe('the policies that the library writes', () => {
  const product = (value: string): Landscape =>
    landscape.product('gold', {
      subscriptionRequired: false,
      authenticationType: ['subscription-key'],
      apis: ['orders'],
      policy: value,
    });
  const validation = (): ReturnType<typeof tokenForProduct> =>
    tokenForProduct({ ...gold, applicationId: api.clientId });

  test('a gateway policy refuses callers who have no token for the product with its role', async () => {
    product(policy(validation()));
    const without = await token();
    landscape.grant(crm.clientId, { applicationId: api.clientId });
    expect(
      await statuses(
        {},
        { authorization: 'Bearer garbled' },
        without,
        await token('https://graph.microsoft.com'),
        await token(),
      ),
    ).toEqual([401, 401, 401, 401, 200]);
    expect((await client.call('/orders/list')).json.message).toBe('Access token is missing or invalid');
    expect(azure.cloud.notUnderstood).toEqual([]);
  });

  test('with keys accepted, a key is enough', async () => {
    product(policy(demanded(validation(), true)));
    const { primaryKey } = landscape.subscription('all');
    expect(await statuses({ 'ocp-apim-subscription-key': primaryKey }, {})).toEqual([200, 401]);
  });

  test('a key of all APIs meets no policy of a product', async () => {
    product(policy(validation()));
    const { primaryKey } = landscape.subscription('all');
    expect(await statuses({ 'ocp-apim-subscription-key': primaryKey })).toEqual([200]);
  });

  test('limits count each client application of each product', async () => {
    const limits = clientLimits({
      productId: 'gold',
      rate: { calls: 2, renewalPeriod: 60 },
      quota: { calls: 3, renewalPeriod: 3600 },
    });
    product(policy(validation(), ...limits));
    landscape.grant(crm.clientId, { applicationId: api.clientId });
    const other = landscape.registration('other', { secrets: [{}] });
    landscape.grant(other.clientId, { applicationId: api.clientId });
    const [ours, theirs] = [await token(), await token(undefined, other)];
    expect(await statuses(ours, ours, ours, theirs)).toEqual([200, 200, 429, 200]);
    const refused = await client.call('/orders/list', ours);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(azure.cloud.counters.keys()).toContain(`rate:gold/application:${crm.clientId}`);
    azure.control.configure({ clockOffset: 61_000 });
    expect(await statuses(ours, ours)).toEqual([200, 403]);
    expect(azure.cloud.notUnderstood).toEqual([]);
  });

  test('limits of a product that API Management enforces itself', async () => {
    landscape.product('gold', {
      authenticationType: ['application-token'],
      applicationId: api.clientId,
      apis: ['orders'],
      policy: policy(
        tokenOfTenant(TENANT_ID),
        ...clientLimits({ productId: 'gold', rate: { calls: 1, renewalPeriod: 60 } }),
      ),
    });
    landscape.grant(crm.clientId, { applicationId: api.clientId });
    const ours = await token();
    expect(await statuses(ours, ours)).toEqual([200, 429]);
  });

  test('the sandbox’s Echo API answers what was asked for', async () => {
    landscape.policy(`${landscape.instanceId}/apis/orders`, policyXml(echoPolicy()));
    const { primaryKey } = landscape.subscription('all');
    const answered = await client.call('/orders/items/7', { 'ocp-apim-subscription-key': primaryKey });
    expect(JSON.parse(answered.text)).toEqual({ method: 'GET', path: '/orders/items/7' });
    expect(answered.headers['content-type']).toBe('application/json');
  });
});

describe('policies of users', () => {
  const call = async (inbound: string, headers: { [name: string]: string } = {}): ReturnType<Client['call']> => {
    landscape.policy(
      landscape.instanceId,
      `<policies><inbound>${inbound}</inbound><outbound><set-header name="x-out"><value>@("a" + 1)</value></set-header></outbound></policies>`,
    );
    const { primaryKey } = landscape.subscription('all');
    return client.call('/orders/list', { 'ocp-apim-subscription-key': primaryKey, ...headers });
  };

  test('run at every scope, from the instance to the operation, each where it says base', async () => {
    const set = (value: string): string =>
      `<policies><inbound>${value}<set-variable name="path" value='@(context.Variables.GetValueOrDefault<string>("path", "") + "${value === '<base />' ? '+' : '!'}")' /></inbound></policies>`;
    landscape.product('keys', { apis: ['orders'], policy: set('<base />') });
    landscape.policy(landscape.instanceId, set(''));
    landscape.policy(`${landscape.instanceId}/apis/orders`, set('<base />'));
    landscape.policy(
      `${landscape.instanceId}/apis/orders/operations/get-list`,
      '<policies><inbound><base /><return-response><set-body>@((string)context.Variables["path"] + context.Product.Id + context.Operation.Id)</set-body></return-response></inbound></policies>',
    );
    const { primaryKey } = landscape.subscription('key', { scope: `${landscape.instanceId}/products/keys` });
    expect((await client.call('/orders/list', { 'ocp-apim-subscription-key': primaryKey })).text).toBe(
      '!++keysget-list',
    );
  });

  test.each<[string, string, { [name: string]: string }, number]>([
    [
      'check-header',
      '<check-header name="x-a" failed-check-httpcode="418" failed-check-error-message="no" ignore-case="true"><value>1</value></check-header>',
      {},
      418,
    ],
    [
      'check-header',
      '<check-header name="x-a" failed-check-httpcode="418" failed-check-error-message="no" ignore-case="true"><value>1</value></check-header>',
      { 'x-a': '1' },
      200,
    ],
    [
      'choose',
      '<choose><when condition="@(context.Request.Method != "GET")"><return-response><set-status code="500" /></return-response></when><otherwise><return-response><set-status code="202" /></return-response></otherwise></choose>',
      {},
      202,
    ],
    ['ip-filter', '<ip-filter action="forbid"><address>127.0.0.1</address></ip-filter>', {}, 403],
    ['ip-filter', '<ip-filter action="allow"><address>127.0.0.1</address></ip-filter>', {}, 200],
    ['an unknown policy', '<do-something />', {}, 500],
    ['a wrong expression', '<set-variable name="a" value="@(context.Nothing)" />', {}, 500],
  ])('%s', async (_what, inbound, headers, expected) => {
    expect((await call(inbound, headers)).status).toBe(expected);
    expect(azure.cloud.notUnderstood).toHaveLength(expected === 500 ? 1 : 0);
  });

  test('a fragment, a named value, and a header on the way out', async () => {
    landscape.namedValue('limit', '1');
    const fragment =
      '<fragment><rate-limit-by-key calls="{{limit}}" renewal-period="10" counter-key="all" /></fragment>';
    await client.put(`${landscape.instanceId}/policyFragments/limits`, { format: 'rawxml', value: fragment });
    const first = await call('<include-fragment fragment-id="limits" />');
    expect([first.status, first.headers['x-out']]).toEqual([200, 'a1']);
    expect((await call('<include-fragment fragment-id="limits" />')).status).toBe(429);
  });
});
