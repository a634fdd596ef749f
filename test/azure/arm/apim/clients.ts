import { newApplication, newServicePrincipal, assignAppRole, viewServicePrincipal } from '../../entra/registrations';
import { answer, AzureError } from '../../http';
import { TENANT_ID } from '../../identifiers';
import { JsonObject } from '../../json';
import { DAY } from '../../clock';
import { ArmType, Request, validationError } from '../arm-type';
import { keyOf, nameOf, parentOf } from '../resource-id';
import { Resource } from '../store';
import {
  absolute,
  demandClassicTier,
  demandRegistration,
  knowsApplications,
  mayRegister,
  removeRegistration,
  serviceOf,
  siblings,
} from './context';

const clientApplications: ArmType = {
  conditional: true,
  write: ({ cloud, id, body, before, apiVersion }) => {
    demandKnown(apiVersion);
    const service = serviceOf(cloud, id);
    demandClassicTier(service, 'A client application');
    const { displayName, ownerId, description } = (body.properties ?? {}) as JsonObject;
    if (!displayName || !ownerId) {
      throw validationError('displayName and ownerId are required.');
    }
    const owner = absolute(service.id, ownerId);
    if (!/\/users\/[^/]+$/i.test(owner) || cloud.store.get(owner) === undefined) {
      throw validationError(`ownerId: user '${String(ownerId)}' does not exist.`);
    }
    let application = cloud.directory.find(String(before?.hidden.application));
    if (before === undefined) {
      demandRegistration(cloud, service, 'Client application');
      application = newApplication(cloud.directory, { displayName: `APIMApplication${displayName}` }, 'apim');
      newServicePrincipal(cloud.directory, { appId: application.appId, displayName: application.displayName }, 'apim');
    } else if (application !== undefined) {
      application.displayName = `APIMApplication${displayName}`;
    }
    return {
      body: {
        properties: {
          description: description ?? null,
          displayName,
          ownerId: owner,
          entraApplicationId: application?.appId ?? before?.body.properties.entraApplicationId,
          entraTenantId: TENANT_ID,
        },
      },
      hidden: { ...before?.hidden, application: application?.id ?? before?.hidden.application },
    };
  },
  read: ({ cloud }, answered, resource) => {
    const links = cloud.store.list(`${resource.id}/productLinks`);
    answered.properties.state = resource.hidden.state ?? (links.length === 0 ? 'pending' : 'active');
    return answered;
  },
  remove: (request, client) => {
    const service = serviceOf(request.cloud, client.id);
    for (const link of request.cloud.store.list(`${client.id}/productLinks`)) {
      revoke(request, link);
    }
    removeRegistration(request.cloud, service, client);
  },
  actions: { listsecrets: (request, client) => answer(200, { entra: secretOf(request, client) }) },
};

/**
 * What this does is undocumented. The developer portal creates a secret by this very call and shows it once, and Graph
 * never answers an old one: so a call makes a secret, and by default the one before is gone.
 */
function secretOf({ cloud, apiVersion }: Request, client: Resource): JsonObject {
  demandKnown(apiVersion);
  const { directory, settings } = cloud;
  const application = directory.application(String(client.body.properties.entraApplicationId));
  if (application === undefined) {
    throw validationError(
      `The application '${String(client.body.properties.entraApplicationId)}' was not found in Microsoft Entra ID.`,
    );
  }
  const former = client.hidden.keyId as string | undefined;
  if (settings.secrets === 'stable' && former !== undefined && directory.secretTexts.has(former)) {
    return { clientSecret: directory.secretTexts.get(former), expiresAt: client.hidden.expiresAt };
  }
  const made = directory.addPassword(application, {
    displayName: 'API Management',
    endDateTime: cloud.clock.iso(cloud.clock.now() + 365 * DAY),
  });
  if (settings.secrets === 'replace' && former !== undefined) {
    directory.removePassword(application, former);
  }
  client.hidden = { ...client.hidden, keyId: made.keyId, expiresAt: made.endDateTime };
  cloud.secretsMade.set(keyOf(client.id), (cloud.secretsMade.get(keyOf(client.id)) ?? 0) + 1);
  return { clientSecret: made.secretText, expiresAt: made.endDateTime };
}

