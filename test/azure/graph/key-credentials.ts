import { X509Certificate } from 'node:crypto';
import { thumbprint } from '../certificates';
import { badRequest } from '../entra/directory';
import { newId } from '../identifiers';
import { JsonObject } from '../json';

/** Checks certificates of an application, and completes them as Graph does. */
export function checkKeyCredentials(credentials: unknown, known: readonly JsonObject[] = []): void {
  for (const credential of (credentials ?? []) as JsonObject[]) {
    const before = known.find(({ keyId }) => keyId === credential.keyId);
    // Graph answers no keys in lists: those that it has already come back without one.
    if ((credential.key ?? undefined) === undefined && before !== undefined) {
      credential.key = before.key;
      continue;
    }
    const certificate = certificateOf(credential.key);
    if (certificate === undefined) {
      throw badRequest('Key credential has an invalid certificate.', 'KeyCredentialsInvalidCertificate');
    }
    credential.keyId ??= newId();
    credential.customKeyIdentifier ??= thumbprint(certificate.raw, 'sha1').toString('base64');
    credential.startDateTime ??= new Date(certificate.validFrom).toISOString();
    credential.endDateTime ??= new Date(certificate.validTo).toISOString();
    if (Date.parse(credential.endDateTime as string) > Date.parse(certificate.validTo) + 1000) {
      throw badRequest(
        'Key credential end date is invalid: it is later than the end of its certificate.',
        'KeyCredentialsInvalidEndDate',
      );
    }
    credential.displayName ??= certificate.subject;
  }
}

function certificateOf(key: unknown): X509Certificate | undefined {
  try {
    return typeof key === 'string' ? new X509Certificate(Buffer.from(key, 'base64')) : undefined;
  } catch {
    return undefined;
  }
}
