import { parse, YAMLParseError } from 'yaml';
import { decode } from '../input/decode';
import { isObject, type JsonObject } from '../input/json';
import { readBytes } from '../input/plan-file';
import { clean } from '../message';
import { UserError } from '../user-error';
import { CREDENTIAL_WORDS, type Contract, type ContractRule, type CredentialWord } from './contract';

const KINDS = ['only', 'never', 'never-both', 'credentials', 'no-open-products', 'no-new-privilege'] as const;

const EXAMPLE = 'write { version: 1, rules: [...] }, as in docs/review.md';

/** Reads a contract, and reports everything that is wrong with it at once. */
export function readContract(file: string): Contract {
  const content = parsed(decode(readBytes(file), file), file);
  if (!isObject(content) || content.version !== 1 || !Array.isArray(content.rules)) {
    throw new UserError([`${file}: this is not a contract; ${EXAMPLE}`]);
  }
  const problems = Object.keys(content)
    .filter((key) => !['version', 'rules'].includes(key))
    .map((key) => `${file}: ${clean(key)} is not known; write only version and rules`);
  const names = new Set<string>();
  const rules = content.rules.flatMap((entry: unknown, index): ContractRule[] => {
    const found = isObject(entry) ? readRule(entry) : ['it is not an object; write a name and what must hold'];
    const own = Array.isArray(found) ? [...found] : names.has(found.name) ? ['an earlier rule has the same name'] : [];
    problems.push(...own.map((problem) => `${file}: rule ${index + 1}: ${problem}`));
    if (Array.isArray(found)) {
      return [];
    }
    names.add(found.name);
    return [found];
  });
  if (content.rules.length === 0) {
    problems.push(`${file}: it has no rule, so nothing would be checked`);
  }
  if (problems.length > 0) {
    throw new UserError(problems);
  }
  return { file, rules };
}

function parsed(text: string, file: string): unknown {
  try {
    return parse(text, { maxAliasCount: 0, uniqueKeys: true, prettyErrors: false });
  } catch (error) {
    const place = error instanceof YAMLParseError ? ` at character ${error.pos[0] + 1}` : '';
    throw new UserError([`${file}: this is neither YAML nor JSON${place}; ${EXAMPLE}`]);
  }
}

/** The rule, or what is wrong with it. */
function readRule(entry: JsonObject): ContractRule | string[] {
  const problems: string[] = [];
  const name = typeof entry.name === 'string' ? clean(entry.name) : '';
  if (name === '') {
    problems.push('name is missing; say what the rule is for');
  }
  const kinds = KINDS.filter((kind) => entry[kind] !== undefined);
  const unknown = Object.keys(entry).filter((key) => key !== 'name' && !KINDS.some((kind) => kind === key));
  problems.push(...unknown.map((key) => `${clean(key)} is not known; write one of ${KINDS.join(', ')}`));
  const [kind] = kinds;
  if (kind === undefined || kinds.length > 1) {
    problems.push(`it says ${kinds.length === 0 ? 'nothing' : 'several things'}; write one of ${KINDS.join(', ')}`);
    return problems;
  }
  const rule = readKind(kind, entry[kind], problems);
  return problems.length > 0 || rule === undefined ? problems : { name, ...rule };
}

type Unnamed<Rule> = Rule extends unknown ? Omit<Rule, 'name'> : never;

function readKind(kind: (typeof KINDS)[number], value: unknown, problems: string[]): Unnamed<ContractRule> | undefined {
  if (kind === 'no-open-products' || kind === 'no-new-privilege') {
    if (value !== true) {
      problems.push(`${kind} must be true; leave the rule out if it need not hold`);
    }
    return { kind };
  }
  if (!isObject(value)) {
    problems.push(`${kind} must be an object`);
    return undefined;
  }
  const patterns = (single: string, plural: string): readonly string[] =>
    readPatterns(kind, value, single, plural, problems);
  const known = kind === 'credentials' ? ['client', 'clients', 'kinds'] : ['client', 'clients', 'product', 'products'];
  problems.push(
    ...Object.keys(value)
      .filter((key) => !known.includes(key))
      .map((key) => `${kind}: ${clean(key)} is not known; write only ${known.join(', ')}`),
  );
  const clients = patterns('client', 'clients');
  if (kind === 'credentials') {
    return { kind, clients, allowed: readWords(value.kinds, problems) };
  }
  const products = patterns('product', 'products');
  if (kind === 'never-both' && products.length === 1) {
    problems.push('never-both: products must have two patterns or more');
  }
  return { kind, clients, products };
}

/** `client: X` and `clients: [X]` mean the same. */
function readPatterns(
  kind: string,
  value: JsonObject,
  single: string,
  plural: string,
  problems: string[],
): readonly string[] {
  const given = [value[single], value[plural]].filter((each) => each !== undefined);
  const list = given.flatMap((each): unknown[] => (Array.isArray(each) ? each : [each]));
  if (given.length !== 1 || list.length === 0) {
    problems.push(`${kind}: write ${single} or ${plural}, one pattern or several`);
    return [];
  }
  if (list.some((each) => typeof each !== 'string' || each.trim() === '')) {
    problems.push(`${kind}: ${single} must be a name, an id or a pattern such as "HR *"`);
    return [];
  }
  return list as string[];
}

function readWords(value: unknown, problems: string[]): readonly CredentialWord[] {
  const words = Array.isArray(value) ? (value as unknown[]) : [];
  if (words.length === 0 || words.some((word) => !CREDENTIAL_WORDS.some((known) => known === word))) {
    problems.push(`credentials: kinds must be a list of ${CREDENTIAL_WORDS.join(', ')}`);
  }
  return words as CredentialWord[];
}
