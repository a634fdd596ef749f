import { App } from 'cdktf';
import { ClientCredential, ClientRegistration, MultiProductApplication, OAuthProduct } from '../../../lib';
import type { LocalAzure } from '../../../test/azure';
import { Client } from '../../../test/azure/support';
import { Scenario, program } from '../scenario';
import { contoso, existingInstance, expectEqual, newStack } from './contoso';

interface Program {
  readonly productId?: string;
  readonly granted?: boolean;
}

/** A product that API Management registers, and a client of one's own. */
function declare({ productId, granted = true }: Program): (app: App) => void {
  return (app) => {
    const stack = newStack(app, 'registrations');
    const instance = existingInstance(stack);
    const gold = new OAuthProduct(stack, 'gold', { instance, displayName: 'Gold', apiNames: ['orders'], productId });
    const silver = new OAuthProduct(stack, 'silver', { instance, displayName: 'Silver', apiNames: ['orders'] });
    new MultiProductApplication(stack, 'worker', {
      instance,
      displayName: 'Worker',
      products: granted ? [gold, silver] : [silver],
      registration: ClientRegistration.entra({
        credentials: [
          ClientCredential.federated({ issuer: 'https://issuer.contoso.com', subject: 'worker', name: 'worker' }),
        ],
      }),
    });
  };
}

interface Directory {
  readonly id: string;
  readonly displayName: string;
  readonly appRoles: { isEnabled: boolean; [name: string]: unknown }[];
}

const applications = (azure: LocalAzure): Directory[] =>
  [...azure.cloud.directory.objects.values()] as unknown as Directory[];

const registrationOf = (azure: LocalAzure, product: string): Directory =>
  applications(azure).find(
    ({ displayName, appRoles }) => displayName === `APIMProductApplication${product}` && appRoles !== undefined,
  )!;

/** Writes the roles of a registration, as somebody does in Entra. */
async function setRoles(azure: LocalAzure, appRoles: Directory['appRoles']): Promise<void> {
  const { id } = registrationOf(azure, 'Gold');
  const { status, text } = await new Client(azure).graph('PATCH', `/applications/${id}`, { appRoles });
  if (status >= 300) {
    throw new Error(`the roles could not be written: ${status} ${text}`);
  }
}

const disableRole = async (azure: LocalAzure): Promise<void> =>
  setRoles(
    azure,
    registrationOf(azure, 'Gold').appRoles.map((role) => ({ ...role, isEnabled: false })),
  );

/** Registrations whose role the client holds, by name. */
function grants(azure: LocalAzure): string[] {
  const { directory } = azure.cloud;
  const nameOf = (id: string): string => String(directory.find(id)?.displayName);
  return directory.appRoleAssignments
    .all()
    .filter(({ principalId }) => nameOf(principalId) === 'APIMApplicationWorker')
    .map(({ resourceId }) => nameOf(resourceId))
    .sort();
}

const BOTH = ['APIMProductApplicationGold', 'APIMProductApplicationSilver'];
const NO_ROLE =
  /The application of product gold in Entra has no enabled app role, or no service principal: the client cannot be granted the product\. Mend the registration, or remove the product from the client\./;

/** What becomes of grants when a registration of API Management's changes under them. */
export const REGISTRATIONS: Scenario = {
  name: 'registrations',
  seed: (azure) => void contoso(azure).api('orders'),
  steps: [
    program('granted', declare({}), { after: (azure) => expectEqual('grants', grants(azure), BOTH) }),
    program('role disabled', declare({}), { before: disableRole, refused: NO_ROLE }),
    program('role deleted', declare({}), { before: async (azure) => setRoles(azure, []), refused: NO_ROLE }),
    program('product removed from the client', declare({ granted: false }), {
      after: (azure) => expectEqual('grants', grants(azure), BOTH.slice(1)),
    }),
    program('role made again', declare({}), {
      before: async (azure) => {
        const [role] = registrationOf(azure, 'Silver').appRoles;
        await setRoles(azure, [
          { ...role, id: '5f3d8f3e-9a0c-4d0e-8a53-3f0f6b8a0c11', value: 'Product.Gold.All', isEnabled: true },
        ]);
      },
      after: (azure) => expectEqual('grants', grants(azure), BOTH),
    }),
    program('product replaced', declare({ productId: 'gold-2' }), {
      after: (azure) => expectEqual('grants', grants(azure), BOTH),
    }),
    // Everything can be destroyed all the same.
    program('role disabled again', declare({ productId: 'gold-2' }), {
      before: disableRole,
      refused: /The application of product gold-2 in Entra has no enabled app role/,
    }),
  ],
};
