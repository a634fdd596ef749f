/** An element, a comment or a text of a policy document. Values are decoded; expressions stand as the gateway reads them. */
export type PolicyNode = PolicyElement | PolicyText | PolicyComment;

export interface PolicyElement {
  readonly kind: 'element';
  readonly name: string;
  readonly attributes: { readonly [name: string]: string };
  readonly children: readonly PolicyNode[];
}

export interface PolicyText {
  readonly kind: 'text';
  readonly text: string;
}

export interface PolicyComment {
  readonly kind: 'comment';
  readonly text: string;
}

/** `xml` is XML: expressions are escaped like any value. In `rawxml` they stand as they are, quotes and all. */
export type PolicyFormat = 'xml' | 'rawxml';

export class PolicySyntaxError extends Error {}

export function parsePolicy(source: string, format: PolicyFormat): PolicyElement {
  const parser = new PolicyParser(source, format);
  return parser.document();
}

const ENTITIES: { readonly [name: string]: string } = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decode(value: string): string {
  return value.replace(
    /&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi,
    (_whole, hex?: string, decimal?: string, name?: string) => {
      if (name !== undefined) {
        const character = ENTITIES[name];
        if (character === undefined) {
          throw new PolicySyntaxError(`Reference to undeclared entity '${name}'.`);
        }
        return character;
      }
      return String.fromCodePoint(hex === undefined ? Number(decimal) : parseInt(hex, 16));
    },
  );
}

const NAME = /[A-Za-z_][\w.:-]*/y;
const SPACE = /\s*/y;

class PolicyParser {
  private position = 0;

  public constructor(
    private readonly source: string,
    private readonly format: PolicyFormat,
  ) {}

  public document(): PolicyElement {
    let root: PolicyElement | undefined;
    for (const node of this.content()) {
      if (node.kind === 'element' && root === undefined) {
        root = node;
      } else if (node.kind !== 'comment') {
        throw this.error('There is more than one root element, or text outside of it');
      }
    }
    if (root === undefined || this.position < this.source.length) {
      throw this.error('Root element is missing or does not end');
    }
    return root;
  }

  /** Nodes up to the closing tag of the element that they are in. */
  private content(): PolicyNode[] {
    const nodes: PolicyNode[] = [];
    while (this.position < this.source.length && !this.source.startsWith('</', this.position)) {
      if (this.source.startsWith('<!--', this.position)) {
        const text = this.upTo('-->', '<!--'.length);
        nodes.push({ kind: 'comment', text });
      } else if (this.source.startsWith('<![CDATA[', this.position)) {
        nodes.push({ kind: 'text', text: this.upTo(']]>', '<![CDATA['.length) });
      } else if (this.source[this.position] === '<') {
        nodes.push(this.element());
      } else {
        const text = this.text();
        if (text !== '') {
          nodes.push({ kind: 'text', text });
        }
      }
    }
    return nodes;
  }

  private element(): PolicyElement {
    this.position += 1;
    const name = this.match(NAME) || this.fail('An element has no name');
    const attributes: { [name: string]: string } = {};
    for (;;) {
      this.match(SPACE);
      if (this.accept('/>')) {
        return { kind: 'element', name, attributes, children: [] };
      }
      if (this.accept('>')) {
        break;
      }
      const [attribute, value] = this.attribute();
      if (attribute in attributes) {
        throw this.error(`'${attribute}' is a duplicate attribute name`);
      }
      attributes[attribute] = value;
    }
    const children = this.content();
    if (!this.accept(`</${name}`)) {
      throw this.error(`The start tag '${name}' has no end tag that matches`);
    }
    this.match(SPACE);
    if (!this.accept('>')) {
      throw this.error(`The end tag of '${name}' is malformed`);
    }
    return { kind: 'element', name, attributes, children };
  }

  private attribute(): [string, string] {
    const name = this.match(NAME) || this.fail('An attribute has no name');
    this.match(SPACE);
    if (!this.accept('=')) {
      throw this.error(`'${name}' has no value`);
    }
    this.match(SPACE);
    const quote = this.source[this.position];
    if (quote !== '"' && quote !== "'") {
      throw this.error(`The value of '${name}' is not in quotes`);
    }
    this.position += 1;
    if (this.format === 'rawxml' && this.isExpression()) {
      const value = this.expression();
      if (!this.accept(quote)) {
        throw this.error(`The expression in '${name}' is followed by something else`);
      }
      return [name, value];
    }
    const value = this.upTo(quote, 0);
    if (value.includes('<')) {
      throw this.error("'<' is an invalid attribute character");
    }
    return [name, decode(value)];
  }

