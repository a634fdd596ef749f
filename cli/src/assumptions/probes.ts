import { createHash } from 'node:crypto';
import { AzureFailure } from '../azure/failure';
import { declaredProof } from '../entra/credential';
import { isRefusal, requestToken, rolesOf, type AccessToken } from '../entra/token';
import { list, property } from '../input/json';
import { urlOf, type ManifestApplication, type ManifestProduct } from '../manifest/manifest';
import { forgedTokens } from '../verify/forged';
import { callGateway, isAnswer, isRefused } from '../verify/gateway';
import { couldNotTell, doesNotHold, holds, over, type Probe, type Sandbox } from './probe';

const VERSION = 'api-version=2024-10-01-preview';
const READER = 'API Management Service Reader Role on the instance';
const TIMEOUT_MS = 30_000;
/** Template ids of directory roles. */
const ROLES: Readonly<Record<string, string>> = {
  '9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3': 'Application Administrator',
  '158c047a-c907-4556-b7ef-446551a6b5f7': 'Cloud Application Administrator',
};

interface TokenProduct {
  readonly name: string;
  readonly displayName: string;
  readonly applicationId?: string;
  readonly audience?: string;
}

async function tokenProducts({ arm, instanceId }: Sandbox): Promise<readonly TokenProduct[]> {
  const found: TokenProduct[] = [];
  const options = { doing: 'read the products of the instance', needs: READER };
  for await (const product of arm.list(`${instanceId}/products?${VERSION}`, options)) {
    const properties = property(product, 'properties');
    if (list(properties, 'authenticationType').includes('application-token')) {
      const entra = property(property(properties, 'application'), 'entra');
      const [applicationId, audience] = [property(entra, 'applicationId'), property(entra, 'audience')];
      found.push({
        name: String(product.name),
        displayName: String(property(properties, 'displayName')),
        ...(typeof applicationId === 'string' ? { applicationId } : {}),
        ...(typeof audience === 'string' ? { audience } : {}),
      });
    }
  }
  return found;
}

/** Products that API Management registered itself, by the manifest. */
async function managedProducts(sandbox: Sandbox): Promise<readonly TokenProduct[]> {
  const managed = new Set(
    sandbox.applications.flatMap(({ products }) =>
      products.filter(({ authorization }) => authorization === 'apimManaged').map(({ id }) => id),
    ),
  );
  return (await tokenProducts(sandbox)).filter(({ name }) => managed.has(name));
}

const NO_PRODUCT = 'no product of the manifest with apimManaged() is on the instance';

export const registrationFilledIn: Probe = async (sandbox) =>
  over(
    (await managedProducts(sandbox)).map(
      ({ applicationId, audience }) => applicationId !== undefined && audience !== undefined,
    ),
    (right, all) => `${right} of ${all} products have an application id and an audience`,
    NO_PRODUCT,
  );

export const audienceIsApplicationId: Probe = async (sandbox) =>
  over(
    (await managedProducts(sandbox))
      .filter(({ audience }) => audience !== undefined)
      .map(({ applicationId, audience }) => audience === `api://${applicationId ?? ''}`),
    (right, all) => `${right} of ${all} audiences are api://<application id>`,
    `${NO_PRODUCT}, or none has an audience`,
  );

export const registrationNames: Probe = async (sandbox) => {
  const products = (await managedProducts(sandbox)).filter(({ applicationId }) => applicationId !== undefined);
  const cases: boolean[] = [];
  for (const { displayName, name, applicationId } of products) {
    const registration = await sandbox.graph.find(`/v1.0/applications(appId='${applicationId ?? ''}')`, {
      doing: 'read the registrations of products',
      needs: 'Application.Read.All (or Directory Readers)',
    });
    const roles = list(registration, 'appRoles').map((role) => property(role, 'value'));
    const compact = displayName.replaceAll(' ', '');
    const matches = [displayName, compact, name].some(
      (known) =>
        property(registration, 'displayName') === `APIMProductApplication${known}` &&
        roles.includes(`Product.${known}.All`),
    );
    cases.push(matches);
  }
  return over(cases, (right, all) => `${right} of ${all} registrations have the documented name and role`, NO_PRODUCT);
};

async function rolesOfIdentity(graph: Sandbox['graph'], principalId: string): Promise<readonly string[]> {
  const held: string[] = [];
  const filter = encodeURIComponent(`principalId eq '${principalId}'`);
  const options = { doing: 'read directory roles', needs: 'RoleManagement.Read.Directory (or Directory Readers)' };
  for await (const { roleDefinitionId } of graph.list(
    `/v1.0/roleManagement/directory/roleAssignments?$filter=${filter}`,
    options,
  )) {
    held.push(ROLES[String(roleDefinitionId)] ?? 'another role');
  }
  return held;
}

