import { TerraformOutput, TerraformStack, TerraformVariable } from 'cdktf';
import {
  AccessManifest,
  ApimInstanceWithIdentity,
  ClientCredential,
  ClientRegistration,
  DirectoryRole,
  IApimInstance,
  IOAuthProduct,
  MultiProductApplication,
  MultiProductApplicationProps,
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
  metadataOf,
  newApp,
  newClient,
  newCredential,
  newEntraClient,
  newInstance,
  newProduct,
  newStack,
  OWNER,
  synth,
  synthText,
  Terraform,
  untyped,
  VAULT,
} from '../support';

const OWNER_ID = '33333333-3333-3333-3333-333333333333';
const DEPLOYER = '${data.azuread_client_config.apim-oauth-deployer.object_id}';

function newPlainInstance(stack: TerraformStack, id = 'apim', name = 'contoso-apim'): ApimInstanceWithIdentity {
  return newInstance(stack, id, { name, directoryRole: DirectoryRole.none() });
}

/** A product whose registration Terraform owns. */
function newOwnProduct(
  stack: TerraformStack,
  instance: IApimInstance,
  id = 'gold',
  props: Partial<OAuthProductProps> = {},
): OAuthProduct {
  return newProduct(stack, instance, id, {
    displayName: id,
    authorization: ProductAuthorization.entraApplication(),
    ...props,
  });
}

function addressOf(construct: MultiProductApplication | IOAuthProduct, type: string, path: string): string {
  return `${type}.${child(construct, path).friendlyUniqueId}`;
}

interface Declared {
  readonly stack: TerraformStack;
  readonly instance: IApimInstance;
  readonly client: MultiProductApplication;
  readonly terraform: Terraform;
  readonly part: (path: string) => any;
}

/** A client that is granted what the products make. */
function declared(
  products: (stack: TerraformStack, instance: IApimInstance) => IOAuthProduct[] = (stack, instance) => [
    newOwnProduct(stack, instance),
  ],
  credentials?: ClientCredential[],
  props?: Partial<MultiProductApplicationProps>,
  then: (declaration: Omit<Declared, 'terraform' | 'part'>) => void = () => undefined,
): Declared {
  const stack = newStack();
  const instance = newPlainInstance(stack);
  const client = newEntraClient(stack, instance, products(stack, instance), credentials, props);
  then({ stack, instance, client });
  const terraform = synth(stack);
  return { stack, instance, client, terraform, part: (path) => blockOf(terraform, child(client, path)) };
}

