import { explained } from '../entra/aadsts';
import {
  clockClause,
  refusalClause,
  refusalRemedy,
  rolesOf,
  type AccessToken,
  type TokenRefusal,
} from '../entra/token';
import type { ManifestProduct } from '../manifest/manifest';
import { clean } from '../message';
import type { GatewayAnswer } from './gateway';
import type { CheckName, Reason } from './model';

export function noToken(refusal: TokenRefusal, clock: string | undefined): Reason {
  const missing = refusal.code === undefined ? undefined : explained(refusal.code)?.missing;
  return {
    cameBack: refusalClause(refusal),
    because: [
      missing === undefined ? 'Entra gives the application no token' : `missing is: ${missing}`,
      ...(clock === undefined ? [] : [clock]),
    ].join(', and '),
    remedy: refusalRemedy(refusal),
    ...(refusal.code === undefined ? {} : { aadsts: refusal.code }),
  };
}

export function cameBack({ status, wwwAuthenticate, isPage }: GatewayAnswer): string {
  const details = [
    ...(wwwAuthenticate === undefined ? [] : [`WWW-Authenticate: ${wwwAuthenticate}`]),
    ...(isPage ? ['a web page'] : []),
  ];
  return `the gateway answered ${status}${details.length === 0 ? '' : ` (${details.join(', ')})`}`;
}

/** Why a gateway refuses a token that Entra gave for the product. */
export function refusedToken(
  answer: GatewayAnswer,
  { claims }: AccessToken,
  product: ManifestProduct,
  clockAhead: number | undefined,
): Reason {
  const came = cameBack(answer);
  const roles = rolesOf(claims);
  const audience = product.scope.replace(/\/\.default$/, '');
  const id = audience.replace(/^api:\/\//, '');
  const clock = clockClause(clockAhead, new URL(product.gatewayUrl).host);
  if (clock !== undefined && !isTimely(claims, clockAhead ?? 0)) {
    return { cameBack: came, because: `the token is outside of its lifetime there: ${clock}`, remedy: 'set the clock' };
  }
  if (claims.aud !== audience && claims.aud !== id) {
    return {
      cameBack: came,
      because: `the token is for audience ${clean(String(claims.aud))}, and the product takes ${audience}`,
      remedy: 'apply the stack that declares the product, then write the manifest again',
    };
  }
  if (roles.length === 0) {
    return {
      cameBack: came,
      because: 'the token has no role: the role assignment is missing, or Entra has not replicated it yet',
      remedy: 'grant the product to the application and apply; after an apply give --wait 300',
    };
  }
  if (product.appRoleValue !== undefined && !roles.includes(product.appRoleValue)) {
    return {
      cameBack: came,
      because: `the token has role ${roles.map(clean).join(', ')}, and the product takes ${product.appRoleValue}`,
      remedy: 'compare the app role of the registration with the one that is declared',
    };
  }
  if (/AzureApiManagementKey|subscription key/i.test(`${answer.wwwAuthenticate ?? ''} ${answer.message ?? ''}`)) {
    return {
      cameBack: came,
      because:
        'the gateway asks for a subscription key: application based access is off for the product, or its API is not in it',
      remedy:
        'apply the stack that declares the product; something else that writes the product may have switched it off',
    };
  }
  if (answer.isPage || (answer.wwwAuthenticate === undefined && answer.message === undefined)) {
    return {
      cameBack: came,
      because:
        'this is not how API Management refuses: the backend, or something in front of the gateway, may refuse the call',
      remedy: 'try the path of the product with a key of the administrator, and check the backend',
    };
  }
  return {
    cameBack: came,
    because: 'audience and role of the token are right, so the product, a policy or a delay of the gateway refuses it',
    remedy: 'check the policies of the product and that it is published; after an apply give --wait 300',
  };
}

function isTimely({ nbf, exp }: AccessToken['claims'], clockAhead: number): boolean {
  const there = Date.now() / 1000 - clockAhead;
  return !(typeof nbf === 'number' && nbf > there) && !(typeof exp === 'number' && exp < there);
}

const LET_IN: Readonly<Record<Exclude<CheckName, 'granted'>, readonly [string, string]>> = {
  'no-token': [
    'it accepted a call without token or key: the product or its API is open',
    'apply the stack that declares the product, and look for another product or API setting that opens the same path',
  ],
  'garbled-token': [
    'it accepted a call with a text that is not a token: nothing validates it',
    'apply the stack that declares the product, and check that its policy validates tokens',
  ],
  'forged-token': [
    'it accepted a token that Entra did not sign: signatures are not checked',
    'check that the policy validates tokens with the keys of the tenant',
  ],
  'other-product': [
    'it accepted a token for another product: audience and role are not checked, or the same path is in both products',
    'check the audience and the role that the policy demands, and whether both products contain the API',
  ],
  'not-granted': [
    'it accepted an application that was not granted the product: the role is not checked, or somebody granted it elsewhere',
    'look for a role assignment outside of this stack, and check the role that the policy demands',
  ],
  'subscription-key': [
    'it accepted a call with a subscription key, and the product is declared to refuse keys',
    'apply the stack that declares the product; something else that writes the product may have switched keys on',
  ],
};

/** Why a gateway did not refuse what it should. */
export function notRefused(answer: GatewayAnswer, check: Exclude<CheckName, 'granted'>, how?: string): Reason {
  const came = `${cameBack(answer)}${how === undefined ? '' : ` to a token ${how}`}`;
  if (answer.status === 404) {
    return {
      cameBack: came,
      because: 'there is no operation at the path, so nothing was protected and nothing was tried',
      remedy: 'give the product a tryPath that an operation of its APIs answers, and apply',
    };
  }
  if (answer.isPage) {
    return {
      cameBack: came,
      because: 'something other than API Management answers, so what the gateway does is unknown',
      remedy: 'check the gateway’s address, and what is between this machine and the gateway',
    };
  }
  if (answer.status >= 500 || answer.status === 429) {
    return {
      cameBack: came,
      because: 'it neither accepted nor refused the call',
      remedy: 'try again, and check the policies of the product if the result is the same',
    };
  }
  const [because, remedy] = LET_IN[check];
  return { cameBack: came, because, remedy };
}
