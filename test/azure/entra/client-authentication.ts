import { X509Certificate } from 'node:crypto';
import { thumbprint } from '../certificates';
import { Cloud } from '../cloud';
import { TENANT_ID } from '../identifiers';
import { JsonObject } from '../json';
import { FederatedCredential } from './directory';
import { DecodedToken, decodeToken, isSignedBy } from './jwt';
import { SignInError } from './sign-in-error';

/** How a client proved who it is: `1` a secret, `2` a certificate or a federated assertion. */
export type AuthenticationClass = '1' | '2';

/** Machines' clocks may differ by this many seconds. */
const SKEW = 300;

/** Checks the credential of a client; throws Entra's refusal. */
export function authenticate(
  cloud: Cloud,
  application: JsonObject,
  presented: { readonly secret?: string; readonly assertion?: string },
): AuthenticationClass {
  if (presented.assertion !== undefined && presented.assertion !== '') {
    checkAssertion(cloud, application, presented.assertion);
    return '2';
  }
  if (presented.secret === undefined || presented.secret === '') {
    throw new SignInError(
      7000216,
      "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.",
    );
  }
  checkSecret(cloud, application, presented.secret);
  return '1';
}

function checkSecret(cloud: Cloud, application: JsonObject, secret: string): void {
  const matching = (application.passwordCredentials as JsonObject[]).find(
    (credential) => cloud.directory.secretTexts.get(credential.keyId) === secret,
  );
  if (matching === undefined) {
    throw new SignInError(
      7000215,
      `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${application.appId}'.`,
    );
  }
  if (Date.parse(matching.endDateTime) <= cloud.clock.now()) {
    throw new SignInError(
      7000222,
      `The provided client secret keys for app '${application.appId}' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.`,
    );
  }
}

function checkAssertion(cloud: Cloud, application: JsonObject, assertion: string): void {
  const token = decodeToken(assertion);
  if (token === undefined) {
    throw new SignInError(50027, 'JWT token is invalid or malformed.');
  }
  if (token.claims.iss === application.appId) {
    checkCertificateAssertion(cloud, application, token);
  } else {
    checkFederatedAssertion(cloud, application, token);
  }
}

function checkTimes(cloud: Cloud, { claims }: DecodedToken): void {
  const now = cloud.clock.seconds();
  if (typeof claims.exp !== 'number' || claims.exp + SKEW < now || (claims.nbf ?? claims.iat ?? 0) - SKEW > now) {
    const at = (seconds: unknown): string => (typeof seconds === 'number' ? cloud.clock.iso(seconds * 1000) : 'none');
    throw new SignInError(
      700024,
      `Client assertion is not within its valid time range. Current time: ${cloud.clock.iso()}, assertion valid from ${at(claims.nbf ?? claims.iat)}, expiry time of assertion ${at(claims.exp)}.`,
    );
  }
}

/** An assertion that the client signed itself, by a certificate that its application names. */
function checkCertificateAssertion(cloud: Cloud, application: JsonObject, token: DecodedToken): void {
  const { header, claims } = token;
  const credential = (application.keyCredentials as JsonObject[]).find((candidate) => {
    const certificate = certificateOf(candidate);
    return (
      certificate !== undefined &&
      (header['x5t#S256'] === thumbprint(certificate, 'sha256').toString('base64url') ||
        header.x5t === thumbprint(certificate, 'sha1').toString('base64url') ||
        // Microsoft's libraries once wrote the thumbprint as the key id.
        String(header.kid).toUpperCase() === thumbprint(certificate, 'sha1').toString('hex').toUpperCase())
    );
  });
  if (credential === undefined) {
    throw new SignInError(
      700027,
      `The certificate with identifier used to sign the client assertion is not registered on application. [Reason - The key was not found., Thumbprint of key used by client: '${thumbprintOf(header)}', Please visit the Azure Portal, Graph Explorer or directly use MS Graph to see configured keys for app Id '${application.appId}'.]`,
    );
  }
  const certificate = certificateOf(credential)!;
  if (!isSignedBy(token, new X509Certificate(certificate).publicKey)) {
    throw new SignInError(
      700027,
      'Client assertion failed signature validation. [Reason - The signature of the client assertion does not match the key that was found.]',
    );
  }
  const validity = [credential.startDateTime, credential.endDateTime].map((time) => Date.parse(time as string));
  if (cloud.clock.now() < validity[0] || cloud.clock.now() >= validity[1]) {
    throw new SignInError(
      700027,
      `The certificate with identifier used to sign the client assertion is expired on application. [Reason - The key used is expired., Thumbprint of key used by client: '${thumbprintOf(header)}']`,
    );
  }
  checkTimes(cloud, token);
  if (claims.sub !== application.appId) {
    throw new SignInError(700021, "Client assertion application identifier doesn't match 'client_id' parameter.");
  }
  const realm = new RegExp(
    `^https://(login\\.microsoftonline\\.(com|us)|login\\.windows\\.net|login\\.partner\\.microsoftonline\\.cn|sts\\.windows\\.net)/${TENANT_ID}(/.*)?$`,
    'i',
  );
  if (![claims.aud].flat().some((audience) => realm.test(String(audience)))) {
    throw new SignInError(
      700023,
      `Client assertion audience claim does not match Realm issuer. Audience '${claims.aud}'.`,
    );
  }
}

