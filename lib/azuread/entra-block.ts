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

/** The provider as cdktf's own validation and `required_providers` want it named. */
export const AZUREAD = { providerName: 'azuread', providerVersionConstraint: '~> 3.7' };

/**
 * One of the few Entra resources that the library declares. The prebuilt classes cost several times as much, most of it for
 * stack traces that nobody reads, and there are none for every framework.
 */
export class EntraBlock extends LeanResource {
  private readonly attributes: { [name: string]: unknown };
  private readonly instances?: IResolvable;

  public constructor(scope: Construct, id: string, config: EntraBlockConfig) {
    super(scope, id, {
      terraformResourceType: config.type,
      terraformGeneratorMetadata: AZUREAD,
      lifecycle: config.lifecycle,
    });
    this.attributes = config.attributes;
    this.instances = config.instances;
  }

  /** An attribute as a reference. */
  public attribute(name: string): string {
    return this.getStringAttribute(name);
  }

  protected override _instances(): IResolvable | undefined {
    return this.instances;
  }

  protected override synthesizeAttributes(): { [name: string]: any } {
    return this.attributes;
  }
}
