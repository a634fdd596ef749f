import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run as apimOauth } from '../../src/cli';
import { jsonFormat } from '../../src/formats/json';
import { markdownFormat } from '../../src/formats/markdown';
import { startLocalAzure } from '../../../test/azure';
import { Http } from '../../src/azure/http';
import { sender } from '../../src/publish/http';
import { nativeStack } from '../fixtures/stacks';
import type { PlanFixture } from '../fixtures/plan';
import { reviewOf } from '../support';
import { FakeServer, type Reply, type Seen } from './server';

const TOKEN = 'ghs_do-not-print-me';

let folder: string;
let server: FakeServer | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'apim-oauth-'));
});
afterEach(async () => {
  await server?.stop();
  server = undefined;
  rmSync(folder, { recursive: true, force: true });
});

async function serve(answer: (request: Seen, url: string) => Reply): Promise<string> {
  server = new FakeServer(answer);
  return server.start();
}

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const removed = () => nativeStack().deletes('azapi_resource.partner_grants["gold"]');

function written(plan: PlanFixture): string[] {
  const found = reviewOf(plan);
  return [
    '--review',
    file('review.json', jsonFormat.render(found)),
    '--comment',
    file('review.md', markdownFormat.render(found)),
  ];
}

const { marker } = reviewOf(removed());

async function publish(args: string[], environment: Record<string, string>) {
  let output = '';
  const write = (text: string): void => {
    output += text;
  };
  const status = await apimOauth(['publish', ...args], { stdout: write, stderr: write, environment });
  expect(output).not.toContain(TOKEN);
  return { status, output };
}

