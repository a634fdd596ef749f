import { Clock, DAY } from '../clock';
import { AzureError } from '../http';
import { newId, randomText, TENANT_DOMAIN } from '../identifiers';
import { copy, JsonObject } from '../json';
import { Settings } from '../settings';
import { AppRoleAssignments } from './app-role-assignments';

export const COLLECTIONS = [
  'applications',
  'servicePrincipals',
  'users',
  'groups',
  'directoryRoles',
  'administrativeUnits',
] as const;
export type Collection = (typeof COLLECTIONS)[number];

/** Who made a directory object: what this Azure starts with, a caller, API Management, or a managed identity's resource. */
export type Origin = 'seed' | 'caller' | 'apim' | 'identity' | 'tenant';

export interface DirectoryRoleAssignment {
  readonly id: string;
  readonly principalId: string;
  readonly roleDefinitionId: string;
  readonly directoryScopeId: string;
  readonly createdAt: number;
}

export interface FederatedCredential extends JsonObject {
  readonly id: string;
  name: string;
  issuer: string;
  subject: string;
  audiences: string[];
}

interface Meta {
  readonly origin: Origin;
  readonly createdAt: number;
}

/** What Entra keeps. The names of the maps are those of the dump. */
export class Directory {
  public readonly objects = new Map<string, JsonObject>();
  public readonly deleted = new Map<string, JsonObject>();
  public readonly meta = new Map<string, Meta>();
  public readonly owners = new Map<string, string[]>();
  public readonly members = new Map<string, string[]>();
  public readonly federatedCredentials = new Map<string, FederatedCredential[]>();
  public readonly appRoleAssignments = new AppRoleAssignments();
  public readonly roleAssignments = new Map<string, DirectoryRoleAssignment>();
  public readonly permissionGrants = new Map<string, JsonObject>();
  /** The text of each password by key id. Entra itself keeps a hash; nobody can read it here either. */
  public readonly secretTexts = new Map<string, string>();
  /** Texts of all passwords that there ever were, to look for them where they must not be. */
  public readonly everySecret = new Set<string>();
  private readonly collections: { readonly [collection in Collection]: Set<string> } = {
    applications: new Set(),
    servicePrincipals: new Set(),
    users: new Set(),
    groups: new Set(),
    directoryRoles: new Set(),
    administrativeUnits: new Set(),
  };
  private readonly byAppId = { application: new Map<string, string>(), servicePrincipal: new Map<string, string>() };

  public constructor(
    public readonly clock: Clock,
    public readonly settings: () => Settings,
  ) {}

  public add(collection: Collection, object: JsonObject, origin: Origin, createdAt = this.clock.now()): JsonObject {
    const kind = KINDS[collection];
    const stored: JsonObject = { '@odata.type': `#microsoft.graph.${kind}`, ...object };
    this.objects.set(stored.id, stored);
    this.meta.set(stored.id, { origin, createdAt });
    this.index(stored);
    return stored;
  }

  /** Puts back what was dumped. */
  public restore(object: JsonObject, meta: Meta): void {
    this.objects.set(object.id, object);
    this.meta.set(object.id, meta);
    this.index(object);
  }

  public list(collection: Collection): JsonObject[] {
    return [...this.collections[collection]].map((id) => this.objects.get(id)!);
  }

  public get(collection: Collection, id: string): JsonObject | undefined {
    const object = this.objects.get(id);
    return object !== undefined && collectionOf(object) === collection ? object : undefined;
  }

  public find(id: string): JsonObject | undefined {
    return this.objects.get(id);
  }

  public application(appId: string): JsonObject | undefined {
    return this.objects.get(this.byAppId.application.get(String(appId).toLowerCase()) ?? '');
  }

  public servicePrincipal(appId: string): JsonObject | undefined {
    return this.objects.get(this.byAppId.servicePrincipal.get(String(appId).toLowerCase()) ?? '');
  }

  public originOf(id: string): Origin | undefined {
    return this.meta.get(id)?.origin;
  }

  /** Milliseconds since the object was made. */
  public ageOf(id: string): number {
    return this.clock.now() - (this.meta.get(id)?.createdAt ?? 0);
  }

  /** Whether another write cannot refer to the object yet. */
  public isYoung(object: JsonObject | undefined): boolean {
    const { graphLag } = this.settings();
    return (
      object !== undefined && graphLag > 0 && this.originOf(object.id) === 'caller' && this.ageOf(object.id) < graphLag
    );
  }

