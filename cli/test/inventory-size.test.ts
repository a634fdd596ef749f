import { startLocalAzure, type LocalAzure } from '../../test/azure';
import { run } from '../src/cli';
import type { Inventory } from '../src/landscape/inventory';
import { largeInstance } from './large-instance';

/** More products than a page of the list has, and fewer APIs than products. */
const SIZE = { apis: 12, products: 130, clients: 110, links: 3, entraClients: 45 };

let azure: LocalAzure;
let instanceId: string;
const saved = { ...process.env };
beforeAll(async () => {
  azure = await startLocalAzure({ servicePrincipalLag: 0, graphLag: 0 });
  const { AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET } = azure.env;
  Object.assign(process.env, { AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET });
  instanceId = largeInstance(azure, SIZE);
});
afterEach(() => azure.control.clearFaults());
afterAll(async () => {
  await azure.close();
  process.env = { ...saved };
  expect(azure.cloud.notUnderstood).toEqual([]);
});

async function inventory(): Promise<{ found: Inventory; requests: number }> {
  let [stdout, stderr] = ['', ''];
  const status = await run(['inventory', '--instance-id', instanceId, '--json'], {
    stdout: (text) => (stdout += text),
    stderr: (text) => (stderr += text),
    environment: azure.env,
  });
  expect(status).toBe(0);
  return { found: JSON.parse(stdout) as Inventory, requests: Number(/(\d+) requests/.exec(stderr)?.[1]) };
}

const pages = (count: number, size = 100): number => Math.ceil(count / size);

let whole: Inventory;

test('an instance of several pages is read with one request for each API and client application, the rest in pages and batches', async () => {
  const { found, requests } = await inventory();
  whole = found;
  const { apis, products, clients, links, entraClients } = SIZE;
  expect(found.products).toHaveLength(products);
  expect(found.products.every(({ apis: some }) => some.length > 0 && some.length <= 2)).toBe(true);
  expect(found.clients).toHaveLength(clients + entraClients);
  expect(found.clients.flatMap((client) => client.products)).toHaveLength(clients * links + entraClients * 2);
  expect(found.clients.every(({ credentials }) => credentials.length === 1)).toBe(true);
  expect(found.products.every(({ registration }) => registration?.owner === 'apim')).toBe(true);
  expect(found.unread).toEqual([]);
  const users = pages(clients, 50) + 1;
  const resourceManager = 1 + pages(products) + 1 + pages(apis) + apis + pages(clients) + clients + pages(users) + 1;
  const filters = (ids: number): number => pages(pages(ids, 15), 20);
  const graph =
    1 +
    filters(products + clients) +
    pages(products, 20) +
    1 +
    filters(products + clients + entraClients) +
    pages(products + entraClients, 20) +
    1;
  const signIns = 2;
  expect(requests).toBe(resourceManager + graph + signIns);
  // the requests in batches are recorded as well, and none is a write
  expect(
    azure.requests.filter(({ method, path }) => method !== 'GET' && !/getByIds|\/token$|\$batch$/.test(path)),
  ).toEqual([]);
});

test('throttled, by whole batches and within them, it is the same', async () => {
  azure.control.configure({ throttleEvery: 9, retryAfter: 0 });
  const { found } = await inventory();
  azure.control.configure({ throttleEvery: 0 });
  expect(found).toEqual(whole);
});

test.each([
  ['app role assignments', 'appRoleAssignedTo$'],
  ['owners of applications', '/owners$'],
  ['service principals', 'servicePrincipals$'],
])('a batch whose requests are refused leaves %s out', async (part, path) => {
  azure.control.fault({ service: 'graph', path, times: 0, status: 403, code: 'Authorization_RequestDenied' });
  const { found } = await inventory();
  expect(found.unread.map((unread) => unread.part)).toEqual([part]);
  // no problem comes of what was not read
  const more = found.problems.filter((problem) => !whole.problems.some((known) => known.message === problem.message));
  expect(more).toEqual([]);
});

test('a request of a batch that keeps failing ends it with a sentence, and nothing is written', async () => {
  azure.control.fault({ service: 'graph', path: 'appRoleAssignedTo$', times: 0, status: 429, retryAfter: 0 });
  let [stdout, stderr] = ['', ''];
  const status = await run(['inventory', '--instance-id', instanceId, '--json'], {
    stdout: (text) => (stdout += text),
    stderr: (text) => (stderr += text),
    environment: azure.env,
  });
  expect([status, stdout]).toEqual([1, '']);
  expect(stderr.replace(/^apim-oauth: \d+ requests\n/, '')).toBe(
    'apim-oauth: graph.microsoft.com: failed to read app role assignments (429 TooManyRequests); try again\n',
  );
});
