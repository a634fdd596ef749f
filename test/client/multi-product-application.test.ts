import { ApiManagementUser } from '@cdktf/provider-azurerm/lib/api-management-user';
import { TerraformOutput, TerraformVariable } from 'cdktf';
import {
  ApimInstanceWithIdentity,
  DirectoryRole,
  MultiProductApplication,
  MultiProductApplicationProps,
  OAuthProduct,
  ProductAuthorization,
} from '../../lib';
import {
  blockOf,
  child,
  counts,
  errorOf,
  metadataOf,
  newClient,
  newInstance,
  newProduct,
  newStack,
  OWNER,
  SUBSCRIPTION,
  synth,
  synthText,
  untyped,
} from '../support';

const RETRY = {
  error_message_regex: ['Application Administrator', 'Insufficient privileges', 'Authorization_RequestDenied'],
  interval_seconds: 10,
  max_interval_seconds: 60,
};
const LINK = 'Microsoft.ApiManagement/service/clientApplications/productLinks@2024-10-01-preview';

function declared(
  props: Partial<MultiProductApplicationProps> = {},
  then: (client: MultiProductApplication) => void = () => undefined,
) {
  const stack = newStack();
  const apim = newInstance(stack);
  const gold = newProduct(stack, apim, 'gold', { reviewRegistration: false });
  const client = newClient(stack, apim, 'partner', { products: [gold], ...props });
  then(client);
  return { stack, apim, gold, client };
}

