import type { AzureClient } from '../azure/client';
import { readApiManagement } from './api-management';
import { readEntra } from './entra';
import type { Landscape } from './model';

/** Reads an instance and what Entra has for it. Nothing is written anywhere. */
export async function readLandscape(
  resourceManager: AzureClient,
  graph: AzureClient,
  instanceId: string,
  tell: (text: string) => void = () => undefined,
): Promise<Landscape> {
  const { instance, products, clients, users, subscriptions, unread } = await readApiManagement(
    resourceManager,
    instanceId,
    tell,
  );
  const entra = await readEntra(graph, instance.principalId, products, clients, tell);
  const { applications, principals, assignments, strays, directoryRoles } = entra;
  return {
    instance: { ...instance, ...(directoryRoles === undefined ? {} : { directoryRoles }) },
    products: [...products].sort((one, other) => compare(one.id, other.id)),
    clients: [...clients].sort((one, other) => compare(one.name, other.name)),
    users,
    subscriptions,
    applications,
    principals,
    assignments,
    strays,
    unread: [...unread, ...entra.unread],
  };
}

const { compare } = new Intl.Collator('en', { numeric: true });
