import { TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { ApimInstanceWithIdentity, AzapiProvider, OAuthProduct } from 'cdktf-apim-oauth';
import { DeclaredInStack } from '../../lib/terraform/declared-in-stack';
import { TerraformDataBlock } from '../../lib/terraform/terraform-data-block';
import { newApp } from '../support';

const DATA = { tfResourceType: 'terraform_data', prototype: TerraformDataBlock.prototype };
const APIM = { tfResourceType: 'azurerm_api_management', prototype: TerraformDataBlock.prototype };
const pathsIn = (declared: DeclaredInStack): string[] => declared.ofType(DATA).map(({ node }) => node.path);

test('a stack is read once for all constructs that are validated, and again for one that is validated again', () => {
  const stack = new TerraformStack(newApp(), 'stack');
  const [gold, silver] = ['gold', 'silver'].map((id) => new Construct(stack, id));
  new TerraformDataBlock(gold, 'one', {});

  const declared = DeclaredInStack.when(gold);
  expect(DeclaredInStack.when(silver)).toBe(declared);
  expect(pathsIn(declared)).toEqual(['stack/gold/one']);
  expect(declared.ofType(APIM)).toEqual([]);

  new TerraformDataBlock(silver, 'two', {});
  const again = DeclaredInStack.when(silver);
  expect(pathsIn(again)).toEqual(['stack/gold/one', 'stack/silver/two']);
  expect(DeclaredInStack.when(gold)).toBe(again);
});

test('each stack has its own', () => {
  const app = newApp();
  const [first, second] = ['first', 'second'].map((id) => new TerraformStack(app, id));
  new TerraformDataBlock(first, 'one', {});
  expect(pathsIn(DeclaredInStack.when(first))).toEqual(['first/one']);
  expect(pathsIn(DeclaredInStack.when(second))).toEqual([]);
});

test('however many products a stack has, it is read the same number of times', () => {
  const readings = [1, 8].map((count) => {
    const app = newApp();
    const stack = new TerraformStack(app, 'stack');
    new AzapiProvider(stack, 'azapi', {});
    const instance = ApimInstanceWithIdentity.fromExisting(stack, 'apim', { name: 'contoso', resourceGroupName: 'rg' });
    for (let n = 0; n < count; n++) {
      new OAuthProduct(stack, `p${n}`, { instance, displayName: `P ${n}`, apiNames: [`api-${n}`, `other-${n}`] });
    }
    const reading = jest.spyOn(stack.node, 'findAll');
    stack.node.findAll().forEach(({ node }) => node.validate());
    return reading.mock.calls.length;
  });
  expect(readings).toEqual([2, 2]);
});
