import { createServer, type Server } from 'node:net';
import { AzureFailure, networkFailure } from '../../src/azure/failure';
import { Http, jsonOf, type Request } from '../../src/azure/http';
import { json, Loopback, type Handler } from './loopback';

const servers: Loopback[] = [];
const clients: Http[] = [];
const proxies: Server[] = [];
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  proxies.splice(0).forEach((proxy) => proxy.close());
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

async function serve(handler: Handler): Promise<Loopback> {
  const server = new Loopback(handler);
  servers.push(server);
  await server.start();
  return server;
}

function client(environment: Record<string, string> = {}, signal?: AbortSignal, timeoutMs?: number): Http {
  const http = new Http(
    { environment, ...(signal === undefined ? {} : { signal }) },
    timeoutMs === undefined ? {} : { timeoutMs },
  );
  clients.push(http);
  return http;
}

async function failureOf(promise: Promise<unknown>): Promise<AzureFailure> {
  try {
    await promise;
  } catch (error) {
    expect(error).toBeInstanceOf(AzureFailure);
    return error as AzureFailure;
  }
  throw new Error('it did not fail');
}

const get = (url: string, rest: Partial<Request> = {}): Request => ({ method: 'GET', url, ...rest });

describe('asking again', () => {
  const throttled = (times: number, status: number, headers: Record<string, string>): Handler => {
    let answered = 0;
    return (_, response) => {
      answered += 1;
      json(response, answered <= times ? status : 200, { answered }, answered <= times ? headers : {});
    };
  };

  test.each([
    ['429 with Retry-After', 2, 429, { 'retry-after': '0' }, 3, 200],
    ['503 with a date that is past', 1, 503, { 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' }, 2, 200],
    ['429 with milliseconds', 1, 429, { 'x-ms-retry-after-ms': '1' }, 2, 200],
    ['at most four times', 9, 429, { 'retry-after': '0' }, 4, 429],
    ['not where it is not implemented', 9, 501, { 'retry-after': '0' }, 1, 501],
    ['not what was refused', 9, 403, { 'retry-after': '0' }, 1, 403],
  ])('%s', async (_, times, status, headers, requests, last) => {
    const server = await serve(throttled(times, status, headers as unknown as Record<string, string>));
    const http = client();
    expect((await http.send(get(server.url))).status).toBe(last);
    expect({ asked: server.requests.length, counted: http.requests }).toEqual({ asked: requests, counted: requests });
  });

  test('only where a time is named, where the caller says so', async () => {
    const server = await serve(throttled(9, 500, {}));
    expect((await client().send(get(server.url, { retry: 'throttled' }))).status).toBe(500);
    expect(server.requests).toHaveLength(1);
  });

  test('never, where the caller says so', async () => {
    const server = await serve(throttled(9, 429, { 'retry-after': '0' }));
    expect((await client().send(get(server.url, { retry: 'never' }))).status).toBe(429);
    expect(server.requests).toHaveLength(1);
  });
});

describe('answers', () => {
  test('no redirect is followed', async () => {
    const server = await serve((_, response) => json(response, 302, {}, { location: '/elsewhere' }));
    expect((await client().send(get(server.url))).status).toBe(302);
    expect(server.requests).toEqual(['GET /']);
  });

  test('only the beginning is read where that is enough', async () => {
    const server = await serve((_, response) => {
      response.writeHead(200);
      response.write('x'.repeat(100_000));
    });
    const { text } = await client().send(get(server.url, { atMost: 1000 }));
    expect(text.length).toBeGreaterThanOrEqual(1000);
  });

  test('the clock of the other side', async () => {
    const server = await serve((_, response) =>
      json(response, 200, {}, { date: new Date(Date.now() - 600_000).toUTCString() }),
    );
    const http = client();
    await http.send(get(server.url));
    expect(http.clockAheadOf(new URL(server.url).host)).toBeGreaterThanOrEqual(599);
    expect(http.clockAheadOf('elsewhere')).toBeUndefined();
  });

  test.each([
    [
      '<html><body>Sign in</body></html>',
      'text/html',
      'returned a web page instead of JSON (status 200), so a proxy or a sign-in page answered; check HTTPS_PROXY and the network',
    ],
    [
      'Sign in',
      'text/html; charset=utf-8',
      'returned a web page instead of JSON (status 200), so a proxy or a sign-in page answered; check HTTPS_PROXY and the network',
    ],
    [
      '{"value": [1, 2',
      'application/json',
      'the JSON of its answer breaks off after 15 characters; check any proxy, then try again',
    ],
    ['', 'application/json', 'returned nothing (status 200); try again'],
  ])('%j', (text, type, problem) => {
    expect(() => jsonOf({ url: 'https://x.example/y', status: 200, headers: { 'content-type': type }, text })).toThrow(
      `x.example: ${problem}`,
    );
  });
});

describe('no answer', () => {
  test('half of one', async () => {
    const server = await serve((_, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('{"value": [');
      setImmediate(() => response.destroy());
    });
    const failure = await failureOf(client().send(get(server.url)));
    expect([failure.kind, failure.sentence]).toEqual([
      'broken-off',
      `127.0.0.1:${server.port}: the connection broke off before the answer was complete; check the network and any proxy, then try again`,
    ]);
  });

  test('none in time', async () => {
    const server = await serve(() => undefined);
    expect((await failureOf(client({}, undefined, 50).send(get(server.url)))).sentence).toBe(
      `127.0.0.1:${server.port}: no answer within 0.05 s; check the network and HTTPS_PROXY, then try again`,
    );
  });

  test('nobody there', async () => {
    const server = await serve(() => undefined);
    const { url, port } = server;
    await server.stop();
    servers.splice(0);
    expect((await failureOf(client().send(get(url)))).sentence).toBe(
      `127.0.0.1:${port}: nothing can be reached there (ECONNREFUSED); check the network, and set HTTPS_PROXY where a proxy is needed`,
    );
  });

  test.each([[false], [true]])('interrupted, before it begins: %s', async (before) => {
    const controller = new AbortController();
    const server = await serve(() => controller.abort());
    if (before) {
      controller.abort();
    }
    const failure = await failureOf(client({}, controller.signal).send(get(server.url)));
    expect([failure.kind, failure.sentence]).toEqual([
      'interrupted',
      'interrupted; nothing more was asked and no file was written',
    ]);
    expect(server.requests).toHaveLength(before ? 0 : 1);
  });

  test('interrupted while it waits to ask again', async () => {
    const controller = new AbortController();
    const server = await serve((_, response) => {
      json(response, 429, {}, { 'retry-after': '50' });
      setTimeout(() => controller.abort(), 10);
    });
    expect((await failureOf(client({}, controller.signal).send(get(server.url)))).kind).toBe('interrupted');
  });
});

describe('proxy', () => {
  /** Answers every CONNECT with a status. */
  async function refusing(status: number): Promise<{ url: string; port: number; asked: string[]; stop: () => void }> {
    const asked: string[] = [];
    const server = createServer((socket) => {
      socket.once('data', (data) => {
        asked.push(data.toString().split('\r\n')[0] ?? '');
        socket.end(`HTTP/1.1 ${status} No\r\ncontent-length: 0\r\n\r\n`);
      });
      socket.on('error', () => undefined);
    });
    proxies.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    return { url: `http://user:hunter2@127.0.0.1:${port}`, port, asked, stop: () => server.close() };
  }

  test.each([
    [407, 'demands a login (407); write it into the variable, as in HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT'],
    [
      403,
      'does not connect to nowhere.azure-api.net (403); ask for nowhere.azure-api.net to be let through, or name it in NO_PROXY where it can be reached without the proxy',
    ],
    [
      502,
      'does not connect to nowhere.azure-api.net (502); check that the host name is right and that the proxy can reach it',
    ],
  ])('refuses with %d', async (status, problem) => {
    const proxy = await refusing(status);
    const failure = await failureOf(client({ HTTPS_PROXY: proxy.url }).send(get('https://nowhere.azure-api.net/x')));
    proxy.stop();
    expect(failure.sentence).toBe(`the proxy 127.0.0.1:${proxy.port} ${problem}`);
    expect(proxy.asked).toEqual(['CONNECT nowhere.azure-api.net:443 HTTP/1.1']);
  });

  test('an empty variable in lower case is none', async () => {
    const proxy = await refusing(403);
    await failureOf(client({ HTTPS_PROXY: proxy.url, https_proxy: '' }).send(get('https://nowhere.azure-api.net/x')));
    proxy.stop();
    expect(proxy.asked).toHaveLength(1);
  });

  test.each([['localhost,127.0.0.1'], ['*'], ['127.0.0.1']])('NO_PROXY=%s', async (noProxy) => {
    const proxy = await refusing(403);
    const server = await serve((_, response) => json(response, 200, {}));
    const http = client({ HTTP_PROXY: proxy.url, HTTPS_PROXY: proxy.url, NO_PROXY: noProxy });
    expect((await http.send(get(server.url))).status).toBe(200);
    proxy.stop();
    expect(proxy.asked).toEqual([]);
  });

  test.each([['not a url'], ['ftp://127.0.0.1:1']])('HTTPS_PROXY=%s', async (value) => {
    await expect(client({ HTTPS_PROXY: value }).send(get('https://x.example'))).rejects.toThrow(
      'HTTPS_PROXY: this is not the address of a proxy; write http://HOST:PORT',
    );
  });

  test('is not reached', async () => {
    const proxy = await refusing(403);
    proxy.stop();
    const failure = await failureOf(client({ HTTPS_PROXY: proxy.url }).send(get('https://x.example')));
    expect(failure.sentence).toBe(
      `the proxy 127.0.0.1:${proxy.port}: nothing can be reached there (ECONNREFUSED); check HTTPS_PROXY`,
    );
  });

  test('authorities that cannot be read', async () => {
    await expect(client({ NODE_EXTRA_CA_CERTS: '/nowhere/ca.pem' }).send(get('https://x.example'))).rejects.toThrow(
      'NODE_EXTRA_CA_CERTS: /nowhere/ca.pem cannot be read (ENOENT); name a file of certificates in PEM',
    );
  });
});

describe('what the network says', () => {
  const proxy = { hostname: 'proxy.contoso.com', port: 8080 };

  test.each([
    [
      { code: 'ENOTFOUND', hostname: 'x.example' },
      'unreachable',
      'x.example: the name cannot be resolved (ENOTFOUND); check the name and the network, and set HTTPS_PROXY where a proxy is needed',
    ],
    [
      { code: 'EAI_AGAIN', hostname: 'proxy.contoso.com' },
      'unreachable',
      'the proxy proxy.contoso.com:8080: the name cannot be resolved (EAI_AGAIN); check HTTPS_PROXY',
    ],
    [
      { cause: { errors: [{ code: 'ENETUNREACH', port: 443 }] } },
      'unreachable',
      'x.example: nothing can be reached there (ENETUNREACH); check the network, and set HTTPS_PROXY where a proxy is needed',
    ],
    [
      { cause: { code: 'SELF_SIGNED_CERT_IN_CHAIN' } },
      'tls',
      'x.example: its certificate is not trusted (SELF_SIGNED_CERT_IN_CHAIN); where a proxy inspects TLS, name its certificate authority in NODE_EXTRA_CA_CERTS',
    ],
    [
      { code: 'CERT_HAS_EXPIRED' },
      'tls',
      'x.example: its certificate is expired; check the clock of this machine, and any proxy (CERT_HAS_EXPIRED)',
    ],
    [
      { code: 'CERT_NOT_YET_VALID' },
      'tls',
      'x.example: its certificate is not valid yet; check the clock of this machine, and any proxy (CERT_NOT_YET_VALID)',
    ],
    [
      { code: 'ERR_TLS_CERT_ALTNAME_INVALID' },
      'tls',
      'x.example: the certificate is for another host name; check the host name, and any proxy (ERR_TLS_CERT_ALTNAME_INVALID)',
    ],
    [
      { code: 'UND_ERR_CONNECT_TIMEOUT' },
      'timeout',
      'x.example: no answer within 10 s; check the network and HTTPS_PROXY, then try again',
    ],
    [
      { code: 'ECONNRESET', message: 'hunter2' },
      'broken-off',
      'x.example: the connection broke off before the answer was complete; check the network and any proxy, then try again',
    ],
  ])('%j', (error, kind, sentence) => {
    const failure = networkFailure(error, 'x.example', proxy, 10_000);
    expect([failure.kind, failure.sentence]).toEqual([kind, sentence]);
  });
});
