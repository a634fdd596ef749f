import { IResolvable, TerraformStack, TerraformVariable } from 'cdktf';
import { IConstruct } from 'constructs';
import { expressionOf } from './expression';

const NAME = 'plan_without_secrets';

/**
 * The stack's switch for identities that may read but not call `listSecrets`: with
 * `-var plan_without_secrets=true` a plan opens no secret, and cannot be applied.
 */
export function planWithoutSecrets(scope: IConstruct): IResolvable {
  const stack = TerraformStack.of(scope);
  if (stack.node.tryFindChild(NAME) === undefined) {
    new TerraformVariable(stack, NAME, {
      type: 'bool',
      default: false,
      nullable: false,
      description:
        'Plan without opening client secrets, for an identity that may not list them. Such a plan cannot be applied.',
    });
  }
  return expressionOf`var.plan_without_secrets`;
}
