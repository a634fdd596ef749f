import { ApiManagement } from '@cdktf/provider-azurerm/lib/api-management';
import * as fc from 'fast-check';
import { App, TerraformVariable } from 'cdktf';
import { PreviewSandbox, PreviewSandboxProps } from '../lib';
import { instanceName, productId, resourceGroupName } from '../lib/validation/limits';
import {
  blockOf,
  child,
  counts,
  errorOf,
  newApp,
  SUBSCRIPTION,
  synth,
  synthText,
  untyped,
  warningsOf,
} from './support';
import { find, names as namesIn, parsePolicy } from './xml';

const REQUIRED: PreviewSandboxProps = { ownerEmail: 'jane@contoso.com', subscriptionId: SUBSCRIPTION };

function sandbox(props: Partial<PreviewSandboxProps> = {}, id = 'sandbox', app: App = newApp()): PreviewSandbox {
  return new PreviewSandbox(app, id, { ...REQUIRED, ...props });
}

/** The names that are unique worldwide, and the group's. */
function namesOf(one: PreviewSandbox): { group?: string; instance?: string; vault?: string; client: string } {
  return {
    group: one.resourceGroup.nameInput,
    instance: (one.instance.node.defaultChild as ApiManagement).nameInput,
    vault: one.keyVault.nameInput,
    client: one.application.displayName,
  };
}

