import { UNKNOWN_NAME } from '../entities/names';
import { counted } from '../message';
import type { AccessFinding, Finding, Review, Severity } from '../model';
import { judgedFindings, SECTIONS, type SectionKey } from '../sections';
import type { Format } from './format';
import { changeWords, highlights } from './headline';
import { code, freeText, sentence } from './markdown-text';
import { accessGraph, MAX_EDGES } from './mermaid';
import { worstFirst } from './stack-order';
import { ACKNOWLEDGEMENT_STATUS, CONTRACT_STATUS, type StatusWords } from './status-words';

/** GitHub refuses a comment of more than 65,536 characters; counted in bytes, which are never fewer. */
export const MAX_LENGTH = 65_000;

export const markdownFormat: Format = {
  name: 'markdown',
  summary: 'a comment for GitHub or Azure DevOps',
  render: (review) => fit(review, rowsOf(review)),
};

/** A line of a table, with what decides whether it is among the first to go. */
interface Row {
  readonly section: SectionKey;
  readonly severity: Severity;
  readonly text: string;
}

/** The most important first: in a comment that is too long the last go first. */
function rowsOf(review: Review): readonly Row[] {
  const order: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'info'];
  const rows = SECTIONS.flatMap(({ key }) =>
    key === 'access'
      ? review.access.map((finding): Row => ({ section: key, severity: finding.severity, text: accessRow(finding) }))
      : review[key].map((finding): Row => ({ section: key, severity: finding.severity, text: findingRow(finding) })),
  );
  return order.flatMap((severity) => rows.filter((row) => row.severity === severity));
}

function fit(review: Review, rows: readonly Row[]): string {
  for (const extras of [2, 1, 0]) {
    const text = compose(review, rows, rows.length, extras);
    if (size(text) <= MAX_LENGTH) {
      return text;
    }
  }
  let [least, most] = [0, rows.length];
  while (least < most) {
    const middle = Math.ceil((least + most) / 2);
    if (size(compose(review, rows, middle, 0)) <= MAX_LENGTH) {
      least = middle;
    } else {
      most = middle - 1;
    }
  }
  return compose(review, rows, least, 0);
}

function head(key: SectionKey, column: string): string {
  const columns = key === 'access' ? ['Client', 'Product', 'Audience', 'How'] : [column];
  const all = ['', ...columns, 'Stack', 'Where'];
  return `${row(all).replace('|  |', '| |')}\n|${all.map(() => '---').join('|')}|`;
}

function size(text: string): number {
  return Buffer.byteLength(text);
}

/** `extras`: 2 shows acknowledgements, notes and the graph, 1 leaves the graph out, 0 shortens all lists. */
function compose(review: Review, rows: readonly Row[], kept: number, extras: number): string {
  const shown = rows.slice(0, kept);
  const left = rows.length - kept;
  const graph = extras === 2 ? accessGraph(review) : undefined;
  const leftOut = [
    left > 0 ? `${counted(left, 'finding')} of ${rows.length}, the least important` : '',
    graph === undefined && review.grants.length > 0
      ? `the access graph (${counted(review.grants.length, 'grant')}${review.grants.length > MAX_EDGES ? ', too many to see' : ''})`
      : '',
    ...(extras === 0 ? shortened(review) : []),
  ].filter((text) => text !== '');
  return [
    `<!-- ${review.marker} -->`,
    `## Access review: ${review.verdict.label}`,
    headline(review),
    notJudged(review),
    critical(review),
    ...(left > 0
      ? [
          `> [!WARNING]\n> This is not the whole review: ${left} of ${rows.length} findings are left out. Read the JSON or HTML review before you approve.`,
        ]
      : []),
    ...SECTIONS.map(({ key, title, column }) => {
      const own = shown.filter(({ section }) => section === key).map(({ text }) => text);
      return own.length === 0 ? '' : `### ${title}\n\n${head(key, column)}\n${own.join('\n')}`;
    }),
    contractRules(review, extras === 0 ? 20 : Number.POSITIVE_INFINITY),
    acknowledgements(review, extras === 0 ? 20 : Number.POSITIVE_INFINITY),
    notes(review, extras === 0 ? 10 : Number.POSITIVE_INFINITY),
    stacks(review, extras === 0 ? 40 : Number.POSITIVE_INFINITY),
    graph === undefined
      ? ''
      : `<details><summary>Access graph</summary>\n\n\`\`\`mermaid\n${graph}\`\`\`\n\n</details>`,
    leftOut.length === 0 ? '' : `Left out here: ${leftOut.join('; ')}. The JSON and HTML reviews have everything.`,
    `<sub>apim-oauth ${review.tool.version} · names and settings only, never a value that may be a secret</sub>`,
  ]
    .filter((block) => block !== '')
    .join('\n\n')
    .concat('\n');
}

function headline(review: Review): string {
  const [only] = review.stacks;
  const plans =
    review.stacks.length === 1 && only !== undefined ? code(only.name) : counted(review.stacks.length, 'stack');
  return `**${highlights(review.verdict).join(' · ')}** in ${plans}. Resources: ${changeWords(review.changes)}.`;
}

