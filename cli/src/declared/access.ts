import { version } from '../version';
import { applicationsOf } from './applications';
import type { Api, DeclaredAccess } from './model';
import { Products } from './products';
import { Program } from './program';
import type { DeclaredStack } from './stacks';

/** The access that the stacks of a program declare together. */
export function declaredAccess(stacks: readonly DeclaredStack[]): DeclaredAccess {
  const program = new Program(stacks);
  const products = new Products(program);
  const { applications, owners, unknown } = applicationsOf(program, products);
  const apis = new Map<string, Api>();
  const described = products.all.map((product) =>
    products.describe(product, () =>
      products.apisOf(product).map((api) => {
        apis.set(api.key, api);
        return api.key;
      }),
    ),
  );
  return {
    version: 1,
    tool: { name: 'apim-oauth', version },
    stacks: stacks.map(({ name }) => name),
    owners: sorted(owners),
    applications: [...applications].sort(
      (one, other) => compare(one.displayName, other.displayName) || compare(one.key, other.key),
    ),
    products: [...described].sort(
      (one, other) => compare(one.displayName, other.displayName) || compare(one.key, other.key),
    ),
    apis: sorted([...apis.values()]),
    unknown,
  };
}

function sorted<T extends { readonly key: string; readonly name: string }>(items: readonly T[]): readonly T[] {
  return [...items].sort((one, other) => compare(one.name, other.name) || compare(one.key, other.key));
}

/** `Client 9` before `Client 10`. */
const { compare } = new Intl.Collator('en', { numeric: true });
