import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ATTW = join('node_modules', '@arethetypeswrong', 'cli', 'dist', 'index.js');

interface Verdict {
  readonly analysis: { readonly types?: unknown; readonly problems?: readonly { readonly kind: string }[] };
}

/** What publint has to say of a packed folder, suggestions included. */
export async function publintMessages(folder: string): Promise<string[]> {
  // ES modules only, which a compiled `import` would require
  const { publint } = await import('publint');
  const { formatMessage } = await import('publint/utils');
  const { messages, pkg } = await publint({ pkgDir: folder, pack: 'npm', strict: true });
  return messages.map((message) => `publint: ${formatMessage(message, pkg, { color: false }) ?? message.code}`);
}

/** What is wrong with the types of a tarball, by any way of resolving them; tools without types have nothing to be wrong. */
export async function typeProblems(tarball: string, typed: boolean): Promise<string[]> {
  const { analysis } = JSON.parse(await attw(tarball)) as Verdict;
  if (typed === (analysis.types === undefined || analysis.types === false)) {
    return [typed ? 'attw: it has no types' : 'attw: it has types, although it is a tool'];
  }
  return (analysis.problems ?? []).map(({ kind }) => `attw: ${kind}`);
}

/** attw ends with 1 where there are problems; they are in what it prints. */
async function attw(tarball: string): Promise<string> {
  try {
    return (await promisify(execFile)(process.execPath, [ATTW, '--format', 'json', tarball])).stdout;
  } catch (error) {
    const { stdout } = error as { stdout?: string };
    if (stdout === undefined || stdout === '') {
      throw error;
    }
    return stdout;
  }
}
