import { Tokenization } from 'cdktf';
import type { ClientQuota, ClientRateLimit } from './client-limits';
import { literal } from '../terraform/expression';
import { plainValue, PolicyElement } from '../policy/policy-xml';
import { Problems } from '../validation/problems';
import { canonicalSection, problemOfSection } from '../policy/policy-section';

const TOKEN_VARIABLE = 'oauth-application-token';

/**
 * The product and the application that the validated token was issued to; a caller who needed none is the subscription of
 * its key. API Management keeps one counter for a key on the whole instance, so a key without the product would share it
 * among all products of a client. A token that names no application counts by its subject, which Entra writes into each.
 */
function counterKey(productId: string): string {
  const token = `((Jwt)context.Variables["${TOKEN_VARIABLE}"])`;
  const claim = (name: string, otherwise: string): string =>
    `${token}.Claims.GetValueOrDefault("${name}", ${otherwise})`;
  const application = claim('appid', claim('azp', `"subject:" + ${token}.Subject`));
  return (
    `@("${productId}/" + (context.Variables.ContainsKey("${TOKEN_VARIABLE}") ? "application:" + ${application} : ` +
    `"subscription:" + context.Subscription.Id))`
  );
}

const UNAUTHORIZED = 'Access token is missing or invalid';

/**
 * Validates the token of a caller without a key: signature, tenant and expiry. The gateway itself checks product and
 * role, and gives no policy the claims of the token.
 */
export function tokenOfTenant(tenantId: string): PolicyElement {
  return {
    name: 'validate-jwt',
    attributes: {
      'header-name': 'Authorization',
      'require-scheme': 'Bearer',
      'failed-validation-httpcode': '401',
      'failed-validation-error-message': UNAUTHORIZED,
      'output-token-variable-name': TOKEN_VARIABLE,
    },
    children: [
      {
        name: 'openid-config',
        attributes: { url: `https://login.microsoftonline.com/${tenantId}/v2.0/.well-known/openid-configuration` },
      },
      {
        name: 'issuers',
        children: [
          { name: 'issuer', text: `https://sts.windows.net/${tenantId}/` },
          { name: 'issuer', text: `https://login.microsoftonline.com/${tenantId}/v2.0` },
        ],
      },
    ],
  };
}

export interface ProductToken {
  readonly tenantId: string;
  readonly applicationId: string;
  readonly appRoleValue: string;
}

/** Refuses a caller without a token of the tenant for the product's application, v1 or v2, with its role. */
export function tokenForProduct(product: ProductToken): PolicyElement {
  return {
    name: 'validate-azure-ad-token',
    attributes: {
      'tenant-id': product.tenantId,
      'header-name': 'Authorization',
      'failed-validation-httpcode': '401',
      'failed-validation-error-message': UNAUTHORIZED,
      'output-token-variable-name': TOKEN_VARIABLE,
    },
    children: [
      {
        name: 'audiences',
        children: [
          { name: 'audience', text: `api://${product.applicationId}` },
          { name: 'audience', text: product.applicationId },
        ],
      },
      {
        name: 'required-claims',
        children: [
          {
            name: 'claim',
            attributes: { name: 'roles', match: 'any' },
            children: [{ name: 'value', text: literal(plainValue(product.appRoleValue)) }],
          },
        ],
      },
    ],
  };
}

/** The validation of a token: of every caller, or of those without a subscription key where a key is enough. */
export function demanded(validation: PolicyElement, acceptSubscriptionKey: boolean): PolicyElement {
  if (!acceptSubscriptionKey) {
    return validation;
  }
  return {
    name: 'choose',
    children: [{ name: 'when', attributes: { condition: '@(context.Subscription == null)' }, children: [validation] }],
  };
}

/** A number as text, which may be a token. */
const numeral = (value: number): string => Tokenization.stringifyNumber(value);

/** What is limited, and how. */
export interface ClientLimits {
  readonly productId: string;
  readonly rate?: ClientRateLimit;
  readonly quota?: ClientQuota;
}

/** Limits of a product for each client application. They need the validated token in its variable. */
export function clientLimits({ productId, rate, quota }: ClientLimits): PolicyElement[] {
  const elements: PolicyElement[] = [];
  const key = counterKey(productId);
  if (rate !== undefined) {
    elements.push({
      name: 'rate-limit-by-key',
      attributes: { calls: numeral(rate.calls), 'renewal-period': numeral(rate.renewalPeriod), 'counter-key': key },
    });
  }
  if (quota !== undefined) {
    elements.push({
      name: 'quota-by-key',
      attributes: {
        calls: quota.calls === undefined ? undefined : numeral(quota.calls),
        bandwidth: quota.bandwidthKb === undefined ? undefined : numeral(quota.bandwidthKb),
        'renewal-period': numeral(quota.renewalPeriod),
        'counter-key': key,
      },
    });
  }
  return elements;
}

/** Well-formed policy XML of the user's own, around what the library does. */
export interface PolicySections {
  readonly inboundBefore?: string;
  readonly inboundAfter?: string;
  readonly backend?: string;
  readonly outbound?: string;
  readonly onError?: string;
}

/** A product's policy document: the elements come on every request, between the user's own. */
export function productPolicy(inbound: readonly PolicyElement[], sections: PolicySections = {}): PolicyElement {
  const base: PolicyElement = { name: 'base' };
  const own = (xml: string | undefined): PolicyElement[] =>
    xml === undefined ? [] : [{ name: '', xml: literal(canonicalSection(xml)) }];
  return {
    name: 'policies',
    children: [
      { name: 'inbound', children: [base, ...own(sections.inboundBefore), ...inbound, ...own(sections.inboundAfter)] },
      { name: 'backend', children: sections.backend === undefined ? [base] : own(sections.backend) },
      { name: 'outbound', children: [base, ...own(sections.outbound)] },
      { name: 'on-error', children: [base, ...own(sections.onError)] },
    ],
  };
}

const SECTIONS: (keyof PolicySections)[] = ['inboundBefore', 'inboundAfter', 'backend', 'outbound', 'onError'];

/** Throws what is wrong with the user's own sections, all at once. */
export function checkPolicySections(where: string, sections: PolicySections): void {
  const problems = new Problems(where);
  for (const name of SECTIONS) {
    const xml = sections[name];
    problems.optional(name, xml, problemOfSection);
  }
  problems.throwIfAny();
}
