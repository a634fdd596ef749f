import { Expression, ExpressionError } from './expression';

type Method = (...parameters: any[]) => unknown;

/** An object of the gateway, with the members that expressions may use. Everything else is an error, as in C#. */
export interface GatewayObject {
  readonly members: { readonly [name: string]: unknown };
  /** `object[key]`. */
  index?(key: unknown): unknown;
}

/** A dictionary as `context.Variables`, claims and headers are. */
export class GatewayDictionary implements GatewayObject {
  public constructor(
    private readonly read: (key: string) => unknown,
    private readonly keys: () => readonly string[],
  ) {}

  public get members(): { readonly [name: string]: unknown } {
    return {
      ContainsKey: (key: string) => this.read(key) !== undefined,
      GetValueOrDefault: (key: string, otherwise: unknown = null) => {
        const value = this.read(key);
        return value === undefined ? otherwise : value;
      },
      Count: this.keys().length,
      Keys: [...this.keys()],
    };
  }

  public index(key: unknown): unknown {
    const value = this.read(String(key));
    if (value === undefined) {
      throw new ExpressionError(`the given key '${String(key)}' was not present in the dictionary`);
    }
    return value;
  }
}

type Scope = { readonly [name: string]: unknown };

const STATICS: Scope = {
  string: {
    members: {
      IsNullOrEmpty: (value: string | null) => value === null || value === '',
      IsNullOrWhiteSpace: (value: string | null) => value === null || value.trim() === '',
      Join: (separator: string, ...values: unknown[]) => values.flat().map(textOf).join(separator),
      Concat: (...values: unknown[]) => values.map(textOf).join(''),
      Format: (format: string, ...values: unknown[]) =>
        format.replace(/\{(\d+)\}/g, (_whole, at: string) => textOf(values[Number(at)])),
      Empty: '',
    },
  },
};

/** What an expression yields for a request. */
export function evaluate(expression: Expression, context: GatewayObject): unknown {
  return run(expression, { ...STATICS, String: STATICS.string, context });
}

function run(expression: Expression, scope: Scope): unknown {
  switch (expression.kind) {
    case 'value':
      return expression.value;
    case 'name':
      if (!(expression.name in scope)) {
        throw new ExpressionError(`the name '${expression.name}' does not exist in the current context`);
      }
      return scope[expression.name];
    case 'member': {
      const object = run(expression.of, scope);
      return expression.optional && object === null ? null : member(object, expression.name);
    }
    case 'index': {
      const object = run(expression.of, scope);
      return index(object, run(expression.at, scope));
    }
    case 'call':
      return call(expression, scope);
    case 'new':
      return construct(
        expression.type,
        expression.arguments.map((argument) => run(argument, scope)),
      );
    case 'cast':
      return run(expression.of, scope);
    case 'unary': {
      const value = run(expression.of, scope);
      return expression.operator === '!' ? !truth(value) : -Number(value);
    }
    case 'binary':
      return binary(expression, scope);
    case 'conditional':
      return truth(run(expression.test, scope)) ? run(expression.then, scope) : run(expression.otherwise, scope);
    case 'lambda':
      return (argument: unknown) => run(expression.body, { ...scope, [expression.parameter]: argument });
  }
}

function call(expression: Extract<Expression, { kind: 'call' }>, scope: Scope): unknown {
  const { of } = expression;
  if (of.kind === 'member' && of.optional && run(of.of, scope) === null) {
    return null;
  }
  const method = run(of, scope);
  if (typeof method !== 'function') {
    throw new ExpressionError(`${of.kind === 'member' ? of.name : of.kind} is not a method`);
  }
  return (method as Method)(...expression.arguments.map((argument) => run(argument, scope)));
}

function binary(expression: Extract<Expression, { kind: 'binary' }>, scope: Scope): unknown {
  const { operator } = expression;
  const left = run(expression.left, scope);
  const right = (): unknown => run(expression.right, scope);
  switch (operator) {
    case '??':
      return left ?? right();
    case '||':
      return truth(left) || truth(right());
    case '&&':
      return truth(left) && truth(right());
    case '==':
      return left === right();
    case '!=':
      return left !== right();
    case '+': {
      const added = right();
      return typeof left === 'number' && typeof added === 'number' ? left + added : textOf(left) + textOf(added);
    }
    default:
      return ARITHMETIC[operator](Number(left), Number(right()));
  }
}

const ARITHMETIC: { readonly [operator: string]: (left: number, right: number) => number | boolean } = {
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '%': (left, right) => left % right,
  '<': (left, right) => left < right,
  '>': (left, right) => left > right,
  '<=': (left, right) => left <= right,
  '>=': (left, right) => left >= right,
};

