import Table from 'cli-table3';
import { clean } from '../../message';
import { CHECKS, declaredClause, type CheckName, type Result, type Verification } from '../model';

const MOST_ROWS = 40;
const MOST_REASONS = 20;

/** A table of applications and products, what is broken first, then why. */
export function text({ passed, failed, skipped, results }: Verification): string {
  const broken = results.filter(({ ok }) => ok === false);
  const total = `${passed} passed, ${failed} failed, ${skipped} skipped`;
  return [
    matrix(results),
    ...broken.slice(0, MOST_REASONS).map(failure),
    ...(broken.length > MOST_REASONS
      ? [`and ${broken.length - MOST_REASONS} more failures; --format json has them all\n`]
      : []),
    skips(results),
    `${total}\n`,
  ]
    .filter((part) => part !== '')
    .join('\n');
}

interface Row {
  readonly application: string;
  readonly product: string;
  readonly results: readonly Result[];
}

function matrix(results: readonly Result[]): string {
  const rows = rowsOf(results);
  const shown = rows.length > MOST_ROWS ? rows.slice(0, MOST_ROWS) : rows;
  const columns = CHECKS.filter((check) => results.some((result) => result.check === check));
  const table = new Table({
    head: ['application', 'product', ...columns],
    style: { head: [], border: [], compact: true },
    chars: PLAIN,
  });
  for (const { application, product, results: own } of shown) {
    table.push([clean(application), clean(product), ...columns.map((check) => cell(own, check))]);
  }
  const rest = rows.length - shown.length;
  const left = rows.slice(shown.length).filter(({ results: own }) => own.some(({ ok }) => ok === false)).length;
  const more =
    rest === 0 ? '' : `and ${rest} more rows, ${left === 0 ? 'none of them' : `${left} of them`} with failures\n`;
  return `${table.toString()}\n${more}`;
}

/** What is broken comes first; else the order of the manifests. */
function rowsOf(results: readonly Result[]): readonly Row[] {
  const rows = new Map<string, { application: string; product: string; results: Result[] }>();
  for (const result of results) {
    const key = JSON.stringify([result.manifest, result.application, result.product]);
    const row = rows.get(key) ?? { application: result.application, product: result.product, results: [] };
    row.results.push(result);
    rows.set(key, row);
  }
  const isBroken = (row: Row): number => (row.results.some(({ ok }) => ok === false) ? 0 : 1);
  return [...rows.values()].sort((one, other) => isBroken(one) - isBroken(other));
}

function cell(results: readonly Result[], check: CheckName): string {
  const found = results.find((result) => result.check === check);
  if (found === undefined) {
    return '';
  }
  return found.ok === null ? 'skipped' : found.ok ? 'ok' : `FAILED ${shortened(found.actual)}`;
}

function shortened(actual: string): string {
  return /AADSTS\d+/.exec(actual)?.[0] ?? (/^\d{3}/.test(actual) ? actual : '');
}

function failure({ application, product, check, expected, actual, reason, declaredAt }: Result): string {
  const declared = declaredClause(declaredAt);
  const lines: readonly (readonly [string, string | undefined])[] = [
    ['expected', expected],
    ['came back', reason?.cameBack ?? actual],
    ['because', reason?.because],
    ['declared', declared],
    ['do', reason?.remedy],
  ];
  const told = lines.flatMap(([name, value]) => (value === undefined ? [] : [`  ${name.padEnd(10)}${clean(value)}`]));
  return `${clean(application)} on ${clean(product)}: ${check} failed\n${told.join('\n')}\n`;
}

/** Skipped checks by their reason, since many have the same. */
function skips(results: readonly Result[]): string {
  const reasons = new Map<string, number>();
  for (const { ok, reason } of results) {
    if (ok === null && reason !== undefined) {
      const why = [reason.because, ...(reason.remedy === undefined ? [] : [reason.remedy])].join('; ');
      reasons.set(why, (reasons.get(why) ?? 0) + 1);
    }
  }
  return [...reasons].map(([why, count]) => `skipped ${count}: ${why}\n`).join('');
}

const PLAIN = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: ' ',
};
