import { createHash } from 'node:crypto';
import { Html, html } from '../html/html';
import { clean } from '../message';
import { version } from '../version';
import { fold, linksOf } from './fold';
import { layOut } from './layout';
import { COLUMN_TITLES, COLUMNS, type Picture, type PictureNode } from './model';
import { SCRIPT } from './script';
import { COLOURS, describe, drawing, DRAWING_STYLE } from './svg';

const STYLE = `${COLOURS}${DRAWING_STYLE}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, "Segoe UI", Roboto, Arial, "Noto Sans", sans-serif; }
header, main, footer { max-width: 84rem; margin-inline: auto; padding-inline: clamp(0.75rem, 3vw, 2rem); }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 1.25rem 0 0.25rem; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; margin: 1.5rem 0 0.5rem; }
p { margin: 0 0 0.5rem; }
a { color: var(--client); }
:focus-visible { outline: 3px solid var(--mark); outline-offset: 2px; }
.skip { position: absolute; left: 0.5rem; top: -4rem; padding: 0.5rem 1rem; background: var(--box); z-index: 1; }
.skip:focus { top: 0.5rem; }
.find { display: flex; flex-wrap: wrap; gap: 0.5rem 1rem; align-items: center; margin: 0.75rem 0; }
.find label { font-weight: 600; }
.find input { font: inherit; color: inherit; background: var(--box); border: 1px solid var(--rule); border-radius: 4px; padding: 0.35rem 0.6rem; width: min(24rem, 100%); }
.find button { font: inherit; color: inherit; background: var(--box); border: 1px solid var(--rule); border-radius: 4px; padding: 0.35rem 0.8rem; cursor: pointer; }
.faint, .find output, footer { color: var(--faint); }
.scroll { overflow-x: auto; border: 1px solid var(--rule); border-radius: 6px; padding: 1rem; }
.access-picture { display: block; height: auto; min-width: 60rem; max-width: 100%; }
.access .node { cursor: pointer; }
.access .node:focus { outline: none; }
.access .node:focus .box { stroke: var(--mark); stroke-width: 3; }
.access.choosing .node, .access.choosing .line { opacity: 0.18; }
.access.choosing .node.chosen { opacity: 1; }
.access.choosing .line.chosen { opacity: 1; stroke: var(--mark); stroke-width: 2.5; }
table { border-collapse: collapse; width: 100%; font-size: 0.9rem; }
caption { text-align: left; color: var(--faint); padding-bottom: 0.4rem; }
th, td { text-align: left; vertical-align: top; padding: 0.4rem 0.7rem; border-bottom: 1px solid var(--rule); overflow-wrap: anywhere; }
thead th { background: var(--box); }
tbody th { font-weight: 600; }
tr.alarming th { color: var(--alarm); }
tr[hidden], table[hidden] { display: none; }
.notes { padding-left: 1.25rem; }
footer { font-size: 0.85rem; padding-block: 1.5rem; }
@media print {
  .find, .skip, .hint { display: none; }
  .scroll { overflow: visible; border: 0; padding: 0; }
  .access-picture { min-width: 0; }
  .access .box, .access .bar { print-color-adjust: exact; }
  tr { break-inside: avoid; }
  body { font-size: 0.8rem; }
}
`;

/** Nothing is fetched: the page may use the one style and the one script in it, and nothing else. */
const POLICY = `default-src 'none'; style-src '${hash(STYLE)}'; script-src '${hash(SCRIPT)}'; base-uri 'none'; form-action 'none'`;

