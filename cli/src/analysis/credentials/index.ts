import type { CredentialFinding } from '../../model';
import { byImportance, type Context } from '../context';
import { changes } from './changes';
import { copiedInto, shownInOutputs } from './copies';
import { credentialsOf } from './credential';
import { expiring } from './expiry';
import { inline } from './inline';
import { secretsInState } from './secrets-in-state';

/** Credentials that are made, rotated, changed, removed or about to expire, and secrets in state. */
export function analyzeCredentials(context: Context): readonly CredentialFinding[] {
  const credentials = credentialsOf(context);
  return [
    ...credentials.flatMap((credential) => changes(context, credential, credentials)),
    ...credentials.flatMap((credential) => expiring(context, credential, credentials)),
    ...inline(context),
    ...secretsInState(context, credentials),
    ...shownInOutputs(context, credentials),
    ...copiedInto(context, credentials),
  ].sort(byImportance);
}
