import { cloudOf } from '../azure/clouds';
import { Http } from '../azure/http';
import { AzureLogin } from '../azure/login';
import { isGiven, problemsOfGiven } from '../entra/credential';
import { clockClause } from '../entra/token';
import type { ManifestApplication } from '../manifest/manifest';
import { readManifests } from '../manifest/read';
import { write } from '../output';
import { placedFormats, rendered, throwIfAny, type NamedFormat, type PlacedFormat } from '../output-formats';
import { progress } from '../progress';
import { UserError } from '../user-error';
import { checksOf } from '../verify/checks';
import { json } from '../verify/formats/json';
import { junit } from '../verify/formats/junit';
import { text } from '../verify/formats/text';
import { sentenceOf, type Check, type Result, type Verification } from '../verify/model';
import { Verifier } from '../verify/verifier';
import {
  addCloudOption,
  addCredentialOptions,
  addManifestOption,
  wholeNumber,
  type AccessOptions,
} from './access-options';
import { several, type Command, type Surroundings } from './command';

interface Given extends AccessOptions {
  readonly application?: readonly string[];
  readonly product?: readonly string[];
  readonly concurrency?: string;
  readonly timeout?: string;
  readonly wait?: string;
  readonly format?: readonly string[];
  readonly json?: true;
  readonly subscriptionKeyEnv?: string;
}

interface Options {
  readonly formats: readonly PlacedFormat<Verification>[];
  readonly concurrency: number;
  readonly timeoutMs: number;
  readonly waitMs: number;
  readonly subscriptionKey?: string;
}

const FORMATS: readonly NamedFormat<Verification>[] = [
  { name: 'text', render: text },
  { name: 'json', render: json },
  { name: 'junit', render: junit },
];

const NOTES = `
checks:
  granted           a call with the role is accepted: the answer is not 401 or 403
  no-token          a call without a token is refused
  garbled-token     a call with a text that is not a token is refused
  forged-token      the real claims, signed with another key or unsigned, are refused
  other-product     a token of the same application for another of its products is refused
  not-granted       Entra or the gateway refuses a product that the application was not granted
  subscription-key  a subscription key is refused, if one is given and the product refuses keys

exit status:
  0  no check failed
  2  at least one failed
  1  it could not run: the manifest, the login or the network is wrong, or no application
     could be tried`;

/** Tries every application on every product, right and wrong. */
export const verifyCommand: Command = {
  configure: (parser) => {
    parser
      .description(
        'Tries every application of a manifest on every product: calls that were granted must succeed, and all ' +
          'others must be refused. It changes nothing: it requests tokens and calls the tryPath of each product.',
      )
      .usage('--manifest FILE [options]');
    addManifestOption(parser);
    parser
      .option('--application <NAME>', 'only this application; can be given several times', several)
      .option('--product <ID>', 'only this product; can be given several times', several);
    addCredentialOptions(parser);
    addCloudOption(parser);
    parser
      .option(
        '--subscription-key-env <VAR>',
        'a subscription key is in this environment variable: products must refuse it',
      )
      .option('--concurrency <N>', 'requests at a time (default: 8)')
      .option('--timeout <SECONDS>', 'for one request (default: 10)')
      .option('--wait <SECONDS>', 'how long to retry failing checks, since Entra and gateways need time (default: 0)')
      .option(
        '--format <FORMAT[=FILE]>',
        'text (default), json or junit, to FILE or to standard output; can be given several times',
        several,
      )
      .option('--json', 'the same as --format json')
      .addHelpText('after', NOTES);
    return (surroundings) => verify(parser.opts<Given>(), surroundings);
  },
};

