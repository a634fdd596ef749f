import { ApimManagedAuthorization } from './apim-managed-authorization';
import { AuthorizationKind } from './authorization-kind';
import { EntraApplicationAuthorization } from './entra-application-authorization';
import { checkEntraOptions, copyOf, EntraApplicationOptions } from './entra-options';
import { GatewayPolicyAuthorization } from './gateway-policy-authorization';
import { checkPolicySections } from './product-policy';
import * as shapes from '../validation/shapes';

/**
 * Who owns a product's application in Entra, and what enforces that callers have a token for it.
 *
 * Source: https://learn.microsoft.com/azure/api-management/applications
 */
export class ProductAuthorization {
  /**
   * The preview feature: API Management registers `APIMProductApplication<display name>` itself and its gateway
   * validates tokens. Needs the Developer, Basic, Standard or Premium tier and a directory role for the instance.
   */
  public static apimManaged(): ProductAuthorization {
    return new ProductAuthorization(new ApimManagedAuthorization());
  }

  /**
   * Terraform owns the registration, shaped as API Management would have made it, and the product refers to it. The
   * gateway enforces it natively, which is the preview feature; the instance needs no directory role for it.
   *
   * Fails when an owner, audience or id is malformed.
   */
  public static entraApplication(options: EntraApplicationOptions = {}): ProductAuthorization {
    checkEntraOptions('ProductAuthorization.entraApplication', options);
    return new ProductAuthorization(new EntraApplicationAuthorization(copyOf(options)));
  }

  /**
   * Needs no preview and works on any tier: Terraform owns the registration, and a product policy validates audience,
   * tenant and role of each token. Without a token or a key the gateway answers 401. The library then owns the
   * product's policy document. Calls with keys for one of its APIs, for all APIs or for another product with the API do
   * not run the policy.
   *
   * Fails when an owner, audience or id is malformed or a section is not well-formed XML.
   */
  public static gatewayPolicy(options: GatewayPolicyOptions = {}): ProductAuthorization {
    checkEntraOptions('ProductAuthorization.gatewayPolicy', options);
    checkPolicySections('ProductAuthorization.gatewayPolicy', options);
    return new ProductAuthorization(new GatewayPolicyAuthorization(copyOf(options)));
  }

  private constructor(
    /** What it means. @internal */
    public readonly _kind: AuthorizationKind,
  ) {
    shapes.markAs('ProductAuthorization', this);
  }
}

/**
 * Settings of `ProductAuthorization.gatewayPolicy`. The policy sections are well-formed XML elements, written as they
 * are.
 */
export interface GatewayPolicyOptions extends EntraApplicationOptions {
  /**
   * Policy that runs before the token is validated, such as `<cors>`.
   * @default - none
   */
  readonly inboundBefore?: string;

  /**
   * Policy that runs after the token is validated and the limits are checked.
   * @default - none
   */
  readonly inboundAfter?: string;

  /**
   * The backend section instead of `<base />`.
   * @default - `<base />`
   */
  readonly backend?: string;

  /**
   * Outbound policy, after `<base />`.
   * @default - none
   */
  readonly outbound?: string;

  /**
   * Policy on errors, after `<base />`.
   * @default - none
   */
  readonly onError?: string;
}
