import { isOpen } from '../arm/apim/products';
import { keyOf, nameOf } from '../arm/resource-id';
import { Resource } from '../arm/store';
import { Cloud } from '../cloud';
import { viewServicePrincipal } from '../entra/registrations';
import { claimsOf } from '../entra/validation';
import { AzureError, bearerToken, Call } from '../http';
import { TENANT_ID } from '../identifiers';
import { JsonObject } from '../json';
import { Admitted } from './request-context';

export interface Target {
  readonly service: Resource;
  readonly api: Resource;
  readonly operation: Resource;
  readonly products: readonly Resource[];
}

const accepts = (product: Resource, type: string): boolean =>
  ((product.body.properties.authenticationType ?? ['subscription-key']) as string[]).includes(type);

/** Who comes in by what, before any policy: a subscription key, a token, or nothing where nothing is needed. */
export function admit(cloud: Cloud, call: Call, target: Target): Admitted {
  const { api } = target;
  const key = subscriptionKey(api, call);
  if (key !== undefined) {
    return byKey(cloud, target, key);
  }
  const tokenProducts = target.products.filter((product) => accepts(product, 'application-token'));
  const token = bearerToken(call);
  const outcome =
    token === undefined || tokenProducts.length === 0 ? undefined : byToken(cloud, target, tokenProducts, token);
  if (outcome !== undefined && !(outcome instanceof AzureError)) {
    return outcome;
  }
  const open = target.products.find(isOpen);
  if (open !== undefined) {
    return { ...target, product: open, by: 'open-product' };
  }
  if (api.body.properties.subscriptionRequired === false && tokenProducts.length === 0) {
    return { ...target, by: 'open-api' };
  }
  throw outcome ?? missing(target, tokenProducts.length > 0);
}

function subscriptionKey(api: Resource, call: Call): string | undefined {
  const names = (api.body.properties.subscriptionKeyParameterNames ?? {}) as { header?: string; query?: string };
  const header = call.headers[(names.header ?? 'Ocp-Apim-Subscription-Key').toLowerCase()];
  return (header as string | undefined) ?? call.query.get(names.query ?? 'subscription-key') ?? undefined;
}

function byKey(cloud: Cloud, target: Target, key: string): Admitted {
  const { service, api, products } = target;
  const subscription = cloud.store
    .list(`${service.id}/subscriptions`)
    .find(
      ({ body: { properties } }) =>
        properties.state === 'active' && [properties.primaryKey, properties.secondaryKey].includes(key),
    );
  const scope = keyOf(String(subscription?.body.properties.scope));
  if (subscription !== undefined && [keyOf(service.id), keyOf(`${service.id}/apis`), keyOf(api.id)].includes(scope)) {
    // A key for all APIs or for this one has no product, and so meets no product's policy.
    return { ...target, subscription, by: 'subscription-key' };
  }
  const product = products.find(({ id }) => keyOf(id) === scope);
  if (
    subscription !== undefined &&
    product !== undefined &&
    accepts(product, 'subscription-key') &&
    mayUse(product, subscription)
  ) {
    return { ...target, product, subscription, by: 'subscription-key' };
  }
  throw new AzureError(
    401,
    'Unauthorized',
    'Access denied due to invalid subscription key. Make sure to provide a valid key for an active subscription.',
    keyChallenge(target, api),
  );
}

/** Until a product is published, only administrators may use it. */
function mayUse(product: Resource, subscription?: Resource): boolean {
  return (
    product.body.properties.state === 'published' || String(subscription?.body.properties.ownerId).endsWith('/users/1')
  );
}

function byToken(cloud: Cloud, target: Target, products: readonly Resource[], token: string): Admitted | AzureError {
  const claims = claimsOf(cloud, token);
  if (typeof claims === 'string') {
    return new AzureError(401, 'Unauthorized', `Access token is ${claims}.`, bearerChallenge('invalid_token'));
  }
  const addressed = products.filter((product) => mayUse(product) && isFor(product, claims));
  const product = addressed.find((candidate) => hasRole(cloud, candidate, claims));
  if (product !== undefined) {
    return { ...target, product, claims, by: 'application-token' };
  }
  return addressed.length > 0
    ? new AzureError(
        403,
        'Forbidden',
        'Access token has no application role of the product.',
        bearerChallenge('insufficient_scope'),
      )
    : new AzureError(401, 'Unauthorized', 'Access token is for another audience.', bearerChallenge('invalid_token'));
}

function isFor(product: Resource, claims: JsonObject): boolean {
  const { audience, applicationId } = product.body.properties.application.entra as {
    audience: string;
    applicationId: string;
  };
  return claims.aud === audience || claims.aud === applicationId;
}

function hasRole({ directory }: Cloud, product: Resource, claims: JsonObject): boolean {
  const principal = directory.servicePrincipal(String(product.body.properties.application.entra.applicationId));
  const roles = principal === undefined ? [] : (viewServicePrincipal(directory, principal).appRoles as JsonObject[]);
  const values = roles.filter(({ isEnabled }) => isEnabled !== false).map(({ value }) => String(value));
  return ((claims.roles ?? []) as string[]).some((role) => values.includes(role));
}

function missing(target: Target, wantsToken: boolean): AzureError {
  if (wantsToken && !target.products.some((product) => accepts(product, 'subscription-key'))) {
    return new AzureError(401, 'Unauthorized', 'Access token is missing.', bearerChallenge());
  }
  return new AzureError(
    401,
    'Unauthorized',
    'Access denied due to missing subscription key. Make sure to include subscription key when making requests to an API.',
    keyChallenge(target, target.api),
  );
}

function bearerChallenge(error?: string): { readonly [name: string]: string } {
  const details = error === undefined ? '' : `, error="${error}"`;
  return { 'WWW-Authenticate': `Bearer authorization_uri="https://login.microsoftonline.com/${TENANT_ID}"${details}` };
}

function keyChallenge({ service }: Target, api: Resource): { readonly [name: string]: string } {
  const realm = `https://${nameOf(service.id).toLowerCase()}.azure-api.net/${String(api.body.properties.path)}`;
  return {
    'WWW-Authenticate': `AzureApiManagementKey realm="${realm}",name="Ocp-Apim-Subscription-Key",type="header"`,
  };
}
