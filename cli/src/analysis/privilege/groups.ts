import type { SideName } from '../../entities/aliases';
import { guidInPath } from '../../plan/arm';
import { items, text } from '../../plan/attributes';
import type { Resource } from '../../plan/resource';
import type { Context } from '../context';
import { objectOf } from '../grants';
import { membersOf, present, setPath, type PrivilegeFact } from './fact';

/** Members of a group have what the group has. */
export function memberships(context: Context, side: SideName): PrivilegeFact[] {
  const { world } = context;
  return [
    ...present(context, side, 'group member').map((resource) => {
      const member = setPath(resource, side, ['member_object_id', 'principal_id']) ?? 'member_object_id';
      const group = setPath(resource, side, ['group_object_id', 'group_id']) ?? 'group_object_id';
      const owner = text(resource[side], 'assignment_type') === 'owner';
      return membership(
        context,
        resource,
        side,
        world.principal(resource, side, group, (value) => objectOf(guidInPath(value) ?? '')),
        world.principal(resource, side, member, objectOf),
        resource.type.includes('eligibility'),
        owner,
      );
    }),
    ...present(context, side, 'group')
      .filter(({ before, after }) => before !== undefined && after !== undefined)
      .flatMap((resource) => [
        ...membersOf(context, resource, side, 'members').map((member) =>
          membership(context, resource, side, world.keyOf(resource), member),
        ),
        ...dynamic(context, resource, side),
      ]),
    ...created(context, side),
  ];
}

/** Members that a group is made with: whatever the group is granted with it is theirs. */
function created(context: Context, side: SideName): PrivilegeFact[] {
  return side === 'before'
    ? []
    : present(context, side, 'group')
        .filter(({ before }) => before === undefined)
        .flatMap((resource) =>
          membersOf(context, resource, side, 'members').map((member) =>
            membership(context, resource, side, context.world.keyOf(resource), member),
          ),
        );
}

function membership(
  context: Context,
  resource: Resource,
  side: SideName,
  group: string,
  principal: string,
  eligible = false,
  owner = false,
): PrivilegeFact {
  const allows = owner ? 'add members to it, who get everything that the group has' : 'do what the group may do';
  return {
    resource,
    side,
    kind: 'group membership',
    principal,
    id: [group, eligible, owner].join('\n'),
    privilege: `${owner ? 'owner' : 'member'} of ${context.names.name(group)}`,
    allows: `${allows}${eligible ? ', after activation' : ''}`,
    tenantWide: false,
    steps: [{ edge: owner ? 'AZOwns' : 'AZMemberOf', target: group }],
  };
}

/** A rule that says who is in a group: another rule lets in others. */
function dynamic(context: Context, resource: Resource, side: SideName): PrivilegeFact[] {
  return items(resource[side], 'dynamic_membership').map((rule) => {
    const group = context.world.keyOf(resource);
    const written = JSON.stringify(rule.value);
    return {
      resource,
      side,
      kind: 'group membership' as const,
      principal: `rule ${resource.stack} ${resource.address} ${written}`,
      principalName: side === 'after' ? 'anyone its rule selects' : 'anyone its former rule selected',
      id: group,
      privilege: `member of ${context.names.name(group)}`,
      allows: 'do what the group may do',
      tenantWide: false,
      steps: [{ edge: 'AZMemberOf', target: group }],
    };
  });
}
