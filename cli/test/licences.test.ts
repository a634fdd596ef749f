import { readFileSync } from 'node:fs';

interface Package {
  readonly version?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, Package> };
const PERMISSIVE = ['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', '0BSD', '(BSD-3-Clause OR GPL-2.0)'];

/** Where Node finds a package from another one. */
function placeOf(name: string, from: string): string {
  const folders = from.split('/node_modules/');
  for (let depth = folders.length; depth >= 0; depth -= 1) {
    const base = folders.slice(0, depth).join('/node_modules/');
    const place = `${base === '' ? '' : `${base}/`}node_modules/${name}`;
    if (packages[place] !== undefined) {
      return place;
    }
  }
  return `node_modules/${name}`;
}

/** What is installed with the tools, by name, with what it depends on in turn. */
function installed(): ReadonlyMap<string, Package> {
  const found = new Map<string, Package>();
  const visit = (from: string): void => {
    for (const name of Object.keys({ ...packages[from]?.dependencies, ...packages[from]?.optionalDependencies })) {
      const place = placeOf(name, from);
      if (!found.has(place)) {
        found.set(place, packages[place] ?? {});
        visit(place);
      }
    }
  };
  visit('cli');
  return found;
}

const names = [...installed()].map(
  ([place, { license }]) => [place.split('node_modules/').at(-1) ?? '', license ?? 'unknown'] as const,
);

test('what is installed with the tools has a licence that lets everybody use it', () => {
  expect(names.length).toBeGreaterThan(20);
  expect(names.filter(([, licence]) => !PERMISSIVE.includes(licence))).toEqual([]);
});

test('and is listed', () => {
  const listed = readFileSync('cli/LICENSES.md', 'utf8');
  const rows = [...new Set(names.map(([name, licence]) => `| ${name} | ${licence} |`))].sort();
  expect(listed.split('\n').filter((line) => /^\| (?!package|---)/.test(line))).toEqual(rows);
});
