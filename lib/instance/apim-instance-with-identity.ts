import { ApiManagement } from '@cdktf/provider-azurerm/lib/api-management';
import { Annotations, ITerraformDependable, Token } from 'cdktf';
import { Construct } from 'constructs';
import { IApimInstance } from './apim-instance';
import { ApimSku } from './apim-sku';
import { DirectoryRole } from './directory-role';
import { assignDirectoryRole, importDirectoryRoleAssignment } from './directory-role-assignment';
import { ExistingApimInstance, ExistingApimInstanceAttributes } from './existing-apim-instance';
import { rememberInstance } from './instance-identity';
import { literal } from '../terraform/expression';
import { importObject } from '../terraform/import-block';
import * as limits from '../validation/limits';
import { Problems, refuse } from '../validation/problems';
import * as shapes from '../validation/shapes';
import { warnOfRegion } from './preview-region';
import { recordSource, sourceLine } from '../terraform/source-line';
import { roleIsUnused } from './role-usage';
import { identityAfterApply } from './system-assigned-identity';
import { problemOfId } from '../validation/construct-id';
import { inFramework } from '../validation/framework';

/** Settings of `ApimInstanceWithIdentity`. */
export interface ApimInstanceWithIdentityProps {
  /** Name of the instance, worldwide unique: a letter, then letters, digits and dashes, at most 50 characters. */
  readonly name: string;

  /** Resource group of the instance. */
  readonly resourceGroupName: string;

  /**
   * Azure region, such as `centraluseuap`. The preview is documented for the early-updates regions `centraluseuap` and
   * `eastus2euap`; another region is a warning, since a subscription can be signed up elsewhere.
   */
  readonly location: string;

  /** Organisation that publishes the APIs, at most 100 characters. */
  readonly publisherName: string;

  /** E-mail address of the publisher, at most 100 characters; it becomes the instance's administrator user. */
  readonly publisherEmail: string;

  /**
   * Tier and units.
   * @default ApimSku.developer()
   */
  readonly sku?: ApimSku;

  /**
   * Directory role of the identity. The deployer must be allowed to assign it: Privileged Role Administrator, or
   * the Graph permission `RoleManagement.ReadWrite.Directory`.
   * @default DirectoryRole.applicationAdministrator()
   */
  readonly directoryRole?: DirectoryRole;

  /**
   * Azure resource ids of further, user-assigned identities of the instance.
   * @default - the system-assigned identity only
   */
  readonly userAssignedIdentityIds?: string[];

  /**
   * Azure tags.
   * @default - none
   */
  readonly tags?: { [name: string]: string };
}

/**
 * An API Management instance with a system-assigned identity, and the directory role with which the identity registers
 * applications in Entra.
 *
 * Source: https://learn.microsoft.com/azure/api-management/applications
 */
export class ApimInstanceWithIdentity extends Construct implements IApimInstance {
  /**
   * An instance that exists already: made by another stack, in the portal or by another tool.
   *
   * Fails when a name is malformed.
   */
  public static fromExisting(scope: Construct, id: string, attrs: ExistingApimInstanceAttributes): IApimInstance {
    return new ExistingApimInstance(scope, id, attrs);
  }

  /** Name of the instance. */
  public readonly instanceName: string;
  /** Azure resource id of the instance. */
  public readonly instanceId: string;
  /** Name of the instance's resource group. */
  public readonly resourceGroupName: string;
  /** Object id of the system-assigned identity in Entra, a GUID. */
  public readonly principalId: string;
  /** Entra tenant of the identity, a GUID. */
  public readonly tenantId: string;
  /** URL of the gateway. */
  public readonly gatewayUrl: string;
  /** URL of the developer portal. */
  public readonly developerPortalUrl: string;
  /** Assignment of the directory role; undefined for `DirectoryRole.none()`. */
  public readonly directoryRoleAssignment?: ITerraformDependable;
  /** Tier and units. */
  public readonly sku?: ApimSku;
  /** Azure region as it was given. */
  public readonly location?: string;

  private readonly role: DirectoryRole;

