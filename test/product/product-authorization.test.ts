import { TerraformOutput, TerraformStack, TerraformVariable } from 'cdktf';
import {
  ApimInstanceWithIdentity,
  ApimInstanceWithIdentityProps,
  ApimSku,
  ClientQuota,
  DirectoryRole,
  ExistingOAuthProductProps,
  GatewayPolicyOptions,
  IApimInstance,
  OAuthProduct,
  OAuthProductProps,
  ProductAuthorization,
} from '../../lib';
import {
  blockOf,
  changes,
  child,
  counts,
  errorOf,
  newApp,
  newClient,
  newEntraClient,
  newInstance,
  newProduct,
  newStack,
  synth,
  synthText,
  untyped,
  warningsOf,
} from '../support';
import { find, names, parsePolicy } from '../xml';

const OWNER_ID = '33333333-3333-3333-3333-333333333333';
const OTHER_ID = '44444444-4444-4444-4444-444444444444';
const ENTRA_RETRY = {
  error_message_regex: ['was not found in tenant', 'does not exist'],
  interval_seconds: 5,
  max_interval_seconds: 60,
};
/** The key of a counter: the product, and the client or the subscription. */
const counterKey = (product = 'gold') =>
  `@("${product}/" + (context.Variables.ContainsKey("oauth-application-token") ? "application:" + ` +
  '((Jwt)context.Variables["oauth-application-token"]).Claims.GetValueOrDefault("appid", ' +
  '((Jwt)context.Variables["oauth-application-token"]).Claims.GetValueOrDefault("azp", ' +
  '"subject:" + ((Jwt)context.Variables["oauth-application-token"]).Subject)) : "subscription:" + context.Subscription.Id))';

/** An instance whose identity has no directory role, since nothing here needs one. */
function newPlainInstance(
  stack: TerraformStack,
  id = 'apim',
  props: Partial<ApimInstanceWithIdentityProps> = {},
): ApimInstanceWithIdentity {
  return newInstance(stack, id, { directoryRole: DirectoryRole.none(), ...props });
}

function declared(
  authorization: ProductAuthorization,
  props: Partial<OAuthProductProps> = {},
  instance: Partial<ApimInstanceWithIdentityProps> = {},
) {
  const stack = newStack();
  const product = newProduct(stack, newPlainInstance(stack, 'apim', instance), 'gold', { authorization, ...props });
  const terraform = synth(stack);
  const part = (path: string) => blockOf(terraform, child(product, path));
  return { stack, product, terraform, part };
}

function addressOf(product: OAuthProduct, type: string, path: string): string {
  return `${type}.${child(product, path).friendlyUniqueId}`;
}

function existing(authorization: ProductAuthorization, props: Partial<ExistingOAuthProductProps> = {}) {
  const stack = newStack();
  const instance = ApimInstanceWithIdentity.fromExisting(stack, 'apim', {
    name: 'contoso-apim',
    resourceGroupName: 'rg',
  });
  const product = OAuthProduct.onExisting(stack, 'starter', {
    instance,
    productId: 'starter',
    displayName: 'Starter',
    authorization,
    ...props,
  });
  const terraform = synth(stack);
  const part = (path: string) => blockOf(terraform, child(product, path));
  return { stack, product, terraform, part };
}

const OWN = [
  ['entraApplication', (options?: GatewayPolicyOptions) => ProductAuthorization.entraApplication(options)],
  ['gatewayPolicy', (options?: GatewayPolicyOptions) => ProductAuthorization.gatewayPolicy(options)],
] as const;

