import { isAllowed } from '../arm/access';
import { vaultResource } from '../arm/key-vault';
import { Cloud } from '../cloud';
import { isAudience } from '../entra/login';
import { claimsOf } from '../entra/validation';
import { firstLabel } from '../hosts';
import { answer, Answer, AzureError, bearerToken, Call, segmentsOf } from '../http';
import { TENANT_ID } from '../identifiers';
import { JsonObject } from '../json';
import { pageOf } from '../odata';
import { certificates, deletedCertificates } from './certificates';
import { keys } from './keys';
import { deletedSecrets, secrets } from './secrets';
import { VaultContent } from './vaults';

/** A request for something in a vault. */
export interface VaultRequest {
  readonly cloud: Cloud;
  readonly call: Call;
  readonly content: VaultContent;
  /** `https://NAME.vault.azure.net`. */
  readonly base: string;
  readonly name: string | undefined;
  /** What follows the name: a version or an action. */
  readonly rest: readonly string[];
  /** Refuses a caller who may not do this. */
  demand(permission: Permission): void;
}

/** What an access policy calls it, and what a role does. */
export type Permission = readonly [kind: 'secrets' | 'certificates' | 'keys', policy: string, dataAction: string];

const COLLECTIONS: { readonly [name: string]: (request: VaultRequest) => Answer } = {
  secrets,
  deletedsecrets: deletedSecrets,
  certificates,
  deletedcertificates: deletedCertificates,
  keys,
};

/** Key Vault's data plane. */
export function vault(cloud: Cloud, call: Call): Answer {
  const vaultName = firstLabel(call.host);
  const content = cloud.vaults.get(vaultName);
  if (content === undefined) {
    throw new AzureError(404, 'VaultNotFound', `The vault '${vaultName}' was not found.`);
  }
  const claims = authenticate(cloud, call);
  if (!call.query.has('api-version')) {
    throw new AzureError(400, 'BadParameter', 'The request URI does not contain a valid API version.');
  }
  const [collection, name, ...rest] = segmentsOf(call.path);
  const handle = COLLECTIONS[collection?.toLowerCase()];
  if (handle === undefined) {
    throw new AzureError(404, 'NotFound', `${call.path} was not found.`);
  }
  return handle({
    cloud,
    call,
    content,
    base: `https://${call.host}`,
    name,
    rest,
    demand: (permission) => demandPermission(cloud, vaultName, String(claims.oid), String(claims.appid), permission),
  });
}

function authenticate(cloud: Cloud, call: Call): JsonObject {
  const challenge = {
    'WWW-Authenticate': `Bearer authorization="https://login.microsoftonline.com/${TENANT_ID}", resource="https://vault.azure.net"`,
  };
  const token = bearerToken(call);
  if (token === undefined) {
    throw new AzureError(401, 'Unauthorized', 'AKV10000: Request is missing a Bearer or PoP token.', challenge);
  }
  const claims = claimsOf(cloud, token);
  if (typeof claims === 'string') {
    throw new AzureError(401, 'Unauthorized', `AKV10022: Invalid token: it is ${claims}.`, challenge);
  }
  if (!isAudience(claims.aud, 'vault')) {
    throw new AzureError(
      401,
      'Unauthorized',
      `AKV10022: Invalid audience. Expected https://vault.azure.net, found: ${String(claims.aud)}.`,
      challenge,
    );
  }
  return claims;
}

function demandPermission(
  cloud: Cloud,
  vaultName: string,
  objectId: string,
  appId: string,
  permission: Permission,
): void {
  if (!cloud.settings.vaultPermissions) {
    return;
  }
  const [kind, policy, dataAction] = permission;
  const resource = vaultResource({ cloud }, vaultName)!;
  const { enableRbacAuthorization, accessPolicies } = resource.body.properties as JsonObject;
  const action = `Microsoft.KeyVault/vaults/${kind}/${dataAction}`;
  if (enableRbacAuthorization === true) {
    if (!isAllowed(cloud, objectId, resource.id, action, true)) {
      throw new AzureError(
        403,
        'Forbidden',
        `Caller is not authorized to perform action on resource.\r\nIf role assignments, deny assignments or role definitions were changed recently, please observe propagation time.\r\nCaller: appid=${appId};oid=${objectId};iss=https://sts.windows.net/${TENANT_ID}/\r\nAction: '${action}'\r\nResource: '${resource.id}'\r\nAssignment: (not found)\r\nVault: ${vaultName};location=${String(resource.body.location)}\r\n`,
      );
    }
    return;
  }
  const granted = ((accessPolicies ?? []) as JsonObject[])
    .filter((entry) => entry.objectId === objectId)
    .flatMap((entry) => (entry.permissions?.[kind] ?? []) as string[])
    .map((name) => name.toLowerCase());
  if (!granted.includes(policy) && !granted.includes('all')) {
    throw new AzureError(
      403,
      'Forbidden',
      `The user, group or application 'appid=${appId};oid=${objectId};iss=https://sts.windows.net/${TENANT_ID}/' does not have ${kind} ${policy} permission on key vault '${vaultName};location=${String(resource.body.location)}'. For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125287`,
    );
  }
}

/** A page of a vault's collection, as Key Vault links it. */
export function vaultPage({ cloud, call }: VaultRequest, entries: readonly JsonObject[]): Answer {
  const skip = Number(call.query.get('$skiptoken') ?? 0);
  const size = Math.min(Number(call.query.get('maxresults') ?? Infinity), cloud.settings.vaultPageSize);
  const page = pageOf(entries, skip, size);
  const query = new URLSearchParams(call.query);
  query.set('$skiptoken', String(page.next));
  const nextLink = page.next === undefined ? null : `https://${call.host}${call.path}?${query.toString()}`;
  return answer(200, { value: page.entries, nextLink });
}

export function vaultAttributes(attributes: JsonObject): JsonObject {
  return { enabled: true, recoveryLevel: 'Recoverable+Purgeable', recoverableDays: 90, ...attributes };
}

/** Whether a version may be used now. */
export function demandUsable({ clock }: Cloud, what: string, attributes: JsonObject): void {
  const now = clock.seconds();
  if (attributes.enabled === false) {
    throw new AzureError(403, 'Forbidden', `Operation get is not allowed on a disabled ${what}.`);
  }
  if (typeof attributes.nbf === 'number' && attributes.nbf > now) {
    throw new AzureError(403, 'Forbidden', `Operation get is not allowed on a not yet valid ${what}.`);
  }
}
