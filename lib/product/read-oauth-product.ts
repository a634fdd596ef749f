import { Construct } from 'constructs';
import { IApimInstance } from '../instance/apim-instance';
import { PRODUCT } from '../azapi/arm-types';
import { DataAzapiResource } from '../azapi/data-azapi-resource';
import { ApimManagedRegistration, REGISTRATION_EXPORTS } from './apim-managed-registration';
import { IOAuthProduct } from './oauth-product-reference';
import { productTies } from './product-registration';
import { expressionOf, literal } from '../terraform/expression';
import { tryOr } from '../terraform/hcl';
import * as limits from '../validation/limits';
import { Problems, refuse } from '../validation/problems';
import * as shapes from '../validation/shapes';
import { problemOfId } from '../validation/construct-id';
import { inFramework } from '../validation/framework';

/** The product that `OAuthProduct.fromProductId` reads. */
export interface ReadOAuthProductAttributes {
  /** Instance that the product belongs to. */
  readonly instance: IApimInstance;

  /** Id of the product. */
  readonly productId: string;

  /** Display name of the product; Entra's application is named after it. */
  readonly displayName: string;

  /**
   * Path below the gateway at which an API of the product can be tried, such as `/orders/today`.
   * @default - none
   */
  readonly tryPath?: string;
}

/** A product that this program only reads. */
export class ReadOAuthProduct extends Construct implements IOAuthProduct {
  public readonly instance: IApimInstance;
  public readonly productId: string;
  public readonly resourceId: string;
  public readonly displayName: string;
  public readonly tryPath?: string;
  private readonly registration: ApimManagedRegistration;

  public constructor(scope: Construct, id: string, attrs: ReadOAuthProductAttributes) {
    super(inFramework(scope, id), id);
    refuse(this.node.path, 'attrs', shapes.settings(attrs));
    const problems = new Problems(this.node.path);
    problems.add('id', problemOfId(this));
    problems.add('instance', shapes.instance(attrs.instance));
    problems.add('productId', limits.productId(attrs.productId));
    problems.add('displayName', limits.textOf(1, 300)(attrs.displayName));
    problems.optional('tryPath', attrs.tryPath, limits.gatewayPath);
    problems.throwIfAny();

    const product = new DataAzapiResource(this, 'Default', {
      type: PRODUCT,
      resourceId: `${attrs.instance.instanceId}/products/${attrs.productId}`,
      responseExportValues: { ...REGISTRATION_EXPORTS, authenticationType: 'properties.authenticationType' },
      lifecycle: {
        postcondition: [
          {
            condition: tryOr(expressionOf`contains(self.output.authenticationType, "application-token")`, false),
            errorMessage: literal(
              `Application based access is off for product ${attrs.productId}: switch it on where the product is declared.`,
            ),
          },
        ],
      },
    });
    this.instance = attrs.instance;
    this.productId = attrs.productId;
    this.resourceId = product.id;
    this.displayName = attrs.displayName;
    this.tryPath = attrs.tryPath;
    this.registration = new ApimManagedRegistration(this, attrs.displayName, product);
    // What is read is known in every plan, though another stack edits the product.
    productTies.keep(this, { followsProduct: false, isAlwaysRegistered: false, beforeClients: [] });
  }

  public get applicationId(): string {
    return this.registration.applicationId;
  }

  public get audience(): string {
    return this.registration.audience;
  }

  public get scope(): string {
    return this.registration.scope;
  }

  public get appRoleValue(): string {
    return this.registration.appRoleValue;
  }

  public get appRoleId(): string {
    return this.registration.appRoleId;
  }

  public get servicePrincipalId(): string {
    return this.registration.servicePrincipalId;
  }
}
