import { answer, AzureError } from '../http';
import { SoftDeleted } from '../cloud';
import { DAY } from '../clock';
import { SUBSCRIPTION_ID } from '../identifiers';
import { JsonObject, merge } from '../json';
import { suffixesOf } from '../hosts';
import { ArmType, Request } from './arm-type';
import { nameOf } from './resource-id';

const VAULTS = 'microsoft.keyvault/vaults';

const vaults: ArmType = {
  asynchronous: true,
  write: ({ cloud, call, id, body, before, patch }) => {
    const name = nameOf(id);
    const key = name.toLowerCase();
    const deleted = cloud.deletedVaults.get(key);
    const recover = body.properties?.createMode === 'recover';
    if (!/^[a-zA-Z](?!.*--)[a-zA-Z0-9-]{1,22}[a-zA-Z0-9]$/.test(name)) {
      throw new AzureError(400, 'VaultNameNotValid', `The vault name '${name}' is invalid.`);
    }
    if (before === undefined) {
      if (deleted !== undefined && !recover) {
        throw new AzureError(
          409,
          'ConflictError',
          'A vault with the same name already exists in deleted state. You need to either recover or purge existing key vault.',
        );
      }
      if (cloud.vaults.get(key) !== undefined) {
        throw new AzureError(409, 'VaultAlreadyExists', `The vault name '${name}' is already in use.`);
      }
    }
    let wanted = body;
    if (deleted !== undefined && recover) {
      wanted = merge(deleted.body, body);
      cloud.vaults.recover(key);
      cloud.deletedVaults.delete(key);
    }
    const { createMode: _createMode, ...properties } = wanted.properties as JsonObject;
    return {
      body: {
        ...wanted,
        properties: {
          enabledForDeployment: false,
          accessPolicies: [],
          enableSoftDelete: true,
          softDeleteRetentionInDays: 90,
          enableRbacAuthorization: false,
          publicNetworkAccess: 'Enabled',
          ...(patch ? before?.body.properties : {}),
          ...properties,
          vaultUri: `https://${key}.${suffixesOf(call.host).vault}/`,
          provisioningState: 'Succeeded',
        },
      },
    };
  },
  written: ({ cloud }, resource) => void cloud.vaults.create(nameOf(resource.id)),
  remove: ({ cloud }, resource) => {
    const name = nameOf(resource.id).toLowerCase();
    cloud.vaults.softDelete(name);
    cloud.deletedVaults.set(name, {
      id: resource.id,
      name,
      location: String(resource.body.location),
      body: resource.body,
      deletedAt: cloud.clock.now(),
    });
  },
};

/** `PUT …/accessPolicies/add|replace|remove`. */
const accessPolicies: ArmType = {
  write: ({ cloud, id, parsed, body }) => {
    const vault = cloud.store.get(id.slice(0, id.toLowerCase().lastIndexOf('/accesspolicies')))!;
    const given = (body.properties?.accessPolicies ?? []) as JsonObject[];
    const isGiven = ({ objectId, tenantId }: JsonObject): boolean =>
      given.some((policy) => policy.objectId === objectId && policy.tenantId === tenantId);
    const others = (vault.body.properties.accessPolicies as JsonObject[]).filter((policy) => !isGiven(policy));
    const kept: { readonly [kind: string]: JsonObject[] } = {
      add: [...others, ...given],
      replace: [...others, ...given],
      remove: others,
    };
    vault.body.properties.accessPolicies = kept[parsed.names.at(-1)!.toLowerCase()] ?? others;
    vault.version += 1;
    return { body };
  },
  written: ({ cloud }, resource) => cloud.store.remove(resource.id),
};

const deletedVaults: ArmType = {
  virtual: true,
  handle: ({ cloud, parsed }) => {
    if (parsed.collection) {
      return answer(200, { value: [...cloud.deletedVaults.values()].map(deletedBody) });
    }
    const deleted = cloud.deletedVaults.get(parsed.names.at(-1)!.toLowerCase());
    if (deleted === undefined) {
      throw vaultNotDeleted(parsed.names.at(-1)!);
    }
    return answer(200, deletedBody(deleted));
  },
};

const purge: ArmType = {
  handle: ({ cloud, call, parsed }) => {
    const name = parsed.names.at(-1)!.toLowerCase();
    if (!cloud.deletedVaults.delete(name)) {
      throw vaultNotDeleted(name);
    }
    cloud.vaults.purge(name);
    const headers = cloud.operations.start(call.host);
    return answer(202, undefined, { ...headers, Location: headers['Azure-AsyncOperation'] });
  },
};

const vaultNotDeleted = (name: string): AzureError =>
  new AzureError(404, 'DeletedVaultNotFound', `The specified deleted vault '${name}' does not exist.`);

function deletedBody({ id, name, location, body, deletedAt }: SoftDeleted): JsonObject {
  return {
    id: `/subscriptions/${SUBSCRIPTION_ID}/providers/Microsoft.KeyVault/locations/${location}/deletedVaults/${name}`,
    name,
    type: 'Microsoft.KeyVault/deletedVaults',
    properties: {
      vaultId: id,
      location,
      tags: body.tags,
      deletionDate: new Date(deletedAt).toISOString(),
      scheduledPurgeDate: new Date(deletedAt + 90 * DAY).toISOString(),
    },
  };
}

/** The resource of a vault by the vault's name. */
export function vaultResource(
  { cloud }: Pick<Request, 'cloud'>,
  name: string,
): ReturnType<Request['cloud']['store']['get']> {
  return cloud.store.ofType(VAULTS).find(({ id }) => nameOf(id).toLowerCase() === name.toLowerCase());
}

export const KEY_VAULT_TYPES: { readonly [type: string]: ArmType } = {
  [VAULTS]: vaults,
  'microsoft.keyvault/vaults/accesspolicies': accessPolicies,
  'microsoft.keyvault/locations': { virtual: true },
  'microsoft.keyvault/deletedvaults': deletedVaults,
  'microsoft.keyvault/locations/deletedvaults': deletedVaults,
  'microsoft.keyvault/locations/deletedvaults/purge': purge,
};
