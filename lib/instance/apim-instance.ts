import { ITerraformDependable } from 'cdktf';
import { IConstruct } from 'constructs';
import { ApimSku } from './apim-sku';

/** An API Management instance, made here or elsewhere. */
export interface IApimInstance extends IConstruct {
  /** Name of the instance. */
  readonly instanceName: string;

  /** Azure resource id of the instance. */
  readonly instanceId: string;

  /** Name of the resource group that the instance lies in. */
  readonly resourceGroupName: string;

  /** Object id of the system-assigned identity in Entra, a GUID. */
  readonly principalId: string;

  /** Entra tenant of the identity, a GUID. */
  readonly tenantId: string;

  /** URL of the gateway, `https://<name>.azure-api.net` unless a domain of one's own is set. */
  readonly gatewayUrl: string;

  /** URL of the developer portal. */
  readonly developerPortalUrl: string;

  /**
   * What must be created before API Management registers applications, and destroyed after them: the assignment of the
   * directory role. Undefined where another stack owns it.
   */
  readonly directoryRoleAssignment?: ITerraformDependable;

  /** Tier and units; undefined where this program does not know them. */
  readonly sku?: ApimSku;

  /** Azure region as it was given; undefined where this program does not know it. */
  readonly location?: string;
}