describe('ProductAuthorization.entraApplication', () => {
  test('default setup: the registration first, then a product that points at it', () => {
    const { product, terraform, part } = declared(ProductAuthorization.entraApplication());
    const principal = addressOf(product, 'azuread_service_principal', 'service-principal');
    const application = addressOf(product, 'azuread_application', 'application');
    const uri = addressOf(product, 'azuread_application_identifier_uri', 'identifier-uri');

    expect(counts(terraform)).toEqual({
      azurerm_api_management: 1,
      'data.azapi_resource': 1,
      azuread_application: 1,
      azuread_service_principal: 1,
      azuread_application_identifier_uri: 1,
      azapi_resource: 1,
      azurerm_api_management_product_api: 1,
      'data.azuread_client_config': 1,
    });
    expect(part('Default')).toEqual({
      type: 'Microsoft.ApiManagement/service/products@2024-10-01-preview',
      parent_id: '${azurerm_api_management.apim.id}',
      name: 'gold',
      body: {
        properties: {
          displayName: 'Gold',
          state: 'published',
          authenticationType: ['application-token'],
          subscriptionRequired: false,
          application: {
            entra: { applicationId: `\${${application}.client_id}`, audience: `\${${uri}.identifier_uri}` },
          },
        },
      },
      response_export_values: {},
      delete_query_parameters: { deleteSubscriptions: ['true'] },
      replace_triggers_external_values: 'gateway',
      retry: ENTRA_RETRY,
      depends_on: [principal],
    });
    expect(warningsOf(product)).toEqual([]);
  });

  test('keys besides tokens', () => {
    const { part } = declared(ProductAuthorization.entraApplication(), { acceptSubscriptionKey: true });

    expect(part('Default').body.properties).toMatchObject({
      authenticationType: ['application-token', 'subscription-key'],
      subscriptionRequired: true,
    });
  });

  test('limits by client, for the token that a policy validates', () => {
    const { part } = declared(ProductAuthorization.entraApplication(), {
      clientRateLimit: { calls: 5, renewalPeriod: 60 },
    });
    const inbound = find(parsePolicy(part('policy').xml_content), 'inbound');

    expect(names(inbound)).toEqual(['base', 'validate-azure-ad-token', 'rate-limit-by-key']);
    expect(find(inbound, 'rate-limit-by-key').attributes).toEqual({
      calls: '5',
      'renewal-period': '60',
      'counter-key': counterKey(),
    });
  });

  test('is the preview, whose regions are a warning where the instance did not warn', () => {
    const { product } = declared(ProductAuthorization.entraApplication(), {}, { location: 'westeurope' });

    expect(warningsOf(product)).toEqual([
      'instance: application based access is in preview and documented for centraluseuap and eastus2euap, got "westeurope"; make sure that the subscription is signed up for it in this region',
    ]);
  });

  test('the instance warns once where it has a directory role', () => {
    const stack = newStack();
    const instance = newInstance(stack, 'apim', { location: 'westeurope' });
    const product = newProduct(stack, instance, 'gold', { authorization: ProductAuthorization.entraApplication() });

    expect(warningsOf(product)).toEqual([]);
    expect(warningsOf(instance)).toHaveLength(1);
  });

  test('reviewRegistration makes no difference: what Terraform owns it compares anyway', () => {
    const reviewed = declared(ProductAuthorization.entraApplication(), { reviewRegistration: true });
    const unreviewed = declared(ProductAuthorization.entraApplication(), { reviewRegistration: false });

    expect(changes(reviewed.terraform, unreviewed.terraform)).toEqual([]);
    expect(reviewed.terraform.check).toBeUndefined();
  });

  test('on a product that exists: keys stay, and what it was is put back', () => {
    const { product, terraform, part } = existing(ProductAuthorization.entraApplication());
    const entra = {
      applicationId: `\${${addressOf(product, 'azuread_application', 'application')}.client_id}`,
      audience: `\${${addressOf(product, 'azuread_application_identifier_uri', 'identifier-uri')}.identifier_uri}`,
    };

    expect(counts(terraform)).toMatchObject({
      azuread_application: 1,
      azuread_service_principal: 1,
      azuread_application_identifier_uri: 1,
      azapi_update_resource: 1,
      azapi_resource_action: 2,
      terraform_data: 1,
      'data.azuread_client_config': 1,
    });
    expect(part('Default').body).toEqual({
      properties: {
        authenticationType: ['application-token', 'subscription-key'],
        subscriptionRequired: true,
        application: { entra },
      },
    });
    expect(part('Default').depends_on).toEqual([
      addressOf(product, 'azuread_service_principal', 'service-principal'),
      addressOf(product, 'azapi_resource_action', 'restore'),
    ]);
    expect(part('restore')).toMatchObject({ method: 'PATCH', when: 'destroy' });
  });

  test('on a product that exists, without keys: all settings are put back together', () => {
    const { part } = existing(ProductAuthorization.entraApplication(), { acceptSubscriptionKey: false });

    expect(part('Default').body.properties).toMatchObject({
      authenticationType: ['application-token'],
      subscriptionRequired: false,
    });
    expect(Object.keys(part('before').response_export_values).sort()).toEqual([
      'application',
      'approvalRequired',
      'authenticationType',
      'subscriptionRequired',
      'subscriptionsLimit',
    ]);
  });
});

