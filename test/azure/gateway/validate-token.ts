import { claimsOf } from '../entra/validation';
import { TENANT_ID } from '../identifiers';
import { JsonObject } from '../json';
import { GatewayDictionary, GatewayObject, textOf as textOfValue } from './evaluate';
import { elementsIn, PolicyElement, textOf } from './policy-document';
import { RequestContext } from './request-context';
import { attribute, PolicyError, refuse, valueOf } from './run-policies';

/** `validate-azure-ad-token`: a token of the tenant, for an audience, of a client, with claims. */
export function validateAzureAdToken(context: RequestContext, element: PolicyElement): void {
  const tenant = attribute(context, element, 'tenant-id');
  if (tenant !== undefined && ![TENANT_ID, 'organizations', 'common'].includes(tenant)) {
    fail(context, element);
  }
  const claims = tokenOf(context, element, 'Authorization');
  demandOneOf(context, element, 'audiences', 'audience', [claims.aud as string]);
  demandOneOf(context, element, 'client-application-ids', 'application-id', [(claims.appid ?? claims.azp) as string]);
  demandClaims(context, element, claims);
  keep(context, element, claims);
}

/** `validate-jwt` with the keys of the tenant. */
export function validateJwt(context: RequestContext, element: PolicyElement): void {
  for (const config of elementsIn(element, 'openid-config')) {
    const url = config.attributes.url ?? '';
    if (
      !new RegExp(
        `^https://login\\.microsoftonline\\.com/${TENANT_ID}/(v2\\.0/)?\\.well-known/openid-configuration$`,
      ).test(url)
    ) {
      throw new PolicyError(`validate-jwt: no OpenID configuration is known at ${url}`);
    }
  }
  if (elementsIn(element, 'openid-config').length === 0) {
    throw new PolicyError('validate-jwt: only keys from an openid-config are known here');
  }
  const claims = tokenOf(context, element, attribute(context, element, 'header-name') ?? 'Authorization');
  demandOneOf(context, element, 'audiences', 'audience', [claims.aud as string]);
  demandOneOf(context, element, 'issuers', 'issuer', [claims.iss as string]);
  demandClaims(context, element, claims);
  keep(context, element, claims);
}

function tokenOf(context: RequestContext, element: PolicyElement, defaultHeader: string): JsonObject {
  const header = attribute(context, element, 'header-name') ?? defaultHeader;
  const scheme = attribute(context, element, 'require-scheme');
  const value = context.headers.get(header.toLowerCase()) ?? '';
  const [, found, token] = /^(?:(\S+)\s+)?(\S+)$/.exec(value) ?? [];
  if (token === undefined || (scheme !== undefined && found?.toLowerCase() !== scheme.toLowerCase())) {
    fail(context, element);
  }
  const claims = claimsOf(context.cloud, token);
  return typeof claims === 'string' ? fail(context, element) : claims;
}

/** Where the policy lists values, one of them must be there. */
function demandOneOf(
  context: RequestContext,
  element: PolicyElement,
  list: string,
  entry: string,
  actual: readonly string[],
): void {
  const container = elementsIn(element, list)[0];
  if (container === undefined) {
    return;
  }
  const allowed = values(context, container, entry);
  if (!actual.some((value) => allowed.includes(value))) {
    fail(context, element);
  }
}

function demandClaims(context: RequestContext, element: PolicyElement, claims: JsonObject): void {
  for (const claim of elementsIn(elementsIn(element, 'required-claims')[0], 'claim')) {
    const expected = values(context, claim, 'value');
    const separator = claim.attributes.separator;
    const given = [claims[claim.attributes.name ?? '']]
      .flat()
      .filter((value) => value !== undefined)
      .map(String);
    const actual = separator === undefined ? given : given.flatMap((value) => value.split(separator));
    const met = (value: string): boolean => actual.includes(value);
    const holds =
      expected.length === 0
        ? actual.length > 0
        : claim.attributes.match === 'any'
          ? expected.some(met)
          : expected.every(met);
    if (!holds) {
      fail(context, element);
    }
  }
}

const values = (context: RequestContext, container: PolicyElement, entry: string): string[] =>
  elementsIn(container, entry).map((value) => textOfValue(valueOf(context, textOf(value))));

function fail(context: RequestContext, element: PolicyElement): never {
  return refuse(
    Number(attribute(context, element, 'failed-validation-httpcode') ?? 401),
    attribute(context, element, 'failed-validation-error-message') ?? 'Unauthorized',
  );
}

function keep(context: RequestContext, element: PolicyElement, claims: JsonObject): void {
  const name = attribute(context, element, 'output-token-variable-name');
  if (name !== undefined) {
    context.variables.set(name, jwt(claims));
  }
}

/** A `Jwt` of expressions. */
function jwt(claims: JsonObject): GatewayObject {
  const text = (key: string): string | undefined =>
    claims[key] === undefined ? undefined : [claims[key]].flat().map(String).join(',');
  const dictionary = new GatewayDictionary(text, () => Object.keys(claims));
  return {
    members: {
      Claims: {
        members: dictionary.members,
        // By index a claim is the list of its values.
        index: (key: unknown) => [dictionary.index(key) && claims[String(key)]].flat(),
      },
      Issuer: claims.iss,
      Subject: claims.sub,
      Audiences: [claims.aud].flat(),
      Id: claims.uti ?? null,
    },
  };
}
