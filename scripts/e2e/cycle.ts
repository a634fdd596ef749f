import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Fault, LocalAzure, LocalAzureOptions, startLocalAzure, SUBSCRIPTION_ID } from '../../test/azure';
import { Scenario, Step } from './scenario';
import { Stack, stateOf } from './stacks';
import { changesOf, essence, Run, Terraform, Tool } from './terraform';

/** What goes wrong in one step of a scenario, or while all of it is destroyed. */
export interface Interruption {
  readonly step: number;
  readonly fault: Fault;
}

export interface CycleOptions extends LocalAzureOptions {
  readonly scenario: Scenario;
  /** The steps after it are left out. */
  readonly interruption?: Interruption;
  /** Whether to apply and destroy again as long as that gets further. */
  readonly untilDone?: boolean;
  readonly keep?: boolean;
  /** What applies the stacks; Terraform where it is left out. */
  readonly tool?: (stack: Stack, azure: LocalAzure) => Tool;
  readonly log: (line: string) => void;
}

export interface CycleResult {
  readonly failures: readonly string[];
  /** Writes in order: `PUT arm /subscriptions/…`. Those of the destruction have the step after the last one. */
  readonly writes: readonly Write[];
  readonly secretsMade: number;
}

export interface Write {
  readonly step: number;
  readonly service: string;
  readonly method: string;
  readonly path: string;
}

