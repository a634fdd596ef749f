import { ITerraformDependable } from 'cdktf';
import { IConstruct } from 'constructs';
import { Fact } from '../names/fact';

/** What is known of a product's application in Entra, registered by API Management or by Terraform. */
export interface ProductRegistration {
  /** Application (client) id, a GUID. */
  readonly applicationId: string;
  /** Audience of tokens, `api://<application id>`. */
  readonly audience: string;
  /** Scope to request a token for, `<audience>/.default`. */
  readonly scope: string;
  /** Value of the app role, which tokens carry in `roles`. */
  readonly appRoleValue: string;
  /** Id of the app role, a GUID. */
  readonly appRoleId: string;
  /** Object id of the application's service principal, a GUID. */
  readonly servicePrincipalId: string;
  /**
   * True if editing the product makes the values unknown during plan, because they are read from its answer. What depends
   * on them would then be replaced.
   */
  readonly followsProduct: boolean;
  /** False if a value may be null, since somebody else makes the registration and may change it. */
  readonly isAlwaysThere: boolean;
}

/** What clients must know of a product besides its attributes. */
export interface ProductTies {
  /** See `ProductRegistration.followsProduct`. */
  readonly followsProduct: boolean;
  /** See `ProductRegistration.isAlwaysThere`. */
  readonly isAlwaysRegistered: boolean;
  /** What must exist before a client is linked, where the product's id does not say so. */
  readonly beforeClients: ITerraformDependable[];
}

/** Kept on each product of the library. */
export const productTies = new Fact<ProductTies>('product ties');

/**
 * True if editing the product makes its registration's ids unknown during plan. Of a product that the library does not know
 * this is taken for true: its clients keep their access then.
 */
export function followsProduct(product: IConstruct): boolean {
  return productTies.of(product)?.followsProduct ?? true;
}

/** Whether a product's registration has all that it should have, in every plan. */
export function isAlwaysRegistered(product: IConstruct): boolean {
  return productTies.of(product)?.isAlwaysRegistered ?? false;
}

/**
 * What must exist before a client is linked to a product, besides what the product's id refers to. Of a product that the
 * library does not know this is everything below its construct.
 */
export function beforeClients(product: IConstruct): readonly (ITerraformDependable | IConstruct)[] {
  return productTies.of(product)?.beforeClients ?? [product];
}
