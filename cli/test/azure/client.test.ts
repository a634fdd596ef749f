import type { IncomingMessage, ServerResponse } from 'node:http';
import { AzureClient } from '../../src/azure/client';
import { cloudOf } from '../../src/azure/clouds';
import { Http } from '../../src/azure/http';
import type { AzureLogin } from '../../src/azure/login';
import { json, Loopback } from './loopback';

const options = { doing: 'read the products of contoso-apim', needs: 'API Management Service Reader Role' };

let server: Loopback;
let http: Http;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
beforeEach(async () => {
  server = new Loopback((request, response) => answer(request, response));
  await server.start();
  http = new Http({ environment: {} });
});
afterEach(async () => {
  await http.close();
  await server.stop();
});

/** The login is a token that the server sees; links of a plain server are not https, so paths are relative. */
const client = () =>
  new AzureClient(http, { token: () => Promise.resolve('the-token') } as unknown as AzureLogin, server.url);

async function all(path: string): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const element of client().list(path, options)) {
    found.push(element.name);
  }
  return found;
}

describe('lists', () => {
  test.each(['nextLink', '@odata.nextLink'])('over all pages by %s', async (link) => {
    answer = (request, response) => {
      expect(request.headers.authorization).toBe('Bearer the-token');
      const page = Number(new URL(request.url ?? '', 'http://x').searchParams.get('page') ?? 1);
      json(response, 200, {
        value: [{ name: `p${page}` }],
        ...(page < 3 ? { [link]: `/products?page=${page + 1}` } : {}),
      });
    };
    expect(await all('/products')).toEqual(['p1', 'p2', 'p3']);
    expect(server.requests).toEqual(['GET /products', 'GET /products?page=2', 'GET /products?page=3']);
  });

  test.each([
    [
      'a page without value',
      { nextLink: '' },
      'the list is not complete: a page of it has no value, when asked to read the products of contoso-apim; try again',
    ],
    [
      'a page that leads back',
      { value: [], nextLink: '/products' },
      'the list leads back to a page that was read already; try again',
    ],
    [
      'a link to another host',
      { value: [], nextLink: 'https://evil.example/products' },
      'a link leads to another host; it is not followed with a token',
    ],
  ])('%s', async (_, page, problem) => {
    answer = (__, response) => json(response, 200, page);
    await expect(all('/products')).rejects.toThrow(`127.0.0.1:${server.port}: ${problem}`);
    expect(server.requests).toEqual(['GET /products']);
  });
});

describe('refusals are one sentence that quotes nothing of the answer', () => {
  const A = '11111111-1111-4111-8111-111111111111';
  const B = '99999999-9999-4999-8999-999999999999';

  test.each([
    [
      'no permission',
      403,
      'AuthorizationFailed',
      `The client 'jane@contoso.com' with object id '${A}' does not have authorization to perform action 'Microsoft.ApiManagement/service/products/read' over scope '/subscriptions/x'`,
      'the login may not read the products of contoso-apim (Microsoft.ApiManagement/service/products/read); it needs API Management Service Reader Role, which takes minutes to have effect',
    ],
    [
      'no permission in Graph',
      403,
      'Authorization_RequestDenied',
      'Insufficient privileges',
      'the login may not read the products of contoso-apim; it needs API Management Service Reader Role, which takes minutes to have effect',
    ],
    [
      'the firewall of a vault',
      403,
      'Forbidden',
      'Client address is not authorized and caller is not a trusted service.',
      'its firewall does not let this machine in, when asked to read the products of contoso-apim; add the address of this machine to the network rules, or run inside of the network',
    ],
    [
      'a login of another tenant',
      401,
      'InvalidAuthenticationTokenTenant',
      `The access token is from the wrong issuer 'https://sts.windows.net/${A}/'. It must match the tenant 'https://sts.windows.net/${B}/' associated with this subscription.`,
      `the login is of tenant ${A}, and ${B} is needed; sign in with az login --tenant ${B}`,
    ],
    [
      'a login of another tenant than the vault',
      401,
      'Unauthorized',
      `AKV10032: Invalid issuer. Expected one of https://sts.windows.net/${B}/, https://login.microsoftonline.com/${B}/v2.0, found https://sts.windows.net/${A}/.`,
      `the login is of tenant ${A}, and ${B} is needed; sign in with az login --tenant ${B}`,
    ],
    [
      'an expired login',
      401,
      'ExpiredAuthenticationToken',
      'The access token expiry UTC time is earlier',
      'the login is not accepted (401 ExpiredAuthenticationToken); sign in again with az login',
    ],
    [
      'nothing there',
      404,
      'ResourceNotFound',
      'hunter2',
      'there is nothing to read the products of contoso-apim (404 ResourceNotFound); check the id, and that the login is of the right tenant and subscription',
    ],
    [
      'something else',
      409,
      'a code with <html>',
      'hunter2',
      'failed to read the products of contoso-apim (409); try again',
    ],
  ])('%s', async (_, status, code, message, problem) => {
    answer = (__, response) => json(response, status, { error: { code, message } });
    const error = await client()
      .call('/products', options)
      .catch((failure: unknown) => failure as Error);
    expect((error as Error).message).toBe(`127.0.0.1:${server.port}: ${problem}`);
  });

  test('an answer without a body', async () => {
    answer = (_, response) => response.writeHead(403).end();
    await expect(client().call('/products', options)).rejects.toThrow('it needs API Management Service Reader Role');
  });

  test('what does not exist may be looked for', async () => {
    answer = (_, response) => json(response, 404, { error: { code: 'ResourceNotFound' } });
    expect(await client().find('/products/x', options)).toBeUndefined();
    answer = (_, response) => json(response, 403, {});
    await expect(client().find('/products/x', options)).rejects.toThrow('may not read');
  });
});

test('a cloud that does not exist', () => {
  expect(() => cloudOf('mars')).toThrow('--cloud mars is not a cloud; give one of public, usgov, china');
  expect(['public', 'usgov', 'china', undefined].map((name) => cloudOf(name).name)).toEqual([
    'public',
    'usgov',
    'china',
    'public',
  ]);
});
