import { ITerraformDependable, Token } from 'cdktf';
import { Construct } from 'constructs';
import { expression, literal } from '../terraform/expression';
import { stableKey } from '../instance/instance-identity';
import { stableUuid } from '../names/uuid';
import { PolicyElement } from '../policy/policy-xml';
import * as limits from '../validation/limits';
import { AuthorizedProduct } from './authorization-kind';
import { importObject } from '../terraform/import-block';
import { requireTerraform } from '../terraform/required-version';
import { deployerOf } from '../azuread/deployer';
import { EntraBlock } from '../azuread/entra-block';
import { EntraApplicationOptions } from './entra-options';
import { tokenForProduct } from './product-policy';
import { ProductRegistration } from './product-registration';

/** A product's registration that Terraform owns, what it needs to be made. */
interface OwnRegistrationProps {
  readonly displayName: string;
  readonly appRoleId: string;
  readonly appRoleValue: string;
  readonly options: EntraApplicationOptions;
}

/** Name of a product's registration, as API Management forms it. */
function registrationNameOf(displayName: string): string {
  return `APIMProductApplication${displayName}`;
}

/** Entra's application is called after the product. */
export function problemOfRegistrationName(displayName: string): string | undefined {
  const name = limits.textOf(1, 256)(registrationNameOf(displayName));
  return name && `the application name made from it ${name}; choose a shorter one`;
}

/**
 * The registration of a product, with an app role that stays as it is when the product is renamed: its id and its value
 * are made from the product's id.
 */
export function ownRegistration(product: AuthorizedProduct, options: EntraApplicationOptions): OwnRegistration {
  const { scope, instance, productId, displayName } = product;
  return new OwnRegistration(scope, {
    displayName,
    appRoleId:
      options.adopt?.appRoleId ?? stableUuid('app role', stableKey(instance), stableProductKey(scope, productId)),
    appRoleValue: options.appRoleValue ?? `Product.${productId}.All`,
    options,
  });
}

/** Validates a token for the product's own application and role. */
export function tokenOfRegistration(product: AuthorizedProduct, registration: OwnRegistration): PolicyElement {
  return tokenForProduct({
    tenantId: deployerOf(product.scope).tenantId,
    applicationId: registration.applicationId,
    appRoleValue: registration.appRoleValue,
  });
}

/** The text of a token differs between machines; the path of the product does not. */
function stableProductKey(scope: Construct, productId: string): string {
  return Token.isUnresolved(productId) ? scope.node.path : productId;
}

/**
 * The registration of a product, owned by Terraform and shaped as API Management would have made it: one app role for
 * applications, an identifier URI that contains the application's id, and a service principal, without which no token is
 * issued, that wants each client to be assigned.
 */
export class OwnRegistration implements ProductRegistration {
  public readonly applicationId: string;
  public readonly audience: string;
  public readonly scope: string;
  public readonly appRoleValue: string;
  public readonly appRoleId: string;
  public readonly servicePrincipalId: string;
  public readonly followsProduct = false;
  public readonly isAlwaysThere = true;
  /** What must exist before the product points at the registration. */
  public readonly ready: ITerraformDependable;

  public constructor(scope: Construct, props: OwnRegistrationProps) {
    const { options } = props;
    const given = options.owners;
    const owners = given ?? [deployerOf(scope).objectId];
    this.appRoleValue = props.appRoleValue;
    this.appRoleId = props.appRoleId;
    const leaveOwners = given === undefined ? ['owners'] : [];
    const application = new EntraBlock(scope, 'application', {
      type: 'azuread_application',
      attributes: {
        display_name: literal(registrationNameOf(props.displayName)),
        sign_in_audience: options.signInAudience ?? 'AzureADMyOrg',
        prevent_duplicate_names: options.preventDuplicateNames ?? false,
        service_management_reference: options.serviceManagementReference && literal(options.serviceManagementReference),
        owners,
        app_role: [
          {
            id: this.appRoleId,
            allowed_member_types: ['Application'],
            display_name: literal(this.appRoleValue),
            description: literal(`Access to product ${props.displayName}`),
            value: literal(this.appRoleValue),
            enabled: true,
          },
        ],
      },
      // The URI is a separate block, since it contains the application's id; here it would be removed on every plan.
      lifecycle: { ignoreChanges: ['identifier_uris', ...leaveOwners] },
    });
    this.applicationId = application.attribute('client_id');
    const principal = new EntraBlock(scope, 'service-principal', {
      type: 'azuread_service_principal',
      attributes: { client_id: this.applicationId, app_role_assignment_required: true, owners },
      lifecycle: leaveOwners.length > 0 ? { ignoreChanges: leaveOwners } : undefined,
    });
    const uri = new EntraBlock(scope, 'identifier-uri', {
      type: 'azuread_application_identifier_uri',
      attributes: { application_id: application.id, identifier_uri: `api://${this.applicationId}` },
    });
    this.servicePrincipalId = principal.attribute('object_id');
    this.audience = uri.attribute('identifier_uri');
    this.scope = `${this.audience}/.default`;
    this.ready = principal;
    const { adopt } = options;
    if (adopt !== undefined) {
      importObject(application, `/applications/${adopt.applicationObjectId}`);
      importObject(principal, `/servicePrincipals/${adopt.servicePrincipalObjectId}`);
      importObject(
        uri,
        `/applications/${adopt.applicationObjectId}/identifierUris/${inBase64(`api://${adopt.clientId}`)}`,
      );
      // Import blocks take references since 1.6.
      if (Object.values(adopt).some((id) => Token.isUnresolved(id))) {
        requireTerraform(scope, '1.6');
      }
    }
  }
}

/** Terraform itself encodes what is known to it alone. */
function inBase64(text: string): string {
  return Token.isUnresolved(text) ? expression`base64encode(${text})` : Buffer.from(text).toString('base64');
}
