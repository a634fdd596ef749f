import { Cloud } from '../../cloud';
import { newApplication, newServicePrincipal } from '../../entra/registrations';
import { AzureError } from '../../http';
import { newId, randomHex, randomText, TENANT_ID } from '../../identifiers';
import { JsonObject } from '../../json';
import { ArmType, validationError, Write } from '../arm-type';
import { keyOf, nameOf } from '../resource-id';
import { Resource } from '../store';
import {
  absolute,
  demandClassicTier,
  demandRegistration,
  demandUnique,
  knowsApplications,
  removeRegistration,
  serviceOf,
} from './context';

const AUTHENTICATION_TYPES = ['subscription-key', 'application-token'];

/** Whether anybody may call the product's APIs. Whether token-only products count is undocumented: here they do not. */
export function isOpen({ body: { properties } }: Resource): boolean {
  const types = (properties.authenticationType ?? ['subscription-key']) as string[];
  return properties.subscriptionRequired === false && !types.includes('application-token');
}

const products: ArmType = {
  conditional: true,
  write: (write) => {
    const { body, before, apiVersion } = write;
    const given = (write.call.json.properties ?? {}) as JsonObject;
    const properties: JsonObject = {
      description: null,
      terms: null,
      subscriptionRequired: true,
      state: 'notPublished',
      ...(body.properties as JsonObject),
    };
    if (!properties.displayName) {
      throw validationError('Product displayName must not be empty');
    }
    if (
      properties.subscriptionRequired === false &&
      (given.approvalRequired ?? given.subscriptionsLimit ?? undefined) !== undefined
    ) {
      throw validationError(
        'Cannot provide values for approvalRequired and subscriptionsLimit when subscriptionRequired is set to false in the request payload',
      );
    }
    if (properties.subscriptionRequired === true) {
      properties.approvalRequired ??= false;
      properties.subscriptionsLimit ??= null;
    }
    demandUnique(write, before, 'displayName', properties.displayName, 'Product with such a name already exists');
    if (!knowsApplications(apiVersion)) {
      return { body: { properties: asOldVersion(write, properties) }, hidden: before?.hidden };
    }
    const hidden = { ...before?.hidden };
    return { body: { properties: withAuthentication(write, properties, hidden) }, hidden };
  },
  written: (write, product) => {
    if (write.before === undefined) {
      addDefaults(write.cloud, product);
    }
  },
  read: ({ cloud, call, apiVersion }, answered, product) => {
    if (call.query.get('expandGroups') === 'true') {
      answered.properties.groups = groupsOf(cloud, product.id);
    }
    if (!knowsApplications(apiVersion)) {
      delete answered.properties.authenticationType;
      delete answered.properties.application;
    }
    return answered;
  },
  remove: ({ cloud, call, id }, product) => {
    const service = serviceOf(cloud, id);
    const links = productLinks(cloud, service.id, product.id);
    if (links.length > 0) {
      throw new AzureError(
        409,
        'ProductHasClientApplicationLinks',
        `Product '${nameOf(id)}' cannot be deleted because ${links.length} client application product link(s) reference it.`,
      );
    }
    const subscriptions = cloud.store
      .list(`${service.id}/subscriptions`)
      .filter(({ body }) => keyOf(String(body.properties.scope)) === keyOf(product.id));
    if (subscriptions.length > 0 && call.query.get('deleteSubscriptions') !== 'true') {
      throw validationError('Product cannot be deleted since there are subscriptions (use deleteSubscriptions=true).');
    }
    for (const subscription of subscriptions) {
      cloud.store.remove(subscription.id);
    }
    removeRegistration(cloud, service, product);
  },
};

/** A PUT that knows nothing of applications writes the product as if there were none. */
function asOldVersion({ cloud, before, patch }: Write, properties: JsonObject): JsonObject {
  if (patch) {
    return properties;
  }
  const { authenticationType, application } = (before?.body.properties ?? {}) as JsonObject;
  if (cloud.settings.oldVersionResets || before === undefined) {
    return { ...properties, authenticationType: ['subscription-key'] };
  }
  return { ...properties, authenticationType, ...(application === undefined ? {} : { application }) };
}

function withAuthentication(write: Write, properties: JsonObject, hidden: JsonObject): JsonObject {
  const given = properties.authenticationType as string[] | undefined;
  const types = given === undefined || given.length === 0 ? ['subscription-key'] : given;
  const unknown = types.find((type) => !AUTHENTICATION_TYPES.includes(type));
  if (unknown !== undefined) {
    throw validationError(`authenticationType '${unknown}' is not valid`);
  }
  const { application: _application, ...rest } = properties;
  if (!types.includes('application-token')) {
    return { ...rest, authenticationType: types };
  }
  demandClassicTier(serviceOf(write.cloud, write.id), "authenticationType 'application-token'");
  return { ...rest, authenticationType: types, application: { entra: registrationOf(write, properties, hidden) } };
}

