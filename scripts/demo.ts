/**
 * The sandbox's whole life without Azure: synthesis, apply, a token, every check of `verify`, destroy. Everything happens
 * on this machine, against the local Azure; where Terraform is not at hand, what it would make is seeded.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { LocalAzure, startLocalAzure } from '../test/azure';
import { seedSandbox } from './demo/seeded-sandbox';
import { missingForTerraform } from './e2e/prerequisites';
import { Stack, synthesize } from './e2e/stacks';
import { essence, interruptAll, Run, Terraform } from './e2e/terraform';
import { summarize } from './summarize';

const HELP = `Usage: npm run demo -- [--seeded]

Runs the preview sandbox's whole life on the local Azure: synthesis, apply, token, verify, destroy.

  --seeded   do not use Terraform: seed what it would make
  --help
`;

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const title = (text: string): void => say(`\n== ${text}`);

class Demo {
  private readonly manifest: string;
  private found = false;

  public constructor(
    private readonly azure: LocalAzure,
    private readonly folder: string,
    private readonly environment: NodeJS.ProcessEnv,
  ) {
    this.manifest = join(folder, 'manifest.json');
  }

  public async run(reason: string | undefined): Promise<void> {
    title('synthesis: examples/preview-sandbox.ts');
    const [stack] = await synthesize('preview-sandbox', this.folder, this.environment);
    say(summarize(join(this.folder, 'out'), { columns: 100, heading: (text) => text }).text);
    const terraform = new Terraform(stack.folder, this.environment);
    if (reason === undefined) {
      await this.apply(terraform);
    } else {
      title('seeded, instead of an apply');
      say(reason);
      seedSandbox(this.azure, stack, this.manifest);
    }
    say(`The local Azure holds ${this.azure.control.residue().resources.length} resources.`);
    await this.tools(stack);
    if (reason === undefined) {
      title('terraform destroy (about a minute)');
      demand(await terraform.destroy());
      const { empty, resources, directoryObjects } = this.azure.control.residue();
      say(empty ? 'Nothing is left.' : `Left behind: ${[...resources, ...directoryObjects].join(', ')}`);
      process.exitCode = empty ? 0 : 1;
    }
    if (this.found) {
      process.exitCode = 2;
    }
  }

  private async apply(terraform: Terraform): Promise<void> {
    title('terraform apply (about a minute)');
    demand(await terraform.init());
    const applied = demand(await terraform.apply());
    say(/Apply complete!.*/.exec(applied.output)?.[0] ?? '');
    const { output } = demand(await terraform.run('output', '-json'));
    writeFileSync(this.manifest, output);
  }

  private async tools({ name }: Stack): Promise<void> {
    const application = 'client';
    title(`apim-oauth token --manifest ${name}.json --application ${application} --product starter`);
    await this.demandFine('token', '--manifest', this.manifest, '--application', application, '--product', 'starter');
    title(`apim-oauth verify --manifest ${name}.json`);
    await this.demandFine('verify', '--manifest', this.manifest);
    const asked = this.azure.requests.filter(({ service }) => service === 'gateway').length;
    say(`The gateway was asked ${asked} times, and nothing outside of this machine.`);
  }

  /** What a tool found wrong is for the reader to see, and the demo's status; what it could not run ends it. */
  private async demandFine(...given: string[]): Promise<void> {
    const status = await this.apimOauth(...given);
    if (status === 1) {
      throw new Error(`apim-oauth ${given[0]} could not run`);
    }
    this.found = this.found || status !== 0;
  }

  private async apimOauth(...given: string[]): Promise<number> {
    return new Promise<number>((done, failed) => {
      const child = spawn(resolve('node_modules/.bin/tsx'), ['cli/src/main.ts', ...given], {
        env: this.environment,
        stdio: 'inherit',
      });
      child.on('error', failed);
      child.on('close', (code) => done(code ?? 1));
    });
  }
}

function demand(run: Run): Run {
  if (run.status !== 0) {
    throw new Error(essence(run));
  }
  return run;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { seeded: { type: 'boolean' }, help: { type: 'boolean' } } });
  if (values.help === true) {
    process.stdout.write(HELP);
    return;
  }
  const reason = values.seeded === true ? 'As asked for by --seeded.' : await missingForTerraform();
  const folder = mkdtempSync(join(tmpdir(), 'apim-oauth-demo-'));
  const azure = await startLocalAzure();
  try {
    await new Demo(azure, folder, { ...process.env, ...azure.env }).run(reason);
  } finally {
    await azure.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

process.once('SIGINT', () => {
  interruptAll();
  process.exit(130);
});
main().catch((error: unknown) => {
  process.stderr.write(`demo: ${(error as Error).message}\n`);
  process.exitCode = 1;
});
