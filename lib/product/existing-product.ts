import { ApiManagementProduct } from '@cdktf/provider-azurerm/lib/api-management-product';
import { TerraformResource, TerraformStack, Token } from 'cdktf';
import { Construct } from 'constructs';
import { isMadeHere } from '../instance/instance-identity';
import { sourceLine } from '../terraform/source-line';
import * as limits from '../validation/limits';
import { Problems } from '../validation/problems';
import * as shapes from '../validation/shapes';
import { AuthorizationKind, BoundAuthorization } from './authorization-kind';
import { declareExistingProductSetting } from './existing-product-setting';
import { ExistingOAuthProductProps } from './product-options';
import { declarePolicy, placeOf, ProductBlocks, ProductSource, stateOf, textProperties } from './product-source';

/** Settings of azurerm's own product in the program. */
type AzurermProduct = TerraformResource & Pick<ApiManagementProduct, 'subscriptionRequiredInput'>;

/** Products that azurerm deletes as soon as it has made an instance. */
const SAMPLES = ['starter', 'unlimited'];

/** A product that something else made: its setting is written, and restored when the construct is destroyed. */
export class ExistingProduct implements ProductSource {
  public readonly productId: string;
  public readonly apiNames: string[] = [];
  public readonly acceptSubscriptionKey: boolean;
  /** It is not known which APIs others have linked. */
  public readonly exclusiveApis = false;

  public constructor(
    public readonly settings: ExistingOAuthProductProps,
    private readonly kind: AuthorizationKind,
  ) {
    this.productId = settings.productId;
    this.acceptSubscriptionKey = settings.acceptSubscriptionKey ?? true;
  }

  public check(product: Construct, problems: Problems): void {
    const { instance, productId, managedBy } = this.settings;
    const problem = limits.productId(productId);
    problems.add('productId', problem);
    if (problem === undefined && managedBy === undefined && isSampleOfMadeInstance(instance, productId)) {
      problems.add(
        'productId',
        `azurerm deletes API Management's sample products once it has made the instance, got ${limits.shown(productId)}; declare it with new OAuthProduct`,
      );
    }
    this.checkManager(product, problems);
  }

  public declare(product: Construct, bound: BoundAuthorization): ProductBlocks {
    const { settings } = this;
    const place = placeOf(settings.instance, this.productId, { createBeforeDestroy: true });
    // A policy that validates tokens by itself is created before the product stops requiring keys, and destroyed after
    // it requires them again.
    const before = bound.validatesOwnToken ? declarePolicy(product, this, bound, place) : undefined;
    const setting = declareExistingProductSetting(product, {
      instance: settings.instance,
      productId: this.productId,
      displayName: settings.displayName,
      kind: this.kind.name,
      access: bound.properties,
      others: {
        ...textProperties(settings),
        state: settings.published === undefined ? undefined : stateOf(settings.published),
      },
      exports: bound.exports,
      retry: bound.retry,
      dependsOn: before === undefined ? bound.dependsOn : [...bound.dependsOn, before],
      managedBy: settings.managedBy,
      source: sourceLine(),
    });
    const after = bound.validatesOwnToken ? before : declarePolicy(product, this, bound, place, [setting.written]);
    return {
      // The product's own id: that of the setting is unknown whenever the setting is replaced, and grants would be
      // replaced as well.
      id: `${settings.instance.instanceId}/products/${this.productId}`,
      name: this.productId,
      output: (name) => setting.written.output(name),
      beforeApis: [setting.written, ...(after === undefined ? [] : [after])],
      beforeClients: [setting.written, ...setting.closing],
    };
  }

  private checkManager(product: Construct, problems: Problems): void {
    const { managedBy } = this.settings;
    const problem = managedBy === undefined ? undefined : shapes.resource(managedBy);
    problems.add('managedBy', problem);
    if (managedBy === undefined || problem !== undefined) {
      return;
    }
    if (managedBy.cdktfStack !== TerraformStack.of(product)) {
      problems.add('managedBy', `must be a resource of the same stack, got ${managedBy.node.path}; leave it out`);
    }
    if (managedBy.terraformResourceType === ApiManagementProduct.tfResourceType) {
      this.checkAzurermProduct(managedBy as AzurermProduct, problems);
    }
  }

  /** azurerm writes all properties that it knows whenever it writes a product, and shows other values as a change. */
  private checkAzurermProduct(managedBy: AzurermProduct, problems: Problems): void {
    if (this.kind.enforcedBy === 'policy') {
      problems.add(
        'managedBy',
        `cannot be ${managedBy.node.path} with ProductAuthorization.gatewayPolicy(): azurerm makes the product open before its policy is there, or requires a key besides the token; declare the product with new OAuthProduct`,
      );
    } else if (!this.acceptSubscriptionKey) {
      problems.add(
        'managedBy',
        `cannot be ${managedBy.node.path} where keys are refused: whenever azurerm writes the product it takes keys again, or nothing at all; leave out acceptSubscriptionKey or declare the product with new OAuthProduct`,
      );
    } else if (managedBy.subscriptionRequiredInput === false) {
      problems.add(
        'managedBy',
        `must require a subscription, got subscriptionRequired false for ${managedBy.node.path}: whenever azurerm writes the product it would be open; set it to true`,
      );
    }
    for (const name of ['description', 'terms', 'published'] as const) {
      if (this.settings[name] !== undefined) {
        problems.add(name, `belongs to ${managedBy.node.path}, which manages the product; give it there`);
      }
    }
  }
}

function isSampleOfMadeInstance(instance: ExistingOAuthProductProps['instance'], productId: string): boolean {
  return !Token.isUnresolved(productId) && SAMPLES.includes(productId.toLowerCase()) && isMadeHere(instance);
}
