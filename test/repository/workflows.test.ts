import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { parsedByGitHub, shellcheck } from '../../cli/test/action/files';
import { releaseNotes } from '../../scripts/release-notes';

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly environment?: string;
  readonly 'timeout-minutes'?: number;
  readonly needs?: string;
  readonly steps: readonly Step[];
  readonly strategy?: { readonly matrix: { readonly node: readonly string[] } };
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>> | string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly concurrency?: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

const FOLDER = '.github/workflows';
const names = readdirSync(FOLDER).sort();
const texts = Object.fromEntries(names.map((name) => [name, readFileSync(join(FOLDER, name), 'utf8')]));
const workflows = Object.fromEntries(names.map((name) => [name, parse(texts[name]!) as Workflow]));
const jobs = names.flatMap((name) =>
  Object.entries(workflows[name]!.jobs).map(([job, content]) => ({ at: `${name}: ${job}`, ...content })),
);
const steps = jobs.flatMap(({ at, steps: own }) => own.map((step) => ({ at, ...step })));
const scripts = steps.flatMap(({ at, run }) => (run === undefined ? [] : [{ at, run }]));

test('there is a workflow for each part of the repository’s life', () => {
  expect(names).toEqual(['ci.yml', 'plan-review.yml', 'reaper.yml', 'release.yml', 'sandbox.yml']);
});

test('all parse with GitHub’s own parser', () => {
  const files = names.map((name) => ({ kind: 'workflow' as const, name, content: texts[name]! }));
  const wrong = { kind: 'workflow' as const, name: 'wrong.yml', content: texts['ci.yml']!.replace('runs-on', 'runs') };
  const [first = '', ...others] = parsedByGitHub([...files, wrong]);
  expect(first).toContain('wrong.yml');
  expect(others.filter((problem) => !problem.includes('wrong.yml'))).toEqual([]);
});

describe('permissions', () => {
  test('are to read the code, in every workflow', () => {
    expect(names.map((name) => workflows[name]!.permissions)).toEqual(names.map(() => ({ contents: 'read' })));
  });

  test('that go further are those of a job that needs them', () => {
    const further = jobs.flatMap(({ at, permissions = {} }) =>
      Object.entries(permissions)
        .filter(([name, level]) => `${name}: ${level}` !== 'contents: read')
        .map(([name, level]) => `${at}: ${name}: ${level}`),
    );
    expect(further).toEqual([
      'plan-review.yml: review: pull-requests: write',
      'reaper.yml: reap: id-token: write',
      'release.yml: npm: id-token: write',
      'release.yml: github: contents: write',
      'sandbox.yml: sandbox: id-token: write',
    ]);
  });

  test('of an identity are given in an environment only, where people can ask to approve', () => {
    const identified = jobs.filter(({ permissions }) => permissions?.['id-token'] === 'write');
    expect(identified.map(({ environment }) => environment)).toEqual(['reaper', 'npm', 'sandbox']);
  });

  test('are not given to the code of a pull request, and no secret is stored', () => {
    for (const name of names) {
      expect(texts[name]).not.toMatch(/pull_request_target|workflow_run|secrets\./);
    }
  });
});

