import { setTimeout as delay } from 'node:timers/promises';
import { arm } from './arm/arm';
import { Cloud } from './cloud';
import { identityEndpoint } from './entra/identity-endpoint';
import { login } from './entra/login';
import { SignInError } from './entra/sign-in-error';
import { Fault, ServiceName } from './faults';
import { gateway } from './gateway/gateway';
import { batchAnswer, requestsOf } from './graph/batch';
import { graph } from './graph/graph';
import { serviceOf } from './hosts';
import { answer, Answer, AzureError, bearerToken, Call, Service } from './http';
import { newId } from './identifiers';
import { vault } from './vault/vault';

/** An answer, and what the connection does to it. */
export interface Outcome {
  readonly answer: Answer;
  readonly connection: 'kept' | 'hang' | 'reset' | 'half';
}

/** Finds the service of each request, and what goes wrong with it. */
export class Dispatcher {
  private served = 0;

  public constructor(private readonly cloud: Cloud) {}

  public serviceOf(host: string): ServiceName | undefined {
    return serviceOf(host) ?? (this.cloud.issuers.serves(host) ? 'issuer' : undefined);
  }

  public async respond(call: Call): Promise<Outcome> {
    const { cloud } = this;
    const service = this.serviceOf(call.host);
    if (service === undefined) {
      return this.recorded(call, 'unknown', answer(502, { error: { code: 'UnknownHost', message: call.host } }));
    }
    if (cloud.settings.latency > 0) {
      await delay(cloud.settings.latency);
    }
    if (service === 'graph' && call.path.endsWith('/$batch') && call.method === 'POST') {
      return this.batch(call, service);
    }
    return this.single(call, service);
  }

  /** Each request of a batch meets its own faults; what would break the connection is a failure of the one request. */
  private async batch(call: Call, service: ServiceName): Promise<Outcome> {
    return this.single(call, service, async () => {
      const answers = [];
      for (const { id, call: one } of requestsOf(call)) {
        const { answer: given, connection } = await this.single(one, service);
        answers.push({ id, answer: connection === 'kept' ? given : answer(503) });
      }
      return batchAnswer(answers);
    });
  }

  private async single(
    call: Call,
    service: ServiceName,
    handler: Service = (one) => this.handlers()[service](one),
  ): Promise<Outcome> {
    const { cloud } = this;
    // Key Vault asks for a token before it looks at anything else, throttled or not.
    const isChallenged = service === 'vault' && bearerToken(call) === undefined;
    const fault = isChallenged ? undefined : cloud.faults.meet(call, service);
    if (fault === undefined) {
      return this.recorded(call, service, this.throttled(service) ?? (await this.serve(service, call, handler)));
    }
    return this.broken(call, service, fault);
  }

  private async broken(call: Call, service: ServiceName, fault: Fault): Promise<Outcome> {
    const kind = fault.kind ?? (fault.aadsts === undefined ? 'status' : 'signIn');
    switch (kind) {
      case 'hang':
      case 'reset':
        return this.recorded(call, service, answer(0), kind, kind);
      case 'lost':
        return this.recorded(call, service, await this.serve(service, call), 'reset', kind);
      case 'half':
        return this.recorded(call, service, await this.serve(service, call), 'half', kind);
      case 'html':
        return this.recorded(call, service, htmlPage(fault), 'kept', kind);
      case 'signIn':
        return this.recorded(
          call,
          service,
          new SignInError(fault.aadsts ?? 90033, fault.message ?? 'A transient error has occurred.').answer(
            this.cloud.clock,
          ),
          'kept',
          kind,
        );
      case 'status': {
        const status = fault.status ?? 500;
        const error = new AzureError(
          status,
          fault.code ?? CODES[status] ?? 'InternalServerError',
          fault.message ?? 'The service could not handle the request.',
          fault.retryAfter === undefined ? {} : { 'Retry-After': String(fault.retryAfter) },
        );
        return this.recorded(call, service, refusal(service, error, this.cloud), 'kept', kind);
      }
    }
  }

  private async serve(
    service: ServiceName,
    call: Call,
    handler: Service = (one) => this.handlers()[service](one),
  ): Promise<Answer> {
    try {
      return await handler(call);
    } catch (error) {
      if (error instanceof AzureError) {
        return refusal(service, error, this.cloud);
      }
      this.cloud.notUnderstood.push(`${call.method} ${call.host}${call.path}: ${String((error as Error).stack)}`);
      return refusal(service, new AzureError(500, 'LocalAzureError', (error as Error).message), this.cloud);
    }
  }

  private handlers(): { readonly [name in ServiceName]: Service } {
    const { cloud } = this;
    return {
      arm: (call) => arm(cloud, call),
      login: (call) => login(cloud, call),
      graph: (call) => graph(cloud, call),
      vault: (call) => vault(cloud, call),
      gateway: (call) => gateway(cloud, call),
      identity: (call) => identityEndpoint(cloud, call),
      issuer: (call) => cloud.issuers.handle(call, cloud.clock.now()),
      proxy: () => answer(502),
    };
  }

  private throttled(service: ServiceName): Answer | undefined {
    const { throttleEvery, retryAfter } = this.cloud.settings;
    this.served += 1;
    if (throttleEvery === 0 || this.served % throttleEvery !== 0) {
      return undefined;
    }
    const error = new AzureError(429, CODES[429], 'Too many requests.', { 'Retry-After': String(retryAfter) });
    return refusal(service, error, this.cloud);
  }

  private recorded(
    call: Call,
    service: string,
    given: Answer,
    connection: Outcome['connection'] = 'kept',
    fault?: string,
  ): Outcome {
    const { error, error_description: description } = (given.body ?? {}) as { error?: any; error_description?: string };
    this.cloud.log.record({
      service,
      method: call.method,
      host: call.host,
      path: call.path,
      query: call.query.toString(),
      status: given.status,
      ...(given.status >= 400 && error !== undefined
        ? { error: description ?? `${String(error.code)}: ${String(error.message)}` }
        : {}),
      ...(fault === undefined ? {} : { fault }),
    });
    return { answer: given, connection };
  }
}

const CODES: { readonly [status: number]: string } = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  409: 'Conflict',
  429: 'TooManyRequests',
  500: 'InternalServerError',
  502: 'BadGateway',
  503: 'ServiceUnavailable',
  504: 'GatewayTimeout',
};

/** A refusal in the shape of the service's own. */
function refusal(service: ServiceName, error: AzureError, cloud: Cloud): Answer {
  const { status, code, message, headers } = error;
  switch (service) {
    case 'login':
    case 'identity':
      return answer(status, { error: code, error_description: message }, headers);
    case 'gateway':
      return answer(status, { statusCode: status, message }, headers);
    case 'graph':
      return answer(
        status,
        {
          error: {
            code,
            message,
            innerError: { date: cloud.clock.iso(), 'request-id': newId(), 'client-request-id': newId() },
          },
        },
        headers,
      );
    default: {
      const details = code === 'ValidationError' ? { details: [{ code, message }] } : {};
      return answer(status, { error: { code, message, ...details } }, headers);
    }
  }
}

function htmlPage(fault: Fault): Answer {
  const page = `<!DOCTYPE html>\n<html><head><title>${fault.message ?? 'Service unavailable'}</title></head><body></body></html>\n`;
  return answer(fault.status ?? 200, page, { 'Content-Type': 'text/html; charset=utf-8' });
}