function registrationOf({ cloud, id, before }: Write, properties: JsonObject, hidden: JsonObject): JsonObject {
  const { directory } = cloud;
  const wanted = (properties.application?.entra ?? {}) as JsonObject;
  const known = (before?.body.properties.application?.entra ?? {}) as JsonObject;
  if (wanted.applicationId !== undefined && wanted.applicationId === known.applicationId) {
    return { ...known, ...wanted };
  }
  if (wanted.applicationId !== undefined) {
    const application = directory.application(String(wanted.applicationId));
    if (application === undefined || directory.isYoung(application)) {
      throw validationError(
        `Microsoft Entra application '${String(wanted.applicationId)}' was not found in tenant ${TENANT_ID}.`,
      );
    }
    const audience = wanted.audience ?? application.identifierUris[0] ?? `api://${application.appId}`;
    return { applicationId: application.appId, audience };
  }
  const application = directory.find(String(hidden.application)) ?? register(cloud, id, properties);
  hidden.application = application.id;
  return { applicationId: application.appId, audience: `api://${application.appId}` };
}

/** The application that API Management registers for a product. */
function register(cloud: Cloud, id: string, properties: JsonObject): JsonObject {
  demandRegistration(cloud, serviceOf(cloud, id), 'Product application');
  const name = String(properties.displayName);
  const role = {
    id: newId(),
    allowedMemberTypes: ['Application'],
    displayName: `Product.${nameOf(id)}.All`,
    description: `Access product ${nameOf(id)}`,
    value: `Product.${name.replace(/\s+/g, '')}.All`,
    isEnabled: true,
    origin: 'Application',
  };
  const application = newApplication(
    cloud.directory,
    { displayName: `APIMProductApplication${name}`, appRoles: [role] },
    'apim',
  );
  application.identifierUris = [`api://${application.appId}`];
  newServicePrincipal(cloud.directory, { appId: application.appId, displayName: application.displayName }, 'apim');
  return application;
}

/** Each new product has the administrators as a group, and where keys are needed a subscription of the administrator. */
function addDefaults(cloud: Cloud, product: Resource): void {
  const now = cloud.clock.now();
  const service = serviceOf(cloud, product.id);
  cloud.store.put(`${product.id}/groups/administrators`, {}, now);
  if (product.body.properties.subscriptionRequired !== true) {
    return;
  }
  cloud.store.put(
    `${service.id}/subscriptions/${randomText(9)}`,
    {
      properties: {
        ownerId: `${service.id}/users/1`,
        scope: product.id,
        displayName: null,
        state: 'active',
        createdDate: cloud.clock.iso(),
        allowTracing: false,
        primaryKey: randomHex(16),
        secondaryKey: randomHex(16),
      },
    },
    now,
  );
}

/** Links of client applications to a product. */
export function productLinks(cloud: Cloud, serviceId: string, productId: string): Resource[] {
  return cloud.store
    .list(`${serviceId}/clientApplications`)
    .flatMap((client) => cloud.store.list(`${client.id}/productLinks`))
    .filter((link) => keyOf(String(link.body.properties.productId)) === keyOf(productId));
}

/** Links to APIs and groups by resources of their own. */
function linkType(property: 'apiId' | 'groupId', what: string): ArmType {
  return {
    write: (write) => {
      const { cloud, id, body } = write;
      const target = absolute(serviceOf(cloud, id).id, body.properties?.[property]).replace(/;rev=\d+$/i, '');
      if (cloud.store.get(target) === undefined) {
        throw validationError(`${what} '${String(body.properties?.[property])}' does not exist.`);
      }
      if (property === 'apiId') {
        demandOneOpenProduct(cloud, id.slice(0, id.toLowerCase().lastIndexOf('/apilinks/')), nameOf(target));
      }
      return { body: { properties: { [property]: target } } };
    },
  };
}

/** Seen on the live service (Azure/apiops#413): an API may be in one open product. */
export function demandOneOpenProduct(cloud: Cloud, productId: string, apiName: string): void {
  const product = cloud.store.get(productId)!;
  if (!isOpen(product)) {
    return;
  }
  const other = productsOf(cloud, serviceOf(cloud, productId).id, apiName).find(
    (found) => found !== product && isOpen(found),
  );
  if (other !== undefined) {
    throw validationError(`API cannot be added to more than one open products. (${apiName} is in ${nameOf(other.id)})`);
  }
}

/** The groups that see a product, by either kind of link. */
function groupsOf(cloud: Cloud, productId: string): JsonObject[] {
  const names = [
    ...cloud.store.list(`${productId}/groups`).map(({ id }) => nameOf(id)),
    ...cloud.store.list(`${productId}/groupLinks`).map(({ body }) => nameOf(String(body.properties.groupId))),
  ];
  return [...new Set(names)].map((name) => ({
    id: `${productId}/groups/${name}`,
    name,
    displayName: name,
  }));
}

/** The products that an API is in, by either kind of link. */
export function productsOf(cloud: Cloud, serviceId: string, apiName: string): Resource[] {
  const apiId = keyOf(`${serviceId}/apis/${apiName}`);
  return cloud.store
    .list(`${serviceId}/products`)
    .filter(
      (product) =>
        cloud.store.get(`${product.id}/apis/${apiName}`) !== undefined ||
        cloud.store.list(`${product.id}/apiLinks`).some((link) => keyOf(String(link.body.properties.apiId)) === apiId),
    );
}

export const PRODUCT_TYPES: { readonly [type: string]: ArmType } = {
  'microsoft.apimanagement/service/products': products,
  'microsoft.apimanagement/service/products/apilinks': linkType('apiId', 'API'),
  'microsoft.apimanagement/service/products/grouplinks': linkType('groupId', 'Group'),
};
