import { isObject, list, property } from '../input/json';
import { AzureFailure } from './failure';
import { jsonOf, type Answer, type Http, type Request } from './http';
import type { AzureLogin } from './login';

export interface CallOptions {
  readonly method?: Request['method'];
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** What the caller is doing, as the rest of a sentence: `read the products of contoso-apim`. */
  readonly doing: string;
  /** The role or permission that it takes, as an administrator would assign it. */
  readonly needs: string;
}

/** One of Azure's REST services: Azure Resource Manager, Microsoft Graph, or a vault. */
export class AzureClient {
  constructor(
    private readonly http: Http,
    private readonly login: AzureLogin,
    /** The service's address, without a slash at the end. */
    public readonly base: string,
    private readonly scope = `${base}/.default`,
  ) {}

  /** The JSON of an answer that is a success; undefined where it is empty. Anything else is an `AzureFailure`. */
  async call(path: string, options: CallOptions): Promise<unknown> {
    const answer = await this.send(path, options);
    if (answer.status >= 200 && answer.status < 300) {
      return answer.text.trim() === '' ? undefined : jsonOf(answer);
    }
    throw refusal(answer, options);
  }

  /** Like `call`, with undefined for what does not exist. */
  async find(path: string, options: CallOptions): Promise<unknown> {
    try {
      return await this.call(path, options);
    } catch (error) {
      if (error instanceof AzureFailure && error.kind === 'missing') {
        return undefined;
      }
      throw error;
    }
  }

  /** Every element of a list, over as many pages as it has (`nextLink`, `@odata.nextLink`). */
  async *list(path: string, options: CallOptions): AsyncGenerator<Readonly<Record<string, unknown>>> {
    const seen = new Set<string>();
    let next: string | undefined = path;
    while (next !== undefined) {
      const page: unknown = await this.call(next, options);
      if (!isObject(page) || !Array.isArray(page.value)) {
        throw new AzureFailure(
          'broken-off',
          `${this.host}: the list is not complete: a page of it has no value, when asked to ${options.doing}; try again`,
        );
      }
      seen.add(next);
      yield* list(page, 'value').filter(isObject);
      const link: unknown = property(page, 'nextLink') ?? property(page, '@odata.nextLink');
      next = typeof link === 'string' && link !== '' ? link : undefined;
      if (next !== undefined && seen.has(next)) {
        throw new AzureFailure(
          'broken-off',
          `${this.host}: the list leads back to a page that was read already; try again`,
        );
      }
    }
  }

  /** Sends a request with the login's token; the token is sent to this service only. */
  async send(path: string, { method = 'GET', body, headers }: CallOptions): Promise<Answer> {
    const url = path.startsWith('https://') ? path : `${this.base}${path}`;
    if (new URL(url).host !== this.host) {
      throw new AzureFailure('status', `${this.host}: a link leads to another host; it is not followed with a token`);
    }
    return this.http.send({
      method,
      url,
      headers: {
        authorization: `Bearer ${await this.login.token(this.scope)}`,
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  /** Waits, unless the program is interrupted. */
  async pause(milliseconds: number): Promise<void> {
    await this.http.pause(milliseconds);
  }

  private get host(): string {
    return new URL(this.base).host;
  }
}

export function resourceManager(http: Http, login: AzureLogin): AzureClient {
  return new AzureClient(http, login, login.cloud.resourceManager);
}

export function microsoftGraph(http: Http, login: AzureLogin): AzureClient {
  return new AzureClient(http, login, login.cloud.graph);
}

/** The data plane of a vault, by the vault's resource id. */
export function keyVault(http: Http, login: AzureLogin, keyVaultId: string): AzureClient {
  const name = keyVaultId.split('/').at(-1) ?? '';
  return new AzureClient(
    http,
    login,
    `https://${name.toLowerCase()}.${login.cloud.keyVaultSuffix}`,
    login.cloud.keyVaultScope,
  );
}

/** An answer that is no success, as one sentence: the service's own text may contain identifiers and is not quoted. */
export function refusal(answer: Answer, { doing, needs }: CallOptions): AzureFailure {
  const { host } = new URL(answer.url);
  const error = errorOf(answer);
  const { status } = answer;
  const tenants = tenantsOf(error.message);
  if (status === 401 && tenants !== undefined) {
    return new AzureFailure(
      'wrong-tenant',
      `${host}: the login is of tenant ${tenants.found}, and ${tenants.expected} is needed; sign in with az login --tenant ${tenants.expected}`,
      status,
    );
  }
  if (status === 401) {
    return new AzureFailure(
      'login',
      `${host}: the login is not accepted (401${code(error)}); sign in again with az login`,
      status,
    );
  }
  if (status === 403 && /not allowed on an? (disabled|not yet valid|expired)/i.test(error.message)) {
    return new AzureFailure(
      'missing',
      `${host}: it is disabled, expired or not valid yet, when asked to ${doing}; enable it, or apply the stack that renews it`,
      status,
    );
  }
  if (
    status === 403 &&
    /firewall|client address is not authorized|public network access is disabled/i.test(error.message)
  ) {
    return new AzureFailure(
      'forbidden',
      `${host}: its firewall does not let this machine in, when asked to ${doing}; add the address of this machine to the network rules, or run inside of the network`,
      status,
    );
  }
  if (status === 403) {
    return new AzureFailure(
      'forbidden',
      `${host}: the login may not ${doing}${action(error.message)}; it needs ${needs}, which takes minutes to have effect`,
      status,
    );
  }
  if (status === 404) {
    return new AzureFailure(
      'missing',
      `${host}: there is nothing to ${doing} (404${code(error)}); check the id, and that the login is of the right tenant and subscription`,
      status,
    );
  }
  return new AzureFailure('status', `${host}: failed to ${doing} (${status}${code(error)}); try again`, status);
}

interface ServiceError {
  readonly code: string;
  readonly message: string;
}

function errorOf(answer: Answer): ServiceError {
  const error = property(jsonOf({ ...answer, text: answer.text.trim() === '' ? '{}' : answer.text }), 'error');
  const [code, message] = [property(error, 'code'), property(error, 'message')];
  return {
    code: typeof code === 'string' && /^[\w.]{1,80}$/.test(code) ? code : '',
    message: typeof message === 'string' ? message : '',
  };
}

function code(error: ServiceError): string {
  return error.code === '' ? '' : ` ${error.code}`;
}

/** The action that Azure Resource Manager names in AuthorizationFailed. */
function action(message: string): string {
  const named = /perform action '([\w./]{1,120})'/.exec(message)?.[1];
  return named === undefined ? '' : ` (${named})`;
}

const GUID = '[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}';

/** Azure Resource Manager (InvalidAuthenticationTokenTenant) and Key Vault (AKV10032) name both tenants. */
function tenantsOf(message: string): { readonly found: string; readonly expected: string } | undefined {
  const byManager = new RegExp(`wrong issuer '[^']*?(${GUID})[^']*'.*?tenant '[^']*?(${GUID})`, 's').exec(message);
  if (byManager !== null) {
    return { found: byManager[1] ?? '', expected: byManager[2] ?? '' };
  }
  const byVault = new RegExp(`Invalid issuer\\. Expected one of [^,]*?(${GUID}).*found [^,]*?(${GUID})`, 's').exec(
    message,
  );
  return byVault === null ? undefined : { found: byVault[2] ?? '', expected: byVault[1] ?? '' };
}
