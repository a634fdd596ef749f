import { ApiManagementApi } from '@cdktf/provider-azurerm/lib/api-management-api';
import { ApiManagementProduct } from '@cdktf/provider-azurerm/lib/api-management-product';
import { ApiManagementProductApi } from '@cdktf/provider-azurerm/lib/api-management-product-api';
import { App, TerraformOutput, TerraformVariable } from 'cdktf';
import {
  ApimInstanceWithIdentity,
  ApimSku,
  DirectoryRole,
  OAuthProduct,
  OAuthProductProps,
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
  newProduct,
  newStack,
  synth,
  synthText,
  untyped,
  warningsOf,
  tenantOf,
} from '../support';
import { find, names, parsePolicy } from '../xml';

const RETRY = {
  error_message_regex: ['Application Administrator', 'Insufficient privileges', 'Authorization_RequestDenied'],
  interval_seconds: 10,
  max_interval_seconds: 60,
};
const PROPERTIES = {
  displayName: 'Gold',
  state: 'published',
  authenticationType: ['application-token'],
  subscriptionRequired: false,
};
const PLACE = {
  api_management_name: '${azurerm_api_management.apim.name}',
  resource_group_name: 'rg',
  product_id: '${azapi_resource.gold.name}',
};
const REPLACED_WITH_IT = { lifecycle: { replace_triggered_by: ['azapi_resource.gold.id'] } };

function declared(props: Partial<OAuthProductProps> = {}, then: (product: OAuthProduct) => void = () => undefined) {
  const stack = newStack();
  const apim = newInstance(stack);
  const product = newProduct(stack, apim, 'gold', props);
  then(product);
  const terraform = synth(stack);
  return { stack, apim, product, terraform, block: blockOf(terraform, child(product, 'Default')) };
}

