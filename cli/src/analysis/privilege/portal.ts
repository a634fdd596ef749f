import { armAlias, type SideName } from '../../entities/aliases';
import { attribute, flag, isSensitive, isUnknown, items, printable, printableTexts, text } from '../../plan/attributes';
import { kindOf } from '../../plan/kinds';
import type { Resource, Side } from '../../plan/resource';
import type { Context } from '../context';
import { objectNamed, present, type PrivilegeFact } from './fact';
import { userOf } from './owners';

/** Who can sign in to the developer portal, what it sees there, and keys that manage the instance directly. */
export function portalAccess(context: Context, side: SideName): PrivilegeFact[] {
  return [
    ...present(context, side, 'instance user').flatMap((resource) => user(context, resource, side)),
    ...present(context, side, 'instance group user').map((resource) => groupUser(context, resource, side)),
    ...present(context, side, 'instance').flatMap((resource) => instanceSettings(context, resource, side)),
    ...present(context, side, 'tenant access', 'portal setting').flatMap((resource) =>
      setting(context, resource, side),
    ),
    ...present(context, side, 'identity provider').flatMap((resource) => provider(context, resource, side)),
  ];
}

function instanceName(context: Context, resource: Resource, side: SideName): string {
  const key = context.world.instanceOf(resource, side);
  return key === undefined
    ? (printable(resource[side], 'api_management_name') ?? 'the instance')
    : context.names.name(key);
}

type Told = Pick<PrivilegeFact, 'kind' | 'principal' | 'id' | 'privilege' | 'allows'> & Partial<PrivilegeFact>;

function fact(resource: Resource, side: SideName, told: Told): PrivilegeFact {
  return { resource, side, tenantWide: false, ...told };
}

function user(context: Context, resource: Resource, side: SideName): PrivilegeFact[] {
  const state = text(resource[side], 'state') ?? text(resource[side], 'body', 'properties', 'state') ?? 'active';
  return state === 'blocked'
    ? []
    : [
        fact(resource, side, {
          kind: 'developer portal',
          principal: context.world.keyOf(resource),
          id: 'user',
          privilege: `user of ${instanceName(context, resource, side)}`,
          allows: 'sign in to the developer portal and request the products that developers see',
        }),
      ];
}

function groupUser(context: Context, resource: Resource, side: SideName): PrivilegeFact {
  const own = resource[side];
  const name =
    printable(own, 'group_name') ??
    printable(own, 'parent_id')?.split('/').at(-1) ??
    'a group that is unknown until apply';
  const path = resource.type.startsWith('azapi_') ? ['name'] : ['user_id'];
  const instance = text(own, 'api_management_name');
  const id = text(own, ...path);
  const direct =
    id !== undefined && instance !== undefined ? armAlias(`${instance}/users/${id}`.toLowerCase()) : undefined;
  const principal =
    direct === undefined
      ? objectNamed(context, resource, side, path, userOf, ['instance user'])
      : context.world.key(direct, resource.stack);
  const administrators = name.toLowerCase() === 'administrators';
  return fact(resource, side, {
    kind: 'group membership',
    principal,
    id: name.toLowerCase(),
    privilege: `member of group ${name} of ${instanceName(context, resource, side)}`,
    allows: administrators ? 'manage the instance' : 'request the products that the group sees',
  });
}

function instanceSettings(context: Context, resource: Resource, side: SideName): PrivilegeFact[] {
  const own = resource[side];
  const arm = resource.type.startsWith('azapi_');
  const on = (block: string): boolean =>
    !arm && (isUnknown(own, block) || items(own, block).some((found) => isOn(found, 'enabled')));
  return [
    ...(on('tenant_access') ? [managementAccess(context, resource, side)] : []),
    ...(on('sign_up') ? [signUp(context, resource, side)] : []),
    ...(on('sign_in') || arm || resource.before === undefined || resource.after === undefined
      ? []
      : [anonymous(context, resource, side)]),
    ...delegationOf(
      context,
      resource,
      side,
      // Azure answers it where nobody sets it
      isUnknown(own, 'delegation') && context.world.referencesOf(resource).isSet(resource, 'delegation')
        ? [{ url: 'unknown until apply', on: true }]
        : items(own, 'delegation').map((found) => ({
            url: urlOf(found, 'url'),
            on: isOn(found, 'subscriptions_enabled') || isOn(found, 'user_registration_enabled'),
          })),
    ),
  ];
}

/** Settings that are resources of their own in ARM: `tenant/access`, `portalsettings/signup` and the like. */
function setting(context: Context, resource: Resource, side: SideName): PrivilegeFact[] {
  const own = resource[side];
  const properties = ['body', 'properties'];
  const enabled = isOn(own, ...properties, 'enabled');
  if (kindOf(resource) === 'tenant access') {
    return enabled ? [managementAccess(context, resource, side)] : [];
  }
  switch (settingName(own)) {
    case 'signup':
      return enabled ? [signUp(context, resource, side)] : [];
    case 'signin':
      return enabled ? [] : [anonymous(context, resource, side)];
    case 'delegation':
      return delegationOf(context, resource, side, [
        {
          url: urlOf(own, ...properties, 'url'),
          on:
            isOn(own, ...properties, 'subscriptions', 'enabled') ||
            isOn(own, ...properties, 'userRegistration', 'enabled'),
        },
      ]);
    default:
      return [];
  }
}

