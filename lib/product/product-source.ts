import { ApiManagementProductPolicy } from '@cdktf/provider-azurerm/lib/api-management-product-policy';
import { ITerraformDependable, TerraformResourceLifecycle } from 'cdktf';
import { Construct } from 'constructs';
import { IApimInstance } from '../instance/apim-instance';
import { policyXml } from '../policy/policy-xml';
import { literal } from '../terraform/expression';
import { Problems } from '../validation/problems';
import { AnsweredProduct, BoundAuthorization } from './authorization-kind';
import { OAuthProductOptions } from './product-options';
import { clientLimits, productPolicy } from './product-policy';

/** What is the same of a product, whichever way it came to be. */
export interface ProductSettings extends OAuthProductOptions {
  readonly instance: IApimInstance;
  readonly displayName: string;
  readonly published?: boolean;
}

/** Where a product comes from: this program, or something else that made it. */
export interface ProductSource {
  readonly settings: ProductSettings;
  readonly productId: string;
  readonly apiNames: string[];
  readonly acceptSubscriptionKey: boolean;
  /** Whether its APIs can be called through this product only. */
  readonly exclusiveApis: boolean;
  /** Records what is wrong with what only this source takes. */
  check(product: Construct, problems: Problems): void;
  /** Declares what makes the product what the authorization says. */
  declare(product: Construct, bound: BoundAuthorization): ProductBlocks;
}

/** What a source has declared. */
export interface ProductBlocks extends AnsweredProduct {
  /** Azure resource id of the product. */
  readonly id: string;
  /** Id of the product, as a reference where that orders Terraform's work. */
  readonly name: string;
  /** What must be created before an API is linked, and destroyed after the last link. */
  readonly beforeApis: ITerraformDependable[];
  /** What must be there before a client is linked, where the id does not say so. */
  readonly beforeClients: ITerraformDependable[];
  /** Lifecycle of what Azure drops with the product. */
  readonly lifecycle?: TerraformResourceLifecycle;
}

/** What everything that belongs to a product says of it. */
export interface ProductPlace {
  readonly apiManagementName: string;
  readonly resourceGroupName: string;
  readonly productId: string;
  readonly lifecycle?: TerraformResourceLifecycle;
}

/** How a block says which product it belongs to. */
export function placeOf(
  instance: IApimInstance,
  productId: string,
  lifecycle?: TerraformResourceLifecycle,
): ProductPlace {
  return {
    apiManagementName: instance.instanceName,
    resourceGroupName: instance.resourceGroupName,
    productId,
    lifecycle,
  };
}

/** Declares the product's policy, where there is anything to say. */
export function declarePolicy(
  product: Construct,
  source: ProductSource,
  bound: BoundAuthorization,
  place: ProductPlace,
  dependsOn?: ITerraformDependable[],
): ApiManagementProductPolicy | undefined {
  const { settings, productId } = source;
  const limiting = clientLimits({ productId, rate: settings.clientRateLimit, quota: settings.clientQuota });
  const inbound = [...bound.inbound(limiting.length > 0), ...limiting];
  if (inbound.length === 0) {
    return undefined;
  }
  return new ApiManagementProductPolicy(product, 'policy', {
    ...place,
    xmlContent: policyXml(productPolicy(inbound, bound.sections)),
    dependsOn,
  });
}

/** The state of a product as Azure calls it. */
export function stateOf(published: boolean): string {
  return published ? 'published' : 'notPublished';
}

/** The given texts in the form of a request. */
export function textProperties(settings: OAuthProductOptions): { description?: string; terms?: string } {
  return {
    description: settings.description === undefined ? undefined : literal(settings.description),
    terms: settings.terms === undefined ? undefined : literal(settings.terms),
  };
}
