import { applicationAlias, resourceAlias, type SideName } from '../../entities/aliases';
import type { ClientName, CredentialFinding, CredentialKind, MessagePart } from '../../model';
import { guid, guidInPath } from '../../plan/arm';
import { isUnknown, printable, text } from '../../plan/attributes';
import { kindOf } from '../../plan/kinds';
import type { Resource } from '../../plan/resource';
import type { RuleId } from '../../rules';
import { finding, type Context } from '../context';
import { objectOf } from '../grants';

/** Whom a credential belongs to, and whether it is there before and after. */
export type Owner = ClientName & { readonly existed: boolean; readonly remains: boolean };

/** One credential of one owner. */
export interface Credential {
  readonly resource: Resource;
  readonly kind: CredentialKind;
  readonly owner?: Owner;
  /** Distinguishes inline credentials of one resource. */
  readonly subject?: string;
}

/** Every credential resource that belongs to somebody who has to do with access. */
export function credentialsOf(context: Context): readonly Credential[] {
  const { world } = context;
  const kinds: Readonly<Record<string, CredentialKind>> = {
    password: 'password',
    certificate: 'certificate',
    'federated credential': 'federated identity',
  };
  const entra = world.managed('password', 'certificate', 'federated credential').map((resource): Credential => {
    const owner = ownerOf(context, resource);
    return { resource, kind: kinds[kindOf(resource) ?? ''] ?? 'password', ...(owner === undefined ? {} : { owner }) };
  });
  const keys = world.managed('subscription').map((resource): Credential => ({ resource, kind: 'subscription key' }));
  const stored = world.managed('key vault secret', 'key vault certificate').flatMap((resource): Credential[] => {
    const owner = storedFor(context, resource, entra);
    return owner === undefined
      ? []
      : [
          {
            resource,
            kind: kindOf(resource) === 'key vault secret' ? 'key vault secret' : 'key vault certificate',
            ...(owner === true ? {} : { owner }),
          },
        ];
  });
  return [...entra, ...keys, ...stored];
}

/** Whether the owner has another credential of the kind that the plan leaves as it is, as rotation with an overlap does. */
export function overlaps(credential: Credential, all: readonly Credential[]): boolean {
  return othersOfOwner(credential, all).some(
    ({ resource, kind }) => kind === credential.kind && resource.action === 'no-op',
  );
}

/** The owner's other certificates that are versions of the same certificate of Key Vault. */
export function otherVersions(
  context: Context,
  credential: Credential,
  all: readonly Credential[],
): readonly Credential[] {
  const source = vaultCertificate(context, credential);
  return source === undefined
    ? []
    : othersOfOwner(credential, all).filter((other) => vaultCertificate(context, other) === source);
}

function othersOfOwner({ resource, owner }: Credential, all: readonly Credential[]): readonly Credential[] {
  return owner === undefined
    ? []
    : all.filter((other) => other.resource !== resource && other.owner?.key === owner.key);
}

function vaultCertificate(context: Context, { kind, resource }: Credential): Resource | undefined {
  return kind === 'certificate'
    ? context.world
        .referencesOf(resource)
        .targets(resource, ['value'])
        .map((target) => target.resource)
        .find((target) => kindOf(target) === 'key vault certificate')
    : undefined;
}

export function ownerOf(
  context: Context,
  resource: Resource,
  side: SideName = resource.after === undefined ? 'before' : 'after',
): Owner | undefined {
  const path = [
    'application_id',
    'service_principal_id',
    'application_object_id',
    'client_id',
    'user_assigned_identity_id',
    'parent_id',
  ].find((found) => isUnknown(resource[side], found) || text(resource[side], found) !== undefined);
  if (path === undefined) {
    return undefined;
  }
  return client(
    context,
    context.world.principal(
      resource,
      side,
      path,
      (value) => ofIdentity(value) ?? objectOf(guidInPath(value) ?? '') ?? applicationIf(value),
    ),
  );
}

function ofIdentity(id: string): string | undefined {
  return /\/providers\/microsoft\.managedidentity\/userassignedidentities\/[^/]+$/i.test(id)
    ? resourceAlias(id)
    : undefined;
}

function applicationIf(value: string): string | undefined {
  const id = guid(value);
  return id === undefined ? undefined : applicationAlias(id);
}

