/*
 * Records the plan of each stack of the examples, made by Terraform and the real providers against the local Azure, for
 * cli/test/library-contract.test.ts. To be run again when an example or what the library writes changes: that test says so.
 *
 * Run: npx tsx scripts/record-plans.ts [EXAMPLE...]
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalAzure } from '../test/azure';
import { EXPECTATIONS } from './e2e/landscape';
import { missingForTerraform } from './e2e/prerequisites';
import { synthesize } from './e2e/stacks';
import { essence, Run, Terraform } from './e2e/terraform';

const RECORDED = 'cli/test/fixtures/examples';

async function record(example: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), `plans-${example}-`));
  const azure = await startLocalAzure();
  try {
    await EXPECTATIONS[example]?.seed?.(azure);
    const environment = { ...process.env, ...azure.env };
    const stacks = await synthesize(example, folder, environment, '.', 'as written');
    for (const [position, stack] of stacks.entries()) {
      const terraform = new Terraform(stack.folder, environment);
      demand(await terraform.init(), `init ${stack.name}`);
      demand(await terraform.run('plan', '-input=false', '-no-color', '-out=tfplan'), `plan ${stack.name}`);
      const shown = demand(await terraform.run('show', '-json', 'tfplan'), `show ${stack.name}`);
      if ([...azure.cloud.directory.everySecret].some((secret) => shown.output.includes(secret))) {
        throw new Error(`${stack.name}: the plan holds a secret`);
      }
      write(stack.name, shown.output);
      if (position + 1 < stacks.length) {
        demand(await terraform.apply(), `apply ${stack.name}`);
      }
    }
  } finally {
    await azure.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Without what says when and where it was made, and without the copy of what the changes say already. */
function write(stack: string, output: string): void {
  const { timestamp: _timestamp, planned_values: _values, ...plan } = JSON.parse(output) as Record<string, unknown>;
  const file = join(RECORDED, `${stack}.json`);
  const text = `${JSON.stringify(plan)}\n`;
  writeFileSync(file, text);
  process.stdout.write(`${file}: ${text.length} bytes\n`);
}

function demand(run: Run, step: string): Run {
  if (run.status !== 0) {
    throw new Error(`${step}: ${essence(run)}`);
  }
  return run;
}

async function main(): Promise<void> {
  const missing = await missingForTerraform();
  if (missing !== undefined) {
    throw new Error(missing);
  }
  mkdirSync(RECORDED, { recursive: true });
  const given = process.argv.slice(2);
  const examples = readdirSync('examples')
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.slice(0, -'.ts'.length));
  for (const example of examples.filter((name) => given.length === 0 || given.includes(name))) {
    await record(example);
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`record-plans: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
