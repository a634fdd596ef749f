import { DOMParser } from '@xmldom/xmldom';
import Ajv2020 from 'ajv/dist/2020';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TENANT_ID } from '../../test/azure';
import { Estate, SERVICE } from './azure/estate';
import { SigningTenant } from './azure/signing-tenant';

let estate: Estate;
let starter: Record<string, unknown>;
let premium: Record<string, unknown>;

/** Each test has an Azure of its own: it breaks something in it. */
beforeEach(async () => {
  estate = await Estate.start();
  [starter, premium] = [await estate.product('starter'), await estate.product('premium')];
  await estate.application('partner', { starter, premium });
  await estate.application('batch', { starter });
});
afterEach(async () => {
  expect(estate.azure.cloud.notUnderstood).toEqual([]);
  await estate.close();
});

interface Found {
  application: string;
  product: string;
  check: string;
  ok: boolean | null;
  expected: string;
  actual: string;
  reason?: string;
}

async function verify(args: readonly string[] = [], environment: Record<string, string> = {}) {
  const outcome = await estate.run(['verify', '--manifest', estate.manifestFile(), '--json', ...args], { environment });
  const found = outcome.stdout === '' ? { checks: [] } : JSON.parse(outcome.stdout);
  const lines = (found.checks as Found[]).map(
    ({ application, product, check, ok, actual }) =>
      `${application} ${product} ${check}: ${ok === null ? 'skipped' : ok ? 'ok' : 'FAILED'} ${actual}`,
  );
  return {
    ...outcome,
    found,
    checks: found.checks as Found[],
    lines,
    broken: lines.filter((line) => line.includes('FAILED')),
  };
}

const reasonOf = (checks: readonly Found[], application: string, product: string, check: string): string =>
  checks.find((one) => one.application === application && one.product === product && one.check === check)?.reason ?? '';

/** The registration of a product, in Entra. */
async function registrationOf(product: Record<string, unknown>): Promise<any> {
  const appId = String(product.scope).replace(/^api:\/\/|\/\.default$/g, '');
  return (await estate.client.graph('GET', `/servicePrincipals(appId='${appId}')`)).json;
}

/** What the gateway answers, as a policy that does nothing else says. */
async function answering(product: string, status: number, body = '', type = 'application/json'): Promise<void> {
  await policy(
    product,
    `<return-response><set-status code="${status}" /><set-header name="Content-Type" exists-action="override"><value>${type}</value></set-header><set-body>${body}</set-body></return-response>`,
  );
}

async function policy(product: string, inbound: string): Promise<void> {
  await estate.client.put(`${SERVICE}/products/${product}/policies/policy`, {
    format: 'rawxml',
    value: `<policies><inbound><base />${inbound}</inbound><backend><base /></backend><outbound><base /></outbound><on-error><base /></on-error></policies>`,
  });
}

test('all is well: every check of every pair, in as many requests as checks and tokens', async () => {
  const { status, stderr, lines, found } = await verify();
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(lines).toEqual([
    'partner starter granted: ok 200',
    'partner starter no-token: ok 401',
    'partner starter garbled-token: ok 401',
    'partner starter forged-token: ok 401',
    'partner starter other-product: ok 401',
    'partner premium granted: ok 200',
    'partner premium no-token: ok 401',
    'partner premium garbled-token: ok 401',
    'partner premium forged-token: ok 401',
    'partner premium other-product: ok 401',
    'batch starter granted: ok 200',
    'batch starter no-token: ok 401',
    'batch starter garbled-token: ok 401',
    'batch starter forged-token: ok 401',
    'batch starter other-product: skipped not tried',
    'batch premium not-granted: ok 403',
  ]);
  expect(found).toMatchObject({ version: 1, passed: 15, failed: 0, skipped: 1 });
  const ajv = new Ajv2020();
  const schema = JSON.parse(readFileSync(join(__dirname, '../schema/verify-1.schema.json'), 'utf8'));
  expect([ajv.validate(schema, found), ajv.errors]).toEqual([true, null]);
  const tokens = 4;
  expect(estate.requests('login').filter((request) => request.endsWith('/oauth2/v2.0/token'))).toHaveLength(tokens + 1);
  expect(estate.requests('gateway').length).toBeLessThanOrEqual(16);
  expect(estate.requests('vault')).toEqual([
    'PUT /secrets/partner',
    'PUT /secrets/batch',
    'GET /secrets/partner',
    'GET /secrets/batch',
  ]);
});

