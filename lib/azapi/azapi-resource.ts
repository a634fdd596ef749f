import { IResolvable } from 'cdktf';
import { Construct } from 'constructs';
import { AzapiManagedResource } from './azapi-managed-resource';
import { commonArguments } from './azapi-rendering';
import { AzapiBlockConfig } from './azapi-types';
import { given } from '../terraform/rendering';

/** Settings of an `azapi_resource`. */
export interface AzapiResourceConfig extends AzapiBlockConfig {
  /** Azure resource id of what the object lies in. */
  readonly parentId: string;

  /** Name of the object below its parent. */
  readonly name: string;

  /**
   * Request body as Azure Resource Manager takes it: `properties` and the like, in Azure's own spelling.
   * @default - an empty body
   */
  readonly body?: { [name: string]: any };

  /**
   * Azure region, for types that have one.
   * @default - none
   */
  readonly location?: string;

  /**
   * Azure tags, for types that have them.
   * @default - none
   */
  readonly tags?: { [name: string]: string };

  /**
   * Query parameters of the request that deletes the object: names to values.
   * @default - none
   */
  readonly deleteQueryParameters?: { [name: string]: string[] };

  /**
   * A value that makes Terraform replace the object when it changes, such as the id of what the object points at.
   * @default - none
   */
  readonly replaceTriggersExternalValues?: any;

  /**
   * Check the body against Azure's types when planning.
   * @default true
   */
  readonly schemaValidationEnabled?: boolean;

  /**
   * Where the program declared the object, `file:line`, kept as a comment beside the block.
   * @default - not recorded
   */
  readonly source?: string;

  /**
   * Makes one instance for each entry of a map or a Terraform expression for one, for keys that no iterator can hold.
   * Not together with `forEach`.
   * @default - a single instance
   */
  readonly instances?: IResolvable;
}

/**
 * An `azapi_resource`: an object that Terraform creates, changes and deletes through Azure Resource Manager.
 *
 * Source: https://registry.terraform.io/providers/Azure/azapi/latest/docs/resources/resource
 */
export class AzapiResource extends AzapiManagedResource {
  /** Type of the block in Terraform. */
  public static readonly tfResourceType = 'azapi_resource';

  private _name?: string;

  /** Declares the object. */
  public constructor(
    scope: Construct,
    id: string,
    private readonly config: AzapiResourceConfig,
  ) {
    super(scope, id, AzapiResource.tfResourceType, config);
  }

  /** Name of the object below its parent, as a reference to this resource. */
  public get name(): string {
    this._name ??= this.getStringAttribute('name');
    return this._name;
  }

  /** @internal */
  protected override _instances(): IResolvable | undefined {
    return this.config.instances;
  }

  /** Arguments of the block. */
  protected override synthesizeAttributes(): { [name: string]: any } {
    const { config } = this;
    return given({
      ...commonArguments(config),
      parent_id: config.parentId,
      name: config.name,
      body: config.body,
      location: config.location,
      tags: config.tags,
      delete_query_parameters: config.deleteQueryParameters,
      replace_triggers_external_values: config.replaceTriggersExternalValues,
      schema_validation_enabled: config.schemaValidationEnabled,
      '//': config.source === undefined ? undefined : { source: config.source },
    });
  }
}