export const identityRole: Probe = async (sandbox) => {
  const { arm, graph, instanceId } = sandbox;
  if ((await managedProducts(sandbox)).length === 0) {
    return couldNotTell(NO_PRODUCT);
  }
  const instance = await arm.call(`${instanceId}?${VERSION}`, { doing: 'read the instance', needs: READER });
  const principalId = property(property(instance, 'identity'), 'principalId');
  if (typeof principalId !== 'string') {
    return couldNotTell('the instance has no system-assigned identity');
  }
  const held = await rolesOfIdentity(graph, principalId);
  return held.some((role) => role !== 'another role')
    ? couldNotTell(`the identity has ${held.join(', ')}, so it is unknown what happens without the role`)
    : doesNotHold(
        `the identity has ${held.length === 0 ? 'no directory role' : held.join(', ')}, and the instance works`,
      );
};

/** An application of the manifest with a product that can be called, and the token for it. */
async function callable(
  { applications, context }: Sandbox,
  isWanted: (product: ManifestProduct) => boolean,
): Promise<{ readonly url: string; readonly token: AccessToken } | undefined> {
  for (const application of applications) {
    for (const product of application.products.filter(isWanted)) {
      const url = urlOf(product);
      const token = url === undefined ? undefined : await tokenOf(application, product.scope, context);
      if (url !== undefined && token !== undefined) {
        return { url, token };
      }
    }
  }
  return undefined;
}

async function tokenOf(
  application: ManifestApplication,
  scope: string,
  context: Sandbox['context'],
): Promise<AccessToken | undefined> {
  const { tokenEndpoint, clientId, credentials } = application;
  const proof = await declaredProof(credentials, application, context);
  const answer = await requestToken(context.http, { tokenEndpoint, clientId, scope, proof });
  return isRefusal(answer) ? undefined : answer;
}

export const gatewayChecksToken: Probe = async (sandbox) => {
  const found = await callable(
    sandbox,
    ({ authorization }) => authorization !== undefined && authorization !== 'gatewayPolicy',
  );
  if (found === undefined) {
    return couldNotTell('no product of apimManaged() or entraApplication() has a path and an application with a token');
  }
  const { url, token } = found;
  const { http } = sandbox.context;
  const statusOf = async (headers: Readonly<Record<string, string>>): Promise<number | undefined> => {
    const call = await callGateway(http, url, headers, TIMEOUT_MS);
    return isAnswer(call) ? call.status : undefined;
  };
  const right = await statusOf({ authorization: `Bearer ${token.token}` });
  const wrong = [await statusOf({})];
  for (const { token: forged } of await forgedTokens(token)) {
    wrong.push(await statusOf({ authorization: `Bearer ${forged}` }));
  }
  const seen = `the token with ${rolesOf(token.claims).length} roles was answered ${right ?? 'not at all'}, none and two forged ones ${wrong.map((status) => status ?? 'not at all').join(', ')}`;
  if (right === undefined || wrong.includes(undefined) || right === 404) {
    return couldNotTell(seen);
  }
  const isEnforced = ![401, 403].includes(right) && wrong.every((status) => status === 401 || status === 403);
  return isEnforced ? holds(seen) : doesNotHold(seen);
};

export const keyOnPolicyProduct: Probe = async ({ applications, context, subscriptionKey }) => {
  const product = applications
    .flatMap(({ products }) => products)
    .find(
      ({ authorization, acceptsSubscriptionKey, path }) =>
        authorization === 'gatewayPolicy' && acceptsSubscriptionKey === true && path !== undefined,
    );
  if (product === undefined || subscriptionKey === undefined) {
    return couldNotTell(
      product === undefined
        ? 'no gatewayPolicy() product of the manifest accepts keys and has a path'
        : 'no key was given; give --subscription-key-env',
    );
  }
  const call = await callGateway(
    context.http,
    urlOf(product) ?? '',
    { 'ocp-apim-subscription-key': subscriptionKey },
    TIMEOUT_MS,
  );
  if (!isAnswer(call)) {
    return couldNotTell('the gateway did not answer');
  }
  return isRefused(call)
    ? doesNotHold(`a key was answered ${call.status}`)
    : holds(`a key was answered ${call.status}`);
};

interface TwoSecrets {
  readonly first: string;
  readonly second: string;
  readonly clientId: string;
}

/** Calls listSecrets twice, on the first client application that a manifest names. */
async function twoSecrets({ arm, instanceId, applications }: Sandbox): Promise<TwoSecrets | undefined> {
  const clientIds = applications.map(({ clientId }) => clientId);
  const options = { doing: 'read the client applications', needs: READER };
  for await (const client of arm.list(`${instanceId}/clientApplications?${VERSION}`, options)) {
    const clientId = property(property(client, 'properties'), 'entraApplicationId');
    if (typeof clientId === 'string' && clientIds.includes(clientId) && typeof client.id === 'string') {
      const [first, second] = [await secret(arm, client.id), await secret(arm, client.id)];
      return { first, second, clientId };
    }
  }
  return undefined;
}

async function secret(arm: Sandbox['arm'], id: string): Promise<string> {
  const answer = await arm.call(`${id}/listSecrets?${VERSION}`, {
    method: 'POST',
    doing: 'make a secret of a client application',
    needs: 'API Management Service Contributor on the instance',
  });
  const text = property(property(answer, 'entra'), 'clientSecret');
  if (typeof text !== 'string') {
    throw new AzureFailure('broken-off', 'listSecrets returned no secret; try again');
  }
  return text;
}

