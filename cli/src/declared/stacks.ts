import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decode } from '../input/decode';
import { isObject, parseJson, property, type JsonObject } from '../input/json';
import { UserError } from '../user-error';

export type BlockMode = 'resource' | 'data' | 'ephemeral';

/** A block of a synthesized stack. */
export interface DeclaredBlock {
  readonly stack: string;
  readonly mode: BlockMode;
  readonly type: string;
  readonly name: string;
  /** Address in Terraform, such as `data.azapi_resource.apim`. */
  readonly address: string;
  readonly body: JsonObject;
}

/** What cdktf wrote for one stack. */
export interface DeclaredStack {
  readonly name: string;
  /** By address. */
  readonly blocks: ReadonlyMap<string, DeclaredBlock>;
  readonly outputs: ReadonlyMap<string, unknown>;
}

const REMEDY = 'run cdktf synth again';

/**
 * Reads what `cdktf synth` wrote: every stack of `manifest.json`, and no folder that an earlier run left behind. A stack's
 * own folder will do too.
 */
export function readStacks(folder: string): readonly DeclaredStack[] {
  const alone = readIfThere(join(folder, 'cdk.tf.json'));
  if (alone !== undefined) {
    return [stackOf(nameOf(alone) ?? 'stack', alone)];
  }
  const file = join(folder, 'manifest.json');
  const manifest = readIfThere(file);
  if (manifest === undefined) {
    throw new UserError([
      `${folder}: there is no manifest.json in it; give the folder that cdktf synth writes, such as cdktf.out`,
    ]);
  }
  const stacks = property(manifest, 'stacks');
  if (!isObject(stacks)) {
    throw new UserError([`${file}: this is not a manifest of cdktf (no stacks); ${REMEDY}`]);
  }
  const names = Object.keys(stacks);
  if (names.length === 0) {
    throw new UserError([`${file}: it names no stack; the program declares none`]);
  }
  return names.map((name) => {
    const path = property(stacks[name], 'synthesizedStackPath');
    if (typeof path !== 'string') {
      throw new UserError([`${file}: stack ${name} has no synthesizedStackPath; ${REMEDY}`]);
    }
    const json = readIfThere(join(folder, path));
    if (json === undefined) {
      throw new UserError([`${join(folder, path)}: it does not exist; ${REMEDY}`]);
    }
    return stackOf(name, json);
  });
}

function readIfThere(file: string): unknown {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      return undefined;
    }
    throw new UserError([`${file}: cannot be read (${code}); check who may read it`]);
  }
  const json = parseJson(decode(bytes, file), file, REMEDY);
  if (!isObject(json)) {
    throw new UserError([`${file}: this is not a JSON object; ${REMEDY}`]);
  }
  return json;
}

function nameOf(json: unknown): string | undefined {
  const name = property(property(property(json, '//'), 'metadata'), 'stackName');
  return typeof name === 'string' ? name : undefined;
}

function stackOf(name: string, json: unknown): DeclaredStack {
  const blocks = new Map<string, DeclaredBlock>();
  for (const mode of ['resource', 'data', 'ephemeral'] as const) {
    for (const [type, named] of entries(property(json, mode))) {
      for (const [blockName, body] of entries(named)) {
        const address = `${mode === 'resource' ? '' : `${mode}.`}${type}.${blockName}`;
        blocks.set(address, { stack: name, mode, type, name: blockName, address, body: isObject(body) ? body : {} });
      }
    }
  }
  return {
    name,
    blocks,
    outputs: new Map(entries(property(json, 'output')).map(([output, body]) => [output, property(body, 'value')])),
  };
}

export function entries(value: unknown): [string, unknown][] {
  return isObject(value) ? Object.entries(value) : [];
}
