import { Cloud, SoftDeleted } from '../../cloud';
import { DAY } from '../../clock';
import { suffixesOf } from '../../hosts';
import { answer, AzureError } from '../../http';
import { randomHex, randomText, SUBSCRIPTION_ID } from '../../identifiers';
import { JsonObject, merge } from '../../json';
import { ArmType, normalLocation, validationError, Write } from '../arm-type';
import { withIdentity } from '../identity';
import { keyOf, nameOf } from '../resource-id';
import { Resource } from '../store';
import { apiProperties } from './apis';
import { mayRegister } from './context';

const SERVICE = 'microsoft.apimanagement/service';
const TLS = 'Microsoft.WindowsAzure.ApiManagement.Gateway.';
const OLD_PROTOCOLS = [
  'Security.Protocols.Tls10',
  'Security.Protocols.Tls11',
  'Security.Protocols.Ssl30',
  'Security.Ciphers.TripleDes168',
  'Security.Backend.Protocols.Tls10',
  'Security.Backend.Protocols.Tls11',
  'Security.Backend.Protocols.Ssl30',
  'Protocols.Server.Http2',
];

const service: ArmType = {
  asynchronous: true,
  write: (write) => {
    const wanted = write.before === undefined ? newService(write) : write.body;
    const { sku, tags, zones, properties } = wanted;
    const old = write.before?.body;
    const location = normalLocation(wanted.location ?? old?.location);
    const { identity } = withIdentity({ ...write, body: wanted });
    return {
      body: {
        location,
        tags: tags ?? old?.tags ?? {},
        sku: { ...(sku ?? old?.sku) },
        zones: zones ?? null,
        etag: randomText(6),
        ...(identity === undefined ? {} : { identity }),
        properties: serviceProperties(write, (properties ?? {}) as JsonObject, location),
      },
    };
  },
  written: (write, resource) => {
    if (write.before === undefined) {
      addSamples(write.cloud, resource);
    }
  },
  remove: ({ cloud }, resource) => {
    const name = nameOf(resource.id);
    for (const child of cloud.store.below(resource.id)) {
      const application = cloud.directory.find(String(child.hidden.application));
      if (application !== undefined && mayRegister(cloud, resource)) {
        cloud.directory.remove(application);
      } else if (application !== undefined) {
        cloud.orphans.push({ from: child.id, objectId: application.id, displayName: application.displayName });
      }
    }
    const identity = cloud.directory.find(String(resource.body.identity?.principalId));
    if (identity !== undefined) {
      cloud.directory.remove(identity, true);
    }
    cloud.deletedServices.set(name.toLowerCase(), {
      id: resource.id,
      name,
      location: String(resource.body.location),
      body: resource.body,
      deletedAt: cloud.clock.now(),
    });
  },
};

/** Checks the name of a new service; the body is the former one's where it is restored. */
function newService({ cloud, id, body }: Write): JsonObject {
  const name = nameOf(id);
  const deleted = cloud.deletedServices.get(name.toLowerCase());
  if (body.properties?.restore === true) {
    if (deleted === undefined) {
      throw new AzureError(400, 'ServiceUndeleteNotPossible', `There is no soft-deleted service '${name}'.`);
    }
    cloud.deletedServices.delete(name.toLowerCase());
    const { identity: _identity, ...former } = merge(deleted.body, { location: body.location });
    return former;
  }
  if (deleted !== undefined) {
    throw new AzureError(
      409,
      'ServiceAlreadyExistsInSoftDeletedState',
      `Api service ${name} was soft-deleted. In order to create the new service with the same name, you have to either undelete the service or purge it. See https://aka.ms/apimsoftdelete.`,
    );
  }
  if (services(cloud).some((other) => nameOf(other.id).toLowerCase() === name.toLowerCase())) {
    throw new AzureError(400, 'ServiceAlreadyExists', `Api service already exists: ${name}`);
  }
  if (!/^[a-zA-Z](?:[a-zA-Z0-9-]{0,48}[a-zA-Z0-9])?$/.test(name)) {
    throw validationError('Service name is not valid.');
  }
  if (!body.properties?.publisherEmail || !body.properties.publisherName || !body.sku?.name) {
    throw validationError('publisherEmail, publisherName and sku are required.');
  }
  return body;
}

