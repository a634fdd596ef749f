/** What an expression of a template means, as far as its text shows. */
export interface Interpolation {
  readonly references: readonly string[];
  /** Whether it is nothing but one reference, at most within functions that keep what it identifies. */
  readonly plain: boolean;
}

const REFERENCE = /[A-Za-z_][\w-]*(?:\.[A-Za-z_*][\w-]*|\[[^\]"]*\]|\["(?:[^"\\]|\\.)*"\])+/g;
const WHOLE = new RegExp(`^${REFERENCE.source}$`);
/** They change how a value is written, never which thing it identifies. */
const TRANSPARENT = /^(?:lower|upper|trimspace|tostring|nonsensitive|sensitive|trim|chomp)\(\s*([\s\S]*)\s*\)$/;

/** The expressions in `${...}` of a template; undefined where it has directives, which choose between texts. */
export function interpolations(text: string): readonly Interpolation[] | undefined {
  const found: Interpolation[] = [];
  let directives = false;
  for (let position = 0; position < text.length; position += 1) {
    const [sign, next] = [text[position], text[position + 1]];
    if ((sign !== '$' && sign !== '%') || next !== '{') {
      continue;
    }
    // a doubled sign is the sign itself
    if (position > 0 && text[position - 1] === sign) {
      continue;
    }
    const end = closing(text, position + 1);
    const inner = text.slice(position + 2, end);
    directives ||= sign === '%';
    found.push(interpolation(inner));
    position = end;
  }
  return directives ? undefined : found;
}

/** Every reference in a text, whatever is around it. */
export function referencesIn(text: string): readonly string[] {
  return withoutStrings(text).match(REFERENCE) ?? [];
}

function interpolation(inner: string): Interpolation {
  let core = inner.trim();
  for (let match = TRANSPARENT.exec(core); match !== null; match = TRANSPARENT.exec(core)) {
    core = (match[1] ?? '').trim();
  }
  return WHOLE.test(core) ? { references: [core], plain: true } : { references: referencesIn(inner), plain: false };
}

/** The position of the brace that closes the one at `open`; strings and what is interpolated in them observed. */
function closing(text: string, open: number): number {
  let depth = 0;
  for (let position = open; position < text.length; position += 1) {
    const character = text[position];
    if (character === '{') {
      depth += 1;
    } else if (character === '}') {
      depth -= 1;
      if (depth === 0) {
        return position;
      }
    } else if (character === '"') {
      position = stringEnd(text, position);
    }
  }
  return text.length;
}

function stringEnd(text: string, open: number): number {
  for (let position = open + 1; position < text.length; position += 1) {
    if (text[position] === '\\') {
      position += 1;
    } else if (text[position] === '$' && text[position + 1] === '{') {
      position = closing(text, position + 1);
    } else if (text[position] === '"') {
      return position;
    }
  }
  return text.length;
}

/** Texts of literals contain no references, but keys in brackets and what is interpolated belong to them. */
function withoutStrings(text: string): string {
  return text.replace(/(\[)?"((?:[^"\\]|\\.)*)"/g, (whole, bracket: string | undefined, inner: string) =>
    bracket === undefined ? ` ${[...inner.matchAll(/\$\{([^}]*)\}/g)].map(([, code]) => code).join(' ')} ` : whole,
  );
}
