import { TerraformStack } from 'cdktf';
import { EntraBlock } from '../azuread/entra-block';
import { IOAuthProduct } from '../product/oauth-product-reference';
import { followsProduct } from '../product/product-registration';
import { late } from '../terraform/late';
import { addressOf } from '../terraform/rendering';
import { recordSource } from '../terraform/source-line';
import { TerraformDataBlock } from '../terraform/terraform-data-block';
import { Grant, RegisteredClient } from './registered-client';

const REGISTERED = {
  condition: '${each.value.role != null && each.value.resource != null}',
  errorMessage:
    'The application of product ${each.key} in Entra has no enabled app role, or no service principal: the client cannot be granted the product. Mend the registration, or remove the product from the client.',
};

/** The app role assignments of a client: one resource for all, keyed by product. */
export class RoleAssignments {
  private assignments?: EntraBlock;
  private unfollowing?: EntraBlock;

  public constructor(
    private readonly client: RegisteredClient,
    /** Object id of the client's service principal. */
    private readonly principalId: string,
  ) {}

  /** Another resource holds those that must not follow an edited product. */
  public granted({ key, product, source }: Grant): void {
    const assignments = followsProduct(product)
      ? (this.unfollowing ??= this.declare('apim-managed-grants', true))
      : (this.assignments ??= this.declare('grants', false));
    recordSource(assignments, source, key);
  }

  public importGrant(key: string, id: string): void {
    const product = this.client.grants.get(key)!;
    (followsProduct(product) ? this.unfollowing : this.assignments)?.importInstance(key, id);
  }

  /**
   * A product that API Management registered tells its ids only in its answer, which Terraform takes for unknown whenever
   * the product is edited; without `ignore_changes` its clients would lose and regain access then. The product's resource
   * id is known unless the product is replaced, and so tells when its clients must be assigned again.
   */
  private declare(id: string, follows: boolean): EntraBlock {
    const products = follows ? this.rememberProducts() : undefined;
    return new EntraBlock(this.client.scope, id, {
      type: 'azuread_app_role_assignment',
      instances: late(() => this.roles(follows)),
      attributes: {
        app_role_id: '${each.value.role}',
        resource_object_id: '${each.value.resource}',
        principal_object_id: this.principalId,
      },
      lifecycle: {
        ...(products && {
          ignoreChanges: ['app_role_id', 'resource_object_id'],
          replaceTriggeredBy: [`${addressOf(products)}[each.key]`],
        }),
        precondition: [REGISTERED],
      },
    });
  }

  private rememberProducts(): TerraformDataBlock {
    const { scope } = this.client;
    // What another stack tells is known in every plan, and a product that was replaced there has the same resource id.
    const identityOf = (product: IOAuthProduct): string =>
      TerraformStack.of(product) === TerraformStack.of(scope) ? product.resourceId : product.applicationId;
    return new TerraformDataBlock(scope, 'granted-products', {
      instances: late(() =>
        Object.fromEntries(this.granting(true).map(([key, product]) => [key, identityOf(product)])),
      ),
      triggersReplace: '${each.value}',
    });
  }

  private granting(follows: boolean): [string, IOAuthProduct][] {
    return [...this.client.grants].filter(([, product]) => followsProduct(product) === follows);
  }

  private roles(follows: boolean): { [key: string]: { role: string; resource: string } } {
    return Object.fromEntries(
      this.granting(follows).map(([key, product]) => [
        key,
        { role: product.appRoleId, resource: product.servicePrincipalId },
      ]),
    );
  }
}
