import { ChildProcess, spawn } from 'node:child_process';
import type { Changes } from './scenario';

export interface Run {
  readonly status: number;
  readonly output: string;
}

/** What applies a stack. */
export interface Tool {
  init(): Promise<Run>;
  apply(stop?: AbortSignal): Promise<Run>;
  /** Status 0 where nothing would change, 2 where something would. */
  plan(...options: string[]): Promise<Run>;
  destroy(stop?: AbortSignal): Promise<Run>;
}

const running = new Set<ChildProcess>();

/** Ends every Terraform that runs, as Ctrl-C does. */
export function interruptAll(): void {
  running.forEach((child) => child.kill('SIGINT'));
}

/** Terraform in a folder, with an environment of its own. */
export class Terraform implements Tool {
  public constructor(
    private readonly folder: string,
    private readonly environment: NodeJS.ProcessEnv,
    private readonly program = process.env.TERRAFORM ?? 'terraform',
  ) {}

  /** Runs a command to its end; both streams in one text, without colours. Status 127 where there is no Terraform. */
  public async run(...given: string[]): Promise<Run> {
    return this.runUntil(undefined, given);
  }

  /** The same, ended as by Ctrl-C when that is asked for. */
  private async runUntil(stop: AbortSignal | undefined, given: string[]): Promise<Run> {
    return new Promise((resolve) => {
      const child = spawn(this.program, given, {
        cwd: this.folder,
        env: { ...this.environment, TF_IN_AUTOMATION: '1', TF_INPUT: '0', NO_COLOR: '1' },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      running.add(child);
      stop?.addEventListener('abort', () => child.kill('SIGINT'));
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

  public async apply(stop?: AbortSignal): Promise<Run> {
    return this.runUntil(stop, ['apply', '-input=false', '-auto-approve', '-no-color']);
  }

  public async plan(...options: string[]): Promise<Run> {
    return this.run('plan', '-input=false', '-detailed-exitcode', '-no-color', ...options);
  }

  public async destroy(stop?: AbortSignal): Promise<Run> {
    return this.runUntil(stop, ['destroy', '-input=false', '-auto-approve', '-no-color']);
  }
}

// eslint-disable-next-line no-control-regex -- colours begin with a control character
const plain = (text: string): string => text.replace(/\u001b\[[0-9;]*m/g, '');

/** What Terraform says went wrong; what it would change where nothing did; its last lines where it says neither. */
export function essence({ output }: Run): string {
  const errors = [...output.matchAll(/^.*Error: [\s\S]*?(?=^╵|^.*Error: |$(?![\s\S]))/gm)].map(([text]) =>
    text
      .replace(/^[│\s]+/gm, '')
      .trim()
      .slice(0, 1500),
  );
  if (errors.length > 0) {
    return [...new Set(errors)].slice(0, 10).join('\n');
  }
  const changes = output.split('\n').filter((line) => /^ {2}# |^Plan: /.test(line));
  return changes.length > 0 ? changes.slice(0, 20).join('\n') : output.trim().split('\n').slice(-15).join('\n');
}

/** What an apply says that it did. */
export function changesOf({ output }: Run): Changes | undefined {
  const found = /Resources: (?:\d+ imported, )?(\d+) added, (\d+) changed, (\d+) destroyed/.exec(output);
  const [added, changed, destroyed] = (found ?? []).slice(1).map(Number);
  return found === null ? undefined : { added, changed, destroyed };
}
