import { ITerraformDependable } from 'cdktf';
import { IConstruct } from 'constructs';
import { ApimSku } from './apim-sku';

/** An API Management instance, made here or elsewhere. */
export interface IApimInstance extends IConstruct {
  /** Name of the instance. */
  readonly instanceName: string;

  /** Azure resource id of the instance. */
  readonly instanceId: string;

  /** Name of the instance's resource group. */
  readonly resourceGroupName: string;

  /** Object id of the system-assigned identity in Entra, a GUID. */
  readonly principalId: string;

  /** Entra tenant of the identity, a GUID. */
  readonly tenantId: string;

  /** URL of the gateway, `https://<name>.azure-api.net` unless a custom domain is set. */
  readonly gatewayUrl: string;

  /** URL of the developer portal. */
  readonly developerPortalUrl: string;

  /**
   * The assignment of the directory role, which must be created before API Management registers applications and
   * destroyed after them. Undefined if another stack owns it.
   */
  readonly directoryRoleAssignment?: ITerraformDependable;

  /** Tier and units; undefined if this program does not know them. */
  readonly sku?: ApimSku;

  /** Azure region as it was given; undefined if this program does not know it. */
  readonly location?: string;
}
