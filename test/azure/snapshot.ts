import { Resource } from './arm/store';
import { Cloud, SoftDeleted } from './cloud';
import { AppRoleAssignment } from './entra/app-role-assignments';
import { DirectoryRoleAssignment, FederatedCredential, Origin } from './entra/directory';
import { copy, JsonObject } from './json';
import { Settings } from './settings';
import { CertificateVersion, SecretVersion } from './vault/vaults';

/** All that an Azure holds, as JSON. It holds the secrets too, in clear text: it is for tests. */
export interface Snapshot {
  readonly version: 1;
  readonly settings?: Partial<Settings>;
  readonly resources?: readonly Resource[];
  readonly deletedServices?: readonly SoftDeleted[];
  readonly deletedVaults?: readonly SoftDeleted[];
  readonly directory?: {
    readonly objects: readonly { readonly object: JsonObject; readonly origin: Origin; readonly createdAt: number }[];
    readonly owners?: { readonly [id: string]: string[] };
    readonly members?: { readonly [id: string]: string[] };
    readonly federatedCredentials?: { readonly [id: string]: FederatedCredential[] };
    readonly appRoleAssignments?: readonly AppRoleAssignment[];
    readonly roleAssignments?: readonly DirectoryRoleAssignment[];
    readonly permissionGrants?: { readonly [id: string]: JsonObject };
    readonly secretTexts?: { readonly [keyId: string]: string };
  };
  readonly vaults?: {
    readonly [name: string]: {
      readonly secrets: { readonly [name: string]: SecretVersion[] };
      readonly certificates?: { readonly [name: string]: CertificateVersion[] };
    };
  };
}

export function dump(cloud: Cloud): Snapshot {
  const { directory } = cloud;
  return copy({
    version: 1 as const,
    settings: cloud.settings,
    resources: cloud.store.all(),
    deletedServices: [...cloud.deletedServices.values()],
    deletedVaults: [...cloud.deletedVaults.values()],
    directory: {
      objects: [...directory.objects].map(([id, object]) => ({ object, ...directory.meta.get(id)! })),
      owners: Object.fromEntries(directory.owners),
      members: Object.fromEntries(directory.members),
      federatedCredentials: Object.fromEntries(directory.federatedCredentials),
      appRoleAssignments: directory.appRoleAssignments.all(),
      roleAssignments: [...directory.roleAssignments.values()],
      permissionGrants: Object.fromEntries(directory.permissionGrants),
      secretTexts: Object.fromEntries(directory.secretTexts),
    },
    vaults: Object.fromEntries(
      cloud.vaults.names().map((name) => {
        const { secrets, certificates } = cloud.vaults.get(name)!;
        return [name, { secrets: Object.fromEntries(secrets), certificates: Object.fromEntries(certificates) }];
      }),
    ),
  });
}

/** Replaces all that the Azure holds. */
export function load(cloud: Cloud, given: Snapshot): void {
  if (given.version !== 1) {
    throw new Error(`version: must be 1, got ${JSON.stringify(given.version)}; write the snapshot again`);
  }
  const snapshot = copy(given);
  const { directory } = cloud;
  cloud.configure(snapshot.settings ?? {});
  cloud.store.clear();
  directory.clear();
  cloud.vaults.clear();
  cloud.counters.clear();
  for (const resource of snapshot.resources ?? []) {
    cloud.store.add(resource);
  }
  for (const [target, deleted] of [
    [cloud.deletedServices, snapshot.deletedServices],
    [cloud.deletedVaults, snapshot.deletedVaults],
  ] as const) {
    target.clear();
    for (const entry of deleted ?? []) {
      target.set(entry.name.toLowerCase(), entry);
    }
  }
  const kept = snapshot.directory;
  for (const { object, origin, createdAt } of kept?.objects ?? []) {
    directory.restore(object, { origin, createdAt });
  }
  for (const name of ['owners', 'members', 'federatedCredentials', 'permissionGrants', 'secretTexts'] as const) {
    for (const [key, value] of Object.entries(kept?.[name] ?? {})) {
      (directory[name] as Map<string, unknown>).set(key, value);
    }
  }
  kept?.appRoleAssignments?.forEach((assignment) => directory.appRoleAssignments.add(assignment));
  kept?.roleAssignments?.forEach((assignment) => directory.roleAssignments.set(assignment.id, assignment));
  for (const [name, vault] of Object.entries(snapshot.vaults ?? {})) {
    const content = cloud.vaults.create(name);
    for (const [secret, versions] of Object.entries(vault.secrets)) {
      content.secrets.set(secret, versions);
    }
    for (const [certificate, versions] of Object.entries(vault.certificates ?? {})) {
      content.certificates.set(certificate, versions);
    }
  }
}
