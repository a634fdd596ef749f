import { clip } from '../html/graph/text';
import { Html, html } from '../html/html';
import { clean, counted } from '../message';
import { fold } from './fold';
import { letterWidth } from './letters';
import { BOX_WIDTH, layOut, type Layout, type PlacedEdge, type PlacedNode } from './layout';
import { COLUMN_TITLES, COLUMNS, type Picture } from './model';

const MARGIN = 16;
/** What fits into a box, in widths of a digit. */
const NAME_ROOM = 21;
const DETAIL_ROOM = 28;
/** So many lines are drawn thinner, or they become one area. */
const CROWDED = 250;

/** Colours of both schemes; the picture follows what its reader prefers. */
export const COLOURS = `
:root { --paper: #fff; --ink: #1b1f24; --faint: #59636e; --box: #f6f8fa; --rule: #818b98; --line: #818b98; --alarm: #b3261e; --owner: #6639ba; --client: #0550ae; --product: #1a7f37; --api: #7d4e00; --mark: #bf5b00; }
@media (prefers-color-scheme: dark) { :root { --paper: #0d1117; --ink: #e6edf3; --faint: #9198a1; --box: #161b22; --rule: #656d76; --line: #656d76; --alarm: #ff8f87; --owner: #b392f0; --client: #79b8ff; --product: #6fdd8b; --api: #e0a85c; --mark: #ffab5e; } }
@media print { :root { --paper: #fff; --ink: #000; --faint: #444; --box: #fff; --rule: #555; --line: #777; --alarm: #b3261e; --owner: #6639ba; --client: #0550ae; --product: #1a7f37; --api: #7d4e00; } }
`;

export const DRAWING_STYLE = `
.access { font: 13px system-ui, "Segoe UI", Roboto, Arial, "Noto Sans", sans-serif; }
.access text { fill: var(--ink); unicode-bidi: plaintext; }
.access .title { font-size: 12px; font-weight: 600; fill: var(--faint); letter-spacing: 0.04em; }
.access .box { fill: var(--box); stroke: var(--rule); stroke-width: 1; }
.access .bar { stroke: none; }
.access .owner .bar { fill: var(--owner); }
.access .client .bar { fill: var(--client); }
.access .product .bar { fill: var(--product); }
.access .api .bar { fill: var(--api); }
.access .name { font-weight: 600; }
.access .detail { font-size: 11px; fill: var(--faint); }
.access .behind { fill: var(--box); stroke: var(--rule); }
.access .alarming .box { stroke: var(--alarm); stroke-width: 2; }
.access .alarming .name { fill: var(--alarm); }
.access .line { fill: none; stroke: var(--line); stroke-width: 1.25; opacity: 0.75; }
.access .several { stroke-width: 2.5; }
.access .many { stroke-width: 4; }
.access .rest { stroke-width: 1; opacity: 0.35; }
.access .crowded .line { stroke-width: 0.8; opacity: 0.5; }
`;

/** The picture as a file of its own. */
export function svgFile(picture: Picture): string {
  const layout = layOut(fold(picture));
  const [width, height] = [layout.width + 2 * MARGIN, layout.height + 2 * MARGIN];
  return `${html`<svg
    xmlns="http://www.w3.org/2000/svg"
    viewBox="${-MARGIN} ${-MARGIN} ${width} ${height}"
    width="${width}"
    height="${height}"
    role="img"
    aria-labelledby="access-title access-description"
  >
    <title id="access-title">${clean(picture.title)}</title>
    <desc id="access-description">${describe(picture)}</desc>
    ${new Html(`<style>${COLOURS}${DRAWING_STYLE}.paper { fill: var(--paper); }</style>`)}
    <rect class="paper" x="${-MARGIN}" y="${-MARGIN}" width="${width}" height="${height}" />
    <g class="access">${drawing(layout)}</g>
  </svg>`.markup.replace(/\n\s+/g, '\n')}\n`;
}

/** What is in the picture, in one sentence. */
export function describe(picture: Picture): string {
  const counts = COLUMNS.map((column) => {
    const number = picture.nodes.filter((node) => node.column === column).length;
    const noun = COLUMN_TITLES[column].replace(/s$/, '');
    return counted(number, noun === 'API' ? noun : noun.toLowerCase());
  });
  const products = new Set(picture.nodes.filter(({ column }) => column === 'product').map(({ key }) => key));
  const grants = picture.edges.filter(({ to }) => products.has(to)).length;
  return `${counts.join(', ')}; ${counted(grants, 'grant')}.`;
}

/** Lines, then boxes over them. */
export function drawing(layout: Layout): Html {
  const rest = new Set(layout.nodes.filter((node) => node.rest === true).map(({ key }) => key));
  return html`${layout.columns.map(
      ({ column, x }) => html`<text class="title" x="${x}" y="12">${COLUMN_TITLES[column]}</text> `,
    )}<g class="${layout.edges.length > CROWDED ? 'lines crowded' : 'lines'}"
      >${layout.edges.map((edge) => line(edge, rest.has(edge.from) || rest.has(edge.to)))}</g
    >${layout.nodes.map(box)}`;
}

function line({ start, end, count, from, to }: PlacedEdge, joinsRest: boolean): Html {
  const bend = (start.x + end.x) / 2;
  // lines of a box that represents everything else say little, and there are many
  const weight = joinsRest ? ' rest' : count > 20 ? ' many' : count > 1 ? ' several' : '';
  return html`<path
    class="line${weight}"
    data-from="${from}"
    data-to="${to}"
    d="M${start.x} ${start.y}C${bend} ${start.y} ${bend} ${end.y} ${end.x} ${end.y}"
  /> `;
}

function box(node: PlacedNode): Html {
  const { x, y, height, column, alarming, members } = node;
  const name = clean(node.name);
  const folded = members.length > 1;
  return html`<g class="node ${column}${alarming ? ' alarming' : ''}" data-key="${node.key}"
    ><title>${[name, ...node.details.map(clean), ...(folded ? members.slice(0, 30).map(clean) : [])].join('\n')}</title
    >${
      folded
        ? html`<rect class="behind" x="${x + 4}" y="${y + 4}" width="${BOX_WIDTH - 4}" height="${height}" rx="4" />`
        : ''
    }<rect class="box" x="${x}" y="${y}" width="${BOX_WIDTH - (folded ? 4 : 0)}" height="${height}" rx="4" /><rect
      class="bar"
      x="${x}"
      y="${y}"
      width="4"
      height="${height}"
      rx="2"
    /><text class="name" x="${x + 12}" y="${y + 18}">${clip(name, NAME_ROOM, letterWidth)}</text>${node.details.map(
      (detail, index) =>
        html`<text class="detail" x="${x + 12}" y="${y + 33 + index * 15}"
          >${clip(clean(detail), DETAIL_ROOM, letterWidth)}</text
        >`,
    )}</g
  > `;
}
