import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GITHUB_ACTIONS, managedIdentityEnvironment, TENANT_ID } from '../../test/azure';
import { newCertificate, newKeyPair, pfx, pkcs8, type KeyPair } from '../../test/azure/certificates';
import { Estate, VAULT } from './azure/estate';

const KUBERNETES = 'https://oidc.prod-aks.azure.com/cluster';
const JOB = 'repo:contoso/orders:ref:refs/heads/main';
const DAY = 86_400_000;

let estate: Estate;
let clientId: string;
let keys: KeyPair;
let certificate: string;
let vaultSecret: string;
const told: string[] = [];

beforeAll(async () => {
  estate = await Estate.start();
  const [starter, premium] = [await estate.product('starter'), await estate.product('premium')];
  await estate.application('partner', { starter, premium });
  clientId = estate.manifest.applications.partner.clientId;
  vaultSecret = await estate.storeSecret('partner');

  keys = await newKeyPair();
  const validity = { notBefore: new Date(Date.now() - DAY), notAfter: new Date(Date.now() + DAY) };
  certificate = newCertificate({ commonName: 'batch', keys, ...validity });
  const batch = await estate.entraClient('batch', { starter }, { kind: 'developerPortal' });
  await estate.addCertificate(batch.objectId, certificate);

  const nightly = await estate.entraClient(
    'nightly',
    { starter },
    { kind: 'keyVaultCertificate', keyVaultId: VAULT, certificateName: 'nightly' },
  );
  await estate.client.vault('POST', '/certificates/nightly/create', {
    policy: {
      issuer: { name: 'Self' },
      x509_props: { subject: 'CN=nightly' },
      key_props: { exportable: true, kty: 'RSA', key_size: 2048 },
    },
  });
  const made = (await estate.client.vault('GET', '/certificates/nightly')).json;
  await estate.addCertificate(nightly.objectId, String(made.cer));

  const actions = await estate.entraClient(
    'actions',
    { starter },
    { kind: 'federated', issuer: GITHUB_ACTIONS, subject: JOB, audiences: ['api://AzureADTokenExchange'] },
  );
  await estate.trust(actions.objectId, GITHUB_ACTIONS, JOB);

  estate.azure.cloud.issuers.add(KUBERNETES, keys);
  const pod = await estate.entraClient(
    'pod',
    { starter },
    {
      kind: 'federated',
      issuer: KUBERNETES,
      subject: 'system:serviceaccount:orders:import',
      audiences: ['api://AzureADTokenExchange'],
    },
  );
  await estate.trust(pod.objectId, KUBERNETES, 'system:serviceaccount:orders:import');

  const identity = await estate.client.put(
    `/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/group/providers/Microsoft.ManagedIdentity/userAssignedIdentities/importer`,
    {},
    { location: 'westeurope' },
    '2023-01-31',
  );
  const issuer = `https://login.microsoftonline.com/${TENANT_ID}/v2.0`;
  const { principalId } = identity.properties as { principalId: string };
  const importer = await estate.entraClient(
    'importer',
    { starter },
    { kind: 'federated', issuer, subject: principalId, audiences: ['api://AzureADTokenExchange'] },
  );
  await estate.trust(importer.objectId, issuer, principalId);
}, 120_000);
afterAll(async () => {
  expect(estate.azure.cloud.notUnderstood).toEqual([]);
  await estate.close();
});
afterEach(() => {
  estate.azure.control.clearFaults();
  estate.azure.control.configure({ vaultPermissions: false, clockOffset: 0, connectStatus: 200 });
});

async function token(application: string, args: readonly string[] = [], environment: Record<string, string> = {}) {
  const found = await estate.run(
    ['token', '--manifest', estate.manifestFile(), '--application', application, '--product', 'starter', ...args],
    { environment },
  );
  if (!args.includes('--raw')) {
    told.push(found.stdout, found.stderr);
  }
  return found;
}

async function rolesOf(application: string, args: readonly string[] = [], environment: Record<string, string> = {}) {
  const { status, stdout, stderr } = await token(application, ['--json', ...args], environment);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(stdout).claims.roles;
}

