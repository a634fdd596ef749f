import type { AzureClient } from '../azure/client';
import { list, property, type JsonObject } from '../input/json';
import { given, text } from './json';
import type {
  Application,
  AppRole,
  Assignment,
  Credential,
  HeldRole,
  ManagedClient,
  Owner,
  Principal,
  Product,
  Unread,
} from './model';
import { chunks } from './pool';
import { APPLICATION_READER, FEDERATED_CREDENTIALS, Reader, ROLE_READER, SERVICE_PRINCIPALS } from './reader';
import { Texts } from './texts';

/** What Entra says of an instance's products and their clients. */
export interface EntraSide {
  readonly directoryRoles: readonly HeldRole[] | undefined;
  readonly applications: ReadonlyMap<string, Application> | undefined;
  readonly principals: ReadonlyMap<string, Principal>;
  readonly assignments: readonly Assignment[] | undefined;
  readonly strays: readonly { readonly appId: string; readonly displayName: string }[];
  readonly unread: readonly Unread[];
}

/** Graph takes so many values behind `in`. */
const MOST_IN_A_FILTER = 15;
const MOST_IDS = 1000;
const PRINCIPAL = 'id,appId,displayName,servicePrincipalType,appOwnerOrganizationId,appRoleAssignmentRequired';
const ASSIGNMENT = 'id,appRoleId,resourceId,principalId,principalType,principalDisplayName';
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
          (role): HeldRole => ({
            templateId: given(role, 'roleDefinitionId'),
            assignmentId: given(role, 'id'),
          }),
        );
  tell('reading service principals');
  const found = await reader.lists(
    byAppId('servicePrincipals', [...productIds, ...clientIds], `&$select=${PRINCIPAL}`),
    SERVICE_PRINCIPALS,
    APPLICATION_READER,
    principalOf,
  );
  const principals = new Map((found ?? []).flat().map((principal) => [principal.objectId, principal]));
  const isProduct = new Set(productIds);
  const resources = [...principals.values()].filter(({ appId }) => isProduct.has(appId.toLowerCase()));
  tell('reading app role assignments');
  const texts = new Texts();
  const assigned = await reader.lists(
    resources.map(({ objectId }) => `/servicePrincipals/${objectId}/appRoleAssignedTo?$top=999&$select=${ASSIGNMENT}`),
    'app role assignments',
    APPLICATION_READER,
    (item) => assignmentOf(item, texts),
  );
  const assignments = found === undefined ? undefined : assigned?.flat();
  const others = distinct(
    (assignments ?? [])
      .filter(({ principalType, principalId: id }) => principalType === 'ServicePrincipal' && !principals.has(id))
      .map(({ principalId: id }) => id),
  );
  for (const ids of chunks(others, MOST_IDS)) {
    const answer = await reader.one('/v1.0/directoryObjects/getByIds', SERVICE_PRINCIPALS, APPLICATION_READER, {
      ids,
      types: ['servicePrincipal'],
    });
    list(answer, 'value')
      .map(principalOf)
      .forEach((principal) => principals.set(principal.objectId, principal));
  }
  tell('reading applications');
  const managed = new Set(clientIds);
  const entraIds = distinct([...principals.values()].map(({ appId }) => appId)).filter(
    (id) => !managed.has(id) && !isProduct.has(id),
  );
  const applications = await readApplications(reader, [...productIds, ...clientIds, ...entraIds], managed);
  const named = await reader.all(
    `/v1.0/applications?$filter=${encodeURIComponent("startswith(displayName,'APIMProductApplication')")}&$select=id,appId,displayName&$top=999`,
    'applications',
    APPLICATION_READER,
    (item) => ({ appId: given(item, 'appId'), displayName: given(item, 'displayName') }),
  );
  return {
    directoryRoles: roles,
    applications,
    principals,
    assignments,
    strays: (named ?? []).filter(({ appId }) => !isProduct.has(appId.toLowerCase())),
    unread: reader.unread,
  };
}

/**
 * Without `$select`: selecting `keyCredentials` answers the certificates themselves, and Graph allows it rarely. Owners are
 * read of applications that API Management does not own, since they show who does.
 */
