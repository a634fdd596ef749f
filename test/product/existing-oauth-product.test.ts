import { ApiManagementProduct } from '@cdktf/provider-azurerm/lib/api-management-product';
import { TerraformOutput, TerraformVariable } from 'cdktf';
import {
  ApimInstanceWithIdentity,
  ApimSku,
  ExistingOAuthProductProps,
  IApimInstance,
  OAuthProduct,
  ProductAuthorization,
} from '../../lib';
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
const RESOURCE_ID = '${azurerm_api_management.apim.id}/products/orders';
const ACCESS = ['authenticationType', 'application', 'subscriptionRequired', 'approvalRequired', 'subscriptionsLimit'];
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
    productId: 'orders',
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
    const before = `data.azapi_resource.${address('before')}.output`;
    const former = `terraform_data.${address('former-access')}.output`;

    expect(counts(terraform)).toMatchObject({
      azapi_update_resource: 1,
      azapi_resource_action: 1,
      terraform_data: 1,
      'data.azuread_application': 1,
      'data.azuread_service_principals': 1,
    });
    expect(product.node.children.map(({ node }) => node.id).sort()).toEqual([
      'Default',
      'before',
      'former-access',
      'open-before',
      'policy-before',
      'registration',
      'registration-principal',
      'registration-review',
      'restore',
    ]);
    expect(blockOf(terraform, child(product, 'before'))).toEqual({
      type: TYPE,
      resource_id: RESOURCE_ID,
      response_export_values: Object.fromEntries(ACCESS.map((name) => [name, `properties.${name}`])),
    });
    expect(blockOf(terraform, child(product, 'former-access'))).toEqual({
      input: {
        authenticationType: `\${try(tolist(${before}.authenticationType), tolist(["subscription-key"]))}`,
        application: `\${${before}.application}`,
        subscriptionRequired: `\${${before}.subscriptionRequired}`,
        approvalRequired: `\${${before}.approvalRequired}`,
        subscriptionsLimit: `\${${before}.subscriptionsLimit}`,
      },
      triggers_replace: RESOURCE_ID,
      lifecycle: { create_before_destroy: true, ignore_changes: ['input'] },
    });
    expect(blockOf(terraform, child(product, 'restore'))).toEqual({
      type: TYPE,
      resource_id: RESOURCE_ID,
      method: 'PATCH',
      headers: { 'If-Match': '*' },
      body: {
        properties: `\${{ for name, value in ${former} : name => value if value != null && !(contains(["approvalRequired", "subscriptionsLimit"], name) && ${former}.subscriptionRequired == false) }}`,
      },
      when: 'destroy',
      ignore_not_found: true,
      response_export_values: [],
      retry: RETRY,
      depends_on: [role],
      lifecycle: { create_before_destroy: true },
    });
    expect(blockOf(terraform, child(product, 'Default'))).toEqual({
      type: TYPE,
      resource_id: RESOURCE_ID,
      body: {
        properties: { authenticationType: ['application-token', 'subscription-key'], subscriptionRequired: true },
      },
      response_export_values: {
        applicationId: 'properties.application.entra.applicationId',
        audience: 'properties.application.entra.audience',
      },
      retry: RETRY,
      depends_on: [role, `azapi_resource_action.${address('restore')}`],
      lifecycle: { create_before_destroy: true },
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
      productId: 'orders',
      displayName: 'Starter',
      tryPath: '/echo',
    });
    new TerraformOutput(stack, 'out', { value: [product.resourceId, product.applicationId] });

    expect(product).toBeInstanceOf(OAuthProduct);
    expect([product.productId, product.displayName, product.tryPath, product.acceptsProductLinks]).toEqual([
      'orders',
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
      subscriptionRequired: true,
      ...expected,
    });
  });

  test.each<[string, Partial<ExistingOAuthProductProps>]>([
    ['keys are accepted', {}],
    ['keys are refused', { acceptSubscriptionKey: false }],
    ['Terraform owns the registration', { authorization: ProductAuthorization.entraApplication() }],
    ['a policy enforces', { authorization: ProductAuthorization.gatewayPolicy() }],
  ])('where %s, the same is kept from before the first change, and put back in the same way', (_, props) => {
    const ids = ['before', 'former-access', 'restore'];
    const blocks = (given: Partial<ExistingOAuthProductProps>) => {
      const { terraform, product } = declared(given);
      return ids.map((id) => {
        const { retry: __, ...block } = blockOf(terraform, child(product, id));
        return block;
      });
    };

    expect(blocks(props)).toEqual(blocks({}));
  });

  test('where keys are refused, they are required again before the setting goes, as they were', () => {
    const { terraform, product, address } = declared({ acceptSubscriptionKey: false });
    const former = `terraform_data.${address('former-access')}.output`;

    expect(blockOf(terraform, child(product, 'restore-subscriptions'))).toMatchObject({
      resource_id: RESOURCE_ID,
      when: 'destroy',
      body: {
        properties: `\${merge({ subscriptionRequired = true }, { for name in ["approvalRequired", "subscriptionsLimit"] : name => ${former}[name] if ${former}[name] != null })}`,
      },
      depends_on: expect.arrayContaining(['azapi_update_resource.starter']),
    });
    expect(blockOf(terraform, child(product, 'restore-subscriptions')).lifecycle).toBeUndefined();
    expect(product.node.tryFindChild('close')).toBeUndefined();
  });

  test.each<[string, ProductAuthorization]>([
    ['entraApplication', ProductAuthorization.entraApplication()],
    ['gatewayPolicy', ProductAuthorization.gatewayPolicy()],
  ])('%s: the product takes keys only before its registration or policy goes', (_, authorization) => {
    const { terraform, product, address } = declared({ authorization, acceptSubscriptionKey: false });

    expect(blockOf(terraform, child(product, 'close'))).toMatchObject({
      resource_id: RESOURCE_ID,
      when: 'destroy',
      body: {
        properties: { authenticationType: ['subscription-key'], application: null, subscriptionRequired: true },
      },
      depends_on: expect.arrayContaining([
        'azapi_update_resource.starter',
        `azapi_resource_action.${address('restore-subscriptions')}`,
      ]),
    });
  });

  test('texts and a state that are given are put back when they are left out again, one after the other', () => {
    const { terraform, product, address } = declared({ description: 'a', terms: 'b', published: false });
    const restored = (name: string) => blockOf(terraform, child(product, `restore-${name}`));
    const former = (name: string) => `terraform_data.${address(`former-${name}`)}.output.${name}`;

    for (const name of ['description', 'terms', 'state']) {
      expect(blockOf(terraform, child(product, `former-${name}`))).toMatchObject({
        input: { [name]: `\${data.azapi_resource.${address('before')}.output.${name}}` },
        triggers_replace: RESOURCE_ID,
        lifecycle: { ignore_changes: ['input'] },
      });
      expect(restored(name)).toMatchObject({
        when: 'destroy',
        body: { properties: { [name]: `\${${former(name)} == null ? "" : ${former(name)}}` } },
      });
    }
    expect(['description', 'terms', 'state'].map((name) => restored(name).depends_on.slice(-1)[0])).toEqual(
      ['restore', 'restore-description', 'restore-terms'].map((id) => `azapi_resource_action.${address(id)}`),
    );
    expect(blockOf(terraform, child(product, 'Default')).depends_on).toEqual(
      expect.arrayContaining([`azapi_resource_action.${address('restore-state')}`]),
    );
  });

  test('a plan that finds the product open says so', () => {
    const { terraform, address } = declared();
    const before = `data.azapi_resource.${address('before')}.output`;

    expect(terraform.data.azapi_resource[address('policy-before')]).toMatchObject({
      type: 'Microsoft.ApiManagement/service/products/policies@2024-05-01',
      resource_id: `${RESOURCE_ID}/policies/policy`,
      ignore_not_found: true,
    });
    expect(terraform.check[address('open-before')].assert).toEqual([
      {
        condition: `\${try(${before}.subscriptionRequired, true) != false || try(contains(${before}.authenticationType, "application-token"), false) || data.azapi_resource.${address('policy-before')}.exists}`,
        error_message:
          'Product Starter is open: anyone who knows the URL can call its APIs. This setting closes it; when the setting is destroyed, the product is open again.',
      },
    ]);
  });

  test('unpublished is a warning; left as it is, it is none', () => {
    expect(warningsOf(declared({ published: false }).product)).toEqual([
      'published: the product is not published, so no application can call it; set published to true when it is ready',
    ]);
  });

  test('reviewRegistration false', () => {
    const { terraform } = declared({ reviewRegistration: false });

    expect(Object.keys(terraform.check)).toEqual([expect.stringContaining('open-before')]);
    expect(Object.keys(terraform.data)).not.toContain('azuread_application');
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
      product_id: 'orders',
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
      depends_on: [
        'azapi_update_resource.starter',
        `azurerm_api_management_product_policy.${child(product, 'policy').friendlyUniqueId}`,
      ],
    });
    expect(policy).toEqual({
      ...place,
      xml_content: policy.xml_content,
      depends_on: ['azapi_update_resource.starter'],
      lifecycle: { create_before_destroy: true },
    });
    expect(names(find(parsePolicy(policy.xml_content), 'inbound'))).toEqual(['base', 'choose', 'rate-limit-by-key']);
  });

  test('addApi fails when given one twice', () => {
    const { product } = declared({}, (starter) => starter.addApi('echo'));
    expect(errorOf(() => product.addApi('echo'))).toBe(
      'stack/starter.addApi: name: must not be given twice, got "echo" again',
    );
  });

  describe('managedBy', () => {
    const managed = (
      stack: ReturnType<typeof newStack>,
      apim: IApimInstance,
      props: { subscriptionRequired?: boolean } = {},
    ) =>
      new ApiManagementProduct(stack, 'managed', {
        ...props,
        apiManagementName: apim.instanceName,
        resourceGroupName: apim.resourceGroupName,
        productId: 'orders',
        displayName: 'Starter',
        published: true,
      });

    test('the setting is written again whenever that writes the product', () => {
      const stack = newStack();
      const apim = newInstance(stack);
      const product = OAuthProduct.onExisting(stack, 'starter', {
        instance: apim,
        productId: 'orders',
        displayName: 'Starter',
        managedBy: managed(stack, apim),
      });
      const terraform = synth(stack);
      const block = blockOf(terraform, child(product, 'Default'));

      expect(block.lifecycle).toEqual({
        create_before_destroy: true,
        replace_triggered_by: ['azurerm_api_management_product.managed'],
      });
      expect(block.depends_on).toContain('azurerm_api_management_product.managed');
      expect(blockOf(terraform, child(product, 'before')).depends_on).toEqual([
        'azurerm_api_management_product.managed',
      ]);
    });

    const beside = (props: Partial<ExistingOAuthProductProps>, azurerm: { subscriptionRequired?: boolean } = {}) =>
      errorOf(() => {
        const stack = newStack();
        const instance = newInstance(stack);
        OAuthProduct.onExisting(stack, 'starter', {
          instance,
          productId: 'orders',
          displayName: 'Starter',
          managedBy: managed(stack, instance, azurerm),
          ...props,
        });
      });

    test.each<[string, Partial<ExistingOAuthProductProps>, { subscriptionRequired?: boolean }, string]>([
      [
        'keys refused',
        { acceptSubscriptionKey: false },
        {},
        'managedBy: cannot be stack/managed where keys are refused: whenever azurerm writes the product it takes keys again, or nothing at all; leave out acceptSubscriptionKey or declare the product with new OAuthProduct',
      ],
      [
        'a policy that enforces',
        { authorization: ProductAuthorization.gatewayPolicy() },
        { subscriptionRequired: false },
        'managedBy: cannot be stack/managed with ProductAuthorization.gatewayPolicy(): azurerm makes the product open before its policy is there, or requires a key besides the token; declare the product with new OAuthProduct',
      ],
      [
        'a product that azurerm opens',
        {},
        { subscriptionRequired: false },
        'managedBy: must require a subscription, got subscriptionRequired false for stack/managed: whenever azurerm writes the product it would be open; set it to true',
      ],
      ['a text', { terms: 'a' }, {}, 'terms: belongs to stack/managed, which manages the product; give it there'],
    ])('fails beside azurerm with %s', (_, props, azurerm, problem) => {
      expect(beside(props, azurerm)).toBe(`stack/starter: ${problem}`);
    });

    test.each<[string, { subscriptionRequired?: boolean }]>([
      ['that requires a subscription', { subscriptionRequired: true }],
      ['whose subscription is left to azurerm', {}],
    ])('works beside a product of azurerm %s', (_, azurerm) => {
      expect(() => beside({}, azurerm)).toThrow('nothing was thrown');
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
            productId: 'orders',
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
      productId: 'orders',
      displayName: 'Starter',
    });
    const terraform = synth(stack);

    expect(blockOf(terraform, child(product, 'Default'))).toMatchObject({
      resource_id: '${data.azapi_resource.apim.id}/products/orders',
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
    const products = ['orders', 'stock'].map((productId) =>
      OAuthProduct.onExisting(stack, productId, { instance, productId, displayName: productId }),
    );
    const terraform = synth(stack);

    expect(counts(terraform)).toMatchObject({ azapi_update_resource: 2, azapi_resource_action: 2, terraform_data: 2 });
    expect(products.map((product) => blockOf(terraform, child(product, 'Default')).resource_id)).toEqual([
      '${azurerm_api_management.apim.id}/products/orders',
      '${azurerm_api_management.apim.id}/products/stock',
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
        'productId: must contain only letters, digits, dashes and underscores, neither start nor end with a dash or underscore and have at most 80 characters, got "a b"',
      ],
    ],
    [
      'a long description',
      { description: 'x'.repeat(1001) },
      [`description: must have at most 1000 characters, got "${'x'.repeat(80)}"…"${'x'.repeat(40)}" (1001 characters)`],
    ],
    [
      'no id, which is not made from the name of a product that exists',
      { productId: undefined },
      [
        'productId: must contain only letters, digits, dashes and underscores, neither start nor end with a dash or underscore and have at most 80 characters, got undefined',
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

  test.each(['starter', 'Unlimited'])(
    'fails for %s of an instance that azurerm makes, which deletes it',
    (productId) => {
      expect(errorOf(() => declared({ productId }))).toBe(
        `stack/starter: productId: azurerm deletes API Management's sample products once it has made the instance, got "${productId}"; declare it with new OAuthProduct`,
      );
    },
  );

  test('fails without settings', () => {
    expect(errorOf(() => OAuthProduct.onExisting(newStack(), 'starter', untyped(undefined)))).toBe(
      'stack/starter: props: must be an object with settings, got undefined',
    );
  });

  test('fails on a tier without application based access', () => {
    const stack = newStack();
    const instance = newInstance(stack, 'apim', { sku: ApimSku.custom('StandardV2_1') });

    expect(
      errorOf(() =>
        OAuthProduct.onExisting(stack, 'starter', { instance, productId: 'orders', displayName: 'Starter' }),
      ),
    ).toBe(
      'stack/starter: authorization: ProductAuthorization.apimManaged() needs an instance of the Developer, Basic, Standard or Premium tier, ' +
        'got "StandardV2_1"; ProductAuthorization.gatewayPolicy() works on every tier',
    );
  });
});
