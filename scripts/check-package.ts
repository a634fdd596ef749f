/*
 * Fails when the packed library is not what a user needs: it holds more or less than it should, its declarations do not
 * compile under strict without skipLibCheck, or a program of the README does not synthesize with it.
 *
 * Run: npx tsx scripts/check-package.ts (after npm run build)
 */
import { execFileSync, ExecFileSyncOptions } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { programsOf, unwantedFiles } from './package-content';

interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

const COMPILER_OPTIONS = {
  target: 'ES2022',
  module: 'commonjs',
  moduleResolution: 'node10',
  strict: true,
  skipLibCheck: false,
  types: ['node'],
};

function main(): void {
  const programs = programsOf(readFileSync('README.md', 'utf8'));
  if (programs.length === 0) {
    throw new Error('README.md: holds no whole program, from its imports of cdktf-apim-oauth to app.synth()');
  }
  const project = mkdtempSync(join(tmpdir(), 'package-'));
  try {
    const tarball = pack(project);
    installInto(project, tarball);
    for (const [at, program] of programs.entries()) {
      writeFileSync(join(project, `program-${at}.ts`), program);
    }
    compile(project);
    for (const at of programs.keys()) {
      synthesize(project, `program-${at}`);
    }
  } finally {
    rmSync(project, { recursive: true });
  }
}

function pack(project: string): string {
  const [packed] = JSON.parse(
    run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', project]),
  ) as Packed[];
  const paths = packed.files.map(({ path }) => path);
  const unwanted = unwantedFiles(paths);
  if (unwanted.length > 0) {
    throw new Error(`the package holds what is no part of it:\n${unwanted.join('\n')}`);
  }
  for (const needed of [
    'dist/index.js',
    'dist/index.d.ts',
    '.jsii',
    'API.md',
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
  ]) {
    if (!paths.includes(needed)) {
      throw new Error(`the package lacks ${needed}`);
    }
  }
  say(`packed ${paths.length} files`);
  return join(project, packed.filename);
}

/** Peers come with it, as they do for a user. */
function installInto(project: string, tarball: string): void {
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'empty-project', private: true }));
  const { devDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    devDependencies: Record<string, string>;
  };
  const tools = ['typescript', '@types/node'].map((name) => `${name}@${devDependencies[name]}`);
  run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', tarball, ...tools], { cwd: project });
  say('installed it into an empty project');
}

function compile(project: string): void {
  writeFileSync(
    join(project, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: COMPILER_OPTIONS, include: ['*.ts'] }),
  );
  const errors = diagnostics(project);
  const others = errors.filter(
    (line) => line.startsWith('node_modules/') && !line.startsWith('node_modules/cdktf-apim-oauth/'),
  );
  const ours = errors.filter((line) => !others.includes(line));
  if (ours.length > 0) {
    throw new Error(`the package does not compile in an empty project:\n${ours.join('\n')}`);
  }
  say(
    `compiled the README's programs under strict without skipLibCheck${others.length > 0 ? `; ${others.length} errors lie in other packages` : ''}`,
  );
}

function diagnostics(project: string): string[] {
  try {
    run(process.execPath, [join('node_modules', 'typescript', 'bin', 'tsc'), '--pretty', 'false'], { cwd: project });
    return [];
  } catch (error) {
    const { stdout } = error as { stdout?: string };
    const lines = (stdout ?? '').split('\n').filter((line) => /error TS\d+/.test(line));
    if (lines.length === 0) {
      throw error;
    }
    return lines;
  }
}

function synthesize(project: string, program: string): void {
  const output = resolve(project, `${program}.out`);
  run(process.execPath, [`${program}.js`], { cwd: project, env: { ...process.env, CDKTF_OUTDIR: output } });
  const manifest = JSON.parse(readFileSync(join(output, 'manifest.json'), 'utf8')) as {
    stacks: Record<string, unknown>;
  };
  if (Object.keys(manifest.stacks).length === 0) {
    throw new Error(`${program} of the README synthesizes no stack`);
  }
  say(`synthesized ${program} of the README: ${Object.keys(manifest.stacks).join(', ')}`);
}

function run(command: string, args: string[], options: ExecFileSyncOptions = {}): string {
  return String(
    execFileSync(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      maxBuffer: 1 << 26,
      ...options,
      encoding: 'utf8',
    }),
  );
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

try {
  main();
} catch (error) {
  process.stderr.write(`check-package: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