describe('what is printed', () => {
  test('claims, expiry, and which role lets in', async () => {
    const { status, stdout, stderr } = await token('partner');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(
      new RegExp(
        `^application  partner \\(${clientId}\\)\nproduct      starter\nscope        api://[0-9a-f-]{36}/\\.default\nexpires      \\S+Z \\(in (60|59) minutes\\)\n\nclaims\n`,
      ),
    );
    expect(stdout).toMatch(/^ {2}roles +\["Product\.starter\.All"\]$/m);
    expect(stdout).toMatch(/^ {2}exp +\d+ \(\d{4}-\d\d-\d\dT[\d:.]+Z\)$/m);
    expect(stdout).toMatch(/\naccess\n {2}Product\.starter\.All gives access to product starter\n$/);
  });

  test('JSON by its schema', async () => {
    const { stdout } = await token('partner', ['--json']);
    const ajv = new Ajv2020();
    addFormats(ajv);
    const schema = JSON.parse(readFileSync(join(__dirname, '../schema/token-1.schema.json'), 'utf8'));
    const found = JSON.parse(stdout);
    expect([ajv.validate(schema, found), ajv.errors]).toEqual([true, null]);
    expect(found).toMatchObject({
      version: 1,
      application: 'partner',
      product: 'starter',
      scope: expect.stringMatching(/^api:.*default$/),
      claims: { appid: clientId },
    });
    expect(Date.parse(found.expiresOn)).toBe(found.claims.exp * 1000);
  });

  test('the token and nothing else', async () => {
    const { stdout } = await token('partner', ['--raw']);
    expect(stdout).toMatch(/^eyJ[\w-]+\.[\w-]+\.[\w-]+\n$/);
    const answer = await estate.client.call('/starter/resource', { authorization: `Bearer ${stdout.trim()}` });
    expect(answer.status).toBe(200);
  });

  test('a call that fetches the secret from the vault and asks for nothing now', async () => {
    const before = estate.requests().length;
    const { scope } = estate.manifest.applications.partner.products.starter;
    expect(await token('partner', ['--curl'])).toEqual({
      status: 0,
      stderr: '',
      stdout: `az keyvault secret show --vault-name contoso-vault --name partner --query value --output tsv |
  tr -d '\\r\\n' |
  curl --silent --show-error \\
      --data grant_type=client_credentials \\
      --data client_id=${clientId} \\
      --data-urlencode 'scope=${scope}' \\
      --data-urlencode client_secret@- \\
      https://login.microsoftonline.com/${TENANT_ID}/oauth2/v2.0/token |
  jq --raw-output '"Authorization: Bearer " + .access_token' |
  curl --silent --show-error --include --header @- https://contoso-apim.azure-api.net/starter/resource
`,
    });
    expect(estate.requests()).toHaveLength(before);
  });

  test.each([
    [['--secret-env', 'CLIENT_SECRET'], /^printenv CLIENT_SECRET \|\n/],
    [
      ['--assertion-file', "/tmp/it's"],
      /^apim-oauth token --manifest \S+ --application partner --product starter --assertion-file '\/tmp\/it'\\''s' --raw \|\n {2}sed 's\/\^\/Authorization: Bearer \/' \|\n/,
    ],
  ])('a call with %j', async (args, beginning) => {
    expect((await token('partner', ['--curl', ...args])).stdout).toMatch(beginning);
  });

  test('no role', async () => {
    const outsider = await estate.entraClient(
      'outsider',
      { starter: estate.manifest.applications.partner.products.starter },
      { kind: 'developerPortal' },
    );
    const principal = (await estate.client.graph('GET', `/servicePrincipals(appId='${outsider.clientId}')`)).json.id;
    const { value } = (await estate.client.graph('GET', `/servicePrincipals/${principal}/appRoleAssignments`)).json;
    for (const { id } of value) {
      await estate.client.graph('DELETE', `/servicePrincipals/${principal}/appRoleAssignments/${id}`);
    }
    await estate.addCertificate(outsider.objectId, certificate);
    const { stdout } = await token('outsider', [
      '--certificate',
      estate.file('c.pem', pkcs8(keys.privateKey) + certificate),
    ]);
    expect(stdout).toMatch(
      /\naccess\n {2}the token has no role, so product starter refuses it: grant the product to the application and apply\n$/,
    );
    delete estate.manifest.applications.outsider;
  });
});

