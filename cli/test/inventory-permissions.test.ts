import { startLocalAzure, type LocalAzure } from '../../test/azure';
import { run } from '../src/cli';
import type { Inventory } from '../src/landscape/inventory';
import { LANDSCAPES } from './landscapes';

const saved = { ...process.env };

describe.each(['several products and clients', 'things that no construct covers'])('%s', (name) => {
  let azure: LocalAzure;
  let instanceId: string;
  let whole: readonly string[];

  async function inventory(): Promise<Inventory> {
    let stdout = '';
    const status = await run(['inventory', '--instance-id', instanceId, '--json'], {
      stdout: (text) => (stdout += text),
      stderr: () => undefined,
      environment: azure.env,
    });
    expect(status).toBe(0);
    return JSON.parse(stdout) as Inventory;
  }

  /** Without the subject: a client that API Management could not be asked for goes by the name that it has in Entra. */
  const problemsOf = ({ problems }: Inventory): string[] =>
    problems.map(({ kind, message }) => `${kind}: ${message.split(':')[0] ?? ''}`);

  beforeAll(async () => {
    azure = await startLocalAzure({ servicePrincipalLag: 0, graphLag: 0 });
    const { AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET } = azure.env;
    Object.assign(process.env, { AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET });
    instanceId = await LANDSCAPES[name]!(azure);
    whole = problemsOf(await inventory());
  });
  afterEach(() => azure.control.clearFaults());
  afterAll(async () => {
    await azure.close();
    process.env = { ...saved };
    expect(azure.cloud.notUnderstood).toEqual([]);
  });

  test.each([
    ...['/products$', '/apis$', '/groups$', '/policies/policy$', '/clientApplications$', '/productLinks$', '/users$'],
    ...['/subscriptions$', '/servicePrincipals$', '/appRoleAssignedTo$', '/getByIds$', '/applications$', '/owners$'],
    ...['/federatedIdentityCredentials$', '/roleAssignments$'],
  ])(
    'where %s may not be read, it is left out with the role that it needs, and no problem is made up',
    async (path) => {
      const before = azure.requests.length;
      azure.control.fault({ path, times: 0, status: 403, code: 'Authorization_RequestDenied' });
      const found = await inventory();
      expect(problemsOf(found).filter((problem) => !whole.includes(problem))).toEqual([]);
      const refused = azure.requests.slice(before).some(({ status }) => status === 403);
      expect(found.unread.length > 0).toBe(refused);
      expect(found.unread.every(({ needs }) => needs.startsWith('the '))).toBe(true);
    },
  );
});
