import { isExpression } from './expression';
import type { PolicyNode } from './reader';

/**
 * What a policy sets while it runs and what it reads, as `variable x`, `header x`, `query x`, `method`, `url` and `body`;
 * with `*` for a name that is unknown.
 */
export type Cell = string;

const READS: readonly (readonly [kind: string, mention: RegExp, named: RegExp])[] = [
  [
    'variable',
    /\bVariables\b/g,
    /\bVariables(?:\[|\.(?:GetValueOrDefault|ContainsKey|TryGetValue)(?:<[^()]*>)?\()"([^"\\]*)"/g,
  ],
  ['header', /\bHeaders\b/g, /\bHeaders(?:\[|\.(?:GetValueOrDefault|ContainsKey|TryGetValue)\()"([^"\\]*)"/g],
  ['query', /\bQuery\b/g, /\bQuery(?:\[|\.(?:GetValueOrDefault|ContainsKey|TryGetValue)\()"([^"\\]*)"/g],
];

/** What an expression reads of what a policy may have set before. */
export function readsOf(value: string): readonly Cell[] {
  if (!isExpression(value)) {
    return [];
  }
  const named = READS.flatMap(([kind, mention, names]) => {
    const found = [...value.matchAll(names)].map(([, name = '']) => cell(kind, name));
    return (value.match(mention) ?? []).length > found.length ? [...found, `${kind} *`] : found;
  });
  return [
    ...named,
    ...(/\bMethod\b/.test(value) ? ['method'] : []),
    ...(/\bUrl\b/.test(value) ? ['url', 'query *'] : []),
    ...(/\bBody\b/.test(value) ? ['body'] : []),
  ];
}

/** What an element reads before it decides: what its expressions read, and where it looks for a token or a header. */
export function readsOfElement(node: PolicyNode): readonly Cell[] {
  const own: Cell[] = [];
  switch (node.name) {
    case 'validate-azure-ad-token':
    case 'validate-jwt': {
      const [header, query, value] = ['header-name', 'query-parameter-name', 'token-value'].map((name) =>
        node.attributes.get(name),
      );
      if (header !== undefined || (query === undefined && value === undefined)) {
        own.push(cell('header', header ?? 'authorization'));
      }
      if (query !== undefined) {
        own.push(cell('query', query));
      }
      break;
    }
    case 'check-header':
      own.push(cell('header', node.attributes.get('name') ?? '*'));
      break;
    default:
      break;
  }
  return [...own, ...valuesIn(node).flatMap(readsOf)];
}

/** Everything that an element's attributes and texts say, its children's included. */
export function valuesIn(node: PolicyNode): readonly string[] {
  return [...node.attributes.values(), node.text, ...node.children.flatMap(valuesIn)];
}

/** What an element sets for those that come after it. */
export function setsOf(node: PolicyNode): readonly Cell[] {
  const attribute = (name: string): string => node.attributes.get(name) ?? '';
  const variables = [...node.attributes]
    .filter(([name]) => /(?:^|-)variable-name$/.test(name))
    .map(([, value]) => cell('variable', value));
  switch (node.name) {
    case 'set-variable':
      return [cell('variable', attribute('name'))];
    case 'set-header':
      return [cell('header', attribute('name'))];
    case 'set-query-parameter':
      return [cell('query', attribute('name'))];
    case 'set-method':
      return ['method'];
    case 'rewrite-uri':
      return ['url', 'query *'];
    case 'set-body':
    case 'find-and-replace':
    case 'json-to-xml':
    case 'xml-to-json':
    case 'xsl-transform':
      return ['body'];
    case 'authentication-basic':
      return ['header authorization'];
    case 'authentication-managed-identity':
      return variables.length > 0 ? variables : ['header authorization'];
    default:
      return variables;
  }
}

function cell(kind: string, name: string): Cell {
  return isExpression(name) || name.includes('{{') || name === ''
    ? `${kind} *`
    : `${kind} ${name.trim().toLowerCase()}`;
}

/** Whether what is set may be what is read. */
export function meets(set: Cell, read: Cell): boolean {
  const [setKind, setName] = set.split(' ');
  const [readKind, readName] = read.split(' ');
  return setKind === '*' || (setKind === readKind && (setName === readName || setName === '*' || readName === '*'));
}
