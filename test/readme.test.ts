import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import * as ts from 'typescript';
import { Construct } from 'constructs';
import * as library from '../lib';
import { programsOf } from '../scripts/package/content';
import { summarize } from '../scripts/summarize';
import { COMMANDS } from '../cli/src/commands/registry';
import { Fence, fencesOf, markdownFiles, proseOf } from './markdown';

const files = markdownFiles();
const blocks = files.flatMap(fencesOf);
const programs = blocks.filter(({ language }) => language === 'ts' || language === 'typescript');
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

describe('commands in the docs', () => {
  const { scripts, workspaces } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    scripts: Record<string, string>;
    workspaces: string[];
  };
  const shell = blocks.filter(({ language }) => language === 'sh').map(({ text }) => text);
  const all = [...shell, ...files.map((file) => proseOf(file).replace(/\]\([^)]*\)/g, ']'))].join('\n');

  test('of the README are the two that everybody needs', () => {
    const lines = fencesOf('README.md')
      .filter(({ language }) => language === 'sh')
      .flatMap(({ text }) => text.split('\n'));
    expect(lines).toEqual(expect.arrayContaining(['npm ci && npm run synth', 'npm ci && npm test']));
  });

  test('exist in package.json', () => {
    const run = [...all.matchAll(/\bnpm run ([a-z:-]+)\b/g)].map(([, name]) => name);
    expect(run.length).toBeGreaterThan(0);
    const known = [
      scripts,
      ...workspaces.map(
        (place) =>
          (JSON.parse(readFileSync(join(place, 'package.json'), 'utf8')) as { scripts?: object }).scripts ?? {},
      ),
    ];
    expect(run.filter((name) => !known.some((some) => name in some))).toEqual([]);
  });

  test('name files that exist', () => {
    const named = [
      ...all.matchAll(
        /(?<![\w/.-])((?:examples|scripts|lib|test|bench|cli|docs)\/[\w./-]*\w\.(?:ts|mjs|md|yml|json|svg|png))/g,
      ),
    ].map(([, path]) => path);
    expect([...new Set(named)].filter((path) => !existsSync(path))).toEqual([]);
  });
});

test('the README shows what synth prints', () => {
  const output = mkdtempSync(join(tmpdir(), 'readme-'));
  const { ARM_SUBSCRIPTION_ID: _subscription, SANDBOX_OWNER: _owner, ...env } = process.env;
  try {
    execFileSync(join('node_modules', '.bin', 'tsx'), ['examples/preview-sandbox.ts'], {
      env: { ...env, CDKTF_OUTDIR: output },
    });
    writeFileSync(join(output, 'access.html'), '');
    const { text } = summarize(output, { columns: 120, heading: (heading) => heading });
    const printed = text.replace(`--skip-synth --output ${output} `, '').replaceAll(output, 'cdktf.out');
    const shown = fencesOf('README.md').find(({ text: block }) => block.startsWith('Synthesized '))?.text;
    expect(shown?.split('\n')).toEqual(printed.trimEnd().split('\n'));
  } finally {
    rmSync(output, { recursive: true });
  }
}, 60_000);

describe('links in the docs', () => {
  const links = files.flatMap((file) =>
    [...proseOf(file).matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target]) => ({ file, target }))
      .filter(({ target }) => !/^[a-z]+:/.test(target)),
  );

  test('lead to files', () => {
    const dead = links.filter(({ file, target }) => {
      const [path] = target.split('#');
      return path !== '' && !existsSync(join(dirname(file), path));
    });
    expect(dead).toEqual([]);
  });

  test('lead to headings', () => {
    const anchors = (file: string): string[] =>
      [...proseOf(file).matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
        heading
          .toLowerCase()
          .replace(/[^\p{L}\p{N}\s_-]/gu, '')
          .trim()
          .replace(/ /g, '-'),
      );
    const dead = links.filter(({ file, target }) => {
      const [path, anchor] = target.split('#');
      const to = path === '' ? file : join(dirname(file), path);
      return anchor !== undefined && to.endsWith('.md') && existsSync(to) && !anchors(to).includes(anchor);
    });
    expect(dead).toEqual([]);
  });

  test('reach every page from the README', () => {
    const reached = new Set(['README.md']);
    for (const file of reached) {
      for (const { file: from, target } of links) {
        const to = join(dirname(from), target.split('#')[0]);
        if (from === file && to.endsWith('.md')) {
          reached.add(to);
        }
      }
    }
    expect(files.filter((file) => !reached.has(file))).toEqual([]);
  });
});

describe('every public class has its page', () => {
  const pages: Record<string, string> = {
    ApimSku: 'apim-instance-with-identity',
    ConstructMove: 'migration',
    DirectoryRole: 'apim-instance-with-identity',
  };
  const isClass = (value: unknown): value is { name: string; prototype: unknown } => typeof value === 'function';
  const classes = Object.values(library).filter(isClass);
  const pageOf = (name: string): string =>
    `docs/${
      pages[name] ??
      (/Azapi/.test(name)
        ? 'azapi-bindings'
        : name
            .replace(/^OAuth/, 'Oauth')
            .replace(/(?<=[a-z0-9])(?=[A-Z])/g, '-')
            .toLowerCase())
    }.md`;

  test.each(classes.map(({ name }) => name))('%s', (name) => {
    expect(existsSync(pageOf(name))).toBe(true);
    expect(readFileSync(pageOf(name), 'utf8')).toMatch(new RegExp(`\\b${name}\\b`));
  });

  test.each(classes.filter(({ prototype }) => prototype instanceof Construct).map(({ name }) => name))(
    '%s is in the table of the README',
    (name) => {
      expect(
        /^Azapi|Azapi(?:Resource|Provider)/.test(name) ||
          readFileSync('README.md', 'utf8').includes(`| [\`${name}\`](`),
      ).toBe(true);
    },
  );

  test('commands of the tools', () => {
    const commands = COMMANDS.map(({ name }) => name);
    expect(commands).toContain('review');
    const pages = files.filter((file) => file.startsWith('docs')).map((file) => readFileSync(file, 'utf8'));
    expect(commands.filter((name) => !pages.some((page) => page.includes(`apim-oauth ${name}`)))).toEqual([]);
  });
});
