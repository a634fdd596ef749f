import { name, say } from '../../message';
import type { CredentialFinding } from '../../model';
import { isUnknown, items, text } from '../../plan/attributes';
import type { Resource } from '../../plan/resource';
import type { Context } from '../context';
import { client, credentialFinding, type Credential } from './credential';

/** Passwords that an application's own block makes. */
export function inline(context: Context): CredentialFinding[] {
  return context.world
    .managed('application')
    .filter(
      ({ type, before, after, action }) =>
        type === 'azuread_application' && before !== undefined && after !== undefined && action === 'update',
    )
    .flatMap((resource) => {
      context.judged.mark(resource, 'inline credentials');
      return inlineOf(context, resource);
    });
}

function inlineOf(context: Context, resource: Resource): CredentialFinding[] {
  const before = keys(resource.before);
  const after = isUnknown(resource.after, 'password') ? ['unknown until apply'] : keys(resource.after);
  const made = after.some((key) => !before.includes(key));
  const removed = before.some((key) => !after.includes(key));
  const owner = client(context, context.world.keyOf(resource));
  const credential: Credential = { resource, kind: 'password', subject: 'inline', owner };
  const whose = name(owner.name);
  const tell = (...told: Told): CredentialFinding[] => [credentialFinding(context, credential, ...told)];
  if (made && removed) {
    const says = say`a password of ${whose} is replaced: the former one stops working`;
    return tell('credential-rotated', 'rotated', ['breaking'], says);
  }
  if (made) {
    const says = say`a password is made for ${whose}: anyone who has it can act as it`;
    return tell('credential-made', 'made', ['broadening'], says);
  }
  return removed
    ? tell(
        'credential-removed',
        'removed',
        ['breaking'],
        say`a password of ${whose} is removed: calls with it are refused`,
      )
    : [];
}

type Told = Parameters<typeof credentialFinding> extends [Context, Credential, ...infer Rest] ? Rest : never;

function keys(side: Resource['after']): string[] {
  return items(side, 'password').map(
    (block) => text(block, 'key_id') ?? `${text(block, 'display_name') ?? ''} ${text(block, 'end_date') ?? ''}`,
  );
}
