/** What a policy expression is made of: the part of C# that policies use. */
export type Expression =
  | { readonly kind: 'value'; readonly value: string | number | boolean | null }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'member'; readonly of: Expression; readonly name: string; readonly optional: boolean }
  | { readonly kind: 'index'; readonly of: Expression; readonly at: Expression }
  | { readonly kind: 'call'; readonly of: Expression; readonly arguments: readonly Expression[] }
  | { readonly kind: 'new'; readonly type: string; readonly arguments: readonly Expression[] }
  | { readonly kind: 'cast'; readonly type: string; readonly of: Expression }
  | { readonly kind: 'unary'; readonly operator: string; readonly of: Expression }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression }
  | {
      readonly kind: 'conditional';
      readonly test: Expression;
      readonly then: Expression;
      readonly otherwise: Expression;
    }
  | { readonly kind: 'lambda'; readonly parameter: string; readonly body: Expression };

/** An expression that this gateway cannot run. */
export class ExpressionError extends Error {}

const TOKEN =
  /\s+|(?<string>@"(?:""|[^"])*"|"(?:\\.|[^"\\])*")|(?<number>\d+(?:\.\d+)?)|(?<name>[A-Za-z_]\w*)|(?<operator>=>|\?\?|\?\.|&&|\|\||[=!<>]=|[-+*/%<>!?:.,()[\]])/gy;

const PRECEDENCE: readonly (readonly string[])[] = [
  ['??'],
  ['||'],
  ['&&'],
  ['==', '!='],
  ['<', '>', '<=', '>='],
  ['+', '-'],
  ['*', '/', '%'],
];
/** Names that a bracketed name is a cast to, rather than a value in brackets. */
const CAST_TYPES = [
  'Jwt',
  'string',
  'String',
  'int',
  'bool',
  'object',
  'JObject',
  'JArray',
  'IResponse',
  'double',
  'long',
];

interface Token {
  readonly kind: 'string' | 'number' | 'name' | 'operator' | 'end';
  readonly text: string;
}

/** The expression in `@(…)`. */
export function parseExpression(source: string): Expression {
  if (!source.startsWith('@(') || !source.endsWith(')')) {
    throw new ExpressionError(`only expressions of the form @(…) are run here, got ${source}`);
  }
  return new ExpressionParser(source.slice(2, -1)).parse();
}

class ExpressionParser {
  private readonly tokens: Token[] = [];
  private position = 0;

  public constructor(private readonly source: string) {
    TOKEN.lastIndex = 0;
    while (TOKEN.lastIndex < source.length) {
      const start = TOKEN.lastIndex;
      const match = TOKEN.exec(source);
      if (match === null) {
        throw new ExpressionError(`the expression is not understood at ${source.slice(start, start + 30)}`);
      }
      const [kind, text] = Object.entries(match.groups!).find(([, found]) => found !== undefined) ?? [];
      if (kind !== undefined) {
        this.tokens.push({ kind: kind as Token['kind'], text: text! });
      }
    }
  }

  public parse(): Expression {
    const expression = this.expression();
    if (this.peek().kind !== 'end') {
      throw this.unexpected();
    }
    return expression;
  }

  private expression(): Expression {
    if (this.peek().kind === 'name' && this.peek(1).text === '=>') {
      const parameter = this.next().text;
      this.next();
      return { kind: 'lambda', parameter, body: this.expression() };
    }
    const test = this.binary(0);
    if (!this.accept('?')) {
      return test;
    }
    const then = this.expression();
    this.expect(':');
    return { kind: 'conditional', test, then, otherwise: this.expression() };
  }

  private binary(level: number): Expression {
    if (level === PRECEDENCE.length) {
      return this.unary();
    }
    let left = this.binary(level + 1);
    while (this.peek().kind === 'operator' && PRECEDENCE[level].includes(this.peek().text)) {
      const operator = this.next().text;
      left = { kind: 'binary', operator, left, right: this.binary(level + 1) };
    }
    return left;
  }

  private unary(): Expression {
    for (const operator of ['!', '-']) {
      if (this.accept(operator)) {
        return { kind: 'unary', operator, of: this.unary() };
      }
    }
    if (this.peek().text === '(' && CAST_TYPES.includes(this.peek(1).text) && this.peek(2).text === ')') {
      this.next();
      const type = this.next().text;
      this.next();
      return { kind: 'cast', type, of: this.unary() };
    }
    return this.postfix(this.primary());
  }

  private postfix(start: Expression): Expression {
    let expression = start;
    for (;;) {
      if (this.accept('.')) {
        expression = { kind: 'member', of: expression, name: this.memberName(), optional: false };
      } else if (this.accept('?.')) {
        expression = { kind: 'member', of: expression, name: this.memberName(), optional: true };
      } else if (this.accept('[')) {
        expression = { kind: 'index', of: expression, at: this.expression() };
        this.expect(']');
      } else if (this.accept('(')) {
        expression = { kind: 'call', of: expression, arguments: this.argumentsUpTo(')') };
      } else {
        return expression;
      }
    }
  }

  private primary(): Expression {
    const token = this.next();
    switch (token.kind) {
      case 'string':
        return { kind: 'value', value: textOf(token.text) };
      case 'number':
        return { kind: 'value', value: Number(token.text) };
      case 'name':
        return this.named(token.text);
      default:
        if (token.text === '(') {
          const inner = this.expression();
          this.expect(')');
          return inner;
        }
        this.position -= 1;
        throw this.unexpected();
    }
  }

  private named(name: string): Expression {
    const literals: { readonly [literal: string]: boolean | null } = { true: true, false: false, null: null };
    if (name in literals) {
      return { kind: 'value', value: literals[name] };
    }
    if (name === 'new') {
      const type = this.memberName();
      this.expect('(');
      return { kind: 'new', type, arguments: this.argumentsUpTo(')') };
    }
    return { kind: 'name', name };
  }

  /** A name; type arguments such as those of `GetValueOrDefault<string>` say nothing here. */
  private memberName(): string {
    const { kind, text } = this.next();
    if (kind !== 'name') {
      throw this.unexpected();
    }
    if (
      this.peek().text === '<' &&
      this.peek(1).kind === 'name' &&
      this.peek(2).text === '>' &&
      this.peek(3).text === '('
    ) {
      this.position += 3;
    }
    return text;
  }

  private argumentsUpTo(end: string): Expression[] {
    const found: Expression[] = [];
    if (this.accept(end)) {
      return found;
    }
    do {
      found.push(this.expression());
    } while (this.accept(','));
    this.expect(end);
    return found;
  }

  private peek(ahead = 0): Token {
    return this.tokens[this.position + ahead] ?? { kind: 'end', text: '' };
  }

  private next(): Token {
    const token = this.peek();
    this.position += 1;
    return token;
  }

  private accept(operator: string): boolean {
    const { kind, text } = this.peek();
    const accepted = kind === 'operator' && text === operator;
    this.position += accepted ? 1 : 0;
    return accepted;
  }

  private expect(operator: string): void {
    if (!this.accept(operator)) {
      throw this.unexpected();
    }
  }

  private unexpected(): ExpressionError {
    return new ExpressionError(`the expression is not understood at '${this.peek().text}': ${this.source}`);
  }
}

const ESCAPES: { readonly [character: string]: string } = { n: '\n', r: '\r', t: '\t', '0': '\0' };

function textOf(literal: string): string {
  if (literal.startsWith('@')) {
    return literal.slice(2, -1).replaceAll('""', '"');
  }
  return literal
    .slice(1, -1)
    .replace(/\\(?:u([0-9a-fA-F]{4})|(.))/g, (_whole, code: string | undefined, character: string) =>
      code === undefined ? (ESCAPES[character] ?? character) : String.fromCharCode(parseInt(code, 16)),
    );
}