describe('GitHub', () => {
  const environment = (url: string, event: object = { pull_request: { number: 7 } }) => ({
    GITHUB_API_URL: url,
    GITHUB_REPOSITORY: 'contoso/platform',
    GITHUB_EVENT_PATH: file('event.json', JSON.stringify(event)),
    GITHUB_OUTPUT: file('output', ''),
    GITHUB_TOKEN: TOKEN,
  });
  const run = (plan: PlanFixture, url: string, event?: object) =>
    publish(['--provider', 'github', '--labels', ...written(plan)], environment(url, event));

  interface Comment {
    id: number;
    url: string;
    body: string;
    user: { login: string; type: string };
  }

  /** As much of GitHub as is asked: comments and labels of one pull request. */
  function gitHub(comments: Comment[], labels: string[]) {
    return ({ method, path, body }: Seen, url: string): Reply => {
      const [route = '', query] = path.split('?');
      const issue = '/repos/contoso/platform/issues';
      if (route === '/user') {
        return { status: 403, body: { message: 'Resource not accessible by integration' } };
      }
      if (method === 'GET' && route === `${issue}/7/comments`) {
        const page = Number(new URLSearchParams(query).get('page'));
        return { status: 200, body: comments.slice((page - 1) * 100, page * 100) };
      }
      if (method === 'POST' && route === `${issue}/7/comments`) {
        const id = comments.length + 1;
        comments.push({
          id,
          url: `${url}${issue}/comments/${id}`,
          body: body.body,
          user: { login: 'github-actions[bot]', type: 'Bot' },
        });
        return { status: 201, body: comments.at(-1) };
      }
      if (method === 'PATCH' && route.startsWith(`${issue}/comments/`)) {
        const found = comments.find(({ id }) => id === Number(route.split('/').at(-1)));
        found!.body = body.body;
        return { status: 200, body: found };
      }
      if (method === 'GET' && route === `${issue}/7/labels`) {
        return { status: 200, body: labels.map((name) => ({ name })) };
      }
      if (method === 'POST' && route === `${issue}/7/labels`) {
        labels.push(...body.labels);
        return { status: 200, body: [] };
      }
      if (method === 'DELETE' && route.startsWith(`${issue}/7/labels/`)) {
        labels.splice(labels.indexOf(decodeURIComponent(route.split('/').at(-1) ?? '')), 1);
        return { status: 200, body: [] };
      }
      return { status: 500 };
    };
  }

  test('a comment and labels are made, then updated: there is one comment, and the labels are those of the last run', async () => {
    const comments: Comment[] = [];
    const labels: string[] = ['bug'];
    const url = await serve(gitHub(comments, labels));
    const first = await run(removed(), url);
    expect(first).toEqual({
      status: 0,
      output: 'apim-oauth: the comment is made\napim-oauth: labels: access:breaking\n',
    });
    expect(labels).toEqual(['bug', 'access:breaking']);
    expect(readFileSync(join(folder, 'output'), 'utf8')).toBe(
      'verdict=BREAKING\nbroadening=0\nbreaking=1\ncritical=0\nprivilege=0\nsecret-in-state=0\nunjudged=0\ncontract=0\nacknowledged=0\n',
    );
    const second = await run(nativeStack(), url);
    expect(second).toEqual({ status: 0, output: 'apim-oauth: the comment is updated\napim-oauth: labels: none\n' });
    expect(comments).toHaveLength(1);
    expect(comments[0]?.body).toMatch(/^<!-- apim-oauth-review-[0-9a-f]{16} -->\n\n## Access review: NEUTRAL\n/);
    expect(labels).toEqual(['bug']);
    expect(server?.seen.every(({ authorization }) => authorization === `Bearer ${TOKEN}`)).toBe(true);
  });

  test('its own comment is found on a later page, and one that somebody else wrote with the marker is not taken for it', async () => {
    const of = (id: number, body: string, type: string): Comment => ({
      id,
      url: `URL/${id}`,
      body,
      user: { login: 'somebody', type },
    });
    const comments = [
      of(1, `<!-- ${marker} -->\n\nall is well`, 'User'),
      ...Array.from({ length: 120 }, (_, index) => of(index + 2, 'hello', 'User')),
      of(122, `<!-- ${marker} -->\n\nolder`, 'Bot'),
    ];
    const url = await serve(gitHub(comments, []));
    comments.forEach((comment) => {
      comment.url = `${url}/repos/contoso/platform/issues/comments/${comment.id}`;
    });
    await run(removed(), url);
    expect(comments).toHaveLength(122);
    expect(comments[0]?.body).toContain('all is well');
    expect(comments[121]?.body).toContain('## Access review: BREAKING');
  });

  test('a comment that may not be updated is left, and another made', async () => {
    const comments = [{ id: 1, url: '', body: `<!-- ${marker} -->`, user: { login: 'other[bot]', type: 'Bot' } }];
    const answer = gitHub(comments, []);
    const url = await serve((request, at) => (request.method === 'PATCH' ? { status: 403 } : answer(request, at)));
    comments[0]!.url = `${url}/repos/contoso/platform/issues/comments/1`;
    expect((await run(removed(), url)).output).toContain('the comment is made');
    expect(comments).toHaveLength(2);
  });

  test.each([401, 403, 404])('a token that may not write (%d) fails nothing, and it is said', async (status) => {
    const url = await serve(() => ({ status, body: { message: 'Resource not accessible by integration' } }));
    const { status: exit, output } = await run(removed(), url);
    expect(exit).toBe(0);
    expect(output).toContain('no comment: the token may not write to pull requests (those from forks get a token');
    expect(output).toContain('no labels: the token may not write');
    expect(readFileSync(join(folder, 'output'), 'utf8')).toContain('verdict=BREAKING');
  });

  test('a run that is about no pull request gives outputs only', async () => {
    const url = await serve(() => ({ status: 500 }));
    expect(await run(removed(), url, { ref: 'refs/heads/main' })).toEqual({
      status: 0,
      output: 'apim-oauth: this run is not for a pull request: nothing is posted\n',
    });
    expect(server?.seen).toEqual([]);
  });

  test('an answer that nobody foresaw fails, without the token and without what the server said', async () => {
    const url = await serve(() => ({ status: 422, body: { message: `echo ${TOKEN}` } }));
    const { status, output } = await run(removed(), url);
    expect({ status, output }).toEqual({
      status: 1,
      output: `apim-oauth: ${new URL(url).host}: to list comments failed with status 422; run the job again, and check the token\n`,
    });
  });
});

describe('Azure DevOps', () => {
  const environment = (url: string, more: Record<string, string> = {}) => ({
    SYSTEM_COLLECTIONURI: `${url}/contoso/`,
    SYSTEM_TEAMPROJECT: 'Platform & Co',
    BUILD_REPOSITORY_ID: 'f00',
    SYSTEM_PULLREQUEST_PULLREQUESTID: '12',
    SYSTEM_ACCESSTOKEN: TOKEN,
    ...more,
  });
  const THREADS = '/contoso/Platform%20%26%20Co/_apis/git/repositories/f00/pullRequests/12/threads';
  const run = (plan: PlanFixture, url: string, more?: Record<string, string>) =>
    publish(['--provider', 'azure-devops', '--labels', ...written(plan)], environment(url, more));

  function azure(threads: any[]) {
    return ({ method, path, body }: Seen): Reply => {
      const [route = ''] = path.split('?');
      if (route === '/contoso/_apis/connectionData') {
        return { status: 200, body: { authenticatedUser: { id: 'build-service' } } };
      }
      if (method === 'GET') {
        return { status: 200, body: { value: threads } };
      }
      if (method === 'POST') {
        threads.push({
          id: threads.length + 1,
          status: body.status,
          comments: [{ id: 1, content: body.comments[0].content, author: { id: 'build-service' } }],
        });
        return { status: 200, body: threads.at(-1) };
      }
      const [, id, , comment] = /threads\/(\d+)(\/comments\/(\d+))?$/.exec(route) ?? [];
      const thread = threads.find((found) => found.id === Number(id));
      if (comment === undefined) {
        thread.status = body.status;
      } else {
        thread.comments[0].content = body.content;
      }
      return { status: 200, body: thread };
    };
  }

  test('a thread is made, then updated and closed; variables and tags are set', async () => {
    const threads: any[] = [
      { id: 1, comments: [{ id: 1, content: `<!-- ${marker} -->`, author: { id: 'somebody-else' } }] },
    ];
    const url = await serve(azure(threads));
    const first = await run(removed(), url);
    expect(first).toEqual({
      status: 0,
      output: [
        '##vso[task.setvariable variable=verdict;isOutput=true]BREAKING',
        '##vso[task.setvariable variable=broadening;isOutput=true]0',
        '##vso[task.setvariable variable=breaking;isOutput=true]1',
        '##vso[task.setvariable variable=critical;isOutput=true]0',
        '##vso[task.setvariable variable=privilege;isOutput=true]0',
        '##vso[task.setvariable variable=secretInState;isOutput=true]0',
        '##vso[task.setvariable variable=unjudged;isOutput=true]0',
        '##vso[task.setvariable variable=contract;isOutput=true]0',
        '##vso[task.setvariable variable=acknowledged;isOutput=true]0',
        '##vso[build.addbuildtag]access-breaking',
        'apim-oauth: the comment is made, its thread active',
        '',
      ].join('\n'),
    });
    const second = await run(nativeStack(), url);
    expect(second.output).toContain('the comment is updated, its thread closed');
    expect(threads).toHaveLength(2);
    expect(threads[0].comments[0].content).toBe(`<!-- ${marker} -->`);
    expect(threads[1]).toMatchObject({ status: 'closed' });
    expect(threads[1].comments[0].content).toContain('## Access review: NEUTRAL');
    expect(server?.requests.slice(-2)).toEqual([
      `PATCH ${THREADS}/2/comments/1?api-version=7.1`,
      `PATCH ${THREADS}/2?api-version=7.1`,
    ]);
  });

  test('a build that may not contribute to pull requests fails nothing', async () => {
    const url = await serve(() => ({ status: 403 }));
    const { status, output } = await run(removed(), url);
    expect(status).toBe(0);
    expect(output).toContain('no comment: the build may not contribute to pull requests');
  });

  test.each([
    [{ SYSTEM_PULLREQUEST_PULLREQUESTID: '' }, 'this run is not for a pull request'],
    [{ SYSTEM_ACCESSTOKEN: '' }, 'there is no token in SYSTEM_ACCESSTOKEN'],
  ])('%j: nothing is posted', async (more, sentence) => {
    const url = await serve(() => ({ status: 500 }));
    expect((await run(removed(), url, more)).output).toContain(`apim-oauth: ${sentence}: nothing is posted\n`);
    expect(server?.seen).toEqual([]);
  });
});

describe('requests', () => {
  const http = new Http({ environment: {} });
  afterAll(() => http.close());

  test('are sent again where the server is busy, and given up in the end', async () => {
    let left = 2;
    const url = await serve(() => ({ status: left-- > 0 ? 503 : 200, body: {} }));
    const send = sender(http, {}, 1);
    expect((await send({ method: 'POST', url: `${url}/x` })).status).toBe(200);
    left = 99;
    expect((await send({ method: 'GET', url: `${url}/x` })).status).toBe(503);
    expect(server?.seen).toHaveLength(6);
  });

  test('follow no redirect, which would take the token elsewhere', async () => {
    const url = await serve(() => ({ status: 302 }));
    expect((await sender(http, {}, 1)({ method: 'GET', url: `${url}/x` })).status).toBe(302);
  });

  test('to nobody are an error in words', async () => {
    await expect(sender(http, {}, 1)({ method: 'GET', url: 'http://127.0.0.1:1/x' })).rejects.toThrow(
      '127.0.0.1:1: nothing can be reached there (ECONNREFUSED); check the network, and set HTTPS_PROXY where a proxy is needed',
    );
  });

  describe('through a proxy', () => {
    const HOST = 'contoso-apim.azure-api.net';
    const through = (environment: Record<string, string>) =>
      publish(['--provider', 'github', ...written(removed())], {
        GITHUB_API_URL: `https://${HOST}`,
        GITHUB_REPOSITORY: 'contoso/platform',
        GITHUB_EVENT_PATH: file('event.json', JSON.stringify({ pull_request: { number: 7 } })),
        GITHUB_TOKEN: TOKEN,
        ...environment,
      });

    test('that inspects TLS, whose authority is trusted', async () => {
      const azure = await startLocalAzure();
      try {
        const { HTTPS_PROXY, NODE_EXTRA_CA_CERTS } = azure.env as Record<string, string>;
        const { status, output } = await through({ HTTPS_PROXY, NODE_EXTRA_CA_CERTS });
        expect(status).toBe(0);
        expect(output).toMatch(/^apim-oauth: no comment: the token may not write to pull requests/);
        expect(azure.requests.map(({ method, host, path }) => `${method} ${host}${path}`)).toEqual([
          `GET ${HOST}/user`,
          `GET ${HOST}/repos/contoso/platform/issues/7/comments`,
          `POST ${HOST}/repos/contoso/platform/issues/7/comments`,
        ]);
        expect(await through({ HTTPS_PROXY })).toMatchObject({
          status: 1,
          output: expect.stringMatching(/^apim-oauth: contoso-apim\.azure-api\.net: its certificate is not trusted /),
        });
        azure.control.configure({ connectStatus: 407 });
        expect(await through({ HTTPS_PROXY, NODE_EXTRA_CA_CERTS })).toMatchObject({
          status: 1,
          output: expect.stringMatching(/^apim-oauth: the proxy 127\.0\.0\.1:\d+ demands a login \(407\); /),
        });
      } finally {
        await azure.close();
      }
    });
  });
});

describe('what is wrong is told', () => {
  test.each([
    [['--provider', 'github'], '--review is missing'],
    [['--provider', 'gitlab', '--review', 'x'], '--provider must be github or azure-devops'],
    [['--nonsense'], "unknown option '--nonsense'; see apim-oauth publish --help"],
    [['--provider', 'github', '--review', '/nowhere/x.json'], 'cannot be read (ENOENT)'],
  ])('%j', async (args, sentence) => {
    const { status, output } = await publish(args, {});
    expect(status).toBe(1);
    expect(output).toContain(sentence);
  });

  test.each([
    ['{}', 'no JSON review of version 1'],
    ['{', 'not JSON'],
    ['{"formatVersion":"1.0","marker":"x","verdict":{"label":"::error::"}}', 'its marker or verdict is not valid'],
  ])('a review that is %s', async (content, sentence) => {
    const { output } = await publish(['--provider', 'github', '--review', file('x.json', content)], {});
    expect(output).toContain(sentence);
  });

  test('a comment of another review', async () => {
    const args = written(removed());
    file('review.md', 'hello');
    expect((await publish(['--provider', 'github', ...args], {})).output).toContain(
      'not the Markdown of the same review',
    );
  });

  test('help', async () => {
    expect((await publish(['--help'], {})).output).toMatch(/^usage: apim-oauth publish/);
  });
});
