import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../cli/src/cli';
import { DEPLOYER, TENANT_ID, type LocalAzure } from '../../test/azure';
import { seedSandbox } from '../demo/seeded-sandbox';
import { synthesize, type Stack } from '../e2e/stacks';

export interface Outcome {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What an apply of the sandbox leaves behind, and the program as somebody runs it beside the state. */
export class SandboxSession {
  private constructor(
    public readonly azure: LocalAzure,
    public readonly stack: Stack,
    private readonly folder: string,
  ) {}

  /** Synthesizes the sandbox into the folder, without anything in Azure yet. */
  public static async synthesized(azure: LocalAzure, folder: string, owner: string): Promise<SandboxSession> {
    // the login of the Azure libraries reads the process, not what a command is given
    Object.assign(process.env, {
      AZURE_TENANT_ID: TENANT_ID,
      AZURE_CLIENT_ID: DEPLOYER.clientId,
      AZURE_CLIENT_SECRET: DEPLOYER.clientSecret,
    });
    const environment = { ...process.env, ...azure.env, SANDBOX_OWNER: owner };
    const [stack] = await synthesize('preview-sandbox', folder, environment);
    return new SandboxSession(azure, stack, folder);
  }

  /** Makes what `terraform apply` makes. */
  public apply(): void {
    seedSandbox(this.azure, this.stack, this.manifest);
  }

  /** What `terraform output -json` prints. */
  public output(): string {
    const value: unknown = JSON.parse(readFileSync(this.manifest, 'utf8'));
    return JSON.stringify({ oauth_access: { sensitive: false, type: 'dynamic', value } });
  }

  /** Runs `apim-oauth` with arguments that name files of the folder. */
  public async apimOauth(args: readonly string[]): Promise<Outcome> {
    let [stdout, stderr] = ['', ''];
    const status = await run(
      args.map((argument) => (/\.json$/.test(argument) ? join(this.folder, argument) : argument)),
      {
        stdout: (text) => (stdout += text),
        stderr: (text) => (stderr += text),
        environment: { ...this.azure.env },
      },
    );
    return { status, stdout, stderr };
  }

  private get manifest(): string {
    return join(this.folder, 'applied.json');
  }
}
