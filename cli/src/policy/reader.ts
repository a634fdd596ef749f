import { normalized } from './csharp';
import { decodedEntities, endsInTwoPlaces, escapedExpression, isExpression, rawExpression } from './expression';

/** An element of a policy, without what means nothing: comments, blanks, kinds of quotes, the order of attributes. */
export interface PolicyNode {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly PolicyNode[];
  /** The text between its tags beside children, trimmed; an expression in its shortest layout. */
  readonly text: string;
}

/**
 * How expressions are written in the text: as they are (`rawxml`, which is what the portal shows and azurerm writes),
 * or escaped as XML demands (`xml`). Either is read whichever is said, as long as only one reading makes sense.
 */
export type PolicyFormat = 'rawxml' | 'xml';

const MAX_DEPTH = 200;

const SPACE = /\s*/y;
const DECLARATION = /\s*(?:<\?xml\s[^?]*\?>)?/y;
const START_TAG = /<([\p{L}_][\p{L}\p{N}_.:-]*)/uy;
const END_TAG = /<\/([\p{L}_][\p{L}\p{N}_.:-]*)\s*>/uy;
const ATTRIBUTE = /\s+([\p{L}_][\p{L}\p{N}_.:-]*)\s*=\s*(["'])/uy;
const TAG_CLOSE = /\s*(\/?)>/y;

class Unreadable extends Error {}

interface Building {
  readonly name: string;
  readonly attributes: Map<string, string>;
  readonly children: PolicyNode[];
  text: string;
}

/** Reads a policy as the service and its portal take it; undefined where that cannot be done with certainty. */
export function readPolicy(text: string, format: PolicyFormat = 'rawxml'): PolicyNode | undefined {
  try {
    return new Reader(text.replace(/^\uFEFF/, ''), format).document();
  } catch (error) {
    if (error instanceof Unreadable) {
      return undefined;
    }
    throw error;
  }
}

class Reader {
  private at = 0;

  constructor(
    private readonly text: string,
    private readonly format: PolicyFormat,
  ) {}

  document(): PolicyNode {
    this.take(DECLARATION);
    const top: Building = { name: '', attributes: new Map(), children: [], text: '' };
    const open: Building[] = [top];
    while (this.at < this.text.length) {
      this.next(open);
    }
    const [root, ...others] = top.children;
    if (open.length > 1 || root === undefined || others.length > 0 || top.text.trim() !== '') {
      throw new Unreadable();
    }
    return root;
  }

  private next(open: Building[]): void {
    const parent = open.at(-1);
    if (parent === undefined) {
      throw new Unreadable();
    }
    if (this.text.startsWith('<!--', this.at)) {
      this.at = this.after('-->', this.at + 4);
    } else if (this.text.startsWith('<![CDATA[', this.at)) {
      const end = this.after(']]>', this.at + 9);
      parent.text += normalized(this.text.slice(this.at + 9, end - 3).trim());
      this.at = end;
    } else if (this.text[this.at] !== '<') {
      parent.text += this.textRun();
    } else {
      this.tag(open, parent);
    }
  }

  private tag(open: Building[], parent: Building): void {
    const end = this.take(END_TAG);
    if (end !== undefined) {
      if (open.length < 2 || parent.name !== end[1]) {
        throw new Unreadable();
      }
      open.pop();
      open.at(-1)?.children.push({ ...parent, text: parent.text.trim() });
      return;
    }
    const name = this.take(START_TAG)?.[1];
    if (name === undefined || open.length > MAX_DEPTH) {
      throw new Unreadable();
    }
    const attributes = this.attributes();
    const close = this.take(TAG_CLOSE);
    if (close === undefined) {
      throw new Unreadable();
    }
    if (close[1] === '/') {
      parent.children.push({ name, attributes, children: [], text: '' });
    } else {
      open.push({ name, attributes, children: [], text: '' });
    }
  }

  private attributes(): Map<string, string> {
    const found = new Map<string, string>();
    for (let next = this.take(ATTRIBUTE); next !== undefined; next = this.take(ATTRIBUTE)) {
      const [, name = '', quote = ''] = next;
      if (found.has(name)) {
        throw new Unreadable();
      }
      found.set(name, this.attributeValue(quote));
    }
    return found;
  }

  private attributeValue(quote: string): string {
    const value = this.valueUpTo(quote);
    if (value === undefined) {
      throw new Unreadable();
    }
    this.at += quote.length;
    return value.trim();
  }

  /** The text from here up to the mark that ends it. The reader is then at the mark. */
  private valueUpTo(mark: string): string | undefined {
    const start = this.at;
    this.take(SPACE);
    if (!isExpression(this.text.slice(this.at, this.at + 2))) {
      const end = this.text.indexOf(mark, start);
      this.at = end;
      return end < 0 ? undefined : decodedEntities(this.text.slice(start, end));
    }
    const raw = rawExpression(this.text, this.at, mark);
    const escaped = escapedExpression(this.text, this.at, mark);
    if (this.format === 'rawxml' && endsInTwoPlaces(raw, escaped)) {
      return undefined;
    }
    const found = this.format === 'rawxml' ? (raw ?? escaped) : (escaped ?? raw);
    this.at = found?.end ?? this.at;
    return found === undefined ? undefined : normalized(decodedEntities(found.value));
  }

  private textRun(): string {
    const rest = this.text.slice(this.at);
    if (!rest.includes('<')) {
      this.at = this.text.length;
      return rest;
    }
    const run = this.valueUpTo('<');
    if (run === undefined) {
      throw new Unreadable();
    }
    return run;
  }

  private take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text) ?? undefined;
    if (found !== undefined) {
      this.at = pattern.lastIndex;
    }
    return found;
  }

  private after(mark: string, from: number): number {
    const found = this.text.indexOf(mark, from);
    if (found < 0) {
      throw new Unreadable();
    }
    return found + mark.length;
  }
}

/** An element as text: the same for elements that mean the same. */
export function canonical(node: PolicyNode): string {
  return JSON.stringify(structure(node));
}

function structure(node: PolicyNode): unknown {
  const attributes = [...node.attributes].sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0));
  return [node.name, attributes, node.text, node.children.map(structure)];
}