test('what is selected only', async () => {
  const { lines } = await verify(['--application', 'partner', '--product', 'premium']);
  expect(lines.map((line) => line.split(':')[0])).toEqual([
    'partner premium granted',
    'partner premium no-token',
    'partner premium garbled-token',
    'partner premium forged-token',
    'partner premium other-product',
  ]);
});

describe('granted fails, and says why', () => {
  const DECLARED = 'declared at contoso/starter (main.ts:31) and contoso/batch (main.ts:44)';

  test.each([
    [7000215, 'the client secret is wrong (AADSTS7000215): missing is: valid secret'],
    [7000222, 'the client secret has expired (AADSTS7000222): missing is: valid secret'],
    [700016, 'the tenant has no application with this client id (AADSTS700016): missing is: application'],
    [
      500011,
      'the tenant has no service principal with the product’s audience (AADSTS500011): missing is: service principal of the product',
    ],
    [
      501051,
      'the application is not assigned to a role of the product’s registration, which demands an assignment (AADSTS501051): missing is: role assignment',
    ],
    [
      7000229,
      'the application has no service principal in the tenant (AADSTS7000229): missing is: service principal of the application',
    ],
  ])('Entra gives no token: AADSTS%d', async (aadsts, chain) => {
    // the first request to the login is that of the user
    estate.azure.control.fault({ service: 'login', path: 'token', after: 1, times: 0, kind: 'signIn', aadsts });
    const { status, checks, broken } = await verify(['--application', 'batch', '--product', 'starter']);
    expect({ status, broken }).toEqual({
      status: 2,
      broken: [`batch starter granted: FAILED no token (AADSTS${aadsts})`],
    });
    expect(reasonOf(checks, 'batch', 'starter', 'granted')).toMatch(
      new RegExp(`^${chain.replace(/[()]/g, '\\$&')}; ${DECLARED.replace(/[()]/g, '\\$&')}; .+`),
    );
    expect(checks.find(({ check }) => check === 'granted')).toMatchObject({ aadsts });
  });

  test('a secret that somebody replaced', async () => {
    await estate.client.arm('POST', `${SERVICE}/clientApplications/batch/listSecrets`);
    const { broken, checks } = await verify();
    expect(broken).toEqual(['batch starter granted: FAILED no token (AADSTS7000215)']);
    expect(reasonOf(checks, 'batch', 'starter', 'granted')).toContain(
      'raise the version of storeClientSecret and apply',
    );
    expect(reasonOf(checks, 'batch', 'starter', 'forged-token')).toBe('there is no token whose claims could be forged');
    expect(reasonOf(checks, 'batch', 'premium', 'not-granted')).toContain('it says nothing about the grant');
  });

  test('the secret is not in the vault, or disabled', async () => {
    estate.manifest.applications.batch.credential.secretName = 'gone';
    expect(reasonOf((await verify()).checks, 'batch', 'starter', 'granted')).toBe(
      `the credential is not where the manifest says: contoso-vault.vault.azure.net: there is nothing to read secret gone (404 SecretNotFound); check the id, and that the login is of the right tenant and subscription; ${DECLARED}; apply the stack that stores it`,
    );
    estate.manifest.applications.batch.credential.secretName = 'batch';
    await estate.client.vault('PATCH', '/secrets/batch', { attributes: { enabled: false } });
    expect(reasonOf((await verify()).checks, 'batch', 'starter', 'granted')).toContain(
      'it is disabled, expired or not valid yet',
    );
  });

  test('the link is gone: the token has no role', async () => {
    await estate.client.arm('DELETE', `${SERVICE}/clientApplications/batch/productLinks/starter`);
    const { broken, checks } = await verify();
    expect(broken).toEqual(['batch starter granted: FAILED 403']);
    expect(reasonOf(checks, 'batch', 'starter', 'granted')).toBe(
      `the gateway answered 403 (WWW-Authenticate: Bearer authorization_uri="https://login.microsoftonline.com/${TENANT_ID}", error="insufficient_scope"): the token has no role: the role assignment is missing, or Entra has not replicated it yet; ${DECLARED}; grant the product to the application and apply; after an apply give --wait 300`,
    );
  });

  test('the role is another one', async () => {
    estate.manifest.applications.batch.products.starter = { ...starter, appRoleValue: 'Product.Other.All' };
    estate.azure.control.change(`${SERVICE}/products/starter`, { properties: { state: 'notPublished' } });
    expect(reasonOf((await verify()).checks, 'batch', 'starter', 'granted')).toContain(
      'the token has role Product.starter.All, and the product takes Product.Other.All',
    );
  });

  test('the product is not published', async () => {
    estate.azure.control.change(`${SERVICE}/products/starter`, { properties: { state: 'notPublished' } });
    expect(reasonOf((await verify()).checks, 'batch', 'starter', 'granted')).toContain(
      'audience and role of the token are right, so the product, a policy or a delay of the gateway refuses it',
    );
  });

  test('application based access is off', async () => {
    estate.azure.control.change(`${SERVICE}/products/starter`, {
      properties: { authenticationType: ['subscription-key'], subscriptionRequired: true },
    });
    const { broken, checks } = await verify(['--application', 'batch', '--product', 'starter']);
    expect(broken).toEqual(['batch starter granted: FAILED 401']);
    expect(reasonOf(checks, 'batch', 'starter', 'granted')).toContain(
      'the gateway asks for a subscription key: application based access is off',
    );
  });

  test('the audience is another one', async () => {
    const scope = premium.scope as string;
    estate.manifest.applications.batch.products = { premium };
    await estate.client.put(`${SERVICE}/clientApplications/batch/productLinks/premium`, {
      productId: `${SERVICE}/products/premium`,
    });
    const { appId, id } = (
      await estate.client.graph('GET', `/applications(appId='${scope.replace(/^api:\/\/|\/\.default$/g, '')}')`)
    ).json;
    await estate.client.graph('PATCH', `/applications/${id}`, {
      identifierUris: [`api://${appId}`, `api://${appId}/other`],
    });
    estate.manifest.applications.batch.products = { premium: { ...premium, scope: `api://${appId}/other/.default` } };
    const { checks } = await verify(['--application', 'batch', '--product', 'premium']);
    expect(reasonOf(checks, 'batch', 'premium', 'granted')).toMatch(/: granted fails|error="invalid_token"/);
  });

  test('the backend refuses, not API Management', async () => {
    await answering('starter', 401);
    expect(reasonOf((await verify()).checks, 'batch', 'starter', 'granted')).toMatch(
      /^the gateway answered 401: this is not how API Management refuses: the backend, or something in front of the gateway, may refuse the call; /,
    );
  });

  test('a clock that is off', async () => {
    estate.azure.control.configure({ clockOffset: 20 * 60_000 });
    const { status, stderr, checks } = await verify();
    expect({ status, checks: checks.filter(({ ok }) => ok === false) }).toEqual({ status: 0, checks: [] });
    expect(stderr).toMatch(
      /^apim-oauth: the clock of this machine is 20 minutes behind that of login\.microsoftonline\.com; set it/,
    );
  });

  test('nobody answers at the gateway', async () => {
    estate.azure.control.fault({ service: 'gateway', times: 0, kind: 'reset' });
    const { status, checks, broken } = await verify(['--application', 'batch', '--product', 'starter']);
    expect({ status, broken }).toEqual({ status: 2, broken: ['batch starter granted: FAILED no answer'] });
    expect(reasonOf(checks, 'batch', 'starter', 'granted')).toContain(
      'contoso-apim.azure-api.net: the connection broke off',
    );
    expect(checks.filter(({ ok }) => ok === null)).toHaveLength(4);
  });

  test('the gateway is not there', async () => {
    for (const application of Object.values<any>(estate.manifest.applications)) {
      for (const id of Object.keys(application.products)) {
        application.products[id] = { ...application.products[id], gatewayUrl: 'https://nowhere.example' };
      }
    }
    expect(reasonOf((await verify()).checks, 'batch', 'starter', 'granted')).toMatch(
      /^the proxy 127\.0\.0\.1:\d+ does not connect to nowhere\.example \(502\)/,
    );
  });
});

