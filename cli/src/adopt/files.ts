import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { UserError } from '../user-error';

/** Refuses a folder that something is in, before anything is read. */
export function refuseFilledFolder(folder: string): void {
  let content: string[];
  try {
    content = readdirSync(folder);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    if (code === 'ENOENT') {
      return;
    }
    throw new UserError([
      code === 'ENOTDIR'
        ? `--out ${folder} is a file; give a folder that does not exist or is empty`
        : `--out ${folder} cannot be read (${code}); give another folder`,
    ]);
  }
  if (content.length > 0) {
    throw new UserError([`--out ${folder} is not empty; give a folder that does not exist or is empty`]);
  }
}

/** Writes all files into a folder, or none: they are written beside it and moved there together. */
export function writeFolder(folder: string, files: Readonly<Record<string, string>>): void {
  refuseFilledFolder(folder);
  const target = resolve(folder);
  let staged: string | undefined;
  try {
    makeFolder(dirname(target));
    staged = mkdtempSync(join(dirname(target), `.${basename(target)}-`));
    for (const [name, text] of Object.entries(files)) {
      writeFileSync(join(staged, name), text, { flag: 'wx' });
    }
    removeIfThere(target);
    renameSync(staged, target);
  } catch (error) {
    if (staged !== undefined) {
      rmSync(staged, { recursive: true, force: true });
    }
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    throw new UserError([`--out ${folder} cannot be written (${code}); check who may write there`]);
  }
}

/** One by one: Node's own recursion does not end where a file system takes no folders. */
function makeFolder(folder: string): void {
  if (!existsSync(folder)) {
    makeFolder(dirname(folder));
    mkdirSync(folder);
  }
}

/** A folder cannot be moved over one that exists, not even an empty one, on every system. */
function removeIfThere(folder: string): void {
  try {
    rmdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
      throw error;
    }
  }
}
