import type { Edge, Graph, Node } from './select';

export const WIDTH = 560;
export const BOX_WIDTH = 196;
export const BOX_HEIGHT = 30;
const TOP = 34;
const STEP = 42;

export interface Placed extends Node {
  /** Of the box's upper edge. */
  readonly y: number;
}

export interface PlacedEdge extends Edge {
  /** Heights of its ends. */
  readonly from: number;
  readonly to: number;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly clients: readonly Placed[];
  readonly products: readonly Placed[];
  readonly edges: readonly PlacedEdge[];
}

const ROUNDS = 4;

/** Two columns, each node near the middle of those it is joined to: few lines cross. */
export function layOut({ clients, products, edges }: Graph): Layout {
  let [left, right] = [clients.map(({ key }) => key), products.map(({ key }) => key)];
  for (let round = 0; round < ROUNDS; round += 1) {
    right = sortByNeighbours(right, left, (key) =>
      edges.filter(({ product }) => product === key).map(({ client }) => client),
    );
    left = sortByNeighbours(left, right, (key) =>
      edges.filter(({ client }) => client === key).map(({ product }) => product),
    );
  }
  const rows = Math.max(left.length, right.length);
  const place = (order: readonly string[], nodes: readonly Node[]): readonly Placed[] => {
    const offset = ((rows - order.length) * STEP) / 2;
    return order.flatMap((key, index) =>
      nodes.filter((node) => node.key === key).map((node) => ({ ...node, y: TOP + offset + index * STEP })),
    );
  };
  const [placedClients, placedProducts] = [place(left, clients), place(right, products)];
  return {
    width: WIDTH,
    height: TOP + rows * STEP,
    clients: placedClients,
    products: placedProducts,
    edges: edges.map((edge) => ({
      ...edge,
      from: port(edge, edges, 'client', placedClients, 'product', right),
      to: port(edge, edges, 'product', placedProducts, 'client', left),
    })),
  };
}

/** Where an edge meets its box: side by side with the box's other edges, in the order of their far ends. */
function port(
  edge: Edge,
  edges: readonly Edge[],
  near: 'client' | 'product',
  nodes: readonly Placed[],
  far: 'client' | 'product',
  farOrder: readonly string[],
): number {
  const farEnds = edges.filter((other) => other[near] === edge[near]).map((other) => farOrder.indexOf(other[far]));
  const rank = farEnds.filter((other) => other < farOrder.indexOf(edge[far])).length;
  const top = nodes.find(({ key }) => key === edge[near])?.y ?? 0;
  const room = BOX_HEIGHT - 12;
  const gap = Math.min(7, room / farEnds.length);
  return Math.round((top + BOX_HEIGHT / 2 + (rank - (farEnds.length - 1) / 2) * gap) * 10) / 10;
}

function sortByNeighbours(
  keys: readonly string[],
  others: readonly string[],
  neighboursOf: (key: string) => readonly string[],
): string[] {
  const positions = new Map(others.map((key, index) => [key, index]));
  const middle = (key: string): number => {
    const found = neighboursOf(key).map((other) => positions.get(other) ?? 0);
    return found.reduce((sum, position) => sum + position, 0) / Math.max(found.length, 1);
  };
  return keys
    .map((key, index) => ({ key, index, middle: middle(key) }))
    .sort((one, other) => one.middle - other.middle || one.index - other.index)
    .map(({ key }) => key);
}
