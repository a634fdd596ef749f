import type { AzureClient } from '../azure/client';
import { property, type JsonObject } from '../input/json';
import { UserError } from '../user-error';
import { given, object, text } from './json';
import type { Instance, Link, ManagedClient, Product, Subscription, Unread, User } from './model';
import { mapped } from './pool';
import { readProducts } from './products';
import { CLIENT_APPLICATIONS, PREVIEW, PRODUCT_LINKS, Reader, READER, STABLE } from './reader';
import { Texts } from './texts';

/** What API Management says, without Entra. */
export interface ManagedSide {
  readonly instance: Instance;
  readonly products: readonly Product[];
  readonly clients: readonly ManagedClient[];
  readonly users: ReadonlyMap<string, User>;
  readonly subscriptions: readonly Subscription[];
  readonly unread: readonly Unread[];
}

const INSTANCE_ID =
  /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/Microsoft\.ApiManagement\/service\/([^/]+)\/?$/i;

export async function readApiManagement(
  client: AzureClient,
  instanceId: string,
  tell: (text: string) => void,
): Promise<ManagedSide> {
  const instance = await readInstance(client, instanceId);
  const reader = new Reader(client);
  const { id } = instance;
  const products = await readProducts(reader, id, tell);
  tell('reading client applications');
  const ids = new Texts();
  const applications =
    (await reader.all(`${id}/clientApplications?api-version=${PREVIEW}`, CLIENT_APPLICATIONS, READER, (item) =>
      withoutLinks(id, item),
    )) ?? [];
  let done = 0;
  const clients = await mapped(applications, async (application): Promise<ManagedClient> => {
    const links = await reader.all(
      `${id}/clientApplications/${encodeURIComponent(application.name)}/productLinks?api-version=${PREVIEW}`,
      PRODUCT_LINKS,
      READER,
      (link): Link => ({
        name: ids.same(given(link, 'name')),
        productResourceId: ids.same(given(object(link, 'properties'), 'productId')),
      }),
    );
    done += 1;
    tell(`reading client applications: ${done} of ${applications.length}`);
    return { ...application, links: links ?? [] };
  });
  const [users = [], subscriptions = []] = await Promise.all([
    reader.all(`${id}/users?api-version=${STABLE}`, 'users of the instance', READER, userOf),
    reader.all(`${id}/subscriptions?api-version=${STABLE}`, 'subscriptions', READER, subscriptionOf),
  ]);
  return {
    instance,
    products,
    clients,
    users: new Map(users.map((user) => [user.id.toLowerCase(), user])),
    subscriptions,
    unread: reader.unread,
  };
}

async function readInstance(client: AzureClient, instanceId: string): Promise<Instance> {
  const [, , , name = ''] = INSTANCE_ID.exec(instanceId) ?? [];
  if (name === '') {
    throw new UserError([
      '--instance-id is not the resource id of an instance; write it as /subscriptions/…/resourceGroups/…/providers/Microsoft.ApiManagement/service/NAME',
    ]);
  }
  const id = instanceId.replace(/\/$/, '');
  const found = await client.call(`${id}?api-version=${STABLE}`, { doing: `read instance ${name}`, needs: READER });
  const identity = object(found, 'identity');
  const principalId = text(identity, 'principalId');
  const tenantId = text(identity, 'tenantId');
  const sku = object(found, 'sku');
  const units = property(sku, 'capacity');
  // Azure's own spelling: Terraform compares ids letter by letter
  const [, subscriptionId = '', resourceGroup = ''] = INSTANCE_ID.exec(text(found, 'id') ?? id) ?? [];
  return {
    id: text(found, 'id') ?? id,
    name: text(found, 'name') ?? name,
    resourceGroup,
    subscriptionId,
    location: given(found, 'location'),
    sku: `${given(sku, 'name')}_${typeof units === 'number' ? units : 1}`,
    publisherName: given(object(found, 'properties'), 'publisherName'),
    publisherEmail: given(object(found, 'properties'), 'publisherEmail'),
    tags: Object.fromEntries(Object.entries(object(found, 'tags')).map(([name, value]) => [name, String(value)])),
    userAssignedIdentityIds: Object.keys(object(identity, 'userAssignedIdentities')),
    ...(principalId === undefined ? {} : { principalId }),
    ...(tenantId === undefined ? {} : { tenantId }),
  };
}

function withoutLinks(instanceId: string, item: JsonObject): Omit<ManagedClient, 'links'> {
  const name = given(item, 'name');
  const properties = object(item, 'properties');
  const description = text(properties, 'description');
  const state = text(properties, 'state');
  return {
    name,
    resourceId: `${instanceId}/clientApplications/${name}`,
    displayName: text(properties, 'displayName') ?? name,
    ...(description === undefined ? {} : { description }),
    ownerId: given(properties, 'ownerId'),
    clientId: given(properties, 'entraApplicationId'),
    ...(state === undefined ? {} : { state }),
  };
}

function userOf(item: JsonObject): User {
  const properties = object(item, 'properties');
  const name = [text(properties, 'firstName'), text(properties, 'lastName')]
    .filter((part) => part !== undefined)
    .join(' ');
  const id = given(item, 'name');
  return { id, name: name === '' ? id : name, email: given(properties, 'email') };
}

function subscriptionOf(item: JsonObject): Subscription {
  const properties = object(item, 'properties');
  const displayName = text(properties, 'displayName');
  const ownerId = text(properties, 'ownerId');
  return {
    name: given(item, 'name'),
    ...(displayName === undefined ? {} : { displayName }),
    state: given(properties, 'state'),
    scope: given(properties, 'scope'),
    ...(ownerId === undefined ? {} : { ownerId }),
  };
}