describe('actions', () => {
  const composite = readdirSync('action').filter((file) => file.endsWith('.yml'));
  const everywhere = [
    ...names.map((name) => texts[name]!),
    ...composite.map((file) => readFileSync(join('action', file), 'utf8')),
  ];
  const used = everywhere.flatMap((text) => text.split('\n').filter((line) => /^\s*(- )?uses:/.test(line)));
  const others = used.filter((line) => !line.includes('uses: ./'));

  test('are pinned to a commit, with its version beside it', () => {
    expect(others.length).toBeGreaterThan(20);
    expect(others.filter((line) => !/uses: [\w.-]+\/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([]);
  });

  test('are of one version everywhere', () => {
    const versions = new Map<string, Set<string>>();
    for (const line of others) {
      const [, name = '', version = ''] = /uses: ([^@]+)@(.+)$/.exec(line) ?? [];
      versions.set(name, (versions.get(name) ?? new Set()).add(version));
    }
    expect([...versions].filter(([, found]) => found.size > 1)).toEqual([]);
  });

  test('of this repository are there', () => {
    const own = used
      .filter((line) => line.includes('uses: ./'))
      .map((line) => line.trim().replace(/^(- )?uses: \.\//, ''));
    expect(own.filter((path) => !existsSync(join(path, 'action.yml')))).toEqual([]);
    expect(own).toEqual(['action', 'action']);
  });

  test('do not leave the token of the job in the checked-out folder', () => {
    const checkouts = steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'));
    expect(checkouts.filter((step) => step.with?.['persist-credentials'] !== 'false')).toEqual([]);
  });
});

describe('scripts', () => {
  test('take values as variables: nothing is interpolated', () => {
    expect(scripts.filter(({ run }) => run.includes('${{'))).toEqual([]);
  });

  test('install from the lock file without scripts of packages', () => {
    const installs = scripts.flatMap(({ run }) => run.match(/npm (ci|install)\b.*/g) ?? []);
    expect(new Set(installs)).toEqual(new Set(['npm ci --ignore-scripts', 'npm ci --ignore-scripts --prefix cdktn']));
  });

  test('call what there is', () => {
    const { scripts: known } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: object };
    const called = scripts.flatMap(({ run }) =>
      [...run.matchAll(/npm run (?:-s )?([\w:]+)/g)].map(([, name]) => name!),
    );
    const files = scripts.flatMap(({ run }) =>
      [...run.matchAll(/(?:tsx|bash) (\.?[\w./-]+)/g)].map(([, path]) => path!),
    );
    expect(called.filter((name) => !Object.keys(known).includes(name))).toEqual([]);
    expect(files.filter((path) => !existsSync(path))).toEqual([]);
    expect(files.length).toBeGreaterThan(4);
  });

  test('have nothing that shellcheck finds', () => {
    // the way GitHub starts bash where no shell is named
    const all = scripts.map(({ run }) => `#!/bin/bash\nset -e\nmain() {\n${run}\n}\n(main)`).join('\n');
    expect(shellcheck(all)).toBe('');
  });
});

test('every job ends, and runs of the same kind do not meet', () => {
  expect(jobs.filter((job) => !(Number(job['timeout-minutes']) > 0)).map(({ at }) => at)).toEqual([]);
  expect(names.filter((name) => workflows[name]!.concurrency === undefined)).toEqual([]);
});

test.each([
  ['node', 'npm test'],
  ['cdktn', 'npm run test:cdktn'],
])('tests run on every supported Node.js: job %s', (name, command) => {
  const job = workflows['ci.yml']!.jobs[name];
  expect(job?.strategy?.matrix.node).toEqual(['20', '22', '24', '26']);
  expect(job?.steps.filter(({ run }) => run === command)).toHaveLength(1);
});

test('a release has both libraries, the tools, and the sources for other languages', () => {
  const runs = workflows['release.yml']!.jobs.build!.steps.map(({ run = '' }) => run).join('\n');
  expect(runs).toContain('scripts/pack.ts release . cdktn/build cli\n');
  for (const framework of ['cdktf', 'cdktn']) {
    expect(runs).toContain(
      `jsii-pacmak --code-only --targets python java dotnet go --outdir "$RUNNER_TEMP/${framework}"\n`,
    );
  }
});

test('npm gets what was checked, with provenance, and the release comes last', () => {
  const { build, npm, github } = workflows['release.yml']!.jobs;
  expect(build?.steps.some(({ run }) => run === 'bash .ci/run')).toBe(true);
  expect([npm?.needs, github?.needs]).toEqual(['build', 'npm']);
  expect(npm?.steps.find(({ name }) => name === 'Publish')?.run).toContain('npm publish "./$tarball" --provenance');
  expect(npm?.steps.some(({ uses }) => uses?.startsWith('actions/checkout@'))).toBe(false);
});

describe('the reaper', () => {
  const { reap } = workflows['reaper.yml']!.jobs;
  const script = reap?.steps.find(({ name }) => name === 'Reap');

  /** What the script of the step gives to the program. */
  function given(environment: Record<string, string>): string {
    const folder = mkdtempSync(join(tmpdir(), 'reaper-'));
    try {
      writeFileSync(join(folder, 'npx'), '#!/bin/sh\nprintf "[%s]" "$@"\nexit 2\n', { mode: 0o755 });
      const { stdout, status } = spawnSync('bash', ['-e', '-c', script?.run ?? ''], {
        encoding: 'utf8',
        env: {
          PATH: `${folder}:${process.env.PATH ?? ''}`,
          GITHUB_STEP_SUMMARY: join(folder, 'summary'),
          SUBSCRIPTION: 'id',
          ...environment,
        },
      });
      // what the program says of refused groups fails the job
      expect(status).toBe(2);
      return stdout;
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  test.each([
    [{ DESTROY: 'false', PROTECTED: '' }, '[tsx][scripts/reap.ts][--subscription][id]'],
    [{ DESTROY: '', PROTECTED: '' }, '[tsx][scripts/reap.ts][--subscription][id]'],
    [
      { DESTROY: 'true', PROTECTED: 'rg-a rg-b' },
      '[tsx][scripts/reap.ts][--subscription][id][--protect][rg-a][--protect][rg-b][--destroy]',
    ],
  ])('with %j is started with %s', (environment, expected) => {
    expect(given(environment)).toBe(expected);
  });

  test('lists only, unless somebody asked for more', () => {
    expect(script?.env?.DESTROY).toBe(
      "${{ github.event_name == 'workflow_dispatch' && inputs.destroy || github.event_name == 'schedule' && vars.REAPER_DESTROYS == 'true' }}",
    );
    expect(texts['reaper.yml']).toMatch(/destroy:\n(.+\n){2} +default: false\n/);
  });
});

describe('the notes of a release', () => {
  const changelog =
    '# Changelog\n\n## 1.2.3 – 2026-11-24\n\n### Added\n\n- a line\n\n## 1.2.2 – 2026-10-01\n\n- older\n';

  test('are the section of its version', () => {
    expect(releaseNotes('v1.2.3', { 'package.json': '1.2.3' }, changelog)).toBe('### Added\n\n- a line\n');
  });

  test.each([
    ['1.2.3', '1.2.3', changelog, 'the tag must be v and a version, such as v1.2.3, got "1.2.3"'],
    ['v1.2.3', '1.2.2', changelog, 'package.json has version 1.2.2, the tag says 1.2.3'],
    ['v1.3.0', '1.3.0', changelog, 'CHANGELOG.md has no section 1.3.0'],
    [
      'v1.3.0',
      '1.3.0',
      '## 1.3.0 – unreleased\n',
      'CHANGELOG.md has no date for the release, as in "## 1.3.0 – 2026-11-24", got "## 1.3.0 – unreleased"',
    ],
  ])('of %s at version %s fail where it is not ready', (tag, version, text, message) => {
    expect(() => releaseNotes(tag, { 'package.json': version }, text)).toThrow(message);
  });
});
