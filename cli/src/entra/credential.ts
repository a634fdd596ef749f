import { readFileSync } from 'node:fs';
import { keyVault } from '../azure/client';
import { AzureFailure } from '../azure/failure';
import { jsonOf, type Http } from '../azure/http';
import type { AzureLogin } from '../azure/login';
import type { Surroundings } from '../commands/command';
import { property } from '../input/json';
import type { CredentialEntry } from '../manifest/manifest';
import { UserError } from '../user-error';
import { signedHere, signedInVault, vaultCertificateOf, type AssertionOf } from './assertion';
import { readCertificate } from './certificate';
import type { Proof } from './token';

/** Credential options as they were given, at most one of them besides the password. */
export interface GivenCredential {
  readonly secretEnv?: string;
  readonly certificate?: string;
  readonly certificatePasswordEnv?: string;
  readonly assertionFile?: string;
  readonly githubActions?: true;
}

export interface CredentialContext {
  readonly http: Http;
  readonly login: AzureLogin;
  readonly environment: Surroundings['environment'];
}

/** The application's credential is not available here, which is no verdict on the application. */
export class CredentialUnavailable extends UserError {
  constructor(readonly sentence: string) {
    super([sentence]);
  }
}

const FLAGS = ['--secret-env', '--certificate', '--assertion-file', '--github-actions'] as const;

export function problemsOfGiven(given: GivenCredential): readonly string[] {
  const chosen = FLAGS.filter(
    (_, index) => [given.secretEnv, given.certificate, given.assertionFile, given.githubActions][index],
  );
  return [
    ...(chosen.length > 1 ? [`${chosen.join(' and ')} are given; give one credential`] : []),
    ...(given.certificatePasswordEnv !== undefined && given.certificate === undefined
      ? ['--certificate-password-env is given without --certificate; give both']
      : []),
  ];
}

export function isGiven(given: GivenCredential): boolean {
  return (given.secretEnv ?? given.certificate ?? given.assertionFile ?? given.githubActions) !== undefined;
}

/** The proof from the options, for one application. */
export async function givenProof(
  given: GivenCredential,
  about: AssertionOf,
  context: CredentialContext,
): Promise<Proof> {
  const { environment } = context;
  if (given.secretEnv !== undefined) {
    return { kind: 'secret', secret: variable(environment, given.secretEnv, '--secret-env') };
  }
  if (given.certificate !== undefined) {
    const password =
      given.certificatePasswordEnv === undefined
        ? ''
        : variable(environment, given.certificatePasswordEnv, '--certificate-password-env');
    const certificate = await readCertificate(bytesOf(given.certificate), password, given.certificate);
    return { kind: 'assertion', assertion: await signedHere(certificate, about) };
  }
  if (given.assertionFile !== undefined) {
    return { kind: 'assertion', assertion: assertionIn(given.assertionFile) };
  }
  return { kind: 'assertion', assertion: await gitHubAssertion(context, context.login.cloud.exchangeAudience) };
}

/** The proof from where the manifest says that the credential is: the first that is available here. */
export async function declaredProof(
  entries: readonly CredentialEntry[],
  about: AssertionOf,
  context: CredentialContext,
): Promise<Proof> {
  const reasons: string[] = [];
  for (const entry of entries) {
    try {
      return await proofOf(entry, about, context);
    } catch (error) {
      // the next one may work; what is wrong with the last one is reported with the others
      if (!(error instanceof CredentialUnavailable) && !(error instanceof AzureFailure && error.kind === 'forbidden')) {
        throw error;
      }
      reasons.push(error.sentence);
    }
  }
  throw new CredentialUnavailable(reasons.join('; '));
}

async function proofOf(entry: CredentialEntry, about: AssertionOf, context: CredentialContext): Promise<Proof> {
  const { keyVaultId } = entry;
  if (entry.kind === 'keyVaultSecret' && keyVaultId !== undefined && entry.secretName !== undefined) {
    return { kind: 'secret', secret: (await secretOf(context, keyVaultId, entry.secretName)).value };
  }
  if (entry.kind === 'keyVaultCertificate' && keyVaultId !== undefined && entry.certificateName !== undefined) {
    const assertion = await vaultAssertion(context, keyVaultId, entry.certificateName, entry.version, about);
    return { kind: 'assertion', assertion };
  }
  if (entry.kind === 'federated') {
    return { kind: 'assertion', assertion: await federatedAssertion(entry, context) };
  }
  if (entry.kind === 'developerPortal') {
    throw new CredentialUnavailable(
      'its secret is in no vault, and only its owner can make one in the developer portal; give it with --secret-env, or declare storeClientSecret',
    );
  }
  throw new CredentialUnavailable(
    `its credential (${entry.kind}) cannot be read by this tool; give --secret-env, --certificate, --assertion-file or --github-actions`,
  );
}

async function secretOf(
  { http, login }: CredentialContext,
  keyVaultId: string,
  name: string,
  version?: string,
): Promise<{ readonly value: string; readonly contentType: string }> {
  const vault = keyVault(http, login, keyVaultId);
  const answer = await vault.call(`/secrets/${name}${version === undefined ? '' : `/${version}`}?api-version=7.4`, {
    doing: `read secret ${name}`,
    needs: 'Key Vault Secrets User (or the secret permission Get)',
  });
  const [value, contentType] = [property(answer, 'value'), property(answer, 'contentType')];
  if (typeof value !== 'string') {
    throw new AzureFailure('broken-off', `${new URL(vault.base).host}: secret ${name} came without a value; try again`);
  }
  return { value, contentType: typeof contentType === 'string' ? contentType : '' };
}

