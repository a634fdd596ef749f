import { counted } from '../message';
import type { Acknowledgement, ContractResult, Review } from '../model';
import type { Section } from './findings';
import { html } from './html';
import { code, named, sentence } from './names';
import { table } from './table';

const STATUS: Readonly<Record<Acknowledgement['status'], string>> = {
  used: 'in force',
  expired: 'expired: the finding counts again',
  changed: 'the finding says something else now and counts',
  idle: 'matches nothing: remove it',
};

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
      html`<span class="status ${status}">${STATUS[status]}</span>`,
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

const RULE_STATUS: Readonly<Record<ContractResult['status'], string>> = {
  holds: 'holds',
  broken: 'broken',
  'possibly broken': 'possibly broken',
  'not proven': 'not proven: a change is not judged',
  'matches nothing': 'matches nothing: its patterns match nothing in the plans',
};

/** Every rule of the contract: one that fits nothing would look like one that holds. */
export function contractSection({ contractRules = [] }: Review): readonly Section[] {
  if (contractRules.length === 0) {
    return [];
  }
  const body = table({
    section: 'contract-rules',
    caption: counted(contractRules.length, 'rule'),
    head: ['Rule', 'Kind', 'Status'],
    rows: contractRules.map(({ name, kind, status }) => [named(name), code(kind), RULE_STATUS[status]]),
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
