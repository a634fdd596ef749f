import { Token } from 'cdktf';
import { ApimSku } from '../instance/apim-sku';
import * as limits from '../validation/limits';
import { Problems } from '../validation/problems';
import * as shapes from '../validation/shapes';

/**
 * How many calls each client application may make in a short time. The gateway answers further calls with 429 and
 * `Retry-After`.
 *
 * Source: https://learn.microsoft.com/azure/api-management/rate-limit-by-key-policy
 */
export interface ClientRateLimit {
  /** Calls in a period, a whole number of at least 1. */
  readonly calls: number;

  /** Length of the sliding period in seconds, a whole number from 1 to 300. */
  readonly renewalPeriod: number;
}

/**
 * How much each client application may use in a long time. The gateway answers further calls with 403 and
 * `Retry-After`. One of `calls` and `bandwidthKb` is required.
 *
 * Source: https://learn.microsoft.com/azure/api-management/quota-by-key-policy
 */
export interface ClientQuota {
  /**
   * Calls in a period, a whole number of at least 1.
   * @default - any number
   */
  readonly calls?: number;

  /**
   * Kilobytes in a period, a whole number of at least 1.
   * @default - any amount
   */
  readonly bandwidthKb?: number;

  /** Length of the period in seconds, a whole number of at least 300. */
  readonly renewalPeriod: number;
}

const TIERS_WITH_QUOTAS = ['Developer', 'Basic', 'Standard', 'Premium'];

/** Records what is wrong with the limits of a product on an instance of a tier. */
export function checkClientLimits(
  problems: Problems,
  rate: ClientRateLimit | undefined,
  quota: ClientQuota | undefined,
  sku: ApimSku | undefined,
): void {
  const tier = sku?.tier;
  if (problems.optional('clientRateLimit', rate, shapes.settings)) {
    problems.add('clientRateLimit.calls', limits.wholeNumber(1)(rate.calls));
    problems.add('clientRateLimit.renewalPeriod', limits.wholeNumber(1, 300)(rate.renewalPeriod));
    if (tier === 'Consumption') {
      problems.add('clientRateLimit', `needs a tier other than Consumption, got ${limits.shown(sku?.skuName)}`);
    }
  }
  if (problems.optional('clientQuota', quota, shapes.settings)) {
    if (quota.calls === undefined && quota.bandwidthKb === undefined) {
      problems.add('clientQuota', 'must limit something, give calls or bandwidthKb or both');
    }
    problems.optional('clientQuota.calls', quota.calls, limits.wholeNumber(1));
    problems.optional('clientQuota.bandwidthKb', quota.bandwidthKb, limits.wholeNumber(1));
    problems.add('clientQuota.renewalPeriod', limits.wholeNumber(300)(quota.renewalPeriod));
    if (tier !== undefined && !Token.isUnresolved(tier) && !TIERS_WITH_QUOTAS.includes(tier)) {
      problems.add(
        'clientQuota',
        `needs the Developer, Basic, Standard or Premium tier, got ${limits.shown(sku?.skuName)}`,
      );
    }
  }
}
