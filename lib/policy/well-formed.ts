import { Token } from 'cdktf';

const COMMENT = /<!--(?:(?!--)[^])*-->/y;
const CHARACTER_DATA = /<!\[CDATA\[[^]*?\]\]>/y;
const END_TAG = /<\/([A-Za-z_][\w.:-]*)\s*>/y;
const START_TAG = /<([A-Za-z_][\w.:-]*)/y;
const ATTRIBUTE = /\s+[A-Za-z_][\w.:-]*\s*=\s*(["'])/y;
const TAG_CLOSE = /\s*(\/?)>/y;
const EXPRESSION = /\s*@(?=[({])/y;
const VALUES: { [quote: string]: RegExp } = { '"': /([^"<]*)"/y, "'": /([^'<]*)'/y };
const QUOTES: { [quote: string]: RegExp } = { '"': /\s*"/y, "'": /\s*'/y };
const TEXT = /[^<]+/y;

const BARE_AMPERSAND = /&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[\da-fA-F]+);)/;
const SECTIONS = ['policies', 'inbound', 'backend', 'outbound', 'on-error'];

/** What C# has in quotes, and comments: brackets in it close nothing. */
const CSHARP_OPAQUE = /\$?@\$?"(?:[^"]|"")*"|\$?"(?:[^"\\]|\\[^])*"|'(?:[^'\\]|\\[^']+|\\')'|\/\*[^]*?\*\/|\/\/[^\n]*/y;

/** Reads a text from its start. */
class Reader {
  public at = 0;

  public constructor(private readonly text: string) {}

  public get rest(): boolean {
    return this.at < this.text.length;
  }

  public take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text) ?? undefined;
    if (found !== undefined) {
      this.at = pattern.lastIndex;
    }
    return found;
  }

  /** Takes a policy expression, up to the bracket that closes its first one; undefined where none begins. */
  public takeExpression(): 'ended' | 'unended' | undefined {
    if (this.take(EXPRESSION) === undefined) {
      return undefined;
    }
    for (let depth = 0; this.rest;) {
      if (this.take(CSHARP_OPAQUE) !== undefined) {
        continue;
      }
      const character = this.text[this.at];
      this.at += 1;
      if (character === '(' || character === '{') {
        depth += 1;
      }
      if (character === ')' || character === '}') {
        depth -= 1;
      }
      if (depth === 0) {
        return 'ended';
      }
    }
    return 'unended';
  }
}

const MALFORMED = 'must be well-formed XML, got';
const UNENDED = `${MALFORMED} a tag that does not end`;
const UNENDED_EXPRESSION = `${MALFORMED} a policy expression that does not end`;

/**
 * What is wrong with the user's own policy, if anything: elements that are not closed would swallow the token's
 * validation. Policy expressions are C# and stand as they are, with quotes and angle brackets, where an attribute's value
 * or a text begins: that is what API Management takes, and no XML parser.
 */
export function problemOfXml(xml: string): string | undefined {
  if (Token.isUnresolved(xml)) {
    return undefined;
  }
  if (typeof xml !== 'string' || xml.trim() === '') {
    return 'must hold policy elements, got nothing';
  }
  const reader = new Reader(xml);
  const open: string[] = [];
  while (reader.rest) {
    const problem = problemOfNext(reader, open);
    if (problem !== undefined) {
      return problem;
    }
  }
  return open.length > 0 ? `${MALFORMED} <${open[open.length - 1]}> without its end` : undefined;
}

function problemOfNext(reader: Reader, open: string[]): string | undefined {
  if (reader.take(COMMENT) !== undefined) {
    return undefined;
  }
  const end = reader.take(END_TAG);
  if (end !== undefined) {
    return open.pop() === end[1] ? undefined : `${MALFORMED} </${end[1]}> where it was not open`;
  }
  const start = reader.take(START_TAG);
  if (start !== undefined) {
    if (open.length === 0 && SECTIONS.includes(start[1])) {
      return `must hold what stands inside of a section, got <${start[1]}>`;
    }
    return problemOfTag(reader, start[1], open);
  }
  const expression = reader.takeExpression();
  if (expression === 'unended') {
    return UNENDED_EXPRESSION;
  }
  const opaque = expression !== undefined || reader.take(CHARACTER_DATA) !== undefined;
  const text = opaque ? undefined : reader.take(TEXT)?.[0];
  if (!opaque && text === undefined) {
    return UNENDED;
  }
  if (open.length === 0 && text?.trim() !== '') {
    return 'must hold policy elements, got text outside of them';
  }
  return text && problemOfText(text);
}

function problemOfTag(reader: Reader, name: string, open: string[]): string | undefined {
  for (let attribute = reader.take(ATTRIBUTE); attribute !== undefined; attribute = reader.take(ATTRIBUTE)) {
    const [, quote] = attribute;
    const expression = reader.takeExpression();
    if (expression === 'unended') {
      return UNENDED_EXPRESSION;
    }
    const value = expression === undefined ? reader.take(VALUES[quote])?.[1] : reader.take(QUOTES[quote]) && '';
    if (value === undefined) {
      return UNENDED;
    }
    const problem = problemOfText(value);
    if (problem !== undefined) {
      return problem;
    }
  }
  const close = reader.take(TAG_CLOSE);
  if (close === undefined) {
    return UNENDED;
  }
  if (close[1] !== '/') {
    open.push(name);
  }
  return undefined;
}

function problemOfText(text: string): string | undefined {
  if (text.includes(']]>')) {
    return `${MALFORMED} ]]> where ]]&gt; is meant`;
  }
  return BARE_AMPERSAND.test(text) ? `${MALFORMED} & where &amp; is meant` : undefined;
}
