import { Cloud } from '../../cloud';
import { JsonObject } from '../../json';
import { APPLICATION_ADMINISTRATOR } from '../../roles';
import { Request, validationError } from '../arm-type';
import { Resource } from '../store';

const SERVICE = /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.ApiManagement\/service\/[^/]+/i;

/** The API Management service that a resource belongs to. */
export function serviceOf(cloud: Cloud, id: string): Resource {
  return cloud.store.get(SERVICE.exec(id)![0])!;
}

/** A reference as a full resource id: API Management also takes those that begin at the service. */
export function absolute(serviceId: string, reference: unknown): string {
  const text = (typeof reference === 'string' ? reference : '').replace(/\/+$/, '');
  return /^\/subscriptions\//i.test(text) ? text : `${serviceId}/${text.replace(/^\/+/, '')}`;
}

/** Whether an api-version knows `authenticationType`, `application` and client applications. */
export const knowsApplications = (apiVersion: string): boolean => apiVersion >= '2024-10-01-preview';

const CLASSIC_TIERS = ['developer', 'basic', 'standard', 'premium'];

export function demandClassicTier(service: Resource, what: string): void {
  const tier = String(service.body.sku.name);
  if (!CLASSIC_TIERS.includes(tier.toLowerCase())) {
    throw validationError(`${what} is not supported in the ${tier} tier.`);
  }
}

/** Whether the service may write to Entra. */
export function mayRegister(cloud: Cloud, service: Resource): boolean {
  const principalId = service.body.identity?.principalId as string | undefined;
  return (
    principalId !== undefined &&
    (!cloud.settings.directoryRoleNeeded || cloud.directory.holdsRole(principalId, APPLICATION_ADMINISTRATOR))
  );
}

export function demandRegistration(cloud: Cloud, service: Resource, what: string): void {
  const principalId = service.body.identity?.principalId as string | undefined;
  if (principalId === undefined) {
    throw validationError(
      `${what}: the API Management service has no system-assigned managed identity. Enable it and grant it the 'Application Administrator' directory role.`,
    );
  }
  if (!mayRegister(cloud, service)) {
    throw validationError(
      `${what}: Insufficient privileges to complete the operation. The managed identity '${principalId}' of the API Management service must hold the 'Application Administrator' Microsoft Entra role.`,
    );
  }
}

/** Removes what the service registered in Entra; without the role it stays behind. */
export function removeRegistration(cloud: Cloud, service: Resource, from: Resource): void {
  const application = cloud.directory.find(String(from.hidden.application));
  if (application === undefined) {
    return;
  }
  if (mayRegister(cloud, service)) {
    cloud.directory.remove(application);
  } else {
    cloud.orphans.push({ from: from.id, objectId: application.id, displayName: application.displayName });
  }
}

/** The members of a collection of the service, such as `products`. */
export function siblings({ cloud, id }: Pick<Request, 'cloud' | 'id'>): Resource[] {
  return cloud.store.list(id.slice(0, id.lastIndexOf('/')));
}

/** A display name may be taken once. */
export function demandUnique(
  request: Request,
  before: Resource | undefined,
  property: string,
  value: unknown,
  message: string,
): void {
  if (
    siblings(request).some((other) => other !== before && (other.body.properties as JsonObject)[property] === value)
  ) {
    throw validationError(message);
  }
}
