import { Token } from 'cdktf';
import { Construct } from 'constructs';
import { EntraData } from '../azuread/entra-data';
import { expression, expressionOf } from '../terraform/expression';
import { allOf, listFor, tryOr } from '../terraform/hcl';
import { TerraformCheck } from '../terraform/terraform-check';
import { AnsweredProduct } from './authorization-kind';
import { ProductRegistration } from './product-registration';

/** The values of a product that azapi exports for its registration. */
export const REGISTRATION_EXPORTS = {
  applicationId: 'properties.application.entra.applicationId',
  audience: 'properties.application.entra.audience',
};

/** Whether an app role, `role` in a loop, can be assigned to applications. */
const IS_FOR_APPLICATIONS = allOf(
  expressionOf`role.enabled`,
  expressionOf`contains(role.allowed_member_types, "Application")`,
);

/** Whether the value of an app role is one that API Management gives. */
const IS_OF_PRODUCT = allOf(
  expressionOf`startswith(role.value, "Product.")`,
  expressionOf`endswith(role.value, ".All")`,
);

/**
 * The registration that API Management makes for a product. Everything is read, nothing is computed: it is not documented
 * exactly how the service forms names, and where application based access is off it answers null.
 */
export class ApimManagedRegistration implements ProductRegistration {
  public readonly applicationId: string;
  public readonly audience: string;
  public readonly scope: string;
  public readonly followsProduct = true;
  public readonly isAlwaysThere = false;
  private application?: EntraData;
  private principals?: EntraData;
  private _appRoleValue?: string;
  private _appRoleId?: string;
  private _servicePrincipalId?: string;

  public constructor(
    private readonly scopeOfProduct: Construct,
    private readonly displayName: string,
    product: AnsweredProduct,
  ) {
    this.applicationId = product.output('applicationId');
    const answered = product.output('audience');
    const ofApplication = tryOr(`api://${this.applicationId}`, null);
    this.audience = Token.asString(tryOr(expressionOf`coalesce(${answered}, ${ofApplication})`, null));
    this.scope = Token.asString(tryOr(`${this.audience}/.default`, null));
  }

  public get appRoleValue(): string {
    this._appRoleValue ??= this.ofAppRole('value');
    return this._appRoleValue;
  }

  public get appRoleId(): string {
    this._appRoleId ??= this.ofAppRole('id');
    return this._appRoleId;
  }

  public get servicePrincipalId(): string {
    const { fqn } = this.readPrincipals();
    this._servicePrincipalId ??= expression`one(${fqn}.service_principals[*].object_id)`;
    return this._servicePrincipalId;
  }

  /**
   * Says on every plan when the registration, its service principal or its app role is missing or was changed. Names are
   * not compared in full: the service forms them from a name that the product may have had before. The data sources are
   * outside of the check, which would otherwise keep every later plan non-empty.
   */
  public review(): void {
    const principals = this.readPrincipals().fqn;
    const application = this.readApplication().fqn;
    const hasRoleOfProduct = listFor({
      each: 'role',
      in: expressionOf`${application}.app_roles`,
      value: allOf(IS_FOR_APPLICATIONS, IS_OF_PRODUCT),
    });
    const label = this.displayName;
    new TerraformCheck(this.scopeOfProduct, 'registration-review', [
      {
        condition: expressionOf`${this.applicationId} != null`,
        message: `API Management has registered no application in Entra for product ${label}.`,
      },
      {
        condition: expressionOf`length(${principals}.service_principals) == 1`,
        message: `The application of product ${label} has no service principal in Entra, so that no token can be issued for it.`,
      },
      {
        condition: expressionOf`startswith(${application}.display_name, "APIMProductApplication")`,
        message: `The application of product ${label} in Entra is not called APIMProductApplication and a name: it was renamed or replaced.`,
      },
      {
        condition: expressionOf`anytrue(${hasRoleOfProduct})`,
        message: `The application of product ${label} in Entra has no enabled app role for applications with a value such as Product.<name>.All.`,
      },
    ]);
  }

  private ofAppRole(attribute: 'id' | 'value'): string {
    const roles = expressionOf`${this.readApplication().fqn}.app_roles`;
    const value = attribute === 'id' ? expressionOf`role.id` : expressionOf`role.value`;
    const usable = listFor({ each: 'role', in: roles, value, when: IS_FOR_APPLICATIONS });
    return Token.asString(tryOr(expressionOf`${usable}[0]`, null));
  }

  /** By its id; by its name where the service answers no id, since a data source without either fails. */
  private readApplication(): EntraData {
    this.application ??= new EntraData(this.scopeOfProduct, 'registration', 'azuread_application', {
      client_id: this.applicationId,
      display_name: expression`${this.applicationId} == null ? ${`APIMProductApplication${this.displayName}`} : null`,
    });
    return this.application;
  }

  private readPrincipals(): EntraData {
    this.principals ??= new EntraData(this.scopeOfProduct, 'registration-principal', 'azuread_service_principals', {
      client_ids: expressionOf`compact([${this.applicationId}])`,
      ignore_missing: true,
    });
    return this.principals;
  }
}
