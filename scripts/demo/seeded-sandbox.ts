import { readFileSync, writeFileSync } from 'node:fs';
import { Landscape, LocalAzure, TENANT_ID } from '../../test/azure';
import { Stack } from '../e2e/stacks';

interface SandboxJson {
  readonly resource: {
    readonly azurerm_api_management: { readonly apim: { readonly name: string } };
    readonly azurerm_api_management_api: { readonly echo: { readonly name: string; readonly path: string } };
    readonly azurerm_api_management_api_policy: { readonly 'echo-policy': { readonly xml_content: string } };
    readonly azurerm_key_vault: { readonly vault: { readonly name: string } };
    readonly azurerm_resource_group: { readonly group: { readonly name: string } };
    readonly azapi_resource: {
      readonly [name: string]: {
        readonly type: string;
        readonly name: string;
        readonly body: { readonly properties: { readonly displayName: string } };
      };
    };
  };
  readonly output: { readonly oauth_access: { readonly value: Manifest } };
}

interface Manifest {
  readonly version: 1;
  readonly applications: {
    readonly [name: string]: {
      readonly credential: { readonly secretName: string };
      readonly products: { readonly [id: string]: object };
    };
  };
}

/** Makes what an apply of the sandbox would make, and writes the manifest that it would output. */
export function seedSandbox(azure: LocalAzure, stack: Stack, manifestFile: string): void {
  const { resource, output } = JSON.parse(readFileSync(`${stack.folder}/cdk.tf.json`, 'utf8')) as SandboxJson;
  const name = resource.azurerm_api_management.apim.name;
  const vault = resource.azurerm_key_vault.vault.name;
  const { name: apiName, path } = resource.azurerm_api_management_api.echo;
  const landscape = new Landscape(azure, { name, resourceGroup: resource.azurerm_resource_group.group.name });
  landscape
    .api(apiName, {
      path,
      operations: ['GET /resource'],
      policy: resource.azurerm_api_management_api_policy['echo-policy'].xml_content,
    })
    .user('developer');
  const ofType = (type: string): SandboxJson['resource']['azapi_resource'][string][] =>
    Object.values(resource.azapi_resource).filter((entry) =>
      entry.type.startsWith(`Microsoft.ApiManagement/service/${type}@`),
    );
  const products = ofType('products');
  for (const product of products) {
    const { displayName } = product.body.properties;
    landscape.product(product.name, { displayName, authenticationType: ['application-token'], apis: [apiName] });
  }
  const [client] = ofType('clientApplications');
  const { clientId } = landscape.client(client.name, {
    displayName: client.body.properties.displayName,
    owner: 'developer',
    products: products.map((product) => product.name),
  });
  const declared = output.oauth_access.value.applications[client.name];
  landscape.vaultSecret(vault, declared.credential.secretName, landscape.clientSecret(client.name));
  const audienceOf = (id: string): string => {
    const { properties } = azure.cloud.store.get(`${landscape.instanceId}/products/${id}`)!.body as {
      properties: { application: { entra: { audience: string } } };
    };
    return properties.application.entra.audience;
  };
  const manifest = {
    version: 1,
    applications: {
      [client.name]: {
        ...declared,
        clientId,
        tenantId: TENANT_ID,
        tokenEndpoint: `https://login.microsoftonline.com/${TENANT_ID}/oauth2/v2.0/token`,
        credential: { ...declared.credential, keyVaultId: landscape.vault(vault) },
        products: Object.fromEntries(
          Object.entries(declared.products).map(([id, product]) => [
            id,
            { ...product, scope: `${audienceOf(id)}/.default`, gatewayUrl: `https://${name}.azure-api.net` },
          ]),
        ),
      },
    },
  };
  writeFileSync(manifestFile, JSON.stringify(manifest, null, 2));
}
