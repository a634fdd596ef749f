import type { Context } from '../context';

/**
 * Finds what belongs to the registrations of a product. It is grouped once for each review: with a
 * thousand stacks there are as many products, and each of them would look at all blocks of all stacks.
 */
export function byRegistration<T>(
  all: (context: Context) => readonly { readonly registrations: readonly string[]; readonly item: T }[],
): (context: Context, registrations: readonly string[]) => readonly T[] {
  const reviews = new WeakMap<Context, ReadonlyMap<string, readonly T[]>>();
  return (context, registrations) => {
    let groups = reviews.get(context);
    if (groups === undefined) {
      groups = grouped(all(context));
      reviews.set(context, groups);
    }
    const found = groups;
    return [...new Set(registrations.flatMap((key) => found.get(key) ?? []))];
  };
}

function grouped<T>(
  all: readonly { readonly registrations: readonly string[]; readonly item: T }[],
): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const { registrations, item } of all) {
    for (const registration of new Set(registrations)) {
      const found = groups.get(registration);
      if (found === undefined) {
        groups.set(registration, [item]);
      } else {
        found.push(item);
      }
    }
  }
  return groups;
}
