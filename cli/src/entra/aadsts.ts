/** An error code of Entra that occurs when an application asks for a token, or when the user's own login does. */
export interface EntraError {
  readonly code: number;
  /** What Entra means, as the rest of a sentence about the application. */
  readonly meaning: string;
  /** What is missing or wrong, in a word or two. */
  readonly missing: string;
  readonly remedy: string;
  /** Right after an apply the same code may only mean that Entra has not spread the change yet. */
  readonly replicates?: true;
  /** Entra refuses a token on purpose: what a client without a grant is to see. */
  readonly denies?: true;
}

/**
 * From https://learn.microsoft.com/entra/identity-platform/reference-error-codes and
 * https://learn.microsoft.com/entra/workload-id/workload-identity-federation-troubleshoot; docs/aadsts.md shows it.
 */
export const ENTRA_ERRORS: readonly EntraError[] = [
  {
    code: 50013,
    meaning: 'the assertion is invalid',
    missing: 'valid assertion',
    remedy: 'make a new assertion, and check its issuer, audience and lifetime',
  },
  {
    code: 50027,
    meaning: 'the assertion is not a valid JWT',
    missing: 'valid assertion',
    remedy: 'give the complete, unchanged token of the identity provider',
  },
  {
    code: 50076,
    meaning: 'the login needs multifactor authentication',
    missing: 'multifactor authentication',
    remedy: 'sign in again with az login',
  },
  {
    code: 50105,
    meaning: 'the application is not assigned to a role of the product’s registration',
    missing: 'role assignment',
    remedy: 'grant the product to the application and apply',
    replicates: true,
    denies: true,
  },
  {
    code: 50173,
    meaning: 'the login was revoked',
    missing: 'login',
    remedy: 'sign in again with az login',
  },
  {
    code: 53003,
    meaning: 'a conditional access policy blocks the token',
    missing: 'access by policy',
    remedy:
      'ask an administrator of the tenant which conditional access policy for workload identities applies and which locations it allows',
  },
  {
    code: 65001,
    meaning: 'nobody consented to the requested permission',
    missing: 'consent',
    remedy: 'grant the product to the application and apply; application permissions are granted by a role assignment',
    replicates: true,
    denies: true,
  },
  {
    code: 70011,
    meaning: 'the scope is malformed',
    missing: 'valid scope',
    remedy: 'ask for <audience>/.default, as the manifest says',
  },
  {
    code: 70021,
    meaning: 'no federated credential matches the assertion',
    missing: 'federated credential',
    remedy: 'compare the issuer, subject and audience of the assertion with the declared credential',
    replicates: true,
  },
  {
    code: 70043,
    meaning: 'the login expired because of a sign-in frequency policy',
    missing: 'login',
    remedy: 'sign in again with az login',
  },
  {
    code: 90002,
    meaning: 'the tenant does not exist in this cloud',
    missing: 'tenant',
    remedy: 'check the tenant id, and give --cloud if the tenant is not in the public cloud',
  },
  {
    code: 500011,
    meaning: 'the tenant has no service principal with the product’s audience',
    missing: 'service principal of the product',
    remedy: 'apply the stack that declares the product, and check that the audience is that of its registration',
    replicates: true,
    denies: true,
  },
  {
    code: 500014,
    meaning: 'the service principal of the product is disabled',
    missing: 'enabled service principal of the product',
    remedy: 'enable sign-in for it in Enterprise applications',
    denies: true,
  },
  {
    code: 500133,
    meaning: 'the assertion is outside of its lifetime',
    missing: 'valid assertion, or a correct clock',
    remedy: 'make a new assertion, and check the clock of this machine',
  },
  {
    code: 501051,
    meaning: 'the application is not assigned to a role of the product’s registration, which demands an assignment',
    missing: 'role assignment',
    remedy: 'grant the product to the application and apply',
    replicates: true,
    denies: true,
  },
  {
    code: 530003,
    meaning: 'a conditional access policy demands a managed device',
    missing: 'managed device',
    remedy: 'sign in from a managed device',
  },
  {
    code: 650057,
    meaning: 'the application does not declare the permission that it asks for',
    missing: 'declared permission',
    remedy: 'grant the product to the application and apply',
    replicates: true,
    denies: true,
  },
  {
    code: 700016,
    meaning: 'the tenant has no application with this client id',
    missing: 'application',
    remedy: 'check that the manifest is from the last apply, and that the stack was applied to this tenant',
    replicates: true,
  },
  {
    code: 700021,
    meaning: 'the assertion is for another client id',
    missing: 'assertion of this client',
    remedy: 'give the certificate or assertion of this application',
  },
  {
    code: 700023,
    meaning: 'the assertion is for another audience',
    missing: 'assertion for this tenant',
    remedy: 'make the assertion for the token endpoint of this tenant',
  },
  {
    code: 700024,
    meaning: 'the assertion is outside of its lifetime',
    missing: 'correct clock',
    remedy: 'set the clock of this machine, or make a new assertion',
  },
  {
    code: 700027,
    meaning:
      'the assertion is signed with a certificate that has expired or that is not in the application’s registration',
    missing: 'certificate of the application',
    remedy:
      'apply the stack so that Entra gets the newest certificate of the vault, or give the certificate that Entra has',
    replicates: true,
  },
  {
    code: 700082,
    meaning: 'the login expired',
    missing: 'login',
    remedy: 'sign in again with az login',
  },
  {
    code: 700211,
    meaning: 'no federated credential has the issuer of the assertion',
    missing: 'federated credential for the issuer',
    remedy: 'compare the issuer of the assertion with the declared credential',
    replicates: true,
  },
  {
    code: 700212,
    meaning: 'no federated credential has the audience of the assertion',
    missing: 'federated credential for the audience',
    remedy:
      'ask the identity provider for a token with the audience of the credential, api://AzureADTokenExchange by default',
    replicates: true,
  },
  {
    code: 700213,
    meaning: 'no federated credential has the subject of the assertion',
    missing: 'federated credential for the subject',
    remedy:
      'compare the subject of the assertion with the declared credential; newer GitHub repositories send repo:ORG@ID/REPO@ID:…, which needs organizationId and repositoryId',
    replicates: true,
  },
  {
    code: 900023,
    meaning: 'the tenant is neither an id nor a domain name',
    missing: 'tenant',
    remedy: 'give the tenant id, a GUID',
  },
  {
    code: 900144,
    meaning: 'the request lacks a parameter',
    missing: 'parameter',
    remedy: 'check client id and scope',
  },
  {
    code: 1002012,
    meaning: 'the scope of an application’s token must end in /.default',
    missing: 'valid scope',
    remedy: 'ask for <audience>/.default, as the manifest says',
  },
  {
    code: 5000225,
    meaning: 'the tenant is blocked because it was not used',
    missing: 'active tenant',
    remedy: 'ask Microsoft to reactivate the tenant',
  },
  {
    code: 7000112,
    meaning: 'the application is disabled',
    missing: 'enabled application',
    remedy: 'enable sign-in for it in Enterprise applications',
  },
  {
    code: 7000215,
    meaning: 'the client secret is wrong',
    missing: 'valid secret',
    remedy:
      'give the value of the secret, not its id; if the vault contains an older secret, raise the version of storeClientSecret and apply',
    replicates: true,
  },
  {
    code: 7000216,
    meaning: 'the request contains neither a secret nor an assertion',
    missing: 'credential',
    remedy: 'give --secret-env, --certificate, --assertion-file or --github-actions',
  },
  {
    code: 7000218,
    meaning: 'the request contains neither a secret nor an assertion',
    missing: 'credential',
    remedy: 'give --secret-env, --certificate, --assertion-file or --github-actions',
  },
  {
    code: 7000222,
    meaning: 'the client secret has expired',
    missing: 'valid secret',
    remedy:
      'make a new secret: raise the version of storeClientSecret and apply; for ClientCredential.password, apply in the current period',
  },
  {
    code: 7000229,
    meaning: 'the application has no service principal in the tenant',
    missing: 'service principal of the application',
    remedy: 'apply the stack that declares the application, and check that it was applied to this tenant',
    replicates: true,
  },
];

/** The code that an answer or an error names, without its text, which contains identifiers. */
export function aadstsOf(text: string): number | undefined {
  const code = /AADSTS(\d{4,8})/.exec(text)?.[1];
  return code === undefined ? undefined : Number(code);
}

/** What a code means; codes of federated credentials have variants with one more digit. */
export function explained(code: number): EntraError | undefined {
  return (
    ENTRA_ERRORS.find((known) => known.code === code) ??
    (/^70021[123]\d$/.test(String(code))
      ? ENTRA_ERRORS.find((known) => known.code === Math.floor(code / 10))
      : undefined)
  );
}

/** The table of docs/aadsts.md. */
export function aadstsTable(): string {
  const rows = ENTRA_ERRORS.map(({ code, meaning, missing, remedy, replicates, denies }) => [
    `AADSTS${code}`,
    meaning,
    missing,
    remedy,
    replicates === true ? 'yes' : '',
    denies === true ? 'yes' : '',
  ]);
  const head = ['code', 'means', 'missing', 'what to do', 'after an apply', 'denies'];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}
