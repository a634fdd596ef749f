import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';

test.each([
  ['--help', 0],
  ['review', 1],
])(
  '%s, with nobody who reads what it prints, ends with its status and without a stack trace',
  async (argument, status) => {
    const main = resolve(__dirname, '../src/main.ts');
    const child = spawn(process.execPath, ['--import', 'tsx', main, argument], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number];
    expect(code).toBe(status);
    expect(stderr).not.toMatch(/EPIPE|^\s+at /m);
  },
);
