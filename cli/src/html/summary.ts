import { changeWords, highlights } from '../formats/headline';
import { worstFirst } from '../formats/stack-order';
import { clean, counted } from '../message';
import type { ChangeCounts, Review, Verdict } from '../model';
import { judgedFindings } from '../sections';
import { html, type Content, type Html } from './html';
import { named, sentence } from './names';
import { table } from './table';

/** The verdict above everything, in words that need no colour. */
export function verdictBand(review: Review): Html {
  const { verdict, stacks, changes } = review;
  const [only] = stacks;
  const plans = stacks.length === 1 && only !== undefined ? named(only.name) : counted(stacks.length, 'stack');
  return html`<header class="verdict ${verdictClass(verdict)}">
    <p class="eyebrow">Access review</p>
    <h1>${verdict.label}</h1>
    <p class="headline">${highlights(verdict).join(', ')} in ${plans}.</p>
    <p>Resources: ${changeWords(changes)}.</p>
  </header> `;
}

export function verdictClass({ counts, broadening, breaking, unjudged }: Verdict): string {
  if (counts.critical > 0 || unjudged) {
    return 'is-critical';
  }
  return breaking ? 'is-breaking' : broadening ? 'is-broadening' : 'is-neutral';
}

/** What must not be missed, before any table. */
export function criticalNotice(review: Review): Html {
  const found = judgedFindings(review).filter(({ kinds }) => kinds.includes('critical'));
  return found.length === 0
    ? html``
    : html`<section class="notice" aria-labelledby="critical">
        <h2 id="critical">Critical</h2>
        <ul>
          ${found.map(
            ({ parts, acknowledgement }) =>
              html`<li>
                ${sentence(parts)}${acknowledgement === undefined ? '' : ` (acknowledged until ${acknowledgement.expires})`}
              </li> `,
          )}
        </ul>
      </section> `;
}

/** The numbers that a reviewer looks for; the zeros are worth as much as the others. */
export function counts({ verdict: { counts: count } }: Review): Html {
  const tiles: readonly (readonly [name: string, value: number, className: string])[] = [
    ['Gained', count.gained, 'gained'],
    ['Lost', count.lost, 'lost'],
    ['Interrupted', count.interrupted, 'interrupted'],
    ['Broadening', count.broadening, 'plain'],
    ['Breaking', count.breaking, 'plain'],
    ['Not judged', count.unjudged, 'lost'],
    ['Critical', count.critical, 'lost'],
    ['Privilege', count.privilege, 'plain'],
    ['Secrets in state', count.secretInState, 'plain'],
    ['Acknowledged', count.acknowledged, 'plain'],
  ];
  return html`<dl class="counts">
    ${tiles.map(
      ([name, value, className]) =>
        html`<div class="${value === 0 ? 'zero' : className}">
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div> `,
    )}
  </dl> `;
}

const CHANGES: readonly (keyof ChangeCounts)[] = [
  'created',
  'changed',
  'replaced',
  'destroyed',
  'moved',
  'imported',
  'forgotten',
];

/** Verdict and counts of each plan, the worst first, and of all together. */
export function stackTable({ stacks, verdict, changes }: Review): Html {
  const cells = (judged: Verdict, counted: ChangeCounts): readonly Content[] => [
    judged.label,
    judged.counts.gained,
    judged.counts.lost,
    judged.counts.interrupted,
    ...CHANGES.map((kind) => counted[kind]),
  ];
  return table({
    section: 'stacks',
    caption: 'Grants and resources of each stack',
    head: [
      'Stack',
      'Verdict',
      'Gained',
      'Lost',
      'Interrupted',
      ...CHANGES.map((kind) => `${kind.charAt(0).toUpperCase()}${kind.slice(1)}`),
    ],
    rows: worstFirst(stacks).map((stack) => [
      html`${named(stack.name)}<span class="detail"
          >${
            stack.terraformVersion === undefined ? '' : `Terraform ${clean(stack.terraformVersion)}, `
          }${counted(stack.accessResources, 'access resource')}</span
        >`,
      ...cells(stack.verdict, stack.changes),
    ]),
    ...(stacks.length > 1 ? { foot: ['All', ...cells(verdict, changes)] } : {}),
    className: 'numbers',
  });
}
