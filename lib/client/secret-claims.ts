import { TerraformStack, Token, Tokenization } from 'cdktf';
import { Construct, IConstruct } from 'constructs';
import { Claims } from '../names/claims';
import * as limits from '../validation/limits';
import { resolvedText } from '../terraform/resolved-text';

const STORED = new Claims('stored secrets');

/** A secret in a vault that a client stores. */
export interface SecretPlace {
  readonly keyVaultId: string;
  readonly secretName: string;
}

/**
 * Takes the names of secrets in their vaults for one client of the program: all of them, or none where it answers what is
 * wrong. That is so where another client, or this one, stores under a name already. A vault by reference is known by its
 * address in the stack that declares it.
 */
export function claimSecrets(client: Construct, places: readonly SecretPlace[]): string | undefined {
  const keys: string[] = [];
  for (const place of places) {
    const { keyVaultId, secretName } = place;
    const key = JSON.stringify([...vaultOf(client, keyVaultId), secretName.toLowerCase()]);
    const holder = keys.includes(key) ? client : STORED.holder(client, key);
    if (holder !== undefined) {
      return `${limits.shown(secretName)} is stored in the same vault by ${holder.node.path} already; use another name`;
    }
    if (client.node.tryFindChild(secretId(keyVaultId, secretName)) !== undefined) {
      return `${limits.shown(secretName)} would have the same address in Terraform as a secret in another vault; use another name`;
    }
    keys.push(key);
  }
  keys.forEach((key) => STORED.take(client, key));
  return undefined;
}

/** Identifies a vault: by its literal id, or by the address that the id is read from and the stack that declares it. */
export function vaultOf(client: IConstruct, keyVaultId: string): string[] {
  if (!Token.isUnresolved(keyVaultId)) {
    return ['', keyVaultId.toLowerCase()];
  }
  const origins = Tokenization.reverse(keyVaultId).map(
    (token) => (token as { originStack?: TerraformStack }).originStack,
  );
  const stack = origins.find((origin) => origin !== undefined) ?? TerraformStack.of(client);
  return [stack.node.path, resolvedText(stack, keyVaultId)];
}

/** Construct id of a stored secret: its name, and the vault's where that is known, so that each vault may have one. */
export function secretId(keyVaultId: string, secretName: string): string {
  const vault = Token.isUnresolved(keyVaultId) ? '' : `${keyVaultId.slice(keyVaultId.lastIndexOf('/') + 1)}-`;
  return `secret-${vault}${secretName}`;
}
