import { execFileSync, ExecFileSyncOptions } from 'node:child_process';

/** What a program prints; throws when it fails. */
export function run(command: string, args: readonly string[], options: ExecFileSyncOptions = {}): string {
  return String(
    execFileSync(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      maxBuffer: 1 << 26,
      ...options,
      encoding: 'utf8',
    }),
  );
}

export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
