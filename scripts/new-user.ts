/*
 * Does what somebody does who is new to the library, on each framework: installs the packed package into an empty folder with the
 * commands of the README, writes the README's program and the sandbox, and synthesizes them with the framework's own command
 * line. With `--deploy`, it goes on to diff, deploy, a diff without changes, and destroy, with Terraform on the local Azure: about
 * eight minutes, most of them a wait of azurerm for the sandbox's vault.
 *
 * Run: npx tsx scripts/new-user.ts [--deploy] [cdktf] [cdktn] (after npm run build and npm run build:cdktn)
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startLocalAzure } from '../test/azure';
import { missingForTerraform, PROVIDERS } from './e2e/prerequisites';
import { CommandLine, Result } from './new-user/command-line';
import { Program, Project } from './new-user/project';
import { pack } from './package/pack';
import { say } from './package/run';

interface Framework {
  readonly name: string;
  readonly package: string;
  readonly library: string;
  readonly commandLine: (prefix: string) => CommandLine;
}

const FRAMEWORKS: readonly Framework[] = [
  { name: 'cdktf', package: '.', library: 'cdktf-apim-oauth', commandLine: (prefix) => CommandLine.cdktf(prefix) },
  {
    name: 'cdktn',
    package: join('cdktn', 'build'),
    library: 'cdktn-apim-oauth',
    commandLine: (prefix) => CommandLine.cdktn(prefix),
  },
];

/** What Terraform says when a plan is empty. */
const CLEAN = 'No changes. Your infrastructure matches the configuration.';

async function tryFramework(framework: Framework, scratch: string, withTerraform: boolean): Promise<void> {
  const { name, library } = framework;
  const place = join(scratch, name);
  const folder = join(place, 'project');
  mkdirSync(folder, { recursive: true });
  const { tarball } = pack(framework.package, place);
  const project = new Project({ folder, package: framework.package, name: library, tarball });
  project.install();
  const commandLine = framework.commandLine(join(place, 'command-line'));
  say(`${name}: installed as the README says`);
  project.write({});
  for (const program of project.programs) {
    project.choose(program);
    demand(await commandLine.run(folder, process.env, 'synth'), `${name} synth`);
    say(`${name}: ${program.file}: synth`);
  }
  if (!withTerraform) {
    return;
  }
  const pins = missingPins(folder);
  project.write(pins);
  Object.entries(pins).forEach(([provider, version]) => say(`${name}: ${provider} ${version} in place of its pin`));
  for (const program of project.programs) {
    await deploy(framework, project, program, commandLine);
  }
}

/** The versions that Terraform can get here of those providers whose pins it cannot get. */
function missingPins(folder: string): Record<string, string> {
  const file = join(folder, 'cdktf.out', 'stacks', 'sandbox', 'cdk.tf.json');
  const { terraform } = JSON.parse(readFileSync(file, 'utf8')) as {
    terraform: { required_providers: Record<string, { version: string }> };
  };
  const pinned = Object.entries(terraform.required_providers).filter(([, { version }]) => /^\d/.test(version));
  return Object.fromEntries(
    pinned.flatMap(([name, { version }]) => {
      const here = PROVIDERS[name as keyof typeof PROVIDERS].version;
      return version === here ? [] : [[name, here]];
    }),
  );
}

/** From nothing to nothing. */
async function deploy(
  { name }: Framework,
  project: Project,
  program: Program,
  commandLine: CommandLine,
): Promise<void> {
  const azure = await startLocalAzure();
  try {
    const environment = { ...process.env, ...azure.env };
    const before = azure.control.residue();
    const take = async (command: string, ...options: string[]): Promise<string> => {
      // providers may come from a mirror
      const args = [command, '--skip-provider-lock', ...options, program.stack];
      const { output } = demand(await commandLine.run(project.folder, environment, ...args), `${name} ${command}`);
      const told = [...azure.cloud.directory.everySecret].filter((secret) => output.includes(secret)).length;
      refuse(told > 0, `${name} ${command} ${program.stack}: ${told} secret(s) are in what it writes`);
      say(`${name}: ${program.file}: ${command}`);
      return output;
    };
    project.choose(program);
    const planned = await take('diff');
    refuse(planned.includes(CLEAN), `${name} diff ${program.stack}: has nothing to create`);
    await take('deploy', '--auto-approve');
    refuse(azure.control.residue().resources.length === 0, `${name} deploy ${program.stack}: created nothing`);
    const again = await take('diff');
    refuse(!again.includes(CLEAN), `${name} diff ${program.stack}: has changes after deploy\n${again}`);
    await take('destroy', '--auto-approve');
    const after = azure.control.residue();
    for (const kind of ['resources', 'directoryObjects', 'orphans'] as const) {
      const left = after[kind].filter((entry) => !before[kind].includes(entry));
      refuse(left.length > 0, `${name} destroy ${program.stack}: left behind: ${left.join(', ')}`);
    }
    refuse(azure.cloud.notUnderstood.length > 0, `not understood: ${azure.cloud.notUnderstood.join('\n')}`);
  } finally {
    await azure.close();
  }
}

function demand(result: Result, what: string): Result {
  refuse(result.status !== 0, `${what}: exit status ${result.status}\n${result.output.slice(-4000)}`);
  return result;
}

function refuse(wrong: boolean, sentence: string): void {
  if (wrong) {
    throw new Error(sentence);
  }
}

async function main(given: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...given],
    options: { deploy: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const names = FRAMEWORKS.map(({ name }) => name);
  const unknown = positionals.find((name) => !names.includes(name));
  refuse(unknown !== undefined, `${unknown}: is not a framework; give ${names.join(' or ')}`);
  const missing = values.deploy ? await missingForTerraform() : undefined;
  const scratch = mkdtempSync(join(tmpdir(), 'new-user-'));
  try {
    const chosen = FRAMEWORKS.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
    const withTerraform = values.deploy && missing === undefined;
    await Promise.all(chosen.map(async (framework) => tryFramework(framework, scratch, withTerraform)));
  } finally {
    rmSync(scratch, { recursive: true });
  }
  if (missing !== undefined) {
    say(`SKIPPED: nothing was deployed. ${missing}`);
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`new-user: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
