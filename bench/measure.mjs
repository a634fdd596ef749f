import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Runs of the library's program and of the one by hand, in turn, after one of each that is not counted. */
export function measurePairs(build, clients, size, repeat) {
  const pair = () => ({
    library: measure(build, `${clients}-library`, size),
    byHand: measure(build, `${clients}-by-hand`, size),
  });
  pair();
  return Array.from({ length: repeat }, pair);
}

function measure(build, program, { products, applications, grants }) {
  const outdir = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    const start = performance.now();
    const run = spawnSync(
      process.execPath,
      [join(build, 'bench/synthesize.js'), program, products, applications, grants, join(outdir, 'out')].map(String),
      {
        encoding: 'utf8',
      },
    );
    const seconds = (performance.now() - start) / 1000;
    if (run.status !== 0) {
      throw new Error(`${program} failed:\n${run.stderr}`);
    }
    const output = statSync(join(outdir, 'out/stacks/portfolio/cdk.tf.json')).size / 1e6;
    return { seconds, ...JSON.parse(run.stdout), output };
  } finally {
    rmSync(outdir, { recursive: true });
  }
}
