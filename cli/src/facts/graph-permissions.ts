export interface GraphPermission {
  readonly value: string;
  /** Completes "anyone who has it may ...". */
  readonly allows: string;
  /** Anyone who has it can give itself every other privilege of the tenant. */
  readonly tenantWide: boolean;
}

function permission(value: string, allows: string, tenantWide = false): GraphPermission {
  return { value, allows, tenantWide };
}

/** Application permissions of Microsoft Graph by app role id. */
export const GRAPH_PERMISSIONS: Readonly<Record<string, GraphPermission>> = {
  '9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8': permission(
    'RoleManagement.ReadWrite.Directory',
    'give every directory role to anyone',
    true,
  ),
  '06b708a9-e830-4db3-a914-8e69da51d44f': permission(
    'AppRoleAssignment.ReadWrite.All',
    'give every application permission to any application',
    true,
  ),
  '1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9': permission(
    'Application.ReadWrite.All',
    'change every application of the tenant and add credentials to it',
    true,
  ),
  '19dbc75e-c2e2-444c-a770-ec69d8559fc7': permission(
    'Directory.ReadWrite.All',
    'read and write users, groups and other information of the directory',
  ),
  '18a4783c-866b-4cc7-a460-3d5e5662c884': permission(
    'Application.ReadWrite.OwnedBy',
    'make applications, and change and delete those that it owns',
  ),
  '9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30': permission('Application.Read.All', 'read every application of the tenant'),
  '7ab1d382-f21e-4acd-a863-ba3e13f7da61': permission(
    'Directory.Read.All',
    'read users, groups and other information of the directory',
  ),
  'df021288-bdef-4463-88db-98f22de89214': permission('User.Read.All', 'read every user'),
  '741f803b-c850-494e-b5df-cde7c675a1ca': permission('User.ReadWrite.All', 'read and write every user'),
  '50483e42-d915-4231-9639-7fdb7fd190e5': permission(
    'UserAuthenticationMethod.ReadWrite.All',
    'change how anyone signs in',
    true,
  ),
  '5b567255-7703-4780-807c-7be8301ae99b': permission('Group.Read.All', 'read every group'),
  '62a82d76-70ea-41e2-9197-370581804d09': permission(
    'Group.ReadWrite.All',
    'read and write every group and its members',
  ),
  'dbaae8cf-10b5-4b86-a4a1-f871c94c6695': permission('GroupMember.ReadWrite.All', 'change the members of every group'),
  '810c84a8-4a9e-49e6-bf7d-12d183f40d01': permission('Mail.Read', 'read all mail of everyone'),
  'e2a3a72e-5f79-4c64-b1b1-878b674786c9': permission('Mail.ReadWrite', 'read and write all mail of everyone'),
  'b633e1c5-b582-4048-a93e-9f11b44c7e96': permission('Mail.Send', 'send mail as anyone'),
  '75359482-378d-4052-8f01-80520e7db3cd': permission('Files.ReadWrite.All', 'read and write all files of everyone'),
  'a82116e5-55eb-4c41-a434-62fe8a61c773': permission('Sites.FullControl.All', 'do everything in every site'),
};

const BY_VALUE: ReadonlyMap<string, GraphPermission> = new Map(
  Object.values(GRAPH_PERMISSIONS).map((found) => [found.value, found]),
);

export function graphPermissionByValue(value: string): GraphPermission | undefined {
  return BY_VALUE.get(value);
}
