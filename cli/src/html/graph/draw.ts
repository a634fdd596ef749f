import { clean } from '../../message';
import { html, type Html } from '../html';
import { BOX_HEIGHT, BOX_WIDTH, type Layout, type Placed, type PlacedEdge } from './layout';
import { ANYONE, type EdgeKind } from './select';
import { clip } from './text';

export type Side = 'before' | 'after';

/** The look of a line and its sign. Lines differ in weight, dashes and sign as well as in colour. */
const DRAWN: Readonly<Record<Side, Partial<Record<EdgeKind, string>>>> = {
  before: { kept: '', lost: '−', interrupted: '±', closed: '−', open: '', 'way-closed': '' },
  after: { kept: '', gained: '+', interrupted: '±', opened: '!', open: '!', way: '?' },
};

/** One half of the picture: who reaches what, before or after. */
export function drawing(layout: Layout, side: Side, description: string): Html {
  const { width, height } = layout;
  const id = `graph-${side}`;
  const drawn = layout.edges.filter(({ kind }) => DRAWN[side][kind] !== undefined);
  return html`<svg
    class="graph"
    id="${id}"
    role="img"
    aria-labelledby="${id}-title ${id}-desc"
    viewBox="0 0 ${width} ${height}"
    width="${width}"
    height="${height}"
  >
    <title id="${id}-title">Access ${side}</title>
    <desc id="${id}-desc">${description}</desc>
    <text class="column" x="0" y="14">Clients</text>
    <text class="column" x="${width}" y="14" text-anchor="end">Products</text>
    ${drawn.map((edge) => line(layout, edge))}${drawn.map((edge, index) => sign(layout, edge, side, index))}${layout.clients.map(
      (node) => box(node, 0, node.key === ANYONE ? 'client anyone' : 'client', side),
    )}${layout.products.map((node) => box(node, width - BOX_WIDTH, 'product', side))}
  </svg>`;
}

function box(node: Placed, x: number, className: string, side: Side): Html {
  const there = node[side];
  const radius = className.startsWith('client') ? BOX_HEIGHT / 2 : 3;
  const name = clean(node.name);
  return html`<g class="node ${className}${there ? '' : ' absent'}"
    ><title>${name}${there ? '' : side === 'before' ? ' (not there yet)' : ' (gone)'}</title
    ><rect x="${x + 1}" y="${node.y}" width="${BOX_WIDTH - 2}" height="${BOX_HEIGHT}" rx="${radius}" /><text
      x="${x + BOX_WIDTH / 2}"
      y="${node.y + 20}"
      text-anchor="middle"
      >${clip(name)}</text
    ></g
  > `;
}

function line(layout: Layout, { kind, from, to }: PlacedEdge): Html {
  const [start, end] = [BOX_WIDTH, layout.width - BOX_WIDTH];
  const bend = (start + end) / 2;
  return html`<path class="edge ${kind}" d="M${start} ${from}C${bend} ${from} ${bend} ${to} ${end} ${to}" /> `;
}

/** The position of a sign along its line: neighbours have different positions, so that they do not hide each other. */
const PLACES = [0.5, 0.34, 0.66] as const;

function sign(layout: Layout, { kind, from, to }: PlacedEdge, side: Side, index: number): Html {
  const text = DRAWN[side][kind] ?? '';
  if (text === '') {
    return html``;
  }
  const at = PLACES[index % PLACES.length] ?? 0.5;
  const [start, end] = [BOX_WIDTH, layout.width - BOX_WIDTH];
  const bend = (start + end) / 2;
  const x = round(bezier(at, start, bend, bend, end));
  const y = round(bezier(at, from, from, to, to));
  return html`<g class="sign ${kind}"
    ><circle cx="${x}" cy="${y}" r="9" /><text x="${x}" y="${y + 4.5}" text-anchor="middle">${text}</text></g
  > `;
}

function bezier(at: number, ...[a, b, c, d]: readonly [number, number, number, number]): number {
  const rest = 1 - at;
  return rest ** 3 * a + 3 * rest ** 2 * at * b + 3 * rest * at ** 2 * c + at ** 3 * d;
}

function round(number: number): number {
  return Math.round(number * 10) / 10;
}
