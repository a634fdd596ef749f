import { AzureFailure } from '../azure/failure';
import type { Http } from '../azure/http';
import { property } from '../input/json';
import { clean } from '../message';

/** What a gateway answered; nothing of the body but API Management's own message is kept. */
export interface GatewayAnswer {
  readonly status: number;
  readonly wwwAuthenticate?: string;
  /** The message of API Management's own errors. */
  readonly message?: string;
  readonly isPage: boolean;
}

/** That there is no answer, as a sentence. */
export interface Unanswered {
  readonly sentence: string;
}

export type GatewayCall = GatewayAnswer | Unanswered;

export function isAnswer(call: GatewayCall): call is GatewayAnswer {
  return 'status' in call;
}

export function isRefused({ status }: GatewayAnswer): boolean {
  return status === 401 || status === 403;
}

const ENOUGH_BYTES = 4096;

/** Calls a product. The answer of a backend may be endless: only its beginning is read. */
export async function callGateway(
  http: Http,
  url: string,
  headers: Readonly<Record<string, string>>,
  timeoutMs: number,
): Promise<GatewayCall> {
  try {
    const answer = await http.send({
      method: 'GET',
      url,
      headers,
      timeoutMs,
      atMost: ENOUGH_BYTES,
      retry: 'throttled',
    });
    const challenge = answer.headers['www-authenticate'];
    const message = messageOf(answer.text);
    return {
      status: answer.status,
      isPage: /html/i.test(answer.headers['content-type'] ?? '') || /^\s*<(!doctype|html)/i.test(answer.text),
      ...(challenge === undefined ? {} : { wwwAuthenticate: clean(challenge) }),
      ...(message === undefined ? {} : { message }),
    };
  } catch (error) {
    if (error instanceof AzureFailure && error.kind !== 'interrupted' && error.status !== 407) {
      return { sentence: error.sentence };
    }
    throw error;
  }
}

/** API Management's errors are `{ statusCode, message }`; whatever a backend says is not repeated. */
function messageOf(text: string): string | undefined {
  try {
    const body: unknown = JSON.parse(text);
    const [status, message] = [property(body, 'statusCode'), property(body, 'message')];
    return typeof status === 'number' && typeof message === 'string' ? clean(message) : undefined;
  } catch {
    return undefined;
  }
}
