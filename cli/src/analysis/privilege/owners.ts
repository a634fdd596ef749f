import { armAlias, armKey, type SideName } from '../../entities/aliases';
import { attribute } from '../../plan/attributes';
import { kindOf } from '../../plan/kinds';
import { guidInPath } from '../../plan/arm';
import type { Resource } from '../../plan/resource';
import type { Context } from '../context';
import { objectOf } from '../grants';
import { membersOf, objectNamed, present, type PrivilegeFact } from './fact';

const OF_REGISTRATION = 'add credentials to it and so act as it, change and delete it';

/** Anyone who owns an application, a service principal, a group or a client application. */
export function owners(context: Context, side: SideName): PrivilegeFact[] {
  const { world } = context;
  return [
    ...present(context, side, 'application owner').map((resource) =>
      ownership(
        context,
        resource,
        side,
        world.principal(resource, side, 'application_id', (value) => objectOf(guidInPath(value) ?? '')),
        world.principal(resource, side, 'owner_object_id', objectOf),
        OF_REGISTRATION,
      ),
    ),
    ...listed(context, side, 'application', OF_REGISTRATION),
    ...listed(context, side, 'service principal', OF_REGISTRATION),
    ...listed(context, side, 'group', 'add members to it, who get everything that the group has'),
    ...clientOwners(context, side),
  ];
}

function ownership(
  context: Context,
  resource: Resource,
  side: SideName,
  owned: string,
  principal: string,
  allows: string,
): PrivilegeFact {
  return {
    resource,
    side,
    kind: 'ownership',
    principal,
    id: owned,
    privilege: `owner of ${context.names.name(owned)}`,
    allows,
    tenantWide: false,
    steps: [{ edge: 'AZOwns', target: owned }],
    // owners of what is made or destroyed are part of that
    quiet: kindOf(resource) !== 'application owner' && (resource.before === undefined || resource.after === undefined),
  };
}

function listed(
  context: Context,
  side: SideName,
  kind: 'application' | 'service principal' | 'group',
  allows: string,
): PrivilegeFact[] {
  return present(context, side, kind).flatMap((resource) =>
    membersOf(context, resource, side, 'owners').map((principal) =>
      ownership(context, resource, side, context.world.keyOf(resource), principal, allows),
    ),
  );
}

/** The user of API Management whose application it is: it sees and makes secrets in the developer portal. */
function clientOwners(context: Context, side: SideName): PrivilegeFact[] {
  return present(context, side, 'client application')
    .filter((resource) => attribute(resource[side], ['body', 'properties', 'ownerId']).state !== 'absent')
    .map((resource) => {
      const owner = objectNamed(context, resource, side, ['body', 'properties', 'ownerId'], userOf, ['instance user']);
      return ownership(
        context,
        resource,
        side,
        context.world.keyOf(resource),
        owner,
        'make secrets for it in the developer portal and so act as it',
      );
    });
}

/** A user by its full id; `/users/x` and `users/x` are different texts. */
export function userOf(id: string): string | undefined {
  const key = armKey(id);
  const name = /(?:^|\/)users\/([^/]+)$/i.exec(id)?.[1];
  return key !== undefined ? armAlias(key) : name === undefined ? undefined : `user ${name.toLowerCase()}`;
}
