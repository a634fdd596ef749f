import { TerraformStack, TerraformVariable } from 'cdktf';
import { AzureProviders } from '../lib';
import { errorOf, newApp, SUBSCRIPTION, synth, TENANT, untyped } from './support';

const ALIVE = {
  api_management: [{ purge_soft_delete_on_destroy: false, recover_soft_deleted: false }],
  key_vault: [
    {
      purge_soft_delete_on_destroy: false,
      purge_soft_deleted_certificates_on_destroy: false,
      purge_soft_deleted_keys_on_destroy: false,
      purge_soft_deleted_secrets_on_destroy: false,
      recover_soft_deleted_key_vaults: false,
    },
  ],
};

function providersOf(declare: (stack: TerraformStack) => AzureProviders): {
  azurerm: any;
  azuread: any;
  azapi: any;
  stack: any;
} {
  const stack = new TerraformStack(newApp(), 'stack');
  declare(stack);
  const terraform = synth(stack);
  const { azurerm, azuread, azapi, ...others } = terraform.provider;
  expect(others).toEqual({});
  return { azurerm, azuread, azapi, stack: terraform };
}

describe('AzureProviders', () => {
  test('default setup', () => {
    const { azurerm, azuread, azapi, stack } = providersOf((scope) => new AzureProviders(scope, 'azure'));

    expect(azurerm).toEqual([{ features: [ALIVE] }]);
    expect(azuread).toEqual([{}]);
    expect(azapi).toEqual([{}]);
    expect(stack.terraform.required_providers.azapi).toEqual({ source: 'Azure/azapi', version: '~> 2.7' });
    expect(Object.keys(stack.terraform.required_providers).sort()).toEqual(['azapi', 'azuread', 'azurerm']);
    expect(stack.terraform.required_version).toBeUndefined();
  });

  test('attributes are the providers', () => {
    const stack = new TerraformStack(newApp(), 'stack');
    const providers = new AzureProviders(stack, 'azure');

    expect([providers.azurerm, providers.azuread, providers.azapi].map(({ fqn }) => fqn)).toEqual([
      'azurerm',
      'azuread',
      'azapi',
    ]);
    expect([providers.azurerm, providers.azuread, providers.azapi].map(({ node }) => node.path)).toEqual([
      'stack/azure/azurerm',
      'stack/azure/azuread',
      'stack/azure/azapi',
    ]);
  });

  test('subscriptionId and tenantId go where they are known', () => {
    const { azurerm, azuread, azapi } = providersOf(
      (stack) => new AzureProviders(stack, 'azure', { subscriptionId: SUBSCRIPTION, tenantId: TENANT }),
    );

    expect(azurerm).toEqual([{ subscription_id: SUBSCRIPTION, tenant_id: TENANT, features: [ALIVE] }]);
    expect(azuread).toEqual([{ tenant_id: TENANT }]);
    expect(azapi).toEqual([{ subscription_id: SUBSCRIPTION, tenant_id: TENANT }]);
  });

  test('purgeSoftDeletedOnDestroy purges instances and vaults with what lies in them, and recovers nothing', () => {
    const { azurerm } = providersOf((stack) => new AzureProviders(stack, 'azure', { purgeSoftDeletedOnDestroy: true }));

    expect(azurerm).toEqual([
      {
        features: [
          {
            api_management: [{ purge_soft_delete_on_destroy: true, recover_soft_deleted: false }],
            key_vault: [
              {
                purge_soft_delete_on_destroy: true,
                purge_soft_deleted_certificates_on_destroy: true,
                purge_soft_deleted_keys_on_destroy: true,
                purge_soft_deleted_secrets_on_destroy: true,
                recover_soft_deleted_key_vaults: false,
              },
            ],
          },
        ],
      },
    ]);
  });

  test('tokens pass', () => {
    const { azapi, azuread } = providersOf((stack) => {
      const subscriptionId = new TerraformVariable(stack, 'subscription', {}).stringValue;
      const tenantId = new TerraformVariable(stack, 'tenant', {}).stringValue;
      return new AzureProviders(stack, 'azure', { subscriptionId, tenantId });
    });

    expect(azapi).toEqual([{ subscription_id: '${var.subscription}', tenant_id: '${var.tenant}' }]);
    expect(azuread).toEqual([{ tenant_id: '${var.tenant}' }]);
  });

  test.each([
    [
      { subscriptionId: 'dev' },
      'stack/azure: subscriptionId: must be a GUID such as 9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3, got "dev"',
    ],
    [{ tenantId: '' }, 'stack/azure: tenantId: must be a GUID such as 9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3, got ""'],
    [
      { tenantId: untyped(null) },
      'stack/azure: tenantId: must be a GUID such as 9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3, got null',
    ],
    [
      { subscriptionId: `{${SUBSCRIPTION}}`, tenantId: 'contoso.com' },
      `stack/azure: subscriptionId: must be a GUID such as 9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3, got "{${SUBSCRIPTION}}"\n` +
        'stack/azure: tenantId: must be a GUID such as 9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3, got "contoso.com"',
    ],
  ])('fails when an id is no GUID (%#)', (props, message) => {
    expect(errorOf(() => new AzureProviders(new TerraformStack(newApp(), 'stack'), 'azure', props))).toBe(message);
  });
});
