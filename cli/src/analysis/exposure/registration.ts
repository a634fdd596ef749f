import { name, say } from '../../message';
import type { ExposureFinding } from '../../model';
import { guid } from '../../plan/arm';
import { flag, isUnknown, items, printable, text } from '../../plan/attributes';
import { kindOf } from '../../plan/kinds';
import type { Resource, Side } from '../../plan/resource';
import { compare, type Context } from '../context';
import { clientList, exposure, productName, type ExposureRule, type ProductChange } from './product-change';

/** The registration that tokens for a product are made for: its roles, tenants and who needs a grant. */
export const registrationRule: ExposureRule = (change, context) => {
  const resources = context.world
    .registrationsOf(change.key)
    .flatMap((key) => context.world.resourcesOf(key))
    .filter(({ mode }) => mode === 'managed');
  return [
    ...resources
      .filter((resource) => kindOf(resource) === 'application')
      .flatMap((resource) => [...tenants(change, context, resource), ...roles(change, context, resource)]),
    ...resources
      .filter((resource) => kindOf(resource) === 'service principal')
      .flatMap((resource) => assignment(change, context, resource)),
    ...ownRoles(change, context),
    ...preAuthorized(change, context),
  ];
};

function tenants(change: ProductChange, context: Context, resource: Resource): ExposureFinding[] {
  const before = text(resource.before, 'sign_in_audience');
  const after = text(resource.after, 'sign_in_audience');
  if (before === undefined || after === undefined || before === after) {
    return [];
  }
  context.judged.mark(resource, 'tenants');
  const narrow = 'AzureADMyOrg';
  if (before !== narrow && after !== narrow) {
    return [];
  }
  return after === narrow
    ? [
        exposure(context, change, {
          rule: 'tenants-narrowed',
          resource,
          kinds: ['breaking'],
          says: say`the registration of ${productName(change)} is closed to other tenants`,
        }),
      ]
    : [
        exposure(context, change, {
          rule: 'tenants-widened',
          resource,
          kinds: ['broadening'],
          says: say`the registration of ${productName(change)} is opened to other tenants: applications outside of the organization can get a token`,
        }),
      ];
}

interface Role {
  readonly value: string;
  readonly enabled: boolean;
}

function rolesOf(side: Side | undefined): ReadonlyMap<string, Role> {
  const found = items(side, 'app_role').map((role) => {
    const value = printable(role, 'value') ?? 'without a value';
    return [guid(text(role, 'id')) ?? value, { value, enabled: flag(role, 'enabled') ?? true }] as const;
  });
  return new Map(found);
}

function roles(change: ProductChange, context: Context, resource: Resource): ExposureFinding[] {
  if (resource.action !== 'update' || isUnknown(resource.after, 'app_role')) {
    return [];
  }
  context.judged.mark(resource, 'app roles');
  const before = rolesOf(resource.before);
  const after = rolesOf(resource.after);
  const ids = [...new Set([...before.keys(), ...after.keys()])].sort(compare);
  return ids.flatMap((id) => compareRoles(change, context, resource, id, before.get(id), after.get(id)));
}

/** Roles that are resources of their own. */
function ownRoles(change: ProductChange, context: Context): ExposureFinding[] {
  const registrations = context.world.registrationsOf(change.key);
  return context.world
    .managed('application role')
    .filter((resource) => ['update', 'delete', 'replace', 'create'].includes(resource.action))
    .filter((resource) =>
      registrations.includes(
        context.world.principal(
          resource,
          resource.before === undefined ? 'after' : 'before',
          'application_id',
          (value) => `object ${value.split('/').at(-1) ?? ''}`,
        ),
      ),
    )
    .flatMap((resource) => {
      context.judged.mark(resource, 'app roles');
      const role = (side: Side | undefined): Role | undefined =>
        side === undefined ? undefined : { value: printable(side, 'value') ?? 'without a value', enabled: true };
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

function assignment(change: ProductChange, context: Context, resource: Resource): ExposureFinding[] {
  const before = flag(resource.before, 'app_role_assignment_required');
  const after = flag(resource.after, 'app_role_assignment_required');
  if (before !== undefined && after !== undefined) {
    context.judged.mark(resource, 'assignment');
  }
  if (before === true && after === false) {
    return [
      exposure(context, change, {
        rule: 'assignment-not-required',
        resource,
        kinds: ['broadening'],
        says: say`every application of the tenant can get a token for ${productName(change)}: its registration needs no assignment any more`,
      }),
    ];
  }
  return before === false && after === true
    ? [
        exposure(context, change, {
          rule: 'assignment-required',
          resource,
          kinds: ['breaking'],
          says: say`applications without a grant get no token for ${productName(change)} any more: its registration needs an assignment`,
        }),
      ]
    : [];
}

function preAuthorized(change: ProductChange, context: Context): ExposureFinding[] {
  const registrations = context.world.registrationsOf(change.key);
  return context.world
    .managed('pre-authorized client')
    .filter((resource) => (resource.action === 'create' && !resource.importing) || resource.action === 'delete')
    .flatMap((resource) => {
      const side = resource.action === 'create' ? 'after' : 'before';
      const registration = context.world.principal(
        resource,
        side,
        'application_id',
        (value) => `object ${value.split('/').at(-1) ?? ''}`,
      );
      if (!registrations.includes(registration)) {
        return [];
      }
      const attribute =
        ['authorized_client_id', 'authorized_app_id'].find((path) => text(resource[side], path) !== undefined) ??
        'authorized_client_id';
      const client = name(
        context.names.name(
          context.world.principal(resource, side, attribute, (value) =>
            guid(value) === undefined ? undefined : `application ${value.toLowerCase()}`,
          ),
        ),
      );
      context.judged.mark(resource, 'pre-authorized');
      return [
        resource.action === 'create'
          ? exposure(context, change, {
              rule: 'client-preauthorized',
              resource,
              kinds: ['broadening'],
              says: say`${client} is authorized in advance for ${productName(change)}: it gets delegated tokens without consent`,
            })
          : exposure(context, change, {
              rule: 'client-not-preauthorized',
              resource,
              kinds: ['breaking'],
              says: say`${client} is no longer authorized in advance for ${productName(change)}: its users have to consent`,
            }),
      ];
    });
}
