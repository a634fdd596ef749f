import { IConstruct } from 'constructs';
import { IApimInstance } from '../instance/apim-instance';

/** A product with application based access, declared here or elsewhere. */
export interface IOAuthProduct extends IConstruct {
  /** Instance that the product belongs to. */
  readonly instance: IApimInstance;

  /** Id of the product. */
  readonly productId: string;

  /** Azure resource id of the product. */
  readonly resourceId: string;

  /** Display name. */
  readonly displayName: string;

  /** Application (client) id of the product's application in Entra, a GUID; null if Azure does not return it. */
  readonly applicationId: string;

  /** Audience of tokens for the product, `api://<application id>`; null if Azure does not return it. */
  readonly audience: string;

  /** Scope to request a token for, `<audience>/.default`; null if Azure does not return the audience. */
  readonly scope: string;

  /** Value of the product's app role, which tokens carry in `roles`. */
  readonly appRoleValue: string;

  /** Id of the product's app role, a GUID. */
  readonly appRoleId: string;

  /** Object id of the service principal of the product's application, a GUID. */
  readonly servicePrincipalId: string;

  /** Path below the gateway at which an API of the product can be tried; undefined if none was given. */
  readonly tryPath?: string;

  /**
   * Whether API Management's own client applications can be linked to the product; undefined means they can.
   */
  readonly acceptsProductLinks?: boolean;
}
