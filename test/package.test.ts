import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { portfolioOf } from '../bench/portfolio';
import { undocumented } from '../scripts/check-docs';
import { asEsModule, differences, expectedPaths, programsOf } from '../scripts/package/content';

interface Manifest {
  readonly dependencies?: object;
  readonly peerDependencies: Record<string, string>;
  readonly engines: { readonly node: string };
}

interface Lock {
  readonly packages: Record<string, { readonly optionalDependencies?: Record<string, string> }>;
}

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
const sources = readdirSync('lib', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => readFileSync(join('lib', file), 'utf8'));

describe('the package', () => {
  test('has no dependencies, and its peers with carets', () => {
    expect(manifest.dependencies).toBeUndefined();
    expect(Object.keys(manifest.peerDependencies)).toEqual([
      '@cdktf/provider-azuread',
      '@cdktf/provider-azurerm',
      'cdktf',
      'constructs',
    ]);
    expect(Object.values(manifest.peerDependencies).filter((range) => !range.startsWith('^'))).toEqual([]);
    expect(manifest.engines).toEqual({ node: '>=20' });
  });

  test('imports its peers and Node alone', () => {
    const imported = sources.flatMap((source) => [...source.matchAll(/from '([^'.][^']*)'/g)].map(([, name]) => name));
    const strange = imported.filter(
      (name) => !/^(node:|cdktf$|constructs$|@cdktf\/provider-(azuread|azurerm)\/lib\/[a-z0-9-]+$)/.test(name),
    );
    expect(strange).toEqual([]);
  });

  test('has a lock file that names no registry', () => {
    expect(readFileSync('package-lock.json', 'utf8')).not.toMatch(/"resolved": "https?:/);
  });

  test('has a lock file for every platform, without which npm ci refuses to install on any', () => {
    const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as Lock;
    const optional = Object.values(packages).flatMap(({ optionalDependencies }) =>
      Object.keys(optionalDependencies ?? {}),
    );
    const locked = new Set(Object.keys(packages).map((path) => path.replace(/^.*node_modules\//, '')));
    expect(optional.filter((name) => !locked.has(name))).toEqual([]);
  });
});

describe('the checks of the package', () => {
  test('know what a package is made of', () => {
    const library = expectedPaths('.', true);
    expect(library).toEqual(
      expect.arrayContaining(['.jsii', 'LICENSE', 'dist/index.d.ts', 'dist/index.js', 'dist/azapi/azapi-resource.js']),
    );
    expect(library).toHaveLength(2 * sources.length + 6);
    const tools = expectedPaths('cli', false);
    expect(tools).toEqual(expect.arrayContaining(['LICENSES.md', 'dist/main.js', 'schema/review-1.schema.json']));
    expect(tools.filter((path) => path.endsWith('.d.ts'))).toEqual([]);
  });

  test('find files that are no part of it, and those that are missing', () => {
    expect(differences(['LICENSE', 'dist/index.js'], ['dist/index.js', 'dist/gone.js', '.env'])).toEqual([
      'it holds dist/gone.js, which is no part of it',
      'it holds .env, which is no part of it',
      'it lacks LICENSE',
    ]);
  });

  test('write a program as an ES module', () => {
    expect(
      asEsModule("import { A } from '@cdktf/provider-azurerm/lib/key-vault';\nimport { App } from 'cdktf';\n"),
    ).toBe("import { A } from '@cdktf/provider-azurerm/lib/key-vault/index.js';\nimport { App } from 'cdktf';\n");
  });

  test('take whole programs from a text', () => {
    const program = "import { OAuthProduct } from 'cdktf-apim-oauth';\napp.synth();\n";
    const snippet = "import { OAuthProduct } from 'cdktf-apim-oauth';\n";
    expect(
      programsOf(`# Title\n\`\`\`ts\n${program}\`\`\`\ntext\n\`\`\`ts\n${snippet}\`\`\`\n\`\`\`bash\nnpm ci\n\`\`\`\n`),
    ).toEqual([program]);
  });

  test('find what has no docstring and what has no default', () => {
    const docs = { summary: 'Says what it is.' };
    const place = { filename: 'lib/thing.ts', line: 3 };
    expect(
      undocumented([
        {
          name: 'Thing',
          docs,
          initializer: { locationInModule: place },
          methods: [{ name: 'go', locationInModule: place }],
        },
        { name: 'Implicit', docs, initializer: {} },
        { name: 'Kind', docs, members: [{ name: 'ONE' }] },
        {
          name: 'Props',
          docs,
          datatype: true,
          properties: [
            { name: 'size', docs, optional: true },
            { name: 'name', docs },
          ],
        },
      ]),
    ).toEqual([
      'new Thing (lib/thing.ts:3): has no docstring',
      'Thing.go (lib/thing.ts:3): has no docstring',
      'Kind.ONE: has no docstring',
      'Props.size: is optional and has no @default',
    ]);
  });
});

test('a portfolio grants each application different products', () => {
  const { applications } = portfolioOf({ products: 7, applications: 20, grants: 5 });
  for (const { products } of applications) {
    expect(new Set(products).size).toBe(5);
  }
  expect(() => portfolioOf({ products: 4, applications: 1, grants: 5 })).toThrow(
    'grants: must be at most the number of products, 4, got 5',
  );
});
