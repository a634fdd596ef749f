import type { SideName } from '../../entities/aliases';
import { scopeOf, type Scope } from '../../entities/scopes';
import {
  azureRoleById,
  azureRoleByName,
  capabilitiesOf,
  type AzureRole,
  type Capability,
} from '../../facts/azure-roles';
import { guid, guidInPath } from '../../plan/arm';
import { isUnknown, items, printable, text, texts } from '../../plan/attributes';
import { kindOf } from '../../plan/kinds';
import type { Resource, Side } from '../../plan/resource';
import type { Context } from '../context';
import { objectOf } from '../grants';
import { present, type PrivilegeFact, type Step } from './fact';

/** Roles of Azure on the instance, on a vault, on an identity or on anything around them. */
export function azureRoles(context: Context, side: SideName): PrivilegeFact[] {
  return [
    ...present(context, side, 'azure role assignment').map((resource) => assignment(context, resource, side)),
    ...present(context, side, 'azure role definition').flatMap((resource) => definition(resource, side)),
  ];
}

/** Paths of the attributes, which azurerm has flat and azapi in the body. */
function pathsOf(resource: Resource): {
  readonly [name in 'role' | 'principal' | 'scope' | 'condition']: readonly string[];
} {
  const properties = ['body', 'properties'];
  return resource.type.startsWith('azapi_')
    ? {
        role: [...properties, 'roleDefinitionId'],
        principal: [...properties, 'principalId'],
        scope: ['parent_id'],
        condition: [...properties, 'condition'],
      }
    : {
        role: ['role_definition_id'],
        principal: ['principal_id'],
        scope: ['scope'],
        condition: ['condition'],
      };
}

function assignment(context: Context, resource: Resource, side: SideName): PrivilegeFact {
  const paths = pathsOf(resource);
  const { title, role } = roleOf(context, resource, side, paths.role);
  const scope = scopeOf(context.world, resource, side, paths.scope);
  const principal = context.world.principal(resource, side, paths.principal, objectOf);
  const condition = text(resource[side], ...paths.condition);
  const eligible = /eligib/i.test(`${resource.type} ${text(resource[side], 'type') ?? ''}`);
  const capabilities = role === undefined ? undefined : capabilitiesOf(role);
  const reached = capabilities?.filter((found) => reaches(found, scope));
  const unlisted = role === undefined && (reachesAnything(scope) || scope.holdsMore);
  // whatever the plans show of a group, there may be more in it
  const possible = reached?.length === 0 && scope.holdsMore ? (capabilities ?? []) : [];
  const allows =
    possible.length > 0
      ? `${phrase(possible)}, if it contains any, which no plan shows`
      : reached === undefined
        ? 'do what the role allows, which this tool does not know'
        : reached.length === 0
          ? 'read or change objects that give no access to a product'
          : phrase(reached);
  return {
    resource,
    side,
    kind: 'azure role',
    principal,
    id: [title, scope.name, eligible, condition ?? ''].join('\n'),
    privilege: `${title} on ${scope.name}`,
    allows: `${allows}${condition === undefined ? '' : ', under a condition'}${eligible ? ', after activation' : ''}`,
    tenantWide: false,
    ...((reached?.length === 0 && possible.length === 0) || (reached === undefined && !unlisted)
      ? { bearing: 'none' as const }
      : {}),
    steps: (reached ?? []).flatMap((capability) => stepsOf(capability, scope)),
  };
}

function phrase(capabilities: readonly Capability[]): string {
  return capabilities.map((found) => found.allows).join(', and ');
}

function reachesAnything({ known, instances, vaults, identities }: Scope): boolean {
  return !known || instances.length + vaults.length + identities.length > 0;
}

function reaches({ over }: Capability, scope: Scope): boolean {
  return over === 'anything' ? reachesAnything(scope) : !scope.known || reached(over, scope).length > 0;
}

function reached(over: Capability['over'], { instances, vaults, identities }: Scope): readonly string[] {
  switch (over) {
    case 'instance':
      return instances;
    case 'vault':
      return vaults;
    case 'identity':
      return identities;
    case 'anything':
      return [...instances, ...vaults, ...identities];
  }
}

