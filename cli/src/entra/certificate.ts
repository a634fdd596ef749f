import { createHash, createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { UserError } from '../user-error';

/** A certificate with its private key, which never leaves the process. */
export interface ClientCertificate {
  readonly key: KeyObject;
  readonly certificate: X509Certificate;
}

/** Reads a certificate with its key from PEM or PFX (PKCS #12). `name` is for messages. */
export async function readCertificate(bytes: Buffer, password: string, name: string): Promise<ClientCertificate> {
  const text = bytes.toString('latin1');
  return /-----BEGIN [A-Z ]+-----/.test(text) ? fromPem(text, password, name) : fromPfx(bytes, password, name);
}

function fromPem(text: string, password: string, name: string): ClientCertificate {
  const blocks = text.match(/-----BEGIN ([A-Z ]+)-----[\s\S]+?-----END \1-----/g) ?? [];
  const keyBlock = blocks.find((block) => /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(block));
  const certificateBlock = blocks.find((block) => block.startsWith('-----BEGIN CERTIFICATE-----'));
  if (keyBlock === undefined || certificateBlock === undefined) {
    throw new UserError([
      `${name}: it contains no ${keyBlock === undefined ? 'private key' : 'certificate'}; give both, the key and the certificate, in one file`,
    ]);
  }
  const isEncrypted = /ENCRYPTED/.test(keyBlock);
  if (isEncrypted && password === '') {
    throw new UserError([`${name}: the private key is encrypted; give --certificate-password-env`]);
  }
  try {
    return matching(
      createPrivateKey(isEncrypted ? { key: keyBlock, passphrase: password } : keyBlock),
      new X509Certificate(certificateBlock),
      name,
    );
  } catch (error) {
    throw error instanceof UserError
      ? error
      : new UserError([
          `${name}: ${isEncrypted ? 'the password does not open the private key' : 'the key or the certificate is damaged'}; check the file`,
        ]);
  }
}

async function fromPfx(bytes: Buffer, password: string, name: string): Promise<ClientCertificate> {
  const { default: forge } = await import('node-forge');
  const { asn1, pkcs12, pki } = forge;
  let store;
  try {
    store = asn1.fromDer(bytes.toString('binary'));
  } catch {
    throw new UserError([`${name}: this is neither PEM nor PFX; give a certificate with its key`]);
  }
  let opened;
  try {
    opened = pkcs12.pkcs12FromAsn1(store, password);
  } catch {
    throw new UserError([
      `${name}: the PFX cannot be opened${password === '' ? ' without a password' : ' with this password'}; check --certificate-password-env`,
    ]);
  }
  const bagsOf = (type: string) => opened.getBags({ bagType: type })[type] ?? [];
  const key = [...bagsOf(pki.oids.pkcs8ShroudedKeyBag ?? ''), ...bagsOf(pki.oids.keyBag ?? '')].find(
    (bag) => bag.key,
  )?.key;
  const certificates = bagsOf(pki.oids.certBag ?? '').flatMap(({ cert }) => (cert ? [pki.certificateToPem(cert)] : []));
  if (!key || certificates.length === 0) {
    throw new UserError([`${name}: the PFX contains no RSA key with its certificate; give both in one file`]);
  }
  const privateKey = createPrivateKey(pki.privateKeyToPem(key));
  const own = certificates.map((pem) => new X509Certificate(pem)).find((found) => found.checkPrivateKey(privateKey));
  if (own === undefined) {
    throw new UserError([`${name}: the key does not belong to the certificate; give a pair`]);
  }
  return matching(privateKey, own, name);
}

function matching(key: KeyObject, certificate: X509Certificate, name: string): ClientCertificate {
  if (key.asymmetricKeyType !== 'rsa') {
    throw new UserError([`${name}: the key is not an RSA key; Entra accepts only RSA keys`]);
  }
  if (!certificate.checkPrivateKey(key)) {
    throw new UserError([`${name}: the key does not belong to the certificate; give a pair`]);
  }
  return { key, certificate };
}

/** The SHA-256 thumbprint as JWT headers have it. */
export function thumbprint(der: Uint8Array): string {
  return createHash('sha256').update(der).digest('base64url');
}
