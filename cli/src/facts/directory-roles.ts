export interface DirectoryRole {
  readonly name: string;
  /** Completes "anyone who has it may ...". */
  readonly allows: string;
  /** Anyone who has it can give itself every other privilege of the tenant. */
  readonly tenantWide: boolean;
  /** What it is a step to, as BloodHound calls it: applications for all but `AZAddMembers`. */
  readonly edges: readonly string[];
}

function role(name: string, allows: string, edges: readonly string[] = [], tenantWide = false): DirectoryRole {
  return { name, allows, tenantWide, edges };
}

/** Built-in roles of Entra by template id: those that reach applications, credentials and other roles. */
export const DIRECTORY_ROLES: Readonly<Record<string, DirectoryRole>> = {
  '62e90394-69f5-4237-9190-012177145e10': role(
    'Global Administrator',
    'do everything in the tenant',
    ['AZGlobalAdmin'],
    true,
  ),
  'e8611ab8-c189-46e8-94e1-60213ab1f814': role(
    'Privileged Role Administrator',
    'give every directory role and every permission to anyone',
    ['AZPrivilegedRoleAdmin'],
    true,
  ),
  '7be44c8a-adaf-4e2a-84d6-ab2649e08a13': role(
    'Privileged Authentication Administrator',
    'reset the credentials of anyone, administrators too',
    ['AZPrivilegedAuthAdmin'],
    true,
  ),
  '9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3': role(
    'Application Administrator',
    'make, change and delete every application of the tenant, add credentials to it, and consent for it',
    ['AZAppAdmin'],
  ),
  '158c047a-c907-4556-b7ef-446551a6b5f7': role(
    'Cloud Application Administrator',
    'make, change and delete every application of the tenant except application proxies, add credentials to it, and consent for it',
    ['AZCloudAppAdmin'],
  ),
  'cf1c38e5-3621-4004-a7cb-879624dced7c': role('Application Developer', 'make applications and own them'),
  '8ac3fc64-6eca-42ea-9e69-59f4c7b60eb2': role(
    'Hybrid Identity Administrator',
    'manage synchronization with directories on premises, and applications',
    ['AZAddSecret'],
  ),
  '9360feb5-f418-4baa-8175-e2a00bac4301': role(
    'Directory Writers',
    'read and write users, groups and other basic information of the directory',
    ['AZAddMembers'],
  ),
  '88d8e3e3-8f55-4a1e-953a-9b9898b8876b': role('Directory Readers', 'read basic information of the directory'),
  'fe930be7-5e62-47db-91af-98c3a49a38b1': role(
    'User Administrator',
    'manage users and groups, and reset passwords of users who are not administrators',
    ['AZAddMembers'],
  ),
  'fdd7a751-b60b-444a-984c-02652fe8fa1c': role('Groups Administrator', 'manage groups and their settings', [
    'AZAddMembers',
  ]),
  'c4e39bd9-1100-46d3-8c65-fb160da0071f': role(
    'Authentication Administrator',
    'reset the credentials of users who are not administrators',
  ),
  '729827e3-9c14-49f7-bb1b-9608f156bbb8': role(
    'Helpdesk Administrator',
    'reset passwords of users who are not administrators',
  ),
  '966707d0-3269-4727-9be2-8c3a10f19b9d': role(
    'Password Administrator',
    'reset passwords of users who are not administrators',
  ),
  '194ae4cb-b126-40b2-bd5b-6091b380977d': role(
    'Security Administrator',
    'read security information and change security settings',
  ),
  '5d6b6bb7-de71-4623-b4af-96380a352509': role('Security Reader', 'read security information'),
  'b1be1c3e-b65d-4f19-8427-f6fa0d97feb9': role(
    'Conditional Access Administrator',
    'change the conditions under which anyone signs in',
  ),
  'be2f45a1-457d-42af-a067-6ec1fa63bc45': role(
    'External Identity Provider Administrator',
    'set up identity providers that the tenant trusts',
  ),
  '8329153b-31d0-4727-b945-745eb3bc5f31': role(
    'Domain Name Administrator',
    'manage the domains of the tenant, federation included',
  ),
  'f2ef992c-3afb-46b9-b7cf-a126ee74c451': role('Global Reader', 'read everything in the tenant'),
  '45d8d3c5-c802-45c6-b32a-1d70b5e1e86e': role(
    'Identity Governance Administrator',
    'manage access packages and access reviews',
    ['AZAddMembers'],
  ),
  '29232cdf-9323-42fd-ade2-1d097af3e4de': role('Exchange Administrator', 'manage Exchange and its groups', [
    'AZAddMembers',
  ]),
  'f28a1f50-f6e7-4571-818b-6a12f2af6b6c': role('SharePoint Administrator', 'manage SharePoint and its groups', [
    'AZAddMembers',
  ]),
  '69091246-20e8-4a56-aa4d-066075b2a7a8': role('Teams Administrator', 'manage Teams and its groups', ['AZAddMembers']),
  '3a2c62db-5318-420d-8d74-23affee5d9d5': role('Intune Administrator', 'manage Intune, devices and groups', [
    'AZAddMembers',
  ]),
  'd29b2b05-8046-44ba-8758-1e26182fcf32': role(
    'Directory Synchronization Accounts',
    'synchronize the directory, and add credentials to applications',
    ['AZAddSecret'],
  ),
};

/** What operations of a custom role let do; only what looks like an operation is repeated. */
export function actionAllows(actions: readonly string[]): string {
  const known = actions.filter((action) => /^microsoft\.directory(?:\/[\w.]{1,60}){1,6}$/i.test(action)).sort();
  const shown = known.slice(0, 5);
  const more = actions.length - shown.length;
  return actions.length === 0
    ? 'do nothing'
    : shown.length === 0
      ? 'do what is unknown until apply'
      : `use ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
