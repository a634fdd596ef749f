import { TerraformOutput } from 'cdktf';
import { AzapiResourceAction } from '../../lib';
import { blockOf, counts, newStack, synth } from '../support';

describe('AzapiResourceAction', () => {
  test('default setup', () => {
    const stack = newStack();
    const action = new AzapiResourceAction(stack, 'one', { type: 'Microsoft.Foo/bars@2024-01-01', resourceId: '/x' });
    const terraform = synth(stack);

    expect(blockOf(terraform, action)).toEqual({
      type: 'Microsoft.Foo/bars@2024-01-01',
      resource_id: '/x',
      response_export_values: [],
    });
    expect(counts(terraform)).toEqual({ azapi_resource_action: 1 });
  });

  test('every setting', () => {
    const stack = newStack();
    const action = new AzapiResourceAction(stack, 'one', {
      type: 't',
      resourceId: '/x',
      action: 'start',
      method: 'PATCH',
      body: { a: null, b: 'c' },
      headers: { 'If-Match': '*' },
      queryParameters: { force: ['true'] },
      when: 'destroy',
      ignoreNotFound: true,
      responseExportValues: { state: 'properties.state' },
      timeouts: { create: '3h' },
    });
    new TerraformOutput(stack, 'out', { value: action.outputValue('state') });
    const terraform = synth(stack);

    expect(blockOf(terraform, action)).toEqual({
      type: 't',
      resource_id: '/x',
      action: 'start',
      method: 'PATCH',
      body: { a: null, b: 'c' },
      headers: { 'If-Match': '*' },
      query_parameters: { force: ['true'] },
      when: 'destroy',
      ignore_not_found: true,
      response_export_values: { state: 'properties.state' },
      timeouts: { create: '3h' },
    });
    expect(terraform.output.out.value).toBe('${azapi_resource_action.one.output.state}');
  });
});
