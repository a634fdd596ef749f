import { refusal, type AzureClient, type CallOptions } from '../azure/client';
import { AzureFailure } from '../azure/failure';
import { isObject, list, property, type JsonObject } from '../input/json';
import { given, text } from './json';
import { chunks, mapped } from './pool';

/** Microsoft Graph takes so many requests in one. */
const MOST_IN_A_BATCH = 20;
/** Each of them counts where Graph throttles, so few batches are under way at once. */
const BATCHES_AT_ONCE = 3;
const ATTEMPTS = 4;
const VERSION = '/v1.0';

interface Wanted {
  /** Which of the lists. */
  readonly index: number;
  /** Path behind the version. */
  readonly path: string;
  readonly attempt: number;
}

/**
 * Many lists of Microsoft Graph, 20 requests in one (`$batch`), each over as many pages as it has. Gives for each list what
 * `map` makes of its items; undefined for a list of something that does not exist. Anything else that is no success is an
 * `AzureFailure`.
 */
export async function graphLists<T>(
  client: AzureClient,
  paths: readonly string[],
  options: CallOptions,
  map: (item: JsonObject) => T,
): Promise<readonly (T[] | undefined)[]> {
  const found: (T[] | undefined)[] = paths.map(() => []);
  let wanted: readonly Wanted[] = paths.map((path, index) => ({ index, path, attempt: 1 }));
  while (wanted.length > 0) {
    const rounds = await mapped(
      chunks(wanted, MOST_IN_A_BATCH),
      async (batch) => {
        const answers = await send(client, batch, options);
        return batch.map((one, position) => take(client, one, answers.get(String(position)), options, found, map));
      },
      BATCHES_AT_ONCE,
    );
    const further = rounds.flat().filter((one) => one !== undefined);
    const waits = further.map(({ wait }) => wait);
    if (Math.max(0, ...waits) > 0) {
      await client.pause(Math.max(...waits));
    }
    wanted = further.map(({ next }) => next);
  }
  return found;
}

/** The answers by their ids: their order is not that of the requests. */
async function send(
  client: AzureClient,
  batch: readonly Wanted[],
  options: CallOptions,
): Promise<ReadonlyMap<string, unknown>> {
  const answer = await client.call(`${VERSION}/$batch`, {
    ...options,
    method: 'POST',
    body: { requests: batch.map(({ path }, position) => ({ id: String(position), method: 'GET', url: path })) },
  });
  return new Map(list(answer, 'responses').map((each) => [given(each, 'id'), each]));
}

/** Keeps what a page has. Gives the request that follows it: the next page, or the same again. */
function take<T>(
  client: AzureClient,
  one: Wanted,
  answer: unknown,
  options: CallOptions,
  found: (T[] | undefined)[],
  map: (item: JsonObject) => T,
): { readonly next: Wanted; readonly wait: number } | undefined {
  const status = property(answer, 'status');
  const body = property(answer, 'body');
  if (status === 200 && isObject(body) && Array.isArray(body.value)) {
    for (const item of list(body, 'value').filter(isObject)) {
      found[one.index]?.push(map(item));
    }
    const next = text(body, '@odata.nextLink');
    return next === undefined ? undefined : { next: { ...one, path: pathOf(client, next, one), attempt: 1 }, wait: 0 };
  }
  if (status === 404) {
    found[one.index] = undefined;
    return undefined;
  }
  if ((status === 429 || (typeof status === 'number' && status >= 500)) && one.attempt < ATTEMPTS) {
    return { next: { ...one, attempt: one.attempt + 1 }, wait: waitOf(property(answer, 'headers'), one.attempt) };
  }
  if (typeof status !== 'number' || status === 200) {
    throw new AzureFailure(
      'broken-off',
      `${new URL(client.base).host}: the list is not complete: an answer of a batch is missing, when asked to ${options.doing}; try again`,
    );
  }
  throw refusal({ url: client.base, status, headers: {}, text: JSON.stringify(body ?? {}) }, options);
}

function pathOf(client: AzureClient, link: string, { path }: Wanted): string {
  const start = `${client.base}${VERSION}`;
  if (!link.startsWith(`${start}/`)) {
    throw new AzureFailure(
      'status',
      `${new URL(client.base).host}: a link leads to another host; it is not followed with a token`,
    );
  }
  const next = link.slice(start.length);
  if (next === path) {
    throw new AzureFailure(
      'broken-off',
      `${new URL(client.base).host}: the list leads back to a page that was read already; try again`,
    );
  }
  return next;
}

function waitOf(headers: unknown, attempt: number): number {
  const named = isObject(headers)
    ? Object.entries(headers).find(([name]) => name.toLowerCase() === 'retry-after')?.[1]
    : undefined;
  const seconds = Number(named);
  return named === undefined || Number.isNaN(seconds) ? 500 * 2 ** attempt : Math.min(seconds, 60) * 1000;
}
