import {
  Aspects,
  IAspect,
  TerraformHclModule,
  TerraformIterator,
  TerraformOutput,
  TerraformResource,
  TerraformStack,
  TerraformVariable,
  Testing,
  Token,
} from 'cdktf';
import { IConstruct } from 'constructs';
import { AzapiProvider, AzapiResource, AzapiResourceConfig } from '../../lib';
import { expressionOf } from '../../lib/terraform/expression';
import {
  blockOf,
  child,
  counts,
  errorOf,
  metadataOf,
  newApp,
  newInstance,
  newProduct,
  newStack,
  synth,
  synthText,
} from '../support';

const MINIMAL: AzapiResourceConfig = {
  type: 'Microsoft.Foo/bars@2024-01-01',
  parentId: '/subscriptions/1',
  name: 'one',
};
const MINIMAL_BLOCK = {
  type: 'Microsoft.Foo/bars@2024-01-01',
  parent_id: '/subscriptions/1',
  name: 'one',
  response_export_values: [],
};

/** For imports and moves, which cdktf validates by running the terraform that is installed. */
function unvalidatedStack(): TerraformStack {
  return newStack(newApp({ skipValidation: true }));
}

/** One resource in a stack of its own, and its block. */
function declared(
  config: Partial<AzapiResourceConfig> = {},
  then: (resource: AzapiResource) => void = () => undefined,
) {
  const stack = unvalidatedStack();
  const resource = new AzapiResource(stack, 'one', { ...MINIMAL, ...config });
  then(resource);
  const terraform = synth(stack);
  return { terraform, resource, block: blockOf(terraform, resource) };
}

