import { createPrivateKey, createPublicKey, randomBytes, sign, verify, X509Certificate } from 'node:crypto';
import { pfx, readPfx, thumbprint } from '../certificates';
import { DEPLOYER, Landscape, LocalAzure, startLocalAzure } from '../index';
import { JsonObject } from '../json';
import { Client, VAULT_URL } from '../support';

let azure: LocalAzure;
let client: Client;
let landscape: Landscape;

beforeAll(async () => {
  azure = await startLocalAzure();
});

beforeEach(() => {
  azure.control.configure({ clockOffset: 0, vaultPermissions: false, certificateTime: 0, vaultPageSize: 25 });
  azure.cloud.store.clear();
  azure.cloud.vaults.clear();
  client = new Client(azure);
  landscape = new Landscape(azure);
  landscape.vault('contoso-vault');
});

afterAll(async () => azure.close());

const POLICY = {
  issuer: { name: 'Self' },
  key_props: { exportable: true, kty: 'RSA', key_size: 2048, reuse_key: false },
  secret_props: { contentType: 'application/x-pkcs12' },
  x509_props: { subject: 'CN=partner', validity_months: 6 },
};

const create = async (policy: JsonObject = POLICY): Promise<JsonObject> => {
  const { status, json } = await client.vault('POST', '/certificates/partner/create', {
    policy,
    tags: { owner: 'ada' },
  });
  expect(status).toBe(202);
  return json;
};

test('a certificate that the vault makes: pending, then done, with its key and its secret', async () => {
  azure.control.configure({ certificateTime: 60_000 });
  expect(await create()).toMatchObject({ status: 'inProgress', id: `${VAULT_URL}/certificates/partner/pending` });
  expect((await client.vault('GET', '/certificates/partner')).status).toBe(404);
  azure.control.configure({ certificateTime: 0, clockOffset: 61_000 });
  expect((await client.vault('GET', '/certificates/partner/pending')).json).toMatchObject({
    status: 'completed',
    target: `${VAULT_URL}/certificates/partner`,
  });

  const { json } = await client.vault('GET', '/certificates/partner');
  const certificate = new X509Certificate(Buffer.from(String(json.cer), 'base64'));
  expect(certificate.subject).toBe('CN=partner');
  expect(json).toMatchObject({
    x5t: thumbprint(certificate.raw, 'sha1').toString('base64url'),
    tags: { owner: 'ada' },
    policy: { x509_props: { validity_months: 6 } },
  });
  expect(json.attributes.exp).toBe(Math.floor(Date.parse(certificate.validTo) / 1000));
  const months = (Date.parse(certificate.validTo) - Date.now()) / (30.4 * 24 * 3600 * 1000);
  expect(Math.round(months)).toBe(6);

  const secret = (await client.vault('GET', String(json.sid).slice(VAULT_URL.length))).json;
  expect(secret).toMatchObject({ contentType: 'application/x-pkcs12', managed: true });
  const { privateKey, certificate: exported } = readPfx(Buffer.from(String(secret.value), 'base64'));
  expect(new X509Certificate(exported).fingerprint256).toBe(certificate.fingerprint256);
  const content = randomBytes(20);
  expect(verify('sha256', content, certificate.publicKey, sign('sha256', content, createPrivateKey(privateKey)))).toBe(
    true,
  );
});

test('as PEM, and without the key where it may not leave the vault', async () => {
  await create({ ...POLICY, secret_props: { contentType: 'application/x-pem-file' } });
  const pem = String((await client.vault('GET', '/secrets/partner')).json.value);
  expect(pem).toMatch(/^-----BEGIN PRIVATE KEY-----[\s\S]+-----BEGIN CERTIFICATE-----/);
  await create({ ...POLICY, key_props: { ...POLICY.key_props, exportable: false } });
  const { json } = await client.vault('GET', '/secrets/partner');
  expect(new X509Certificate(Buffer.from(String(json.value), 'base64')).subject).toBe('CN=partner');
  expect((await client.vault('GET', '/certificates/partner/versions')).json.value).toHaveLength(2);
});

test.each(['RS256', 'PS256'] as const)(
  'the key signs a digest by %s, and its public part verifies',
  async (algorithm) => {
    await create();
    const { json } = await client.vault('GET', '/certificates/partner');
    const path = String(json.kid).slice(VAULT_URL.length);
    const content = randomBytes(50);
    const digest = Buffer.from(await crypto.subtle.digest('SHA-256', content)).toString('base64url');
    const signed = await client.vault('POST', `${path}/sign`, { alg: algorithm, value: digest });
    const jwk = (await client.vault('GET', path)).json.key as JsonObject;
    const key = createPublicKey({ key: jwk, format: 'jwk' });
    const padding = algorithm === 'PS256' ? { padding: 6, saltLength: 32 } : {};
    expect(verify('sha256', content, { key, ...padding }, Buffer.from(String(signed.json.value), 'base64url'))).toBe(
      true,
    );
    expect((await client.vault('POST', `${path}/sign`, { alg: algorithm, value: 'AAAA' })).status).toBe(400);
    expect((await client.vault('POST', `${path}/sign`, { alg: 'ES256', value: digest })).status).toBe(400);
  },
);

