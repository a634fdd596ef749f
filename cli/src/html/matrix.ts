import { counted } from '../message';
import type { AccessChange, Grant, Review } from '../model';
import type { Section } from './findings';
import { html, type Content, type Html } from './html';
import { lines, type Line } from './matrix-lines';
import { named } from './names';
import { scrolling } from './table';

/** Beyond this, a matrix is looked at by nobody and slows every browser. */
export const MAX_ROWS = 200;
export const MAX_COLUMNS = 60;

const STATES: Readonly<Record<AccessChange, readonly [sign: string, word: string]>> = {
  gained: ['+', 'gains'],
  lost: ['−', 'loses'],
  interrupted: ['±', 'interrupted'],
  kept: ['✓', 'keeps'],
  imported: ['✓', 'has already'],
  unchanged: ['✓', 'has'],
};

/** Clients as rows, products as columns, over all stacks: what has the same name in several is one line. */
export function matrixSection(review: Review): readonly Section[] {
  const { grants, products } = review;
  if (grants.length === 0) {
    return [];
  }
  const stackNames = review.stacks.map(({ name }) => name);
  const rows = lines(grants, stackNames, ({ client }) => client);
  const columns = lines(grants, stackNames, ({ product }) => product);
  const shownRows = mostTouched(rows, MAX_ROWS);
  const shownColumns = mostTouched(columns, MAX_COLUMNS);
  const left = leftOut(rows.length - shownRows.length, columns.length - shownColumns.length);
  return [
    {
      id: 'matrix',
      title: 'Access matrix',
      body: html`${
        left === undefined ? '' : html`<p class="left-out">${left}</p> `
      }${matrix(shownRows, shownColumns, grants.length, review.stacks.length > 1, openTo(products))}`,
    },
  ];
}

/** What changes comes first; lines with as many changes are in the order of their names. */
function mostTouched(all: readonly Line[], most: number): readonly Line[] {
  return all
    .map((line, index) => ({ line, index }))
    .sort((one, other) => other.line.changes - one.line.changes || one.index - other.index)
    .slice(0, most)
    .map(({ line }) => line);
}

function leftOut(rows: number, columns: number): string | undefined {
  const parts = [...(rows > 0 ? [counted(rows, 'client')] : []), ...(columns > 0 ? [counted(columns, 'product')] : [])];
  return parts.length === 0
    ? undefined
    : `Left out of this matrix: ${parts.join(' and ')}, those with the fewest changes. The table of access above has every change, the JSON review every grant.`;
}

/** What is open after the plan: everybody has it, whatever the rows say. */
function openTo(products: Review['products']): ReadonlySet<string> {
  return new Set(products.filter(({ after }) => after?.open === 'yes').map(({ key }) => key));
}

function matrix(
  rows: readonly Line[],
  columns: readonly Line[],
  grants: number,
  tellStacks: boolean,
  open: ReadonlySet<string>,
): Html {
  const columnOf = new Map(columns.flatMap((column, index) => column.keys.map((key) => [key, index] as const)));
  return scrolling(
    'matrix matrix-caption',
    html`<table id="matrix-table" class="matrix">
      <caption id="matrix-caption">
        Who reaches which product: ${counted(grants, 'grant')}
      </caption>
      <thead>
        <tr>
          <th scope="col">Client</th>
          ${columns.map(
            (column) =>
              html`<th scope="col">
                ${named(column.name)}${
                  column.keys.some((key) => open.has(key))
                    ? html`<span class="change opened"><span aria-hidden="true">!</span> open to anyone</span>`
                    : ''
                }
              </th>`,
          )}
        </tr>
      </thead>
      <tbody>
        ${rows.map((row) => {
          const cells = columns.map((): Grant[] => []);
          row.grants.forEach((grant) => cells[columnOf.get(grant.product.key) ?? -1]?.push(grant));
          return html`<tr>
            <th scope="row">${named(row.name)}</th>
            ${cells.map((cell) => html`<td>${cell.map((grant) => state(grant, tellStacks))}</td>`)}
          </tr> `;
        })}
      </tbody>
    </table>`,
  );
}

function state({ change, stacks }: Grant, tellStacks: boolean): Html {
  const [sign, word] = STATES[change];
  const where: Content = tellStacks
    ? html`<span class="detail">${stacks.map((stack, index) => html`${index === 0 ? '' : ', '}${named(stack)}`)}</span>`
    : undefined;
  return html`<span class="change ${change}"><span aria-hidden="true">${sign}</span> ${word}</span>${where}`;
}
