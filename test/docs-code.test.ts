import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as ts from 'typescript';
import * as library from '../lib';
import { programsOf } from '../scripts/package/content';
import { Fence, fencesOf, markdownFiles } from './markdown';

const programs = markdownFiles()
  .flatMap(fencesOf)
  .filter(({ language }) => language === 'ts' || language === 'typescript');
const nameOf = ({ file, line }: Fence): string => `${file}:${line}`;

/** What stands between `// snippet: name` and `// end of snippet` in the examples, without its indentation. */
function snippets(): string[] {
  const examples = readdirSync('examples').filter((name) => name.endsWith('.ts'));
  return examples.flatMap((name) => {
    const text = readFileSync(join('examples', name), 'utf8');
    return [...text.matchAll(/^ *\/\/ snippet: .*\n([^]*?)^ *\/\/ end of snippet$/gm)].map(([, snippet]) =>
      dedented(snippet),
    );
  });
}

function dedented(text: string): string {
  const indents = text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => /^ */.exec(line)![0].length);
  const least = Math.min(...indents);
  return text
    .split('\n')
    .map((line) => line.slice(least))
    .join('\n');
}

const slices = snippets();
const isSlice = ({ text }: Fence): boolean =>
  slices.some((snippet) => `\n${snippet}`.includes(`\n${text.trimEnd()}\n`));

/** What a block on a page may use without declaring it. */
const CONTEXT: Record<string, string> = {
  app: "import('cdktf').App",
  stack: "import('cdktf').TerraformStack",
  apim: "import('cdktf-apim-oauth').IApimInstance",
  orders: "import('@cdktf/provider-azurerm/lib/api-management-api').ApiManagementApi",
  ordersProduct: "import('cdktf-apim-oauth').OAuthProduct",
  starter: "import('cdktf-apim-oauth').OAuthProduct",
  gold: "import('cdktf-apim-oauth').OAuthProduct",
  partner: "import('cdktf-apim-oauth').MultiProductApplication",
  owner: "import('@cdktf/provider-azurerm/lib/api-management-user').ApiManagementUser",
  legacy: "import('@cdktf/provider-azurerm/lib/api-management-product').ApiManagementProduct",
  group: "import('@cdktf/provider-azurerm/lib/resource-group').ResourceGroup",
  vault: "import('@cdktf/provider-azurerm/lib/key-vault').KeyVault",
  identity: "import('@cdktf/provider-azurerm/lib/user-assigned-identity').UserAssignedIdentity",
  subscriptionId: 'string',
};

const EXPORTS: Record<string, readonly string[]> = {
  'cdktf-apim-oauth': Object.keys(library),
  constructs: ['Construct'],
  cdktf: ['App', 'TerraformStack', 'TerraformOutput', 'TerraformIterator'],
};

/** The block as a module: with the declarations and imports that the page leaves out. */
function moduleOf({ text }: Fence): string {
  const declared = (name: string): boolean =>
    new RegExp(
      `\\b(?:const|let|class|function)\\s+(?:\\{[^}]*\\b)?${name}\\b|\\bimport\\b[^;]*\\b${name}\\b[^;]*from`,
    ).test(text);
  const used = (name: string): boolean => new RegExp(`(?<![.\\w'"-])${name}\\b(?!\\s*:)`).test(text) && !declared(name);
  const context = Object.entries(CONTEXT)
    .filter(([name]) => used(name))
    .map(([name, type]) => `declare const ${name}: ${type};`);
  const imports = Object.entries(EXPORTS).map(
    ([from, names]) => `import { ${names.filter(used).join(', ')} } from '${from}';`,
  );
  return [...imports, ...context, text, 'export {};'].join('\n');
}

/** What the compiler finds wrong with blocks, all in one program. */
function diagnosticsOf(fences: readonly Fence[]): string[] {
  const { config } = ts.readConfigFile('tsconfig.json', (path) => ts.sys.readFile(path)) as {
    config: { compilerOptions: object };
  };
  const { options } = ts.convertCompilerOptionsFromJson(
    { ...config.compilerOptions, types: ['node'], noUnusedLocals: false },
    process.cwd(),
  );
  const modules = new Map(
    fences.map((fence, at) => [resolve('docs', `.block-${at}.ts`), { fence, text: moduleOf(fence) }]),
  );
  const host = ts.createCompilerHost({ ...options, baseUrl: process.cwd() });
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (path) => modules.has(path) || fileExists.call(host, path);
  host.readFile = (path) => modules.get(path)?.text ?? readFile.call(host, path);
  host.getSourceFile = (path, version, ...rest) => {
    const known = modules.get(path);
    return known === undefined
      ? getSourceFile.call(host, path, version, ...rest)
      : ts.createSourceFile(path, known.text, version);
  };
  const program = ts.createProgram([...modules.keys()], { ...options, baseUrl: process.cwd() }, host);
  return [...modules].flatMap(([path, { fence }]) => {
    const source = program.getSourceFile(path);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
      ({ messageText }) => `${nameOf(fence)}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`,
    );
  });
}

describe('code in the docs', () => {
  const wrong: Fence = {
    file: 'wrong.md',
    heading: '',
    language: 'ts',
    line: 1,
    text: 'partner.grantAccess(1);\nthere.isNone();',
  };
  const diagnostics = diagnosticsOf([...programs.filter((block) => !isSlice(block)), wrong]);

  test('is a slice of an example or compiles', () => {
    expect(diagnostics.filter((line) => !line.startsWith('wrong.md:'))).toEqual([]);
  });

  test('that does not compile would be found', () => {
    expect(diagnostics.filter((line) => line.startsWith('wrong.md:'))).toEqual([
      "wrong.md:1: Argument of type 'number' is not assignable to parameter of type 'IOAuthProduct'.",
      "wrong.md:1: Cannot find name 'there'.",
    ]);
  });

  test('comes from the examples where they show it', () => {
    expect(slices.length).toBeGreaterThan(5);
    expect(programs.filter(isSlice).length).toBeGreaterThan(5);
  });

  test('of the README holds a whole program', () => {
    expect(programsOf(readFileSync('README.md', 'utf8')).length).toBeGreaterThan(0);
  });
});
