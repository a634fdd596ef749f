import { IResolvable, IResolveContext, Token } from 'cdktf';
import { Traceless } from './traceless';

const TOKEN_MARKER = /(\$\{TfToken\[[^\]]+\]\})/;

/**
 * A Terraform expression with values in it: tokens are written without braces, plain strings are quoted and escaped, so
 * that no value can end the expression around it.
 */
class Expression extends Traceless {
  public constructor(
    private readonly code: readonly string[],
    private readonly values: readonly unknown[],
  ) {
    super();
  }

  public resolve(context: IResolveContext): string {
    const bare = context.suppressBraces;
    context.suppressBraces = true;
    const text = this.code
      .map((code, at) => code + (at < this.values.length ? render(this.values[at], context) : ''))
      .join('');
    context.suppressBraces = bare;
    return bare ? text : `\${${text}}`;
  }
}

function render(value: unknown, context: IResolveContext): string {
  if (typeof value !== 'string' && Token.isUnresolved(value)) {
    return String(context.resolve(value));
  }
  if (Array.isArray(value)) {
    return `[${value.map((item) => render(item, context)).join(', ')}]`;
  }
  if (typeof value !== 'string') {
    return JSON.stringify(value);
  }
  const pieces = value.split(TOKEN_MARKER).filter((piece) => piece !== '');
  if (pieces.length === 1 && Token.isUnresolved(value)) {
    return String(context.resolve(value));
  }
  return `"${pieces.map((piece) => (Token.isUnresolved(piece) ? `\${${context.resolve(piece)}}` : quoted(piece))).join('')}"`;
}

/** Escapes that JSON has and Terraform's language has not. */
const HCL_ESCAPES: Record<string, string> = { b: '\\u0008', f: '\\u000c' };

function quoted(text: string): string {
  const json = JSON.stringify(text).slice(1, -1);
  return literal(json.replace(/\\(.)/g, (escape, letter) => HCL_ESCAPES[letter] ?? escape));
}

/** Text that Terraform reads literally, even if it contains template markers; a text with tokens is left unchanged. */
export function literal(text: string): string {
  return Token.isUnresolved(text) ? text : text.replace(/([$%])(?=\{)/g, '$1$1');
}

/** A Terraform expression as a string that can be used wherever a string is asked for. */
export function expression(code: TemplateStringsArray, ...values: unknown[]): string {
  return Token.asString(new Expression(code, values));
}

/** A Terraform expression whose value is no string. */
export function expressionOf(code: TemplateStringsArray, ...values: unknown[]): IResolvable {
  return new Expression(code, values);
}

/** Code that is the same for every program, such as the name of a variable in a `for`; never a value from a caller. */
export function code(text: string): IResolvable {
  return new Expression([text], []);
}
