/*
 * Writes the lists of packages that come with the library, for each framework, and with the tools, by the lock files.
 *
 * Run: npx tsx scripts/licences.ts
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

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

/** Where a lock file says what is installed with a package. */
export interface Place {
  /** Folder of the lock file. */
  readonly folder: string;
  /** The package's key in it. */
  readonly root: string;
}

interface List extends Place {
  readonly file: string;
  readonly introduction: string;
}

export const LISTS: readonly List[] = [
  {
    file: 'LICENSES.md',
    folder: '.',
    root: '',
    introduction: `# Licences of what is installed with the library

The library itself is under the MIT licence and has no dependencies. These packages are its peers and what they bring; a test
compares the list with the lock file.`,
  },
  {
    file: 'cdktn/LICENSES.md',
    folder: 'cdktn',
    root: '',
    introduction: `# Licences of what is installed with the library for cdktn

The library itself is under the MIT licence and has no dependencies. These packages are its peers and what they bring; a test
compares the list with the lock file.`,
  },
  {
    file: 'cli/LICENSES.md',
    folder: '.',
    root: 'cli',
    introduction: `# Licences of what is installed with the tools

The tools themselves are under the MIT licence. These packages come with them; a test compares the list with the lock file.`,
  },
];

/** What is installed with a package of the repository, with what that depends on in turn, by name. */
export function installedWith({ folder, root }: Place): Installed[] {
  const { packages } = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, Locked>;
  };
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
export function listOf({ introduction, ...place }: List): string {
  const rows = new Set(installedWith(place).map(({ name, licence }) => `| ${name} | ${licence} |`));
  return [introduction, '', '| package | licence |', '| --- | --- |', ...rows, ''].join('\n');
}

if (require.main === module) {
  for (const list of LISTS) {
    writeFileSync(list.file, listOf(list));
  }
}
