import { html, type Content, type Html } from './html';

export interface Table {
  /** Id of the heading above it. */
  readonly section: string;
  readonly caption: Content;
  readonly head: readonly Content[];
  /** The cells of each row; the first is the row's header. */
  readonly rows: readonly (readonly Content[])[];
  readonly foot?: readonly Content[];
  readonly className?: string;
}

/**
 * A table that scrolls by itself where the page is narrow; the keyboard reaches it, since what cannot
 * be focused cannot be scrolled without a mouse.
 */
export function table({ section, caption, head, rows, foot, className = '' }: Table): Html {
  return scrolling(
    `${section} ${section}-caption`,
    html`<table id="${section}-table" class="${className}">
      <caption id="${section}-caption">
        ${caption}
      </caption>
      <thead>
        <tr>
          ${head.map((cell) => html`<th scope="col">${cell}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(row)}
      </tbody>
      ${
        foot === undefined
          ? ''
          : html`<tfoot>
              ${row(foot)}
            </tfoot> `
      }
    </table>`,
  );
}

/** `labels`: ids of the elements that together name it; no two regions of a page may have one name. */
export function scrolling(labels: string, content: Html): Html {
  return html`<div class="scroll" role="region" aria-labelledby="${labels}" tabindex="0">${content}</div> `;
}

function row([first, ...rest]: readonly Content[]): Html {
  return html`<tr>
    <th scope="row">${first}</th>
    ${rest.map((cell) => html`<td>${cell}</td>`)}
  </tr> `;
}
