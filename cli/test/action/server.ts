import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly authorization: string;
  readonly body: any;
}

export interface Reply {
  readonly status: number;
  readonly body?: unknown;
}

/** A server on loopback that records what is asked and answers what a test says. */
export class FakeServer {
  readonly seen: Seen[] = [];
  private server: Server | undefined;

  constructor(private readonly answer: (request: Seen, url: string) => Reply) {}

  async start(): Promise<string> {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const seen: Seen = {
          method: request.method ?? '',
          path: request.url ?? '',
          authorization: request.headers.authorization ?? '',
          body: text === '' ? undefined : JSON.parse(text),
        };
        this.seen.push(seen);
        const { status, body } = this.answer(seen, this.url);
        response.writeHead(status, { 'Content-Type': 'application/json' });
        response.end(body === undefined ? '' : JSON.stringify(body));
      });
    });
    await new Promise<void>((resolve) => this.server?.listen(0, '127.0.0.1', resolve));
    return this.url;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server?.address() as AddressInfo).port}`;
  }

  /** Without the bodies: `METHOD path`. */
  get requests(): string[] {
    return this.seen.map(({ method, path }) => `${method} ${path}`);
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => this.server?.close(resolve));
  }
}