test('a certificate is imported, by PFX and by PEM, and refused where it is neither', async () => {
  landscape.vaultCertificate('contoso-vault', 'x');
  const { certificate, privateKey } = azure.cloud.vaults.get('contoso-vault')!.certificates.get('x')![0];
  const imported = async (body: JsonObject): Promise<number> =>
    (await client.vault('POST', '/certificates/imported/import', body)).status;
  const content = pfx(createPrivateKey(privateKey), certificate, 'secret').toString('base64');
  expect(await imported({ value: content, pwd: 'secret' })).toBe(200);
  expect(await imported({ value: content, pwd: 'wrong' })).toBe(400);
  expect(await imported({ value: `${privateKey}${certificate}` })).toBe(200);
  expect(await imported({ value: 'AAAA' })).toBe(400);
  const { json } = await client.vault('GET', '/certificates/imported');
  expect(json.policy).toMatchObject({
    issuer: { name: 'Unknown' },
    secret_props: { contentType: 'application/x-pem-file' },
  });
});

test('deleted certificates are recovered or purged, and hold their name until then', async () => {
  await create();
  expect((await client.vault('DELETE', '/certificates/partner')).json.recoveryId).toBe(
    `${VAULT_URL}/deletedcertificates/partner`,
  );
  expect((await client.vault('GET', '/secrets/partner')).status).toBe(404);
  expect((await client.vault('POST', '/certificates/partner/create', { policy: POLICY })).status).toBe(409);
  await client.vault('POST', '/deletedcertificates/partner/recover');
  expect((await client.vault('GET', '/secrets/partner')).status).toBe(200);
  await client.vault('DELETE', '/certificates/partner');
  expect((await client.vault('DELETE', '/deletedcertificates/partner')).status).toBe(204);
  expect((await client.vault('GET', '/deletedcertificates/partner')).status).toBe(404);
  await create();
});

test('secrets are listed page by page, without values', async () => {
  azure.control.configure({ vaultPageSize: 2 });
  for (const name of ['a', 'b', 'c', 'd', 'e']) {
    landscape.vaultSecret('contoso-vault', name, `value of ${name}`);
  }
  const names: string[] = [];
  let url: string | null = `${VAULT_URL}/secrets?api-version=7.4`;
  while (url !== null) {
    const { json, text } = await azure.request('GET', url);
    expect(text).not.toContain('value of');
    names.push(...(json.value as JsonObject[]).map(({ id }) => String(id).split('/').pop()!));
    url = json.nextLink as string | null;
  }
  expect(names).toEqual(['a', 'b', 'c', 'd', 'e']);
});

test('a disabled secret is not read', async () => {
  landscape.vaultSecret('contoso-vault', 'a', 'x');
  await client.vault('PATCH', '/secrets/a', { attributes: { enabled: false } });
  expect(await client.vault('GET', '/secrets/a')).toMatchObject({
    status: 403,
    json: { error: { code: 'Forbidden' } },
  });
});

describe('permissions', () => {
  const id = (): string => landscape.vault('contoso-vault');
  const outcomes = async (): Promise<number[]> => {
    const calls: [string, string, object?][] = [
      ['GET', '/secrets/a'],
      ['GET', '/secrets'],
      ['PUT', '/secrets/b', { value: 'x' }],
      ['GET', '/certificates'],
    ];
    const answered = [];
    for (const [method, path, body] of calls) {
      answered.push((await client.vault(method, path, body)).status);
    }
    return answered;
  };

  beforeEach(() => {
    landscape.vaultSecret('contoso-vault', 'a', 'x');
    azure.control.configure({ vaultPermissions: true });
  });

  test('by access policy', async () => {
    expect(await outcomes()).toEqual([403, 403, 403, 403]);
    const policy = { tenantId: 'x', objectId: DEPLOYER.objectId, permissions: { secrets: ['Get', 'List'] } };
    await client.arm('PUT', `${id()}/accessPolicies/add`, { properties: { accessPolicies: [policy] } }, '2023-07-01');
    expect(await outcomes()).toEqual([200, 200, 403, 403]);
    await client.arm(
      'PUT',
      `${id()}/accessPolicies/remove`,
      { properties: { accessPolicies: [policy] } },
      '2023-07-01',
    );
    expect(await outcomes()).toEqual([403, 403, 403, 403]);
  });

  test.each([
    ['Key Vault Secrets User', [200, 200, 403, 403]],
    ['Key Vault Secrets Officer', [200, 200, 200, 403]],
    ['Key Vault Reader', [403, 200, 403, 200]],
    ['Key Vault Administrator', [200, 200, 200, 200]],
    ['Owner', [403, 403, 403, 403]],
  ])('by the role %s', async (role, expected) => {
    azure.control.change(id(), { properties: { enableRbacAuthorization: true } });
    landscape.azureRole(DEPLOYER.objectId, role, id());
    expect(await outcomes()).toEqual(expected);
  });

  test('a role takes its time', async () => {
    azure.control.configure({ permissionLag: 60_000 });
    azure.control.change(id(), { properties: { enableRbacAuthorization: true } });
    landscape.azureRole(DEPLOYER.objectId, 'Key Vault Administrator', id());
    expect(await outcomes()).toEqual([403, 403, 403, 403]);
    azure.control.configure({ permissionLag: 0 });
    expect(await outcomes()).toEqual([200, 200, 200, 200]);
  });
});
