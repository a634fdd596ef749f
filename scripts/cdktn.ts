/*
 * Makes cdktn-apim-oauth, the package for cdktn, of the sources of cdktf-apim-oauth: imports are those of the other framework,
 * and what that framework has no package for comes from cdktn/lib/. Examples and tests come with it, so that they run on both.
 *
 * Run: npx tsx scripts/cdktn.ts (after npm ci --prefix cdktn), then npm run test:cdktn
 */
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, posix, sep } from 'node:path';
import { Manifest, Needed, transformManifest } from './cdktn/manifest';
import { transformMarkdown, transformSource } from './cdktn/transform';
import { widenPeer } from './cdktn/widened-peer';

const FROM = join(__dirname, '..');
const OWN = join(FROM, 'cdktn');
const TO = join(OWN, 'build');

/** Sources that are rewritten; what else lies beside them is copied. */
const REWRITTEN = ['lib', 'examples', 'test', 'scripts', 'cli/test', 'rosetta'];

/** What tests and the package hold beside: the tools read Terraform and are the same for both frameworks. */
const COPIED = [
  'CHANGELOG.md',
  'LICENSE',
  '.gitattributes',
  'cdktf.json',
  'cli/package.json',
  'cli/schema',
  'cli/src',
  'package-lock.json',
];

const DOCS = ['README.md', 'CONTRIBUTING.md', 'docs'];

/** Programs by hand stand on the azuread package, which cdktn has not; what makes or tries both packages is no part of either. */
const LEFT_OUT =
  /^test\/(alias|bench|cdktn|english|languages|package)\.test\.ts$|^test\/repository\/|^scripts\/(cdktn|new-user|sbom)(\/|\.ts$)/;

function main(): void {
  if (!existsSync(join(OWN, 'node_modules'))) {
    throw new Error('cdktn/node_modules: is missing; run npm ci --prefix cdktn first');
  }
  rmSync(TO, { recursive: true, force: true });
  for (const file of REWRITTEN.flatMap(filesBelow).filter((name) => !LEFT_OUT.test(name))) {
    // The tools are the same for both frameworks, and so is what they say.
    const texts = !file.startsWith('cli/');
    make(file, /\.ts(-fixture)?$/.test(file) ? transformSource(file, read(file), { texts }) : undefined);
  }
  const own = filesBelow('cdktn/lib').map((origin) => ({ origin, file: origin.slice('cdktn/'.length) }));
  for (const { origin, file } of own) {
    write(file, transformSource(file, read(origin), { origin }));
  }
  const exported = own.map(({ file }) => `export * from './${file.slice('lib/'.length, -'.ts'.length)}';\n`);
  write('lib/index.ts', readFileSync(join(TO, 'lib/index.ts'), 'utf8') + exported.join(''));
  for (const file of DOCS.flatMap(filesBelow)) {
    make(file, file.endsWith('.md') ? transformMarkdown(file, read(file)) : undefined);
  }
  COPIED.flatMap(filesBelow).forEach((file) => make(file));
  const manifest = transformManifest(JSON.parse(read('package.json')) as Manifest, needed());
  write('package.json', `${JSON.stringify(manifest, null, 2)}\n`);
  write('tsconfig.json', read('tsconfig.json').replaceAll('cdktf-apim-oauth', 'cdktn-apim-oauth'));
  link('node_modules', join(OWN, 'node_modules'));
  link('cli/node_modules', join(FROM, 'cli', 'node_modules'));
  const [provider, framework] = ['@cdktn/provider-azurerm', 'cdktn'];
  widenPeer(join(OWN, 'node_modules', provider), framework, needed().peerDependencies[framework]);
}

function needed(): Needed {
  return JSON.parse(readFileSync(join(OWN, 'package.json'), 'utf8')) as Needed;
}

/** Packages that are not those of the root: docs of the API are made of what lies in the package's own folder. */
function link(name: string, packages: string): void {
  if (existsSync(packages)) {
    symlinkSync(packages, join(TO, name));
  }
}

function filesBelow(path: string): string[] {
  if (!statSync(join(FROM, path)).isDirectory()) {
    return [path];
  }
  return readdirSync(join(FROM, path), { recursive: true, withFileTypes: true })
    .filter((entry) => statSync(join(entry.parentPath, entry.name)).isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(FROM.length + 1))
    .map((file) => file.split(sep).join(posix.sep))
    .filter((file) => !/(^|\/)(node_modules|dist|adopted-[^/]*)\//.test(file))
    .sort();
}

function read(file: string): string {
  return readFileSync(join(FROM, file), 'utf8');
}

/** Writes a file: what it is made of, or what it holds. A link stays one, to what is made of the same file. */
function make(file: string, text?: string): void {
  if (lstatSync(join(FROM, file)).isSymbolicLink()) {
    mkdirSync(dirname(join(TO, file)), { recursive: true });
    symlinkSync(readlinkSync(join(FROM, file)), join(TO, file));
    return;
  }
  write(file, text ?? read(file));
}

function write(file: string, text: string): void {
  mkdirSync(dirname(join(TO, file)), { recursive: true });
  writeFileSync(join(TO, file), text);
}

try {
  main();
} catch (error) {
  process.stderr.write(`cdktn: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
