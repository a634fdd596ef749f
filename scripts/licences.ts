/*
 * Writes the lists of packages that come with the library and with the tools, by the lock file: LICENSES.md, cli/LICENSES.md.
 *
 * Run: npx tsx scripts/licences.ts
 */
import { readFileSync, writeFileSync } from 'node:fs';

interface Locked {
  /** Where a package is installed under another name. */
  readonly name?: string;
  readonly version?: string;
  readonly license?: string;
  readonly integrity?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

export interface Installed {
  readonly name: string;
  readonly version: string;
  /** An SPDX expression; `unknown` where the package tells none. */
  readonly licence: string;
  /** `sha512-` and the digest in base64; undefined where it comes inside of another package. */
  readonly integrity: string | undefined;
}

interface List {
  readonly file: string;
  /** The place in the lock file of what is installed. */
  readonly root: string;
  readonly introduction: string;
}

export const LISTS: readonly List[] = [
  {
    file: 'LICENSES.md',
    root: '',
    introduction: `# Licences of what is installed with the library

The library itself is under the MIT licence and has no dependencies. These packages are its peers and what they bring; a test
compares the list with the lock file.`,
  },
  {
    file: 'cli/LICENSES.md',
    root: 'cli',
    introduction: `# Licences of what is installed with the tools

The tools themselves are under the MIT licence. These packages come with them; a test compares the list with the lock file.`,
  },
];

/** What is installed with a package of the repository, with what that depends on in turn, by name. */
export function installedWith(root: string): Installed[] {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, Locked> };
  const found = new Map<string, Installed>();
  const visit = (from: string): void => {
    for (const needed of needsOf(packages[from] ?? {})) {
      const place = placeOf(packages, needed, from);
      const { name = needed, version = 'unknown', license: licence = 'unknown', integrity } = packages[place] ?? {};
      if (!found.has(place)) {
        found.set(place, { name, version, licence, integrity });
        visit(place);
      }
    }
  };
  visit(root);
  return [...found.values()].sort((one, other) => (one.name < other.name ? -1 : one.name > other.name ? 1 : 0));
}

function needsOf({
  dependencies,
  optionalDependencies,
  peerDependencies = {},
  peerDependenciesMeta,
}: Locked): string[] {
  const peers = Object.keys(peerDependencies).filter((name) => peerDependenciesMeta?.[name]?.optional !== true);
  return [...new Set([...Object.keys({ ...dependencies, ...optionalDependencies }), ...peers])];
}

/** Where Node finds a package from another one. */
function placeOf(packages: Readonly<Record<string, Locked>>, name: string, from: string): string {
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

/** The list as its file holds it. */
export function listOf({ root, introduction }: List): string {
  const rows = new Set(installedWith(root).map(({ name, licence }) => `| ${name} | ${licence} |`));
  return [introduction, '', '| package | licence |', '| --- | --- |', ...rows, ''].join('\n');
}

if (require.main === module) {
  for (const list of LISTS) {
    writeFileSync(list.file, listOf(list));
  }
}
