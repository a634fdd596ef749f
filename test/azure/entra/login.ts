import { Cloud } from '../cloud';
import { answer, Answer, AzureError, Call, segmentsOf } from '../http';
import { DEPLOYER, MICROSOFT_GRAPH, randomText, TENANT_DOMAIN, TENANT_ID, TENANT_NAME } from '../identifiers';
import { JsonObject } from '../json';
import { authenticate, AuthenticationClass } from './client-authentication';
import type { Directory } from './directory';
import { publicJwk, signToken } from './jwt';
import { viewServicePrincipal } from './registrations';
import { SignInError } from './sign-in-error';

export const SIGNING_KEY_ID = 'local-azure-1';

/** What Microsoft's own services are asked for. They have no registration in the tenant that anybody needs to see. */
const MICROSOFT_RESOURCES =
  /^https:\/\/(management\.(core\.windows\.net|azure\.com|core\.usgovcloudapi\.net|usgovcloudapi\.net|core\.chinacloudapi\.cn|chinacloudapi\.cn)|(.+\.)?vault\.(azure\.net|usgovcloudapi\.net|azure\.cn)|(.+\.)?managedhsm\.azure\.net|storage\.azure\.com|api\.loganalytics\.io|.+\.core\.windows\.net)$/i;
/** What managed identities ask a token for, to sign in as an application that trusts them. */
const TOKEN_EXCHANGE = /^api:\/\/AzureADTokenExchange(USGov|China)?$/;
const GRAPH_RESOURCES =
  /^https:\/\/(graph\.microsoft\.(com|us)|microsoftgraph\.chinacloudapi\.cn|graph\.windows\.net)$/i;

/** Entra's sign-in service. */
export function login(cloud: Cloud, call: Call): Answer {
  const [tenant, ...rest] = segmentsOf(call.path);
  const path = rest.join('/');
  const authority = `https://${call.host}/${tenant}`;
  if (path === 'discovery/instance' || call.path.endsWith('/discovery/instance')) {
    return answer(200, {
      tenant_discovery_endpoint: `https://${call.host}/${TENANT_ID}/v2.0/.well-known/openid-configuration`,
      'api-version': '1.1',
      metadata: [{ preferred_network: call.host, preferred_cache: call.host, aliases: [call.host] }],
    });
  }
  try {
    if (/^(v2\.0\/)?\.well-known\/openid-configuration$/.test(path)) {
      checkTenant(tenant);
      return answer(200, openIdConfiguration(authority, path.startsWith('v2.0')));
    }
    if (/^discovery\/(v2\.0\/)?keys$/.test(path)) {
      return answer(200, { keys: [publicJwk(cloud.signingKeys.publicKey, SIGNING_KEY_ID)] });
    }
    if (/^oauth2\/(v2\.0\/)?token$/.test(path) && call.method === 'POST') {
      return answer(200, token(cloud, tenant, call), { 'Cache-Control': 'no-store' });
    }
  } catch (error) {
    if (error instanceof SignInError) {
      return error.answer(cloud.clock);
    }
    throw error;
  }
  throw new AzureError(404, 'not_found', `${call.path} was not found.`);
}

function openIdConfiguration(authority: string, v2: boolean): JsonObject {
  const version = v2 ? '/v2.0' : '';
  return {
    token_endpoint: `${authority}/oauth2${version}/token`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
    jwks_uri: `${authority}/discovery${version}/keys`,
    response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    issuer: issuerOf(v2),
    authorization_endpoint: `${authority}/oauth2${version}/authorize`,
    tenant_region_scope: 'EU',
    cloud_instance_name: 'microsoftonline.com',
  };
}

function checkTenant(tenant: string): void {
  if ([TENANT_ID, TENANT_DOMAIN].includes(tenant.toLowerCase())) {
    return;
  }
  if (['common', 'organizations', 'consumers'].includes(tenant)) {
    throw new SignInError(
      50194,
      `Application is not configured as a multi-tenant application. Usage of the /${tenant} endpoint is not supported for such apps. Use a tenant-specific endpoint or configure the application to be multi-tenant.`,
    );
  }
  if (!/^[0-9a-f-]{36}$/i.test(tenant) && !tenant.includes('.')) {
    throw new SignInError(
      900023,
      `Specified tenant identifier '${tenant}' is neither a valid DNS name, nor a valid external domain.`,
    );
  }
  throw new SignInError(
    90002,
    `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.`,
  );
}

