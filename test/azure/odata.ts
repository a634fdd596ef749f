import { AzureError } from './http';
import { JsonObject } from './json';

type Test = (object: JsonObject, variables: JsonObject) => boolean;

const TOKEN = /\s*('(?:[^']|'')*'|[A-Za-z_$][\w./@$-]*:?|\d[\w:.-]*|\(|\)|,)/gy;

/** The test that an OData `$filter` states: comparisons, `in`, `startswith` and its like, `any`, `and`, `or`, `not`. */
export function filterOf(expression: string): (object: JsonObject) => boolean {
  const parser = new FilterParser(expression);
  const test = parser.parse();
  return (object) => test(object, {});
}

class FilterParser {
  private readonly tokens: string[] = [];
  private position = 0;

  public constructor(private readonly expression: string) {
    TOKEN.lastIndex = 0;
    let end = 0;
    for (let match = TOKEN.exec(expression); match !== null; match = TOKEN.exec(expression)) {
      this.tokens.push(match[1]);
      end = TOKEN.lastIndex;
    }
    if (expression.slice(end).trim() !== '') {
      throw this.invalid();
    }
  }

  public parse(): Test {
    const test = this.disjunction();
    if (this.peek() !== undefined) {
      throw this.invalid();
    }
    return test;
  }

  private disjunction(): Test {
    let left = this.conjunction();
    while (this.accept('or')) {
      const [before, right] = [left, this.conjunction()];
      left = (object, variables) => before(object, variables) || right(object, variables);
    }
    return left;
  }

  private conjunction(): Test {
    let left = this.term();
    while (this.accept('and')) {
      const [before, right] = [left, this.term()];
      left = (object, variables) => before(object, variables) && right(object, variables);
    }
    return left;
  }

  private term(): Test {
    if (this.accept('not')) {
      const test = this.term();
      return (object, variables) => !test(object, variables);
    }
    if (this.accept('(')) {
      const test = this.disjunction();
      this.expect(')');
      return test;
    }
    return this.comparison();
  }

  private comparison(): Test {
    const name = this.next();
    const text = /^(startswith|endswith|contains)$/i.exec(name)?.[1].toLowerCase();
    if (text !== undefined) {
      return this.textFunction(text);
    }
    if (/\/any$/i.test(name) && this.accept('(')) {
      return this.any(name.replace(/\/any$/i, ''));
    }
    const operator = this.next();
    if (operator === 'in') {
      this.expect('(');
      const values = [this.literal()];
      while (this.accept(',')) {
        values.push(this.literal());
      }
      this.expect(')');
      return (object, variables) => values.includes(comparable(valueOf(object, name, variables)));
    }
    const expected = this.literal();
    const compare = COMPARISONS[operator];
    if (compare === undefined) {
      throw this.invalid();
    }
    return (object, variables) => compare(comparable(valueOf(object, name, variables)), expected);
  }

  private textFunction(name: string): Test {
    this.expect('(');
    const path = this.next();
    this.expect(',');
    const part = String(this.literal());
    this.expect(')');
    return (object, variables) => {
      const value = String(comparable(valueOf(object, path, variables)) ?? '');
      return name === 'startswith'
        ? value.startsWith(part)
        : name === 'endswith'
          ? value.endsWith(part)
          : value.includes(part);
    };
  }

  private any(path: string): Test {
    const variable = this.next().replace(/:$/, '');
    const test = this.disjunction();
    this.expect(')');
    return (object, variables) =>
      ((valueOf(object, path, variables) ?? []) as unknown[]).some((element) =>
        test(object, { ...variables, [variable]: element }),
      );
  }

  private literal(): Comparable {
    const token = this.next();
    if (token.startsWith("'")) {
      return token.slice(1, -1).replaceAll("''", "'").toLowerCase();
    }
    return token === 'true' ? true : token === 'false' ? false : token === 'null' ? null : token.toLowerCase();
  }

  private peek(): string | undefined {
    return this.tokens[this.position];
  }

  private accept(token: string): boolean {
    const accepted = this.peek() === token;
    this.position += accepted ? 1 : 0;
    return accepted;
  }

  private expect(token: string): void {
    if (!this.accept(token)) {
      throw this.invalid();
    }
  }

  private next(): string {
    const token = this.peek();
    if (token === undefined) {
      throw this.invalid();
    }
    this.position += 1;
    return token;
  }

  private invalid(): AzureError {
    return new AzureError(400, 'BadRequest', `Invalid filter clause: ${this.expression}`);
  }
}

type Comparable = string | number | boolean | null;

const COMPARISONS: { readonly [operator: string]: (left: Comparable, right: Comparable) => boolean } = {
  eq: (left, right) => left === right,
  ne: (left, right) => left !== right,
  ge: (left, right) => String(left) >= String(right),
  le: (left, right) => String(left) <= String(right),
  gt: (left, right) => String(left) > String(right),
  lt: (left, right) => String(left) < String(right),
};

function comparable(value: unknown): Comparable {
  return typeof value === 'string' ? value.toLowerCase() : ((value ?? null) as Comparable);
}

function valueOf(object: JsonObject, path: string, variables: JsonObject): unknown {
  const [first, ...rest] = path.split('/');
  let value: any = first in variables ? variables[first] : object[first];
  for (const name of rest) {
    value = value?.[name];
  }
  return value;
}

export interface Page<T> {
  readonly entries: readonly T[];
  /** How many entries come before the next page; undefined on the last. */
  readonly next?: number;
}

export function pageOf<T>(entries: readonly T[], skip: number, size: number): Page<T> {
  const end = skip + Math.max(1, size);
  return { entries: entries.slice(skip, end), next: end < entries.length ? end : undefined };
}
