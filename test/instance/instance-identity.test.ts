import { TerraformStack, TerraformVariable } from 'cdktf';
import { Construct } from 'constructs';
import {
  ApimInstanceWithIdentity,
  ClientCredential,
  ClientRegistration,
  IApimInstance,
  IOAuthProduct,
  ProductAuthorization,
} from '../../lib';
import {
  blockOf,
  child,
  errorOf,
  newClient,
  newInstance,
  newProduct,
  newStack,
  OWNER,
  SUBSCRIPTION,
  synth,
  TENANT,
} from '../support';

const INSTANCE_ID = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.ApiManagement/service/contoso-apim`;

/** An instance that a program describes itself, with the interface alone. */
class OwnInstance extends Construct implements IApimInstance {
  public readonly instanceId = INSTANCE_ID;
  public readonly principalId = TENANT;
  public readonly tenantId = TENANT;
  public readonly gatewayUrl = 'https://api.contoso.com';
  public readonly developerPortalUrl = 'https://developer.contoso.com';

  public constructor(
    scope: Construct,
    id: string,
    public readonly instanceName = 'contoso-apim',
    public readonly resourceGroupName = 'rg',
  ) {
    super(scope, id);
  }
}

/** A product that a program describes itself. */
class OwnProduct extends Construct implements IOAuthProduct {
  public readonly productId = 'own';
  public readonly resourceId = `${INSTANCE_ID}/products/own`;
  public readonly displayName = 'Own';
  public readonly applicationId = TENANT;
  public readonly audience = `api://${TENANT}`;
  public readonly scope = `api://${TENANT}/.default`;
  public readonly appRoleValue = 'Product.Own.All';
  public readonly appRoleId = TENANT;
  public readonly servicePrincipalId = TENANT;

  public constructor(
    parent: Construct,
    id: string,
    public readonly instance: IApimInstance,
  ) {
    super(parent, id);
  }
}

describe("an instance of the program's own", () => {
  test('carries products and applications', () => {
    const stack = newStack();
    const own = new OwnInstance(stack, 'own');
    const gold = newProduct(stack, own);
    const client = newClient(stack, own, 'partner', { products: [gold, new OwnProduct(stack, 'product', own)] });
    const terraform = synth(stack);

    expect(blockOf(terraform, child(gold, 'Default'))).toMatchObject({ parent_id: INSTANCE_ID, name: 'gold' });
    expect(blockOf(terraform, child(gold, 'Default')).depends_on).toBeUndefined();
    expect(blockOf(terraform, child(client, 'grants')).for_each).toEqual({
      gold: '${azapi_resource.gold.id}',
      own: `${INSTANCE_ID}/products/own`,
    });
  });

  test('is granted to a client that Terraform owns', () => {
    const stack = newStack();
    const own = new OwnInstance(stack, 'own');
    const credentials = [
      ClientCredential.gitHubActions({ organization: 'contoso', repository: 'orders', branch: 'main' }),
    ];
    const client = newClient(stack, own, 'partner', {
      ownerUserId: undefined,
      registration: ClientRegistration.entra({ credentials }),
      products: [new OwnProduct(stack, 'product', own)],
    });

    expect(JSON.stringify(synth(stack).resource.azuread_app_role_assignment)).toMatch(TENANT);
    expect(client.applicationName).toBe('partner');
  });
});

describe('the same instance', () => {
  const made = (stack: TerraformStack) => newInstance(stack);
  const variable = (stack: TerraformStack) => new TerraformVariable(stack, 'any', {}).stringValue;

  test.each<[string, (stack: TerraformStack) => IApimInstance, boolean]>([
    ['by its literal names', (stack) => new OwnInstance(stack, 'own'), true],
    ['by its literal names in other cases', (stack) => new OwnInstance(stack, 'own', 'CONTOSO-APIM', 'RG'), true],
    ['not by another name', (stack) => new OwnInstance(stack, 'own', 'contoso-other'), false],
    ['not by another resource group', (stack) => new OwnInstance(stack, 'own', 'contoso-apim', 'other'), false],
    ['perhaps, where its name is a token', (stack) => new OwnInstance(stack, 'own', variable(stack)), true],
    [
      'perhaps, where its group is a token',
      (stack) => new OwnInstance(stack, 'own', 'contoso-apim', variable(stack)),
      true,
    ],
    [
      'not where the group is a token and the name another',
      (stack) => new OwnInstance(stack, 'own', 'contoso-other', variable(stack)),
      false,
    ],
    [
      'perhaps, read by a token',
      (stack) =>
        ApimInstanceWithIdentity.fromExisting(stack, 'own', { name: variable(stack), resourceGroupName: 'rg' }),
      true,
    ],
    ['not made a second time, by a token', (stack) => newInstance(stack, 'own', { name: variable(stack) }), false],
    ['made a second time by the same names, as Azure will say', (stack) => newInstance(stack, 'own'), true],
  ])('%s', (_, other, same) => {
    const stack = newStack();
    const apim = made(stack);
    const product = new OwnProduct(stack, 'product', other(stack));
    const grant = () => newClient(stack, apim, 'partner', { products: [product] });

    if (same) {
      expect(grant().instance).toBe(apim);
    } else {
      expect(errorOf(grant)).toMatch(
        /^stack\/partner: products: stack\/product belongs to instance .*, the application to contoso-apim; both must belong to the same$/,
      );
    }
  });

  test('an owner is of it, as far as literal names tell', () => {
    const stack = newStack();
    const own = new OwnInstance(stack, 'own', 'contoso-other');

    expect(
      errorOf(() =>
        newClient(stack, own, 'partner', { ownerUserId: OWNER, products: [new OwnProduct(stack, 'product', own)] }),
      ),
    ).toBe('stack/partner: ownerUserId: must be a user of instance contoso-other, got one of contoso-apim');
  });

  test('ids on instances with names that are tokens are kept by construct', () => {
    const stack = newStack();
    const name = variable(stack);
    const [one, other] = ['one', 'other'].map((id) => newInstance(stack, id, { name }));
    newProduct(stack, one, 'gold');

    expect(newProduct(stack, other, 'other-gold', { productId: 'gold' }).productId).toBe('gold');
    expect(errorOf(() => newProduct(stack, one, 'again', { productId: 'gold' }))).toBe(
      'stack/again: productId: "gold" is declared by stack/gold already; give each product of an instance an id of its own',
    );
  });

  test('ids that are tokens are not compared', () => {
    const stack = newStack();
    const apim = newInstance(stack);
    const productId = variable(stack);

    expect(['one', 'two'].map((id) => newProduct(stack, apim, id, { productId }).node.path)).toEqual([
      'stack/one',
      'stack/two',
    ]);
  });
});

test('the id of an app role is the same for the same instance and product, however they are declared', () => {
  const roleOf = (declare: (stack: TerraformStack) => IApimInstance, productId = 'gold') => {
    const stack = newStack();
    return newProduct(stack, declare(stack), 'gold', { productId, authorization: ProductAuthorization.gatewayPolicy() })
      .appRoleId;
  };
  const role = roleOf((stack) => newInstance(stack));

  expect(role).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(roleOf((stack) => new OwnInstance(stack, 'own', 'CONTOSO-APIM'))).toBe(role);
  expect(roleOf((stack) => newInstance(stack, 'apim', { name: 'contoso-other' }))).not.toBe(role);
  expect(roleOf((stack) => newInstance(stack), 'silver')).not.toBe(role);
});
