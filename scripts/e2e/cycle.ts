import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Fault, LocalAzure, LocalAzureOptions, startLocalAzure } from '../../test/azure';
import { EXPECTATIONS } from './landscape';
import { edit, Stack, stateOf, synthesize } from './stacks';
import { essence, Run, Terraform } from './terraform';

export interface CycleOptions extends LocalAzureOptions {
  readonly example: string;
  /** What goes wrong during the first apply. */
  readonly interruption?: Fault;
  readonly keep?: boolean;
  readonly log: (line: string) => void;
}

export interface CycleResult {
  readonly failures: readonly string[];
  /** Writes of the first apply, in order: `PUT arm /subscriptions/…`. */
  readonly writes: readonly Write[];
  readonly secretsMade: number;
}

export interface Write {
  readonly service: string;
  readonly method: string;
  readonly path: string;
}

/** An example from nothing to nothing: apply, clean plan, edit, clean plan, destroy, nothing left. */
export async function runCycle(options: CycleOptions): Promise<CycleResult> {
  const { example, interruption: _interruption, keep, log, ...settings } = options;
  const folder = mkdtempSync(join(tmpdir(), `e2e-${example}-`));
  const azure = await startLocalAzure(settings);
  try {
    const cycle = new Cycle(azure, options);
    await EXPECTATIONS[example]?.seed?.(azure);
    const stacks = await synthesize(example, folder, cycle.environment);
    return await cycle.run(stacks);
  } finally {
    await azure.close();
    if (keep === true) {
      log(`kept in ${folder}`);
    } else {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

class Cycle {
  public readonly environment: NodeJS.ProcessEnv;
  private readonly failures: string[] = [];

  public constructor(
    private readonly azure: LocalAzure,
    private readonly options: CycleOptions,
  ) {
    this.environment = { ...process.env, ...azure.env };
  }

  public async run(stacks: readonly Stack[]): Promise<CycleResult> {
    const { azure } = this;
    const before = azure.control.residue();
    const made = (): number => Object.values(azure.control.secrets().made).reduce((sum, count) => sum + count, 0);
    const writes: Write[] = [];
    for (const stack of stacks) {
      writes.push(...(await this.create(stack)));
      if (this.failures.length > 0) {
        break;
      }
    }
    if (this.failures.length === 0) {
      await this.change(stacks);
    }
    for (const stack of [...stacks].reverse()) {
      this.demand(await this.terraform(stack).destroy(), `destroy ${stack.name}`);
    }
    const after = azure.control.residue();
    const allowed = EXPECTATIONS[this.options.example]?.leaves ?? [];
    for (const kind of ['resources', 'directoryObjects', 'orphans'] as const) {
      const left = after[kind].filter((entry) => !before[kind].includes(entry) && !allowed.includes(entry));
      if (left.length > 0) {
        this.fail('destroy', `left behind: ${left.join(', ')}`);
      }
    }
    if (azure.cloud.notUnderstood.length > 0) {
      this.fail('local Azure', `not understood: ${azure.cloud.notUnderstood.join('\n')}`);
    }
    return { failures: this.failures, writes, secretsMade: made() };
  }

  private async create(stack: Stack): Promise<Write[]> {
    const terraform = this.terraform(stack);
    if (!this.demand(await terraform.init(), `init ${stack.name}`)) {
      return [];
    }
    const { interruption } = this.options;
    const start = this.azure.requests.length;
    if (interruption !== undefined) {
      this.azure.control.fault(interruption);
      const interrupted = await terraform.apply();
      this.azure.control.clearFaults();
      this.options.log(`interrupted apply of ${stack.name}: ${interrupted.status === 0 ? 'it went on' : 'it ended'}`);
    }
    this.demand(await terraform.apply(), `apply ${stack.name}`);
    const writes = this.azure.requests
      .slice(start)
      .filter(
        ({ method, service }) => !['GET', 'HEAD', 'CONNECT'].includes(method) && !['login', 'proxy'].includes(service),
      );
    this.demandSecrets(stack, 'apply');
    await this.demandClean(stack, 'plan');
    return writes.map(({ service, method, path }) => ({ service, method, path }));
  }

  private async change(stacks: readonly Stack[]): Promise<void> {
    for (const stack of stacks) {
      const changed = edit(stack);
      if (changed !== undefined) {
        const planned = await this.terraform(stack).plan();
        if (planned.status !== 2) {
          this.fail(`plan of an edited ${stack.name}`, `no change was planned for ${changed}\n${essence(planned)}`);
        }
        this.demand(await this.terraform(stack).apply(), `apply of an edited ${stack.name}`);
        this.demandSecrets(stack, 'apply of the edit');
        await this.demandClean(stack, 'plan after the edit');
        return;
      }
    }
    this.options.log('edited: nothing, no stack declares a product or a client application of its own');
  }

  private async demandClean(stack: Stack, step: string): Promise<void> {
    const planned = await this.terraform(stack).plan();
    if (planned.status !== 0) {
      this.fail(`${step} ${stack.name}`, essence(planned));
    }
    this.demandSecrets(stack, step);
  }

  /** No secret that a vault holds is dead, and none is in the state. */
  private demandSecrets(stack: Stack, step: string): void {
    const dead = this.azure.control.secrets().stored.filter(({ live }) => !live);
    if (dead.length > 0) {
      this.fail(
        `${step} ${stack.name}`,
        `dead secrets: ${dead.map(({ vault, name }) => `${vault}/${name}`).join(', ')}`,
      );
    }
    const state = stateOf(stack);
    const leaked = [...this.azure.cloud.directory.everySecret].filter((text) => state.includes(text)).length;
    if (leaked > 0 && EXPECTATIONS[this.options.example]?.secretInState !== true) {
      this.fail(`${step} ${stack.name}`, `${leaked} secret(s) in the state`);
    }
  }

  private terraform(stack: Stack): Terraform {
    return new Terraform(stack.folder, this.environment);
  }

  private demand(run: Run, step: string): boolean {
    if (run.status !== 0) {
      this.fail(step, essence(run));
      return false;
    }
    this.options.log(step);
    return true;
  }

  private fail(step: string, reason: string): void {
    this.failures.push(`${step}: ${reason}`);
  }
}