function stepsOf({ over, edge }: Capability, scope: Scope): Step[] {
  return reached(over, scope).map((target) => ({ edge, target }));
}

interface NamedRole {
  readonly title: string;
  /** Undefined: nobody here knows what it lets do. */
  readonly role: AzureRole | undefined;
}

function roleOf(context: Context, resource: Resource, side: SideName, path: readonly string[]): NamedRole {
  const given = printable(resource[side], 'role_definition_name');
  const id = guidInPath(
    text(resource[side], ...path)
      ?.split('/')
      .reverse()
      .join('/'),
  );
  const unknown = isUnknown(resource[side], ...path);
  const { targets, open } = context.world.referencesOf(resource).resolve(resource, path);
  const definitions = unknown
    ? targets.map((found) => found.resource)
    : context.world.all('azure role definition').filter((found) => id !== undefined && idOf(found) === id);
  const custom = definitions.length === 1 && !(unknown && open) ? definitions[0] : undefined;
  if (custom !== undefined && kindOf(custom) === 'azure role definition') {
    const own = custom[side] ?? custom.after ?? custom.before;
    const builtIn = azureRoleByName(printable(own, 'name'));
    const title = printable(own, 'name') ?? printable(own, 'body', 'properties', 'roleName') ?? custom.address;
    return { title, role: custom.mode === 'data' ? (builtIn ?? definedBy(own)) : definedBy(own) };
  }
  const found = azureRoleByName(given) ?? azureRoleById(id);
  const named = context.world
    .managed('azure role definition')
    .find((candidate) => given !== undefined && printable(candidate.after ?? candidate.before, 'name') === given);
  return {
    title: found?.name ?? given ?? 'a role that this tool does not know',
    role: found ?? (named === undefined ? undefined : definedBy(named[side] ?? named.after)),
  };
}

function idOf({ before, after }: Resource): string | undefined {
  const side = after ?? before;
  return (
    guid(text(side, 'role_definition_id')) ??
    guid(text(side, 'name')) ??
    guidInPath(text(side, 'role_definition_resource_id')?.split('/').reverse().join('/'))
  );
}

/** What a definition in the plan lets do; undefined where a part of it is unknown. */
function definedBy(side: Side | undefined): AzureRole | undefined {
  const arm = items(side, 'body', 'properties', 'permissions');
  const permissions = arm.length > 0 ? arm : items(side, 'permissions');
  const lists = (names: readonly string[]): string[] =>
    permissions.flatMap((permission) => names.flatMap((found) => texts(permission, found) ?? []));
  const unknown =
    isUnknown(side, 'permissions') ||
    isUnknown(side, 'body') ||
    isUnknown(side, 'body', 'properties', 'permissions') ||
    permissions.some((permission) =>
      ['actions', 'dataActions', 'data_actions'].some((found) => isUnknown(permission, found)),
    );
  return unknown
    ? undefined
    : {
        name: '',
        actions: lists(['actions']),
        notActions: lists(['notActions', 'not_actions']),
        dataActions: lists(['dataActions', 'data_actions']),
        notDataActions: lists(['notDataActions', 'not_data_actions']),
      };
}

/** A custom role that changes gives all of its holders something else. */
function definition(resource: Resource, side: SideName): PrivilegeFact[] {
  if (resource.before === undefined || resource.after === undefined) {
    return [];
  }
  const own = resource[side];
  const title = printable(own, 'name') ?? printable(own, 'body', 'properties', 'roleName') ?? resource.address;
  const role = definedBy(own);
  const allows =
    role === undefined ? ['do what is unknown until apply'] : capabilitiesOf(role).map((found) => found.allows);
  return allows.map((found) => ({
    resource,
    side,
    kind: 'azure role' as const,
    principal: `role ${resource.stack} ${resource.address}`,
    principalName: `every holder of ${title}`,
    id: found,
    privilege: title,
    allows: found,
    tenantWide: false,
  }));
}