describe('ClientRegistration.entra', () => {
  test('default setup: the application, its service principal, its credential, its grants', () => {
    const { client, terraform, part } = declared();
    const gold = client.node.scope!.node.findChild('gold') as OAuthProduct;
    const product = addressOf(gold, 'azuread_application', 'application');

    expect(counts(terraform)).toEqual({
      azurerm_api_management: 1,
      'data.azapi_resource': 1,
      azuread_application: 2,
      azuread_service_principal: 2,
      azuread_application_identifier_uri: 1,
      azuread_application_federated_identity_credential: 1,
      azuread_app_role_assignment: 1,
      azapi_resource: 1,
      azurerm_api_management_product_api: 1,
      'data.azuread_client_config': 1,
    });
    expect(part('Default')).toEqual({
      display_name: 'APIMApplicationPartner',
      sign_in_audience: 'AzureADMyOrg',
      owners: [DEPLOYER],
      required_resource_access: [
        { resource_app_id: `\${${product}.client_id}`, resource_access: [{ id: gold.appRoleId, type: 'Role' }] },
      ],
      lifecycle: { ignore_changes: ['owners'] },
    });
    expect(part('service-principal')).toEqual({
      client_id: '${azuread_application.partner.client_id}',
      owners: [DEPLOYER],
      lifecycle: { ignore_changes: ['owners'] },
    });
    expect(part('grants')).toEqual({
      for_each: {
        gold: {
          role: gold.appRoleId,
          resource: `\${${addressOf(gold, 'azuread_service_principal', 'service-principal')}.object_id}`,
        },
      },
      app_role_id: '${coalesce(each.value.role, "00000000-0000-0000-0000-000000000000")}',
      resource_object_id: '${coalesce(each.value.resource, "00000000-0000-0000-0000-000000000000")}',
      principal_object_id: `\${${addressOf(client, 'azuread_service_principal', 'service-principal')}.object_id}`,
      lifecycle: { precondition: [REGISTERED] },
    });
    expect(client.node.defaultChild).toBe(child(client, 'Default'));
    expect(child(client, 'Default').friendlyUniqueId).toBe('partner');
  });

  test('attributes', () => {
    const { client, terraform } = declared(
      undefined,
      undefined,
      undefined,
      ({ stack, client: { clientId, tenantId, tokenEndpoint } }) => {
        new TerraformOutput(stack, 'says', { value: { clientId, tenantId, tokenEndpoint } });
      },
    );
    const tenant = '${data.azuread_client_config.apim-oauth-deployer.tenant_id}';

    expect(client.applicationName).toBe('partner');
    expect(terraform.output.says.value).toEqual({
      clientId: '${azuread_application.partner.client_id}',
      tenantId: tenant,
      tokenEndpoint: `https://login.microsoftonline.com/${tenant}/oauth2/v2.0/token`,
    });
  });

  test.each<[string, Partial<MultiProductApplicationProps>, object]>([
    ['description', { description: 'Nightly ${import}' }, { description: 'Nightly $${import}' }],
    ['displayName', { displayName: 'Partner %{7}' }, { display_name: 'APIMApplicationPartner %%{7}' }],
    ['ownerUserId', { ownerUserId: OWNER }, { notes: `Owner in API Management: ${OWNER}` }],
  ])('%s', (_, props, expected) => {
    expect(declared(undefined, undefined, props).part('Default')).toMatchObject(expected);
  });

  test('owners, which are then kept', () => {
    const registration = ClientRegistration.entra({ credentials: [newCredential()], owners: [OWNER_ID] });
    const { part } = declared(undefined, undefined, { registration });

    for (const path of ['Default', 'service-principal']) {
      expect(part(path).owners).toEqual([OWNER_ID]);
      expect(part(path).lifecycle).toBeUndefined();
    }
  });

  test('no owner in API Management and no directory role is needed', () => {
    const { terraform } = declared();

    expect(JSON.stringify(terraform)).not.toMatch(/ownerId|directory_role|listSecrets/);
    expect(terraform.terraform.required_version).toBeUndefined();
  });

  test('what the caller does to the lists later changes nothing', () => {
    const credentials = [newCredential('one')];
    const owners = [OWNER_ID];
    const registration = ClientRegistration.entra({ credentials, owners });
    credentials.push(newCredential('two'));
    owners.push('nobody');
    const { terraform, part } = declared(undefined, undefined, { registration });

    expect(counts(terraform).azuread_application_federated_identity_credential).toBe(1);
    expect(part('Default').owners).toEqual([OWNER_ID]);
  });

  test('tokens as every text', () => {
    const stack = newStack();
    const text = new TerraformVariable(stack, 'text', {}).stringValue;
    const instance = newPlainInstance(stack);
    const registration = ClientRegistration.entra({
      credentials: [ClientCredential.federated({ issuer: text, subject: text, audiences: [text], name: 'one' })],
      owners: [text],
    });
    const client = newClient(stack, instance, 'partner', {
      displayName: text,
      description: text,
      ownerUserId: text,
      applicationName: 'partner',
      registration,
      products: [newOwnProduct(stack, instance)],
    });
    const terraform = synth(stack);

    expect(blockOf(terraform, child(client, 'Default'))).toMatchObject({
      display_name: 'APIMApplication${var.text}',
      description: '${var.text}',
      notes: 'Owner in API Management: ${var.text}',
      owners: ['${var.text}'],
    });
    expect(blockOf(terraform, child(client, 'one'))).toMatchObject({
      issuer: '${var.text}',
      subject: '${var.text}',
      audiences: ['${var.text}'],
    });
  });

  test('the block says where the program declared it', () => {
    const { client, terraform } = declared();

    expect(metadataOf(terraform, child(client, 'Default')).source).toMatch(/^test\/support\.ts:\d+$/);
  });

  test('storeClientSecret is refused, since each credential knows its vault', () => {
    declared(undefined, undefined, undefined, ({ client }) => {
      expect(errorOf(() => client.storeClientSecret({ keyVaultId: VAULT, secretName: 'partner' }))).toBe(
        'stack/partner.storeClientSecret: registration: only ClientRegistration.apimManaged() has a client secret to store; credentials of ClientRegistration.entra() name their own vault',
      );
    });
  });

  test('without any product, synthesis fails', () => {
    const stack = newStack();
    newEntraClient(stack, newPlainInstance(stack), []);

    expect(errorOf(() => synth(stack))).toContain(
      '[stack/partner] products: the application is granted no product; give products or call grantAccess',
    );
  });

  const GUID = 'must be a GUID such as 9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3, got';
  const password = () => ClientCredential.password({ keyVaultId: VAULT, secretName: 'one' });
  const manyFederated = (count: number) => Array.from({ length: count }, (_, at) => newCredential(`one-${at}`));
  test.each<[string, object, string[]]>([
    ['no credential', { credentials: [] }, ['credentials: must not be empty, give at least one']],
    ['nothing', {}, ['credentials: must not be empty, give at least one']],
    [
      'one credential without its list',
      { credentials: newCredential() },
      ['credentials: must be a list, got a value of type object'],
    ],
    ['text', { credentials: 'password' }, ['credentials: must be a list, got "password"']],
    [
      'a credential that is nothing',
      { credentials: [newCredential(), undefined] },
      ['credentials: must contain only credentials, got undefined'],
    ],
    [
      'a credential that is text',
      { credentials: ['password'] },
      ['credentials: must contain only credentials, got "password"'],
    ],
    [
      'the props of a credential',
      { credentials: [{ secretName: 'x' }] },
      ['credentials: must contain only credentials, got a value of type object'],
    ],
    [
      'the same name twice',
      { credentials: [newCredential('one'), newCredential('two'), newCredential('one')] },
      ['credentials: must have different names, got "one" again; give name'],
    ],
    [
      'the same name in other cases',
      { credentials: [newCredential('one'), newCredential('ONE')] },
      ['credentials: must have different names, got "ONE" again; give name'],
    ],
    [
      'the same subject twice',
      { credentials: [newCredential(), newCredential()] },
      ['credentials: must have different names, got "federated-workload" again; give name'],
    ],
    [
      'the same credential twice',
      { credentials: [password(), password()] },
      ['credentials: must have different names, got "password-one" again; give name'],
    ],
    [
      '21 federated credentials',
      { credentials: manyFederated(21) },
      ['credentials: must contain at most 20 federated ones, got 21'],
    ],
    ['no owner', { credentials: [newCredential()], owners: [] }, ['owners: must not be empty, give at least one']],
    ['a name for an owner', { credentials: [newCredential()], owners: ['jane'] }, [`owners: ${GUID} "jane"`]],
    [
      'several mistakes',
      { credentials: [], owners: ['jane'] },
      ['credentials: must not be empty, give at least one', `owners: ${GUID} "jane"`],
    ],
  ])('fails when given %s', (_, props, lines) => {
    expect(errorOf(() => ClientRegistration.entra(untyped(props)))).toBe(
      lines.map((line) => `ClientRegistration.entra: ${line}`).join('\n'),
    );
  });

  test('20 federated credentials and a secret are not too many', () => {
    expect(counts(declared(undefined, [...manyFederated(20), password()]).terraform)).toMatchObject({
      azuread_application_federated_identity_credential: 20,
      azuread_application_password: 2,
    });
  });
});

