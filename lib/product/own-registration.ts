import { ITerraformDependable, Token } from 'cdktf';
import { Construct } from 'constructs';
import { expression, literal } from '../terraform/expression';
import { withoutBlanks } from '../names/names';
import { importObject } from '../terraform/import-block';
import { requireTerraform } from '../terraform/required-version';
import { deployerOf } from '../azuread/deployer';
import { EntraBlock } from '../azuread/entra-block';
import { EntraApplicationOptions } from './entra-options';
import { ProductRegistration } from './product-registration';

/** A product's registration that Terraform owns, what it needs to be made. */
export interface OwnRegistrationProps {
  readonly displayName: string;
  readonly appRoleId: string;
  readonly options: EntraApplicationOptions;
}

/** Value of the app role of a product's registration, as API Management forms it. */
export function appRoleValueOf(displayName: string): string {
  return `Product.${withoutBlanks(displayName)}.All`;
}

/** Name of a product's registration, as API Management forms it. */
export function registrationNameOf(displayName: string): string {
  return `APIMProductApplication${displayName}`;
}

/**
 * The registration of a product, owned by Terraform and shaped as API Management would have made it: one app role for
 * applications, an identifier URI that holds the application's id, and a service principal, without which no token is
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
  /** What must exist before the product points at the registration. */
  public readonly ready: ITerraformDependable;

  public constructor(scope: Construct, props: OwnRegistrationProps) {
    const { options } = props;
    const given = options.owners;
    const owners = given ?? [deployerOf(scope).objectId];
    this.appRoleValue = appRoleValueOf(props.displayName);
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
      // The URI is a block of its own, since it holds the application's id; here it would be removed on every plan.
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
