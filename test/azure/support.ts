import { DirectAnswer, LocalAzure, SUBSCRIPTION_ID, TENANT_ID } from './index';
import { JsonObject } from './json';

export const ARM = 'https://management.azure.com';
export const GRAPH = 'https://graph.microsoft.com/v1.0';
export const GROUP = `/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/group`;
export const SERVICE = `${GROUP}/providers/Microsoft.ApiManagement/service/contoso-apim`;
export const VAULT = `${GROUP}/providers/Microsoft.KeyVault/vaults/contoso-vault`;
export const VAULT_URL = 'https://contoso-vault.vault.azure.net';
export const PREVIEW = '2024-10-01-preview';
export const OLD = '2022-08-01';

/** Ends the Azure of a test, which understood all that it was asked. */
export async function closeUnderstood(azure: LocalAzure): Promise<void> {
  await azure.close();
  expect(azure.cloud.notUnderstood).toEqual([]);
}

/** Requests of a test, short enough to be read. */
export class Client {
  public constructor(public readonly azure: LocalAzure) {}

  public async arm(
    method: string,
    id: string,
    body?: unknown,
    apiVersion = PREVIEW,
    headers: { [name: string]: string } = {},
  ): Promise<DirectAnswer> {
    const separator = id.includes('?') ? '&' : '?';
    return this.azure.request(method, `${ARM}${id}${separator}api-version=${apiVersion}`, { body, headers });
  }

  public async graph(
    method: string,
    path: string,
    body?: unknown,
    headers: { [name: string]: string } = {},
  ): Promise<DirectAnswer> {
    return this.azure.request(method, `${GRAPH}${path}`, { body, headers });
  }

  public async vault(
    method: string,
    path: string,
    body?: unknown,
    headers: { [name: string]: string } = {},
  ): Promise<DirectAnswer> {
    return this.azure.request(method, `${VAULT_URL}${path}${path.includes('?') ? '&' : '?'}api-version=7.4`, {
      body,
      headers,
    });
  }

  public async token(form: { [name: string]: string }, tenant = TENANT_ID): Promise<DirectAnswer> {
    const text = new URLSearchParams({ grant_type: 'client_credentials', ...form }).toString();
    return this.azure.request('POST', `https://login.microsoftonline.com/${tenant}/oauth2/v2.0/token`, {
      body: text,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      anonymous: true,
    });
  }

  public async call(path: string, headers: { [name: string]: string } = {}, method = 'GET'): Promise<DirectAnswer> {
    return this.azure.request(method, `https://contoso-apim.azure-api.net${path}`, { headers, anonymous: true });
  }

  /** Creates or changes something, and fails the test with Azure's own words where it is refused. */
  public async put(
    id: string,
    properties: JsonObject,
    more: JsonObject = {},
    apiVersion = PREVIEW,
  ): Promise<JsonObject> {
    const { status, json } = await this.arm('PUT', id, { properties, ...more }, apiVersion);
    if (status >= 300) {
      throw new Error(`PUT ${id}: ${status} ${JSON.stringify(json)}`);
    }
    return json;
  }

  /** A resource group with an instance whose identity may register applications. */
  public async instance(options: { role?: boolean; sku?: string } = {}): Promise<string> {
    await this.arm('PUT', GROUP, { location: 'westeurope' });
    const service = await this.put(
      SERVICE,
      { publisherName: 'Contoso', publisherEmail: 'api@contoso.com' },
      {
        location: 'West Europe',
        sku: { name: options.sku ?? 'Developer', capacity: 1 },
        identity: { type: 'SystemAssigned' },
      },
    );
    const principalId = service.identity.principalId as string;
    if (options.role ?? true) {
      await this.graph('POST', '/roleManagement/directory/roleAssignments', {
        roleDefinitionId: '9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3',
        principalId,
        directoryScopeId: '/',
      });
    }
    return principalId;
  }
}
