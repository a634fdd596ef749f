import { randomBytes } from 'node:crypto';
import { KeyPair } from '../certificates';
import { answer, Answer, AzureError, Call } from '../http';
import { JsonObject } from '../json';
import { publicJwk, signToken } from './jwt';

export const GITHUB_ACTIONS = 'https://token.actions.githubusercontent.com';
/** Where a job of GitHub Actions asks for its token. */
const GITHUB_REQUESTS = 'run-actions.actions.githubusercontent.com';

interface Issuer {
  readonly keys: KeyPair;
  readonly keyId: string;
}

interface Job {
  readonly requestToken: string;
  readonly subject: string;
}

/** Issuers outside Entra whose tokens federated credentials trust, with their keys and metadata. */
export class Issuers {
  private readonly issuers = new Map<string, Issuer>();
  private readonly jobs: Job[] = [];

  public add(url: string, keys: KeyPair): void {
    this.issuers.set(trimmed(url), { keys, keyId: randomBytes(10).toString('hex') });
  }

  public get(url: string): Issuer | undefined {
    return this.issuers.get(trimmed(url));
  }

  public serves(host: string): boolean {
    return host === GITHUB_REQUESTS || [...this.issuers.keys()].some((url) => new URL(url).hostname === host);
  }

  /** A token of the issuer, valid for five minutes. */
  public token(url: string, claims: JsonObject, now: number): string {
    const issuer = this.get(url);
    if (issuer === undefined) {
      throw new Error(`issuer: no keys are known, got ${JSON.stringify(url)}; add it with addIssuer first`);
    }
    const issuedAt = Math.floor(now / 1000);
    return signToken(
      { kid: issuer.keyId },
      { iss: url, iat: issuedAt, nbf: issuedAt, exp: issuedAt + 300, jti: randomBytes(8).toString('hex'), ...claims },
      issuer.keys.privateKey,
    );
  }

  /** The environment variables of a job that may ask GitHub Actions for a token with this subject. */
  public gitHubJob(subject: string): { readonly [name: string]: string } {
    const requestToken = randomBytes(24).toString('base64url');
    this.jobs.push({ requestToken, subject });
    return {
      ACTIONS_ID_TOKEN_REQUEST_URL: `https://${GITHUB_REQUESTS}/idtoken?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken,
    };
  }

  public handle(call: Call, now: number): Answer {
    if (call.host === GITHUB_REQUESTS) {
      const job = this.jobs.find(({ requestToken }) => call.headers.authorization?.endsWith(` ${requestToken}`));
      if (job === undefined) {
        throw new AzureError(401, 'Unauthorized', 'The request token is not valid.');
      }
      const audience = call.query.get('audience') ?? 'https://github.com/contoso';
      return answer(200, { value: this.token(GITHUB_ACTIONS, { sub: job.subject, aud: audience }, now) });
    }
    const [url, issuer] = [...this.issuers].find(([known]) => {
      const { hostname, pathname } = new URL(known);
      return hostname === call.host && call.path.startsWith(trimmed(pathname));
    })!;
    switch (call.path.slice(trimmed(new URL(url).pathname).length)) {
      case '/.well-known/openid-configuration':
        return answer(200, {
          issuer: url,
          jwks_uri: `${url}/.well-known/jwks`,
          response_types_supported: ['id_token'],
          subject_types_supported: ['public'],
          id_token_signing_alg_values_supported: ['RS256'],
        });
      case '/.well-known/jwks':
        return answer(200, { keys: [publicJwk(issuer.keys.publicKey, issuer.keyId)] });
      default:
        throw new AzureError(404, 'NotFound', `${call.path} was not found.`);
    }
  }

  public dump(): string[] {
    return [...this.issuers.keys()];
  }
}

const trimmed = (url: string): string => url.replace(/\/+$/, '');