describe('credentials', () => {
  test('the secret in the vault', async () => {
    expect(await rolesOf('partner')).toEqual(['Product.starter.All']);
  });

  test('a secret in a variable', async () => {
    const before = estate.requests('vault').length;
    expect(await rolesOf('partner', ['--secret-env', 'CLIENT_SECRET'], { CLIENT_SECRET: vaultSecret })).toEqual([
      'Product.starter.All',
    ]);
    expect(estate.requests('vault')).toHaveLength(before);
  });

  test('a certificate in PEM, in PFX, each with and without a password', async () => {
    const encrypted = keys.privateKey
      .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'hunter2' })
      .toString();
    const files: readonly (readonly [string, string | Buffer, readonly string[]])[] = [
      ['a.pem', certificate + pkcs8(keys.privateKey), []],
      ['b.pem', encrypted + certificate, ['--certificate-password-env', 'PASSWORD']],
      ['c.pfx', pfx(keys.privateKey, certificate), []],
      ['d.pfx', pfx(keys.privateKey, certificate, 'hunter2'), ['--certificate-password-env', 'PASSWORD']],
    ];
    for (const [name, content, args] of files) {
      const given = ['--certificate', estate.file(name, content), ...args];
      expect(await rolesOf('batch', given, { PASSWORD: 'hunter2' })).toEqual(['Product.starter.All']);
    }
  });

  test('a certificate in the vault signs there', async () => {
    const before = estate.requests('vault').length;
    expect(await rolesOf('nightly')).toEqual(['Product.starter.All']);
    expect(estate.requests('vault').slice(before)).toEqual([
      'GET /certificates/nightly',
      expect.stringMatching(/^POST \/keys\/nightly\/[0-9a-f]+\/sign$/),
    ]);
  });

  test('a certificate in the vault is exported where the login may not sign', async () => {
    estate.azure.control.configure({ vaultPermissions: true });
    await permissions({ certificates: ['get'], secrets: ['get'] });
    const before = estate.requests('vault').length;
    expect(await rolesOf('nightly')).toEqual(['Product.starter.All']);
    expect(estate.requests('vault').slice(before)).toEqual([
      'GET /certificates/nightly',
      expect.stringMatching(/sign$/),
      'GET /secrets/nightly',
    ]);
  });

  test.each([[[]], [['--github-actions']]])('the token of a GitHub Actions job, with %j', async (args) => {
    expect(await rolesOf('actions', args, estate.azure.control.gitHubJob(JOB))).toEqual(['Product.starter.All']);
  });

  test('a federated token in a file, given or of a workload identity', async () => {
    const assertion = estate.azure.control.assertion(KUBERNETES, {
      sub: 'system:serviceaccount:orders:import',
      aud: 'api://AzureADTokenExchange',
    });
    const file = estate.file('assertion.jwt', `${assertion}\n`);
    expect(await rolesOf('pod', ['--assertion-file', file])).toEqual(['Product.starter.All']);
    expect(await rolesOf('pod', [], { AZURE_FEDERATED_TOKEN_FILE: file })).toEqual(['Product.starter.All']);
  });

  test('a managed identity', async () => {
    const former = { ...process.env };
    Object.assign(process.env, managedIdentityEnvironment(estate.azure));
    try {
      expect(await rolesOf('importer')).toEqual(['Product.starter.All']);
    } finally {
      delete process.env.IDENTITY_ENDPOINT;
      delete process.env.IDENTITY_HEADER;
      Object.assign(process.env, former);
    }
  });

  test('the next credential where the first cannot be had here', async () => {
    const { credential } = estate.manifest.applications.partner;
    estate.manifest.applications.partner.credential = { kind: 'developerPortal', others: [credential] };
    expect(await rolesOf('partner')).toEqual(['Product.starter.All']);
    estate.manifest.applications.partner.credential = credential;
  });

  test('without a manifest', async () => {
    const { scope } = estate.manifest.applications.partner.products.starter;
    const args = [
      'token',
      '--tenant',
      TENANT_ID,
      '--client-id',
      clientId,
      '--scope',
      scope,
      '--secret-env',
      'CLIENT_SECRET',
    ];
    const { status, stdout } = await estate.run([...args, '--json'], { environment: { CLIENT_SECRET: vaultSecret } });
    expect({ status, found: JSON.parse(stdout) }).toMatchObject({
      status: 0,
      found: { version: 1, scope, claims: { appid: clientId } },
    });
    expect(JSON.parse(stdout)).not.toHaveProperty('application');
    const text = await estate.run(args, { environment: { CLIENT_SECRET: vaultSecret } });
    expect(text.stdout).toContain(`Product.starter.All gives access to ${scope.replace('/.default', '')}\n`);
  });

  test('the manifest from standard input', async () => {
    const { status } = await estate.run(
      ['token', '--manifest', '-', '--application', 'partner', '--product', 'starter'],
      {
        stdin: JSON.stringify(estate.manifest),
      },
    );
    expect(status).toBe(0);
  });
});