/** Signs in the vault where the login may; else with the exported certificate, where it may read that. */
async function vaultAssertion(
  context: CredentialContext,
  keyVaultId: string,
  name: string,
  version: string | undefined,
  about: AssertionOf,
): Promise<string> {
  const vault = keyVault(context.http, context.login, keyVaultId);
  const path = `${name}${version === undefined ? '' : `/${version}`}`;
  try {
    const answer = await vault.call(`/certificates/${path}?api-version=7.4`, {
      doing: `read certificate ${name}`,
      needs: 'Key Vault Certificate User (or the certificate permission Get)',
    });
    return await signedInVault(vault, vaultCertificateOf(answer, new URL(vault.base).host), about);
  } catch (error) {
    if (!(error instanceof AzureFailure) || error.kind !== 'forbidden') {
      throw error;
    }
    const exported = await secretOf(context, keyVaultId, name, version).catch((second: unknown) => {
      throw second instanceof AzureFailure && second.kind === 'forbidden'
        ? new AzureFailure(
            'forbidden',
            `${error.sentence}; or, to sign with the exported certificate, Key Vault Secrets User`,
          )
        : second;
    });
    const bytes = exported.contentType.includes('pem')
      ? Buffer.from(exported.value)
      : Buffer.from(exported.value, 'base64');
    return signedHere(await readCertificate(bytes, '', `certificate ${name}`), about);
  }
}

const GITHUB = 'https://token.actions.githubusercontent.com';

async function federatedAssertion(
  { issuer = '', subject = '', audiences = [] }: CredentialEntry,
  context: CredentialContext,
): Promise<string> {
  const { environment, login } = context;
  const audience = audiences[0] ?? login.cloud.exchangeAudience;
  if (issuer.startsWith(GITHUB) && (environment.ACTIONS_ID_TOKEN_REQUEST_URL ?? '') !== '') {
    return gitHubAssertion(context, audience);
  }
  if (issuer.startsWith(`${login.cloud.login}/`) || issuer.startsWith('https://sts.windows.net/')) {
    return managedIdentityAssertion(subject, audience, context);
  }
  const file = environment.AZURE_FEDERATED_TOKEN_FILE ?? '';
  if (!issuer.startsWith(GITHUB) && file !== '') {
    return assertionIn(file);
  }
  throw new CredentialUnavailable(
    `its credential is federated, for subject ${subject} of ${issuer}; run this where that identity is, or give --assertion-file`,
  );
}

async function managedIdentityAssertion(
  objectId: string,
  audience: string,
  { login }: CredentialContext,
): Promise<string> {
  try {
    return await login.managedIdentityToken(objectId, `${audience}/.default`);
  } catch (error) {
    if (!(error instanceof AzureFailure) || error.kind !== 'login') {
      throw error;
    }
    throw new CredentialUnavailable(
      `its credential is the managed identity ${objectId}, which gives no token here; run this where it is assigned, or give --assertion-file (${error.sentence})`,
    );
  }
}

async function gitHubAssertion({ http, environment }: CredentialContext, audience: string): Promise<string> {
  const [url, token] = [
    environment.ACTIONS_ID_TOKEN_REQUEST_URL ?? '',
    environment.ACTIONS_ID_TOKEN_REQUEST_TOKEN ?? '',
  ];
  if (url === '' || token === '' || !URL.canParse(url)) {
    throw new CredentialUnavailable(
      'GitHub gives no token here; run this in a job of GitHub Actions that has permissions: id-token: write',
    );
  }
  const address = new URL(url);
  address.searchParams.set('audience', audience);
  const answer = await http.send({
    method: 'GET',
    url: address.href,
    headers: { authorization: `Bearer ${token}`, accept: 'application/json' },
  });
  const value = answer.status === 200 ? property(jsonOf(answer), 'value') : undefined;
  if (typeof value !== 'string') {
    throw new AzureFailure(
      'login',
      `${address.host}: GitHub gave no token (${answer.status}); give the job permissions: id-token: write`,
      answer.status,
    );
  }
  return value;
}

function assertionIn(file: string): string {
  const text = bytesOf(file).toString('utf8').trim();
  if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(text)) {
    throw new UserError([
      `${file}: it contains no token of an identity provider; give a file with a signed JWT and nothing else`,
    ]);
  }
  return text;
}

function bytesOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    throw new UserError([
      code === 'ENOENT'
        ? `${file}: there is no such file; check the path`
        : `${file}: it cannot be read (${code}); check its permissions`,
    ]);
  }
}

function variable(environment: Surroundings['environment'], name: string, flag: string): string {
  const value = environment[name] ?? '';
  if (value === '') {
    // what was given may be the secret itself, by mistake
    const told = /^[A-Z_][A-Z0-9_]{0,79}$/.test(name)
      ? `the variable ${name} is not set`
      : 'this is no name of a variable';
    throw new UserError([`${flag}: ${told}; give the name of a variable that contains it`]);
  }
  return value;
}
