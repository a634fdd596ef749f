import { applicationAlias, type SideName } from '../../entities/aliases';
import { permissionOf, serviceOf } from '../../facts/permissions';
import { guid, guidInPath } from '../../plan/arm';
import { isSensitive, isUnknown, items, printableTexts, text, texts } from '../../plan/attributes';
import type { Resource } from '../../plan/resource';
import type { Context } from '../context';
import { objectOf, roleName, serviceOfAssignment } from '../grants';
import { ANY_APPLICATION, ANY_GROUP } from './everything';
import { present, type PrivilegeFact, type Step } from './fact';

/** Permissions of services of Microsoft, delegated permissions, and permissions that an application asks for. */
export function permissions(context: Context, side: SideName): PrivilegeFact[] {
  return [
    ...present(context, side, 'role assignment').flatMap((resource) => application(context, resource, side)),
    ...present(context, side, 'delegated grant').flatMap((resource) => delegated(context, resource, side)),
    ...present(context, side, 'api access').flatMap((resource) => requested(context, resource, side)),
    ...present(context, side, 'application').flatMap((resource) => listedRequests(context, resource, side)),
  ];
}

function application(context: Context, resource: Resource, side: SideName): PrivilegeFact[] {
  const service = serviceOfAssignment(context.world, resource, side);
  if (service === undefined) {
    return [];
  }
  const id = guid(text(resource[side], 'app_role_id'));
  const registration = context.world.principal(resource, side, 'resource_object_id', objectOf);
  const value = roleName(context.world, resource, side, registration);
  const known = permissionOf(id, value);
  return [
    {
      resource,
      side,
      kind: 'application permission',
      principal: context.world.principal(resource, side, 'principal_object_id', objectOf),
      id: known?.value ?? value ?? id ?? 'unknown',
      privilege: known?.value ?? value ?? `a permission of ${service} that this tool does not know`,
      allows: known?.allows ?? `see the permission in the documentation of ${service}`,
      tenantWide: known?.tenantWide === true,
      steps: stepsOf(known?.value ?? value),
    },
  ];
}

function stepsOf(permission: string | undefined): readonly Step[] {
  switch (permission) {
    case 'Application.ReadWrite.All':
      return [{ edge: 'AZMGApplication_ReadWrite_All', target: ANY_APPLICATION }];
    case 'AppRoleAssignment.ReadWrite.All':
      return [{ edge: 'AZMGAppRoleAssignment_ReadWrite_All', target: ANY_APPLICATION }];
    case 'RoleManagement.ReadWrite.Directory':
      return [{ edge: 'AZMGRoleManagement_ReadWrite_Directory', target: ANY_APPLICATION }];
    case 'Directory.ReadWrite.All':
      return [{ edge: 'AZMGDirectory_ReadWrite_All', target: ANY_GROUP }];
    case 'Group.ReadWrite.All':
      return [{ edge: 'AZMGGroup_ReadWrite_All', target: ANY_GROUP }];
    case 'GroupMember.ReadWrite.All':
      return [{ edge: 'AZMGGroupMember_ReadWrite_All', target: ANY_GROUP }];
    default:
      return [];
  }
}

function delegated(context: Context, resource: Resource, side: SideName): PrivilegeFact[] {
  const { world } = context;
  const target = world.principal(resource, side, 'resource_service_principal_object_id', objectOf);
  const service = world
    .resourcesOf(target)
    .flatMap(({ before, after }) => [before, after])
    .map((found) => serviceOf(guid(text(found, 'client_id'))))
    .find((found) => found !== undefined);
  const everyone = text(resource[side], 'user_object_id') === undefined && !isUnknown(resource[side], 'user_object_id');
  const of = service ?? context.names.name(target);
  const claims = isUnknown(resource[side], 'claim_values')
    ? ['permissions that are unknown until apply']
    : isSensitive(resource[side], 'claim_values')
      ? ['permissions that are sensitive']
      : (printableTexts(resource[side], 'claim_values') ?? []);
  return claims.map((claim) => ({
    resource,
    side,
    kind: 'delegated permission' as const,
    principal: world.principal(resource, side, 'service_principal_object_id', objectOf),
    id: [target, claim, everyone].join('\n'),
    privilege: `${claim} of ${of}`,
    allows: everyone ? 'use it in the name of every user' : 'use it in the name of one user',
    tenantWide: false,
  }));
}

/** What an application asks for is nobody's before somebody consents, which no plan shows. */
function requested(context: Context, resource: Resource, side: SideName): PrivilegeFact[] {
  const principal = context.world.principal(resource, side, 'application_id', (value) =>
    objectOf(guidInPath(value) ?? ''),
  );
  const api = guid(text(resource[side], 'api_client_id'));
  const ids = ['role_ids', 'scope_ids'].flatMap((path) =>
    isUnknown(resource[side], path) ? ['unknown until apply'] : (texts(resource[side], path) ?? []),
  );
  return ids.map((id) => request(context, resource, side, principal, api, id));
}

function listedRequests(context: Context, resource: Resource, side: SideName): PrivilegeFact[] {
  if (resource.before === undefined || resource.after === undefined) {
    return [];
  }
  const principal = context.world.keyOf(resource);
  return items(resource[side], 'required_resource_access').flatMap((api) =>
    items(api, 'resource_access').map((access) =>
      request(
        context,
        resource,
        side,
        principal,
        guid(text(api, 'resource_app_id')),
        text(access, 'id') ?? 'unknown until apply',
      ),
    ),
  );
}

function request(
  context: Context,
  resource: Resource,
  side: SideName,
  principal: string,
  api: string | undefined,
  id: string,
): PrivilegeFact {
  const known = permissionOf(guid(id));
  const of =
    serviceOf(api) ??
    (api === undefined
      ? 'an API that is unknown until apply'
      : context.names.name(context.world.key(applicationAlias(api), resource.stack)));
  return {
    resource,
    side,
    kind: 'requested permission',
    principal,
    id: [api ?? '', id].join('\n'),
    privilege: `${known?.value ?? (guid(id) === undefined ? 'a permission that is unknown until apply' : `permission ${id}`)} of ${of}`,
    allows: 'use it after somebody consents, which no plan shows',
    tenantWide: false,
    bearing: 'none',
  };
}