describe('what should be refused and is not', () => {
  test('no-token, garbled-token, forged-token, other-product, not-granted: an open product', async () => {
    estate.azure.control.change(`${SERVICE}/products/premium`, {
      properties: { authenticationType: ['subscription-key'], subscriptionRequired: false },
    });
    const { status, broken, checks } = await verify();
    expect({ status, broken }).toEqual({
      status: 2,
      broken: [
        'partner premium no-token: FAILED 200',
        'partner premium garbled-token: FAILED 200',
        'partner premium forged-token: FAILED 200',
        'partner premium other-product: FAILED 200',
        'batch premium not-granted: FAILED 200',
      ],
    });
    expect(
      ['no-token', 'garbled-token', 'forged-token', 'other-product'].map(
        (check) => reasonOf(checks, 'partner', 'premium', check).split(';')[0],
      ),
    ).toEqual([
      'the gateway answered 200: it accepted a call without token or key: the product or its API is open',
      'the gateway answered 200: it accepted a call with a text that is not a token: nothing validates it',
      'the gateway answered 200 to a token signed with another key: it accepted a token that Entra did not sign: signatures are not checked',
      'the gateway answered 200: it accepted a token for another product: audience and role are not checked, or the same path is in both products',
    ]);
    expect(reasonOf(checks, 'batch', 'premium', 'not-granted')).toContain(
      'the role is not checked, or somebody granted it elsewhere',
    );
  });

  test('a path that is in both products lets the token of the other in', async () => {
    await estate.client.put(`${SERVICE}/products/starter/apiLinks/premium`, { apiId: `${SERVICE}/apis/premium` });
    expect((await verify()).broken).toEqual(['partner premium other-product: FAILED 200']);
  });

  test('a path that both products serve, and that both name, tells nothing of tokens for the other', async () => {
    await estate.client.put(`${SERVICE}/products/starter/apiLinks/premium`, { apiId: `${SERVICE}/apis/premium` });
    Object.assign(starter, { path: premium.path, gatewayUrl: 'https://CONTOSO-apim.azure-api.net/' });
    const { status, lines, checks } = await verify(['--application', 'partner']);
    expect({ status, lines: lines.filter((line) => line.includes('other-product')) }).toEqual({
      status: 0,
      lines: ['partner starter other-product: skipped not tried', 'partner premium other-product: skipped not tried'],
    });
    expect(reasonOf(checks, 'partner', 'premium', 'other-product')).toBe(
      'the application has a product at the same address, which rightly accepts the token; if each product has its own API, give the product a tryPath there and apply',
    );
  });

  test('of several other products, one at another path is tried', async () => {
    const third = await estate.product('third');
    await estate.application('wide', { starter: { ...starter, path: premium.path }, premium, third });
    await estate.client.put(`${SERVICE}/products/starter/apiLinks/premium`, { apiId: `${SERVICE}/apis/premium` });
    const well = await verify(['--application', 'wide']);
    expect(well.lines.filter((line) => line.includes('other-product'))).toEqual([
      'wide starter other-product: ok 401',
      'wide premium other-product: ok 401',
      'wide third other-product: ok 401',
    ]);
    await estate.client.put(`${SERVICE}/products/third/apiLinks/premium`, { apiId: `${SERVICE}/apis/premium` });
    expect((await verify(['--application', 'wide'])).broken).toEqual([
      'wide starter other-product: FAILED 200',
      'wide premium other-product: FAILED 200',
    ]);
  });

  test('a product that was not granted is not tried with a token that is good for a granted one there', async () => {
    estate.manifest.applications.partner.products.twin = { ...starter };
    const { checks } = await verify(['--application', 'batch', '--product', 'twin']);
    expect(checks).toMatchObject([{ check: 'not-granted', ok: null, actual: 'not tried' }]);
    expect(estate.requests('gateway')).toEqual([]);
  });

  test('a role that somebody assigned elsewhere', async () => {
    await estate.client.put(`${SERVICE}/clientApplications/batch/productLinks/premium`, {
      productId: `${SERVICE}/products/premium`,
    });
    expect((await verify()).broken).toEqual(['batch premium not-granted: FAILED 200']);
  });

  test('Entra itself refuses who was not granted', async () => {
    const { id } = await registrationOf(premium);
    await estate.client.graph('PATCH', `/servicePrincipals/${id}`, { appRoleAssignmentRequired: true });
    expect((await verify()).lines.at(-1)).toBe('batch premium not-granted: ok no token (AADSTS501051)');
  });

  test('no operation at the path: nothing was tried', async () => {
    estate.manifest.applications.batch.products.starter = { ...starter, path: '/nowhere' };
    const { broken, checks } = await verify(['--application', 'batch', '--product', 'starter']);
    expect(broken).toEqual([
      'batch starter no-token: FAILED 404',
      'batch starter garbled-token: FAILED 404',
      'batch starter forged-token: FAILED 404',
    ]);
    expect(reasonOf(checks, 'batch', 'starter', 'granted')).toContain('there may be no operation at the path');
    expect(reasonOf(checks, 'batch', 'starter', 'no-token')).toContain(
      'give the product a tryPath that an operation of its APIs answers',
    );
  });

  test.each([
    ['a web page', { kind: 'html', status: 200 }, 'something other than API Management answers'],
    ['an error', { status: 500 }, 'it neither accepted nor refused the call'],
  ] as const)('a gateway that answers with %s', async (_, fault, reason) => {
    estate.azure.control.fault({ service: 'gateway', times: 0, ...fault });
    expect(reasonOf((await verify()).checks, 'batch', 'starter', 'no-token')).toContain(reason);
  });
});

