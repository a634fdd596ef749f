import { Token } from 'cdktf';
import {
  decoded,
  encodedAttribute,
  encodedText,
  EXPRESSION_START,
  isXmlText,
  unreadableEntity,
} from './canonical-text';
import { ExpressionProblem, PolicyReader } from './policy-reader';

const COMMENT = /<!--((?:(?!--)[^])*)-->/y;
const CHARACTER_DATA = /<!\[CDATA\[([^]*?)\]\]>/y;
const END_TAG = /<\/([A-Za-z_][\w.:-]*)\s*>/y;
const START_TAG = /<([A-Za-z_][\w.:-]*)/y;
const ATTRIBUTE = /(\s+)([A-Za-z_][\w.:-]*)\s*=\s*(["'])/y;
const TAG_CLOSE = /(\s*\/?)>/y;
const VALUES: { [quote: string]: RegExp } = { '"': /([^"<]*)"/y, "'": /([^'<]*)'/y };
const QUOTES: { [quote: string]: RegExp } = { '"': /\s*"/y, "'": /\s*'/y };
const TEXT = /[^<]+/y;

const BARE_AMPERSAND = /&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[\da-fA-F]+);)/;
const SECTIONS = ['policies', 'inbound', 'backend', 'outbound', 'on-error'];

const MALFORMED = 'must be well-formed XML, got';
const UNENDED = `${MALFORMED} a tag that does not end`;
const EXPRESSION_PROBLEMS: { [problem in ExpressionProblem]: string } = {
  'does not end': `${MALFORMED} a policy expression that does not end`,
  'ends in two places':
    'must contain policy expressions as they are, got one that ends elsewhere once its entities are decoded; write the characters themselves',
};
const IN_PIECES = 'must contain policy expressions as they are, got one that begins with an entity or in pieces';

/** The review reads no policies with more than twice as many levels. */
const MAX_DEPTH = 100;

/** What is wrong with a section. */
class SectionProblem extends Error {}

/**
 * What is wrong with the user's own policy, if anything: elements that are not closed would swallow the token's
 * validation. Policy expressions are C# and stay as they are, with quotes and angle brackets, where an attribute's value
 * or a text begins: that is what API Management takes, and no XML parser.
 */
export function problemOfSection(xml: string): string | undefined {
  if (Token.isUnresolved(xml)) {
    return undefined;
  }
  if (typeof xml !== 'string' || xml.trim() === '') {
    return 'must contain policy elements, got nothing';
  }
  const written = rewritten(xml);
  return written instanceof SectionProblem ? written.message : undefined;
}

/**
 * The user's own policy in a form that azurerm reads back as it was written: double quotes, entities only where XML needs
 * them. Blanks and line breaks stay. If tokens replace more than a value or a text, it is left as it is.
 */
export function canonicalSection(xml: string): string {
  const written = rewritten(xml);
  return written instanceof SectionProblem ? xml : written;
}

function rewritten(xml: string): string | SectionProblem {
  const section = new Section(xml);
  try {
    return section.write();
  } catch (error) {
    if (error instanceof SectionProblem) {
      return error;
    }
    throw error;
  }
}

const NOTHING_BEFORE = { text: '', kind: 'nothing' } as const;

/** A section that is read from its start and written along the way. */
class Section {
  private readonly reader: PolicyReader;
  private readonly open: string[] = [];
  private readonly written: string[] = [];
  /** The text since the last tag, or the expression that is all of it. */
  private before: { readonly text: string; readonly kind: 'nothing' | 'text' | 'an expression' } = NOTHING_BEFORE;

  public constructor(xml: string) {
    this.reader = new PolicyReader(xml);
  }

  public write(): string {
    while (this.reader.rest) {
      this.writeNext();
    }
    if (this.open.length > 0) {
      throw new SectionProblem(`${MALFORMED} <${this.open[this.open.length - 1]}> without its end`);
    }
    return this.written.join('');
  }

  private writeNext(): void {
    const { reader } = this;
    const comment = reader.take(COMMENT);
    if (comment !== undefined) {
      // An entity in a comment would be decoded on reading, and only there; blanks do not count.
      this.written.push(`<!--${comment[1].replace(/&(?=\S)/g, '& ')}-->`);
      return;
    }
    const end = reader.take(END_TAG);
    if (end !== undefined) {
      this.writeEnd(end[1]);
      return;
    }
    const start = reader.take(START_TAG);
    if (start !== undefined) {
      this.writeStart(start[1]);
      return;
    }
    this.writeText();
  }

  private writeEnd(name: string): void {
    if (this.open.pop() !== name) {
      throw new SectionProblem(`${MALFORMED} </${name}> where it was not open`);
    }
    this.before = NOTHING_BEFORE;
    this.written.push(`</${name}>`);
  }

  private writeStart(name: string): void {
    const { reader, written } = this;
    if (this.open.length === 0 && SECTIONS.includes(name)) {
      throw new SectionProblem(`must contain only elements that belong in a section, got <${name}>`);
    }
    if (this.open.length === MAX_DEPTH) {
      throw new SectionProblem(`must nest elements at most ${MAX_DEPTH} deep, got more`);
    }
    written.push(`<${name}`);
    this.writeAttributes();
    const close = reader.take(TAG_CLOSE);
    if (close === undefined) {
      throw new SectionProblem(UNENDED);
    }
    written.push(close[0]);
    this.before = NOTHING_BEFORE;
    if (!close[1].endsWith('/')) {
      this.open.push(name);
    }
  }

  private writeAttributes(): void {
    const names = new Set<string>();
    for (let next = this.reader.take(ATTRIBUTE); next !== undefined; next = this.reader.take(ATTRIBUTE)) {
      const [, blanks, name, quote] = next;
      if (names.has(name)) {
        throw new SectionProblem(`${MALFORMED} attribute ${name} twice in one element`);
      }
      names.add(name);
      this.written.push(`${blanks}${name}="${this.takeValue(quote)}"`);
    }
  }

  private takeValue(quote: string): string {
    const expression = this.takeExpression('"');
    if (expression !== undefined) {
      if (this.reader.take(QUOTES[quote]) === undefined) {
        throw new SectionProblem(UNENDED);
      }
      return expression;
    }
    const raw = this.reader.take(VALUES[quote])?.[1];
    if (raw === undefined) {
      throw new SectionProblem(UNENDED);
    }
    const value = textOf(raw);
    if (EXPRESSION_START.test(value)) {
      throw new SectionProblem(IN_PIECES);
    }
    if (/&#(?:x0*[9ad]|0*(?:9|10|13));/i.test(raw)) {
      throw new SectionProblem(
        'must not contain a line break or tab as a reference in an attribute, which azurerm reads back as none; write the value as a policy expression',
      );
    }
    return encodedAttribute(value);
  }

  private writeText(): void {
    const { reader } = this;
    const expression = this.takeExpression('<');
    if (expression !== undefined) {
      this.note('an expression', expression);
      this.written.push(expression);
      return;
    }
    const data = reader.take(CHARACTER_DATA);
    if (data !== undefined && EXPRESSION_START.test(data[1])) {
      throw new SectionProblem('must contain policy expressions as they are, got one in character data');
    }
    const raw = data?.[1] ?? reader.take(TEXT)?.[0];
    if (raw === undefined) {
      throw new SectionProblem(UNENDED);
    }
    const text = data === undefined ? textOf(raw) : readable(raw);
    if (data !== undefined || raw.trim() !== '') {
      this.note('text', text);
    }
    this.written.push(encodedText(text));
  }

  /** Text must be in an element, and no text may be beside an expression. */
  private note(kind: 'text' | 'an expression', text: string): void {
    const { before } = this;
    if (this.open.length === 0) {
      throw new SectionProblem('must contain only policy elements, got text outside of them');
    }
    if (before.kind === 'an expression' || (before.kind === 'text' && kind === 'an expression')) {
      throw new SectionProblem(`${MALFORMED} text beside a policy expression`);
    }
    this.before = { kind, text: before.text + text };
    if (kind === 'text' && EXPRESSION_START.test(this.before.text)) {
      throw new SectionProblem(IN_PIECES);
    }
  }

  private takeExpression(mark: string): string | undefined {
    const expression = this.reader.takeExpression(mark);
    if (expression === undefined) {
      return undefined;
    }
    if ('problem' in expression) {
      throw new SectionProblem(EXPRESSION_PROBLEMS[expression.problem]);
    }
    return expression.code;
  }
}

/** A text with its entities decoded. */
function textOf(raw: string): string {
  if (raw.includes(']]>')) {
    throw new SectionProblem(`${MALFORMED} ]]> where ]]&gt; is meant`);
  }
  if (BARE_AMPERSAND.test(raw)) {
    throw new SectionProblem(`${MALFORMED} & where &amp; is meant`);
  }
  return readable(decoded(raw));
}

/** The text, if XML can contain it and azurerm reads it as it was written. */
function readable(text: string): string {
  if (!isXmlText(text)) {
    throw new SectionProblem(`${MALFORMED} a character that XML cannot contain`);
  }
  const entity = unreadableEntity(text);
  if (entity !== undefined) {
    throw new SectionProblem(
      `must not contain the text ${entity}, which azurerm reads back as another one on every plan; ` +
        `write it as a policy expression, @("${entity.replace('&', '\\u0026')}")`,
    );
  }
  return text;
}
