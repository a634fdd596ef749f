import { IResolvable, Token } from 'cdktf';
import { expressionOf, literal } from './expression';

/**
 * `for_each` over names, with the name as the key. Literal names make a plain map; with a token among them it is an
 * expression in which Terraform itself refuses a name that comes twice, where a set would merge the two.
 */
export function eachOf(names: readonly string[]): IResolvable | { [key: string]: string } {
  if (Token.isUnresolved(names) || names.some((name) => Token.isUnresolved(name))) {
    return expressionOf`{ for name in ${[...names]} : name => name }`;
  }
  return Object.fromEntries(names.map((name) => [literal(name), literal(name)]));
}