const REGISTERED = {
  condition: '${each.value.role != null && each.value.resource != null}',
  error_message:
    'The application of product ${each.key} in Entra has no enabled app role, or no service principal: the client cannot be granted the product. Mend the registration, or remove the product from the client.',
};

describe('grants of clients that Terraform registers', () => {
  /** What is null where somebody removed it: the provider would refuse null in its own words, in a destruction as well. */
  const orNil = (reference: string): string =>
    reference.replace(/^\$\{(.*)\}$/, '${coalesce($1, "00000000-0000-0000-0000-000000000000")}');

  test.each<[string, (stack: TerraformStack, instance: IApimInstance) => IOAuthProduct, boolean]>([
    ['API Management registers', (stack, instance) => newProduct(stack, instance, 'silver'), true],
    [
      'is only read',
      (stack, instance) =>
        OAuthProduct.fromProductId(stack, 'bronze', { instance, productId: 'bronze', displayName: 'Bronze' }),
      true,
    ],
    ['Terraform registers', (stack, instance) => newOwnProduct(stack, instance), false],
    [
      'is known by its ids',
      (stack, instance) =>
        OAuthProduct.fromRegistration(stack, 'known', {
          instance,
          productId: 'known',
          displayName: 'Known',
          applicationId: '11111111-2222-3333-4444-555555555555',
          appRoleId: '22222222-3333-4444-5555-666666666666',
          servicePrincipalObjectId: '33333333-4444-5555-6666-777777777777',
        }),
      false,
    ],
  ])('declare ids that are never null, of a product that %s', (_, declareProduct, mayBeNull) => {
    const { part } = declared((stack, instance) => [declareProduct(stack, instance)]);
    const [{ resource_app_id: application, resource_access: access }] = part('Default').required_resource_access;

    for (const id of [application, access[0].id]) {
      expect(/^\$\{coalesce\(.*, "00000000-0000-0000-0000-000000000000"\)\}$/.test(id)).toBe(mayBeNull);
    }
  });

  const apimManaged = (stack: TerraformStack, instance: IApimInstance, props: Partial<OAuthProductProps> = {}) =>
    newProduct(stack, instance, 'silver', { displayName: 'Silver', ...props });

  test('of products that Terraform registered and of those that API Management registered stand apart', () => {
    const { stack, client, part, terraform } = declared((scope, instance) => [
      newOwnProduct(scope, instance),
      apimManaged(scope, instance),
    ]);
    const silver = stack.node.findChild('silver') as OAuthProduct;
    const registration = `data.${addressOf(silver, 'azuread_application', 'registration')}`;
    const principals = `data.${addressOf(silver, 'azuread_service_principals', 'registration-principal')}`;
    const role = `\${try([for role in ${registration}.app_roles : role.id if role.enabled && contains(role.allowed_member_types, "Application")][0], null)}`;

    expect(Object.keys(part('grants').for_each)).toEqual(['gold']);
    expect(part('grants').lifecycle).toEqual({ precondition: [REGISTERED] });
    expect(part('apim-managed-grants')).toEqual({
      for_each: { silver: { role, resource: `\${one(${principals}.service_principals[*].object_id)}` } },
      app_role_id: '${coalesce(each.value.role, "00000000-0000-0000-0000-000000000000")}',
      resource_object_id: '${coalesce(each.value.resource, "00000000-0000-0000-0000-000000000000")}',
      principal_object_id: `\${${addressOf(client, 'azuread_service_principal', 'service-principal')}.object_id}`,
      lifecycle: {
        ignore_changes: ['app_role_id', 'resource_object_id'],
        replace_triggered_by: [`${addressOf(client, 'terraform_data', 'granted-products')}[each.key]`],
        precondition: [REGISTERED],
      },
    });
    expect(part('granted-products')).toEqual({
      for_each: { silver: '${[null, "replaced"][sha1(azapi_resource.silver.id) == "" ? 1 : 0]}' },
      triggers_replace: '${each.value}',
    });
    expect(part('Default').required_resource_access[1]).toEqual({
      resource_app_id: orNil('${azapi_resource.silver.output.applicationId}'),
      resource_access: [{ id: orNil(role), type: 'Role' }],
    });
    expect(counts(terraform).azuread_app_role_assignment).toBe(2);
  });

  test('of products that API Management registered read the registration though nobody reviews it', () => {
    const { terraform, part } = declared((stack, instance) => [
      apimManaged(stack, instance, { reviewRegistration: false }),
    ]);

    expect(counts(terraform)).toMatchObject({ 'data.azuread_application': 1, 'data.azuread_service_principals': 1 });
    expect(Object.keys(part('apim-managed-grants').for_each)).toEqual(['silver']);
  });

  test('of a product that is only read follow it, since reading changes nothing', () => {
    const { part, terraform } = declared((stack, instance) => [
      OAuthProduct.fromProductId(stack, 'bronze', { instance, productId: 'bronze', displayName: 'Bronze' }),
    ]);

    expect(Object.keys(part('grants').for_each)).toEqual(['bronze']);
    expect(part('grants').lifecycle).toEqual({ precondition: [REGISTERED] });
    expect(counts(terraform)).toMatchObject({
      'data.azapi_resource': 2,
      'data.azuread_application': 1,
      'data.azuread_service_principals': 1,
      azuread_app_role_assignment: 1,
    });
  });

  test.each<[string, ProductAuthorization, string]>([
    ['apimManaged', ProductAuthorization.apimManaged(), 'apim-managed-grants'],
    ['entraApplication', ProductAuthorization.entraApplication(), 'grants'],
    ['gatewayPolicy', ProductAuthorization.gatewayPolicy(), 'grants'],
  ])('of a product made elsewhere with %s', (_, authorization, path) => {
    const { part } = declared((stack, instance) => [
      OAuthProduct.onExisting(stack, 'starter', {
        instance,
        productId: 'orders',
        displayName: 'Starter',
        authorization,
      }),
    ]);

    expect(Object.keys(part(path).for_each)).toEqual(['orders']);
  });

  test('of a product whose id is a token are keyed by its path', () => {
    const stack = newStack();
    const productId = new TerraformVariable(stack, 'id', {}).stringValue;
    const instance = newPlainInstance(stack);
    const client = newEntraClient(stack, instance, [newOwnProduct(stack, instance, 'gold', { productId })]);

    expect(Object.keys(blockOf(synth(stack), child(client, 'grants')).for_each)).toEqual(['gold']);
  });

  test('of a product of another stack', () => {
    const app = newApp();
    const [platform, consumer] = ['platform', 'consumer'].map((id) => newStack(app, id));
    const instance = newPlainInstance(platform);
    const products = [
      newOwnProduct(platform, instance),
      apimManaged(platform, instance, { reviewRegistration: false }),
    ];
    const client = newEntraClient(consumer, instance, products);
    const terraform = synth(consumer);
    const outputs = Object.keys(synth(platform).output);
    const references = [
      ...JSON.stringify(terraform).matchAll(/cross-stack-reference-input-platform\.outputs\.([\w-]+)/g),
    ].map(([, name]) => name);

    expect(blockOf(terraform, child(client, 'grants')).for_each.gold.role).toBe(products[0].appRoleId);
    expect(Object.keys(blockOf(terraform, child(client, 'apim-managed-grants')).for_each)).toEqual(['silver']);
    // The resource id would not tell that the other stack replaced the product.
    expect(blockOf(terraform, child(client, 'granted-products')).for_each.silver).toMatch(
      /\.outputs\.cross-stack-output-azapi_resourcesilveroutputapplicationId\}$/,
    );
    expect([...new Set(references)].sort()).toEqual(outputs.sort());
    expect(consumer.dependencies).toEqual([platform]);
  });

  test('in a stack that comes before the product in the program', () => {
    const app = newApp();
    const [consumer, platform] = ['a-consumer', 'b-platform'].map((id) => newStack(app, id));
    const instance = newPlainInstance(platform);
    newEntraClient(consumer, instance, [apimManaged(platform, instance, { reviewRegistration: false })]);
    const text = synthText(consumer);
    const outputs = Object.keys(synth(platform).output);

    expect(
      [
        ...new Set(
          [...text.matchAll(/cross-stack-reference-input-b-platform\.outputs\.([\w-]+)/g)].map(([, name]) => name),
        ),
      ].sort(),
    ).toEqual(outputs.sort());
  });

  const three = (stack: TerraformStack, instance: IApimInstance) =>
    ['gold', 'silver', 'bronze'].map((id) => newOwnProduct(stack, instance, id));
  const credentials = () => [
    newCredential('one'),
    ClientCredential.keyVaultCertificate({ keyVaultId: VAULT, certificateName: 'two' }),
    ClientCredential.password({ keyVaultId: VAULT, secretName: 'three' }),
  ];

  test('one added changes its key and the declared permission, and nothing of the credentials', () => {
    const before = declared((stack, instance) => three(stack, instance).slice(0, 2), credentials());
    const after = declared(
      (stack, instance) => three(stack, instance).slice(0, 2),
      credentials(),
      undefined,
      ({ client, stack }) => {
        client.grantAccess(stack.node.findChild('bronze') as OAuthProduct);
      },
    );

    expect(changes(before.terraform, after.terraform)).toEqual([
      `${addressOf(before.client, 'azuread_app_role_assignment', 'grants')}: for_each`,
      'azuread_application.partner: required_resource_access',
    ]);
    expect(Object.keys(after.part('grants').for_each).sort()).toEqual(['bronze', 'gold', 'silver']);
    expect(after.part('grants').for_each).toMatchObject(before.part('grants').for_each);
    expect(after.part('Default').required_resource_access.slice(0, 2)).toEqual(
      before.part('Default').required_resource_access,
    );
  });

  test('one removed changes its key and the declared permission, and nothing of the credentials', () => {
    const before = declared(three, credentials());
    const after = declared(
      (stack, instance) => three(stack, instance).filter(({ productId }) => productId !== 'silver'),
      credentials(),
    );
    const { silver: _, ...others } = before.part('grants').for_each;

    expect(changes(before.terraform, after.terraform)).toEqual([
      `${addressOf(before.client, 'azuread_app_role_assignment', 'grants')}: for_each`,
      'azuread_application.partner: required_resource_access',
    ]);
    expect(after.part('grants').for_each).toEqual(others);
  });

  test('the first one of its kind leaves the other kind as it is', () => {
    const before = declared(undefined, credentials());
    const after = declared(
      (stack, instance) => [newOwnProduct(stack, instance), apimManaged(stack, instance)],
      credentials(),
    );

    expect(after.part('grants')).toEqual(before.part('grants'));
    expect(changes(before.terraform, after.terraform).filter((change) => !/silver/.test(change))).toEqual([
      `+ ${addressOf(after.client, 'azuread_app_role_assignment', 'apim-managed-grants')}`,
      'azuread_application.partner: required_resource_access',
      `+ ${addressOf(after.client, 'terraform_data', 'granted-products')}`,
    ]);
  });

  test.each<[string, (stack: TerraformStack, instance: IApimInstance, description: string) => OAuthProduct, string]>([
    [
      'apimManaged',
      (stack, instance, description) => newProduct(stack, instance, 'gold', { description }),
      'azapi_resource.gold: body',
    ],
    [
      'entraApplication',
      (stack, instance, description) => newOwnProduct(stack, instance, 'gold', { description }),
      'azapi_resource.gold: body',
    ],
    [
      'gatewayPolicy',
      (stack, instance, description) =>
        newProduct(stack, instance, 'gold', { description, authorization: ProductAuthorization.gatewayPolicy() }),
      'azapi_resource.gold: body',
    ],
    [
      'onExisting',
      (stack, instance, description) =>
        OAuthProduct.onExisting(stack, 'gold', { instance, productId: 'gold', displayName: 'Gold', description }),
      'azapi_update_resource.gold: body',
    ],
  ])('a product of %s that is edited changes its own block only', (_, product, change) => {
    const [before, after] = ['old', 'new'].map((description) =>
      declared((stack, instance) => [product(stack, instance, description)], credentials()),
    );

    expect(changes(before.terraform, after.terraform)).toEqual([change]);
  });

  test('nothing of a grant comes from an answer that an edit makes unknown, unless it is left as it is', () => {
    const { part } = declared((stack, instance) => [newOwnProduct(stack, instance), apimManaged(stack, instance)]);

    expect(JSON.stringify(part('grants'))).not.toMatch(/azapi_/);
    expect(part('apim-managed-grants').lifecycle.ignore_changes).toEqual(['app_role_id', 'resource_object_id']);
  });

  test('grantAccess in any order makes the same keys', () => {
    const inOrder = declared(three);
    const later = declared(
      (stack, instance) => [newOwnProduct(stack, instance, 'bronze')],
      undefined,
      undefined,
      ({ client, stack, instance }) => {
        for (const id of ['silver', 'gold']) {
          client.grantAccess(newOwnProduct(stack, instance, id));
        }
      },
    );

    expect(Object.keys(later.part('grants').for_each).sort()).toEqual(
      Object.keys(inOrder.part('grants').for_each).sort(),
    );
    expect(later.part('grants').for_each).toEqual(inOrder.part('grants').for_each);
  });

  test('one product twice is refused, and so is one of another instance', () => {
    declared(undefined, undefined, undefined, ({ client, stack }) => {
      const foreign = newOwnProduct(stack, newPlainInstance(stack, 'other', 'contoso-other'), 'silver');

      expect(errorOf(() => client.grantAccess(stack.node.findChild('gold') as OAuthProduct))).toBe(
        'stack/partner.grantAccess: product: must not contain the same product twice, got stack/gold again',
      );
      expect(errorOf(() => client.grantAccess(foreign))).toBe(
        'stack/partner.grantAccess: product: stack/silver belongs to instance contoso-other, the application to contoso-apim; both must belong to the same',
      );
    });
  });

  describe('that exist already', () => {
    const ID = '/servicePrincipals/66666666-6666-6666-6666-666666666666/appRoleAssignedTo/AbC';

    test('are imported under their key, each in the resource that holds its kind', () => {
      const { client, terraform } = declared(
        (stack, instance) => [newOwnProduct(stack, instance), apimManaged(stack, instance)],
        undefined,
        undefined,
        (declaration) => {
          for (const id of ['silver', 'gold']) {
            declaration.client.importGrant(declaration.stack.node.findChild(id) as OAuthProduct, ID);
          }
        },
      );

      expect(terraform.import).toHaveLength(3);
      expect(terraform.import).toEqual(
        expect.arrayContaining([
          { to: `${addressOf(client, 'terraform_data', 'granted-products')}["silver"]`, id: 'silver' },
          { to: `${addressOf(client, 'azuread_app_role_assignment', 'grants')}["gold"]`, id: ID },
          { to: `${addressOf(client, 'azuread_app_role_assignment', 'apim-managed-grants')}["silver"]`, id: ID },
        ]),
      );
      expect(terraform.terraform.required_version).toBe('>= 1.5');
    });

    test('but are not granted here are refused', () => {
      declared(undefined, undefined, undefined, ({ client, stack, instance }) => {
        expect(errorOf(() => client.importGrant(newOwnProduct(stack, instance, 'silver'), ID))).toBe(
          'stack/partner.importGrant: product: stack/silver is not granted; call grantAccess first',
        );
      });
    });
  });
});

