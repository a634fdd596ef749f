import { AzureadProvider } from '@cdktf/provider-azuread/lib/provider';
import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import { AzapiProvider } from './azapi/azapi-provider';
import * as limits from './validation/limits';
import { Problems, refuse } from './validation/problems';
import * as shapes from './validation/shapes';
import { inFramework } from './validation/framework';

/** Settings of `AzureProviders`. */
export interface AzureProvidersProps {
  /**
   * Azure subscription of all resources, a GUID.
   * @default - `ARM_SUBSCRIPTION_ID`
   */
  readonly subscriptionId?: string;

  /**
   * Entra tenant, a GUID.
   * @default - `ARM_TENANT_ID` or the tenant that the Azure CLI is signed in to
   */
  readonly tenantId?: string;

  /**
   * Purge instances, key vaults and the contents of vaults when they are destroyed, instead of leaving them
   * soft-deleted. Use it for sandboxes, so that their names are free again. Purging a vault needs a separate right on
   * the subscription.
   * @default false - soft-deleted instances and vaults stay, and Terraform does not recover them
   */
  readonly purgeSoftDeletedOnDestroy?: boolean;
}

/**
 * The three providers that the constructs of this library need, in one line: azurerm, azuread and azapi.
 */
export class AzureProviders extends Construct {
  /** Provider of the Azure resources that azurerm knows. */
  public readonly azurerm: AzurermProvider;

  /** Provider of the Entra objects, an `AzureadProvider`. */
  public readonly azuread: TerraformProvider;

  /** Provider of what only Azure Resource Manager knows, such as application based access. */
  public readonly azapi: AzapiProvider;

  /**
   * Declares the providers.
   *
   * Fails when `subscriptionId` or `tenantId` is not a GUID.
   */
  public constructor(scope: Construct, id: string, props: AzureProvidersProps = {}) {
    super(inFramework(scope, id, { '@cdktf/provider-azuread': AzureadProvider }), id);
    refuse(this.node.path, 'props', shapes.settings(props));
    const { subscriptionId, tenantId, purgeSoftDeletedOnDestroy: purge = false } = props;
    const problems = new Problems(this.node.path);
    problems.optional('subscriptionId', subscriptionId, limits.guid);
    problems.optional('tenantId', tenantId, limits.guid);
    problems.add('purgeSoftDeletedOnDestroy', shapes.flag(purge));
    problems.throwIfAny();

    this.azurerm = new AzurermProvider(this, 'azurerm', {
      subscriptionId,
      tenantId,
      features: [
        {
          apiManagement: [{ purgeSoftDeleteOnDestroy: purge, recoverSoftDeleted: false }],
          keyVault: [
            {
              purgeSoftDeleteOnDestroy: purge,
              purgeSoftDeletedSecretsOnDestroy: purge,
              purgeSoftDeletedCertificatesOnDestroy: purge,
              purgeSoftDeletedKeysOnDestroy: purge,
              recoverSoftDeletedKeyVaults: false,
            },
          ],
        },
      ],
    });
    this.azuread = new AzureadProvider(this, 'azuread', { tenantId });
    this.azapi = new AzapiProvider(this, 'azapi', { subscriptionId, tenantId });
  }
}
