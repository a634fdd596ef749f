/*
 * Fails when a package is not what a user needs: it holds more or less than its modules and what describes them, publint or
 * attw find something, its declarations do not compile with a compiler of today, or a program of the README does not
 * synthesize with it, as CommonJS and as an ES module.
 *
 * Run: npx tsx scripts/check-package.ts [FOLDER...] (after npm run build and npm run build -w cli)
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Consumer } from './package/consumer';
import { differences, expectedPaths, programsOf } from './package/content';
import { publintMessages, typeProblems } from './package/lint';
import { pack, PRIVATE_FIELDS } from './package/pack';
import { run, say } from './package/run';

interface Manifest {
  readonly name: string;
  readonly types?: string;
  readonly overrides?: object;
  readonly [field: string]: unknown;
}

async function check(folder: string, scratch: string): Promise<void> {
  const { name, types, overrides } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
  const isLibrary = types !== undefined;
  const { tarball, paths } = pack(folder, scratch);
  refuse(name, differences(expectedPaths(folder, isLibrary), paths));
  say(`${name}: packed ${paths.length} files`);

  run('tar', ['-xzf', tarball], { cwd: scratch });
  const unpacked = join(scratch, 'package');
  const published = JSON.parse(readFileSync(join(unpacked, 'package.json'), 'utf8')) as Manifest;
  refuse(name, [
    ...PRIVATE_FIELDS.filter((field) => field in published).map((field) => `its package.json tells ${field}`),
    ...paths
      .filter((path) => path.endsWith('.js') && mapsSources(join(unpacked, path)))
      .map((path) => `${path} maps sources`),
    ...(await publintMessages(unpacked)),
    ...(await typeProblems(tarball, isLibrary)),
  ]);
  say(`${name}: publint and attw find nothing`);
  if (isLibrary) {
    checkAsUser(name, folder, tarball, scratch, overrides);
  }
}

function checkAsUser(name: string, folder: string, tarball: string, scratch: string, overrides?: object): void {
  const programs = programsOf(readFileSync(join(folder, 'README.md'), 'utf8'), name);
  if (programs.length === 0) {
    throw new Error(`README.md: holds no whole program, from its imports of ${name} to app.synth()`);
  }
  const project = join(scratch, 'project');
  mkdirSync(project);
  const consumer = new Consumer(project, name, programs, overrides);
  consumer.install(tarball);
  say(`${name}: installed into an empty project`);
  const { ours, others, ways } = consumer.compile();
  refuse(name, ours);
  const elsewhere = others > 0 ? `; ${others} errors lie in other packages` : '';
  say(`${name}: the README's programs compile with ${ways.join(', ')}${elsewhere}`);
  for (const program of consumer.names) {
    say(`${name}: synthesized ${program} of the README: ${consumer.synthesize(program).join(', ')}`);
  }
}

function mapsSources(path: string): boolean {
  return readFileSync(path, 'utf8').includes('sourceMappingURL=');
}

function refuse(name: string, problems: readonly string[]): void {
  if (problems.length > 0) {
    throw new Error(`${name}:\n${problems.join('\n')}`);
  }
}

async function main(): Promise<void> {
  const given = process.argv.slice(2);
  for (const folder of given.length > 0 ? given : ['.', 'cli']) {
    const scratch = mkdtempSync(join(tmpdir(), 'package-'));
    try {
      await check(folder, scratch);
    } finally {
      rmSync(scratch, { recursive: true });
    }
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`check-package: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
