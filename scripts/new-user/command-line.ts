import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { installNode, NODE_VERSIONS } from '../package/node-binary';
import { run } from '../package/run';

/** The command line of a framework, installed below a folder of its own. */
export class CommandLine {
  private constructor(
    private readonly program: string,
    private readonly node: string,
  ) {}

  public static cdktf(prefix: string): CommandLine {
    return new CommandLine(installed(prefix, 'cdktf-cli@0.21', 'cdktf'), process.execPath);
  }

  /** With the Node.js that it needs, as `npx -p node@22` brings it. */
  public static cdktn(prefix: string): CommandLine {
    const node = installNode(NODE_VERSIONS['22'], join(prefix, 'node'));
    return new CommandLine(installed(prefix, 'cdktn-cli@0.24', 'cdktn'), node);
  }

  /** Runs a command in a folder. Gives its status and what it writes, without colours. */
  public async run(folder: string, environment: NodeJS.ProcessEnv, ...args: string[]): Promise<Result> {
    return new Promise((resolve, reject) => {
      const child = spawn(this.node, [this.program, ...args], {
        cwd: folder,
        env: {
          ...environment,
          CI: '1',
          CHECKPOINT_DISABLE: '1',
          PATH: `${dirname(this.node)}:${environment.PATH ?? ''}`,
          TERRAFORM_BINARY_NAME: environment.TERRAFORM ?? 'terraform',
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let output = '';
      for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
      }
      child.on('error', reject);
      child.on('close', (status) => resolve({ status: status ?? 1, output: plain(output) }));
    });
  }
}

export interface Result {
  readonly status: number;
  readonly output: string;
}

function installed(prefix: string, name: string, program: string): string {
  run('npm', ['install', '--prefix', prefix, '--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts', name]);
  return join(prefix, 'node_modules', '.bin', program);
}

// eslint-disable-next-line no-control-regex -- they move the cursor and change colours
const plain = (text: string): string => text.replace(/\u001b\[[0-9;]*[A-Za-z]/g, '');