describe('PreviewSandbox', () => {
  const one = sandbox();
  const terraform = synth(one);
  const tags = {
    purpose: 'application based access sandbox',
    owner: 'jane@contoso.com',
    'expires-on': '${formatdate("YYYY-MM-DD", timeadd(plantimestamp(), "168h"))}',
  };
  const kept = { lifecycle: { ignore_changes: ['tags["expires-on"]'] } };

  test('default setup', () => {
    expect(counts(terraform)).toEqual({
      azurerm_resource_group: 1,
      azurerm_api_management: 1,
      azurerm_api_management_api: 1,
      azurerm_api_management_api_operation: 1,
      azurerm_api_management_api_policy: 1,
      azurerm_api_management_user: 1,
      azurerm_api_management_product_api: 2,
      azurerm_key_vault: 1,
      azurerm_key_vault_secret: 1,
      azuread_directory_role: 1,
      azuread_directory_role_assignment: 1,
      azapi_resource: 4,
      terraform_data: 1,
      'data.azapi_resource': 2,
      'data.azuread_application': 2,
      'data.azuread_service_principals': 2,
      'data.azurerm_client_config': 1,
      'data.azurerm_key_vault_secrets': 1,
      'ephemeral.azapi_resource_action': 1,
    });
    expect(Object.keys(terraform.check)).toHaveLength(2);
    expect(Object.keys(terraform.output)).toEqual(['oauth_access']);
    expect(terraform.variable).toBeUndefined();
    expect(terraform.terraform.required_version).toBe('>= 1.11');
    expect(one.node.findAll().flatMap(warningsOf)).toEqual([]);
  });

  test('names end in a digest of what tells two sandboxes apart', () => {
    expect(namesOf(one)).toEqual({
      group: 'rg-sandbox-0ba4f5d22c2b',
      instance: 'apim-sandbox-0ba4f5d22c2b',
      vault: 'kv-sandbox-0ba4f5d22c2b',
      client: 'Sandbox sandbox 0ba4f5d22c2b',
    });
  });

  test('everything that lives on is tagged with owner and expiry, which is set once', () => {
    expect(blockOf(terraform, one.resourceGroup)).toEqual({
      name: 'rg-sandbox-0ba4f5d22c2b',
      location: 'centraluseuap',
      tags,
      ...kept,
    });
    expect(blockOf(terraform, child(one, 'apim/Default'))).toEqual({
      name: 'apim-sandbox-0ba4f5d22c2b',
      resource_group_name: '${azurerm_resource_group.group.name}',
      location: 'centraluseuap',
      publisher_name: 'Sandbox sandbox',
      publisher_email: 'jane+publisher@contoso.com',
      sku_name: 'Developer_1',
      identity: { type: 'SystemAssigned' },
      tags,
      ...kept,
    });
    expect(blockOf(terraform, one.keyVault)).toMatchObject({ tags, ...kept });
  });

  test('what Azure keeps as soft-deleted is purged', () => {
    const [{ features, subscription_id }] = terraform.provider.azurerm;

    expect(subscription_id).toBe(SUBSCRIPTION);
    expect(features[0].api_management[0].purge_soft_delete_on_destroy).toBe(true);
    expect(features[0].key_vault[0]).toMatchObject({
      purge_soft_delete_on_destroy: true,
      purge_soft_deleted_secrets_on_destroy: true,
    });
    expect(blockOf(terraform, one.keyVault)).toMatchObject({
      soft_delete_retention_days: 7,
      purge_protection_enabled: false,
    });
    expect(one.providers.azurerm.fqn).toBe('azurerm');
  });

  test('the vault lets the deployer write the secret at once', () => {
    expect(blockOf(terraform, one.keyVault)).toMatchObject({
      tenant_id: '${data.azurerm_client_config.deployer.tenant_id}',
      rbac_authorization_enabled: false,
      access_policy: [
        {
          tenant_id: '${data.azurerm_client_config.deployer.tenant_id}',
          object_id: '${data.azurerm_client_config.deployer.object_id}',
          secret_permissions: ['Get', 'List', 'Set', 'Delete', 'Recover', 'Purge'],
        },
      ],
    });
    expect(blockOf(terraform, child(one, 'client/secret-client-secret'))).toMatchObject({
      name: 'client-secret',
      key_vault_id: '${azurerm_key_vault.vault.id}',
    });
  });

  test('the Echo API answers from policy, and to nobody without key or token', () => {
    const policy = blockOf(terraform, child(one, 'echo-policy'));
    const answer = find(parsePolicy(policy.xml_content), 'inbound', 'return-response');

    expect(blockOf(terraform, one.echoApi)).toMatchObject({
      name: 'echo',
      path: 'echo',
      protocols: ['https'],
      subscription_required: true,
    });
    expect(blockOf(terraform, one.echoApi).service_url).toBeUndefined();
    expect(blockOf(terraform, child(one, 'echo-resource'))).toMatchObject({
      method: 'GET',
      url_template: '/resource',
      api_name: '${azurerm_api_management_api.echo.name}',
    });
    expect(policy.depends_on).toEqual([
      `azurerm_api_management_api_operation.${child(one, 'echo-resource').friendlyUniqueId}`,
    ]);
    expect(namesIn(parsePolicy(policy.xml_content))).toEqual(['inbound', 'backend', 'outbound', 'on-error']);
    expect(namesIn(answer)).toEqual(['set-status', 'set-header', 'set-body']);
    expect(find(answer, 'set-status').attributes).toEqual({ code: '200', reason: 'OK' });
    expect(find(answer, 'set-header')).toEqual({
      name: 'set-header',
      attributes: { name: 'Content-Type', 'exists-action': 'override' },
      children: [{ name: 'value', attributes: {}, children: ['application/json'] }],
    });
    expect(find(answer, 'set-body').children).toEqual([
      '@(new JObject(new JProperty("method", context.Request.Method), new JProperty("path", context.Request.OriginalUrl.Path)).ToString())',
    ]);
  });

  test('the developer owns one application for all products', () => {
    const client = blockOf(terraform, child(one, 'client/Default'));

    expect(blockOf(terraform, one.developer)).toMatchObject({ user_id: 'developer', email: 'jane@contoso.com' });
    expect(client.body.properties).toEqual({
      displayName: 'Sandbox sandbox 0ba4f5d22c2b',
      description: 'Calls Starter and Unlimited',
      ownerId: '${azurerm_api_management_user.developer.id}',
    });
    expect(blockOf(terraform, child(one, 'client/grants')).for_each).toEqual({
      starter: '${azapi_resource.product-starter.id}',
      unlimited: '${azapi_resource.product-unlimited.id}',
    });
    expect(one.products.map(({ displayName, tryPath }) => [displayName, tryPath])).toEqual([
      ['Starter', '/echo/resource'],
      ['Unlimited', '/echo/resource'],
    ]);
    expect(one.products[0].instance).toBe(one.instance);
  });

  test('the manifest holds them', () => {
    const { applications } = terraform.output.oauth_access.value;
    const [client] = Object.values<any>(applications);

    expect(Object.keys(applications)).toEqual([one.application.applicationName]);
    expect(client.credential).toEqual({
      kind: 'keyVaultSecret',
      keyVaultId: '${azurerm_key_vault.vault.id}',
      secretName: 'client-secret',
    });
    expect(Object.keys(client.products)).toEqual(['starter', 'unlimited']);
    expect(one.manifest.outputName).toBe('oauth_access');
  });

  test('products', () => {
    const two = sandbox({ products: ['Gold ${x}', 'Silber & Söhne'] });
    const block = blockOf(synth(two), child(two, 'product-gold-x/Default'));

    expect(two.products.map((product) => product.productId)).toEqual(['gold-x', 'silber-sohne']);
    expect(block.body.properties).toMatchObject({
      displayName: 'Gold $${x}',
      description: 'Gold $${x} of sandbox sandbox',
    });
    two.products.pop();
    expect(two.products).toHaveLength(2);
  });

  test('ttlDays', () => {
    const two = sandbox({ ttlDays: 30 });
    expect(blockOf(synth(two), two.resourceGroup).tags['expires-on']).toBe(
      '${formatdate("YYYY-MM-DD", timeadd(plantimestamp(), "720h"))}',
    );
  });

  test('location elsewhere is a warning of the instance', () => {
    const two = sandbox({ location: 'westeurope' });

    expect(blockOf(synth(two), two.keyVault).location).toBe('westeurope');
    expect(warningsOf(two.instance)).toEqual([
      'location: application based access is in preview and documented for centraluseuap and eastus2euap, got "westeurope"; ' +
        'make sure that the subscription is signed up for it in this region',
    ]);
  });

  test('an address that looks like a template is no template', () => {
    const two = sandbox({ ownerEmail: '${x}@contoso.com' });
    const result = synth(two);

    expect(blockOf(result, two.developer).email).toBe('$${x}@contoso.com');
    expect(blockOf(result, two.resourceGroup).tags.owner).toBe('$${x}@contoso.com');
    expect(blockOf(result, child(two, 'apim/Default')).publisher_email).toBe('$${x}+publisher@contoso.com');
  });

  test('synthesizing twice gives the same bytes, and so does the same program', () => {
    expect(synthText(one)).toBe(synthText(one));
    expect(synthText(sandbox())).toBe(synthText(sandbox()));
  });

  test('two sandboxes in one app', () => {
    const app = newApp();
    const [first, second] = [sandbox({}, 'first', app), sandbox({}, 'second', app)];

    expect(counts(synth(first))).toEqual(counts(synth(second)));
    expect(new Set([...Object.values(namesOf(first)), ...Object.values(namesOf(second))]).size).toBe(8);
  });

  describe('names', () => {
    const name = fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9-]{0,39}$/);
    const email = fc.stringMatching(/^[a-z0-9._+]{1,20}@[a-z0-9]{1,10}\.com$/);
    const inputs = fc.record({
      name,
      ownerEmail: email,
      subscriptionId: fc.uuid(),
      location: fc.constantFrom('centraluseuap', 'eastus2euap', 'westeurope'),
    });

    test("are always within Azure's limits", () => {
      fc.assert(
        fc.property(inputs, (props) => {
          const { group, instance, vault, client } = namesOf(sandbox(props));
          expect(resourceGroupName(String(group))).toBeUndefined();
          expect(instanceName(String(instance))).toBeUndefined();
          expect(instance).not.toMatch(/--/);
          expect(vault).toMatch(/^(?!.*--)[a-zA-Z][a-zA-Z0-9-]{1,22}[a-zA-Z0-9]$/);
          expect(`APIMApplication${client}`.length).toBeLessThanOrEqual(120);
        }),
        { numRuns: 25 },
      );
    });

    test('are the same for the same inputs and never for others', () => {
      fc.assert(
        fc.property(inputs, inputs, (props, others) => {
          fc.pre(JSON.stringify(props) !== JSON.stringify(others));
          const [a, again, b] = [sandbox(props), sandbox(props), sandbox(others)].map(namesOf);
          expect(again).toEqual(a);
          expect([b.group, b.instance, b.vault]).not.toEqual(expect.arrayContaining([a.group]));
          expect([a.group === b.group, a.instance === b.instance, a.vault === b.vault]).toEqual([false, false, false]);
        }),
        { numRuns: 10 },
      );
    });

    test.each<[string, Partial<PreviewSandboxProps>]>([
      ['name', { name: 'other' }],
      ['case of the name', { name: 'Sandbox' }],
      ['owner', { ownerEmail: 'joe@contoso.com' }],
      ['subscription', { subscriptionId: '33333333-3333-3333-3333-333333333333' }],
      ['region', { location: 'eastus2euap' }],
    ])('differ by %s', (_, props) => {
      const [a, b] = [namesOf(one), namesOf(sandbox(props))];
      expect([a.group === b.group, a.instance === b.instance, a.vault === b.vault]).toEqual([false, false, false]);
    });

    test.each<[string, Partial<PreviewSandboxProps>]>([
      ['expiry', { ttlDays: 30 }],
      ['products', { products: ['Gold'] }],
      ['the name instead of the id', { name: 'sandbox' }],
      ['cases of address, subscription and region', { ownerEmail: 'Jane@Contoso.com', location: 'Central US EUAP' }],
    ])('do not differ by %s', (_, props) => {
      expect(namesOf(sandbox(props))).toEqual(namesOf(one));
    });
  });

  const ADDRESS = 'must be an e-mail address of at most 100 characters, got';
  const GUID = 'must be a GUID such as 9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3, got';
  const NAME = 'must start with a letter and have at most 40 letters, digits and dashes, got';
  const long = `${'a'.repeat(79)}@contoso.com`;
  test.each<[string, object, string[]]>([
    ['no owner', { ownerEmail: undefined }, [`ownerEmail: ${ADDRESS} undefined`]],
    ['an owner without an address', { ownerEmail: 'jane' }, [`ownerEmail: ${ADDRESS} "jane"`]],
    [
      'an address too long for a publisher of its own',
      { ownerEmail: long },
      [
        `ownerEmail: must have at most 90 characters, since +publisher is added for the publisher, got "${long.slice(0, 80)}"…"${long.slice(80)}" (91 characters)`,
      ],
    ],
    ['a subscription by name', { subscriptionId: 'dev' }, [`subscriptionId: ${GUID} "dev"`]],
    ['a name with an underscore', { name: 'a_b' }, [`name: ${NAME} "a_b"`]],
    ['a long name', { name: 'a'.repeat(41) }, [`name: ${NAME} "${'a'.repeat(41)}"`]],
    ['an empty name', { name: '' }, [`name: ${NAME} ""`]],
    ['a name that is null', { name: null }, [`name: ${NAME} null`]],
    [
      'a malformed region',
      { location: 'west-europe' },
      ['location: must be an Azure region such as centraluseuap, got "west-europe"'],
    ],
    ['no days', { ttlDays: 0 }, ['ttlDays: must be a whole number from 1 to 365, got 0']],
    ['too many days', { ttlDays: 366 }, ['ttlDays: must be a whole number from 1 to 365, got 366']],
    ['days as text', { ttlDays: '7' }, ['ttlDays: must be a whole number from 1 to 365, got "7"']],
    ['no products', { products: [] }, ['products: must not be empty, give at least one']],
    ['one product instead of a list', { products: 'Gold' }, ['products: must be a list, got "Gold"']],
    [
      'a product twice',
      { products: ['Gold', 'gold'] },
      ['products: must not contain the same value twice, got "gold" again'],
    ],
    [
      'two products of one id',
      { products: ['Gold Plus', 'Gold-Plus'] },
      ['products: must have different ids, got "gold-plus" for "Gold Plus" and "Gold-Plus"'],
    ],
    [
      'a product without letters',
      { products: ['金'] },
      ['products: must have a letter or digit in each name, got "金"'],
    ],
    ['a blank product', { products: [' '] }, ['products: must have 1 to 300 characters and not be blank, got " "']],
    [
      'a product whose id is too long',
      { products: ['x'.repeat(81)] },
      [
        `products: ${productId('x'.repeat(81))} as the id made from "${'x'.repeat(80)}"…"${'x'.repeat(1)}" (81 characters); give a shorter name`,
      ],
    ],
    [
      'several mistakes at once',
      { ownerEmail: '', subscriptionId: '', name: '-', location: '', ttlDays: 1.5, products: [] },
      [
        `ownerEmail: ${ADDRESS} ""`,
        `subscriptionId: ${GUID} ""`,
        `name: ${NAME} "-"`,
        'location: must be an Azure region such as centraluseuap, got ""',
        'ttlDays: must be a whole number from 1 to 365, got 1.5',
        'products: must not be empty, give at least one',
      ],
    ],
  ])('fails when given %s', (_, props, lines) => {
    expect(errorOf(() => sandbox(untyped(props)))).toBe(lines.map((line) => `sandbox: ${line}`).join('\n'));
  });

  test('an owner whose address is just short enough', () => {
    expect(namesOf(sandbox({ ownerEmail: long.slice(1) })).group).toMatch(/^rg-sandbox-[0-9a-f]{12}$/);
  });

  test('a construct id that is no name asks for one', () => {
    expect(errorOf(() => sandbox({}, 'my_sandbox'))).toBe(`my_sandbox: name: ${NAME} "my_sandbox"`);
    expect(namesOf(sandbox({ name: 'mine' }, 'my_sandbox')).group).toMatch(/^rg-mine-/);
  });

  test('fails when given tokens, since names are made from the inputs', () => {
    const variable = new TerraformVariable(sandbox(), 'any', {});
    const text = variable.stringValue;
    const props = {
      ownerEmail: text,
      subscriptionId: text,
      name: text,
      location: text,
      ttlDays: variable.numberValue,
      products: variable.listValue,
    };

    expect(errorOf(() => sandbox(props)).split('\n')).toEqual([
      'sandbox: ownerEmail: must not be a token, since the names of the sandbox are made from it',
      'sandbox: subscriptionId: must not be a token, since the names of the sandbox are made from it',
      'sandbox: name: must not be a token, since the names of the sandbox are made from it',
      'sandbox: location: must not be a token, since the names of the sandbox are made from it',
      'sandbox: ttlDays: must not be a token',
      'sandbox: products: must not be a token, since each product is declared under its name',
    ]);
    expect(errorOf(() => sandbox({ products: [text] }))).toBe(
      'sandbox: products: must not contain a token, since each product is declared under its name',
    );
  });
});
