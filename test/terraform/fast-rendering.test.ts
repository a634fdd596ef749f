import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  App,
  DefaultTokenResolver,
  Fn,
  Lazy,
  StringConcat,
  TerraformStack,
  TerraformVariable,
  Token,
  Tokenization,
} from 'cdktf';
import { AzapiProvider, AzapiResource } from 'cdktf-apim-oauth';
import fc from 'fast-check';
import { late } from '../../lib/terraform/late';
import { onlyBlock } from '../../lib/terraform/fast-rendering';

const TYPE = 'Microsoft.ApiManagement/service/products@2024-10-01-preview';
let outdir: string;
let app: App;

beforeEach(() => {
  outdir = mkdtempSync(join(tmpdir(), 'fast-rendering-'));
  app = new App({ outdir });
});

afterEach(() => {
  rmSync(outdir, { recursive: true });
});

function stackOf(name: string): TerraformStack {
  const stack = new TerraformStack(app, name);
  new AzapiProvider(stack, 'azapi', { subscriptionId: '22222222-2222-2222-2222-222222222222' });
  return stack;
}

function written(stack: string): any {
  return JSON.parse(readFileSync(join(outdir, 'stacks', stack, 'cdk.tf.json'), 'utf8'));
}

test.each<[string, (variable: TerraformVariable) => unknown, (reference: string) => unknown]>([
  ['a text', (variable) => variable.stringValue, (reference) => `\${${reference}}`],
  ['part of a text', (variable) => `a-${variable.stringValue}-b`, (reference) => `a-\${${reference}}-b`],
  ['a number', (variable) => variable.numberValue, (reference) => `\${${reference}}`],
  ['a list', (variable) => variable.listValue, (reference) => `\${${reference}}`],
  ['a list of numbers', (variable) => Token.asNumberList(variable.value), (reference) => `\${${reference}}`],
  ['a map', (variable) => Token.asStringMap(variable.value), (reference) => `\${${reference}}`],
  ['a value of any type', (variable) => variable.value, (reference) => `\${${reference}}`],
  [
    'an item of a list',
    (variable) => ['x', { y: variable.stringValue }],
    (reference) => ['x', { y: `\${${reference}}` }],
  ],
  [
    'what is produced late',
    ({ value }) => Lazy.anyValue({ produce: () => [value] }),
    (reference) => [`\${${reference}}`],
  ],
])('a reference to another stack is found in %s', (_, valueOf, expected) => {
  const variable = new TerraformVariable(stackOf('source'), 'setting', {});
  new AzapiResource(stackOf('target'), 'gold', {
    type: TYPE,
    parentId: '/x',
    name: 'gold',
    body: { properties: { value: valueOf(variable) } },
  });
  app.synth();

  const output = Object.keys(written('source').output)[0];
  const reference = `data.terraform_remote_state.cross-stack-reference-input-source.outputs.${output}`;
  expect(written('target').resource.azapi_resource.gold.body.properties.value).toEqual(expected(reference));
  expect(Object.keys(written('target').data.terraform_remote_state)).toEqual(['cross-stack-reference-input-source']);
});

test('an attribute is referred to by its address in its own stack, and by way of the state from others', () => {
  const source = stackOf('source');
  const silver = new AzapiResource(source, 'silver', { type: TYPE, parentId: '/x', name: 'silver' });
  for (const stack of [source, stackOf('target'), stackOf('third')]) {
    new AzapiResource(stack, 'gold', {
      type: TYPE,
      parentId: silver.id,
      name: 'gold',
      body: { properties: { path: `${silver.id}/x` } },
    });
  }
  app.synth();

  const gold = (stack: string): any => written(stack).resource.azapi_resource.gold;
  const remote =
    '${data.terraform_remote_state.cross-stack-reference-input-source.outputs.cross-stack-output-azapi_resourcesilverid}';
  expect([gold('source').parent_id, gold('source').body.properties.path]).toEqual([
    '${azapi_resource.silver.id}',
    '${azapi_resource.silver.id}/x',
  ]);
  expect([gold('target').parent_id, gold('target').body.properties.path]).toEqual([remote, `${remote}/x`]);
  expect([gold('third').parent_id, gold('third').body.properties.path]).toEqual([remote, `${remote}/x`]);
});

test('what is undefined is left out, and what is null is kept', () => {
  new AzapiResource(stackOf('target'), 'gold', {
    type: TYPE,
    parentId: '/x',
    name: 'gold',
    body: { properties: { none: undefined, null: null } },
  });
  app.synth();

  expect(written('target').resource.azapi_resource.gold.body).toEqual({ properties: { null: null } });
});

