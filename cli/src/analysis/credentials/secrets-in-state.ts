import { name, say } from '../../message';
import type { CredentialFinding, MessagePart } from '../../model';
import { attribute, isUnknown, text, type Path } from '../../plan/attributes';
import type { Resource } from '../../plan/resource';
import type { Context } from '../context';
import { client, credentialFinding, type Credential } from './credential';
import { listedSecrets } from './listed-secrets';

/** Secrets that Terraform would write into its state. Those that lie there already are no news. */
export function secretsInState(context: Context, credentials: readonly Credential[]): readonly CredentialFinding[] {
  return [
    ...credentials.filter((credential) => entersState(credential)).map((credential) => inState(context, credential)),
    ...listedSecrets(context),
    ...inlinePasswords(context),
  ];
}

function entersState({ resource, kind }: Credential): boolean {
  switch (kind) {
    case 'password':
    case 'subscription key':
      return ['create', 'replace'].includes(resource.action) || resource.importing;
    case 'key vault secret':
      return (
        ['create', 'replace', 'update'].includes(resource.action) &&
        holds(resource.after, ['value']) &&
        changes(resource)
      );
    case 'certificate':
      return false;
    default:
      return false;
  }
}

/** A value that is written, known or not; write-only arguments are null in every plan. */
function holds(side: Resource['after'], path: Path): boolean {
  const { state, value } = attribute(side, path);
  return state === 'unknown' || (typeof value === 'string' && value !== '');
}

function changes({ action, before, after }: Resource): boolean {
  return action !== 'update' || isUnknown(after, 'value') || text(before, 'value') !== text(after, 'value');
}

function inState(context: Context, credential: Credential): CredentialFinding {
  const whose = credential.owner === undefined ? [] : say` of ${name(credential.owner.name)}`;
  const what: Readonly<Record<string, string>> = {
    password: 'the password',
    'subscription key': 'the subscription key',
    'key vault secret': 'the Key Vault secret',
  };
  const better: Readonly<Record<string, string>> = {
    password: 'prefer a federated credential or a certificate of Key Vault',
    'subscription key': 'prefer application based access',
    'key vault secret': 'write it with value_wo',
  };
  return report(
    context,
    credential,
    say`the state contains ${what[credential.kind] ?? 'the secret'}${whose} in clear text: ${better[credential.kind] ?? 'keep it out'}`,
  );
}

function report(context: Context, credential: Credential, says: readonly MessagePart[]): CredentialFinding {
  return credentialFinding(context, credential, 'secret-in-state', 'in state', ['secret-in-state'], says);
}

function inlinePasswords(context: Context): CredentialFinding[] {
  return context.world
    .managed('application')
    .filter((resource) => {
      const blocks = (side: Resource['after']) => {
        const { value } = attribute(side, ['password']);
        return Array.isArray(value) ? value.length : 0;
      };
      return (
        resource.type === 'azuread_application' &&
        ['create', 'replace', 'update'].includes(resource.action) &&
        blocks(resource.after) > (resource.action === 'update' ? blocks(resource.before) : 0)
      );
    })
    .map((resource) => {
      const owner = client(context, context.world.keyOf(resource));
      return report(
        context,
        { resource, kind: 'password', subject: 'inline', owner },
        say`the state contains the password of ${name(owner.name)} in clear text: prefer a federated credential or a certificate of Key Vault`,
      );
    });
}