async function readApplications(
  reader: Reader,
  appIds: readonly string[],
  managed: ReadonlySet<string>,
): Promise<ReadonlyMap<string, Application> | undefined> {
  const found = await reader.lists(
    byAppId('applications', appIds, '&$expand=federatedIdentityCredentials'),
    'applications',
    APPLICATION_READER,
    (item): Application & { readonly isExpanded: boolean } => ({
      objectId: given(item, 'id'),
      appId: given(item, 'appId'),
      displayName: given(item, 'displayName'),
      appRoles: list(item, 'appRoles').map(appRoleOf),
      owners: undefined,
      credentials: [...credentialsOf(item), ...federatedIn(list(item, 'federatedIdentityCredentials'))],
      isExpanded: Array.isArray(property(item, 'federatedIdentityCredentials')),
    }),
  );
  if (found === undefined) {
    return undefined;
  }
  const read = found.flat();
  const apart = read.filter(({ isExpanded }) => !isExpanded);
  const federated = await reader.lists(
    apart.map(({ objectId }) => `/applications/${objectId}/federatedIdentityCredentials`),
    FEDERATED_CREDENTIALS,
    APPLICATION_READER,
    (item) => item,
  );
  const federatedOf = new Map(apart.map(({ objectId }, index) => [objectId, federatedIn(federated?.[index] ?? [])]));
  const owned = read.filter(({ appId }) => !managed.has(appId.toLowerCase()));
  const owners = await reader.lists(
    owned.map(({ objectId }) => `/applications/${objectId}/owners?$select=id,displayName`),
    'owners of applications',
    APPLICATION_READER,
    (owner): Owner => ({ objectId: given(owner, 'id'), name: given(owner, 'displayName') }),
  );
  const ownersOf = new Map(owned.map(({ objectId }, index) => [objectId, owners?.[index]]));
  return new Map(
    read.map(({ isExpanded: _, ...application }): [string, Application] => [
      application.appId.toLowerCase(),
      {
        ...application,
        owners: ownersOf.get(application.objectId),
        credentials: [...application.credentials, ...(federatedOf.get(application.objectId) ?? [])],
      },
    ]),
  );
}

/** Paths of lists of objects by client id, several in one. */
function byAppId(collection: string, appIds: readonly string[], more: string): readonly string[] {
  // what is written into a filter is checked: the ids come from answers
  const wanted = appIds.filter((id) => GUID.test(id));
  return chunks(wanted, MOST_IN_A_FILTER).map((ids) => {
    const filter = `appId in (${ids.map((id) => `'${id}'`).join(', ')})`;
    return `/${collection}?$filter=${encodeURIComponent(filter)}${more}`;
  });
}

function distinct(ids: readonly string[]): string[] {
  return [...new Set(ids.filter((id) => id !== '').map((id) => id.toLowerCase()))];
}

function principalOf(item: unknown): Principal {
  const tenantId = text(item, 'appOwnerOrganizationId');
  return {
    objectId: given(item, 'id'),
    appId: given(item, 'appId'),
    displayName: given(item, 'displayName'),
    isManagedIdentity: text(item, 'servicePrincipalType') === 'ManagedIdentity',
    ...(tenantId === undefined ? {} : { tenantId }),
    assignmentRequired: property(item, 'appRoleAssignmentRequired') === true,
  };
}

function assignmentOf(item: JsonObject, texts: Texts): Assignment {
  const repeated = (name: string): string => texts.same(given(item, name));
  return {
    id: given(item, 'id'),
    appRoleId: repeated('appRoleId'),
    resourceId: repeated('resourceId'),
    principalId: repeated('principalId'),
    principalType: repeated('principalType'),
    principalName: repeated('principalDisplayName'),
  };
}

function appRoleOf(item: unknown): AppRole {
  return {
    id: given(item, 'id'),
    value: given(item, 'value'),
    enabled: property(item, 'isEnabled') !== false,
  };
}

function credentialsOf(item: JsonObject): readonly Credential[] {
  const dated = (property: 'passwordCredentials' | 'keyCredentials', kind: 'secret' | 'certificate'): Credential[] =>
    list(item, property).map((credential) => {
      const name = text(credential, 'displayName');
      const expiresOn = text(credential, 'endDateTime');
      return { kind, ...(name === undefined ? {} : { name }), ...(expiresOn === undefined ? {} : { expiresOn }) };
    });
  return [...dated('passwordCredentials', 'secret'), ...dated('keyCredentials', 'certificate')];
}

function federatedIn(items: readonly unknown[]): readonly Credential[] {
  return items.map((credential) => {
    const name = text(credential, 'name');
    return { kind: 'federated', ...(name === undefined ? {} : { name }) };
  });
}
