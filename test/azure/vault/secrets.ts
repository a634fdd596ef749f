import { Cloud } from '../cloud';
import { answer, Answer, AzureError } from '../http';
import { randomHex } from '../identifiers';
import { JsonObject } from '../json';
import { demandUsable, Permission, vaultAttributes, vaultPage, VaultRequest } from './vault';
import { DeletedEntry, SecretVersion, VaultContent } from './vaults';

const permission = (policy: string, dataAction: string): Permission => ['secrets', policy, dataAction];
const GET = permission('get', 'getSecret/action');
const LIST = permission('list', 'readMetadata/action');
const SET = permission('set', 'setSecret/action');
const DELETE = permission('delete', 'delete');
const RECOVER = permission('recover', 'recover/action');
const PURGE = permission('purge', 'purge/action');

/** Key Vault refuses more than 25 kB. */
const LARGEST = 25 * 1024;

export function addSecret(
  cloud: Cloud,
  content: VaultContent,
  name: string,
  given: Pick<SecretVersion, 'value' | 'contentType' | 'tags' | 'managed'> & {
    attributes?: JsonObject;
    version?: string;
  },
): SecretVersion {
  const now = cloud.clock.seconds();
  const secret: SecretVersion = {
    name,
    value: given.value,
    version: given.version ?? randomHex(16),
    ...(given.contentType === undefined ? {} : { contentType: given.contentType }),
    ...(given.tags === undefined ? {} : { tags: given.tags }),
    ...(given.managed === undefined ? {} : { managed: given.managed }),
    attributes: { ...given.attributes, created: now, updated: now },
  };
  const versions = content.secrets.get(name.toLowerCase()) ?? [];
  content.secrets.set(name.toLowerCase(), [...versions, secret]);
  return secret;
}

export function secrets(request: VaultRequest): Answer {
  const { call, content, name, rest } = request;
  if (name === undefined) {
    request.demand(LIST);
    return vaultPage(
      request,
      [...content.secrets.values()].map((versions) => ({
        ...bodyOf(request, versions.at(-1)!),
        id: idOf(request, versions.at(-1)!, false),
      })),
    );
  }
  const key = name.toLowerCase();
  if (call.method === 'PUT') {
    return set(request, name);
  }
  const versions = content.secrets.get(key);
  switch (call.method) {
    case 'DELETE': {
      request.demand(DELETE);
      const found = demandFound(request, versions);
      const deleted = { versions: found, deletedAt: request.cloud.clock.seconds() };
      content.secrets.delete(key);
      content.deletedSecrets.set(key, deleted);
      return answer(200, deletedBody(request, deleted));
    }
    case 'PATCH': {
      request.demand(SET);
      const version = versionOf(request, demandFound(request, versions));
      const { contentType, tags, attributes } = call.json;
      version.contentType = (contentType as string | undefined) ?? version.contentType;
      version.tags = (tags as JsonObject | undefined) ?? version.tags;
      version.attributes = {
        ...version.attributes,
        ...(attributes as JsonObject | undefined),
        updated: request.cloud.clock.seconds(),
      };
      return answer(200, bodyOf(request, version));
    }
    default: {
      if (rest[0] === 'versions') {
        request.demand(LIST);
        return vaultPage(
          request,
          demandFound(request, versions).map((version) => bodyOf(request, version)),
        );
      }
      request.demand(GET);
      const version = versionOf(request, demandFound(request, versions));
      demandUsable(request.cloud, 'secret', version.attributes);
      return answer(200, { value: version.value, ...bodyOf(request, version) });
    }
  }
}

function set(request: VaultRequest, name: string): Answer {
  const { cloud, call, content } = request;
  request.demand(SET);
  if (content.deletedSecrets.has(name.toLowerCase())) {
    throw new AzureError(
      409,
      'Conflict',
      `Secret ${name} is currently in a deleted but recoverable state, and its name cannot be reused; in this state, the secret can only be recovered or purged.`,
    );
  }
  const { value, contentType, tags, attributes } = call.json;
  if (typeof value !== 'string') {
    throw new AzureError(400, 'BadParameter', 'Property value is required.');
  }
  if (Buffer.byteLength(value) > LARGEST) {
    throw new AzureError(
      400,
      'BadParameter',
      `The secret value is too long: it has ${Buffer.byteLength(value)} bytes, at most ${LARGEST} are allowed.`,
    );
  }
  if (!/^[0-9a-zA-Z-]{1,127}$/.test(name)) {
    throw new AzureError(400, 'BadParameter', `The request URI contains an invalid name: ${name}`);
  }
  const secret = addSecret(cloud, content, name, {
    value,
    contentType: contentType as string | undefined,
    tags: tags as JsonObject | undefined,
    attributes: attributes as JsonObject | undefined,
  });
  return answer(200, { value, ...bodyOf(request, secret) });
}

export function deletedSecrets(request: VaultRequest): Answer {
  const { call, content, name, rest } = request;
  if (name === undefined) {
    request.demand(LIST);
    return vaultPage(
      request,
      [...content.deletedSecrets.values()].map((entry) => deletedBody(request, entry)),
    );
  }
  const key = name.toLowerCase();
  const entry = content.deletedSecrets.get(key);
  if (entry === undefined) {
    throw new AzureError(404, 'SecretNotFound', `Deleted Secret not found: ${name}`);
  }
  if (rest[0] === 'recover') {
    request.demand(RECOVER);
    content.deletedSecrets.delete(key);
    content.secrets.set(key, entry.versions);
    return answer(200, bodyOf(request, entry.versions.at(-1)!));
  }
  if (call.method === 'DELETE') {
    request.demand(PURGE);
    content.deletedSecrets.delete(key);
    return answer(204);
  }
  request.demand(GET);
  return answer(200, deletedBody(request, entry));
}

function demandFound({ name }: VaultRequest, versions: SecretVersion[] | undefined): SecretVersion[] {
  if (versions === undefined) {
    throw new AzureError(
      404,
      'SecretNotFound',
      `A secret with (name/id) ${String(name)} was not found in this key vault. If you recently deleted this secret you may be able to recover it using the correct recovery command. For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125182`,
    );
  }
  return versions;
}

function versionOf({ name, rest }: VaultRequest, versions: SecretVersion[]): SecretVersion {
  const version = rest[0] === undefined ? versions.at(-1) : versions.find((candidate) => candidate.version === rest[0]);
  if (version === undefined) {
    throw new AzureError(
      404,
      'SecretNotFound',
      `A secret with (name/id) ${String(name)}/${rest[0]} was not found in this key vault.`,
    );
  }
  return version;
}

const idOf = ({ base }: VaultRequest, { name, version }: SecretVersion, withVersion = true): string =>
  `${base}/secrets/${name}${withVersion ? `/${version}` : ''}`;

function bodyOf(request: VaultRequest, secret: SecretVersion): JsonObject {
  return {
    contentType: secret.contentType,
    id: idOf(request, secret),
    attributes: vaultAttributes(secret.attributes),
    tags: secret.tags ?? {},
    ...(secret.managed === true ? { managed: true, kid: `${request.base}/keys/${secret.name}/${secret.version}` } : {}),
  };
}

function deletedBody(request: VaultRequest, { versions, deletedAt }: DeletedEntry<SecretVersion>): JsonObject {
  const last = versions.at(-1)!;
  return {
    ...bodyOf(request, last),
    recoveryId: `${request.base}/deletedsecrets/${last.name}`,
    deletedDate: deletedAt,
    scheduledPurgeDate: deletedAt + 90 * 86_400,
  };
}
