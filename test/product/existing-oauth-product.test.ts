import { ApiManagementProduct } from '@cdktf/provider-azurerm/lib/api-management-product';
import { TerraformOutput, TerraformVariable } from 'cdktf';
import { ApimInstanceWithIdentity, ApimSku, ExistingOAuthProductProps, IApimInstance, OAuthProduct } from '../../lib';
import {
  blockOf,
  child,
  counts,
  errorOf,
  metadataOf,
  newApi,
  newApp,
  newInstance,
  newStack,
  synth,
  synthText,
  untyped,
  warningsOf,
} from '../support';
import { find, names, parsePolicy } from '../xml';

const TYPE = 'Microsoft.ApiManagement/service/products@2024-10-01-preview';
const RESOURCE_ID = '${azurerm_api_management.apim.id}/products/starter';
const RETRY = {
  error_message_regex: ['Application Administrator', 'Insufficient privileges', 'Authorization_RequestDenied'],
  interval_seconds: 10,
  max_interval_seconds: 60,
};

function declared(
  props: Partial<ExistingOAuthProductProps> = {},
  then: (product: OAuthProduct, instance: IApimInstance) => void = () => undefined,
) {
  const stack = newStack();
  const apim = newInstance(stack);
  const product = OAuthProduct.onExisting(stack, 'starter', {
    instance: apim,
    productId: 'starter',
    displayName: 'Starter',
    ...props,
  });
  then(product, apim);
  const terraform = synth(stack);
  const address = (id: string) => child(product, id).friendlyUniqueId;
  return {
    stack,
    apim,
    product,
    terraform,
    address,
    properties: blockOf(terraform, child(product, 'Default')).body.properties,
  };
}

