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

/** Stands for an id that is null. */
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

  /** Another resource holds those that must not follow an edited product. */
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
    // Terraform's own block takes any id. Of another stack's product it keeps a value, which an import does not know.
    if (this.isOfThisStack(product)) {
      this.products?.importInstance(key, key);
    }
  }

  /**
   * A product that API Management registered tells its ids only in its answer, which Terraform takes for unknown whenever
   * the product is edited; without `ignore_changes` its clients would lose and regain access then.
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
   * Says when a product was replaced and its clients must be assigned again. Terraform knows the product's resource id in a
   * plan unless the product is replaced, and so the value is null or unknown. Null is what the state of an imported block has
   * as well, so that a grant has the same address whether it was imported or not. The hash is never empty, and of
   * the id itself Terraform may know how it begins; a conditional would give null a type, which an import has not. What another stack tells is known in every plan, and a product that was replaced there
   * has the same resource id: of it the application's id is kept.
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