describe('AzapiResource', () => {
  test('default setup', () => {
    const { terraform, resource, block } = declared();

    expect(block).toEqual(MINIMAL_BLOCK);
    expect(resource.friendlyUniqueId).toBe('one');
    expect(metadataOf(terraform, resource)).toEqual({ metadata: { path: 'stack/one', uniqueId: 'one' } });
    expect(counts(terraform)).toEqual({ azapi_resource: 1 });
    expect(terraform.terraform.required_version).toBeUndefined();
  });

  test.each<[string, Partial<AzapiResourceConfig>, object]>([
    [
      'body',
      { body: { properties: { a: [1, { b: null }], camelCase: undefined, 'with-dash': true } } },
      { body: { properties: { a: [1, { b: null }], 'with-dash': true } } },
    ],
    ['location', { location: 'centraluseuap' }, { location: 'centraluseuap' }],
    ['tags', { tags: { costCenter: '5' } }, { tags: { costCenter: '5' } }],
    [
      'deleteQueryParameters',
      { deleteQueryParameters: { deleteSubscriptions: ['true'] } },
      { delete_query_parameters: { deleteSubscriptions: ['true'] } },
    ],
    [
      'replaceTriggersExternalValues',
      { replaceTriggersExternalValues: ['a', 1] },
      { replace_triggers_external_values: ['a', 1] },
    ],
    ['schemaValidationEnabled', { schemaValidationEnabled: false }, { schema_validation_enabled: false }],
    [
      'responseExportValues',
      { responseExportValues: { fooBar: 'properties.fooBar' } },
      { response_export_values: { fooBar: 'properties.fooBar' } },
    ],
    ['retry', { retry: { errorMessageRegex: ['a|b'] } }, { retry: { error_message_regex: ['a|b'] } }],
    [
      'retry with intervals',
      { retry: { errorMessageRegex: ['a'], intervalSeconds: 5, maxIntervalSeconds: 60 } },
      { retry: { error_message_regex: ['a'], interval_seconds: 5, max_interval_seconds: 60 } },
    ],
    [
      'timeouts',
      { timeouts: { create: '1h', read: '1m', update: '2h', delete: '3h' } },
      { timeouts: { create: '1h', read: '1m', update: '2h', delete: '3h' } },
    ],
    ['one timeout', { timeouts: { delete: '3h' } }, { timeouts: { delete: '3h' } }],
    [
      'lifecycle',
      { lifecycle: { ignoreChanges: ['body'], preventDestroy: true } },
      { lifecycle: { ignore_changes: ['body'], prevent_destroy: true } },
    ],
    [
      'lifecycle conditions',
      {
        lifecycle: {
          precondition: [{ condition: '${true}', errorMessage: 'no' }],
          replaceTriggeredBy: ['azapi_resource.other'],
        },
      },
      {
        lifecycle: {
          precondition: [{ condition: '${true}', error_message: 'no' }],
          replace_triggered_by: ['azapi_resource.other'],
        },
      },
    ],
  ])('%s', (_, config, expected) => {
    expect(declared(config).block).toEqual({ ...MINIMAL_BLOCK, ...expected });
  });

  test('all that a plain block has is the same in one that cdktf merges', () => {
    const config: Partial<AzapiResourceConfig> = {
      body: { properties: { a: { b: [1] }, snakeCase: 'x' } },
      tags: { costCenter: '5' },
      retry: { errorMessageRegex: ['a'] },
      timeouts: { read: '1m' },
      responseExportValues: { fooBar: 'x' },
      source: 'main.ts:3',
    };
    const plain = declared(config);
    const merged = declared({ ...config, lifecycle: { preventDestroy: true } });

    expect(merged.block).toEqual({ ...plain.block, lifecycle: { prevent_destroy: true } });
    expect(metadataOf(merged.terraform, merged.resource)).toEqual(metadataOf(plain.terraform, plain.resource));
  });

  test('source is a comment beside the block', () => {
    const { terraform, resource, block } = declared({ source: 'main.ts:12' });

    expect(block).toEqual(MINIMAL_BLOCK);
    expect(metadataOf(terraform, resource)).toEqual({
      metadata: { path: 'stack/one', uniqueId: 'one' },
      source: 'main.ts:12',
    });
  });

  test('provider chooses a configuration by its alias', () => {
    const stack = newStack();
    const provider = new AzapiProvider(stack, 'other', { alias: 'other' });
    const resource = new AzapiResource(stack, 'one', { ...MINIMAL, provider });

    expect(blockOf(synth(stack), resource).provider).toBe('azapi.other');
  });

  test('without the provider in the stack, synthesis fails', () => {
    const stack = new TerraformStack(newApp(), 'bare');
    new AzapiResource(stack, 'one', MINIMAL);

    expect(errorOf(() => synth(stack))).toMatch(/Found resources without a matching provider construct/);
  });

  describe('attributes', () => {
    test('are references, read once', () => {
      const stack = newStack();
      const resource = new AzapiResource(stack, 'one', { ...MINIMAL, responseExportValues: { key: 'properties.key' } });
      new TerraformOutput(stack, 'out', {
        value: [resource.id, resource.name, resource.output('key'), resource.outputValue('key'), resource.fqn],
      });

      expect(resource.id).toBe(resource.id);
      expect(resource.name).toBe(resource.name);
      expect(resource.outputValue('key')).toBe(resource.outputValue('key'));
      expect(synth(stack).output.out.value).toEqual([
        '${azapi_resource.one.id}',
        '${azapi_resource.one.name}',
        '${azapi_resource.one.output.key}',
        '${azapi_resource.one.output.key}',
        '${azapi_resource.one}',
      ]);
    });

    test('tokens are taken in every argument', () => {
      const stack = newStack();
      const variable = new TerraformVariable(stack, 'any', {});
      const resource = new AzapiResource(stack, 'one', {
        type: variable.stringValue,
        parentId: `${variable.stringValue}/x`,
        name: variable.stringValue,
        location: variable.stringValue,
        body: { a: variable.value, b: variable.numberValue, c: [variable.booleanValue] },
        tags: Token.asStringMap(variable.value),
        deleteQueryParameters: { a: variable.listValue },
        retry: { errorMessageRegex: variable.listValue, intervalSeconds: variable.numberValue },
      });

      expect(blockOf(synth(stack), resource)).toEqual({
        type: '${var.any}',
        parent_id: '${var.any}/x',
        name: '${var.any}',
        location: '${var.any}',
        body: { a: '${var.any}', b: '${var.any}', c: ['${var.any}'] },
        tags: '${var.any}',
        delete_query_parameters: { a: '${var.any}' },
        retry: { error_message_regex: '${var.any}', interval_seconds: '${var.any}' },
        response_export_values: [],
      });
    });
  });

  describe('dependencies', () => {
    test('are addresses, of resources, data sources and modules', () => {
      const stack = newStack();
      const first = new AzapiResource(stack, 'first', MINIMAL);
      const module = new TerraformHclModule(stack, 'module', { source: 'registry/module/any' });
      const resource = new AzapiResource(stack, 'one', { ...MINIMAL, dependsOn: [first, module] });
      resource.addDependency(new AzapiResource(stack, 'second', MINIMAL), new AzapiResource(stack, 'third', MINIMAL));

      expect(blockOf(synth(stack), resource).depends_on).toEqual([
        'azapi_resource.first',
        'module.module',
        'azapi_resource.second',
        'azapi_resource.third',
      ]);
    });

    test('of another stack are left out, whatever they are', () => {
      const app = newApp();
      const other = newStack(app, 'other');
      const there = new AzapiResource(other, 'there', MINIMAL);
      const module = new TerraformHclModule(other, 'module', { source: 'registry/module/any' });
      const stack = newStack(app);
      const resource = new AzapiResource(stack, 'one', { ...MINIMAL, dependsOn: [there, module] });
      const terraform = synth(stack);

      expect(blockOf(terraform, resource)).toEqual(MINIMAL_BLOCK);
      expect(terraform.data).toBeUndefined();
    });

    test("the caller's list is copied", () => {
      const stack = newStack();
      const dependsOn = [new AzapiResource(stack, 'first', MINIMAL)];
      const resource = new AzapiResource(stack, 'one', { ...MINIMAL, dependsOn });
      dependsOn.push(new AzapiResource(stack, 'late', MINIMAL));

      expect(blockOf(synth(stack), resource).depends_on).toEqual(['azapi_resource.first']);
    });

    test('are joined to what cdktf itself is told', () => {
      const stack = newStack();
      const first = new AzapiResource(stack, 'first', MINIMAL);
      const resource = new AzapiResource(stack, 'one', { ...MINIMAL, dependsOn: [first] });
      resource.dependsOn = ['azapi_resource.zero'];

      expect(blockOf(synth(stack), resource).depends_on).toEqual(['azapi_resource.zero', 'azapi_resource.first']);
    });
  });

  describe('many instances', () => {
    test('by an iterator', () => {
      const stack = newStack();
      const iterator = TerraformIterator.fromMap({ a: 1, b: 2 });
      const resource = new AzapiResource(stack, 'one', {
        ...MINIMAL,
        forEach: iterator,
        name: iterator.key,
        body: { properties: { value: iterator.value } },
      });
      const block = blockOf(synth(stack), resource);

      expect(block).toEqual({
        ...MINIMAL_BLOCK,
        for_each: { a: 1, b: 2 },
        name: '${each.key}',
        body: { properties: { value: '${each.value}' } },
      });
    });

    test('by an expression', () => {
      const stack = newStack();
      const instances = expressionOf`toset(${new TerraformVariable(stack, 'names', {}).listValue})`;
      const resource = new AzapiResource(stack, 'one', { ...MINIMAL, instances });

      expect(blockOf(synth(stack), resource)).toEqual({ ...MINIMAL_BLOCK, for_each: '${toset(var.names)}' });
    });

    test('by an expression, with a lifecycle', () => {
      const { block } = declared({
        instances: expressionOf`toset(${['a']})`,
        lifecycle: { createBeforeDestroy: true },
      });
      expect(block).toEqual({
        ...MINIMAL_BLOCK,
        for_each: '${toset(["a"])}',
        lifecycle: { create_before_destroy: true },
      });
    });
  });

  describe('imports', () => {
    test('importFrom takes over a single object and needs Terraform 1.5', () => {
      const { terraform, block } = declared({}, (resource) => resource.importFrom('/subscriptions/1/x'));

      expect(terraform.import).toEqual([{ id: '/subscriptions/1/x?api-version=2024-01-01', to: 'azapi_resource.one' }]);
      const { response_export_values: _none, ...rest } = MINIMAL_BLOCK as { [name: string]: unknown };
      expect(block).toEqual(rest);
      expect(terraform.terraform.required_version).toBe('>= 1.5');
    });

    test('what Azure does not know of an imported object is left out, and exported values are read instead', () => {
      const stack = unvalidatedStack();
      const provider = new AzapiProvider(stack, 'other', { alias: 'other' });
      const resource = new AzapiResource(stack, 'one', {
        ...MINIMAL,
        responseExportValues: { early: 'properties.early', late: 'properties.late' },
        retry: { errorMessageRegex: ['x'] },
        timeouts: { create: '1h' },
        deleteQueryParameters: { force: ['true'] },
        replaceTriggersExternalValues: 'x',
      });
      const early = resource.output('early');
      resource.importFrom('/subscriptions/1/x?api-version=2023-01-01', provider);
      new TerraformOutput(stack, 'early', { value: early });
      new TerraformOutput(stack, 'late', { value: resource.output('late') });
      new TerraformOutput(stack, 'id', { value: resource.id });

      const terraform = synth(stack);
      expect(Object.keys(terraform.resource.azapi_resource.one).sort()).toEqual(['//', 'name', 'parent_id', 'type']);
      expect(terraform.import).toMatchObject([{ id: '/subscriptions/1/x?api-version=2023-01-01' }]);
      const [[name, read]] = Object.entries<any>(terraform.data.azapi_resource);
      expect(read).toMatchObject({
        resource_id: '/subscriptions/1/x',
        provider: 'azapi.other',
        response_export_values: { early: 'properties.early', late: 'properties.late' },
      });
      expect(terraform.output).toEqual({
        early: { value: `\${data.azapi_resource.${name}.output.early}` },
        late: { value: `\${data.azapi_resource.${name}.output.late}` },
        id: { value: '${azapi_resource.one.id}' },
      });
    });

    test('instances that are not imported keep all arguments', () => {
      const { block } = declared(
        {
          instances: expressionOf`toset(${['a', 'b']})`,
          replaceTriggersExternalValues: '${each.value}',
          retry: { errorMessageRegex: ['x'], intervalSeconds: 1 },
        },
        (resource) => resource.importInstance('a', '/x/a'),
      );
      expect(block).toMatchObject({
        replace_triggers_external_values: '${[null, each.value][contains(["a"], each.key) ? 0 : 1]}',
        retry: '${[null, {"error_message_regex":["x"],"interval_seconds":1}][contains(["a"], each.key) ? 0 : 1]}',
      });
    });

    test('importFrom by another provider', () => {
      const stack = unvalidatedStack();
      const provider = new AzapiProvider(stack, 'other', { alias: 'other' });
      new AzapiResource(stack, 'one', MINIMAL).importFrom('/x', provider);

      expect(synth(stack).import).toEqual([
        { id: '/x?api-version=2024-01-01', to: 'azapi_resource.one', provider: 'azapi.other' },
      ]);
    });

    test('importInstance takes over one instance by its key and needs Terraform 1.5', () => {
      const { terraform, block } = declared({ instances: expressionOf`toset(${['a', 'b"c']})` }, (resource) => {
        resource.importInstance('a', '/x/a');
        resource.importInstance('b"c', '/x/b');
      });

      expect(terraform.import).toEqual([
        { id: '/x/a?api-version=2024-01-01', to: 'azapi_resource.one["a"]' },
        { id: '/x/b?api-version=2024-01-01', to: 'azapi_resource.one["b\\"c"]' },
      ]);
      expect(block).toEqual({
        ...MINIMAL_BLOCK,
        response_export_values: '${[null, []][contains(["a", "b\\"c"], each.key) ? 0 : 1]}',
        for_each: '${toset(["a", "b\\"c"])}',
      });
      expect(terraform.terraform.required_version).toBe('>= 1.5');
    });

    test.each<[string, Partial<AzapiResourceConfig>, (resource: AzapiResource) => void, string]>([
      [
        'a single import of a resource with forEach',
        { forEach: TerraformIterator.fromMap({ a: 1 }) },
        (resource) => resource.importFrom('/x'),
        'stack/one: importFrom: a resource with forEach has no address without a key; use importInstance(key, id)',
      ],
      [
        'a single import of a resource with instances',
        { instances: expressionOf`toset(${['a']})` },
        (resource) => resource.importFrom('/x'),
        'stack/one: importFrom: a resource with forEach has no address without a key; use importInstance(key, id)',
      ],
      [
        'an import by key of a single resource',
        {},
        (resource) => resource.importInstance('a', '/x'),
        'stack/one: importInstance: the resource has no forEach; use importFrom(id)',
      ],
      [
        'a key twice',
        { instances: expressionOf`toset(${['a']})` },
        (resource) => {
          resource.importInstance('a', '/x');
          resource.importInstance('a', '/y');
        },
        'stack/one: importInstance: key "a" is imported already; give each key once',
      ],
    ])('fails on %s', (_, config, then, message) => {
      expect(errorOf(() => declared(config, then))).toBe(message);
    });
  });

  describe('moves', () => {
    test('moveFromId', () => {
      const { terraform, block } = declared({}, (resource) => resource.moveFromId('azapi_resource.former'));

      expect(terraform.moved).toEqual([{ from: 'azapi_resource.former', to: 'azapi_resource.one' }]);
      expect(block).toEqual(MINIMAL_BLOCK);
    });

    test('moveTo leaves a moved block and no resource', () => {
      const stack = unvalidatedStack();
      const target = new AzapiResource(stack, 'target', MINIMAL);
      target.addMoveTarget('target');
      new AzapiResource(stack, 'former', MINIMAL).moveTo('target');
      const terraform = synth(stack);

      expect(terraform.moved).toEqual([{ from: 'azapi_resource.former', to: 'azapi_resource.target' }]);
      expect(counts(terraform)).toEqual({ azapi_resource: 1 });
      expect(blockOf(terraform, target)).toEqual(MINIMAL_BLOCK);
    });

    test('moveTo of a resource with instances', () => {
      const stack = unvalidatedStack();
      const target = new AzapiResource(stack, 'target', MINIMAL);
      target.addMoveTarget('target');
      new AzapiResource(stack, 'former', { ...MINIMAL, instances: expressionOf`toset(${['a']})` }).moveTo('target');

      expect(counts(synth(stack))).toEqual({ azapi_resource: 1 });
    });
  });

  describe('overrides', () => {
    test('of an element are merged into its block', () => {
      const { block } = declared({ body: { properties: { a: 1, b: 2 } } }, (resource) => {
        resource.addOverride('body.properties.a', 9);
        resource.addOverride('locks', ['x']);
        resource.addOverride('lifecycle.prevent_destroy', true);
      });

      expect(block).toEqual({
        ...MINIMAL_BLOCK,
        body: { properties: { a: 9, b: 2 } },
        locks: ['x'],
        lifecycle: { prevent_destroy: true },
      });
    });

    test('leave what the caller gave as it was', () => {
      const body = { properties: { a: 1 } };
      declared({ body }, (resource) => resource.addOverride('body.properties.a', 9));

      expect(body).toEqual({ properties: { a: 1 } });
    });

    test('of a stack are merged into the whole', () => {
      const stack = newStack();
      const resource = new AzapiResource(stack, 'one', MINIMAL);
      stack.addOverride('resource.azapi_resource.one.name', 'other');
      stack.addOverride('terraform.required_version', '>= 1.9');
      const terraform = synth(stack);

      expect(blockOf(terraform, resource)).toEqual({ ...MINIMAL_BLOCK, name: 'other' });
      expect(terraform.terraform.required_version).toBe('>= 1.9');
    });

    test('of the logical id move the block and every reference to it', () => {
      const stack = newStack();
      const resource = new AzapiResource(stack, 'one', MINIMAL);
      resource.overrideLogicalId('chosen');
      const dependent = new AzapiResource(stack, 'two', { ...MINIMAL, parentId: resource.id, dependsOn: [resource] });

      expect(blockOf(synth(stack), dependent)).toEqual({
        ...MINIMAL_BLOCK,
        parent_id: '${azapi_resource.chosen.id}',
        depends_on: ['azapi_resource.chosen'],
      });
    });
  });

  test('an aspect may still change it', () => {
    class Protect implements IAspect {
      public visit(node: IConstruct): void {
        if (TerraformResource.isTerraformResource(node)) {
          node.lifecycle = { preventDestroy: true };
        }
      }
    }
    const stack = newStack();
    const resource = new AzapiResource(stack, 'one', MINIMAL);
    Aspects.of(stack).add(new Protect());

    expect(blockOf(synth(stack), resource)).toEqual({ ...MINIMAL_BLOCK, lifecycle: { prevent_destroy: true } });
  });

  test('count and provisioners are rendered as cdktf does', () => {
    const { block } = declared({}, (resource) => {
      resource.count = 2;
      resource.provisioners = [{ type: 'local-exec', command: 'true' }];
    });

    expect(block).toEqual({ ...MINIMAL_BLOCK, count: 2, provisioner: [{ 'local-exec': { command: 'true' } }] });
  });

  test('synthesizing twice gives the same bytes', () => {
    const stack = newStack();
    const resource = new AzapiResource(stack, 'one', {
      ...MINIMAL,
      body: { a: [1] },
      lifecycle: { ignoreChanges: ['body'] },
      retry: { errorMessageRegex: ['a'] },
    });
    resource.addOverride('retry.error_message_regex', ['b']);
    resource.addOverride('body.a', [2]);

    expect(synthText(stack)).toBe(synthText(stack));
  });

  test('fails to be written as HCL', () => {
    const stack = new TerraformStack(newApp(), 'stack');
    new AzapiResource(stack, 'one', MINIMAL);

    expect(errorOf(() => Testing.synthHcl(stack))).toBe(
      "stack/one: azapi_resource blocks cannot be written as HCL; synthesize JSON, cdktf's default",
    );
  });
});

describe('overrideLogicalId', () => {
  test('names the block as long as nothing refers to it', () => {
    const stack = newStack();
    new AzapiResource(stack, 'one', MINIMAL).overrideLogicalId('other');
    expect(Object.keys(synth(stack).resource.azapi_resource)).toEqual(['other']);
  });

  test('is refused once the address is used, which cdktf would ignore', () => {
    const { resource } = declared();
    expect(resource.id).toContain('TfToken');
    expect(errorOf(() => resource.overrideLogicalId('other'))).toBe(
      "stack/one: overrideLogicalId: the address one is used by other blocks already; change the construct's id instead, with a moved block where the object exists",
    );
  });

  test('is refused for a resource of azurerm whose address is used, too', () => {
    const stack = newStack();
    const apim = newInstance(stack);
    newProduct(stack, apim);
    synth(stack);
    expect(() => child(apim, 'directory-role-assignment').overrideLogicalId('other')).toThrow(
      'stack/apim/directory-role-assignment: overrideLogicalId: the address apim_directory-role-assignment_',
    );
  });
});