async function verify(given: Given, surroundings: Surroundings): Promise<number> {
  const cloud = cloudOf(given.cloud);
  const options = readOptions(given, surroundings);
  const applications = await readManifests(given.manifest ?? [], surroundings);
  const checks = checksOf(applications, {
    ...(given.application === undefined ? {} : { applications: given.application }),
    ...(given.product === undefined ? {} : { products: given.product }),
    hasSubscriptionKey: options.subscriptionKey !== undefined,
  });
  demandOneCredential(given, checks);
  const http = new Http(surroundings, { timeoutMs: options.timeoutMs });
  const shown = progress(surroundings);
  try {
    const context = { http, login: new AzureLogin(http, cloud), environment: surroundings.environment };
    const results = await new Verifier(context, {
      credential: given,
      concurrency: options.concurrency,
      timeoutMs: options.timeoutMs,
      waitMs: options.waitMs,
      ...(options.subscriptionKey === undefined ? {} : { subscriptionKey: options.subscriptionKey }),
      told: (done, all) => shown.tell(`${done} of ${all} checks`),
    }).verify(checks);
    shown.stop();
    const verification = counted(results, http.requests);
    write(rendered(options.formats, verification), surroundings.stdout);
    tellClocks(http, applications, surroundings);
    return statusOf(verification);
  } finally {
    shown.stop();
    await http.close();
  }
}

function readOptions(given: Given, { environment }: Surroundings): Options {
  const problems: string[] = [...problemsOfGiven(given)];
  if (given.manifest === undefined) {
    problems.push('--manifest is missing; give the output of terraform output -json, or - for standard input');
  }
  const asked = [...(given.format ?? []), ...(given.json === true ? ['json'] : [])];
  const formats = placedFormats(asked.length === 0 ? ['text'] : asked, FORMATS, problems);
  const seconds = (flag: string, value: string | undefined, fallback: number, least: number): number =>
    wholeNumber(flag, value, { fallback, least, most: 86_400 }, problems) * 1000;
  const concurrency = wholeNumber('--concurrency', given.concurrency, { fallback: 8, least: 1, most: 64 }, problems);
  const timeoutMs = seconds('--timeout', given.timeout, 10, 1);
  const waitMs = seconds('--wait', given.wait, 0, 0);
  const key = given.subscriptionKeyEnv === undefined ? undefined : (environment[given.subscriptionKeyEnv] ?? '');
  if (key === '') {
    problems.push('--subscription-key-env: the variable is not set; give the name of a variable that contains a key');
  }
  throwIfAny(problems);
  return { formats, concurrency, timeoutMs, waitMs, ...(key === undefined ? {} : { subscriptionKey: key }) };
}

/** A secret or a certificate is that of one application. */
function demandOneCredential(given: Given, checks: readonly Check[]): void {
  const names = new Set(checks.map(({ application }) => application.clientId));
  if (isGiven(given) && given.githubActions !== true && given.assertionFile === undefined && names.size > 1) {
    throw new UserError([
      `the credential belongs to one application, but the manifest has ${names.size}; give --application`,
    ]);
  }
}

function counted(results: readonly Result[], requests: number): Verification {
  const count = (ok: boolean | null): number => results.filter((result) => result.ok === ok).length;
  return { passed: count(true), failed: count(false), skipped: count(null), results, requests };
}

/** Where no application could be tried at all, nothing is known: that is no success. */
function statusOf({ failed, results }: Verification): number {
  if (failed > 0) {
    return 2;
  }
  const granted = results.filter(({ check }) => check === 'granted');
  if (granted.length > 0 && granted.some(({ ok }) => ok !== null)) {
    return 0;
  }
  const [reason] = granted.flatMap((result) => sentenceOf(result) ?? []);
  throw new UserError([`no application could be tried: ${reason ?? 'no application has a product'}`]);
}

function tellClocks(http: Http, applications: readonly ManifestApplication[], { stderr }: Surroundings): void {
  const hosts = new Set(
    applications.flatMap(({ tokenEndpoint, products }) => [
      tokenEndpoint,
      ...products.map(({ gatewayUrl }) => gatewayUrl),
    ]),
  );
  for (const host of [...hosts].map((url) => new URL(url).host)) {
    const clock = clockClause(http.clockAheadOf(host), host);
    if (clock !== undefined) {
      stderr(`apim-oauth: ${clock}; set it, since gateways and Entra refuse tokens from another time\n`);
      return;
    }
  }
}
