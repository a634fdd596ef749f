import type { SideName } from '../../entities/aliases';
import { actionAllows, DIRECTORY_ROLES } from '../../facts/directory-roles';
import { guid } from '../../plan/arm';
import { flag, isSensitive, isUnknown, items, printable, text, texts } from '../../plan/attributes';
import { kindOf } from '../../plan/kinds';
import type { Resource } from '../../plan/resource';
import type { Context } from '../context';
import { objectOf } from '../grants';
import { ANY_APPLICATION, ANY_GROUP } from './everything';
import { present, setPath, type PrivilegeFact, type Step } from './fact';

/** Directory roles that are given, and custom ones whose permissions change. */
export function directoryRoles(context: Context, side: SideName): PrivilegeFact[] {
  return [
    ...present(context, side, 'directory role assignment').map((resource) => assignment(context, resource, side)),
    ...present(context, side, 'custom directory role').flatMap((resource) => customRole(resource, side)),
  ];
}

function assignment(context: Context, resource: Resource, side: SideName): PrivilegeFact {
  const role = setPath(resource, side, ['role_id', 'role_definition_id', 'role_object_id']) ?? 'role_id';
  const principal =
    setPath(resource, side, ['principal_object_id', 'principal_id', 'member_object_id']) ?? 'principal_object_id';
  const { id, title, custom } = roleIdentity(context, resource, side, role);
  const known = Object.hasOwn(DIRECTORY_ROLES, id) ? DIRECTORY_ROLES[id] : undefined;
  const scope = scopeOf(resource, side);
  const eligible = resource.type.includes('eligibility');
  const allows =
    known?.allows ?? (custom === undefined ? 'do what the role allows, which this tool does not know' : custom.allows);
  return {
    resource,
    side,
    kind: 'directory role',
    principal: context.world.principal(resource, side, principal, objectOf),
    id: [id, scope, eligible].join('\n'),
    privilege: known?.name ?? title ?? 'a directory role that this tool does not know',
    allows: `${allows}${scope === '/' ? '' : ', within one scope'}${eligible ? ', after activation' : ''}`,
    tenantWide: known?.tenantWide === true && scope === '/',
    steps: stepsOf(context, resource, scope, known?.edges ?? custom?.edges ?? []),
  };
}

/** `/`, or the administrative unit or the application to which the role is confined. */
function scopeOf(resource: Resource, side: SideName): string {
  const own = resource[side];
  for (const path of ['directory_scope_id', 'app_scope_id', 'administrative_unit_object_id']) {
    const found = text(own, path);
    if (found !== undefined && found !== '/') {
      return found;
    }
  }
  return isUnknown(own, 'administrative_unit_object_id') ? 'an administrative unit' : '/';
}

function stepsOf(context: Context, resource: Resource, scope: string, edges: readonly string[]): Step[] {
  const application = guid(scope.split('/').at(-1));
  return edges.map((edge) => ({
    edge,
    target:
      scope !== '/' && application !== undefined
        ? context.world.key(objectOf(application) ?? '', resource.stack)
        : edge === 'AZAddMembers'
          ? ANY_GROUP
          : ANY_APPLICATION,
  }));
}

interface RoleIdentity {
  readonly id: string;
  readonly title?: string;
  readonly custom?: { readonly allows: string; readonly edges: readonly string[] };
}

/** The template id of a built-in role, or whatever identifies another one. */
const roles = new WeakMap<Context, ReadonlyMap<string, readonly Resource[]>>();

/** The roles that the plans have, by the id that an assignment names: looked at once for all assignments. */
function rolesWithId(context: Context, id: string): readonly Resource[] {
  let known = roles.get(context);
  if (known === undefined) {
    const byId = new Map<string, Resource[]>();
    for (const resource of context.world.all('directory role', 'custom directory role')) {
      for (const own of new Set([text(resource.before, 'object_id'), text(resource.after, 'object_id')])) {
        if (own !== undefined) {
          const found = byId.get(own);
          if (found === undefined) {
            byId.set(own, [resource]);
          } else {
            found.push(resource);
          }
        }
      }
    }
    known = byId;
    roles.set(context, known);
  }
  return known.get(id) ?? [];
}

function roleIdentity(context: Context, resource: Resource, side: SideName, path: string): RoleIdentity {
  const id = guid(text(resource[side], path));
  const unknown = isUnknown(resource[side], path);
  const { targets, open } = context.world.referencesOf(resource).resolve(resource, [path]);
  const candidates = unknown
    ? targets.map((target) => target.resource)
    : id === undefined
      ? []
      : rolesWithId(context, id);
  if (unknown && (open || candidates.length > 1)) {
    return { id: 'unknown' };
  }
  const role = candidates.find((found) => kindOf(found) === 'directory role');
  const template = guid(text(role?.after ?? role?.before, 'template_id'));
  const title = printable(role?.after ?? role?.before, 'display_name');
  const byTitle = Object.entries(DIRECTORY_ROLES).find(([, known]) => known.name === title)?.[0];
  const own = candidates.find((found) => kindOf(found) === 'custom directory role');
  if (own !== undefined) {
    const actions = actionsOf(own, own[side] === undefined ? 'after' : side);
    return {
      id: text(own.after ?? own.before, 'object_id') ?? own.address,
      title: printable(own.after ?? own.before, 'display_name') ?? own.address,
      custom: {
        allows: actions === undefined ? 'do what is unknown until apply' : actionAllows(actions),
        edges: edgesOf(actions),
      },
    };
  }
  return { id: template ?? byTitle ?? id ?? 'unknown', ...(title === undefined ? {} : { title }) };
}

/** Every permission that a custom role has, as something that all of its holders have. */
function customRole(resource: Resource, side: SideName): PrivilegeFact[] {
  if (resource.before === undefined || resource.after === undefined) {
    // a role that is made or destroyed is reported with its assignments
    return [];
  }
  const title = printable(resource[side], 'display_name') ?? resource.address;
  const actions = actionsOf(resource, side) ?? ['what is unknown until apply'];
  return (flag(resource[side], 'enabled') ?? true)
    ? actions.map((action) => ({
        resource,
        side,
        kind: 'directory role' as const,
        principal: `role ${resource.stack} ${resource.address}`,
        principalName: `every holder of ${title}`,
        id: action.toLowerCase(),
        privilege: title,
        allows: actionAllows([action]),
        tenantWide: false,
      }))
    : [];
}

function actionsOf(resource: Resource, side: SideName): readonly string[] | undefined {
  const own = resource[side];
  if (isUnknown(own, 'permissions') || isSensitive(own, 'permissions')) {
    return undefined;
  }
  const permissions = items(own, 'permissions');
  return permissions.some((permission) => isUnknown(permission, 'allowed_resource_actions'))
    ? undefined
    : permissions.flatMap((permission) => texts(permission, 'allowed_resource_actions') ?? []);
}

function edgesOf(actions: readonly string[] | undefined): readonly string[] {
  const wanted: readonly (readonly [RegExp, string])[] = [
    [
      /^microsoft\.directory\/(?:applications|serviceprincipals)\/(?:credentials\/(?:update|manage)|alltasks|allproperties\/alltasks)/i,
      'AZAddSecret',
    ],
    [/^microsoft\.directory\/(?:applications|serviceprincipals)\/owners\/update/i, 'AZAddOwner'],
    [/^microsoft\.directory\/groups(?:\.security|\.unified)?\/(?:members|owners)\/update/i, 'AZAddMembers'],
  ];
  return wanted
    .filter(([pattern]) => actions === undefined || actions.some((action) => pattern.test(action)))
    .map(([, edge]) => edge);
}
