import { DataAzurermKeyVaultCertificate } from '@cdktf/provider-azurerm/lib/data-azurerm-key-vault-certificate';
import { KeyVaultCertificate } from '@cdktf/provider-azurerm/lib/key-vault-certificate';
import { Construct } from 'constructs';
import { expression, literal } from '../private/expression';
import { requireTerraform } from '../terraform/required-version';
import { BoundCredential, CredentialedClient } from './credentialed-client';
import { EntraBlock } from './entra-block';
import { generation } from './rotation';

/** Which certificate, and for how long. */
export interface CertificateTerms {
  readonly keyVaultId: string;
  readonly certificateName: string;
  readonly validityInMonths: number;
}

/**
 * Key Vault makes a self-signed certificate and keeps its key; Entra gets the public part.
 *
 * Terraform renews it, not Key Vault: a version that Key Vault makes by itself is unknown to Entra until somebody applies,
 * and whoever reads the newest would be locked out until then. The generation stands in the subject, whose change makes
 * Key Vault issue a new version of the same certificate. Entra has both for a moment, since the new one is added before the
 * old one goes.
 */
export function declareKeyVaultCertificate(client: CredentialedClient, terms: CertificateTerms): BoundCredential {
  const { validityInMonths } = terms;
  const scope = new Construct(client.scope, client.id);
  requireTerraform(scope, '1.5');
  const renewed = generation(Math.max(1, Math.floor(validityInMonths / 2)));
  const certificate = new KeyVaultCertificate(scope, 'Default', {
    name: terms.certificateName,
    keyVaultId: terms.keyVaultId,
    certificatePolicy: {
      issuerParameters: { name: 'Self' },
      keyProperties: { exportable: true, keySize: 3072, keyType: 'RSA', reuseKey: false },
      secretProperties: { contentType: 'application/x-pkcs12' },
      lifetimeAction: [{ action: { actionType: 'EmailContacts' }, trigger: { daysBeforeExpiry: 21 } }],
      x509CertificateProperties: {
        subject: expression`format("CN=%s, OU=generation %d", ${terms.certificateName}, ${renewed})`,
        validityInMonths,
        keyUsage: ['digitalSignature'],
        extendedKeyUsage: ['1.3.6.1.5.5.7.3.2'],
      },
    },
  });
  // The certificate's own attributes look unchanged to a plan that renews it; what is read after it is unknown to that
  // plan, so that Entra gets the new public part in the same apply.
  const issued = new DataAzurermKeyVaultCertificate(scope, 'issued', {
    name: certificate.name,
    keyVaultId: terms.keyVaultId,
    dependsOn: [certificate],
  });
  new EntraBlock(scope, 'public-part', {
    type: 'azuread_application_certificate',
    attributes: {
      application_id: client.applicationId,
      type: 'AsymmetricX509Cert',
      encoding: 'hex',
      value: issued.certificateData,
      end_date: issued.expires,
    },
    lifecycle: { createBeforeDestroy: true },
  });
  return {
    manifest: {
      kind: 'keyVaultCertificate',
      keyVaultId: terms.keyVaultId,
      certificateName: literal(terms.certificateName),
      version: issued.version,
    },
  };
}
