/*
 * Destroys the preview sandboxes of a subscription that have expired, and nothing else. A dry run by default.
 *
 * Run: npx tsx scripts/reap.ts --help
 */
import { parseArgs } from 'node:util';
import { resourceManager } from '../cli/src/azure/client';
import { cloudOf } from '../cli/src/azure/clouds';
import { Http } from '../cli/src/azure/http';
import { AzureLogin } from '../cli/src/azure/login';
import { Surroundings } from '../cli/src/commands/command';
import { UserError } from '../cli/src/user-error';
import { reap } from './reaper/reap';
import { Sandboxes } from './reaper/sandboxes';

const HELP = `Usage: npx tsx scripts/reap.ts --subscription ID [options]

Lists the preview sandboxes of a subscription by their tags, and destroys those whose day has passed everywhere.

  --subscription ID   the subscription, a GUID
  --destroy           destroy what has expired; without it, nothing is changed
  --protect NAME      a resource group that is never destroyed; may be given several times
  --at-most N         destroy none where more than N have expired (default: 5)
  --help

Exit status: 0; 2 where a resource group claims to be a sandbox and is not recognized; 1 where it failed.
`;

interface Given {
  readonly subscription: string;
  readonly destroy: boolean;
  readonly protectedNames: readonly string[];
  readonly atMost: number;
}

/** Runs the program with a clock, and gives its exit status. */
export async function main(args: readonly string[], surroundings: Surroundings, now = new Date()): Promise<number> {
  try {
    const given = read(args);
    if (given === undefined) {
      surroundings.stdout(HELP);
      return 0;
    }
    const { subscription, ...options } = given;
    const http = new Http(surroundings);
    try {
      const client = resourceManager(http, new AzureLogin(http, cloudOf()));
      const sandboxes = new Sandboxes(client, subscription, (milliseconds) => http.pause(milliseconds));
      return await reap(sandboxes, { ...options, now, say: (line) => surroundings.stdout(`${line}\n`) });
    } finally {
      await http.close();
    }
  } catch (error) {
    if (!(error instanceof UserError)) {
      throw error;
    }
    surroundings.stderr(`reap: ${error.message}\n`);
    return 1;
  }
}

function read(args: readonly string[]): Given | undefined {
  const values = valuesOf(args);
  if (values.help === true) {
    return undefined;
  }
  const { subscription = '', destroy = false, protect = [], 'at-most': atMost = '5' } = values;
  const problems = [
    ...(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(subscription)
      ? []
      : ['--subscription is not the id of a subscription; give the GUID that az account show prints']),
    ...(/^[1-9]\d?$/.test(atMost)
      ? []
      : [`--at-most must be a whole number from 1 to 99, got ${JSON.stringify(atMost)}`]),
  ];
  if (problems.length > 0) {
    throw new UserError(problems);
  }
  return { subscription, destroy, protectedNames: protect, atMost: Number(atMost) };
}

function valuesOf(args: readonly string[]): {
  readonly subscription?: string;
  readonly destroy?: boolean;
  readonly protect?: string[];
  readonly 'at-most'?: string;
  readonly help?: boolean;
} {
  try {
    return parseArgs({
      args: [...args],
      options: {
        subscription: { type: 'string' },
        destroy: { type: 'boolean' },
        protect: { type: 'string', multiple: true },
        'at-most': { type: 'string' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new UserError([`${error instanceof Error ? error.message : String(error)}; see --help`]);
  }
}

if (require.main === module) {
  const write = (stream: NodeJS.WriteStream) => (text: string) => void stream.write(text);
  void main(process.argv.slice(2), {
    stdout: write(process.stdout),
    stderr: write(process.stderr),
    environment: process.env,
  }).then((status) => (process.exitCode = status));
}
