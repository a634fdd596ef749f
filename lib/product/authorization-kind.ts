import { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { AzapiRetry } from '../azapi/azapi-types';
import { IApimInstance } from '../instance/apim-instance';
import { warnOfRegion } from '../instance/preview-region';
import { PolicyElement } from '../policy/policy-xml';
import * as limits from '../validation/limits';
import { PolicySections } from './product-policy';
import { ProductRegistration } from './product-registration';

/** What an authorization knows of the product it is for. */
export interface AuthorizedProduct {
  readonly scope: Construct;
  readonly instance: IApimInstance;
  readonly productId: string;
  readonly displayName: string;
  readonly acceptSubscriptionKey: boolean;
  readonly reviewRegistration: boolean;
}

/** The parts of Azure's answer that a product's block in Terraform exports. */
export interface AnsweredProduct {
  /** An exported value of the product's answer. */
  output(name: string): string;
}

/** What an authorization contributes to the product's request, and what it makes before and after it. */
export interface BoundAuthorization {
  /** Azure type of a product that is made here, with the api-version that knows the properties. */
  readonly type: string;
  /** Properties that decide who may call; they are in the same request as the rest of the product. */
  readonly properties: { [name: string]: unknown };
  /** Values of the answer to export. */
  readonly exports: { [name: string]: string };
  readonly dependsOn: ITerraformDependable[];
  readonly retry?: AzapiRetry;
  /** Called once the product is declared. */
  register(product: AnsweredProduct): ProductRegistration;
  /** What the product's policy does first; `limited` where limits by client follow, which need the validated token. */
  inbound(limited: boolean): PolicyElement[];
  /** Whether it refuses tokens of other products by itself, so that it may be the only check for a moment. */
  readonly validatesOwnToken: boolean;
  /** Policy of the user's own around it. */
  readonly sections?: PolicySections;
}

/** Who owns a product's registration, and what enforces tokens: what a `ProductAuthorization` means. */
export interface AuthorizationKind {
  /** Name of the factory. */
  readonly name: 'apimManaged' | 'entraApplication' | 'gatewayPolicy';
  /** What enforces the tokens. A change in place would leave a moment without any. */
  readonly enforcedBy: 'gateway' | 'policy';
  /** Whether the instance's identity registers something for it. */
  readonly needsDirectoryRole: boolean;
  /** What is wrong with using it for a product, by prop. */
  check(instance: IApimInstance, displayName: string): [prop: string, problem: string | undefined][];
  bind(product: AuthorizedProduct): BoundAuthorization;
}

/**
 * Without `authenticationType` a product accepts keys only; with `subscriptionRequired: false` as well, it is open to
 * anyone.
 */
export function nativeProperties(acceptSubscriptionKey: boolean): { [name: string]: unknown } {
  return {
    authenticationType: acceptSubscriptionKey ? ['application-token', 'subscription-key'] : ['application-token'],
    subscriptionRequired: acceptSubscriptionKey,
  };
}

/** Requirements of the preview feature for an instance. */
export function problemOfTier(kind: string, instance: IApimInstance): string | undefined {
  const { sku } = instance;
  if (sku === undefined || sku.supportsApplicationBasedAccess) {
    return undefined;
  }
  return (
    `ProductAuthorization.${kind}() needs an instance of the Developer, Basic, Standard or Premium tier, got ${limits.shown(sku.skuName)}; ` +
    'ProductAuthorization.gatewayPolicy() works on every tier'
  );
}

/** Warns of a region that may not have the preview; an instance with a directory role warns by itself. */
export function warnOfPreview(product: Construct, instance: IApimInstance): void {
  if (instance.directoryRoleAssignment === undefined) {
    warnOfRegion(product, 'instance', instance.location);
  }
}
