import { isExpression, opaqueEnd } from './expression';

const TOKEN = /[\p{L}\p{N}_]+|&&|\|\||==|!=|<=|>=|=>|\?\?|\?\.|\+\+|--|<<|[^\s]/uy;
const WORD = /^[\p{L}\p{N}_"'@$]/u;
const PAIRS: ReadonlySet<string> = new Set([
  '&&',
  '||',
  '==',
  '!=',
  '<=',
  '>=',
  '=>',
  '??',
  '?.',
  '++',
  '--',
  '<<',
  '//',
]);

/** The parts of C# code without blanks and comments; strings and characters are one part each. */
export function tokens(code: string): readonly string[] {
  const found: string[] = [];
  for (let position = 0; position < code.length;) {
    const opaque = opaqueEnd(code, position);
    if (opaque === undefined) {
      return [...found, code.slice(position)];
    }
    if (opaque > position) {
      if (code[position] !== '/') {
        found.push(code.slice(position, opaque));
      }
      position = opaque;
      continue;
    }
    TOKEN.lastIndex = position;
    const token = TOKEN.exec(code)?.[0];
    if (token !== undefined) {
      found.push(token);
    }
    position += token?.length ?? 1;
  }
  return found;
}

/** Code as text again, with no more blanks than it needs: the same for code that differs in layout and comments only. */
export function joined(parts: readonly string[]): string {
  return parts.reduce((code, part) => {
    const last = code.at(-1) ?? '';
    const merges = (WORD.test(part) && /[\p{L}\p{N}_]$/u.test(code)) || PAIRS.has(last + (part[0] ?? ''));
    return code + (merges ? ' ' : '') + part;
  }, '');
}

/** An expression in its shortest layout; a value that is none as it is. */
export function normalized(value: string): string {
  return isExpression(value) ? `@${joined(tokens(value.slice(1)))}` : value;
}
