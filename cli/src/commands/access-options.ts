import type { Command as Parser } from 'commander';
import { CLOUD_NAMES } from '../azure/clouds';
import { several } from './command';

/** Options of the commands that act as applications of a manifest. */
export interface AccessOptions {
  readonly manifest?: readonly string[];
  readonly secretEnv?: string;
  readonly certificate?: string;
  readonly certificatePasswordEnv?: string;
  readonly assertionFile?: string;
  readonly githubActions?: true;
  readonly cloud?: string;
}

export function addManifestOption(parser: Parser): void {
  parser.option(
    '--manifest <FILE>',
    'the output of terraform output -json for a stack with an AccessManifest; - reads standard input; can be given several times',
    several,
  );
}

export function addCredentialOptions(parser: Parser): void {
  parser
    .option('--secret-env <VAR>', 'the client secret is in this environment variable')
    .option('--certificate <FILE>', 'sign with this certificate and its key, PEM or PFX')
    .option('--certificate-password-env <VAR>', 'the password of the certificate is in this environment variable')
    .option('--assertion-file <FILE>', 'a token of an identity provider that the application trusts')
    .option('--github-actions', 'request that token from GitHub, in a job with permissions: id-token: write');
}

export function addCloudOption(parser: Parser): void {
  parser.option('--cloud <NAME>', `${CLOUD_NAMES.join(', ')} (default: public)`);
}

/** Two ways to put numbers into options; mistakes are added to the problems. */
export function wholeNumber(
  flag: string,
  given: string | undefined,
  { fallback, least, most }: { readonly fallback: number; readonly least: number; readonly most: number },
  problems: string[],
): number {
  if (given === undefined) {
    return fallback;
  }
  const number = Number(given);
  if (!/^\d{1,9}$/.test(given) || number < least || number > most) {
    problems.push(`${flag}: must be a whole number from ${least} to ${most}; leave it out for ${fallback}`);
  }
  return number;
}
