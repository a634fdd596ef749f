import { TerraformOutput, TerraformStack, Testing } from 'cdktf';
import {
  AzapiProvider,
  AzapiResource,
  EphemeralAzapiResourceAction,
  EphemeralAzapiResourceActionConfig,
} from '../../lib';
import { expressionOf } from '../../lib/terraform/expression';
import { counts, errorOf, newApp, newStack, synth, synthText } from '../support';

const MINIMAL: EphemeralAzapiResourceActionConfig = { type: 'Microsoft.Foo/bars@2024-01-01', resourceId: '/x' };
const MINIMAL_BLOCK = { type: 'Microsoft.Foo/bars@2024-01-01', resource_id: '/x', response_export_values: [] };

function blockOf(stack: TerraformStack, id = 'one'): any {
  return synth(stack).ephemeral.azapi_resource_action[id];
}

describe('EphemeralAzapiResourceAction', () => {
  test('default setup', () => {
    const stack = newStack();
    const action = new EphemeralAzapiResourceAction(stack, 'one', MINIMAL);
    const terraform = synth(stack);

    expect(terraform.ephemeral).toEqual({ azapi_resource_action: { one: MINIMAL_BLOCK } });
    expect(counts(terraform)).toEqual({ 'ephemeral.azapi_resource_action': 1 });
    expect(terraform.terraform.required_version).toBe('>= 1.11');
    expect(action.friendlyUniqueId).toBe('one');
  });

  test('every setting', () => {
    const stack = newStack();
    const first = new AzapiResource(stack, 'first', { type: 't', parentId: '/', name: 'x' });
    new EphemeralAzapiResourceAction(stack, 'one', {
      ...MINIMAL,
      resourceId: first.id,
      action: 'listSecrets',
      method: 'GET',
      body: { a: 1 },
      responseExportValues: { secretValue: 'entra.secret' },
      retry: { errorMessageRegex: ['a'], intervalSeconds: 1 },
      openTimeout: '5m',
      dependsOn: [first],
      provider: new AzapiProvider(stack, 'other', { alias: 'other' }),
    });

    expect(blockOf(stack)).toEqual({
      ...MINIMAL_BLOCK,
      resource_id: '${azapi_resource.first.id}',
      action: 'listSecrets',
      method: 'GET',
      body: { a: 1 },
      response_export_values: { secretValue: 'entra.secret' },
      retry: { error_message_regex: ['a'], interval_seconds: 1 },
      timeouts: { open: '5m' },
      depends_on: ['azapi_resource.first'],
      provider: 'azapi.other',
    });
  });

  test('output is a reference, read once', () => {
    const stack = newStack();
    const action = new EphemeralAzapiResourceAction(stack, 'one', MINIMAL);
    new TerraformOutput(stack, 'out', { value: action.output('secret') });

    expect(action.output('secret')).toBe(action.output('secret'));
    expect(synth(stack).output.out.value).toBe('${ephemeral.azapi_resource_action.one.output.secret}');
  });

  test.each([
    ['the default one', {}, undefined],
    ['that of the resource', { providerOf: true }, 'azapi.other'],
    ['its own, before that of the resource', { providerOf: true, provider: true }, 'azapi.own'],
    ['one that is set later', { providerOf: true, later: true }, 'azapi.own'],
  ])('provider: %s', (_, given: { providerOf?: boolean; provider?: boolean; later?: boolean }, expected) => {
    const stack = newStack();
    const [own, other] = ['own', 'other'].map((alias) => new AzapiProvider(stack, alias, { alias }));
    const resource = new AzapiResource(stack, 'first', { type: 't', parentId: '/', name: 'x' });
    const action = new EphemeralAzapiResourceAction(stack, 'one', {
      ...MINIMAL,
      provider: given.provider ? own : undefined,
      providerOf: given.providerOf ? resource : undefined,
    });
    // As aspects do it, once everything is declared.
    resource.provider = other;
    action.provider = given.later ? own : action.provider;

    expect(blockOf(stack).provider).toBe(expected);
  });

  test("depends on nothing of another stack, and keeps its own copy of the caller's list", () => {
    const app = newApp();
    const there = new AzapiResource(newStack(app, 'other'), 'there', { type: 't', parentId: '/', name: 'x' });
    const stack = newStack(app);
    const dependsOn = [there];
    new EphemeralAzapiResourceAction(stack, 'one', { ...MINIMAL, dependsOn });
    dependsOn.push(new AzapiResource(stack, 'late', { type: 't', parentId: '/', name: 'x' }));

    expect(blockOf(stack)).toEqual(MINIMAL_BLOCK);
  });

  test('overrides are merged into the block', () => {
    const stack = newStack();
    const body = { properties: { a: 1, b: 2 } };
    const action = new EphemeralAzapiResourceAction(stack, 'one', {
      ...MINIMAL,
      body,
      retry: { errorMessageRegex: ['a'], intervalSeconds: 1 },
      action: 'x',
    });
    action.addOverride('body.properties.a', 9);
    action.addOverride('retry.error_message_regex', ['b']);
    action.addOverride('retry.interval_seconds', expressionOf`1 + ${1}`);
    action.addOverride('locks', ['y']);
    action.addOverride('action', undefined);

    expect(blockOf(stack)).toEqual({
      ...MINIMAL_BLOCK,
      body: { properties: { a: 9, b: 2 } },
      retry: { error_message_regex: ['a', 'b'], interval_seconds: '${1 + 1}' },
      locks: ['y'],
    });
    expect(body).toEqual({ properties: { a: 1, b: 2 } });
    expect(synthText(stack)).toBe(synthText(stack));
  });

  test('fails to be written as HCL', () => {
    const stack = new TerraformStack(newApp(), 'stack');
    new EphemeralAzapiResourceAction(stack, 'one', MINIMAL);

    expect(errorOf(() => Testing.synthHcl(stack))).toBe(
      "stack/one: ephemeral blocks cannot be written as HCL; synthesize JSON, cdktf's default",
    );
  });
});
