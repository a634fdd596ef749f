import { Command as Parser, CommanderError } from 'commander';
import type { Run, Surroundings } from './commands/command';
import { COMMANDS } from './commands/registry';
import { UserError } from './user-error';
import { version } from './version';

/** Runs the program and gives its exit status. */
export async function run(args: readonly string[], surroundings: Surroundings): Promise<number> {
  try {
    const command = await parsed(args, surroundings);
    return command === undefined ? 0 : await command(surroundings);
  } catch (error) {
    return told(error, surroundings);
  }
}

/** The command to run, with its arguments read; undefined where help or the version was asked for and printed. */
async function parsed(args: readonly string[], surroundings: Surroundings): Promise<Run | undefined> {
  const [first] = args;
  if (first === undefined) {
    throw new UserError(['no command is given; see apim-oauth --help']);
  }
  const named = args.find((arg) => COMMANDS.some(({ name }) => name === arg));
  if (!first.startsWith('-') && first !== 'help' && first !== named) {
    throw new UserError(['there is no such command; see apim-oauth --help']);
  }
  const program = quiet(new Parser('apim-oauth'), surroundings)
    .description('Tools for OAuth 2.0 application access to products of Azure API Management.')
    .version(version, '--version', 'print the version')
    .helpCommand('help [command]', 'print the help of a command');
  let chosen: Run | undefined;
  for (const { name, summary, load } of COMMANDS) {
    const parser = quiet(new Parser(name), surroundings).summary(summary);
    program.addCommand(parser);
    if (name === named) {
      const run = (await load()).configure(parser);
      parser.action(() => {
        chosen = run;
      });
    }
  }
  try {
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError && ASKED_FOR.includes(error.code)) {
      return undefined;
    }
    throw error instanceof CommanderError ? wrongArguments(error, named) : error;
  }
  return chosen;
}

/** Writes nothing but help and version by itself, and never ends the process. */
function quiet(parser: Parser, { stdout }: Surroundings): Parser {
  return parser
    .exitOverride()
    .showSuggestionAfterError(false)
    .helpOption('-h, --help', 'print this')
    .configureHelp({ styleTitle: (title) => title.toLowerCase(), helpWidth: 100 })
    .configureOutput({ writeOut: stdout, writeErr: () => undefined, outputError: () => undefined });
}

const ASKED_FOR = ['commander.helpDisplayed', 'commander.help', 'commander.version'];

function wrongArguments({ message }: CommanderError, command: string | undefined): UserError {
  // the text after an equals sign may be a secret that was meant for another option
  const problem = message.replace(/^error: /, '').replace(/=[^']*'/, "'");
  return new UserError([`${problem}; see apim-oauth ${command === undefined ? '' : `${command} `}--help`]);
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