/** An assertion of another issuer, which the application trusts by issuer, subject and audience. */
function checkFederatedAssertion(cloud: Cloud, application: JsonObject, token: DecodedToken): void {
  const { claims, header } = token;
  const trusted = cloud.directory.federatedCredentials.get(application.id) ?? [];
  const refuse = (code: number, what: string, value: unknown): never => {
    throw new SignInError(
      code,
      `No matching federated identity record found for presented assertion ${what} '${String(value)}'. Please check your federated identity credential Subject, Audience and Issuer against the presented assertion. https://learn.microsoft.com/entra/workload-id/workload-identity-federation`,
    );
  };
  const matches = (...tests: ((credential: FederatedCredential) => boolean)[]): boolean =>
    trusted.some((credential) => tests.every((test) => test(credential)));
  const issuer = (credential: FederatedCredential): boolean => credential.issuer === claims.iss;
  const subject = (credential: FederatedCredential): boolean => credential.subject === claims.sub;
  const audience = (credential: FederatedCredential): boolean =>
    credential.audiences.some((known) => [claims.aud].flat().includes(known));
  if (!matches(issuer)) {
    refuse(700211, 'issuer', claims.iss);
  }
  if (!matches(issuer, subject)) {
    refuse(700213, 'subject', claims.sub);
  }
  if (!matches(issuer, subject, audience)) {
    refuse(700212, 'audience', [claims.aud].flat().join(' '));
  }
  const keys = [
    cloud.issuers.get(String(claims.iss))?.keys.publicKey,
    isOwnIssuer(claims.iss) ? cloud.signingKeys.publicKey : undefined,
  ];
  if (!keys.some((key) => key !== undefined && isSignedBy(token, key))) {
    throw new SignInError(
      700027,
      `Client assertion failed signature validation. [Reason - The key '${String(header.kid)}' of issuer '${String(claims.iss)}' did not make the signature.]`,
    );
  }
  checkTimes(cloud, token);
}

/** Tokens of managed identities come from Entra itself. */
function isOwnIssuer(issuer: unknown): boolean {
  return (
    issuer === `https://login.microsoftonline.com/${TENANT_ID}/v2.0` ||
    issuer === `https://sts.windows.net/${TENANT_ID}/`
  );
}

/** The certificate of a key credential. Graph takes it as base64 of DER, or of PEM. */
function certificateOf(credential: JsonObject): Buffer | undefined {
  if (typeof credential.key !== 'string') {
    return undefined;
  }
  try {
    const content = Buffer.from(credential.key, 'base64');
    return new X509Certificate(content).raw;
  } catch {
    return undefined;
  }
}

function thumbprintOf(header: JsonObject): string {
  const encoded = header['x5t#S256'] ?? header.x5t;
  return typeof encoded === 'string'
    ? Buffer.from(encoded, 'base64url').toString('hex').toUpperCase()
    : String(header.kid);
}
