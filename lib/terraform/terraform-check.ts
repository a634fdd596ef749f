import { IResolvable, TerraformElement } from 'cdktf';
import { Construct } from 'constructs';
import { literal } from './expression';
import { merged, refuseHcl } from './rendering';
import { requireTerraform } from './required-version';

/** One assertion of a `check` block. */
export interface Assertion {
  readonly condition: IResolvable;
  readonly message: string;
}

/**
 * A `check` block, which cdktf has no class for. It contains assertions only: a data source inside it would keep every
 * later plan non-empty.
 */
export class TerraformCheck extends TerraformElement {
  public constructor(
    scope: Construct,
    id: string,
    private readonly assertions: Assertion[],
  ) {
    super(scope, id, 'check');
    requireTerraform(this, '1.5');
  }

  public override toTerraform(): any {
    const assert = this.assertions.map(({ condition, message }) => ({ condition, error_message: literal(message) }));
    return { check: { [this.friendlyUniqueId]: merged({ assert }, this.rawOverrides) } };
  }

  public override toHclTerraform(): any {
    refuseHcl(this, 'check blocks');
  }
}
