import type { CredentialFinding } from '../../model';
import { byImportance, type Context } from '../context';
import { changes } from './changes';
import { copiedInto, shownInOutputs } from './copies';
import type { Credential } from './credential';
import { expiring } from './expiry';
import { inline } from './inline';
import { secretsInState } from './secrets-in-state';

/** Credentials that are made, rotated, changed, removed or about to expire, and secrets in state. */
export function analyzeCredentials(context: Context, credentials: readonly Credential[]): readonly CredentialFinding[] {
  return [
    ...credentials.flatMap((credential) => changes(context, credential, credentials)),
    ...credentials.flatMap((credential) => expiring(context, credential, credentials)),
    ...inline(context),
    ...secretsInState(context, credentials),
    ...shownInOutputs(context, credentials),
    ...copiedInto(context, credentials),
  ].sort(byImportance);
}
