import {
  constants,
  createHash,
  generateKeyPair,
  KeyObject,
  privateEncrypt,
  randomBytes,
  X509Certificate,
} from 'node:crypto';
import { promisify } from 'node:util';
import { asn1, md, mgf, pkcs12, pki, pss, util } from 'node-forge';

export interface KeyPair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

export async function newKeyPair(bits = 2048): Promise<KeyPair> {
  return promisify(generateKeyPair)('rsa', { modulusLength: bits });
}

export interface CertificateOptions {
  readonly commonName: string;
  readonly keys: KeyPair;
  /** Who signs it. Itself, where it is left out. */
  readonly issuer?: CertificateAuthority;
  readonly authority?: boolean;
  readonly dnsNames?: readonly string[];
  readonly addresses?: readonly string[];
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Bytes of the serial number. Random, where they are left out. */
  readonly serial?: Buffer;
}

export interface CertificateAuthority {
  readonly keys: KeyPair;
  readonly certificate: string;
}

/** A certificate as PEM. */
export function newCertificate(options: CertificateOptions): string {
  const certificate = pki.createCertificate();
  certificate.publicKey = pki.publicKeyFromPem(spki(options.keys.publicKey)) as pki.rsa.PublicKey;
  certificate.serialNumber = serialNumber(options.serial ?? randomBytes(16));
  certificate.validity.notBefore = options.notBefore;
  certificate.validity.notAfter = options.notAfter;
  certificate.setSubject([{ name: 'commonName', value: options.commonName }]);
  const { issuer } = options;
  certificate.setIssuer(
    issuer === undefined
      ? certificate.subject.attributes
      : pki.certificateFromPem(issuer.certificate).subject.attributes,
  );
  const names = [
    ...(options.dnsNames ?? []).map((value) => ({ type: 2, value })),
    ...(options.addresses ?? []).map((ip) => ({ type: 7, ip })),
  ];
  certificate.setExtensions([
    { name: 'basicConstraints', cA: options.authority === true, critical: true },
    options.authority === true
      ? { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true }
      : { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, critical: true },
    ...(options.authority === true ? [] : [{ name: 'extKeyUsage', serverAuth: true, clientAuth: true }]),
    { name: 'subjectKeyIdentifier' },
    ...(names.length === 0 ? [] : [{ name: 'subjectAltName', altNames: names }]),
  ]);
  certificate.sign(forgeKey((issuer ?? options).keys.privateKey), md.sha256.create());
  return pki.certificateToPem(certificate);
}

/**
 * OpenSSL refuses a number that is negative or begins with a zero byte that is not needed, and forge strips only one.
 * A first byte between 0x40 and 0x7f is neither.
 */
function serialNumber(bytes: Buffer): string {
  return Buffer.from([0x40 | (bytes[0] & 0x3f), ...bytes.subarray(1)]).toString('hex');
}

/** Key and certificate as a PKCS#12 file. */
export function pfx(privateKey: KeyObject, certificate: string, password = ''): Buffer {
  const container = pkcs12.toPkcs12Asn1(forgeKey(privateKey), [pki.certificateFromPem(certificate)], password, {
    algorithm: '3des',
  });
  return Buffer.from(asn1.toDer(container).getBytes(), 'binary');
}

/** Key and certificate out of a PKCS#12 file, as PEM. */
export function readPfx(content: Buffer, password = ''): { readonly privateKey: string; readonly certificate: string } {
  const container = pkcs12.pkcs12FromAsn1(asn1.fromDer(util.createBuffer(content.toString('binary'))), password);
  const keys = container.getBags({ bagType: pki.oids.pkcs8ShroudedKeyBag })[pki.oids.pkcs8ShroudedKeyBag] ?? [];
  const certificates = container.getBags({ bagType: pki.oids.certBag })[pki.oids.certBag] ?? [];
  return {
    privateKey: pki.privateKeyInfoToPem(pki.wrapRsaPrivateKey(pki.privateKeyToAsn1(keys[0].key!))),
    certificate: pki.certificateToPem(certificates[0].cert!),
  };
}

export function thumbprint(certificate: string | Buffer, algorithm: 'sha1' | 'sha256'): Buffer {
  return createHash(algorithm).update(new X509Certificate(certificate).raw).digest();
}

/** DER before a SHA-256 digest in a PKCS#1 signature. */
const SHA256_PREFIX = Buffer.from('3031300d060960864801650304020105000420', 'hex');

/** Signs a SHA-256 digest whose content is not known, which Node itself does not offer. */
export function signDigest(key: KeyObject, digest: Buffer, algorithm: 'RS256' | 'PS256'): Buffer {
  if (algorithm === 'RS256') {
    return privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, Buffer.concat([SHA256_PREFIX, digest]));
  }
  const scheme = pss.create({ md: md.sha256.create(), mgf: mgf.mgf1.create(md.sha256.create()), saltLength: 32 });
  const known = { ...md.sha256.create(), digest: () => util.createBuffer(digest.toString('binary')) };
  return Buffer.from(forgeKey(key).sign(known, scheme), 'binary');
}

export function pkcs8(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function spki(key: KeyObject): string {
  return key.export({ type: 'spki', format: 'pem' }).toString();
}

function forgeKey(key: KeyObject): pki.rsa.PrivateKey {
  return pki.privateKeyFromPem(pkcs8(key)) as pki.rsa.PrivateKey;
}
