import type { AzureClient } from '../azure/client';
import { list, property, type JsonObject } from '../input/json';
import { text } from './json';
import type { Application, AppRole, Assignment, Credential, ManagedClient, Principal, Product, Unread } from './model';
import { chunks, mapped } from './pool';
import { APPLICATION_READER, Reader, ROLE_READER } from './reader';

/** What Entra says of an instance's products and their clients. */
export interface EntraSide {
  readonly directoryRoles: readonly string[] | undefined;
  readonly applications: ReadonlyMap<string, Application> | undefined;
  readonly principals: ReadonlyMap<string, Principal>;
  readonly assignments: readonly Assignment[] | undefined;
  readonly strays: readonly { readonly appId: string; readonly displayName: string }[];
  readonly unread: readonly Unread[];
}

/** Graph takes so many values behind `in`. */
const MOST_IN_A_FILTER = 15;
const MOST_IDS = 1000;
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export async function readEntra(
  client: AzureClient,
  principalId: string | undefined,
  products: readonly Product[],
  clients: readonly ManagedClient[],
  tell: (text: string) => void,
): Promise<EntraSide> {
  const reader = new Reader(client);
  const productIds = distinct(products.flatMap(({ applicationId }) => applicationId ?? []));
  const clientIds = distinct(clients.map(({ clientId }) => clientId));
  tell('reading directory roles');
  const roles =
    principalId === undefined
      ? []
      : await reader.all(
          `/v1.0/roleManagement/directory/roleAssignments?$filter=${encodeURIComponent(`principalId eq '${principalId}'`)}`,
          'directory roles of the identity',
          ROLE_READER,
        );
  tell('reading service principals');
  const found = await byAppId(reader, 'servicePrincipals', [...productIds, ...clientIds], '');
  const principals = new Map<string, Principal>();
  found?.forEach((item) => principals.set(text(item, 'id') ?? '', principalOf(item)));
  const isProduct = new Set(productIds);
  const resources = [...principals.values()].filter(({ appId }) => isProduct.has(appId.toLowerCase()));
  let done = 0;
  const assigned = await mapped(resources, async ({ objectId }) => {
    const assignments = await reader.all(
      `/v1.0/servicePrincipals/${objectId}/appRoleAssignedTo?$top=999`,
      'app role assignments',
      APPLICATION_READER,
    );
    done += 1;
    tell(`reading app role assignments: ${done} of ${resources.length}`);
    return assignments;
  });
  const isReadable = found !== undefined && assigned.every((each) => each !== undefined);
  const assignments = isReadable ? assigned.flatMap((each) => (each ?? []).map(assignmentOf)) : undefined;
  const others = distinct(
    (assignments ?? [])
      .filter(({ principalType, principalId: id }) => principalType === 'ServicePrincipal' && !principals.has(id))
      .map(({ principalId: id }) => id),
  );
  for (const ids of chunks(others, MOST_IDS)) {
    const answer = await reader.one('/v1.0/directoryObjects/getByIds', 'service principals', APPLICATION_READER, {
      ids,
      types: ['servicePrincipal'],
    });
    list(answer, 'value').forEach((item) => principals.set(text(item, 'id') ?? '', principalOf(item)));
  }
  tell('reading applications');
  const known = new Set([...productIds, ...clientIds]);
  const entraIds = distinct([...principals.values()].map(({ appId }) => appId)).filter((id) => !known.has(id));
  const applications = await readApplications(reader, [...productIds, ...clientIds, ...entraIds], tell);
  const named = await reader.all(
    `/v1.0/applications?$filter=${encodeURIComponent("startswith(displayName,'APIMProductApplication')")}&$select=id,appId,displayName`,
    'applications',
    APPLICATION_READER,
  );
  return {
    directoryRoles: roles?.flatMap((role) => text(role, 'roleDefinitionId') ?? []),
    applications,
    principals,
    assignments,
    strays: (named ?? [])
      .map((item) => ({ appId: text(item, 'appId') ?? '', displayName: text(item, 'displayName') ?? '' }))
      .filter(({ appId }) => !isProduct.has(appId.toLowerCase())),
    unread: reader.unread,
  };
}

