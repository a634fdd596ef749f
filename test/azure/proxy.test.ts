import * as https from 'node:https';
import * as http from 'node:http';
import * as tls from 'node:tls';
import type { Socket } from 'node:net';
import { Fault, LocalAzure, startLocalAzure } from './index';

let azure: LocalAzure;

beforeAll(async () => {
  azure = await startLocalAzure();
});

afterEach(() => {
  azure.control.clearFaults();
  azure.control.configure({ connectStatus: 200, throttleEvery: 0 });
});

afterAll(async () => azure.close());

interface Received {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
}

/** A request as any client makes it that knows `HTTPS_PROXY` and the authority, and nothing else of this Azure. */
async function get(url: string, ca: string | undefined = azure.ca, signal?: AbortSignal): Promise<Received> {
  const target = new URL(url);
  const socket = await new Promise<Socket>((resolve, reject) => {
    const { hostname, port } = new URL(azure.proxyUrl);
    http
      .request({ hostname, port, method: 'CONNECT', path: `${target.hostname}:443`, signal })
      .on('connect', ({ statusCode }, connected) =>
        statusCode === 200 ? resolve(connected as Socket) : reject(new Error(`CONNECT ${String(statusCode)}`)),
      )
      .on('error', reject)
      .end();
  });
  try {
    return await new Promise<Received>((resolve, reject) => {
      const createConnection = (): tls.TLSSocket => tls.connect({ socket, servername: target.hostname, ca });
      https
        .request(url, { createConnection, signal }, (response) => {
          let text = '';
          response.on('data', (chunk: Buffer) => (text += chunk.toString()));
          response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, text }));
          response.on('error', reject);
        })
        .on('error', reject)
        .end();
    });
  } finally {
    socket.destroy();
  }
}

/** Gives up once the request has arrived: it hangs then, whatever the machine's speed. */
function abortedOnceRecorded(): AbortSignal {
  const abort = new AbortController();
  const before = azure.requests.length;
  const poll = setInterval(() => {
    if (azure.requests.length > before) {
      clearInterval(poll);
      abort.abort();
    }
  }, 5);
  return abort.signal;
}

const KEYS = 'https://login.microsoftonline.com/common/discovery/v2.0/keys';

test.each([
  'https://login.microsoftonline.com/common/discovery/v2.0/keys',
  'https://login.microsoftonline.us/common/discovery/v2.0/keys',
  'https://token.actions.githubusercontent.com/.well-known/jwks',
])('%s is answered under its own name', async (url) => {
  const { status, text } = await get(url);
  expect(status).toBe(200);
  expect(JSON.parse(text).keys[0].kty).toBe('RSA');
});

test.each([
  ['https://management.azure.com/subscriptions?api-version=2022-12-01', 401],
  ['https://graph.microsoft.com/v1.0/applications', 401],
  ['https://nothing.vault.azure.net/secrets?api-version=7.4', 404],
  ['https://nothing.azure-api.net/orders', 404],
])('%s is answered %i', async (url, expected) => {
  const { status, headers } = await get(url);
  expect(status).toBe(expected);
  expect(headers['x-ms-request-id']).toMatch(/^[0-9a-f-]{36}$/);
});

test('a host that is not of Azure is refused, and recorded', async () => {
  await expect(get('https://example.com/')).rejects.toThrow('CONNECT 502');
  expect(azure.requests.at(-1)).toMatchObject({
    service: 'proxy',
    method: 'CONNECT',
    host: 'example.com',
    status: 502,
  });
});

test('who does not know the authority does not trust it', async () => {
  await expect(get(KEYS, '')).rejects.toThrow(/certificate|self.signed/);
});

test('a proxy that demands a password, or hangs', async () => {
  azure.control.configure({ connectStatus: 407 });
  await expect(get(KEYS)).rejects.toThrow('CONNECT 407');
  azure.control.configure({ connectStatus: 200 });
  azure.control.fault({ service: 'proxy', kind: 'hang' });
  await expect(get(KEYS, azure.ca, abortedOnceRecorded())).rejects.toThrow('aborted');
  azure.control.fault({ service: 'proxy', kind: 'reset' });
  await expect(get(KEYS)).rejects.toThrow(/ECONNRESET|hang up/);
});

test.each<[string, Fault, number | RegExp]>([
  ['a status', { status: 503, retryAfter: 7 }, 503],
  ['a page', { kind: 'html', status: 502 }, 502],
  ['a refusal of Entra', { aadsts: 53003, message: 'Blocked.' }, 400],
  ['no answer', { kind: 'hang' }, /aborted/],
  ['a broken connection', { kind: 'reset' }, /hang up|ECONNRESET/],
  ['an answer that is lost', { kind: 'lost' }, /hang up|ECONNRESET/],
  ['half an answer', { kind: 'half' }, /aborted/],
])('%s', async (_what, fault, expected) => {
  azure.control.fault({ ...fault, path: '/keys$' });
  const signal = fault.kind === 'hang' ? abortedOnceRecorded() : undefined;
  if (typeof expected === 'number') {
    expect((await get(KEYS, azure.ca, signal)).status).toBe(expected);
  } else {
    await expect(get(KEYS, azure.ca, signal)).rejects.toThrow(expected);
  }
  expect(azure.requests.at(-1)).toMatchObject({
    fault: fault.kind ?? (fault.aadsts === undefined ? 'status' : 'signIn'),
  });
  expect((await get(KEYS)).status).toBe(200);
});

test('every third request is one too many', async () => {
  azure.control.configure({ throttleEvery: 3, retryAfter: 2 });
  const answers = [];
  for (let count = 0; count < 6; count += 1) {
    answers.push(await get(KEYS));
  }
  expect(answers.filter(({ status }) => status === 429)).toHaveLength(2);
  expect(answers.find(({ status }) => status === 429)!.headers['retry-after']).toBe('2');
});

test('the control endpoint answers on plain HTTP', async () => {
  const control = async (method: string, path: string, body?: unknown): Promise<{ status: number; body: any }> => {
    const response = await fetch(`${azure.controlUrl}/${path}`, { method, body: JSON.stringify(body) });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
  };
  expect(await control('GET', 'residue')).toMatchObject({ status: 200, body: { empty: true, softDeleted: [] } });
  expect((await control('GET', 'environment')).body.HTTPS_PROXY).toBe(azure.proxyUrl);
  expect((await control('PATCH', 'settings', { graphLag: 5 })).status).toBe(204);
  expect(azure.cloud.settings.graphLag).toBe(5);
  expect(await control('PATCH', 'settings', { graphlag: 5 })).toMatchObject({
    status: 400,
    body: { error: expect.stringMatching(/^graphlag: no such setting, got 5; use one of secrets, /) },
  });
  expect((await control('POST', 'faults', { service: 'arm', status: 500 })).status).toBe(204);
  expect((await control('POST', 'faults', { servise: 'arm' })).body.error).toMatch(
    /^servise: no such field of a fault/,
  );
  const state = await control('GET', 'state');
  expect((await control('PUT', 'state', state.body)).status).toBe(204);
  expect((await control('GET', 'nothing')).status).toBe(404);
});
