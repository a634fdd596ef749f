/*
 * As much of C# as it takes to tell where a policy expression ends, and whether two of them are the same: strings of
 * every kind, characters, comments and brackets.
 */

/** Strings in strings (`$"{...}"`) deeper than anyone writes. */
const MAX_DEPTH = 32;

const CLOSES: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
const CHARACTER = /'(?:\\(?:u[\da-f]{4}|U[\da-f]{8}|x[\da-f]{1,4}|[^])|[^'\\])'/iy;
const STRING_START = /(?:\$@|@\$|\$|@)?"/y;

/** The position after the bracket that closes the one at `open`; undefined where none does. */
export function closingBracket(text: string, open: number): number | undefined {
  return codeEnd(text, open, 0);
}

function codeEnd(text: string, open: number, depth: number): number | undefined {
  const expected: string[] = [];
  for (let position = open; position < text.length;) {
    const opaque = opaqueEnd(text, position, depth);
    if (opaque === undefined) {
      return undefined;
    }
    if (opaque > position) {
      position = opaque;
      continue;
    }
    const character = text[position] ?? '';
    position += 1;
    const closes = CLOSES[character];
    if (closes !== undefined) {
      expected.push(closes);
    } else if (character === ')' || character === ']' || character === '}') {
      if (expected.pop() !== character) {
        return undefined;
      }
      if (expected.length === 0) {
        return position;
      }
    }
  }
  return undefined;
}

/** Where the string, character or comment that begins at `at` ends; `at` where none begins; undefined where it never ends. */
function opaqueEnd(text: string, at: number, depth: number): number | undefined {
  switch (text[at]) {
    case '/':
      return commentEnd(text, at);
    case "'":
      CHARACTER.lastIndex = at;
      return CHARACTER.test(text) ? CHARACTER.lastIndex : undefined;
    case '"':
    case '@':
    case '$':
      return stringEnd(text, at, depth);
    default:
      return at;
  }
}

function commentEnd(text: string, at: number): number | undefined {
  if (text[at + 1] === '/') {
    const end = text.slice(at).search(/[\r\n]/);
    return end < 0 ? text.length : at + end;
  }
  if (text[at + 1] !== '*') {
    return at;
  }
  const end = text.indexOf('*/', at + 2);
  return end < 0 ? undefined : end + 2;
}

function stringEnd(text: string, at: number, depth: number): number | undefined {
  STRING_START.lastIndex = at;
  const start = STRING_START.exec(text)?.[0];
  if (start === undefined) {
    return at;
  }
  const verbatim = start.includes('@');
  const interpolated = start.includes('$');
  for (let position = at + start.length; position < text.length;) {
    const pair = text.slice(position, position + 2);
    if (text[position] === '\\' && !verbatim) {
      position += 2;
    } else if (pair === '""' && verbatim) {
      position += 2;
    } else if (text[position] === '"') {
      return position + 1;
    } else if (interpolated && (pair === '{{' || pair === '}}')) {
      position += 2;
    } else if (interpolated && text[position] === '{') {
      const end = depth < MAX_DEPTH ? codeEnd(text, position, depth + 1) : undefined;
      if (end === undefined) {
        return undefined;
      }
      position = end;
    } else {
      position += 1;
    }
  }
  return undefined;
}

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
    const opaque = opaqueEnd(code, position, 0);
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

/** Whether a value is a policy expression, `@(...)` or `@{...}`. */
export function isExpression(value: string): boolean {
  return /^@[({]/.test(value);
}

/** An expression in its shortest layout; a value that is none as it is. */
export function normalized(value: string): string {
  return isExpression(value) ? `@${joined(tokens(value.slice(1)))}` : value;
}
