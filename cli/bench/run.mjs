// Measures a review of a large plan, as a whole process and in every format, and one of many stacks:
//   npm run bench -w cli [-- RESOURCES [RUNS [STACKS]]]
// Fails where the median is over 3 s or the peak over 700 MB for 10,000 resources. The stacks are copies of one
// plan, with the same names and ids: the worst case. Their seconds are printed, beside those of a tenth of them,
// which tell whether the time grows with the number or faster.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generatePlan } from './generate-plan.mjs';

const MOST_SECONDS = 3;
const MOST_MEGABYTES = 700;
const STACK_RESOURCES = 20;

const [resources = 10_000, runs = 5, stacks = 1_000] = process.argv.slice(2).map(Number);
const main = join(dirname(fileURLToPath(import.meta.url)), '..', 'dist', 'main.js');
const folder = mkdtempSync(join(tmpdir(), 'apim-oauth-bench-'));
try {
  const plan = join(folder, 'plan.json');
  generatePlan(plan, resources);
  console.log(
    `${resources} access resources, ${megabytes(statSync(plan).size)} MB, node ${process.version}, ${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'})`,
  );
  const results = Array.from({ length: runs }, () => measure([plan]));
  const seconds = results.map((result) => result.seconds).sort((one, other) => one - other);
  const peaks = results.map((result) => result.peak).sort((one, other) => one - other);
  const [median, peak] = [seconds[Math.floor(runs / 2)], peaks[runs - 1]];
  console.log(
    `time: ${seconds[0].toFixed(2)} s least, ${median.toFixed(2)} s median, ${seconds[runs - 1].toFixed(2)} s most`,
  );
  console.log(`memory: ${peak.toFixed(0)} MB at most`);
  if (resources <= 10_000 && (median > MOST_SECONDS || peak > MOST_MEGABYTES)) {
    console.error(`over the limit of ${MOST_SECONDS} s or ${MOST_MEGABYTES} MB`);
    process.exitCode = 1;
  }
  const plans = copies(stacks);
  const [tenth, all] = [plans.slice(0, Math.ceil(stacks / 10)), plans].map((some) => measure(some));
  console.log(
    `${stacks} stacks of ${STACK_RESOURCES} access resources: ${all.seconds.toFixed(2)} s, ${all.peak.toFixed(0)} MB; a tenth of them: ${tenth.seconds.toFixed(2)} s`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Of equal content the tools would refuse all but one: each copy has more space at its end. */
function copies(count) {
  const one = join(folder, 'one.json');
  generatePlan(one, STACK_RESOURCES);
  const text = readFileSync(one, 'utf8');
  return Array.from({ length: count }, (_, index) => {
    const stack = join(folder, `stack-${String(index).padStart(4, '0')}`);
    mkdirSync(stack);
    writeFileSync(join(stack, 'plan.json'), `${text}${' '.repeat(index)}`);
    return join(stack, 'plan.json');
  });
}

function measure(plans) {
  const report = join(folder, 'usage.cjs');
  writeFileSync(
    report,
    "process.on('exit', () => process.stderr.write(`peak ${process.resourceUsage().maxRSS}\\n`));\n",
  );
  const formats = ['markdown', 'json', 'sarif', 'github'].flatMap((name) => [
    '--format',
    `${name}=${join(folder, name)}`,
  ]);
  const start = process.hrtime.bigint();
  const { status, stderr } = spawnSync(process.execPath, ['--require', report, main, 'review', ...plans, ...formats], {
    encoding: 'utf8',
  });
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  const peak = Number(/peak (\d+)/.exec(stderr)?.[1] ?? Number.NaN) / 1024;
  if (status !== 0) {
    throw new Error(`the review failed: ${stderr}`);
  }
  return { seconds, peak };
}

function megabytes(bytes) {
  return (bytes / 1e6).toFixed(0);
}
