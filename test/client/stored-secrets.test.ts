import { DataAzurermClientConfig } from '@cdktf/provider-azurerm/lib/data-azurerm-client-config';
import { KeyVault } from '@cdktf/provider-azurerm/lib/key-vault';
import { KeyVaultSecret } from '@cdktf/provider-azurerm/lib/key-vault-secret';
import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { RoleAssignment } from '@cdktf/provider-azurerm/lib/role-assignment';
import { Lazy, TerraformStack, TerraformVariable, Token } from 'cdktf';
import {
  AzapiProvider,
  AzapiResource,
  ClientCredential,
  ClientRegistration,
  ClientSecretStore,
  MultiProductApplication,
} from '../../lib';
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
  Terraform,
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

/** The blocks that store one secret, by the construct id of the secret, with the locals that they refer to by short names. */
function secretOf(stack: TerraformStack, client: MultiProductApplication, id: string) {
  const terraform = synth(stack);
  const address = (name: string): string => child(client, name).friendlyUniqueId;
  const local = (name: string): string => `local.${address(`${id}-${name}`)}`;
  return {
    terraform,
    local,
    valueOf: (name: string): string => terraform.locals[address(`${id}-${name}`)],
    answer: `ephemeral.azapi_resource_action.${address(`listed-${id}`)}.output.clientSecret`,
    secret: blockOf(terraform, child(client, id)),
    place: blockOf(terraform, child(client, `place-${id}`)),
    placeAddress: `terraform_data.${address(`place-${id}`)}`,
    listed: terraform.ephemeral.azapi_resource_action[address(`listed-${id}`)],
  };
}

/** The readings of vaults in a stack, with the construct path of each. */
function listings(terraform: Terraform): [string, any][] {
  return Object.values<any>(terraform.data.azurerm_key_vault_secrets ?? {}).map(({ '//': { metadata }, ...block }) => [
    metadata.path,
    block,
  ]);
}

const NOTHING_MADE =
  'no client secret was made in this apply and none is written, since Key Vault had one of this version: delete it in the vault and apply again';

