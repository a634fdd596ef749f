import { IResolvable } from 'cdktf';
import { ClientCredential } from './client-credential';
import { AssignedClient } from './assigned-client';
import { RegisteredClient } from './registered-client';
import { IOAuthProduct } from '../product/oauth-product-reference';
import { isAlwaysRegistered } from '../product/product-registration';
import { expression, literal } from '../terraform/expression';
import { recordSource } from '../terraform/source-line';
import { late } from '../terraform/late';
import { deployerOf } from '../azuread/deployer';
import { EntraBlock } from '../azuread/entra-block';
import { NIL, RoleAssignments } from './role-assignments';

/** Settings of a client application that Terraform owns. */
export interface EntraClientProps {
  readonly credentials: ClientCredential[];
  readonly owners?: string[];
}

/**
 * An id that is null if API Management's registration has no such object. The provider would fail every plan and every
 * destroy with null; with the nil id only a plan fails, with the message of the grant.
 */
function orNil(product: IOAuthProduct, id: string): string {
  return isAlwaysRegistered(product) ? id : expression`coalesce(${id}, ${NIL})`;
}

/** A client application that Terraform owns, assigned the app role of each product that it may call. */
export class EntraClient extends AssignedClient {
  public readonly clientId: string;
  public readonly tenantId: string;
  protected readonly assignments: RoleAssignments;
  private readonly manifests: { [name: string]: unknown }[];

  public constructor(
    private readonly client: RegisteredClient,
    props: EntraClientProps,
  ) {
    super();
    const { scope } = client;
    const deployer = deployerOf(scope);
    const owners = props.owners ?? [deployer.objectId];
    const leaveOwners = props.owners === undefined ? { lifecycle: { ignoreChanges: ['owners'] } } : {};
    const application = new EntraBlock(scope, 'Default', {
      type: 'azuread_application',
      attributes: {
        display_name: literal(`APIMApplication${client.displayName}`),
        description: client.description === undefined ? undefined : literal(client.description),
        notes: client.ownerUserId === undefined ? undefined : `Owner in API Management: ${client.ownerUserId}`,
        sign_in_audience: 'AzureADMyOrg',
        owners,
        required_resource_access: late(() => this.permissions()),
      },
      ...leaveOwners,
    });
    recordSource(application, client.source);
    this.clientId = application.attribute('client_id');
    this.tenantId = deployer.tenantId;
    const principal = new EntraBlock(scope, 'service-principal', {
      type: 'azuread_service_principal',
      attributes: { client_id: this.clientId, owners },
      ...leaveOwners,
    });
    this.assignments = new RoleAssignments(client, principal.attribute('object_id'));
    const { clientId, tenantId } = this;
    this.manifests = props.credentials.map(
      ({ _name: id, _source: source, _bind: bind }) =>
        bind({ scope, id, source, applicationId: application.id, clientId, tenantId }).manifest,
    );
  }

  public credential(): { [name: string]: unknown } {
    const [first, ...others] = this.manifests;
    return others.length === 0 ? first : { ...first, others };
  }

  /** The permissions that the application declares, for people who review it in Entra. */
  private permissions(): unknown[] | IResolvable {
    return [...this.client.grants.values()].map((product) => ({
      resource_app_id: orNil(product, product.applicationId),
      resource_access: [{ id: orNil(product, product.appRoleId), type: 'Role' }],
    }));
  }
}
