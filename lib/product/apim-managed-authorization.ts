import { PRODUCT } from '../azapi/arm-types';
import { DIRECTORY_ROLE_DELAY } from '../azapi/replication-delays';
import { IApimInstance } from '../instance/apim-instance';
import { ApimManagedRegistration, REGISTRATION_EXPORTS } from './apim-managed-registration';
import {
  AuthorizationKind,
  AuthorizedProduct,
  BoundAuthorization,
  nativeProperties,
  problemOfTier,
  warnOfPreview,
} from './authorization-kind';
import { demanded, tokenOfTenant } from './product-policy';

/** API Management registers the application, the gateway enforces. */
export class ApimManagedAuthorization implements AuthorizationKind {
  public readonly name = 'apimManaged';
  public readonly enforcedBy = 'gateway';
  public readonly needsDirectoryRole = true;

  public check(instance: IApimInstance): [string, string | undefined][] {
    return [['authorization', problemOfTier(this.name, instance)]];
  }

  public bind(product: AuthorizedProduct): BoundAuthorization {
    const { instance, acceptSubscriptionKey } = product;
    warnOfPreview(product.scope, instance);
    return {
      type: PRODUCT,
      properties: nativeProperties(acceptSubscriptionKey),
      exports: REGISTRATION_EXPORTS,
      dependsOn: instance.directoryRoleAssignment === undefined ? [] : [instance.directoryRoleAssignment],
      retry: DIRECTORY_ROLE_DELAY,
      register: (answered) => {
        const registration = new ApimManagedRegistration(product.scope, product.displayName, answered);
        if (product.reviewRegistration) {
          registration.review();
        }
        return registration;
      },
      inbound: (limited) => (limited ? [demanded(tokenOfTenant(instance.tenantId), acceptSubscriptionKey)] : []),
      validatesOwnToken: false,
    };
  }
}