describe('ProductAuthorization.gatewayPolicy', () => {
  test('default setup: a product without the preview, and a policy before any API', () => {
    const { product, terraform, part } = declared(ProductAuthorization.gatewayPolicy());

    expect(counts(terraform)).toEqual({
      azurerm_api_management: 1,
      'data.azapi_resource': 1,
      azuread_application: 1,
      azuread_service_principal: 1,
      azuread_application_identifier_uri: 1,
      azapi_resource: 1,
      azurerm_api_management_product_api: 1,
      azurerm_api_management_product_policy: 1,
      azapi_resource_action: 1,
      'data.azuread_client_config': 1,
    });
    expect(part('delete')).toEqual({
      type: 'Microsoft.ApiManagement/service/products@2024-05-01',
      resource_id: '${azapi_resource.gold.id}',
      method: 'DELETE',
      headers: { 'If-Match': '*' },
      query_parameters: { deleteSubscriptions: ['true'] },
      when: 'destroy',
      ignore_not_found: true,
      response_export_values: [],
      depends_on: [addressOf(product, 'azurerm_api_management_product_policy', 'policy')],
      lifecycle: { replace_triggered_by: ['azapi_resource.gold.id'] },
    });
    expect(part('Default')).toEqual({
      type: 'Microsoft.ApiManagement/service/products@2024-05-01',
      parent_id: '${azurerm_api_management.apim.id}',
      name: 'gold',
      body: { properties: { displayName: 'Gold', state: 'published', subscriptionRequired: false } },
      response_export_values: {},
      delete_query_parameters: { deleteSubscriptions: ['true'] },
      replace_triggers_external_values: 'policy',
    });
    expect(part('apis').depends_on).toEqual([
      addressOf(product, 'azurerm_api_management_product_policy', 'policy'),
      addressOf(product, 'azapi_resource_action', 'delete'),
    ]);
    expect(part('policy')).toEqual({
      api_management_name: '${azurerm_api_management.apim.name}',
      resource_group_name: 'rg',
      product_id: '${azapi_resource.gold.name}',
      lifecycle: { replace_triggered_by: ['azapi_resource.gold.id'] },
      xml_content: part('policy').xml_content,
    });
    expect(warningsOf(product)).toEqual([]);
  });

  test('the policy wants a token of the tenant, for the application, v1 or v2, with the role, and answers 401 otherwise', () => {
    const { product, part } = declared(ProductAuthorization.gatewayPolicy());
    const policy = parsePolicy(part('policy').xml_content);
    const validation = find(policy, 'inbound', 'validate-azure-ad-token');
    const clientId = `\${${addressOf(product, 'azuread_application', 'application')}.client_id}`;

    expect(names(policy)).toEqual(['inbound', 'backend', 'outbound', 'on-error']);
    expect(names(find(policy, 'inbound'))).toEqual(['base', 'validate-azure-ad-token']);
    expect(['backend', 'outbound', 'on-error'].map((section) => names(find(policy, section)))).toEqual([
      ['base'],
      ['base'],
      ['base'],
    ]);
    expect(validation.attributes).toEqual({
      'tenant-id': '${data.azuread_client_config.apim-oauth-deployer.tenant_id}',
      'header-name': 'Authorization',
      'failed-validation-httpcode': '401',
      'failed-validation-error-message': 'Access token is missing or invalid',
      'output-token-variable-name': 'oauth-application-token',
    });
    expect(find(validation, 'audiences').children).toEqual([
      { name: 'audience', attributes: {}, children: [`api://${clientId}`] },
      { name: 'audience', attributes: {}, children: [clientId] },
    ]);
    expect(find(validation, 'required-claims').children).toEqual([
      {
        name: 'claim',
        attributes: { name: 'roles', match: 'any' },
        children: [{ name: 'value', attributes: {}, children: ['Product.gold.All'] }],
      },
    ]);
  });

  test('keys besides tokens: only who comes without a key needs a token, and no key is demanded', () => {
    const { part } = declared(ProductAuthorization.gatewayPolicy(), { acceptSubscriptionKey: true });
    const inbound = find(parsePolicy(part('policy').xml_content), 'inbound');

    expect(part('Default').body.properties.subscriptionRequired).toBe(false);
    expect(names(inbound)).toEqual(['base', 'choose']);
    expect(find(inbound, 'choose', 'when').attributes).toEqual({ condition: '@(context.Subscription == null)' });
    expect(names(find(inbound, 'choose', 'when'))).toEqual(['validate-azure-ad-token']);
  });

  test("the user's own sections stand around it", () => {
    const { part } = declared(
      ProductAuthorization.gatewayPolicy({
        inboundBefore: '<cors><allowed-origins><origin>*</origin></allowed-origins></cors>',
        inboundAfter:
          '<set-header name="X-Product" exists-action="override"><value>gold</value></set-header><rewrite-uri template="/" />',
        backend: '<forward-request timeout="10" />',
        outbound: '<set-header name="Server" exists-action="delete" />',
        onError: '<!-- told nobody --><set-status code="500" />',
      }),
      { clientRateLimit: { calls: 1, renewalPeriod: 1 }, clientQuota: { calls: 1, renewalPeriod: 300 } },
    );
    const policy = parsePolicy(part('policy').xml_content);

    expect(names(find(policy, 'inbound'))).toEqual([
      'base',
      'cors',
      'validate-azure-ad-token',
      'rate-limit-by-key',
      'quota-by-key',
      'set-header',
      'rewrite-uri',
    ]);
    expect(names(find(policy, 'backend'))).toEqual(['forward-request']);
    expect(names(find(policy, 'outbound'))).toEqual(['base', 'set-header']);
    expect(names(find(policy, 'on-error')).filter((name) => name !== '#text')).toEqual(['base', 'set-status']);
  });

  test('template markers of a section are text, references are not', () => {
    const stack = newStack();
    const header = new TerraformVariable(stack, 'header', {}).stringValue;
    const product = newProduct(stack, newPlainInstance(stack), 'gold', {
      authorization: ProductAuthorization.gatewayPolicy({
        inboundBefore: '<a b="${c}">%{d}</a>',
        inboundAfter: `<e>${header}</e>`,
      }),
    });
    const xml: string = blockOf(synth(stack), child(product, 'policy')).xml_content;

    expect(xml).toContain('<a b="$${c}">%%{d}</a>');
    expect(xml).toContain('<e>${var.header}</e>');
  });

  test('fails when the displayName holds what begins a named value', () => {
    expect(errorOf(() => declared(ProductAuthorization.gatewayPolicy(), { displayName: 'a {{b}}' }))).toBe(
      'stack/gold: displayName: must not contain {{ with ProductAuthorization.gatewayPolicy(), since API Management reads it as the start of a named value in policies, got "a {{b}}"',
    );
  });

  test.each(['westeurope', 'brazilsouth'])('is no preview, so that region %s is no warning', (location) => {
    const { stack, product } = declared(ProductAuthorization.gatewayPolicy(), {}, { location });

    expect([
      ...warningsOf(stack),
      ...warningsOf(product),
      ...warningsOf(product.node.scope!.node.findChild('apim')),
    ]).toEqual([]);
  });

  test('on a product that exists: the policy comes before it does without keys, and goes after', () => {
    const { product, part } = existing(ProductAuthorization.gatewayPolicy(), {
      clientRateLimit: { calls: 5, renewalPeriod: 60 },
      groupNames: ['developers'],
    });
    const policy = addressOf(product, 'azurerm_api_management_product_policy', 'policy');

    expect(part('Default')).toMatchObject({
      type: 'Microsoft.ApiManagement/service/products@2024-10-01-preview',
      body: { properties: { authenticationType: ['subscription-key'], subscriptionRequired: false } },
      depends_on: [policy, addressOf(product, 'azapi_resource_action', 'restore')],
    });
    expect(part('policy').product_id).toBe('starter');
    expect(part('policy').lifecycle).toEqual({ create_before_destroy: true });
    expect(names(find(parsePolicy(part('policy').xml_content), 'inbound'))).toEqual([
      'base',
      'choose',
      'rate-limit-by-key',
    ]);
    expect(part('groups')).toMatchObject({ product_id: 'starter', for_each: { developers: 'developers' } });
  });

  const MALFORMED = 'must be well-formed XML, got';
  test.each<[string, GatewayPolicyOptions, string[]]>([
    ['an empty section', { inboundBefore: '' }, ['inboundBefore: must contain policy elements, got nothing']],
    ['blanks', { outbound: ' \n\t' }, ['outbound: must contain policy elements, got nothing']],
    ['an object', { backend: untyped({}) }, ['backend: must contain policy elements, got nothing']],
    [
      'the end of the section',
      { inboundAfter: '</inbound><inbound>' },
      [`inboundAfter: ${MALFORMED} </inbound> where it was not open`],
    ],
    [
      'an element without its end',
      { inboundBefore: '<choose>' },
      [`inboundBefore: ${MALFORMED} <choose> without its end`],
    ],
    ['elements that overlap', { onError: '<a><b></a></b>' }, [`onError: ${MALFORMED} </a> where it was not open`]],
    ['an end in other cases', { onError: '<a></A>' }, [`onError: ${MALFORMED} </A> where it was not open`]],
    [
      'a comment without its end',
      { inboundBefore: '<cors /><!-- validate' },
      [`inboundBefore: ${MALFORMED} a tag that does not end`],
    ],
    [
      'character data without its end',
      { inboundBefore: '<cors /><![CDATA[ x' },
      [`inboundBefore: ${MALFORMED} a tag that does not end`],
    ],
    [
      'a tag without its end',
      { inboundBefore: '<cors /><set-header name="x' },
      [`inboundBefore: ${MALFORMED} a tag that does not end`],
    ],
    ['an instruction', { outbound: '<?xml version="1.0"?><a />' }, [`outbound: ${MALFORMED} a tag that does not end`]],
    ['a type of document', { outbound: '<!DOCTYPE a><a />' }, [`outbound: ${MALFORMED} a tag that does not end`]],
    [
      'text outside of elements',
      { inboundAfter: 'validated' },
      ['inboundAfter: must contain only policy elements, got text outside of them'],
    ],
    [
      'a whole section',
      { inboundAfter: '<inbound><base /></inbound>' },
      ['inboundAfter: must contain only elements that belong in a section, got <inbound>'],
    ],
    [
      'several',
      { inboundBefore: '<a>', backend: '</b>' },
      [`inboundBefore: ${MALFORMED} <a> without its end`, `backend: ${MALFORMED} </b> where it was not open`],
    ],
  ])('fails when given %s', (_, options, lines) => {
    expect(errorOf(() => ProductAuthorization.gatewayPolicy(options))).toBe(
      lines.map((line) => `ProductAuthorization.gatewayPolicy: ${line}`).join('\n'),
    );
  });
});

