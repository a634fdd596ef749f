import { TerraformStack } from 'cdktf';
import { requireTerraform } from '../../lib/terraform/required-version';
import { newApp, newStack, synth } from '../support';

function versionOf(stack: TerraformStack): unknown {
  return synth(stack).terraform.required_version;
}

describe('requireTerraform', () => {
  test.each<[string, ('1.5' | '1.11')[], string | undefined]>([
    ['nothing', [], undefined],
    ['1.5', ['1.5'], '>= 1.5'],
    ['1.11', ['1.11'], '>= 1.11'],
    ['1.5 and then 1.11', ['1.5', '1.11'], '>= 1.11'],
    ['1.11 and then 1.5, which is less', ['1.11', '1.5'], '>= 1.11'],
    ['1.5 twice', ['1.5', '1.5'], '>= 1.5'],
  ])('%s', (_, versions, expected) => {
    const stack = newStack();
    for (const version of versions) {
      requireTerraform(stack.node.findChild('azure'), version);
    }

    expect(versionOf(stack)).toBe(expected);
  });

  test('each stack has its own', () => {
    const app = newApp();
    const [one, other, third] = ['one', 'other', 'third'].map((id) => newStack(app, id));
    requireTerraform(one, '1.5');
    requireTerraform(other, '1.11');

    expect([one, other, third].map(versionOf)).toEqual(['>= 1.5', '>= 1.11', undefined]);
  });
});