/** A scenario from nothing to nothing: for each step an apply and a clean plan, in the end destroy, and nothing left. */
export async function runCycle(options: CycleOptions): Promise<CycleResult> {
  const {
    scenario,
    interruption: _interruption,
    untilDone: _untilDone,
    tool: _tool,
    faults = [],
    keep,
    log,
    ...settings
  } = options;
  const folder = mkdtempSync(join(tmpdir(), `e2e-${scenario.name}-`));
  const azure = await startLocalAzure(settings);
  try {
    await scenario.seed?.(azure);
    faults.forEach((fault) => azure.control.fault(fault));
    return await new Cycle(azure, folder, options).run();
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
  private readonly environment: NodeJS.ProcessEnv;
  private readonly failures: string[] = [];
  private readonly writes: Write[] = [];
  private readonly stacks: Stack[] = [];
  private step = 0;

  public constructor(
    private readonly azure: LocalAzure,
    private readonly folder: string,
    private readonly options: CycleOptions,
  ) {
    this.environment = { ...process.env, ...azure.env };
  }

  public async run(): Promise<CycleResult> {
    const { azure } = this;
    const { scenario, interruption } = this.options;
    const before = azure.control.residue();
    this.watch();
    for (const [index, step] of scenario.steps.entries()) {
      if (this.failures.length > 0 || (interruption !== undefined && index > interruption.step)) {
        break;
      }
      this.step = index;
      await this.take(step);
    }
    this.step = scenario.steps.length;
    for (const stack of [...this.stacks].reverse()) {
      await this.destroy(stack);
    }
    const after = azure.control.residue();
    for (const kind of ['resources', 'directoryObjects', 'orphans'] as const) {
      const left = after[kind].filter(
        (entry) => !before[kind].includes(entry) && scenario.leaves?.includes(entry) !== true,
      );
      if (left.length > 0) {
        this.fail('destroy', `left behind: ${left.join(', ')}`);
      }
    }
    if (azure.cloud.notUnderstood.length > 0) {
      this.fail('local Azure', `not understood: ${azure.cloud.notUnderstood.join('\n')}`);
    }
    const secretsMade = Object.values(azure.control.secrets().made).reduce((sum, count) => sum + count, 0);
    return { failures: this.failures, writes: this.writes, secretsMade };
  }

  /** Looks after each write: what it was, and whether it has opened an API to anyone. */
  private watch(): void {
    const { azure } = this;
    const known = new Set(azure.control.openApis());
    azure.cloud.log.listen(({ service, method, path }) => {
      if (!isWrite(method, path) || !['arm', 'graph', 'vault'].includes(service)) {
        return;
      }
      this.writes.push({ step: this.step, service, method, path });
      for (const api of service === 'arm' ? azure.control.openApis() : []) {
        if (!known.has(api)) {
          known.add(api);
          this.fail(this.title(), `${api} is open to anyone after ${method} ${path}`);
        }
      }
    });
  }

  private async take(step: Step): Promise<void> {
    await step.before?.(this.azure);
    const before = this.secretsAsked();
    const stacks = await step.prepare(this.folder, this.environment);
    for (const stack of stacks) {
      if (!this.stacks.some(({ folder }) => folder === stack.folder)) {
        this.stacks.push(stack);
      }
      if (!(await this.apply(stack, step))) {
        return;
      }
    }
    const asked = this.secretsAsked() - before;
    if (step.secrets !== undefined && asked !== step.secrets && this.undisturbed()) {
      this.fail(step.title, `${asked} client secret(s) asked for instead of ${step.secrets}`);
    }
    try {
      await step.after?.(this.azure);
    } catch (error) {
      this.fail(step.title, (error as Error).message);
    }
    this.options.log(step.title);
  }

  private async apply(stack: Stack, step: Step): Promise<boolean> {
    const terraform = this.terraform(stack);
    if (!this.demand(await terraform.init(), `init ${stack.name}`)) {
      return false;
    }
    if (step.planOnly !== undefined) {
      await this.demandClean(stack, `${step.title}: plan`, step.planOnly);
      return true;
    }
    await this.interrupted('apply', stack, terraform);
    const applied = await this.untilDone(async () => terraform.apply());
    if (step.refused !== undefined) {
      const said = plainText(applied.output);
      if (applied.status === 0 || !step.refused.test(said)) {
        this.fail(step.title, `not refused with ${String(step.refused)}\n${essence(applied)}`);
      }
      return true;
    }
    if (!this.demand(applied, `${step.title}: apply ${stack.name}`)) {
      return false;
    }
    this.demandSecrets(stack, step.title);
    const { changes } = step;
    const changed = changesOf(applied);
    if (changes !== undefined && this.undisturbed() && JSON.stringify(changes) !== JSON.stringify(changed)) {
      this.fail(step.title, `${JSON.stringify(changed)} instead of ${JSON.stringify(changes)}`);
    }
    await this.demandClean(stack, `${step.title}: plan`);
    return true;
  }

  private async destroy(stack: Stack): Promise<void> {
    const terraform = this.terraform(stack);
    await this.interrupted('destroy', stack, terraform);
    this.demand(await this.untilDone(async () => terraform.destroy()), `destroy ${stack.name}`);
  }

  /** Runs what is to be interrupted in this step, once before it is run to its end. */
  private async interrupted(what: 'apply' | 'destroy', stack: Stack, terraform: Tool): Promise<void> {
    const { interruption, log } = this.options;
    if (interruption?.step !== this.step) {
      return;
    }
    this.azure.control.fault(interruption.fault);
    const stop = new AbortController();
    this.azure.cloud.log.listen(({ fault }) => {
      if (fault === 'lost') {
        stop.abort();
      }
    });
    const { status } = await terraform[what](stop.signal);
    this.azure.control.clearFaults();
    log(`interrupted ${what} of ${stack.name}: ${status === 0 ? 'it went on' : 'it ended'}`);
  }

  private async untilDone(run: () => Promise<Run>): Promise<Run> {
    const met = (): number => this.azure.requests.filter(({ fault }) => fault !== undefined).length;
    let before = met();
    let last = await run();
    while (!this.undisturbed() && last.status !== 0) {
      const goesOn = (await this.purgedByHand(last)) || (this.options.untilDone === true && met() > before);
      if (!goesOn) {
        break;
      }
      before = met();
      last = await run();
    }
    return last;
  }

  /**
   * Whether azurerm asked for what somebody has to do: it cannot make an instance or a vault again whose purge was refused.
   */
  private async purgedByHand({ output }: Run): Promise<boolean> {
    const [, kind, name, location] = SOFT_DELETED.exec(plainText(output)) ?? [];
    if (kind === undefined) {
      return false;
    }
    const [method, path] =
      kind === 'Key Vault'
        ? ['POST', `Microsoft.KeyVault/locations/${location}/deletedVaults/${name}/purge?api-version=2023-07-01`]
        : ['DELETE', `Microsoft.ApiManagement/locations/${location}/deletedServices/${name}?api-version=2022-08-01`];
    const { status } = await this.azure.request(
      method,
      `https://management.azure.com/subscriptions/${SUBSCRIPTION_ID}/providers/${path}`,
    );
    this.options.log(`purged ${name} by hand, as azurerm asks: ${status}`);
    return status < 300;
  }

  private async demandClean(stack: Stack, step: string, options: readonly string[] = []): Promise<void> {
    const asked = this.secretsAsked();
    const planned = await this.terraform(stack).plan(...options);
    if (planned.status !== 0) {
      this.fail(`${step} ${stack.name}`, essence(planned));
    }
    if (this.secretsAsked() !== asked) {
      this.fail(`${step} ${stack.name}`, 'a plan asked for a client secret');
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
    if (leaked > 0 && this.options.scenario.secretInState !== true) {
      this.fail(`${step} ${stack.name}`, `${leaked} secret(s) in the state`);
    }
  }

  private secretsAsked(): number {
    return this.azure.requests.filter(
      ({ path, status }) => /\/clientApplications\/[^/]+\/listSecrets$/i.test(path) && status < 300,
    ).length;
  }

  /** Whether nothing is made to go wrong, so that each step does what it should at once. */
  private undisturbed(): boolean {
    return this.options.interruption === undefined && this.options.faults === undefined;
  }

  private terraform(stack: Stack): Tool {
    return this.options.tool?.(stack, this.azure) ?? new Terraform(stack.folder, this.environment);
  }

  private title(): string {
    return this.options.scenario.steps[this.step]?.title ?? 'destroy';
  }

  private demand(run: Run, step: string): boolean {
    if (run.status !== 0) {
      this.fail(step, essence(run));
      return false;
    }
    return true;
  }

  private fail(step: string, reason: string): void {
    this.failures.push(`${step}: ${reason}`);
  }
}

/** Keys of the instance and of its portal are read by POST. */
const isWrite = (method: string, path: string): boolean =>
  !['GET', 'HEAD', 'CONNECT'].includes(method) &&
  !/\/(portalsettings|tenant|subscriptions)\/[^/]+\/listSecrets$/i.test(path);

const SOFT_DELETED =
  /An existing soft-deleted (API Management|Key Vault) exists with the Name "([^"]+)" in the location "([^"]+)"/;

/** What Terraform says, without the frames and line breaks of its boxes. */
const plainText = (output: string): string => output.replace(/[\s│╷╵]+/g, ' ');
