import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { App } from 'cdktf';

export interface Stack {
  readonly name: string;
  readonly folder: string;
}

interface TerraformJson {
  terraform?: { backend?: object; cloud?: object };
  data?: { [type: string]: { [name: string]: { [argument: string]: unknown } } };
  resource?: {
    [type: string]: {
      [name: string]: {
        type?: string;
        body?: { properties: { [name: string]: unknown } };
        [argument: string]: unknown;
      };
    };
  };
}

/**
 * Synthesizes an example of the repository in `root`, and lays its stacks out in folders of their own, in the order in which
 * they are applied.
 */
export async function synthesize(
  example: string,
  folder: string,
  environment: NodeJS.ProcessEnv,
  root = '.',
  vaults: 'quick' | 'as written' = 'quick',
): Promise<Stack[]> {
  const output = outputIn(folder);
  await promisify(execFile)(resolve(root, 'node_modules/.bin/tsx'), [`examples/${example}.ts`], {
    cwd: root,
    env: { ...environment, CDKTF_OUTDIR: output },
  });
  return layOut(folder, vaults);
}

/** The same for a program in this process. What was laid out in the folder before gives way, its state stays. */
export function synthesizeProgram(declare: (app: App) => void, folder: string): Stack[] {
  const app = new App({ outdir: outputIn(folder) });
  declare(app);
  app.synth();
  return layOut(folder);
}

function outputIn(folder: string): string {
  const output = join(folder, 'out');
  mkdirSync(output, { recursive: true });
  return output;
}

/** Lays out what was synthesized in the folder. */
export function layOut(folder: string, vaults: 'quick' | 'as written' = 'quick'): Stack[] {
  const output = join(folder, 'out');
  const { stacks } = JSON.parse(readFileSync(join(output, 'manifest.json'), 'utf8')) as {
    stacks: { [name: string]: { name: string; dependencies: string[]; synthesizedStackPath: string } };
  };
  const ordered: string[] = [];
  const visit = (name: string): void => {
    stacks[name].dependencies.forEach(visit);
    if (!ordered.includes(name)) {
      ordered.push(name);
    }
  };
  Object.keys(stacks).forEach(visit);
  return ordered.map((name) => {
    const work = join(folder, name);
    mkdirSync(work, { recursive: true });
    const stack = { name, folder: work };
    const json = JSON.parse(readFileSync(join(output, stacks[name].synthesizedStackPath), 'utf8')) as TerraformJson;
    writeStack(stack, vaults === 'quick' ? withQuickVaults(local(json, folder)) : local(json, folder));
    return stack;
  });
}

/** State lies beside the stack. */
function local(json: TerraformJson, folder: string): TerraformJson {
  delete json.terraform?.cloud;
  json.terraform = { ...json.terraform, backend: { local: { path: 'terraform.tfstate' } } };
  for (const remote of Object.values(json.data?.terraform_remote_state ?? {})) {
    const { path } = remote.config as { path: string };
    const name = /terraform\.(.+)\.tfstate$/.exec(path)?.[1];
    remote.config = { path: join(folder, name ?? '', 'terraform.tfstate') };
  }
  return json;
}

/** A vault with a public network is waited for by azurerm for two minutes, so a copy that is applied has none. */
function withQuickVaults(json: TerraformJson): TerraformJson {
  for (const vault of Object.values(json.resource?.azurerm_key_vault ?? {})) {
    vault.public_network_access_enabled = false;
  }
  return json;
}

export function readStack({ folder }: Stack): TerraformJson {
  return JSON.parse(readFileSync(join(folder, 'cdk.tf.json'), 'utf8')) as TerraformJson;
}

export function writeStack({ folder }: Stack, json: TerraformJson): void {
  writeFileSync(join(folder, 'cdk.tf.json'), JSON.stringify(json, null, 2));
}

/** Changes what a stack declares, as an edit of the program would; undefined where it has nothing that could be. */
export function edit(stack: Stack): string | undefined {
  const json = readStack(stack);
  for (const type of ['products', 'clientApplications']) {
    for (const [name, resource] of Object.entries(json.resource?.azapi_resource ?? {})) {
      if (resource.type?.startsWith(`Microsoft.ApiManagement/service/${type}@`)) {
        resource.body!.properties.description = 'Edited';
        writeStack(stack, json);
        return `azapi_resource.${name}: description`;
      }
    }
  }
  return undefined;
}

export function stateOf({ folder }: Stack): string {
  const file = join(folder, 'terraform.tfstate');
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
