/*
 * Plans what a change of this repository does to its own examples: applies them as another checkout of the repository has
 * them to a local Azure, and plans them there as this one has them. Nothing leaves the machine but requests for providers.
 *
 * Run: npx tsx scripts/plan-examples.ts BASE DESTINATION, where BASE is the other checkout with its packages installed. The
 * plans are DESTINATION/NAME.json, as terraform show -json prints them; DESTINATION/list.txt names them, NAME=FILE a line.
 */
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startLocalAzure } from '../test/azure';
import { missingForTerraform } from './e2e/prerequisites';
import { Stack, synthesize } from './e2e/stacks';
import { essence, Run, Terraform } from './e2e/terraform';

/** Examples that need nothing which is there before. */
const EXAMPLES = ['multi-product', 'gateway-policy'];

async function main(base: string, destination: string): Promise<void> {
  const missing = await missingForTerraform();
  if (missing !== undefined) {
    throw new Error(missing);
  }
  mkdirSync(destination, { recursive: true, mode: 0o700 });
  const listed: string[] = [];
  for (const example of EXAMPLES) {
    const plans = await planned(example, base);
    for (const { name, json } of plans) {
      const file = resolve(destination, `${name}.json`);
      writeFileSync(file, json, { mode: 0o600 });
      listed.push(`${name}=${file}`);
      process.stdout.write(`planned ${name}\n`);
    }
  }
  writeFileSync(join(destination, 'list.txt'), `${listed.join('\n')}\n`);
}

async function planned(example: string, base: string): Promise<{ readonly name: string; readonly json: string }[]> {
  const folder = mkdtempSync(join(tmpdir(), `plan-${example}-`));
  const azure = await startLocalAzure();
  try {
    const environment = { ...process.env, ...azure.env };
    const inFolder = (stack: Stack): Terraform => new Terraform(stack.folder, environment);
    const before = existsSync(join(base, 'examples', `${example}.ts`))
      ? await synthesize(example, join(folder, 'before'), environment, base)
      : [];
    for (const stack of before) {
      demand(await inFolder(stack).init(), `init of ${stack.name}, as it was`);
      demand(await inFolder(stack).apply(), `apply of ${stack.name}, as it was`);
    }
    const plans = [];
    for (const stack of await synthesize(example, join(folder, 'after'), environment)) {
      const state = join(folder, 'before', stack.name, 'terraform.tfstate');
      if (existsSync(state)) {
        copyFileSync(state, join(stack.folder, 'terraform.tfstate'));
      }
      const terraform = inFolder(stack);
      demand(await terraform.init(), `init of ${stack.name}`);
      demand(await terraform.run('plan', '-input=false', '-no-color', '-out=tfplan'), `plan of ${stack.name}`);
      const shown = demand(
        await terraform.run('show', '-json', '-no-color', 'tfplan'),
        `plan of ${stack.name} as JSON`,
      );
      plans.push({ name: stack.name, json: shown.output });
    }
    return plans;
  } finally {
    await azure.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function demand(result: Run, doing: string): Run {
  if (result.status !== 0) {
    throw new Error(`${doing} failed:\n${essence(result)}`);
  }
  return result;
}

const [base, destination] = process.argv.slice(2);
if (base === undefined || destination === undefined) {
  process.stderr.write('plan-examples: give the folder of the other checkout and one for the plans\n');
  process.exitCode = 1;
} else {
  main(base, destination).catch((error: unknown) => {
    process.stderr.write(`plan-examples: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
}
