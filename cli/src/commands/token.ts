import { cloudOf } from '../azure/clouds';
import { Http } from '../azure/http';
import { AzureLogin } from '../azure/login';
import {
  CredentialUnavailable,
  declaredProof,
  givenProof,
  isGiven,
  problemsOfGiven,
  type CredentialContext,
} from '../entra/credential';
import {
  clockClause,
  isRefusal,
  refusalClause,
  refusalRemedy,
  requestToken,
  rolesOf,
  type AccessToken,
} from '../entra/token';
import { readManifests } from '../manifest/read';
import { clean } from '../message';
import { progress } from '../progress';
import { curlOf } from '../token/curl';
import { problemsOfSubject, subjectOf, type Subject, type SubjectOptions } from '../token/subject';
import { UserError } from '../user-error';
import { addCloudOption, addCredentialOptions, addManifestOption, type AccessOptions } from './access-options';
import type { Command, Surroundings } from './command';

interface Given extends AccessOptions, SubjectOptions {
  readonly raw?: true;
  readonly curl?: true;
  readonly json?: true;
}

const NOTES = `
Without a credential option the credential is taken from where the manifest says it is: a secret or
a certificate in Key Vault by the login of the Azure CLI or of the environment, a managed or
workload identity, the token of a GitHub Actions job.

exit status:
  0  there is a token
  1  there is none, or an option is wrong

examples:
  terraform output -json | apim-oauth token --manifest - --application contoso-partner --product starter
  apim-oauth token --tenant TENANT --client-id ID --scope api://ID/.default --secret-env CLIENT_SECRET`;

/** Gets a token as an application would. */
export const tokenCommand: Command = {
  configure: (parser) => {
    parser
      .description(
        'Gets an access token as an application, and prints its claims, its expiry, and the role that gives access to ' +
          'the product. It prints the token only with --raw, and the credential never.',
      )
      .usage('--manifest FILE --application NAME --product ID [options]');
    addManifestOption(parser);
    parser
      .option('--application <NAME>', 'the application, by its name in the manifest')
      .option('--product <ID>', 'the product to call')
      .option('--tenant <ID>', 'without a manifest: the tenant')
      .option('--client-id <ID>', 'without a manifest: the client id')
      .option('--scope <SCOPE>', 'without a manifest: the scope, <audience>/.default');
    addCredentialOptions(parser);
    addCloudOption(parser);
    parser
      .option('--raw', 'print the token and nothing else')
      .option(
        '--curl',
        'print a call of the product that reads the secret from where it is stored, without requesting a token',
      )
      .option('--json', 'print JSON (schema/token-1.schema.json); without the token')
      .addHelpText('after', NOTES);
    return (surroundings) => token(parser.opts<Given>(), surroundings);
  },
};

async function token(given: Given, surroundings: Surroundings): Promise<number> {
  const cloud = cloudOf(given.cloud);
  const shapes = (['raw', 'curl', 'json'] as const).filter((name) => given[name] === true);
  const problems = [
    ...problemsOfSubject(given),
    ...problemsOfGiven(given),
    ...(shapes.length > 1 ? [`--${shapes.join(' and --')} are given; give one of them`] : []),
    ...(given.curl === true && given.manifest === undefined ? ['--curl needs --manifest, which has the address'] : []),
    ...(given.manifest === undefined && !isGiven(given)
      ? ['no credential is given; give --secret-env, --certificate, --assertion-file or --github-actions']
      : []),
  ];
  if (problems.length > 0) {
    throw new UserError(problems);
  }
  const subject = subjectOf(given, await readManifests(given.manifest ?? [], surroundings), cloud);
  if (given.curl === true && subject.application !== undefined && subject.product !== undefined) {
    surroundings.stdout(curlOf(subject.application, subject.product, given, given.manifest ?? []));
    return 0;
  }
  const http = new Http(surroundings);
  const shown = progress(surroundings);
  try {
    shown.tell('asking Entra for a token');
    const login = new AzureLogin(http, cloud);
    const found = await ask(subject, given, { http, login, environment: surroundings.environment });
    shown.stop();
    print(found, subject, given, surroundings);
    const host = new URL(subject.tokenEndpoint).host;
    const clock = clockClause(http.clockAheadOf(host), host);
    if (clock !== undefined) {
      surroundings.stderr(`apim-oauth: ${clock}; set it, since gateways and Entra refuse tokens from another time\n`);
    }
    return 0;
  } finally {
    shown.stop();
    await http.close();
  }
}

