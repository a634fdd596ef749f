import { AzureError } from '../http';
import { GRAPH_PERMISSIONS, DIRECTORY_ROLES } from '../roles';
import type { GraphRequest } from './graph';

const READ_APPLICATIONS = [
  'Application.Read.All',
  'Application.ReadWrite.All',
  'Application.ReadWrite.OwnedBy',
  'Directory.Read.All',
  'Directory.ReadWrite.All',
];
const WRITE_APPLICATIONS = ['Application.ReadWrite.All', 'Application.ReadWrite.OwnedBy', 'Directory.ReadWrite.All'];
const READ_ROLES = [
  'RoleManagement.Read.Directory',
  'RoleManagement.ReadWrite.Directory',
  'Directory.Read.All',
  'Directory.ReadWrite.All',
];

/** Application permissions of which one is needed, by collection: to read, to write. */
const NEEDED: { readonly [collection: string]: readonly [readonly string[], readonly string[]] } = {
  applications: [READ_APPLICATIONS, WRITE_APPLICATIONS],
  servicePrincipals: [READ_APPLICATIONS, WRITE_APPLICATIONS],
  users: [
    ['User.Read.All', 'User.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All'],
    ['User.ReadWrite.All', 'Directory.ReadWrite.All'],
  ],
  groups: [
    ['Group.Read.All', 'Group.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All'],
    ['Group.ReadWrite.All', 'Directory.ReadWrite.All'],
  ],
  roleManagement: [READ_ROLES, ['RoleManagement.ReadWrite.Directory']],
  directoryRoles: [READ_ROLES, ['RoleManagement.ReadWrite.Directory']],
  directoryObjects: [
    ['Directory.Read.All', 'Directory.ReadWrite.All', ...READ_APPLICATIONS],
    ['Directory.ReadWrite.All', 'Application.ReadWrite.All'],
  ],
};

const ASSIGNMENTS = ['AppRoleAssignment.ReadWrite.All', 'Directory.ReadWrite.All'];

/** Directory roles that stand for permissions. */
const ROLES: { readonly [name: string]: (needed: readonly string[]) => boolean } = {
  'Global Administrator': () => true,
  'Global Reader': (needed) => needed.some((permission) => permission.includes('.Read.')),
  'Directory Readers': (needed) => needed.includes('Directory.Read.All'),
  'Application Administrator': (needed) => needed.includes('Application.ReadWrite.All'),
  'Cloud Application Administrator': (needed) => needed.includes('Application.ReadWrite.All'),
  'Privileged Role Administrator': (needed) => needed.includes('RoleManagement.ReadWrite.Directory'),
};

/** Refuses a caller without the application permission or directory role, where permissions are checked. */
export function demandGraphPermission({ cloud, call, segments, caller }: GraphRequest): void {
  if (!cloud.settings.graphPermissions) {
    return;
  }
  const { directory } = cloud;
  const writes = !['GET', 'HEAD'].includes(call.method) && segments[1] !== 'getByIds';
  const assigns = writes && segments.some((segment) => /^appRoleAssign/.test(segment));
  const needed = assigns ? ASSIGNMENTS : NEEDED[segments[0]]?.[writes ? 1 : 0];
  if (needed === undefined) {
    return;
  }
  const held = directory.appRoleAssignments
    .of('principalId', caller)
    .flatMap(({ appRoleId }) => Object.keys(GRAPH_PERMISSIONS).filter((name) => GRAPH_PERMISSIONS[name] === appRoleId));
  const roles = Object.keys(DIRECTORY_ROLES).filter((template) => directory.holdsRole(caller, template));
  const allowed =
    needed.some((permission) => held.includes(permission)) ||
    roles.some((template) => ROLES[DIRECTORY_ROLES[template]]?.(needed));
  if (!allowed) {
    throw new AzureError(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.');
  }
}
