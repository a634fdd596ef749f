import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'cdktf';
import { PreviewSandbox } from '../../lib';
import { seedSandbox } from '../../scripts/demo/seeded-sandbox';
import { main } from '../../scripts/reap';
import { PURPOSE } from '../../scripts/reaper/judge';
import { LocalAzure, startLocalAzure, SUBSCRIPTION_ID } from '../azure';

const NOW = new Date('2026-11-24T12:00:00Z');
const TAGS = { purpose: PURPOSE, owner: 'jane@contoso.com' };

let azure: LocalAzure;
let folder: string;
let made: { readonly group: string; readonly service: string; readonly vault: string };
const saved = { ...process.env };

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'reap-'));
  azure = await startLocalAzure();
  const { AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET } = azure.env;
  Object.assign(process.env, { AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET });
  made = sandbox();
});

afterEach(async () => {
  await azure.close();
  process.env = { ...saved };
  rmSync(folder, { recursive: true, force: true });
  expect(azure.cloud.notUnderstood).toEqual([]);
});

/** What an apply of the sandbox makes, with the tags that it writes. */
function sandbox(): typeof made {
  const app = new App({ outdir: folder });
  new PreviewSandbox(app, 'sandbox', { ownerEmail: TAGS.owner, subscriptionId: SUBSCRIPTION_ID });
  app.synth();
  const stack = { name: 'sandbox', folder: join(folder, 'stacks', 'sandbox') };
  mkdirSync(stack.folder, { recursive: true });
  seedSandbox(azure, stack, join(folder, 'manifest.json'));
  const { resource } = JSON.parse(readFileSync(join(stack.folder, 'cdk.tf.json'), 'utf8')) as {
    resource: Record<string, Record<string, { name: string; tags: Record<string, string> }>>;
  };
  const { purpose, owner } = resource.azurerm_resource_group!.group!.tags;
  expect({ purpose, owner }).toEqual(TAGS);
  const names = {
    group: resource.azurerm_resource_group!.group!.name,
    service: resource.azurerm_api_management!.apim!.name,
    vault: resource.azurerm_key_vault!.vault!.name,
  };
  tag(idOf(names.group), '2026-11-01');
  tag(`${idOf(names.group)}/providers/Microsoft.ApiManagement/service/${names.service}`, '2026-11-01');
  tag(`${idOf(names.group)}/providers/Microsoft.KeyVault/vaults/${names.vault}`, '2026-11-01');
  return names;
}

function idOf(group: string): string {
  return `/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/${group}`;
}

function tag(id: string, expires: string): void {
  azure.cloud.store.get(id)!.body.tags = { ...TAGS, 'expires-on': expires };
}

function group(name: string, tags: Record<string, string>): void {
  azure.cloud.store.put(idOf(name), { location: 'westeurope', tags, properties: {} }, azure.cloud.clock.now());
}

async function reap(...args: string[]): Promise<{ status: number; lines: string[]; stderr: string }> {
  let [stdout, stderr] = ['', ''];
  const status = await main(
    ['--subscription', SUBSCRIPTION_ID, ...args],
    { stdout: (text) => (stdout += text), stderr: (text) => (stderr += text), environment: azure.env },
    NOW,
  );
  return { status, lines: stdout.trimEnd().split('\n'), stderr };
}

const writes = (): string[] =>
  azure.requests.filter(({ method, service }) => service === 'arm' && method !== 'GET').map(({ method }) => method);

test('a dry run says what it would do and writes nothing', async () => {
  group('rg-production', { purpose: 'production' });
  const { status, lines, stderr } = await reap();
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(lines).toEqual([
    `${made.group}: expired on 2026-11-01, with ${made.service}, ${made.vault}`,
    '1 expired, 0 kept, 0 refused; other resource groups, not looked at: 1',
    'dry run: nothing is destroyed; give --destroy to destroy what has expired',
  ]);
  expect(writes()).toEqual([]);
});

test('an expired sandbox is destroyed with all that it left in Azure and Entra, and nothing else', async () => {
  group('rg-production', { purpose: 'production' });
  group('rg-other-0123456789ab', { ...TAGS, 'expires-on': '2026-11-24' });
  expect(azure.control.residue().directoryObjects.length).toBeGreaterThan(0);
  const { status, lines } = await reap('--destroy');
  expect(status).toBe(0);
  expect(lines).toContain(`${made.group}: destroyed`);
  expect(lines).toContain('rg-other-0123456789ab: kept until 2026-11-24');
  const { resources, directoryObjects, orphans } = azure.control.residue();
  expect(resources.filter((id) => !/\/resourceGroups\/(rg-production|rg-other-0123456789ab)$/.test(id))).toEqual([]);
  expect(azure.cloud.store.get(idOf('rg-production'))).toBeDefined();
  expect(azure.cloud.store.get(idOf('rg-other-0123456789ab'))).toBeDefined();
  expect({ directoryObjects, orphans }).toEqual({ directoryObjects: [], orphans: [] });
  expect([...azure.cloud.deletedServices.keys(), ...azure.cloud.deletedVaults.keys()]).toEqual([]);
});

