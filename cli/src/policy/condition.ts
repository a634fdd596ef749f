import { joined, tokens } from './csharp';
import { isExpression } from './expression';

/** A statement of an expression about a request, and whether it is true. */
export interface Atom {
  readonly text: string;
  readonly holds: boolean;
  /** What would all have to be so for this not to be so, where that is more than one thing. */
  readonly unless?: readonly Atom[];
}

/** Whether no request can fulfil both. */
export function contradict(some: readonly Atom[], others: readonly Atom[]): boolean {
  const all = [...some, ...others];
  const isKnown = ({ text, holds }: Atom): boolean => all.some((known) => known.text === text && known.holds === holds);
  return all.some(
    (atom) =>
      atom.text === String(!atom.holds) ||
      isKnown({ text: atom.text, holds: !atom.holds }) ||
      (atom.unless !== undefined && atom.unless.every(isKnown)),
  );
}

/** The same of another state of what it reads. */
export function withState({ text, holds, unless }: Atom, state: string): Atom {
  return {
    text: `${text} ${state}`,
    holds,
    ...(unless === undefined ? {} : { unless: unless.map((atom) => withState(atom, state)) }),
  };
}

/** `&&`, `||`, `?`, ...: what binds parts of an expression together, on its outermost level. */
function outermost(parts: readonly string[], ...operators: readonly string[]): number[] {
  let depth = 0;
  const found: number[] = [];
  parts.forEach((part, index) => {
    if ('([{'.includes(part)) {
      depth += 1;
    } else if (')]}'.includes(part)) {
      depth -= 1;
    } else if (depth === 0 && operators.includes(part)) {
      found.push(index);
    }
  });
  return found;
}

/** Time, chance, and a body that can be read once: a second evaluation can have another result. */
const VOLATILE = /\b(?:Random|RandomNumberGenerator|NewGuid|Now|UtcNow|Today|Elapsed|TickCount\w*|Stopwatch)\b/;
const CONSUMES = /\bBody\b(?![^]*\bpreserveContent\s*:\s*true\b)/;

/** Whether a condition may be true at one time and false at another, for the same request. */
export function isVolatile(condition: string): boolean {
  return isExpression(condition) && (VOLATILE.test(condition) || CONSUMES.test(condition));
}

/** What is known of a request if a condition is true, or if it is false. */
export function atoms(condition: string, holds: boolean): readonly Atom[] {
  if (isVolatile(condition)) {
    return [{ text: joined(tokens(condition.slice(1))), holds }];
  }
  return isExpression(condition) && condition.startsWith('@(')
    ? atomsOf(tokens(condition.slice(1)), holds)
    : [{ text: condition.trim().toLowerCase(), holds }];
}

function atomsOf(given: readonly string[], holds: boolean): readonly Atom[] {
  const parts = unwrapped(given);
  const split = partsOf(parts, holds);
  if (split !== undefined) {
    return split.flatMap((part) => atomsOf(part, holds));
  }
  if (outermost(parts, '&&', '||', '?', '??', '=>', '=').length === 0) {
    return comparison(parts, holds);
  }
  const unless = partsOf(parts, !holds) === undefined ? [] : atomsOf(parts, !holds);
  return [{ text: joined(parts), holds, ...(unless.length > 1 ? { unless } : {}) }];
}

/** The parts of a conjunction that is true, which are all true, or of a disjunction that is false, which are all false. */
function partsOf(parts: readonly string[], holds: boolean): readonly (readonly string[])[] | undefined {
  // && binds more than ||: a conjunction with a || beside it is none
  if (outermost(parts, '?', '??', '=>', '=').length > 0 || (holds && outermost(parts, '||').length > 0)) {
    return undefined;
  }
  const places = outermost(parts, holds ? '&&' : '||');
  const bounds = [-1, ...places, parts.length];
  return places.length === 0
    ? undefined
    : bounds.slice(0, -1).map((from, index) => parts.slice(from + 1, bounds[index + 1]));
}

/** `x != y` is false where `x == y` is true, and `!x` is false where `x` is true. */
function comparison(parts: readonly string[], holds: boolean): readonly Atom[] {
  const [first, ...rest] = parts;
  if (
    first === '!' &&
    outermost(rest, '==', '!=', '<', '>', '<=', '>=', '+', '-', '*', '/', '|', '&', '^').length === 0
  ) {
    return atomsOf(rest, !holds);
  }
  const [place, ...others] = outermost(parts, '==', '!=');
  if (place === undefined || others.length > 0) {
    return [{ text: joined(parts), holds }];
  }
  const sides = [unwrapped(parts.slice(0, place)), unwrapped(parts.slice(place + 1))].map(joined);
  const [left = '', right = ''] = isConstant(sides[0]) ? [sides[1], sides[0]] : sides;
  const equal = parts[place] === '==' ? holds : !holds;
  if (right === 'true' || right === 'false') {
    return [{ text: left, holds: right === 'true' ? equal : !equal }];
  }
  return [{ text: `${left} == ${right}`, holds: equal }];
}

function isConstant(text: string | undefined): boolean {
  return text !== undefined && /^(?:null|true|false|-?\d[\w.]*|"[^"]*")$/.test(text);
}

/** Without brackets around all of it. */
function unwrapped(parts: readonly string[]): readonly string[] {
  let inner = parts;
  while (inner.length > 2 && inner[0] === '(' && inner.at(-1) === ')') {
    let depth = 0;
    const closes = inner.findIndex((part) => {
      depth += part === '(' ? 1 : part === ')' ? -1 : 0;
      return depth === 0;
    });
    if (closes !== inner.length - 1) {
      return inner;
    }
    inner = inner.slice(1, -1);
  }
  return inner;
}
