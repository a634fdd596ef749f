import type { Grant } from '../model';

interface Thing {
  readonly key: string;
  readonly name: string;
}

interface Entry {
  readonly thing: Thing;
  readonly stacks: Set<string>;
  readonly grants: Grant[];
}

/** A row or a column of the matrix. */
export interface Line {
  readonly name: string;
  /** More than one if the same name is one thing in each environment. */
  readonly keys: readonly string[];
  readonly grants: readonly Grant[];
  /** How many of its grants are not as before. */
  readonly changes: number;
}

/**
 * The clients, or the products, of grants. Environments have the same names, distinguished by
 * the name of the stack: those become one line, and each cell names the stack. Two things of one name in the
 * same stack stay two lines.
 */
export function lines(
  grants: readonly Grant[],
  stackNames: readonly string[],
  thingOf: (grant: Grant) => Thing,
): readonly Line[] {
  const entries = new Map<string, Entry>();
  for (const grant of grants) {
    const thing = thingOf(grant);
    const entry = entries.get(thing.key) ?? { thing, stacks: new Set<string>(), grants: [] };
    entries.set(thing.key, entry);
    grant.stacks.forEach((stack) => entry.stacks.add(stack));
    entry.grants.push(grant);
  }
  const marks = stackNames.map((stack) => ` (${stack})`);
  const byName = new Map<string, Entry[]>();
  for (const entry of entries.values()) {
    const { name } = entry.thing;
    const mark = marks.find((candidate) => name.endsWith(candidate)) ?? '';
    const common = name.slice(0, name.length - mark.length);
    byName.set(common, [...(byName.get(common) ?? []), entry]);
  }
  return [...byName]
    .flatMap(([name, sharing]) => {
      const stacks = sharing.flatMap((entry) => [...entry.stacks]);
      const apart = new Set(stacks).size === stacks.length;
      return apart ? [line(name, sharing)] : sharing.map((entry) => line(entry.thing.name, [entry]));
    })
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

function line(name: string, entries: readonly Entry[]): Line {
  const grants = entries.flatMap((entry) => entry.grants);
  return {
    name,
    keys: entries.map(({ thing }) => thing.key),
    grants,
    changes: grants.filter(({ change }) => change !== 'unchanged').length,
  };
}