  /** Removes an object with all that refers to it; unless purged, it can be restored. */
  public remove(object: JsonObject, purge = false): void {
    this.forget(object);
    if (collectionOf(object) === 'applications') {
      const principal = this.servicePrincipal(object.appId);
      if (principal !== undefined) {
        this.remove(principal, purge);
      }
      this.federatedCredentials.delete(object.id);
    }
    if (!purge) {
      this.deleted.set(object.id, { ...object, deletedDateTime: this.clock.iso() });
    }
  }

  public addPassword(
    object: JsonObject,
    wanted: JsonObject = {},
    secretText = `${randomText(3)}8Q~${randomText(25)}`,
  ): JsonObject {
    const credential = {
      customKeyIdentifier: null,
      displayName: wanted.displayName ?? null,
      endDateTime: wanted.endDateTime ?? this.clock.iso(this.clock.now() + 730 * DAY),
      startDateTime: wanted.startDateTime ?? this.clock.iso(),
      hint: secretText.slice(0, 3),
      keyId: wanted.keyId ?? newId(),
    };
    object.passwordCredentials.push({ ...credential, secretText: null });
    this.secretTexts.set(credential.keyId, secretText);
    this.everySecret.add(secretText);
    return { ...credential, secretText };
  }

  public removePassword(object: JsonObject, keyId: string): boolean {
    const before = object.passwordCredentials.length;
    object.passwordCredentials = object.passwordCredentials.filter(
      (credential: JsonObject) => credential.keyId !== keyId,
    );
    this.secretTexts.delete(keyId);
    return object.passwordCredentials.length < before;
  }

  /** Whether a principal holds a directory role for the whole tenant, and long enough for it to have arrived. */
  public holdsRole(principalId: string, templateId: string): boolean {
    const { roleLag } = this.settings();
    const assigned = [...this.roleAssignments.values()].some(
      (assignment) =>
        assignment.principalId === principalId &&
        assignment.roleDefinitionId === templateId &&
        assignment.directoryScopeId === '/' &&
        this.clock.now() - assignment.createdAt >= roleLag,
    );
    const role = this.list('directoryRoles').find((candidate) => candidate.roleTemplateId === templateId);
    return assigned || (role !== undefined && (this.members.get(role.id) ?? []).includes(principalId));
  }

  public clear(): void {
    for (const value of Object.values(this)) {
      if (value instanceof Map || value instanceof AppRoleAssignments) {
        value.clear();
      }
    }
    Object.values(this.collections).forEach((ids) => ids.clear());
    this.byAppId.application.clear();
    this.byAppId.servicePrincipal.clear();
  }

  private forget(object: JsonObject): void {
    const { id } = object as { id: string };
    this.objects.delete(id);
    this.collections[collectionOf(object)].delete(id);
    const index = this.byAppId[KINDS[collectionOf(object)] as 'application' | 'servicePrincipal'] as
      Map<string, string> | undefined;
    if (index?.get(String(object.appId).toLowerCase()) === id) {
      index.delete(String(object.appId).toLowerCase());
    }
    this.appRoleAssignments.deleteOf(id);
    deleteWhere(this.roleAssignments, (assignment) => assignment.principalId === id);
    for (const relation of [this.owners, this.members]) {
      relation.delete(id);
      for (const [key, ids] of relation) {
        if (ids.includes(id)) {
          relation.set(
            key,
            ids.filter((member) => member !== id),
          );
        }
      }
    }
  }

  private index(object: JsonObject): void {
    this.collections[collectionOf(object)].add(object.id as string);
    const kind = KINDS[collectionOf(object)];
    if (kind === 'application' || kind === 'servicePrincipal') {
      this.byAppId[kind].set(String(object.appId).toLowerCase(), object.id);
    }
  }
}

const KINDS: { readonly [collection in Collection]: string } = {
  applications: 'application',
  servicePrincipals: 'servicePrincipal',
  users: 'user',
  groups: 'group',
  directoryRoles: 'directoryRole',
  administrativeUnits: 'administrativeUnit',
};

export function collectionOf(object: JsonObject): Collection {
  return `${String(object['@odata.type']).split('.').pop()!}s` as Collection;
}

export function isApplication(object: JsonObject): boolean {
  return collectionOf(object) === 'applications';
}

export function resourceNotFound(id: string): AzureError {
  return new AzureError(
    404,
    'Request_ResourceNotFound',
    `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
  );
}

export function badRequest(message: string, code = 'Request_BadRequest'): AzureError {
  return new AzureError(400, code, message);
}

/** Domain of the tenant's users. */
export const userPrincipalName = (name: string): string => `${name}@${TENANT_DOMAIN}`;

export function deleteWhere<V>(map: Map<string, V>, matches: (value: V) => boolean): void {
  for (const [key, value] of map) {
    if (matches(value)) {
      map.delete(key);
    }
  }
}

export const snapshot = (object: JsonObject): JsonObject => copy(object);
