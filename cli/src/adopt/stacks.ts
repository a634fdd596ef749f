import type { Adoptable, AdoptedClient, AdoptedProduct } from './adoptable';
import { Names, slug } from './names';

export type StackPer = 'owner' | 'product';

/** A stack of the program: what it declares, and which products it only reads. */
export interface PlannedStack {
  readonly name: string;
  readonly products: readonly AdoptedProduct[];
  readonly clients: readonly AdoptedClient[];
  /** Products that another stack declares, or none, and clients of this one may call. */
  readonly read: readonly AdoptedProduct[];
}

/** Sorts what is adopted into stacks: one, or one for each owner or product. Each can be planned alone. */
export function plannedStacks(
  { products, clients }: Adoptable,
  name: string,
  per: StackPer | undefined,
): readonly PlannedStack[] {
  const declared = products.filter(({ known }) => known === undefined);
  if (per === undefined) {
    return [{ name, products: declared, clients, read: products.filter(({ known }) => known !== undefined) }];
  }
  const names = new Names();
  const stacks = new Map<string, { name: string; products: AdoptedProduct[]; clients: AdoptedClient[] }>();
  const stack = (key: string, label: string): { products: AdoptedProduct[]; clients: AdoptedClient[] } => {
    const known = stacks.get(key) ?? { name: names.take(label, `${label}-stack`), products: [], clients: [] };
    stacks.set(key, known);
    return known;
  };
  for (const product of declared) {
    if (per === 'product') {
      stack(`product ${product.product.id}`, `${name}-${product.product.id}`).products.push(product);
    } else {
      stack('products', name).products.push(product);
    }
  }
  for (const client of clients) {
    const [only, ...others] = client.grants;
    if (per === 'owner') {
      const owner = client.ownerId?.split('/').at(-1)?.toLowerCase();
      stack(`owner ${owner ?? ''}`, `${name}-${owner === undefined ? 'entra' : slug(owner)}`).clients.push(client);
    } else if (only !== undefined && others.length === 0) {
      stack(`product ${only.productId}`, `${name}-${only.productId}`).clients.push(client);
    } else {
      stack('shared', `${name}-shared`).clients.push(client);
    }
  }
  return [...stacks.values()].map((planned) => {
    const own = new Set(planned.products.map(({ product }) => product.id));
    const granted = new Set(planned.clients.flatMap(({ grants }) => grants.map(({ productId }) => productId)));
    return { ...planned, read: products.filter(({ product }) => granted.has(product.id) && !own.has(product.id)) };
  });
}
