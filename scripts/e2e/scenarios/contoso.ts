import { KeyVault } from '@cdktf/provider-azurerm/lib/key-vault';
import { App, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { ApimInstanceWithIdentity, AzureProviders, IApimInstance } from '../../../lib';
import { DEPLOYER, Landscape, LocalAzure, SUBSCRIPTION_ID, TENANT_ID } from '../../../test/azure';

/** The instance that scenarios find: its identity may register applications, its one user owns clients. */
export function contoso(azure: LocalAzure): Landscape {
  return new Landscape(azure).user('ada');
}

const GROUP_ID = `/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/contoso`;
export const SERVICE_ID = `${GROUP_ID}/providers/Microsoft.ApiManagement/service/contoso-apim`;
export const OWNER_ID = `${SERVICE_ID}/users/ada`;

/** A stack with the providers. */
export function newStack(app: App, name: string): TerraformStack {
  const stack = new TerraformStack(app, name);
  new AzureProviders(stack, 'azure', { subscriptionId: SUBSCRIPTION_ID, purgeSoftDeletedOnDestroy: true });
  return stack;
}

export function existingInstance(scope: Construct): IApimInstance {
  return ApimInstanceWithIdentity.fromExisting(scope, 'apim', {
    name: 'contoso-apim',
    resourceGroupName: 'contoso',
  });
}

/** A vault whose secrets the deployer may handle. */
export function newVault(scope: Construct, id: string, name: string): KeyVault {
  return new KeyVault(scope, id, {
    name,
    location: 'centraluseuap',
    resourceGroupName: 'contoso',
    tenantId: TENANT_ID,
    skuName: 'standard',
    rbacAuthorizationEnabled: false,
    accessPolicy: [
      {
        tenantId: TENANT_ID,
        objectId: DEPLOYER.objectId,
        secretPermissions: ['Get', 'List', 'Set', 'Delete', 'Recover', 'Purge'],
      },
    ],
  });
}

/** The properties of a resource, as Azure has them. */
export function propertiesOf(azure: LocalAzure, id: string): { readonly [name: string]: unknown } {
  return (azure.cloud.store.get(id)?.body.properties ?? {}) as { [name: string]: unknown };
}

/** The identity of an instance, as Azure has it. */
export function identityOf(azure: LocalAzure, id: string): Identity {
  return azure.cloud.store.get(id)?.body.identity as Identity;
}

export interface Identity {
  readonly type: string;
  readonly principalId: string;
  readonly userAssignedIdentities?: object;
}

/** Fails with what was found instead. */
export function expectEqual(what: string, found: unknown, expected: unknown): void {
  const [one, other] = [found, expected].map((value) => JSON.stringify(value));
  if (one !== other) {
    throw new Error(`${what}: ${one} instead of ${other}`);
  }
}