describe('OAuthProduct.onExisting', () => {
  test('default setup: the setting is written, nothing else, and put back on destroy', () => {
    const { apim, product, terraform, address } = declared();
    const role = `azuread_directory_role_assignment.${child(apim, 'directory-role-assignment').friendlyUniqueId}`;

    expect(counts(terraform)).toEqual({
      azurerm_api_management: 1,
      azuread_directory_role: 1,
      azuread_directory_role_assignment: 1,
      azapi_update_resource: 1,
      azapi_resource_action: 1,
      terraform_data: 1,
      'data.azapi_resource': 2,
      'data.azuread_application': 1,
      'data.azuread_service_principals': 1,
    });
    expect(blockOf(terraform, child(product, 'before'))).toEqual({
      type: TYPE,
      resource_id: RESOURCE_ID,
      response_export_values: { authenticationType: 'properties.authenticationType' },
    });
    expect(blockOf(terraform, child(product, 'former-access'))).toEqual({
      input: {
        authenticationType: `\${try(tolist(data.azapi_resource.${address('before')}.output.authenticationType), tolist(["subscription-key"]))}`,
      },
      lifecycle: { ignore_changes: ['input'] },
    });
    expect(blockOf(terraform, child(product, 'restore'))).toEqual({
      type: TYPE,
      resource_id: RESOURCE_ID,
      method: 'PATCH',
      headers: { 'If-Match': '*' },
      body: {
        properties: `\${{ for name, value in terraform_data.${address('former-access')}.output : name => value if value != null }}`,
      },
      when: 'destroy',
      ignore_not_found: true,
      response_export_values: [],
      retry: RETRY,
      depends_on: [role],
    });
    expect(blockOf(terraform, child(product, 'Default'))).toEqual({
      type: TYPE,
      resource_id: RESOURCE_ID,
      body: { properties: { authenticationType: ['application-token', 'subscription-key'] } },
      response_export_values: {
        applicationId: 'properties.application.entra.applicationId',
        audience: 'properties.application.entra.audience',
      },
      retry: RETRY,
      depends_on: [role, `azapi_resource_action.${address('restore')}`],
    });
    expect(child(product, 'Default').friendlyUniqueId).toBe('starter');
    expect(product.node.defaultChild).toBe(child(product, 'Default'));
    expect(terraform.check[address('registration-review')].assert).toHaveLength(4);
    expect(warningsOf(product)).toEqual([]);
  });

  test('is an OAuthProduct, whose id does not wait for the setting', () => {
    const stack = newStack();
    const product = OAuthProduct.onExisting(stack, 'starter', {
      instance: newInstance(stack),
      productId: 'starter',
      displayName: 'Starter',
      tryPath: '/echo',
    });
    new TerraformOutput(stack, 'out', { value: [product.resourceId, product.applicationId] });

    expect(product).toBeInstanceOf(OAuthProduct);
    expect([product.productId, product.displayName, product.tryPath, product.acceptsProductLinks]).toEqual([
      'starter',
      'Starter',
      '/echo',
      true,
    ]);
    expect(synth(stack).output.out.value).toEqual([
      RESOURCE_ID,
      '${azapi_update_resource.starter.output.applicationId}',
    ]);
  });

  test.each<[string, Partial<ExistingOAuthProductProps>, object]>([
    ['description', { description: 'a ${b}' }, { description: 'a $${b}' }],
    ['terms', { terms: '' }, { terms: '' }],
    ['published', { published: true }, { state: 'published' }],
    ['published false', { published: false }, { state: 'notPublished' }],
    ['acceptSubscriptionKey', { acceptSubscriptionKey: true }, {}],
    [
      'acceptSubscriptionKey false',
      { acceptSubscriptionKey: false },
      {
        authenticationType: ['application-token'],
        subscriptionRequired: false,
        approvalRequired: null,
        subscriptionsLimit: null,
      },
    ],
  ])('%s', (_, props, expected) => {
    expect(declared(props).properties).toEqual({
      authenticationType: ['application-token', 'subscription-key'],
      ...expected,
    });
  });

  test('where keys are refused, all that Azure ties to them is read first and put back together', () => {
    const { terraform, product, address } = declared({ acceptSubscriptionKey: false });
    const before = `data.azapi_resource.${address('before')}.output`;

    expect(blockOf(terraform, child(product, 'before')).response_export_values).toEqual({
      authenticationType: 'properties.authenticationType',
      subscriptionRequired: 'properties.subscriptionRequired',
      approvalRequired: 'properties.approvalRequired',
      subscriptionsLimit: 'properties.subscriptionsLimit',
    });
    expect(blockOf(terraform, child(product, 'former-access')).input).toEqual({
      authenticationType: `\${try(tolist(${before}.authenticationType), tolist(["subscription-key"]))}`,
      subscriptionRequired: `\${${before}.subscriptionRequired}`,
      approvalRequired: `\${${before}.approvalRequired}`,
      subscriptionsLimit: `\${${before}.subscriptionsLimit}`,
    });
  });

  test('unpublished is a warning; left as it is, it is none', () => {
    expect(warningsOf(declared({ published: false }).product)).toEqual([
      'published: the product is not published, so no application can call it; set published to true when it is ready',
    ]);
  });

  test('reviewRegistration false', () => {
    const { terraform } = declared({ reviewRegistration: false });

    expect(terraform.check).toBeUndefined();
    expect(Object.keys(terraform.data)).toEqual(['azapi_resource']);
  });

  test('groups, APIs and limits belong to the product by its id', () => {
    const { terraform, product } = declared(
      { groupNames: ['developers'], clientRateLimit: { calls: 5, renewalPeriod: 60 } },
      (starter, apim) => {
        starter.addApi('echo');
        starter.addApi(newApi(child(starter, 'Default').cdktfStack, apim, 'orders').name);
      },
    );
    const place = {
      api_management_name: '${azurerm_api_management.apim.name}',
      resource_group_name: 'rg',
      product_id: 'starter',
    };
    const policy = blockOf(terraform, child(product, 'policy'));

    expect(blockOf(terraform, child(product, 'groups'))).toEqual({
      ...place,
      group_name: '${each.key}',
      for_each: { developers: 'developers' },
    });
    expect(blockOf(terraform, child(product, 'apis'))).toEqual({
      ...place,
      api_name: '${each.key}',
      for_each: '${{ for name in ["echo", azurerm_api_management_api.orders.name] : name => name }}',
      depends_on: [`azurerm_api_management_product_policy.${child(product, 'policy').friendlyUniqueId}`],
    });
    expect(policy).toEqual({ ...place, xml_content: policy.xml_content, lifecycle: { create_before_destroy: true } });
    expect(names(find(parsePolicy(policy.xml_content), 'inbound'))).toEqual(['base', 'choose', 'rate-limit-by-key']);
  });

  test('addApi fails when given one twice', () => {
    const { product } = declared({}, (starter) => starter.addApi('echo'));
    expect(errorOf(() => product.addApi('echo'))).toBe(
      'stack/starter.addApi: name: must not be given twice, got "echo" again',
    );
  });

  describe('managedBy', () => {
    const managed = (stack: ReturnType<typeof newStack>, apim: IApimInstance) =>
      new ApiManagementProduct(stack, 'managed', {
        apiManagementName: apim.instanceName,
        resourceGroupName: apim.resourceGroupName,
        productId: 'starter',
        displayName: 'Starter',
        published: true,
      });

    test('the setting is written again whenever that writes the product', () => {
      const stack = newStack();
      const apim = newInstance(stack);
      const product = OAuthProduct.onExisting(stack, 'starter', {
        instance: apim,
        productId: 'starter',
        displayName: 'Starter',
        managedBy: managed(stack, apim),
      });
      const terraform = synth(stack);
      const block = blockOf(terraform, child(product, 'Default'));

      expect(block.lifecycle).toEqual({ replace_triggered_by: ['azurerm_api_management_product.managed'] });
      expect(block.depends_on).toContain('azurerm_api_management_product.managed');
      expect(blockOf(terraform, child(product, 'before')).depends_on).toEqual([
        'azurerm_api_management_product.managed',
      ]);
    });

    test('fails when it lies in another stack, where it can trigger nothing', () => {
      const app = newApp();
      const there = newStack(app, 'there');
      const managedBy = managed(there, newInstance(there));
      const stack = newStack(app);
      const instance = ApimInstanceWithIdentity.fromExisting(stack, 'apim', {
        name: 'contoso-apim',
        resourceGroupName: 'rg',
      });

      expect(
        errorOf(() =>
          OAuthProduct.onExisting(stack, 'starter', {
            instance,
            productId: 'starter',
            displayName: 'Starter',
            managedBy,
          }),
        ),
      ).toBe('stack/starter: managedBy: must be a resource of the same stack, got there/managed; leave it out');
    });
  });

  test('on an instance that another stack owns the role of', () => {
    const stack = newStack();
    const instance = ApimInstanceWithIdentity.fromExisting(stack, 'apim', {
      name: 'contoso-apim',
      resourceGroupName: 'rg',
    });
    const product = OAuthProduct.onExisting(stack, 'starter', {
      instance,
      productId: 'starter',
      displayName: 'Starter',
    });
    const terraform = synth(stack);

    expect(blockOf(terraform, child(product, 'Default'))).toMatchObject({
      resource_id: '${data.azapi_resource.apim.id}/products/starter',
      depends_on: [`azapi_resource_action.${child(product, 'restore').friendlyUniqueId}`],
    });
    expect(blockOf(terraform, child(product, 'restore')).depends_on).toBeUndefined();
  });

  test('the block says where the program declared it', () => {
    const { terraform, product } = declared();
    expect(metadataOf(terraform, child(product, 'Default')).source).toMatch(
      /^test\/product\/existing-oauth-product\.test\.ts:\d+$/,
    );
  });

  test('tokens pass', () => {
    const stack = newStack();
    const text = new TerraformVariable(stack, 'any', {}).stringValue;
    const product = OAuthProduct.onExisting(stack, 'starter', {
      instance: newInstance(stack),
      productId: text,
      displayName: text,
      description: text,
    });
    const block = blockOf(synth(stack), child(product, 'Default'));

    expect(block.resource_id).toBe('${azurerm_api_management.apim.id}/products/${var.any}');
    expect(block.body.properties.description).toBe('${var.any}');
  });

  test('two in one stack', () => {
    const stack = newStack();
    const instance = newInstance(stack);
    const products = ['starter', 'unlimited'].map((productId) =>
      OAuthProduct.onExisting(stack, productId, { instance, productId, displayName: productId }),
    );
    const terraform = synth(stack);

    expect(counts(terraform)).toMatchObject({ azapi_update_resource: 2, azapi_resource_action: 2, terraform_data: 2 });
    expect(products.map((product) => blockOf(terraform, child(product, 'Default')).resource_id)).toEqual([
      '${azurerm_api_management.apim.id}/products/starter',
      '${azurerm_api_management.apim.id}/products/unlimited',
    ]);
  });

  test('synthesizing twice gives the same bytes', () => {
    const { stack } = declared({ acceptSubscriptionKey: false, groupNames: ['a'] });
    expect(synthText(stack)).toBe(synthText(stack));
  });

  test.each<[string, object, string[]]>([
    [
      'a malformed id and name',
      { productId: 'a b', displayName: '' },
      [
        'displayName: must have 1 to 300 characters and not be blank, got ""',
        'productId: must hold only letters, digits, dashes and underscores, neither start nor end with a dash or underscore and have at most 80 characters, got "a b"',
      ],
    ],
    [
      'a long description',
      { description: 'x'.repeat(1001) },
      [`description: must have at most 1000 characters, got "${'x'.repeat(80)}"… (1001 characters)`],
    ],
    [
      'no id, which is not made from the name of a product that exists',
      { productId: undefined },
      [
        'productId: must hold only letters, digits, dashes and underscores, neither start nor end with a dash or underscore and have at most 80 characters, got undefined',
      ],
    ],
    [
      'a quota of nothing',
      { clientQuota: { renewalPeriod: 300 } },
      ['clientQuota: must limit something, give calls or bandwidthKb or both'],
    ],
  ])('fails when given %s', (_, props, lines) => {
    expect(errorOf(() => declared(untyped(props)))).toBe(lines.map((line) => `stack/starter: ${line}`).join('\n'));
  });

  test('fails on a tier without application based access', () => {
    const stack = newStack();
    const instance = newInstance(stack, 'apim', { sku: ApimSku.custom('StandardV2_1') });

    expect(
      errorOf(() =>
        OAuthProduct.onExisting(stack, 'starter', { instance, productId: 'starter', displayName: 'Starter' }),
      ),
    ).toBe(
      'stack/starter: authorization: ProductAuthorization.apimManaged() needs an instance of the Developer, Basic, Standard or Premium tier, ' +
        'got "StandardV2_1"; ProductAuthorization.gatewayPolicy() works on every tier',
    );
  });
});
