import type { Command, Surroundings } from './commands/command';
import { publishCommand } from './commands/publish';
import { reviewCommand } from './commands/review';
import { UserError } from './user-error';
import { version } from './version';

/** Every command; a new one is registered by its line here. */
const COMMANDS: readonly Command[] = [reviewCommand];

const HELP = `usage: apim-oauth COMMAND [options]

${[...COMMANDS, publishCommand].map(({ name, summary }) => `  ${name.padEnd(10)}${summary}`).join('\n')}

  --help      print this; apim-oauth COMMAND --help for more
  --version   print the version
`;

/** Runs the program, whatever the command, and gives its exit status. */
export async function start(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const [first, ...rest] = args;
  if (first !== publishCommand.name) {
    return run(args, surroundings);
  }
  try {
    return await publishCommand.run(rest, surroundings);
  } catch (error) {
    return told(error, surroundings);
  }
}

/** Runs a command that waits for nothing. */
export function run(args: readonly string[], surroundings: Surroundings): number {
  const [first, ...rest] = args;
  if (first === '--help' || first === '-h' || first === 'help') {
    surroundings.stdout(HELP);
    return 0;
  }
  if (first === '--version') {
    surroundings.stdout(`${version}\n`);
    return 0;
  }
  try {
    const command = COMMANDS.find(({ name }) => name === first);
    if (command === undefined) {
      throw new UserError([
        `${first === undefined ? 'no command is given' : 'there is no such command'}; see apim-oauth --help`,
      ]);
    }
    return command.run(rest, surroundings);
  } catch (error) {
    return told(error, surroundings);
  }
}

/** Says what went wrong, and gives the exit status for it. */
function told(error: unknown, surroundings: Surroundings): number {
  if (error instanceof UserError) {
    error.problems.forEach((problem) => surroundings.stderr(`apim-oauth: ${problem}\n`));
    return 1;
  }
  // the message of an error that nobody foresaw may quote a plan; where it happened may not
  const [kind, frames] =
    error instanceof Error
      ? [error.name, (error.stack ?? '').split('\n').filter((line) => /^ {4}at /.test(line))]
      : ['unknown', []];
  surroundings.stderr(
    `apim-oauth: unexpected error (${kind}), please report it with these lines\n${frames.join('\n')}\n`,
  );
  return 1;
}
