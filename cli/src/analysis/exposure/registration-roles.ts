import { name, say } from '../../message';
import type { ExposureFinding } from '../../model';
import { guid } from '../../plan/arm';
import { flag, isUnknown, items, printable, text, texts } from '../../plan/attributes';
import type { Resource, Side } from '../../plan/resource';
import { compare, type Context } from '../context';
import { byRegistration } from './by-registration';
import { clientList, exposure, productName, type ProductChange } from './product-change';

interface Role {
  readonly value: string;
  readonly enabled: boolean;
  /** Who may have it: applications, users and groups, or both. */
  readonly members: readonly string[];
}

function membersOf(side: Side | undefined): readonly string[] {
  return isUnknown(side, 'allowed_member_types')
    ? ['Application', 'User']
    : (texts(side, 'allowed_member_types') ?? ['Application']);
}

function rolesOf(side: Side | undefined): ReadonlyMap<string, Role> {
  const found = items(side, 'app_role').map((role) => {
    const value = printable(role, 'value') ?? 'without a value';
    return [
      guid(text(role, 'id')) ?? value,
      { value, enabled: flag(role, 'enabled') ?? true, members: membersOf(role) },
    ] as const;
  });
  return new Map(found);
}

/** Roles in the block of the registration; one that comes back under another id is another role of the same value. */
export function listedRoles(change: ProductChange, context: Context, resource: Resource): ExposureFinding[] {
  if (resource.action !== 'update' || isUnknown(resource.after, 'app_role')) {
    return [];
  }
  context.judged.mark(resource, 'app roles');
  const before = rolesOf(resource.before);
  const after = rolesOf(resource.after);
  const ids = [...new Set([...before.keys(), ...after.keys()])].sort(compare);
  const renumbered = new Set(
    ids.filter((id) => !after.has(id) && valuesOf(after, before).includes(before.get(id)?.value ?? '')),
  );
  return ids
    .filter((id) => before.has(id) || !valuesOf(before, after).includes(after.get(id)?.value ?? ''))
    .flatMap((id) =>
      renumbered.has(id)
        ? [renumberedRole(change, context, resource, id, before.get(id)?.value ?? '')]
        : compareRoles(change, context, resource, id, before.get(id), after.get(id)),
    );
}

/** Values of enabled roles of a side whose ids the other side does not have. */
function valuesOf(own: ReadonlyMap<string, Role>, other: ReadonlyMap<string, Role>): readonly string[] {
  return [...own].filter(([id, role]) => role.enabled && !other.has(id)).map(([, role]) => role.value);
}

function renumberedRole(
  change: ProductChange,
  context: Context,
  resource: Resource,
  subject: string,
  value: string,
): ExposureFinding {
  return exposure(context, change, {
    rule: 'role-removed',
    resource,
    subject,
    kinds: ['breaking'],
    says: say`app role ${name(value)} of ${productName(change)} is made again with another id: its holders lose it until it is assigned again${clientList(change.clientsBefore, 'this concerns')}`,
    clients: change.clientsBefore,
  });
}

const rolesWithin = byRegistration(({ world }) =>
  world
    .managed('application role')
    .filter((resource) => ['update', 'delete', 'replace', 'create'].includes(resource.action))
    .map((resource) => ({
      item: resource,
      registrations: [
        world.principal(
          resource,
          resource.before === undefined ? 'after' : 'before',
          'application_id',
          (value) => `object ${value.split('/').at(-1) ?? ''}`,
        ),
      ],
    })),
);

/** Roles that are resources of their own. */
export function ownRoles(change: ProductChange, context: Context): ExposureFinding[] {
  return rolesWithin(context, context.world.registrationsOf(change.key)).flatMap((resource) => {
    context.judged.mark(resource, 'app roles');
    const role = (side: Side | undefined): Role | undefined =>
      side === undefined
        ? undefined
        : {
            value: printable(side, 'value') ?? 'without a value',
            enabled: true,
            members: membersOf(side),
          };
    return compareRoles(change, context, resource, '', role(resource.before), role(resource.after));
  });
}

function compareRoles(
  change: ProductChange,
  context: Context,
  resource: Resource,
  subject: string,
  before: Role | undefined,
  after: Role | undefined,
): ExposureFinding[] {
  const had = before?.enabled === true;
  const has = after?.enabled === true;
  if (had && (!has || after.value !== before.value)) {
    const how = after === undefined ? 'is removed' : has ? say`becomes ${name(after.value)}` : 'is disabled';
    return [
      exposure(context, change, {
        rule: 'role-removed',
        resource,
        subject,
        kinds: ['breaking'],
        says: say`app role ${name(before.value)} of ${productName(change)} ${how}: tokens no longer carry it${clientList(change.clientsBefore, 'this concerns')}`,
        clients: change.clientsBefore,
      }),
    ];
  }
  if (had && has) {
    return memberTypes(change, context, resource, subject, before, after);
  }
  return !had && has
    ? [
        exposure(context, change, {
          rule: 'role-added',
          resource,
          subject,
          says: say`app role ${name(after.value)} of ${productName(change)} is added`,
        }),
      ]
    : [];
}

function memberTypes(
  change: ProductChange,
  context: Context,
  resource: Resource,
  subject: string,
  before: Role,
  after: Role,
): ExposureFinding[] {
  const added = after.members.filter((type) => !before.members.includes(type));
  const removed = before.members.filter((type) => !after.members.includes(type));
  const who = (types: readonly string[]): string =>
    types.map((type) => (type === 'Application' ? 'applications' : 'users and groups')).join(' and to ');
  const role = say`app role ${name(after.value)} of ${productName(change)}`;
  return [
    ...(added.length === 0
      ? []
      : [
          exposure(context, change, {
            rule: 'role-widened',
            resource,
            subject: `${subject} widened`,
            kinds: ['broadening'],
            says: say`${role} can be assigned to ${who(added)} as well`,
          }),
        ]),
    ...(removed.length === 0
      ? []
      : [
          exposure(context, change, {
            rule: 'role-narrowed',
            resource,
            subject: `${subject} narrowed`,
            kinds: ['breaking'],
            says: say`${role} can no longer be assigned to ${who(removed)}`,
          }),
        ]),
  ];
}