  private text(): string {
    const start = this.position;
    this.match(SPACE);
    if (this.format === 'rawxml' && this.isExpression()) {
      const value = this.expression();
      this.match(SPACE);
      return value;
    }
    const end = this.source.indexOf('<', start);
    this.position = end < 0 ? this.source.length : end;
    return decode(this.source.slice(start, this.position).trim());
  }

  private isExpression(): boolean {
    return /^@[({]/.test(this.source.slice(this.position, this.position + 2));
  }

  /** An expression up to its closing bracket; brackets in strings and comments do not count. */
  private expression(): string {
    const start = this.position;
    let depth = 0;
    for (this.position += 1; this.position < this.source.length; this.position += 1) {
      const character = this.source[this.position];
      if (character === '"' || character === "'") {
        this.string(character);
      } else if (this.source.startsWith('//', this.position)) {
        this.skipTo('\n');
      } else if (this.source.startsWith('/*', this.position)) {
        this.skipTo('*/');
      } else if (character === '(' || character === '{') {
        depth += 1;
      } else if (character === ')' || character === '}') {
        depth -= 1;
        if (depth === 0) {
          this.position += 1;
          return this.source.slice(start, this.position);
        }
      }
    }
    throw this.error('An expression does not end');
  }

  private string(quote: string): void {
    const verbatim = quote === '"' && /[@]\$?$|\$@$/.test(this.source.slice(this.position - 2, this.position));
    for (this.position += 1; this.position < this.source.length; this.position += 1) {
      const character = this.source[this.position];
      if (character === '\\' && !verbatim) {
        this.position += 1;
      } else if (character === quote) {
        if (!verbatim || this.source[this.position + 1] !== quote) {
          return;
        }
        this.position += 1;
      }
    }
  }

  private skipTo(end: string): void {
    const at = this.source.indexOf(end, this.position);
    this.position = at < 0 ? this.source.length : at + end.length - 1;
  }

  private match(pattern: RegExp): string {
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.source)?.[0] ?? '';
    this.position += found.length;
    return found;
  }

  private accept(text: string): boolean {
    const accepted = this.source.startsWith(text, this.position);
    this.position += accepted ? text.length : 0;
    return accepted;
  }

  private upTo(end: string, offset: number): string {
    const from = this.position + offset;
    const at = this.source.indexOf(end, from);
    if (at < 0) {
      throw this.error(`'${end}' is missing`);
    }
    this.position = at + end.length;
    return this.source.slice(from, at);
  }

  private fail(message: string): never {
    throw this.error(message);
  }

  private error(message: string): PolicySyntaxError {
    const before = this.source.slice(0, this.position).split('\n');
    return new PolicySyntaxError(`${message}. Line ${before.length}, position ${before.at(-1)!.length + 1}.`);
  }
}

const escapeText = (value: string): string =>
  value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const escapeAttribute = (value: string): string =>
  escapeText(value)
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '&#xD;')
    .replaceAll('\n', '&#xA;')
    .replaceAll('\t', '&#x9;');

const isExpression = (value: string): boolean => /^@[({]/.test(value);

/**
 * The document as the service is reported to write it: anew, with double quotes, tabs and CRLF, whatever was sent
 * (hashicorp/terraform-provider-azurerm#3145, #23388; Azure/terraform-provider-azapi#334).
 */
export function writePolicy(root: PolicyElement, format: PolicyFormat): string {
  return written(root, 0, format);
}

function written(node: PolicyNode, depth: number, format: PolicyFormat): string {
  const raw = (value: string): boolean => format === 'rawxml' && isExpression(value);
  if (node.kind === 'comment') {
    return `<!--${node.text}-->`;
  }
  if (node.kind === 'text') {
    return raw(node.text) ? node.text : escapeText(node.text);
  }
  const attributes = Object.entries(node.attributes)
    .map(([name, value]) => ` ${name}="${raw(value) ? value : escapeAttribute(value)}"`)
    .join('');
  if (node.children.length === 0) {
    return `<${node.name}${attributes} />`;
  }
  const isMixed = node.children.some(({ kind }) => kind === 'text');
  const indent = (level: number): string => (isMixed ? '' : `\r\n${'\t'.repeat(level)}`);
  const children = node.children.map((child) => `${indent(depth + 1)}${written(child, depth + 1, format)}`).join('');
  return `<${node.name}${attributes}>${children}${indent(depth)}</${node.name}>`;
}

/** The elements in an element, by name where one is given. */
export function elementsIn(element: PolicyElement | undefined, name?: string): PolicyElement[] {
  return (element?.children ?? []).filter(
    (child): child is PolicyElement => child.kind === 'element' && (name === undefined || child.name === name),
  );
}

export function textOf(element: PolicyElement): string {
  return element.children
    .filter((child): child is PolicyText => child.kind === 'text')
    .map(({ text }) => text)
    .join('');
}
