import type { Command as Parser } from 'commander';

/** What a command may reach of the world around it, besides files. */
export interface Surroundings {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Reads standard input to its end. */
  readonly stdin?: () => Promise<Buffer>;
  /** Aborted when the person presses Ctrl-C or the job is cancelled. */
  readonly signal?: AbortSignal;
  /** Standard error, where it is a terminal: progress is shown there. */
  readonly terminal?: NodeJS.WriteStream;
}

/** Runs a command whose arguments have been parsed, and gives the exit status. */
export type Run = (surroundings: Surroundings) => Promise<number>;

/**
 * A command of the program. `configure` declares arguments, options and help on the parser and gives what
 * runs once the parser has their values; that throws a `UserError` for a mistake of the user.
 */
export interface Command {
  readonly configure: (parser: Parser) => Run;
}

/** For options that may be given several times: collects their values. */
export function several(value: string, former: readonly string[] = []): readonly string[] {
  return [...former, value];
}