const productLinks: ArmType = {
  write: (write) => {
    const { cloud, id, parsed, body, before, apiVersion } = write;
    demandKnown(apiVersion);
    const service = serviceOf(cloud, id);
    const productId = absolute(service.id, body.properties?.productId);
    const product = cloud.store.get(productId);
    if (product === undefined || !/\/products\/[^/]+$/i.test(productId)) {
      throw validationError(`Product '${String(body.properties?.productId)}' does not exist.`);
    }
    const stored = { properties: { productId: product.id } };
    if (before !== undefined) {
      if (keyOf(String(before.body.properties.productId)) !== keyOf(productId)) {
        throw validationError('productId of an existing link cannot be changed.');
      }
      return { body: stored, hidden: before.hidden };
    }
    const { authenticationType, application } = product.body.properties as JsonObject;
    if (!((authenticationType ?? []) as string[]).includes('application-token')) {
      throw validationError(`Product '${nameOf(productId)}' does not support 'application-token' authentication.`);
    }
    if (siblings(write).some((link) => keyOf(String(link.body.properties.productId)) === keyOf(productId))) {
      throw new AzureError(409, 'LinkExists', 'The client application is already linked to this product.');
    }
    demandRegistration(cloud, service, 'Product link');
    const client = cloud.store.get(parentOf(parsed)!)!;
    return { body: stored, hidden: { assignment: grant(write, client, String(application.entra.applicationId)) } };
  },
  remove: (request, link) => revoke(request, link),
};

/** The app role assignment that a link stands for. */
function grant({ cloud: { directory } }: Request, client: Resource, applicationId: string): string {
  const principal = directory.servicePrincipal(String(client.body.properties.entraApplicationId));
  const target = directory.servicePrincipal(applicationId);
  for (const [id, found] of [
    [client.body.properties.entraApplicationId, principal],
    [applicationId, target],
  ]) {
    if (found === undefined) {
      throw validationError(`The service principal of Entra application '${String(id)}' does not exist.`);
    }
  }
  const role = (viewServicePrincipal(directory, target!).appRoles as JsonObject[]).find(
    ({ isEnabled, allowedMemberTypes }) =>
      isEnabled !== false && ((allowedMemberTypes ?? []) as string[]).includes('Application'),
  );
  if (role === undefined) {
    throw validationError('The product application exposes no application role.');
  }
  const wanted = {
    appRoleId: role.id as string,
    principalId: principal!.id as string,
    resourceId: target!.id as string,
  };
  return (directory.appRoleAssignments.same(wanted) ?? assignAppRole(directory, wanted)).id;
}

function revoke({ cloud }: Request, link: Resource): void {
  const id = String(link.hidden.assignment);
  if (cloud.directory.appRoleAssignments.get(id) === undefined) {
    return;
  }
  if (mayRegister(cloud, serviceOf(cloud, link.id))) {
    cloud.directory.appRoleAssignments.delete(id);
  } else {
    cloud.orphans.push({ from: link.id, objectId: id, displayName: 'app role assignment' });
  }
}

function demandKnown(apiVersion: string): void {
  if (!knowsApplications(apiVersion)) {
    throw new AzureError(
      400,
      'InvalidResourceType',
      `The resource type 'service/clientApplications' could not be found in the namespace 'Microsoft.ApiManagement' for api version '${apiVersion}'.`,
    );
  }
}

export const CLIENT_TYPES: { readonly [type: string]: ArmType } = {
  'microsoft.apimanagement/service/clientapplications': clientApplications,
  'microsoft.apimanagement/service/clientapplications/productlinks': productLinks,
};
