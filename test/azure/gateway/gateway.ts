import { productsOf } from '../arm/apim/products';
import { services } from '../arm/apim/service';
import { nameOf } from '../arm/resource-id';
import { Resource } from '../arm/store';
import { Cloud } from '../cloud';
import { firstLabel } from '../hosts';
import { answer, Answer, AzureError, Call } from '../http';
import { newId } from '../identifiers';
import { admit, Target } from './admission';
import { sectionOf } from './policies';
import { RequestContext } from './request-context';
import { outboundHeader, PolicyAnswer, PolicyError, runPolicies } from './run-policies';

/** API Management's gateway: who may call, then the policies, then an answer that says what the backend would have got. */
export function gateway(cloud: Cloud, call: Call): Answer {
  const service = services(cloud).find(({ id }) => nameOf(id).toLowerCase() === firstLabel(call.host));
  if (service === undefined) {
    throw new AzureError(404, 'ServiceNotFound', `The service '${firstLabel(call.host)}' was not found.`);
  }
  if (call.path === '/status-0123456789abcdef') {
    return answer(200);
  }
  return respond(cloud, call, { service, ...route(cloud, service, call) });
}

/** The answer to a call of an operation. */
export function respond(cloud: Cloud, call: Call, called: Omit<Target, 'products'>): Answer {
  const products = productsOf(cloud, called.service.id, nameOf(called.api.id));
  const admitted = admit(cloud, call, { ...called, products });
  const context = new RequestContext(cloud, call, admitted);
  try {
    for (const section of ['inbound', 'backend'] as const) {
      runPolicies(context, sectionOf(cloud, admitted, section));
    }
    return outbound(context, backendAnswer(context));
  } catch (error) {
    if (error instanceof PolicyAnswer) {
      return error.answer;
    }
    if (error instanceof PolicyError) {
      cloud.notUnderstood.push(`${call.host}${call.path}: ${error.message}`);
      return answer(500, { statusCode: 500, message: 'Internal server error', activityId: newId() });
    }
    throw error;
  }
}

/** The API whose path is the longest that fits, and its operation. */
function route(cloud: Cloud, service: Resource, call: Call): { readonly api: Resource; readonly operation: Resource } {
  const notFound = new AzureError(404, 'NotFound', 'Resource not found');
  const candidates = cloud.store
    .list(`${service.id}/apis`)
    .filter(
      (api) =>
        api.body.properties.isCurrent !== false &&
        (call.path === basePath(api) || call.path.startsWith(`${basePath(api)}/`)),
    )
    .sort((one, other) => basePath(other).length - basePath(one).length);
  const [api] = candidates;
  if (api === undefined) {
    throw notFound;
  }
  const tail = call.path.slice(basePath(api).length) || '/';
  const operation = cloud.store
    .list(`${api.id}/operations`)
    .find(
      ({ body: { properties } }) =>
        properties.method === call.method && template(String(properties.urlTemplate)).test(tail),
    );
  if (operation === undefined) {
    throw notFound;
  }
  return { api, operation };
}

export function basePath(api: Resource): string {
  const { path, apiVersion } = api.body.properties as { path?: string; apiVersion?: string };
  return [path, apiVersion]
    .filter((part) => part !== undefined && part !== '')
    .map((part) => `/${String(part)}`)
    .join('');
}

function template(urlTemplate: string): RegExp {
  const pattern = urlTemplate
    .replace(/\?.*$/, '')
    .split(/(\{[^}]+\})/)
    .map((part) =>
      part.startsWith('{*') ? '.*' : part.startsWith('{') ? '[^/]+' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'),
    )
    .join('')
    // A wildcard at the end, as `/*` says it.
    .replace(/\\\*$/, '.*');
  return new RegExp(`^${pattern}/?$`, 'i');
}

function backendAnswer({ admitted, call }: RequestContext): Answer {
  const { service, api, operation, product, subscription, by, claims } = admitted;
  return answer(200, {
    service: nameOf(service.id),
    api: nameOf(api.id),
    operation: nameOf(operation.id),
    method: call.method,
    path: call.path,
    authorizedBy: by,
    ...(product === undefined ? {} : { product: nameOf(product.id) }),
    ...(subscription === undefined ? {} : { subscription: nameOf(subscription.id) }),
    ...(claims === undefined ? {} : { clientId: claims.appid ?? claims.azp, roles: claims.roles }),
  });
}

/** Headers are all that policies change on the way out here. */
function outbound(context: RequestContext, given: Answer): Answer {
  for (const element of sectionOf(context.cloud, context.admitted, 'outbound')) {
    if (element.name === 'set-header') {
      outboundHeader(context, element);
    }
  }
  return { ...given, headers: { ...given.headers, ...Object.fromEntries(context.responseHeaders) } };
}
