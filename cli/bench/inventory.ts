/*
 * Reads a large instance on the local Azure, as a whole process with a small heap: how many requests, how long, how much
 * memory.
 *
 * Run: npm run bench:inventory -w cli [-- PRODUCTS [CLIENTS [LINKS [HEAP_MB]]]]
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalAzure } from '../../test/azure';
import { largeInstance } from '../test/large-instance';

const [products = 1000, clients = 5000, links = 20_000, heap = 128] = process.argv.slice(2).map(Number);
const main = join(__dirname, '..', 'dist', 'main.js');

/** Prints what the process took when it ends; the heap is sampled, since nothing is left of it at the end. */
const USAGE = `
let most = 0;
setInterval(() => { globalThis.gc(); most = Math.max(most, process.memoryUsage().heapUsed); }, 500).unref();
process.on('exit', () => process.stderr.write('heap ' + most + '\\nresident ' + process.resourceUsage().maxRSS + '\\n'));
`;

async function bench(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'apim-oauth-bench-'));
  const azure = await startLocalAzure({ servicePrincipalLag: 0, graphLag: 0 });
  try {
    const started = Date.now();
    const instanceId = largeInstance(azure, {
      apis: Math.max(2, Math.round(products / 10)),
      products,
      clients,
      links: Math.round(links / clients),
      entraClients: Math.round(clients / 10),
    });
    process.stdout.write(`${products} products, ${clients} clients, ${links} links: built in ${seconds(started)} s\n`);
    for (const format of (process.env.FORMATS ?? 'json,table,svg').split(',')) {
      await measure(folder, azure.env, instanceId, format);
    }
  } finally {
    await azure.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(
  folder: string,
  env: Readonly<Record<string, string>>,
  instanceId: string,
  format: string,
): Promise<void> {
  const usage = join(folder, 'usage.cjs');
  writeFileSync(usage, USAGE);
  const started = Date.now();
  const file = join(folder, format);
  const child = spawn(
    process.execPath,
    [
      '--expose-gc',
      `--max-old-space-size=${heap}`,
      '-r',
      usage,
      main,
      'inventory',
      '--instance-id',
      instanceId,
      '--format',
      `${format}=${file}`,
    ],
    { env: { ...process.env, ...env }, stdio: ['ignore', 'inherit', 'pipe'] },
  );
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
  if (status !== 0) {
    throw new Error(`inventory ended with ${status ?? 'a signal'}:\n${stderr}`);
  }
  const number = (name: RegExp): number => Number(name.exec(stderr)?.[1]);
  process.stdout.write(
    `${format}: ${number(/(\d+) requests/)} requests, ${seconds(started)} s, heap ${megabytes(number(/heap (\d+)/))} MB after ` +
      `collection and ${heap} MB allowed, resident ${megabytes(number(/resident (\d+)/) * 1024)} MB at most, ` +
      `output ${megabytes(statSync(file).size)} MB\n`,
  );
}

function seconds(since: number): string {
  return ((Date.now() - since) / 1000).toFixed(1);
}

function megabytes(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(0);
}

void bench();
