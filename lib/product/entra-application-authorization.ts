import { PRODUCT } from '../azapi/arm-types';
import { ENTRA_DELAY } from '../azapi/replication-delays';
import { IApimInstance } from '../instance/apim-instance';
import {
  AuthorizationKind,
  AuthorizedProduct,
  BoundAuthorization,
  nativeProperties,
  problemOfTier,
  warnOfPreview,
} from './authorization-kind';
import { EntraApplicationOptions } from './entra-options';
import { ownRegistration, problemOfRegistrationName, tokenOfRegistration } from './own-registration';
import { demanded } from './product-policy';

/** Terraform owns the registration, the gateway enforces. */
export class EntraApplicationAuthorization implements AuthorizationKind {
  public readonly name = 'entraApplication';
  public readonly enforcedBy = 'gateway';
  public readonly needsDirectoryRole = false;

  public constructor(private readonly options: EntraApplicationOptions) {}

  public check(instance: IApimInstance, displayName: string): [string, string | undefined][] {
    return [
      ['authorization', problemOfTier(this.name, instance)],
      ['displayName', problemOfRegistrationName(displayName)],
    ];
  }

  public bind(product: AuthorizedProduct): BoundAuthorization {
    warnOfPreview(product.scope, product.instance);
    const registration = ownRegistration(product, this.options);
    return {
      type: PRODUCT,
      properties: {
        ...nativeProperties(product.acceptSubscriptionKey),
        application: { entra: { applicationId: registration.applicationId, audience: registration.audience } },
      },
      exports: {},
      dependsOn: [registration.ready],
      retry: ENTRA_DELAY,
      register: () => registration,
      inbound: (limited) =>
        limited ? [demanded(tokenOfRegistration(product, registration), product.acceptSubscriptionKey)] : [],
      validatesOwnToken: true,
    };
  }
}
