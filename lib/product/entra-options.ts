import { Token } from 'cdktf';
import * as limits from '../validation/limits';
import { Problems, refuse } from '../validation/problems';
import * as shapes from '../validation/shapes';

/** Settings of an Entra application that Terraform owns. */
export interface EntraApplicationOptions {
  /**
   * Object ids of the owners, GUIDs: one or more, without duplicates.
   * @default - the identity that creates it, and changes of the owners are ignored. An identity with
   * `Application.ReadWrite.OwnedBy` can only change applications that it owns.
   */
  readonly owners?: string[];

  /**
   * Reference into a service or asset database, which some tenants require.
   * @default - none
   */
  readonly serviceManagementReference?: string;

  /**
   * The accounts that can get tokens: `AzureADMyOrg` or `AzureADMultipleOrgs`.
   * @default AzureADMyOrg
   */
  readonly signInAudience?: string;

  /**
   * Refuse to create the application if the tenant has one of the same name. Note that two instances of one tenant
   * usually have products of the same name.
   * @default false
   */
  readonly preventDuplicateNames?: boolean;

  /**
   * Value of the app role, which tokens carry in `roles`: at most 120 characters, letters, digits and
   * ``:!#$%&'()*+,-./;=?@[]^_`{|}~``, not beginning with a full stop. A change affects the clients' tokens.
   * @default - `Product.<product id>.All`
   */
  readonly appRoleValue?: string;

  /**
   * An existing registration to import instead of making a new one: made by hand, or by API Management if the product
   * changes from `apimManaged()`.
   * @default - a new one is made
   */
  readonly adopt?: AdoptedRegistration;
}

/** An existing registration in Entra. */
export interface AdoptedRegistration {
  /** Application (client) id, a GUID. */
  readonly clientId: string;

  /** Object id of the application, a GUID. */
  readonly applicationObjectId: string;

  /** Object id of its service principal, a GUID. */
  readonly servicePrincipalObjectId: string;

  /** Id of its app role, a GUID. It is kept, since assignments depend on it. */
  readonly appRoleId: string;
}

const AUDIENCES = ['AzureADMyOrg', 'AzureADMultipleOrgs'];

const signInAudience: limits.Check<string> = (value) =>
  Token.isUnresolved(value) || AUDIENCES.includes(value)
    ? undefined
    : `must be ${AUDIENCES.join(' or ')}, got ${limits.shown(value)}`;

/** Object ids of owners: one or more GUIDs, without duplicates. */
export const owners = limits.listOf(limits.guid, { least: 1, ignoreCase: true });

/** Characters that Graph allows in the value of an app role; it may not begin with a full stop. */
const ROLE_VALUE = /^(?!\.)[A-Za-z0-9:!#$%&'()*+,\-./;=?@[\]^_`{|}~]{1,120}$/;

/** The value of a product's app role as Graph takes it. */
export const appRoleValue = limits.matching(
  ROLE_VALUE,
  "have at most 120 characters, letters, digits and :!#$%&'()*+,-./;=?@[]^_`{|}~ only, and not begin with a full stop",
);

/** Throws what is wrong with the options, all at once. */
export function checkEntraOptions(where: string, options: EntraApplicationOptions): void {
  const problems = new Problems(where);
  refuse(where, 'options', shapes.settings(options));
  problems.optional('owners', options.owners, owners);
  problems.optional('serviceManagementReference', options.serviceManagementReference, limits.textOf(1, 256));
  problems.optional('appRoleValue', options.appRoleValue, appRoleValue);
  problems.optional('signInAudience', options.signInAudience, signInAudience);
  problems.optional('preventDuplicateNames', options.preventDuplicateNames, shapes.flag);
  const { adopt } = options;
  if (problems.optional('adopt', adopt, shapes.settings)) {
    problems.add('adopt.clientId', limits.guid(adopt.clientId));
    problems.add('adopt.applicationObjectId', limits.guid(adopt.applicationObjectId));
    problems.add('adopt.servicePrincipalObjectId', limits.guid(adopt.servicePrincipalObjectId));
    problems.add('adopt.appRoleId', limits.guid(adopt.appRoleId));
  }
  problems.throwIfAny();
}

/** A copy of the options, so that later changes of the caller's lists have no effect. */
export function copyOf<T extends EntraApplicationOptions>(options: T): T {
  return { ...options, owners: options.owners && [...options.owners], adopt: options.adopt && { ...options.adopt } };
}
