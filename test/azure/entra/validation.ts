import { Cloud } from '../cloud';
import { JsonObject } from '../json';
import { decodeToken, isSignedBy } from './jwt';
import { issuerOf, SIGNING_KEY_ID } from './login';

/** The claims of a token of this tenant, or what is wrong with it. */
export function claimsOf(
  cloud: Cloud,
  token: string,
): JsonObject | 'malformed' | 'invalid' | 'expired' | 'not yet valid' {
  const decoded = decodeToken(token);
  if (decoded === undefined) {
    return 'malformed';
  }
  const { claims, header } = decoded;
  const ours = header.kid === SIGNING_KEY_ID && isSignedBy(decoded, cloud.signingKeys.publicKey);
  if (!ours || ![issuerOf(true), issuerOf(false)].includes(claims.iss as string)) {
    return 'invalid';
  }
  const now = cloud.clock.seconds();
  if (now >= claims.exp) {
    return 'expired';
  }
  return now + 300 < claims.nbf ? 'not yet valid' : claims;
}
