import * as http from 'node:http';
import * as https from 'node:https';
import { AddressInfo, Socket } from 'node:net';
import * as tls from 'node:tls';
import { Cloud } from './cloud';
import { Dispatcher, Outcome } from './dispatcher';
import { answer, Call } from './http';
import { newId } from './identifiers';
import { HostCertificates } from './host-certificates';

/** The proxy that clients name as `HTTPS_PROXY`: it ends the tunnels itself, as whatever host was asked for. */
export class Proxy {
  private readonly plain: http.Server;
  private readonly secure: https.Server;
  private readonly sockets = new Set<Socket>();

  public constructor(
    private readonly cloud: Cloud,
    private readonly dispatcher: Dispatcher,
    certificates: HostCertificates,
    private readonly local: (call: Call) => Promise<Outcome> | Outcome,
  ) {
    this.secure = https.createServer(
      {
        ALPNProtocols: ['http/1.1'],
        keepAliveTimeout: 60_000,
        SNICallback: (name, done) => done(null, certificates.contextOf(name)),
        ...certificates.defaults,
      },
      (request, response) => void this.handle(request, response, 'https:'),
    );
    this.plain = http.createServer(
      { keepAliveTimeout: 60_000 },
      (request, response) => void this.handle(request, response, 'http:'),
    );
    this.plain.on('connect', (request, socket, head) => this.connect(request, socket as Socket, head));
    for (const server of [this.plain, this.secure]) {
      server.on('connection', (socket: Socket) => this.track(socket));
    }
    // Clients that do not trust the authority break off: that is their finding, not this server's failure.
    this.secure.on('tlsClientError', (_error, socket: tls.TLSSocket) => socket.destroy());
  }

  public async listen(port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.plain.once('error', reject);
      this.plain.listen(port, '127.0.0.1', resolve);
    });
    // A test that forgets to close it ends all the same.
    this.plain.unref();
    return (this.plain.address() as AddressInfo).port;
  }

  public async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.plain.close(() => resolve()));
    for (const socket of this.sockets) {
      socket.destroy();
    }
    await closed;
  }

  private track(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket));
    socket.on('error', () => socket.destroy());
  }

  private connect(request: http.IncomingMessage, socket: Socket, head: Buffer): void {
    this.track(socket);
    const [host, port] = request.url!.split(':');
    const call = { method: 'CONNECT', host: host.toLowerCase(), path: `:${port}` };
    const fault = this.cloud.faults.meet(call, 'proxy');
    const known = this.dispatcher.serviceOf(call.host) !== undefined;
    const status = fault === undefined ? (known ? this.cloud.settings.connectStatus : 502) : (fault.status ?? 502);
    if (status !== 200 || fault?.kind === 'reset') {
      this.cloud.log.record({
        ...call,
        service: 'proxy',
        query: '',
        status,
        ...(fault === undefined ? {} : { fault: fault.kind ?? 'status' }),
      });
      if (fault?.kind === 'hang') {
        return;
      }
      if (fault?.kind === 'reset') {
        socket.resetAndDestroy();
      } else {
        socket.end(`HTTP/1.1 ${status} ${http.STATUS_CODES[status] ?? ''}\r\nContent-Length: 0\r\n\r\n`);
      }
      return;
    }
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    if (head.length > 0) {
      socket.unshift(head);
    }
    this.secure.emit('connection', socket);
  }

  private async handle(request: http.IncomingMessage, response: http.ServerResponse, scheme: string): Promise<void> {
    try {
      const chunks: Buffer[] = [];
      for await (const chunk of request) {
        chunks.push(chunk as Buffer);
      }
      const call = callOf(request, Buffer.concat(chunks).toString(), scheme);
      response.setHeader('Date', new Date(this.cloud.clock.now()).toUTCString());
      const isLocal = scheme === 'http:' && request.url!.startsWith('/');
      send(request, response, isLocal ? await this.local(call) : await this.dispatcher.respond(call));
    } catch {
      // The client went away, or sent what is no request.
      response.destroy();
    }
  }
}

function callOf(request: http.IncomingMessage, text: string, scheme: string): Call {
  const url = new URL(request.url!, `${scheme}//${request.headers.host ?? 'localhost'}`);
  return newCall(request.method!, url, request.headers, text);
}

export function newCall(method: string, url: URL, headers: http.IncomingHttpHeaders, text: string): Call {
  return {
    method,
    host: url.hostname.toLowerCase(),
    path: decodeURIComponent(url.pathname)
      .replace(/\/{2,}/g, '/')
      .replace(/\/$/, ''),
    query: url.searchParams,
    headers,
    text,
    json: parsed(text),
  };
}

function parsed(text: string): Call['json'] {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Call['json']) : {};
  } catch {
    return {};
  }
}

function send(request: http.IncomingMessage, response: http.ServerResponse, outcome: Outcome): void {
  const { answer: given, connection } = outcome;
  if (connection === 'hang') {
    return;
  }
  if (connection === 'reset') {
    request.socket.destroy();
    return;
  }
  const text = given.body === undefined ? '' : typeof given.body === 'string' ? given.body : JSON.stringify(given.body);
  response.statusCode = given.status;
  for (const [name, value] of Object.entries({
    ...(text === '' ? {} : { 'Content-Type': 'application/json; charset=utf-8' }),
    'x-ms-request-id': newId(),
    'x-ms-correlation-request-id': newId(),
    ...given.headers,
  })) {
    response.setHeader(name, value);
  }
  if (given.status !== 204 && given.status !== 304) {
    response.setHeader('Content-Length', Buffer.byteLength(text));
  }
  if (connection === 'half') {
    response.write(text.slice(0, Math.floor(text.length / 2)), () => request.socket.destroy());
    return;
  }
  response.end(request.method === 'HEAD' || given.status === 204 ? undefined : text);
}

export const kept = (status: number, body?: unknown): Outcome => ({ answer: answer(status, body), connection: 'kept' });
