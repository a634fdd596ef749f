import { SIDES, type SideName } from '../entities/aliases';
import { GRAPH } from '../entities/world';
import { DIRECTORY_ROLES } from '../facts/directory-roles';
import { graphPermissionByValue, GRAPH_PERMISSIONS } from '../facts/graph-permissions';
import { name, say } from '../message';
import type { MessagePart, PrivilegeFinding, Severity } from '../model';
import { guid } from '../plan/arm';
import { isUnknown, printable, printableTexts, text, texts } from '../plan/attributes';
import { kindOf, type Kind } from '../plan/kinds';
import type { Resource } from '../plan/resource';
import type { RuleId } from '../rules';
import { byImportance, finding, type Context } from './context';
import { changeOf, groupFacts, markFacts, placeOf, type Fact, type FactChange, type FactGroup } from './facts';
import { isGraphAssignment, objectOf, roleName } from './grants';

interface PrivilegeFact extends Fact {
  readonly kind: PrivilegeFinding['privilegeKind'];
  readonly principal: string;
  /** Tells privileges apart, also those whose name is unknown. */
  readonly id: string;
  readonly privilege: string;
  readonly allows: string;
  readonly tenantWide: boolean;
}

/** Directory roles, permissions and ownership that are granted or withdrawn, and to whom. */
export function analyzePrivilege(context: Context): readonly PrivilegeFinding[] {
  const found = facts(context);
  markFacts(
    context,
    found.filter(({ resource }) => kindOf(resource) !== 'application'),
    'privilege',
  );
  markFacts(
    context,
    found.filter(({ kind }) => kind === 'application permission'),
    'grant',
  );
  for (const resource of context.world.managed('application')) {
    if (resource.before !== undefined && resource.after !== undefined && !isUnknown(resource.after, 'owners')) {
      context.judged.mark(resource, 'owners');
    }
  }
  const groups = groupFacts(found, ({ kind, principal, id }) => [kind, principal, id].join('\n'));
  return [...groups.values()]
    .flatMap((group) => {
      const change = changeOf(group);
      return change === 'unchanged' ? [] : [privilegeFinding(context, group, change)];
    })
    .sort(byImportance);
}

function facts(context: Context): PrivilegeFact[] {
  return SIDES.flatMap((side) => [
    ...present(context, 'directory role assignment', side).map((resource) => directoryRole(context, resource, side)),
    ...present(context, 'role assignment', side)
      .filter((resource) => isGraphAssignment(context.world, resource, side))
      .map((resource) => graphPermission(context, resource, side)),
    ...present(context, 'delegated grant', side).flatMap((resource) => delegated(context, resource, side)),
    ...present(context, 'application owner', side).map((resource) => owner(context, resource, side)),
    ...listedOwners(context, side),
  ]);
}

function present(context: Context, kind: Kind, side: SideName): readonly Resource[] {
  return context.world.managed(kind).filter((resource) => resource[side] !== undefined);
}

function directoryRole(context: Context, resource: Resource, side: SideName): PrivilegeFact {
  const attribute =
    ['role_id', 'role_definition_id', 'role_object_id'].find(
      (path) => isUnknown(resource[side], path) || text(resource[side], path) !== undefined,
    ) ?? 'role_id';
  const principal =
    ['principal_object_id', 'principal_id', 'member_object_id'].find(
      (path) => isUnknown(resource[side], path) || text(resource[side], path) !== undefined,
    ) ?? 'principal_object_id';
  const { id, title } = roleIdentity(context, resource, side, attribute);
  const known = Object.hasOwn(DIRECTORY_ROLES, id) ? DIRECTORY_ROLES[id] : undefined;
  const scope = text(resource[side], 'directory_scope_id') ?? '/';
  const eligible = resource.type.includes('eligibility');
  return {
    resource,
    side,
    kind: 'directory role',
    principal: context.world.principal(resource, side, principal, objectOf),
    id: [id, scope, eligible].join('\n'),
    privilege: known?.name ?? title ?? 'a directory role that this tool does not know',
    allows: `${eligible ? 'after activation, ' : ''}${known?.allows ?? 'see the role in Entra'}${scope === '/' ? '' : ', within one scope'}`,
    tenantWide: known?.tenantWide === true && scope === '/',
  };
}

/** The template id of a built-in role, or whatever identifies another one. */
function roleIdentity(
  context: Context,
  resource: Resource,
  side: SideName,
  attribute: string,
): { id: string; title?: string } {
  const id = guid(text(resource[side], attribute));
  const activated = isUnknown(resource[side], attribute)
    ? context.world
        .referencesOf(resource)
        .targets(resource, [attribute])
        .map((target) => target.resource)
    : context.world
        .all('directory role')
        .filter(({ before, after }) => [before, after].some((role) => text(role, 'object_id') === id));
  const role = activated.find((found) => kindOf(found) === 'directory role');
  const template = guid(text(role?.after ?? role?.before, 'template_id'));
  const title = printable(role?.after ?? role?.before, 'display_name');
  const byTitle = Object.entries(DIRECTORY_ROLES).find(([, known]) => known.name === title)?.[0];
  return { id: template ?? byTitle ?? id ?? 'unknown', ...(title === undefined ? {} : { title }) };
}