async function ask(subject: Subject, given: Given, context: CredentialContext): Promise<AccessToken> {
  const { application, tokenEndpoint, clientId, scope } = subject;
  const about = { tokenEndpoint, clientId };
  const name = application === undefined ? `client ${clientId}` : `application ${clean(application.name)}`;
  const proof = await (
    isGiven(given) || application === undefined
      ? givenProof(given, about, context)
      : declaredProof(application.credentials, about, context)
  ).catch((error: unknown) => {
    throw error instanceof CredentialUnavailable ? new UserError([`${name}: ${error.sentence}`]) : error;
  });
  const answer = await requestToken(context.http, { tokenEndpoint, clientId, scope, proof });
  if (!isRefusal(answer)) {
    return answer;
  }
  const host = new URL(tokenEndpoint).host;
  const clock = clockClause(context.http.clockAheadOf(host), host);
  throw new UserError([
    `${name}: ${refusalClause(answer)}${clock === undefined ? '' : `, and ${clock}`}; ${refusalRemedy(answer)}`,
  ]);
}

function print(
  { token: value, claims, expiresOn }: AccessToken,
  subject: Subject,
  given: Given,
  { stdout }: Surroundings,
): void {
  const { application, product, scope, clientId } = subject;
  if (given.raw === true) {
    stdout(`${value}\n`);
    return;
  }
  if (given.json === true) {
    const names = {
      ...(application === undefined ? {} : { application: application.name }),
      ...(product === undefined ? {} : { product: product.id }),
    };
    stdout(`${JSON.stringify({ version: 1, ...names, scope, expiresOn, claims }, undefined, 2)}\n`);
    return;
  }
  const client = application === undefined ? clientId : `${clean(application.name)} (${clientId})`;
  const rows: readonly (readonly [string, string])[] = [
    ['application', client],
    ...(product === undefined ? [] : [['product', clean(product.id)] as const]),
    ['scope', scope],
    ['expires', `${expiresOn} (${remaining(expiresOn)})`],
  ];
  stdout(
    `${table(rows)}\nclaims\n${indented(table(Object.entries(claims).map(([name, claim]) => [name, told(name, claim)])))}\n`,
  );
  stdout(`access\n${indented(access(subject, rolesOf(claims)))}`);
}

/** Which role lets the application in which product. */
function access({ product, scope }: Subject, roles: readonly string[]): string {
  const where = product === undefined ? scope.replace(/\/\.default$/, '') : `product ${clean(product.id)}`;
  if (roles.length === 0) {
    return `the token has no role, so ${where} refuses it: grant the product to the application and apply\n`;
  }
  const demanded = product?.appRoleValue;
  const lines = roles.map((role) =>
    demanded === undefined || demanded === role
      ? `${clean(role)} gives access to ${where}`
      : `${clean(role)} is another role`,
  );
  if (demanded !== undefined && !roles.includes(demanded)) {
    lines.push(`${clean(demanded)} is missing, so ${where} refuses the token`);
  }
  return `${lines.join('\n')}\n`;
}

const TIMES = ['exp', 'iat', 'nbf'];

function told(name: string, claim: unknown): string {
  if (TIMES.includes(name) && typeof claim === 'number') {
    return `${claim} (${new Date(claim * 1000).toISOString()})`;
  }
  return clean(typeof claim === 'string' ? claim : JSON.stringify(claim));
}

function remaining(expiresOn: string): string {
  const minutes = Math.round((Date.parse(expiresOn) - Date.now()) / 60_000);
  return minutes < 120 ? `in ${minutes} minutes` : `in ${Math.round(minutes / 60)} hours`;
}

function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(0, ...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}\n`).join('');
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}
