import { SIDES, type SideName } from '../../entities/aliases';
import { name, say } from '../../message';
import type { ExposureFinding } from '../../model';
import { guid, guidInPath } from '../../plan/arm';
import { isUnknown, text, texts } from '../../plan/attributes';
import type { Resource } from '../../plan/resource';
import type { Context } from '../context';
import { byRegistration } from './by-registration';
import { exposure, productName, type ProductChange } from './product-change';

/** What a client may use of a registration without anyone's consent. */
interface Authorization {
  readonly registration: string;
  readonly client: string;
  readonly permissions: readonly string[];
}

function authorization(context: Context, resource: Resource, side: SideName): Authorization | undefined {
  if (resource[side] === undefined) {
    return undefined;
  }
  const path =
    ['authorized_client_id', 'authorized_app_id'].find((found) => text(resource[side], found) !== undefined) ??
    'authorized_client_id';
  return {
    registration: context.world.principal(
      resource,
      side,
      'application_id',
      (value) => `object ${guidInPath(value) ?? value}`,
    ),
    client: context.world.principal(resource, side, path, (value) =>
      guid(value) === undefined ? undefined : `application ${value.toLowerCase()}`,
    ),
    permissions: isUnknown(resource[side], 'permission_ids')
      ? ['unknown until apply']
      : (texts(resource[side], 'permission_ids') ?? []),
  };
}

const authorizationsOf = byRegistration((context) =>
  context.world
    .managed('pre-authorized client')
    .filter(({ action, importing }) => ['create', 'delete', 'update', 'replace'].includes(action) && !importing)
    .map((resource) => {
      const sides = SIDES.map((side) => authorization(context, resource, side));
      return { item: { resource, sides }, registrations: sides.flatMap((found) => found?.registration ?? []) };
    }),
);

/** Clients that get delegated tokens for a product without anyone's consent. */
export function preAuthorized(change: ProductChange, context: Context): ExposureFinding[] {
  const registrations = context.world.registrationsOf(change.key);
  return authorizationsOf(context, registrations).flatMap(({ resource, sides }) => {
    const [before, after] = sides.map((found) =>
      found !== undefined && registrations.includes(found.registration) ? found : undefined,
    );
    context.judged.mark(resource, 'pre-authorized');
    return [
      ...(hasMore(before, after) ? [gained(change, context, resource, after)] : []),
      ...(hasMore(after, before) ? [lost(change, context, resource, before)] : []),
    ];
  });
}

function hasMore(one: Authorization | undefined, other: Authorization | undefined): boolean {
  return (
    other !== undefined &&
    (one?.client !== other.client || other.permissions.some((permission) => !one.permissions.includes(permission)))
  );
}

function gained(
  change: ProductChange,
  context: Context,
  resource: Resource,
  found: Authorization | undefined,
): ExposureFinding {
  return exposure(context, change, {
    rule: 'client-preauthorized',
    resource,
    kinds: ['broadening'],
    says: say`${name(context.names.name(found?.client ?? ''))} is authorized in advance for ${productName(change)}: it gets delegated tokens without consent`,
  });
}

function lost(
  change: ProductChange,
  context: Context,
  resource: Resource,
  found: Authorization | undefined,
): ExposureFinding {
  return exposure(context, change, {
    rule: 'client-not-preauthorized',
    resource,
    kinds: ['breaking'],
    says: say`${name(context.names.name(found?.client ?? ''))} is no longer authorized in advance for ${productName(change)}: its users have to consent`,
  });
}
