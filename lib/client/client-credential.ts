import { Token } from 'cdktf';
import { BoundCredential, CredentialedClient } from './credentialed-client';
import { declareFederatedCredential, Federation } from './federated-credential';
import { declareKeyVaultCertificate } from './key-vault-certificate-credential';
import { declarePassword } from './password-credential';
import { sourceLine } from '../terraform/source-line';
import * as limits from '../validation/limits';
import { slug } from '../names/names';
import { Problems, refuse } from '../validation/problems';
import * as shapes from '../validation/shapes';

/** A workload that gets its tokens from another issuer. */
export interface FederatedCredentialProps {
  /** Issuer of the workload's own tokens, an `https` URL. */
  readonly issuer: string;

  /** Subject of those tokens: the identity of the workload. Entra compares it exactly, including case. */
  readonly subject: string;

  /**
   * Audiences of those tokens: one or more, without duplicates.
   * @default - `api://AzureADTokenExchange`
   */
  readonly audiences?: string[];

  /**
   * Name of the credential, unique for the client: 3 to 120 letters, digits, dashes and underscores. It names the block in
   * Terraform.
   * @default - made from the subject; required if that is a token
   */
  readonly name?: string;
}

/** A GitHub Actions workflow. */
export interface GitHubActionsProps {
  /** Organisation or user that the repository belongs to. */
  readonly organization: string;

  /** Name of the repository. */
  readonly repository: string;

  /**
   * Deployment environment that the job runs in. Exactly one of `environment` and `branch`.
   * @default - none
   */
  readonly environment?: string;

  /**
   * Branch that the workflow runs for, such as `main`. Exactly one of `environment` and `branch`.
   * @default - none
   */
  readonly branch?: string;

  /**
   * Numeric id of the organisation, together with `repositoryId`: repositories made or renamed since 15 July 2026 send
   * a subject with ids by default, which stays valid only for the same owner.
   * @default - the subject contains names only
   */
  readonly organizationId?: string;

  /**
   * Numeric id of the repository, together with `organizationId`.
   * @default - the subject contains names only
   */
  readonly repositoryId?: string;

  /**
   * Name of the credential, unique for the client.
   * @default - `github-<organization>-<repository>-<environment or branch>`
   */
  readonly name?: string;
}

/** A workload with a user-assigned managed identity. */
export interface ManagedIdentityProps {
  /** Object (principal) id of the identity, a GUID. */
  readonly principalId: string;

  /**
   * Entra tenant of the identity, a GUID.
   * @default - the tenant that Terraform is signed in to
   */
  readonly tenantId?: string;

  /**
   * Name of the credential, unique for the client.
   * @default managed-identity
   */
  readonly name?: string;
}

/** A certificate that Key Vault makes. */
export interface KeyVaultCertificateProps {
  /** Full resource id of the Key Vault. */
  readonly keyVaultId: string;

  /**
   * Name of the certificate: letters, digits and dashes, at most 127. It names the block in Terraform, so it must not
   * be a token.
   */
  readonly certificateName: string;

  /**
   * How long a certificate is valid, a whole number of months from 2 to 36. It is renewed by the first apply in each
   * calendar period of half as many months, rounded down: with 12 from 1 January and from 1 July.
   * @default 12
   */
  readonly validityInMonths?: number;
}

/** A client secret. */
export interface PasswordProps {
  /** Full resource id of the Key Vault that gets the secret. */
  readonly keyVaultId: string;

  /**
   * Name of the secret: letters, digits and dashes, at most 127. It names the block in Terraform, so it must not be a
   * token.
   */
  readonly secretName: string;

  /**
   * Months between two secrets, a whole number from 1 to 11. The former secret stays valid for another such period.
   * @default 6
   */
  readonly rotationInMonths?: number;
}

const GITHUB_ISSUER = 'https://token.actions.githubusercontent.com';
const TOKEN_EXCHANGE = 'api://AzureADTokenExchange';

/**
 * How a client whose application Terraform owns proves its identity.
 *
 * Source: https://learn.microsoft.com/entra/workload-id/workload-identity-federation
 */
