/** What a run against the local Azure finds, by something that takes Terraform's place: each check must be able to fail. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CycleOptions, CycleResult, runCycle } from '../scripts/e2e/cycle';
import { DISTURBANCES } from '../scripts/e2e/interruptions';
import type { Step } from '../scripts/e2e/scenario';
import type { Stack } from '../scripts/e2e/stacks';
import type { Run } from '../scripts/e2e/terraform';
import { Landscape, LocalAzure, SUBSCRIPTION_ID } from './azure';
import { Fault, Faults } from './azure/faults';
import { Client } from './azure/support';

const GROUP = `/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/contoso`;
const SERVICE = `${GROUP}/providers/Microsoft.ApiManagement/service/contoso-apim`;
const GOLD = `${SERVICE}/products/gold`;
const PARTNER = `${SERVICE}/clientApplications/partner`;
const POLICY = '<policies><inbound><return-response><set-status code="401" /></return-response></inbound></policies>';

/** What is done to Azure, and what Terraform would say of it. */
type Act = (client: Client, stack: Stack) => Promise<unknown>;

interface Acts {
  readonly apply?: Act;
  readonly plan?: Act;
  readonly destroy?: Act;
}

/** Refused requests fail the command, as they do Terraform's. */
async function run(act: Act | undefined, azure: LocalAzure, stack: Stack): Promise<Run> {
  try {
    const said = await act?.(new Client(azure), stack);
    return { status: 0, output: typeof said === 'string' ? said : '' };
  } catch (error) {
    return { status: 1, output: `Error: ${(error as Error).message}` };
  }
}

const failing = (message: string) => async (): Promise<never> => Promise.reject(new Error(message));

async function cycle(
  acts: Acts,
  step: Partial<Step> = {},
  options: Partial<CycleOptions> = {},
  seed = (azure: LocalAzure): void =>
    void new Landscape(azure)
      .user('ada')
      .api('orders')
      .product('gold', { apis: ['orders'] }),
): Promise<CycleResult & { readonly lines: readonly string[] }> {
  const lines: string[] = [];
  const result = await runCycle({
    scenario: {
      name: 'test',
      seed,
      steps: [
        {
          title: 'made',
          prepare: (folder) => {
            mkdirSync(join(folder, 'stack'), { recursive: true });
            return [{ name: 'stack', folder: join(folder, 'stack') }];
          },
          ...step,
        },
      ],
    },
    tool: (stack, azure) => ({
      init: async () => run(undefined, azure, stack),
      apply: async () => run(acts.apply, azure, stack),
      destroy: async () => run(acts.destroy, azure, stack),
      plan: async () => {
        const planned = await run(acts.plan, azure, stack);
        return planned.status === 0 ? planned : { ...planned, status: 2 };
      },
    }),
    log: (line) => lines.push(line),
    ...options,
  });
  return { ...result, lines };
}

const product = (properties: object) => async (client: Client) =>
  client.put(GOLD, { displayName: 'Gold', state: 'published', ...properties });
const closed = product({ subscriptionRequired: true });
const open = product({ subscriptionRequired: false });

async function makeClient(client: Client): Promise<void> {
  await client.put(PARTNER, { displayName: 'Partner', ownerId: `${SERVICE}/users/ada` });
}

/** Asks for a secret, as the developer portal does. */
async function askForSecret(client: Client): Promise<string> {
  const { status, text } = await client.arm('POST', `${PARTNER}/listSecrets`);
  if (status >= 300) {
    throw new Error(`listSecrets: ${status} ${text}`);
  }
  return (JSON.parse(text) as { entra: { clientSecret: string } }).entra.clientSecret;
}

/** Makes a vault, and stores a value there. */
async function store(client: Client, value: string): Promise<void> {
  const vault = `${GROUP}/providers/Microsoft.KeyVault/vaults/contoso-vault`;
  await client.put(vault, { tenantId: '1', sku: { family: 'A', name: 'standard' } }, { location: 'westeurope' });
  await client.vault('PUT', '/secrets/partner', { value });
}

async function remove(client: Client): Promise<void> {
  for (const id of [PARTNER, `${GROUP}/providers/Microsoft.KeyVault/vaults/contoso-vault`]) {
    const { status, text } = await client.arm('DELETE', id, undefined, undefined, { 'if-match': '*' });
    if (status >= 300) {
      throw new Error(`${id}: ${status} ${text}`);
    }
  }
}

test('writes are listed in order with their step, and nothing is found where nothing is wrong', async () => {
  const { failures, writes, secretsMade, lines } = await cycle({ apply: closed, destroy: closed });
  expect(failures).toEqual([]);
  expect(writes).toEqual([
    { step: 0, service: 'arm', method: 'PUT', path: GOLD },
    { step: 1, service: 'arm', method: 'PUT', path: GOLD },
  ]);
  expect(secretsMade).toBe(0);
  expect(lines).toEqual(['made']);
});

