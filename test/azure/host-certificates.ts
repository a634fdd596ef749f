import * as tls from 'node:tls';
import { CertificateAuthority, KeyPair, newCertificate, pkcs8 } from './certificates';
import { CERTIFICATE_NAMES } from './hosts';

/** Certificates of the hosts that this Azure answers for, signed by its own authority. */
export class HostCertificates {
  public readonly defaults: { readonly key: string; readonly cert: string };
  private readonly contexts = new Map<string, tls.SecureContext>();
  private readonly common: tls.SecureContext;

  public constructor(
    private readonly authority: CertificateAuthority,
    private readonly keys: KeyPair,
    private readonly validity: { readonly notBefore: Date; readonly notAfter: Date },
  ) {
    this.defaults = { key: pkcs8(keys.privateKey), cert: this.certificate(CERTIFICATE_NAMES) };
    this.common = tls.createSecureContext(this.defaults);
  }

  public contextOf(host: string): tls.SecureContext {
    const [label, ...rest] = host.split('.');
    if (CERTIFICATE_NAMES.includes(host) || (label !== '' && CERTIFICATE_NAMES.includes(`*.${rest.join('.')}`))) {
      return this.common;
    }
    const known = this.contexts.get(host);
    if (known !== undefined) {
      return known;
    }
    const context = tls.createSecureContext({ key: this.defaults.key, cert: this.certificate([host]) });
    this.contexts.set(host, context);
    return context;
  }

  private certificate(dnsNames: readonly string[]): string {
    return newCertificate({
      commonName: dnsNames[0],
      keys: this.keys,
      issuer: this.authority,
      dnsNames,
      addresses: ['127.0.0.1'],
      ...this.validity,
    });
  }
}
