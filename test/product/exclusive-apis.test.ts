import { ApiManagementApiPolicy } from '@cdktf/provider-azurerm/lib/api-management-api-policy';
import { ApiManagementProductApi } from '@cdktf/provider-azurerm/lib/api-management-product-api';
import { TerraformVariable } from 'cdktf';
import { OAuthProduct } from '../../lib';
import { Landscape, startLocalAzure } from '../azure';
import { Client } from '../azure/support';
import { blockOf, child, counts, errorOf, newApi, newInstance, newProduct, newStack, synth, untyped } from '../support';

type Stack = ReturnType<typeof newStack>;

function policiesOf(stack: Stack, product: OAuthProduct): { [name: string]: unknown } {
  return blockOf(synth(stack), child(product, 'api-policies')) as { [name: string]: unknown };
}

test('without it, no API gets a policy', () => {
  const stack = newStack();
  newProduct(stack, newInstance(stack), 'gold');

  expect(counts(synth(stack)).azurerm_api_management_api_policy).toBeUndefined();
});

test('one policy for each API, those that are added later as well', () => {
  const stack = newStack();
  const apim = newInstance(stack);
  const gold = newProduct(stack, apim, 'gold', { apiNames: ['echo'], exclusiveApis: true });
  gold.addApi('orders');

  expect(policiesOf(stack, gold)).toMatchObject({
    api_management_name: '${azurerm_api_management.apim.name}',
    api_name: '${each.key}',
    for_each: { echo: 'echo', orders: 'orders' },
    xml_content: `<policies>
  <inbound>
    <base />
    <choose>
      <when condition="@(context.Product?.Id != "\${azapi_resource.gold.name}")">
        <return-response>
          <set-status code="401" reason="Unauthorized" />
        </return-response>
      </when>
    </choose>
  </inbound>
  <backend>
    <base />
  </backend>
  <outbound>
    <base />
  </outbound>
  <on-error>
    <base />
  </on-error>
</policies>`,
  });
});

test('names that are tokens', () => {
  const stack = newStack();
  const apim = newInstance(stack);
  const { name } = newApi(stack, apim, 'orders');
  const gold = newProduct(stack, apim, 'gold', { apiNames: [name], exclusiveApis: true });

  expect(policiesOf(stack, gold).for_each).toBe(
    '${{ for name in [azurerm_api_management_api.orders.name] : name => name }}',
  );
});

test('a list of names that is a token', () => {
  const stack = newStack();
  const apiNames = new TerraformVariable(stack, 'apis', { type: 'list(string)' }).listValue;
  newProduct(stack, newInstance(stack), 'gold', { apiNames, exclusiveApis: true });

  expect(() => synth(stack)).not.toThrow();
});

test('fails when it is no boolean', () => {
  const stack = newStack();
  expect(errorOf(() => newProduct(stack, newInstance(stack), 'gold', { exclusiveApis: untyped('yes') }))).toBe(
    'stack/gold: exclusiveApis: must be true or false, got "yes"',
  );
});

