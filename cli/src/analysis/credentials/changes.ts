import { name, say } from '../../message';
import type { CredentialFinding, MessagePart } from '../../model';
import { attribute, isUnknown, text } from '../../plan/attributes';
import type { Resource } from '../../plan/resource';
import type { Context } from '../context';
import { hasOtherPolicy, isElsewhere, isOfSomebodyElse } from './certificates';
import { credentialFinding, makesSecret, otherVersions, overlaps, ownerOf, type Credential } from './credential';
import { federation } from './federation';
import { describe } from './wording';

export function changes(context: Context, credential: Credential, all: readonly Credential[]): CredentialFinding[] {
  const { resource, kind, owner } = credential;
  const what = describe(credential);
  const whose = owner === undefined ? [] : say` of ${name(owner.name)}`;
  const stored = kind === 'key vault secret' || kind === 'key vault certificate';
  const tell: Tell = (...told) => [credentialFinding(context, credential, ...told)];
  markJudged(context, credential);
  if (resource.importing && resource.action === 'no-op') {
    return tell('credential-imported', 'imported', [], say`${what}${whose} exists already: Terraform imports it`);
  }
  const byTrust =
    kind === 'federated identity' ? federation(context, credential, all) : moved(context, credential, what);
  if (byTrust !== undefined) {
    return byTrust;
  }
  switch (resource.action) {
    case 'create':
      if (stored) {
        return storedNow(context, credential, what);
      }
      if (otherVersions(context, credential, all).some(({ resource: other }) => other.action === 'no-op')) {
        const says = say`${what}${whose} is renewed: the former version stays valid meanwhile`;
        return tell('credential-rotated', 'rotated', [], says, 'low');
      }
      return made(credential, tell, what);
    case 'replace':
      return replaced(context, credential, all, what, whose);
    case 'delete':
      if (owner?.remains === false) {
        const says = say`${what}${whose} is removed together with ${name(owner.name)}`;
        return tell(stored ? 'credential-unstored' : 'credential-removed', 'removed', stored ? [] : ['breaking'], says);
      }
      if (stored) {
        const says = say`${what}${whose} is removed: the credential stays valid, but those who read it from there fail`;
        return tell('credential-unstored', 'removed', [], says);
      }
      return tell(
        'credential-removed',
        'removed',
        ['breaking'],
        say`${what}${whose} is removed: calls with it are refused${resource.deposed ? ', it was left over from an earlier replacement' : ''}`,
      );
    case 'forget':
      return tell(
        'credential-kept',
        'kept',
        [],
        owner?.remains === false
          ? say`Terraform forgets ${what}${whose}, and ${name(owner.name)} itself is destroyed`
          : say`${what}${whose} stays valid: Terraform forgets it`,
      );
    case 'update':
      return changed(context, credential, tell, what, whose);
    default:
      return [];
  }
}

/** All that such a credential is made of, and whose it is, is compared; what a certificate is updated to is not. */
function markJudged(context: Context, { resource, kind, owner }: Credential): void {
  if (resource.action !== 'update' || !['password', 'certificate'].includes(kind)) {
    context.judged.mark(resource, 'credential');
  }
  if (owner !== undefined) {
    context.judged.mark(resource, 'credential owner');
  }
}

/** A credential that is another application's afterwards: one loses it, the other can be acted as. */
function moved(
  context: Context,
  credential: Credential,
  what: readonly MessagePart[],
): CredentialFinding[] | undefined {
  const { resource, owner, kind } = credential;
  const former =
    ['password', 'certificate'].includes(kind) && resource.before !== undefined
      ? ownerOf(context, resource, 'before')
      : undefined;
  if (former === undefined || owner === undefined || former.key === owner.key || resource.action === 'forget') {
    return undefined;
  }
  const other: Credential = { ...credential, owner: former };
  const removed = say`${what} is no longer one of ${name(former.name)} but of ${name(owner.name)}: calls with it for the former are refused`;
  return [
    ...made(credential, (...told) => [credentialFinding(context, credential, ...told)], what),
    credentialFinding(context, other, 'credential-removed', 'removed', ['breaking'], removed),
  ];
}