  /**
   * Declares the instance, its identity and the role.
   *
   * Fails when a name, address, region, tag or identity id is malformed; all mistakes are reported at once.
   */
  public constructor(scope: Construct, id: string, props: ApimInstanceWithIdentityProps) {
    super(inFramework(scope, id), id);
    refuse(this.node.path, 'props', shapes.settings(props));
    const sku = props.sku ?? ApimSku.developer();
    const role = props.directoryRole ?? DirectoryRole.applicationAdministrator();
    this.role = role;
    validate(this, props);
    const identityIds = [...(props.userAssignedIdentityIds ?? [])];
    rememberInstance(this, props.name, props.resourceGroupName, 'made');
    if (role.templateId !== undefined) {
      warnOfRegion(this, 'location', props.location);
    }

    const instance = new ApiManagement(this, 'Default', {
      name: props.name,
      resourceGroupName: props.resourceGroupName,
      location: props.location,
      publisherName: literal(props.publisherName),
      publisherEmail: literal(props.publisherEmail),
      skuName: sku.skuName,
      identity:
        identityIds.length > 0 ? { type: 'SystemAssigned, UserAssigned', identityIds } : { type: 'SystemAssigned' },
      tags: props.tags && literalTags(props.tags),
    });
    recordSource(instance, sourceLine());

    this.instanceName = instance.name;
    this.instanceId = instance.id;
    this.resourceGroupName = props.resourceGroupName;
    const { principalId, tenantId } = instance.identity;
    const identity = identityAfterApply(this, { resourceId: instance.id, known: { principalId, tenantId } });
    this.principalId = identity.principalId;
    this.tenantId = identity.tenantId;
    this.gatewayUrl = instance.gatewayUrl;
    this.developerPortalUrl = instance.developerPortalUrl;
    this.sku = sku;
    this.location = props.location;
    this.directoryRoleAssignment = assignDirectoryRole(this, role, this.principalId);
    if (role.templateId !== undefined) {
      this.node.addValidation({ validate: () => this.warnOfUnusedRole() });
    }
  }

  /**
   * Takes over an instance that exists with its identity, and the assignment of the directory role where its id is
   * given. Where all of it is as it is in Azure, the plan changes nothing. What the construct has no prop for, such as
   * a network or custom domains, is given to `node.defaultChild` by `addOverride`: read the first plan before it
   * is applied.
   *
   * @param resourceId Azure resource id of the instance; malformed is an error
   * @param directoryRoleAssignmentId id of the role assignment in Entra, `/roleManagement/directory/roleAssignments/<id>`;
   * malformed, or with `DirectoryRole.none()`, is an error. Left out, the role is assigned
   */
  public importFrom(resourceId: string, directoryRoleAssignmentId?: string): void {
    const problems = new Problems(`${this.node.path}.importFrom`);
    problems.add('resourceId', limits.instanceResourceId(resourceId));
    problems.optional('directoryRoleAssignmentId', directoryRoleAssignmentId, limits.directoryRoleAssignmentId);
    if (directoryRoleAssignmentId !== undefined && this.directoryRoleAssignment === undefined) {
      problems.add(
        'directoryRoleAssignmentId',
        'is of no role that is assigned here; give directoryRole or leave it out',
      );
    }
    const instance = this.node.defaultChild;
    if (instance?.node.tryFindChild('import') !== undefined) {
      problems.add('resourceId', 'is given already; call importFrom once');
    }
    problems.throwIfAny();
    importObject(instance as ApiManagement, resourceId);
    if (directoryRoleAssignmentId !== undefined) {
      importDirectoryRoleAssignment(this, this.role, directoryRoleAssignmentId);
    }
  }

  /** What the program does with the instance is known at the end. */
  private warnOfUnusedRole(): string[] {
    const warning =
      'directoryRole: no product or application of the instance needs the directory role; use DirectoryRole.none(), the least privilege';
    const warned = this.node.metadata.some(({ data }) => data === warning);
    if (roleIsUnused(this) && !warned) {
      Annotations.of(this).addWarning(warning);
    }
    return [];
  }
}

function validate(instance: Construct, props: ApimInstanceWithIdentityProps): void {
  const problems = new Problems(instance.node.path);
  problems.add('id', problemOfId(instance));
  problems.add('name', limits.instanceName(props.name));
  problems.add('resourceGroupName', limits.resourceGroupName(props.resourceGroupName));
  problems.add('location', limits.location(props.location));
  problems.add('publisherName', limits.textOf(1, 100)(props.publisherName));
  problems.add('publisherEmail', limits.emailAddress(props.publisherEmail));
  const identities = limits.listOf(limits.userAssignedIdentityId, { least: 1, ignoreCase: true });
  problems.optional('userAssignedIdentityIds', props.userAssignedIdentityIds, identities);
  problems.optional('sku', props.sku, shapes.sku);
  problems.optional('directoryRole', props.directoryRole, shapes.directoryRole);
  problems.optional('tags', props.tags, limits.tags);
  problems.throwIfAny();
}

function literalTags(given: { [name: string]: string }): { [name: string]: string } {
  if (Token.isUnresolved(given)) {
    return given;
  }
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [literal(name), literal(value)]));
}
