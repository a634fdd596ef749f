/** Runs the local Azure as a program: `npx tsx test/azure/main.ts --help`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { startLocalAzure, Snapshot } from './index';
import { DEFAULTS, Settings } from './settings';

const HELP = `Usage: npx tsx test/azure/main.ts [--port N] [--state FILE] [--dump FILE] [--SETTING VALUE ...]

Plays Azure on loopback until it is interrupted, and prints one line of JSON with the environment that reaches it.

  --port N        port of the proxy (any that is free)
  --state FILE    begins with what --dump wrote
  --dump FILE     writes all that it holds when it ends, secrets included

Settings and their defaults:
${Object.entries(DEFAULTS)
  .map(([name, value]) => `  --${name} ${JSON.stringify(value)}`)
  .join('\n')}
`;

interface Arguments {
  port?: number;
  state?: string;
  dump?: string;
  readonly settings: Partial<Settings>;
}

function parseArguments(given: readonly string[]): Arguments {
  const parsed: Arguments & { settings: { [name: string]: unknown } } = { settings: {} };
  for (let index = 0; index < given.length; index += 2) {
    const name = given[index].replace(/^--/, '');
    const value = given[index + 1];
    if (!given[index].startsWith('--') || value === undefined) {
      throw new Error(`${given[index]}: give --NAME VALUE`);
    }
    switch (name) {
      case 'port':
        parsed.port = Number(value);
        break;
      case 'state':
      case 'dump':
        parsed[name] = value;
        break;
      default:
        parsed.settings[name] =
          typeof DEFAULTS[name as keyof Settings] === 'string' ? value : (JSON.parse(value) as unknown);
    }
  }
  return parsed;
}

async function main(given: readonly string[]): Promise<void> {
  if (given.includes('--help')) {
    process.stdout.write(HELP);
    return;
  }
  const { port, state, dump, settings } = parseArguments(given);
  const snapshot = state === undefined ? undefined : (JSON.parse(readFileSync(state, 'utf8')) as Snapshot);
  const azure = await startLocalAzure({ ...settings, port, snapshot });
  process.stdout.write(
    `${JSON.stringify({ proxyUrl: azure.proxyUrl, controlUrl: azure.controlUrl, env: azure.env })}\n`,
  );
  const alive = setInterval(() => undefined, 60_000);
  const end = async (): Promise<void> => {
    if (dump !== undefined) {
      writeFileSync(dump, JSON.stringify(azure.control.dump(), null, 2), { mode: 0o600 });
    }
    clearInterval(alive);
    await azure.close();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void end());
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
});
