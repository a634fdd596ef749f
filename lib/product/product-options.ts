import { TerraformResource } from 'cdktf';
import { IApimInstance } from '../instance/apim-instance';
import { ClientQuota, ClientRateLimit } from './client-limits';
import { ProductAuthorization } from './product-authorization';

/** Settings of products made here and of products made elsewhere. */
export interface OAuthProductOptions {
  /**
   * Description for developers, at most 1,000 characters.
   * @default - none
   */
  readonly description?: string;

  /**
   * Terms of use that a developer accepts when subscribing.
   * @default - none
   */
  readonly terms?: string;

  /**
   * Groups whose members see the product in the developer portal, by name, without duplicates.
   * @default - administrators only
   */
  readonly groupNames?: string[];

  /**
   * Who owns the product's application in Entra, and what enforces that callers have a token for it.
   * @default ProductAuthorization.apimManaged()
   */
  readonly authorization?: ProductAuthorization;

  /**
   * Rate limit of each client application over a short time. Needs a tier other than Consumption.
   * @default - no limit
   */
  readonly clientRateLimit?: ClientRateLimit;

  /**
   * Quota of each client application over a long time. Needs the Developer, Basic, Standard or Premium tier.
   * @default - no quota
   */
  readonly clientQuota?: ClientQuota;

  /**
   * Path below the gateway at which an API of the product can be tried, such as `/echo/resource`, for the tools that
   * read the access manifest.
   * @default - none
   */
  readonly tryPath?: string;

  /**
   * Warn in every plan if the application that API Management registered, its service principal or its app role is
   * missing or changed. Each plan then reads the application from Entra, and fails if it does not exist.
   * @default true
   */
  readonly reviewRegistration?: boolean;
}

/** Settings of `OAuthProduct`. */
export interface OAuthProductProps extends OAuthProductOptions {
  /** Instance that the product belongs to. */
  readonly instance: IApimInstance;

  /**
   * Display name, 1 to 300 characters, unique among the products of an instance. Entra's application is named after it.
   * A change updates the product in place.
   */
  readonly displayName: string;

  /** Names of the APIs that the product gives access to: one or more, without duplicates. */
  readonly apiNames: string[];

  /**
   * Id of the product: letters, digits, dashes and underscores, at most 80 characters. A change replaces the product.
   * @default - the construct's id in lower case with dashes between words
   */
  readonly productId?: string;

  /**
   * Whether developers can see the product. Nobody can call an unpublished product; synthesis warns about it.
   * @default true
   */
  readonly published?: boolean;

  /**
   * Let callers send a subscription key instead of a token. This applies to keys of the product: a call with a key for
   * one of its APIs, for all APIs or for another product with the API skips the product, its policy and its limits. Do
   * not give clients such keys, or set `exclusiveApis`.
   * @default false
   */
  readonly acceptSubscriptionKey?: boolean;

  /**
   * Refuse calls of the product's APIs that do not go through this product, such as calls with a subscription key for one
   * of the APIs, for all APIs or for another product. Each API gets a policy for this: no other block may declare one, and
   * no other product of the program may have the API.
   * @default false
   */
  readonly exclusiveApis?: boolean;
}

/** Settings of `OAuthProduct.onExisting`. Props that are left out are not written. */
export interface ExistingOAuthProductProps extends OAuthProductOptions {
  /** Instance that the product belongs to. */
  readonly instance: IApimInstance;

  /** Id of the product. */
  readonly productId: string;

  /** Display name of the product. It is not written; Entra's application is named after it. */
  readonly displayName: string;

  /**
   * Whether developers can see the product. The former state is restored when this is left out again.
   * @default - as it is
   */
  readonly published?: boolean;

  /**
   * Let callers send a subscription key instead of a token. While keys are accepted, the product requires a key from
   * callers without a token, so an open product is closed. A key for one of its APIs, for all APIs or for another
   * product with the API skips the product, its policy and its limits, with either value.
   * @default true - so that callers with a key keep their access
   */
  readonly acceptSubscriptionKey?: boolean;

  /**
   * The resource of the same stack that manages the product, such as an `ApiManagementProduct`. Whenever that resource
   * writes the product, it switches application based access off, so that the product accepts only keys. If it is named
   * here, the same apply writes the setting again. azurerm knows only products that require a subscription and open
   * products: with an `ApiManagementProduct`, keys must be accepted, the gateway must enforce, and texts and state
   * belong to that resource.
   * @default - no resource of this stack manages the product
   */
  readonly managedBy?: TerraformResource;
}