describe.each(OWN)('the registration of %s', (kind, authorize) => {
  test('is shaped as API Management would have made it', () => {
    const { product, part } = declared(authorize());
    const application = addressOf(product, 'azuread_application', 'application');
    const deployer = '${data.azuread_client_config.apim-oauth-deployer.object_id}';

    expect(part('application')).toEqual({
      display_name: 'APIMProductApplicationGold',
      sign_in_audience: 'AzureADMyOrg',
      prevent_duplicate_names: false,
      owners: [deployer],
      app_role: [
        {
          id: 'a5291074-d060-5679-8b06-3c1b60e2a08d',
          allowed_member_types: ['Application'],
          display_name: 'Product.gold.All',
          description: 'Access to product Gold',
          value: 'Product.gold.All',
          enabled: true,
        },
      ],
      lifecycle: { ignore_changes: ['identifier_uris', 'owners'] },
    });
    expect(part('service-principal')).toEqual({
      client_id: `\${${application}.client_id}`,
      app_role_assignment_required: true,
      owners: [deployer],
      lifecycle: { ignore_changes: ['owners'] },
    });
    expect(part('identifier-uri')).toEqual({
      application_id: `\${${application}.id}`,
      identifier_uri: `api://\${${application}.client_id}`,
    });
  });

  test('is what the product says of itself', () => {
    const stack = newStack();
    const product = newProduct(stack, newPlainInstance(stack), 'gold', { authorization: authorize() });
    const application = addressOf(product, 'azuread_application', 'application');
    const uri = addressOf(product, 'azuread_application_identifier_uri', 'identifier-uri');
    const principal = addressOf(product, 'azuread_service_principal', 'service-principal');

    expect(product.appRoleValue).toBe('Product.gold.All');
    expect(product.appRoleId).toBe('a5291074-d060-5679-8b06-3c1b60e2a08d');
    expect(product.acceptsProductLinks).toBe(kind === 'entraApplication');
    const { applicationId, audience, scope, servicePrincipalId } = product;
    new TerraformOutput(stack, 'says', { value: { applicationId, audience, scope, servicePrincipalId } });
    expect(synth(stack).output.says.value).toEqual({
      applicationId: `\${${application}.client_id}`,
      audience: `\${${uri}.identifier_uri}`,
      scope: `\${${uri}.identifier_uri}/.default`,
      servicePrincipalId: `\${${principal}.object_id}`,
    });
  });

  test('options', () => {
    const { part } = declared(
      authorize({
        owners: [OWNER_ID, OTHER_ID],
        serviceManagementReference: 'CMDB ${7}',
        signInAudience: 'AzureADMultipleOrgs',
        preventDuplicateNames: true,
      }),
    );

    expect(part('application')).toMatchObject({
      owners: [OWNER_ID, OTHER_ID],
      service_management_reference: 'CMDB $${7}',
      sign_in_audience: 'AzureADMultipleOrgs',
      prevent_duplicate_names: true,
      lifecycle: { ignore_changes: ['identifier_uris'] },
    });
    expect(part('service-principal').owners).toEqual([OWNER_ID, OTHER_ID]);
    expect(part('service-principal').lifecycle).toBeUndefined();
  });

  test('what the caller does to the options later changes nothing', () => {
    const owners = [OWNER_ID];
    const adopt = {
      clientId: OWNER_ID,
      applicationObjectId: OWNER_ID,
      servicePrincipalObjectId: OWNER_ID,
      appRoleId: OWNER_ID,
    };
    const authorization = authorize({ owners, adopt });
    owners.push('nobody');
    adopt.appRoleId = 'nothing';
    const { part } = declared(authorization);

    expect(part('application').owners).toEqual([OWNER_ID]);
    expect(part('application').app_role[0].id).toBe(OWNER_ID);
  });

  test('one authorization for several products makes each a registration', () => {
    const stack = newStack();
    const instance = newPlainInstance(stack);
    const authorization = authorize();
    const products = ['Gold', 'Silver'].map((displayName) =>
      newProduct(stack, instance, displayName.toLowerCase(), {
        displayName,
        authorization,
        apiNames: [`${displayName}-api`],
      }),
    );
    const terraform = synth(stack);

    expect(products.map((product) => blockOf(terraform, child(product, 'application')).display_name)).toEqual([
      'APIMProductApplicationGold',
      'APIMProductApplicationSilver',
    ]);
    expect(counts(terraform)['data.azuread_client_config']).toBe(1);
  });

  test('tokens as options', () => {
    const stack = newStack();
    const text = new TerraformVariable(stack, 'text', {}).stringValue;
    const list = new TerraformVariable(stack, 'list', { type: 'list(string)' }).listValue;
    const product = newProduct(stack, newPlainInstance(stack), 'gold', {
      description: text,
      authorization: authorize({ owners: list, serviceManagementReference: text, signInAudience: text }),
    });
    const terraform = synth(stack);

    expect(blockOf(terraform, child(product, 'application'))).toMatchObject({
      owners: '${var.list}',
      service_management_reference: '${var.text}',
      sign_in_audience: '${var.text}',
    });
    expect(blockOf(terraform, child(product, 'service-principal')).owners).toEqual('${var.list}');
  });

  describe('adoption of one that exists', () => {
    const ADOPTED = {
      clientId: '55555555-5555-5555-5555-555555555555',
      applicationObjectId: '66666666-6666-6666-6666-666666666666',
      servicePrincipalObjectId: '77777777-7777-7777-7777-777777777777',
      appRoleId: '88888888-8888-8888-8888-888888888888',
    };

    test('imports all three blocks and keeps the app role, on which assignments hang', () => {
      const { product, terraform, part } = declared(authorize({ adopt: ADOPTED }));

      expect(terraform.import).toEqual([
        {
          to: addressOf(product, 'azuread_application', 'application'),
          id: '/applications/66666666-6666-6666-6666-666666666666',
        },
        {
          to: addressOf(product, 'azuread_service_principal', 'service-principal'),
          id: '/servicePrincipals/77777777-7777-7777-7777-777777777777',
        },
        {
          to: addressOf(product, 'azuread_application_identifier_uri', 'identifier-uri'),
          id: '/applications/66666666-6666-6666-6666-666666666666/identifierUris/YXBpOi8vNTU1NTU1NTUtNTU1NS01NTU1LTU1NTUtNTU1NTU1NTU1NTU1',
        },
      ]);
      expect(Buffer.from('YXBpOi8vNTU1NTU1NTUtNTU1NS01NTU1LTU1NTUtNTU1NTU1NTU1NTU1', 'base64').toString()).toBe(
        `api://${ADOPTED.clientId}`,
      );
      expect(part('application').app_role[0].id).toBe(ADOPTED.appRoleId);
      expect(product.appRoleId).toBe(ADOPTED.appRoleId);
      expect(terraform.terraform.required_version).toBe('>= 1.5');
    });

    test('by reference: Terraform encodes what only it knows', () => {
      const stack = newStack();
      const reference = new TerraformVariable(stack, 'reference', {}).stringValue;
      const adopt = {
        clientId: reference,
        applicationObjectId: reference,
        servicePrincipalObjectId: reference,
        appRoleId: reference,
      };
      newProduct(stack, newPlainInstance(stack), 'gold', { authorization: authorize({ adopt }) });
      const terraform = synth(stack);

      expect(terraform.import.map(({ id }: { id: string }) => id)).toEqual([
        '/applications/${var.reference}',
        '/servicePrincipals/${var.reference}',
        '/applications/${var.reference}/identifierUris/${base64encode("api://${var.reference}")}',
      ]);
      expect(terraform.terraform.required_version).toBe('>= 1.6');
    });

    test('without it nothing is imported and no Terraform version is asked for', () => {
      const { terraform } = declared(authorize());

      expect(terraform.import).toBeUndefined();
      expect(terraform.terraform.required_version).toBeUndefined();
    });
  });

  const GUID = 'must be a GUID such as 9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3, got';
  test.each<[string, object, string[]]>([
    ['no owner', { owners: [] }, ['owners: must not be empty, give at least one']],
    ['a name for an owner', { owners: ['jane'] }, [`owners: ${GUID} "jane"`]],
    ['an owner that is nothing', { owners: [undefined] }, [`owners: ${GUID} undefined`]],
    ['text for owners', { owners: OWNER_ID }, [`owners: must be a list, got "${OWNER_ID}"`]],
    [
      'the same owner twice',
      { owners: ['aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee', 'AAAAAAAA-bbbb-cccc-dddd-eeeeeeeeeeee'] },
      ['owners: must not contain the same value twice, got "AAAAAAAA-bbbb-cccc-dddd-eeeeeeeeeeee" again'],
    ],
    [
      'an empty reference',
      { serviceManagementReference: '' },
      ['serviceManagementReference: must have 1 to 256 characters and not be blank, got ""'],
    ],
    [
      'a long reference',
      { serviceManagementReference: 'x'.repeat(257) },
      [
        `serviceManagementReference: must have 1 to 256 characters and not be blank, got "${'x'.repeat(80)}"…"${'x'.repeat(40)}" (257 characters)`,
      ],
    ],
    [
      'another audience',
      { signInAudience: 'PersonalMicrosoftAccount' },
      ['signInAudience: must be AzureADMyOrg or AzureADMultipleOrgs, got "PersonalMicrosoftAccount"'],
    ],
    [
      'the audience in other cases',
      { signInAudience: 'azureadmyorg' },
      ['signInAudience: must be AzureADMyOrg or AzureADMultipleOrgs, got "azureadmyorg"'],
    ],
    [
      'half an adoption',
      { adopt: { clientId: OWNER_ID } },
      [
        `adopt.applicationObjectId: ${GUID} undefined`,
        `adopt.servicePrincipalObjectId: ${GUID} undefined`,
        `adopt.appRoleId: ${GUID} undefined`,
      ],
    ],
    [
      'paths in place of ids',
      {
        adopt: {
          clientId: `api://${OWNER_ID}`,
          applicationObjectId: OWNER_ID,
          servicePrincipalObjectId: OWNER_ID,
          appRoleId: OWNER_ID,
        },
      },
      [`adopt.clientId: ${GUID} "api://${OWNER_ID}"`],
    ],
    [
      'several',
      { owners: [], signInAudience: '' },
      [
        'owners: must not be empty, give at least one',
        'signInAudience: must be AzureADMyOrg or AzureADMultipleOrgs, got ""',
      ],
    ],
  ])('fails when given %s', (_, options, lines) => {
    expect(errorOf(() => authorize(untyped(options)))).toBe(
      lines.map((line) => `ProductAuthorization.${kind}: ${line}`).join('\n'),
    );
  });

  const ROLE =
    "must have at most 120 characters, letters, digits and :!#$%&'()*+,-./;=?@[]^_`{|}~ only, and not begin with a full stop";
  test.each([
    ['a quote', 'Gold"plus"', '"Gold\\"plus\\""'],
    ['an accent', 'Édition', '"Édition"'],
    ['an angle bracket', 'a<b>', '"a<b>"'],
    ['a blank', 'a b', '"a b"'],
    ['a full stop at its beginning', '.a', '".a"'],
    ['too many characters', 'x'.repeat(121), `"${'x'.repeat(80)}"…"${'x'.repeat(40)}" (121 characters)`],
    ['no characters', '', '""'],
  ])('fails when the appRoleValue has %s', (_, appRoleValue, got) => {
    expect(errorOf(() => authorize({ appRoleValue }))).toBe(
      `ProductAuthorization.${kind}: appRoleValue: ${ROLE}, got ${got}`,
    );
  });

  test('the value of the app role stays when the product is renamed, and can be given', () => {
    const value = (displayName: string, options?: GatewayPolicyOptions) => {
      const { product, part } = declared(authorize(options), { displayName });
      expect(part('application').display_name).toBe(`APIMProductApplication${displayName}`);
      expect(part('application').app_role[0].value).toBe(product.appRoleValue);
      return product.appRoleValue;
    };

    expect([value('Gold'), value('Größe "plus"')]).toEqual(['Product.gold.All', 'Product.gold.All']);
    expect(value('Gold', { appRoleValue: 'Orders.Read' })).toBe('Orders.Read');
  });

  test('fails when the displayName is too long for the application', () => {
    expect(errorOf(() => declared(authorize(), { displayName: 'x'.repeat(235) }))).toBe(
      `stack/gold: displayName: the application name made from it must have 1 to 256 characters and not be blank, got "APIMProductApplication${'x'.repeat(58)}"…"${'x'.repeat(40)}" (257 characters); choose a shorter one`,
    );
  });

  test('takes a displayName that is a token', () => {
    const stack = newStack();
    const displayName = new TerraformVariable(stack, 'name', {}).stringValue;
    const product = newProduct(stack, newPlainInstance(stack), 'gold', { displayName, authorization: authorize() });

    expect(product.appRoleValue).toBe('Product.gold.All');
    expect(blockOf(synth(stack), child(product, 'application')).display_name).toBe('APIMProductApplication${var.name}');
  });

  test('fails when the options are no settings', () => {
    expect(errorOf(() => authorize(untyped('x')))).toBe(
      `ProductAuthorization.${kind}: options: must be an object with settings, got "x"`,
    );
  });

  test('names and roles at their longest, with template markers and policy syntax', () => {
    const text = `@(y)\${z}%{w}&'${'x'.repeat(106)}`;
    const { part, terraform } = declared(authorize({ appRoleValue: text }), { displayName: text });

    expect(text).toHaveLength(120);
    const escaped = `@(y)$\${z}%%{w}&'${'x'.repeat(106)}`;
    expect(part('application').app_role[0].value).toBe(escaped);
    expect(part('application').display_name).toBe(`APIMProductApplication${escaped}`);
    expect(JSON.stringify(terraform)).not.toMatch(/(?<!\$)\$\{z|(?<!%)%\{w/);
  });
});

describe('app role ids', () => {
  function appRoleId(
    instance: Partial<ApimInstanceWithIdentityProps> = {},
    props: Partial<OAuthProductProps> = {},
    authorization = ProductAuthorization.entraApplication(),
  ): string {
    const stack = newStack();
    return newProduct(stack, newPlainInstance(stack, 'apim', instance), 'gold', { authorization, ...props }).appRoleId;
  }

  test('are the same in every run and on every machine', () => {
    expect(appRoleId()).toBe('a5291074-d060-5679-8b06-3c1b60e2a08d');
  });

  test.each([
    ['another kind of authorization', appRoleId({}, {}, ProductAuthorization.gatewayPolicy())],
    ['another name for people', appRoleId({}, { displayName: 'Golden', productId: 'gold' })],
    ['another resource group and region', appRoleId({ resourceGroupName: 'rg2', location: 'eastus2euap' })],
    ['the name of the instance in other cases', appRoleId({ name: 'Contoso-APIM' })],
  ])('stay with %s', (_, id) => {
    expect(id).toBe(appRoleId());
  });

  test('differ between products and instances', () => {
    const all = [
      appRoleId(),
      appRoleId({}, { productId: 'gold2' }),
      appRoleId({ name: 'contoso-apim2' }),
      appRoleId({ name: 'contoso-apim2' }, { productId: 'gold2' }),
    ];

    expect(new Set(all).size).toBe(4);
  });

  test('of names that are tokens hang on the path, not on the number of tokens made before', () => {
    const withVariables = (count: number): string => {
      const stack = newStack();
      const [name] = Array.from(
        { length: count },
        (_, at) => new TerraformVariable(stack, `name${at}`, {}).stringValue,
      ).reverse();
      const apim = newPlainInstance(stack, 'apim', { name });
      return newProduct(stack, apim, 'gold', {
        productId: name,
        authorization: ProductAuthorization.entraApplication(),
      }).appRoleId;
    };

    expect(withVariables(1)).toBe(withVariables(3));
  });
});

describe('several products', () => {
  test.each(OWN)('%s: two instances in one stack', (_, authorize) => {
    const stack = newStack();
    const instances = [
      newPlainInstance(stack, 'one', { name: 'contoso-one' }),
      newPlainInstance(stack, 'two', { name: 'contoso-two' }),
    ];
    const products = instances.map((instance, at) =>
      newProduct(stack, instance, `gold${at}`, { authorization: authorize() }),
    );
    const terraform = synth(stack);

    expect(products.map((product) => blockOf(terraform, child(product, 'Default')).parent_id)).toEqual([
      '${azurerm_api_management.one.id}',
      '${azurerm_api_management.two.id}',
    ]);
    expect(products[0].appRoleId).not.toBe(products[1].appRoleId);
    expect(counts(terraform)).toMatchObject({
      azuread_application: 2,
      azuread_service_principal: 2,
      'data.azuread_client_config': 1,
    });
  });

  test('two stacks read who deploys, each for itself', () => {
    const app = newApp();
    const stacks = ['one', 'two'].map((id) => newStack(app, id));
    for (const stack of stacks) {
      newProduct(stack, newPlainInstance(stack, 'apim', { name: `contoso-${stack.node.id}` }), 'gold', {
        authorization: ProductAuthorization.entraApplication(),
      });
    }

    expect(stacks.map((stack) => counts(synth(stack))['data.azuread_client_config'])).toEqual([1, 1]);
  });

  test('synthesizing twice gives the same bytes', () => {
    const { stack } = declared(ProductAuthorization.gatewayPolicy(), { clientQuota: { calls: 1, renewalPeriod: 300 } });

    expect(synthText(stack)).toBe(synthText(stack));
  });
});

describe('limits for each client, in every kind of product', () => {
  const LIMITS = {
    clientRateLimit: { calls: 5, renewalPeriod: 60 },
    clientQuota: { bandwidthKb: 1024, renewalPeriod: 3600 },
  };
  const KINDS: [string, ProductAuthorization, boolean, string[]][] = [
    [
      'apimManaged',
      ProductAuthorization.apimManaged(),
      false,
      ['base', 'validate-jwt', 'rate-limit-by-key', 'quota-by-key'],
    ],
    [
      'apimManaged with keys',
      ProductAuthorization.apimManaged(),
      true,
      ['base', 'choose', 'rate-limit-by-key', 'quota-by-key'],
    ],
    [
      'entraApplication',
      ProductAuthorization.entraApplication(),
      false,
      ['base', 'validate-azure-ad-token', 'rate-limit-by-key', 'quota-by-key'],
    ],
    [
      'entraApplication with keys',
      ProductAuthorization.entraApplication(),
      true,
      ['base', 'choose', 'rate-limit-by-key', 'quota-by-key'],
    ],
    [
      'gatewayPolicy',
      ProductAuthorization.gatewayPolicy(),
      false,
      ['base', 'validate-azure-ad-token', 'rate-limit-by-key', 'quota-by-key'],
    ],
    [
      'gatewayPolicy with keys',
      ProductAuthorization.gatewayPolicy(),
      true,
      ['base', 'choose', 'rate-limit-by-key', 'quota-by-key'],
    ],
  ];

  test.each(KINDS)(
    '%s: the token is validated first, and its claims are the key',
    (kind, authorization, acceptSubscriptionKey, order) => {
      const { product, part } = declared(authorization, { acceptSubscriptionKey, ...LIMITS });
      const xml: string = part('policy').xml_content;
      const inbound = find(parsePolicy(xml), 'inbound');

      expect(names(inbound)).toEqual(order);
      expect(find(inbound, 'rate-limit-by-key').attributes).toEqual({
        calls: '5',
        'renewal-period': '60',
        'counter-key': counterKey(),
      });
      expect(find(inbound, 'quota-by-key').attributes).toEqual({
        bandwidth: '1024',
        'renewal-period': '3600',
        'counter-key': counterKey(),
      });
      expect(xml).not.toContain('context.Request');
      expect(xml).not.toContain('AsJwt');
      expect(part('apis').depends_on).toEqual([
        addressOf(product, 'azurerm_api_management_product_policy', 'policy'),
        ...(kind.startsWith('gatewayPolicy') ? [addressOf(product, 'azapi_resource_action', 'delete')] : []),
      ]);
    },
  );

  test.each(KINDS)('%s: no policy says anything of limits without them', (_, authorization, acceptSubscriptionKey) => {
    const { terraform } = declared(authorization, { acceptSubscriptionKey });

    expect(JSON.stringify(terraform)).not.toMatch(/rate-limit|quota|counter-key/);
  });

  test.each(KINDS.slice(0, 2).concat(KINDS.slice(2, 3)))(
    '%s: on a product that exists, the policy hangs on the product',
    (_, authorization) => {
      const { part } = existing(authorization, LIMITS);

      expect(part('policy').product_id).toBe('starter');
      expect(names(find(parsePolicy(part('policy').xml_content), 'inbound')).slice(-2)).toEqual([
        'rate-limit-by-key',
        'quota-by-key',
      ]);
    },
  );
});

describe('tiers', () => {
  const NATIVE = (kind: string, sku: string) =>
    `authorization: ProductAuthorization.${kind}() needs an instance of the Developer, Basic, Standard or Premium tier, got "${sku}"; ProductAuthorization.gatewayPolicy() works on every tier`;
  const RATE = (sku: string) => `clientRateLimit: needs a tier other than Consumption, got "${sku}"`;
  const QUOTA = (sku: string) => `clientQuota: needs the Developer, Basic, Standard or Premium tier, got "${sku}"`;
  const clientRateLimit = { calls: 1, renewalPeriod: 1 };
  const clientQuota: ClientQuota = { calls: 1, renewalPeriod: 300 };

  test.each<[string, string, ProductAuthorization, Partial<OAuthProductProps>, string[]]>([
    ['apimManaged', 'BasicV2_1', ProductAuthorization.apimManaged(), {}, [NATIVE('apimManaged', 'BasicV2_1')]],
    [
      'entraApplication',
      'StandardV2_1',
      ProductAuthorization.entraApplication(),
      {},
      [NATIVE('entraApplication', 'StandardV2_1')],
    ],
    [
      'entraApplication',
      'Consumption_0',
      ProductAuthorization.entraApplication(),
      {},
      [NATIVE('entraApplication', 'Consumption_0')],
    ],
    [
      'entraApplication with limits',
      'Consumption_0',
      ProductAuthorization.entraApplication(),
      { clientRateLimit, clientQuota },
      [NATIVE('entraApplication', 'Consumption_0'), RATE('Consumption_0'), QUOTA('Consumption_0')],
    ],
    [
      'gatewayPolicy with a rate',
      'Consumption_0',
      ProductAuthorization.gatewayPolicy(),
      { clientRateLimit },
      [RATE('Consumption_0')],
    ],
    [
      'gatewayPolicy with a quota',
      'Consumption_0',
      ProductAuthorization.gatewayPolicy(),
      { clientQuota },
      [QUOTA('Consumption_0')],
    ],
    [
      'gatewayPolicy with a quota',
      'StandardV2_1',
      ProductAuthorization.gatewayPolicy(),
      { clientQuota },
      [QUOTA('StandardV2_1')],
    ],
    [
      'gatewayPolicy with both',
      'PremiumV2_1',
      ProductAuthorization.gatewayPolicy(),
      { clientRateLimit, clientQuota },
      [QUOTA('PremiumV2_1')],
    ],
  ])('%s is refused on %s', (_, sku, authorization, props, lines) => {
    expect(errorOf(() => declared(authorization, props, { sku: ApimSku.custom(sku) }))).toBe(
      lines.map((line) => `stack/gold: ${line}`).join('\n'),
    );
  });

  test.each<[string, Partial<OAuthProductProps>]>([
    ['Consumption_0', {}],
    ['BasicV2_1', { clientRateLimit }],
    ['StandardV2_1', { clientRateLimit }],
    ['PremiumV2_1', { clientRateLimit }],
    ['Developer_1', { clientRateLimit, clientQuota }],
    ['Basic_1', { clientRateLimit, clientQuota }],
    ['Premium_2', { clientRateLimit, clientQuota }],
  ])('gatewayPolicy works on %s', (sku, props) => {
    const { part } = declared(ProductAuthorization.gatewayPolicy(), props, { sku: ApimSku.custom(sku) });

    expect(names(find(parsePolicy(part('policy').xml_content), 'inbound'))).toEqual([
      'base',
      'validate-azure-ad-token',
      ...('clientRateLimit' in props ? ['rate-limit-by-key'] : []),
      ...('clientQuota' in props ? ['quota-by-key'] : []),
    ]);
  });

  test('a tier that only Terraform knows passes', () => {
    const stack = newStack();
    const sku = ApimSku.custom(new TerraformVariable(stack, 'sku', {}).stringValue);
    const product = newProduct(stack, newPlainInstance(stack, 'apim', { sku }), 'gold', {
      authorization: ProductAuthorization.entraApplication(),
      clientRateLimit,
      clientQuota,
    });

    expect(names(find(parsePolicy(blockOf(synth(stack), child(product, 'policy')).xml_content), 'inbound'))).toEqual([
      'base',
      'validate-azure-ad-token',
      'rate-limit-by-key',
      'quota-by-key',
    ]);
  });
});

describe('the directory role of the instance', () => {
  const UNUSED =
    'directoryRole: no product or application of the instance needs the directory role; use DirectoryRole.none(), the least privilege';

  function warned(
    use: (stack: TerraformStack, instance: IApimInstance) => void,
    directoryRole = DirectoryRole.applicationAdministrator(),
  ): string[] {
    const stack = newStack();
    const instance = newInstance(stack, 'apim', { directoryRole });
    use(stack, instance);
    synth(stack);
    synth(stack);
    return warningsOf(instance);
  }
  const product = (stack: TerraformStack, instance: IApimInstance, authorization: ProductAuthorization, id = 'gold') =>
    newProduct(stack, instance, id, { displayName: id, authorization });

  test.each<[string, (stack: TerraformStack, instance: IApimInstance) => void]>([
    [
      'a product of entraApplication',
      (stack, instance) => product(stack, instance, ProductAuthorization.entraApplication()),
    ],
    ['a product of gatewayPolicy', (stack, instance) => product(stack, instance, ProductAuthorization.gatewayPolicy())],
    [
      'own registrations all over',
      (stack, instance) =>
        newEntraClient(stack, instance, [
          product(stack, instance, ProductAuthorization.entraApplication()),
          product(stack, instance, ProductAuthorization.gatewayPolicy(), 'silver'),
        ]),
    ],
  ])('is too much for %s, which is said once', (_, use) => {
    expect(warned(use)).toEqual([UNUSED]);
  });

  test.each<[string, (stack: TerraformStack, instance: IApimInstance) => void]>([
    ['a product of apimManaged', (stack, instance) => product(stack, instance, ProductAuthorization.apimManaged())],
    [
      'one product of apimManaged among others',
      (stack, instance) => {
        product(stack, instance, ProductAuthorization.gatewayPolicy());
        product(stack, instance, ProductAuthorization.apimManaged(), 'silver');
        product(stack, instance, ProductAuthorization.entraApplication(), 'bronze');
      },
    ],
    [
      'a client of apimManaged on a product of entraApplication',
      (stack, instance) =>
        newClient(stack, instance, 'partner', {
          products: [product(stack, instance, ProductAuthorization.entraApplication())],
        }),
    ],
    ['an instance that nothing here uses', () => undefined],
  ])('is needed for %s', (_, use) => {
    expect(warned(use)).toEqual([]);
  });

  test('none is never too much', () => {
    expect(
      warned((stack, instance) => product(stack, instance, ProductAuthorization.gatewayPolicy()), DirectoryRole.none()),
    ).toEqual([]);
  });
});
