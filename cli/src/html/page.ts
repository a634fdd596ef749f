import { createHash } from 'node:crypto';
import type { Review } from '../model';
import { SECTIONS } from '../sections';
import { acknowledgementSection, contractSection, noteSection } from './appendix';
import { accessSection, findingSections, type Section } from './findings';
import { graphSection } from './graph';
import { Html, html } from './html';
import { matrixSection } from './matrix';
import { STYLE } from './style';
import { counts, criticalNotice, stackTable, verdictBand } from './summary';

/** Nothing is fetched and nothing runs: all that the page may use is the one style in it. */
const POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256')
  .update(STYLE)
  .digest('base64')}'; base-uri 'none'; form-action 'none'`;

/** Its text is hashed: no layout of the code may add a blank to it. */
const STYLE_ELEMENT = new Html(`<style>${STYLE}</style>`);

/** One page that needs nothing but itself. */
export function page(review: Review): string {
  const sections: readonly Section[] = [
    ...findingSections(review, 'contract'),
    ...contractSection(review),
    ...findingSections(review, 'unjudged'),
    accessSection(review),
    ...graphSection(review),
    ...findingSections(
      review,
      ...SECTIONS.map(({ key }) => key).filter((key) => !['contract', 'unjudged', 'access'].includes(key)),
    ),
    ...matrixSection(review),
    ...acknowledgementSection(review),
    ...noteSection(review),
    { id: 'stacks', title: 'Stacks', body: stackTable(review) },
  ];
  return html`<!DOCTYPE html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <meta name="robots" content="noindex" />
        <title>Access review: ${review.verdict.label}</title>
        ${STYLE_ELEMENT}
      </head>
      <body>
        <a class="skip" href="#review">Skip to the review</a>
        ${verdictBand(review)}
        <main id="review" tabindex="-1">
          ${criticalNotice(review)}${counts(review)}
          <nav class="contents" aria-label="Contents">
            <ul>
              ${sections.map(
                ({ id, title, count }) =>
                  html`<li>
                    <a href="#${id}">${title}</a
                    >${count === undefined ? '' : html` <span class="number">${count}</span>`}
                  </li> `,
              )}
            </ul>
          </nav>
          ${sections.map(
            ({ id, title, body }) =>
              html`<section aria-labelledby="${id}">
                <h2 id="${id}">${title}</h2>
                ${body}
              </section> `,
          )}
        </main>
        <footer>
          <p>
            Made by apim-oauth ${review.tool.version}. Expiry is judged as of ${review.asOf}; credentials that expire
            within ${review.expiringWithinDays} days are reported. This page holds names and settings only, never a
            value that may be a secret.
          </p>
        </footer>
      </body>
    </html> `.markup;
}