describe('APIs that anyone may call', () => {
  const OPEN = `contoso-apim/orders is open to anyone after PUT ${GOLD}`;

  test.each<[string, Acts, string[]]>([
    [
      'for the moment between two writes of an apply',
      { apply: async (client) => (await open(client), closed(client)) },
      [`made: ${OPEN}`],
    ],
    ['since a destroy', { apply: closed, destroy: open }, [`destroy: ${OPEN}`]],
    ['since a plan wrote', { apply: closed, plan: open }, [`made: ${OPEN}`]],
  ])('are found: %s', async (_, acts, expected) => {
    expect((await cycle(acts)).failures).toEqual(expected);
  });

  test('are not found while a policy refuses callers', async () => {
    const apply = async (client: Client): Promise<void> => {
      await client.put(`${GOLD}/policies/policy`, { format: 'rawxml', value: POLICY });
      await open(client);
    };
    const destroy: Act = async (client) => {
      await closed(client);
      await client.arm('DELETE', `${GOLD}/policies/policy`, undefined, undefined, { 'if-match': '*' });
    };
    expect((await cycle({ apply, destroy })).failures).toEqual([]);
  });

  test('are not found where they were open before', async () => {
    const seed = (azure: LocalAzure): void =>
      void new Landscape(azure)
        .api('orders')
        .product('gold', { apis: ['orders'], authenticationType: ['subscription-key'], subscriptionRequired: false });
    expect((await cycle({ apply: open }, {}, {}, seed)).failures).toEqual([]);
  });
});

describe('secrets', () => {
  test.each<[string, Acts, Partial<Step>, (string | RegExp)[]]>([
    [
      'one that was asked for and stored is as it should be',
      {
        apply: async (client) => (await makeClient(client), store(client, await askForSecret(client))),
        destroy: remove,
      },
      { secrets: 1 },
      [],
    ],
    [
      'one too many',
      {
        apply: async (client) => {
          await makeClient(client);
          await askForSecret(client);
          await store(client, await askForSecret(client));
        },
        destroy: remove,
      },
      { secrets: 1 },
      ['made: 2 client secret(s) asked for instead of 1'],
    ],
    [
      'one that a later one replaced',
      {
        apply: async (client) => {
          await makeClient(client);
          await store(client, await askForSecret(client));
          await askForSecret(client);
        },
        destroy: remove,
      },
      {},
      ['made stack: dead secrets: contoso-vault/partner', 'made: plan stack: dead secrets: contoso-vault/partner'],
    ],
    [
      'one that a plan asked for',
      { apply: makeClient, plan: askForSecret, destroy: remove },
      {},
      ['made: plan stack: a plan asked for a client secret'],
    ],
    [
      'one in the state',
      {
        apply: async (client, stack) => {
          await makeClient(client);
          const secret = await askForSecret(client);
          await store(client, secret);
          writeFileSync(join(stack.folder, 'terraform.tfstate'), JSON.stringify({ outputs: { secret } }));
        },
        destroy: remove,
      },
      {},
      ['made stack: 1 secret(s) in the state', 'made: plan stack: 1 secret(s) in the state'],
    ],
  ])('%s', async (_, acts, step, expected) => {
    expect((await cycle(acts, step)).failures).toEqual(expected);
  });
});

test.each<[string, Acts, Partial<Step>, (string | RegExp)[]]>([
  [
    'a plan that is not empty',
    {
      plan: failing('Plan: 1 to change'),
    },
    {},
    ['made: plan stack: Error: Plan: 1 to change'],
  ],
  [
    'an apply that fails',
    {
      apply: failing('refused'),
    },
    {},
    ['made: apply stack: Error: refused'],
  ],
  [
    'what a destroy leaves',
    { apply: makeClient },
    {},
    [
      `destroy: left behind: ${PARTNER}`,
      'destroy: left behind: application APIMApplicationPartner, servicePrincipal APIMApplicationPartner',
    ],
  ],
  [
    'other changes than expected',
    { apply: async () => Promise.resolve('Apply complete! Resources: 1 added, 0 changed, 0 destroyed.') },
    { changes: { added: 0, changed: 0, destroyed: 0 } },
    ['made: {"added":1,"changed":0,"destroyed":0} instead of {"added":0,"changed":0,"destroyed":0}'],
  ],
  ['an apply that should have been refused', {}, { refused: /because/ }, ['made: not refused with /because/\n']],
  [
    'an apply that is refused for another reason',
    {
      apply: failing('otherwise'),
    },
    { refused: /because/ },
    ['made: not refused with /because/\nError: otherwise'],
  ],
  [
    'an Azure that is not as expected',
    {},
    {
      after: () => {
        throw new Error('gone');
      },
    },
    ['made: gone'],
  ],
])('%s is told', async (_, acts, step, expected) => {
  expect((await cycle(acts, step)).failures).toEqual(expected);
});

