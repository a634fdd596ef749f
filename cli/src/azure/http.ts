import { readFileSync } from 'node:fs';
import { setTimeout as pauseFor } from 'node:timers/promises';
import * as tls from 'node:tls';
import type { Dispatcher } from 'undici';
import type { Surroundings } from '../commands/command';
import { UserError } from '../user-error';
import { version } from '../version';
import { AzureFailure, networkFailure, type Proxy } from './failure';

export interface Request {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /**
   * `throttled`: only an answer that names a time is asked for again. `never`: the first answer counts.
   * @default 429 and 5xx are asked for again
   */
  readonly retry?: 'throttled' | 'never';
  /** Milliseconds for this request. */
  readonly timeoutMs?: number;
  /** Bytes to read of the answer; what exceeds them is left out instead of refused. */
  readonly atMost?: number;
}

export interface Answer {
  readonly url: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

export interface HttpOptions {
  /** Milliseconds for one request, from connecting to the last byte. */
  readonly timeoutMs?: number;
}

const ATTEMPTS = 4;
const LONGEST_PAUSE_MS = 60_000;
const MOST_BYTES = 64 * 1024 * 1024;
/** Link-local addresses answer to this machine only: managed identities. No proxy may see those requests. */
const LINK_LOCAL = '169.254.169.254';

/**
 * Sends requests as the variables HTTPS_PROXY, NO_PROXY and NODE_EXTRA_CA_CERTS say. Follows no redirect, since a
 * redirect would carry a token to where it points. Nothing that it throws quotes a request or an answer.
 */
export class Http {
  /** How many requests were sent, retries included. */
  public requests = 0;
  public readonly signal: AbortSignal | undefined;
  private readonly environment: Surroundings['environment'];
  private readonly timeoutMs: number;
  private readonly clocks = new Map<string, number>();
  private dispatcher: Dispatcher | undefined;

  constructor({ environment, signal }: Pick<Surroundings, 'environment' | 'signal'>, options: HttpOptions = {}) {
    this.environment = environment;
    this.signal = signal;
    this.timeoutMs = options.timeoutMs ?? 30_000;
  }

  /** Gives the answer whatever its status; throws an `AzureFailure` where there is none. */
  async send(request: Request): Promise<Answer> {
    for (let attempt = 1; ; attempt += 1) {
      const answer = await this.once(request);
      const pause = pauseBefore(answer, request.retry, attempt);
      if (pause === undefined || attempt === ATTEMPTS) {
        return answer;
      }
      await this.pause(pause);
    }
  }

  /** Waits, unless the program is interrupted. */
  async pause(milliseconds: number): Promise<void> {
    try {
      await pauseFor(milliseconds, undefined, this.signal === undefined ? {} : { signal: this.signal });
    } catch {
      throw interrupted();
    }
  }

  /** Seconds that this machine's clock is ahead of a host's, by the last answer's Date; undefined where there was none. */
  clockAheadOf(host: string): number | undefined {
    return this.clocks.get(host);
  }

  async close(): Promise<void> {
    await this.dispatcher?.destroy();
  }

  private async once({ method, url, headers, body, atMost, timeoutMs = this.timeoutMs }: Request): Promise<Answer> {
    const { host } = new URL(url);
    this.throwIfInterrupted();
    const { request } = await import('undici');
    this.dispatcher ??= await dispatcherOf(this.environment);
    const timeout = AbortSignal.timeout(timeoutMs);
    this.requests += 1;
    try {
      const response = await request(url, {
        method,
        headers: { 'user-agent': `apim-oauth/${version}`, ...headers },
        body: body ?? null,
        signal: this.signal === undefined ? timeout : AbortSignal.any([this.signal, timeout]),
        dispatcher: this.dispatcher,
      });
      const answered = Object.fromEntries(
        Object.entries(response.headers).map(([name, value]) => [
          name,
          Array.isArray(value) ? value.join(', ') : (value ?? ''),
        ]),
      );
      const text = await read(response.body, atMost, host);
      this.noteClock(host, answered.date);
      return { url, status: response.statusCode, headers: answered, text };
    } catch (error) {
      if (error instanceof UserError) {
        throw error;
      }
      this.throwIfInterrupted();
      throw networkFailure(error, host, proxyFor(this.environment), timeoutMs);
    }
  }

  private throwIfInterrupted(): void {
    if (this.signal?.aborted === true) {
      throw interrupted();
    }
  }