describe('storeClientSecret', () => {
  const SECRET_ID = 'secret-contoso-vault-partner';

  function stored(store: Partial<ClientSecretStore> = {}) {
    const { stack, client } = declared();
    client.storeClientSecret({ keyVaultId: VAULT, secretName: 'partner', ...store });
    return { client, ...secretOf(stack, client, SECRET_ID) };
  }

  test('a secret is made in an apply whose vault does not hold it, and only there', () => {
    const { listed, local, placeAddress } = stored();
    const making = `terraform.applying && !${local('held')}`;

    expect(listed).toEqual({
      type: 'Microsoft.ApiManagement/service/clientApplications@2024-10-01-preview',
      resource_id: '${azapi_resource.partner.id}',
      action: `\${${making} ? "listSecrets" : null}`,
      method: `\${${making} ? "POST" : "GET"}`,
      response_export_values: { clientSecret: 'entra.clientSecret' },
      depends_on: [placeAddress],
    });
  });

  test('the vault is asked for names and tags, by way of a local value that keeps the reading in the plan', () => {
    const { terraform, valueOf } = stored();
    const [[path, listing]] = listings(terraform);
    const id = /^\$\{local\.(.+)\}$/.exec(listing.key_vault_id)![1];

    expect(path).toBe('stack/apim-oauth-vault-contoso-vault/Default');
    expect(Object.keys(listing)).toEqual(['key_vault_id']);
    expect(terraform.locals[id]).toBe(VAULT);
    expect(Object.values(terraform.locals)).toContain(
      '${{ for secret in data.azurerm_key_vault_secrets.apim-oauth-vault-contoso-vault.secrets : lower(secret.name) => try({ for name, value in secret.tags : name => value }, {}) }}',
    );
    expect(valueOf('found')).toMatch(
      /^\$\{lookup\(local\.apim-oauth-vault-contoso-vault_tags_\w+, "partner", null\)\}$/,
    );
  });

  test('a name is looked up as Key Vault compares it, without case', () => {
    const { stack, client } = declared();
    client.storeClientSecret({ keyVaultId: VAULT, secretName: 'Partner' });
    const { valueOf, secret } = secretOf(stack, client, 'secret-contoso-vault-Partner');

    expect(valueOf('found')).toContain(', "partner", null)');
    expect(secret.name).toBe('Partner');
  });

  test('the tag says whose secret it is, which version and since when, with a checksum; it stays while it is right', () => {
    const { terraform, local, valueOf, client } = stored({ version: 7 });
    const registered = `coalesce(data.azapi_resource.${child(client, 'registered').friendlyUniqueId}.output.clientId, "unknown")`;
    const tag = (since: string): string => {
      const text = `format("%s version %s made %s", ${registered}, 7, ${since})`;
      return `join(" ", [${text}, substr(sha256(${text}), 0, 8)])`;
    };

    expect(valueOf('present')).toBe(`\${try(${local('found')}["apim-client-secret"], "")}`);
    expect(valueOf('held')).toBe(
      `\${${local('present')} == ${tag(`try(regex(" made ([^ ]+) ", ${local('present')})[0], "")`)}}`,
    );
    expect(valueOf('tag')).toBe(`\${${local('held')} ? ${local('present')} : ${tag('plantimestamp()')}}`);
    expect(blockOf(terraform, child(client, 'registered'))).toEqual({
      type: 'Microsoft.ApiManagement/service/clientApplications@2024-10-01-preview',
      resource_id: `\${local.${child(client, 'id').friendlyUniqueId}}`,
      response_export_values: { clientId: 'properties.entraApplicationId' },
    });
    expect(terraform.locals[child(client, 'id').friendlyUniqueId]).toBe('${azapi_resource.partner.id}');
  });

  test('what is written follows the tag, and where nothing was made there is nothing that could be written', () => {
    const { secret, local, answer, terraform } = stored();
    const sameTags = `jsonencode(${local('found')}) == jsonencode(merge([{ "apim-client-secret" = ${local('tag')} }]...))`;
    const refusal = `true && ${sameTags} ? tonumber("${NOTHING_MADE}") : join("", [for line in range(1000) : "${NOTHING_MADE}; "])`;

    expect(secret).toEqual({
      name: 'partner',
      key_vault_id: VAULT,
      content_type: 'client secret',
      tags: { 'apim-client-secret': `\${${local('tag')}}` },
      value_wo: `\${terraform.applying ? (${answer} != null ? ${answer} : ${refusal}) : "not a secret"}`,
      value_wo_version: `\${parseint(regex("[0-9a-f]+$", ${local('tag')}), 16) % 2147483647 + 1}`,
      depends_on: [],
      lifecycle: { ignore_changes: ['content_type', 'expiration_date', 'not_before_date'] },
    });
    expect(`${NOTHING_MADE}; `.length * 1000).toBeGreaterThan(25 * 1024);
    expect(terraform.terraform.required_version).toBe('>= 1.11');
    expect(terraform.output).toBeUndefined();
    expect(terraform.variable).toBeUndefined();
  });

  test('tags that are given later count among those of the block', () => {
    const { stack, client } = declared();
    client.storeClientSecret({ keyVaultId: VAULT, secretName: 'partner' });
    const block = child(client, SECRET_ID) as KeyVaultSecret;
    block.tags = { ...block.tagsInput, team: '${orders}' };
    block.addOverride('tags.cost-center', '42');
    const { secret, local } = secretOf(stack, client, SECRET_ID);

    expect(secret.tags).toEqual({
      'apim-client-secret': `\${${local('tag')}}`,
      team: '${orders}',
      'cost-center': '42',
    });
    expect(secret.value_wo).toContain(
      `merge([{ "apim-client-secret" = ${local('tag')} }, { "team" = "$\${orders}" }, { "cost-center" = "42" }]...)`,
    );
  });

  test('the name must have been free before a secret is made for it', () => {
    const { place, placeAddress, local } = stored();

    expect(place).toEqual({
      input: `\${${local('found')} == null}`,
      triggers_replace: VAULT,
      lifecycle: {
        ignore_changes: ['input'],
        postcondition: [
          {
            condition: '${self.input}',
            error_message: `Key Vault has a secret partner that is not in the state, so no client secret was made. Delete it in the vault or give another secretName. Where this block is in the state, apply with -replace=${placeAddress}.`,
          },
        ],
      },
    });
  });

  test('the secret goes nowhere but into the write-only argument', () => {
    const { terraform, secret, answer } = stored();

    expect(JSON.stringify(terraform).split(answer)).toHaveLength(JSON.stringify(secret.value_wo).split(answer).length);
  });

  test('beside a reviewed product, the higher version of Terraform is asked for', () => {
    const { stack, apim, client } = declared();
    newProduct(stack, apim, 'silver', { displayName: 'Silver' });
    client.storeClientSecret({ keyVaultId: VAULT, secretName: 'partner' });
    newProduct(stack, apim, 'bronze', { displayName: 'Bronze' });

    expect(synth(stack).terraform.required_version).toBe('>= 1.11');
  });

  test('a version that is a token', () => {
    const { stack, client } = declared();
    const version = new TerraformVariable(stack, 'version', {}).numberValue;
    client.storeClientSecret({ keyVaultId: VAULT, secretName: 'partner', version });

    expect(secretOf(stack, client, SECRET_ID).valueOf('tag')).toContain('"unknown"), var.version, plantimestamp())');
  });

  describe('dependsOn', () => {
    function withVault() {
      const { stack, client, ...rest } = declared();
      const vault = newVault(stack);
      const officer = new RoleAssignment(stack, 'officer', {
        scope: vault.id,
        principalId: TENANT,
        roleDefinitionName: 'Key Vault Secrets Officer',
      });
      return { stack, client, vault, officer, ...rest };
    }

    test("comes before the secret is made and before it is stored; the caller's list is copied", () => {
      const { stack, client, vault, officer } = withVault();
      const dependsOn = [officer];
      client.storeClientSecret({ keyVaultId: vault.id, secretName: 'partner', dependsOn });
      dependsOn.push(new RoleAssignment(stack, 'late', { scope: vault.id, principalId: TENANT }));
      const { secret, listed, placeAddress } = secretOf(stack, client, 'secret-partner');

      expect(secret.depends_on).toEqual(['azurerm_role_assignment.officer']);
      expect(secret.key_vault_id).toBe('${azurerm_key_vault.vault.id}');
      expect(listed.depends_on).toEqual([placeAddress, 'azurerm_role_assignment.officer']);
    });

    test('comes before the vault is read, by a block that remembers when it last changed', () => {
      const { stack, client, vault, officer } = withVault();
      client.storeClientSecret({ keyVaultId: vault.id, secretName: 'partner', dependsOn: [officer] });
      const { terraform, secret } = secretOf(stack, client, 'secret-partner');
      const [[path, listing]] = listings(terraform);
      const [memory] = Object.keys(terraform.resource.terraform_data).filter((id) => id.includes('prerequisites'));
      const { '//': _, ...block } = terraform.resource.terraform_data[memory];

      expect(path).toMatch(/^stack\/apim-oauth-vault-[0-9a-f]{8}\/Default$/);
      expect(listing.depends_on).toEqual([`terraform_data.${memory}`]);
      expect(block).toEqual({
        input: '${plantimestamp()}',
        triggers_replace: ['${azurerm_role_assignment.officer.id}'],
        lifecycle: { ignore_changes: ['input'], replace_triggered_by: ['azurerm_role_assignment.officer'] },
      });
      expect(secret.value_wo).toContain(`terraform_data.${memory}.input != plantimestamp() && `);
    });

    test('of several clients of one vault comes before its one reading', () => {
      const { stack, apim, gold, client, vault, officer } = withVault();
      const two = newClient(stack, apim, 'two', { displayName: 'Two', products: [gold] });
      const other = new RoleAssignment(stack, 'other', { scope: vault.id, principalId: TENANT });
      client.storeClientSecret({ keyVaultId: vault.id, secretName: 'one', dependsOn: [officer] });
      two.storeClientSecret({ keyVaultId: vault.id, secretName: 'two', dependsOn: [officer, other] });
      const terraform = synth(stack);
      const [memory] = Object.values<any>(terraform.resource.terraform_data).filter(
        (block) => block.input === '${plantimestamp()}',
      );

      expect(listings(terraform)).toHaveLength(1);
      expect(memory.lifecycle.replace_triggered_by).toEqual([
        'azurerm_role_assignment.officer',
        'azurerm_role_assignment.other',
      ]);
    });

    test('that no block can follow leaves it to Key Vault to refuse what is no secret', () => {
      const { stack, client, vault } = withVault();
      const deployer = new DataAzurermClientConfig(stack, 'deployer', {});
      client.storeClientSecret({ keyVaultId: vault.id, secretName: 'partner', dependsOn: [deployer] });
      const { terraform, secret } = secretOf(stack, client, 'secret-partner');

      expect(listings(terraform)[0][1].depends_on).toEqual(['data.azurerm_client_config.deployer']);
      expect(secret.value_wo).toContain(': false && jsonencode(');
    });

    test('of another stack is left out: Terraform has no dependencies across stacks', () => {
      const app = newApp();
      const there = newStack(app, 'there');
      const officer = new RoleAssignment(there, 'officer', {
        scope: newVault(there).id,
        principalId: TENANT,
        roleDefinitionName: 'Key Vault Secrets Officer',
      });
      const { stack, client } = declared(app);
      client.storeClientSecret({ keyVaultId: VAULT, secretName: 'partner', dependsOn: [officer] });
      const { terraform, secret, listed, placeAddress } = secretOf(stack, client, SECRET_ID);

      expect(secret.depends_on ?? []).toEqual([]);
      expect(listed.depends_on).toEqual([placeAddress]);
      expect(listings(terraform)[0][1].depends_on).toBeUndefined();
    });
  });

  test('aliases of the providers reach every block that has something to do with the secret', () => {
    const { stack, client } = declared();
    client.storeClientSecret({ keyVaultId: VAULT, secretName: 'partner' });
    (client.node.defaultChild as AzapiResource).provider = new AzapiProvider(stack, 'other-azapi', { alias: 'other' });
    (child(client, SECRET_ID) as KeyVaultSecret).provider = new AzurermProvider(stack, 'other-azurerm', {
      alias: 'other',
      features: [{}],
    });
    const { terraform, secret, listed } = secretOf(stack, client, SECRET_ID);

    expect(listed.provider).toBe('azapi.other');
    expect(blockOf(terraform, child(client, 'registered')).provider).toBe('azapi.other');
    expect(secret.provider).toBe('azurerm.other');
    expect(listings(terraform)[0][1].provider).toBe('azurerm.other');
  });

  test('the same name in two vaults, and two names in one', () => {
    const { stack, client } = declared();
    client.storeClientSecret({ keyVaultId: VAULT, secretName: 'partner' });
    client.storeClientSecret({ keyVaultId: OTHER_VAULT, secretName: 'partner' });
    client.storeClientSecret({ keyVaultId: VAULT, secretName: 'partner-2' });
    const terraform = synth(stack);

    expect(counts(terraform)).toMatchObject({
      azurerm_key_vault_secret: 3,
      'ephemeral.azapi_resource_action': 3,
      'data.azurerm_key_vault_secrets': 2,
    });
  });

  test('two clients, each with a secret of its own name', () => {
    const { stack, apim, gold, client } = declared();
    const two = newClient(stack, apim, 'two', { displayName: 'Two', products: [gold] });
    client.storeClientSecret({ keyVaultId: VAULT, secretName: 'one' });
    two.storeClientSecret({ keyVaultId: VAULT.toUpperCase(), secretName: 'two' });

    expect(counts(synth(stack))).toMatchObject({
      azurerm_key_vault_secret: 2,
      'ephemeral.azapi_resource_action': 2,
      'data.azurerm_key_vault_secrets': 1,
    });
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
    [
      'a long secret name',
      { secretName: 'x'.repeat(128) },
      [`${NAME} "${'x'.repeat(80)}"…"${'x'.repeat(40)}" (128 characters)`],
    ],
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
