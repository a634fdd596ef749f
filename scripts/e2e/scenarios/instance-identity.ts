import { App } from 'cdktf';
import { ApimInstanceWithIdentity, OAuthProduct } from '../../../lib';
import { Landscape, LocalAzure } from '../../../test/azure';
import { Client } from '../../../test/azure/support';
import { Scenario, program } from '../scenario';
import { contoso, expectEqual, identityOf, newStack, SERVICE_ID } from './contoso';

const IDENTITY_ID = SERVICE_ID.replace(
  /Microsoft.ApiManagement.*/,
  'Microsoft.ManagedIdentity/userAssignedIdentities/gateway',
);

/** An instance that others made, whose identity is switched on here. */
function declare(app: App): void {
  const stack = newStack(app, 'identity');
  const instance = ApimInstanceWithIdentity.fromExisting(stack, 'apim', {
    name: 'contoso-apim',
    resourceGroupName: 'contoso',
    enableIdentity: true,
  });
  new OAuthProduct(stack, 'gold', { instance, displayName: 'Gold', apiNames: ['orders'] });
}

/** Writes the identities of the instance, as somebody does in the portal. */
async function setIdentity(azure: LocalAzure, identity: object): Promise<void> {
  const { status, text } = await new Client(azure).arm('PATCH', SERVICE_ID, { identity }, '2024-05-01');
  if (status >= 300) {
    throw new Error(`the identity could not be written: ${status} ${text}`);
  }
}

function holders(azure: LocalAzure): string[] {
  return [...azure.cloud.directory.roleAssignments.values()].map(({ principalId }) => String(principalId));
}

/** The directory role stays with the identity while other identities come, and returns when it was switched off. */
export const INSTANCE_IDENTITY: Scenario = {
  name: 'instance-identity',
  seed: (azure) => {
    new Landscape(azure, { identity: false }).api('orders').managedIdentity('gateway');
  },
  leaves: ['servicePrincipal contoso-apim'],
  steps: [
    program('switched on', declare, {
      after: (azure) => expectEqual('holders', holders(azure), [identityOf(azure, SERVICE_ID).principalId]),
    }),
    program('another identity added in the portal', declare, {
      before: async (azure) =>
        setIdentity(azure, { type: 'SystemAssigned, UserAssigned', userAssignedIdentities: { [IDENTITY_ID]: {} } }),
      changes: { added: 0, changed: 0, destroyed: 0 },
    }),
    program('switched off in the portal', declare, {
      before: async (azure) =>
        setIdentity(azure, { type: 'UserAssigned', userAssignedIdentities: { [IDENTITY_ID]: {} } }),
      after: (azure) => {
        const { type, principalId, userAssignedIdentities } = identityOf(azure, SERVICE_ID);
        expectEqual('identity', type, 'SystemAssigned, UserAssigned');
        expectEqual('user-assigned', Object.keys(userAssignedIdentities ?? {}).length, 1);
        expectEqual('role', holders(azure).includes(principalId), true);
      },
    }),
  ],
};

const MADE_ID = SERVICE_ID.replace('contoso-apim', 'fabrikam-apim');

/** An instance made here. */
function declareMade(app: App): void {
  const stack = newStack(app, 'identity-made');
  const instance = new ApimInstanceWithIdentity(stack, 'apim', {
    name: 'fabrikam-apim',
    resourceGroupName: 'contoso',
    location: 'centraluseuap',
    publisherName: 'Fabrikam',
    publisherEmail: 'api@fabrikam.com',
  });
  const { instanceId } = instance;
  stack.addOverride('output.instance', { value: instanceId });
}

/** The same for an instance that this program makes: it plans while the identity is off, and heals. */
export const MADE_INSTANCE: Scenario = {
  name: 'made-instance',
  seed: (azure) => void contoso(azure),
  steps: [
    program('made', declareMade),
    program('switched off in the portal', declareMade, {
      before: async (azure) => {
        const { status } = await new Client(azure).arm('PATCH', MADE_ID, { identity: { type: 'None' } }, '2024-05-01');
        expectEqual('status', status, 200);
      },
      after: (azure) => {
        const { type, principalId } = identityOf(azure, MADE_ID);
        expectEqual('identity', type, 'SystemAssigned');
        expectEqual('role', holders(azure).includes(principalId), true);
      },
    }),
  ],
};

/** An instance that others made, with an identity of theirs and its own switched off, taken over by import. */
function declareAdopted(app: App): void {
  const stack = newStack(app, 'identity-adopted');
  const instance = new ApimInstanceWithIdentity(stack, 'apim', {
    name: 'contoso-apim',
    resourceGroupName: 'contoso',
    location: 'centraluseuap',
    publisherName: 'Contoso',
    publisherEmail: 'api@contoso.com',
    userAssignedIdentityIds: [IDENTITY_ID],
  });
  instance.importFrom(SERVICE_ID);
  new OAuthProduct(stack, 'gold', { instance, displayName: 'Gold', apiNames: ['orders'] });
}

/** Taking an instance over switches its identity on, keeps the others', and gives it the directory role once. */
export const ADOPTED_INSTANCE: Scenario = {
  name: 'adopted-instance',
  seed: (azure) => {
    const { id } = new Landscape(azure, { identity: false }).api('orders').managedIdentity('gateway');
    azure.control.change(SERVICE_ID, { identity: { type: 'UserAssigned', userAssignedIdentities: { [id]: {} } } });
  },
  steps: [
    program('taken over while the identity is off', declareAdopted, {
      after: (azure) => {
        const { type, principalId, userAssignedIdentities } = identityOf(azure, SERVICE_ID);
        expectEqual('identity', type, 'SystemAssigned, UserAssigned');
        expectEqual('user-assigned', Object.keys(userAssignedIdentities ?? {}).length, 1);
        expectEqual('holders', holders(azure), [principalId]);
      },
    }),
    program('switched off in the portal', declareAdopted, {
      before: async (azure) =>
        setIdentity(azure, { type: 'UserAssigned', userAssignedIdentities: { [IDENTITY_ID]: {} } }),
      after: (azure) => {
        const { type, principalId } = identityOf(azure, SERVICE_ID);
        expectEqual('identity', type, 'SystemAssigned, UserAssigned');
        expectEqual('role', holders(azure).includes(principalId), true);
      },
    }),
  ],
};