describe('MultiProductApplication', () => {
  test('default setup', () => {
    const { stack, apim, client } = declared();
    const terraform = synth(stack);

    expect(counts(terraform)).toEqual({
      azurerm_api_management: 1,
      'data.azapi_resource': 1,
      azuread_directory_role: 1,
      azuread_directory_role_assignment: 1,
      azapi_resource: 3,
      azurerm_api_management_product_api: 1,
    });
    expect(blockOf(terraform, child(client, 'Default'))).toEqual({
      type: 'Microsoft.ApiManagement/service/clientApplications@2024-10-01-preview',
      parent_id: '${azurerm_api_management.apim.id}',
      name: 'partner',
      body: { properties: { displayName: 'Partner', ownerId: OWNER } },
      response_export_values: { clientId: 'properties.entraApplicationId', tenantId: 'properties.entraTenantId' },
      retry: RETRY,
      depends_on: [`azuread_directory_role_assignment.${child(apim, 'directory-role-assignment').friendlyUniqueId}`],
    });
    expect(blockOf(terraform, child(client, 'grants'))).toEqual({
      type: LINK,
      parent_id: '${azapi_resource.partner.id}',
      name: '${each.key}',
      body: { properties: { productId: '${each.value}' } },
      for_each: { gold: '${azapi_resource.gold.id}' },
      replace_triggers_external_values: '${each.value}',
      response_export_values: [],
      // Registrations made in the same apply; not a product that does not exist.
      retry: {
        error_message_regex: [
          ...RETRY.error_message_regex,
          "Resource '[0-9a-f-]{36}' does not exist",
          'was not found in tenant',
          'service principal .*does not exist',
        ],
        interval_seconds: 5,
        max_interval_seconds: 60,
      },
    });
    expect(terraform.ephemeral).toBeUndefined();
    expect(terraform.variable).toBeUndefined();
    expect(terraform.terraform.required_version).toBeUndefined();
    expect(child(client, 'Default').friendlyUniqueId).toBe('partner');
    expect(client.node.defaultChild).toBe(child(client, 'Default'));
  });

  test('attributes', () => {
    const { stack, client } = declared();
    const { clientId, tenantId, tokenEndpoint, applicationName, displayName } = client;
    new TerraformOutput(stack, 'out', { value: { clientId, tenantId, tokenEndpoint, applicationName, displayName } });
    const tenant =
      '${coalesce(azapi_resource.partner.output.tenantId, coalesce(try(azurerm_api_management.apim.identity[0].tenant_id, null), data.azapi_resource.apim_identity-after_3B255C09.output.tenantId))}';

    expect(synth(stack).output.out.value).toEqual({
      clientId: '${azapi_resource.partner.output.clientId}',
      tenantId: tenant,
      tokenEndpoint: `https://login.microsoftonline.com/${tenant}/oauth2/v2.0/token`,
      applicationName: 'partner',
      displayName: 'Partner',
    });
  });

  test.each<[string, Partial<MultiProductApplicationProps>, object]>([
    [
      'description',
      { description: 'Nightly ${x} import' },
      { body: { properties: { displayName: 'Partner', ownerId: OWNER, description: 'Nightly $${x} import' } } },
    ],
    [
      'displayName',
      { displayName: 'Contoso %{Partner}' },
      { name: 'partner', body: { properties: { displayName: 'Contoso %%{Partner}', ownerId: OWNER } } },
    ],
    ['applicationName', { applicationName: 'Partner_2' }, { name: 'Partner_2' }],
    [
      'the longest displayName',
      { displayName: 'x'.repeat(105) },
      { body: { properties: { displayName: 'x'.repeat(105), ownerId: OWNER } } },
    ],
  ])('%s', (_, props, expected) => {
    const { stack, client } = declared(props);
    expect(blockOf(synth(stack), child(client, 'Default'))).toMatchObject(expected);
  });

  test('the owner may be a user of the same program', () => {
    const stack = newStack();
    const apim = newInstance(stack);
    const jane = new ApiManagementUser(stack, 'jane', {
      userId: 'jane',
      apiManagementName: apim.instanceName,
      resourceGroupName: 'rg',
      firstName: 'Jane',
      lastName: 'Doe',
      email: 'jane@contoso.com',
    });
    const client = newClient(stack, apim, 'partner', { ownerUserId: jane.id, products: [newProduct(stack, apim)] });

    expect(blockOf(synth(stack), child(client, 'Default')).body.properties.ownerId).toBe(
      '${azurerm_api_management_user.jane.id}',
    );
  });

  test('the owner is compared without regard to case', () => {
    const { client } = declared({
      ownerUserId: OWNER.replace('contoso-apim', 'Contoso-APIM').replace('resourceGroups/rg', 'resourcegroups/RG'),
    });
    expect(client.applicationName).toBe('partner');
  });

  test('the block says where the program declared it', () => {
    const stack = newStack();
    const apim = newInstance(stack);
    const client = new MultiProductApplication(stack, 'partner', {
      instance: apim,
      displayName: 'Partner',
      ownerUserId: OWNER,
      products: [newProduct(stack, apim)],
    });

    expect(metadataOf(synth(stack), child(client, 'Default')).source).toMatch(
      /^test\/client\/multi-product-application\.test\.ts:\d+$/,
    );
  });

  describe('grants', () => {
    test('a grant added is one more key, and nothing else changes', () => {
      const programme = (more: boolean) => {
        const stack = newStack();
        const apim = newInstance(stack);
        const [gold, silver] = ['Gold', 'Silver'].map((displayName) =>
          newProduct(stack, apim, displayName.toLowerCase(), { displayName, reviewRegistration: false }),
        );
        const client = newClient(stack, apim, 'partner', { products: [gold] });
        if (more) {
          client.grantAccess(silver);
        }
        return { terraform: synth(stack), client };
      };
      const [before, after] = [programme(false), programme(true)];
      const grants = blockOf(after.terraform, child(after.client, 'grants'));

      expect(grants.for_each).toEqual({ gold: '${azapi_resource.gold.id}', silver: '${azapi_resource.silver.id}' });
      expect({ ...grants, for_each: undefined }).toEqual({
        ...blockOf(before.terraform, child(before.client, 'grants')),
        for_each: undefined,
      });
      expect(blockOf(after.terraform, child(after.client, 'Default'))).toEqual(
        blockOf(before.terraform, child(before.client, 'Default')),
      );
      expect(counts(after.terraform)).toEqual(counts(before.terraform));
    });

    test('grantAccess alone, in any order, makes the same Terraform', () => {
      const programme = (order: number[]) => {
        const stack = newStack();
        const apim = newInstance(stack);
        const products = ['a', 'b', 'c'].map((id) => newProduct(stack, apim, id, { displayName: id }));
        const client = newClient(stack, apim);
        for (const at of order) {
          client.grantAccess(products[at]);
        }
        const terraform = synth(stack);
        return { ...terraform.resource.azapi_resource, partner: undefined };
      };
      const strip = (value: object) =>
        JSON.parse(JSON.stringify(value, (key, inner) => (key === '//' ? undefined : inner)));

      expect(strip(programme([2, 0, 1]))).toEqual(strip(programme([0, 1, 2])));
    });

    test('a product whose id is a token is keyed by its path, and the link is still called after the product', () => {
      const { stack, apim, client } = declared();
      const productId = new TerraformVariable(stack, 'id', {}).stringValue;
      client.grantAccess(newProduct(stack, apim, 'other', { productId }));

      expect(blockOf(synth(stack), child(client, 'grants'))).toMatchObject({
        name: '${basename(each.value)}',
        for_each: { gold: '${azapi_resource.gold.id}', other: '${azapi_resource.other.id}' },
      });
    });

    test('a product that was made elsewhere is linked once its setting is written', () => {
      const stack = newStack();
      const apim = newInstance(stack);
      const starter = OAuthProduct.onExisting(stack, 'starter', {
        instance: apim,
        productId: 'orders',
        displayName: 'Starter',
      });
      const client = newClient(stack, apim, 'partner', { products: [starter] });

      expect(blockOf(synth(stack), child(client, 'grants'))).toMatchObject({
        for_each: { orders: '${azurerm_api_management.apim.id}/products/orders' },
        depends_on: ['azapi_update_resource.starter'],
      });
    });

    test('a product that is only read', () => {
      const stack = newStack();
      const apim = ApimInstanceWithIdentity.fromExisting(stack, 'apim', {
        name: 'contoso-apim',
        resourceGroupName: 'rg',
      });
      const gold = OAuthProduct.fromProductId(stack, 'gold', {
        instance: apim,
        productId: 'gold',
        displayName: 'Gold',
      });
      const client = newClient(stack, apim, 'partner', { products: [gold] });
      const terraform = synth(stack);

      expect(blockOf(terraform, child(client, 'grants')).for_each).toEqual({ gold: '${data.azapi_resource.gold.id}' });
      expect(blockOf(terraform, child(client, 'Default')).depends_on).toBeUndefined();
    });

    test('two constructs for the same instance are the same instance', () => {
      const stack = newStack();
      const made = newInstance(stack);
      const read = ApimInstanceWithIdentity.fromExisting(stack, 'read', {
        name: 'CONTOSO-apim',
        resourceGroupName: 'Rg',
      });
      const client = newClient(stack, read, 'partner', { products: [newProduct(stack, made)] });

      expect(blockOf(synth(stack), child(client, 'Default')).parent_id).toBe('${data.azapi_resource.read.id}');
    });

    test('an instance whose name is a token may be the same', () => {
      const stack = newStack();
      const name = new TerraformVariable(stack, 'name', {}).stringValue;
      const made = newInstance(stack);
      const read = ApimInstanceWithIdentity.fromExisting(stack, 'read', { name, resourceGroupName: 'rg' });
      const client = newClient(stack, read, 'partner', { products: [newProduct(stack, made)], ownerUserId: OWNER });

      expect(client.applicationName).toBe('partner');
    });

    test("the caller's list is not kept", () => {
      const stack = newStack();
      const apim = newInstance(stack);
      const products = [newProduct(stack, apim)];
      const client = newClient(stack, apim, 'partner', { products });
      products.push(newProduct(stack, apim, 'late', { productId: 'late' }));

      expect(blockOf(synth(stack), child(client, 'grants')).for_each).toEqual({ gold: '${azapi_resource.gold.id}' });
    });
  });

  describe('grants that cannot be', () => {
    test('of a product twice, in the list and later', () => {
      const { gold, client, stack, apim } = declared();

      expect(errorOf(() => client.grantAccess(gold))).toBe(
        'stack/partner.grantAccess: product: must not contain the same product twice, got stack/gold again',
      );
      expect(errorOf(() => newClient(stack, apim, 'two', { products: [gold, gold] }))).toBe(
        'stack/two: products: must not contain the same product twice, got stack/gold again',
      );
    });

    test('of one product by two constructs, in whatever case', () => {
      const { client, stack, apim } = declared();
      const read = OAuthProduct.fromProductId(stack, 'read', {
        instance: apim,
        productId: 'GOLD',
        displayName: 'Gold',
      });

      expect(errorOf(() => client.grantAccess(read))).toBe(
        'stack/partner.grantAccess: product: must not contain the same product twice, got stack/read again',
      );
    });

    test.each<[string, Partial<Parameters<typeof newInstance>[2]>, string]>([
      ['of another name', { name: 'contoso-other' }, 'contoso-other'],
      ['of another resource group', { resourceGroupName: 'other' }, 'contoso-apim'],
    ])('of a product of an instance %s', (_, props, label) => {
      const { stack, client, apim, gold } = declared();
      const foreign = newProduct(stack, newInstance(stack, 'other', props), 'foreign');
      const problem = `stack/foreign belongs to instance ${label}, the application to contoso-apim; both must belong to the same`;

      expect(errorOf(() => client.grantAccess(foreign))).toBe(`stack/partner.grantAccess: product: ${problem}`);
      expect(errorOf(() => newClient(stack, apim, 'two', { products: [gold, foreign] }))).toBe(
        `stack/two: products: ${problem}`,
      );
    });

    test('of a product of another instance whose name is a token', () => {
      const { stack, client } = declared();
      const name = new TerraformVariable(stack, 'name', {}).stringValue;
      const foreign = newProduct(stack, newInstance(stack, 'other', { name }), 'foreign');

      expect(errorOf(() => client.grantAccess(foreign))).toBe(
        'stack/partner.grantAccess: product: stack/foreign belongs to instance stack/other, the application to contoso-apim; both must belong to the same',
      );
    });

    test('of a product that a policy guards', () => {
      const { stack, apim, client } = declared();
      const guarded = newProduct(stack, apim, 'guarded', {
        displayName: 'Guarded',
        authorization: ProductAuthorization.gatewayPolicy(),
      });

      expect(errorOf(() => client.grantAccess(guarded))).toBe(
        'stack/partner.grantAccess: product: stack/guarded: ClientRegistration.apimManaged() cannot be linked to a product with ProductAuthorization.gatewayPolicy(); ' +
          'use ClientRegistration.entra() for the client or another authorization for the product',
      );
    });

    test.each<[unknown, string]>([
      [undefined, 'undefined'],
      [null, 'null'],
      ['gold', '"gold"'],
    ])('of %j', (product, got) => {
      const { client, stack, apim } = declared();

      expect(errorOf(() => client.grantAccess(untyped(product)))).toBe(
        `stack/partner.grantAccess: product: must be a product, got ${got}`,
      );
      expect(errorOf(() => newClient(stack, apim, 'two', { products: untyped([product]) }))).toBe(
        `stack/two: products: must be a product, got ${got}`,
      );
    });
  });

  test('without any product, synthesis fails', () => {
    const { stack } = declared({ products: [] });

    expect(errorOf(() => synth(stack))).toMatch(
      /\[stack\/partner\] products: the application is granted no product; give products or call grantAccess/,
    );
  });

  test('granted later, synthesis passes', () => {
    const { stack, gold } = declared({ products: undefined }, () => undefined);
    (stack.node.findChild('partner') as MultiProductApplication).grantAccess(gold);

    expect(counts(synth(stack)).azapi_resource).toBe(3);
  });

  describe('importGrant', () => {
    const ID = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.ApiManagement/service/contoso-apim/clientApplications/partner/productLinks/gold`;

    test('renders the key, and needs Terraform 1.5', () => {
      const { stack, client, gold } = declared();
      client.importGrant(gold, ID);
      const terraform = synth(stack);

      expect(terraform.import).toEqual([
        {
          to: `azapi_resource.${child(client, 'grants').friendlyUniqueId}["gold"]`,
          id: `${ID}?api-version=2024-10-01-preview`,
        },
      ]);
      expect(blockOf(terraform, child(client, 'grants')).for_each).toEqual({ gold: '${azapi_resource.gold.id}' });
      expect(terraform.terraform.required_version).toBe('>= 1.5');
    });

    test('of a product whose id is a token, by its path', () => {
      const { stack, apim, client } = declared();
      const other = newProduct(stack, apim, 'other', { productId: new TerraformVariable(stack, 'id', {}).stringValue });
      client.grantAccess(other);
      client.importGrant(other, ID);

      expect(synth(stack).import).toEqual([
        {
          to: `azapi_resource.${child(client, 'grants').friendlyUniqueId}["other"]`,
          id: `${ID}?api-version=2024-10-01-preview`,
        },
      ]);
    });

    test('fails for a product that is not granted', () => {
      const { stack, apim, client } = declared();
      const silver = newProduct(stack, apim, 'silver', { displayName: 'Silver' });

      expect(errorOf(() => client.importGrant(silver, ID))).toBe(
        'stack/partner.importGrant: product: stack/silver is not granted; call grantAccess first',
      );
    });

    test('fails for a product twice', () => {
      const { client, gold } = declared();
      client.importGrant(gold, ID);

      expect(errorOf(() => client.importGrant(gold, ID))).toBe(
        'stack/partner.importGrant: product: stack/gold is imported already; give each product once',
      );
    });

    test.each<[unknown, string]>([
      ['', '""'],
      [undefined, 'undefined'],
      ['gold', '"gold"'],
    ])('fails when the id is %j', (id, got) => {
      const { client, gold } = declared();

      expect(errorOf(() => client.importGrant(gold, untyped(id)))).toBe(
        `stack/partner.importGrant: id: must be the full resource id of the product link, /subscriptions/…/clientApplications/<name>/productLinks/<name>, got ${got}`,
      );
    });
  });

  describe('ownerUserId', () => {
    const FULL =
      'must be the full resource id of a user of the instance, /subscriptions/…/providers/Microsoft.ApiManagement/service/<instance>/users/<user>';
    test.each<[string, unknown, string]>([
      [
        'left out',
        undefined,
        'is required for ClientRegistration.apimManaged(), give the full resource id of a user of the instance',
      ],
      ['null', null, `${FULL}, got null`],
      ['relative', '/users/jane', `${FULL}, got "/users/jane"`],
      [
        'of another instance',
        OWNER.replace('contoso-apim', 'contoso-other'),
        'must be a user of instance contoso-apim, got one of contoso-other',
      ],
      [
        'of another resource group',
        OWNER.replace('/rg/', '/other/'),
        'must be a user of instance contoso-apim, got one of contoso-apim',
      ],
    ])('fails when it is %s', (_, ownerUserId, problem) => {
      expect(errorOf(() => declared(untyped({ ownerUserId })))).toBe(`stack/partner: ownerUserId: ${problem}`);
    });

    test('on an instance whose name is a token, any user may be of it', () => {
      const stack = newStack();
      const name = new TerraformVariable(stack, 'name', {}).stringValue;
      const apim = newInstance(stack, 'apim', { name });

      expect(newClient(stack, apim, 'partner', { products: [newProduct(stack, apim)] }).applicationName).toBe(
        'partner',
      );
    });
  });

  const NAME = 'must have 1 to 105 characters and not be blank';
  const ENTRA = 'Entra calls the application APIMApplication<display name>, at most 120 characters';
  test.each<[string, object, string[]]>([
    ['no name', { displayName: '', applicationName: 'x' }, [`displayName: ${NAME}, got ""; ${ENTRA}`]],
    [
      'a long name',
      { displayName: 'x'.repeat(106) },
      [`displayName: ${NAME}, got "${'x'.repeat(80)}"…"${'x'.repeat(26)}" (106 characters); ${ENTRA}`],
    ],
    [
      'a malformed applicationName',
      { applicationName: 'a b' },
      [
        'applicationName: must contain only letters, digits, dashes and underscores, start and end with a letter or digit and have at most 256 characters, got "a b"',
      ],
    ],
    [
      'a long description',
      { description: 'x'.repeat(1001) },
      [`description: must have at most 1000 characters, got "${'x'.repeat(80)}"…"${'x'.repeat(40)}" (1001 characters)`],
    ],
    ['one product instead of a list', { products: 5 }, ['products: must be a list, got 5']],
    ['no instance', { instance: undefined }, ['instance: must be an API Management instance, got undefined']],
    [
      'several mistakes at once',
      { displayName: undefined, description: 5, ownerUserId: '' },
      [
        `displayName: ${NAME}, got undefined; ${ENTRA}`,
        'description: must have at most 1000 characters, got 5',
        'ownerUserId: must be the full resource id of a user of the instance, /subscriptions/…/providers/Microsoft.ApiManagement/service/<instance>/users/<user>, got ""',
      ],
    ],
  ])('fails when given %s', (_, props, lines) => {
    expect(errorOf(() => declared(untyped(props)))).toBe(lines.map((line) => `stack/partner: ${line}`).join('\n'));
  });

  test.each([
    ['partner', 'partner'],
    ['Contoso Partner', 'contoso-partner'],
    ['orders_v2', 'orders-v2'],
  ])('the name in Azure comes from the construct id %p and stays when the client is renamed', (id, applicationName) => {
    const names = ['Partner', 'Renamed'].map((displayName) => {
      const stack = newStack();
      const apim = newInstance(stack);
      const client = newClient(stack, apim, id, { displayName, products: [newProduct(stack, apim)] });
      return [client.applicationName, blockOf(synth(stack), client.node.defaultChild!).name];
    });

    expect(names).toEqual([
      [applicationName, applicationName],
      [applicationName, applicationName],
    ]);
  });

  test.each([
    ['_金', 'no letter or digit is left of it'],
    [
      `_${'㏂'.repeat(105)}`,
      'must contain only letters, digits, dashes and underscores, start and end with a letter or digit and have at most 256 characters, ' +
        `got "${'a-m-'.repeat(20)}"…"${'-a-m'.repeat(10).replace(/^-/, '-')}" (419 characters)`,
    ],
  ])('fails when no name in Azure can be made from the construct id', (id, problem) => {
    const { stack, apim, gold } = declared();
    const shown =
      id.length > 80
        ? `"${id.slice(0, 80)}"…"${id.slice(Math.max(80, id.length - 40))}" (${id.length} characters)`
        : JSON.stringify(id);

    expect(errorOf(() => newClient(stack, apim, id, { products: [gold] }))).toBe(
      `stack/${id}: applicationName: cannot be made from the construct's id ${shown} (${problem}); give applicationName`,
    );
    expect(newClient(stack, apim, `${id}2`, { applicationName: 'given', products: [gold] }).applicationName).toBe(
      'given',
    );
  });

  test('tokens as every text', () => {
    const { stack, apim, gold } = declared();
    const text = new TerraformVariable(stack, 'any', {}).stringValue;
    const client = newClient(stack, apim, 'two', {
      displayName: text,
      applicationName: text,
      description: `a ${text}`,
      ownerUserId: text,
      products: [gold],
    });

    expect(blockOf(synth(stack), child(client, 'Default'))).toMatchObject({
      name: '${var.any}',
      body: { properties: { displayName: '${var.any}', description: 'a ${var.any}', ownerId: '${var.any}' } },
    });
  });

  test('fails when the name is taken on the instance, not on another', () => {
    const { stack, apim, gold } = declared();
    const other = newInstance(stack, 'other', { name: 'contoso-other' });
    const elsewhere = newClient(stack, other, 'elsewhere', {
      applicationName: 'partner',
      ownerUserId: OWNER.replace('contoso-apim', 'contoso-other'),
      products: [newProduct(stack, other, 'g2')],
    });

    expect(elsewhere.applicationName).toBe('partner');
    expect(errorOf(() => newClient(stack, apim, 'two', { applicationName: 'PARTNER', products: [gold] }))).toBe(
      'stack/two: applicationName: "PARTNER" is declared by stack/partner already; give each application of an instance a name of its own',
    );
  });

  test('two in one stack', () => {
    const { stack, apim, gold, client } = declared();
    const two = newClient(stack, apim, 'two', { displayName: 'Two', products: [gold] });
    const terraform = synth(stack);

    expect(counts(terraform).azapi_resource).toBe(5);
    expect([client, two].map((one) => blockOf(terraform, child(one, 'grants')))).toMatchObject([
      { parent_id: '${azapi_resource.partner.id}', for_each: { gold: '${azapi_resource.gold.id}' } },
      { parent_id: '${azapi_resource.two.id}', for_each: { gold: '${azapi_resource.gold.id}' } },
    ]);
  });

  test('an instance without a role of this program orders nothing', () => {
    const stack = newStack();
    const apim = newInstance(stack, 'apim', { directoryRole: DirectoryRole.none() });
    const client = newClient(stack, apim, 'partner', { products: [newProduct(stack, apim)] });

    expect(blockOf(synth(stack), child(client, 'Default')).depends_on).toBeUndefined();
  });

  test('overrides of element and stack reach the grants', () => {
    const { stack, client } = declared();
    child(client, 'grants').addOverride('timeouts.create', '3m');
    stack.addOverride(`resource.azapi_resource.${child(client, 'grants').friendlyUniqueId}.locks`, ['y']);

    expect(blockOf(synth(stack), child(client, 'grants'))).toMatchObject({
      name: '${each.key}',
      for_each: { gold: '${azapi_resource.gold.id}' },
      timeouts: { create: '3m' },
      locks: ['y'],
    });
  });

  test('synthesizing twice gives the same bytes', () => {
    const { stack } = declared();
    expect(synthText(stack)).toBe(synthText(stack));
  });

  test('the same program makes the same bytes', () => {
    const programme = () => {
      const { stack, client } = declared();
      client.storeClientSecret({ keyVaultId: new TerraformVariable(stack, 'vault', {}).stringValue, secretName: 'x' });
      return synthText(stack);
    };

    expect(programme()).toBe(programme());
  });
});