describe('fails when the API', () => {
  const IN_ANOTHER = (other: string, name = '"echo"'): string =>
    `[stack/gold] exclusiveApis: ${name} is in ${other} as well, whose callers would be refused; give the product APIs of its own or leave out exclusiveApis`;
  const HAS_POLICY = (name = '"echo"'): string =>
    `[stack/gold] exclusiveApis: ${name} has its policy from stack/policy, and API Management takes one policy for an API; remove that or leave out exclusiveApis and refuse other calls there`;

  test.each<[string, (stack: Stack) => void, string]>([
    [
      'is in another product',
      (stack) => {
        const apim = newInstance(stack);
        newProduct(stack, apim, 'gold', { exclusiveApis: true });
        newProduct(stack, apim, 'silver', { apiNames: ['Echo'] });
      },
      IN_ANOTHER('stack/silver'),
    ],
    [
      'is in another product by reference',
      (stack) => {
        const apim = newInstance(stack);
        const { name } = newApi(stack, apim);
        newProduct(stack, apim, 'gold', { apiNames: [name], exclusiveApis: true });
        newProduct(stack, apim, 'silver', { apiNames: ['other'] }).addApi(name);
      },
      IN_ANOTHER('stack/silver', '"${azurerm_api_management_api.echo.name}"'),
    ],
    [
      'is linked by a product that exists',
      (stack) => {
        const apim = newInstance(stack);
        newProduct(stack, apim, 'gold', { exclusiveApis: true });
        OAuthProduct.onExisting(stack, 'old', { instance: apim, productId: 'old', displayName: 'Old' }).addApi('echo');
      },
      IN_ANOTHER('stack/old'),
    ],
    [
      "is linked by azurerm's own block",
      (stack) => {
        const apim = newInstance(stack);
        newProduct(stack, apim, 'gold', { exclusiveApis: true });
        const place = { apiManagementName: apim.instanceName, resourceGroupName: 'rg' };
        new ApiManagementProductApi(stack, 'link', { ...place, productId: 'old', apiName: 'echo' });
      },
      IN_ANOTHER('stack/link'),
    ],
    [
      'has a policy of its own',
      (stack) => {
        const apim = newInstance(stack);
        newProduct(stack, apim, 'gold', { exclusiveApis: true });
        const place = { apiManagementName: apim.instanceName, resourceGroupName: 'rg' };
        new ApiManagementApiPolicy(stack, 'policy', { ...place, apiName: 'echo', xmlContent: '<policies />' });
      },
      HAS_POLICY(),
    ],
    [
      'has a policy of its own by reference',
      (stack) => {
        const apim = newInstance(stack);
        const { name } = newApi(stack, apim);
        newProduct(stack, apim, 'gold', { apiNames: [name], exclusiveApis: true });
        const place = { apiManagementName: apim.instanceName, resourceGroupName: 'rg' };
        new ApiManagementApiPolicy(stack, 'policy', { ...place, apiName: name, xmlContent: '<policies />' });
      },
      HAS_POLICY('"${azurerm_api_management_api.echo.name}"'),
    ],
  ])('%s', (_, declare, message) => {
    const stack = newStack();
    declare(stack);

    expect(errorOf(() => synth(stack))).toContain(message);
  });

  test('not when it is an API of another instance', () => {
    const stack = newStack();
    newProduct(stack, newInstance(stack), 'gold', { exclusiveApis: true });
    newProduct(stack, newInstance(stack, 'other', { name: 'contoso-other' }), 'silver');

    expect(() => synth(stack)).not.toThrow();
  });
});

test('lets in by a key of the product and refuses keys of all other scopes', async () => {
  const azure = await startLocalAzure();
  try {
    const stack = newStack();
    const product = newProduct(stack, newInstance(stack), 'gold', { apiNames: ['orders'], exclusiveApis: true });
    const policy = String(policiesOf(stack, product).xml_content).replace('${azapi_resource.gold.name}', 'gold');
    const landscape = new Landscape(azure)
      .api('orders', { operations: ['GET /list'] })
      .product('gold', { apis: ['orders'] })
      .product('silver', { apis: ['orders'] });
    const keys = ['/products/gold', '/products/silver', '/apis/orders', '/apis'].map(
      (scope, at) =>
        landscape.subscription(`key-${at}`, {
          scope: scope.startsWith('/products') ? `${landscape.instanceId}${scope}` : scope,
        }).primaryKey,
    );
    const statuses = async (): Promise<number[]> => {
      const client = new Client(azure);
      const answers = [...keys, undefined].map(async (key) =>
        client.call('/orders/list', key === undefined ? {} : { 'ocp-apim-subscription-key': key }),
      );
      return (await Promise.all(answers)).map(({ status }) => status);
    };

    expect(await statuses()).toEqual([200, 200, 200, 200, 401]);
    landscape.policy(`${landscape.instanceId}/apis/orders`, policy);
    expect(await statuses()).toEqual([200, 401, 401, 401, 401]);
  } finally {
    await azure.close();
  }
});
