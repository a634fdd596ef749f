import { badRequest, Collection, Directory, resourceNotFound } from '../entra/directory';
import { newApplication, newServicePrincipal, view } from '../entra/registrations';
import { answer, Answer, AzureError } from '../http';
import { newId, TENANT_DOMAIN, TENANT_ID } from '../identifiers';
import { copy, isObject, JsonObject, merge } from '../json';
import { DIRECTORY_ROLES } from '../roles';
import type { GraphRequest } from './graph';
import { checkKeyCredentials } from './key-credentials';

export function createObject(request: GraphRequest, collection: Collection): Answer {
  const { cloud, call } = request;
  const { directory } = cloud;
  const given = plain(call.json);
  const object = creators[collection](request, given);
  directory.owners.set(object.id, boundIds(call.json, 'owners'));
  directory.members.set(object.id, boundIds(call.json, 'members'));
  const { passwordCredentials } = given as { passwordCredentials?: JsonObject[] };
  const answered = copy(view(directory, object));
  if (collection === 'applications' && passwordCredentials !== undefined) {
    answered.passwordCredentials = passwordCredentials.map((wanted) => directory.addPassword(object, wanted));
  }
  return answer(201, answered);
}

const creators: { readonly [collection in Collection]: (request: GraphRequest, given: JsonObject) => JsonObject } = {
  applications: ({ cloud }, given) => {
    const { passwordCredentials: _passwords, identifierUris, ...rest } = given;
    if (!given.displayName) {
      throw badRequest("Property 'displayName' is required.");
    }
    checkAppRoles(given.appRoles);
    checkKeyCredentials(given.keyCredentials);
    const appId = newId();
    checkIdentifierUris(cloud.directory, { id: '', appId, identifierUris: [] }, identifierUris);
    return newApplication(cloud.directory, { ...rest, appId, identifierUris: identifierUris ?? [] }, 'caller');
  },
  servicePrincipals: ({ cloud }, given) => {
    const { directory } = cloud;
    const application = directory.application(String(given.appId));
    if (application === undefined || directory.isYoung(application)) {
      throw badRequest(
        `The appId '${String(given.appId)}' of the service principal does not reference a valid application object.`,
        'NoBackingApplicationObject',
      );
    }
    if (directory.servicePrincipal(application.appId) !== undefined) {
      throw new AzureError(
        409,
        'Request_MultipleObjectsWithSameKeyValue',
        `The service principal cannot be created, updated, or restored because the service principal name ${application.appId} is already in use.`,
      );
    }
    return newServicePrincipal(directory, { ...given, displayName: application.displayName }, 'caller');
  },
  users: ({ cloud }, { passwordProfile: _password, ...given }) => {
    if (cloud.directory.list('users').some((user) => user.userPrincipalName === given.userPrincipalName)) {
      throw badRequest('Another object with the same value for property userPrincipalName already exists.');
    }
    return cloud.directory.add(
      'users',
      {
        id: newId(),
        userType: 'Member',
        mail: null,
        otherMails: [],
        businessPhones: [],
        proxyAddresses: [],
        createdDateTime: cloud.clock.iso(),
        deletedDateTime: null,
        ...given,
      },
      'caller',
    );
  },
  groups: ({ cloud }, given) =>
    cloud.directory.add(
      'groups',
      {
        id: newId(),
        groupTypes: [],
        visibility: 'Private',
        onPremisesSyncEnabled: null,
        proxyAddresses: [],
        mail: null,
        description: null,
        isAssignableToRole: null,
        assignedLabels: [],
        createdDateTime: cloud.clock.iso(),
        deletedDateTime: null,
        ...given,
      },
      'caller',
    ),
  directoryRoles: ({ cloud }, { roleTemplateId }) => {
    const displayName = DIRECTORY_ROLES[String(roleTemplateId)];
    if (displayName === undefined) {
      throw resourceNotFound(String(roleTemplateId));
    }
    if (cloud.directory.list('directoryRoles').some((role) => role.roleTemplateId === roleTemplateId)) {
      throw badRequest(
        'A conflicting object with one or more of the specified property values is present in the directory.',
      );
    }
    // An activated role belongs to the tenant: nothing deactivates it.
    return cloud.directory.add(
      'directoryRoles',
      { id: newId(), roleTemplateId, displayName, description: displayName, deletedDateTime: null },
      'tenant',
    );
  },
  administrativeUnits: ({ cloud }, given) =>
    cloud.directory.add('administrativeUnits', { id: newId(), deletedDateTime: null, ...given }, 'caller'),
};