describe('subscription keys', () => {
  const KEY = { SUBSCRIPTION_KEY: 'hunter2-key' };
  const given = ['--subscription-key-env', 'SUBSCRIPTION_KEY'];
  const ofStarter = (checks: readonly Found[]) =>
    checks.find(({ product, check }) => product === 'starter' && check === 'subscription-key');

  async function accepted(): Promise<Record<string, string>> {
    estate.azure.control.change(`${SERVICE}/products/starter`, {
      properties: { authenticationType: ['application-token', 'subscription-key'], subscriptionRequired: true },
    });
    await estate.client.put(`${SERVICE}/subscriptions/one`, {
      displayName: 'one',
      scope: `${SERVICE}/products/starter`,
      state: 'active',
    });
    const { json } = await estate.client.arm('POST', `${SERVICE}/subscriptions/one/listSecrets`);
    return { SUBSCRIPTION_KEY: json.primaryKey as string };
  }

  test('are refused', async () => {
    const { status, checks } = await verify(given, KEY);
    expect({ status, found: ofStarter(checks) }).toMatchObject({
      status: 0,
      found: { ok: true, actual: '401', expected: '401 or 403' },
    });
    expect(estate.requests('gateway').length).toBeLessThanOrEqual(18);
  });

  test('are let in by a product that is declared to refuse them', async () => {
    const { status, checks } = await verify(given, await accepted());
    expect({ status, found: ofStarter(checks) }).toMatchObject({ status: 2, found: { ok: false, actual: '200' } });
    expect(ofStarter(checks)?.reason).toContain('the product is declared to refuse keys');
  });

  test('are not tried where they are accepted', async () => {
    estate.manifest.applications.batch.products.starter = { ...starter, acceptSubscriptionKey: true };
    const { checks } = await verify([...given, '--application', 'batch'], KEY);
    expect(ofStarter(checks)).toMatchObject({ ok: null, reason: 'the product is declared to accept keys' });
  });

  test('where the manifest does not say', async () => {
    const { acceptSubscriptionKey: _, ...unknown } = starter;
    estate.manifest.applications.batch.products.starter = unknown;
    expect(ofStarter((await verify([...given, '--application', 'batch'], KEY)).checks)).toMatchObject({
      ok: true,
      actual: '401',
    });
    expect(ofStarter((await verify([...given, '--application', 'batch'], await accepted())).checks)).toMatchObject({
      ok: null,
      actual: '200',
    });
  });

  test('no key in the variable', async () => {
    expect(await verify(given)).toMatchObject({
      status: 1,
      stderr:
        'apim-oauth: --subscription-key-env: the variable is not set; give the name of a variable that contains a key\n',
    });
  });
});

