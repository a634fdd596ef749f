import { UserError } from '../user-error';
import { isForbidden, isSuccess, refused, sender, type Request, type Send } from './http';
import { tell, type Provider, type Publication } from './provider';
import { beginning, KINDS } from './published-review';

/** Output variables, build tags, and a thread of the pull request that stays one. */
export const azureDevOps: Provider = { name: 'azure-devops', publish };

const VERSION = 'api-version=7.1';
const UNWRITABLE =
  'the build may not contribute to pull requests (grant it in the repository’s security settings; builds of forks may not); the review is in the artifact and in the summary';

async function publish(publication: Publication): Promise<void> {
  const { review, comment, labels, surroundings, http } = publication;
  const { environment, stdout } = surroundings;
  const variables = [
    ['verdict', review.verdict],
    ...KINDS.map((kind) => [kind, review.counts[kind]]),
    ['acknowledged', review.acknowledged],
  ];
  variables.forEach(([name, value]) =>
    stdout(`##vso[task.setvariable variable=${camel(String(name))};isOutput=true]${value}\n`),
  );
  if (labels) {
    KINDS.filter((kind) => review.counts[kind] > 0).forEach((kind) =>
      stdout(`##vso[build.addbuildtag]access-${kind}\n`),
    );
  }
  if (comment === undefined) {
    return;
  }
  const id = environment.SYSTEM_PULLREQUEST_PULLREQUESTID ?? '';
  if (!/^\d+$/.test(id)) {
    tell(surroundings, 'this run is not for a pull request: nothing is posted');
    return;
  }
  const token = environment.SYSTEM_ACCESSTOKEN ?? '';
  if (token === '') {
    tell(surroundings, 'there is no token in SYSTEM_ACCESSTOKEN: nothing is posted');
    return;
  }
  await postThread(
    sender(http, { Authorization: `Bearer ${token}`, Accept: 'application/json' }),
    id,
    comment,
    publication,
  );
}

/** Names of variables contain no hyphen: scripts could not read them. */
function camel(name: string): string {
  return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

interface Thread {
  readonly id: number;
  readonly isDeleted?: boolean;
  readonly comments?: readonly {
    readonly id: number;
    readonly content?: string;
    readonly isDeleted?: boolean;
    readonly author?: { readonly id?: string };
  }[];
}

async function postThread(send: Send, id: string, content: string, publication: Publication): Promise<void> {
  const { review, surroundings } = publication;
  const { collection, threads } = addresses(surroundings.environment, id);
  const list: Request = { method: 'GET', url: `${threads}?${VERSION}` };
  const listed = await send(list);
  if (isForbidden(listed)) {
    tell(surroundings, `no comment: ${UNWRITABLE}`);
    return;
  }
  const all = (listed.body as { value?: unknown } | undefined)?.value;
  if (!isSuccess(listed) || !Array.isArray(all)) {
    throw refused(list, listed, 'to list threads');
  }
  const self = await send({ method: 'GET', url: `${collection}_apis/connectionData` });
  const own = (self.body as { authenticatedUser?: { id?: string } } | undefined)?.authenticatedUser?.id;
  // anybody can write the marker into a comment: only one of our own is taken for ours
  const existing = (all as readonly Thread[]).find(
    ({ isDeleted, comments: [first] = [] }) =>
      isDeleted !== true &&
      first?.isDeleted !== true &&
      first?.content?.startsWith(beginning(review.marker)) === true &&
      own !== undefined &&
      first.author?.id === own,
  );
  // a policy that wants all comments resolved then waits for somebody who has read the review
  const status = review.open ? 'active' : 'closed';
  const requests: readonly Request[] =
    existing === undefined
      ? [
          {
            method: 'POST',
            url: `${threads}?${VERSION}`,
            body: { comments: [{ parentCommentId: 0, content, commentType: 'text' }], status },
          },
        ]
      : [
          {
            method: 'PATCH',
            url: `${threads}/${existing.id}/comments/${existing.comments?.[0]?.id ?? 1}?${VERSION}`,
            body: { content },
          },
          { method: 'PATCH', url: `${threads}/${existing.id}?${VERSION}`, body: { status } },
        ];
  for (const request of requests) {
    const answer = await send(request);
    if (isForbidden(answer)) {
      tell(surroundings, `no comment: ${UNWRITABLE}`);
      return;
    }
    if (!isSuccess(answer)) {
      throw refused(request, answer, 'to comment');
    }
  }
  tell(surroundings, `the comment is ${existing === undefined ? 'made' : 'updated'}, its thread ${status}`);
}

function addresses(
  environment: Publication['surroundings']['environment'],
  id: string,
): { readonly collection: string; readonly threads: string } {
  const needed = ['SYSTEM_COLLECTIONURI', 'SYSTEM_TEAMPROJECT', 'BUILD_REPOSITORY_ID'] as const;
  const missing = needed.filter((name) => (environment[name] ?? '') === '');
  if (missing.length > 0) {
    throw new UserError([`${missing.join(' and ')} not set; run this in a pipeline of Azure DevOps`]);
  }
  const [uri = '', project = '', repository = ''] = needed.map((name) => environment[name] ?? '');
  const collection = uri.endsWith('/') ? uri : `${uri}/`;
  return {
    collection,
    threads: `${collection}${encodeURIComponent(project)}/_apis/git/repositories/${encodeURIComponent(repository)}/pullRequests/${id}/threads`,
  };
}