async function permissions(granted: Record<string, readonly string[]>): Promise<void> {
  await estate.client.arm(
    'PUT',
    VAULT,
    {
      location: 'westeurope',
      properties: {
        tenantId: TENANT_ID,
        sku: { family: 'A', name: 'standard' },
        accessPolicies: [
          { tenantId: TENANT_ID, objectId: '44444444-4444-4444-8444-444444444444', permissions: granted },
        ],
      },
    },
    '2023-07-01',
  );
}

describe('what goes wrong is one sentence', () => {
  const fails = async (application: string, args: readonly string[] = [], environment: Record<string, string> = {}) => {
    const { status, stdout, stderr } = await token(application, args, environment);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    return stderr;
  };

  test.each([
    [
      'no permission on the vault',
      { secrets: ['list'] },
      'partner',
      'apim-oauth: application partner: contoso-vault.vault.azure.net: the login may not read secret partner; it needs Key Vault Secrets User (or the secret permission Get), which takes minutes to have effect\n',
    ],
    [
      'no permission on the certificate',
      { secrets: ['list'] },
      'nightly',
      'apim-oauth: application nightly: contoso-vault.vault.azure.net: the login may not read certificate nightly; it needs Key Vault Certificate User (or the certificate permission Get), which takes minutes to have effect; or, to sign with the exported certificate, Key Vault Secrets User\n',
    ],
  ])('%s', async (_, granted, application, sentence) => {
    estate.azure.control.configure({ vaultPermissions: true });
    await permissions(granted);
    expect(await fails(application)).toBe(sentence);
  });

  test.each([
    [7000215, 'the client secret is wrong'],
    [7000222, 'the client secret has expired'],
    [700016, 'the tenant has no application with this client id'],
    [53003, 'a conditional access policy blocks the token'],
    [90002, 'the tenant does not exist in this cloud'],
    [1002012, 'the scope of an application’s token must end in /.default'],
  ])('AADSTS%d', async (aadsts, meaning) => {
    estate.azure.control.fault({ service: 'login', kind: 'signIn', aadsts });
    const sentence = await fails('partner', ['--secret-env', 'CLIENT_SECRET'], { CLIENT_SECRET: vaultSecret });
    expect(sentence).toMatch(new RegExp(`^apim-oauth: application partner: ${meaning} \\(AADSTS${aadsts}\\); .+\n$`));
  });

  test('a code that nobody explained', async () => {
    estate.azure.control.fault({ service: 'login', kind: 'signIn', aadsts: 90094 });
    expect(await fails('partner', ['--secret-env', 'CLIENT_SECRET'], { CLIENT_SECRET: vaultSecret })).toMatch(
      /^apim-oauth: application partner: Entra refused a token with AADSTS90094 \(\w+\); look the code up at https:\/\/login\.microsoftonline\.com\/error\?code=90094\n$/,
    );
  });

  test('a clock that is ten minutes off', async () => {
    estate.azure.control.configure({ clockOffset: 20 * 60_000 });
    const args = ['--certificate', estate.file('a.pem', certificate + pkcs8(keys.privateKey))];
    expect(await fails('batch', args)).toBe(
      'apim-oauth: application batch: the assertion is outside of its lifetime (AADSTS700024), and the clock of this machine is 20 minutes behind that of login.microsoftonline.com; set the clock of this machine, or make a new assertion\n',
    );
    estate.azure.control.configure({ clockOffset: 10 * 60_000 });
    const { status, stderr } = await token('partner', ['--secret-env', 'CLIENT_SECRET'], {
      CLIENT_SECRET: vaultSecret,
    });
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr:
        'apim-oauth: the clock of this machine is 10 minutes behind that of login.microsoftonline.com; set it, since gateways and Entra refuse tokens from another time\n',
    });
  });

  test.each([
    [
      'html',
      'login.microsoftonline.com: returned a web page instead of JSON (status 200), so a proxy or a sign-in page answered; check HTTPS_PROXY and the network',
    ],
    [
      'half',
      'login.microsoftonline.com: the connection broke off before the answer was complete; check the network and any proxy, then try again',
    ],
    [
      'reset',
      'login.microsoftonline.com: the connection broke off before the answer was complete; check the network and any proxy, then try again',
    ],
  ] as const)('Entra answers by %s', async (kind, sentence) => {
    estate.azure.control.fault({ service: 'login', kind, times: 0, ...(kind === 'html' ? { status: 200 } : {}) });
    expect(await fails('partner', ['--secret-env', 'CLIENT_SECRET'], { CLIENT_SECRET: vaultSecret })).toBe(
      `apim-oauth: ${sentence}\n`,
    );
  });

  test('a proxy that demands a login', async () => {
    estate.azure.control.configure({ connectStatus: 407 });
    expect(await fails('partner')).toMatch(/^apim-oauth: the proxy 127\.0\.0\.1:\d+ demands a login \(407\); /);
  });

  test('a certificate authority that nobody trusts', async () => {
    expect(await fails('partner', [], { NODE_EXTRA_CA_CERTS: '' })).toMatch(
      /^apim-oauth: login\.microsoftonline\.com: its certificate is not trusted \(\w+\); where a proxy inspects TLS, name its certificate authority in NODE_EXTRA_CA_CERTS\n$/,
    );
  });

  test('a login with a wrong secret, and none', async () => {
    process.env.AZURE_CLIENT_SECRET = 'wrong';
    expect(await fails('partner')).toBe(
      'apim-oauth: Azure login: the client secret is wrong (AADSTS7000215); check AZURE_TENANT_ID, AZURE_CLIENT_ID and the credential in the variables, or sign in with az login\n',
    );
    process.env.AZURE_CLIENT_SECRET = '';
    process.env.AZURE_TOKEN_CREDENTIALS = 'EnvironmentCredential';
    expect(await fails('partner')).toMatch(
      /^apim-oauth: Azure login: there is none, or it expired; sign in with az login, /,
    );
    process.env.AZURE_CLIENT_SECRET = 'deployer-secret';
    delete process.env.AZURE_TOKEN_CREDENTIALS;
  });

  test('a credential that is in no vault, or elsewhere', async () => {
    expect(await fails('batch')).toBe(
      'apim-oauth: application batch: its secret is in no vault, and only its owner can make one in the developer portal; give it with --secret-env, or declare storeClientSecret\n',
    );
    expect(await fails('actions')).toBe(
      `apim-oauth: application actions: its credential is federated, for subject ${JOB} of ${GITHUB_ACTIONS}; run this where that identity is, or give --assertion-file\n`,
    );
    expect(await fails('actions', ['--github-actions'])).toBe(
      'apim-oauth: application actions: GitHub gives no token here; run this in a job of GitHub Actions that has permissions: id-token: write\n',
    );
    const gone = estate.manifest.applications.partner.credential;
    estate.manifest.applications.partner.credential = { ...gone, secretName: 'gone' };
    expect(await fails('partner')).toBe(
      'apim-oauth: contoso-vault.vault.azure.net: there is nothing to read secret gone (404 SecretNotFound); check the id, and that the login is of the right tenant and subscription\n',
    );
    estate.manifest.applications.partner.credential = { kind: 'somethingNew' };
    expect(await fails('partner')).toBe(
      'apim-oauth: application partner: its credential (somethingNew) cannot be read by this tool; give --secret-env, --certificate, --assertion-file or --github-actions\n',
    );
    estate.manifest.applications.partner.credential = gone;
  });

  test('a job of another repository', async () => {
    expect(
      await fails('actions', [], estate.azure.control.gitHubJob('repo:contoso/other:ref:refs/heads/main')),
    ).toMatch(
      /^apim-oauth: application actions: no federated credential has the subject of the assertion \(AADSTS700213\); compare the subject of the assertion with the declared credential/,
    );
  });

  test('interrupted', async () => {
    const controller = new AbortController();
    controller.abort();
    expect(
      await estate.run(
        ['token', '--manifest', estate.manifestFile(), '--application', 'partner', '--product', 'starter'],
        { signal: controller.signal },
      ),
    ).toEqual({
      status: 1,
      stdout: '',
      stderr: 'apim-oauth: interrupted; nothing more was asked and no file was written\n',
    });
  });
});