function truth(value: unknown): boolean {
  if (typeof value !== 'boolean') {
    throw new ExpressionError(`a condition must be true or false, got ${textOf(value)}`);
  }
  return value;
}

/** As C# writes a value into text. */
export function textOf(value: unknown): string {
  if (value === null || value === undefined) {
    return '';
  }
  if (typeof value === 'boolean') {
    return value ? 'True' : 'False';
  }
  const method = typeof value === 'object' ? memberOrUndefined(value, 'ToString') : undefined;
  return typeof method === 'function' ? String((method as Method)()) : String(value as string | number);
}

function member(object: unknown, name: string): unknown {
  if (object === null || object === undefined) {
    throw new ExpressionError(`object reference not set to an instance of an object: .${name}`);
  }
  const found = memberOrUndefined(object, name);
  if (found === undefined) {
    throw new ExpressionError(`the member '${name}' is not known`);
  }
  return found;
}

function memberOrUndefined(object: unknown, name: string): unknown {
  if (typeof object === 'string') {
    return textMembers(object)[name];
  }
  if (Array.isArray(object)) {
    return listMembers(object as unknown[])[name];
  }
  if (typeof object === 'object' && object !== null && 'members' in object) {
    return (object as GatewayObject).members[name];
  }
  return name === 'ToString' ? () => textOf(object) : undefined;
}

function index(object: unknown, key: unknown): unknown {
  if (Array.isArray(object)) {
    const value: unknown = object[Number(key)];
    if (value === undefined) {
      throw new ExpressionError('index was outside the bounds of the array');
    }
    return value;
  }
  const indexer = (object as GatewayObject | null)?.index;
  if (indexer === undefined) {
    throw new ExpressionError('this value has no elements');
  }
  return indexer.call(object, key);
}

function textMembers(text: string): { readonly [name: string]: unknown } {
  return {
    Length: text.length,
    Contains: (part: string) => text.includes(part),
    StartsWith: (part: string) => text.startsWith(part),
    EndsWith: (part: string) => text.endsWith(part),
    Equals: (other: unknown) => text === other,
    IndexOf: (part: string) => text.indexOf(part),
    Replace: (part: string, by: string) => text.replaceAll(part, by),
    Split: (...separators: string[]) => text.split(separators[0]),
    Substring: (start: number, length?: number) =>
      text.substring(start, length === undefined ? undefined : start + length),
    ToLower: () => text.toLowerCase(),
    ToLowerInvariant: () => text.toLowerCase(),
    ToUpper: () => text.toUpperCase(),
    ToUpperInvariant: () => text.toUpperCase(),
    Trim: () => text.trim(),
    ToString: () => text,
  };
}

function listMembers(list: readonly unknown[]): { readonly [name: string]: unknown } {
  const all = (): boolean => true;
  return {
    Length: list.length,
    Count: list.length,
    Contains: (value: unknown) => list.includes(value),
    Any: (test: (value: unknown) => unknown = all) => list.some((value) => truth(test(value))),
    All: (test: (value: unknown) => unknown) => list.every((value) => truth(test(value))),
    First: () => index(list, 0),
    FirstOrDefault: (test: (value: unknown) => unknown = all) => list.find((value) => truth(test(value))) ?? null,
    Where: (test: (value: unknown) => unknown) => list.filter((value) => truth(test(value))),
    Select: (change: (value: unknown) => unknown) => list.map(change),
  };
}

class JsonProperty {
  public constructor(
    public readonly name: string,
    public readonly value: unknown,
  ) {}
}

/** What `new` may make: JSON of Newtonsoft. */
function construct(type: string, values: readonly unknown[]): unknown {
  switch (type) {
    case 'JProperty':
      return new JsonProperty(textOf(values[0]), plain(values[1]));
    case 'JObject': {
      const entries = values.map((value) => {
        if (!(value instanceof JsonProperty)) {
          throw new ExpressionError('a JObject is made of properties');
        }
        return [value.name, value.value] as const;
      });
      return json(Object.fromEntries(entries));
    }
    case 'JArray':
      return json(values.flat().map(plain));
    default:
      throw new ExpressionError(`the type '${type}' is not known`);
  }
}

interface JsonValue extends GatewayObject {
  readonly json: unknown;
}

const json = (value: unknown): JsonValue => ({
  json: value,
  members: { ToString: () => JSON.stringify(value, null, 2) },
});

const plain = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'json' in value ? (value as JsonValue).json : value;
