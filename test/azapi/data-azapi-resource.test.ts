import { TerraformIterator, TerraformOutput, TerraformStack, Testing } from 'cdktf';
import { AzapiProvider, AzapiResource, DataAzapiResource } from '../../lib';
import { blockOf, counts, errorOf, metadataOf, newApp, newStack, synth } from '../support';

describe('DataAzapiResource', () => {
  test('default setup', () => {
    const stack = newStack();
    const data = new DataAzapiResource(stack, 'one', { type: 'Microsoft.Foo/bars@2024-01-01', resourceId: '/x' });
    const terraform = synth(stack);

    expect(blockOf(terraform, data)).toEqual({
      type: 'Microsoft.Foo/bars@2024-01-01',
      resource_id: '/x',
      response_export_values: [],
    });
    expect(metadataOf(terraform, data)).toEqual({ metadata: { path: 'stack/one', uniqueId: 'one' } });
    expect(counts(terraform)).toEqual({ 'data.azapi_resource': 1 });
  });

  test('every setting', () => {
    const stack = newStack();
    const first = new AzapiResource(stack, 'first', { type: 't', parentId: '/', name: 'x' });
    const before = new DataAzapiResource(stack, 'before', { type: 't', resourceId: '/x' });
    const data = new DataAzapiResource(stack, 'one', {
      type: 't',
      resourceId: '/x',
      ignoreNotFound: true,
      responseExportValues: { key: 'properties.key' },
      retry: { errorMessageRegex: ['a'] },
      timeouts: { read: '1m' },
      dependsOn: [first, before],
      provider: new AzapiProvider(stack, 'other', { alias: 'other' }),
      lifecycle: { postcondition: [{ condition: '${self.exists}', errorMessage: 'gone' }] },
    });
    new TerraformOutput(stack, 'out', { value: [data.id, data.output('key'), data.outputValue('key')] });
    const terraform = synth(stack);

    expect(data.id).toBe(data.id);
    expect(data.outputValue('key')).toBe(data.outputValue('key'));
    expect(blockOf(terraform, data)).toEqual({
      type: 't',
      resource_id: '/x',
      ignore_not_found: true,
      response_export_values: { key: 'properties.key' },
      retry: { error_message_regex: ['a'] },
      timeouts: { read: '1m' },
      depends_on: ['azapi_resource.first', 'data.azapi_resource.before'],
      provider: 'azapi.other',
      lifecycle: { postcondition: [{ condition: '${self.exists}', error_message: 'gone' }] },
    });
    expect(terraform.output.out.value).toEqual([
      '${data.azapi_resource.one.id}',
      '${data.azapi_resource.one.output.key}',
      '${data.azapi_resource.one.output.key}',
    ]);
  });

  test('many instances by an iterator', () => {
    const stack = newStack();
    const iterator = TerraformIterator.fromMap({ a: '/a' });
    const data = new DataAzapiResource(stack, 'one', { type: 't', resourceId: iterator.value, forEach: iterator });

    expect(blockOf(synth(stack), data)).toEqual({
      type: 't',
      resource_id: '${each.value}',
      for_each: { a: '/a' },
      response_export_values: [],
    });
  });

  test('depends on nothing of another stack', () => {
    const app = newApp();
    const there = new AzapiResource(newStack(app, 'other'), 'there', { type: 't', parentId: '/', name: 'x' });
    const stack = newStack(app);
    const data = new DataAzapiResource(stack, 'one', { type: 't', resourceId: '/x', dependsOn: [there] });

    expect(blockOf(synth(stack), data)).toEqual({ type: 't', resource_id: '/x', response_export_values: [] });
  });

  test('keeps what cdktf itself is told to depend on', () => {
    const stack = newStack();
    const data = new DataAzapiResource(stack, 'one', { type: 't', resourceId: '/x' });
    data.dependsOn = ['azapi_resource.zero'];

    expect(blockOf(synth(stack), data).depends_on).toEqual(['azapi_resource.zero']);
  });

  test('fails to be written as HCL', () => {
    const stack = new TerraformStack(newApp(), 'stack');
    new DataAzapiResource(stack, 'one', { type: 't', resourceId: '/x' });

    expect(errorOf(() => Testing.synthHcl(stack))).toBe(
      "stack/one: data.azapi_resource blocks cannot be written as HCL; synthesize JSON, cdktf's default",
    );
  });
});
