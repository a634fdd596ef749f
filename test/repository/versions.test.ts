import { readFileSync } from 'node:fs';
import { TerraformStack, TerraformVariable } from 'cdktf';
import { ApimInstanceWithIdentity, AzureProviders, ConstructMove, OAuthProduct, ProductAuthorization } from '../../lib';
import { NODE_VERSIONS } from '../../scripts/package/node-binary';
import { COMPILERS, WAYS } from '../../scripts/package/consumer';
import { newApi, newClient, newEntraClient, newInstance, newProduct, newStack, synth, VAULT } from '../support';

const page = readFileSync('docs/versions.md', 'utf8');
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .map((line) => line.slice(2, -2).split(' | '));
const rowOf = (beginning: string): string[] => rows.find(([first]) => first?.startsWith(beginning)) ?? [];

/** The programs of the rows in the table of Terraform, by how a row begins. */
const PROGRAMS: readonly (readonly [string, string, (stack: TerraformStack) => void])[] = [
  [
    'an instance, products with `gatewayPolicy()`',
    'gatewayPolicy',
    (stack) => {
      const apim = newInstance(stack);
      const authorization = ProductAuthorization.gatewayPolicy();
      newEntraClient(stack, apim, [
        newProduct(stack, apim, 'gold', { apiNames: [newApi(stack, apim).name], authorization }),
      ]);
    },
  ],
  [
    'an instance, products with `gatewayPolicy()`',
    'entraApplication',
    (stack) =>
      void newProduct(stack, newInstance(stack), 'gold', { authorization: ProductAuthorization.entraApplication() }),
  ],
  ['products with `apimManaged()`', 'apimManaged', (stack) => void newProduct(stack, newInstance(stack))],
  [
    'imports, `ConstructMove.from`',
    'a move',
    (stack) => {
      const apim = newInstance(stack);
      const products = [newProduct(stack, apim)];
      ConstructMove.from(newClient(stack, apim, 'partner', { products }), 'former');
    },
  ],
  [
    'imports, `ConstructMove.from`',
    'onExisting',
    (stack) => {
      const instance = newInstance(stack);
      OAuthProduct.onExisting(stack, 'gold', { instance, productId: 'gold', displayName: 'Gold' });
    },
  ],
  [
    '`adopt` of a registration',
    'adopt',
    (stack) => {
      const reference = new TerraformVariable(stack, 'reference', {}).stringValue;
      const adopt = {
        clientId: reference,
        applicationObjectId: reference,
        servicePrincipalObjectId: reference,
        appRoleId: reference,
      };
      newProduct(stack, newInstance(stack), 'gold', {
        authorization: ProductAuthorization.entraApplication({ adopt }),
      });
    },
  ],
  [
    '`storeClientSecret`',
    'storeClientSecret',
    (stack) => {
      const apim = newInstance(stack);
      const products = [newProduct(stack, apim)];
      newClient(stack, apim, 'partner', { products }).storeClientSecret({ keyVaultId: VAULT, secretName: 'secret' });
    },
  ],
  [
    '`storeClientSecret`',
    'enableIdentity',
    (stack) =>
      void ApimInstanceWithIdentity.fromExisting(stack, 'existing', {
        name: 'contoso-apim',
        resourceGroupName: 'rg',
        enableIdentity: true,
      }),
  ],
];

test.each(PROGRAMS)('the row %s tells what a stack with %s demands', (row, _, declare) => {
  const stack = newStack();
  declare(stack);
  const demanded = /^>= (1\.\d+)$/.exec(
    (synth(stack).terraform.required_version as string | undefined) ?? '>= 1.2',
  )?.[1];
  expect(rowOf(row)[1]?.replace(', as cdktf', '')).toBe(demanded);
});

test('pins of the providers move by an override, and the constraint is the only change', () => {
  const [before, after] = [false, true].map((moved) => {
    const stack = newStack();
    newProduct(stack, newInstance(stack));
    if (moved) {
      for (const [, provider, version] of page.matchAll(
        /stack\.addOverride\('terraform\.required_providers\.(\w+)\.version', '([^']+)'\)/g,
      )) {
        stack.addOverride(`terraform.required_providers.${provider!}.version`, version);
      }
    }
    return synth(stack);
  });
  expect(after!.terraform.required_providers).toEqual({
    azurerm: { source: 'azurerm', version: '~> 5.2' },
    azuread: { source: 'hashicorp/azuread', version: '~> 3.9' },
    azapi: { source: 'Azure/azapi', version: '~> 2.12' },
  });
  expect({ ...after, terraform: undefined, '//': undefined }).toEqual({
    ...before,
    terraform: undefined,
    '//': undefined,
  });
});

test('the page names the providers that stacks get today', () => {
  const stack = newStack();
  new AzureProviders(new TerraformStack(stack, 'other'), 'azure');
  const { azurerm, azuread, azapi } = synth(stack).terraform.required_providers as Record<string, { version: string }>;
  expect(rowOf('azurerm')[2]).toContain(`applied with ${azurerm!.version} and `);
  expect(rowOf('azuread')[2]).toContain(`applied with ${azuread!.version} and `);
  expect(azapi!.version).toBe('~> 2.7');
  expect(rowOf('azapi')[1]).toBe('2.7 and later');
});

test('the page tells every Node.js and every compiler that is tried', () => {
  for (const version of Object.values(NODE_VERSIONS)) {
    expect(rowOf('Node.js')[2]).toContain(version.split('.').slice(0, 2).join('.'));
  }
  for (const [line, version] of Object.entries(COMPILERS)) {
    const told = rowOf('TypeScript')[2]
      ?.split('; ')
      .find((part) => part.startsWith(version));
    const resolutions = WAYS.filter(({ compiler }) => compiler === line).map(({ resolution }) => resolution);
    expect(resolutions.filter((resolution) => !told?.includes(`\`${resolution}\``))).toEqual([]);
  }
});
