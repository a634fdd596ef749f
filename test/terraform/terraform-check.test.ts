import { TerraformStack, TerraformVariable, Testing } from 'cdktf';
import { expressionOf } from '../../lib/terraform/expression';
import { TerraformCheck } from '../../lib/terraform/terraform-check';
import { errorOf, newApp, newStack, synth } from '../support';

describe('TerraformCheck', () => {
  test('default setup', () => {
    const stack = newStack();
    const name = new TerraformVariable(stack, 'name', {}).stringValue;
    new TerraformCheck(stack, 'one', [
      { condition: expressionOf`${name} != ${'x'}`, message: 'x is taken' },
      { condition: expressionOf`true`, message: `\${x} of ${'%{y}'}` },
    ]);
    const terraform = synth(stack);

    expect(terraform.check).toEqual({
      one: {
        assert: [
          { condition: '${var.name != "x"}', error_message: 'x is taken' },
          { condition: '${true}', error_message: '$${x} of %%{y}' },
        ],
      },
    });
    expect(terraform.terraform.required_version).toBe('>= 1.5');
  });

  test('overrides are merged', () => {
    const stack = newStack();
    const check = new TerraformCheck(stack, 'one', [{ condition: expressionOf`true`, message: 'a' }]);
    check.addOverride('assert', [{ condition: '${false}', error_message: 'b' }]);

    expect(synth(stack).check.one.assert).toEqual([
      { condition: '${true}', error_message: 'a' },
      { condition: '${false}', error_message: 'b' },
    ]);
  });

  test('fails to be written as HCL', () => {
    const stack = new TerraformStack(newApp(), 'stack');
    new TerraformCheck(stack, 'one', [{ condition: expressionOf`true`, message: 'a' }]);

    expect(errorOf(() => Testing.synthHcl(stack))).toBe(
      "stack/one: check blocks cannot be written as HCL; synthesize JSON, cdktf's default",
    );
  });
});
