import { App } from 'cdktf';
import { ClientCredential, ClientRegistration, MultiProductApplication, OAuthProduct } from '../../../lib';
import type { LocalAzure } from '../../../test/azure';
import { Client } from '../../../test/azure/support';
import { Scenario, program } from '../scenario';
import { contoso, existingInstance, expectEqual, newStack, newVault } from './contoso';

/** A client of one's own whose password lies in a vault. */
function declare(rotationInMonths: number): (app: App) => void {
  return (app) => {
    const stack = newStack(app, 'passwords');
    const instance = existingInstance(stack);
    const gold = new OAuthProduct(stack, 'gold', { instance, displayName: 'Gold', apiNames: ['orders'] });
    const { id } = newVault(stack, 'vault', 'contoso-passwords');
    new MultiProductApplication(stack, 'worker', {
      instance,
      displayName: 'Worker',
      products: [gold],
      registration: ClientRegistration.entra({
        credentials: [ClientCredential.password({ keyVaultId: id, secretName: 'worker', rotationInMonths })],
      }),
    });
  };
}

interface Application {
  readonly id: string;
  readonly appId: string;
  readonly displayName: string;
  readonly passwordCredentials: readonly { readonly keyId: string }[];
}

function worker(azure: LocalAzure): Application {
  const objects = [...azure.cloud.directory.objects.values()] as unknown as Application[];
  return objects.find(
    ({ displayName, passwordCredentials }) =>
      displayName === 'APIMApplicationWorker' && (passwordCredentials?.length ?? 0) > 0,
  )!;
}

/** The secret that the vault holds now. */
const stored = (azure: LocalAzure): string =>
  azure.cloud.vaults.get('contoso-passwords')!.secrets.get('worker')!.at(-1)!.value;

/** Whether Entra takes a secret of the client. */
async function isTaken(azure: LocalAzure, secret: string): Promise<boolean> {
  const form = { client_id: worker(azure).appId, client_secret: secret, scope: 'https://graph.microsoft.com/.default' };
  return (await new Client(azure).token(form)).status === 200;
}

/** What the vault held after each step. */
function remember(): { readonly after: (azure: LocalAzure) => void; readonly last: () => string } {
  const seen: string[] = [];
  return { after: (azure) => void seen.push(stored(azure)), last: () => seen.at(-1)! };
}

const former = remember();

async function revokeAll(azure: LocalAzure): Promise<void> {
  const { id, passwordCredentials } = worker(azure);
  for (const { keyId } of passwordCredentials) {
    const { status } = await new Client(azure).graph('POST', `/applications/${id}/removePassword`, { keyId });
    expectEqual('answer to removePassword', status, 204);
  }
}

/** The older password was replaced and stored, and the one before is still taken. */
async function overlaps(azure: LocalAzure): Promise<void> {
  expectEqual('a new secret is stored', stored(azure) !== former.last(), true);
  expectEqual('the former secret is taken', await isTaken(azure, former.last()), true);
  former.after(azure);
}

/** What is stored follows the password that it is, and a change of the turns leaves the former password valid. */
export const PASSWORDS: Scenario = {
  name: 'passwords',
  seed: (azure) => void contoso(azure).api('orders'),
  secretInState: true,
  steps: [
    program('made', declare(6), { after: former.after }),
    program('planned by somebody who may list secrets only', declare(6), {
      before: ({ control }) =>
        control.fault({ service: 'vault', method: 'GET', path: '^/secrets/[^/]+', status: 403, times: 0 }),
      planOnly: ['-refresh=false'],
      after: ({ control }) => control.clearFaults(),
    }),
    program('passwords revoked in Entra', declare(6), {
      before: revokeAll,
      after: async (azure) => {
        expectEqual('the stored secret is taken', await isTaken(azure, stored(azure)), true);
        former.after(azure);
      },
    }),
    program('longer periods', declare(11), { after: overlaps }),
    program('shorter periods', declare(3), { after: overlaps }),
    program('application deleted in Entra', declare(3), {
      before: (azure) => azure.control.remove(worker(azure).id),
      after: async (azure) => {
        expectEqual('the stored secret is taken', await isTaken(azure, stored(azure)), true);
        former.after(azure);
      },
    }),
    program('secret deleted in the vault', declare(3), {
      before: async (azure) => {
        await azure.request('DELETE', 'https://contoso-passwords.vault.azure.net/secrets/worker?api-version=7.4');
      },
      after: (azure) => expectEqual('the stored secret', stored(azure), former.last()),
    }),
  ],
};