describe('OAuthProduct', () => {
  test('default setup: one request that carries the authentication type', () => {
    const { apim, product, terraform, block } = declared();
    const role = `azuread_directory_role_assignment.${child(apim, 'directory-role-assignment').friendlyUniqueId}`;

    expect(counts(terraform)).toEqual({
      azurerm_api_management: 1,
      'data.azapi_resource': 1,
      azuread_directory_role: 1,
      azuread_directory_role_assignment: 1,
      azapi_resource: 1,
      azurerm_api_management_product_api: 1,
      'data.azuread_application': 1,
      'data.azuread_service_principals': 1,
    });
    expect(block).toEqual({
      type: 'Microsoft.ApiManagement/service/products@2024-10-01-preview',
      parent_id: '${azurerm_api_management.apim.id}',
      name: 'gold',
      body: { properties: PROPERTIES },
      response_export_values: {
        applicationId: 'properties.application.entra.applicationId',
        audience: 'properties.application.entra.audience',
      },
      delete_query_parameters: { deleteSubscriptions: ['true'] },
      replace_triggers_external_values: 'gateway',
      retry: RETRY,
      depends_on: [role],
    });
    expect(blockOf(terraform, child(product, 'apis'))).toEqual({
      ...PLACE,
      ...REPLACED_WITH_IT,
      api_name: '${each.key}',
      for_each: { echo: 'echo' },
    });
    expect(warningsOf(product)).toEqual([]);
    expect(product.node.defaultChild).toBe(child(product, 'Default'));
    expect(child(product, 'Default').friendlyUniqueId).toBe('gold');
  });

  test('the registration is reviewed on every plan, by data sources outside of the check', () => {
    const { product, terraform } = declared();
    const application = `data.azuread_application.${child(product, 'registration').friendlyUniqueId}`;
    const principals = `data.azuread_service_principals.${child(product, 'registration-principal').friendlyUniqueId}`;

    expect(blockOf(terraform, child(product, 'registration'))).toEqual({
      client_id: '${azapi_resource.gold.output.applicationId}',
      display_name: '${azapi_resource.gold.output.applicationId == null ? "APIMProductApplicationGold" : null}',
    });
    expect(blockOf(terraform, child(product, 'registration-principal'))).toEqual({
      client_ids: '${compact([azapi_resource.gold.output.applicationId])}',
      ignore_missing: true,
    });
    expect(terraform.check).toEqual({
      [child(product, 'registration-review').friendlyUniqueId]: {
        assert: [
          {
            condition: '${azapi_resource.gold.output.applicationId != null}',
            error_message: 'API Management has registered no application in Entra for product Gold.',
          },
          {
            condition: `\${length(${principals}.service_principals) == 1}`,
            error_message:
              'The application of product Gold has no service principal in Entra, so that no token can be issued for it.',
          },
          {
            condition: `\${startswith(${application}.display_name, "APIMProductApplication")}`,
            error_message:
              'The application of product Gold in Entra is not called APIMProductApplication and a name: it was renamed or replaced.',
          },
          {
            condition:
              `\${anytrue([for role in ${application}.app_roles : role.enabled && contains(role.allowed_member_types, "Application") && ` +
              'startswith(role.value, "Product.") && endswith(role.value, ".All")])}',
            error_message:
              'The application of product Gold in Entra has no enabled app role for applications with a value such as Product.<name>.All.',
          },
        ],
      },
    });
    expect(terraform.terraform.required_version).toBe('>= 1.5');
  });

  test('reviewRegistration false reads nothing of Entra and needs no Terraform version', () => {
    const { terraform } = declared({ reviewRegistration: false });

    expect(terraform.check).toBeUndefined();
    expect(Object.keys(terraform.data)).toEqual(['azapi_resource']);
    expect(terraform.terraform.required_version).toBeUndefined();
  });

  test('attributes', () => {
    const stack = newStack();
    const product = newProduct(stack, newInstance(stack), 'gold', {
      reviewRegistration: false,
      tryPath: '/echo/resource',
    });
    const {
      productId,
      resourceId,
      displayName,
      applicationId,
      audience,
      scope,
      appRoleValue,
      appRoleId,
      servicePrincipalId,
      tryPath,
    } = product;
    new TerraformOutput(stack, 'out', {
      value: {
        productId,
        resourceId,
        displayName,
        applicationId,
        audience,
        scope,
        appRoleValue,
        appRoleId,
        servicePrincipalId,
        tryPath,
      },
    });
    const application = `data.azuread_application.${child(product, 'registration').friendlyUniqueId}`;
    const audienceCode =
      'try(coalesce(azapi_resource.gold.output.audience, try("api://${azapi_resource.gold.output.applicationId}", null)), null)';
    const role = (attribute: string) =>
      `\${try([for role in ${application}.app_roles : role.${attribute} if role.enabled && contains(role.allowed_member_types, "Application")][0], null)}`;

    expect(synth(stack).output.out.value).toEqual({
      productId: 'gold',
      resourceId: '${azapi_resource.gold.id}',
      displayName: 'Gold',
      applicationId: '${azapi_resource.gold.output.applicationId}',
      audience: `\${${audienceCode}}`,
      scope: `\${try("\${${audienceCode}}/.default", null)}`,
      appRoleValue: role('value'),
      appRoleId: role('id'),
      servicePrincipalId: `\${one(data.azuread_service_principals.${child(product, 'registration-principal').friendlyUniqueId}.service_principals[*].object_id)}`,
      tryPath: '/echo/resource',
    });
    expect([product.appRoleValue, product.appRoleId, product.servicePrincipalId]).toEqual([
      appRoleValue,
      appRoleId,
      servicePrincipalId,
    ]);
    expect(product.acceptsProductLinks).toBe(true);
  });

  test.each<[string, Partial<OAuthProductProps>, object]>([
    ['description', { description: 'For ${a} & b' }, { description: 'For $${a} & b' }],
    ['an empty description', { description: '' }, { description: '' }],
    ['terms', { terms: 'Be %{nice}' }, { terms: 'Be %%{nice}' }],
    [
      'acceptSubscriptionKey',
      { acceptSubscriptionKey: true },
      { authenticationType: ['application-token', 'subscription-key'], subscriptionRequired: true },
    ],
    ['acceptSubscriptionKey false', { acceptSubscriptionKey: false }, {}],
    ['published', { published: true }, {}],
    ['published false', { published: false }, { state: 'notPublished' }],
    ['authorization', { authorization: ProductAuthorization.apimManaged() }, {}],
  ])('%s', (_, props, expected) => {
    expect(declared(props).block.body).toEqual({ properties: { ...PROPERTIES, ...expected } });
  });

  test.each([
    ['gold', 'gold'],
    ['Gold Plus', 'gold-plus'],
    ['Größe №1', 'gro-e-no1'],
    ['gold_plus', 'gold-plus'],
  ])('productId of a construct %j is %j, whatever its name for people', (id, productId) => {
    const stack = newStack();
    const product = newProduct(stack, newInstance(stack), id, { displayName: 'Silver', reviewRegistration: false });
    const block = blockOf(synth(stack), child(product, 'Default'));

    expect([product.productId, block.name, block.body.properties.displayName]).toEqual([
      productId,
      productId,
      'Silver',
    ]);
  });

  test('productId of its own', () => {
    const { product, block } = declared({ productId: 'Gold_2' });

    expect([product.productId, block.name]).toEqual(['Gold_2', 'Gold_2']);
  });

  test('the review says the name that the product has now', () => {
    const { product, terraform } = declared({ displayName: 'Gold  ${Plus}', productId: 'g1' });
    const [, , name] = terraform.check[child(product, 'registration-review').friendlyUniqueId].assert;

    expect(name.error_message).toBe(
      'The application of product Gold  $${Plus} in Entra is not called APIMProductApplication and a name: it was renamed or replaced.',
    );
  });

  test('unpublished is a warning', () => {
    expect(warningsOf(declared({ published: false }).product)).toEqual([
      'published: the product is not published, so no application can call it; set published to true when it is ready',
    ]);
  });

  test('the region is told by the product where the instance has not told it', () => {
    const stack = newStack();
    const loud = newInstance(stack, 'loud', { name: 'loud', location: 'westeurope' });
    const quiet = newInstance(stack, 'quiet', {
      name: 'quiet',
      location: 'westeurope',
      directoryRole: DirectoryRole.none(),
    });

    expect(warningsOf(newProduct(stack, loud, 'one'))).toEqual([]);
    expect(warningsOf(newProduct(stack, quiet, 'two'))).toEqual([
      'instance: application based access is in preview and documented for centraluseuap and eastus2euap, got "westeurope"; ' +
        'make sure that the subscription is signed up for it in this region',
    ]);
  });

  test('warnings reach the manifest', () => {
    const app = newApp();
    const stack = newStack(app);
    newProduct(stack, newInstance(stack), 'gold', { published: false });
    app.synth();

    expect(app.manifest.forStack(stack).annotations).toEqual([
      {
        constructPath: 'stack/gold',
        level: '@cdktf/warn',
        message:
          'published: the product is not published, so no application can call it; set published to true when it is ready',
      },
    ]);
  });

  test('the block says where the program declared it', () => {
    const stack = newStack();
    const product = new OAuthProduct(stack, 'gold', {
      instance: newInstance(stack),
      displayName: 'Gold',
      apiNames: ['echo'],
    });

    expect(metadataOf(synth(stack), child(product, 'Default')).source).toMatch(
      /^test\/product\/oauth-product\.test\.ts:\d+$/,
    );
  });

  describe('APIs', () => {
    test('a literal name is a name, a reference orders the work', () => {
      const stack = newStack();
      const apim = newInstance(stack);
      const echo = newApi(stack, apim);
      const product = newProduct(stack, apim, 'gold', { apiNames: ['orders', echo.name] });

      expect(blockOf(synth(stack), child(product, 'apis')).for_each).toBe(
        '${{ for name in ["orders", azurerm_api_management_api.echo.name] : name => name }}',
      );
    });

    test('addApi gives one more', () => {
      const { terraform, product } = declared({}, (gold) => gold.addApi('orders'));

      expect(counts(terraform).azurerm_api_management_product_api).toBe(1);
      expect(blockOf(terraform, child(product, 'apis')).for_each).toEqual({ echo: 'echo', orders: 'orders' });
    });

    test('addApi with a token', () => {
      const stack = newStack();
      const apim = newInstance(stack);
      const product = newProduct(stack, apim);
      product.addApi(newApi(stack, apim, 'orders').name);

      expect(blockOf(synth(stack), child(product, 'apis')).for_each).toBe(
        '${{ for name in ["echo", azurerm_api_management_api.orders.name] : name => name }}',
      );
    });

    test('a list that is a token', () => {
      const stack = newStack();
      const product = newProduct(stack, newInstance(stack), 'gold', {
        apiNames: new TerraformVariable(stack, 'apis', {}).listValue,
      });

      expect(blockOf(synth(stack), child(product, 'apis')).for_each).toBe('${{ for name in var.apis : name => name }}');
    });

    test("the caller's list is copied", () => {
      const apiNames = ['echo'];
      const { terraform, product } = declared({ apiNames }, () => apiNames.push('late'));

      expect(blockOf(terraform, child(product, 'apis')).for_each).toEqual({ echo: 'echo' });
    });

    test.each<[string, unknown, string]>([
      ['one that it has', 'echo', 'must not be given twice, got "echo" again'],
      ['one that it has, in another case', 'ECHO', 'must not be given twice, got "ECHO" again'],
      ['a malformed name', 'a*b', 'have 1 to 256 characters and none of *#&+, got "a*b"'],
      ['no name', '', 'have 1 to 256 characters and none of *#&+, got ""'],
      ['the API instead of its name', {}, 'have 1 to 256 characters and none of *#&+, got a value of type object'],
    ])('addApi fails when given %s', (_, name, problem) => {
      const { product } = declared();
      const must = problem.startsWith('must') ? '' : 'must ';

      expect(errorOf(() => product.addApi(untyped(name)))).toBe(`stack/gold.addApi: name: ${must}${problem}`);
    });
  });

  describe('groups', () => {
    test('are one resource, keyed by name', () => {
      const { terraform, product } = declared({ groupNames: ['developers', 'partners'] });

      expect(counts(terraform).azurerm_api_management_product_group).toBe(1);
      expect(blockOf(terraform, child(product, 'groups'))).toEqual({
        ...PLACE,
        ...REPLACED_WITH_IT,
        group_name: '${each.key}',
        for_each: { developers: 'developers', partners: 'partners' },
      });
    });

    test('an empty list is none', () => {
      expect(counts(declared({ groupNames: [] }).terraform).azurerm_api_management_product_group).toBeUndefined();
    });

    test('tokens, and what the caller does to the list later changes nothing', () => {
      const stack = newStack();
      const groupNames = ['developers', new TerraformVariable(stack, 'group', {}).stringValue];
      const product = newProduct(stack, newInstance(stack), 'gold', { groupNames });
      groupNames.push('late');

      expect(blockOf(synth(stack), child(product, 'groups')).for_each).toBe(
        '${{ for name in ["developers", var.group] : name => name }}',
      );
    });

    test('a list that is a token', () => {
      const stack = newStack();
      const product = newProduct(stack, newInstance(stack), 'gold', {
        groupNames: new TerraformVariable(stack, 'groups', {}).listValue,
      });

      expect(blockOf(synth(stack), child(product, 'groups')).for_each).toBe(
        '${{ for name in var.groups : name => name }}',
      );
    });
  });

  describe('limits for each client', () => {
    const policyOf = (props: Partial<OAuthProductProps>) => {
      const { terraform, product } = declared(props);
      const block = blockOf(terraform, child(product, 'policy'));
      return { terraform, product, block, xml: parsePolicy(block.xml_content) };
    };
    const JWT = '((Jwt)context.Variables["oauth-application-token"])';
    const CLIENT =
      '@("gold/" + (context.Variables.ContainsKey("oauth-application-token") ? "application:" + ' +
      `${JWT}.Claims.GetValueOrDefault("appid", ${JWT}.Claims.GetValueOrDefault("azp", "subject:" + ${JWT}.Subject)) : ` +
      '"subscription:" + context.Subscription.Id))';

    test('make a policy that validates the token first, and no API is linked before it', () => {
      const { terraform, product, block, xml } = policyOf({ clientRateLimit: { calls: 5, renewalPeriod: 60 } });

      expect(block).toEqual({ ...PLACE, ...REPLACED_WITH_IT, xml_content: block.xml_content });
      expect(blockOf(terraform, child(product, 'apis')).depends_on).toEqual([
        `azurerm_api_management_product_policy.${child(product, 'policy').friendlyUniqueId}`,
      ]);
      expect(names(xml)).toEqual(['inbound', 'backend', 'outbound', 'on-error']);
      expect(names(find(xml, 'inbound'))).toEqual(['base', 'validate-jwt', 'rate-limit-by-key']);
      expect(['backend', 'outbound', 'on-error'].map((section) => names(find(xml, section)))).toEqual([
        ['base'],
        ['base'],
        ['base'],
      ]);
      expect(find(xml, 'inbound', 'rate-limit-by-key').attributes).toEqual({
        calls: '5',
        'renewal-period': '60',
        'counter-key': CLIENT,
      });
    });

    test('anyone who comes with a key needs no token', () => {
      const { product, xml } = policyOf({
        clientRateLimit: { calls: 5, renewalPeriod: 60 },
        acceptSubscriptionKey: true,
      });
      const when = find(xml, 'inbound', 'choose', 'when');
      const validation = find(when, 'validate-jwt');

      expect(when.attributes).toEqual({ condition: '@(context.Subscription == null)' });
      expect(validation.attributes).toEqual({
        'header-name': 'Authorization',
        'require-scheme': 'Bearer',
        'failed-validation-httpcode': '401',
        'failed-validation-error-message': 'Access token is missing or invalid',
        'output-token-variable-name': 'oauth-application-token',
      });
      const tenant = tenantOf(product.instance);
      expect(find(validation, 'openid-config').attributes).toEqual({
        url: `https://login.microsoftonline.com/${tenant}/v2.0/.well-known/openid-configuration`,
      });
      expect(
        find(validation, 'issuers').children.map((issuer) => (typeof issuer === 'string' ? issuer : issuer.children)),
      ).toEqual([[`https://sts.windows.net/${tenant}/`], [`https://login.microsoftonline.com/${tenant}/v2.0`]]);
    });

    test.each<[string, OAuthProductProps['clientQuota'], Record<string, string>]>([
      ['calls', { calls: 1000, renewalPeriod: 86400 }, { calls: '1000', 'renewal-period': '86400' }],
      ['bandwidth', { bandwidthKb: 1024, renewalPeriod: 300 }, { bandwidth: '1024', 'renewal-period': '300' }],
      [
        'both',
        { calls: 1, bandwidthKb: 1, renewalPeriod: 300 },
        { calls: '1', bandwidth: '1', 'renewal-period': '300' },
      ],
    ])('clientQuota: %s', (_, clientQuota, attributes) => {
      const { xml } = policyOf({ clientQuota });

      expect(names(find(xml, 'inbound'))).toEqual(['base', 'validate-jwt', 'quota-by-key']);
      expect(find(xml, 'inbound', 'quota-by-key').attributes).toEqual({ ...attributes, 'counter-key': CLIENT });
    });

    test('rate and quota together, the rate first', () => {
      const { xml } = policyOf({
        clientRateLimit: { calls: 5, renewalPeriod: 1 },
        clientQuota: { calls: 9, renewalPeriod: 300 },
      });

      expect(names(find(xml, 'inbound'))).toEqual(['base', 'validate-jwt', 'rate-limit-by-key', 'quota-by-key']);
    });

    test('numbers that are tokens', () => {
      const stack = newStack();
      const number = new TerraformVariable(stack, 'number', {}).numberValue;
      const product = newProduct(stack, newInstance(stack), 'gold', {
        clientRateLimit: { calls: number, renewalPeriod: number },
        clientQuota: { calls: number, bandwidthKb: number, renewalPeriod: number },
      });
      const xml = parsePolicy(blockOf(synth(stack), child(product, 'policy')).xml_content);

      expect(find(xml, 'inbound', 'rate-limit-by-key').attributes).toMatchObject({
        calls: '${var.number}',
        'renewal-period': '${var.number}',
      });
      expect(find(xml, 'inbound', 'quota-by-key').attributes).toMatchObject({
        calls: '${var.number}',
        bandwidth: '${var.number}',
      });
    });

    const WHOLE = 'must be a whole number';
    test.each<[string, object, string[]]>([
      [
        'no calls',
        { clientRateLimit: { calls: 0, renewalPeriod: 60 } },
        [`clientRateLimit.calls: ${WHOLE} of at least 1, got 0`],
      ],
      [
        'calls as text',
        { clientRateLimit: { calls: '5', renewalPeriod: 60 } },
        [`clientRateLimit.calls: ${WHOLE} of at least 1, got "5"`],
      ],
      [
        'a long period of a rate',
        { clientRateLimit: { calls: 1, renewalPeriod: 301 } },
        [`clientRateLimit.renewalPeriod: ${WHOLE} from 1 to 300, got 301`],
      ],
      [
        'half a second',
        { clientRateLimit: { calls: 1, renewalPeriod: 0.5 } },
        [`clientRateLimit.renewalPeriod: ${WHOLE} from 1 to 300, got 0.5`],
      ],
      [
        'nothing in a rate',
        { clientRateLimit: {} },
        [
          `clientRateLimit.calls: ${WHOLE} of at least 1, got undefined`,
          `clientRateLimit.renewalPeriod: ${WHOLE} from 1 to 300, got undefined`,
        ],
      ],
      [
        'a quota of nothing',
        { clientQuota: { renewalPeriod: 300 } },
        ['clientQuota: must limit something, give calls or bandwidthKb or both'],
      ],
      [
        'a short period of a quota',
        { clientQuota: { calls: 1, renewalPeriod: 299 } },
        [`clientQuota.renewalPeriod: ${WHOLE} of at least 300, got 299`],
      ],
      [
        'no bandwidth',
        { clientQuota: { bandwidthKb: 0, renewalPeriod: 300 } },
        [`clientQuota.bandwidthKb: ${WHOLE} of at least 1, got 0`],
      ],
      [
        'negative calls',
        { clientQuota: { calls: -1, renewalPeriod: 300 } },
        [`clientQuota.calls: ${WHOLE} of at least 1, got -1`],
      ],
    ])('fail when given %s', (_, props, lines) => {
      expect(errorOf(() => declared(untyped(props)))).toBe(lines.map((line) => `stack/gold: ${line}`).join('\n'));
    });
  });

  describe('tiers', () => {
    const onTier = (sku: string, props: Partial<OAuthProductProps> = {}) => {
      const stack = newStack();
      return newProduct(stack, newInstance(stack, 'apim', { sku: ApimSku.custom(sku) }), 'gold', props);
    };
    const NATIVE =
      'stack/gold: authorization: ProductAuthorization.apimManaged() needs an instance of the Developer, Basic, Standard or Premium tier, got';

    test.each(['Developer_1', 'Basic_1', 'Standard_2', 'Premium_3'])('%s has it all', (sku) => {
      const product = onTier(sku, {
        clientRateLimit: { calls: 1, renewalPeriod: 1 },
        clientQuota: { calls: 1, renewalPeriod: 300 },
      });
      expect(product.productId).toBe('gold');
    });

    test.each(['Consumption_0', 'BasicV2_1', 'StandardV2_1', 'PremiumV2_1'])(
      '%s has no application based access',
      (sku) => {
        expect(errorOf(() => onTier(sku))).toBe(
          `${NATIVE} "${sku}"; ProductAuthorization.gatewayPolicy() works on every tier`,
        );
      },
    );

    test('limits that a tier lacks are told with the rest', () => {
      expect(
        errorOf(() =>
          onTier('Consumption_0', {
            clientRateLimit: { calls: 1, renewalPeriod: 1 },
            clientQuota: { calls: 1, renewalPeriod: 300 },
          }),
        ).split('\n'),
      ).toEqual([
        `${NATIVE} "Consumption_0"; ProductAuthorization.gatewayPolicy() works on every tier`,
        'stack/gold: clientRateLimit: needs a tier other than Consumption, got "Consumption_0"',
        'stack/gold: clientQuota: needs the Developer, Basic, Standard or Premium tier, got "Consumption_0"',
      ]);
    });

    test('a tier that is a token passes', () => {
      const stack = newStack();
      const sku = ApimSku.custom(new TerraformVariable(stack, 'sku', {}).stringValue);
      const product = newProduct(stack, newInstance(stack, 'apim', { sku }), 'gold', {
        clientQuota: { calls: 1, renewalPeriod: 300 },
      });

      expect(product.productId).toBe('gold');
    });

    test('an instance that was read tells no tier', () => {
      const stack = newStack();
      const instance = ApimInstanceWithIdentity.fromExisting(stack, 'apim', {
        name: 'contoso-apim',
        resourceGroupName: 'rg',
      });
      const product = newProduct(stack, instance, 'gold', { clientQuota: { calls: 1, renewalPeriod: 300 } });
      const terraform = synth(stack);

      expect(blockOf(terraform, child(product, 'Default')).parent_id).toBe('${data.azapi_resource.apim.id}');
      expect(blockOf(terraform, child(product, 'Default')).depends_on).toBeUndefined();
      expect(warningsOf(product)).toEqual([]);
    });
  });

  test('tokens as every text', () => {
    const stack = newStack();
    const text = new TerraformVariable(stack, 'any', {}).stringValue;
    const product = newProduct(stack, newInstance(stack), 'gold', {
      displayName: text,
      productId: text,
      description: `a ${text}`,
      terms: text,
      tryPath: text,
    });
    const terraform = synth(stack);
    const block = blockOf(terraform, child(product, 'Default'));
    const [missing] = terraform.check[child(product, 'registration-review').friendlyUniqueId].assert;

    expect(block.name).toBe('${var.any}');
    expect(block.body.properties).toEqual({
      ...PROPERTIES,
      displayName: '${var.any}',
      description: 'a ${var.any}',
      terms: '${var.any}',
    });
    expect(missing.error_message).toBe('API Management has registered no application in Entra for product ${var.any}.');
  });

  test('two products on one instance, and two instances with the same product', () => {
    const stack = newStack();
    const apim = newInstance(stack);
    const other = newInstance(stack, 'other', { name: 'contoso-other' });
    const products = [
      newProduct(stack, apim, 'gold'),
      newProduct(stack, apim, 'silver', { displayName: 'Silver' }),
      newProduct(stack, other, 'other-gold', { productId: 'gold' }),
    ];
    const terraform = synth(stack);

    expect(counts(terraform)).toMatchObject({ azapi_resource: 3, azurerm_api_management_product_api: 3 });
    expect(products.map((product) => blockOf(terraform, child(product, 'Default')))).toMatchObject([
      { name: 'gold', parent_id: '${azurerm_api_management.apim.id}' },
      { name: 'silver', parent_id: '${azurerm_api_management.apim.id}' },
      { name: 'gold', parent_id: '${azurerm_api_management.other.id}' },
    ]);
    expect(Object.keys(terraform.check)).toHaveLength(3);
  });

  describe('an id that is taken', () => {
    const TAKEN = 'is declared by stack/gold already; give each product of an instance an id of its own';

    test('on the same instance', () => {
      const { stack, apim } = declared();
      expect(errorOf(() => newProduct(stack, apim, 'again', { productId: 'gold' }))).toBe(
        `stack/again: productId: "gold" ${TAKEN}`,
      );
    });

    test('in other cases', () => {
      const { stack, apim } = declared();
      expect(errorOf(() => newProduct(stack, apim, 'again', { productId: 'GOLD' }))).toBe(
        `stack/again: productId: "GOLD" ${TAKEN}`,
      );
    });

    test('by another construct for the same instance, in another stack', () => {
      const { stack } = declared();
      const there = newStack(App.of(stack), 'there');
      const read = ApimInstanceWithIdentity.fromExisting(there, 'apim', {
        name: 'Contoso-APIM',
        resourceGroupName: 'RG',
      });

      expect(errorOf(() => newProduct(there, read, 'again', { productId: 'gold' }))).toBe(
        `there/again: productId: "gold" ${TAKEN}`,
      );
    });

    test('by onExisting', () => {
      const { stack, apim } = declared();
      expect(
        errorOf(() =>
          OAuthProduct.onExisting(stack, 'again', { instance: apim, productId: 'gold', displayName: 'Gold' }),
        ),
      ).toBe(`stack/again: productId: "gold" ${TAKEN}`);
    });

    test('in another program is none', () => {
      declared();
      expect(declared().product.productId).toBe('gold');
    });
  });

  const ID =
    'contain only letters, digits, dashes and underscores, neither start nor end with a dash or underscore and have at most 80 characters';
  test.each<[string, object, string[]]>([
    [
      'no name',
      { displayName: '', productId: 'gold' },
      ['displayName: must have 1 to 300 characters and not be blank, got ""'],
    ],
    [
      'no name, left out',
      { displayName: undefined },
      ['displayName: must have 1 to 300 characters and not be blank, got undefined'],
    ],
    [
      'a number as a name',
      { displayName: 5, productId: 'gold' },
      ['displayName: must have 1 to 300 characters and not be blank, got 5'],
    ],
    [
      'a long name',
      { displayName: 'x'.repeat(301), productId: 'gold' },
      [
        `displayName: must have 1 to 300 characters and not be blank, got "${'x'.repeat(80)}"…"${'x'.repeat(40)}" (301 characters)`,
      ],
    ],
    ['a malformed id', { productId: '-gold' }, [`productId: must ${ID}, got "-gold"`]],
    ['an empty id', { productId: '' }, [`productId: must ${ID}, got ""`]],
    ['no APIs', { apiNames: [] }, ['apiNames: must not be empty, give at least one']],
    ['APIs left out', { apiNames: undefined }, ['apiNames: must be a list, got undefined']],
    ['one API instead of a list', { apiNames: 'echo' }, ['apiNames: must be a list, got "echo"']],
    [
      'an API twice',
      { apiNames: ['echo', 'orders', 'echo'] },
      ['apiNames: must not contain the same value twice, got "echo" again'],
    ],
    [
      'an API twice, in other cases',
      { apiNames: ['echo', 'Echo'] },
      ['apiNames: must not contain the same value twice, got "Echo" again'],
    ],
    ['a malformed API', { apiNames: ['a&b'] }, ['apiNames: must have 1 to 256 characters and none of *#&+, got "a&b"']],
    [
      'a malformed group',
      { groupNames: ['a b'] },
      [
        'groupNames: must contain only letters, digits and dashes, neither start nor end with a dash and have at most 80 characters, got "a b"',
      ],
    ],
    [
      'a group twice, in other cases',
      { groupNames: ['a', 'A'] },
      ['groupNames: must not contain the same value twice, got "A" again'],
    ],
    [
      'a long description',
      { description: 'x'.repeat(1001) },
      [`description: must have at most 1000 characters, got "${'x'.repeat(80)}"…"${'x'.repeat(40)}" (1001 characters)`],
    ],
    ['a description that is null', { description: null }, ['description: must have at most 1000 characters, got null']],
    [
      'a path without a slash',
      { tryPath: 'echo' },
      ['tryPath: must be a path below the gateway that starts with a slash, such as /echo/resource, got "echo"'],
    ],
    [
      'a path with a blank',
      { tryPath: '/a b' },
      ['tryPath: must be a path below the gateway that starts with a slash, such as /echo/resource, got "/a b"'],
    ],
    ['terms that are a number', { terms: 5 }, ['terms: must be text, got 5']],
    [
      'several mistakes at once',
      {
        displayName: ' ',
        apiNames: [],
        groupNames: ['-'],
        description: 5,
        tryPath: '',
        clientRateLimit: { calls: 0, renewalPeriod: 0 },
      },
      [
        'displayName: must have 1 to 300 characters and not be blank, got " "',
        'apiNames: must not be empty, give at least one',
        'groupNames: must contain only letters, digits and dashes, neither start nor end with a dash and have at most 80 characters, got "-"',
        'description: must have at most 1000 characters, got 5',
        'tryPath: must be a path below the gateway that starts with a slash, such as /echo/resource, got ""',
        'clientRateLimit.calls: must be a whole number of at least 1, got 0',
        'clientRateLimit.renewalPeriod: must be a whole number from 1 to 300, got 0',
      ],
    ],
  ])('fails when given %s', (_, props, lines) => {
    expect(errorOf(() => declared(untyped(props)))).toBe(lines.map((line) => `stack/gold: ${line}`).join('\n'));
  });

  test.each([
    ['_金', 'cannot be made from the construct\'s id "_金" (no letter or digit is left of it); give productId'],
    [
      'x'.repeat(81),
      `cannot be made from the construct's id "${'x'.repeat(80)}"…"${'x'.repeat(1)}" (81 characters) (must ${ID}, got "${'x'.repeat(80)}"…"${'x'.repeat(1)}" (81 characters)); give productId`,
    ],
  ])('fails when no productId can be made from the id %s', (id, problem) => {
    const stack = newStack();

    expect(errorOf(() => newProduct(stack, newInstance(stack), id, { displayName: 'Gold' }))).toBe(
      `stack/${id}: productId: ${problem}`,
    );
  });

  test('a name that is a token needs no productId', () => {
    const stack = newStack();
    const displayName = new TerraformVariable(stack, 'name', {}).stringValue;

    expect(newProduct(stack, newInstance(stack), 'gold', { displayName }).productId).toBe('gold');
  });

  test.each<[string, unknown, string]>([
    ['undefined', undefined, 'undefined'],
    ['null', null, 'null'],
    ['a text', 'gold', '"gold"'],
  ])('fails when the settings are %s', (_, props, got) => {
    expect(errorOf(() => new OAuthProduct(newStack(), 'gold', untyped(props)))).toBe(
      `stack/gold: props: must be an object with settings, got ${got}`,
    );
  });

  describe('a name that is taken', () => {
    const TAKEN =
      'is declared by stack/gold already; give each product of an instance a name of its own, as Azure wants it';

    test.each(['Gold', 'GOLD'])('on the same instance: %s', (displayName) => {
      const { stack, apim } = declared();
      expect(errorOf(() => newProduct(stack, apim, 'other', { displayName }))).toBe(
        `stack/other: displayName: "${displayName}" ${TAKEN}`,
      );
    });

    test('of another product that exists', () => {
      const { stack, apim } = declared();
      expect(
        errorOf(() =>
          OAuthProduct.onExisting(stack, 'other', { instance: apim, productId: 'other', displayName: 'Gold' }),
        ),
      ).toBe(`stack/other: displayName: "Gold" ${TAKEN}`);
    });
  });

  describe('APIs that cannot be in the product', () => {
    const problemsOf = (declare: (stack: ReturnType<typeof newStack>) => unknown) =>
      errorOf(() => {
        const stack = newStack();
        declare(stack);
        synth(stack);
      });
    const byPolicy = { authorization: ProductAuthorization.gatewayPolicy() };
    const OPEN = (holder: string, name = '"echo"') =>
      `apiNames: ${name} is in ${holder} as well, and API Management takes an API in one product that requires no subscription; give each ProductAuthorization.gatewayPolicy() product APIs of its own`;

    test('an API of another instance', () => {
      const problems = problemsOf((stack) => {
        const other = newInstance(stack, 'other', { name: 'contoso-other' });
        newProduct(stack, newInstance(stack), 'gold', { apiNames: [newApi(stack, other, 'orders').name] });
      });

      expect(problems).toContain(
        '[stack/gold] apiNames: stack/orders belongs to instance contoso-other, the product to contoso-apim; both must belong to the same',
      );
    });

    test('an API of an instance whose name is a text', () => {
      const problems = problemsOf((stack) => {
        const { name } = new ApiManagementApi(stack, 'orders', {
          name: 'orders',
          apiManagementName: 'contoso-other',
          resourceGroupName: 'rg',
          revision: '1',
        });
        newProduct(stack, newInstance(stack), 'gold', { apiNames: [name] });
      });

      expect(problems).toContain('stack/orders belongs to instance contoso-other, the product to contoso-apim');
    });

    test('an API of the same instance by its name, and of one that is not known', () => {
      const stack = newStack();
      const place = { resourceGroupName: 'rg', revision: '1' };
      const same = new ApiManagementApi(stack, 'orders', {
        ...place,
        name: 'orders',
        apiManagementName: 'Contoso-APIM',
      });
      const unknown = new ApiManagementApi(stack, 'stock', {
        ...place,
        name: 'stock',
        apiManagementName: new TerraformVariable(stack, 'instance', {}).stringValue,
      });
      newProduct(stack, newInstance(stack), 'gold', { apiNames: [same.name, unknown.name] });

      expect(() => synth(stack)).not.toThrow();
    });

    test('an API in two products that a policy enforces', () => {
      const problems = problemsOf((stack) => {
        const apim = newInstance(stack);
        newProduct(stack, apim, 'gold', byPolicy);
        newProduct(stack, apim, 'silver', { ...byPolicy, apiNames: ['Echo'] });
      });

      expect(problems).toContain(`[stack/silver] ${OPEN('stack/gold', '"Echo"')}`);
    });

    test('an API by reference in two products that a policy enforces', () => {
      const problems = problemsOf((stack) => {
        const apim = newInstance(stack);
        const { name } = newApi(stack, apim);
        newProduct(stack, apim, 'gold', { ...byPolicy, apiNames: [name] });
        newProduct(stack, apim, 'silver', byPolicy).addApi(name);
      });

      expect(problems).toContain(OPEN('stack/gold', '"${azurerm_api_management_api.echo.name}"'));
    });

    test("an API that is in an open product of azurerm's", () => {
      const problems = problemsOf((stack) => {
        const apim = newInstance(stack);
        const place = { apiManagementName: apim.instanceName, resourceGroupName: 'rg' };
        const open = new ApiManagementProduct(stack, 'open', {
          ...place,
          productId: 'open',
          displayName: 'Open',
          published: true,
          subscriptionRequired: false,
        });
        new ApiManagementProductApi(stack, 'link', { ...place, productId: open.productId, apiName: 'echo' });
        newProduct(stack, apim, 'gold', byPolicy);
      });

      expect(problems).toContain(`[stack/gold] ${OPEN('stack/open')}`);
    });

    test('an API in one of each kind is fine, and synthesis can be repeated', () => {
      const stack = newStack();
      const apim = newInstance(stack);
      newProduct(stack, apim, 'gold', byPolicy);
      newProduct(stack, apim, 'silver');
      newProduct(stack, apim, 'bronze', { authorization: ProductAuthorization.entraApplication() });

      expect(synthText(stack)).toBe(synthText(stack));
    });
  });

  test.each<[string, unknown, string]>([
    ['left out', undefined, 'undefined'],
    ['a name', 'contoso-apim', '"contoso-apim"'],
  ])('fails when the instance is %s', (_, instance, got) => {
    expect(errorOf(() => declared(untyped({ instance })))).toBe(
      `stack/gold: instance: must be an API Management instance, got ${got}`,
    );
  });

  test('synthesizing twice gives the same bytes', () => {
    const { stack, product } = declared({ groupNames: ['a'], clientRateLimit: { calls: 1, renewalPeriod: 1 } });
    const before = synthText(stack);
    expect(synthText(stack)).toBe(before);
    expect(product.node.children.map(({ node }) => node.id).sort()).toEqual([
      'Default',
      'apis',
      'groups',
      'policy',
      'registration',
      'registration-principal',
      'registration-review',
    ]);
  });
});