describe('a product without a path', () => {
  const withoutPath = (product: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(product).filter(([name]) => name !== 'path'));

  test('is tried as far as the token', async () => {
    estate.manifest.applications = {
      batch: { ...estate.manifest.applications.batch, products: { starter: withoutPath(starter) } },
    };
    const { status, lines, checks } = await verify();
    expect({ status, lines }).toEqual({
      status: 0,
      lines: [
        'batch starter granted: ok a token with role Product.starter.All',
        'batch starter no-token: skipped not tried',
        'batch starter garbled-token: skipped not tried',
        'batch starter forged-token: skipped not tried',
        'batch starter other-product: skipped not tried',
      ],
    });
    expect(new Set(checks.map(({ reason }) => reason))).toEqual(
      new Set(['the product has no path, so the gateway was not tried; give the product a tryPath and apply']),
    );
    expect(estate.requests('gateway')).toEqual([]);
  });

  test('the token without a role is a failure', async () => {
    estate.manifest.applications.batch.products = { starter: withoutPath(starter) };
    await estate.client.arm('DELETE', `${SERVICE}/clientApplications/batch/productLinks/starter`);
    expect((await verify()).broken).toEqual(['batch starter granted: FAILED a token without a role']);
  });

  test('a role that was not granted is one too', async () => {
    estate.manifest.applications.partner.products.premium = withoutPath(premium);
    expect((await verify()).lines.at(-1)).toBe('batch premium not-granted: skipped not tried');
    await estate.client.put(`${SERVICE}/clientApplications/batch/productLinks/premium`, {
      productId: `${SERVICE}/products/premium`,
    });
    expect((await verify()).broken).toEqual([
      'batch premium not-granted: FAILED a token with role Product.premium.All',
    ]);
  });
});