describe('several credentials', () => {
  const all = () => [
    newCredential('one'),
    ClientCredential.gitHubActions({ organization: 'contoso', repository: 'import', branch: 'main' }),
    ClientCredential.managedIdentity({ principalId: OWNER_ID }),
    ClientCredential.keyVaultCertificate({ keyVaultId: VAULT, certificateName: 'two' }),
    ClientCredential.password({ keyVaultId: VAULT, secretName: 'three' }),
  ];

  test.each(all().map((_, at) => at))('adding the one at %i changes no other block', (at) => {
    const before = declared(
      undefined,
      all().filter((_, other) => other !== at),
    );
    const after = declared(undefined, all());
    const found = changes(before.terraform, after.terraform);

    expect(found.every((change) => change.startsWith('+ '))).toBe(true);
    expect(found).toHaveLength([1, 1, 1, 4, 5][at]);
  });

  test('in another order are the same blocks', () => {
    expect(changes(declared(undefined, all()).terraform, declared(undefined, all().reverse()).terraform)).toEqual([]);
  });

  test('are all in the manifest, the first as the one to use, and none is a secret', () => {
    const { terraform } = declared(undefined, all(), undefined, ({ stack, client }) => {
      new AccessManifest(stack, 'access', { applications: [client] });
    });
    const { credential } = terraform.output.oauth_access.value.applications.partner;
    const { others, ...first } = credential;

    expect(first).toEqual({
      kind: 'federated',
      issuer: 'https://issuer.example',
      subject: 'workload',
      audiences: ['api://AzureADTokenExchange'],
    });
    expect(others.map(({ kind }: { kind: string }) => kind)).toEqual([
      'federated',
      'federated',
      'keyVaultCertificate',
      'keyVaultSecret',
    ]);
    expect(JSON.stringify(credential)).not.toMatch(/\.value\b|\.key\b|value_wo/);
    expect(terraform.output.oauth_access.sensitive).toBeUndefined();
  });

  test('one alone has no others', () => {
    const { terraform } = declared(undefined, undefined, undefined, ({ stack, client }) => {
      new AccessManifest(stack, 'access', { applications: [client] });
    });

    expect(Object.keys(terraform.output.oauth_access.value.applications.partner.credential).sort()).toEqual([
      'audiences',
      'issuer',
      'kind',
      'subject',
    ]);
  });
});