const NO_CLIENT = 'no client application of the manifest is on the instance';

export const secretIsNewEachTime: Probe = async (sandbox) => {
  const found = await twoSecrets(sandbox);
  if (found === undefined) {
    return couldNotTell(NO_CLIENT);
  }
  const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
  return digest(found.first) === digest(found.second)
    ? doesNotHold('two calls of listSecrets returned the same secret')
    : holds('two calls of listSecrets returned different secrets');
};

export const formerSecretEnds: Probe = async (sandbox) => {
  const found = await twoSecrets(sandbox);
  if (found === undefined || found.first === found.second) {
    return couldNotTell(found === undefined ? NO_CLIENT : 'listSecrets returns the same secret');
  }
  const application = sandbox.applications.find(({ clientId }) => clientId === found.clientId);
  const [product] = application?.products ?? [];
  if (application === undefined || product === undefined) {
    return couldNotTell('the application has no product to ask a token for');
  }
  const ask = (text: string) =>
    requestToken(sandbox.context.http, {
      tokenEndpoint: application.tokenEndpoint,
      clientId: application.clientId,
      scope: product.scope,
      proof: { kind: 'secret', secret: text },
    });
  const [second, first] = [await ask(found.second), await ask(found.first)];
  if (isRefusal(second)) {
    return couldNotTell('the second secret gives no token yet either; try again in some minutes');
  }
  return isRefusal(first)
    ? holds(`the first of two secrets is refused (AADSTS${first.code ?? 'unknown'}), the second gives a token`)
    : doesNotHold('both of two secrets give a token');
};

export const apiInSeveralProducts: Probe = async ({ arm, instanceId }) => {
  const products = new Map<string, number>();
  const options = { doing: 'read the products of the instance', needs: READER };
  for await (const product of arm.list(`${instanceId}/products?${VERSION}`, options)) {
    const types = list(property(product, 'properties'), 'authenticationType');
    if (types.length === 1 && types[0] === 'application-token') {
      for await (const api of arm.list(`${instanceId}/products/${String(product.name)}/apis?${VERSION}`, options)) {
        products.set(String(api.name), (products.get(String(api.name)) ?? 0) + 1);
      }
    }
  }
  const most = Math.max(0, ...products.values());
  return most > 1
    ? holds(`an API is in ${most} products that accept only tokens`)
    : couldNotTell('no API is in two products that accept only tokens');
};

export const keysOnlyForgetsRegistration: Probe = async ({ arm, instanceId }) => {
  let [keysOnly, naming] = [0, 0];
  const options = { doing: 'read the products of the instance', needs: READER };
  for await (const { properties } of arm.list(`${instanceId}/products?${VERSION}`, options)) {
    if (!list(properties, 'authenticationType').includes('application-token')) {
      keysOnly += 1;
      const applicationId = property(property(property(properties, 'application'), 'entra'), 'applicationId');
      naming += typeof applicationId === 'string' ? 1 : 0;
    }
  }
  return naming > 0
    ? doesNotHold(`${naming} of ${keysOnly} products that accept only keys name a registration`)
    : couldNotTell(
        `none of ${keysOnly} products that accept only keys names a registration; it is unknown whether one had one before`,
      );
};

/** As in lib/azapi/replication-delays.ts, which a test compares. */
export const RETRIED_TEXTS = ['Application Administrator', 'Insufficient privileges', 'Authorization_RequestDenied'];

export const missingRoleText: Probe = async ({ arm, graph, instanceId }) => {
  const instance = await arm.call(`${instanceId}?${VERSION}`, { doing: 'read the instance', needs: READER });
  const principalId = property(property(instance, 'identity'), 'principalId');
  const held = typeof principalId === 'string' ? await rolesOfIdentity(graph, principalId) : [];
  if (typeof principalId !== 'string' || held.length > 0) {
    return couldNotTell('the identity of the instance has a directory role, or the instance has no identity');
  }
  const product = `${instanceId}/products/apim-oauth-probe?${VERSION}`;
  const options = { doing: 'create a product', needs: 'API Management Service Contributor on the instance' };
  if ((await arm.find(product, options)) !== undefined) {
    return couldNotTell('there is a product apim-oauth-probe already');
  }
  const properties = {
    displayName: 'apim-oauth-probe',
    state: 'notPublished',
    authenticationType: ['application-token'],
  };
  const answer = await arm.send(product, { ...options, method: 'PUT', body: { properties } });
  if (answer.status < 300) {
    await arm.call(`${product}&deleteSubscriptions=true`, {
      ...options,
      method: 'DELETE',
      headers: { 'if-match': '*' },
    });
    return doesNotHold('a product with application based access was created without the role');
  }
  const known = RETRIED_TEXTS.find((text) => answer.text.includes(text));
  return known === undefined
    ? doesNotHold(`the refusal (${answer.status}) has none of the texts that are retried`)
    : holds(`the refusal (${answer.status}) has the text ${known}`);
};