/** Silence is no consent: changes that are not judged are above everything else. */
function notJudged({ unjudged }: Review): string {
  if (unjudged.length === 0) {
    return '';
  }
  const lines = unjudged.slice(0, 5).map((finding) => `> - ${sentence(finding.parts)}${acknowledged(finding)}`);
  const rest = unjudged.length > 5 ? [`> - and ${unjudged.length - 5} more`] : [];
  const lead = `> Not judged: ${counted(unjudged.length, 'change')} that can affect access. Look at ${unjudged.length === 1 ? 'it' : 'them'} in the plan.`;
  return ['> [!WARNING]', lead, ...lines, ...rest].join('\n');
}

/** What must not be missed is above all tables. */
function critical(review: Review): string {
  const found = judgedFindings(review).filter(({ kinds }) => kinds.includes('critical'));
  const lines = found.slice(0, 5).map((finding) => `> - ${sentence(finding.parts)}${acknowledged(finding)}`);
  const rest = found.length > 5 ? [`> - and ${found.length - 5} more`] : [];
  return found.length === 0 ? '' : ['> [!CAUTION]', ...lines, ...rest].join('\n');
}

const SIGNS: Readonly<Record<AccessFinding['change'], string>> = {
  gained: '**+** gains',
  lost: '**−** loses',
  interrupted: '**±** interrupted',
  kept: '= keeps',
  imported: '= has already',
};

function accessRow(finding: AccessFinding): string {
  const { change, client, product, audience = '', means, role } = finding;
  const how = `${means.join(', ')}${role === undefined ? '' : ` ${code(role)}`}`;
  return row([
    `${SIGNS[change]}${acknowledged(finding)}`,
    code(client.name),
    code(product.name),
    audience === UNKNOWN_NAME ? audience : code(audience),
    how,
    code(finding.stack),
    where(finding),
  ]);
}

function findingRow(finding: Finding): string {
  const kinds = finding.kinds.filter((kind) => kind !== 'critical').join(', ');
  const mark = finding.severity === 'critical' ? '**critical**' : finding.severity;
  return row([
    `${mark}${kinds === '' ? '' : ` (${kinds})`}`,
    `${sentence(finding.parts)}${acknowledged(finding)}`,
    code(finding.stack),
    where(finding),
  ]);
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function where({ address, location }: Finding): string {
  return location.constructPath === undefined || location.line === 1
    ? code(address)
    : `${code(`${location.file}:${location.line}`)} ${code(address)}`;
}

function acknowledged({ acknowledgement }: Finding): string {
  return acknowledgement === undefined ? '' : ` (acknowledged until ${acknowledgement.expires})`;
}

function acknowledgements({ acknowledgements: all }: Review, most: number): string {
  if (all.length === 0) {
    return '';
  }
  const rows = all
    .slice(0, most)
    .map(({ rule, address, stack, reason, expires, status }) =>
      row([
        statusOf(ACKNOWLEDGEMENT_STATUS[status]),
        code(rule),
        code(address),
        stack === undefined ? 'any' : code(stack),
        freeText(reason),
        expires,
      ]),
    );
  return `### Acknowledgements\n\n| | Rule | Address | Stack | Reason | Until |\n|---|---|---|---|---|---|\n${rows.join('\n')}`;
}

function statusOf({ alarm, says = '' }: StatusWords): string {
  return `${alarm === undefined ? '' : `**${alarm}**`}${says}`;
}

/** A rule that matches nothing looks like one that is kept: each is reported. */
function contractRules({ contractRules: all = [] }: Review, most: number): string {
  return all.length === 0
    ? ''
    : `### Contract rules\n\n| Rule | |\n|---|---|\n${all
        .slice(0, most)
        .map(({ name, status }) => row([freeText(name), statusOf(CONTRACT_STATUS[status])]))
        .join('\n')}`;
}

function notes({ notes: all }: Review, most: number): string {
  return all.length === 0
    ? ''
    : `### Notes\n\n${all
        .slice(0, most)
        .map(({ parts }) => `- ${sentence(parts)}`)
        .join('\n')}`;
}

function stacks({ stacks: all }: Review, most: number): string {
  if (all.length < 2) {
    return '';
  }
  const rows = worstFirst(all)
    .slice(0, most)
    .map(({ name, verdict, changes }) =>
      row([
        code(name),
        verdict.label,
        ...[verdict.counts.gained, verdict.counts.lost, verdict.counts.interrupted].map(String),
        ...[
          changes.created,
          changes.changed,
          changes.replaced,
          changes.destroyed,
          changes.moved,
          changes.imported,
          changes.forgotten,
        ].map(String),
      ]),
    );
  return `### Stacks\n\n| Stack | Verdict | Gained | Lost | Interrupted | Created | Changed | Replaced | Destroyed | Moved | Imported | Forgotten |\n|---|---|---|---|---|---|---|---|---|---|---|---|\n${rows.join('\n')}`;
}

function shortened({ acknowledgements: allowed, notes: noted, stacks: reviewed }: Review): string[] {
  const more = (count: number, most: number, noun: string): string => (count > most ? counted(count - most, noun) : '');
  return [
    more(allowed.length, 20, 'acknowledgement'),
    more(noted.length, 10, 'note'),
    more(reviewed.length, 40, 'stack'),
  ];
}
