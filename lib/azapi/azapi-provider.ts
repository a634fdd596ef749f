import { TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import { literal } from '../terraform/expression';
import { refuseHcl } from '../terraform/rendering';
import { AZAPI } from './azapi-rendering';
import { inFramework } from '../validation/framework';

/**
 * Settings of the azapi provider. Missing settings come from the environment (`ARM_TENANT_ID`, …) or from the Azure
 * CLI, as the provider documents it.
 */
export interface AzapiProviderConfig {
  /**
   * Name under which resources choose this configuration of the provider.
   * @default - the default configuration of the stack
   */
  readonly alias?: string;

  /**
   * Azure subscription, a GUID.
   * @default - `ARM_SUBSCRIPTION_ID` or the subscription that the Azure CLI has selected
   */
  readonly subscriptionId?: string;

  /**
   * Entra tenant, a GUID.
   * @default - `ARM_TENANT_ID` or the tenant that the Azure CLI has selected
   */
  readonly tenantId?: string;

  /**
   * Client id to authenticate with, a GUID.
   * @default - `ARM_CLIENT_ID`
   */
  readonly clientId?: string;

  /**
   * Azure cloud: `public`, `usgovernment` or `china`.
   * @default - `ARM_ENVIRONMENT` or `public`
   */
  readonly environment?: string;

  /**
   * Authenticate with the OIDC token of a pipeline.
   * @default - `ARM_USE_OIDC` or false
   */
  readonly useOidc?: boolean;

  /**
   * Authenticate with a managed identity.
   * @default - `ARM_USE_MSI` or false
   */
  readonly useMsi?: boolean;

  /**
   * Authenticate with the Azure CLI.
   * @default - `ARM_USE_CLI` or true
   */
  readonly useCli?: boolean;
}

/**
 * The azapi provider (`Azure/azapi`, `~> 2.7`), which speaks every api-version of Azure Resource Manager.
 *
 * Source: https://registry.terraform.io/providers/Azure/azapi/latest/docs
 */
export class AzapiProvider extends TerraformProvider {
  /** Name of the provider in Terraform. */
  public static readonly tfResourceType = 'azapi';

  private _alias?: string;

  /** Declares the provider in a stack. */
  public constructor(
    scope: Construct,
    id: string,
    private readonly config: AzapiProviderConfig = {},
  ) {
    super(inFramework(scope, id), id, {
      terraformResourceType: AzapiProvider.tfResourceType,
      terraformGeneratorMetadata: AZAPI,
      terraformProviderSource: 'Azure/azapi',
    });
    this._alias = config.alias;
  }

  /** Name under which resources choose this configuration; undefined for the default one. */
  public override get alias(): string | undefined {
    return this._alias;
  }

  public override set alias(value: string | undefined) {
    this._alias = value;
  }

  /** Fails: the block is rendered as JSON only. */
  public override toHclTerraform(): any {
    refuseHcl(this, 'azapi provider blocks');
  }

  /** Arguments of the provider block. */
  protected override synthesizeAttributes(): { [name: string]: any } {
    const { config } = this;
    return {
      alias: this._alias,
      subscription_id: config.subscriptionId,
      tenant_id: config.tenantId,
      client_id: config.clientId,
      environment: config.environment && literal(config.environment),
      use_oidc: config.useOidc,
      use_msi: config.useMsi,
      use_cli: config.useCli,
    };
  }
}
