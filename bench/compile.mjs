import { transformFile } from '@swc/core';
import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * Compiles the library and the programs to plain JavaScript in a directory that sees the project's packages.
 * A runner that compiles on the fly, and maps stack traces back, costs more than what is measured.
 */
export async function compile() {
  const build = mkdtempSync(join(root, '.bench-'));
  const sources = ['lib', 'bench'].flatMap((directory) =>
    readdirSync(join(root, directory), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => join(directory, file)),
  );
  await Promise.all(
    sources.map(async (file) => {
      const { code } = await transformFile(join(root, file), {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
        module: { type: 'commonjs' },
      });
      const target = join(build, file.replace(/\.ts$/, '.js'));
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, code);
    }),
  );
  return build;
}
