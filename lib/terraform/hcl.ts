import { IResolvable } from 'cdktf';
import { code, expressionOf } from './expression';

/*
 * The parts that long expressions are made of. Each takes values as `expressionOf` does: strings are quoted, expressions
 * are written as they are.
 */

/** `<condition> ? <then> : <otherwise>` */
export function conditional(condition: IResolvable, then: unknown, otherwise: unknown): IResolvable {
  return expressionOf`${condition} ? ${then} : ${otherwise}`;
}

/** `<condition> && <condition> …` */
export function allOf(...conditions: readonly IResolvable[]): IResolvable {
  return conditions.reduce((all, condition) => expressionOf`${all} && ${condition}`);
}

/** `<condition> || <condition> …` */
export function anyOf(...conditions: readonly IResolvable[]): IResolvable {
  return conditions.reduce((any, condition) => expressionOf`${any} || ${condition}`);
}

/** `try(<value>, <fallback>)`: the fallback where the value has a part that does not exist. */
export function tryOr(value: unknown, fallback: unknown): IResolvable {
  return expressionOf`try(${value}, ${fallback})`;
}

/** `{ <name> = <value>, … }`, with names that are identifiers. */
export function object(members: { readonly [name: string]: unknown }): IResolvable {
  const written = Object.entries(members).map(([name, value]) => expressionOf`${code(name)} = ${value}`);
  return expressionOf`{ ${written.reduce((all, member) => expressionOf`${all}, ${member}`)} }`;
}

/** A loop over a collection, whose variables the parts of the loop name in their code. */
interface Loop {
  /** The variables: `value`, or `key, value`. */
  readonly each: string;
  readonly in: unknown;
  /** Leaves out what does not fulfil this. */
  readonly when?: IResolvable;
}

/** `[for <each> in <collection> : <value> if <condition>]` */
export function listFor(loop: Loop & { readonly value: unknown }): IResolvable {
  return expressionOf`[${head(loop)} : ${loop.value}${tail(loop)}]`;
}

/** `{ for <each> in <collection> : <key> => <value> if <condition> }` */
export function mapFor(loop: Loop & { readonly key: unknown; readonly value: unknown }): IResolvable {
  return expressionOf`{ ${head(loop)} : ${loop.key} => ${loop.value}${tail(loop)} }`;
}

function head(loop: Loop): IResolvable {
  return expressionOf`for ${code(loop.each)} in ${loop.in}`;
}

function tail({ when }: Loop): IResolvable {
  return when === undefined ? code('') : expressionOf` if ${when}`;
}
