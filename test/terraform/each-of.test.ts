import { TerraformOutput, TerraformVariable } from 'cdktf';
import { eachOf } from '../../lib/terraform/each-of';
import { newStack, synth } from '../support';

function render(make: (variable: (name: string) => TerraformVariable) => unknown): unknown {
  const stack = newStack();
  const value = make((name) => new TerraformVariable(stack, name, {}));
  new TerraformOutput(stack, 'out', { value });
  return synth(stack).output.out.value;
}

describe('eachOf', () => {
  test('literal names are keys and values', () => {
    expect(render(() => eachOf(['echo', 'orders']))).toEqual({ echo: 'echo', orders: 'orders' });
  });

  test('names that look like templates or like what JavaScript has of its own', () => {
    expect(eachOf(['a${b}', 'constructor'])).toEqual({ 'a$${b}': 'a$${b}', constructor: 'constructor' });
    expect(JSON.stringify(eachOf(['__proto__']))).toBe('{"__proto__":"__proto__"}');
  });

  test('with a token among them, Terraform makes the map and refuses doubles', () => {
    expect(render((variable) => eachOf(['echo${1}', variable('api').stringValue]))).toBe(
      '${{ for name in ["echo$${1}", var.api] : name => name }}',
    );
  });

  test('a list that is a token', () => {
    expect(render((variable) => eachOf(variable('apis').listValue))).toBe('${{ for name in var.apis : name => name }}');
  });

  test('what the caller does to the list later changes nothing', () => {
    const result = render((variable) => {
      const names = [variable('api').stringValue];
      const each = eachOf(names);
      names.push('later');
      return each;
    });
    expect(result).toBe('${{ for name in [var.api] : name => name }}');
  });
});
