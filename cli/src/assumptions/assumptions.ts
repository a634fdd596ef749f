import type { Probe } from './probe';
import * as probes from './probes';

/** Something that this project takes for true of Azure, and that nobody on it has seen on the live service. */
export interface Assumption {
  readonly id: string;
  /** Begins in lower case: it is an item of the README's list. */
  readonly sentence: string;
  /** Pages and files that rely on it. */
  readonly reliedOnBy: readonly string[];
  /** How it is tried on a sandbox. */
  readonly probedBy: string;
  readonly ifFalse: string;
  /** What the probe changes; undefined where it only reads. */
  readonly changes?: string;
  readonly probe: Probe;
}

export const ASSUMPTIONS: readonly Assumption[] = [
  {
    id: 'registration-filled-in',
    sentence: 'the service fills `application.entra` when `apimManaged()` leaves it out',
    reliedOnBy: ['docs/product-authorization.md', 'lib/product/apim-managed-registration.ts'],
    probedBy: 'reads the products with application based access, and looks for an application id and an audience',
    ifFalse:
      'the audience, scope and grants of `apimManaged()` products are null after an apply; use `entraApplication()`',
    probe: probes.registrationFilledIn,
  },
  {
    id: 'registration-names',
    sentence: 'it registers products as `APIMProductApplication<name>` with the app role `Product.<name>.All`',
    reliedOnBy: ['docs/product-authorization.md'],
    probedBy: 'reads the registration of each such product in Microsoft Graph and compares its name and roles',
    ifFalse:
      'reviews and searches by name miss registrations; the library itself reads ids and roles and keeps working',
    probe: probes.registrationNames,
  },
  {
    id: 'audience-is-application-id',
    sentence: 'the audience of such a product is `api://<application id>`',
    reliedOnBy: ['docs/product-authorization.md', 'lib/product/apim-managed-registration.ts'],
    probedBy: 'reads the products and compares audience and application id',
    ifFalse: 'the scope that the manifest falls back to is wrong; tokens fail with AADSTS500011',
    probe: probes.audienceIsApplicationId,
  },
  {
    id: 'secret-is-new-each-time',
    sentence: '`listSecrets` makes a secret each time it is called',
    reliedOnBy: ['docs/multi-product-application.md', 'docs/decisions/0003-secrets-by-ephemeral-and-write-only.md'],
    probedBy: 'calls `listSecrets` of one client application twice, and compares digests of the two secrets',
    ifFalse: 'calling it only once is not necessary, and does no harm',
    changes: 'makes two new secrets of a client application, which may end the secret that it has',
    probe: probes.secretIsNewEachTime,
  },
  {
    id: 'former-secret-ends',
    sentence: 'the former secret stops working when `listSecrets` makes another one',
    reliedOnBy: ['docs/multi-product-application.md'],
    probedBy: 'requests a token with the first of two secrets after the second was made',
    ifFalse:
      'each rotation leaves one more valid secret behind, which nobody can remove through Azure Resource Manager',
    changes: 'makes two new secrets of a client application, which may end the secret that it has',
    probe: probes.formerSecretEnds,
  },
  {
    id: 'gateway-checks-token',
    sentence: 'the gateway itself checks audience and role, before the policy of the product runs',
    reliedOnBy: ['docs/oauth-product.md', 'docs/product-authorization.md'],
    probedBy:
      'runs the checks of `verify` on a product with `apimManaged()` or `entraApplication()`: with the token, without a token, and with forged tokens',
    ifFalse: 'products need their own policy to be protected; use `gatewayPolicy()`',
    probe: probes.gatewayChecksToken,
  },
  {
    id: 'key-on-policy-product',
    sentence: 'a subscription key is recognized on a `gatewayPolicy()` product that accepts keys',
    reliedOnBy: ['docs/product-authorization.md', 'lib/product/product-policy.ts'],
    probedBy: 'calls such a product with the key in the variable that `--subscription-key-env` names',
    ifFalse: 'callers with a key are refused there; such a product takes tokens only',
    probe: probes.keyOnPolicyProduct,
  },
  {
    id: 'api-in-several-products',
    sentence:
      'one API may be in several products that accept only tokens, although Azure accepts an API in only one product that is open to anyone',
    reliedOnBy: ['docs/product-authorization.md'],
    probedBy: 'reads the APIs of products that accept only tokens, and looks for an API that is in two of them',
    ifFalse: 'use `acceptSubscriptionKey: true`, or one API for each product',
    probe: probes.apiInSeveralProducts,
  },
  {
    id: 'keys-only-forgets-registration',
    sentence: 'a product that is set to accept only keys no longer names its former registration',
    reliedOnBy: ['docs/oauth-product.md'],
    probedBy: 'reads the products that accept only keys, and looks for one that still names a registration',
    ifFalse: 'such a product still names a registration, and reviews and inventories show it',
    probe: probes.keysOnlyForgetsRegistration,
  },
  {
    id: 'missing-role-text',
    sentence: 'if the directory role is missing, the error contains one of the texts that are retried',
    reliedOnBy: ['docs/apim-instance-with-identity.md', 'lib/azapi/replication-delays.ts'],
    probedBy:
      'if the identity has no directory role: creates a product with application based access, reads the error, and deletes the product if it was created',
    ifFalse: 'the first apply fails until the role is effective everywhere; apply again after some minutes',
    changes:
      'creates the product apim-oauth-probe on the instance if its identity has no directory role, and deletes it',
    probe: probes.missingRoleText,
  },
  {
    id: 'identity-role-needed',
    sentence:
      'the identity of the instance needs Application Administrator, or Cloud Application Administrator, of the tenant',
    reliedOnBy: ['docs/apim-instance-with-identity.md', 'docs/permissions.md'],
    probedBy: 'reads the directory roles of the identity, on an instance with products that API Management registered',
    ifFalse: 'the role can be left out with `DirectoryRole.none()`',
    probe: probes.identityRole,
  },
];

/** The list of the README. */
export function assumptionsList(): string {
  return ASSUMPTIONS.map(
    ({ sentence }, index) => `- ${sentence}${index === ASSUMPTIONS.length - 1 ? '.' : ','}\n`,
  ).join('');
}

/** The table of docs/assumptions.md. */
export function assumptionsTable(): string {
  const head = ['id', 'assumption', 'relied on by', 'how it is probed', 'changes', 'if it is false'];
  const rows = ASSUMPTIONS.map(({ id, sentence, reliedOnBy, probedBy, changes, ifFalse }) => [
    `\`${id}\``,
    sentence,
    reliedOnBy.map((file) => `\`${file}\``).join(', '),
    probedBy,
    changes ?? '',
    ifFalse,
  ]);
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}
