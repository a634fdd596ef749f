import { Cloud } from '../cloud';
import { isAudience } from '../entra/login';
import { claimsOf } from '../entra/validation';
import { answer, Answer, AzureError, bearerToken, Call, segmentsOf } from '../http';
import { SUBSCRIPTION_ID, TENANT_ID, TENANT_NAME } from '../identifiers';
import { filterOf } from '../odata';
import { demandPermission } from './access';
import { handleResource, removeResource } from './handler';
import { cloudMetadata } from './metadata';
import { resourceAnswer } from './resource-answer';
import { keyOf, parseResourceId, resourceGroupOf } from './resource-id';
import { Resource } from './store';
import { normalLocation } from './arm-type';

const SUBSCRIPTION = `/subscriptions/${SUBSCRIPTION_ID}`;
const NAMESPACES = [
  'ApiManagement',
  'KeyVault',
  'ManagedIdentity',
  'Authorization',
  'Resources',
  'Insights',
  'OperationalInsights',
  'Storage',
  'Network',
  'Cache',
].map((name) => `Microsoft.${name}`);
const LOCATIONS = ['centraluseuap', 'eastus2euap', 'westeurope', 'northeurope', 'eastus', 'eastus2', 'swedencentral'];

/** Azure Resource Manager. */
export function arm(cloud: Cloud, call: Call): Answer {
  if (call.path.startsWith('/metadata')) {
    return answer(200, cloudMetadata(call.host));
  }
  authenticate(cloud, call);
  if (!call.query.has('api-version')) {
    throw new AzureError(
      400,
      'MissingApiVersionParameter',
      'The api-version query parameter (?api-version=) is required for all requests.',
    );
  }
  return general(cloud, call) ?? resources(cloud, call);
}

function authenticate(cloud: Cloud, call: Call): void {
  const token = bearerToken(call);
  const challenge = {
    'WWW-Authenticate': `Bearer authorization_uri="https://login.windows.net/${TENANT_ID}", error="invalid_token"`,
  };
  if (token === undefined) {
    throw new AzureError(
      401,
      'AuthenticationFailed',
      "Authentication failed. The 'Authorization' header is missing.",
      challenge,
    );
  }
  const claims = claimsOf(cloud, token);
  if (typeof claims === 'string') {
    const code = claims === 'expired' ? 'ExpiredAuthenticationToken' : 'InvalidAuthenticationToken';
    throw new AzureError(401, code, `The access token is ${claims}.`, challenge);
  }
  if (!isAudience(claims.aud, 'arm')) {
    throw new AzureError(
      401,
      'InvalidAuthenticationTokenAudience',
      `The access token has been obtained for wrong audience or resource '${String(claims.aud)}'.`,
      challenge,
    );
  }
  demandPermission(cloud, call, String(claims.oid));
}

/** What belongs to no resource: tenants, subscriptions, providers, operations. */
function general(cloud: Cloud, call: Call): Answer | undefined {
  const segments = segmentsOf(call.path);
  const [first, subscription, third, fourth, fifth, sixth] = segments.map((segment) => segment.toLowerCase());
  if (first === 'tenants') {
    return answer(200, { value: [{ id: `/tenants/${TENANT_ID}`, tenantId: TENANT_ID, displayName: TENANT_NAME }] });
  }
  if (first === 'subscriptions' && subscription === undefined) {
    return answer(200, { value: [subscriptionBody()] });
  }
  if (first === 'subscriptions' && subscription !== SUBSCRIPTION_ID) {
    throw new AzureError(404, 'SubscriptionNotFound', `The subscription '${segments[1]}' could not be found.`);
  }
  if (first === 'subscriptions' && third === undefined) {
    return answer(200, subscriptionBody());
  }
  if (third === 'locations' && fourth === undefined) {
    return answer(200, {
      value: LOCATIONS.map((name) => ({ id: `${SUBSCRIPTION}/locations/${name}`, name, displayName: name })),
    });
  }
  if (third === 'providers' && fourth === 'microsoft.local' && fifth === 'operations') {
    return cloud.operations.read(sixth);
  }
  if (third === 'providers' && (segments.length <= 4 || ['register', 'unregister'].includes(fifth))) {
    return answer(200, fourth === undefined ? { value: NAMESPACES.map(provider) } : provider(segments[3]));
  }
  if (first === 'providers' && segments.length <= 2) {
    return answer(200, subscription === undefined ? { value: NAMESPACES.map(provider) } : provider(segments[1]));
  }
  if (third === 'resources' && fourth === undefined) {
    const filter = call.query.get('$filter');
    return answer(200, { value: topLevel(cloud).filter(filter === null ? () => true : filterOf(filter)) });
  }
  return third === 'resourcegroups' ? resourceGroups(cloud, call, segments) : undefined;
}

