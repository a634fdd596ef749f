import { isExpression, joined, tokens } from './csharp';

/** Something that an expression says of a request, and whether it holds. */
export interface Atom {
  readonly text: string;
  readonly holds: boolean;
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

/** What is known of a request where a condition holds, or where it does not. */
export function atoms(condition: string, holds: boolean): readonly Atom[] {
  return isExpression(condition) && condition.startsWith('@(')
    ? atomsOf(tokens(condition.slice(1)), holds)
    : [{ text: condition.trim().toLowerCase(), holds }];
}

function atomsOf(given: readonly string[], holds: boolean): readonly Atom[] {
  const parts = unwrapped(given);
  if (outermost(parts, '?', '??', '=>', '=').length === 0) {
    const joint = holds ? '&&' : '||';
    const other = outermost(parts, '||');
    const places = outermost(parts, joint);
    // && binds more than ||: a conjunction with a || beside it is none
    if (places.length > 0 && (!holds || other.length === 0)) {
      const bounds = [-1, ...places, parts.length];
      return bounds.slice(0, -1).flatMap((from, index) => atomsOf(parts.slice(from + 1, bounds[index + 1]), holds));
    }
    if (other.length === 0 && outermost(parts, '&&').length === 0) {
      return comparison(parts, holds);
    }
  }
  return [{ text: joined(parts), holds }];
}

/** `x != y` is what does not hold where `x == y` does, and so is `!x`. */
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
