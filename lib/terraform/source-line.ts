import { TerraformElement } from 'cdktf';
import { dirname, relative, isAbsolute, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const LIBRARY = dirname(__dirname) + sep;
const FRAME = /\(?((?:file:\/\/)?[^()\s][^()]*):(\d+):\d+\)?$/;

/** Programs make constructs in few files, and most of them at few lines. */
const knownFiles = new Map<string, string | undefined>();
const knownStacks = new Map<string, string | undefined>();

/**
 * Where the program that uses the library made a construct: `file:line`, relative to the working directory, or
 * undefined where there is no such place. A plan review puts its findings there.
 */
export function sourceLine(): string | undefined {
  const { stack = '' } = new Error();
  const key = `${process.cwd()}\n${stack}`;
  if (!knownStacks.has(key)) {
    knownStacks.set(key, lineIn(stack));
  }
  return knownStacks.get(key);
}

function lineIn(stack: string): string | undefined {
  for (const frame of stack.split('\n').slice(1)) {
    const match = FRAME.exec(frame.trim().replace(/^at /, ''));
    if (match === null) {
      continue;
    }
    const file = match[1].replace(/^.* \(/, '');
    const path = file.startsWith('file://') ? fileURLToPath(file) : file;
    if (!isAbsolute(path) || path.startsWith(LIBRARY) || path.includes(`${sep}node_modules${sep}`)) {
      continue;
    }
    const inProject = fromWorkingDirectory(path);
    return inProject === undefined ? undefined : `${inProject}:${match[2]}`;
  }
  return undefined;
}

/**
 * Writes a line beside a block as a comment, for the whole block or for one of its instances. This is the only way in which
 * the library says where something was asked for. What a construct makes besides is on the construct's own line.
 */
export function recordSource(block: TerraformElement, source: string | undefined, instance?: string): void {
  if (source === undefined) {
    return;
  }
  const { '//': recorded = {} } = Reflect.get(block, 'rawOverrides') as { '//'?: RecordedSources };
  const { sources = {} } = recorded;
  block.addOverride(
    '//',
    instance === undefined ? { ...recorded, source } : { ...recorded, sources: { ...sources, [instance]: source } },
  );
}

interface RecordedSources {
  readonly source?: string;
  readonly sources?: { readonly [instance: string]: string };
}

/** The path of a file as an error message gives it; undefined for a file outside of the working directory. */
function fromWorkingDirectory(path: string): string | undefined {
  const key = `${process.cwd()}\n${path}`;
  if (!knownFiles.has(key)) {
    const inProject = relative(process.cwd(), path);
    knownFiles.set(
      key,
      inProject.startsWith('..') || isAbsolute(inProject) ? undefined : inProject.split(sep).join('/'),
    );
  }
  return knownFiles.get(key);
}
