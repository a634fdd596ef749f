import type { TokenCredential, TokenCredentialOptions } from '@azure/identity';
import type { HttpClient, PipelineRequest, PipelineResponse } from '@azure/core-rest-pipeline';
import { aadstsOf, explained } from '../entra/aadsts';
import type { Cloud } from './clouds';
import { AzureFailure } from './failure';
import { jsonOf, type Http, type Request } from './http';

/**
 * The user's own login: `DefaultAzureCredential` of @azure/identity, over this program's HTTP, so that it takes the
 * same proxy, trusts the same authorities and stops at the same Ctrl-C.
 */
export class AzureLogin {
  private readonly tokens = new Map<string, Promise<string>>();
  private failure: AzureFailure | undefined;
  private credential: Promise<TokenCredential> | undefined;

  constructor(
    private readonly http: Http,
    public readonly cloud: Cloud,
  ) {}

  /** An access token for a scope such as `https://management.azure.com/.default`; asked for once. */
  token(scope: string): Promise<string> {
    const known = this.tokens.get(scope);
    if (known !== undefined) {
      return known;
    }
    const asked = this.ask(scope);
    this.tokens.set(scope, asked);
    return asked;
  }

  /** A token of a managed identity of this machine, by its object id. */
  async managedIdentityToken(objectId: string, scope: string): Promise<string> {
    this.failure = undefined;
    try {
      const { ManagedIdentityCredential } = await import('@azure/identity');
      const credential = new ManagedIdentityCredential({ objectId, ...(await this.options()) });
      return (await credential.getToken(scope)).token;
    } catch (error) {
      const code = aadstsOf(textOf(error));
      throw code === undefined && this.failure === undefined
        ? new AzureFailure('login', 'there is no managed identity of this id on this machine')
        : this.explain(error);
    }
  }

  private async ask(scope: string): Promise<string> {
    this.failure = undefined;
    try {
      this.credential ??= this.makeCredential();
      const token = await (
        await this.credential
      ).getToken(scope, {
        ...(this.http.signal === undefined ? {} : { abortSignal: this.http.signal }),
      });
      if (token !== null) {
        return token.token;
      }
    } catch (error) {
      throw this.explain(error);
    }
    throw new AzureFailure('login', NO_LOGIN);
  }

  private async makeCredential(): Promise<TokenCredential> {
    const { DefaultAzureCredential } = await import('@azure/identity');
    return new DefaultAzureCredential(await this.options());
  }

  private async options(): Promise<TokenCredentialOptions> {
    return {
      authorityHost: this.cloud.login,
      httpClient: await this.client(),
      // this program's HTTP retries already
      retryOptions: { maxRetries: 0 },
    };
  }

  private async client(): Promise<HttpClient> {
    const { createHttpHeaders } = await import('@azure/core-rest-pipeline');
    return {
      sendRequest: async (request: PipelineRequest): Promise<PipelineResponse> => {
        // whether this machine has a managed identity is asked of an address that most machines do not have
        const isProbe = request.url.startsWith('http:');
        try {
          const answer = await this.http.send({
            method: request.method as Request['method'],
            url: request.url,
            headers: request.headers.toJSON(),
            ...(typeof request.body === 'string' ? { body: request.body } : {}),
            ...(isProbe ? { retry: 'never' as const } : {}),
            ...(request.timeout > 0 ? { timeoutMs: request.timeout } : {}),
          });
          if (!isProbe) {
            jsonOf(answer);
          }
          return {
            request,
            status: answer.status,
            headers: createHttpHeaders(answer.headers),
            bodyAsText: answer.text,
          };
        } catch (error) {
          if (error instanceof AzureFailure && !isProbe) {
            this.failure = error;
          }
          throw error;
        }
      },
    };
  }

  /** The library's errors contain whole answers; this program reports the cause in its own words. */
  private explain(error: unknown): AzureFailure {
    if (this.failure !== undefined) {
      return this.failure;
    }
    const code = aadstsOf(textOf(error));
    if (code !== undefined) {
      const known = explained(code);
      return new AzureFailure(
        'login',
        known === undefined
          ? `Azure login: Entra refuses it (AADSTS${code}); sign in again with az login, and look the code up at https://login.microsoftonline.com/error?code=${code}`
          : `Azure login: ${known.meaning} (AADSTS${code}); ${known.missing === 'login' ? known.remedy : OTHER_REMEDY}`,
      );
    }
    if (this.http.signal?.aborted === true) {
      return new AzureFailure('interrupted', 'interrupted; nothing more was asked and no file was written');
    }
    return new AzureFailure('login', NO_LOGIN);
  }
}

const OTHER_REMEDY =
  'check AZURE_TENANT_ID, AZURE_CLIENT_ID and the credential in the variables, or sign in with az login';

const NO_LOGIN =
  'Azure login: there is none, or it expired; sign in with az login, or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, or run where a managed or workload identity is';

function textOf(error: unknown): string {
  const { message = '', errors = [] } = error as { message?: string; errors?: readonly unknown[] };
  return [message, ...errors.map(textOf)].join('\n');
}
