import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A block of Terraform JSON: its arguments. */
export type Block = Record<string, unknown>;

/** Blocks by type, then by name. */
export type Blocks = Record<string, Record<string, Block>>;

/** What a stack's `cdk.tf.json` holds, as far as the summary reads it. */
export interface TerraformJson {
  readonly resource: Blocks;
  readonly data: Blocks;
  readonly ephemeral: Blocks;
  readonly check: Record<string, Block>;
  readonly output: Record<string, Block>;
}

export interface Stack {
  readonly name: string;
  /** Directory of the stack below the output directory, where `terraform` runs. */
  readonly directory: string;
  /** File of the stack below the output directory. */
  readonly file: string;
  /** Names of the stacks that are deployed before this one. */
  readonly dependencies: readonly string[];
  readonly terraform: TerraformJson;
}

/** A mistake that the person can mend; its message is all they need to see. */
export class UnreadableOutput extends Error {}

/** Reads what cdktf wrote: the stacks of its manifest, and no directory that an earlier run left behind. */
export function readSynthesis(outdir: string): Stack[] {
  const manifest = asObject(readJson(join(outdir, 'manifest.json')));
  const stacks = asObject(manifest?.stacks);
  if (stacks === undefined) {
    throw new UnreadableOutput(
      `${join(outdir, 'manifest.json')}: is not a cdktf manifest (no "stacks"); synthesize again`,
    );
  }
  if (Object.keys(stacks).length === 0) {
    throw new UnreadableOutput(`${join(outdir, 'manifest.json')}: holds no stack; the program declares none`);
  }
  return Object.entries(stacks).map(([name, entry]) => readStack(outdir, name, asObject(entry)));
}

function readStack(outdir: string, name: string, entry: Block | undefined): Stack {
  const file = entry?.synthesizedStackPath;
  const directory = entry?.workingDirectory;
  if (typeof file !== 'string' || typeof directory !== 'string') {
    throw new UnreadableOutput(`${join(outdir, 'manifest.json')}: stack ${name} has no path; synthesize again`);
  }
  const path = join(outdir, file);
  if (!path.endsWith('.json')) {
    throw new UnreadableOutput(`${path}: is not JSON; synthesize without HCL output`);
  }
  const terraform = asObject(readJson(path));
  if (terraform === undefined) {
    throw new UnreadableOutput(`${path}: is not Terraform JSON; synthesize again`);
  }
  return {
    name,
    file,
    directory,
    dependencies: Array.isArray(entry?.dependencies) ? entry.dependencies.map(String) : [],
    terraform: {
      resource: blocksByType(terraform.resource),
      data: blocksByType(terraform.data),
      ephemeral: blocksByType(terraform.ephemeral),
      check: blocksByName(terraform.check),
      output: blocksByName(terraform.output),
    },
  };
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) {
      throw new UnreadableOutput(`${path}: is not valid JSON; synthesize again`);
    }
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new UnreadableOutput(`${path}: ${missing ? 'does not exist' : 'cannot be read'}; run npm run synth`);
  }
}

function blocksByType(value: unknown): Blocks {
  return Object.fromEntries(Object.entries(asObject(value) ?? {}).map(([type, named]) => [type, blocksByName(named)]));
}

function blocksByName(value: unknown): Record<string, Block> {
  return Object.fromEntries(
    Object.entries(asObject(value) ?? {}).map(([name, block]) => [name, asObject(block) ?? {}]),
  );
}

/** The value where it is a JSON object. */
export function asObject(value: unknown): Block | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Block) : undefined;
}
