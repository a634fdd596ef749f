/**
 * Applies every example and scenario to the local Azure with Terraform and the real providers: apply and clean plan for
 * each step, destroy, nothing left. Watched after each write: whether an API is open to anyone.
 *
 * Exit status: 0 all as expected, or skipped because Terraform or its providers are not at hand (it says so); 1 otherwise.
 */
import { parseArgs } from 'node:util';
import type { Settings } from '../test/azure';
import { CycleOptions, CycleResult, runCycle } from './e2e/cycle';
import { DISTURBANCES, interruptions } from './e2e/interruptions';
import { missingForTerraform } from './e2e/prerequisites';
import { exampleNames, exampleScenario } from './e2e/scenario';
import { SCENARIOS } from './e2e/scenarios';
import { interruptAll } from './e2e/terraform';

const HELP = `Usage: npm run e2e -- [OPTION]... [NAME]...

Applies the examples and scenarios, all or those that are named, to the local Azure with Terraform and the real providers.

  --faults         also with lags, and with every write throttled, failing and refused once
  --each-write     also ended at each write, one by one, and applied again
  --only TEXT      of the runs with something wrong those with this in their title; repeatable
  --required       fail where Terraform or its providers are not at hand
  --parallel N     how many at a time (3)
  --secrets MODE   what listSecrets does: replace (the default), append or stable
  --keep           keep the folders
  --help
`;

const OPTIONS = {
  faults: { type: 'boolean' },
  'each-write': { type: 'boolean' },
  only: { type: 'string', multiple: true },
  required: { type: 'boolean' },
  parallel: { type: 'string', default: '3' },
  secrets: { type: 'string' },
  keep: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

interface Job extends Omit<CycleOptions, 'log'> {
  readonly title: string;
}

type Write = (line: string) => void;

async function runJobs(jobs: readonly Job[], parallel: number, write: Write): Promise<Map<Job, CycleResult>> {
  const results = new Map<Job, CycleResult>();
  const waiting = [...jobs];
  const worker = async (): Promise<void> => {
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
      const { title, ...options } = job;
      const started = Date.now();
      const result = await runCycle({ ...options, log: (line) => write(`  ${title}: ${line}`) }).catch(
        (error: unknown): CycleResult => ({ failures: [String((error as Error).message)], writes: [], secretsMade: 0 }),
      );
      results.set(job, result);
      const seconds = Math.round((Date.now() - started) / 1000);
      write(
        `${result.failures.length === 0 ? 'ok    ' : 'FAILED'} ${title}: ${result.writes.length} writes, ${result.secretsMade} secret(s) made, ${seconds} s`,
      );
      result.failures.forEach((failure) => write(failure.replace(/^/gm, '    ')));
    }
  };
  await Promise.all(Array.from({ length: parallel }, worker));
  return results;
}

/** Runs what the arguments ask for, and gives the exit status. */
export async function e2e(args: readonly string[], write: Write): Promise<number> {
  const { values: options, positionals: names } = parseArgs({
    args: [...args],
    options: OPTIONS,
    allowPositionals: true,
  });
  if (options.help === true) {
    write(HELP);
    return 0;
  }
  const known = [...exampleNames().map(exampleScenario), ...SCENARIOS];
  const unknown = names.find((name) => known.every((scenario) => scenario.name !== name));
  if (unknown !== undefined) {
    throw new Error(`${unknown}: no such example or scenario; there are ${known.map(({ name }) => name).join(', ')}`);
  }
  const reason = await missingForTerraform();
  if (reason !== undefined) {
    write(`SKIPPED: nothing was applied. ${reason}`);
    return options.required === true ? 1 : 0;
  }
  const parallel = Number(options.parallel);
  const common = {
    keep: options.keep,
    ...(options.secrets === undefined ? {} : { secrets: options.secrets as Settings['secrets'] }),
  };
  const plain = known
    .filter(({ name }) => names.length === 0 || names.includes(name))
    .map((scenario) => ({ title: scenario.name, scenario, ...common }));
  const results = await runJobs(plain, parallel, write);
  const more = plain.flatMap((job) =>
    [
      ...(options.faults === true ? DISTURBANCES : []),
      ...(options['each-write'] === true ? interruptions(results.get(job)!.writes) : []),
    ]
      .filter(({ title }) => options.only?.some((text) => title.includes(text)) ?? true)
      .map((disturbed) => ({ ...job, ...disturbed, title: `${job.title}, ${disturbed.title}` })),
  );
  for (const [job, result] of await runJobs(more, parallel, write)) {
    results.set(job, result);
  }
  const failed = [...results.values()].filter(({ failures }) => failures.length > 0).length;
  write(failed === 0 ? `${results.size} run(s), all as expected` : `${failed} of ${results.size} run(s) failed`);
  return failed === 0 ? 0 : 1;
}

async function main(): Promise<void> {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      interruptAll();
      process.exit(130);
    });
  }
  try {
    process.exitCode = await e2e(process.argv.slice(2), (line) => void process.stdout.write(`${line}\n`));
  } catch (error) {
    process.stderr.write(`e2e: ${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}

if (require.main === module) {
  void main();
}
