/*
 * Fails when jsii makes sources for another language that the tools of that language cannot read, when a program of
 * docs/languages.md names what is not there, or when jsii cannot translate the TypeScript of the README. What cannot be checked on this machine is said.
 *
 * Run: npx tsx scripts/check-languages.ts (after npm run build and npm run build:cdktn)
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { Assemblies } from './languages/assembly';
import { importClashes } from './languages/go-imports';
import { problemsOfGo, problemsOfPython } from './languages/resolve';
import { run, say } from './package/run';

const PAGE = 'docs/languages.md';
const PEERS = ['cdktf', 'constructs', '@cdktf/provider-azurerm'];

interface Manifest {
  readonly name: string;
  readonly peerDependencies: Record<string, string>;
}

interface Language {
  readonly name: string;
  readonly extension: string;
  /** What reads a folder of sources, and fails where it cannot. */
  readonly reader?: readonly string[];
}

const LANGUAGES: readonly Language[] = [
  { name: 'python', extension: '.py', reader: ['python3', '-m', 'compileall', '-q'] },
  { name: 'java', extension: '.java', reader: ['java', resolve('scripts/languages/ParseJava.java')] },
  { name: 'go', extension: '.go', reader: ['gofmt', '-l', '-e'] },
  { name: 'dotnet', extension: '.cs' },
];

function checkSources(folder: string, name: string, scratch: string): void {
  const pacmak = resolve('node_modules/jsii-pacmak/bin/jsii-pacmak');
  const targets = LANGUAGES.map((language) => language.name);
  const out = join(scratch, name);
  run(process.execPath, [pacmak, '--code-only', '--outdir', out, '--targets', ...targets], { cwd: folder });
  for (const language of LANGUAGES) {
    const sources = join(out, language.name);
    const files = readdirSync(sources, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith(language.extension),
    );
    if (files.length === 0) {
      throw new Error(`${name}: no sources for ${language.name} were made`);
    }
    if (language.name === 'go') {
      refuseClashes(name, sources, files);
    }
    say(`${name}: ${files.length} files for ${language.name}, ${read(language, sources)}`);
  }
}

function refuseClashes(name: string, sources: string, files: readonly string[]): void {
  const clashes = files.flatMap((file) =>
    importClashes(readFileSync(join(sources, file), 'utf8')).map((clash) => `${file}: two imports are named ${clash}`),
  );
  if (clashes.length > 0) {
    throw new Error(`${name}: go cannot compile what was made:\n${clashes.join('\n')}`);
  }
}

/** Lets the tools of a language read sources; says what was done. */
function read({ name, reader }: Language, sources: string): string {
  if (reader === undefined) {
    return 'which nothing reads here';
  }
  const [command, ...args] = reader;
  const { error, status, stdout, stderr } = spawnSync(command, [...args, sources], { encoding: 'utf8' });
  if (error !== undefined) {
    return `which nothing reads here: ${command} is not installed`;
  }
  if (status !== 0) {
    throw new Error(`${name}: ${command} cannot read what was made:\n${stdout}${stderr}`);
  }
  return `read by ${command}`;
}

/** Translates the TypeScript of the README, which stands in the packages of all languages; a block that cannot be is an error. */
function checkReadme(folder: string, { name, peerDependencies }: Manifest, scratch: string): void {
  const packages = join(scratch, `${name}-readme`, 'node_modules');
  for (const peer of Object.keys(peerDependencies)) {
    link(join(folder, 'node_modules', peer), join(packages, peer));
  }
  link(folder, join(packages, name));
  const rosetta = resolve('node_modules/jsii-rosetta/bin/jsii-rosetta');
  run(process.execPath, [rosetta, 'extract', '--strict', '--directory', dirname(packages)], { cwd: folder });
  say(`${name}: the TypeScript of the README is translated`);
}

function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(resolve(target), path);
}

function checkPrograms(): void {
  const assemblies = new Assemblies(['.', ...PEERS.map((peer) => join('node_modules', peer))]);
  const page = readFileSync(PAGE, 'utf8');
  for (const [language, problemsOf] of [['python', problemsOfPython] as const, ['go', problemsOfGo] as const]) {
    const programs = [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))];
    const problems = programs.flatMap(([, program]) => problemsOf(program, assemblies));
    if (programs.length === 0 || problems.length > 0) {
      throw new Error(`${PAGE}: ${language}: ${problems.join('\n') || 'no program'}`);
    }
    say(`${PAGE}: the program in ${language} names nothing that is not there`);
  }
}

function main(): void {
  const scratch = mkdtempSync(join(tmpdir(), 'languages-'));
  try {
    checkPrograms();
    for (const folder of ['.', 'cdktn/build'].filter((path) => existsSync(join(path, '.jsii')))) {
      const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
      checkSources(folder, manifest.name, scratch);
      checkReadme(folder, manifest, scratch);
    }
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

try {
  main();
} catch (error) {
  const { stdout = '' } = error as { readonly stdout?: string };
  process.stderr.write(`check-languages: ${error instanceof Error ? error.message : String(error)}\n${stdout}`);
  process.exitCode = 1;
}
