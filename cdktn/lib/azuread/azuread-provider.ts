import { TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import { AZUREAD } from '../../../lib/azuread/entra-block';
import { inFramework } from '../../../lib/validation/framework';

/**
 * Settings of the azuread provider. What is left out comes from the environment (`ARM_TENANT_ID`, …) or from the Azure
 * CLI, as the provider documents it.
 */
export interface AzureadProviderConfig {
  /**
   * Name under which resources choose this configuration of the provider.
   * @default - the default configuration of the stack
   */
  readonly alias?: string;

  /**
   * Entra tenant, a GUID.
   * @default - `ARM_TENANT_ID` or the tenant that the Azure CLI is signed in to
   */
  readonly tenantId?: string;

  /**
   * Client id to authenticate with, a GUID.
   * @default - `ARM_CLIENT_ID`
   */
  readonly clientId?: string;

  /**
   * File that holds the client id.
   * @default - `ARM_CLIENT_ID_FILE_PATH`
   */
  readonly clientIdFilePath?: string;

  /**
   * Azure cloud: `global` (also `public`), `usgovernmentl4` (also `usgovernment`), `usgovernmentl5` (also `dod`) or
   * `china`.
   * @default - `ARM_ENVIRONMENT` or `global`
   */
  readonly environment?: string;

  /**
   * Host of the Azure Metadata Service, in place of `environment`.
   * @default - `ARM_METADATA_HOSTNAME`
   */
  readonly metadataHost?: string;

  /**
   * Base64 of a PKCS#12 bundle to authenticate with. A literal value lies in the synthesized JSON: give a variable.
   * @default - `ARM_CLIENT_CERTIFICATE`
   */
  readonly clientCertificate?: string;

  /**
   * Password of the client certificate. A literal value lies in the synthesized JSON: give a variable.
   * @default - `ARM_CLIENT_CERTIFICATE_PASSWORD`
   */
  readonly clientCertificatePassword?: string;

  /**
   * File that holds the client certificate, as PKCS#12.
   * @default - `ARM_CLIENT_CERTIFICATE_PATH`
   */
  readonly clientCertificatePath?: string;

  /**
   * Client secret to authenticate with. A literal value lies in the synthesized JSON: give a variable.
   * @default - `ARM_CLIENT_SECRET`
   */
  readonly clientSecret?: string;

  /**
   * File that holds the client secret.
   * @default - `ARM_CLIENT_SECRET_FILE_PATH`
   */
  readonly clientSecretFilePath?: string;

  /**
   * Authenticate with the OIDC token of a pipeline.
   * @default - `ARM_USE_OIDC` or false
   */
  readonly useOidc?: boolean;

  /**
   * OIDC token to authenticate with. A literal value lies in the synthesized JSON: give a variable.
   * @default - `ARM_OIDC_TOKEN`
   */
  readonly oidcToken?: string;

  /**
   * File that holds the OIDC token.
   * @default - `ARM_OIDC_TOKEN_FILE_PATH`
   */
  readonly oidcTokenFilePath?: string;

  /**
   * Token for the request to the OIDC provider of the pipeline. A literal value lies in the synthesized JSON: give a
   * variable.
   * @default - `ARM_OIDC_REQUEST_TOKEN`, `ACTIONS_ID_TOKEN_REQUEST_TOKEN` or `SYSTEM_ACCESSTOKEN`
   */
  readonly oidcRequestToken?: string;

  /**
   * URL of the OIDC provider of the pipeline.
   * @default - `ARM_OIDC_REQUEST_URL`, `ACTIONS_ID_TOKEN_REQUEST_URL` or `SYSTEM_OIDCREQUESTURI`
   */
  readonly oidcRequestUrl?: string;

  /**
   * Id of the service connection of an Azure DevOps pipeline, a GUID.
   * @default - `ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID` or `ARM_OIDC_AZURE_SERVICE_CONNECTION_ID`
   */
  readonly adoPipelineServiceConnectionId?: string;

  /**
   * Authenticate with the workload identity of Azure Kubernetes Service.
   * @default - `ARM_USE_AKS_WORKLOAD_IDENTITY` or false
   */
  readonly useAksWorkloadIdentity?: boolean;

  /**
   * Authenticate with the Azure CLI.
   * @default - `ARM_USE_CLI` or true
   */
  readonly useCli?: boolean;

  /**
   * Authenticate with a managed identity.
   * @default - `ARM_USE_MSI` or false
   */
  readonly useMsi?: boolean;

  /**
   * URL of the endpoint for managed identities.
   * @default - `ARM_MSI_ENDPOINT` or the one that is detected
   */
  readonly msiEndpoint?: string;

  /**
   * Id for attributing usage to a Microsoft partner, a GUID.
   * @default - `ARM_PARTNER_ID`
   */
  readonly partnerId?: string;

  /**
   * Send no partner id where `partnerId` is not given.
   * @default - `ARM_DISABLE_TERRAFORM_PARTNER_ID` or false
   */
  readonly disableTerraformPartnerId?: boolean;
}

/**
 * The azuread provider (`hashicorp/azuread`, `~> 3.7`), which declares Entra's objects.
 *
 * Source: https://registry.terraform.io/providers/hashicorp/azuread/latest/docs
 */
export class AzureadProvider extends TerraformProvider {
  /** Name of the provider in Terraform. */
  public static readonly tfResourceType = 'azuread';

  private _alias?: string;

  /** Declares the provider in a stack. */
  public constructor(
    scope: Construct,
    id: string,
    private readonly config: AzureadProviderConfig = {},
  ) {
    super(inFramework(scope, id), id, {
      terraformResourceType: AzureadProvider.tfResourceType,
      terraformGeneratorMetadata: AZUREAD,
      terraformProviderSource: 'hashicorp/azuread',
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

  /** Arguments of the provider block. */
  protected override synthesizeAttributes(): { [name: string]: any } {
    return Object.fromEntries(Object.entries(this.settings()).map(([name, value]) => [argumentOf(name), value]));
  }

  /** Arguments of the provider block, for HCL. */
  protected override synthesizeHclAttributes(): { [name: string]: any } {
    return Object.fromEntries(
      Object.entries(this.settings()).map(([name, value]) => [
        argumentOf(name),
        { value, isBlock: false, type: 'simple', storageClassType: typeof value },
      ]),
    );
  }

  private settings(): { [name: string]: unknown } {
    const settings = { ...this.config, alias: this._alias };
    return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
  }
}

/** The name that Terraform has for a setting. */
function argumentOf(setting: string): string {
  return setting.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
