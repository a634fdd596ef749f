import { removeResource } from './arm/handler';
import { KeyPair } from './certificates';
import { Cloud } from './cloud';
import { managedIdentityToken } from './entra/login';
import { Fault } from './faults';
import { openApis } from './gateway/open-apis';
import { serviceOf } from './hosts';
import { Call } from './http';
import { DEPLOYER } from './identifiers';
import { JsonObject, merge } from './json';
import { newCall } from './proxy';
import { Settings } from './settings';
import { dump, load, Snapshot } from './snapshot';

/** What is left that a clean destroy would have removed. */
export interface Residue {
  readonly empty: boolean;
  readonly resources: readonly string[];
  readonly directoryObjects: readonly string[];
  readonly appRoleAssignments: number;
  readonly roleAssignments: number;
  /** What API Management left in Entra, because its identity had lost the role. */
  readonly orphans: readonly string[];
  /** Not counted: they are what a stack without purging leaves. */
  readonly softDeleted: readonly string[];
}

export interface SecretReport {
  /** Secrets that `listSecrets` made, by client application. */
  readonly made: { readonly [clientApplication: string]: number };
  /** Secrets in vaults, and whether Entra takes them still. */
  readonly stored: readonly {
    readonly vault: string;
    readonly name: string;
    readonly versions: number;
    readonly live: boolean;
  }[];
}

const RESOURCES: { readonly [service: string]: string } = {
  arm: 'https://management.azure.com',
  graph: 'https://graph.microsoft.com',
  vault: 'https://vault.azure.net',
};

/** Looks into a local Azure and changes it, as no client could. */
export class Control {
  public constructor(
    private readonly cloud: Cloud,
    private readonly issuerKeys: KeyPair,
  ) {}

  public configure(changes: Partial<Settings>): void {
    this.cloud.configure(changes);
  }

  public fault(fault: Fault): void {
    this.cloud.faults.add(fault);
  }

  public clearFaults(): void {
    this.cloud.faults.clear();
  }

  public dump(): Snapshot {
    return dump(this.cloud);
  }

  public load(snapshot: Snapshot): void {
    load(this.cloud, snapshot);
  }

  /** Changes a resource as somebody in the portal would; null removes a property. */
  public change(id: string, patch: JsonObject): void {
    const resource = this.cloud.store.get(id);
    if (resource === undefined) {
      throw new Error(`id: no such resource, got ${JSON.stringify(id)}`);
    }
    resource.body = merge(resource.body, patch);
    resource.version += 1;
  }

  /** Removes a resource, or a directory object by its id, behind Terraform's back. */
  public remove(id: string): void {
    const object = this.cloud.directory.find(id);
    if (object !== undefined) {
      this.cloud.directory.remove(object);
    } else if (this.cloud.store.get(id) !== undefined) {
      removeResource(this.cloud, newCall('DELETE', new URL(`https://management.azure.com${id}`), {}, ''), id);
    } else {
      throw new Error(`id: no such resource or directory object, got ${JSON.stringify(id)}`);
    }
  }

  public residue(): Residue {
    const { store, directory, orphans, deletedServices, deletedVaults } = this.cloud;
    const left = {
      resources: store
        .all()
        .filter(({ seeded }) => seeded !== true)
        .map(({ id }) => id),
      directoryObjects: [...directory.objects.values()]
        .filter(({ id }) => !['seed', 'tenant'].includes(directory.originOf(id as string)!))
        .map((object) => `${String(object['@odata.type']).split('.').pop()!} ${String(object.displayName)}`),
      appRoleAssignments: directory.appRoleAssignments.all().filter(({ seeded }) => seeded !== true).length,
      roleAssignments: directory.roleAssignments.size,
      orphans: orphans.map(({ from, displayName }) => `${displayName} of ${from}`),
    };
    const empty =
      left.resources.length + left.directoryObjects.length + left.orphans.length === 0 &&
      left.appRoleAssignments + left.roleAssignments === 0;
    return { empty, ...left, softDeleted: [...deletedServices.keys(), ...deletedVaults.keys()] };
  }

  public secrets(): SecretReport {
    const { vaults, directory, secretsMade } = this.cloud;
    const live = new Set(directory.secretTexts.values());
    const stored = vaults.names().flatMap((vault) =>
      [...vaults.get(vault)!.secrets.values()]
        .filter((versions) => versions.at(-1)!.managed !== true)
        .map((versions) => ({
          vault,
          name: versions.at(-1)!.name,
          versions: versions.length,
          live: live.has(versions.at(-1)!.value),
        })),
    );
    return { made: Object.fromEntries(secretsMade), stored };
  }

  /** APIs that anybody may call now, as `<service>/<API>`. */
  public openApis(): string[] {
    return openApis(this.cloud);
  }

  /** Makes this Azure know the keys of an issuer whose tokens federated credentials may trust. */
  public addIssuer(url: string): void {
    this.cloud.issuers.add(url, this.issuerKeys);
  }

  /** A token of an issuer, such as a pod or a pipeline gets it. */
  public assertion(issuer: string, claims: JsonObject): string {
    return this.cloud.issuers.token(issuer, claims, this.cloud.clock.now());
  }

  /** The environment of a job on GitHub Actions whose token has this subject. */
  public gitHubJob(subject: string): { readonly [name: string]: string } {
    return this.cloud.issuers.gitHubJob(subject);
  }

  /** The header by which the deployer calls a host. */
  public authorizationFor(host: string): { readonly authorization?: string } {
    const resource = RESOURCES[serviceOf(host) ?? ''];
    const principal = this.cloud.directory.find(DEPLOYER.objectId);
    if (resource === undefined || principal === undefined) {
      return {};
    }
    return { authorization: `Bearer ${String(managedIdentityToken(this.cloud, principal, resource).access_token)}` };
  }

  /** The same over plain HTTP: `GET|DELETE /control/requests`, `GET|PUT /control/state` and so on. */
  public answer(call: Call, environment: { readonly [name: string]: string }): [number, unknown?] {
    const run = this.endpoints(call, environment)[`${call.method} ${call.path.replace(/^\/control\//, '')}`];
    if (run === undefined) {
      return [404, { error: `${call.method} ${call.path} is no control endpoint` }];
    }
    try {
      const body = run();
      return body === undefined ? [204] : [200, body];
    } catch (error) {
      return [400, { error: (error as Error).message }];
    }
  }

  private endpoints(
    { json }: Call,
    environment: { readonly [name: string]: string },
  ): { readonly [endpoint: string]: (() => unknown) | undefined } {
    const { cloud } = this;
    return {
      'GET environment': () => environment,
      'GET requests': () => cloud.log.requests,
      'DELETE requests': () => cloud.log.clear(),
      'GET state': () => this.dump(),
      'PUT state': () => this.load(json as unknown as Snapshot),
      'GET settings': () => cloud.settings,
      'PATCH settings': () => this.configure(json),
      'POST faults': () => this.fault(json),
      'DELETE faults': () => this.clearFaults(),
      'GET residue': () => this.residue(),
      'GET secrets': () => this.secrets(),
      'GET open-apis': () => this.openApis(),
      'GET not-understood': () => cloud.notUnderstood,
      'POST change': () => this.change(String(json.id), json.patch as JsonObject),
      'POST remove': () => this.remove(String(json.id)),
    };
  }
}
