import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { run } from './run';

export interface Packed {
  readonly tarball: string;
  readonly paths: readonly string[];
}

interface Report {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

/** What of a package.json is for this repository only: what is published says nothing of it. */
export const PRIVATE_FIELDS = ['devDependencies', 'overrides', 'scripts', 'workspaces'] as const;

/**
 * Packs a built folder as it is published, into the folder `destination`, which must exist. npm says what is in it, from
 * `files`; then the fields that are for this repository only are taken out.
 */
export function pack(folder: string, destination: string): Packed {
  const stage = mkdtempSync(join(tmpdir(), 'pack-'));
  try {
    const { filename } = npmPack(folder, stage);
    run('tar', ['-xzf', filename], { cwd: stage });
    const clean = join(stage, 'package');
    run('npm', ['pkg', 'delete', ...PRIVATE_FIELDS], { cwd: clean });
    const report = npmPack(clean, resolve(destination));
    return { tarball: resolve(destination, report.filename), paths: report.files.map(({ path }) => path) };
  } finally {
    rmSync(stage, { recursive: true });
  }
}

function npmPack(folder: string, destination: string): Report {
  const output = run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', destination], { cwd: folder });
  return (JSON.parse(output) as [Report])[0];
}
