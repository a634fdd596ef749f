import { TerraformStack } from 'cdktf';
import { ApimInstanceWithIdentity, MultiProductApplication, OAuthProduct } from 'cdktf-apim-oauth';
import { Construct } from 'constructs';
import fc from 'fast-check';
import { errorOf, newInstance, newProduct, newStack, OWNER, synth } from '../support';

const INSTANCE = { name: 'contoso-apim', resourceGroupName: 'contoso-apis' };
const MADE: readonly [name: string, (stack: TerraformStack, id: string) => unknown][] = [
  [
    'ApimInstanceWithIdentity',
    (stack, id) =>
      new ApimInstanceWithIdentity(stack, id, {
        ...INSTANCE,
        location: 'centraluseuap',
        publisherName: 'Contoso',
        publisherEmail: 'api@contoso.com',
      }),
  ],
  ['ApimInstanceWithIdentity.fromExisting', (stack, id) => ApimInstanceWithIdentity.fromExisting(stack, id, INSTANCE)],
  ['OAuthProduct', (stack, id) => newProduct(stack, newInstance(stack), id, { productId: 'first' })],
  [
    'OAuthProduct.onExisting',
    (stack, id) =>
      OAuthProduct.onExisting(stack, id, {
        instance: newInstance(stack),
        productId: 'first',
        displayName: 'First',
      }),
  ],
  [
    'OAuthProduct.fromProductId',
    (stack, id) =>
      OAuthProduct.fromProductId(stack, id, { instance: newInstance(stack), productId: 'first', displayName: 'First' }),
  ],
  [
    'MultiProductApplication',
    (stack, id) =>
      new MultiProductApplication(stack, id, {
        instance: newInstance(stack),
        displayName: 'First',
        applicationName: 'first',
        ownerUserId: OWNER,
      }),
  ],
];

describe.each(MADE)('%s', (_, make) => {
  test.each(['1st', '-first', '2024'])('refuses the id %s, with which no name in Terraform begins', (id) => {
    expect(errorOf(() => make(newStack(), id))).toBe(
      `stack/${id}: id: must begin with a letter or an underscore, since Terraform's names of resources begin with it, got "${id}"`,
    );
  });
});

test('an outer scope counts, as far as cdktf takes it into names', () => {
  const within = (...ids: string[]): (() => OAuthProduct) => {
    const stack = newStack();
    const instance = newInstance(stack);
    const scope = ids.reduce<Construct>((outer, id) => new Construct(outer, id), stack);
    return () => new OAuthProduct(scope, 'gold', { instance, displayName: 'Gold', apiNames: ['echo'] });
  };
  expect(errorOf(within('2024'))).toBe(
    'stack/2024/gold: id: must begin with a letter or an underscore, since Terraform\'s names of resources begin with it, got "2024/gold"',
  );
  expect(within('Default')).not.toThrow();
  expect(within('Resource')).not.toThrow();
  expect(within('_2024')).not.toThrow();
});

test('every id is refused, or leads to names of Terraform', () => {
  let refused = 0;
  const runs = 60;
  fc.assert(
    fc.property(fc.string({ minLength: 1, maxLength: 6, unit: 'grapheme' }), (text) => {
      const id = text.replace(/[/\s]/g, '_');
      const stack = newStack();
      const instance = newInstance(stack);
      try {
        newProduct(stack, instance, id, { productId: 'first', displayName: 'First' });
      } catch (error) {
        refused += 1;
        expect((error as Error).message).toContain('must begin with a letter or an underscore');
        return;
      }
      const { resource } = synth(stack) as { resource: Record<string, Record<string, unknown>> };
      for (const name of Object.values(resource).flatMap((blocks) => Object.keys(blocks))) {
        expect(name).toMatch(/^[A-Za-z_][\w-]*$/);
      }
    }),
    { numRuns: runs },
  );
  expect(refused).toBeGreaterThan(0);
  expect(refused).toBeLessThan(runs);
});
