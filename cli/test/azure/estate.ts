import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEPLOYER, startLocalAzure, TENANT_ID, type LocalAzure, type LocalAzureOptions } from '../../../test/azure';
import { Client, GROUP, SERVICE, VAULT } from '../../../test/azure/support';
import { run } from '../../src/cli';

export interface Outcome {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Products with tokens, an API each, and client applications with a secret in a vault: what an apply leaves behind. */
export class Estate {
  readonly client: Client;
  readonly folder = mkdtempSync(join(tmpdir(), 'apim-oauth-'));
  readonly manifest: any = { version: 1, applications: {} };
  private readonly former = { ...process.env };

  private constructor(readonly azure: LocalAzure) {
    this.client = new Client(azure);
    // the login of the Azure libraries reads the process, not what a command is given
    Object.assign(process.env, {
      AZURE_TENANT_ID: TENANT_ID,
      AZURE_CLIENT_ID: DEPLOYER.clientId,
      AZURE_CLIENT_SECRET: DEPLOYER.clientSecret,
    });
  }

  static async start(options: LocalAzureOptions = {}): Promise<Estate> {
    const estate = new Estate(await startLocalAzure(options));
    await estate.client.instance();
    await estate.client.put(`${SERVICE}/users/ada`, { email: 'ada@contoso.com', firstName: 'Ada', lastName: 'L' });
    await estate.client.arm(
      'PUT',
      VAULT,
      {
        location: 'westeurope',
        properties: { tenantId: TENANT_ID, sku: { family: 'A', name: 'standard' }, accessPolicies: [] },
      },
      '2023-07-01',
    );
    return estate;
  }

  async close(): Promise<void> {
    delete process.env.AZURE_TENANT_ID;
    delete process.env.AZURE_CLIENT_ID;
    delete process.env.AZURE_CLIENT_SECRET;
    Object.assign(process.env, this.former);
    rmSync(this.folder, { recursive: true, force: true });
    await this.azure.close();
  }

  /** A product, and what the manifest says of it. */
  async product(id: string, properties: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
    const { json } = await this.client.arm('PUT', `${SERVICE}/products/${id}`, {
      properties: {
        displayName: id,
        state: 'published',
        subscriptionRequired: false,
        authenticationType: ['application-token'],
        ...properties,
      },
    });
    await this.client.put(`${SERVICE}/apis/${id}`, { displayName: id, path: id, protocols: ['https'] });
    await this.client.put(`${SERVICE}/apis/${id}/operations/get`, {
      displayName: 'Get',
      method: 'GET',
      urlTemplate: '/resource',
    });
    await this.client.put(`${SERVICE}/products/${id}/apiLinks/${id}`, { apiId: `${SERVICE}/apis/${id}` });
    return {
      scope: `${json.properties.application.entra.audience}/.default`,
      gatewayUrl: 'https://contoso-apim.azure-api.net',
      path: `/${id}/resource`,
      authorization: 'apimManaged',
      acceptSubscriptionKey: false,
      appRoleValue: `Product.${id}.All`,
      constructPath: `contoso/${id}`,
      source: 'main.ts:31',
    };
  }

  /** An application with its grants and its secret, in Azure and in the manifest. */
  async application(name: string, products: Record<string, Record<string, unknown>>): Promise<void> {
    const application = await this.client.put(`${SERVICE}/clientApplications/${name}`, {
      displayName: name,
      ownerId: `${SERVICE}/users/ada`,
    });
    for (const id of Object.keys(products)) {
      await this.client.put(`${SERVICE}/clientApplications/${name}/productLinks/${id}`, {
        productId: `${SERVICE}/products/${id}`,
      });
    }
    await this.storeSecret(name);
    this.manifest.applications[name] = {
      clientId: application.properties.entraApplicationId,
      tenantId: TENANT_ID,
      tokenEndpoint: `https://login.microsoftonline.com/${TENANT_ID}/oauth2/v2.0/token`,
      credential: { kind: 'keyVaultSecret', keyVaultId: VAULT, secretName: name },
      products,
      constructPath: `contoso/${name}`,
      source: 'main.ts:44',
    };
  }

