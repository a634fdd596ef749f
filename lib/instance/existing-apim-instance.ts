import { DataAzurermClientConfig } from '@cdktf/provider-azurerm/lib/data-azurerm-client-config';
import { IResolvable, ITerraformDependable, Token } from 'cdktf';
import { Construct } from 'constructs';
import { IApimInstance } from './apim-instance';
import { APIM_SERVICE } from '../azapi/arm-types';
import { DataAzapiResource } from '../azapi/data-azapi-resource';
import { EphemeralAzapiResourceAction } from '../azapi/ephemeral-azapi-resource-action';
import { DirectoryRole } from './directory-role';
import { assignDirectoryRole } from './directory-role-assignment';
import { rememberInstance } from './instance-identity';
import {
  IDENTITY_EXPORTS,
  identityAfterApply,
  isSwitchedOff,
  SystemAssignedIdentity,
} from './system-assigned-identity';
import { expressionOf } from '../terraform/expression';
import { allOf, conditional, mapFor, object, tryOr } from '../terraform/hcl';
import * as limits from '../validation/limits';
import { Problems, refuse } from '../validation/problems';
import * as shapes from '../validation/shapes';
import { problemOfId } from '../validation/construct-id';
import { inFramework } from '../validation/framework';

/** The instance that `ApimInstanceWithIdentity.fromExisting` reads, and what it adds. */
export interface ExistingApimInstanceAttributes {
  /** Name of the instance. */
  readonly name: string;

  /** Resource group of the instance. */
  readonly resourceGroupName: string;

  /**
   * Switch the system-assigned identity on. User-assigned identities stay. The identity stays when the construct is
   * destroyed.
   * @default false - the instance already has one; if not, the plan fails
   */
  readonly enableIdentity?: boolean;

  /**
   * Directory role to assign to the identity. Only one stack owns the assignment; leave it out if another one does.
   * @default - `DirectoryRole.applicationAdministrator()` with `enableIdentity`, otherwise `DirectoryRole.none()`
   */
  readonly directoryRole?: DirectoryRole;
}

/** An instance that this program reads and, on request, gives an identity and a role. */
export class ExistingApimInstance extends Construct implements IApimInstance {
  public readonly instanceName: string;
  public readonly instanceId: string;
  public readonly resourceGroupName: string;
  public readonly principalId: string;
  public readonly tenantId: string;
  public readonly gatewayUrl: string;
  public readonly developerPortalUrl: string;
  public readonly directoryRoleAssignment?: ITerraformDependable;

  public constructor(scope: Construct, id: string, attrs: ExistingApimInstanceAttributes) {
    super(inFramework(scope, id), id);
    refuse(this.node.path, 'attrs', shapes.settings(attrs));
    const { enableIdentity = false } = attrs;
    const problems = new Problems(this.node.path);
    problems.add('id', problemOfId(this));
    problems.add('name', limits.instanceName(attrs.name));
    problems.add('resourceGroupName', limits.resourceGroupName(attrs.resourceGroupName));
    problems.add('enableIdentity', shapes.flag(enableIdentity));
    problems.optional('directoryRole', attrs.directoryRole, shapes.directoryRole);
    problems.throwIfAny();
    const role =
      attrs.directoryRole ?? (enableIdentity ? DirectoryRole.applicationAdministrator() : DirectoryRole.none());
    rememberInstance(this, attrs.name, attrs.resourceGroupName, 'read');

    const instance = this.read(attrs, enableIdentity);
    this.instanceName = instance.getStringAttribute('name');
    this.instanceId = instance.id;
    this.resourceGroupName = attrs.resourceGroupName;
    this.gatewayUrl = instance.output('gatewayUrl');
    this.developerPortalUrl = instance.output('developerPortalUrl');
    const identity = enableIdentity ? this.enableIdentity(instance) : known(instance);
    this.principalId = identity.principalId;
    this.tenantId = identity.tenantId;
    this.directoryRoleAssignment = assignDirectoryRole(this, role, this.principalId);
  }

  /**
   * azurerm's data source would put the access keys of the instance's own management API into the state of every stack that
   * reads the instance.
   */
  private read(attrs: ExistingApimInstanceAttributes, enableIdentity: boolean): DataAzapiResource {
    const { subscriptionId } = new DataAzurermClientConfig(this, 'subscription', {});
    const group = `/subscriptions/${subscriptionId}/resourceGroups/${attrs.resourceGroupName}`;
    const urls = { gatewayUrl: 'properties.gatewayUrl', developerPortalUrl: 'properties.developerPortalUrl' };
    return new DataAzapiResource(this, 'Default', {
      type: APIM_SERVICE,
      resourceId: `${group}/providers/Microsoft.ApiManagement/service/${attrs.name}`,
      responseExportValues: {
        ...urls,
        ...IDENTITY_EXPORTS,
        ...(enableIdentity ? { userAssigned: 'identity.userAssignedIdentities' } : { identityType: 'identity.type' }),
      },
      lifecycle: enableIdentity ? undefined : { postcondition: [HAS_IDENTITY] },
    });
  }

  /**
   * A PATCH of the identity alone: writing the whole instance could lose what a read does not answer. It names the
   * user-assigned identities that are there, since the type without them would drop them.
   *
   * The request is an ephemeral block, so that it follows what the plan has read and not what an earlier apply has sent: it
   * is a PATCH in an apply that found the identity switched off, and reads the instance otherwise.
   */
  private enableIdentity(instance: DataAzapiResource): SystemAssignedIdentity {
    const switchesOn = allOf(expressionOf`terraform.applying`, isSwitchedOff(known(instance)));
    const userAssigned = tryOr(expressionOf`keys(${instance.outputValue('userAssigned')})`, []);
    const patch = new EphemeralAzapiResourceAction(this, 'identity', {
      type: APIM_SERVICE,
      resourceId: this.instanceId,
      method: Token.asString(conditional(switchesOn, 'PATCH', 'GET')),
      body: conditional(switchesOn, object({ identity: switchedOn(userAssigned) }), null),
      openTimeout: '3h',
    });
    return identityAfterApply(this, { resourceId: this.instanceId, known: known(instance), dependsOn: [patch] });
  }
}

/** The identity of an instance, switched on beside its user-assigned ones. Azure refuses an empty list of those. */
function switchedOn(userAssigned: IResolvable): IResolvable {
  const type = conditional(expressionOf`length(${userAssigned}) > 0`, 'SystemAssigned, UserAssigned', 'SystemAssigned');
  const identities = mapFor({ each: 'id', in: expressionOf`ids`, key: expressionOf`id`, value: {} });
  const unlessEmpty = mapFor({
    each: 'ids',
    in: [userAssigned],
    key: 'userAssignedIdentities',
    value: identities,
    when: expressionOf`length(ids) > 0`,
  });
  return expressionOf`merge(${object({ type })}, ${unlessEmpty})`;
}

/** The identity as it was read during plan. */
function known(instance: DataAzapiResource): SystemAssignedIdentity {
  return { principalId: instance.output('principalId'), tenantId: instance.output('tenantId') };
}

const HAS_IDENTITY = {
  condition: tryOr(expressionOf`length(regexall("SystemAssigned", self.output.identityType)) > 0`, false),
  errorMessage: 'The API Management instance has no system-assigned identity: set enableIdentity to switch it on.',
};
