import { constants, createPublicKey, KeyObject, sign, verify } from 'node:crypto';
import { JsonObject } from '../json';

export interface DecodedToken {
  readonly header: JsonObject;
  readonly claims: JsonObject;
  readonly signed: string;
  readonly signature: Buffer;
}

export function signToken(header: JsonObject, claims: JsonObject, key: KeyObject): string {
  const signed = `${encode({ typ: 'JWT', alg: 'RS256', ...header })}.${encode(claims)}`;
  return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), key).toString('base64url')}`;
}

/** A token taken apart, unverified; undefined where it is none. */
export function decodeToken(token: string): DecodedToken | undefined {
  const parts = token.split('.');
  if (parts.length !== 3) {
    return undefined;
  }
  try {
    const [header, claims] = parts
      .slice(0, 2)
      .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()) as JsonObject);
    return { header, claims, signed: parts.slice(0, 2).join('.'), signature: Buffer.from(parts[2], 'base64url') };
  } catch {
    return undefined;
  }
}

/** Whether the key made the signature, by RS256 or PS256 and nothing else: `none` and HMACs are no signatures. */
export function isSignedBy(token: DecodedToken, key: KeyObject | string): boolean {
  const publicKey = typeof key === 'string' ? createPublicKey(key) : key;
  const content = Buffer.from(token.signed);
  switch (token.header.alg) {
    case 'RS256':
      return verify('RSA-SHA256', content, publicKey, token.signature);
    case 'PS256':
      return verify(
        'RSA-SHA256',
        content,
        { key: publicKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST },
        token.signature,
      );
    default:
      return false;
  }
}

export function publicJwk(key: KeyObject, keyId: string): JsonObject {
  return { ...key.export({ format: 'jwk' }), use: 'sig', kid: keyId, alg: 'RS256' };
}

const encode = (object: JsonObject): string => Buffer.from(JSON.stringify(object)).toString('base64url');
