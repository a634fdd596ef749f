import { KeyVaultSecret } from '@cdktf/provider-azurerm/lib/key-vault-secret';
import { Annotations, Token } from 'cdktf';
import { Construct } from 'constructs';
import { expression } from '../terraform/expression';
import { requireTerraform } from '../terraform/required-version';
import { BoundCredential, CredentialedClient } from './credentialed-client';
import { EntraBlock } from '../azuread/entra-block';
import { generation, isEvenGeneration, slotEnd, slotGeneration } from './rotation';

/** Where a client secret goes, and how often it changes. */
export interface PasswordTerms {
  readonly keyVaultId: string;
  readonly secretName: string;
  readonly rotationInMonths: number;
}

/**
 * Two secrets that take turns: each period one is made anew and goes to Key Vault, while the one before stays valid until
 * its own turn comes. Only azuread can make them, and it keeps their values in the state.
 */
export function declarePassword(client: CredentialedClient, terms: PasswordTerms): BoundCredential {
  const scope = new Construct(client.scope, client.id);
  const months = terms.rotationInMonths;
  Annotations.of(scope).addWarning(
    `ClientCredential.password() keeps client secrets in clear text in the Terraform state; ` +
      'use federated, gitHubActions, managedIdentity or keyVaultCertificate where the workload allows it',
  );
  const [even, odd] = (['even', 'odd'] as const).map(
    (slot) =>
      new EntraBlock(scope, slot, {
        type: 'azuread_application_password',
        attributes: {
          application_id: client.applicationId,
          display_name: `${terms.secretName} ${slot}`,
          end_date: slotEnd(months, slot),
          rotate_when_changed: { generation: slotGeneration(months, slot) },
        },
        lifecycle: { createBeforeDestroy: true },
      }),
  );
  requireTerraform(scope, '1.11');
  new KeyVaultSecret(scope, 'Default', {
    name: terms.secretName,
    keyVaultId: terms.keyVaultId,
    contentType: 'client secret',
    // Write-only, so that this block adds no second copy to the state.
    valueWo: expression`${isEvenGeneration(months)} ? ${even.attribute('value')} : ${odd.attribute('value')}`,
    valueWoVersion: Token.asNumber(generation(months)),
  });
  return { manifest: { kind: 'keyVaultSecret', keyVaultId: terms.keyVaultId, secretName: terms.secretName } };
}
