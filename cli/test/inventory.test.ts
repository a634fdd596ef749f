import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import { Landscape, startLocalAzure, type LocalAzure } from '../../test/azure';
import { run } from '../src/cli';
import type { Inventory } from '../src/landscape/inventory';
import { pictureOf, WORRYING } from '../src/landscape/picture';
import { LANDSCAPES } from './landscapes';

const schema = JSON.parse(readFileSync(join(__dirname, '..', 'schema', 'inventory-1.schema.json'), 'utf8')) as object;
const isInventory = new Ajv2020({ strict: true, allErrors: true }).compile(schema);

let azure: LocalAzure;
let folder: string;
const saved = { ...process.env };
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'apim-oauth-'));
  azure = await startLocalAzure({ pageSize: 2, servicePrincipalLag: 0, graphLag: 0 });
  const { AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET } = azure.env;
  Object.assign(process.env, { AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET });
});
afterEach(async () => {
  await azure.close();
  process.env = { ...saved };
  rmSync(folder, { recursive: true, force: true });
  expect(azure.cloud.notUnderstood).toEqual([]);
});

async function apimOauth(...args: string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  let [stdout, stderr] = ['', ''];
  const status = await run(args, {
    stdout: (text) => (stdout += text),
    stderr: (text) => (stderr += text),
    environment: azure.env,
  });
  return { status, stdout, stderr };
}

async function inventory(instanceId: string, ...args: string[]): Promise<Inventory & { status: number }> {
  const { status, stdout, stderr } = await apimOauth('inventory', '--instance-id', instanceId, '--json', ...args);
  expect(stderr.replace(/^apim-oauth: .*: not read; .*\n/gm, '')).toMatch(/^apim-oauth: \d+ requests\n$/);
  const found = JSON.parse(stdout) as Inventory;
  isInventory(found);
  expect(isInventory.errors).toBeNull();
  return { ...found, status };
}

const problemsOf = ({ problems }: Inventory): string[] =>
  problems.map(({ kind, subject, message }) => `${kind} ${subject}: ${message}`);

test('a landscape over several pages: products, clients of both kinds, every credential that Entra has', async () => {
  const id = await LANDSCAPES['several products and clients']!(azure);
  const found = await inventory(id);
  expect(found.instance).toMatchObject({ id, directoryRoles: ['Application Administrator'] });
  expect(found.products.map((product) => product.id)).toEqual([
    'gold',
    'region-1',
    'region-2',
    'region-3',
    'region-4',
    'region-5',
    'region-6',
  ]);
  expect(found.products[0]).toMatchObject({
    displayName: 'Gold Plan',
    state: 'notPublished',
    authenticationType: ['application-token'],
    subscriptionRequired: false,
    open: false,
    registration: { owner: 'apim', appRoles: [expect.stringMatching(/^Product\./)] },
    apis: ['orders', 'stock'],
    groups: expect.arrayContaining(['partners']),
  });
  expect(found.clients.map(({ name, kind, owner, products }) => [name, kind, owner, products])).toEqual([
    ['other', 'apim-managed', 'grace Doe', ['region-2', 'region-3']],
    ['region-1', 'apim-managed', 'grace Doe', ['gold']],
    ...[1, 2, 3, 4, 5].map((number) => [`worker-${number}`, 'apim-managed', 'ada Doe', ['region-1', 'gold']]),
    ['CRM', 'entra', expect.any(String), ['gold', 'region-6']],
  ]);
  expect(found.clients.at(-1)?.credentials).toEqual([
    { kind: 'secret', name: 'nightly', expiresOn: expect.any(String) },
    { kind: 'secret', name: 'old', expiresOn: expect.any(String) },
  ]);
  const problems = problemsOf(found);
  expect(problems).toContainEqual(
    expect.stringMatching(/^credential-expired CRM: its secret old expired on \d{4}-\d\d-\d\d$/),
  );
  expect(problems).toContainEqual(
    expect.stringMatching(/^credential-expiring CRM: its secret nightly expires on .*, in (19|20) days$/),
  );
  expect(problems.filter((problem) => problem.startsWith('unused-role'))).toEqual(
    ['region-4', 'region-5'].map((product) =>
      expect.stringMatching(`^unused-role ${product}: nobody has the role Product\\.`),
    ),
  );
  // a secret that is read is a new secret
  expect(azure.requests.filter(({ path }) => /listSecrets/i.test(path))).toEqual([]);
  expect(
    azure.requests.filter(({ method, path }) => method !== 'GET' && !/getByIds|\/token$|\$batch$/.test(path)),
  ).toEqual([]);
});

