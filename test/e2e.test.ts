import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seedSandbox } from '../scripts/demo/seeded-sandbox';
import { e2e } from '../scripts/e2e';
import { Write } from '../scripts/e2e/cycle';
import { interruptions } from '../scripts/e2e/interruptions';
import { edit, readStack, synthesize } from '../scripts/e2e/stacks';
import { LocalAzure, startLocalAzure, SUBSCRIPTION_ID } from './azure';
import { Client } from './azure/support';

let folder: string;
let azure: LocalAzure;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'e2e-test-'));
  azure = await startLocalAzure();
});

afterAll(async () => {
  await azure.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('without Terraform', () => {
  const former = process.env.TERRAFORM;
  beforeEach(() => (process.env.TERRAFORM = join(folder, 'no-terraform')));
  afterEach(() => {
    if (former === undefined) {
      delete process.env.TERRAFORM;
    } else {
      process.env.TERRAFORM = former;
    }
  });

  test.each([
    [[], 0],
    [['--required'], 1],
  ])('e2e %j says that nothing was applied, and why', async (args, expected) => {
    const lines: string[] = [];
    expect(await e2e(args, (line) => lines.push(line))).toBe(expected);
    expect(lines).toEqual([expect.stringMatching(/^SKIPPED: nothing was applied\. terraform cannot be run: .*ENOENT/)]);
  });

  test.each([
    [['nothing'], /^nothing: no such example or scenario; there are existing-instance, /],
    [['--nothing'], /^Unknown option '--nothing'/],
  ])('e2e %j is refused', async (args, message) => {
    await expect(e2e(args, () => undefined)).rejects.toThrow(message);
  });
});

test('stacks are applied in the order in which they need each other, with their state beside them', async () => {
  const stacks = await synthesize('team-stacks', join(folder, 'teams'), { ...process.env, ...azure.env });
  expect(stacks.map(({ name }) => name)).toEqual(['platform', 'orders-team', 'consumer-team']);
  for (const stack of stacks) {
    const json = readStack(stack);
    expect(json.terraform).toMatchObject({ backend: { local: { path: 'terraform.tfstate' } } });
    expect(JSON.stringify(json)).not.toContain('22222222-2222-2222-2222-222222222222');
  }
  expect(stacks.map(edit)).toContain('azapi_resource.orders-product: description');
});

test('an apply ends before each write, and after those that make a secret', () => {
  const id = '9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3';
  const write = (path: string): Write => ({
    step: 0,
    service: 'arm',
    method: 'POST',
    path,
  });
  const made = '/clientApplications/a/listSecrets';
  const found = interruptions([write(made), write(`/b/${id}`), write(`/b/${id.replace('9', '8')}`)]);
  expect(found.map(({ title }) => title)).toEqual([
    `ends before POST arm ${made}`,
    `ends after POST arm ${made}`,
    `ends before POST arm /b/${id}`,
  ]);
  expect(new RegExp(found.at(-1)!.interruption!.fault.path!).test('/b/00000000-0000-4000-8000-000000000000')).toBe(
    true,
  );
});

test('a seeded sandbox is what its manifest says', async () => {
  const [stack] = await synthesize('preview-sandbox', join(folder, 'sandbox'), { ...process.env, ...azure.env });
  const file = join(folder, 'manifest.json');
  seedSandbox(azure, stack, file);
  const { client } = JSON.parse(readFileSync(file, 'utf8')).applications;
  expect(JSON.stringify(client)).not.toContain('${');
  expect(client.credential.keyVaultId).toMatch(new RegExp(`^/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/`));
  const vault = String(client.credential.keyVaultId).split('/').pop()!;
  const secret = await azure.request(
    'GET',
    `https://${vault}.vault.azure.net/secrets/${client.credential.secretName}?api-version=7.4`,
  );
  for (const { scope, gatewayUrl, path } of Object.values<any>(client.products)) {
    const { json } = await new Client(azure).token({
      client_id: client.clientId,
      client_secret: secret.json.value,
      scope,
    });
    const answered = await azure.request('GET', `${gatewayUrl}${path}`, {
      headers: { authorization: `Bearer ${json.access_token}` },
    });
    expect(answered).toMatchObject({ status: 200, text: expect.stringContaining(`"path": "${path}"`) });
  }
  expect(azure.cloud.notUnderstood).toEqual([]);
});
