import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly homepage: string;
  readonly bugs: { readonly url: string };
  readonly repository: { readonly type: string; readonly url: string; readonly directory?: string };
  readonly license: string;
  readonly keywords: readonly string[];
  readonly files: readonly string[];
  readonly type: string;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly engines: { readonly node: string };
}

interface Locked {
  readonly version?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly inBundle?: boolean;
  readonly hasInstallScript?: boolean;
}

const HOME = 'https://github.com/cdktf-apim-oauth/cdktf-apim-oauth';
const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
  readonly packages: Readonly<Record<string, Locked>>;
};
const installed = Object.entries(lock.packages).filter(
  ([place, { link, inBundle }]) => /(^|\/)node_modules\//.test(place) && link !== true && inBundle !== true,
);

describe.each(['.', 'cli'])('the package in %s', (folder) => {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;

  test('says where it comes from and where mistakes are reported', () => {
    const { homepage, bugs, repository } = manifest;
    expect(homepage).toBe(folder === '.' ? `${HOME}#readme` : `${HOME}/tree/main/${folder}#readme`);
    expect(bugs).toEqual({ url: `${HOME}/issues` });
    expect(repository).toEqual({
      type: 'git',
      url: `git+${HOME}.git`,
      ...(folder === '.' ? {} : { directory: folder }),
    });
  });

  test('is found by what it is used with', () => {
    expect(manifest.keywords).toEqual(
      expect.arrayContaining(['cdktf', 'cdktn', 'cdk-terrain', 'terraform', 'opentofu', 'azurerm', 'azuread']),
    );
    expect(new Set(manifest.keywords).size).toBe(manifest.keywords.length);
  });

  test('brings its licence, the same everywhere', () => {
    expect(manifest.license).toBe('MIT');
    expect(manifest.files).toContain('LICENSE');
    expect(readFileSync(join(folder, 'LICENSE'), 'utf8')).toBe(readFileSync('LICENSE', 'utf8'));
  });

  test('says that it is CommonJS, and runs nothing where it is installed', () => {
    expect(manifest.type).toBe('commonjs');
    expect(Object.keys(manifest.scripts ?? {}).filter((name) => /^(pre|post)?(install|prepare)$/.test(name))).toEqual(
      [],
    );
  });
});

test('both packages have one version', () => {
  const versions = ['.', 'cli'].map(
    (folder) => (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest).version,
  );
  expect(new Set(versions).size).toBe(1);
});

describe('the lock file', () => {
  test('holds the digest of every package, also for other platforms', () => {
    expect(installed.length).toBeGreaterThan(500);
    expect(installed.filter(([, { integrity }]) => !/^sha512-/.test(integrity ?? '')).map(([place]) => place)).toEqual(
      [],
    );
  });

  test('names the packages with a script at installation, none of which is needed', () => {
    const withScripts = installed.filter(([, { hasInstallScript }]) => hasInstallScript === true);
    expect(withScripts.map(([place]) => place)).toEqual([
      'node_modules/@parcel/watcher',
      'node_modules/@swc/core',
      'node_modules/esbuild',
    ]);
    expect(readFileSync('.ci/run', 'utf8')).toMatch(/^npm ci --ignore-scripts$/m);
  });
});

test('files have the same line ends everywhere, and what tools write is marked', () => {
  const attributes = readFileSync('.gitattributes', 'utf8').split('\n');
  expect(attributes).toContain('* text=auto eol=lf');
  const generated = attributes.filter((line) => line.endsWith(' linguist-generated')).map((line) => line.split(' ')[0]);
  expect(generated).toEqual(expect.arrayContaining(['/API.md', '/package-lock.json']));
  expect(
    generated.filter((path) => path?.startsWith('/') && !path.includes('*') && !existsSync(path.slice(1))),
  ).toEqual([]);
});
