import { TerraformOutput, TerraformStack, TerraformVariable } from 'cdktf';
import { expressionOf } from '../../lib/terraform/expression';
import { allOf, anyOf, conditional, listFor, mapFor, object, tryOr } from '../../lib/terraform/hcl';
import { newApp, synth } from '../support';

function render(make: (stack: TerraformStack) => unknown): unknown {
  const stack = new TerraformStack(newApp(), 'stack');
  new TerraformOutput(stack, 'value', { value: make(stack) });
  return synth(stack).output.value.value;
}

const one = expressionOf`one`;
const two = expressionOf`two`;

test.each([
  ['conditional', conditional(one, 'yes', null), 'one ? "yes" : null'],
  ['one condition', allOf(one), 'one'],
  ['several conditions', allOf(one, two, expressionOf`three`), 'one && two && three'],
  ['one of several', anyOf(one, two, expressionOf`three`), 'one || two || three'],
  ['a fallback', tryOr(expressionOf`a.b`, {}), 'try(a.b, {})'],
  ['a text as a fallback, quoted', tryOr(one, 'a "b" ${c}'), 'try(one, "a \\"b\\" $${c}")'],
  ['an object', object({ type: 'x', count: 2, on: true }), '{ type = "x", count = 2, on = true }'],
  ['a list of what a loop makes', listFor({ each: 'role', in: one, value: two }), '[for role in one : two]'],
  [
    'a list with a condition',
    listFor({ each: 'role', in: ['a', 'b'], value: expressionOf`role`, when: two }),
    '[for role in ["a", "b"] : role if two]',
  ],
  ['a map', mapFor({ each: 'k, v', in: one, key: expressionOf`k`, value: 'v' }), '{ for k, v in one : k => "v" }'],
  [
    'a map in a map, with conditions',
    mapFor({
      each: 'ids',
      in: [one],
      key: 'all',
      value: mapFor({ each: 'id', in: expressionOf`ids`, key: expressionOf`id`, value: {} }),
      when: expressionOf`length(ids) > 0`,
    }),
    '{ for ids in [one] : "all" => { for id in ids : id => {} } if length(ids) > 0 }',
  ],
])('%s', (_, expression, code) => {
  expect(render(() => expression)).toBe(`\${${code}}`);
});

test('values may be references', () => {
  const code = render((stack) => {
    const variable = new TerraformVariable(stack, 'names', {});
    return mapFor({ each: 'name', in: variable.listValue, key: expressionOf`name`, value: variable.stringValue });
  });
  expect(code).toBe('${{ for name in var.names : name => var.names }}');
});
