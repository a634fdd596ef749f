import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { AccessToken } from '../entra/token';

export interface ForgedToken {
  readonly how: string;
  readonly token: string;
}

let otherKey: KeyObject | undefined;

/** Tokens with the claims of a real one that Entra did not sign: by another key under the same id, and by none. */
export async function forgedTokens({ header, claims }: AccessToken): Promise<readonly ForgedToken[]> {
  const { SignJWT, UnsecuredJWT } = await import('jose');
  otherKey ??= generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const signed = await new SignJWT({ ...claims }).setProtectedHeader({ ...header, alg: 'RS256' }).sign(otherKey);
  return [
    { how: 'signed with another key', token: signed },
    { how: 'alg: none', token: new UnsecuredJWT({ ...claims }).encode() },
  ];
}

export const GARBLED = 'garbled.token.value';
