import { Clock } from '../clock';
import { newId } from '../identifiers';
import { answer, Answer } from '../http';

interface Refusal {
  readonly status: number;
  readonly error: string;
}

/** Status and OAuth error of the codes that occur when an application asks for a token. */
const REFUSALS: { readonly [code: number]: Refusal } = {
  50027: { status: 401, error: 'invalid_client' },
  50105: { status: 400, error: 'interaction_required' },
  50194: { status: 400, error: 'invalid_request' },
  53003: { status: 400, error: 'access_denied' },
  65001: { status: 400, error: 'invalid_grant' },
  70003: { status: 400, error: 'unsupported_grant_type' },
  90002: { status: 400, error: 'invalid_request' },
  90033: { status: 503, error: 'temporarily_unavailable' },
  500011: { status: 400, error: 'invalid_resource' },
  501051: { status: 400, error: 'invalid_grant' },
  700016: { status: 400, error: 'unauthorized_client' },
  700021: { status: 401, error: 'invalid_client' },
  700023: { status: 401, error: 'invalid_client' },
  700024: { status: 401, error: 'invalid_client' },
  700027: { status: 401, error: 'invalid_client' },
  700211: { status: 401, error: 'invalid_client' },
  700212: { status: 401, error: 'invalid_client' },
  700213: { status: 401, error: 'invalid_client' },
  900023: { status: 400, error: 'invalid_request' },
  900144: { status: 400, error: 'invalid_request' },
  1002012: { status: 400, error: 'invalid_scope' },
  7000112: { status: 400, error: 'unauthorized_client' },
  7000215: { status: 401, error: 'invalid_client' },
  7000216: { status: 401, error: 'invalid_client' },
  7000222: { status: 401, error: 'invalid_client' },
  7000229: { status: 400, error: 'unauthorized_client' },
};

/** Entra's refusal of a token. */
export class SignInError extends Error {
  public constructor(
    public readonly code: number,
    message: string,
  ) {
    super(message);
  }

  public answer(clock: Clock): Answer {
    const { status, error } = REFUSALS[this.code] ?? { status: 400, error: 'invalid_request' };
    const traceId = newId();
    const correlationId = newId();
    const timestamp = clock.iso().replace('T', ' ');
    return answer(status, {
      error,
      error_description: `AADSTS${this.code}: ${this.message} Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`,
      error_codes: [this.code],
      timestamp,
      trace_id: traceId,
      correlation_id: correlationId,
      error_uri: `https://login.microsoftonline.com/error?code=${this.code}`,
      ...(this.code === 53003 ? { suberror: 'message_only' } : {}),
    });
  }
}