function graphPermission(context: Context, resource: Resource, side: SideName): PrivilegeFact {
  const id = guid(text(resource[side], 'app_role_id')) ?? '';
  const registration = context.world.principal(resource, side, 'resource_object_id', objectOf);
  const value = roleName(context.world, resource, side, registration);
  const known =
    (Object.hasOwn(GRAPH_PERMISSIONS, id) ? GRAPH_PERMISSIONS[id] : undefined) ?? graphPermissionByValue(value ?? '');
  return {
    resource,
    side,
    kind: 'application permission',
    principal: context.world.principal(resource, side, 'principal_object_id', objectOf),
    id: known?.value ?? value ?? id,
    privilege: known?.value ?? value ?? 'a permission of Microsoft Graph that this tool does not know',
    allows: known?.allows ?? 'see the permission in the documentation of Microsoft Graph',
    tenantWide: known?.tenantWide === true,
  };
}

function delegated(context: Context, resource: Resource, side: SideName): PrivilegeFact[] {
  const target = context.world.principal(resource, side, 'resource_service_principal_object_id', objectOf);
  const isGraph = context.world
    .resourcesOf(target)
    .some(({ before, after }) => [before, after].some((found) => text(found, 'client_id') === GRAPH));
  const everyone = text(resource[side], 'user_object_id') === undefined && !isUnknown(resource[side], 'user_object_id');
  const of = isGraph ? 'Microsoft Graph' : context.names.name(target);
  return (printableTexts(resource[side], 'claim_values') ?? []).map((claim) => ({
    resource,
    side,
    kind: 'delegated permission' as const,
    principal: context.world.principal(resource, side, 'service_principal_object_id', objectOf),
    id: [target, claim, everyone].join('\n'),
    privilege: `${claim} of ${of}`,
    allows: everyone ? 'use it in the name of every user' : 'use it in the name of one user',
    tenantWide: false,
  }));
}

function owner(context: Context, resource: Resource, side: SideName): PrivilegeFact {
  const registration = context.world.principal(resource, side, 'application_id', (value) =>
    objectOf(value.split('/').at(-1) ?? ''),
  );
  return ownership(
    context,
    resource,
    side,
    registration,
    context.world.principal(resource, side, 'owner_object_id', objectOf),
  );
}

function ownership(
  context: Context,
  resource: Resource,
  side: SideName,
  registration: string,
  principal: string,
): PrivilegeFact {
  return {
    resource,
    side,
    kind: 'ownership',
    principal,
    id: registration,
    privilege: `owner of ${context.names.name(registration)}`,
    allows: 'add credentials to it and so act as it, change and delete it',
    tenantWide: false,
  };
}

/** Owners of a registration that stays: those of a new one are part of its making. */
function listedOwners(context: Context, side: SideName): PrivilegeFact[] {
  return present(context, 'application', side)
    .filter(({ before, after }) => before !== undefined && after !== undefined)
    .flatMap((resource) =>
      (texts(isUnknown(resource[side], 'owners') ? resource.before : resource[side], 'owners') ?? [])
        .map(objectOf)
        .filter((id) => id !== undefined)
        .map((id) =>
          ownership(context, resource, side, context.world.keyOf(resource), context.world.key(id, resource.stack)),
        ),
    );
}

const RULE_OF: Readonly<Record<Exclude<FactChange, 'unchanged'>, RuleId>> = {
  gained: 'privilege-granted',
  lost: 'privilege-withdrawn',
  interrupted: 'privilege-interrupted',
  kept: 'privilege-kept',
  imported: 'privilege-imported',
};

const CHANGE_OF: Readonly<Record<Exclude<FactChange, 'unchanged'>, PrivilegeFinding['change']>> = {
  gained: 'granted',
  lost: 'withdrawn',
  interrupted: 'interrupted',
  kept: 'kept',
  imported: 'imported',
};

function privilegeFinding(
  context: Context,
  group: FactGroup<PrivilegeFact>,
  change: Exclude<FactChange, 'unchanged'>,
): PrivilegeFinding {
  const [fact] = [...group.after, ...group.before];
  if (fact === undefined) {
    throw new Error('a group of facts is never empty');
  }
  const severity: Severity | undefined = change === 'gained' && fact.tenantWide ? 'critical' : undefined;
  return {
    ...finding(context, {
      rule: RULE_OF[change],
      resource: placeOf(group),
      subject: [fact.kind, fact.privilege, context.names.name(fact.principal)].join('\n'),
      ...(severity === undefined ? {} : { severity }),
      kinds:
        change === 'gained'
          ? ['broadening', 'privilege']
          : change === 'lost' || change === 'interrupted'
            ? ['breaking', 'privilege']
            : [],
      says: sentence(context, fact, change),
    }),
    change: CHANGE_OF[change],
    privilegeKind: fact.kind,
    privilege: name(fact.privilege).text,
    allows: fact.allows,
    principal: context.names.name(fact.principal),
  };
}

function sentence(
  context: Context,
  fact: PrivilegeFact,
  change: Exclude<FactChange, 'unchanged'>,
): readonly MessagePart[] {
  const who = name(context.names.name(fact.principal));
  const what = fact.kind === 'ownership' ? say`${name(fact.privilege)}` : say`${fact.kind} ${name(fact.privilege)}`;
  switch (change) {
    case 'gained':
      return fact.kind === 'ownership'
        ? say`${who} becomes ${what}: it may ${fact.allows}`
        : say`${who} is granted ${what}: it may ${fact.allows}`;
    case 'lost':
      return fact.kind === 'ownership'
        ? say`${who} is no longer ${what}`
        : say`${who} loses ${what}: it may no longer ${fact.allows}`;
    case 'interrupted':
      return say`${who} loses ${what} and gets it again: what depends on it fails in between`;
    case 'kept':
      return say`${who} keeps ${what}: Terraform forgets it and it stays`;
    case 'imported':
      return say`${who} has ${what} already: Terraform takes it over`;
  }
}
