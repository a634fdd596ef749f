import { LocalAzure, SUBSCRIPTION_ID } from '../../test/azure';
import type { Scenario } from './scenario';

/** What examples expect that others made, and what they leave on purpose. */
export const EXPECTATIONS: { readonly [example: string]: Omit<Scenario, 'name' | 'steps'> } = {
  'existing-instance': {
    seed: async (azure) => {
      const group = `/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/rg-contoso`;
      const service = `${group}/providers/Microsoft.ApiManagement/service/contoso-apim`;
      await put(azure, group, { location: 'westeurope' });
      await put(azure, service, {
        location: 'westeurope',
        sku: { name: 'Developer', capacity: 1 },
        properties: { publisherName: 'Contoso', publisherEmail: 'api@contoso.com' },
      });
      await put(azure, `${service}/users/jane`, {
        properties: { email: 'jane@contoso.com', firstName: 'Jane', lastName: 'Doe' },
      });
    },
    // The identity stays with the instance: others may have come to need it. What API Management registered for Starter
    // stays as long as Starter does.
    leaves: [
      'servicePrincipal contoso-apim',
      'application APIMProductApplicationStarter',
      'servicePrincipal APIMProductApplicationStarter',
    ],
  },
};

async function put(azure: LocalAzure, id: string, body: object): Promise<void> {
  const { status, text } = await azure.request('PUT', `https://management.azure.com${id}?api-version=2024-05-01`, {
    body,
  });
  if (status >= 300) {
    throw new Error(`${id} could not be seeded: ${status} ${text}`);
  }
}