describe('credentials', () => {
  test('of one application, given', async () => {
    const secret = await estate.storeSecret('batch');
    const given = ['--secret-env', 'CLIENT_SECRET', '--application', 'batch', '--product', 'starter'];
    expect(await verify(given, { CLIENT_SECRET: secret })).toMatchObject({ status: 0 });
    expect(await verify(['--secret-env', 'CLIENT_SECRET'], { CLIENT_SECRET: secret })).toMatchObject({
      status: 1,
      stderr: 'apim-oauth: the credential belongs to one application, but the manifest has 2; give --application\n',
    });
  });

  test('that cannot be read are no failure, and no success where there is no other', async () => {
    estate.manifest.applications.batch.credential = { kind: 'developerPortal' };
    const both = await verify();
    expect({ status: both.status, broken: both.broken }).toEqual({ status: 0, broken: [] });
    expect(reasonOf(both.checks, 'batch', 'starter', 'granted')).toMatch(/^its secret is in no vault/);
    const alone = await verify(['--application', 'batch']);
    expect(alone.status).toBe(1);
    expect(alone.stderr).toMatch(/^apim-oauth: no application could be tried: its secret is in no vault, /);
    expect(alone.checks.length).toBeGreaterThan(0);
  });

  test('without permission on the vault', async () => {
    estate.azure.control.configure({ vaultPermissions: true });
    const { status, stderr } = await verify();
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr:
        'apim-oauth: no application could be tried: contoso-vault.vault.azure.net: the login may not read secret partner; it needs Key Vault Secrets User (or the secret permission Get), which takes minutes to have effect\n',
    });
  });
});

