import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, TerraformOutput, TerraformStack } from 'cdktf';
import { PreviewSandbox } from 'cdktf-apim-oauth';
import { summarize } from '../scripts/summarize';
import { accessOf } from '../scripts/summary/access';
import { inventoryOf } from '../scripts/summary/inventory';
import { Block, TerraformJson } from '../scripts/summary/synthesis';

const plain = { columns: 80, heading: (text: string): string => text };
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'summary-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

function terraform(parts: Partial<TerraformJson>): TerraformJson {
  return { resource: {}, data: {}, ephemeral: {}, check: {}, output: {}, ...parts };
}

function written(stacks: Record<string, { content: unknown; dependencies?: string[] }>): string {
  const entries = Object.entries(stacks).map(([name, { content, dependencies = [] }]) => {
    mkdirSync(join(directory, 'stacks', name), { recursive: true });
    writeFileSync(
      join(directory, 'stacks', name, 'cdk.tf.json'),
      typeof content === 'string' ? content : JSON.stringify(content),
    );
    return [
      name,
      { dependencies, synthesizedStackPath: `stacks/${name}/cdk.tf.json`, workingDirectory: `stacks/${name}` },
    ];
  });
  writeFileSync(
    join(directory, 'manifest.json'),
    JSON.stringify({ version: '0.21.0', stacks: Object.fromEntries(entries) }),
  );
  return directory;
}

function productLinks(application: string, products: string[]): Block {
  return {
    type: 'Microsoft.ApiManagement/service/clientApplications/productLinks@2024-10-01-preview',
    parent_id: `\${azapi_resource.${application}.id}`,
    for_each: Object.fromEntries(products.map((product) => [product, `\${azapi_resource.product-${product}.id}`])),
  };
}

describe('a synthesized sandbox', () => {
  let text: string;

  beforeEach(() => {
    const app = new App({ outdir: directory });
    new PreviewSandbox(app, 'sandbox', {
      ownerEmail: 'jane@contoso.com',
      subscriptionId: '22222222-2222-2222-2222-222222222222',
    });
    app.synth();
    const result = summarize(directory, plain);
    expect(result.failed).toBe(false);
    text = result.text;
  });

  test('says what was made', () => {
    expect(text).toMatch(/^Synthesized 1 stack to .*\.\n\nStack sandbox\n {2}resources +\d+/);
    expect(text).toMatch(/^ {4}azapi_resource products +2$/m);
    expect(text).toMatch(/^ {4}azapi_resource clientApplications\/productLinks +2 {2}\(1 block with for_each\)$/m);
    expect(text).toMatch(/^ {4}azurerm_api_management +1$/m);
    expect(text).toMatch(/^ {2}data sources +8$/m);
    expect(text).toMatch(/^ {2}ephemeral +1$/m);
    expect(text).toMatch(/^ {2}checks +2$/m);
  });

  test('shows who may call what, by the names that people gave', () => {
    expect(text).toMatch(/^ {2}Access +Starter +Unlimited\n {2}Sandbox \S.* +yes +yes$/m);
  });

  test('says where the files are and what comes next', () => {
    expect(text).toContain(`File: ${directory}/stacks/sandbox/cdk.tf.json`);
    expect(text).toContain(`npx cdktf-cli@0.21 deploy --skip-synth --output ${directory} sandbox`);
    expect(text).toContain(`cd ${directory}/stacks/sandbox && terraform init && terraform plan`);
  });

  test('has no colours and stays within 80 columns', () => {
    expect(text).not.toContain('\x1b');
    const paths = text.split('\n').filter((line) => line.includes(directory));
    expect(text.split('\n').filter((line) => line.length > 80 && !paths.includes(line))).toEqual([]);
  });
});

test('a stack without applications says so', () => {
  const app = new App({ outdir: directory });
  new TerraformOutput(new TerraformStack(app, 'plain'), 'answer', { value: 42 });
  app.synth();
  expect(summarize(directory, plain).text).toContain('  Access: no application is granted a product here.\n');
});

test('several stacks are listed in the order of their deployment', () => {
  written({ second: { content: {}, dependencies: ['first'] }, first: { content: {} } });
  const { text } = summarize(directory, plain);
  expect(text).toMatch(/^Synthesized 2 stacks to /);
  expect(text).toContain(`npx cdktf-cli@0.21 deploy --skip-synth --output ${directory} first second\n`);
  expect(text).toContain(
    `  (cd ${directory}/stacks/first && terraform init && terraform plan)\n  (cd ${directory}/stacks/second && `,
  );
});

test('headings are styled where the display says so', () => {
  written({ app: { content: {} } });
  expect(summarize(directory, { columns: 80, heading: (text) => `<${text}>` }).text).toContain('<Stack app>');
});

