import { TerraformOutput, TerraformVariable } from 'cdktf';
import { AzapiUpdateResource } from '../../lib';
import { blockOf, counts, metadataOf, newStack, synth } from '../support';

describe('AzapiUpdateResource', () => {
  test('default setup', () => {
    const stack = newStack();
    const resource = new AzapiUpdateResource(stack, 'one', {
      type: 'Microsoft.Foo/bars@2024-01-01',
      resourceId: '/x',
      body: { properties: { a: 1 } },
    });
    const terraform = synth(stack);

    expect(blockOf(terraform, resource)).toEqual({
      type: 'Microsoft.Foo/bars@2024-01-01',
      resource_id: '/x',
      body: { properties: { a: 1 } },
      response_export_values: [],
    });
    expect(metadataOf(terraform, resource)).toEqual({ metadata: { path: 'stack/one', uniqueId: 'one' } });
    expect(counts(terraform)).toEqual({ azapi_update_resource: 1 });
  });

  test('every setting', () => {
    const stack = newStack();
    const first = new AzapiUpdateResource(stack, 'first', { type: 't', resourceId: '/x', body: {} });
    const resource = new AzapiUpdateResource(stack, 'one', {
      type: 't',
      resourceId: new TerraformVariable(stack, 'id', {}).stringValue,
      body: {},
      responseExportValues: { key: 'properties.key' },
      retry: { errorMessageRegex: ['a'], intervalSeconds: 1, maxIntervalSeconds: 2 },
      timeouts: { update: '1h' },
      dependsOn: [first],
      lifecycle: { replaceTriggeredBy: [first] },
      source: 'main.ts:2',
    });
    new TerraformOutput(stack, 'out', { value: [resource.id, resource.output('key')] });
    const terraform = synth(stack);

    expect(blockOf(terraform, resource)).toEqual({
      type: 't',
      resource_id: '${var.id}',
      body: {},
      response_export_values: { key: 'properties.key' },
      retry: { error_message_regex: ['a'], interval_seconds: 1, max_interval_seconds: 2 },
      timeouts: { update: '1h' },
      depends_on: ['azapi_update_resource.first'],
      lifecycle: { replace_triggered_by: ['${azapi_update_resource.first}'] },
    });
    expect(metadataOf(terraform, resource)).toMatchObject({ source: 'main.ts:2' });
    expect(terraform.output.out.value).toEqual([
      '${azapi_update_resource.one.id}',
      '${azapi_update_resource.one.output.key}',
    ]);
  });
});
