import { randomBytes } from 'node:crypto';
import { appendFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { UserError } from './user-error';

/** A text and where it is written. */
export interface Output {
  /** Undefined: standard output. */
  readonly file?: string;
  readonly text: string;
  /** Put at the end of what is there already. */
  readonly append?: true;
}

/** Writes files whole or not at all: a reader never sees half of one. */
export function write(outputs: readonly Output[], stdout: (text: string) => void): void {
  const staged: { temporary: string; file: string }[] = [];
  try {
    for (const { file, text, append } of outputs) {
      if (file !== undefined && append === undefined) {
        const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
        attempt(file, () => writeFileSync(temporary, text, { flag: 'wx' }));
        staged.push({ temporary, file });
      }
    }
    for (const { temporary, file } of staged) {
      attempt(file, () => renameSync(temporary, file));
    }
  } catch (error) {
    staged.forEach(({ temporary }) => rmSync(temporary, { force: true }));
    throw error;
  }
  for (const { file, text, append } of outputs) {
    if (file !== undefined && append === true) {
      attempt(file, () => appendFileSync(file, text));
    } else if (file === undefined) {
      stdout(text);
    }
  }
}

function attempt(file: string, action: () => void): void {
  try {
    action();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new UserError([
      `${file}: cannot be written${code === undefined ? '' : ` (${code})`}; check that its folder exists and may be written to`,
    ]);
  }
}
