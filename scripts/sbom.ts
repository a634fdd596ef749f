/*
 * Writes bills of materials in the form of CycloneDX, by the lock files: of the library with its peers, for each framework, and of
 * the tools with their dependencies.
 *
 * Run: npx tsx scripts/sbom.ts DESTINATION
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Manifest, transformManifest } from './cdktn/manifest';
import { installedWith, Place } from './licences';
import { run, say } from './package/run';

interface Component {
  readonly 'bom-ref': string;
  readonly type: string;
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
  readonly licenses?: readonly unknown[];
  readonly properties?: readonly { readonly name: string; readonly value: string }[];
}

export interface Bill {
  readonly bomFormat: string;
  readonly specVersion: string;
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

interface Published {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly dependencies?: Record<string, string>;
  readonly peerDependencies?: Record<string, string>;
}

interface Material extends Place {
  readonly manifest: () => Published;
}

/** What is published, and where its lock file is. */
export const MATERIALS: readonly Material[] = [
  { folder: '.', root: '', manifest: () => read('package.json') as Published },
  {
    folder: 'cdktn',
    root: '',
    manifest: () =>
      transformManifest(read('package.json') as Manifest, read('cdktn/package.json') as Manifest) as Published,
  },
  { folder: '.', root: 'cli', manifest: () => read('cli/package.json') as Published },
];

function read(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** What npm says of everything in the lock file of a folder. */
export function everything(folder: string): Bill {
  return JSON.parse(run('npm', ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'], { cwd: folder })) as Bill;
}

/** The part of it that comes with one package of the repository. */
export function billOf({ manifest, ...place }: Material, all: Bill): Bill {
  const { name, version, description, dependencies, peerDependencies } = manifest();
  const root = `${name}@${version}`;
  const installed = installedWith(place);
  const references = new Set(installed.map((one) => `${one.name}@${one.version}`));
  const digests = new Map(
    installed.flatMap((one) => (one.integrity === undefined ? [] : [[`${one.name}@${one.version}`, one.integrity]])),
  );
  const components = all.components
    .filter((component) => references.has(component['bom-ref']))
    .map((component) => asInstalled(component, digests.get(component['bom-ref'])));
  const missing = [...references].filter((ref) => !components.some((component) => component['bom-ref'] === ref));
  if (missing.length > 0) {
    throw new Error(`npm sbom does not tell of ${missing.join(', ')}`);
  }
  const direct = Object.keys({ ...dependencies, ...peerDependencies }).map((needed) => {
    // the nearest one is the one that the package itself gets
    const found = installed.find((one) => one.name === needed);
    return `${needed}@${found?.version ?? 'unknown'}`;
  });
  return {
    ...all,
    metadata: {
      ...all.metadata,
      component: {
        ...{ 'bom-ref': root, type: 'library', name, version, description, purl: `pkg:npm/${root}` },
        licenses: [{ license: { id: 'MIT' } }],
      },
    },
    components,
    dependencies: [
      { ref: root, dependsOn: direct },
      ...all.dependencies
        .filter(({ ref }) => references.has(ref))
        .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((other) => references.has(other)) })),
    ],
  };
}

/** npm tells of the first place of a package, which may be the copy inside of another one, and of what is for development here. */
function asInstalled({ properties = [], hashes, ...component }: Component, integrity: string | undefined): Component {
  const [algorithm, digest] = integrity?.split('-') ?? [];
  return {
    ...component,
    properties: properties.filter(({ name }) => !name.startsWith('cdx:npm:package:')),
    ...(algorithm === 'sha512' && digest !== undefined
      ? { hashes: [{ alg: 'SHA-512', content: Buffer.from(digest, 'base64').toString('hex') }] }
      : { hashes }),
  };
}

if (require.main === module) {
  const [destination] = process.argv.slice(2);
  if (destination === undefined) {
    process.stderr.write('sbom: no folder for the files is given\n');
    process.exitCode = 1;
  } else {
    mkdirSync(destination, { recursive: true });
    for (const material of MATERIALS) {
      const bill = billOf(material, everything(material.folder));
      const { name, version } = bill.metadata.component;
      const file = join(destination, `${name}-${version}.cdx.json`);
      writeFileSync(file, `${JSON.stringify(bill, null, 2)}\n`);
      say(`${file}: ${bill.components.length} components`);
    }
  }
}