describe('several clients', () => {
  const stored = (client: string, kind: string, name: string) =>
    `stack/${client}: registration: "${name}" is stored in the same vault by ${kind} already; use another name`;
  const password = (secretName: string, keyVaultId = VAULT) => ClientCredential.password({ keyVaultId, secretName });
  const certificate = (certificateName: string, keyVaultId = VAULT) =>
    ClientCredential.keyVaultCertificate({ keyVaultId, certificateName });

  test.each<[string, ClientCredential, ClientCredential, string]>([
    ['secret', password('one'), password('one'), 'one'],
    [
      'secret in other cases',
      password('one'),
      password('ONE', VAULT.toUpperCase().replace('/SUBSCRIPTIONS/', '/subscriptions/')),
      'ONE',
    ],
    ['certificate', certificate('one'), certificate('one'), 'one'],
    ['certificate and secret, since a certificate is a secret too', certificate('one'), password('one'), 'one'],
  ])('fail when they have the same %s in one vault', (_, first, second, name) => {
    declared(undefined, [first], undefined, ({ stack, instance }) => {
      const gold = stack.node.findChild('gold') as OAuthProduct;
      const other = () => newEntraClient(stack, instance, [gold], [second], { displayName: 'Other' }, 'other');

      expect(errorOf(other)).toBe(stored('other', 'stack/partner', name));
    });
  });

  test('may have the same name in different vaults, and different names in one', () => {
    const { terraform } = declared(
      undefined,
      [password('one'), certificate('two')],
      undefined,
      ({ stack, instance }) => {
        const gold = stack.node.findChild('gold') as OAuthProduct;
        newEntraClient(
          stack,
          instance,
          [gold],
          [password('one', `${VAULT}2`), certificate('three')],
          { displayName: 'Other' },
          'other',
        );
      },
    );

    expect(counts(terraform)).toMatchObject({
      azurerm_key_vault_secret: 2,
      azurerm_key_vault_certificate: 2,
      azuread_application: 3,
    });
  });

  test('one client with a secret and a certificate of one name in one vault fails', () => {
    expect(errorOf(() => declared(undefined, [password('one'), certificate('one')]))).toBe(
      stored('partner', 'stack/partner', 'one'),
    );
  });

  test('share a registration as a recipe, and no block', () => {
    const registration = ClientRegistration.entra({ credentials: [newCredential()] });
    const { terraform } = declared(undefined, undefined, { registration }, ({ stack, instance }) => {
      newClient(stack, instance, 'other', {
        displayName: 'Other',
        ownerUserId: undefined,
        registration,
        products: [stack.node.findChild('gold') as OAuthProduct],
      });
    });

    expect(counts(terraform)).toMatchObject({
      azuread_application: 3,
      azuread_application_federated_identity_credential: 2,
      azuread_app_role_assignment: 2,
    });
    expect(counts(terraform)['data.azuread_client_config']).toBe(1);
  });

  test('synthesizing twice gives the same bytes', () => {
    const { stack } = declared();

    expect(synthText(stack)).toBe(synthText(stack));
  });
});

