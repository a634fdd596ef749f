import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../src/cli';
import type { Review } from '../src/model';
import type { Values } from './fixtures/plan';
import { entraStack, nativeStack } from './fixtures/stacks';
import { reviewOf } from './support';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'apim-oauth-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function file(name: string, content: string | Buffer | Values): string {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content));
  return path;
}

function apimOauth(...args: string[]): Promise<{ status: number; stdout: string; stderr: string }>;
function apimOauth(
  environment: Record<string, string>,
  ...args: string[]
): Promise<{ status: number; stdout: string; stderr: string }>;
async function apimOauth(first: string | Record<string, string>, ...rest: string[]) {
  const [environment, args] = typeof first === 'string' ? [{}, [first, ...rest]] : [first, rest];
  let [stdout, stderr] = ['', ''];
  const status = await run(args, {
    stdout: (text) => {
      stdout += text;
    },
    stderr: (text) => {
      stderr += text;
    },
    environment,
  });
  return { status, stdout, stderr: stderr.replaceAll(`${folder}/`, '') };
}

const opened = () =>
  nativeStack()
    .updates('azapi_resource.gold', { body: { properties: { authenticationType: [] } } }, { output: true })
    .json();
const removed = () => nativeStack().deletes('azapi_resource.partner_grants["gold"]').json();

