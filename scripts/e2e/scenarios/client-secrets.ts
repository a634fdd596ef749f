import { App } from 'cdktf';
import { MultiProductApplication, OAuthProduct } from '../../../lib';
import type { LocalAzure } from '../../../test/azure';
import { Scenario, program } from '../scenario';
import { contoso, existingInstance, newStack, newVault, OWNER_ID } from './contoso';

interface Program {
  readonly description?: string;
  readonly displayName?: string;
  readonly applicationName?: string;
  readonly version?: number;
  readonly secretName?: string;
  readonly vault?: string;
}

/** A client of API Management whose secret is stored. */
function declare(given: Program): (app: App) => void {
  return (app) => {
    const stack = newStack(app, 'secrets');
    const instance = existingInstance(stack);
    const gold = new OAuthProduct(stack, 'gold', { instance, displayName: 'Gold', apiNames: ['orders'] });
    const client = new MultiProductApplication(stack, 'partner', {
      instance,
      displayName: given.displayName ?? 'Partner',
      applicationName: given.applicationName,
      description: given.description,
      ownerUserId: OWNER_ID,
      products: [gold],
    });
    const vault = newVault(stack, 'vault', given.vault ?? 'contoso-secrets');
    client.storeClientSecret({
      keyVaultId: vault.id,
      secretName: given.secretName ?? 'partner',
      version: given.version,
    });
  };
}

/** What a planner without `get` meets; until the next step begins. */
function refuseValues(azure: LocalAzure): void {
  azure.control.fault({ service: 'vault', method: 'GET', path: '^/secrets/[^/]+', status: 403, times: 0 });
}

/**
 * A secret is made once for each client, vault, name and version, in the apply that stores it, whatever `listSecrets` does
 * with the one before.
 */
export const CLIENT_SECRETS: Scenario = {
  name: 'client-secrets',
  seed: (azure) => void contoso(azure).api('orders'),
  steps: [
    program('first apply', declare({}), { secrets: 1 }),
    program('applied again', declare({}), { secrets: 0, changes: { added: 0, changed: 0, destroyed: 0 } }),
    program('edited', declare({ description: 'Edited' }), {
      secrets: 0,
      changes: { added: 0, changed: 1, destroyed: 0 },
    }),
    program('planned by somebody who may list secrets only', declare({ description: 'Edited' }), {
      before: refuseValues,
      planOnly: ['-refresh=false'],
      after: ({ control }) => control.clearFaults(),
    }),
    program('version raised', declare({ version: 2 }), { secrets: 1 }),
    program('renamed for people', declare({ version: 2, displayName: 'Contoso Partner' }), {
      secrets: 0,
      changes: { added: 0, changed: 1, destroyed: 0 },
    }),
    program('renamed in Azure', declare({ version: 2, applicationName: 'contoso-partner' }), { secrets: 1 }),
    program(
      'stored under another name',
      declare({ version: 2, applicationName: 'contoso-partner', secretName: 'contoso-partner' }),
      { secrets: 1 },
    ),
    program(
      'vault replaced',
      declare({
        version: 2,
        applicationName: 'contoso-partner',
        secretName: 'contoso-partner',
        vault: 'contoso-secrets-2',
      }),
      { secrets: 1 },
    ),
    program(
      'secret deleted by hand',
      declare({
        version: 2,
        applicationName: 'contoso-partner',
        secretName: 'contoso-partner',
        vault: 'contoso-secrets-2',
      }),
      {
        before: async (azure) => {
          await azure.request(
            'DELETE',
            'https://contoso-secrets-2.vault.azure.net/secrets/contoso-partner?api-version=7.4',
          );
        },
        secrets: 1,
      },
    ),
  ],
};