describe('certificates that are wrong', () => {
  test.each([
    [
      'no key',
      () => certificate,
      {},
      'it contains no private key; give both, the key and the certificate, in one file',
    ],
    [
      'no certificate',
      () => pkcs8(keys.privateKey),
      {},
      'it contains no certificate; give both, the key and the certificate, in one file',
    ],
    [
      'damaged',
      () => `-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n${certificate}`,
      {},
      'the key or the certificate is damaged; check the file',
    ],
    [
      'encrypted, and no password',
      () =>
        keys.privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }).toString() +
        certificate,
      {},
      'the private key is encrypted; give --certificate-password-env',
    ],
    ['neither', () => Buffer.from([1, 2, 3]), {}, 'this is neither PEM nor PFX; give a certificate with its key'],
    [
      'a PFX with another password',
      () => pfx(keys.privateKey, certificate, 'x'),
      { PASSWORD: 'hunter2' },
      'the PFX cannot be opened with this password; check --certificate-password-env',
    ],
    [
      'a PFX with a password, and none',
      () => pfx(keys.privateKey, certificate, 'x'),
      {},
      'the PFX cannot be opened without a password; check --certificate-password-env',
    ],
  ])('%s', async (_, content, environment, sentence) => {
    const args = [
      '--certificate',
      estate.file('c', content()),
      ...('PASSWORD' in environment ? ['--certificate-password-env', 'PASSWORD'] : []),
    ];
    const { status, stderr } = await token('batch', args, environment as Record<string, string>);
    expect({ status, stderr }).toEqual({ status: 1, stderr: `apim-oauth: c: ${sentence}\n` });
  });

  test('the key of another certificate', async () => {
    const other = await newKeyPair();
    const { stderr } = await token('batch', ['--certificate', estate.file('c', pkcs8(other.privateKey) + certificate)]);
    expect(stderr).toBe('apim-oauth: c: the key does not belong to the certificate; give a pair\n');
  });
});

