import { TerraformOutput } from 'cdktf';
import { planWithoutSecrets } from '../../lib/terraform/plan-without-secrets';
import { newStack, synth } from '../support';

test('planWithoutSecrets is one variable for a stack, however often it is asked for', () => {
  const stack = newStack();
  const first = planWithoutSecrets(stack.node.findChild('azure'));
  const second = planWithoutSecrets(stack);
  new TerraformOutput(stack, 'out', { value: [first, second] });
  const terraform = synth(stack);

  expect(terraform.output.out.value).toEqual(['${var.plan_without_secrets}', '${var.plan_without_secrets}']);
  expect(terraform.variable).toEqual({
    plan_without_secrets: {
      type: 'bool',
      default: false,
      nullable: false,
      description:
        'Plan without opening client secrets, for an identity that may not list them. Such a plan cannot be applied.',
    },
  });
});
