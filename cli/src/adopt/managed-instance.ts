import type { HeldRole, Instance } from '../landscape/model';
import { call, declaration, object, quoted, type Prop } from './typescript';

/** The instance where the program is to manage it. */
export interface ManagedInstance {
  /** The directory role that is adopted with it. */
  readonly role?: HeldRole;
}

const ROLES: Readonly<Record<string, string>> = {
  '9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3': 'applicationAdministrator',
  '158c047a-c907-4556-b7ef-446551a6b5f7': 'cloudApplicationAdministrator',
};
const DEFAULT_SKU = 'Developer_1';
const DEFAULT_ROLE = 'applicationAdministrator';

/** What is adopted of an instance; a sentence where it cannot be. */
export function managedInstance({ principalId, directoryRoles, publisherName }: Instance): ManagedInstance | string {
  if (principalId === undefined) {
    return 'it has no system-assigned identity, and an instance of the library has one';
  }
  if (publisherName.length > 100) {
    return 'the name of its publisher is longer than 100 characters';
  }
  const role = directoryRoles?.find(({ templateId }) => ROLES[templateId] !== undefined);
  return role === undefined ? {} : { role };
}

export function instanceLines(instance: Instance, { role }: ManagedInstance): readonly string[] {
  const { sku, tags, userAssignedIdentityIds } = instance;
  const factory = role === undefined ? 'none' : (ROLES[role.templateId] ?? '');
  const tagProps = Object.entries(tags).map(([name, value]): Prop => [quoted(name), quoted(value)]);
  const props: Prop[] = [
    ['name', quoted(instance.name)],
    ['resourceGroupName', quoted(instance.resourceGroup)],
    ['location', quoted(location(instance))],
    ['publisherName', quoted(instance.publisherName)],
    ['publisherEmail', quoted(instance.publisherEmail)],
    ...(sku === DEFAULT_SKU ? [] : [['sku', `ApimSku.custom(${quoted(sku)})`] as const]),
    ...(factory === DEFAULT_ROLE ? [] : [['directoryRole', `DirectoryRole.${factory}()`] as const]),
    ...(userAssignedIdentityIds.length === 0
      ? []
      : [['userAssignedIdentityIds', `[${userAssignedIdentityIds.map(quoted).join(', ')}]`] as const]),
    ...(tagProps.length === 0 ? [] : [['tags', object(tagProps, '  ')] as const]),
  ];
  return [
    declaration('const apim = new ApimInstanceWithIdentity', 'apim', props),
    call('apim.importFrom', [
      'instanceId',
      ...(role === undefined ? [] : [quoted(`/roleManagement/directory/roleAssignments/${role.assignmentId}`)]),
    ]),
  ];
}

/** Azure answers some regions as people read them: `West Europe`. */
function location(instance: Instance): string {
  return instance.location.toLowerCase().replace(/\s+/g, '');
}
