/*
 * Where policy expressions begin and end: as much of C# as that takes, strings of every kind, characters, comments and
 * brackets. The library and the tools read by this one file, so that the review reads whatever the library accepts.
 */

/** Strings in strings (`$"{...}"`) deeper than anyone writes. */
const MAX_DEPTH = 32;

/** Quotes, or angle brackets, in one expression that may be its end. */
const MAX_MARKS = 100;

const CLOSES: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
const CHARACTER = /'(?:\\(?:u[\da-f]{4}|U[\da-f]{8}|x[\da-f]{1,4}|[^])|[^'\\])'/iy;
const SPACE = /\s*/y;
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

/**
 * Where the string, character or comment that begins at `at` ends; `at` where none begins; undefined where it never
 * ends.
 */
export function opaqueEnd(text: string, at: number, depth = 0): number | undefined {
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

/** Whether a value is a policy expression, `@(...)` or `@{...}`. */
export function isExpression(value: string): boolean {
  return /^@[({]/.test(value);
}

/** An expression in a document, and the position of the mark that ends its value or text. */
export interface FoundExpression {
  readonly value: string;
  readonly end: number;
}

/** The expression that begins at `at`, read without decoding; undefined if there is none that the mark follows. */
export function rawExpression(text: string, at: number, mark: string): FoundExpression | undefined {
  const end = isExpression(text.slice(at, at + 2)) ? closingBracket(text, at + 1) : undefined;
  if (end === undefined) {
    return undefined;
  }
  SPACE.lastIndex = end;
  SPACE.exec(text);
  const next = SPACE.lastIndex;
  return text.startsWith(mark, next) ? { value: text.slice(at, end), end: next } : undefined;
}

/** The expression that begins at `at` with what XML escapes, still escaped. */
export function escapedExpression(text: string, at: number, mark: string): FoundExpression | undefined {
  let end = at - 1;
  for (let attempt = 0; attempt < MAX_MARKS; attempt += 1) {
    end = text.indexOf(mark, end + 1);
    if (end < 0) {
      return undefined;
    }
    const value = decodedEntities(text.slice(at, end)).trim();
    if (isExpression(value) && closingBracket(value, 1) === value.length) {
      return { value: text.slice(at, end).trim(), end };
    }
  }
  return undefined;
}

/** Whether two readings of one expression end in different places: one of them hides what the other one shows. */
export function endsInTwoPlaces(raw: FoundExpression | undefined, escaped: FoundExpression | undefined): boolean {
  return raw !== undefined && escaped !== undefined && raw.end !== escaped.end;
}

/** Whether an expression would end in another place, or nowhere, if the entities in it were decoded before it is read. */
export function endsElsewhereDecoded(code: string, mark: string): boolean {
  const decoded = decodedEntities(code);
  return (
    closingBracket(decoded, 1) !== decoded.length ||
    (escapedExpression(code + mark, 0, mark)?.end ?? code.length) !== code.length
  );
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Decodes entities; an ampersand that begins none stays, since azurerm's state contains such text. */
export function decodedEntities(text: string): string {
  return text.replace(
    /&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#x([\da-f]{1,6}));/gi,
    (all: string, named?: string, decimal?: string, hex?: string) => {
      if (named !== undefined) {
        return NAMED[named.toLowerCase()] ?? all;
      }
      const code = decimal === undefined ? Number.parseInt(String(hex), 16) : Number(decimal);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : all;
    },
  );
}