export class ClientCredential {
  /**
   * No secret at all: Entra trusts the tokens that another issuer gives the workload.
   *
   * Fails when the issuer is not an `https` URL, the subject is empty, an audience is given twice or the name is
   * malformed.
   */
  public static federated(props: FederatedCredentialProps): ClientCredential {
    refuse('ClientCredential.federated', 'props', shapes.settings(props));
    const problems = new Problems('ClientCredential.federated');
    problems.add('issuer', limits.httpsUrl(props.issuer));
    problems.add('subject', limits.textOf(1, 600)(props.subject));
    problems.optional('audiences', props.audiences, limits.listOf(limits.textOf(1, 600), { least: 1 }));
    const name =
      props.name ?? (Token.isUnresolved(props.subject) ? undefined : `federated-${slug(String(props.subject ?? ''))}`);
    problems.add('name', problemOfName(name, 'subject'));
    problems.throwIfAny();
    const audiences = [...(props.audiences ?? [TOKEN_EXCHANGE])];
    const { issuer, subject } = props;
    return ClientCredential.ofFederation(name!, () => ({ issuer, subject, audiences }));
  }

  /**
   * A GitHub Actions workflow, by its OIDC token.
   *
   * Fails unless exactly one of `environment` and `branch` is given, both or none of the ids, and all names are GitHub's.
   */
  public static gitHubActions(props: GitHubActionsProps): ClientCredential {
    refuse('ClientCredential.gitHubActions', 'props', shapes.settings(props));
    const problems = new Problems('ClientCredential.gitHubActions');
    problems.add('organization', limits.gitHubOwner(props.organization));
    problems.add('repository', limits.gitHubRepository(props.repository));
    const { environment, branch, organizationId, repositoryId } = props;
    if ((environment === undefined) === (branch === undefined)) {
      problems.add(
        'environment',
        `must be given without branch, or branch without it; got ${environment === undefined ? 'neither' : 'both'}`,
      );
    }
    problems.optional('environment', environment, limits.textOf(1, 255));
    problems.optional('branch', branch, limits.gitBranch);
    if ((organizationId === undefined) !== (repositoryId === undefined)) {
      problems.add(
        'organizationId',
        `must be given together with repositoryId, got only ${organizationId === undefined ? 'repositoryId' : 'organizationId'}`,
      );
    }
    problems.optional('organizationId', organizationId, limits.numericId);
    problems.optional('repositoryId', repositoryId, limits.numericId);
    const parts = [props.organization, props.repository, environment ?? branch ?? ''];
    const derived = parts.some((part) => Token.isUnresolved(part)) ? undefined : slug(['github', ...parts].join('-'));
    const name = props.name ?? derived;
    problems.add('name', problemOfName(name, 'organization, repository, environment or branch'));
    problems.throwIfAny();
    const subject = gitHubSubject(props);
    return ClientCredential.ofFederation(name!, () => ({
      issuer: GITHUB_ISSUER,
      subject,
      audiences: [TOKEN_EXCHANGE],
    }));
  }

  /**
   * A workload with a user-assigned managed identity, by the identity's token.
   *
   * Fails when an id is not a GUID or the name is malformed.
   */
  public static managedIdentity(props: ManagedIdentityProps): ClientCredential {
    refuse('ClientCredential.managedIdentity', 'props', shapes.settings(props));
    const problems = new Problems('ClientCredential.managedIdentity');
    problems.add('principalId', limits.guid(props.principalId));
    problems.optional('tenantId', props.tenantId, limits.guid);
    const { name = 'managed-identity' } = props;
    problems.add('name', problemOfName(name, 'principalId'));
    problems.throwIfAny();
    return ClientCredential.ofFederation(name, (client) => ({
      issuer: `https://login.microsoftonline.com/${props.tenantId ?? client.tenantId}/v2.0`,
      subject: props.principalId,
      audiences: [TOKEN_EXCHANGE],
    }));
  }

