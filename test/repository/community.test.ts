import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';

const read = (path: string): string => readFileSync(path, 'utf8');
const security = read('SECURITY.md');

test.each(['SECURITY.md', 'CODE_OF_CONDUCT.md', '.github/pull_request_template.md'])(
  'links of %s lead somewhere',
  (file) => {
    const links = [...read(file).matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, path]) => join(dirname(file), path!));
    expect(links.filter((path) => !existsSync(path))).toEqual([]);
  },
);

test('every row of the threat table tells a threat, what stands against it, and what remains', () => {
  const [, table = ''] = security.split('## Threats');
  const rows = table
    .split('\n## ')[0]!
    .split('\n')
    .filter((line) => line.startsWith('| '));
  expect(rows.length).toBeGreaterThan(8);
  expect(rows.filter((row) => row.split(' | ').length !== 3)).toEqual([]);
});

test('the identities of all jobs with an environment are told, and every variable that workflows read', () => {
  const workflows = readdirSync('.github/workflows').map((name) => read(join('.github/workflows', name)));
  const environments = workflows.flatMap((text) =>
    [...text.matchAll(/^ {4}environment: (\w+)$/gm)].map(([, name]) => name!),
  );
  const variables = workflows.flatMap((text) => [...text.matchAll(/\bvars\.(\w+)/g)].map(([, name]) => name!));
  expect(environments.filter((name) => !security.includes(`| \`${name}\` |`))).toEqual([]);
  expect([...new Set(variables)].filter((name) => !security.includes(`\`${name}\``))).toEqual([]);
});

describe('forms of issues', () => {
  const forms = readdirSync('.github/ISSUE_TEMPLATE').filter((name) => name !== 'config.yml');

  test.each(forms)('%s is as GitHub wants it', (name) => {
    const form = parse(read(join('.github/ISSUE_TEMPLATE', name))) as {
      name: string;
      description: string;
      body: { type: string; id?: string; attributes: { label?: string; value?: string; options?: string[] } }[];
    };
    expect([typeof form.name, typeof form.description]).toEqual(['string', 'string']);
    const kinds = form.body.map(({ type }) => type);
    expect(kinds.filter((type) => !['markdown', 'textarea', 'input', 'dropdown', 'checkboxes'].includes(type))).toEqual(
      [],
    );
    const fields = form.body.filter(({ type }) => type !== 'markdown');
    expect(fields.length).toBeGreaterThan(0);
    expect(fields.filter(({ id, attributes }) => id === undefined || attributes.label === undefined)).toEqual([]);
    expect(new Set(fields.map(({ id }) => id)).size).toBe(fields.length);
    expect(form.body.filter(({ type, attributes }) => type === 'dropdown' && !attributes.options?.length)).toEqual([]);
  });

  test('vulnerabilities are reported elsewhere', () => {
    const { contact_links: links } = parse(read('.github/ISSUE_TEMPLATE/config.yml')) as {
      contact_links: { url: string }[];
    };
    expect(links.map(({ url }) => url)).toEqual([
      'https://github.com/cdktf-apim-oauth/cdktf-apim-oauth/security/advisories/new',
    ]);
  });
});

test('dependencies and actions are updated, the framework and the providers by hand', () => {
  const { version, updates } = parse(read('.github/dependabot.yml')) as {
    version: number;
    updates: { 'package-ecosystem': string; directories: string[]; ignore?: { 'dependency-name': string }[] }[];
  };
  expect(version).toBe(2);
  expect(updates.map((update) => update['package-ecosystem'])).toEqual(['npm', 'github-actions']);
  expect(updates[0]?.ignore?.map((entry) => entry['dependency-name'])).toEqual(
    expect.arrayContaining(['cdktf', '@cdktf/*', 'cdktn', '@cdktn/*', 'constructs']),
  );
  expect(updates[1]?.directories.filter((path) => !existsSync(join('.', path)))).toEqual([]);
});