test('what is not recognized, locked or protected is left alone, with the reason and status 2', async () => {
  group('rg-odd-0123456789ab', { ...TAGS, 'expires-on': 'yesterday' });
  azure.cloud.store.put(`${idOf(made.group)}/providers/Microsoft.Authorization/locks/keep`, { properties: {} }, 0);
  const { status, lines } = await reap('--destroy');
  expect(status).toBe(2);
  expect(lines).toEqual([
    `${made.group}: refused: it is locked by "keep"`,
    'rg-odd-0123456789ab: refused: the tag expires-on is no date such as 2026-11-24: "yesterday"',
    '0 expired, 0 kept, 2 refused; other resource groups, not looked at: 0',
  ]);
  azure.cloud.store.remove(`${idOf(made.group)}/providers/Microsoft.Authorization/locks/keep`);
  expect((await reap('--destroy', '--protect', made.group)).lines[0]).toBe(
    `${made.group}: refused: --protect names it`,
  );
  expect(writes()).toEqual([]);
});

test('a sandbox that somebody put something into is left alone', async () => {
  const storage = `${idOf(made.group)}/providers/Microsoft.Storage/storageAccounts/precious`;
  azure.cloud.store.put(storage, { location: 'westeurope', properties: {} }, 0);
  const { status, lines } = await reap('--destroy');
  expect(status).toBe(2);
  expect(lines[0]).toContain('it holds "precious" ("Microsoft.Storage/storageAccounts"), which no sandbox makes');
  expect(writes()).toEqual([]);
});

test('a sandbox that is prolonged while others are destroyed is left alone', async () => {
  group('rg-first-0123456789ab', { ...TAGS, 'expires-on': '2026-11-01' });
  const list = azure.cloud.store.list.bind(azure.cloud.store);
  jest.spyOn(azure.cloud.store, 'remove').mockImplementationOnce((id) => {
    expect(id).toBe(idOf('rg-first-0123456789ab'));
    tag(idOf(made.group), '2026-12-31');
    jest.restoreAllMocks();
    azure.cloud.store.remove(id);
  });
  // the one that is destroyed first stands first
  jest.spyOn(azure.cloud.store, 'list').mockImplementation((collection) => [...list(collection)].reverse());
  const { status, lines } = await reap('--destroy');
  expect(status).toBe(0);
  expect(lines.slice(-2)).toEqual([
    'rg-first-0123456789ab: destroyed',
    `${made.group}: left alone: it has changed meanwhile`,
  ]);
  expect(azure.cloud.store.get(idOf(made.group))).toBeDefined();
});

test('where more have expired than expected, none is destroyed', async () => {
  group('rg-second-0123456789ab', { ...TAGS, 'expires-on': '2026-11-01' });
  const { status, stderr } = await reap('--destroy', '--at-most', '1');
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr:
      'reap: 2 sandboxes have expired, more than --at-most 1: none is destroyed; look at the list, then raise --at-most\n',
  });
  expect(writes()).toEqual([]);
});

test.each([
  [
    ['--subscription', 'contoso'],
    'reap: --subscription is not the id of a subscription; give the GUID that az account show prints\n',
  ],
  [['--at-most', '0'], 'reap: --at-most must be a whole number from 1 to 99, got "0"\n'],
  [['--at-most', '1e9'], 'reap: --at-most must be a whole number from 1 to 99, got "1e9"\n'],
])('arguments %j are refused before anything is asked', async (args, message) => {
  expect(await reap(...args)).toMatchObject({ status: 1, stderr: message });
  expect(azure.requests).toEqual([]);
});

test('a subscription that cannot be read is one sentence', async () => {
  const { status, stderr } = await reap('--subscription', '99999999-9999-4999-8999-999999999999');
  expect(status).toBe(1);
  expect(stderr).toMatch(/^reap: management\.azure\.com: .*list resource groups.*\n$/);
});

test('help says that it is a dry run', async () => {
  const { status, lines } = await reap('--help');
  expect(status).toBe(0);
  expect(lines.join('\n')).toContain('without it, nothing is changed');
});
