import type { AzureClient } from '../azure/client';
import { property, type JsonObject } from '../input/json';
import { UserError } from '../user-error';
import { object, strings, text } from './json';
import type { Instance, Link, ManagedClient, Product, Subscription, Unread, User } from './model';
import { mapped } from './pool';
import { PREVIEW, PRODUCT_LINKS, Reader, READER, STABLE } from './reader';

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
  tell('reading products');
  const listed =
    (await reader.all(`${id}/products?api-version=${PREVIEW}&expandGroups=true`, 'products', READER)) ?? [];
  let done = 0;
  const products = await mapped(listed, async (item) => {
    const product = await readProduct(reader, id, item);
    done += 1;
    tell(`reading products: ${done} of ${listed.length}`);
    return product;
  });
  tell('reading client applications');
  const applications =
    (await reader.all(`${id}/clientApplications?api-version=${PREVIEW}`, 'client applications', READER)) ?? [];
  done = 0;
  const clients = await mapped(applications, async (item) => {
    const found = await readClient(reader, id, item);
    done += 1;
    tell(`reading client applications: ${done} of ${applications.length}`);
    return found;
  });
  const [users = [], subscriptions = []] = await Promise.all([
    reader.all(`${id}/users?api-version=${STABLE}`, 'users of the instance', READER),
    reader.all(`${id}/subscriptions?api-version=${STABLE}`, 'subscriptions', READER),
  ]);
  return {
    instance,
    products,
    clients,
    users: new Map(users.map((item) => [(text(item, 'name') ?? '').toLowerCase(), userOf(item)])),
    subscriptions: subscriptions.map(subscriptionOf),
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
  // Azure's own spelling: Terraform compares ids letter by letter
  const [, subscriptionId = '', resourceGroup = ''] = INSTANCE_ID.exec(text(found, 'id') ?? id) ?? [];
  return {
    id: text(found, 'id') ?? id,
    name: text(found, 'name') ?? name,
    resourceGroup,
    subscriptionId,
    location: text(found, 'location') ?? '',
    sku: text(sku, 'name') ?? '',
    ...(principalId === undefined ? {} : { principalId }),
    ...(tenantId === undefined ? {} : { tenantId }),
  };
}

async function readProduct(reader: Reader, instanceId: string, item: JsonObject): Promise<Product> {
  const id = text(item, 'name') ?? '';
  const path = `${instanceId}/products/${encodeURIComponent(id)}`;
  const properties = object(item, 'properties');
  const given = strings(properties, 'authenticationType');
  // a product says nothing of it as long as only keys are accepted
  const authenticationType = given.length > 0 ? given : ['subscription-key'];
  const subscriptionRequired = property(properties, 'subscriptionRequired') !== false;
  const entra = object(object(properties, 'application'), 'entra');
  const applicationId = text(entra, 'applicationId');
  const audience = text(entra, 'audience');
  const expanded = namesIn(properties, 'groups');
  const guarded = given.includes('application-token') || subscriptionRequired;
  const [apis = [], groups, policy] = await Promise.all([
    reader.all(`${path}/apis?api-version=${STABLE}`, 'APIs of products', READER),
    // an answer that expands groups has the administrators at least
    expanded.length > 0 ? undefined : reader.all(`${path}/groups?api-version=${STABLE}`, 'groups of products', READER),
    guarded
      ? undefined
      : reader.one(`${path}/policies/policy?api-version=${STABLE}&format=rawxml`, 'policies of products', READER),
  ]);
  const policyText = text(object(policy, 'properties'), 'value');
  return {
    id,
    resourceId: `${instanceId}/products/${id}`,
    displayName: text(properties, 'displayName') ?? id,
    properties,
    authenticationType,
    subscriptionRequired,
    state: text(properties, 'state') ?? 'notPublished',
    ...(applicationId === undefined ? {} : { applicationId }),
    ...(audience === undefined ? {} : { audience }),
    apis: apis.flatMap((api) => text(api, 'name') ?? []).sort(),
    groups: (groups === undefined ? expanded : groups.flatMap((group) => text(group, 'name') ?? [])).sort(),
    ...(guarded ? {} : { policyChecksTokens: /<validate-(?:azure-ad-token|jwt)\b/.test(policyText ?? '') }),
  };
}

function namesIn(properties: JsonObject, name: string): string[] {
  const found = property(properties, name);
  return Array.isArray(found) ? found.flatMap((item) => text(item, 'name') ?? []) : [];
}

async function readClient(reader: Reader, instanceId: string, item: JsonObject): Promise<ManagedClient> {
  const name = text(item, 'name') ?? '';
  const resourceId = `${instanceId}/clientApplications/${name}`;
  const properties = object(item, 'properties');
  const description = text(properties, 'description');
  const state = text(properties, 'state');
  const links =
    (await reader.all(
      `${instanceId}/clientApplications/${encodeURIComponent(name)}/productLinks?api-version=${PREVIEW}`,
      PRODUCT_LINKS,
      READER,
    )) ?? [];
  return {
    name,
    resourceId,
    displayName: text(properties, 'displayName') ?? name,
    ...(description === undefined ? {} : { description }),
    ownerId: text(properties, 'ownerId') ?? '',
    clientId: text(properties, 'entraApplicationId') ?? '',
    ...(state === undefined ? {} : { state }),
    links: links.map((link): Link => {
      const linkName = text(link, 'name') ?? '';
      return {
        name: linkName,
        resourceId: `${resourceId}/productLinks/${linkName}`,
        productResourceId: text(object(link, 'properties'), 'productId') ?? '',
      };
    }),
  };
}

function userOf(item: JsonObject): User {
  const properties = object(item, 'properties');
  const name = [text(properties, 'firstName'), text(properties, 'lastName')]
    .filter((part) => part !== undefined)
    .join(' ');
  const id = text(item, 'name') ?? '';
  return { id, name: name === '' ? id : name, email: text(properties, 'email') ?? '' };
}

function subscriptionOf(item: JsonObject): Subscription {
  const properties = object(item, 'properties');
  const displayName = text(properties, 'displayName');
  const ownerId = text(properties, 'ownerId');
  return {
    name: text(item, 'name') ?? '',
    ...(displayName === undefined ? {} : { displayName }),
    state: text(properties, 'state') ?? '',
    scope: text(properties, 'scope') ?? '',
    ...(ownerId === undefined ? {} : { ownerId }),
  };
}
