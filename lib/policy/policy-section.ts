import { Token } from 'cdktf';
import {
  decoded,
  encodedAttribute,
  encodedText,
  EXPRESSION_START,
  isXmlText,
  unreadableEntity,
} from './canonical-text';
import { PolicyReader } from './policy-reader';

const COMMENT = /<!--((?:(?!--)[^])*)-->/y;
const CHARACTER_DATA = /<!\[CDATA\[([^]*?)\]\]>/y;
const END_TAG = /<\/([A-Za-z_][\w.:-]*)\s*>/y;
const START_TAG = /<([A-Za-z_][\w.:-]*)/y;
const ATTRIBUTE = /(\s+[A-Za-z_][\w.:-]*)\s*=\s*(["'])/y;
const TAG_CLOSE = /(\s*\/?)>/y;
const VALUES: { [quote: string]: RegExp } = { '"': /([^"<]*)"/y, "'": /([^'<]*)'/y };
const QUOTES: { [quote: string]: RegExp } = { '"': /\s*"/y, "'": /\s*'/y };
const TEXT = /[^<]+/y;

const BARE_AMPERSAND = /&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[\da-fA-F]+);)/;
const SECTIONS = ['policies', 'inbound', 'backend', 'outbound', 'on-error'];

const MALFORMED = 'must be well-formed XML, got';
const UNENDED = `${MALFORMED} a tag that does not end`;
const UNENDED_EXPRESSION = `${MALFORMED} a policy expression that does not end`;

/** What is wrong with a section. */
class SectionProblem extends Error {}

/**
 * What is wrong with the user's own policy, if anything: elements that are not closed would swallow the token's
 * validation. Policy expressions are C# and stand as they are, with quotes and angle brackets, where an attribute's value
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
 * them. Blanks and line breaks stay. Where tokens stand for more than a value or a text, it is left as it is.
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

/** A section that is read from its start and written along the way. */
class Section {
  private readonly reader: PolicyReader;
  private readonly open: string[] = [];
  private readonly written: string[] = [];
  /** What text there was since the last tag: an expression is all of its text. */
  private before: 'nothing' | 'text' | 'an expression' = 'nothing';

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
    this.before = 'nothing';
    this.written.push(`</${name}>`);
  }

  private writeStart(name: string): void {
    const { reader, written } = this;
    if (this.open.length === 0 && SECTIONS.includes(name)) {
      throw new SectionProblem(`must contain only elements that belong in a section, got <${name}>`);
    }
    written.push(`<${name}`);
    for (let attribute = reader.take(ATTRIBUTE); attribute !== undefined; attribute = reader.take(ATTRIBUTE)) {
      written.push(`${attribute[1]}="${this.takeValue(attribute[2])}"`);
    }
    const close = reader.take(TAG_CLOSE);
    if (close === undefined) {
      throw new SectionProblem(UNENDED);
    }
    written.push(close[0]);
    this.before = 'nothing';
    if (!close[1].endsWith('/')) {
      this.open.push(name);
    }
  }

  private takeValue(quote: string): string {
    const expression = this.takeExpression();
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
    if (/&#(?:x0*[9ad]|0*(?:9|10|13));/i.test(raw)) {
      throw new SectionProblem(
        'must not contain a line break or tab as a reference in an attribute, which azurerm reads back as none; write the value as a policy expression',
      );
    }
    return encodedAttribute(value);
  }

  private writeText(): void {
    const { reader } = this;
    const expression = this.takeExpression();
    if (expression !== undefined) {
      this.note('an expression');
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
    if (data !== undefined || raw.trim() !== '') {
      this.note('text');
    }
    this.written.push(encodedText(data === undefined ? textOf(raw) : readable(raw)));
  }

  /** Text stands in an element, and beside an expression there is none. */
  private note(found: 'text' | 'an expression'): void {
    if (this.open.length === 0) {
      throw new SectionProblem('must contain only policy elements, got text outside of them');
    }
    if (this.before === 'an expression' || (this.before === 'text' && found === 'an expression')) {
      throw new SectionProblem(`${MALFORMED} text beside a policy expression`);
    }
    this.before = found;
  }

  private takeExpression(): string | undefined {
    const expression = this.reader.takeExpression();
    if (expression === '') {
      throw new SectionProblem(UNENDED_EXPRESSION);
    }
    return expression;
  }
}

/** What a text with entities stands for. */
function textOf(raw: string): string {
  if (raw.includes(']]>')) {
    throw new SectionProblem(`${MALFORMED} ]]> where ]]&gt; is meant`);
  }
  if (BARE_AMPERSAND.test(raw)) {
    throw new SectionProblem(`${MALFORMED} & where &amp; is meant`);
  }
  return readable(decoded(raw));
}

/** The text, where XML can hold it and azurerm reads it as it was written. */
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
