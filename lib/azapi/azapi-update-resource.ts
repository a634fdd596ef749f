import { Construct } from 'constructs';
import { AzapiManagedResource } from './azapi-managed-resource';
import { commonArguments } from './azapi-rendering';
import { AzapiBlockConfig } from './azapi-types';
import { given } from '../terraform/rendering';
import { recordSource } from '../terraform/source-line';

/** Settings of an `azapi_update_resource`. */
export interface AzapiUpdateResourceConfig extends AzapiBlockConfig {
  /** Azure resource id of the object, which exists. */
  readonly resourceId: string;

  /** The properties to set, as Azure Resource Manager takes them; the others stay as they are. */
  readonly body: { [name: string]: any };

  /**
   * Where the program declared the change, `file:line`, kept as a comment beside the block.
   * @default - not recorded
   */
  readonly source?: string;
}

/**
 * An `azapi_update_resource`: properties of an object that something else made. It reads the object, merges the
 * properties and writes the whole object; destroying it changes nothing in Azure.
 *
 * The provider does not check the body: Azure drops a property that the api-version does not know, without an error.
 *
 * Source: https://registry.terraform.io/providers/Azure/azapi/latest/docs/resources/update_resource
 */
export class AzapiUpdateResource extends AzapiManagedResource {
  /** Type of the block in Terraform. */
  public static readonly tfResourceType = 'azapi_update_resource';

  /** Declares the change. */
  public constructor(
    scope: Construct,
    id: string,
    private readonly config: AzapiUpdateResourceConfig,
  ) {
    super(scope, id, AzapiUpdateResource.tfResourceType, config);
    recordSource(this, config.source);
  }

  /** Arguments of the block. */
  protected override synthesizeAttributes(): { [name: string]: any } {
    const { config } = this;
    return given({
      ...commonArguments(config),
      resource_id: config.resourceId,
      body: config.body,
    });
  }
}
