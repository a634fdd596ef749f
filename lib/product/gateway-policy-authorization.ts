import { Token } from 'cdktf';
import { PRODUCT_WITHOUT_PREVIEW } from '../azapi/arm-types';
import { IApimInstance } from '../instance/apim-instance';
import * as limits from '../validation/limits';
import { AuthorizationKind, AuthorizedProduct, BoundAuthorization } from './authorization-kind';
import { EntraApplicationOptions } from './entra-options';
import { ownRegistration, problemOfRegistrationName, tokenOfRegistration } from './own-registration';
import { demanded, PolicySections } from './product-policy';

/** Terraform owns the registration, a product policy enforces. */
export class GatewayPolicyAuthorization implements AuthorizationKind {
  public readonly name = 'gatewayPolicy';
  public readonly enforcedBy = 'policy';
  public readonly needsDirectoryRole = false;

  public constructor(private readonly options: EntraApplicationOptions & PolicySections) {}

  public check(_instance: IApimInstance, displayName: string): [string, string | undefined][] {
    return [
      ['displayName', problemOfRegistrationName(displayName)],
      ['displayName', problemOfNamedValue(displayName)],
    ];
  }

  public bind(product: AuthorizedProduct): BoundAuthorization {
    const registration = ownRegistration(product, this.options);
    return {
      type: PRODUCT_WITHOUT_PREVIEW,
      // With `subscriptionRequired` API Management would demand a key besides the token.
      properties: { subscriptionRequired: false },
      exports: {},
      dependsOn: [],
      register: () => registration,
      inbound: () => [demanded(tokenOfRegistration(product, registration), product.acceptSubscriptionKey)],
      validatesOwnToken: true,
      sections: this.options,
    };
  }
}

function problemOfNamedValue(displayName: string): string | undefined {
  return Token.isUnresolved(displayName) || !String(displayName).includes('{{')
    ? undefined
    : `must not contain {{ with ProductAuthorization.gatewayPolicy(), since API Management reads it as the start of a named value in policies, got ${limits.shown(displayName)}`;
}