function replaced(
  context: Context,
  credential: Credential,
  all: readonly Credential[],
  what: readonly MessagePart[],
  whose: readonly MessagePart[],
): CredentialFinding[] {
  const { kind, resource } = credential;
  const stored = kind === 'key vault secret' || kind === 'key vault certificate';
  const tell: Tell = (...told) => [credentialFinding(context, credential, ...told)];
  const overlap = overlaps(credential, all) && !stored;
  if (kind === 'certificate' && isOfSomebodyElse(context, resource)) {
    const says = say`${what}${whose} is replaced by one of another subject, issuer or vault: somebody else can act as it${overlap ? '' : ', and those who could before no longer can'}`;
    return tell('credential-changed', 'changed', overlap ? ['broadening'] : ['broadening', 'breaking'], says, 'high');
  }
  if (stored && isElsewhere(resource)) {
    const says = say`${what}${whose} is stored in another place: anyone who reads it there can act as the client`;
    return tell('credential-changed', 'changed', ['broadening'], says);
  }
  if (kind === 'key vault certificate' && hasOtherPolicy(resource)) {
    const says = say`${what}${whose} is replaced by one of another subject or issuer: somebody else may be able to act as the client`;
    return tell('credential-changed', 'changed', ['broadening'], says, 'high');
  }
  if (overlap) {
    const says = say`${what}${whose} is replaced: another one stays valid meanwhile`;
    return tell('credential-rotated', 'rotated', [], says, 'low');
  }
  return tell(
    'credential-rotated',
    'rotated',
    stored ? [] : ['breaking'],
    say`${what}${whose} is replaced: the former one stops working`,
  );
}

/** A copy of a credential in a vault: anyone who reads the vault can act as the client. */
function storedNow(context: Context, credential: Credential, what: readonly MessagePart[]): CredentialFinding[] {
  const { owner, resource } = credential;
  const forWhom = owner === undefined ? ' for the secret of a client' : say` for ${name(owner.name)}`;
  const news = owner?.existed ?? true;
  const makes = makesSecret(context, resource) ? ', for which this plan makes a new secret' : '';
  return [
    credentialFinding(
      context,
      credential,
      'credential-made',
      'made',
      news ? ['broadening'] : [],
      say`${what} is made${forWhom}${makes}: anyone who reads it can act as the client`,
      news ? undefined : 'info',
    ),
  ];
}

/** Reports one finding of a credential. */
type Tell = (
  ...told: Parameters<typeof credentialFinding> extends [Context, Credential, ...infer Rest] ? Rest : never
) => CredentialFinding[];

function made({ owner, kind }: Credential, tell: Tell, what: readonly MessagePart[]): CredentialFinding[] {
  if (owner === undefined) {
    return tell('credential-made', 'made', [], say`${what} is made`, kind === 'subscription key' ? 'info' : undefined);
  }
  // a credential of a client that is made with it lets in nobody but that client
  const broadening = owner.existed;
  return tell(
    'credential-made',
    'made',
    broadening ? ['broadening'] : [],
    say`${what} is made for ${name(owner.name)}: anyone who has it can act as it`,
    broadening ? undefined : 'info',
  );
}

function changed(
  context: Context,
  { resource, kind }: Credential,
  tell: Tell,
  what: readonly MessagePart[],
  whose: readonly MessagePart[],
): CredentialFinding[] {
  if (kind === 'key vault certificate') {
    const says = say`${what}${whose} is changed to another subject or issuer: somebody else may be able to act as the client`;
    return hasOtherPolicy(resource) ? tell('credential-changed', 'changed', ['broadening'], says, 'high') : [];
  }
  if (kind === 'key vault secret' && (differs(resource, 'value_wo_version') || differs(resource, 'value'))) {
    const makes = makesSecret(context, resource)
      ? ': this plan makes a new secret of the client, and the former one may stop working'
      : '';
    return tell('credential-changed', 'changed', [], say`${what}${whose} is written again${makes}`, 'low');
  }
  if (kind === 'subscription key') {
    const before = text(resource.before, 'state') ?? text(resource.before, 'body', 'properties', 'state');
    const after = text(resource.after, 'state') ?? text(resource.after, 'body', 'properties', 'state');
    if (before !== after && (before === 'active' || after === 'active')) {
      // clients that gain or lose the product are reported with access
      const says = say`${what} ${after === 'active' ? 'is activated' : 'is no longer active'}`;
      return tell('credential-changed', 'changed', [], says, 'low');
    }
    const rotated = KEYS.some((path) => differs(resource, ...path) && isSetAfter(resource, path));
    return rotated
      ? tell('credential-rotated', 'rotated', ['breaking'], say`${what} is replaced: the former one stops working`)
      : [];
  }
  return [];
}

const KEYS = [
  ['primary_key'],
  ['secondary_key'],
  ['body', 'properties', 'primaryKey'],
  ['body', 'properties', 'secondaryKey'],
];

/** The service fills in the keys that nobody sets: that they are not known is no change. */
function isSetAfter({ after }: Resource, path: readonly string[]): boolean {
  return !isUnknown(after, ...path) || path[0] === 'body';
}

function differs({ before, after }: Resource, ...path: readonly string[]): boolean {
  return JSON.stringify(attribute(before, path).value) !== JSON.stringify(attribute(after, path).value);
}
