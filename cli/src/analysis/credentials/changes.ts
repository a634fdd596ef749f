import { SIDES } from '../../entities/aliases';
import { name, say } from '../../message';
import type { CredentialFinding, MessagePart } from '../../model';
import { attribute, isUnknown, items, text } from '../../plan/attributes';
import type { Resource } from '../../plan/resource';
import type { Context } from '../context';
import { client, credentialFinding, otherVersions, overlaps, sameOwner, type Credential } from './credential';
import { describe } from './wording';

export function changes(context: Context, credential: Credential, all: readonly Credential[]): CredentialFinding[] {
  const { resource, kind, owner } = credential;
  const what = describe(credential);
  const whose = owner === undefined ? [] : say` of ${name(owner.name)}`;
  const stored = kind === 'key vault secret' || kind === 'key vault certificate';
  const tell: Tell = (...told) => {
    context.judged.mark(resource, 'credential');
    return [credentialFinding(context, credential, ...told)];
  };
  if (sameOwner(context, resource)) {
    context.judged.mark(resource, 'credential owner');
  }
  if (resource.importing && resource.action === 'no-op') {
    return tell('credential-imported', 'imported', [], say`${what}${whose} exists already: Terraform takes it over`);
  }
  switch (resource.action) {
    case 'create':
      if (stored) {
        const forWhom = owner === undefined ? ' for the secret of a client' : say` for ${name(owner.name)}`;
        return tell('credential-made', 'made', [], say`${what} is made${forWhom}`, 'info');
      }
      if (otherVersions(context, credential, all).some(({ resource: other }) => other.action === 'no-op')) {
        const says = say`${what}${whose} is renewed: the version before stays valid meanwhile`;
        return tell('credential-rotated', 'rotated', [], says, 'low');
      }
      return made(credential, tell, what);
    case 'replace':
      if (overlaps(credential, all) && !stored) {
        const says = say`${what}${whose} is replaced: another one stays valid meanwhile`;
        return tell('credential-rotated', 'rotated', [], says, 'low');
      }
      return tell(
        'credential-rotated',
        'rotated',
        stored ? [] : ['breaking'],
        say`${what}${whose} is replaced: the former one stops working`,
      );
    case 'delete':
      if (stored) {
        const says = say`${what}${whose} is removed: the credential stays valid, but whoever reads it from there fails`;
        return tell('credential-unstored', 'removed', [], says);
      }
      return tell(
        'credential-removed',
        'removed',
        ['breaking'],
        say`${what}${whose} is removed: whoever uses it is refused${resource.deposed ? ', it was left over from an earlier replacement' : ''}`,
      );
    case 'forget':
      return tell('credential-kept', 'kept', [], say`${what}${whose} stays valid: Terraform forgets it`);
    case 'update':
      // all that such a credential is made of is compared
      if (['federated identity', 'key vault secret', 'subscription key'].includes(kind)) {
        context.judged.mark(resource, 'credential');
      }
      return changed(credential, tell, what, whose);
    default:
      return [];
  }
}

/** Tells one finding of a credential. */
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
    say`${what} is made for ${name(owner.name)}: whoever has it can act as it`,
    broadening ? undefined : 'info',
  );
}

function changed(
  { resource, kind }: Credential,
  tell: Tell,
  what: readonly MessagePart[],
  whose: readonly MessagePart[],
): CredentialFinding[] {
  if (kind === 'federated identity') {
    const fields = ['subject', 'issuer', 'audiences', 'claims_matching_expression'];
    const says = say`${what}${whose} is changed: somebody else can act as it, and who could before cannot`;
    return fields.some((path) => differs(resource, path))
      ? tell('credential-changed', 'changed', ['broadening', 'breaking'], says, 'high')
      : [];
  }
  if (kind === 'key vault secret' && (differs(resource, 'value_wo_version') || differs(resource, 'value'))) {
    return tell('credential-changed', 'changed', [], say`${what}${whose} is written again`, 'low');
  }
  if (kind === 'subscription key') {
    const before = text(resource.before, 'state') ?? text(resource.before, 'body', 'properties', 'state');
    const after = text(resource.after, 'state') ?? text(resource.after, 'body', 'properties', 'state');
    if (before !== after && (before === 'active' || after === 'active')) {
      // who gains or loses the product is told with access
      const says = say`${what} ${after === 'active' ? 'is activated' : 'is no longer active'}`;
      return tell('credential-changed', 'changed', [], says, 'low');
    }
    const rotated = ['primary_key', 'secondary_key'].some(
      (path) => differs(resource, path) && !isUnknown(resource.after, path),
    );
    return rotated
      ? tell('credential-rotated', 'rotated', ['breaking'], say`${what} is replaced: the former one stops working`)
      : [];
  }
  return [];
}

function differs({ before, after }: Resource, path: string): boolean {
  return JSON.stringify(attribute(before, [path]).value) !== JSON.stringify(attribute(after, [path]).value);
}

/** Passwords that an application's own block makes. */
export function inline(context: Context): CredentialFinding[] {
  return context.world.managed('application').flatMap((resource) => {
    const counts = SIDES.map((side) => items(resource[side], 'password').length);
    const [before = 0, after = 0] = counts;
    if (
      resource.type !== 'azuread_application' ||
      before === after ||
      resource.before === undefined ||
      resource.after === undefined
    ) {
      return [];
    }
    const owner = client(context, context.world.keyOf(resource));
    const credential: Credential = {
      resource,
      kind: 'password',
      subject: 'inline',
      ...(owner === undefined ? {} : { owner }),
    };
    const whose = name(owner?.name ?? resource.address);
    context.judged.mark(resource, 'inline credentials');
    return after > before
      ? [
          credentialFinding(
            context,
            credential,
            'credential-made',
            'made',
            ['broadening'],
            say`a password is made for ${whose}: whoever has it can act as it`,
          ),
        ]
      : [
          credentialFinding(
            context,
            credential,
            'credential-removed',
            'removed',
            ['breaking'],
            say`a password of ${whose} is removed: whoever uses it is refused`,
          ),
        ];
  });
}
