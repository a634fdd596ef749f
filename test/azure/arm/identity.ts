import { newManagedIdentity } from '../entra/registrations';
import { TENANT_ID } from '../identifiers';
import { JsonObject } from '../json';
import { Write } from './arm-type';
import { nameOf } from './resource-id';

/** The body with the identity that it asks for, which Entra gets to know. */
export function withIdentity(write: Write): JsonObject {
  const { body, before } = write;
  const wanted: JsonObject | undefined = body.identity ?? (write.patch ? before?.body.identity : undefined);
  const type = String(wanted?.type ?? 'None');
  const former: string | undefined = before?.body.identity?.principalId;
  if (!/systemassigned/i.test(type)) {
    if (former !== undefined) {
      const principal = write.cloud.directory.find(former);
      if (principal !== undefined) {
        write.cloud.directory.remove(principal, true);
      }
    }
    const { principalId: _principalId, tenantId: _tenantId, ...rest } = wanted ?? {};
    return wanted === undefined ? body : { ...body, identity: { ...rest, type, ...userAssigned(write, wanted) } };
  }
  const principalId =
    former ?? (newManagedIdentity(write.cloud.directory, nameOf(write.id), write.id, false).id as string);
  return { ...body, identity: { ...wanted, principalId, tenantId: TENANT_ID, ...userAssigned(write, wanted!) } };
}

function userAssigned({ cloud }: Write, wanted: JsonObject): JsonObject {
  const ids = Object.entries((wanted.userAssignedIdentities ?? {}) as JsonObject).filter(([, value]) => value !== null);
  if (ids.length === 0) {
    return {};
  }
  const identities = ids.map(([id]) => {
    const { principalId, clientId } = (cloud.store.get(id)?.body.properties ?? {}) as JsonObject;
    return [id, principalId === undefined ? {} : { principalId, clientId }] as const;
  });
  return { userAssignedIdentities: Object.fromEntries(identities) };
}