describe('it could not run', () => {
  test.each([
    [
      'no login',
      () => Object.assign(process.env, { AZURE_CLIENT_SECRET: 'wrong' }),
      /^apim-oauth: Azure login: the client secret is wrong \(AADSTS7000215\)/,
    ],
    [
      'a proxy that demands a login',
      () => estate.azure.control.configure({ connectStatus: 407 }),
      /^apim-oauth: the proxy 127\.0\.0\.1:\d+ demands a login \(407\)/,
    ],
    [
      'Entra answers a web page',
      () => estate.azure.control.fault({ service: 'login', times: 0, kind: 'html', status: 200 }),
      /^apim-oauth: login\.microsoftonline\.com: returned a web page instead of JSON/,
    ],
    [
      'a vault that breaks off',
      () => estate.azure.control.fault({ service: 'vault', times: 0, kind: 'half' }),
      /^apim-oauth: contoso-vault\.vault\.azure\.net: the connection broke off/,
    ],
  ])('%s', async (_, breaks, sentence) => {
    breaks();
    const file = join(estate.folder, 'report.xml');
    const { status, stdout, stderr } = await estate.run([
      'verify',
      '--manifest',
      estate.manifestFile(),
      '--format',
      `junit=${file}`,
    ]);
    expect({ status, stdout, lines: stderr.split('\n').length }).toEqual({ status: 1, stdout: '', lines: 2 });
    expect(stderr).toMatch(sentence);
    expect(existsSync(file)).toBe(false);
  });

  test('interrupted in the middle: nothing is half-written', async () => {
    const controller = new AbortController();
    estate.azure.control.fault({ service: 'gateway', times: 0, kind: 'hang' });
    setTimeout(() => controller.abort(), 300);
    const file = join(estate.folder, 'report.json');
    const outcome = await estate.run(['verify', '--manifest', estate.manifestFile(), '--format', `json=${file}`], {
      signal: controller.signal,
    });
    expect(outcome).toEqual({
      status: 1,
      stdout: '',
      stderr: 'apim-oauth: interrupted; nothing more was asked and no file was written\n',
    });
    expect(existsSync(file)).toBe(false);
  });

  test.each([
    [[], ['--manifest is missing; give the output of terraform output -json, or - for standard input']],
    [
      ['--manifest', 'm', '--concurrency', '0', '--timeout', 'x', '--wait', '-1'],
      [
        '--concurrency: must be a whole number from 1 to 64; leave it out for 8',
        '--timeout: must be a whole number from 1 to 86400; leave it out for 10',
        '--wait: must be a whole number from 0 to 86400; leave it out for 0',
      ],
    ],
    [['--manifest', 'm', '--format', 'pdf'], ['--format pdf is not a format; give one of text, json, junit']],
    [
      ['--manifest', 'm', '--format', 'text', '--json'],
      ['the formats text and json would both go to standard output; give all but one a file, as in --format json=FILE'],
    ],
    [
      ['--manifest', 'm', '--format', 'text=a', '--format', 'junit=a'],
      ['two formats would go to a; give each a file of its own'],
    ],
    [['--manifest', 'm', '--format', 'junit='], ['--format junit= names no file; write --format junit=FILE']],
  ])('%j', async (args, problems) => {
    const { status, stdout, stderr } = await estate.run(['verify', ...args]);
    expect({ status, stdout, stderr }).toEqual({
      status: 1,
      stdout: '',
      stderr: problems.map((problem) => `apim-oauth: ${problem}\n`).join(''),
    });
  });

  test('names that are in no manifest', async () => {
    expect((await verify(['--application', 'nobody', '--product', 'starter'])).stderr).toBe(
      'apim-oauth: --application nobody: no manifest has it; known are partner, batch\n',
    );
    expect((await verify(['--product', 'gold'])).stderr).toBe(
      'apim-oauth: --product gold: no manifest has it; known are starter, premium\n',
    );
  });
});

describe('--wait', () => {
  test('until Entra has spread the role', async () => {
    await estate.client.arm('DELETE', `${SERVICE}/clientApplications/batch/productLinks/starter`);
    estate.azure.control.configure({ assignmentLag: 700 });
    await estate.client.put(`${SERVICE}/clientApplications/batch/productLinks/starter`, {
      productId: `${SERVICE}/products/starter`,
    });
    expect(await verify(['--application', 'batch', '--product', 'starter', '--wait', '30'])).toMatchObject({
      status: 0,
    });
  });

  test('no longer than that', async () => {
    await estate.client.arm('DELETE', `${SERVICE}/clientApplications/batch/productLinks/starter`);
    expect(await verify(['--application', 'batch', '--product', 'starter', '--wait', '1'])).toMatchObject({
      status: 2,
    });
  });
});

