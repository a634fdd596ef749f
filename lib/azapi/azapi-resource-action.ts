import { Construct } from 'constructs';
import { AzapiManagedResource } from './azapi-managed-resource';
import { commonArguments } from './azapi-rendering';
import { AzapiBlockConfig } from './azapi-types';
import { given } from '../terraform/rendering';

/** Settings of an `azapi_resource_action`. */
export interface AzapiResourceActionConfig extends AzapiBlockConfig {
  /** Azure resource id of the object that the action is for. */
  readonly resourceId: string;

  /**
   * Name of the action, the last part of the request's path.
   * @default - the request is sent to the object itself
   */
  readonly action?: string;

  /**
   * HTTP method: `POST`, `PATCH`, `PUT`, `DELETE`, `GET` or `HEAD`.
   * @default POST
   */
  readonly method?: string;

  /**
   * Request body.
   * @default - no body
   */
  readonly body?: any;

  /**
   * Request headers, such as `If-Match` for updates that ask for it.
   * @default - no further headers
   */
  readonly headers?: { [name: string]: string };

  /**
   * Query parameters of the request besides the api-version.
   * @default - none
   */
  readonly queryParameters?: { [name: string]: string[] };

  /**
   * When the request is sent: `apply`, on creation and when the body changes, or `destroy`.
   * @default apply
   */
  readonly when?: string;

  /**
   * Succeed if the object no longer exists.
   * @default false
   */
  readonly ignoreNotFound?: boolean;
}

/**
 * An `azapi_resource_action`: one request to an object that exists.
 *
 * Source: https://registry.terraform.io/providers/Azure/azapi/latest/docs/resources/resource_action
 */
export class AzapiResourceAction extends AzapiManagedResource {
  /** Type of the block in Terraform. */
  public static readonly tfResourceType = 'azapi_resource_action';

  /** Declares the request. */
  public constructor(
    scope: Construct,
    id: string,
    private readonly config: AzapiResourceActionConfig,
  ) {
    super(scope, id, AzapiResourceAction.tfResourceType, config);
  }

  /** Arguments of the block. */
  protected override synthesizeAttributes(): { [name: string]: any } {
    const { config } = this;
    return given({
      ...commonArguments(config),
      resource_id: config.resourceId,
      action: config.action,
      method: config.method,
      body: config.body,
      headers: config.headers,
      query_parameters: config.queryParameters,
      when: config.when,
      ignore_not_found: config.ignoreNotFound,
    });
  }
}
