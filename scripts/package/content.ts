import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** What a package is made of: its modules, by the folder of their sources, and the files that describe it. */
interface Content {
  readonly sources: string;
  readonly declarations: boolean;
  readonly files: readonly string[];
}

const LIBRARY: Content = {
  sources: 'lib',
  declarations: true,
  files: ['.jsii', 'API.md', 'CHANGELOG.md', 'LICENSE', 'README.md', 'package.json'],
};
const TOOLS: Content = {
  sources: 'src',
  declarations: false,
  files: ['LICENSE', 'LICENSES.md', 'README.md', 'package.json'],
};

/** The paths that the package of a folder has to have: no more and no less. */
export function expectedPaths(folder: string, isLibrary: boolean): string[] {
  const { sources, declarations, files } = isLibrary ? LIBRARY : TOOLS;
  const modules = readdirSync(join(folder, sources), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => `dist/${path.replace(/\\/g, '/').replace(/\.ts$/, '')}`);
  const schemas = isLibrary ? [] : readdirSync(join(folder, 'schema')).map((name) => `schema/${name}`);
  return [
    ...files,
    ...modules.flatMap((path) => (declarations ? [`${path}.js`, `${path}.d.ts`] : [`${path}.js`])),
    ...schemas,
  ].sort();
}

/** One line for each path that is in one list only. */
export function differences(expected: readonly string[], actual: readonly string[]): string[] {
  return [
    ...actual.filter((path) => !expected.includes(path)).map((path) => `it holds ${path}, which is no part of it`),
    ...expected.filter((path) => !actual.includes(path)).map((path) => `it lacks ${path}`),
  ];
}

/** The TypeScript blocks of a Markdown text that are whole programs on the library. */
export function programsOf(markdown: string, library = 'cdktf-apim-oauth'): string[] {
  return [...markdown.matchAll(/^```(?:ts|typescript)\n([\s\S]*?)^```$/gm)]
    .map(([, code]) => code)
    .filter((code) => code.includes(`from '${library}'`) && /\.synth\(\)/.test(code));
}

/** A program as an ES module: Node and `node16` ask for the file of a folder that has no `exports`. */
export function asEsModule(program: string): string {
  return program.replace(/(from '@[\w-]+\/provider-\w+\/lib\/[\w-]+)'/g, "$1/index.js'");
}
