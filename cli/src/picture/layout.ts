import { grouped } from '../grouped';
import { linksOf } from './fold';
import { COLUMNS, type Column, type Picture, type PictureEdge, type PictureNode } from './model';

export const BOX_WIDTH = 212;
const GAP = 120;
const TOP = 34;
const SPACE = 12;
const ROUNDS = 6;

export interface PlacedNode extends PictureNode {
  readonly x: number;
  readonly y: number;
  readonly height: number;
}

export interface PlacedEdge extends PictureEdge {
  readonly start: { readonly x: number; readonly y: number };
  readonly end: { readonly x: number; readonly y: number };
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  /** The columns that have boxes, and where each begins. */
  readonly columns: readonly { readonly column: Column; readonly x: number }[];
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
}

/** Columns from left to right, each box near the middle of those it is joined to, so that few lines cross. */
export function layOut(picture: Picture): Layout {
  const links = linksOf(picture);
  const used = COLUMNS.filter((column) => picture.nodes.some((node) => node.column === column));
  const ordered = used.map((column) => picture.nodes.filter((node) => node.column === column));
  const neighbours = (node: PictureNode, side: 'before' | 'after'): readonly string[] =>
    links[side].get(node.key) ?? [];
  for (let round = 0; round < ROUNDS; round += 1) {
    for (let index = 1; index < ordered.length; index += 1) {
      ordered[index] = sorted(ordered[index] ?? [], ordered[index - 1] ?? [], (node) => neighbours(node, 'before'));
    }
    for (let index = ordered.length - 2; index >= 0; index -= 1) {
      ordered[index] = sorted(ordered[index] ?? [], ordered[index + 1] ?? [], (node) => neighbours(node, 'after'));
    }
  }
  const heights = ordered.map((nodes) => nodes.reduce((sum, node) => sum + heightOf(node) + SPACE, 0));
  const height = Math.max(...heights, 60);
  const columns = used.map((column, index) => ({ column, x: index * (BOX_WIDTH + GAP) }));
  const nodes = ordered.flatMap((inColumn, index) => {
    let y = TOP + (height - (heights[index] ?? 0)) / 2;
    return inColumn.map((node): PlacedNode => {
      const placed = { ...node, x: columns[index]?.x ?? 0, y, height: heightOf(node) };
      y += placed.height + SPACE;
      return placed;
    });
  });
  return {
    width: Math.max(used.length * (BOX_WIDTH + GAP) - GAP, BOX_WIDTH),
    height: TOP + height,
    columns,
    nodes,
    edges: placedEdges(picture.edges, nodes),
  };
}

function heightOf({ details }: PictureNode): number {
  return 28 + details.length * 15;
}

function sorted(
  nodes: readonly PictureNode[],
  others: readonly PictureNode[],
  neighboursOf: (node: PictureNode) => readonly string[],
): PictureNode[] {
  const positions = new Map(others.map(({ key }, index) => [key, (index + 0.5) / others.length]));
  return nodes
    .map((node, index) => {
      const found = neighboursOf(node).flatMap((key) => positions.get(key) ?? []);
      const own = (index + 0.5) / nodes.length;
      const middle = found.length === 0 ? own : found.reduce((sum, at) => sum + at, 0) / found.length;
      return { node, index, middle };
    })
    .sort((one, other) => one.middle - other.middle || one.index - other.index)
    .map(({ node }) => node);
}

/** Lines meet a box side by side, in the order of their far ends. */
function placedEdges(edges: readonly PictureEdge[], nodes: readonly PlacedNode[]): readonly PlacedEdge[] {
  const byKey = new Map(nodes.map((node) => [node.key, node]));
  const ports = (near: 'from' | 'to', far: 'from' | 'to'): Map<PictureEdge, number> => {
    const found = new Map<PictureEdge, number>();
    for (const [key, meeting] of grouped(edges, (edge) => edge[near])) {
      const box = byKey.get(key);
      const order = [...meeting].sort((one, other) => (byKey.get(one[far])?.y ?? 0) - (byKey.get(other[far])?.y ?? 0));
      const gap = Math.min(7, ((box?.height ?? 0) - 10) / order.length);
      order.forEach((edge, index) => {
        found.set(edge, round((box?.y ?? 0) + (box?.height ?? 0) / 2 + (index - (order.length - 1) / 2) * gap));
      });
    }
    return found;
  };
  const [starts, ends] = [ports('from', 'to'), ports('to', 'from')];
  return edges.map((edge) => ({
    ...edge,
    start: { x: (byKey.get(edge.from)?.x ?? 0) + BOX_WIDTH, y: starts.get(edge) ?? 0 },
    end: { x: byKey.get(edge.to)?.x ?? 0, y: ends.get(edge) ?? 0 },
  }));
}

function round(number: number): number {
  return Math.round(number * 10) / 10;
}