function resourceGroups(cloud: Cloud, call: Call, segments: readonly string[]): Answer | undefined {
  if (segments.length === 3) {
    return answer(200, { value: cloud.store.list(`${SUBSCRIPTION}/resourceGroups`).map(groupBody) });
  }
  const id = `${SUBSCRIPTION}/resourceGroups/${segments[3]}`;
  const group = cloud.store.get(id);
  if (segments.length === 5 && segments[4].toLowerCase() === 'resources') {
    if (group === undefined) {
      throw groupNotFound(segments[3]);
    }
    return answer(200, {
      value: topLevel(cloud).filter((resource) => keyOf(resourceGroupOf(resource.id)!) === keyOf(id)),
    });
  }
  return segments.length === 4 ? resourceGroup(cloud, call, id, group) : undefined;
}

function resourceGroup(cloud: Cloud, call: Call, id: string, group: Resource | undefined): Answer {
  const { method, json } = call;
  if (method === 'PUT') {
    if (!json.location) {
      throw new AzureError(400, 'LocationRequired', 'The location property is required for this definition.');
    }
    const location = normalLocation(json.location);
    if (group !== undefined && group.body.location !== location) {
      throw new AzureError(409, 'InvalidResourceGroupLocation', `Invalid resource group location '${location}'.`);
    }
    const body = {
      location,
      tags: json.tags,
      managedBy: json.managedBy,
      properties: { provisioningState: 'Succeeded' },
    };
    return answer(group === undefined ? 201 : 200, groupBody(cloud.store.put(id, body, cloud.clock.now())));
  }
  if (group === undefined) {
    if (method === 'HEAD') {
      return answer(404);
    }
    throw groupNotFound(id.slice(id.lastIndexOf('/') + 1));
  }
  switch (method) {
    case 'HEAD':
      return answer(204);
    case 'PATCH':
      group.body = { ...group.body, tags: json.tags ?? group.body.tags };
      group.version += 1;
      return answer(200, groupBody(group));
    case 'DELETE':
      for (const { id: resource } of topLevel(cloud).filter((found) => keyOf(found.id).startsWith(`${keyOf(id)}/`))) {
        removeResource(cloud, call, resource);
      }
      cloud.store.remove(id);
      return answer(200);
    default:
      return answer(200, groupBody(group));
  }
}

function resources(cloud: Cloud, call: Call): Answer {
  const group = resourceGroupOf(call.path);
  if (group !== undefined && cloud.store.get(group) === undefined) {
    throw groupNotFound(group.slice(group.lastIndexOf('/') + 1));
  }
  if (/\/checknameavailability$/i.test(call.path) && call.method === 'POST') {
    return answer(200, { nameAvailable: true, reason: 'Valid' });
  }
  return handleResource(cloud, call);
}

function topLevel(cloud: Cloud): { id: string; name: string; type: string; location: string; tags: unknown }[] {
  return cloud.store
    .all()
    .filter(({ id }) => {
      const parsed = parseResourceId(id);
      return (
        parsed?.names.length === 1 &&
        resourceGroupOf(id) !== undefined &&
        parsed.scope.toLowerCase() === resourceGroupOf(id)!.toLowerCase() &&
        parsed.namespace.toLowerCase() !== 'microsoft.authorization'
      );
    })
    .map((resource) => {
      const { id, name, type, location, tags } = resourceAnswer(resource) as ReturnType<typeof topLevel>[number];
      return { id, name, type, resourceType: type, location, tags };
    });
}

const groupNotFound = (name: string): AzureError =>
  new AzureError(404, 'ResourceGroupNotFound', `Resource group '${name}' could not be found.`);

const groupBody = (group: Resource): object => ({
  id: group.id,
  name: group.id.slice(group.id.lastIndexOf('/') + 1),
  type: 'Microsoft.Resources/resourceGroups',
  ...group.body,
});

const subscriptionBody = (): object => ({
  id: SUBSCRIPTION,
  subscriptionId: SUBSCRIPTION_ID,
  tenantId: TENANT_ID,
  displayName: 'Local',
  state: 'Enabled',
  authorizationSource: 'RoleBased',
});

const provider = (namespace: string): object => ({
  id: `${SUBSCRIPTION}/providers/${namespace}`,
  namespace,
  registrationState: 'Registered',
  registrationPolicy: 'RegistrationRequired',
  resourceTypes: [],
});
