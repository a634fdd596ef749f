import { Cloud } from '../cloud';
import { AzureError, Call } from '../http';
import { JsonObject } from '../json';
import { AZURE_ROLES, covers } from '../roles';
import { keyOf, parseResourceId, typeOf } from './resource-id';

/** Whether a principal may do something at a scope: by a role there, or anywhere above it. */
export function isAllowed(cloud: Cloud, principalId: string, scope: string, action: string, data = false): boolean {
  const groups = [...cloud.directory.members].filter(([, members]) => members.includes(principalId)).map(([id]) => id);
  const principals = [principalId, ...groups];
  const now = cloud.clock.now();
  return cloud.store.ofType('microsoft.authorization/roleassignments').some((resource) => {
    const parsed = parseResourceId(resource.id);
    if (parsed === undefined) {
      return false;
    }
    const { principalId: holder, roleDefinitionId } = resource.body.properties as JsonObject;
    const role = Object.values(AZURE_ROLES).find(({ id }) => String(roleDefinitionId).endsWith(id));
    const above = keyOf(parsed.scope);
    const arrived = resource.seeded === true || now - resource.createdAt >= cloud.settings.permissionLag;
    return (
      arrived &&
      role !== undefined &&
      principals.includes(holder as string) &&
      (above === '' || keyOf(scope) === above || keyOf(scope).startsWith(`${above}/`)) &&
      (data ? covers(role.dataActions, action) : covers(role.actions, action) && !covers(role.notActions, action))
    );
  });
}

/** Refuses a caller without a role, where permissions are checked. */
export function demandPermission(cloud: Cloud, call: Call, principalId: string): void {
  const action = cloud.settings.armPermissions ? actionOf(call) : undefined;
  if (action !== undefined && !isAllowed(cloud, principalId, call.path, action)) {
    throw new AzureError(
      403,
      'AuthorizationFailed',
      `The client '${principalId}' with object id '${principalId}' does not have authorization to perform action '${action}' over scope '${call.path}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
    );
  }
}

const VERBS: { readonly [method: string]: string } = {
  GET: 'read',
  HEAD: 'read',
  PUT: 'write',
  PATCH: 'write',
  DELETE: 'delete',
};

function actionOf({ method, path }: Call): string | undefined {
  const parsed = parseResourceId(path);
  if (parsed === undefined) {
    return /^\/subscriptions\/[^/]+\/resourcegroups\//i.test(path)
      ? `Microsoft.Resources/subscriptions/resourceGroups/${VERBS[method]}`
      : undefined;
  }
  // A POST to a collection is an action of the resource before it.
  return method === 'POST' ? `${typeOf(parsed)}/action` : `${typeOf(parsed)}/${VERBS[method]}`;
}
