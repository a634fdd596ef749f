import { IResolvable, IResolveContext, ref, TerraformStack } from 'cdktf';
import { Traceless } from '../private/traceless';

/**
 * A reference to an attribute that takes no stack trace. cdktf takes one for each of its own, which is most of what a
 * reference costs; in its own stack a reference is its address and can hardly go wrong. From another stack it is
 * cdktf's, which makes the output and the remote state that it needs.
 */
export class LeanReference extends Traceless {
  private fromOtherStacks?: IResolvable;

  public constructor(
    private readonly address: string,
    private readonly stack: TerraformStack,
  ) {
    super();
  }

  public resolve(context: IResolveContext): unknown {
    if (TerraformStack.of(context.scope) === this.stack) return context.suppressBraces ? this.address : `\${${this.address}}`;
    this.fromOtherStacks ??= ref(this.address, this.stack);
    return this.fromOtherStacks.resolve(context);
  }
}