test('an override of the stack reaches into a block', () => {
  const stack = stackOf('target');
  new AzapiResource(stack, 'gold', {
    type: TYPE,
    parentId: '/x',
    name: 'gold',
    body: { properties: { state: 'published' } },
  });
  stack.addOverride('resource.azapi_resource.gold.body.properties.state', 'notPublished');
  app.synth();

  expect(written('target').resource.azapi_resource.gold.body).toEqual({ properties: { state: 'notPublished' } });
});

/** What cdktf makes of a value in one pass. */
function once(stack: TerraformStack, value: unknown): unknown {
  return Tokenization.resolve(value, {
    scope: stack,
    resolver: new DefaultTokenResolver(new StringConcat()),
    preparing: false,
  });
}

describe('a block of its own', () => {
  const text = fc.oneof(
    fc.string(),
    fc.string({ unit: fc.constantFrom('$', '%', '{', '}', '"', '\\', 'T', '1', 'e', '5') }),
  );
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      text,
      fc.double(),
      fc.boolean(),
      fc.constant(null),
      fc.constant(undefined),
      tie('list'),
      tie('map'),
    ),
    list: fc.array(tie('value')),
    map: fc.dictionary(
      text.filter((name) => name !== '__proto__'),
      tie('value'),
    ),
  }));

  test('comes out as cdktf would resolve it', () => {
    const stack = stackOf('target');
    fc.assert(
      fc.property(value, (given) => {
        const block = once(
          stack,
          once(
            stack,
            onlyBlock('gold', () => ({ given })),
          ),
        );
        expect(block).toStrictEqual(once(stack, { gold: { given } }));
      }),
    );
  });

  test.each<[string, (stack: TerraformStack) => unknown]>([
    ['a token as a whole', (stack) => new TerraformVariable(stack, 'setting', {}).stringValue],
    ['a token in a text', (stack) => `a-${new TerraformVariable(stack, 'setting', {}).stringValue}-b`],
    ['an attribute', (stack) => new AzapiResource(stack, 'gold', { type: TYPE, parentId: '/x', name: 'gold' }).id],
    [
      'an attribute in a text',
      (stack) => `${new AzapiResource(stack, 'gold', { type: TYPE, parentId: '/x', name: 'gold' }).id}/x`,
    ],
    [
      'an attribute in an expression',
      (stack) => Fn.upper(new AzapiResource(stack, 'gold', { type: TYPE, parentId: '/x', name: 'gold' }).id),
    ],
    ['a name that is a token', (stack) => ({ [new TerraformVariable(stack, 'setting', {}).stringValue]: 1 })],
    [
      'what is made late, with tokens in it',
      (stack) => {
        const { stringValue } = new TerraformVariable(stack, 'setting', {});
        return late(() => [stringValue, late(() => undefined), { name: `${stringValue}-x` }]);
      },
    ],
  ])('holds %s as cdktf would resolve it', (_, make) => {
    const stack = stackOf('target');
    const given = make(stack);

    expect(
      once(
        stack,
        once(
          stack,
          onlyBlock('gold', () => ({ given })),
        ),
      ),
    ).toStrictEqual(once(stack, { gold: { given } }));
  });

  test('is its value as JSON, resolved already or not', () => {
    const stack = stackOf('target');
    const { stringValue } = new TerraformVariable(stack, 'setting', {});
    const resolved = once(
      stack,
      onlyBlock('gold', () => ({ name: stringValue })),
    );

    expect(JSON.stringify(resolved)).toBe('{"gold":{"name":"${var.setting}"}}');
    expect(JSON.stringify(onlyBlock('gold', () => ({ name: 'gold' })))).toBe('{"gold":{"name":"gold"}}');
  });

  test('is rendered again for each caller, so that one output cannot change another', () => {
    const stack = stackOf('target');
    new AzapiResource(stack, 'gold', {
      type: TYPE,
      parentId: '/x',
      name: 'gold',
      body: { properties: { tags: ['a'] } },
    });
    const first: any = stack.toTerraform();
    first.resource.azapi_resource.gold.body.properties.tags.push('b');

    expect((stack.toTerraform() as any).resource.azapi_resource.gold.body).toEqual({ properties: { tags: ['a'] } });
  });
});

test("rules of the lifecycle are written in Terraform's spelling", () => {
  const stack = stackOf('target');
  const other = new AzapiResource(stack, 'other', { type: TYPE, parentId: '/x', name: 'other' });
  new AzapiResource(stack, 'gold', {
    type: TYPE,
    parentId: '/x',
    name: 'gold',
    lifecycle: {
      createBeforeDestroy: true,
      preventDestroy: false,
      ignoreChanges: ['body'],
      replaceTriggeredBy: [other],
    },
  });
  app.synth();

  expect(written('target').resource.azapi_resource.gold.lifecycle).toEqual({
    create_before_destroy: true,
    prevent_destroy: false,
    ignore_changes: ['body'],
    replace_triggered_by: ['${azapi_resource.other}'],
  });
});
