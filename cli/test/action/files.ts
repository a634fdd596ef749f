import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(__dirname, '..', '..', '..');

export function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** The code blocks of a language in a page of the documentation. */
export function blocks(page: string, language: string): string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(
    ([, code]) => code ?? '',
  );
}

/** What GitHub's own parser finds wrong. */
export function parsedByGitHub(
  files: readonly { kind: 'action' | 'workflow'; name: string; content: string }[],
): string[] {
  // the parser is published for bundlers: node alone cannot load it
  const output = execFileSync(process.execPath, ['--import', 'tsx', join(__dirname, 'parse-github.mjs')], {
    cwd: ROOT,
    input: JSON.stringify(files),
    encoding: 'utf8',
  });
  return JSON.parse(output) as string[];
}

/** What shellcheck finds wrong in a script of bash. */
export function shellcheck(script: string): string {
  const { error, stdout } = spawnSync('shellcheck', ['--shell=bash', '--severity=style', '-'], {
    input: script,
    encoding: 'utf8',
  });
  if (error !== undefined) {
    throw new Error('there is no shellcheck: install the package shellcheck');
  }
  return stdout;
}
