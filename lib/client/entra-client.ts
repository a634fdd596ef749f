import { IResolvable, TerraformStack } from 'cdktf';
import { ClientCredential } from './client-credential';
import { BoundRegistration, RegisteredClient } from './registered-client';
import { literal } from '../terraform/expression';
import * as limits from '../validation/limits';
import { sourceLine } from '../terraform/source-line';
import { late } from '../terraform/late';
import { addressOf } from '../terraform/rendering';
import { TerraformDataBlock } from '../terraform/terraform-data-block';
import { IOAuthProduct } from '../product/oauth-product-reference';
import { deployerOf } from '../azuread/deployer';
import { EntraBlock } from '../azuread/entra-block';
import { followsProduct } from '../product/product-registration';

/** What a client application of one's own is made with. */
export interface EntraClientProps {
  readonly credentials: ClientCredential[];
  readonly owners?: string[];
}

/** A client application that Terraform owns, assigned the app role of each product that it may call. */
export class EntraClient implements BoundRegistration {
  public readonly clientId: string;
  public readonly tenantId: string;
  private readonly principal: EntraBlock;
  private readonly manifests: { [name: string]: unknown }[];
  private assignments?: EntraBlock;
  private unfollowingAssignments?: EntraBlock;

  public constructor(
    private readonly client: RegisteredClient,
    props: EntraClientProps,
  ) {
    const { scope } = client;
    const deployer = deployerOf(scope);
    const owners = props.owners ?? [deployer.objectId];
    const leaveOwners = props.owners === undefined ? { lifecycle: { ignoreChanges: ['owners'] } } : {};
    const source = sourceLine();
    const application = new EntraBlock(scope, 'Default', {
      type: 'azuread_application',
      attributes: {
        display_name: literal(`APIMApplication${client.displayName}`),
        description: client.description === undefined ? undefined : literal(client.description),
        notes: client.ownerUserId === undefined ? undefined : `Owner in API Management: ${client.ownerUserId}`,
        sign_in_audience: 'AzureADMyOrg',
        owners,
        required_resource_access: late(() => this.permissions()),
        '//': source === undefined ? undefined : { source },
      },
      ...leaveOwners,
    });
    this.clientId = application.attribute('client_id');
    this.tenantId = deployer.tenantId;
    this.principal = new EntraBlock(scope, 'service-principal', {
      type: 'azuread_service_principal',
      attributes: { client_id: this.clientId, owners },
      ...leaveOwners,
    });
    const { clientId, tenantId } = this;
    this.manifests = props.credentials.map(
      (credential) =>
        credential._bind({ scope, id: credential._name, applicationId: application.id, clientId, tenantId }).manifest,
    );
  }

  /** One resource for all assignments, keyed by product; another for those that must not follow an edited product. */
  public granted(): void {
    const has = (follows: boolean): boolean =>
      [...this.client.grants.values()].some((product) => followsProduct(product) === follows);
    if (has(false)) {
      this.assignments ??= this.declareAssignments('grants', false);
    }
    if (has(true)) {
      this.unfollowingAssignments ??= this.declareAssignments('apim-managed-grants', true);
    }
  }

  public problemOfGrantId(id: string): string | undefined {
    return limits.appRoleAssignmentId(id);
  }

  public importGrant(key: string, id: string): void {
    const product = this.client.grants.get(key)!;
    (followsProduct(product) ? this.unfollowingAssignments : this.assignments)?.importInstance(key, id);
  }

  public credential(): { [name: string]: unknown } {
    const [first, ...others] = this.manifests;
    return others.length === 0 ? first : { ...first, others };
  }

  /**
   * A product that API Management registered tells its ids only in its answer, which Terraform takes for unknown whenever
   * the product is edited; without `ignore_changes` its clients would lose and regain access then. The product's resource
   * id is known as long as the product is not made anew, and so tells when its clients must be assigned anew.
   */
  private declareAssignments(id: string, follows: boolean): EntraBlock {
    const products = follows ? this.rememberProducts() : undefined;
    return new EntraBlock(this.client.scope, id, {
      type: 'azuread_app_role_assignment',
      instances: late(() => this.roles(follows)),
      attributes: {
        app_role_id: '${each.value.role}',
        resource_object_id: '${each.value.resource}',
        principal_object_id: this.principal.attribute('object_id'),
      },
      lifecycle: products && {
        ignoreChanges: ['app_role_id', 'resource_object_id'],
        replaceTriggeredBy: [`${addressOf(products)}[each.key]`],
        precondition: [
          {
            condition: '${each.value.role != null && each.value.resource != null}',
            errorMessage:
              'The application of product ${each.key} in Entra has no enabled app role, or no service principal: the client cannot be granted the product. Mend the registration, or remove the product from the client.',
          },
        ],
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

  /** What the application says that it needs, for those who review it in Entra. */
  private permissions(): unknown[] | IResolvable {
    return [...this.client.grants.values()].map((product) => ({
      resource_app_id: product.applicationId,
      resource_access: [{ id: product.appRoleId, type: 'Role' }],
    }));
  }
}
