import { createHash, randomUUID } from 'node:crypto';
import type { AzureClient } from '../azure/client';
import { AzureFailure } from '../azure/failure';
import { property } from '../input/json';
import { thumbprint, type ClientCertificate } from './certificate';

/** Whom an assertion is about and for. */
export interface AssertionOf {
  readonly clientId: string;
  readonly tokenEndpoint: string;
}

const LIFETIME_SECONDS = 600;

/**
 * The claims of https://learn.microsoft.com/entra/identity-platform/certificate-credentials. It begins a little early:
 * Entra refuses an assertion from the future.
 */
function claimsOf({ clientId, tokenEndpoint }: AssertionOf): Record<string, unknown> {
  const now = Math.floor(Date.now() / 1000);
  return {
    aud: tokenEndpoint,
    iss: clientId,
    sub: clientId,
    jti: randomUUID(),
    nbf: now - 30,
    iat: now,
    exp: now + LIFETIME_SECONDS,
  };
}

/** An assertion that is signed here, with a certificate's own key. */
export async function signedHere({ key, certificate }: ClientCertificate, about: AssertionOf): Promise<string> {
  const { SignJWT } = await import('jose');
  return new SignJWT(claimsOf(about))
    .setProtectedHeader({ alg: 'PS256', typ: 'JWT', 'x5t#S256': thumbprint(certificate.raw) })
    .sign(key);
}

/** A certificate of Key Vault by its public part. */
export interface VaultCertificate {
  /** The address of its key in the vault. */
  readonly keyId: string;
  readonly thumbprint: string;
}

export function vaultCertificateOf(answer: unknown, host: string): VaultCertificate {
  const [keyId, cer] = [property(answer, 'kid'), property(answer, 'cer')];
  if (typeof keyId !== 'string' || typeof cer !== 'string') {
    throw new AzureFailure(
      'broken-off',
      `${host}: the certificate that it returned lacks its key or its public part; try again`,
    );
  }
  return { keyId, thumbprint: thumbprint(Buffer.from(cer, 'base64')) };
}

/** An assertion that Key Vault signs: the key does not leave the vault. */
export async function signedInVault(
  vault: AzureClient,
  { keyId, thumbprint: x5t }: VaultCertificate,
  about: AssertionOf,
): Promise<string> {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const input = `${part({ alg: 'PS256', typ: 'JWT', 'x5t#S256': x5t })}.${part(claimsOf(about))}`;
  const answer = await vault.call(`${keyId}/sign?api-version=7.4`, {
    method: 'POST',
    body: { alg: 'PS256', value: createHash('sha256').update(input).digest('base64url') },
    doing: 'sign with the key of the certificate',
    needs: 'Key Vault Crypto User (or the key permission Sign)',
  });
  const signature = property(answer, 'value');
  if (typeof signature !== 'string' || !/^[\w-]+$/.test(signature)) {
    throw new AzureFailure(
      'broken-off',
      `${new URL(vault.base).host}: the signature that it returned is damaged; try again`,
    );
  }
  return `${input}.${signature}`;
}