test('--expiring: 2 where a credential has expired or does so sooner', async () => {
  const landscape = new Landscape(azure).api('orders');
  landscape.product('gold', {
    authenticationType: ['application-token'],
    subscriptionRequired: false,
    apis: ['orders'],
  });
  const crm = landscape.registration('crm', { secrets: [{ name: 'nightly', expiresInDays: 20 }] });
  landscape.grant(crm.clientId, { product: 'gold' });
  expect((await inventory(landscape.instanceId)).status).toBe(0);
  expect((await inventory(landscape.instanceId, '--expiring', '10')).status).toBe(0);
  expect((await inventory(landscape.instanceId, '--expiring', '21')).status).toBe(2);
});

test('orphans, contradictions and what should worry somebody', async () => {
  const landscape = new Landscape(azure, { directoryRoles: ['Application Administrator', 'User Administrator'] })
    .api('orders')
    .api('open')
    .user('ada');
  landscape
    .product('gold', { authenticationType: ['application-token'], subscriptionRequired: false, apis: ['orders'] })
    .product('keys', { apis: ['orders'] })
    .product('open', { subscriptionRequired: false, apis: ['open'] });
  const partner = landscape.client('partner', { owner: 'ada', products: ['gold'] });
  landscape.client('idle', { owner: 'ada' });
  landscape.client('more', { owner: 'ada' });
  const { applicationId } = azure.cloud.store.get(`${landscape.instanceId}/products/gold`)!.body.properties.application
    .entra as { applicationId: string };
  landscape.revoke(partner.clientId, applicationId);
  landscape.grant(
    azure.cloud.store.get(`${landscape.instanceId}/clientApplications/more`)!.body.properties
      .entraApplicationId as string,
    { product: 'gold' },
  );
  landscape.subscription('partner-key', { scope: `${landscape.instanceId}/products/keys`, owner: 'ada' });
  landscape.registration('stray', { displayName: 'APIMProductApplicationGone', appRoles: ['Product.Gone.All'] });
  const found = await inventory(landscape.instanceId);
  const kinds = problemsOf(found).map((problem) => problem.split(': ')[0]);
  for (const problem of [
    'open-product open',
    'link-without-assignment partner',
    'assignment-without-link more',
    'client-without-product idle',
    'client-without-credential idle',
    'registration-without-product APIMProductApplicationGone',
    'identity-with-more-rights contoso-apim',
  ]) {
    expect(kinds).toContain(problem);
  }
  expect(problemsOf(found)).toContainEqual(
    expect.stringMatching(/^key-works .*: the keys of subscription partner-key call product keys without a token$/),
  );
  expect(problemsOf(found)).toContain(
    'identity-with-more-rights contoso-apim: its identity has the directory role User Administrator, which application based access does not need',
  );
  expect(found.products.filter(({ open }) => open).map(({ id }) => id)).toEqual(['open']);
});

test('a product that a policy enforces: its registration, who can call it, and what its policy leaves unclear', async () => {
  const found = await inventory(await LANDSCAPES['products that policies enforce']!(azure));
  expect(
    found.products.map(({ id, open, enforcedBy, registration }) => [id, open, enforcedBy, registration?.owner]),
  ).toEqual([
    ['elsewhere', false, 'policy', undefined],
    ['reading', false, 'policy', 'other'],
    ['sometimes', true, undefined, undefined],
  ]);
  // Writer has another role of the same registration
  expect(found.clients.map(({ name, kind, products }) => [name, kind, products])).toEqual([
    ['Worker', 'entra', ['reading']],
  ]);
  expect(problemsOf(found)).toEqual([
    'policy-registration-unclear elsewhere: its policy takes tokens for api://returns, which is not the id of one application, so it is not known which applications can call it',
    expect.stringMatching(
      /^open-product sometimes: anyone can call it without a token or a key: it has stock; its policy checks the tokens of some requests only$/,
    ),
    'key-works Built-in all-access subscription: the keys of subscription master call every API without a token',
    'identity-with-more-rights contoso-apim: its identity has the directory role Application Administrator, and API Management registers no application here',
  ]);
});

test('what the login may not read is left out and said, and gives no problem', async () => {
  const id = await LANDSCAPES['several products and clients']!(azure);
  azure.control.fault({ service: 'graph', times: 0, kind: 'status', status: 403, code: 'Authorization_RequestDenied' });
  const found = await inventory(id);
  expect(found.unread.map(({ part }) => part)).toEqual([
    'directory roles of the identity',
    'service principals',
    'applications',
  ]);
  expect(found.clients.map(({ credentials }) => credentials)).toEqual(found.clients.map(() => []));
  expect(found.instance.directoryRoles).toBeUndefined();
  expect(problemsOf(found).filter((problem) => !problem.startsWith('key-works'))).toEqual([]);
});

