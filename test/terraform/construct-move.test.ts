import { Construct } from 'constructs';
import { ConstructMove } from '../../lib';
import { errorOf, newClient, newInstance, newProduct, newStack, synth, untyped } from '../support';

function declared() {
  const stack = newStack();
  const instance = newInstance(stack);
  const product = newProduct(stack, instance, 'gold', { reviewRegistration: false });
  return { stack, instance, product };
}

/** Addresses of the resources of a stack, without those of the instance and the product. */
function addressesOf(terraform: any): string[] {
  return Object.entries<object>(terraform.resource)
    .flatMap(([type, named]) => Object.keys(named).map((name) => `${type}.${name}`))
    .filter((address) => !/\.(apim|gold)(_|$)/.test(address))
    .sort();
}

describe('ConstructMove.from', () => {
  test('leads from the addresses of the former place to those of the present one, for everything below', () => {
    const before = declared();
    newClient(before.stack, before.instance, 'partner', { products: [before.product] });
    const former = addressesOf(synth(before.stack));

    const after = declared();
    const team = new Construct(after.stack, 'team');
    const client = newClient(team, after.instance, 'partner', { products: [after.product] });
    ConstructMove.from(client, 'partner');
    const terraform = synth(after.stack);

    expect(terraform.moved.map(({ from }: any) => from).sort()).toEqual(former);
    expect(terraform.moved.map(({ to }: any) => to).sort()).toEqual(addressesOf(terraform));
    expect(former.length).toBeGreaterThan(1);
    expect(terraform.terraform.required_version).toBe('>= 1.5');
  });

  test('takes along what is declared after the call', () => {
    const { stack, instance, product } = declared();
    const client = newClient(stack, instance, 'supplier');
    ConstructMove.from(client, 'partner');
    client.grantAccess(product);

    expect(synth(stack).moved).toEqual([
      { from: 'azapi_resource.partner', to: 'azapi_resource.supplier' },
      {
        from: expect.stringMatching(/^azapi_resource\.partner_grants_[0-9A-F]{8}$/),
        to: expect.stringMatching(/^azapi_resource\.supplier_grants_[0-9A-F]{8}$/),
      },
    ]);
  });

  test('moves two constructs of one stack', () => {
    const { stack, instance, product } = declared();
    const products = [product];
    ConstructMove.from(newClient(stack, instance, 'one', { products, displayName: 'One' }), 'a/one');
    ConstructMove.from(newClient(stack, instance, 'two', { products, displayName: 'Two' }), 'b/two');

    expect(synth(stack).moved).toHaveLength(4);
  });

  test.each<[string, (stack: ReturnType<typeof declared>) => void, string]>([
    [
      'no construct',
      () => ConstructMove.from(untyped('partner'), 'x'),
      'construct: must be a construct, got "partner"',
    ],
    [
      'an empty path',
      ({ product }) => ConstructMove.from(product, ''),
      'formerPath: must be ids of constructs joined by slashes, got ""',
    ],
    [
      'a path that begins with a slash',
      ({ product }) => ConstructMove.from(product, '/silver'),
      'formerPath: must be ids of constructs joined by slashes, got "/silver"',
    ],
    [
      'a token',
      ({ product }) => ConstructMove.from(product, product.resourceId),
      'formerPath: must not be a token, since it names blocks in Terraform',
    ],
    [
      'the present path',
      ({ product }) => ConstructMove.from(product, 'gold'),
      'formerPath: must differ from the present path, got "gold"',
    ],
    [
      'the same place twice',
      ({ product, instance }) => {
        ConstructMove.from(product, 'silver');
        ConstructMove.from(instance, 'silver');
      },
      'formerPath: "silver" is the former place of stack/gold already; give each place once',
    ],
  ])('fails with %s', (_, move, message) => {
    expect(errorOf(() => move(declared()))).toBe(`ConstructMove.from: ${message}`);
  });

  test.each<[string, (stack: ReturnType<typeof declared>) => void, string]>([
    [
      'nothing to move',
      ({ stack }) => ConstructMove.from(new Construct(stack, 'empty'), 'former'),
      'ConstructMove.from: construct: stack/empty declares no resource to move',
    ],
    [
      'a former address that another construct declares',
      ({ stack, instance, product }) =>
        ConstructMove.from(newClient(stack, instance, 'supplier', { products: [product] }), 'gold'),
      'ConstructMove.from: formerPath: azapi_resource.gold, the former address of stack/supplier/Default, is declared by stack/gold/Default; give that another id',
    ],
  ])('fails at synthesis with %s', (_, move, message) => {
    const program = declared();
    move(program);
    expect(errorOf(() => synth(program.stack))).toContain(message);
  });
});