describe('options that are wrong', () => {
  test.each([
    [
      [],
      [
        '--manifest is missing; give it with --application and --product, or --tenant, --client-id and --scope',
        'no credential is given; give --secret-env, --certificate, --assertion-file or --github-actions',
      ],
    ],
    [
      ['--tenant', 'x'],
      [
        '--client-id and --scope missing; give --tenant, --client-id and --scope, or --manifest',
        '--tenant: this is neither a tenant id nor a domain name',
        'no credential is given; give --secret-env, --certificate, --assertion-file or --github-actions',
      ],
    ],
    [
      ['--manifest', 'm', '--scope', 'x', '--raw', '--json'],
      [
        '--scope: the manifest says that already; leave it out',
        '--application is missing; give the name of an application of the manifest',
        '--product is missing; give the id of a product of the application',
        '--raw and --json are given; give one of them',
      ],
    ],
    [
      ['--manifest', 'm', '--application', 'a', '--product', 'p', '--secret-env', 'A', '--certificate', 'B'],
      ['--secret-env and --certificate are given; give one credential'],
    ],
    [
      ['--manifest', 'm', '--application', 'a', '--product', 'p', '--certificate-password-env', 'A'],
      ['--certificate-password-env is given without --certificate; give both'],
    ],
    [
      ['--manifest', '/nowhere/m', '--application', 'a', '--product', 'p'],
      ['/nowhere/m: there is no such file; write it with terraform output -json > FILE'],
    ],
    [['--cloud', 'mars'], ['--cloud mars is not a cloud; give one of public, usgov, china']],
    [
      ['--tenant', TENANT_ID, '--client-id', 'x', '--scope', 'a b', '--curl', '--secret-env', 'X'],
      [
        '--client-id: this is not a client id, which is a GUID',
        '--scope: this is not a scope; give <audience>/.default',
        '--curl needs --manifest, which has the address',
      ],
    ],
    [['--client-secret=hunter2'], ["unknown option '--client-secret'; see apim-oauth token --help"]],
  ])('%j', async (args, problems) => {
    const { status, stdout, stderr } = await estate.run(['token', ...args]);
    expect({ status, stdout, stderr }).toEqual({
      status: 1,
      stdout: '',
      stderr: problems.map((problem) => `apim-oauth: ${problem}\n`).join(''),
    });
  });

  test('names that are not in the manifest', async () => {
    const { stderr } = await estate.run([
      'token',
      '--manifest',
      estate.manifestFile(),
      '--application',
      'nobody',
      '--product',
      'starter',
    ]);
    expect(stderr).toBe(
      'apim-oauth: --application nobody: the manifest has no such application; it has partner, batch, nightly, actions, pod, importer\n',
    );
    const product = await estate.run([
      'token',
      '--manifest',
      estate.manifestFile(),
      '--application',
      'partner',
      '--product',
      'gold',
    ]);
    expect(product.stderr).toBe(
      'apim-oauth: outputs.json: application partner has no product gold; it has starter, premium\n',
    );
  });

  test.each([
    ['CLIENT_SECRET', 'the variable CLIENT_SECRET is not set'],
    ['hunter2~really', 'this is no name of a variable'],
    ['hunter2really', 'this is no name of a variable'],
  ])('a variable that is not there: %s', async (name, problem) => {
    const { stderr } = await token('partner', ['--secret-env', name]);
    expect(stderr).toBe(`apim-oauth: --secret-env: ${problem}; give the name of a variable that contains it\n`);
  });

  test('a product without a path is nothing to call', async () => {
    const { path, ...starter } = estate.manifest.applications.partner.products.starter;
    estate.manifest.applications.partner.products.starter = starter;
    expect((await token('partner', ['--curl'])).stderr).toBe(
      'apim-oauth: outputs.json: product starter has no path, so there is nothing to call; give it a tryPath and apply\n',
    );
    estate.manifest.applications.partner.products.starter = { ...starter, path };
  });
});

test('no secret and no token in anything that was printed', () => {
  const everything = told.join('\n');
  expect(told.length).toBeGreaterThan(60);
  const secrets = [...estate.azure.cloud.directory.secretTexts.values(), vaultSecret, 'hunter2'];
  expect(secrets.filter((secret) => everything.includes(secret))).toEqual([]);
  expect(everything).not.toMatch(/eyJ[\w-]{10,}/);
  expect(everything).not.toContain('PRIVATE KEY');
});