  /** A client of Entra's own, without a credential yet; gives the ids of its application and service principal. */
  async entraClient(
    name: string,
    products: Record<string, Record<string, unknown>>,
    credential: Record<string, unknown>,
  ): Promise<{ readonly objectId: string; readonly clientId: string }> {
    const application = (await this.client.graph('POST', '/applications', { displayName: name })).json;
    const principal = (await this.client.graph('POST', '/servicePrincipals', { appId: application.appId })).json;
    for (const { scope } of Object.values(products)) {
      const appId = String(scope).replace(/^api:\/\/|\/\.default$/g, '');
      const resource = (await this.client.graph('GET', `/servicePrincipals(appId='${appId}')`)).json;
      await this.client.graph('POST', `/servicePrincipals/${resource.id}/appRoleAssignedTo`, {
        appRoleId: resource.appRoles[0].id,
        principalId: principal.id,
        resourceId: resource.id,
      });
    }
    this.manifest.applications[name] = {
      clientId: application.appId,
      tenantId: TENANT_ID,
      tokenEndpoint: `https://login.microsoftonline.com/${TENANT_ID}/oauth2/v2.0/token`,
      credential,
      products,
    };
    return { objectId: application.id as string, clientId: application.appId as string };
  }

  /** Lets an application be signed in as by an assertion of an issuer. */
  async trust(objectId: string, issuer: string, subject: string): Promise<void> {
    await this.client.graph('POST', `/applications/${objectId}/federatedIdentityCredentials`, {
      name: 'trusted',
      issuer,
      subject,
      audiences: ['api://AzureADTokenExchange'],
    });
  }

  /** Lets an application be signed in as by a certificate, given as PEM. */
  async addCertificate(objectId: string, certificate: string): Promise<void> {
    const key = certificate.replace(/-----[^-]+-----|\s/g, '');
    const { status, json } = await this.client.graph('PATCH', `/applications/${objectId}`, {
      keyCredentials: [{ type: 'AsymmetricX509Cert', usage: 'Verify', key }],
    });
    if (status >= 300) {
      throw new Error(`keyCredentials: ${status} ${JSON.stringify(json)}`);
    }
  }

  /** Makes a new secret, which ends the one before, and puts it into the vault. */
  async storeSecret(name: string): Promise<string> {
    const { json } = await this.client.arm('POST', `${SERVICE}/clientApplications/${name}/listSecrets`);
    await this.client.vault('PUT', `/secrets/${name}`, { value: json.entra.clientSecret });
    return json.entra.clientSecret as string;
  }

  file(name: string, content: unknown): string {
    const path = join(this.folder, name);
    writeFileSync(path, typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content));
    return path;
  }

  /** The manifest as `terraform output -json` prints it. */
  manifestFile(name = 'outputs.json'): string {
    return this.file(name, {
      gateway: { sensitive: false, type: 'string', value: 'https://contoso-apim.azure-api.net' },
      oauth_access: { sensitive: false, type: 'dynamic', value: this.manifest },
    });
  }

  /** Runs the program as a user would, with the environment that reaches this Azure. */
  async run(
    args: readonly string[],
    more: {
      environment?: Record<string, string>;
      stdin?: string;
      signal?: AbortSignal;
      terminal?: NodeJS.WriteStream;
    } = {},
  ): Promise<Outcome> {
    let [stdout, stderr] = ['', ''];
    const status = await run(args, {
      stdout: (text) => {
        stdout += text;
      },
      stderr: (text) => {
        stderr += text;
      },
      environment: { ...this.azure.env, ...more.environment },
      stdin: () => Promise.resolve(Buffer.from(more.stdin ?? '')),
      ...(more.signal === undefined ? {} : { signal: more.signal }),
      ...(more.terminal === undefined ? {} : { terminal: more.terminal }),
    });
    return { status, stdout, stderr: stderr.replaceAll(`${this.folder}/`, '') };
  }

  /** Requests to a service, as `METHOD path`. */
  requests(service?: string): readonly string[] {
    return this.azure.requests
      .filter((request) => service === undefined || request.service === service)
      .map(({ method, path }) => `${method} ${path}`);
  }
}

export { GROUP, SERVICE, VAULT };
