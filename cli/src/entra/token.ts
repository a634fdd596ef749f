import { AzureFailure } from '../azure/failure';
import { jsonOf, type Http } from '../azure/http';
import { isObject, property, type JsonObject } from '../input/json';
import { aadstsOf, explained } from './aadsts';

/** How an application proves who it is. */
export type Proof =
  { readonly kind: 'secret'; readonly secret: string } | { readonly kind: 'assertion'; readonly assertion: string };

export interface TokenRequest {
  readonly tokenEndpoint: string;
  readonly clientId: string;
  readonly scope: string;
  readonly proof: Proof;
}

export interface AccessToken {
  readonly token: string;
  readonly header: JsonObject;
  readonly claims: JsonObject;
  /** ISO 8601, UTC. */
  readonly expiresOn: string;
}

/** Entra's refusal, without its text, which contains identifiers. */
export interface TokenRefusal {
  readonly status: number;
  /** Of OAuth 2.0, such as `invalid_client`. */
  readonly error: string;
  /** The number behind AADSTS. */
  readonly code?: number;
}

export function isRefusal(answer: AccessToken | TokenRefusal): answer is TokenRefusal {
  return 'error' in answer;
}

/** Asks for a token by the client credentials flow; throws an `AzureFailure` only where Entra does not answer. */
export async function requestToken(http: Http, request: TokenRequest): Promise<AccessToken | TokenRefusal> {
  const { tokenEndpoint, clientId, scope, proof } = request;
  const form = new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, scope });
  if (proof.kind === 'secret') {
    form.set('client_secret', proof.secret);
  } else {
    form.set('client_assertion_type', 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
    form.set('client_assertion', proof.assertion);
  }
  const answer = await http.send({
    method: 'POST',
    url: tokenEndpoint,
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: form.toString(),
  });
  const body = jsonOf(answer);
  const token = property(body, 'access_token');
  if (answer.status === 200 && typeof token === 'string') {
    return decoded(token, property(body, 'expires_in'), new URL(tokenEndpoint).host);
  }
  const error = property(body, 'error');
  const code = codeOf(body);
  return {
    status: answer.status,
    error: typeof error === 'string' && /^\w{1,60}$/.test(error) ? error : 'unknown_error',
    ...(code === undefined ? {} : { code }),
  };
}

function codeOf(body: unknown): number | undefined {
  const description = property(body, 'error_description');
  const codes = property(body, 'error_codes');
  const [first] = Array.isArray(codes) ? (codes as readonly unknown[]) : [];
  return typeof first === 'number' ? first : typeof description === 'string' ? aadstsOf(description) : undefined;
}

async function decoded(token: string, expiresIn: unknown, host: string): Promise<AccessToken> {
  const { decodeJwt, decodeProtectedHeader } = await import('jose');
  try {
    const claims: unknown = decodeJwt(token);
    const header: unknown = decodeProtectedHeader(token);
    if (isObject(claims) && isObject(header)) {
      return { token, header, claims, expiresOn: expiry(claims, expiresIn) };
    }
  } catch {
    // reported below: the decoder's own message may quote the token
  }
  throw new AzureFailure('not-json', `${host}: the token that it returned is not a JWT, so its claims cannot be read`);
}

function expiry({ exp }: JsonObject, expiresIn: unknown): string {
  const milliseconds =
    typeof exp === 'number' ? exp * 1000 : Date.now() + (typeof expiresIn === 'number' ? expiresIn : 0) * 1000;
  return new Date(milliseconds).toISOString();
}

/** App roles of a token, none where it carries none. */
export function rolesOf(claims: JsonObject): readonly string[] {
  const { roles } = claims;
  return Array.isArray(roles) ? roles.filter((role): role is string => typeof role === 'string') : [];
}

/** `AADSTS7000222: the client secret is expired`, as a clause. */
export function refusalClause({ status, error, code }: TokenRefusal): string {
  if (code === undefined) {
    return `Entra refused a token with ${error} (${status})`;
  }
  const known = explained(code);
  return known === undefined
    ? `Entra refused a token with AADSTS${code} (${error})`
    : `${known.meaning} (AADSTS${code})`;
}

export function refusalRemedy({ code }: TokenRefusal): string {
  const known = code === undefined ? undefined : explained(code);
  return (
    known?.remedy ??
    (code === undefined ? 'try again' : `look the code up at https://login.microsoftonline.com/error?code=${code}`)
  );
}

/** How long the clocks may differ before tokens and assertions are refused, as a clause; undefined where they agree. */
export function clockClause(aheadSeconds: number | undefined, host: string): string | undefined {
  if (aheadSeconds === undefined || Math.abs(aheadSeconds) < 240) {
    return undefined;
  }
  const minutes = Math.round(Math.abs(aheadSeconds) / 60);
  return `the clock of this machine is ${minutes} minutes ${aheadSeconds > 0 ? 'ahead of' : 'behind'} that of ${host}`;
}
