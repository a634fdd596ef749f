import { AzureFailure } from '../azure/failure';
import type { Http } from '../azure/http';
import { UserError } from '../user-error';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export interface Request {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly body?: unknown;
}

/** Sends requests of one server with one token; the token is in no message of it. */
export type Send = (request: Request) => Promise<Answer>;

const ATTEMPTS = 3;
const PATIENCE_MS = 20_000;
/** Failures that may be over a second later. */
const PASSING: readonly AzureFailure['kind'][] = ['unreachable', 'timeout', 'broken-off'];

export function sender(http: Http, headers: Readonly<Record<string, string>>, pauseMs = 1_000): Send {
  return async (request) => {
    for (let attempt = 1; ; attempt += 1) {
      const answer = await once(http, request, headers);
      const failed = answer instanceof AzureFailure;
      const passing = failed || answer.status === 429 || answer.status >= 500;
      // what was posted may have arrived although the answer did not: to post it again could double it
      if (!passing || attempt === ATTEMPTS || (request.method === 'POST' && failed)) {
        if (failed) {
          throw answer;
        }
        return answer;
      }
      await http.pause(pauseMs * attempt);
    }
  };
}

async function once(
  http: Http,
  { method, url, body }: Request,
  headers: Readonly<Record<string, string>>,
): Promise<Answer | AzureFailure> {
  try {
    const { status, text } = await http.send({
      method,
      url,
      headers: { ...headers, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
      timeoutMs: PATIENCE_MS,
      retry: 'never',
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status, body: parsed(text) };
  } catch (error) {
    if (error instanceof AzureFailure && PASSING.includes(error.kind)) {
      return error;
    }
    throw error;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function hostOf(url: string): string {
  return new URL(url).host;
}

/** Anything but success, which the caller has not foreseen. */
export function refused({ url }: Request, { status }: Answer, doing: string): UserError {
  return new UserError([
    `${hostOf(url)}: ${doing} failed with status ${status}; run the job again, and check the token`,
  ]);
}

export function isSuccess({ status }: Answer): boolean {
  return status >= 200 && status < 300;
}

/** The token may not do it: expected for pull requests from forks. */
export function isForbidden({ status }: Answer): boolean {
  return status === 401 || status === 403 || status === 404;
}
