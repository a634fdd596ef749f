import { IResolvable, ITerraformDependable, TerraformDataSource, Token } from 'cdktf';
import { Construct } from 'constructs';
import { AZAPI, commonArguments } from './azapi-rendering';
import { AzapiBlockConfig } from './azapi-types';
import { given, refuseHcl, refuseUsedAddress, withDependencies } from '../terraform/rendering';
import { inFramework } from '../validation/framework';

/** Settings of a `data.azapi_resource`. */
export interface DataAzapiResourceConfig extends AzapiBlockConfig {
  /** Azure resource id of the object. */
  readonly resourceId: string;

  /**
   * Return `exists = false` instead of failing if the object does not exist.
   * @default false
   */
  readonly ignoreNotFound?: boolean;
}

/**
 * A `data.azapi_resource`: reads an object.
 *
 * Source: https://registry.terraform.io/providers/Azure/azapi/latest/docs/data-sources/resource
 */
export class DataAzapiResource extends TerraformDataSource {
  /** Type of the block in Terraform. */
  public static readonly tfResourceType = 'azapi_resource';

  private readonly dependencies: ITerraformDependable[];
  private readonly outputs = new Map<string, IResolvable>();
  private _id?: string;

  /** Declares the reading. */
  public constructor(
    scope: Construct,
    id: string,
    private readonly config: DataAzapiResourceConfig,
  ) {
    super(inFramework(scope, id), id, {
      terraformResourceType: DataAzapiResource.tfResourceType,
      terraformGeneratorMetadata: AZAPI,
      provider: config.provider,
      forEach: config.forEach,
      lifecycle: config.lifecycle,
    });
    this.dependencies = [...(config.dependsOn ?? [])];
  }

  /** Azure resource id. */
  public get id(): string {
    this._id ??= this.getStringAttribute('id');
    return this._id;
  }

  /** An exported value of Azure's response as a string; null if Azure does not return it. */
  public output(name: string): string {
    return Token.asString(this.outputValue(name));
  }

  /** An exported value of Azure's response, of any type; null if Azure does not return it. */
  public outputValue(name: string): IResolvable {
    const known = this.outputs.get(name);
    if (known !== undefined) {
      return known;
    }
    const value = this.interpolationForAttribute(`output.${name}`);
    this.outputs.set(name, value);
    return value;
  }

  /** Meta-arguments as cdktf renders them, with the dependencies of this block. */
  public override get terraformMetaArguments(): { [name: string]: any } {
    return withDependencies(this, super.terraformMetaArguments, this.dependencies);
  }

  /** Fails: the block is rendered as JSON only. */
  public override toHclTerraform(): any {
    refuseHcl(this, 'data.azapi_resource blocks');
  }

  /** Gives the block another logical id. Fails once its address has been used. */
  public override overrideLogicalId(newLogicalId: string): void {
    refuseUsedAddress(this);
    super.overrideLogicalId(newLogicalId);
  }

  /** Arguments of the block. */
  protected override synthesizeAttributes(): { [name: string]: any } {
    return given({
      ...commonArguments(this.config),
      resource_id: this.config.resourceId,
      ignore_not_found: this.config.ignoreNotFound,
    });
  }
}