function token(cloud: Cloud, tenant: string, call: Call): JsonObject {
  const form = new URLSearchParams(call.text);
  const basic = basicCredentials(call);
  const clientId = form.get('client_id') ?? basic?.name;
  const secret = form.get('client_secret') ?? basic?.password;
  checkTenant(tenant);
  for (const [name, value] of [
    ['grant_type', form.get('grant_type')],
    ['client_id', clientId],
  ]) {
    if (!value) {
      throw new SignInError(900144, `The request body must contain the following parameter: '${name}'.`);
    }
  }
  if (form.get('grant_type') !== 'client_credentials') {
    throw new SignInError(70003, `The app requested an unsupported grant type '${form.get('grant_type')}'.`);
  }
  const resource = requestedResource(form);
  const application = cloud.directory.application(clientId!);
  if (application === undefined) {
    throw new SignInError(
      700016,
      `Application with identifier '${clientId}' was not found in the directory '${TENANT_NAME}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.`,
    );
  }
  const authentication = authenticate(cloud, application, {
    secret: secret ?? undefined,
    assertion: form.get('client_assertion') ?? undefined,
  });
  return tokenResponse(cloud, signedInPrincipal(cloud, application), resource, authentication);
}

/** The service principal of a client that has proved who it is. */
function signedInPrincipal(cloud: Cloud, application: JsonObject): JsonObject {
  const principal = cloud.directory.servicePrincipal(application.appId);
  if (principal === undefined || isNotReplicated(cloud, principal)) {
    throw new SignInError(
      7000229,
      `The client application ${application.appId} is missing service principal in the tenant ${TENANT_ID}. See instructions here: https://go.microsoft.com/fwlink/?linkid=2225119`,
    );
  }
  if (principal.accountEnabled === false) {
    throw new SignInError(7000112, `Application '${application.appId}'(${application.displayName}) is disabled.`);
  }
  if (cloud.settings.blockedClients.includes(application.appId)) {
    throw new SignInError(
      53003,
      'Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.',
    );
  }
  return principal;
}

/** A token for a managed identity, which needs no credential. */
export function managedIdentityToken(cloud: Cloud, principal: JsonObject, resource: string): JsonObject {
  return tokenResponse(cloud, principal, resource.replace(/\/+$/, ''), '2');
}

function tokenResponse(
  cloud: Cloud,
  principal: JsonObject,
  resource: string,
  authentication: AuthenticationClass,
): JsonObject {
  const { directory, clock, settings } = cloud;
  const target = resourcePrincipal(cloud, resource);
  if (target === undefined && !MICROSOFT_RESOURCES.test(resource) && !TOKEN_EXCHANGE.test(resource)) {
    throw new SignInError(
      500011,
      `The resource principal named ${resource} was not found in the tenant named ${TENANT_NAME}. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant.`,
    );
  }
  const assignments = directory.appRoleAssignments
    .of('principalId', principal.id as string)
    .filter(
      (assignment) =>
        assignment.resourceId === target?.id &&
        (assignment.seeded === true || clock.now() - assignment.createdAt >= settings.assignmentLag),
    );
  if (target?.appRoleAssignmentRequired === true && assignments.length === 0) {
    throw new SignInError(
      501051,
      `Application '${principal.appId}'(${principal.displayName}) is not assigned to a role for the application '${target.appId}'(${target.displayName}).`,
    );
  }
  const roles = assignments.flatMap((assignment) => {
    const role = (target!.appRoles as JsonObject[]).find(
      ({ id, isEnabled }) => id === assignment.appRoleId && isEnabled !== false,
    );
    return role?.value ? [role.value as string] : [];
  });
  const now = clock.seconds();
  const isExchange = TOKEN_EXCHANGE.test(resource);
  const v2 =
    isExchange || (target !== undefined && directory.application(target.appId)?.api.requestedAccessTokenVersion === 2);
  const claims: JsonObject = {
    aud: v2 && !isExchange ? target!.appId : resource,
    iss: issuerOf(v2),
    iat: now,
    nbf: now,
    exp: now + settings.tokenLifetime,
    aio: randomText(24),
    ...(v2
      ? { azp: principal.appId, azpacr: authentication }
      : { appid: principal.appId, appidacr: authentication, idp: issuerOf(false) }),
    oid: principal.id,
    rh: `0.${randomText(18)}`,
    ...(roles.length === 0 ? {} : { roles }),
    sub: principal.id,
    tid: TENANT_ID,
    uti: randomText(16),
    ver: v2 ? '2.0' : '1.0',
  };
  return {
    token_type: 'Bearer',
    expires_in: settings.tokenLifetime,
    ext_expires_in: settings.tokenLifetime,
    access_token: signToken({ kid: SIGNING_KEY_ID, x5t: SIGNING_KEY_ID }, claims, cloud.signingKeys.privateKey),
  };
}

