import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readManifests } from '../src/manifest/read';
import { UserError } from '../src/user-error';

const TENANT = '11111111-1111-4111-8111-111111111111';
const VAULT = '/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/contoso-vault';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'apim-oauth-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const application = (changes: Record<string, unknown> = {}, product: Record<string, unknown> = {}) => ({
  clientId: '00000000-0000-4000-8000-000000000001',
  tenantId: TENANT,
  tokenEndpoint: `https://login.microsoftonline.com/${TENANT}/oauth2/v2.0/token`,
  credential: { kind: 'keyVaultSecret', keyVaultId: VAULT, secretName: 'partner' },
  products: {
    starter: { scope: 'api://x/.default', gatewayUrl: 'https://contoso.azure-api.net', path: '/echo', ...product },
  },
  ...changes,
});
const manifest = (changes: Record<string, unknown> = {}, product: Record<string, unknown> = {}) => ({
  version: 1,
  applications: { partner: application(changes, product) },
});

async function read(content: unknown, stdin?: string) {
  const file = join(folder, 'm.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  const surroundings = { stdout: () => undefined, stderr: () => undefined, environment: {} };
  return stdin === undefined
    ? readManifests([file], surroundings)
    : readManifests(['-'], { ...surroundings, stdin: () => Promise.resolve(Buffer.from(stdin)) });
}

async function problemsOf(content: unknown, stdin?: string): Promise<readonly string[]> {
  try {
    await read(content, stdin);
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return (error as UserError).problems.map((problem) => problem.replaceAll(`${folder}/`, ''));
  }
  return [];
}

test('the output alone, all outputs, under another name, and several in one stack', async () => {
  const output = (value: unknown) => ({ sensitive: false, type: 'dynamic', value });
  const names = async (content: unknown) => (await read(content)).map(({ name }) => name);
  expect(await names(manifest())).toEqual(['partner']);
  expect(await names({ url: output('x'), oauth_access: output(manifest()) })).toEqual(['partner']);
  const other = { version: 1, applications: { batch: application() } };
  expect(await names({ a: output(manifest()), b: output(other) })).toEqual(['partner', 'batch']);
  expect((await read('', JSON.stringify(manifest()))).map(({ file }) => file)).toEqual(['standard input']);
});

test('all that it says', async () => {
  const [found] = await read(
    manifest(
      {
        credential: {
          kind: 'federated',
          issuer: 'i',
          subject: 's',
          audiences: ['a'],
          others: [{ kind: 'keyVaultSecret', keyVaultId: VAULT, secretName: 'partner' }],
        },
        constructPath: 'contoso/partner',
        source: 'main.ts:44',
      },
      {
        authorization: 'gatewayPolicy',
        acceptSubscriptionKey: true,
        appRoleValue: 'Call',
        constructPath: 'contoso/starter',
        source: 'main.ts:31',
      },
    ),
  );
  expect(found).toMatchObject({
    credentials: [
      { kind: 'federated', issuer: 'i', subject: 's', audiences: ['a'] },
      { kind: 'keyVaultSecret', keyVaultId: VAULT, secretName: 'partner' },
    ],
    constructPath: 'contoso/partner',
    products: [
      {
        id: 'starter',
        path: '/echo',
        authorization: 'gatewayPolicy',
        acceptsSubscriptionKey: true,
        appRoleValue: 'Call',
        source: 'main.ts:31',
      },
    ],
  });
});

const WRITE = 'write it with terraform output -json > FILE';
const output = (value: unknown, sensitive = false) => ({ oauth_access: { sensitive, type: 'dynamic', value } });

test.each([
  ['empty', '', `m.json: it is empty; ${WRITE}`],
  ['no JSON', 'Error: hunter2', `m.json: this is not valid JSON; ${WRITE}`],
  ['half of it', '{"version": 1, "applic', 'm.json: the JSON breaks off after 22 characters; make the file again'],
  ['a list', [], `m.json: this is JSON but not the output of terraform; ${WRITE}`],
  [
    'a plan',
    { format_version: '1.2', resource_changes: [] },
    `m.json: this is a plan or a state, not the outputs of a stack; ${WRITE}`,
  ],
  [
    'a state',
    { version: 4, lineage: 'x', outputs: {} },
    `m.json: this is a plan or a state, not the outputs of a stack; ${WRITE}`,
  ],
  ['no output', {}, `m.json: no output is in it; declare an AccessManifest, apply the stack, then ${WRITE}`],
  [
    'other outputs',
    { url: { sensitive: false, value: 'x' } },
    `m.json: none of the outputs url is an access manifest; declare an AccessManifest, apply the stack, then ${WRITE}`,
  ],
  [
    'a sensitive output',
    output(manifest(), true),
    'm.json: output oauth_access is sensitive, and a manifest is printed; declare it by AccessManifest, which contains no secret',
  ],
  [
    'a newer version',
    output({ version: 2, applications: {} }),
    'm.json: the version of the manifest is 2, this tool reads 1; use a newer version of apim-oauth',
  ],
  [
    'an older version',
    { version: 0, applications: {} },
    'm.json: the version of the manifest is 0, this tool reads 1; apply the stack with the current version of cdktf-apim-oauth',
  ],
  [
    'a version that is none',
    { version: 'hunter2', applications: {} },
    'm.json: the version of the manifest is no number, this tool reads 1; apply the stack with the current version of cdktf-apim-oauth',
  ],
  [
    'no application',
    { version: 1, applications: {} },
    `m.json: the manifest has no application; apply the stack, then ${WRITE}`,
  ],
])('%s', async (_, content, problem) => {
  expect(await problemsOf(content)).toEqual([problem]);
});

test.each([
  [{ clientId: 'x' }, {}, 'clientId is not a GUID'],
  [{ tenantId: undefined }, {}, 'tenantId is missing'],
  [{ tokenEndpoint: 'https://login.evil.example/x' }, {}, 'tokenEndpoint is not a token endpoint of Entra'],
  [{ tokenEndpoint: 'http://login.microsoftonline.com/x' }, {}, 'tokenEndpoint is not a token endpoint of Entra'],
  [{ credential: undefined }, {}, 'credential: kind is missing'],
  [
    { credential: { kind: 'keyVaultSecret', keyVaultId: '/subscriptions/s/vaults/evil.example/' } },
    {},
    'credential: keyVaultId is not the resource id of a vault',
  ],
  [
    { credential: { kind: 'keyVaultSecret', keyVaultId: VAULT, secretName: '../x' } },
    {},
    'credential: secretName is not the name of a secret',
  ],
  [{}, { scope: 'api://x' }, 'product starter: scope is not <audience>/.default'],
  [{}, { gatewayUrl: 'http://contoso.azure-api.net' }, 'product starter: gatewayUrl is not an https address'],
  [
    {},
    { gatewayUrl: 'https://user:hunter2@contoso.azure-api.net' },
    'product starter: gatewayUrl is not an https address',
  ],
  [{}, { path: 'echo' }, 'product starter: path is not a path that begins with /'],
])('%j %j', async (changes, product, problem) => {
  expect(await problemsOf(manifest(changes, product))).toEqual([
    `m.json: application partner: ${problem}; apply the stack, then ${WRITE}`,
  ]);
});

test('everything that is wrong is told at once', async () => {
  expect(await problemsOf(manifest({ clientId: 1, tenantId: 2 }, { scope: 3 }))).toHaveLength(3);
});

test('no file, a folder, nothing on standard input, a file twice', async () => {
  const surroundings = { stdout: () => undefined, stderr: () => undefined, environment: {} };
  const told = (files: readonly string[]) =>
    readManifests(files, surroundings).then(String, (error: unknown) =>
      (error as Error).message.replaceAll(`${folder}/`, ''),
    );
  expect(await told([join(folder, 'gone.json')])).toBe(`gone.json: there is no such file; ${WRITE}`);
  expect(await told([folder])).toMatch(/: this is a folder; give a file$/);
  expect(await told(['-'])).toBe(`standard input: it is empty; ${WRITE}`);
  expect(await told(['a', 'a'])).toBe('--manifest: a file is given twice; give every manifest once');
});
