import { TerraformStack } from 'cdktf';
import { EntraBlock } from '../azuread/entra-block';
import { IOAuthProduct } from '../product/oauth-product-reference';
import { followsProduct } from '../product/product-registration';
import { expression } from '../terraform/expression';
import { late } from '../terraform/late';
import { addressOf } from '../terraform/rendering';
import { recordSource } from '../terraform/source-line';
import { TerraformDataBlock } from '../terraform/terraform-data-block';
import { Grant, RegisteredClient } from './registered-client';

/** Used in place of an id that is null. */
export const NIL = '00000000-0000-0000-0000-000000000000';

const REGISTERED = {
  condition: '${each.value.role != null && each.value.resource != null}',
  errorMessage:
    'The application of product ${each.key} in Entra has no enabled app role, or no service principal: the client cannot be granted the product. Mend the registration, or remove the product from the client.',
};

/** The app role assignments of a client: one resource for all, keyed by product. */
export class RoleAssignments {
  private assignments?: EntraBlock;
  private unfollowing?: EntraBlock;
  private products?: TerraformDataBlock;

  public constructor(
    private readonly client: RegisteredClient,
    /** Object id of the client's service principal. */
    private readonly principalId: string,
  ) {}

  /** Assignments that must not follow an edited product are another resource. */
  public granted({ key, product, source }: Grant): void {
    const assignments = followsProduct(product)
      ? (this.unfollowing ??= this.declare('apim-managed-grants', true))
      : (this.assignments ??= this.declare('grants', false));
    recordSource(assignments, source, key);
  }

  public importGrant(key: string, id: string): void {
    const product = this.client.grants.get(key)!;
    if (!followsProduct(product)) {
      this.assignments?.importInstance(key, id);
      return;
    }
    this.unfollowing?.importInstance(key, id);
    // terraform_data takes any id. For a product of another stack it keeps a value, which an import does not know.
    if (this.isOfThisStack(product)) {
      this.products?.importInstance(key, key);
    }
  }

  /**
   * The ids of a product that API Management registered come from its answer, which Terraform treats as unknown
   * whenever the product is edited; without `ignore_changes` its clients would lose and regain access.
   */
  private declare(id: string, follows: boolean): EntraBlock {
    const products = follows ? this.rememberProducts() : undefined;
    return new EntraBlock(this.client.scope, id, {
      type: 'azuread_app_role_assignment',
      instances: late(() => this.roles(follows)),
      attributes: {
        // Null would fail a destroy, which only warns of the precondition.
        app_role_id: `\${coalesce(each.value.role, "${NIL}")}`,
        resource_object_id: `\${coalesce(each.value.resource, "${NIL}")}`,
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

  /**
   * Changes when a product is replaced, so that its clients are assigned again.
   *
   * For a product of this stack the value is null, or unknown in a plan that replaces the product, since Terraform
   * knows the resource id in every other plan. The state of an imported block has null as well, so a grant has the same
   * address whether it was imported or not. The expression uses a hash, since Terraform may know how an unknown id
   * begins, and an index, since a conditional would give null a type, which an import does not have.
   *
   * A product of another stack keeps its resource id when it is replaced, so the value is the id of its application.
   */
  private rememberProducts(): TerraformDataBlock {
    const signOf = (product: IOAuthProduct): string =>
      this.isOfThisStack(product)
        ? expression`[null, "replaced"][sha1(${product.resourceId}) == "" ? 1 : 0]`
        : product.applicationId;
    this.products ??= new TerraformDataBlock(this.client.scope, 'granted-products', {
      instances: late(() => Object.fromEntries(this.granting(true).map(([key, product]) => [key, signOf(product)]))),
      triggersReplace: '${each.value}',
    });
    return this.products;
  }

  private isOfThisStack(product: IOAuthProduct): boolean {
    return TerraformStack.of(product) === TerraformStack.of(this.client.scope);
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