export function patchObject(request: GraphRequest, collection: Collection, object: JsonObject): Answer {
  const { cloud, call } = request;
  const { directory } = cloud;
  // azuread 3.7 does not repeat the PATCH of a service principal that it has just made: without this, no lag could pass.
  if (directory.isYoung(object) && collection !== 'servicePrincipals') {
    throw resourceNotFound(object.id);
  }
  const { id: _id, appId, ...given } = plain(call.json);
  if (appId !== undefined && appId !== object.appId) {
    throw badRequest('Property appId is read-only and cannot be set.');
  }
  if (collection === 'applications') {
    patchApplication(directory, object, given);
  }
  // A service principal shows what its application says of these.
  const ofApplication = collection === 'servicePrincipals' && directory.application(object.appId) !== undefined;
  for (const [name, value] of Object.entries(given)) {
    if (ofApplication && ['displayName', 'appRoles', 'oauth2PermissionScopes'].includes(name)) {
      continue;
    }
    object[name] = isObject(value) && isObject(object[name]) ? merge(object[name], value) : copy(value);
  }
  return answer(204);
}

function patchApplication(directory: Directory, application: JsonObject, given: JsonObject): void {
  checkIdentifierUris(directory, application, given.identifierUris);
  checkAppRoles(given.appRoles);
  checkKeyCredentials(given.keyCredentials, application.keyCredentials as JsonObject[]);
  delete given.passwordCredentials;
  for (const [before, after, what] of [
    [application.appRoles, given.appRoles, 'appRole'],
    [application.api.oauth2PermissionScopes, given.api?.oauth2PermissionScopes, 'scope'],
  ] as [JsonObject[], JsonObject[] | undefined, string][]) {
    const lost =
      after === undefined
        ? undefined
        : before.find((old) => old.isEnabled === true && !after.some(({ id }) => id === old.id));
    if (lost !== undefined) {
      throw badRequest(
        `Property value cannot be deleted unless it is disabled first. (${what} ${String(lost.value)})`,
        'CannotDeleteOrUpdateEnabledEntitlement',
      );
    }
  }
}

/** The default policy of tenants wants identifier URIs to say whose they are. */
function checkIdentifierUris(directory: Directory, application: JsonObject, uris: unknown): void {
  for (const uri of (uris ?? []) as string[]) {
    const taken = directory
      .list('applications')
      .some((other) => other.id !== application.id && (other.identifierUris as string[]).includes(uri));
    if (taken) {
      throw badRequest(`Another object with the same value for property identifierUris already exists. (${uri})`);
    }
    const known = (application.identifierUris as string[]).includes(uri);
    const owned = [application.appId as string, TENANT_ID, TENANT_DOMAIN].some((part) =>
      uri.toLowerCase().includes(part),
    );
    if (directory.settings().verifiedIdentifierUris && !known && !owned) {
      throw badRequest(
        `Failed to add identifier URI ${uri}. All newly added URIs must contain a tenant verified domain, tenant ID, or app ID, as per the default app management policy of your organization. See https://aka.ms/identifier-uri-formatting-error for more information on this error. (HostNameNotOnVerifiedDomain)`,
      );
    }
  }
}

function checkAppRoles(roles: unknown): void {
  const given = (roles ?? []) as JsonObject[];
  for (const property of ['id', 'value'] as const) {
    const values = given
      .map((role) => role[property] as string | null)
      .filter((value) => (value ?? undefined) !== undefined);
    if (new Set(values).size < values.length) {
      throw badRequest(
        `It contains duplicate value. Please Provide unique value. (appRoles ${property})`,
        'InvalidValue',
      );
    }
  }
  const wrong = given.find(
    ({ value }) =>
      value !== null &&
      value !== undefined &&
      (/\s/.test(String(value)) || String(value).startsWith('.') || String(value).length > 120),
  );
  if (wrong !== undefined) {
    throw badRequest(`Property appRoles.value is invalid: '${String(wrong.value)}'`, 'InvalidValue');
  }
}

const plain = (body: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(copy(body)).filter(([name]) => !name.includes('@odata')));

const boundIds = (body: JsonObject, relation: string): string[] =>
  ((body[`${relation}@odata.bind`] ?? []) as string[]).map((url) => url.split('/').pop()!);
