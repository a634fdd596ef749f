import { IResolvable, TerraformResourceLifecycle } from 'cdktf';
import { Construct } from 'constructs';
import { LeanResource } from '../terraform/lean-resource';

/** A block of the azuread provider, with its arguments in Terraform's own spelling. */
export interface EntraBlockConfig {
  readonly type: string;
  readonly attributes: { [name: string]: unknown };
  readonly instances?: IResolvable;
  readonly lifecycle?: TerraformResourceLifecycle;
}

/**
 * One of the few Entra resources that come once for each client. The prebuilt classes cost several times as much, most of
 * it for stack traces that nobody reads.
 */
export class EntraBlock extends LeanResource {
  public constructor(scope: Construct, id: string, private readonly config: EntraBlockConfig) {
    super(scope, id, {
      terraformResourceType: config.type,
      terraformGeneratorMetadata: { providerName: 'azuread', providerVersionConstraint: '~> 3.0' },
      lifecycle: config.lifecycle,
    });
  }

  /** An attribute as a reference. */
  public attribute(name: string): string {
    return this.getStringAttribute(name);
  }

  protected override _instances(): IResolvable | undefined {
    return this.config.instances;
  }

  protected override synthesizeAttributes(): { [name: string]: any } {
    return this.config.attributes;
  }
}
