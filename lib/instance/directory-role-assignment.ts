import { DirectoryRole as AzureadDirectoryRole } from '@cdktf/provider-azuread/lib/directory-role';
import { DirectoryRoleAssignment } from '@cdktf/provider-azuread/lib/directory-role-assignment';
import { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { DirectoryRole } from './directory-role';

/**
 * Activates the role in the tenant and assigns it to the identity. Returns what everything that needs the role must
 * wait for, and be gone before; undefined where there is no role to assign.
 */
export function assignDirectoryRole(
  scope: Construct,
  role: DirectoryRole,
  principalId: string,
): ITerraformDependable | undefined {
  if (role.templateId === undefined) {
    return undefined;
  }
  const activated = new AzureadDirectoryRole(scope, 'directory-role', { templateId: role.templateId });
  return new DirectoryRoleAssignment(scope, 'directory-role-assignment', {
    // Built-in roles are assigned by their template id, not by the id of their activation.
    roleId: activated.templateId,
    principalObjectId: principalId,
  });
}
