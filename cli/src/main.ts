#!/usr/bin/env node
import { run } from './cli';
import { interruption } from './interruption';

// A reader may stop in the middle, as `head` does: no failure of this program, and its status stays what it found.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') {
      throw error;
    }
  });
}

void run(process.argv.slice(2), {
  stdout: (text) => process.stdout.write(text),
  stderr: (text) => process.stderr.write(text),
  environment: process.env,
  stdin: async () => {
    const chunks: Buffer[] = [];
    for await (const chunk of process.stdin) {
      chunks.push(chunk as Buffer);
    }
    return Buffer.concat(chunks);
  },
  // read by commands that wait for others only: the rest is ended by Ctrl-C as any program
  get signal() {
    return interruption();
  },
  ...(process.stderr.isTTY ? { terminal: process.stderr } : {}),
}).then((status) => {
  process.exitCode = status;
});