  private noteClock(host: string, date: string | undefined): void {
    const time = Date.parse(date ?? '');
    if (!Number.isNaN(time)) {
      this.clocks.set(host, Math.round((Date.now() - time) / 1000));
    }
  }
}

/** What is wrong with an answer that should be JSON, or its value. */
export function jsonOf(answer: Answer): unknown {
  const { host } = new URL(answer.url);
  const text = answer.text.trim();
  try {
    return JSON.parse(text) as unknown;
  } catch {
    if (text.startsWith('<') || /html/i.test(answer.headers['content-type'] ?? '')) {
      throw new AzureFailure(
        'not-json',
        `${host}: returned a web page instead of JSON (status ${answer.status}), so a proxy or a sign-in page answered; check HTTPS_PROXY and the network`,
        answer.status,
      );
    }
    throw new AzureFailure(
      'broken-off',
      text === ''
        ? `${host}: returned nothing (status ${answer.status}); try again`
        : `${host}: the JSON of its answer breaks off after ${text.length} characters; check any proxy, then try again`,
      answer.status,
    );
  }
}

export function interrupted(): AzureFailure {
  return new AzureFailure('interrupted', 'interrupted; nothing more was asked and no file was written');
}

async function read(body: Dispatcher.ResponseData['body'], atMost: number | undefined, host: string): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    chunks.push(chunk as Buffer);
    size += (chunk as Buffer).length;
    if (atMost !== undefined && size >= atMost) {
      break;
    }
    if (size > MOST_BYTES) {
      throw new AzureFailure('broken-off', `${host}: the answer is larger than 64 MB; ask for less`);
    }
  }
  return Buffer.concat(chunks).toString('utf8');
}

function pauseBefore(answer: Answer, retry: Request['retry'], attempt: number): number | undefined {
  const passing = answer.status === 429 || (answer.status >= 500 && answer.status !== 501);
  if (!passing || retry === 'never') {
    return undefined;
  }
  const named = retryAfter(answer.headers);
  if (named === undefined) {
    return retry === 'throttled' ? undefined : 500 * 2 ** attempt;
  }
  return Math.min(named, LONGEST_PAUSE_MS);
}

function retryAfter(headers: Answer['headers']): number | undefined {
  const milliseconds = headers['retry-after-ms'] ?? headers['x-ms-retry-after-ms'];
  if (milliseconds !== undefined && /^\d+$/.test(milliseconds)) {
    return Number(milliseconds);
  }
  const value = headers['retry-after'];
  if (value === undefined) {
    return undefined;
  }
  if (/^\d+$/.test(value)) {
    return Number(value) * 1000;
  }
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}

async function dispatcherOf(environment: Surroundings['environment']): Promise<Dispatcher> {
  const { EnvHttpProxyAgent } = await import('undici');
  const secureContext = trusting(extraAuthorities(environment));
  const noProxy = variable(environment, 'NO_PROXY');
  return new EnvHttpProxyAgent({
    httpProxy: checkedProxy(environment, 'HTTP_PROXY'),
    httpsProxy: checkedProxy(environment, 'HTTPS_PROXY'),
    noProxy: noProxy.split(/[,\s]+/).includes('*') ? '*' : `${noProxy},${LINK_LOCAL}`,
    connect: { secureContext },
    requestTls: { secureContext },
    proxyTls: { secureContext },
  });
}

const contexts = new Map<string, tls.SecureContext>();

/** Trusts what Node itself trusts, and these. Made once: every connection would parse all roots otherwise. */
function trusting(extra: string): tls.SecureContext {
  const made = contexts.get(extra);
  if (made !== undefined) {
    return made;
  }
  const known = (tls as { getCACertificates?: (type: 'default') => string[] }).getCACertificates?.('default');
  const roots = known ?? [...tls.rootCertificates];
  const context = tls.createSecureContext({ ca: extra === '' ? roots : [...roots, extra] });
  contexts.set(extra, context);
  return context;
}

/** The certificates of NODE_EXTRA_CA_CERTS, in PEM. */
function extraAuthorities(environment: Surroundings['environment']): string {
  const file = environment.NODE_EXTRA_CA_CERTS ?? '';
  if (file === '') {
    return '';
  }
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    throw new UserError([`NODE_EXTRA_CA_CERTS: ${file} cannot be read (${code}); name a file of certificates in PEM`]);
  }
}

/** Lower case wins, as it does for curl; an empty variable counts as none. */
function variable(environment: Surroundings['environment'], name: string): string {
  const lower = environment[name.toLowerCase()] ?? '';
  return lower === '' ? (environment[name] ?? '') : lower;
}

function checkedProxy(environment: Surroundings['environment'], name: 'HTTP_PROXY' | 'HTTPS_PROXY'): string {
  const value = variable(environment, name);
  if (value !== '' && (!URL.canParse(value) || !/^https?:$/.test(new URL(value).protocol))) {
    throw new UserError([`${name}: this is not the address of a proxy; write http://HOST:PORT`]);
  }
  return value;
}

function proxyFor(environment: Surroundings['environment']): Proxy | undefined {
  const value = variable(environment, 'HTTPS_PROXY');
  if (value === '') {
    return undefined;
  }
  const { hostname, port, protocol } = new URL(value);
  return { hostname, port: port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port) };
}
