import { resourceAlias, type SideName } from '../../entities/aliases';
import { isUnknown, items, text, texts } from '../../plan/attributes';
import { kindOf } from '../../plan/kinds';
import type { Resource, Side } from '../../plan/resource';
import type { Context } from '../context';
import { objectOf } from '../grants';
import { objectNamed, present, type PrivilegeFact } from './fact';

/** Access policies of vaults: who reads the secrets and certificates that clients sign in with. */
export function vaultAccess(context: Context, side: SideName): PrivilegeFact[] {
  const { world } = context;
  return [
    ...present(context, side, 'key vault access policy').flatMap((resource) => {
      const arm = resource.type.startsWith('azapi_');
      const vault = objectNamed(
        context,
        resource,
        side,
        [arm ? 'parent_id' : 'key_vault_id'],
        (id) => resourceAlias(id),
        ['key vault'],
      );
      return arm
        ? listedPolicies(context, resource, side, vault)
        : policyFacts(
            context,
            resource,
            side,
            vault,
            resource[side],
            world.principal(resource, side, 'object_id', objectOf),
          );
    }),
    ...present(context, side, 'key vault').flatMap((resource) =>
      listedPolicies(context, resource, side, world.keyOf(resource)),
    ),
  ];
}

/** The policies that a vault lists itself, or that a block of azapi adds to those of its vault. */
function listedPolicies(context: Context, resource: Resource, side: SideName, vault: string): PrivilegeFact[] {
  const arm = resource.type.startsWith('azapi_');
  const path = arm ? ['body', 'properties', 'accessPolicies'] : ['access_policy'];
  const own = resource[side];
  if (isUnknown(own, ...path)) {
    return [
      fact(
        context,
        resource,
        side,
        vault,
        'read secrets',
        `unknown ${resource.stack} ${resource.address} access_policy`,
      ),
    ];
  }
  return items(own, ...path).flatMap((policy) =>
    policyFacts(
      context,
      resource,
      side,
      vault,
      policy,
      listedPrincipal(context, resource, policy, arm ? 'objectId' : 'object_id'),
    ),
  );
}

function listedPrincipal(context: Context, resource: Resource, policy: Side, name: string): string {
  const id = objectOf(text(policy, name) ?? '');
  return id === undefined
    ? `unknown ${resource.stack} ${resource.address} ${name}`
    : context.world.key(id, resource.stack);
}

const ALLOWS: readonly (readonly [RegExp, string])[] = [
  [/^secret:(?:get|all|backup|restore|recover)$/, 'read secrets'],
  [
    /^certificate:(?:all|create|import|update|backup|restore|manageissuers|setissuers)$/,
    'make and change certificates',
  ],
  [/^key:(?:all|sign|decrypt|create|import|backup|restore)$/, 'sign with keys'],
];

/** What an access policy lets do of what a client signs in with. */
function policyFacts(
  context: Context,
  resource: Resource,
  side: SideName,
  vault: string,
  policy: Side | undefined,
  principal: string,
): PrivilegeFact[] {
  const granted = ['secret', 'certificate', 'key'].flatMap((what) =>
    (texts(policy, `${what}_permissions`) ?? texts(policy, 'permissions', `${what}s`) ?? []).map(
      (permission) => `${what}:${permission.toLowerCase()}`,
    ),
  );
  const unknown = ['secret', 'certificate', 'key'].some(
    (what) => isUnknown(policy, `${what}_permissions`) || isUnknown(policy, 'permissions', `${what}s`),
  );
  return ALLOWS.filter(([pattern]) => unknown || granted.some((permission) => pattern.test(permission))).map(
    ([, allows]) => fact(context, resource, side, vault, allows, principal),
  );
}

const EDGES: Readonly<Record<string, string>> = {
  'read secrets': 'AZGetSecrets',
  'make and change certificates': 'AZGetCertificates',
  'sign with keys': 'AZGetKeys',
};

function fact(
  context: Context,
  resource: Resource,
  side: SideName,
  vault: string,
  allows: string,
  principal: string,
): PrivilegeFact {
  return {
    resource,
    side,
    kind: 'vault access',
    principal,
    id: [vault, allows].join('\n'),
    privilege: `access to vault ${context.names.name(vault)}`,
    allows,
    tenantWide: false,
    steps: [{ edge: EDGES[allows] ?? 'AZGetSecrets', target: vault }],
    // anyone who reads a vault that is made finds nothing in it yet
    quiet: kindOf(resource) === 'key vault' && (resource.before === undefined || resource.after === undefined),
  };
}
