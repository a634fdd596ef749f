import { IResolvable, IResolveContext, ref, TerraformStack } from 'cdktf';
import { IConstruct } from 'constructs';
import { Traceless } from './traceless';

/**
 * A reference to an attribute that takes no stack trace. cdktf takes one for each of its own, which is most of what a
 * reference costs; in its own stack a reference is its address and can hardly go wrong. From another stack it is
 * cdktf's, which makes the output and the remote state that it needs.
 */
export class LeanReference extends Traceless {
  /** The address as an expression, one text however often it is used. */
  private expression: string;
  private fromOtherStacks?: IResolvable;

  public constructor(
    address: string,
    private readonly stack: TerraformStack,
  ) {
    super();
    this.expression = `\${${address}}`;
  }

  public get address(): string {
    return this.expression.slice('${'.length, -'}'.length);
  }

  /** Lets everything that refers to this refer to another address of the same stack. */
  public redirect(address: string): void {
    this.expression = `\${${address}}`;
  }

  public resolve(context: IResolveContext): unknown {
    if (this.within(context.scope) !== undefined) {
      return context.suppressBraces ? this.address : this.expression;
    }
    this.fromOtherStacks ??= ref(this.address, this.stack);
    return this.fromOtherStacks.resolve(context);
  }

  /** The expression, if a construct is in the stack that is referred to. */
  public within(scope: IConstruct): string | undefined {
    return TerraformStack.of(scope) === this.stack ? this.expression : undefined;
  }
}
