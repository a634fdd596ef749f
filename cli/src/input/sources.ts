import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, isAbsolute, join, posix, relative, resolve, sep } from 'node:path';
import { clean } from '../message';
import type { Location } from '../model';
import type { Plan } from '../plan/plan';
import type { Resource } from '../plan/resource';
import { UserError } from '../user-error';
import { decode } from './decode';
import { isObject, list, parseJson, property } from './json';

/** Where a construct is written. */
interface Source {
  readonly constructPath?: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

/** What a synthesized stack says about its resources, by `type.name`. */
interface SynthesizedStack {
  readonly name: string;
  readonly sources: ReadonlyMap<string, Source>;
}

/** Finds the source line of a resource, or its plan's file where there is none. */
export function locator(plans: readonly Plan[], folders: readonly string[]): (resource: Resource) => Location {
  const stacks = folders.flatMap(readFolder);
  const byPlan = new Map(plans.map((plan) => [plan.stack, stackOf(plan, stacks)]));
  const files = new Map(plans.map(({ stack, file }) => [stack, file]));
  return (resource) => {
    const sources = byPlan.get(resource.stack)?.sources;
    const source = sources?.get(instanceKeyOf(resource)) ?? sources?.get(keyOf(resource));
    const constructPath = source?.constructPath === undefined ? {} : { constructPath: source.constructPath };
    if (source?.file !== undefined && source.line !== undefined) {
      return {
        file: source.file,
        line: source.line,
        ...(source.column === undefined ? {} : { column: source.column }),
        ...constructPath,
      };
    }
    return { file: files.get(resource.stack) ?? resource.stack, line: 1, ...constructPath };
  };
}

/** What a synthesized stack calls the resource; one inside of a module is the module's call. */
function keyOf({ moduleAddress, mode, type, name }: Resource): string {
  const call = /^module\.([\w-]+)/.exec(moduleAddress)?.[1];
  return call === undefined ? `${mode === 'data' ? 'data.' : ''}${type}.${name}` : `module.${call}`;
}

function instanceKeyOf(resource: Resource): string {
  return `${keyOf(resource)}[${JSON.stringify(resource.index)}]`;
}

/** The stack that the plan was made of: the one of its name, else the one with most of its resources. */
function stackOf(plan: Plan, stacks: readonly SynthesizedStack[]): SynthesizedStack | undefined {
  if (stacks.length === 0) {
    return undefined;
  }
  const keys = plan.resources.map(keyOf);
  const scored = stacks.map((stack) => ({ stack, score: keys.filter((key) => stack.sources.has(key)).length }));
  const named = scored.find(({ stack, score }) => stack.name === plan.stack && score > 0);
  const [best, next] = scored.filter(({ score }) => score > 0).sort((one, other) => other.score - one.score);
  return named?.stack ?? (best === undefined || best.score === next?.score ? undefined : best.stack);
}

function readFolder(folder: string): SynthesizedStack[] {
  const root = existsSync(join(folder, 'stacks')) ? join(folder, 'stacks') : undefined;
  const names =
    root === undefined
      ? []
      : readdirSync(root, { withFileTypes: true })
          .filter((entry) => entry.isDirectory())
          .map(({ name }) => name)
          .sort();
  const files =
    root === undefined ? [join(folder, 'cdk.tf.json')] : names.map((name) => join(root, name, 'cdk.tf.json'));
  const found = files.filter((file) => existsSync(file));
  if (found.length === 0) {
    throw new UserError([
      `${folder}: no cdk.tf.json is in it; give the folder that cdktf synth writes, such as cdktf.out`,
    ]);
  }
  const project = dirname(resolve(root === undefined ? join(folder, '..', '..') : folder));
  const annotations = readAnnotations(
    root === undefined ? join(folder, '..', '..', 'manifest.json') : join(folder, 'manifest.json'),
    project,
  );
  return found.map((file) => ({
    name: posix.basename(dirname(file).replaceAll(sep, '/')),
    sources: readStack(file, project, annotations),
  }));
}

function readStack(file: string, project: string, annotations: ReadonlyMap<string, Source>): Map<string, Source> {
  const json = parseJson(decode(readFileSync(file), file), file, 'run cdktf synth again');
  const blocks: [key: string, block: unknown][] = [];
  for (const block of ['resource', 'data']) {
    for (const [type, byName] of entries(property(json, block))) {
      for (const [name, resource] of entries(byName)) {
        blocks.push([`${block === 'data' ? 'data.' : ''}${type}.${name}`, resource]);
      }
    }
  }
  for (const [name, call] of entries(property(json, 'module'))) {
    blocks.push([`module.${name}`, call]);
  }
  const recorded = new Map<string, Source>();
  for (const [, block] of blocks) {
    const path = pathOf(block);
    const frame = frameOf(block, project);
    if (path !== undefined && frame !== undefined) {
      recorded.set(path, frame);
      // the primary resource of a construct represents all of it
      recorded.set(path.replace(/\/Default$/, ''), frame);
    }
  }
  return new Map(
    blocks.flatMap(([key, block]) => {
      const source = sourceOf(block, project, recorded, annotations);
      return [[key, source], ...instancesOf(key, block, source, project)];
    }),
  );
}

/** The lines that a construct has recorded for instances of a block, such as grants. */
function instancesOf(key: string, block: unknown, source: Source, project: string): [string, Source][] {
  return entries(property(property(block, '//'), 'sources')).flatMap(([instance, written]): [string, Source][] => {
    const frame = typeof written === 'string' ? parseFrame(written, project) : undefined;
    return frame === undefined ? [] : [[`${key}[${JSON.stringify(instance)}]`, { ...source, ...frame }]];
  });
}

function entries(value: unknown): [string, unknown][] {
  return isObject(value) ? Object.entries(value) : [];
}

function pathOf(block: unknown): string | undefined {
  const path = property(property(property(block, '//'), 'metadata'), 'path');
  return typeof path === 'string' ? path : undefined;
}

/** The line that a construct has recorded for its resource. */
function frameOf(block: unknown, project: string): Source | undefined {
  const comment = property(block, '//');
  const written = property(comment, 'source') ?? property(property(comment, 'metadata'), 'source');
  return typeof written === 'string' ? parseFrame(written, project) : undefined;
}

function sourceOf(
  block: unknown,
  project: string,
  recorded: ReadonlyMap<string, Source>,
  annotations: ReadonlyMap<string, Source>,
): Source {
  const path = pathOf(block);
  return {
    ...(path === undefined ? {} : { constructPath: clean(path) }),
    ...(frameOf(block, project) ?? (path === undefined ? {} : nearest(path, recorded, annotations))),
  };
}

/**
 * The line of the construct itself, or of the nearest construct around it: what a construct makes besides its primary
 * resource, such as grants, credentials and app roles, is written where the construct is.
 */
function nearest(path: string, ...known: readonly ReadonlyMap<string, Source>[]): Source {
  for (let steps = path.split('/'); steps.length > 1; steps = steps.slice(0, -1)) {
    for (const sources of known) {
      const found = sources.get(steps.join('/'));
      if (found !== undefined) {
        return found;
      }
    }
  }
  return {};
}

function readAnnotations(manifest: string, project: string): ReadonlyMap<string, Source> {
  if (!existsSync(manifest)) {
    return new Map();
  }
  const json = parseJson(decode(readFileSync(manifest), manifest), manifest, 'run cdktf synth again');
  const found = new Map<string, Source>();
  for (const [, stack] of entries(property(json, 'stacks'))) {
    for (const annotation of list(stack, 'annotations')) {
      const path = property(annotation, 'constructPath');
      const frames = list(annotation, 'stacktrace').filter((frame): frame is string => typeof frame === 'string');
      const source = frames
        .filter((frame) => !/node_modules|node:|<anonymous>/.test(frame))
        .map((frame) =>
          parseFrame(/\(?([^()\s][^()]*:\d+:\d+)\)?\s*$/.exec(frame)?.[1]?.replace(/^at /, '') ?? '', project),
        )
        .find((parsed) => parsed !== undefined);
      if (typeof path === 'string' && source !== undefined && !found.has(path)) {
        found.set(path, source);
      }
    }
  }
  return found;
}

/** `<path>:<line>[:<column>]`, below the project; the result is relative to where the tool runs. */
function parseFrame(frame: string, project: string): Source | undefined {
  const match = /^(?:file:\/\/)?(.+?):(\d{1,7})(?::(\d{1,7}))?$/.exec(frame.trim());
  if (match === null) {
    return undefined;
  }
  const [, path = '', line = '', column] = match;
  const absolute = resolve(project, path);
  const inProject = relative(project, absolute);
  if (Number(line) < 1 || inProject === '' || inProject.startsWith('..') || isAbsolute(inProject)) {
    return undefined;
  }
  const fromHere = relative(process.cwd(), absolute);
  const file = clean((fromHere.startsWith('..') || isAbsolute(fromHere) ? inProject : fromHere).replaceAll(sep, '/'));
  return {
    file,
    line: Number(line),
    ...(column === undefined || Number(column) < 1 ? {} : { column: Number(column) }),
  };
}
