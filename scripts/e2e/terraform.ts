import { ChildProcess, spawn } from 'node:child_process';

export interface Run {
  readonly status: number;
  readonly output: string;
}

const running = new Set<ChildProcess>();

/** Ends every Terraform that runs, as Ctrl-C does. */
export function interruptAll(): void {
  running.forEach((child) => child.kill('SIGINT'));
}

/** Terraform in a folder, with an environment of its own. */
export class Terraform {
  public constructor(
    private readonly folder: string,
    private readonly environment: NodeJS.ProcessEnv,
    private readonly program = process.env.TERRAFORM ?? 'terraform',
  ) {}

  /** Runs a command to its end; both streams in one text, without colours. Status 127 where there is no Terraform. */
  public async run(...given: string[]): Promise<Run> {
    return new Promise((resolve) => {
      const child = spawn(this.program, given, {
        cwd: this.folder,
        env: { ...this.environment, TF_IN_AUTOMATION: '1', TF_INPUT: '0', NO_COLOR: '1' },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      running.add(child);
      let output = '';
      for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
      }
      child.on('error', (error) => resolve({ status: 127, output: error.message }));
      child.on('close', (status) => {
        running.delete(child);
        resolve({ status: status ?? 1, output: plain(output) });
      });
    });
  }

  public async init(): Promise<Run> {
    return this.run('init', '-input=false', '-no-color');
  }

  public async apply(): Promise<Run> {
    return this.run('apply', '-input=false', '-auto-approve', '-no-color');
  }

  /** Status 0 where nothing would change, 2 where something would. */
  public async plan(): Promise<Run> {
    return this.run('plan', '-input=false', '-detailed-exitcode', '-no-color');
  }

  public async destroy(): Promise<Run> {
    return this.run('destroy', '-input=false', '-auto-approve', '-no-color');
  }
}

// eslint-disable-next-line no-control-regex -- colours begin with a control character
const plain = (text: string): string => text.replace(/\u001b\[[0-9;]*m/g, '');

/** What Terraform says went wrong; what it would change where nothing did; its last lines where it says neither. */
export function essence({ output }: Run): string {
  const lines = output.split('\n');
  for (const pattern of [/Error: /, /^ {2}# |^Plan: /]) {
    const found = lines.filter((line) => pattern.test(line));
    if (found.length > 0) {
      return found.slice(0, 20).join('\n');
    }
  }
  return output.trim().split('\n').slice(-15).join('\n');
}
