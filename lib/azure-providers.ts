import { AzureadProvider } from '@cdktf/provider-azuread/lib/provider';
import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { Construct } from 'constructs';
import { AzapiProvider } from './azapi/azapi-provider';
import * as limits from './validation/limits';
import { Problems, refuse } from './validation/problems';
import * as shapes from './validation/shapes';
import { inFramework } from './validation/framework';

/** Settings of `AzureProviders`. */
export interface AzureProvidersProps {
  /**
   * Azure subscription that everything is made in, a GUID.
   * @default - `ARM_SUBSCRIPTION_ID`
   */
  readonly subscriptionId?: string;

  /**
   * Entra tenant, a GUID.
   * @default - `ARM_TENANT_ID` or the tenant that the Azure CLI is signed in to
   */
  readonly tenantId?: string;

  /**
   * Purge what Azure would keep as soft-deleted when it is destroyed: instances, key vaults and what lies in them.
   * For sandboxes, whose names are to be free again. Purging a vault needs a right of its own on the subscription.
   * @default false - soft-deleted instances and vaults stay, and are not recovered by surprise either
   */
  readonly purgeSoftDeletedOnDestroy?: boolean;
}

/**
 * The three providers that the constructs of this library need, in one line: azurerm, azuread and azapi.
 */
export class AzureProviders extends Construct {
  /** Provider of the Azure resources that azurerm knows. */
  public readonly azurerm: AzurermProvider;

  /** Provider of the Entra objects. */
  public readonly azuread: AzureadProvider;

  /** Provider of what only Azure Resource Manager itself knows, such as application based access. */
  public readonly azapi: AzapiProvider;

  /**
   * Declares the providers.
   *
   * Fails when `subscriptionId` or `tenantId` is no GUID.
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