function serviceProperties({ cloud, call, id, before }: Write, given: JsonObject, location: string): JsonObject {
  const name = nameOf(id).toLowerCase();
  const { gateway } = suffixesOf(call.host);
  const old = (before?.body.properties ?? {}) as JsonObject;
  const ownHost = {
    type: 'Proxy',
    hostName: `${name}.${gateway}`,
    encodedCertificate: null,
    keyVaultId: null,
    certificatePassword: null,
    negotiateClientCertificate: false,
    certificate: null,
    defaultSslBinding: true,
    identityClientId: null,
    certificateSource: 'BuiltIn',
  };
  const hosts = (given.hostnameConfigurations ?? old.hostnameConfigurations ?? []) as JsonObject[];
  const { restore: _restore, ...wanted } = given;
  return {
    notificationSenderEmail: 'apimgmt-noreply@mail.windowsazure.com',
    virtualNetworkType: 'None',
    disableGateway: false,
    natGatewayState: 'Disabled',
    publicNetworkAccess: 'Enabled',
    legacyPortalStatus: 'Disabled',
    developerPortalStatus: 'Enabled',
    platformVersion: 'stv2.1',
    privateEndpointConnections: null,
    additionalLocations: null,
    certificates: null,
    enableClientCertificate: null,
    ...old,
    ...wanted,
    apiVersionConstraint: wanted.apiVersionConstraint ?? old.apiVersionConstraint ?? { minApiVersion: null },
    customProperties: {
      ...Object.fromEntries(OLD_PROTOCOLS.map((protocol) => [`${TLS}${protocol}`, 'False'])),
      ...old.customProperties,
      ...wanted.customProperties,
    },
    hostnameConfigurations: [ownHost, ...hosts.filter(({ hostName }) => hostName !== ownHost.hostName)],
    provisioningState: 'Succeeded',
    targetProvisioningState: '',
    createdAtUtc: old.createdAtUtc ?? cloud.clock.iso(),
    gatewayUrl: `https://${name}.${gateway}`,
    gatewayRegionalUrl: `https://${name}-${location}-01.regional.${gateway}`,
    portalUrl: `https://${name}.portal.${gateway}`,
    developerPortalUrl: `https://${name}.developer.${gateway}`,
    managementApiUrl: `https://${name}.management.${gateway}`,
    scmUrl: `https://${name}.scm.${gateway}`,
    publicIPAddresses: ['20.0.0.1'],
    privateIPAddresses: null,
  };
}

/** What a new service has: groups, the administrator, the sample products and the all-access subscription. */
function addSamples(cloud: Cloud, resource: Resource): void {
  const add = (path: string, properties?: JsonObject): void => {
    cloud.store.put(`${resource.id}/${path}`, properties === undefined ? {} : { properties }, cloud.clock.now());
  };
  for (const name of ['administrators', 'developers', 'guests']) {
    const displayName = name.charAt(0).toUpperCase() + name.slice(1);
    add(`groups/${name}`, {
      displayName,
      description: `${displayName} is a built-in group.`,
      builtIn: true,
      type: 'system',
      externalId: null,
    });
  }
  const email = resource.body.properties.publisherEmail as string;
  add('users/1', {
    firstName: 'Administrator',
    lastName: '',
    email,
    state: 'active',
    registrationDate: cloud.clock.iso(),
    note: null,
    identities: [{ provider: 'Azure', id: email }],
    groups: [],
  });
  add('subscriptions/master', {
    ownerId: null,
    scope: `${resource.id}/`,
    displayName: 'Built-in all-access subscription',
    state: 'active',
    createdDate: cloud.clock.iso(),
    allowTracing: false,
    primaryKey: randomHex(16),
    secondaryKey: randomHex(16),
  });
  if (String(resource.body.sku.name).toLowerCase() === 'consumption') {
    return;
  }
  add(
    'apis/echo-api',
    apiProperties({ displayName: 'Echo API', path: 'echo', serviceUrl: 'http://echoapi.cloudapp.net/api' }),
  );
  for (const [method, path] of [
    ['GET', '/resource'],
    ['POST', '/resource'],
  ]) {
    add(`apis/echo-api/operations/${method.toLowerCase()}-resource`, {
      displayName: `${method} resource`,
      method,
      urlTemplate: path,
      templateParameters: [],
      responses: [],
      policies: null,
    });
  }
  for (const displayName of ['Starter', 'Unlimited']) {
    const product = `products/${displayName.toLowerCase()}`;
    add(product, {
      displayName,
      description: `Subscribers of ${displayName}.`,
      terms: '',
      subscriptionRequired: true,
      approvalRequired: displayName === 'Unlimited',
      subscriptionsLimit: 1,
      state: 'published',
      authenticationType: ['subscription-key'],
    });
    add(`${product}/apis/echo-api`);
    add(`${product}/groups/administrators`);
    add(`${product}/groups/developers`);
    add(`${product}/groups/guests`);
  }
}

export function services(cloud: Cloud): Resource[] {
  return cloud.store.ofType(SERVICE);
}

const deletedServices: ArmType = {
  handle: ({ cloud, call, parsed }) => {
    if (parsed.collection) {
      return answer(200, { value: [...cloud.deletedServices.values()].map(deletedBody) });
    }
    const name = parsed.names.at(-1)!;
    const deleted = cloud.deletedServices.get(name.toLowerCase());
    if (deleted === undefined || keyOf(deleted.location) !== normalLocation(parsed.names[0])) {
      throw new AzureError(404, 'ServiceNotFound', `Deleted service ${name} not found in location ${parsed.names[0]}`);
    }
    if (call.method === 'DELETE') {
      cloud.deletedServices.delete(name.toLowerCase());
      return answer(200);
    }
    return answer(200, deletedBody(deleted));
  },
};

function deletedBody({ id, name, location, deletedAt }: SoftDeleted): JsonObject {
  return {
    id: `/subscriptions/${SUBSCRIPTION_ID}/providers/Microsoft.ApiManagement/locations/${location}/deletedservices/${name}`,
    name,
    location,
    type: 'Microsoft.ApiManagement/deletedservices',
    properties: {
      serviceId: id,
      deletionDate: new Date(deletedAt).toISOString(),
      scheduledPurgeDate: new Date(deletedAt + 2 * DAY).toISOString(),
    },
  };
}

export const SERVICE_TYPES: { readonly [type: string]: ArmType } = {
  [SERVICE]: service,
  'microsoft.apimanagement/locations': { virtual: true },
  'microsoft.apimanagement/deletedservices': deletedServices,
  'microsoft.apimanagement/locations/deletedservices': deletedServices,
};