test('every format, in files of their own; names that mean something elsewhere are text', async () => {
  const id = await LANDSCAPES['things that no construct covers']!(azure);
  const formats = ['table', 'markdown', 'mermaid', 'svg', 'json'].flatMap((format) => [
    '--format',
    `${format}=${join(folder, format)}`,
  ]);
  const { status, stdout } = await apimOauth('inventory', '--instance-id', id, ...formats);
  expect([status, stdout, readdirSync(folder).sort()]).toEqual([
    0,
    '',
    ['json', 'markdown', 'mermaid', 'svg', 'table'],
  ]);
  const text = (format: string): string => readFileSync(join(folder, format), 'utf8');
  expect(text('table')).toMatch(/Products\n┌[\s\S]*nothing: open/);
  expect(text('markdown')).toMatch(/^## Instance\n\n\| Name \| Identity \| Directory roles \|/);
  expect(text('markdown')).toContain('<code>class &#96;&#36;');
  expect(text('mermaid')).toMatch(/^flowchart LR\n/);
  expect(text('svg')).toMatch(/^<svg\b[\s\S]*<\/svg>\n$/);
});

test('a box is red for its own problems, not for those of something else with its name; owners are named', async () => {
  const found = await inventory(await LANDSCAPES['several products and clients']!(azure));
  const { nodes } = pictureOf(found);
  const red = nodes.filter(({ alarming }) => alarming).map(({ column, name }) => `${column} ${name}`);
  // the client region-1 has no credential, the product region-1 has no problem
  expect(found.problems.map(({ subject }) => subject)).toContain('region-1');
  expect(red).toContain('client Gold Plan');
  expect(red.filter((name) => name.startsWith('product'))).toEqual([]);
  expect(nodes.filter(({ column }) => column === 'owner').map(({ name }) => name)).toEqual([
    'grace Doe',
    'ada Doe',
    'hopper',
  ]);
});

test('each kind of problem of docs/inventory.md is one that the picture sorts', () => {
  const page = readFileSync(join(__dirname, '..', '..', 'docs', 'inventory.md'), 'utf8');
  const table = page.slice(page.indexOf('## Problems'), page.indexOf('## JSON'));
  const kinds = [...table.matchAll(/^\| (`[^|]*) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([\w-]+)`/g)].map(([, kind = '']) => kind),
  );
  const source = readFileSync(join(__dirname, '..', 'src', 'landscape', 'problems.ts'), 'utf8');
  const told = new Set(
    [...source.matchAll(/(?:tell|found)\(\s*'([a-z-]+)'|kind: '([a-z-]+)'/g)].map(([, a, b]) => a ?? b),
  );
  expect([...told].sort()).toEqual([...kinds].sort());
  // what is of no box: keys, the instance, what nobody uses
  const boxless = ['assigned-to-people', 'identity-missing', 'identity-with-more-rights', 'identity-without-role'];
  expect(kinds.filter((kind) => WORRYING[kind] === undefined).sort()).toEqual(
    [...boxless, 'key-works', 'registration-without-product', 'unused-role'].sort(),
  );
});

const ID =
  '/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/contoso/providers/Microsoft.ApiManagement/service/contoso-apim';
test.each([
  ['no instance', [], 'no instance is given; give --instance-id, or --subscription, --resource-group and --name'],
  [
    'half an instance',
    ['--name', 'x'],
    '--subscription and --resource-group are missing; the instance needs all of --subscription, --resource-group and --name',
  ],
  [
    'both',
    ['--instance-id', ID, '--name', 'x'],
    '--instance-id already says this; leave out --subscription, --resource-group and --name',
  ],
  [
    'no id',
    ['--instance-id', '/x'],
    '--instance-id is not the resource id of an instance; write it as /subscriptions/…/resourceGroups/…/providers/Microsoft.ApiManagement/service/NAME',
  ],
  [
    'no days',
    ['--instance-id', ID, '--expiring', 'soon'],
    '--expiring is not a number of days; give a whole number from 0',
  ],
  [
    'no format',
    ['--instance-id', ID, '--format', 'pdf'],
    '--format pdf is not a format; give one of table, json, markdown, mermaid, svg',
  ],
  [
    'no cloud',
    ['--instance-id', ID, '--cloud', 'moon'],
    '--cloud moon is not a cloud; give one of public, usgov, china',
  ],
])('%s: one sentence, and nothing is asked', async (_what, args, sentence) => {
  expect(await apimOauth('inventory', ...args)).toEqual({ status: 1, stdout: '', stderr: `apim-oauth: ${sentence}\n` });
  expect(azure.requests).toEqual([]);
});

test('the parts of an id do, and an instance that does not exist is a sentence', async () => {
  new Landscape(azure);
  const parts = ['--subscription', '22222222-2222-4222-8222-222222222222', '--resource-group', 'contoso', '--name'];
  expect((await apimOauth('inventory', ...parts, 'contoso-apim')).status).toBe(0);
  const { status, stdout, stderr } = await apimOauth('inventory', ...parts, 'elsewhere');
  expect([status, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/there is nothing to read instance elsewhere \(404/);
});
