import { DataAzurermKeyVaultCertificate } from '@cdktf/provider-azurerm/lib/data-azurerm-key-vault-certificate';
import { KeyVaultCertificate } from '@cdktf/provider-azurerm/lib/key-vault-certificate';
import { IResolvable } from 'cdktf';
import { Construct } from 'constructs';
import { expression, expressionOf, literal } from '../terraform/expression';
import { mapFor, object } from '../terraform/hcl';
import { addressOf } from '../terraform/rendering';
import { requireTerraform } from '../terraform/required-version';
import { TerraformCheck } from '../terraform/terraform-check';
import { recordSource } from '../terraform/source-line';
import { TerraformDataBlock } from '../terraform/terraform-data-block';
import { BoundCredential, CredentialedClient } from './credentialed-client';
import { EntraBlock } from '../azuread/entra-block';
import { generation, isEvenGeneration, slotGeneration } from './rotation';

/** The certificate and its validity. */
export interface CertificateTerms {
  readonly keyVaultId: string;
  readonly certificateName: string;
  readonly validityInMonths: number;
}

/**
 * Key Vault makes a self-signed certificate and keeps its key; Entra gets the public part.
 *
 * Terraform renews it, not Key Vault: a version that Key Vault makes by itself is unknown to Entra until the next
 * apply, and a client that reads the newest version would be locked out until then. The generation is part of the
 * subject; when it changes, Key Vault issues a new version of the same certificate. Entra keeps the public part of the
 * former generation for one more period, so that a client may keep the certificate that it has loaded.
 */
export function declareKeyVaultCertificate(client: CredentialedClient, terms: CertificateTerms): BoundCredential {
  const { validityInMonths } = terms;
  const scope = new Construct(client.scope, client.id);
  requireTerraform(scope, '1.5');
  const months = Math.max(1, Math.floor(validityInMonths / 2));
  const certificate = new KeyVaultCertificate(scope, 'Default', {
    name: terms.certificateName,
    keyVaultId: terms.keyVaultId,
    certificatePolicy: {
      issuerParameters: { name: 'Self' },
      keyProperties: { exportable: true, keySize: 3072, keyType: 'RSA', reuseKey: false },
      secretProperties: { contentType: 'application/x-pkcs12' },
      lifetimeAction: [{ action: { actionType: 'EmailContacts' }, trigger: { daysBeforeExpiry: 21 } }],
      x509CertificateProperties: {
        subject: expression`format("CN=%s, OU=generation %d", ${terms.certificateName}, ${generation(months)})`,
        validityInMonths,
        keyUsage: ['digitalSignature'],
        extendedKeyUsage: ['1.3.6.1.5.5.7.3.2'],
      },
    },
  });
  recordSource(certificate, client.source);
  // A plan that renews the certificate shows its attributes unchanged. A data source that reads after it is unknown in that
  // plan, so that Entra gets the new public part in the same apply.
  const issued = new DataAzurermKeyVaultCertificate(scope, 'issued', {
    name: certificate.name,
    keyVaultId: terms.keyVaultId,
    dependsOn: [certificate],
  });
  const periods = declarePeriods(scope, months, certificate);
  const parts = new EntraBlock(scope, 'public-part', {
    type: 'azuread_application_certificate',
    // A slot contains its own generation if there was an apply while that generation was to be issued.
    instances: mapFor({
      each: 'slot, generation',
      in: slotGenerations(months),
      key: expressionOf`slot`,
      value: expressionOf`slot`,
      when: expressionOf`${periods.fqn}[slot].input == generation`,
    }),
    attributes: {
      application_id: client.applicationId,
      key_id: expression`${periods.fqn}[each.key].id`,
      type: 'AsymmetricX509Cert',
      encoding: 'hex',
      value: issued.certificateData,
      end_date: issued.expires,
    },
    // Later versions belong to the other slot. Not create_before_destroy, which Terraform would extend to the products that
    // the client is granted and to the certificate: neither can be replaced under its name while the old one is there.
    lifecycle: { ignoreChanges: ['value', 'end_date'] },
  });
  const current = expressionOf`${parts.fqn}[${isEvenGeneration(months)} ? "even" : "odd"]`;
  new TerraformCheck(scope, 'newest-version', [
    {
      condition: expressionOf`${current}.value == ${issued.certificateData}`,
      message:
        `Key Vault has a version of certificate ${terms.certificateName} that Terraform did not issue and Entra does not know. ` +
        `Apply with -replace='${addressOf(periods)}["even"]' and the same for "odd".`,
    },
  ]);
  return {
    manifest: {
      kind: 'keyVaultCertificate',
      keyVaultId: terms.keyVaultId,
      certificateName: literal(terms.certificateName),
      version: issued.version,
    },
  };
}

/** Attributes of a certificate whose change makes Key Vault issue another, besides the subject with its generation. */
const REISSUING = [
  'versionless_id',
  'certificate_policy[0].issuer_parameters',
  'certificate_policy[0].key_properties',
  'certificate_policy[0].secret_properties',
  'certificate_policy[0].x509_certificate_properties[0].extended_key_usage',
  'certificate_policy[0].x509_certificate_properties[0].key_usage',
  'certificate_policy[0].x509_certificate_properties[0].validity_in_months',
];

/**
 * The state remembers for each of two slots that take turns in which generation somebody first applied since the slot's
 * generation began. It is the slot's own generation, unless a whole period passed without an apply or the certificate was
 * made later. The block has a new id in each turn, and the credential that is named after it is a new one.
 */
function declarePeriods(scope: Construct, months: number, certificate: KeyVaultCertificate): TerraformDataBlock {
  return new TerraformDataBlock(scope, 'periods', {
    instances: expressionOf`${slotGenerations(months)}`,
    input: generation(months),
    triggersReplace: '${each.value}',
    lifecycle: {
      ignoreChanges: ['input'],
      // Another vault, or another version in the same generation: earlier versions do not count.
      replaceTriggeredBy: REISSUING.map((attribute) => `${addressOf(certificate)}.${attribute}`),
    },
  });
}

function slotGenerations(months: number): IResolvable {
  return object({ even: slotGeneration(months, 'even'), odd: slotGeneration(months, 'odd') });
}
