import { IResolvable, ITerraformDependable, Token } from 'cdktf';
import { Construct } from 'constructs';
import { APIM_SERVICE } from '../azapi/arm-types';
import { DataAzapiResource } from '../azapi/data-azapi-resource';
import { expression, expressionOf } from '../terraform/expression';
import { conditional } from '../terraform/hcl';

/** What Azure answers of an instance's system-assigned identity, for `response_export_values`. */
export const IDENTITY_EXPORTS = { principalId: 'identity.principalId', tenantId: 'identity.tenantId' };

/** A system-assigned identity by its ids in Entra, both GUIDs. */
export interface SystemAssignedIdentity {
  readonly principalId: string;
  readonly tenantId: string;
}

/** What is known of an identity during plan; null, or an error that `try` turns into null, where it is switched off. */
export interface KnownIdentity {
  readonly principalId: unknown;
  readonly tenantId: unknown;
}

/** Whether an identity is switched off, as Terraform knows it during plan. */
export function isSwitchedOff(known: KnownIdentity): IResolvable {
  return expressionOf`try(coalesce(${known.principalId}), null) == null`;
}

/**
 * The identity as it is once the apply has switched it on.
 *
 * Where it is on already, its ids are known during plan, and no edit of the instance makes them unknown: the directory
 * role that depends on them is not replaced. Where it is off, Terraform would take the missing id for null and refuse
 * the plan. The ids are read after the apply has switched it on instead; `timestamp()`, which is unknown during plan,
 * delays the reading.
 */
export function identityAfterApply(
  scope: Construct,
  props: { readonly resourceId: string; readonly known: KnownIdentity; readonly dependsOn?: ITerraformDependable[] },
): SystemAssignedIdentity {
  const { known, resourceId } = props;
  const knownAfterApply = expressionOf`join("", [${resourceId}, substr(timestamp(), 0, 0)])`;
  const after = new DataAzapiResource(scope, 'identity-after', {
    type: APIM_SERVICE,
    resourceId: Token.asString(conditional(isSwitchedOff(known), knownAfterApply, resourceId)),
    responseExportValues: IDENTITY_EXPORTS,
    dependsOn: props.dependsOn,
  });
  const idOf = (name: keyof SystemAssignedIdentity): string =>
    expression`coalesce(try(${known[name]}, null), ${after.output(name)})`;
  return { principalId: idOf('principalId'), tenantId: idOf('tenantId') };
}
