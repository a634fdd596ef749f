import { ITerraformDependable } from 'cdktf';
import { IConstruct } from 'constructs';

/** What is known of a product's application in Entra, whoever registered it. Read once, and only what is used. */
export interface ProductRegistration {
  /** Application (client) id, a GUID. */
  readonly applicationId: string;
  /** Audience of tokens, `api://<application id>`. */
  readonly audience: string;
  /** Scope to ask a token for, `<audience>/.default`. */
  readonly scope: string;
  /** Value of the app role, which tokens carry in `roles`. */
  readonly appRoleValue: string;
  /** Id of the app role, a GUID. */
  readonly appRoleId: string;
  /** Object id of the application's service principal, a GUID. */
  readonly servicePrincipalId: string;
  /**
   * Whether the values become unknown whenever the product is edited, because they are read from its answer. What hangs
   * on them would then be replaced.
   */
  readonly followsProduct: boolean;
}

const registrations = new WeakMap<IConstruct, ProductRegistration>();

/** Keeps how a product is registered, for clients that are assigned its role. */
export function rememberRegistration(product: IConstruct, registration: ProductRegistration): void {
  registrations.set(product, registration);
}

/** Whether what is known of a product's registration becomes unknown whenever the product is edited. */
export function followsProduct(product: IConstruct): boolean {
  return registrations.get(product)?.followsProduct ?? false;
}

const prerequisites = new WeakMap<IConstruct, ITerraformDependable[]>();

/** Keeps what must exist before a product can be linked, where its id does not say so. */
export function rememberPrerequisites(product: IConstruct, dependencies: ITerraformDependable[]): void {
  prerequisites.set(product, dependencies);
}

/** What must exist before a product can be linked, besides what its id refers to. */
export function prerequisitesOf(product: IConstruct): ITerraformDependable[] {
  return prerequisites.get(product) ?? [];
}
