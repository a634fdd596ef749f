import { ITerraformDependable, TerraformResourceLifecycle } from 'cdktf';
import { Construct } from 'constructs';
import { PRODUCT_WITHOUT_PREVIEW } from '../azapi/arm-types';
import { AzapiResource } from '../azapi/azapi-resource';
import { AzapiResourceAction } from '../azapi/azapi-resource-action';
import { slug } from '../names/names';
import { literal } from '../terraform/expression';
import { addressOf } from '../terraform/rendering';
import { sourceLine } from '../terraform/source-line';
import * as limits from '../validation/limits';
import { Problems } from '../validation/problems';
import { AuthorizationKind, BoundAuthorization } from './authorization-kind';
import { OAuthProductProps } from './product-options';
import { declarePolicy, placeOf, ProductBlocks, ProductSource, stateOf, textProperties } from './product-source';

/** API Management subscribes the administrator by itself and would refuse to delete the product. */
const DELETE_SUBSCRIPTIONS = { deleteSubscriptions: ['true'] };

/** A product that this program makes, in one request that carries its authentication type. */
export class MadeProduct implements ProductSource {
  public readonly productId: string;
  public readonly apiNames: string[];
  public readonly acceptSubscriptionKey: boolean;
  public readonly exclusiveApis: boolean;

  public constructor(
    public readonly settings: OAuthProductProps,
    private readonly kind: AuthorizationKind,
    constructId: string,
  ) {
    this.productId = settings.productId ?? slug(constructId);
    this.apiNames = settings.apiNames;
    this.acceptSubscriptionKey = settings.acceptSubscriptionKey ?? false;
    this.exclusiveApis = settings.exclusiveApis ?? false;
  }

  public check(product: Construct, problems: Problems): void {
    const { settings, productId } = this;
    if (settings.productId !== undefined) {
      problems.add('productId', limits.productId(settings.productId));
    } else {
      const problem = productId === '' ? 'no letter or digit is left of it' : limits.productId(productId);
      problems.add(
        'productId',
        problem &&
          `cannot be made from the construct's id ${limits.shown(product.node.id)} (${problem}); give productId`,
      );
    }
    problems.add('apiNames', limits.listOf(limits.apiName, { least: 1, ignoreCase: true })(settings.apiNames));
  }

  public declare(product: Construct, bound: BoundAuthorization): ProductBlocks {
    const { settings } = this;
    const made = new AzapiResource(product, 'Default', {
      type: bound.type,
      parentId: settings.instance.instanceId,
      name: this.productId,
      body: {
        properties: {
          displayName: literal(settings.displayName),
          ...textProperties(settings),
          state: stateOf(settings.published ?? true),
          ...bound.properties,
        },
      },
      responseExportValues: bound.exports,
      replaceTriggersExternalValues: this.kind.enforcedBy,
      deleteQueryParameters: DELETE_SUBSCRIPTIONS,
      retry: bound.retry,
      dependsOn: bound.dependsOn,
      source: sourceLine(),
    });
    // Azure deletes the parts of a product with it. A product that is edited in place keeps its id, and its parts are
    // not replaced.
    const lifecycle = { replaceTriggeredBy: [`${addressOf(made)}.id`] };
    const policy = declarePolicy(product, this, bound, placeOf(settings.instance, made.name, lifecycle));
    const before: ITerraformDependable[] = policy === undefined ? [] : [policy];
    if (policy !== undefined && this.kind.enforcedBy === 'policy') {
      before.push(this.deleteBefore(policy, product, made, lifecycle));
    }
    return {
      id: made.id,
      name: made.name,
      output: (name) => made.output(name),
      // No API is reachable through the product before its policy is.
      beforeApis: before,
      beforeClients: [],
      lifecycle,
    };
  }

  /**
   * Deletes the product while its policy is there. Terraform deletes the policy before the product that it refers to: an API
   * that others linked would be open in between, and after a destroy that ended there.
   */
  private deleteBefore(
    policy: ITerraformDependable,
    product: Construct,
    made: AzapiResource,
    lifecycle: TerraformResourceLifecycle,
  ): AzapiResourceAction {
    return new AzapiResourceAction(product, 'delete', {
      type: PRODUCT_WITHOUT_PREVIEW,
      resourceId: made.id,
      method: 'DELETE',
      headers: { 'If-Match': '*' },
      queryParameters: DELETE_SUBSCRIPTIONS,
      when: 'destroy',
      ignoreNotFound: true,
      dependsOn: [policy],
      lifecycle,
    });
  }
}
