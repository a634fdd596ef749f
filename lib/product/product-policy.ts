import type { ClientQuota, ClientRateLimit } from './client-limits';
import { literal } from '../terraform/expression';
import { plainValue, PolicyElement } from '../policy/policy-xml';
import { Problems } from '../validation/problems';
import { problemOfXml } from '../policy/well-formed';

const TOKEN_VARIABLE = 'oauth-application-token';

/** The application that the validated token was issued to; a caller who needed none is the subscription of its key. */
const CLIENT =
  `@(context.Variables.ContainsKey("${TOKEN_VARIABLE}") ? "application:" + ` +
  `((Jwt)context.Variables["${TOKEN_VARIABLE}"]).Claims.GetValueOrDefault("appid", ` +
  `((Jwt)context.Variables["${TOKEN_VARIABLE}"]).Claims.GetValueOrDefault("azp", "")) : "subscription:" + context.Subscription.Id)`;

const UNAUTHORIZED = 'Access token is missing or invalid';

/**
 * Validates the token of whoever comes without a key: signature, tenant and expiry. Product and role are the gateway's
 * own check, which does not tell a policy whose token it was.
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

/** Refuses whoever has no token of the tenant for the product's application, v1 or v2, with its role. */
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

/** Limits for each client application. They need the validated token in its variable. */
export function clientLimits(rate: ClientRateLimit | undefined, quota: ClientQuota | undefined): PolicyElement[] {
  const elements: PolicyElement[] = [];
  if (rate !== undefined) {
    elements.push({
      name: 'rate-limit-by-key',
      attributes: { calls: String(rate.calls), 'renewal-period': String(rate.renewalPeriod), 'counter-key': CLIENT },
    });
  }
  if (quota !== undefined) {
    elements.push({
      name: 'quota-by-key',
      attributes: {
        calls: quota.calls === undefined ? undefined : String(quota.calls),
        bandwidth: quota.bandwidthKb === undefined ? undefined : String(quota.bandwidthKb),
        'renewal-period': String(quota.renewalPeriod),
        'counter-key': CLIENT,
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
    xml === undefined ? [] : [{ name: '', xml: literal(xml) }];
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
    if (xml !== undefined) {
      problems.add(name, problemOfXml(xml));
    }
  }
  problems.throwIfAny();
}
