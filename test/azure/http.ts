import type { IncomingHttpHeaders } from 'node:http';
import { JsonObject } from './json';

/** One request, as the services see it. */
export interface Call {
  readonly method: string;
  readonly host: string;
  /** Decoded, without trailing slash. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body where it is a JSON object; empty otherwise. */
  readonly json: JsonObject;
}

export interface Answer {
  readonly status: number;
  /** JSON, or text where the content type says so. */
  readonly body?: unknown;
  readonly headers?: { readonly [name: string]: string };
}

export type Service = (call: Call) => Answer | Promise<Answer>;

/** A refusal in the words of the service. */
export class AzureError extends Error {
  public constructor(
    public readonly status: number,
    public readonly code: string,
    message: string,
    public readonly headers: { readonly [name: string]: string } = {},
  ) {
    super(message);
  }
}

export function answer(status: number, body?: unknown, headers?: { readonly [name: string]: string }): Answer {
  return { status, body, headers };
}

export function bearerToken(call: Call): string | undefined {
  return /^bearer\s+(.+)$/i.exec(call.headers.authorization ?? '')?.[1];
}

export function segmentsOf(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '');
}
