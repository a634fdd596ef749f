import { harmless, harmlessWhen, judged, rules, whenMade, type KindRow } from './row';

const SERVICE = 'microsoft.apimanagement/service';
const PORTAL = 'it is text for people in the developer portal';
const NOBODY_YET = {
  harmless: 'it gives no product until a grant does, which is reported',
  when: whenMade,
};
const PLACE = [
  'name',
  'parent_id',
  'resource_id',
  'api_management_name',
  'resource_group_name',
  'api_management_id',
  'location',
];

/** Products, what is in them, and who has them. */
export const PRODUCTS = {
  instance: {
    types: ['azurerm_api_management'],
    armTypes: [SERVICE],
    may: 'change how the gateway can be reached, who administers it, and what all of its products demand',
    existence: [{ concern: 'existence' }, NOBODY_YET],
    attributes: rules(
      judged('existence', ...PLACE),
      judged('privilege', 'tenant_access', 'sign_up', 'sign_in', 'delegation'),
      harmlessWhen(
        'it has no product yet',
        whenMade,
        ...PLACE,
        'identity',
        'body.identity',
        'client_certificate_enabled',
        'gateway_disabled',
        'min_api_version',
        'protocols',
        'public_network_access_enabled',
        'virtual_network_type',
        'virtual_network_configuration',
      ),
      harmless(
        'it is the size, the price or the contact of the instance',
        'sku_name',
        'sku',
        'zones',
        'publisher_name',
        'publisher_email',
        'notification_sender_email',
        'body.sku',
        'body.zones',
        'body.properties.publisherName',
        'body.properties.publisherEmail',
        'body.properties.notificationSenderEmail',
      ),
    ),
  },
  product: {
    types: ['azurerm_api_management_product'],
    armTypes: [`${SERVICE}/products`],
    may: 'change what callers of the product have to bring',
    existence: [{ concern: 'existence' }],
    attributes: productRules(),
  },
  'product settings': {
    may: 'change what callers of the product have to bring',
    existence: [{ concern: 'existence' }],
    attributes: rules(productRules(), judged('existence', 'resource_id')),
  },
  'product api': {
    types: ['azurerm_api_management_product_api'],
    armTypes: [`${SERVICE}/products/apis`, `${SERVICE}/products/apilinks`, `${SERVICE}/apis/productlinks`],
    may: 'add an API to a product or take it from one',
    existence: [{ concern: 'members' }],
    attributes: rules(judged('members', ...PLACE, 'product_id', 'api_name', 'body.properties.apiId', 'body')),
  },
  'product group': {
    types: ['azurerm_api_management_product_group'],
    armTypes: [`${SERVICE}/products/groups`, `${SERVICE}/products/grouplinks`],
    may: 'let a group of developers ask for a product',
    existence: [{ concern: 'members' }],
    attributes: rules(judged('members', ...PLACE, 'product_id', 'group_name', 'body.properties.groupId', 'body')),
  },
  'product policy': {
    types: ['azurerm_api_management_product_policy'],
    armTypes: [`${SERVICE}/products/policies`, `${SERVICE}/workspaces/products/policies`],
    may: 'change whom the product lets in',
    existence: [{ concern: 'policy' }],
    attributes: { '': [{ concern: 'policy' }] },
  },
  'client application': {
    armTypes: [`${SERVICE}/clientapplications`],
    may: 'change who acts as a client, and who sees its secrets',
    existence: [{ concern: 'existence' }, NOBODY_YET],
    attributes: rules(
      judged('existence', ...PLACE),
      harmlessWhen('it has no product yet', whenMade, ...PLACE),
      judged('owners', 'body.properties.ownerId'),
      harmlessWhen('the owner of a new client is the client', whenMade, 'body.properties.ownerId'),
      harmless(PORTAL, 'body.properties.displayName', 'body.properties.description'),
    ),
  },
  'product link': {
    armTypes: [`${SERVICE}/clientapplications/productlinks`],
    may: 'give a client a product or take it away',
    existence: [{ concern: 'grant' }],
    attributes: rules(judged('grant', ...PLACE, 'body.properties.productId')),
  },
  subscription: {
    types: ['azurerm_api_management_subscription'],
    armTypes: [`${SERVICE}/subscriptions`],
    may: 'make a key to products or APIs work, or stop it',
    existence: [{ concern: 'grant' }],
    attributes: rules(
      judged(
        'grant',
        ...PLACE,
        'product_id',
        'api_id',
        'state',
        'subscription_id',
        'body.properties.scope',
        'body.properties.state',
      ),
      judged(
        'credential',
        'primary_key',
        'secondary_key',
        'body.properties.primaryKey',
        'body.properties.secondaryKey',
      ),
      judged('owners', 'user_id', 'body.properties.ownerId'),
      harmlessWhen('the key itself is reported', whenMade, 'user_id', 'body.properties.ownerId'),
      harmless(PORTAL, 'display_name', 'body.properties.displayName'),
      harmless('it decides what is traced', 'allow_tracing', 'body.properties.allowTracing'),
    ),
  },
} as const satisfies Readonly<Record<string, KindRow>>;

function productRules() {
  return rules(
    judged('existence', ...PLACE, 'product_id'),
    judged('authentication', 'body.properties.authenticationType', 'type'),
    judged('keys', 'subscription_required', 'body.properties.subscriptionRequired'),
    judged(
      'publication',
      'published',
      'approval_required',
      'body.properties.state',
      'body.properties.approvalRequired',
    ),
    judged('audience', 'body.properties.application.entra.audience'),
    judged('registration', 'body.properties.application.entra.applicationId'),
    harmless(
      PORTAL,
      'display_name',
      'description',
      'terms',
      'body.properties.displayName',
      'body.properties.description',
      'body.properties.terms',
    ),
    harmless(
      'it counts how many subscriptions one user may have at once',
      'subscriptions_limit',
      'body.properties.subscriptionsLimit',
    ),
  );
}
