import { X509Certificate } from 'node:crypto';
import * as tls from 'node:tls';
import { newCertificate, newKeyPair, pfx, pkcs8, readPfx, thumbprint } from './certificates';

const notBefore = new Date('2026-01-01T00:00:00Z');
const notAfter = new Date('2027-01-01T00:00:00Z');

test('a certificate that an authority signed is verified by it, and by no other', async () => {
  const [rootKeys, leafKeys] = await Promise.all([newKeyPair(), newKeyPair()]);
  const root = newCertificate({ commonName: 'Root', keys: rootKeys, authority: true, notBefore, notAfter });
  const leaf = newCertificate({
    commonName: 'leaf.example',
    keys: leafKeys,
    issuer: { keys: rootKeys, certificate: root },
    dnsNames: ['leaf.example', '*.leaf.example'],
    addresses: ['127.0.0.1'],
    notBefore,
    notAfter,
  });
  const parsed = new X509Certificate(leaf);
  expect(parsed.verify(rootKeys.publicKey)).toBe(true);
  expect(parsed.verify(leafKeys.publicKey)).toBe(false);
  expect(new X509Certificate(root).ca).toBe(true);
  expect(parsed.ca).toBe(false);
  expect(parsed.subjectAltName).toBe('DNS:leaf.example, DNS:*.leaf.example, IP Address:127.0.0.1');
  expect(new Date(parsed.validTo)).toEqual(notAfter);
  expect(thumbprint(leaf, 'sha1').toString('hex').toUpperCase()).toBe(parsed.fingerprint.replaceAll(':', ''));
});

test.each(['00', '007f', '0000ff', '7f', '80', 'ff'])('a serial number that begins with %s is read', async (start) => {
  const serial = Buffer.alloc(16, start, 'hex');
  const certificate = newCertificate({ commonName: 'Root', keys: await newKeyPair(), serial, notBefore, notAfter });
  expect(BigInt(`0x${new X509Certificate(certificate).serialNumber}`)).toBeGreaterThan(0n);
});

test.each(['', 'pass word'])('a PFX with password %j holds what was put in, and OpenSSL reads it', async (password) => {
  const keys = await newKeyPair();
  const certificate = newCertificate({ commonName: 'client', keys, notBefore, notAfter });
  const content = pfx(keys.privateKey, certificate, password);
  const read = readPfx(content, password);
  expect(new X509Certificate(read.certificate).fingerprint256).toBe(new X509Certificate(certificate).fingerprint256);
  expect(read.privateKey.replace(/\s/g, '')).toBe(pkcs8(keys.privateKey).replace(/\s/g, ''));
  expect(() => tls.createSecureContext({ pfx: content, passphrase: password })).not.toThrow();
  expect(() => readPfx(content, 'another')).toThrow();
});
