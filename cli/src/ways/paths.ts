import type { SideName } from '../entities/aliases';
import type { Edge } from './edge';

/** The shortest way that begins with a step of somebody and ends at a product. */
export interface Way {
  readonly who: string;
  readonly product: string;
  readonly steps: readonly Edge[];
}

/** Identifies the same way on the two sides: whose first step it is, to what, and where the way ends. */
export function wayKey({ who, product, steps: [first] }: Way): string {
  return [who, first?.to ?? '', product].join('\n');
}

/**
 * All ways of one side: for each step that somebody can take, and each product that can be reached from there,
 * the shortest. Anyone who has the product anyway needs no way to it.
 */
export function waysOf(all: readonly Edge[], side: SideName): ReadonlyMap<string, Way> {
  const edges = all.filter((edge) => edge.side === side);
  const into = byTarget(edges.filter(({ arrives }) => !arrives));
  const arrivals = byTarget(edges.filter(({ arrives }) => arrives));
  const ways = new Map<string, Way>();
  for (const [product, last] of arrivals) {
    const next = towards(last, into);
    const direct = new Set(last.map(({ from }) => from));
    for (const node of next.keys()) {
      for (const first of into.get(node) ?? []) {
        if (!first.actor || direct.has(first.from)) {
          continue;
        }
        const steps = [first, ...follow(node, next)];
        if (steps.slice(1).some(({ from }) => from === first.from)) {
          continue;
        }
        const way = { who: first.from, product, steps };
        const key = wayKey(way);
        if (!ways.has(key)) {
          ways.set(key, way);
        }
      }
    }
  }
  return ways;
}

function byTarget(edges: readonly Edge[]): ReadonlyMap<string, readonly Edge[]> {
  const found = new Map<string, Edge[]>();
  for (const edge of edges) {
    const into = found.get(edge.to);
    if (into === undefined) {
      found.set(edge.to, [edge]);
    } else {
      into.push(edge);
    }
  }
  return found;
}

/** For each node from which a product can be reached, the next step of the shortest way. */
function towards(last: readonly Edge[], into: ReadonlyMap<string, readonly Edge[]>): ReadonlyMap<string, Edge> {
  const next = new Map<string, Edge>();
  let layer: string[] = [];
  const take = (edge: Edge): void => {
    if (!next.has(edge.from)) {
      next.set(edge.from, edge);
      layer.push(edge.from);
    }
  };
  last.forEach(take);
  while (layer.length > 0) {
    const current = layer;
    layer = [];
    current.flatMap((node) => into.get(node) ?? []).forEach(take);
  }
  return next;
}

function follow(node: string, next: ReadonlyMap<string, Edge>): readonly Edge[] {
  const steps: Edge[] = [];
  for (let edge = next.get(node); edge !== undefined; edge = edge.arrives ? undefined : next.get(edge.to)) {
    steps.push(edge);
  }
  return steps;
}