/** The last step of its id: `signup`, `signin` or `delegation`. */
function settingName(own: Side | undefined): string | undefined {
  return ['name', 'resource_id', 'id']
    .map((path) => text(own, path)?.split('/').at(-1)?.toLowerCase())
    .find((name) => name !== undefined);
}

/** Whether it is known which setting a block is, before and after. */
export function isKnownSetting({ before, after }: Resource): boolean {
  return [before, after].every(
    (side) => side === undefined || ['signup', 'signin', 'delegation'].includes(settingName(side) ?? ''),
  );
}

/** A switch that is unknown until apply may be on. */
function isOn(side: Side | undefined, ...path: readonly string[]): boolean {
  return isUnknown(side, ...path) || flag(side, ...path) === true;
}

function managementAccess(context: Context, resource: Resource, side: SideName): PrivilegeFact {
  return fact(resource, side, {
    kind: 'management access',
    principal: `holders ${resource.stack} ${resource.address}`,
    principalName: 'everyone with the access key of the instance',
    id: 'direct management',
    privilege: `direct management of ${instanceName(context, resource, side)}`,
    allows: 'change products, APIs, policies, keys and clients',
  });
}

function signUp(context: Context, resource: Resource, side: SideName): PrivilegeFact {
  return fact(resource, side, {
    kind: 'developer portal',
    principal: 'anyone',
    principalName: 'anyone',
    id: 'sign-up',
    privilege: `sign-up at the developer portal of ${instanceName(context, resource, side)}`,
    allows: 'become a user and request the products that developers see',
  });
}

function anonymous(context: Context, resource: Resource, side: SideName): PrivilegeFact {
  return fact(resource, side, {
    kind: 'developer portal',
    principal: 'anyone',
    principalName: 'anyone',
    id: 'anonymous',
    privilege: `visits without sign-in to the developer portal of ${instanceName(context, resource, side)}`,
    allows: 'see what guests see',
    bearing: 'none',
  });
}

function urlOf(side: Side | undefined, ...path: readonly string[]): string | undefined {
  return isUnknown(side, ...path)
    ? 'unknown until apply'
    : isSensitive(side, ...path)
      ? 'sensitive'
      : text(side, ...path);
}

interface Delegation {
  readonly url: string | undefined;
  readonly on: boolean;
}

/** Another service that decides who becomes a user and who gets a key. */
function delegationOf(
  context: Context,
  resource: Resource,
  side: SideName,
  found: readonly Delegation[],
): PrivilegeFact[] {
  return found
    .flatMap(({ url, on }) => (on && url !== undefined ? [url] : []))
    .map((url) =>
      fact(resource, side, {
        kind: 'developer portal',
        principal: `delegation ${url}`,
        principalName: hostOf(url),
        id: 'delegation',
        privilege: `delegation of ${instanceName(context, resource, side)}`,
        allows: 'decide who becomes a user and who gets a key',
      }),
    );
}

function hostOf(url: string): string {
  return /^https?:\/\/([\w.-]{1,200})/i.exec(url)?.[1] ?? 'a service whose address is not shown';
}

/** Everybody an identity provider lets in; Entra only from the tenants that it allows. */
function provider(context: Context, resource: Resource, side: SideName): PrivilegeFact[] {
  const own = resource[side];
  const arm = resource.type.startsWith('azapi_');
  const value = (flat: string, property: string): unknown =>
    attribute(own, arm ? ['body', 'properties', property] : [flat]).value;
  const kind =
    (arm ? printable(own, 'name') : resource.type.replace('azurerm_api_management_identity_provider_', '')) ??
    'an identity provider';
  const tenants = printableTexts(own, ...(arm ? ['body', 'properties', 'allowedTenants'] : ['allowed_tenants'])) ?? [];
  const unknown = isUnknown(own, ...(arm ? ['body', 'properties', 'allowedTenants'] : ['allowed_tenants']));
  const trust = JSON.stringify([
    value('client_id', 'clientId') ?? value('app_id', 'clientId'),
    value('signin_tenant', 'signinTenant'),
    value('authority', 'authority'),
  ]);
  const who = tenants.length > 0 ? tenants : [unknown ? 'tenants that are unknown until apply' : ''];
  return who.map((tenant) =>
    fact(resource, side, {
      kind: 'developer portal',
      principal: `accounts ${kind} ${tenant}`,
      principalName: `everyone with an account at ${kind}${tenant === '' ? '' : ` in ${tenant}`}`,
      id: ['identity provider', trust].join('\n'),
      privilege: `sign-in to the developer portal of ${instanceName(context, resource, side)}`,
      allows: 'become a user and request the products that developers see',
    }),
  );
}