async function readApplications(
  reader: Reader,
  appIds: readonly string[],
  tell: (text: string) => void,
): Promise<ReadonlyMap<string, Application> | undefined> {
  const found = await byAppId(reader, 'applications', appIds, '&$expand=federatedIdentityCredentials');
  if (found === undefined) {
    return undefined;
  }
  let done = 0;
  const read = await mapped(found, async (item): Promise<Application> => {
    const objectId = text(item, 'id') ?? '';
    const expanded = property(item, 'federatedIdentityCredentials');
    const federated = Array.isArray(expanded)
      ? list(item, 'federatedIdentityCredentials')
      : ((await reader.all(
          `/v1.0/applications/${objectId}/federatedIdentityCredentials`,
          'federated credentials',
          APPLICATION_READER,
        )) ?? []);
    const owners =
      (await reader.all(
        `/v1.0/applications/${objectId}/owners?$select=id`,
        'owners of applications',
        APPLICATION_READER,
      )) ?? [];
    done += 1;
    tell(`reading applications: ${done} of ${found.length}`);
    return {
      objectId,
      appId: text(item, 'appId') ?? '',
      displayName: text(item, 'displayName') ?? '',
      appRoles: list(item, 'appRoles').map(appRoleOf),
      owners: owners.flatMap((owner) => text(owner, 'id') ?? []),
      credentials: credentialsOf(item, federated),
    };
  });
  return new Map(read.map((application) => [application.appId.toLowerCase(), application]));
}

/** Objects by client id, several in one request. */
async function byAppId(
  reader: Reader,
  collection: string,
  appIds: readonly string[],
  more: string,
): Promise<JsonObject[] | undefined> {
  // what stands in a filter is checked: the ids come from answers
  const wanted = appIds.filter((id) => GUID.test(id));
  const found = await mapped(chunks(wanted, MOST_IN_A_FILTER), (ids) => {
    const filter = `appId in (${ids.map((id) => `'${id}'`).join(', ')})`;
    return reader.all(
      `/v1.0/${collection}?$filter=${encodeURIComponent(filter)}${more}`,
      collection === 'applications' ? 'applications' : 'service principals',
      APPLICATION_READER,
    );
  });
  return found.some((part) => part === undefined) ? undefined : found.flatMap((part) => part ?? []);
}

function distinct(ids: readonly string[]): string[] {
  return [...new Set(ids.filter((id) => id !== '').map((id) => id.toLowerCase()))];
}

function principalOf(item: unknown): Principal {
  const tenantId = text(item, 'appOwnerOrganizationId');
  return {
    objectId: text(item, 'id') ?? '',
    appId: text(item, 'appId') ?? '',
    displayName: text(item, 'displayName') ?? '',
    isManagedIdentity: text(item, 'servicePrincipalType') === 'ManagedIdentity',
    ...(tenantId === undefined ? {} : { tenantId }),
    assignmentRequired: property(item, 'appRoleAssignmentRequired') === true,
  };
}

function assignmentOf(item: JsonObject): Assignment {
  return {
    id: text(item, 'id') ?? '',
    appRoleId: text(item, 'appRoleId') ?? '',
    resourceId: text(item, 'resourceId') ?? '',
    principalId: text(item, 'principalId') ?? '',
    principalType: text(item, 'principalType') ?? '',
    principalName: text(item, 'principalDisplayName') ?? '',
  };
}

function appRoleOf(item: unknown): AppRole {
  return {
    id: text(item, 'id') ?? '',
    value: text(item, 'value') ?? '',
    enabled: property(item, 'isEnabled') !== false,
  };
}

function credentialsOf(item: JsonObject, federated: readonly unknown[]): readonly Credential[] {
  const dated = (property: 'passwordCredentials' | 'keyCredentials', kind: 'secret' | 'certificate'): Credential[] =>
    list(item, property).map((credential) => {
      const name = text(credential, 'displayName');
      const expiresOn = text(credential, 'endDateTime');
      return { kind, ...(name === undefined ? {} : { name }), ...(expiresOn === undefined ? {} : { expiresOn }) };
    });
  return [
    ...dated('passwordCredentials', 'secret'),
    ...dated('keyCredentials', 'certificate'),
    ...federated.map((credential): Credential => {
      const name = text(credential, 'name');
      return { kind: 'federated', ...(name === undefined ? {} : { name }) };
    }),
  ];
}
