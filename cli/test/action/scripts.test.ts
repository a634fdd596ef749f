import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { nativeStack } from '../fixtures/stacks';
import { read, ROOT } from './files';
import { FakeServer } from './server';

const SECRET = 'hunter2-in-the-plan';
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'apim-oauth-'));
  mkdirSync(join(folder, 'bin'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function program(name: string, script: string): string {
  const path = join(folder, 'bin', name);
  writeFileSync(path, script);
  chmodSync(path, 0o755);
  return path;
}

/** A Terraform that notes what it is asked for, prints a plan with a secret, and shows a plan as JSON. */
function fakeTerraform(): void {
  const plan = nativeStack().deletes('azapi_resource.partner_grants["gold"]').json();
  writeFileSync(join(folder, 'plan.json'), plan);
  program(
    'terraform',
    `#!/usr/bin/env bash
printf '%s\\n' "$*" >> "${folder}/terraform.log"
cat > /dev/null
case "$2" in
  plan)
    echo 'password = ${SECRET}'
    for argument in "$@"; do
      if [[ "$argument" == -out=* ]]; then echo binary > "\${argument#-out=}"; fi
    done
    [ "$1" != -chdir=broken ] ;;
  show) cat "${folder}/plan.json" ;;
esac
`,
  );
}

/** The tool, run from its source. */
function executable(): string {
  return program(
    'apim-oauth',
    `#!/bin/sh\nexec '${process.execPath}' '${require.resolve('tsx/cli')}' '${join(ROOT, 'cli/src/main.ts')}' "$@"\n`,
  );
}

async function bash(
  script: string,
  environment: Record<string, string>,
): Promise<{ status: number | null; output: string }> {
  const child = spawn('bash', ['-c', script], {
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: folder,
    env: { PATH: `${join(folder, 'bin')}:${process.env.PATH ?? ''}`, HOME: folder, ...environment },
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { status, output };
}

const script = (name: string): string => `exec '${join(ROOT, 'action', name)}'`;

describe('plan.sh', () => {
  const stacks = (...names: string[]): string => {
    names.forEach((name) => mkdirSync(join(folder, name), { recursive: true }));
    return names.join('\n');
  };

  test('plans every stack, prints nothing of the plans and leaves nothing but their JSON, for this user alone', async () => {
    fakeTerraform();
    stacks('platform', 'teams/orders api');
    const { status, output } = await bash(script('plan.sh'), {
      STACKS: '\n  platform\nconsumer=teams/orders api  \n\n',
      PLANS: join(folder, 'plans'),
      INIT_ARGUMENTS: '-backend-config=a b.hcl\n\n-upgrade',
      PLAN_ARGUMENTS: '-var=x=$(touch owned)\n',
    });
    expect({ status, output }).toEqual({
      status: 0,
      output: 'planning platform in platform\nplanning consumer in teams/orders api\n',
    });
    expect(existsSync(join(folder, 'owned'))).toBe(false);
    expect(readdirSync(join(folder, 'plans')).sort()).toEqual(['1.json', '2.json', 'list.txt']);
    expect(statSync(join(folder, 'plans', '1.json')).mode & 0o077).toBe(0);
    expect(readFileSync(join(folder, 'plans', 'list.txt'), 'utf8')).toBe(
      `platform=${folder}/plans/1.json\nconsumer=${folder}/plans/2.json\n`,
    );
    expect(readFileSync(join(folder, 'terraform.log'), 'utf8').split('\n').slice(0, 3)).toEqual([
      '-chdir=platform init -input=false -no-color -backend-config=a b.hcl -upgrade',
      `-chdir=platform plan -input=false -no-color -out=${folder}/plans/1.tfplan -var=x=$(touch owned)`,
      `-chdir=platform show -json -no-color ${folder}/plans/1.tfplan`,
    ]);
  });

  test('a plan that fails ends it, still without a word of the plan', async () => {
    fakeTerraform();
    stacks('broken', 'platform');
    const { status, output } = await bash(script('plan.sh'), {
      STACKS: 'broken\nplatform',
      PLANS: join(folder, 'plans'),
    });
    expect({ status, output }).toEqual({ status: 1, output: 'planning broken in broken\n' });
  });

  test('no stack is a mistake', async () => {
    const { status, output } = await bash(script('plan.sh'), { STACKS: ' \n', PLANS: join(folder, 'plans') });
    expect({ status, output }).toEqual({ status: 1, output: 'apim-oauth: no stack is given\n' });
  });
});

describe('the tool of the action', () => {
  const { runs } = parse(read('action/action.yml')) as { runs: { steps: { name: string; run?: string }[] } };
  const install = `set -eo pipefail\n${runs.steps.find(({ name }) => name === 'Tool')?.run ?? 'exit 99'}`;
  const environment = (more: Record<string, string>) => ({
    FOLDER: join(folder, 'cli'),
    PACKAGE_VERSION: '1.2.3',
    GITHUB_OUTPUT: join(folder, 'output'),
    ...more,
  });

  test('is installed in a folder of its own, away from the settings of the repository', async () => {
    program('npm', '#!/bin/sh\npwd\necho "$@"\n');
    const { status, output } = await bash(install, environment({ EXECUTABLE: '' }));
    expect({ status, output }).toEqual({
      status: 0,
      output: `${folder}/cli\ninstall --prefix . --no-save --no-audit --no-fund --ignore-scripts apim-oauth@1.2.3\n`,
    });
    expect(readFileSync(join(folder, 'output'), 'utf8')).toBe(
      `executable=${folder}/cli/node_modules/.bin/apim-oauth\n`,
    );
  });

  test('is not installed where there is one', async () => {
    program('npm', '#!/bin/sh\nexit 99\n');
    expect(await bash(install, environment({ EXECUTABLE: './apim-oauth' }))).toEqual({ status: 0, output: '' });
    expect(readFileSync(join(folder, 'output'), 'utf8')).toBe('executable=./apim-oauth\n');
  });
});

describe('review.sh and publish.sh', () => {
  const environment = (more: Record<string, string> = {}) => {
    const plan = join(folder, 'a plan.json');
    writeFileSync(plan, nativeStack().deletes('azapi_resource.partner_grants["gold"]').json());
    writeFileSync(join(folder, 'event.json'), JSON.stringify({ pull_request: { number: 3 } }));
    return {
      PLAN_LIST: `\n  main=${plan}\n`,
      REVIEWS: join(folder, 'reviews'),
      EXECUTABLE: executable(),
      BASE: join(folder, 'base'),
      GITHUB_OUTPUT: join(folder, 'output'),
      GITHUB_STEP_SUMMARY: join(folder, 'summary'),
      GITHUB_EVENT_PATH: join(folder, 'event.json'),
      GITHUB_REPOSITORY: 'contoso/platform',
      COMMENT: 'true',
      LABELS: 'true',
      ...more,
    };
  };

  test.each([
    ['', 0],
    ['critical', 0],
    ['breaking,critical', 2],
  ])(
    'with fail-on %j the exit status is handed on as an output',
    async (failOn, code) => {
      const { status, output } = await bash(
        script('review.sh'),
        environment({ FAIL_ON: failOn, EXPIRING_WITHIN: '30' }),
      );
      expect(status).toBe(0);
      expect(output).toContain('::notice title=Access review%3A BREAKING::');
      expect(readFileSync(join(folder, 'output'), 'utf8')).toBe(`exit-code=${code}\n`);
      expect(readdirSync(join(folder, 'reviews')).sort()).toEqual([
        'review.html',
        'review.json',
        'review.md',
        'review.sarif',
      ]);
      expect(readFileSync(join(folder, 'summary'), 'utf8')).toContain('## Access review: BREAKING');
    },
    60_000,
  );

  test('plans that cannot be reviewed end the job', async () => {
    const { status, output } = await bash(script('review.sh'), environment({ PLAN_LIST: 'main=/nowhere.json' }));
    expect(status).toBe(1);
    expect(output).toContain('apim-oauth: /nowhere.json');
  }, 60_000);

  test('the review becomes a comment and outputs', async () => {
    const server = new FakeServer(({ method, path }) =>
      path === '/user' ? { status: 403 } : { status: method === 'POST' ? 201 : 200, body: [] },
    );
    const url = await server.start();
    const variables = environment({ GITHUB_API_URL: url, GITHUB_TOKEN: 'ghs_secret' });
    await bash(script('review.sh'), variables);
    const { status, output } = await bash(script('publish.sh'), variables);
    await server.stop();
    expect({ status, output }).toEqual({
      status: 0,
      output: 'apim-oauth: the comment is made\napim-oauth: labels: access:breaking\n',
    });
    expect(server.requests).toEqual([
      'GET /user',
      'GET /repos/contoso/platform/issues/3/comments?per_page=100&page=1',
      'POST /repos/contoso/platform/issues/3/comments',
      'GET /repos/contoso/platform/issues/3/labels?per_page=100',
      'POST /repos/contoso/platform/issues/3/labels',
    ]);
    expect(server.seen[2]?.body.body).toBe(readFileSync(join(folder, 'reviews', 'review.md'), 'utf8'));
    expect(readFileSync(join(folder, 'output'), 'utf8')).toMatch(
      /^exit-code=0\nverdict=BREAKING\nbroadening=0\nbreaking=1\n/,
    );
  }, 60_000);
});

describe('base.sh', () => {
  /** A repository whose branch `main` has files, and a checkout of a pull request that changed them. */
  function pullRequest(onMain: Record<string, string>, inRequest: Record<string, string>): void {
    const git = (cwd: string, ...args: readonly string[]): void => {
      execFileSync(
        'git',
        ['-c', 'user.name=t', '-c', 'user.email=t@example.com', '-c', 'init.defaultBranch=main', ...args],
        {
          cwd,
          stdio: 'ignore',
        },
      );
    };
    const origin = join(folder, 'origin');
    mkdirSync(origin);
    git(origin, 'init');
    writeFileSync(join(origin, 'README'), 'x');
    Object.entries(onMain).forEach(([name, text]) => writeFileSync(join(origin, name), text));
    git(origin, 'add', '.');
    git(origin, 'commit', '-m', 'main');
    git(folder, 'clone', '--depth=1', `file://${origin}`, 'work');
    Object.entries(inRequest).forEach(([name, text]) => writeFileSync(join(folder, 'work', name), text));
  }
  const inWork = (more: Record<string, string>) =>
    bash(`cd work; ${script('base.sh')}`, {
      BASE: join(folder, 'base'),
      ALLOW: '',
      CONTRACT: '',
      BASE_REF: '',
      ...more,
    });

  test('takes acknowledgements and contract from the branch that the pull request goes to', async () => {
    pullRequest({ 'allow.json': 'main', 'c.yaml': 'strict' }, { 'allow.json': 'everything', 'c.yaml': 'lax' });
    const { status, output } = await inWork({ BASE_REF: 'main', ALLOW: 'allow.json', CONTRACT: 'c.yaml' });
    expect({ status, output }).toEqual({
      status: 0,
      output: `--allow\n${folder}/base/allow.json\n--contract\n${folder}/base/contract.yaml\n`,
    });
    expect(readFileSync(join(folder, 'base', 'allow.json'), 'utf8')).toBe('main');
    expect(readFileSync(join(folder, 'base', 'contract.yaml'), 'utf8')).toBe('strict');
  });

  test('acknowledges nothing that only the pull request has, and says so', async () => {
    pullRequest({}, { 'allow.json': 'everything', 'c.yaml': 'new' });
    expect(await inWork({ BASE_REF: 'main', ALLOW: 'allow.json', CONTRACT: 'c.yaml' })).toEqual({
      status: 0,
      output:
        'apim-oauth: allow.json is not on main: nothing is acknowledged\n' +
        'apim-oauth: c.yaml is not on main yet: the one of the pull request is used\n--contract\nc.yaml\n',
    });
  });

  test('takes the files that lie there outside of pull requests, and none where none is given', async () => {
    pullRequest({}, { 'allow.json': 'x' });
    expect(await inWork({ ALLOW: 'allow.json' })).toEqual({ status: 0, output: '--allow\nallow.json\n' });
    expect(await inWork({ BASE_REF: 'main' })).toEqual({ status: 0, output: '' });
  });

  test('fails where the branch cannot be had', async () => {
    pullRequest({}, {});
    expect((await inWork({ BASE_REF: 'gone', ALLOW: 'allow.json' })).status).not.toBe(0);
  });
});

describe('self-test.sh', () => {
  const run = (tool: string) => bash(script('self-test.sh'), { EXECUTABLE: tool, SELF_TEST: join(folder, 'self') });

  test('the tool of this version passes: it refuses a plan that opens a product', async () => {
    expect(await run(executable())).toEqual({ status: 0, output: '' });
    expect(existsSync(join(folder, 'self'))).toBe(false);
  }, 60_000);

  test.each([0, 1])('a tool that ends with %d stops the job', async (code) => {
    expect(await run(program('broken', `#!/bin/sh\nexit ${code}\n`))).toEqual({
      status: 1,
      output: `apim-oauth: the gate does not work: a plan that opens a product ended with status ${code} instead of 2\n`,
    });
  });
});

describe('the scripts of the Azure DevOps template', () => {
  interface Step {
    readonly bash?: string;
    readonly displayName?: string;
  }
  const { steps } = parse(read('azure-pipelines/review.yml')) as { steps: Step[] };
  const scriptOf = (name: string): string => steps.find(({ displayName }) => displayName === name)?.bash ?? 'exit 99';

  test('review, comment, judge', async () => {
    const server = new FakeServer(({ method, path }) =>
      path.includes('connectionData')
        ? { status: 200, body: { authenticatedUser: { id: 'me' } } }
        : { status: 200, body: method === 'GET' ? { value: [] } : {} },
    );
    const url = await server.start();
    const work = join(folder, 'work');
    const plan = join(folder, 'plan.json');
    writeFileSync(plan, nativeStack().deletes('azapi_resource.partner_grants["gold"]').json());
    const common = { FOLDER: work, EXECUTABLE: executable(), FAIL_ON: 'breaking' };
    expect((await bash(scriptOf('Access review, folders'), common)).status).toBe(0);
    expect(await bash(scriptOf('Access review, self-test'), common)).toEqual({ status: 0, output: '' });
    expect(
      await bash(scriptOf('Access review, files of the target branch'), { ...common, ALLOW: '', CONTRACT: '' }),
    ).toEqual({ status: 0, output: '' });
    const reviewed = await bash(scriptOf('Access review'), {
      ...common,
      PLANS: `main=${plan}`,
      SOURCE: '',
      EXPIRING_WITHIN: '30',
    });
    expect(reviewed).toEqual({ status: 0, output: `##vso[task.uploadsummary]${work}/reviews/review.md\n` });
    const published = await bash(scriptOf('Access review, publish'), {
      ...common,
      COMMENT: 'True',
      TAGS: 'False',
      SYSTEM_COLLECTIONURI: `${url}/contoso/`,
      SYSTEM_TEAMPROJECT: 'platform',
      BUILD_REPOSITORY_ID: 'repository',
      SYSTEM_PULLREQUEST_PULLREQUESTID: '5',
      SYSTEM_ACCESSTOKEN: 'secret-token',
    });
    await server.stop();
    expect(published.status).toBe(0);
    expect(published.output).toContain('##vso[task.setvariable variable=breaking;isOutput=true]1');
    expect(published.output).toContain('the comment is made, its thread active');
    expect(published.output).not.toContain('secret-token');
    expect(published.output).not.toContain('addbuildtag');
    const judged = await bash(scriptOf('Access review, judge'), common);
    expect(judged).toEqual({
      status: 2,
      output: '##vso[task.logissue type=error]there are findings of a kind that failOn names: breaking\n',
    });
  }, 60_000);
});
