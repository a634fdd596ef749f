import { KeyVault } from '@cdktf/provider-azurerm/lib/key-vault';
import { TerraformOutput, TerraformStack } from 'cdktf';
import {
  AccessManifest,
  ClientCredential,
  ClientRegistration,
  DirectoryRole,
  OAuthProduct,
  ProductAuthorization,
} from '../lib';
import {
  blockOf,
  child,
  counts,
  newApi,
  newApp,
  newClient,
  newInstance,
  newProduct,
  newStack,
  synth,
  synthText,
  Terraform,
  TENANT,
} from './support';

/** Every address of a resource or data source that a stack refers to, wherever it stands. */
function referencesIn(terraform: Terraform): string[] {
  const texts: string[] = [];
  const visit = (value: unknown, key?: string): void => {
    if (typeof value === 'string' && key !== 'source' && key !== 'path' && key !== 'uniqueId') {
      texts.push(value);
    } else if (Array.isArray(value)) {
      value.forEach((item) => visit(item));
    } else if (typeof value === 'object' && value !== null) {
      Object.entries(value).forEach(([name, item]) => visit(item, name));
    }
  };
  visit({ ...terraform, terraform: undefined });
  return [
    ...new Set(
      texts.flatMap(
        (text) =>
          text.match(
            /\b(?:data\.|ephemeral\.)?(?:azapi|azurerm|azuread|terraform|time|random)_\w+\.[A-Za-z_][\w-]*/g,
          ) ?? [],
      ),
    ),
  ];
}

/** Addresses that a stack declares. */
function declaredIn(terraform: Terraform): string[] {
  const of = (prefix: string, kinds: Terraform = {}) =>
    Object.entries(kinds).flatMap(([type, blocks]) => Object.keys(blocks).map((name) => `${prefix}${type}.${name}`));
  return [...of('', terraform.resource), ...of('data.', terraform.data), ...of('ephemeral.', terraform.ephemeral)];
}

/** What a stack refers to is declared in it, and what it reads of another stack is an output there. */
function expectSelfContained(...stacks: TerraformStack[]): Terraform[] {
  const all = stacks.map(synth);
  const outputs = all.flatMap((terraform) => Object.keys(terraform.output ?? {}));
  for (const terraform of all) {
    const declared = declaredIn(terraform);
    expect(referencesIn(terraform).filter((address) => !declared.includes(address))).toEqual([]);
    const read = [...JSON.stringify(terraform).matchAll(/terraform_remote_state\.[\w-]+\.outputs\.([\w-]+)/g)].map(
      ([, output]) => output,
    );
    expect(read.filter((output) => !outputs.includes(output))).toEqual([]);
    const dependencies = [...JSON.stringify(terraform).matchAll(/"depends_on":\[([^\]]*)\]/g)]
      .map(([, list]) => list)
      .join();
    expect(dependencies).not.toMatch(/remote_state|\$\{/);
  }
  return all;
}

