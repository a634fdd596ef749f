const RESERVED = new Set(
  (
    'abstract any as async await boolean break case catch class const constructor continue debugger declare default delete do else ' +
    'enum export extends false finally for from function get if implements import in instanceof interface is keyof let module ' +
    'namespace never new null number object of package private protected public readonly require return set static string ' +
    'super switch symbol this throw true try type typeof undefined unknown var void while with yield arguments eval globalThis console process'
  ).split(' '),
);

/** Names that are given once, whatever their case. */
export class Names {
  private readonly taken = new Set<string>();

  constructor(taken: readonly string[] = []) {
    taken.forEach((name) => this.taken.add(name.toLowerCase()));
  }

  /** The first of the candidates that is free. */
  take(...candidates: readonly string[]): string {
    const name = candidates.find((candidate) => !this.taken.has(candidate.toLowerCase()));
    let free = name ?? '';
    for (let number = 2; free === ''; number += 1) {
      const next = `${candidates.at(-1) ?? 'x'}${number}`;
      free = this.taken.has(next.toLowerCase()) ? '' : next;
    }
    this.taken.add(free.toLowerCase());
    return free;
  }
}

/** A variable's name from what people call a thing: `Gold Plan` becomes `goldPlan`. */
export function variableName(text: string, fallback: string): string {
  const words = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '');
  const camel = words
    .map((word, index) => {
      const rest = /^[A-Z0-9]+$/.test(word) ? word.slice(1).toLowerCase() : word.slice(1);
      return (index === 0 ? word.slice(0, 1).toLowerCase() : word.slice(0, 1).toUpperCase()) + rest;
    })
    .join('')
    .slice(0, 40);
  const name = camel === '' ? fallback : /^\d/.test(camel) ? `${fallback}${camel}` : camel;
  return RESERVED.has(name) ? `${name}${fallback.slice(0, 1).toUpperCase()}${fallback.slice(1)}` : name;
}

/** A name for Azure made from what people read, as the library makes it. */
export function slug(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}
