import { appendFileSync } from 'node:fs';
import type { Http } from '../azure/http';
import { UserError } from '../user-error';
import { isForbidden, isSuccess, refused, sender, type Answer, type Request, type Send } from './http';
import { tell, type Provider, type Publication } from './provider';
import { beginning, KINDS, readText } from './published-review';

/** Outputs of the step, a comment that stays one, and labels of the pull request. */
export const github: Provider = { name: 'github', publish };

const PREFIX = 'access:';
const PER_PAGE = 100;
const UNWRITABLE =
  'the token may not write to pull requests (those from forks get a token that only reads); the review is in the job summary and in the artifact';

interface PullRequest {
  readonly send: Send;
  /** The address of the pull request as an issue: comments and labels belong to issues. */
  readonly issue: string;
  readonly api: string;
}

async function publish(publication: Publication): Promise<void> {
  const { review, comment, labels, surroundings, http } = publication;
  const { environment } = surroundings;
  if (environment.GITHUB_OUTPUT !== undefined && environment.GITHUB_OUTPUT !== '') {
    const outputs = [
      ['verdict', review.verdict],
      ...KINDS.map((kind) => [kind, review.counts[kind]]),
      ['acknowledged', review.acknowledged],
    ];
    appendFileSync(environment.GITHUB_OUTPUT, outputs.map(([name, value]) => `${name}=${value}\n`).join(''));
  }
  const target = pullRequest(environment, http);
  if (typeof target === 'string') {
    tell(surroundings, `${target}: nothing is posted`);
    return;
  }
  if (comment !== undefined) {
    await postComment(target, comment, publication);
  }
  if (labels) {
    await setLabels(target, publication);
  }
}

/** The pull request that the run is about, or why there is none. */
function pullRequest(environment: Publication['surroundings']['environment'], http: Http): PullRequest | string {
  const number = numberOf(environment);
  if (number === undefined) {
    return 'this run is not for a pull request';
  }
  const token = environment.GITHUB_TOKEN ?? '';
  if (token === '') {
    return 'there is no token in GITHUB_TOKEN';
  }
  const api = environment.GITHUB_API_URL ?? 'https://api.github.com';
  const repository = environment.GITHUB_REPOSITORY ?? '';
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository)) {
    throw new UserError(['GITHUB_REPOSITORY is not OWNER/NAME; run this in a workflow']);
  }
  return {
    send: sender(http, {
      Authorization: `Bearer ${token}`,
      Accept: 'application/vnd.github+json',
      'X-GitHub-Api-Version': '2022-11-28',
    }),
    issue: `${api}/repos/${repository}/issues/${number}`,
    api,
  };
}

function numberOf({ GITHUB_EVENT_PATH: path }: Publication['surroundings']['environment']): number | undefined {
  if (path === undefined || path === '') {
    return undefined;
  }
  try {
    const { pull_request: found } = JSON.parse(readText(path)) as { pull_request?: { number?: unknown } };
    return typeof found?.number === 'number' && Number.isSafeInteger(found.number) ? found.number : undefined;
  } catch {
    return undefined;
  }
}

interface Comment {
  readonly url: string;
  readonly body?: string;
  readonly user?: { readonly login?: string; readonly type?: string };
}

async function postComment(target: PullRequest, body: string, { review, surroundings }: Publication): Promise<void> {
  const { send, issue } = target;
  const existing = await findComment(target, beginning(review.marker));
  if (existing !== undefined) {
    const update: Request = { method: 'PATCH', url: existing.url, body: { body } };
    const answer = await send(update);
    if (isSuccess(answer)) {
      tell(surroundings, 'the comment is updated');
      return;
    }
    if (!isForbidden(answer)) {
      throw refused(update, answer, 'to update the comment');
    }
  }
  const create: Request = { method: 'POST', url: `${issue}/comments`, body: { body } };
  const answer = await send(create);
  if (isForbidden(answer)) {
    tell(surroundings, `no comment: ${UNWRITABLE}`);
  } else if (isSuccess(answer)) {
    tell(surroundings, 'the comment is made');
  } else {
    throw refused(create, answer, 'to comment');
  }
}

/** Anybody can write the marker into a comment: only one of our own is taken for ours. */
async function findComment({ send, issue, api }: PullRequest, start: string): Promise<Comment | undefined> {
  const self = await send({ method: 'GET', url: `${api}/user` });
  // the token of a workflow may not ask who it is; its comments are those of a bot
  const login = isSuccess(self) ? (self.body as { login?: string }).login : undefined;
  for (let page = 1; ; page += 1) {
    const request: Request = { method: 'GET', url: `${issue}/comments?per_page=${PER_PAGE}&page=${page}` };
    const answer = await send(request);
    if (isForbidden(answer)) {
      return undefined;
    }
    const comments = listOf(request, answer, 'to list comments') as readonly Comment[];
    const own = comments.find(
      ({ url, body, user }) =>
        body?.startsWith(start) === true &&
        (login === undefined ? user?.type === 'Bot' : user?.login === login) &&
        url.startsWith(`${api}/`),
    );
    if (own !== undefined || comments.length < PER_PAGE) {
      return own;
    }
  }
}

function listOf(request: Request, answer: Answer, doing: string): readonly unknown[] {
  if (!isSuccess(answer) || !Array.isArray(answer.body)) {
    throw refused(request, answer, doing);
  }
  return answer.body as readonly unknown[];
}

/** The labels are those of this review: what an earlier one set and this one does not is taken away. */
async function setLabels({ send, issue }: PullRequest, { review, surroundings }: Publication): Promise<void> {
  const wanted = KINDS.filter((kind) => review.counts[kind] > 0).map((kind) => `${PREFIX}${kind}`);
  const list: Request = { method: 'GET', url: `${issue}/labels?per_page=${PER_PAGE}` };
  const listed = await send(list);
  if (isForbidden(listed)) {
    tell(surroundings, `no labels: ${UNWRITABLE}`);
    return;
  }
  const present = (listOf(list, listed, 'to list labels') as readonly { name?: string }[]).map(({ name }) => name);
  const stale = KINDS.map((kind) => `${PREFIX}${kind}`).filter(
    (label) => present.includes(label) && !wanted.includes(label),
  );
  const missing = wanted.filter((label) => !present.includes(label));
  const requests: readonly Request[] = [
    ...(missing.length === 0 ? [] : [{ method: 'POST' as const, url: `${issue}/labels`, body: { labels: missing } }]),
    ...stale.map((label) => ({ method: 'DELETE' as const, url: `${issue}/labels/${encodeURIComponent(label)}` })),
  ];
  for (const request of requests) {
    const answer = await send(request);
    // a label that somebody took away meanwhile is away
    if (request.method === 'DELETE' && answer.status === 404) {
      continue;
    }
    if (isForbidden(answer)) {
      tell(surroundings, `no labels: ${UNWRITABLE}`);
      return;
    }
    if (!isSuccess(answer)) {
      throw refused(request, answer, 'to label the pull request');
    }
  }
  tell(surroundings, `labels: ${wanted.length === 0 ? 'none' : wanted.join(', ')}`);
}
