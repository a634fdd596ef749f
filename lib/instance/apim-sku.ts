import { Token, Tokenization } from 'cdktf';
import { refuse } from '../validation/problems';
import * as shapes from '../validation/shapes';
import * as limits from '../validation/limits';

const MOST_UNITS: { [tier: string]: number } = { Developer: 1, Basic: 2, Standard: 4, Premium: 99 };

/**
 * Tier and units of an API Management instance, `<tier>_<units>`.
 *
 * Source: https://learn.microsoft.com/azure/api-management/api-management-features
 */
export class ApimSku {
  /** One unit of the Developer tier: everything the preview needs, no service level agreement. */
  public static developer(): ApimSku {
    return new ApimSku('Developer_1', 'Developer');
  }

  /**
   * The Basic tier.
   *
   * @param units whole number from 1 to 2; anything else is an error
   */
  public static basic(units: number): ApimSku {
    return ApimSku.ofTier('basic', 'Basic', units);
  }

  /**
   * The Standard tier.
   *
   * @param units whole number from 1 to 4; anything else is an error
   */
  public static standard(units: number): ApimSku {
    return ApimSku.ofTier('standard', 'Standard', units);
  }

  /**
   * The Premium tier.
   *
   * @param units whole number from 1 to 99; anything else is an error
   */
  public static premium(units: number): ApimSku {
    return ApimSku.ofTier('premium', 'Premium', units);
  }

  /**
   * Any SKU that Azure has, such as `StandardV2_1` or `Consumption_0`.
   *
   * @param sku `<tier>_<units>`; another shape is an error, as are units that a known tier has not
   */
  public static custom(sku: string): ApimSku {
    refuse('ApimSku.custom', 'sku', problemOf(sku));
    return new ApimSku(sku, Token.isUnresolved(sku) ? undefined : sku.slice(0, sku.lastIndexOf('_')));
  }

  private static ofTier(method: string, tier: string, units: number): ApimSku {
    refuse(`ApimSku.${method}`, 'units', limits.wholeNumber(1, MOST_UNITS[tier])(units));
    return new ApimSku(`${tier}_${Tokenization.stringifyNumber(units)}`, tier);
  }

  private constructor(
    /** The SKU as Azure writes it, such as `Developer_1`. */
    public readonly skuName: string,
    /** Tier, such as `Developer`; undefined where the SKU is a token. */
    public readonly tier: string | undefined,
  ) {
    shapes.markAs('ApimSku', this);
  }

  /** Whether the tier has application based access: Developer, Basic, Standard and Premium. True for a token. */
  public get supportsApplicationBasedAccess(): boolean {
    return this.tier === undefined || this.tier in MOST_UNITS;
  }

  /** The SKU as Azure writes it. */
  public toString(): string {
    return this.skuName;
  }
}

function problemOf(sku: string): string | undefined {
  if (Token.isUnresolved(sku)) {
    return undefined;
  }
  const parts = /^([A-Z][A-Za-z0-9]*)_(0|[1-9]\d{0,2})$/.exec(String(sku));
  if (parts === null) {
    return `must be <tier>_<units> such as Premium_2, got ${limits.shown(sku)}`;
  }
  const [, tier, units] = parts;
  const most = MOST_UNITS[tier];
  if (most === undefined || (Number(units) >= 1 && Number(units) <= most)) {
    return undefined;
  }
  return `must have 1 to ${most} units in the ${tier} tier, got ${limits.shown(sku)}`;
}
