import { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { EntraBlock } from '../azuread/entra-block';
import { recordSource, sourceLine } from '../terraform/source-line';
import { DirectoryRole } from './directory-role';

const ROLE = 'directory-role';
const ASSIGNMENT = 'directory-role-assignment';

/** Imports an assignment of a role. The role is active then; its activation cannot be imported and is left out. */
export function importDirectoryRoleAssignment(scope: Construct, role: DirectoryRole, id: string): void {
  const assignment = scope.node.children.find((child) => child.node.id === ASSIGNMENT);
  if (!(assignment instanceof EntraBlock)) {
    return;
  }
  scope.node.tryRemoveChild(ROLE);
  assignment.addOverride('role_id', role.templateId);
  assignment.importFrom(id);
}

/**
 * Activates the role in the tenant and assigns it to the identity. Returns the block that everything that
 * needs the role must be created after and destroyed before; undefined if there is no role to assign.
 */
export function assignDirectoryRole(
  scope: Construct,
  role: DirectoryRole,
  principalId: string,
): ITerraformDependable | undefined {
  if (role.templateId === undefined) {
    return undefined;
  }
  const activated = new EntraBlock(scope, ROLE, {
    type: 'azuread_directory_role',
    attributes: { template_id: role.templateId },
  });
  const assignment = new EntraBlock(scope, ASSIGNMENT, {
    type: 'azuread_directory_role_assignment',
    attributes: {
      // Built-in roles are assigned by their template id, not by the id of their activation.
      role_id: activated.attribute('template_id'),
      principal_object_id: principalId,
    },
  });
  const source = sourceLine();
  recordSource(activated, source);
  recordSource(assignment, source);
  return assignment;
}
