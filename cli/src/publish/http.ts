import { setTimeout as pause } from 'node:timers/promises';
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

export function sender(headers: Readonly<Record<string, string>>, pauseMs = 1_000): Send {
  return async (request) => {
    for (let attempt = 1; ; attempt += 1) {
      const answer = await once(request, headers);
      const passing = answer === undefined || answer.status === 429 || answer.status >= 500;
      // what was posted may have arrived although the answer did not: to post it again could double it
      if (!passing || attempt === ATTEMPTS || (request.method === 'POST' && answer === undefined)) {
        if (answer === undefined) {
          throw new UserError([`${hostOf(request.url)}: no answer; check the network, then run the job again`]);
        }
        return answer;
      }
      await pause(pauseMs * attempt);
    }
  };
}

async function once(
  { method, url, body }: Request,
  headers: Readonly<Record<string, string>>,
): Promise<Answer | undefined> {
  try {
    const response = await fetch(url, {
      method,
      // a redirect would carry the token to wherever it points
      redirect: 'manual',
      headers: { ...headers, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
      signal: AbortSignal.timeout(PATIENCE_MS),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: parsed(await response.text()) };
  } catch {
    return undefined;
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