function hash(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

/** One page that needs nothing but itself: the picture, and all that is in it as a table. */
export function page(picture: Picture): string {
  const folded = fold(picture);
  const layout = layOut(folded);
  const title = clean(picture.title);
  const isFolded = folded.nodes.length < picture.nodes.length;
  return `${html`<!DOCTYPE html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <meta name="robots" content="noindex" />
        <title>${title}</title>
        ${new Html(`<style>${STYLE}</style>`)}
      </head>
      <body>
        <a class="skip" href="#all">Skip to the table</a>
        <header>
          <h1>${title}</h1>
          <p>${describe(picture)}</p>
          <div class="find">
            <label for="search">Search</label>
            <input id="search" type="search" autocomplete="off" spellcheck="false" />
            <button id="clear" type="button">Clear</button>
            <output id="found" for="search"></output>
          </div>
          <p class="faint hint">
            Choose a box to see what it is joined to. The arrow keys move between boxes, Enter chooses, Escape clears.
            Enter in the search moves to the next box that it found.
          </p>
          ${
            isFolded
              ? html`<p class="faint">
                  Boxes with several applications, products or owners are folded; the tables list each one.
                </p>`
              : ''
          }
        </header>
        <main>
          <div class="scroll" role="group" tabindex="0" aria-label="Picture of the access">
            <svg
              class="access-picture"
              viewBox="0 0 ${layout.width + 8} ${layout.height + 8}"
              width="${layout.width + 8}"
              height="${layout.height + 8}"
              aria-label="Access"
            >
              <g class="access" id="access">${drawing(layout)}</g>
            </svg>
          </div>
          ${
            picture.notes.length === 0
              ? ''
              : html`<h2>Not in the picture</h2>
                  <ul class="notes">
                    ${picture.notes.map((note) => html`<li>${clean(note)}</li> `)}
                  </ul>`
          }
          <h2 id="all">Everything in words</h2>
          ${COLUMNS.filter((column) => picture.nodes.some((node) => node.column === column)).map((column) =>
            table(picture, folded, column),
          )}
        </main>
        <footer>Made by apim-oauth ${version}. It holds names and settings only, never a secret.</footer>
        ${new Html(`<script>${SCRIPT}</script>`)}
      </body>
    </html> `.markup.trimEnd()}\n`;
}

const HEADS: Readonly<Record<PictureNode['column'], readonly [string, string]>> = {
  owner: ['', 'Owns'],
  client: ['Owner', 'May call'],
  product: ['Called by', 'Gives access to'],
  api: ['In products', ''],
};

function table(picture: Picture, folded: Picture, column: PictureNode['column']): Html {
  const { before, after } = linksOf(picture);
  const names = new Map(picture.nodes.map(({ key, name }) => [key, name]));
  const boxes = boxOf(picture, folded);
  const [from, to] = HEADS[column];
  const rows = picture.nodes.filter((node) => node.column === column);
  const isDescribed = rows.some(({ details }) => details.length > 0);
  const listed = (keys: readonly string[] = []): string =>
    keys.length > 20
      ? `${keys
          .slice(0, 20)
          .map((key) => clean(names.get(key) ?? ''))
          .join(', ')} and ${keys.length - 20} more`
      : keys.map((key) => clean(names.get(key) ?? '')).join(', ');
  return html`<table>
    <caption>
      ${COLUMN_TITLES[column]}
    </caption>
    <thead>
      <tr>
        <th scope="col">Name</th>
        ${isDescribed ? html`<th scope="col">What it is</th>` : ''}
        ${from === '' ? '' : html`<th scope="col">${from}</th>`}${to === '' ? '' : html`<th scope="col">${to}</th>`}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        (node) =>
          html`<tr data-box="${boxes.get(node.key) ?? node.key}" ${node.alarming ? new Html(' class="alarming"') : ''}>
            <th scope="row">${clean(node.name)}</th>
            ${isDescribed ? html`<td>${node.details.map(clean).join('; ')}</td>` : ''}
            ${from === '' ? '' : html`<td>${listed(before.get(node.key))}</td>`}${
              to === '' ? '' : html`<td>${listed(after.get(node.key))}</td>`
            }
          </tr> `,
      )}
    </tbody>
  </table>`;
}

/** The box of the folded picture that represents each node. */
function boxOf(picture: Picture, folded: Picture): ReadonlyMap<string, string> {
  const alone = new Set(folded.nodes.filter(({ members }) => members.length === 1).map(({ key }) => key));
  const byMember = new Map<string, string>();
  for (const { column, key, members } of folded.nodes) {
    members.forEach((member) => byMember.set(`${column} ${member}`, key));
  }
  return new Map(
    picture.nodes.map(({ key, column, name }) => [
      key,
      alone.has(key) ? key : (byMember.get(`${column} ${name}`) ?? key),
    ]),
  );
}
