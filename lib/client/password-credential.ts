import { KeyVaultSecret } from '@cdktf/provider-azurerm/lib/key-vault-secret';
import { Annotations, IResolvable, TerraformLocal, Token } from 'cdktf';
import { Construct } from 'constructs';
import { EntraBlock } from '../azuread/entra-block';
import { expression, expressionOf } from '../terraform/expression';
import { conditional, tryOr } from '../terraform/hcl';
import { requireTerraform } from '../terraform/required-version';
import { recordSource } from '../terraform/source-line';
import { TerraformDataBlock } from '../terraform/terraform-data-block';
import { BoundCredential, CredentialedClient } from './credentialed-client';
import { PasswordTurns, Slot } from './password-turns';
import { currentMonth } from './rotation';
import { VaultListing } from './vault-listing';

/** Where a client secret is stored, and how often it changes. */
export interface PasswordTerms {
  readonly keyVaultId: string;
  readonly secretName: string;
  readonly rotationInMonths: number;
}

/** Tag of a stored secret in Key Vault: the turns of the two secrets, and which of them is stored. */
const TAG = 'apim-client-password';

/**
 * Two secrets that take turns: each period one is made and stored in Key Vault, while the one before stays valid until its
 * own turn comes. Only azuread can make them, and it keeps their values in the state.
 */
export function declarePassword(client: CredentialedClient, terms: PasswordTerms): BoundCredential {
  const scope = new Construct(client.scope, client.id);
  const { keyVaultId, secretName, rotationInMonths } = terms;
  Annotations.of(scope).addWarning(
    `ClientCredential.password() keeps client secrets in clear text in the Terraform state; ` +
      'use federated, gitHubActions, managedIdentity or keyVaultCertificate where the workload allows it',
  );
  requireTerraform(scope, '1.11');
  const listing = VaultListing.of(scope, keyVaultId);
  const before = rememberTurns(scope, terms, listing);
  const local = (name: string, value: IResolvable): IResolvable =>
    new TerraformLocal(scope, name, value).expression as IResolvable;
  const turns = new PasswordTurns(rotationInMonths, currentMonth(), expressionOf`${before.fqn}.input`, local);
  const turnOf = { even: local('even-turn', turns.turn('even')), odd: local('odd-turn', turns.turn('odd')) };
  const currentSlot = local('current', turns.current);

  const [even, odd] = (['even', 'odd'] as const).map((slot: Slot) => {
    return new EntraBlock(scope, slot, {
      type: 'azuread_application_password',
      attributes: {
        application_id: client.applicationId,
        display_name: `${secretName} ${slot}`,
        end_date: turns.end(slot),
        rotate_when_changed: { turn: expression`${turnOf[slot]}` },
      },
      // A secret keeps the end that it was made with. Not create_before_destroy, which Terraform would extend to the
      // products that the client is granted: they could not be replaced under their names. The slot contains the older
      // secret.
      lifecycle: { ignoreChanges: ['end_date'] },
    });
  });
  const isEven = expressionOf`${currentSlot} == "even"`;
  const current = expressionOf`(${conditional(isEven, even.fqn, odd.fqn)})`;
  const secret = new KeyVaultSecret(scope, 'Default', {
    name: secretName,
    keyVaultId,
    contentType: 'client secret',
    tags: { [TAG]: expression`format("even %s odd %s current %s", ${turnOf.even}, ${turnOf.odd}, ${currentSlot})` },
    // Write-only, so that this block adds no second copy to the state. The id of the key says when there is another value.
    valueWo: expression`${current}.value`,
    valueWoVersion: Token.asNumber(
      expressionOf`parseint(substr(sha256(${current}.key_id), 0, 8), 16) % 2147483647 + 1`,
    ),
  });
  recordSource(secret, client.source);
  listing.usedBy(secret, []);
  return { manifest: { kind: 'keyVaultSecret', keyVaultId, secretName } };
}

/**
 * Keeps the turns at the last change of the length of periods until the next change. Expressions cannot read Terraform's
 * state, so the turns come from the tag in the vault.
 */
function rememberTurns(scope: Construct, terms: PasswordTerms, listing: VaultListing): TerraformDataBlock {
  const tag = tryOr(expressionOf`${listing.tags}[${terms.secretName.toLowerCase()}][${TAG}]`, '');
  const said = (name: string): IResolvable => {
    const pattern = `(?:^| )${name} ([^ ]+)`;
    return tryOr(expressionOf`regex(${pattern}, ${tag})[0]`, '');
  };
  return new TerraformDataBlock(scope, 'before', {
    input: {
      since: currentMonth(),
      current: said('current'),
      even: said('even'),
      odd: said('odd'),
    },
    triggersReplace: terms.rotationInMonths,
    lifecycle: { ignoreChanges: ['input'] },
  });
}