describe('formats', () => {
  test('a table, then the chain of each failure', async () => {
    await estate.client.arm('DELETE', `${SERVICE}/clientApplications/batch/productLinks/starter`);
    const { status, stdout } = await estate.run(['verify', '--manifest', estate.manifestFile()]);
    expect(status).toBe(2);
    const [head = '', first = ''] = stdout.split('\n').map((line) => line.trim().split(/ {2,}/).join(' | '));
    expect(head).toBe(
      'application | product | granted | no-token | garbled-token | forged-token | other-product | not-granted',
    );
    expect(first).toBe('batch | starter | FAILED 403 | ok | ok | ok | skipped');
    expect(stdout).toContain(`
batch on starter: granted failed
  expected  not 401 or 403
  came back the gateway answered 403 (WWW-Authenticate: Bearer authorization_uri="https://login.microsoftonline.com/${TENANT_ID}", error="insufficient_scope")
  because   the token has no role: the role assignment is missing, or Entra has not replicated it yet
  declared  contoso/starter (main.ts:31) and contoso/batch (main.ts:44)
  do        grant the product to the application and apply; after an apply give --wait 300
`);
    expect(stdout).toMatch(/skipped 1: the application has no other product\n\n14 passed, 1 failed, 1 skipped\n$/);
  });

  test('JUnit', async () => {
    await estate.client.arm('DELETE', `${SERVICE}/clientApplications/batch/productLinks/starter`);
    const file = join(estate.folder, 'report.xml');
    const { stdout } = await estate.run([
      'verify',
      '--manifest',
      estate.manifestFile(),
      '--format',
      `junit=${file}`,
      '--json',
    ]);
    expect(JSON.parse(stdout)).toMatchObject({ passed: 14, failed: 1, skipped: 1 });
    const document = new DOMParser().parseFromString(readFileSync(file, 'utf8'), 'text/xml');
    const root = document.documentElement!;
    expect(['tests', 'failures', 'skipped'].map((name) => root.getAttribute(name))).toEqual(['16', '1', '1']);
    const suites = Array.from(document.getElementsByTagName('testsuite')).map(
      (suite) => `${suite.getAttribute('name')} ${suite.getAttribute('tests')} ${suite.getAttribute('failures')}`,
    );
    expect(suites).toEqual(['partner 10 0', 'batch 6 1']);
    const [failure] = Array.from(document.getElementsByTagName('failure'));
    expect((failure!.parentNode as any).getAttribute('name')).toBe('starter: granted');
    expect(failure!.getAttribute('message')).toContain('the token has no role');
  });
});

test('manifests of several stacks: a product of one is tried with the applications of the other', async () => {
  const platform = { version: 1, applications: { partner: estate.manifest.applications.partner } };
  const team = { version: 1, applications: { batch: estate.manifest.applications.batch } };
  const args = [
    'verify',
    '--manifest',
    estate.file('platform.json', platform),
    '--manifest',
    estate.file('team.json', team),
    '--json',
  ];
  const { status, stdout } = await estate.run(args);
  const found = JSON.parse(stdout);
  expect(status).toBe(0);
  expect(found.checks.at(-1)).toMatchObject({
    application: 'batch',
    product: 'premium',
    check: 'not-granted',
    ok: true,
    manifest: join(estate.folder, 'team.json'),
  });
});

test('200 applications on 5 products: no more requests than checks and tokens', async () => {
  const tenant = new SigningTenant();
  await tenant.start();
  try {
    const file = estate.file('wide.json', tenant.manifest(200, 5));
    const { status, stdout } = await estate.run([
      'verify',
      '--manifest',
      file,
      '--json',
      '--assertion-file',
      estate.file('a.jwt', 'a.b.c'),
    ]);
    const { passed, failed, skipped } = JSON.parse(stdout);
    expect({ status, passed, failed, skipped }).toEqual({ status: 0, passed: 5000, failed: 0, skipped: 0 });
    const tokens = tenant.requests.filter((request) => request.startsWith('POST ')).length;
    const calls = tenant.requests.length - tokens;
    // with its token once for each application and product, two forged, one of another product; the rest once for a product
    expect({ tokens, calls }).toEqual({ tokens: 1000, calls: 1000 + 2000 + 1000 + 2 * 5 });
    expect(tokens + calls).toBeLessThanOrEqual(5000 + 1000);
  } finally {
    await tenant.stop();
  }
  // 5,000 requests on one machine, which may be busy with other tests
}, 300_000);
