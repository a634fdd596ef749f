import { ACKNOWLEDGEMENT_STATUS, CONTRACT_STATUS, statusText } from '../formats/status-words';
import { counted } from '../message';
import type { Review } from '../model';
import type { Section } from './findings';
import { html } from './html';
import { code, named, sentence } from './names';
import { table } from './table';

/** Every acknowledgement, so that nothing is waved through unseen. */
export function acknowledgementSection({ acknowledgements }: Review): readonly Section[] {
  if (acknowledgements.length === 0) {
    return [];
  }
  const body = table({
    section: 'acknowledgements',
    caption: counted(acknowledgements.length, 'acknowledgement'),
    head: ['Status', 'Rule', 'Address', 'Stack', 'Reason', 'Until'],
    rows: acknowledgements.map(({ rule, address, stack, reason, expires, status }) => [
      html`<span class="status ${status}">${statusText(ACKNOWLEDGEMENT_STATUS[status])}</span>`,
      code(rule),
      code(address),
      stack === undefined ? 'any' : named(stack),
      named(reason),
      expires,
    ]),
    className: 'findings',
  });
  return [{ id: 'acknowledgements', title: 'Acknowledgements', count: acknowledgements.length, body }];
}

/** Every rule of the contract: a rule that matches nothing would look like one that is kept. */
export function contractSection({ contractRules = [] }: Review): readonly Section[] {
  if (contractRules.length === 0) {
    return [];
  }
  const body = table({
    section: 'contract-rules',
    caption: counted(contractRules.length, 'rule'),
    head: ['Rule', 'Kind', 'Status'],
    rows: contractRules.map(({ name, kind, status }) => [named(name), code(kind), statusText(CONTRACT_STATUS[status])]),
    className: 'findings',
  });
  return [{ id: 'contract-rules', title: 'Contract rules', count: contractRules.length, body }];
}

/** What the review does not know, so that nobody takes silence for consent. */
export function noteSection({ notes }: Review): readonly Section[] {
  return notes.length === 0
    ? []
    : [
        {
          id: 'notes',
          title: 'What this review cannot tell',
          count: notes.length,
          body: html`<ul class="notes">
            ${notes.map(({ parts }) => html`<li>${sentence(parts)}</li> `)}
          </ul>`,
        },
      ];
}
