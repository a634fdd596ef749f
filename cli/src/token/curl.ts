import { isGiven, type GivenCredential } from '../entra/credential';
import { urlOf, type ManifestApplication, type ManifestProduct } from '../manifest/manifest';
import { clean } from '../message';
import { UserError } from '../user-error';

/**
 * Commands of a shell that call the product as the application would. The secret is passed through pipes from where it is:
 * it is in no argument, so neither in the history nor in the list of processes.
 */
export function curlOf(
  application: ManifestApplication,
  product: ManifestProduct,
  given: GivenCredential,
  manifests: readonly string[],
): string {
  const url = urlOf(product);
  if (url === undefined) {
    throw new UserError([
      `${application.file}: product ${clean(product.id)} has no path, so there is nothing to call; give it a tryPath and apply`,
    ]);
  }
  const call = `curl --silent --show-error --include --header @- ${quoted(url)}`;
  const secret = secretCommand(application, given);
  if (secret === undefined) {
    return (
      [ownToken(application, product, given, manifests), `sed 's/^/Authorization: Bearer /'`, call].join(' |\n  ') +
      '\n'
    );
  }
  const token = [
    'curl --silent --show-error',
    `--data grant_type=client_credentials`,
    `--data client_id=${application.clientId}`,
    `--data-urlencode ${quoted(`scope=${product.scope}`)}`,
    '--data-urlencode client_secret@-',
    quoted(application.tokenEndpoint),
  ].join(' \\\n      ');
  return (
    [secret, `tr -d '\\r\\n'`, token, `jq --raw-output '"Authorization: Bearer " + .access_token'`, call].join(
      ' |\n  ',
    ) + '\n'
  );
}

/** Prints the secret from where it is; undefined where the credential is no secret. */
function secretCommand({ credentials: [first] }: ManifestApplication, given: GivenCredential): string | undefined {
  if (given.secretEnv !== undefined) {
    return `printenv ${quoted(given.secretEnv)}`;
  }
  if (
    isGiven(given) ||
    first?.kind !== 'keyVaultSecret' ||
    first.keyVaultId === undefined ||
    first.secretName === undefined
  ) {
    return undefined;
  }
  const vault = first.keyVaultId.split('/').at(-1) ?? '';
  return `az keyvault secret show --vault-name ${quoted(vault)} --name ${quoted(first.secretName)} --query value --output tsv`;
}

function ownToken(
  { name }: ManifestApplication,
  { id }: ManifestProduct,
  given: GivenCredential,
  manifests: readonly string[],
): string {
  const options = [
    ...manifests.flatMap((file) => ['--manifest', file]),
    '--application',
    name,
    '--product',
    id,
    ...(given.certificate === undefined ? [] : ['--certificate', given.certificate]),
    ...(given.certificatePasswordEnv === undefined ? [] : ['--certificate-password-env', given.certificatePasswordEnv]),
    ...(given.assertionFile === undefined ? [] : ['--assertion-file', given.assertionFile]),
    ...(given.githubActions === true ? ['--github-actions'] : []),
  ];
  return `apim-oauth token ${options.map(quoted).join(' ')} --raw`;
}

/** For a shell, where anything but plain characters might mean something. */
function quoted(text: string): string {
  return /^[\w./:@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
