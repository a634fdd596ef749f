import { newId, randomText, TENANT_DOMAIN, TENANT_ID } from '../identifiers';
import { copy, JsonObject } from '../json';
import { AppRoleAssignment } from './app-role-assignments';
import { badRequest, collectionOf, Directory, isApplication, Origin, resourceNotFound } from './directory';

export function newApplication(directory: Directory, given: JsonObject, origin: Origin): JsonObject {
  const wanted = copy(given);
  return directory.add(
    'applications',
    {
      id: newId(),
      appId: newId(),
      deletedDateTime: null,
      applicationTemplateId: null,
      disabledByMicrosoftStatus: null,
      createdDateTime: directory.clock.iso(),
      displayName: null,
      description: null,
      groupMembershipClaims: null,
      identifierUris: [],
      isDeviceOnlyAuthSupported: null,
      isFallbackPublicClient: null,
      notes: null,
      publisherDomain: TENANT_DOMAIN,
      serviceManagementReference: null,
      signInAudience: 'AzureADMyOrg',
      tags: [],
      tokenEncryptionKeyId: null,
      samlMetadataUrl: null,
      defaultRedirectUri: null,
      certification: null,
      optionalClaims: null,
      servicePrincipalLockConfiguration: null,
      requestSignatureVerification: null,
      addIns: [],
      appRoles: [],
      keyCredentials: [],
      parentalControlSettings: { countriesBlockedForMinors: [], legalAgeGroupRule: 'Allow' },
      passwordCredentials: [],
      requiredResourceAccess: [],
      verifiedPublisher: { displayName: null, verifiedPublisherId: null, addedDateTime: null },
      ...wanted,
      publicClient: { redirectUris: [], ...wanted.publicClient },
      spa: { redirectUris: [], ...wanted.spa },
      api: {
        acceptMappedClaims: null,
        knownClientApplications: [],
        requestedAccessTokenVersion: null,
        oauth2PermissionScopes: [],
        preAuthorizedApplications: [],
        ...wanted.api,
      },
      info: {
        logoUrl: null,
        marketingUrl: null,
        privacyStatementUrl: null,
        supportUrl: null,
        termsOfServiceUrl: null,
        ...wanted.info,
      },
      web: {
        homePageUrl: null,
        logoutUrl: null,
        redirectUris: [],
        redirectUriSettings: [],
        ...wanted.web,
        implicitGrantSettings: {
          enableAccessTokenIssuance: false,
          enableIdTokenIssuance: false,
          ...wanted.web?.implicitGrantSettings,
        },
      },
    },
    origin,
  );
}

export function newServicePrincipal(directory: Directory, given: JsonObject, origin: Origin): JsonObject {
  return directory.add(
    'servicePrincipals',
    {
      id: newId(),
      deletedDateTime: null,
      accountEnabled: true,
      alternativeNames: [],
      appDisplayName: null,
      appDescription: null,
      appId: newId(),
      applicationTemplateId: null,
      appOwnerOrganizationId: TENANT_ID,
      appRoleAssignmentRequired: false,
      createdDateTime: directory.clock.iso(),
      description: null,
      disabledByMicrosoftStatus: null,
      displayName: null,
      homepage: null,
      loginUrl: null,
      logoutUrl: null,
      notes: null,
      notificationEmailAddresses: [],
      preferredSingleSignOnMode: null,
      preferredTokenSigningKeyThumbprint: null,
      replyUrls: [],
      servicePrincipalNames: [],
      servicePrincipalType: 'Application',
      signInAudience: 'AzureADMyOrg',
      tags: [],
      tokenEncryptionKeyId: null,
      samlSingleSignOnSettings: null,
      addIns: [],
      appRoles: [],
      info: {},
      keyCredentials: [],
      oauth2PermissionScopes: [],
      passwordCredentials: [],
      resourceSpecificApplicationPermissions: [],
      verifiedPublisher: {},
      ...copy(given),
    },
    origin,
  );
}

/** A service principal shows what its application says. */
export function viewServicePrincipal(directory: Directory, principal: JsonObject): JsonObject {
  const application = directory.application(principal.appId);
  if (application === undefined) {
    return principal;
  }
  const { web, spa, publicClient } = application;
  return {
    ...principal,
    appDisplayName: application.displayName,
    displayName: application.displayName,
    appDescription: application.description,
    appRoles: application.appRoles,
    oauth2PermissionScopes: application.api.oauth2PermissionScopes ?? [],
    signInAudience: application.signInAudience,
    replyUrls: [web, spa, publicClient].flatMap((part) => part?.redirectUris ?? []),
    homepage: web.homePageUrl,
    logoutUrl: web.logoutUrl,
    info: application.info,
    servicePrincipalNames: [
      ...new Set([...principal.servicePrincipalNames, application.appId, ...application.identifierUris]),
    ],
  };
}

export function view(directory: Directory, object: JsonObject): JsonObject {
  return collectionOf(object) === 'servicePrincipals' ? viewServicePrincipal(directory, object) : object;
}

/** What a resource's identity is in Entra. */
export function newManagedIdentity(
  directory: Directory,
  name: string,
  resourceId: string,
  explicit: boolean,
): JsonObject {
  return newServicePrincipal(
    directory,
    {
      displayName: name,
      servicePrincipalType: 'ManagedIdentity',
      alternativeNames: [`isExplicit=${explicit ? 'True' : 'False'}`, resourceId],
    },
    'identity',
  );
}

const DEFAULT_ACCESS = '00000000-0000-0000-0000-000000000000';

export function assignAppRole(
  directory: Directory,
  wanted: { readonly appRoleId: string; readonly principalId: string; readonly resourceId: string },
): AppRoleAssignment {
  const { appRoleId, principalId, resourceId } = wanted;
  const resource = directory.get('servicePrincipals', resourceId);
  const principal = directory.find(principalId);
  if (resource === undefined || directory.isYoung(resource)) {
    throw resourceNotFound(resourceId);
  }
  if (principal === undefined || directory.isYoung(principal)) {
    throw resourceNotFound(principalId);
  }
  if (isApplication(principal)) {
    throw badRequest('Not a valid reference update.');
  }
  const roles = viewServicePrincipal(directory, resource).appRoles as JsonObject[];
  if (appRoleId !== DEFAULT_ACCESS && !roles.some((role) => role.id === appRoleId && role.isEnabled !== false)) {
    throw badRequest('Permission being assigned was not found on application');
  }
  if (directory.appRoleAssignments.same(wanted) !== undefined) {
    throw badRequest('Permission being assigned already exists on the object');
  }
  const assignment = { id: randomText(32), appRoleId, principalId, resourceId, createdAt: directory.clock.now() };
  directory.appRoleAssignments.add(assignment);
  return assignment;
}

export function viewAppRoleAssignment(directory: Directory, assignment: AppRoleAssignment): JsonObject {
  const principal = view(directory, directory.find(assignment.principalId)!);
  const resource = view(directory, directory.find(assignment.resourceId)!);
  const kind = collectionOf(principal).replace(/s$/, '');
  return {
    id: assignment.id,
    deletedDateTime: null,
    appRoleId: assignment.appRoleId,
    createdDateTime: directory.clock.iso(assignment.createdAt),
    principalDisplayName: principal.displayName,
    principalId: assignment.principalId,
    principalType: kind.charAt(0).toUpperCase() + kind.slice(1),
    resourceDisplayName: resource.displayName,
    resourceId: assignment.resourceId,
  };
}