describe('across stacks', () => {
  test('a product on an instance of another stack reads it, and depends on nothing there', () => {
    const app = newApp();
    const platform = newStack(app, 'platform');
    const apim = newInstance(platform);
    const team = newStack(app, 'team');
    const product = newProduct(team, apim, 'gold', {
      groupNames: ['developers'],
      clientRateLimit: { calls: 1, renewalPeriod: 1 },
    });
    const [, terraform] = expectSelfContained(platform, team);
    const remote =
      'data.terraform_remote_state.cross-stack-reference-input-platform.outputs.cross-stack-output-azurerm_api_management';

    expect(blockOf(terraform, child(product, 'Default')).parent_id).toBe(`\${${remote}apimid}`);
    expect(blockOf(terraform, child(product, 'Default')).depends_on).toBeUndefined();
    expect(blockOf(terraform, child(product, 'apis')).api_management_name).toBe(`\${${remote}apimname}`);
    expect(counts(terraform)['data.terraform_remote_state']).toBe(1);
    expect(team.dependencies).toEqual([platform]);
  });

  test('an API of another stack', () => {
    const app = newApp();
    const platform = newStack(app, 'platform');
    const apim = newInstance(platform);
    const echo = newApi(platform, apim);
    const team = newStack(app, 'team');
    const product = newProduct(team, apim, 'gold', { apiNames: [echo.name] });
    product.addApi('orders');
    const [, terraform] = expectSelfContained(platform, team);

    expect(blockOf(terraform, child(product, 'apis')).for_each).toMatch(
      /^\$\{\{ for name in \[data\.terraform_remote_state\..*, "orders"\] : name => name \}\}$/,
    );
  });

  test('instance, product, application and vault each in a stack of its own', () => {
    const app = newApp();
    const [platform, catalogue, clients, vaults, access] = ['platform', 'catalogue', 'clients', 'vaults', 'access'].map(
      (id) => newStack(app, id),
    );
    const apim = newInstance(platform);
    const gold = newProduct(catalogue, apim);
    const silver = newProduct(catalogue, apim, 'silver', { displayName: 'Silver' });
    const vault = new KeyVault(vaults, 'vault', {
      name: 'contoso',
      location: 'x',
      resourceGroupName: 'rg',
      tenantId: TENANT,
      skuName: 'standard',
    });
    const client = newClient(clients, apim, 'partner', { products: [gold] });
    client.grantAccess(silver);
    client.storeClientSecret({ keyVaultId: vault.id, secretName: 'partner' });
    new AccessManifest(access, 'access', { applications: [client] });
    const [, , terraform, , manifest] = expectSelfContained(platform, catalogue, clients, vaults, access);
    const products =
      'data.terraform_remote_state.cross-stack-reference-input-catalogue.outputs.cross-stack-output-azapi_resource';

    expect(blockOf(terraform, child(client, 'grants')).for_each).toEqual({
      gold: `\${${products}goldid}`,
      silver: `\${${products}silverid}`,
    });
    expect(blockOf(terraform, child(client, 'Default')).depends_on).toBeUndefined();
    expect(Object.keys(manifest.output.oauth_access.value.applications.partner.products)).toEqual(['gold', 'silver']);
    expect(terraform.terraform.required_version).toBe('>= 1.11');
    expect(manifest.terraform.required_version).toBeUndefined();
  });

  test('every attribute of a product can be read from another stack', () => {
    const app = newApp();
    const platform = newStack(app, 'platform');
    const made = newProduct(platform, newInstance(platform));
    const existing = OAuthProduct.onExisting(platform, 'starter', {
      instance: made.instance,
      productId: 'orders',
      displayName: 'Starter',
    });
    const read = OAuthProduct.fromProductId(platform, 'read', {
      instance: made.instance,
      productId: 'read',
      displayName: 'Read',
    });
    const team = newStack(app, 'team');
    for (const product of [made, existing, read]) {
      const { productId, resourceId, applicationId, audience, scope, appRoleValue, appRoleId, servicePrincipalId } =
        product;
      new TerraformOutput(team, `of-${productId}`, {
        value: { resourceId, applicationId, audience, scope, appRoleValue, appRoleId, servicePrincipalId },
      });
    }
    const [, terraform] = expectSelfContained(platform, team);

    expect(counts(terraform)).toEqual({ 'data.terraform_remote_state': 1 });
  });

  test('a product that was switched on in another stack is linked without a dependency', () => {
    const app = newApp();
    const platform = newStack(app, 'platform');
    const apim = newInstance(platform);
    const starter = OAuthProduct.onExisting(platform, 'starter', {
      instance: apim,
      productId: 'orders',
      displayName: 'Starter',
    });
    const team = newStack(app, 'team');
    const client = newClient(team, apim, 'partner', { products: [starter] });
    const [, terraform] = expectSelfContained(platform, team);

    expect(blockOf(terraform, child(client, 'grants')).depends_on).toBeUndefined();
  });

  test('registrations that Terraform owns', () => {
    const app = newApp();
    const [platform, catalogue, clients] = ['platform', 'catalogue', 'clients'].map((id) => newStack(app, id));
    const apim = newInstance(platform, 'apim', { directoryRole: DirectoryRole.none() });
    const products = [
      newProduct(catalogue, apim, 'gold', { authorization: ProductAuthorization.entraApplication() }),
      newProduct(catalogue, apim, 'silver', {
        displayName: 'Silver',
        authorization: ProductAuthorization.gatewayPolicy(),
      }),
    ];
    const credentials = [
      ClientCredential.gitHubActions({ organization: 'contoso', repository: 'orders', branch: 'main' }),
    ];
    newClient(clients, apim, 'partner', {
      ownerUserId: undefined,
      registration: ClientRegistration.entra({ credentials }),
      products,
    });

    expectSelfContained(platform, catalogue, clients);
  });

  test('two stacks that declare the same products on one instance', () => {
    const app = newApp();
    const platform = newStack(app, 'platform');
    const apim = newInstance(platform);
    const teams = ['one', 'other'].map((id) => newStack(app, id));
    teams.forEach((team) =>
      newProduct(team, apim, 'gold', { productId: `gold-${team.node.id}`, displayName: `Gold ${team.node.id}` }),
    );
    const [, one, other] = expectSelfContained(platform, ...teams);

    expect([one, other].map((terraform) => terraform.resource.azapi_resource.gold.name)).toEqual([
      'gold-one',
      'gold-other',
    ]);
  });

  test('synthesizing twice gives the same bytes', () => {
    const app = newApp();
    const platform = newStack(app, 'platform');
    const apim = newInstance(platform);
    const team = newStack(app, 'team');
    newClient(team, apim, 'partner', { products: [newProduct(platform, apim)] });
    const texts = () => [platform, team].map(synthText);

    expect(texts()).toEqual(texts());
  });
});
