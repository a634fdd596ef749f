import { KeyVault } from '@cdktf/provider-azurerm/lib/key-vault';
import { RoleAssignment } from '@cdktf/provider-azurerm/lib/role-assignment';
import { Lazy, TerraformStack, TerraformVariable, Token } from 'cdktf';
import { ClientCredential, ClientRegistration, ClientSecretStore, MultiProductApplication } from '../../lib';
import {
  blockOf,
  child,
  counts,
  errorOf,
  newApp,
  newClient,
  newInstance,
  newProduct,
  newStack,
  SUBSCRIPTION,
  synth,
  TENANT,
  untyped,
  VAULT,
} from '../support';

const OTHER_VAULT = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/other-vault`;

function declared(app = newApp(), id = 'stack') {
  const stack = newStack(app, id);
  const apim = newInstance(stack);
  const gold = newProduct(stack, apim, 'gold', { reviewRegistration: false });
  return { stack, apim, gold, client: newClient(stack, apim, 'partner', { products: [gold] }) };
}

function newVault(stack: TerraformStack, id = 'vault'): KeyVault {
  return new KeyVault(stack, id, {
    name: 'contoso-vault',
    location: 'centraluseuap',
    resourceGroupName: 'rg',
    tenantId: TENANT,
    skuName: 'standard',
  });
}

/** The blocks that move one secret, by the construct id of the secret. */
function secretOf(stack: TerraformStack, client: MultiProductApplication, id: string) {
  const terraform = synth(stack);
  const address = child(client, `listed-${id}`).friendlyUniqueId;
  return {
    terraform,
    address,
    secret: blockOf(terraform, child(client, id)),
    listed: terraform.ephemeral.azapi_resource_action[address],
  };
}

describe('storeClientSecret', () => {
  test('default setup: an ephemeral value into a write-only argument, in no state, no plan and no output', () => {
    const { stack, client } = declared();
    client.storeClientSecret({ keyVaultId: VAULT, secretName: 'partner' });
    const { terraform, address, secret, listed } = secretOf(stack, client, 'secret-contoso-vault-partner');

    expect(listed).toEqual({
      type: 'Microsoft.ApiManagement/service/clientApplications@2024-10-01-preview',
      resource_id: '${azapi_resource.partner.id}',
      action: 'listSecrets',
      response_export_values: { clientSecret: 'entra.clientSecret' },
      count: '${var.plan_without_secrets ? 0 : 1}',
    });
    expect(secret).toEqual({
      name: 'partner',
      key_vault_id: VAULT,
      content_type: 'client secret',
      value_wo: `\${var.plan_without_secrets ? "left out of this plan" : one(ephemeral.azapi_resource_action.${address}[*].output.clientSecret)}`,
      value_wo_version: 1,
      depends_on: [],
      lifecycle: {
        precondition: [
          {
            condition: '${!(var.plan_without_secrets && terraform.applying)}',
            error_message:
              'A plan made with plan_without_secrets cannot be applied: it does not hold the client secret.',
          },
        ],
      },
    });
    expect(counts(terraform)).toMatchObject({ azurerm_key_vault_secret: 1, 'ephemeral.azapi_resource_action': 1 });
    expect(terraform.variable).toEqual({
      plan_without_secrets: {
        type: 'bool',
        default: false,
        nullable: false,
        description:
          'Plan without opening client secrets, for an identity that may not list them. Such a plan cannot be applied.',
      },
    });
    expect(terraform.terraform.required_version).toBe('>= 1.11');
    expect(terraform.output).toBeUndefined();
  });

  test('the secret goes nowhere but into the write-only argument', () => {
    const { stack, client } = declared();
    client.storeClientSecret({ keyVaultId: VAULT, secretName: 'partner' });
    const uses = JSON.stringify(synth(stack)).match(/ephemeral\.azapi_resource_action[^"]*clientSecret/g);

    expect(uses).toHaveLength(1);
  });

  test('beside a reviewed product, the higher version of Terraform is asked for', () => {
    const { stack, apim, client } = declared();
    newProduct(stack, apim, 'silver', { displayName: 'Silver' });
    client.storeClientSecret({ keyVaultId: VAULT, secretName: 'partner' });
    newProduct(stack, apim, 'bronze', { displayName: 'Bronze' });

    expect(synth(stack).terraform.required_version).toBe('>= 1.11');
  });

  test('version', () => {
    const { stack, client } = declared();
    client.storeClientSecret({ keyVaultId: VAULT, secretName: 'partner', version: 7 });

    expect(secretOf(stack, client, 'secret-contoso-vault-partner').secret.value_wo_version).toBe(7);
  });

  test('a version that is a token', () => {
    const { stack, client } = declared();
    client.storeClientSecret({
      keyVaultId: VAULT,
      secretName: 'partner',
      version: new TerraformVariable(stack, 'version', {}).numberValue,
    });

    expect(secretOf(stack, client, 'secret-contoso-vault-partner').secret.value_wo_version).toBe('${var.version}');
  });

  test("dependsOn, of which the caller's list is copied", () => {
    const { stack, client } = declared();
    const vault = newVault(stack);
    const dependsOn = [
      new RoleAssignment(stack, 'officer', {
        scope: vault.id,
        principalId: TENANT,
        roleDefinitionName: 'Key Vault Secrets Officer',
      }),
    ];
    client.storeClientSecret({ keyVaultId: vault.id, secretName: 'partner', dependsOn });
    dependsOn.push(new RoleAssignment(stack, 'late', { scope: vault.id, principalId: TENANT }));
    const { secret, listed } = secretOf(stack, client, 'secret-partner');

    expect(secret.depends_on).toEqual(['azurerm_role_assignment.officer']);
    expect(secret.key_vault_id).toBe('${azurerm_key_vault.vault.id}');
    expect(listed.depends_on).toBeUndefined();
  });

  test('dependsOn of another stack is left out: Terraform has no dependencies across stacks', () => {
    const app = newApp();
    const there = newStack(app, 'there');
    const officer = new RoleAssignment(there, 'officer', {
      scope: newVault(there).id,
      principalId: TENANT,
      roleDefinitionName: 'Key Vault Secrets Officer',
    });
    const { stack, client } = declared(app);
    client.storeClientSecret({ keyVaultId: VAULT, secretName: 'partner', dependsOn: [officer] });

    expect(secretOf(stack, client, 'secret-contoso-vault-partner').secret.depends_on ?? []).toEqual([]);
  });

  test('the same name in two vaults, and two names in one', () => {
    const { stack, client } = declared();
    client.storeClientSecret({ keyVaultId: VAULT, secretName: 'partner' });
    client.storeClientSecret({ keyVaultId: OTHER_VAULT, secretName: 'partner' });
    client.storeClientSecret({ keyVaultId: VAULT, secretName: 'partner-2' });
    const terraform = synth(stack);

    expect(counts(terraform)).toMatchObject({ azurerm_key_vault_secret: 3, 'ephemeral.azapi_resource_action': 3 });
    expect(Object.keys(terraform.variable)).toEqual(['plan_without_secrets']);
  });

  test('two clients, each with a secret of its own name', () => {
    const { stack, apim, gold, client } = declared();
    const two = newClient(stack, apim, 'two', { displayName: 'Two', products: [gold] });
    client.storeClientSecret({ keyVaultId: VAULT, secretName: 'one' });
    two.storeClientSecret({ keyVaultId: VAULT, secretName: 'two' });

    expect(counts(synth(stack))).toMatchObject({ azurerm_key_vault_secret: 2, 'ephemeral.azapi_resource_action': 2 });
  });

  describe('a name that is taken', () => {
    const TAKEN = 'is stored in the same vault by stack/partner already; use another name';

    test.each<[string, ClientSecretStore]>([
      ['in the same vault', { keyVaultId: VAULT, secretName: 'partner' }],
      ['in other cases', { keyVaultId: VAULT.toUpperCase(), secretName: 'PARTNER' }],
    ])('by another client, %s', (_, store) => {
      const { stack, apim, gold, client } = declared();
      client.storeClientSecret({ keyVaultId: VAULT, secretName: 'partner' });
      const two = newClient(stack, apim, 'two', { displayName: 'Two', products: [gold] });

      expect(errorOf(() => two.storeClientSecret(store))).toBe(
        `stack/two.storeClientSecret: secretName: ${JSON.stringify(store.secretName)} ${TAKEN}`,
      );
    });

    test('by the same client', () => {
      const { client } = declared();
      client.storeClientSecret({ keyVaultId: VAULT, secretName: 'partner' });

      expect(errorOf(() => client.storeClientSecret({ keyVaultId: VAULT, secretName: 'partner' }))).toBe(
        `stack/partner.storeClientSecret: secretName: "partner" ${TAKEN}`,
      );
    });

    test('in a vault by reference', () => {
      const { stack, apim, gold, client } = declared();
      const vault = newVault(stack);
      const two = newClient(stack, apim, 'two', { displayName: 'Two', products: [gold] });
      client.storeClientSecret({ keyVaultId: vault.id, secretName: 'partner' });

      expect(errorOf(() => two.storeClientSecret({ keyVaultId: vault.id, secretName: 'partner' }))).toBe(
        `stack/two.storeClientSecret: secretName: "partner" ${TAKEN}`,
      );
    });

    test('in two vaults by reference, which would make one address', () => {
      const { stack, client } = declared();
      client.storeClientSecret({ keyVaultId: newVault(stack, 'one').id, secretName: 'partner' });

      expect(
        errorOf(() => client.storeClientSecret({ keyVaultId: newVault(stack, 'other').id, secretName: 'partner' })),
      ).toBe(
        'stack/partner.storeClientSecret: secretName: "partner" would have the same address in Terraform as a secret in another vault; use another name',
      );
    });

    test('by dashes in the names of vault and secret', () => {
      const { client } = declared();
      client.storeClientSecret({ keyVaultId: VAULT, secretName: 'x-y' });

      expect(errorOf(() => client.storeClientSecret({ keyVaultId: `${VAULT}-x`, secretName: 'y' }))).toBe(
        'stack/partner.storeClientSecret: secretName: "y" would have the same address in Terraform as a secret in another vault; use another name',
      );
    });

    test('in a vault that an expression tells', () => {
      const { stack, apim, gold, client } = declared();
      const vaultId = () => Token.asString(Lazy.stringValue({ produce: () => VAULT }));
      const two = newClient(stack, apim, 'two', { displayName: 'Two', products: [gold] });
      client.storeClientSecret({ keyVaultId: vaultId(), secretName: 'partner' });

      expect(errorOf(() => two.storeClientSecret({ keyVaultId: vaultId(), secretName: 'partner' }))).toBe(
        `stack/two.storeClientSecret: secretName: "partner" ${TAKEN}`,
      );
    });

    test('in another stack, in a literal vault', () => {
      const app = newApp();
      const { client } = declared(app);
      client.storeClientSecret({ keyVaultId: VAULT, secretName: 'partner' });
      const there = newStack(app, 'there');
      const instance = newInstance(there, 'apim', { name: 'contoso-other' });
      const two = newClient(there, instance, 'two', {
        ownerUserId: new TerraformVariable(there, 'owner', {}).stringValue,
        products: [newProduct(there, instance)],
      });

      expect(errorOf(() => two.storeClientSecret({ keyVaultId: VAULT, secretName: 'partner' }))).toBe(
        `there/two.storeClientSecret: secretName: "partner" ${TAKEN}`,
      );
    });

    test('of two clients in two stacks in one vault of a third, by reference', () => {
      const app = newApp();
      const vault = newVault(newStack(app, 'vaults'));
      const [one, other] = ['one', 'other'].map((id) => {
        const stack = newStack(app, id);
        const instance = newInstance(stack, 'apim', { name: `contoso-${id}` });
        return newClient(stack, instance, 'partner', {
          ownerUserId: new TerraformVariable(stack, 'owner', {}).stringValue,
          products: [newProduct(stack, instance)],
        });
      });
      one.storeClientSecret({ keyVaultId: vault.id, secretName: 'partner' });

      expect(errorOf(() => other.storeClientSecret({ keyVaultId: vault.id, secretName: 'partner' }))).toBe(
        'other/partner.storeClientSecret: secretName: "partner" is stored in the same vault by one/partner already; use another name',
      );
    });

    test('is free in vaults of two stacks that have the same address there', () => {
      const app = newApp();
      const elsewhere = newVault(newStack(app, 'vaults'));
      const { stack, apim, gold, client } = declared(app);
      const two = newClient(stack, apim, 'two', { displayName: 'Two', products: [gold] });
      client.storeClientSecret({ keyVaultId: newVault(stack).id, secretName: 'partner' });
      two.storeClientSecret({ keyVaultId: elsewhere.id, secretName: 'partner' });

      expect(counts(synth(stack)).azurerm_key_vault_secret).toBe(2);
    });
  });

  const ID =
    'keyVaultId: must be the full resource id of a Key Vault, /subscriptions/…/resourceGroups/…/providers/Microsoft.KeyVault/vaults/<name>, got';
  const NAME = 'secretName: must have 1 to 127 letters, digits and dashes, got';
  test.each<[string, object, string[]]>([
    ['a name for an id', { keyVaultId: 'contoso-vault' }, [`${ID} "contoso-vault"`]],
    ['a secret name with an underscore', { secretName: 'a_b' }, [`${NAME} "a_b"`]],
    ['a long secret name', { secretName: 'x'.repeat(128) }, [`${NAME} "${'x'.repeat(80)}"… (128 characters)`]],
    ['version 0', { version: 0 }, ['version: must be a whole number of at least 1, got 0']],
    ['half a version', { version: 1.5 }, ['version: must be a whole number of at least 1, got 1.5']],
    ['a version that is null', { version: null }, ['version: must be a whole number of at least 1, got null']],
    ['nothing', { keyVaultId: undefined, secretName: undefined }, [`${ID} undefined`, `${NAME} undefined`]],
    [
      'all of it',
      { keyVaultId: '', secretName: '', version: '1' },
      [`${ID} ""`, `${NAME} ""`, 'version: must be a whole number of at least 1, got "1"'],
    ],
  ])('fails when given %s', (_, store, lines) => {
    const { client } = declared();

    expect(
      errorOf(() => client.storeClientSecret(untyped({ keyVaultId: VAULT, secretName: 'partner', ...store }))),
    ).toBe(lines.map((line) => `stack/partner.storeClientSecret: ${line}`).join('\n'));
  });

  test('fails when the name is a token', () => {
    const { stack, client } = declared();
    const secretName = new TerraformVariable(stack, 'name', {}).stringValue;

    expect(errorOf(() => client.storeClientSecret({ keyVaultId: VAULT, secretName }))).toBe(
      'stack/partner.storeClientSecret: secretName: must not be a token, since it names the block in Terraform',
    );
  });

  test('fails for a client that Terraform owns', () => {
    const { stack, apim, gold } = declared();
    const credentials = [
      ClientCredential.gitHubActions({ organization: 'contoso', repository: 'orders', branch: 'main' }),
    ];
    const client = newClient(stack, apim, 'own', {
      displayName: 'Own',
      ownerUserId: undefined,
      registration: ClientRegistration.entra({ credentials }),
      products: [gold],
    });

    expect(errorOf(() => client.storeClientSecret({ keyVaultId: VAULT, secretName: 'partner' }))).toBe(
      'stack/own.storeClientSecret: registration: only ClientRegistration.apimManaged() has a client secret to store; credentials of ClientRegistration.entra() name their own vault',
    );
  });

  test('a refused secret takes no name', () => {
    const { stack, client } = declared();
    expect(errorOf(() => client.storeClientSecret({ keyVaultId: VAULT, secretName: 'partner', version: 0 }))).toMatch(
      /^stack\/partner\.storeClientSecret: version: /,
    );
    client.storeClientSecret({ keyVaultId: VAULT, secretName: 'partner', version: 1 });

    expect(counts(synth(stack)).azurerm_key_vault_secret).toBe(1);
  });
});
