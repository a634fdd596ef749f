import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KeyPair, newCertificate, newKeyPair } from './certificates';
import { DAY } from './clock';
import { Cloud } from './cloud';
import { Control } from './control';
import { Dispatcher } from './dispatcher';
import { IDENTITY_HEADER } from './entra/identity-endpoint';
import { GITHUB_ACTIONS } from './entra/issuers';
import { Fault } from './faults';
import { HostCertificates } from './host-certificates';
import { DEPLOYER, SUBSCRIPTION_ID, TENANT_ID } from './identifiers';
import { JsonObject } from './json';
import { kept, newCall, Proxy } from './proxy';
import { RecordedRequest } from './request-log';
import { seedTenant } from './seed';
import { Settings } from './settings';
import { Snapshot } from './snapshot';

export interface LocalAzureOptions extends Partial<Settings> {
  /** Port of the proxy; any that is free where it is left out. */
  readonly port?: number;
  /** What there is at the start, as `dump` wrote it. */
  readonly snapshot?: Snapshot;
  readonly faults?: readonly Fault[];
}

export interface DirectAnswer {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  readonly text: string;
  /** The body where it is JSON; an empty object otherwise. */
  readonly json: JsonObject;
}

/** A running local Azure. */
export interface LocalAzure {
  /** What programs need in their environment to reach it, signed in as the deployer. */
  readonly env: { readonly [name: string]: string };
  readonly proxyUrl: string;
  /** Base URL of the control endpoint. */
  readonly controlUrl: string;
  /** The certificate of its authority: as a file, and as PEM. */
  readonly caFile: string;
  readonly ca: string;
  /** All that it knows, to look at and to change. */
  readonly cloud: Cloud;
  readonly requests: readonly RecordedRequest[];
  readonly control: Control;
  /** A request without sockets, as the deployer where no `authorization` is given. */
  request(
    method: string,
    url: string,
    options?: { body?: unknown; headers?: { [name: string]: string }; anonymous?: boolean },
  ): Promise<DirectAnswer>;
  close(): Promise<void>;
}

interface Trust {
  readonly authority: string;
  readonly hosts: HostCertificates;
  readonly tokens: KeyPair;
  readonly issuer: KeyPair;
}

let trust: Promise<Trust> | undefined;

/** Making keys takes longest by far: those of one process serve all of its local Azures. */
async function processTrust(): Promise<Trust> {
  trust ??= Promise.all([newKeyPair(), newKeyPair(), newKeyPair(), newKeyPair()]).then(
    ([root, host, tokens, issuer]) => {
      const validity = { notBefore: new Date(Date.now() - DAY), notAfter: new Date(Date.now() + 30 * DAY) };
      const authority = newCertificate({ commonName: 'Local Azure', keys: root, authority: true, ...validity });
      const hosts = new HostCertificates({ keys: root, certificate: authority }, host, validity);
      return { authority, hosts, tokens, issuer };
    },
  );
  return trust;
}

export async function startLocalAzure(options: LocalAzureOptions = {}): Promise<LocalAzure> {
  const { port, snapshot, faults, ...settings } = options;
  const { authority, hosts, tokens, issuer } = await processTrust();
  const cloud = new Cloud(tokens, settings);
  cloud.issuers.add(GITHUB_ACTIONS, issuer);
  seedTenant(cloud);
  const control = new Control(cloud, issuer);
  if (snapshot !== undefined) {
    control.load(snapshot);
  }
  for (const fault of faults ?? []) {
    control.fault(fault);
  }
  const dispatcher = new Dispatcher(cloud);
  const proxy = new Proxy(cloud, dispatcher, hosts, (call) =>
    call.path === '/msi/token'
      ? dispatcher.respond({ ...call, host: '169.254.169.254' })
      : kept(...control.answer(call, environment)),
  );
  const listening = await proxy.listen(port ?? 0);
  const folder = mkdtempSync(join(tmpdir(), 'local-azure-'));
  const caFile = join(folder, 'ca.pem');
  writeFileSync(caFile, authority);
  const base = `http://127.0.0.1:${listening}`;
  const environment = environmentOf(base, caFile);
  return {
    env: environment,
    proxyUrl: base,
    controlUrl: `${base}/control`,
    caFile,
    ca: authority,
    cloud,
    requests: cloud.log.requests,
    control,
    request: async (method, url, { body, headers = {}, anonymous = false } = {}) => {
      const target = new URL(url);
      const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
      const authorization = anonymous ? {} : control.authorizationFor(target.hostname);
      const given: IncomingHttpHeaders = { ...authorization, ...lowerCased(headers) };
      const { answer } = await dispatcher.respond(newCall(method, target, given, text));
      const answered =
        answer.body === undefined ? '' : typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
      const json = typeof answer.body === 'object' && answer.body !== null ? (JSON.parse(answered) as JsonObject) : {};
      return { status: answer.status, headers: lowerCased(answer.headers ?? {}), text: answered, json };
    },
    close: async () => {
      await proxy.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function lowerCased(headers: { readonly [name: string]: string }): { [name: string]: string } {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function environmentOf(base: string, caFile: string): { readonly [name: string]: string } {
  return {
    HTTPS_PROXY: base,
    https_proxy: base,
    HTTP_PROXY: '',
    http_proxy: '',
    ALL_PROXY: '',
    all_proxy: '',
    NO_PROXY: 'localhost,127.0.0.1',
    no_proxy: 'localhost,127.0.0.1',
    NODE_EXTRA_CA_CERTS: caFile,
    SSL_CERT_FILE: caFile,
    ARM_CLIENT_ID: DEPLOYER.clientId,
    ARM_CLIENT_SECRET: DEPLOYER.clientSecret,
    ARM_TENANT_ID: TENANT_ID,
    ARM_SUBSCRIPTION_ID: SUBSCRIPTION_ID,
    ARM_USE_CLI: 'false',
    ARM_RESOURCE_PROVIDER_REGISTRATIONS: 'none',
    AZURE_CLIENT_ID: DEPLOYER.clientId,
    AZURE_CLIENT_SECRET: DEPLOYER.clientSecret,
    AZURE_TENANT_ID: TENANT_ID,
    AZURE_SUBSCRIPTION_ID: SUBSCRIPTION_ID,
    CHECKPOINT_DISABLE: '1',
  };
}

/** The environment of a process on App Service that has a managed identity; tokens by `IDENTITY_ENDPOINT`. */
export function managedIdentityEnvironment(azure: LocalAzure): { readonly [name: string]: string } {
  return { IDENTITY_ENDPOINT: `${azure.proxyUrl}/msi/token`, IDENTITY_HEADER };
}
