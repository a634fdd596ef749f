import { UserError } from '../user-error';

/** What kept a request from being answered as it should be. */
export type FailureKind =
  | 'interrupted'
  | 'unreachable'
  | 'tls'
  | 'proxy'
  | 'timeout'
  | 'broken-off'
  | 'not-json'
  | 'login'
  | 'wrong-tenant'
  | 'forbidden'
  | 'missing'
  | 'status';

/** A request to Azure that failed, as one sentence without a secret; exit status 1 unless somebody handles it. */
export class AzureFailure extends UserError {
  constructor(
    readonly kind: FailureKind,
    sentence: string,
    /** The status of the answer, where there was one. */
    readonly status?: number,
  ) {
    super([sentence]);
  }

  get sentence(): string {
    return this.message;
  }
}

export interface Proxy {
  readonly hostname: string;
  readonly port: number;
}

const TLS_CODES =
  /^(SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT(_LOCALLY)?|CERT_\w+|ERR_TLS_\w+|ERR_SSL_\w+|EPROTO|HOSTNAME_MISMATCH|INVALID_CA)$/;

interface SystemError {
  readonly code?: string;
  readonly message?: string;
  readonly hostname?: string;
  readonly address?: string;
  readonly port?: number;
  readonly cause?: unknown;
  readonly errors?: readonly unknown[];
}

/** What the network said of a request to `host`, as one sentence. */
export function networkFailure(
  error: unknown,
  host: string,
  proxy: Proxy | undefined,
  timeoutMs: number,
): AzureFailure {
  const chain = causes(error);
  const codes = chain.map(({ code }) => code ?? '');
  const has = (...wanted: readonly string[]): boolean => codes.some((code) => wanted.includes(code));
  const refused = chain.map(({ message }) => /^Proxy response \((\d+)\)/.exec(message ?? '')?.[1]).find(Boolean);
  if (refused !== undefined) {
    return proxyRefusal(Number(refused), host, proxy);
  }
  const tls = codes.find((code) => TLS_CODES.test(code));
  if (tls !== undefined) {
    return new AzureFailure('tls', tlsProblem(tls, host));
  }
  const failed = chain.find(({ code }) =>
    /^(ENOTFOUND|EAI_AGAIN|EAI_NODATA|ECONNREFUSED|ENETUNREACH|EHOSTUNREACH)$/.test(code ?? ''),
  );
  if (failed !== undefined) {
    return unreachable(failed, host, proxy);
  }
  if (
    has('UND_ERR_CONNECT_TIMEOUT', 'ETIMEDOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT') ||
    isTimeout(chain)
  ) {
    return new AzureFailure(
      'timeout',
      `${host}: no answer within ${timeoutMs / 1000} s; check the network and HTTPS_PROXY, then try again`,
    );
  }
  return new AzureFailure(
    'broken-off',
    `${host}: the connection broke off before the answer was complete; check the network and any proxy, then try again`,
  );
}

function causes(error: unknown): readonly SystemError[] {
  const found: SystemError[] = [];
  const pending: unknown[] = [error];
  while (pending.length > 0 && found.length < 20) {
    const next = pending.shift();
    if (typeof next === 'object' && next !== null) {
      const { cause, errors = [] } = next as SystemError;
      found.push(next);
      pending.push(cause, ...errors);
    }
  }
  return found;
}

function isTimeout(chain: readonly SystemError[]): boolean {
  return chain.some((error) => (error as { name?: unknown }).name === 'TimeoutError');
}

function proxyRefusal(status: number, host: string, proxy: Proxy | undefined): AzureFailure {
  const name = nameOf(proxy);
  if (status === 407) {
    return new AzureFailure(
      'proxy',
      `${name} demands a login (407); write it into the variable, as in HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT`,
      status,
    );
  }
  const advice =
    status === 502 || status === 503 || status === 504
      ? `check that the host name is right and that the proxy can reach it`
      : `ask for ${host} to be let through, or name it in NO_PROXY where it can be reached without the proxy`;
  return new AzureFailure('proxy', `${name} does not connect to ${host} (${status}); ${advice}`, status);
}

function tlsProblem(code: string, host: string): string {
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') {
    return `${host}: its certificate is ${code === 'CERT_HAS_EXPIRED' ? 'expired' : 'not valid yet'}; check the clock of this machine, and any proxy (${code})`;
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID' || code === 'HOSTNAME_MISMATCH') {
    return `${host}: the certificate is for another host name; check the host name, and any proxy (${code})`;
  }
  return `${host}: its certificate is not trusted (${code}); where a proxy inspects TLS, name its certificate authority in NODE_EXTRA_CA_CERTS`;
}

function unreachable({ code, hostname, port }: SystemError, host: string, proxy: Proxy | undefined): AzureFailure {
  const isProxy = proxy !== undefined && (hostname === undefined ? port === proxy.port : hostname === proxy.hostname);
  const what = isProxy ? nameOf(proxy) : host;
  const isName = code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'EAI_NODATA';
  const problem = isName ? 'the name cannot be resolved' : 'nothing can be reached there';
  const advice = isProxy
    ? 'check HTTPS_PROXY'
    : isName
      ? 'check the name and the network, and set HTTPS_PROXY where a proxy is needed'
      : 'check the network, and set HTTPS_PROXY where a proxy is needed';
  return new AzureFailure('unreachable', `${what}: ${problem} (${code ?? ''}); ${advice}`);
}

function nameOf(proxy: Proxy | undefined): string {
  return proxy === undefined ? 'the proxy' : `the proxy ${proxy.hostname}:${proxy.port}`;
}
