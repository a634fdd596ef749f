import { UNKNOWN_NAME } from '../entities/names';
import type { AccessFinding, Finding, Review } from '../model';
import { counted } from '../message';
import { SECTIONS, type SectionKey } from '../sections';
import { html, type Html } from './html';
import { code, named, sentence, withDetail } from './names';
import { table } from './table';

export interface Section {
  readonly id: string;
  readonly title: string;
  /** The text beside its link in the table of contents. */
  readonly count?: number;
  readonly body: Html;
}

const SIGNS: Readonly<Record<AccessFinding['change'], readonly [sign: string, word: string]>> = {
  gained: ['+', 'gains'],
  lost: ['−', 'loses'],
  interrupted: ['±', 'interrupted'],
  kept: ['=', 'keeps'],
  imported: ['=', 'has already'],
};

/** Who gains or loses which product. */
export function accessSection({ access }: Review): Section {
  const body =
    access.length === 0
      ? html`<p>Nobody gains or loses a product.</p>`
      : table({
          section: 'access',
          caption: `${counted(access.length, 'change')} of access, the most important first`,
          head: ['Change', 'Client', 'Product', 'Audience', 'How', 'Stack', 'Where'],
          rows: access.map(accessRow),
          className: 'findings',
        });
  return { id: 'access', title: 'Access', count: access.length, body };
}

function accessRow(finding: AccessFinding): readonly Html[] {
  const { change, client, product, audience, means, role } = finding;
  const [sign, word] = SIGNS[change];
  return [
    html`<span class="change ${change}"><span aria-hidden="true">${sign}</span> ${word}</span>${acknowledged(finding)}`,
    withDetail(client),
    withDetail({ ...product }),
    audience === undefined
      ? html`<span class="faint">not in the plan</span>`
      : audience === UNKNOWN_NAME
        ? html`<span class="faint">${audience}</span>`
        : code(audience),
    html`${means.join(', ')}${role === undefined ? '' : html` ${code(role)}`}`,
    named(finding.stack),
    where(finding),
  ];
}

/** The sections that have something to say, besides access. */
export function findingSections(review: Review, ...keys: readonly SectionKey[]): readonly Section[] {
  return SECTIONS.filter(({ key }) => keys.includes(key)).flatMap(({ key, section, title, column }) => {
    const found: readonly Finding[] = review[key];
    const id = section.replaceAll(' ', '-');
    return found.length === 0
      ? []
      : [
          {
            id,
            title,
            count: found.length,
            body: table({
              section: id,
              caption: `${counted(found.length, 'finding')}, the most important first`,
              head: ['Severity', column, 'Stack', 'Where'],
              rows: found.map(findingRow),
              className: 'findings',
            }),
          },
        ];
  });
}

function findingRow(finding: Finding): readonly Html[] {
  const kinds = finding.kinds.filter((kind) => kind !== 'critical');
  return [
    html`<span class="severity ${finding.severity}">${finding.severity}</span>${kinds.map(
        (kind) => html`<span class="detail">${kind}</span>`,
      )}`,
    html`${sentence(finding.parts)}${acknowledged(finding)}`,
    named(finding.stack),
    where(finding),
  ];
}

function acknowledged({ acknowledgement }: Finding): Html {
  return acknowledgement === undefined
    ? html``
    : html`<span class="detail">acknowledged until ${acknowledgement.expires}: ${named(acknowledgement.reason)}</span>`;
}

function where({ address, otherAddresses, location }: Finding): Html {
  const line = location.constructPath === undefined ? '' : html`${code(`${location.file}:${location.line}`)}<br />`;
  const others =
    otherAddresses.length === 0
      ? ''
      : html`<span class="detail"
          >and at ${otherAddresses.map((other, index) => html`${index === 0 ? '' : ', '}${code(other)}`)}</span
        >`;
  return html`${line}${code(address)}${others}`;
}