describe('the schedule of faults', () => {
  const fault = DISTURBANCES.find(({ title }) => title === 'each write refused once')!.faults![0];
  const meet = (faults: Faults, method: string, path: string): boolean =>
    faults.meet({ method, host: 'management.azure.com', path }, 'arm') !== undefined;

  test('each write meets it once, whatever ids of Entra its path has, and no read does', () => {
    const faults = new Faults();
    faults.add(fault);
    const id = '9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3';
    expect([
      meet(faults, 'PUT', '/a'),
      meet(faults, 'PUT', '/a'),
      meet(faults, 'GET', '/b'),
      meet(faults, 'PATCH', '/a'),
      meet(faults, 'PUT', '/b'),
      meet(faults, 'DELETE', `/c/${id}`),
      meet(faults, 'DELETE', `/c/${id.replace('9', '8')}`),
    ]).toEqual([true, false, false, true, true, true, false]);
  });

  test('there are lags, throttling, failures and refusals of all writes', () => {
    expect(DISTURBANCES.map(({ faults, graphLag }) => faults?.[0].status ?? graphLag)).toEqual([4_000, 429, 503, 403]);
    expect(DISTURBANCES.flatMap(({ faults }) => faults ?? [])).toEqual(
      Array(3).fill(expect.objectContaining({ method: 'write', eachPath: true })),
    );
  });

  test('what is refused is applied again, as long as that gets further', async () => {
    const apply: Act = async (client) => (await closed(client), makeClient(client));
    const { failures, writes } = await cycle({ apply, destroy: remove }, {}, { faults: [fault], untilDone: true });
    expect(failures).toEqual([]);
    expect(writes.slice(0, 5).map(({ method, path }) => `${method} ${path}`)).toEqual([
      `PUT ${GOLD}`,
      `PUT ${GOLD}`,
      `PUT ${PARTNER}`,
      `PUT ${GOLD}`,
      `PUT ${PARTNER}`,
    ]);
  });

  test('a run that gets no further has failed', async () => {
    const always = { method: 'PUT', path: '/clientApplications/partner$', times: 1, status: 403 };
    const apply: Act = async (client) => {
      await makeClient(client).catch(() => undefined);
      throw new Error('for ever');
    };
    const { failures, writes } = await cycle({ apply, destroy: remove }, {}, { faults: [always], untilDone: true });
    expect(failures).toEqual(['made: apply stack: Error: for ever']);
    expect(writes.filter(({ method }) => method === 'PUT')).toHaveLength(2);
  });

  test.each<[string, (fault: Fault) => Partial<CycleOptions>]>([
    ['in a run with refusals', (fault) => ({ faults: [fault], untilDone: true })],
    ['in a run that ends at a write', (fault) => ({ interruption: { step: 0, fault } })],
  ])('an instance whose purge was refused is purged by hand, as azurerm asks: %s', async (_, options) => {
    const purge = `/subscriptions/${SUBSCRIPTION_ID}/providers/Microsoft.ApiManagement/locations/westeurope/deletedservices/fabrikam`;
    const service = SERVICE.replace('contoso-apim', 'fabrikam');
    const made = async (client: Client): Promise<unknown> =>
      client.put(
        service,
        { publisherName: 'F', publisherEmail: 'f@contoso.com' },
        { location: 'westeurope', sku: { name: 'Developer', capacity: 1 } },
      );
    const deleted = async (client: Client): Promise<void> => {
      await client.arm('DELETE', service);
      const { status } = await client.arm('DELETE', purge, undefined, '2022-08-01');
      if (status >= 300) {
        throw new Error('purging');
      }
    };
    let applies = 0;
    const apply: Act = async (client) => {
      applies += 1;
      if (applies === 1) {
        await made(client);
        await deleted(client);
      }
      if ((await client.arm('GET', purge, undefined, '2022-08-01')).status === 200) {
        throw new Error(
          'An existing soft-deleted API Management exists with the Name "fabrikam" in the location "westeurope", however',
        );
      }
      await made(client);
    };
    const fault = { method: 'DELETE', path: '/deletedservices/', status: 403, times: 1 };
    const { failures, lines } = await cycle({ apply, destroy: deleted }, {}, options(fault));
    expect(failures).toEqual([]);
    expect(lines.slice(-2)).toEqual(['purged fabrikam by hand, as azurerm asks: 200', 'made']);
    expect(applies).toBe(3);
  });

  test('an apply ends at its write, and is run once more without the fault', async () => {
    const interruption = {
      step: 0,
      fault: { status: 403, method: 'PUT', path: `^${PARTNER}$`, times: 0 },
    };
    const apply: Act = async (client) => (await closed(client), makeClient(client));
    const { failures, lines, writes } = await cycle({ apply, destroy: remove }, {}, { interruption });
    expect(failures).toEqual([]);
    expect(lines).toEqual(['interrupted apply of stack: it ended', 'made']);
    expect(writes.filter(({ path }) => path === PARTNER).map(({ method }) => method)).toEqual(['PUT', 'PUT', 'DELETE']);
  });
});
