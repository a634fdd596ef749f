import { Construct } from 'constructs';
import { IApimInstance } from '../instance/apim-instance';
import { IOAuthProduct } from './oauth-product-reference';
import { appRoleValue } from './entra-options';
import { productTies } from './product-registration';
import * as limits from '../validation/limits';
import { Problems, refuse } from '../validation/problems';
import * as shapes from '../validation/shapes';
import { inFramework } from '../validation/framework';

/** A product whose ids are known, such as from the access manifest of the team that declares it. */
export interface RegisteredOAuthProductAttributes {
  /** Instance that the product belongs to. */
  readonly instance: IApimInstance;

  /** Id of the product. */
  readonly productId: string;

  /** Display name of the product. */
  readonly displayName: string;

  /** Application (client) id of the product's application in Entra, a GUID. */
  readonly applicationId: string;

  /** Id of the product's app role, a GUID. */
  readonly appRoleId: string;

  /** Object id of the service principal of the product's application, a GUID. */
  readonly servicePrincipalObjectId: string;

  /**
   * Value of the app role, which tokens carry in `roles`.
   * @default - `Product.<product id>.All`
   */
  readonly appRoleValue?: string;

  /**
   * Audience of tokens for the product.
   * @default - `api://<application id>`
   */
  readonly audience?: string;

  /**
   * Whether API Management's own client applications can be linked to the product: false for a product with
   * `ProductAuthorization.gatewayPolicy()`.
   * @default false
   */
  readonly acceptsProductLinks?: boolean;

  /**
   * Path below the gateway at which an API of the product can be tried, such as `/orders/today`.
   * @default - none
   */
  readonly tryPath?: string;
}

/** A product of which this program knows everything and reads nothing. */
export class RegisteredOAuthProduct extends Construct implements IOAuthProduct {
  public readonly instance: IApimInstance;
  public readonly productId: string;
  public readonly resourceId: string;
  public readonly displayName: string;
  public readonly applicationId: string;
  public readonly audience: string;
  public readonly scope: string;
  public readonly appRoleValue: string;
  public readonly appRoleId: string;
  public readonly servicePrincipalId: string;
  public readonly tryPath?: string;
  public readonly acceptsProductLinks: boolean;

  public constructor(scope: Construct, id: string, attrs: RegisteredOAuthProductAttributes) {
    super(inFramework(scope, id), id);
    refuse(this.node.path, 'attrs', shapes.settings(attrs));
    const problems = new Problems(this.node.path);
    problems.add('instance', shapes.instance(attrs.instance));
    problems.add('productId', limits.productId(attrs.productId));
    problems.add('displayName', limits.textOf(1, 300)(attrs.displayName));
    problems.add('applicationId', limits.guid(attrs.applicationId));
    problems.add('appRoleId', limits.guid(attrs.appRoleId));
    problems.add('servicePrincipalObjectId', limits.guid(attrs.servicePrincipalObjectId));
    problems.optional('appRoleValue', attrs.appRoleValue, appRoleValue);
    problems.optional('audience', attrs.audience, limits.textOf(1, 255));
    problems.optional('acceptsProductLinks', attrs.acceptsProductLinks, shapes.flag);
    problems.optional('tryPath', attrs.tryPath, limits.gatewayPath);
    problems.throwIfAny();
    this.instance = attrs.instance;
    this.productId = attrs.productId;
    this.resourceId = `${attrs.instance.instanceId}/products/${attrs.productId}`;
    this.displayName = attrs.displayName;
    this.applicationId = attrs.applicationId;
    this.audience = attrs.audience ?? `api://${attrs.applicationId}`;
    this.scope = `${this.audience}/.default`;
    this.appRoleValue = attrs.appRoleValue ?? `Product.${attrs.productId}.All`;
    this.appRoleId = attrs.appRoleId;
    this.servicePrincipalId = attrs.servicePrincipalObjectId;
    this.tryPath = attrs.tryPath;
    this.acceptsProductLinks = attrs.acceptsProductLinks ?? false;
    productTies.keep(this, { followsProduct: false, isAlwaysRegistered: true, beforeClients: [] });
  }
}
