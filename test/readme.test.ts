import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Construct } from 'constructs';
import * as library from '../lib';
import { summarize } from '../scripts/summarize';
import { COMMANDS } from '../cli/src/commands/registry';
import { fencesOf, markdownFiles, proseOf } from './markdown';

const files = markdownFiles();
const blocks = files.flatMap(fencesOf);

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
