import { grouped } from '../../grouped';
import { MAX_EDGES, MAX_NODES, type Edge } from './select';

/** A line that could be drawn, with the names of its ends. */
export interface Candidate {
  readonly edge: Edge;
  readonly clientName: string;
  readonly productName: string;
}

/** A line, and how many grants it represents. */
export interface Folded extends Candidate {
  readonly stands: number;
}

type End = 'client' | 'product';

/**
 * Many lines as fewer: clients with the same changes become one box, such as `Orders and 36 more`, then products that the
 * same clients gain or lose. Where everything fits, nothing is folded.
 */
export function fold(candidates: readonly Candidate[]): readonly Folded[] {
  const single = candidates.map((candidate): Folded => ({ ...candidate, stands: 1 }));
  if (fits(single)) {
    return single;
  }
  const clients = foldEnd(single, 'client');
  return distinct(clients, 'product') <= MAX_NODES ? clients : foldEnd(clients, 'product');
}

function fits(lines: readonly Folded[]): boolean {
  return lines.length <= MAX_EDGES && distinct(lines, 'client') <= MAX_NODES && distinct(lines, 'product') <= MAX_NODES;
}

function distinct(lines: readonly Folded[], end: End): number {
  return new Set(lines.map(({ edge }) => edge[end])).size;
}

function foldEnd(lines: readonly Folded[], end: End): readonly Folded[] {
  const far: End = end === 'client' ? 'product' : 'client';
  const nameOf = (line: Candidate): string => (end === 'client' ? line.clientName : line.productName);
  const byKey = grouped(lines, ({ edge }) => edge[end]);
  const alike = grouped([...byKey.values()], (own) => signature(own, far));
  const folded = [...alike.values()].flatMap((members): readonly Folded[] => {
    const [first = []] = members;
    if (members.length === 1 || first[0] === undefined) {
      return first;
    }
    const name = `${nameOf(first[0])} and ${members.length - 1} more`;
    return first.map((line) => ({
      ...line,
      ...(end === 'client' ? { clientName: name } : { productName: name }),
      stands: members.reduce((sum, own) => sum + (own.find((each) => sameLine(each, line, far))?.stands ?? 0), 0),
    }));
  });
  // the order is that of importance
  const places = new Map(lines.map((line, index) => [line.edge, index]));
  return folded.sort((one, other) => (places.get(one.edge) ?? 0) - (places.get(other.edge) ?? 0));
}

/** What an end has in common with those that it is folded with: all its lines, whether they change or not. */
function signature(own: readonly Folded[], far: End): string {
  return JSON.stringify(
    own.map(({ edge }) => [edge[far], edge.kind]).sort((one, other) => (String(one) < String(other) ? -1 : 1)),
  );
}

function sameLine(one: Folded, other: Folded, far: End): boolean {
  return one.edge[far] === other.edge[far] && one.edge.kind === other.edge.kind;
}
