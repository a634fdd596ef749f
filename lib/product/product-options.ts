import { TerraformResource } from 'cdktf';
import { IApimInstance } from '../instance/apim-instance';
import { ClientQuota, ClientRateLimit } from './client-limits';
import { ProductAuthorization } from './product-authorization';

/** What products made here and products made elsewhere have in common. */
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
   * Groups whose members see the product in the developer portal, by name. None twice.
   * @default - administrators only
   */
  readonly groupNames?: string[];

  /**
   * Who owns the product's application in Entra, and what enforces that callers have a token for it.
   * @default ProductAuthorization.apimManaged()
   */
  readonly authorization?: ProductAuthorization;

  /**
   * Calls that each client application may make in a short time. Needs a tier other than Consumption.
   * @default - no limit
   */
  readonly clientRateLimit?: ClientRateLimit;

  /**
   * What each client application may use in a long time. Needs the Developer, Basic, Standard or Premium tier.
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
   * Say on every plan when the application that API Management registered, its service principal or its app role is
   * missing or was changed. Planning then reads the application from Entra, and fails where it is missing altogether.
   * @default true
   */
  readonly reviewRegistration?: boolean;
}

/** Settings of `OAuthProduct`. */
export interface OAuthProductProps extends OAuthProductOptions {
  /** Instance that the product belongs to. */
  readonly instance: IApimInstance;

  /**
   * Name for people, 1 to 300 characters; no two products of an instance have the same. Entra's application is called
   * after it. Changing it changes the product in place.
   */
  readonly displayName: string;

  /** Names of the APIs that the product gives access to: one or more, none twice. */
  readonly apiNames: string[];

  /**
   * Id of the product: letters, digits, dashes and underscores, at most 80 characters. Changing it replaces the product.
   * @default - the construct's id in lower case with dashes between words
   */
  readonly productId?: string;

  /**
   * Whether developers can see the product. Unpublished it cannot be called; that is a warning.
   * @default true
   */
  readonly published?: boolean;

  /**
   * Let callers come with a subscription key instead of a token. This is about keys of the product: a key for one of its
   * APIs, for all APIs or for another product with the API passes by the product, its policy and its limits. Keep the
   * APIs' own subscriptions away from clients.
   * @default false
   */
  readonly acceptSubscriptionKey?: boolean;
}

/** Settings of `OAuthProduct.onExisting`. What is left out is not written. */
export interface ExistingOAuthProductProps extends OAuthProductOptions {
  /** Instance that the product belongs to. */
  readonly instance: IApimInstance;

  /** Id of the product. */
  readonly productId: string;

  /** Name that the product has. It is not written; Entra's application is called after it. */
  readonly displayName: string;

  /**
   * Whether developers can see the product. The former state is put back when this is left out again.
   * @default - as it is
   */
  readonly published?: boolean;

  /**
   * Let callers come with a subscription key instead of a token. While keys are accepted, the product requires a key of
   * callers without a token: a product that was open is closed. A key for one of its APIs, for all APIs or for another
   * product with the API skips the product, its policy and its limits, with either value.
   * @default true - so that nobody who has a key is cut off
   */
  readonly acceptSubscriptionKey?: boolean;

  /**
   * The resource of the same stack that manages the product, such as an `ApiManagementProduct`. Whenever that writes the
   * product it switches application based access off, so that the product takes keys only; named here, the setting is
   * written again in the same apply. azurerm knows products that require a subscription and open ones, nothing between:
   * beside an `ApiManagementProduct` keys are accepted, the gateway enforces, and texts and state are its own.
   * @default - no resource of this stack manages the product
   */
  readonly managedBy?: TerraformResource;
}
