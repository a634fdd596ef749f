import { ITerraformDependable, ref, TerraformElement, TerraformProvider, TerraformResource, Token } from 'cdktf';
import { Construct } from 'constructs';
import { requireTerraform } from '../terraform/required-version';
import { commonArguments } from './azapi-rendering';
import { AzapiRetry } from './azapi-types';
import { addresses, given, merged, refuseHcl, refuseUsedAddress } from '../terraform/rendering';
import { inFramework } from '../validation/framework';

/** Settings of an `ephemeral.azapi_resource_action`. */
export interface EphemeralAzapiResourceActionConfig {
  /** Resource type with api-version, such as `Microsoft.ApiManagement/service/clientApplications@2024-10-01-preview`. */
  readonly type: string;

  /** Azure resource id of the object that the action is for. */
  readonly resourceId: string;

  /**
   * Name of the action, the last part of the request's path.
   * @default - the request is sent to the object itself
   */
  readonly action?: string;

  /**
   * HTTP method.
   * @default POST
   */
  readonly method?: string;

  /**
   * Request body.
   * @default - no body
   */
  readonly body?: any;

  /**
   * Which values of Azure's response become `output`: names to JMESPath expressions.
   * @default - none
   */
  readonly responseExportValues?: { [name: string]: string };

  /**
   * Errors that azapi retries.
   * @default - none but 408, 429 and 5xx
   */
  readonly retry?: AzapiRetry;

  /**
   * How long the request may take, a Terraform duration such as `5m`.
   * @default - the provider's own
   */
  readonly openTimeout?: string;

  /**
   * What must exist first. Constructs of another stack are left out.
   * @default - only what the block refers to
   */
  readonly dependsOn?: ITerraformDependable[];

  /**
   * Configuration of the provider to use.
   * @default - the default configuration of the stack
   */
  readonly provider?: TerraformProvider;

  /**
   * Resource whose provider configuration this block uses if it has no own one.
   * @default - the default configuration of the stack
   */
  readonly providerOf?: TerraformResource;
}

/**
 * An `ephemeral.azapi_resource_action`: a request whose response is in no state and no plan. Use its output only where
 * Terraform stores nothing, such as in a write-only argument. Terraform sends the request in every plan, apply and
 * destroy once the object exists. Needs Terraform 1.11 (or OpenTofu 1.11).
 *
 * Source: https://registry.terraform.io/providers/Azure/azapi/latest/docs/ephemeral-resources/resource_action
 */
export class EphemeralAzapiResourceAction extends TerraformElement {
  /** Type of the block in Terraform. */
  public static readonly tfResourceType = 'azapi_resource_action';

  /** Configuration of the provider, unless it is the default one. */
  public provider?: TerraformProvider;

  private readonly outputs = new Map<string, string>();
  private readonly dependencies: ITerraformDependable[];

  /** Declares the request. */
  public constructor(
    scope: Construct,
    id: string,
    private readonly config: EphemeralAzapiResourceActionConfig,
  ) {
    super(inFramework(scope, id), id, `ephemeral.${EphemeralAzapiResourceAction.tfResourceType}`);
    this.dependencies = [...(config.dependsOn ?? [])];
    this.provider = config.provider;
    requireTerraform(this, '1.11');
  }

  /** An exported value of Azure's response, as an ephemeral string; null if Azure does not return it. */
  public output(name: string): string {
    const known = this.outputs.get(name);
    if (known !== undefined) {
      return known;
    }
    const address = `ephemeral.${EphemeralAzapiResourceAction.tfResourceType}.${this.friendlyUniqueId}`;
    const value = Token.asString(ref(`${address}.output.${name}`, this.cdktfStack));
    this.outputs.set(name, value);
    return value;
  }

  /** Adds this block to the Terraform JSON output. */
  public override toTerraform(): any {
    const { config } = this;
    const dependsOn = addresses(this, this.dependencies);
    const block = given({
      ...commonArguments(config),
      resource_id: config.resourceId,
      action: config.action,
      method: config.method,
      body: config.body,
      timeouts: config.openTimeout === undefined ? undefined : { open: config.openTimeout },
      depends_on: dependsOn.length > 0 ? dependsOn : undefined,
      provider: (this.provider ?? config.providerOf?.provider)?.fqn,
    });
    return {
      ephemeral: {
        [EphemeralAzapiResourceAction.tfResourceType]: { [this.friendlyUniqueId]: merged(block, this.rawOverrides) },
      },
    };
  }

  /** cdktf has no HCL for ephemeral blocks. */
  public override toHclTerraform(): any {
    refuseHcl(this, 'ephemeral blocks');
  }

  /** Gives the block another logical id. Fails once its address has been used. */
  public override overrideLogicalId(newLogicalId: string): void {
    refuseUsedAddress(this);
    super.overrideLogicalId(newLogicalId);
  }
}
