import { UserError } from '../user-error';
import { clean } from '../message';
import { RULES } from '../rules';
import { decode } from './decode';
import { isObject, parseJson, type JsonObject } from './json';
import { readBytes } from './plan-file';

/** One acknowledged finding: what it is, why it is accepted, and until when. */
export interface AllowEntry {
  readonly rule: string;
  readonly address: string;
  /** Digest of the finding that was accepted. */
  readonly digest: string;
  readonly stack?: string;
  readonly reason: string;
  /** The last day on which it is valid, `YYYY-MM-DD`. */
  readonly expires: string;
}

const FIELDS = ['rule', 'address', 'digest', 'stack', 'reason', 'expires'];

/** Reads an allow file, and reports everything that is wrong with it at once. */
export function readAllowFile(file: string, asOf: string): readonly AllowEntry[] {
  const json = parseJson(decode(readBytes(file), file), file, 'see docs/review.md for what an allow file looks like');
  if (!isObject(json) || json.version !== 1 || !Array.isArray(json.acknowledgements)) {
    throw new UserError([`${file}: this is not an allow file; write { "version": 1, "acknowledgements": [...] }`]);
  }
  const problems: string[] = [];
  const entries = json.acknowledgements.flatMap((entry: unknown, index) => {
    const found = isObject(entry)
      ? entryProblems(entry, asOf)
      : ['it is not an object; write rule, address, digest, reason and expires'];
    problems.push(...found.map((problem) => `${file}: acknowledgement ${index + 1}: ${problem}`));
    return found.length === 0 ? [toEntry(entry as JsonObject)] : [];
  });
  if (problems.length > 0) {
    throw new UserError(problems);
  }
  return entries;
}

function entryProblems(entry: JsonObject, asOf: string): string[] {
  const problems: string[] = [];
  const { rule, address, digest, stack, reason, expires } = entry;
  if (typeof rule !== 'string' || !Object.hasOwn(RULES, rule)) {
    problems.push('rule is not a rule of the review; take it from the review in JSON');
  }
  if (typeof address !== 'string' || address === '') {
    problems.push('address is missing; take the Terraform address from the review');
  }
  if (typeof digest !== 'string' || !/^[0-9a-f]{32}$/.test(digest)) {
    problems.push('digest is missing; take it from the finding in the review in JSON');
  }
  if (stack !== undefined && (typeof stack !== 'string' || stack === '')) {
    problems.push('stack is not a name; leave it out to mean every stack');
  }
  if (typeof reason !== 'string' || reason.trim() === '') {
    problems.push('reason is missing; say why this is accepted');
  }
  if (typeof expires !== 'string' || !isDate(expires)) {
    problems.push('expires is not a date; write the last day on which it is valid as YYYY-MM-DD');
  } else if (expires > oneYearAfter(asOf)) {
    problems.push(`expires is more than a year away; write ${oneYearAfter(asOf)} or an earlier day`);
  }
  const unknown = Object.keys(entry).filter((field) => !FIELDS.includes(field));
  if (unknown.length > 0) {
    problems.push(
      `it has ${unknown.length === 1 ? 'an unknown field' : 'unknown fields'}; write only ${FIELDS.join(', ')}`,
    );
  }
  return problems;
}

export function isDate(text: string): boolean {
  const date = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : undefined;
  return date !== undefined && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** Nothing is accepted for ever: somebody has to look again within a year. */
function oneYearAfter(day: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCFullYear(date.getUTCFullYear() + 1);
  return date.toISOString().slice(0, 10);
}

function toEntry({ rule, address, digest, stack, reason, expires }: JsonObject): AllowEntry {
  return {
    rule: String(rule),
    address: clean(String(address)),
    digest: String(digest),
    ...(stack === undefined ? {} : { stack: clean(String(stack)) }),
    reason: clean(String(reason)),
    expires: String(expires),
  };
}