test('counts instances of for_each and marks what only Terraform can count', () => {
  const { resources } = inventoryOf(
    terraform({
      resource: {
        azurerm_x: { a: { for_each: { one: '1', two: '2' } }, b: {} },
        azurerm_y: { a: { for_each: '${toset(var.names)}' } },
        azurerm_z: { a: { count: 3 } },
      },
    }),
  );
  expect(resources).toEqual([
    { label: 'azurerm_x', blocks: 2, objects: 3, open: false },
    { label: 'azurerm_y', blocks: 1, objects: 1, open: true },
    { label: 'azurerm_z', blocks: 1, objects: 3, open: false },
  ]);
});

test('an application without a manifest is in the access table by its product links', () => {
  const access = accessOf(
    terraform({
      resource: {
        azapi_resource: {
          partner: { body: { properties: { displayName: 'Contoso $${Partner}' } } },
          links: productLinks('partner', ['gold', 'silver']),
          'product-gold': { body: { properties: { displayName: 'Gold' } } },
        },
      },
    }),
  );
  expect(access).toEqual({
    products: ['Gold', 'silver'],
    applications: [{ name: 'Contoso ${Partner}', products: new Set(['Gold', 'silver']) }],
  });
});

test('names that two share are told apart', () => {
  const access = accessOf(
    terraform({
      resource: {
        azapi_resource: {
          'product-gold': { body: { properties: { displayName: 'Gold' } } },
          'product-gold2': { body: { properties: { displayName: 'Gold' } } },
          links: productLinks('partner', ['gold', 'gold2']),
        },
      },
    }),
  );
  expect(access.products).toEqual(['Gold (azapi_resource.product-gold)', 'Gold (azapi_resource.product-gold2)']);
});

test('a table that is too wide becomes a list', () => {
  const products = Array.from({ length: 30 }, (_, at) => `product-number-${at}`);
  written({ app: { content: { resource: { azapi_resource: { links: productLinks('partner', products) } } } } });
  const { text } = summarize(directory, plain);
  expect(text).toContain('  Access\n  links\n    product-number-0, product-number-1,');
  expect(text.split('\n').filter((line) => line.startsWith('    product-') && line.length > 80)).toEqual([]);
});

test('a long list of applications ends with how many more there are', () => {
  const links = Object.fromEntries(
    Array.from({ length: 45 }, (_, at) => [`links${at}`, productLinks(`client${at}`, ['gold'])]),
  );
  written({ app: { content: { resource: { azapi_resource: links } } } });
  expect(summarize(directory, plain).text).toContain('\n  and 5 more applications\n');
});

describe('broken output is one line', () => {
  test.each<[string, () => string, string]>([
    [
      'a directory that does not exist',
      () => join(directory, 'none'),
      'none/manifest.json: does not exist; run npm run synth',
    ],
    [
      'a manifest that is not JSON',
      () => (writeFileSync(join(directory, 'manifest.json'), '{'), directory),
      'manifest.json: is not valid JSON; synthesize again',
    ],
    [
      'a manifest without stacks',
      () => (writeFileSync(join(directory, 'manifest.json'), '[]'), directory),
      'manifest.json: is not a cdktf manifest (no "stacks"); synthesize again',
    ],
    ['no stack', () => written({}), 'manifest.json: holds no stack; the program declares none'],
    [
      'a stack without paths',
      () => (writeFileSync(join(directory, 'manifest.json'), '{"stacks":{"app":{}}}'), directory),
      'manifest.json: stack app has no path; synthesize again',
    ],
    [
      'a stack that is cut off',
      () => written({ app: { content: '{"resource":' } }),
      'stacks/app/cdk.tf.json: is not valid JSON; synthesize again',
    ],
    [
      'a stack that is a list',
      () => written({ app: { content: [] } }),
      'stacks/app/cdk.tf.json: is not Terraform JSON; synthesize again',
    ],
    [
      'a stack that went missing',
      () => (rmSync(join(written({ app: { content: {} } }), 'stacks/app/cdk.tf.json')), directory),
      'stacks/app/cdk.tf.json: does not exist; run npm run synth',
    ],
  ])('%s', (_, prepare, message) => {
    const outdir = prepare();
    expect(summarize(outdir, plain)).toEqual({ failed: true, text: `summarize: ${join(directory, message)}\n` });
  });

  test('HCL output is named', () => {
    const manifest = { stacks: { app: { synthesizedStackPath: 'stacks/app/cdk.tf', workingDirectory: 'stacks/app' } } };
    writeFileSync(join(directory, 'manifest.json'), JSON.stringify(manifest));
    expect(summarize(directory, plain).text).toBe(
      `summarize: ${join(directory, 'stacks/app/cdk.tf')}: is not JSON; synthesize without HCL output\n`,
    );
  });

  test('the program ends with status 1 and no stack trace', () => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [require.resolve('tsx/cli'), 'scripts/summarize.ts', join(directory, 'none')],
      { encoding: 'utf8' },
    );
    expect({ status, stdout, stderr }).toEqual({
      status: 1,
      stdout: '',
      stderr: `summarize: ${join(directory, 'none/manifest.json')}: does not exist; run npm run synth\n`,
    });
  });
});
