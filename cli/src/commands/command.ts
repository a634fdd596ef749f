/** What a command may reach of the world around it, besides files. */
export interface Surroundings {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface Command {
  readonly name: string;
  /** For the program's own help. */
  readonly summary: string;
  /** Gives the exit status; throws a `UserError` for a mistake of whoever runs it. */
  readonly run: (args: readonly string[], surroundings: Surroundings) => number;
}