describe('help', () => {
  test.each([[['--help']], [['-h']], [['help']], [['review', '--help']]])('%j', async (args) => {
    const { status, stdout, stderr } = await apimOauth(...(args as [string]));
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^usage: apim-oauth/);
  });

  test('the version', async () => {
    expect((await apimOauth('--version')).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('exit status', () => {
  test.each([
    [[], 0],
    [['--fail-on', 'critical'], 2],
    [['--fail-on', 'broadening,breaking'], 2],
    [['--fail-on', 'breaking', '--fail-on', 'privilege'], 0],
    [['--fail-on', 'secret-in-state'], 0],
  ])('%j: %d', async (options, status) => {
    expect((await apimOauth('review', file('plan.json', opened()), ...options)).status).toBe(status);
  });

  test('an acknowledged finding does not count until its day is over', async () => {
    const allow = file('allow.json', {
      version: 1,
      acknowledgements: [
        {
          rule: 'access-lost',
          address: 'azapi_resource.partner_grants["gold"]',
          digest: reviewOf(nativeStack().deletes('azapi_resource.partner_grants["gold"]')).access[0]?.digest,
          reason: 'agreed',
          expires: '2026-12-31',
        },
      ],
    });
    const args = (date: string) =>
      ['review', file('plan.json', removed()), '--fail-on', 'breaking', '--allow', allow, '--as-of', date] as const;
    expect((await apimOauth(...args('2026-12-31'))).status).toBe(0);
    const expired = await apimOauth(...args('2027-01-01'));
    expect(expired.status).toBe(2);
    expect(expired.stdout).toContain('expired: the finding counts again');
  });
});

describe('formats', () => {
  test('several in one run, each to its file', async () => {
    const plan = file('plan.json', removed());
    const outputs = ['markdown', 'json', 'sarif', 'github'].map((name) => `${name}=${join(folder, `review.${name}`)}`);
    const { status, stdout } = await apimOauth('review', plan, ...outputs.flatMap((output) => ['--format', output]));
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
    expect(readdirSync(folder).sort()).toEqual([
      'plan.json',
      'review.github',
      'review.json',
      'review.markdown',
      'review.sarif',
    ]);
    expect((JSON.parse(readFileSync(join(folder, 'review.json'), 'utf8')) as Review).verdict.label).toBe('BREAKING');
  });

  test('one to standard output, markdown where none is asked for', async () => {
    const plan = file('plan.json', removed());
    expect((await apimOauth('review', plan)).stdout).toMatch(
      /^<!-- apim-oauth-review-[0-9a-f]{16} -->\n\n## Access review: BREAKING\n/,
    );
    expect((JSON.parse((await apimOauth('review', plan, '--json')).stdout) as Review).formatVersion).toBe('1.1');
  });

  test('the summary of a job is appended', async () => {
    const summary = file('summary.md', 'before\n');
    const { stdout } = await apimOauth(
      { GITHUB_STEP_SUMMARY: summary },
      'review',
      file('plan.json', removed()),
      '--format',
      'github',
    );
    expect(stdout).toMatch(/^::notice title=Access review%3A BREAKING::/);
    expect(readFileSync(summary, 'utf8')).toMatch(/^before\n<!-- apim-oauth-review/);
  });

  test('files are written whole or not at all', async () => {
    const plan = file('plan.json', removed());
    const good = join(folder, 'review.md');
    const { status, stderr } = await apimOauth(
      'review',
      plan,
      '--format',
      `markdown=${good}`,
      '--format',
      `json=${join(folder, 'missing', 'review.json')}`,
    );
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr:
        'apim-oauth: missing/review.json: cannot be written (ENOENT); check that its folder exists and may be written to\n',
    });
    expect(readdirSync(folder)).toEqual(['plan.json']);
  });
});

describe('stacks', () => {
  const names = async (...args: string[]): Promise<string[]> =>
    (JSON.parse((await apimOauth('review', '--json', ...args)).stdout) as Review).stacks.map(({ name }) => name);

  test('are named after their files, their folders, or as it is said', async () => {
    const plan = (name: string, index: number) =>
      file(name, nativeStack().updates('azurerm_resource_group.group', { tags: index }).json());
    expect(await names(plan('prod.json', 1), plan('dev.tfplan.json', 2))).toEqual(['dev', 'prod']);
    expect(await names(plan('prod/plan.json', 3), plan('dev/plan.json', 4))).toEqual(['dev', 'prod']);
    expect(await names(plan('eu/prod.json', 5), plan('us/prod.json', 6))).toEqual(['eu/prod', 'us/prod']);
    expect(await names(`live=${plan('x.json', 7)}`)).toEqual(['live']);
  });

  test('the same plan twice', async () => {
    const plan = file('a.json', removed());
    expect(await apimOauth('review', plan, plan)).toMatchObject({
      status: 1,
      stderr: 'apim-oauth: a.json: given twice; give every plan once\n',
    });
    expect(await apimOauth('review', plan, file('b.json', removed()))).toMatchObject({
      status: 1,
      stderr: 'apim-oauth: b.json: the same plan as a.json; give every plan once\n',
    });
    expect((await apimOauth('review', `x=${plan}`, `x=${file('c.json', opened())}`)).stderr).toBe(
      'apim-oauth: c.json: another plan is named x too; give names with NAME=FILE\n',
    );
  });
});

describe('input that is wrong', () => {
  const SHOW = 'give the output of terraform show -json PLAN';
  const valid = nativeStack().build();
  const withChange = (change: Values): Values => ({
    ...valid,
    resource_changes: [{ address: 'azuread_group.x', type: 'azuread_group', name: 'x', change }],
  });
  /** The plan as text with modules in modules: a value could not be written by recursion. */
  const deep = (plan: Values, levels: number): string =>
    JSON.stringify(plan).replace(
      '"prior_state":{}',
      `"prior_state":{"values":{"root_module":${'{"child_modules":['.repeat(levels)}${']}'.repeat(levels)}}}`,
    );
  const cases: readonly (readonly [string, string | Buffer | Values, string])[] = [
    ['empty', '', 'the file is empty; write it with terraform show -json PLAN > FILE'],
    ['only blanks', ' \n', 'the file is empty; write it with terraform show -json PLAN > FILE'],
    [
      'truncated',
      JSON.stringify(valid).slice(0, 5000),
      'the JSON breaks off after 5000 characters; make the file again',
    ],
    [
      'no JSON',
      'Terraform will perform the following actions',
      'this is not valid JSON; give the output of terraform show -json',
    ],
    ['a slip', '{"a": 1,}', 'this is not valid JSON at character 9; give the output of terraform show -json'],
    [
      'a binary plan',
      Buffer.from('504b030414000800', 'hex'),
      "this is terraform's own plan file; give the output of terraform show -json for it",
    ],
    [
      'binary',
      Buffer.from([0xfe, 0x00, 0x00, 0x91, 0x80]),
      'the file is binary or in an unknown encoding; give JSON in UTF-8 or UTF-16',
    ],
    ['compressed', Buffer.from([0x1f, 0x8b, 8, 0]), 'the file is compressed; give it decompressed'],
    ['a list', '[]', `this is JSON but not a plan; ${SHOW}`],
    [
      'another version',
      { ...valid, format_version: '2.0' },
      "the plan's format_version is 2.0, this tool reads 1.x; use another version of terraform or of this tool",
    ],
    [
      'a version of before 1.0',
      { ...valid, format_version: '0.2' },
      "the plan's format_version is 0.2, this tool reads 1.x; use another version of terraform or of this tool",
    ],
    [
      'no version at all',
      { ...valid, format_version: 'hunter2' },
      `the plan's format_version is not a version; ${SHOW}`,
    ],
    [
      'state JSON',
      { format_version: '1.1', terraform_version: '1.11.4', values: {} },
      `this is the JSON of a state, not of a plan; ${SHOW} for a plan file`,
    ],
    ['an empty state', { format_version: '1.1' }, `this contains neither a plan nor a state; ${SHOW} for a plan file`],
    ['a state file', { version: 4, serial: 1, lineage: 'x' }, `this is a state file, not a plan; ${SHOW}`],
    [
      'a configuration',
      { provider: {}, resource: {} },
      `this is a configuration in JSON, not a plan; plan it and ${SHOW}`,
    ],
    [
      'a log',
      { '@level': 'info' },
      `this is the log of terraform plan -json, not the plan; save it with terraform plan -out=PLAN and ${SHOW}`,
    ],
    ['something else', {}, `the JSON has no format_version, so it is not a plan; ${SHOW}`],
    [
      'an errored plan',
      { ...valid, errored: true },
      'terraform reported errors during the plan, so changes are missing; fix them and plan again',
    ],
    [
      'an incomplete plan',
      { ...valid, complete: false },
      'the plan is incomplete (made with -target, or with deferred changes), so access may change in ways that it does not show; plan everything',
    ],
    [
      'a damaged list',
      { ...valid, resource_changes: {} },
      `resource_changes is not a list, so the plan is damaged; ${SHOW} again`,
    ],
    [
      'a damaged entry',
      { ...valid, resource_changes: [{ address: 'a.b' }] },
      `entry 1 of resource_changes has no address, type or actions, so the plan is damaged; ${SHOW} again`,
    ],
    ...(['before', 'after'] as const).flatMap((side) =>
      [[], 'hunter2', 1].map((value): readonly [string, Values, string] => [
        `a ${side} that is ${JSON.stringify(value)}`,
        withChange({ actions: ['update'], before: {}, after: {}, [side]: value }),
        `entry 1 of resource_changes has ${side === 'after' ? 'an' : 'a'} ${side} that is not an object, so the plan is damaged; ${SHOW} again`,
      ]),
    ),
    ...(
      [
        ['create', 'after', { before: null, after: null }],
        ['update', 'before', { before: null, after: {} }],
        ['update', 'after', { before: {} }],
        ['delete', 'before', { before: null, after: null }],
        ['forget', 'before', { before: null, after: null }],
        ['no-op', 'before', { before: null, after: null }],
      ] as const
    ).map(([action, side, sides]): readonly [string, Values, string] => [
      `${action} without ${side}`,
      withChange({ actions: [action], ...sides }),
      `entry 1 of resource_changes has no ${side}, which its actions need, so the plan is damaged; ${SHOW} again`,
    ]),
    ...(
      [
        ['create', 'before', 'a before'],
        ['delete', 'after', 'an after'],
        ['forget', 'after', 'an after'],
      ] as const
    ).map(([action, side, words]): readonly [string, Values, string] => [
      `${action} with ${side}`,
      withChange({ actions: [action], before: {}, after: {} }),
      `entry 1 of resource_changes has ${words}, which ${action} does not have, so the plan is damaged; ${SHOW} again`,
    ]),
    [
      'a data source that is updated',
      {
        ...valid,
        resource_changes: [
          {
            address: 'data.a.b',
            mode: 'data',
            type: 'a',
            name: 'b',
            change: { actions: ['update'], before: {}, after: {} },
          },
        ],
      },
      `entry 1 of resource_changes has an action that no data source has, so the plan is damaged; ${SHOW} again`,
    ],
    [
      'no-op that changes',
      withChange({ actions: ['no-op'], before: { a: 1 }, after: { a: 2 } }),
      `entry 1 of resource_changes has the action no-op, although it changes, so the plan is damaged; ${SHOW} again`,
    ],
    ...[undefined, null, []].map((changes): readonly [string, Values, string] => [
      `resources in the prior state, but changes that are ${JSON.stringify(changes) ?? 'missing'}`,
      {
        ...valid,
        resource_changes: changes,
        prior_state: { values: { root_module: { resources: [{ mode: 'managed', address: 'azuread_group.x' }] } } },
      },
      `resource_changes is missing or empty, although the plan has resources; ${SHOW} again`,
    ]),
    [
      'no changes, but a plan that can be applied',
      { ...valid, resource_changes: null, applyable: true },
      `resource_changes is missing or empty, although the plan has resources; ${SHOW} again`,
    ],
    [
      'changes that say less than the planned values',
      {
        ...valid,
        planned_values: {
          root_module: {
            child_modules: [{ resources: [{ mode: 'managed', address: 'module.a.azuread_group.x' }] }],
          },
        },
      },
      `resource_changes is missing or says less than planned_values, so the plan is damaged; ${SHOW} again`,
    ],
    [
      'nothing that would be applied',
      { ...valid, applyable: true },
      `the plan says that it can be applied, but shows nothing that it would do; ${SHOW} again`,
    ],
    ...['deferred_changes', 'deferred_action_invocations'].map((name): readonly [string, Values, string] => [
      `${name} although it says that it is complete`,
      { ...valid, complete: true, [name]: [{}] },
      'the plan is incomplete (made with -target, or with deferred changes), so access may change in ways that it does not show; plan everything',
    ]),
    [
      'modules 20,000 deep',
      deep({ ...valid, prior_state: {} }, 20_000),
      `the plan is nested deeper than any configuration, so it is not read; ${SHOW} of a real plan`,
    ],
    [
      'a damaged invocation',
      { ...valid, action_invocations: [{ type: 'x' }] },
      `entry 1 of action_invocations has no address or type, so the plan is damaged; ${SHOW} again`,
    ],
  ];

  test.each(cases)('%s', async (_, content, problem) => {
    expect(await apimOauth('review', file('plan.json', content))).toEqual({
      status: 1,
      stdout: '',
      stderr: `apim-oauth: plan.json: ${problem}\n`,
    });
  });

  test('no file, a folder', async () => {
    expect((await apimOauth('review', join(folder, 'missing.json'))).stderr).toBe(
      'apim-oauth: missing.json: there is no such file; check the path\n',
    );
    mkdirSync(join(folder, 'sub'));
    expect((await apimOauth('review', join(folder, 'sub'))).stderr).toBe(
      'apim-oauth: sub: this is a folder; give a file\n',
    );
  });

  test('everything that is wrong is told at once, and nothing of the text', async () => {
    const { stderr } = await apimOauth('review', file('a.json', '{"secret": hunter2}'), file('b.json', ''));
    expect(stderr.split('\n')).toHaveLength(3);
    expect(stderr).not.toContain('hunter2');
  });

  test.each([
    ['a byte order mark', (text: string) => Buffer.from(`\uFEFF${text}`)],
    ['UTF-16 as PowerShell writes it', (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le')],
    ['UTF-16 without a mark', (text: string) => Buffer.from(text, 'utf16le')],
    ['UTF-16, the other way round', (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()],
  ])('%s is read', async (_, encode) => {
    expect((await apimOauth('review', file('plan.json', encode(removed())))).stdout).toContain(
      '## Access review: BREAKING',
    );
  });

  test('attributes of unexpected types are survived', async () => {
    const plan = entraStack();
    plan.changes.forEach(({ change }, index) => {
      change.actions = ['update'];
      const values = [null, 1, 'x', [], { a: [null] }, true];
      for (const side of ['before', 'after'] as const) {
        change[side] = Object.fromEntries(
          Object.keys(change[side] ?? {}).map((key, position) => [key, values[(index + position) % values.length]]),
        );
      }
      change.after_unknown = index % 2 === 0 ? 'x' : null;
      change.before_sensitive = index % 3 === 0 ? [] : undefined;
    });
    plan.overrides.configuration = { root_module: { resources: 'x', module_calls: [] } };
    plan.overrides.prior_state = { values: { root_module: { child_modules: [null, { resources: [1] }] } } };
    expect(await apimOauth('review', file('plan.json', plan.json()))).toMatchObject({ status: 0, stderr: '' });
  });

  test('the address of a module may be 20,000 steps long', async () => {
    const plan = nativeStack();
    const module = Array.from({ length: 20_000 }, (_, index) => `module.m${index}`).join('.');
    plan.changes.push({
      ...plan.find('azurerm_resource_group.group'),
      address: `${module}.azurerm_resource_group.group`,
      module_address: module,
    });
    expect(await apimOauth('review', file('plan.json', plan.json()))).toMatchObject({ status: 0, stderr: '' });
  });

  test('outputs may be all that changes', async () => {
    const plan = { ...valid, applyable: true, output_changes: { x: { actions: ['create'] } } };
    expect((await apimOauth('review', file('plan.json', plan))).status).toBe(0);
  });

  test('a plan of nothing', async () => {
    const { status, stdout } = await apimOauth(
      'review',
      file('empty.json', { format_version: '1.2', planned_values: {}, resource_changes: null }),
    );
    expect(status).toBe(0);
    expect(stdout).toContain('nothing in `empty` affects access to API Management products');
  });
});

describe('options that are wrong', () => {
  test.each([
    [[], 'no command is given; see apim-oauth --help'],
    [['destroy'], 'there is no such command; see apim-oauth --help'],
    [['review'], 'no plan is given; give the output of terraform show -json, and see apim-oauth review --help'],
    [['review', 'x.json', '--colour'], "unknown option '--colour'; see apim-oauth review --help"],
    [['review', '--secret=hunter2'], "unknown option '--secret'; see apim-oauth review --help"],
    [['--colour'], "unknown option '--colour'; see apim-oauth --help"],
    [['destroy', 'review'], 'there is no such command; see apim-oauth --help'],
    [['review', 'x.json', '--allow'], "option '--allow <FILE>' argument missing; see apim-oauth review --help"],
    [
      ['review', 'x.json', '--format', 'pdf'],
      '--format pdf is not a format; give one of markdown, html, json, sarif, github',
    ],
    [['review', 'x.json', '--format', 'json='], '--format json= names no file; write --format json=FILE'],
    [
      ['review', 'x.json', '--format', 'json', '--format', 'sarif'],
      'the formats json and sarif would both go to standard output; give all but one a file, as in --format sarif=FILE',
    ],
    [
      ['review', 'x.json', '--format', 'json=a', '--format', 'sarif=a'],
      'two formats would go to a; give each a file of its own',
    ],
    [
      ['review', 'x.json', '--fail-on', 'anything'],
      '--fail-on anything is not a kind of finding; give some of broadening, breaking, critical, privilege, secret-in-state, unjudged, contract',
    ],
    [
      ['review', 'x.json', '--expiring-within', '-1'],
      '--expiring-within is not a number of days; give a whole number from 0',
    ],
    [
      ['review', 'x.json', '--expiring-within', 'soon'],
      '--expiring-within is not a number of days; give a whole number from 0',
    ],
    [['review', 'x.json', '--as-of', '2026-02-30'], '--as-of is not a date; write it as YYYY-MM-DD'],
  ])('%j', async (args, problem) => {
    const { status, stdout, stderr } = await apimOauth(...(args as [string]));
    expect({ status, stdout, stderr: stderr.replace(/\. .*;/, ';') }).toEqual({
      status: 1,
      stdout: '',
      stderr: `apim-oauth: ${problem}\n`,
    });
  });
});

describe('allow files that are wrong', () => {
  const entry = {
    rule: 'access-lost',
    address: 'a.b',
    digest: '0'.repeat(32),
    reason: 'agreed',
    expires: '2026-12-31',
  };

  test.each([
    [
      'no JSON',
      'rule: access-lost',
      ['allow.json: this is not valid JSON; see docs/review.md for what an allow file looks like'],
    ],
    [
      'another shape',
      [entry],
      ['allow.json: this is not an allow file; write { "version": 1, "acknowledgements": [...] }'],
    ],
    [
      'everything wrong',
      { version: 1, acknowledgements: [{ rule: 'x', reason: ' ', stack: 1, expires: 'never', owner: 'me' }, 'x'] },
      [
        'allow.json: acknowledgement 1: rule is not a rule of the review; take it from the review in JSON',
        'allow.json: acknowledgement 1: address is missing; take the Terraform address from the review',
        'allow.json: acknowledgement 1: digest is missing; take it from the finding in the review in JSON',
        'allow.json: acknowledgement 1: stack is not a name; leave it out to mean every stack',
        'allow.json: acknowledgement 1: reason is missing; say why this is accepted',
        'allow.json: acknowledgement 1: expires is not a date; write the last day on which it is valid as YYYY-MM-DD',
        'allow.json: acknowledgement 1: it has an unknown field; write only rule, address, digest, stack, reason, expires',
        'allow.json: acknowledgement 2: it is not an object; write rule, address, digest, reason and expires',
      ],
    ],
    [
      'a day that does not exist',
      { version: 1, acknowledgements: [{ ...entry, expires: '2026-02-30' }] },
      ['allow.json: acknowledgement 1: expires is not a date; write the last day on which it is valid as YYYY-MM-DD'],
    ],
  ])('%s', async (_, content, problems) => {
    const { status, stderr } = await apimOauth(
      'review',
      file('plan.json', removed()),
      '--allow',
      file('allow.json', content as Values),
    );
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: problems.map((problem) => `apim-oauth: ${problem}\n`).join(''),
    });
  });

  test('a day that is more than a year away', async () => {
    const content = { version: 1, acknowledgements: [{ ...entry, expires: '2027-11-25' }] };
    const { stderr } = await apimOauth(
      'review',
      file('plan.json', removed()),
      '--as-of',
      '2026-11-24',
      '--allow',
      file('allow.json', content as Values),
    );
    expect(stderr).toBe(
      'apim-oauth: allow.json: acknowledgement 1: expires is more than a year away; write 2027-11-24 or an earlier day\n',
    );
  });
});

describe('sources', () => {
  const synthesized = (comment: Values): void => {
    file('cdktf.out/stacks/main/cdk.tf.json', {
      resource: {
        azapi_resource: {
          partner_grants: { '//': { metadata: { path: 'main/partner/Grants', uniqueId: 'x' }, ...comment } },
        },
      },
    });
  };
  const located = async () => {
    const { stdout, stderr } = await apimOauth(
      'review',
      file('main.json', removed()),
      '--json',
      '--source',
      join(folder, 'cdktf.out'),
    );
    return stderr === '' ? (JSON.parse(stdout) as Review).access[0]?.location : stderr;
  };

  test('the line that the construct recorded', async () => {
    synthesized({ source: 'examples/multi-product.ts:31' });
    expect(await located()).toMatchObject({
      file: expect.stringMatching(/examples\/multi-product\.ts$/) as string,
      line: 31,
      constructPath: 'main/partner/Grants',
    });
    synthesized({ source: 'examples/multi-product.ts:31:7' });
    expect(await located()).toMatchObject({ line: 31, column: 7 });
  });

  test('the line of an annotation on the construct or around it', async () => {
    synthesized({});
    file('cdktf.out/manifest.json', {
      stacks: {
        main: {
          annotations: [
            {
              constructPath: 'main/partner',
              level: '@cdktf/warn',
              message: 'x',
              stacktrace: [
                '    at new X (/elsewhere/node_modules/x.js:1:1)',
                `    at Object.<anonymous> (${folder}/app.ts:12:3)`,
                `    at main (${folder}/app.ts:12:3)`,
              ],
            },
          ],
        },
      },
    });
    expect(await located()).toMatchObject({ file: expect.stringMatching(/app\.ts$/) as string, line: 12, column: 3 });
  });

  test.each(['../../etc/passwd:1', '/etc/passwd:1', 'a.ts', 'a.ts:0', 'a.ts:x'])(
    'not a line that makes no sense: %s',
    async (source) => {
      synthesized({ source });
      expect(await located()).toMatchObject({
        file: expect.stringMatching(/main\.json$/) as string,
        line: 1,
        constructPath: 'main/partner/Grants',
      });
    },
  );

  test('the plan, where another stack was synthesized', async () => {
    file('cdktf.out/stacks/other/cdk.tf.json', { resource: { azurerm_resource_group: { other: {} } } });
    expect(await located()).toEqual({ file: join(folder, 'main.json'), line: 1 });
  });

  test('a folder that holds none', async () => {
    mkdirSync(join(folder, 'cdktf.out'));
    expect(await located()).toBe(
      'apim-oauth: cdktf.out: no cdk.tf.json is in it; give the folder that cdktf synth writes, such as cdktf.out\n',
    );
  });
});

test('an error that nobody foresaw tells nothing of the plan', async () => {
  let stderr = '';
  const status = await run(['review', file('plan.json', removed())], {
    stdout: () => {
      throw new TypeError('hunter2');
    },
    stderr: (text) => {
      stderr += text;
    },
    environment: {},
  });
  expect(status).toBe(1);
  expect(stderr).toMatch(/^apim-oauth: unexpected error \(TypeError\), please report it with these lines\n {4}at /);
  expect(stderr).not.toContain('hunter2');
});