function resourcePrincipal(cloud: Cloud, resource: string): JsonObject | undefined {
  const { directory } = cloud;
  if (GRAPH_RESOURCES.test(resource)) {
    return directory.servicePrincipal(MICROSOFT_GRAPH);
  }
  const found =
    directory.servicePrincipal(resource) ??
    ofIdentifierUri(directory, resource) ??
    directory
      .list('servicePrincipals')
      .find(({ servicePrincipalNames }) =>
        withSlash(resource).some((name) => (servicePrincipalNames as string[]).includes(name)),
      );
  return found === undefined || isNotReplicated(cloud, found) ? undefined : viewServicePrincipal(directory, found);
}

function ofIdentifierUri(directory: Directory, resource: string): JsonObject | undefined {
  const claims = ({ identifierUris }: JsonObject): boolean =>
    withSlash(resource).some((uri) => (identifierUris as string[]).includes(uri));
  const named = directory.application(resource.replace(/^api:\/\//i, ''));
  const application = named !== undefined && claims(named) ? named : directory.list('applications').find(claims);
  return application === undefined ? undefined : directory.servicePrincipal(application.appId);
}

const withSlash = (resource: string): readonly string[] => [resource, `${resource}/`];

function isNotReplicated({ directory, settings }: Cloud, principal: JsonObject): boolean {
  const { id } = principal as { id: string };
  return directory.originOf(id) !== 'seed' && directory.ageOf(id) < settings.servicePrincipalLag;
}

/** What a token is asked for: `scope` of v2, `resource` of v1. */
function requestedResource(form: URLSearchParams): string {
  const resource = form.get('resource');
  const scope = form.get('scope');
  if (resource !== null && scope === null) {
    return resource.replace(/\/+$/, '');
  }
  if (!scope) {
    throw new SignInError(900144, "The request body must contain the following parameter: 'scope'.");
  }
  const scopes = scope
    .split(' ')
    .filter((part) => !['openid', 'offline_access', 'profile', 'email', ''].includes(part));
  if (scopes.length !== 1 || !scopes[0].endsWith('/.default')) {
    throw new SignInError(
      1002012,
      `The provided value for scope ${scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`,
    );
  }
  return scopes[0].slice(0, -'/.default'.length).replace(/\/+$/, '');
}

function basicCredentials(call: Call): { name: string; password: string } | undefined {
  const encoded = /^basic (.+)$/i.exec(call.headers.authorization ?? '')?.[1];
  if (encoded === undefined) {
    return undefined;
  }
  const [name, ...password] = Buffer.from(encoded, 'base64').toString().split(':');
  return { name: decodeURIComponent(name), password: decodeURIComponent(password.join(':')) };
}

export function issuerOf(v2: boolean): string {
  return v2 ? `https://login.microsoftonline.com/${TENANT_ID}/v2.0` : `https://sts.windows.net/${TENANT_ID}/`;
}

/** Whether a token may be used at one of Microsoft's own services. */
export function isAudience(audience: unknown, service: 'arm' | 'graph' | 'vault'): boolean {
  const host = String(audience).replace(/\/+$/, '');
  switch (service) {
    case 'graph':
      return GRAPH_RESOURCES.test(host) || host === MICROSOFT_GRAPH;
    case 'arm':
      return /^https:\/\/management\./i.test(host) && MICROSOFT_RESOURCES.test(host);
    case 'vault':
      return /vault\.(azure\.net|usgovcloudapi\.net|azure\.cn)$/i.test(host);
  }
}

export const isDeployer = (objectId: unknown): boolean => objectId === DEPLOYER.objectId;
