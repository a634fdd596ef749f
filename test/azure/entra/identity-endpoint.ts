import { Cloud } from '../cloud';
import { answer, Answer, AzureError, Call } from '../http';
import { JsonObject } from '../json';
import { managedIdentityToken } from './login';
import { SignInError } from './sign-in-error';

/** The header that a process on App Service proves itself by. */
export const IDENTITY_HEADER = 'local-azure-identity-header';

/** Tokens of managed identities, as virtual machines (IMDS) and App Service ask for them. */
export function identityEndpoint(cloud: Cloud, call: Call): Answer {
  const onVirtualMachine = call.path === '/metadata/identity/oauth2/token';
  if (!onVirtualMachine && call.path !== '/msi/token') {
    throw new AzureError(404, 'not_found', `${call.path} was not found.`);
  }
  if (onVirtualMachine ? call.headers.metadata !== 'true' : call.headers['x-identity-header'] !== IDENTITY_HEADER) {
    throw new AzureError(400, 'bad_request_102', 'Required metadata header not specified');
  }
  const resource = call.query.get('resource');
  if (resource === null) {
    throw new AzureError(400, 'invalid_request', "Required query variable 'resource' is missing");
  }
  const principal = identityOf(cloud, call.query);
  if (principal === undefined) {
    throw new AzureError(400, 'invalid_request', 'Identity not found');
  }
  try {
    const { access_token, expires_in } = managedIdentityToken(cloud, principal, resource.replace(/\/\.default$/, ''));
    const expiresOn = cloud.clock.seconds() + (expires_in as number);
    return answer(200, {
      access_token,
      client_id: principal.appId,
      expires_in: String(expires_in),
      expires_on: String(expiresOn),
      not_before: String(cloud.clock.seconds()),
      resource,
      token_type: 'Bearer',
    });
  } catch (error) {
    if (error instanceof SignInError) {
      return error.answer(cloud.clock);
    }
    throw error;
  }
}

function identityOf({ directory }: Cloud, query: URLSearchParams): JsonObject | undefined {
  const identities = directory
    .list('servicePrincipals')
    .filter(({ servicePrincipalType }) => servicePrincipalType === 'ManagedIdentity');
  const wanted = {
    appId: query.get('client_id'),
    id: query.get('object_id') ?? query.get('principal_id'),
    resource: query.get('mi_res_id') ?? query.get('msi_res_id'),
  };
  if (wanted.appId !== null || wanted.id !== null || wanted.resource !== null) {
    return identities.find(
      ({ appId, id, alternativeNames }) =>
        appId === wanted.appId ||
        id === wanted.id ||
        (alternativeNames as string[]).some((name) => name.toLowerCase() === wanted.resource?.toLowerCase()),
    );
  }
  return identities.length === 1 ? identities[0] : undefined;
}