describe('every pair of authorization and registration', () => {
  type MakeProduct = (
    stack: TerraformStack,
    instance: IApimInstance,
    authorization: ProductAuthorization,
  ) => IOAuthProduct;
  const products: [string, MakeProduct][] = [
    ['OAuthProduct', (stack, instance, authorization) => newProduct(stack, instance, 'gold', { authorization })],
    [
      'onExisting',
      (stack, instance, authorization) =>
        OAuthProduct.onExisting(stack, 'gold', { instance, productId: 'gold', displayName: 'Gold', authorization }),
    ],
  ];
  const authorizations: [string, () => ProductAuthorization][] = [
    ['apimManaged', () => ProductAuthorization.apimManaged()],
    ['entraApplication', () => ProductAuthorization.entraApplication()],
    ['gatewayPolicy', () => ProductAuthorization.gatewayPolicy()],
  ];
  const registrations: [string, () => ClientRegistration][] = [
    ['apimManaged', () => ClientRegistration.apimManaged()],
    ['entra', () => ClientRegistration.entra({ credentials: [newCredential()] })],
  ];
  const pairs = products.flatMap(([way, make]) =>
    authorizations.flatMap(([authorization, authorize]) =>
      registrations.map(([registration, register]) => ({
        way,
        authorization,
        registration,
        make,
        authorize,
        register,
      })),
    ),
  );
  const REFUSED =
    'ClientRegistration.apimManaged() cannot be linked to a product with ProductAuthorization.gatewayPolicy(); ' +
    'use ClientRegistration.entra() for the client or another authorization for the product';
  const refused = ({ authorization, registration }: (typeof pairs)[number]) =>
    authorization === 'gatewayPolicy' && registration === 'apimManaged';

  test.each(pairs.filter((pair) => !refused(pair)))(
    '$way with $authorization and a client of $registration: one grant',
    ({ make, authorize, register }) => {
      const stack = newStack();
      const instance = newInstance(stack);
      const client = newClient(stack, instance, 'partner', {
        products: [make(stack, instance, authorize())],
        registration: register(),
      });
      const terraform = synth(stack);
      const grants = ['grants', 'apim-managed-grants'].filter((id) => client.node.tryFindChild(id) !== undefined);

      expect(grants).toHaveLength(1);
      expect(Object.keys(blockOf(terraform, child(client, grants[0])).for_each)).toEqual(['gold']);
    },
  );

  test.each(pairs.filter(refused))(
    '$way with $authorization and a client of $registration is refused',
    ({ make, authorize, register }) => {
      const stack = newStack();
      const instance = newInstance(stack);
      const product = make(stack, instance, authorize());
      const client = newClient(stack, instance, 'later', { displayName: 'Later', registration: register() });

      expect(
        errorOf(() => newClient(stack, instance, 'partner', { products: [product], registration: register() })),
      ).toBe(`stack/partner: products: stack/gold: ${REFUSED}`);
      expect(errorOf(() => client.grantAccess(product))).toBe(
        `stack/later.grantAccess: product: stack/gold: ${REFUSED}`,
      );
    },
  );

  test.each(registrations)('a product that is only read takes clients of %s', (_, register) => {
    const stack = newStack();
    const instance = newInstance(stack);
    const product = OAuthProduct.fromProductId(stack, 'gold', { instance, productId: 'gold', displayName: 'Gold' });
    const client = newClient(stack, instance, 'partner', { products: [product], registration: register() });

    expect(Object.keys(blockOf(synth(stack), child(client, 'grants')).for_each)).toEqual(['gold']);
  });
});
