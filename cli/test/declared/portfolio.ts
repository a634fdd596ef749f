import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

type Blocks = Record<string, Record<string, Record<string, unknown>>>;

/** A program as cdktf writes it: `clients` applications of a tenth as many owners, products, and a few APIs. */
export function portfolio(clients: number): unknown {
  const products = Math.max(2, Math.ceil(clients / 20));
  const owners = Math.max(1, Math.ceil(clients / 10));
  const resource: Blocks = {
    azurerm_api_management: { apim: { name: 'contoso-apim' } },
    azurerm_api_management_user: {},
    azurerm_api_management_api: {},
    azurerm_api_management_product_api: {},
    azapi_resource: {},
  };
  const put = (type: string, name: string, block: Record<string, unknown>): void => {
    resource[type] = { ...resource[type], [name]: block };
  };
  for (let index = 0; index < owners; index += 1) {
    put('azurerm_api_management_user', `owner${index}`, {
      api_management_name: '${azurerm_api_management.apim.name}',
      user_id: `owner${index}`,
      first_name: 'Team',
      last_name: `${index}`,
    });
  }
  for (let index = 0; index < products; index += 1) {
    put('azapi_resource', `product${index}`, {
      type: 'Microsoft.ApiManagement/service/products@2024-10-01-preview',
      parent_id: '${azurerm_api_management.apim.id}',
      name: `product-${index}`,
      body: {
        properties: {
          displayName: `Product ${index}`,
          authenticationType: index % 3 === 0 ? ['application-token', 'subscription-key'] : ['application-token'],
          subscriptionRequired: index % 3 === 0,
        },
      },
    });
    const api = `api${index % Math.max(2, Math.ceil(products / 3))}`;
    put('azurerm_api_management_api', api, { name: api, display_name: `API ${api.slice(3)}` });
    put('azurerm_api_management_product_api', `apis${index}`, {
      api_management_name: '${azurerm_api_management.apim.name}',
      product_id: `\${azapi_resource.product${index}.name}`,
      for_each: `\${{ for name in [azurerm_api_management_api.${api}.name] : name => name }}`,
      api_name: '${each.key}',
    });
  }
  for (let index = 0; index < clients; index += 1) {
    put('azapi_resource', `client${index}`, {
      type: 'Microsoft.ApiManagement/service/clientApplications@2024-10-01-preview',
      parent_id: '${azurerm_api_management.apim.id}',
      name: `client-${index}`,
      body: {
        properties: {
          displayName: `Client ${index}`,
          ownerId: `\${azurerm_api_management_user.owner${Math.floor(index / 10)}.id}`,
        },
      },
    });
    const granted = [index % products, (index + 1 + (index % 2)) % products];
    put('azapi_resource', `client${index}_grants`, {
      type: 'Microsoft.ApiManagement/service/clientApplications/productLinks@2024-10-01-preview',
      parent_id: `\${azapi_resource.client${index}.id}`,
      name: '${each.key}',
      for_each: Object.fromEntries(granted.map((at) => [`product-${at}`, `\${azapi_resource.product${at}.id}`])),
      body: { properties: { productId: '${each.value}' } },
    });
  }
  return { resource };
}

/** Writes stacks as `cdktf synth` does, and gives the folder. */
export function synthesized(folder: string, stacks: Readonly<Record<string, unknown>>): string {
  for (const [name, json] of Object.entries(stacks)) {
    mkdirSync(join(folder, 'stacks', name), { recursive: true });
    writeFileSync(join(folder, 'stacks', name, 'cdk.tf.json'), JSON.stringify(json));
  }
  const manifest = Object.fromEntries(
    Object.keys(stacks).map((name) => [name, { name, synthesizedStackPath: `stacks/${name}/cdk.tf.json` }]),
  );
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ version: '0.21.0', stacks: manifest }));
  return folder;
}
