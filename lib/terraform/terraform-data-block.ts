import { IResolvable, TerraformResourceLifecycle } from 'cdktf';
import { Construct } from 'constructs';
import { LeanResource } from './lean-resource';
import { requireTerraform } from './required-version';

/** Arguments of a `terraform_data`, which is Terraform's own and needs no provider. */
export interface TerraformDataBlockConfig {
  /** What the state keeps. */
  readonly input?: unknown;
  /** What makes it forget. */
  readonly triggersReplace?: unknown;
  readonly instances?: IResolvable;
  readonly lifecycle?: TerraformResourceLifecycle;
}

/**
 * A value that the state keeps. cdktf's class for it would ask the terraform binary for its version when it
 * synthesizes.
 */
export class TerraformDataBlock extends LeanResource {
  public constructor(
    scope: Construct,
    id: string,
    private readonly config: TerraformDataBlockConfig,
  ) {
    super(scope, id, { terraformResourceType: 'terraform_data', lifecycle: config.lifecycle });
    requireTerraform(this, '1.4');
  }

  protected override _instances(): IResolvable | undefined {
    return this.config.instances;
  }

  protected override synthesizeAttributes(): { [name: string]: any } {
    return { input: this.config.input, triggers_replace: this.config.triggersReplace };
  }
}