  /**
   * A certificate: Key Vault makes the key, Entra gets the public part, and no state contains the private one.
   *
   * Fails when the vault's id, the name or the validity is malformed.
   */
  public static keyVaultCertificate(props: KeyVaultCertificateProps): ClientCredential {
    refuse('ClientCredential.keyVaultCertificate', 'props', shapes.settings(props));
    const { validityInMonths = 12 } = props;
    const problems = new Problems('ClientCredential.keyVaultCertificate');
    problems.add('keyVaultId', limits.keyVaultId(props.keyVaultId));
    problems.add('certificateName', problemOfLiteral(props.certificateName));
    problems.add(
      'validityInMonths',
      limits.literalOnly(limits.wholeNumber(2, 36), 'renewals are counted from it')(validityInMonths),
    );
    problems.throwIfAny();
    const { keyVaultId, certificateName } = props;
    return new ClientCredential(
      `certificate-${certificateName}`,
      (client) => declareKeyVaultCertificate(client, { keyVaultId, certificateName, validityInMonths }),
      {
        keyVaultId,
        secretName: certificateName,
      },
    );
  }

  /**
   * A client secret, stored in Key Vault and rotated with an overlap. The Terraform state contains it in clear text,
   * and synthesis warns about it: prefer any other kind.
   *
   * Fails when the vault's id, the name or the rotation is malformed.
   */
  public static password(props: PasswordProps): ClientCredential {
    refuse('ClientCredential.password', 'props', shapes.settings(props));
    const { rotationInMonths = 6 } = props;
    const problems = new Problems('ClientCredential.password');
    problems.add('keyVaultId', limits.keyVaultId(props.keyVaultId));
    problems.add('secretName', problemOfLiteral(props.secretName));
    problems.add(
      'rotationInMonths',
      limits.literalOnly(limits.wholeNumber(1, 11), 'rotations are counted from it')(rotationInMonths),
    );
    problems.throwIfAny();
    const { keyVaultId, secretName } = props;
    return new ClientCredential(
      `password-${secretName}`,
      (client) => declarePassword(client, { keyVaultId, secretName, rotationInMonths }),
      { keyVaultId, secretName },
    );
  }

  /** Where the program made it. @internal */
  public readonly _source?: string;

  private constructor(
    /** Names the credential among those of its client. @internal */
    public readonly _name: string,
    /** Declares it for a client. @internal */
    public readonly _bind: (client: CredentialedClient) => BoundCredential,
    /** The secret that it makes in a vault, if any; a certificate is one too, under the same name. @internal */
    public readonly _secret?: { readonly keyVaultId: string; readonly secretName: string },
    /** Whether it counts among the federated credentials of the application. @internal */
    public readonly _isFederated: boolean = false,
  ) {
    shapes.markAs('ClientCredential', this);
    this._source = sourceLine();
  }

  private static ofFederation(
    name: string,
    federation: (client: CredentialedClient) => Omit<Federation, 'name'>,
  ): ClientCredential {
    return new ClientCredential(
      name,
      (client) => declareFederatedCredential(client, { name, ...federation(client) }),
      undefined,
      true,
    );
  }
}

/** Construct ids of the other blocks of a client, which no credential may have. */
const TAKEN = ['Default', 'service-principal', 'grants', 'apim-managed-grants', 'granted-products'];

function problemOfName(name: string | undefined, source: string): string | undefined {
  if (name === undefined) {
    return `is required where ${source} is a token`;
  }
  if (Token.isUnresolved(name)) {
    return 'must not be a token, since it names the block in Terraform';
  }
  if (TAKEN.includes(name)) {
    return `must not be ${limits.shown(name)}, which names a block of the client itself`;
  }
  return limits.credentialName(name);
}

const problemOfLiteral = limits.literalOnly(limits.secretName, 'it names the block in Terraform');

/** GitHub escapes the colon, which separates the parts of a subject. */
function gitHubSubject(props: GitHubActionsProps): string {
  const at = (name: string, id: string | undefined): string => (id === undefined ? name : `${name}@${id}`);
  const repository = `repo:${at(props.organization, props.organizationId)}/${at(props.repository, props.repositoryId)}`;
  if (props.environment === undefined) {
    return `${repository}:ref:refs/heads/${props.branch}`;
  }
  const { environment } = props;
  return `${repository}:environment:${Token.isUnresolved(environment) ? environment : environment.replace(/:/g, '%3A')}`;
}
