import { readFileSync } from 'node:fs';
import { Manifest, transformManifest } from '../scripts/cdktn/manifest';
import { otherNames } from '../scripts/cdktn/names';
import { transformMarkdown, transformSource } from '../scripts/cdktn/transform';

describe('a source for the other framework', () => {
  test.each([
    ["import { App } from 'cdktf';", "import { App } from 'cdktn';"],
    ["import type { App } from 'cdktf';", "import type { App } from 'cdktn';"],
    ["import 'cdktf/lib/app';", "import 'cdktn/lib/app';"],
    ["export * from 'cdktf';", "export * from 'cdktn';"],
    ["import framework = require('cdktf');", "import framework = require('cdktn');"],
    ["type App = import('cdktf').App;", "type App = import('cdktn').App;"],
    ["const app = await import('cdktf');", "const app = await import('cdktn');"],
    ["const app = require('cdktf');", "const app = require('cdktn');"],
    ["const at = require.resolve('cdktf/package.json');", "const at = require.resolve('cdktn/package.json');"],
    ["jest.mock('cdktf');", "jest.mock('cdktn');"],
    ["jest.requireActual<typeof import('cdktf')>('cdktf');", "jest.requireActual<typeof import('cdktn')>('cdktn');"],
    ["import { App } from 'cdktn';", "import { App } from 'cdktf';"],
    ["import { OAuthProduct } from 'cdktf-apim-oauth';", "import { OAuthProduct } from 'cdktn-apim-oauth';"],
    [
      "import { KeyVault } from '@cdktf/provider-azurerm/lib/key-vault';",
      "import { KeyVault } from '@cdktn/provider-azurerm/lib/key-vault';",
    ],
    [
      "import { AzureadProvider } from '@cdktf/provider-azuread/lib/provider';",
      "import { AzureadProvider } from './azuread/azuread-provider';",
    ],
    ["import { Construct } from 'constructs';", "import { Construct } from 'constructs';"],
    ["import { App } from './cdktf';", "import { App } from './cdktf';"],
    [
      "const modules = { cdktf: 'cdktf', 'cdktf-apim-oauth': 1 };",
      "const modules = { cdktn: 'cdktn', 'cdktn-apim-oauth': 1 };",
    ],
    ["// What cdktf does.\nconst a = 1; // cdktf's own", "// What cdktn does.\nconst a = 1; // cdktn's own"],
    [
      '/** As cdktf. */\nclass A {\n  /** cdktf */\n  b = 1;\n}',
      '/** As cdktn. */\nclass A {\n  /** cdktn */\n  b = 1;\n}',
    ],
    ['const a = `cdktf ${b} cdktf ${c} cdktf`;', 'const a = `cdktn ${b} cdktn ${c} cdktn`;'],
    [
      'const a = /^(cdktf|@cdktf\\/provider-azurerm\\/lib)$/;',
      'const a = /^(cdktn|@cdktn\\/provider-azurerm\\/lib)$/;',
    ],
    ['const { cdktfStack } = element;', 'const { cdktfStack } = element;'],
    ["const a = 'cdktf.out';", "const a = 'cdktf.out';"],
  ])('%s', (source, expected) => {
    expect(transformSource('lib/index.ts', source)).toBe(expected);
  });

  test('comes back when it is made for the other framework again', () => {
    const source = readFileSync('lib/validation/framework.ts', 'utf8');
    const there = transformSource('lib/validation/framework.ts', source);

    expect(there).not.toBe(source);
    expect(transformSource('lib/validation/framework.ts', there)).toBe(source);
  });

  test('keeps what it says where that is the same for both', () => {
    const source = "import { App } from 'cdktf';\nconst a = 'run cdktf synth'; // cdktf\n";

    expect(transformSource('cli/test/a.ts', source, { texts: false })).toBe(
      "import { App } from 'cdktn';\nconst a = 'run cdktf synth'; // cdktf\n",
    );
  });

  test('that lies elsewhere reaches the same files', () => {
    expect(
      transformSource('lib/azuread/a.ts', "import { a } from '../../../lib/terraform/b';", {
        origin: 'cdktn/lib/azuread/a.ts',
      }),
    ).toBe("import { a } from '../terraform/b';");
  });

  test.each([
    [
      "\nimport { Group } from '@cdktf/provider-azuread/lib/group';",
      'lib/a.ts:2: @cdktf/provider-azuread/lib/group has no counterpart for the other framework; add one to scripts/cdktn',
    ],
    [
      "const all = await import('@cdktf/provider-azuread');",
      'lib/a.ts:1: @cdktf/provider-azuread has no counterpart for the other framework; add one to scripts/cdktn',
    ],
    [
      "import { Testing } from 'cdktf-testing';",
      'lib/a.ts:1: cdktf-testing has no counterpart for the other framework; add one to scripts/cdktn',
    ],
    ["import * as cdktf from 'cdktf';", 'lib/a.ts:1: code that calls something cdktf is not transformed; rename it'],
  ])('is not made of %s', (source, message) => {
    expect(() => transformSource('lib/a.ts', source)).toThrow(new Error(message));
  });
});

test.each([
  ['npx cdktf-cli@0.21 deploy', 'npx cdktn-cli@0.24 deploy'],
  ['cdktf.', 'cdktn.'],
  ["cdktf's default", "cdktn's default"],
  ['@cdktf/provider-azurerm', '@cdktn/provider-azurerm'],
  ['@cdktf/provider-azurerm/lib/key-vault', '@cdktn/provider-azurerm/lib/key-vault'],
  ['use cdktn-apim-oauth', 'use cdktf-apim-oauth'],
  ['cdktf.json, cdktf.out, @cdktf/warn, cdktf-cli, my-cdktf, cdktfVersion', undefined],
  ['https://github.com/cdktf-apim-oauth/cdktf-apim-oauth', undefined],
])('text: %s', (text, expected) => {
  expect(otherNames(text)).toBe(expected ?? text);
});

test('Markdown keeps its prose and gets code for the other framework', () => {
  const markdown = "cdktf\n```ts\nimport { App } from 'cdktf';\n```\n```sh\nnpm install cdktf\n```\n";

  expect(transformMarkdown('README.md', markdown)).toBe(markdown.replace("'cdktf'", "'cdktn'"));
});

test('the package file has the peers of the other framework, and names in other languages that tell the two apart', () => {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
  const needed = JSON.parse(readFileSync('cdktn/package.json', 'utf8')) as Manifest;
  const { peerDependencies, devDependencies } = needed;
  const made = transformManifest(manifest, needed) as Manifest;

  expect(made).toMatchObject({ name: 'cdktn-apim-oauth', peerDependencies, devDependencies });
  expect(Object.keys(peerDependencies)).toEqual(['@cdktn/provider-azurerm', 'cdktn', 'constructs']);
  expect(Object.keys(made.scripts)).toEqual(['build']);
  expect(made.workspaces).toBeUndefined();
  expect(made.jsii).toEqual({ ...manifest.jsii, targets: needed.jsii.targets });
  expect(readFileSync('cdktn/package-lock.json', 'utf8')).not.toMatch(/"resolved": "https?:/);
});