export function client(context: Context, key: string): Owner {
  const own = context.world
    .resourcesOf(key)
    .filter(
      (found) =>
        found.mode === 'managed' &&
        ['application', 'client application', 'service principal', 'identity'].includes(kindOf(found) ?? ''),
    );
  const existed = own.length === 0 || own.some(({ before }) => before !== undefined);
  // a service principal that stays is of no use without its application
  const first = own.filter((found) => kindOf(found) !== 'service principal');
  const remains = first.length === 0 || first.some(({ action }) => action !== 'delete');
  return { ...context.names.client(key), existed, remains };
}

/**
 * Whose credential a vault's secret or certificate is. Most secrets of a vault are nobody's business
 * here: it counts when it is filled from a client's secret, or bears a client's name.
 */
function storedFor(context: Context, resource: Resource, entra: readonly Credential[]): Owner | true | undefined {
  const references = context.world.referencesOf(resource);
  const paths = [['value_wo'], ['value'], ['body', 'properties', 'value'], ['sensitive_body', 'properties', 'value']];
  const targets = paths.flatMap((path) => references.targets(resource, path));
  const filled = entra.find((credential) => targets.some((target) => target.resource === credential.resource));
  if (filled !== undefined) {
    return filled.owner ?? true;
  }
  const copied = targets.find(
    (target) => target.resource !== resource && kindOf(target.resource) === 'key vault secret',
  );
  if (copied !== undefined) {
    const { resource: source } = copied;
    return (
      (source.mode === 'managed' ? storedFor(context, source, entra) : undefined) ??
      byName(context, printable(source.after ?? source.before, 'name')) ??
      true
    );
  }
  const users = entra.find(({ resource: credential }) =>
    ['value', 'key'].some((path) =>
      references.targets(credential, [path]).some((target) => target.resource === resource),
    ),
  );
  if (users !== undefined) {
    return users.owner ?? true;
  }
  const named = byName(context, printable(resource.after ?? resource.before, 'name'));
  const written = paths.flatMap((path) => [
    ...references.written(resource, path),
    references.template(resource, path) ?? '',
  ]);
  return named ?? (written.some(isAction) ? true : undefined);
}

function isAction(reference: string): boolean {
  return /(?:^|\{|\s|\()(?:ephemeral\.|data\.)?azapi_resource_action\./.test(reference);
}

/** Whether writing a secret of a vault makes a new secret of the client: its value is the answer to `listSecrets`. */
export function makesSecret(context: Context, resource: Resource): boolean {
  const references = context.world.referencesOf(resource);
  return [['value_wo'], ['value']].some((path) =>
    [...references.written(resource, path), references.template(resource, path) ?? ''].some(isAction),
  );
}

const byNameCache = new WeakMap<Context, Map<string, string>>();

function byName(context: Context, wanted: string | undefined): Owner | undefined {
  let found = byNameCache.get(context);
  if (found === undefined) {
    found = new Map();
    for (const resource of context.world.managed('client application', 'application')) {
      const side = resource.after ?? resource.before;
      for (const own of [
        text(side, 'name'),
        printable(side, 'display_name')?.replace(/^APIMApplication/, ''),
        printable(side, 'body', 'properties', 'displayName'),
      ]) {
        if (own !== undefined) {
          found.set(slug(own), context.world.keyOf(resource));
        }
      }
    }
    byNameCache.set(context, found);
  }
  const key = wanted === undefined ? undefined : found.get(slug(wanted));
  return key === undefined ? undefined : client(context, key);
}

function slug(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]+/g, '-');
}

export function credentialFinding(
  context: Context,
  credential: Credential,
  rule: RuleId,
  change: CredentialFinding['change'],
  kinds: CredentialFinding['kinds'],
  says: readonly MessagePart[],
  severity?: CredentialFinding['severity'],
  expires?: string,
): CredentialFinding {
  const { owner, resource, kind } = credential;
  return {
    ...finding(context, {
      rule,
      resource,
      subject: `${credential.subject ?? ''}${resource.deposed ? ' deposed' : ''}`,
      kinds,
      says,
      ...(severity === undefined ? {} : { severity }),
    }),
    change,
    credentialKind: kind,
    ...(owner === undefined
      ? {}
      : {
          client: {
            key: owner.key,
            name: owner.name,
            ...(owner.clientId === undefined ? {} : { clientId: owner.clientId }),
          },
        }),
    ...(expires === undefined ? {} : { expires }),
  };
}
