import { Resource } from '../arm/store';
import { nameOf } from '../arm/resource-id';
import { Cloud } from '../cloud';
import { Call } from '../http';
import { newId } from '../identifiers';
import { JsonObject } from '../json';
import { GatewayDictionary, GatewayObject } from './evaluate';

/** What the gateway found before any policy runs. */
export interface Admitted {
  readonly service: Resource;
  readonly api: Resource;
  readonly operation: Resource;
  readonly product?: Resource;
  readonly subscription?: Resource;
  /** What let the caller in. */
  readonly by: 'subscription-key' | 'application-token' | 'open-product' | 'open-api';
  /** Claims of the token that the gateway itself validated. */
  readonly claims?: JsonObject;
}

/** One request on its way through the policies. */
export class RequestContext {
  public readonly variables = new Map<string, unknown>();
  public readonly headers = new Map<string, string>();
  public readonly responseHeaders = new Map<string, string>();
  private readonly id = newId();

  public constructor(
    public readonly cloud: Cloud,
    public readonly call: Call,
    public readonly admitted: Admitted,
  ) {
    for (const [name, value] of Object.entries(call.headers)) {
      this.headers.set(name, [value].flat().join(', '));
    }
  }

  /** `context` of expressions. */
  public get object(): GatewayObject {
    const { service, api, operation, product, subscription } = this.admitted;
    const { call, variables } = this;
    const url = object({
      Host: call.host,
      Path: call.path,
      Scheme: 'https',
      Port: 443,
      QueryString: call.query.size === 0 ? '' : `?${call.query.toString()}`,
      Query: new GatewayDictionary(
        (key) => (call.query.has(key) ? call.query.getAll(key) : undefined),
        () => [...call.query.keys()],
      ),
      ToString: () => `https://${call.host}${call.path}`,
    });
    return object({
      Variables: new GatewayDictionary(
        (key) => variables.get(key),
        () => [...variables.keys()],
      ),
      Subscription: named(subscription, { Key: subscription?.body.properties?.primaryKey ?? null }),
      Product: named(product),
      Api: named(api, { Path: api.body.properties.path, Revision: api.body.properties.apiRevision }),
      Operation: named(operation, {
        Method: operation.body.properties.method,
        UrlTemplate: operation.body.properties.urlTemplate,
      }),
      User: null,
      RequestId: this.id,
      Deployment: object({
        ServiceName: nameOf(service.id),
        Region: service.body.location,
        ServiceId: nameOf(service.id),
      }),
      Request: object({
        Method: call.method,
        Url: url,
        OriginalUrl: url,
        IpAddress: '127.0.0.1',
        Headers: new GatewayDictionary(
          (key) => this.headers.get(key.toLowerCase()),
          () => [...this.headers.keys()],
        ),
      }),
    });
  }
}

function named(resource: Resource | undefined, more: JsonObject = {}): GatewayObject | null {
  return resource === undefined
    ? null
    : object({ Id: nameOf(resource.id), Name: resource.body.properties.displayName ?? null, ...more });
}

const object = (members: JsonObject): GatewayObject => ({ members });
