import { Fact } from '../names/fact';

/** What the access manifest says of a product besides its attributes. */
export interface ProductFacts {
  /** `apimManaged`, `entraApplication` or `gatewayPolicy`. */
  readonly authorization: string;
  readonly acceptSubscriptionKey: boolean;
  /** Where the program declares the product, `file:line`. */
  readonly source?: string;
}

export const productFacts = new Fact<ProductFacts>('product facts');
