import { TerraformStack, Token, Tokenization } from 'cdktf';
import { Construct, IConstruct } from 'constructs';
import { shown } from '../validation/limits';
import { resolvedText } from '../terraform/resolved-text';

const stored = new WeakMap<object, Map<string, string>>();

/**
 * Takes the name of a secret in a vault for one client of the program. Answers what is wrong where another client, or
 * this one, stores under it already. A vault by reference is known by its address in the stack that declares it.
 */
export function claimSecret(client: Construct, keyVaultId: string, secretName: string): string | undefined {
  const names = stored.get(client.node.root) ?? new Map<string, string>();
  stored.set(client.node.root, names);
  const key = JSON.stringify([...vaultOf(client, keyVaultId), secretName.toLowerCase()]);
  const holder = names.get(key);
  if (client.node.tryFindChild(secretId(keyVaultId, secretName)) !== undefined && holder === undefined) {
    return `${shown(secretName)} would have the same address in Terraform as a secret in another vault; use another name`;
  }
  if (holder !== undefined) {
    return `${shown(secretName)} is stored in the same vault by ${holder} already; use another name`;
  }
  names.set(key, client.node.path);
  return undefined;
}

/** What tells vaults apart: the literal id, or the address of what it is read from and the stack that declares that. */
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
