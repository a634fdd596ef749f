import type { Command as Parser } from 'commander';
import { ASSUMPTIONS, type Assumption } from '../assumptions/assumptions';
import { anonymous, couldNotTell, type Finding, type Sandbox } from '../assumptions/probe';
import { microsoftGraph, resourceManager } from '../azure/client';
import { cloudOf } from '../azure/clouds';
import { AzureFailure } from '../azure/failure';
import { Http } from '../azure/http';
import { AzureLogin } from '../azure/login';
import { CredentialUnavailable } from '../entra/credential';
import { readManifests } from '../manifest/read';
import { progress } from '../progress';
import { UserError } from '../user-error';
import { addCloudOption, addManifestOption, type AccessOptions } from './access-options';
import { several, type Command, type Run, type Surroundings } from './command';

interface Given extends AccessOptions {
  readonly instanceId?: string;
  readonly only?: readonly string[];
  readonly allowChanges?: true;
  readonly subscriptionKeyEnv?: string;
  readonly json?: true;
}

const NOTES = `
exit status:
  0  printed; with probe: no assumption that does not hold
  2  probe: at least one assumption does not hold
  1  it could not run`;

/** What this project takes for true of Azure, and whether it is. */
export const assumptionsCommand: Command = {
  configure: (parser) => {
    parser
      .description(
        'Prints what this project assumes about Azure without having seen it on the live service (list), or ' +
          'tries each assumption on your sandbox (probe). The evidence of probe contains no identifier: file it as an issue.',
      )
      .usage('list|probe [options]')
      .argument('[action]', 'list or probe')
      .option('--instance-id <ID>', 'probe: resource id of the API Management instance of the sandbox')
      .option('--only <ID>', 'probe: only this assumption; can be given several times', several)
      .option('--allow-changes', 'probe: also those that change something, after naming what they change')
      .option('--subscription-key-env <VAR>', 'probe: a subscription key is in this environment variable')
      .option('--json', 'print JSON (schema/assumptions-1.schema.json)')
      .addHelpText('after', NOTES);
    addManifestOption(parser);
    addCloudOption(parser);
    return chosen(parser);
  },
};

function chosen(parser: Parser): Run {
  return async (surroundings) => {
    const given = parser.opts<Given>();
    const [action] = parser.args;
    if (action === 'probe') {
      return probe(given, surroundings);
    }
    if (action !== 'list') {
      throw new UserError([
        `${action === undefined ? 'no action is given' : 'there is no such action'}; give list or probe`,
      ]);
    }
    surroundings.stdout(given.json === true ? listedAsJson() : listedAsText());
    return 0;
  };
}

function listedAsJson(): string {
  const assumptions = ASSUMPTIONS.map(({ probe: _, ...rest }) => rest);
  return `${JSON.stringify({ version: 1, assumptions }, undefined, 2)}\n`;
}

function listedAsText(): string {
  return ASSUMPTIONS.map(
    ({ id, sentence, reliedOnBy, probedBy, changes, ifFalse }) =>
      `${id}\n  ${sentence}\n  relied on by  ${reliedOnBy.join(', ')}\n  probe         ${probedBy}\n${changes === undefined ? '' : `  changes       ${changes}\n`}  if it is false  ${ifFalse}\n`,
  ).join('\n');
}

const INSTANCE =
  /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.ApiManagement\/service\/[^/]+$/i;

async function probe(given: Given, surroundings: Surroundings): Promise<number> {
  const cloud = cloudOf(given.cloud);
  const unknown = (given.only ?? []).filter((id) => !ASSUMPTIONS.some((known) => known.id === id));
  const key = given.subscriptionKeyEnv === undefined ? undefined : surroundings.environment[given.subscriptionKeyEnv];
  const problems = [
    ...(given.manifest === undefined ? ['--manifest is missing; give the output of terraform output -json'] : []),
    ...(given.instanceId === undefined || !INSTANCE.test(given.instanceId)
      ? ['--instance-id: this is not the resource id of an API Management instance; give /subscriptions/…/service/NAME']
      : []),
    ...unknown.map((id) => `--only ${id}: there is no such assumption; see apim-oauth assumptions list`),
    ...(given.subscriptionKeyEnv !== undefined && (key ?? '') === ''
      ? ['--subscription-key-env: the variable is not set; give the name of a variable that contains a key']
      : []),
  ];
  if (problems.length > 0) {
    throw new UserError(problems);
  }
  const applications = await readManifests(given.manifest ?? [], surroundings);
  const http = new Http(surroundings);
  const shown = progress(surroundings);
  try {
    const login = new AzureLogin(http, cloud);
    const sandbox: Sandbox = {
      instanceId: given.instanceId ?? '',
      arm: resourceManager(http, login),
      graph: microsoftGraph(http, login),
      context: { http, login, environment: surroundings.environment },
      applications,
      ...(key === undefined ? {} : { subscriptionKey: key }),
    };
    const findings = new Map<Assumption, Finding>();
    for (const assumption of ASSUMPTIONS.filter(({ id }) => given.only?.includes(id) ?? true)) {
      shown.tell(`probing ${assumption.id}`);
      if (assumption.changes !== undefined && given.allowChanges === true) {
        surroundings.stderr(`apim-oauth: ${assumption.id} ${assumption.changes}\n`);
      }
      findings.set(assumption, await tried(assumption, sandbox, given.allowChanges === true));
    }
    shown.stop();
    surroundings.stdout(given.json === true ? asJson(findings, sandbox) : asText(findings, sandbox));
    return [...findings.values()].some(({ answer }) => answer === 'does not hold') ? 2 : 0;
  } finally {
    shown.stop();
    await http.close();
  }
}

async function tried({ changes, probe: run }: Assumption, sandbox: Sandbox, mayChange: boolean): Promise<Finding> {
  if (changes !== undefined && !mayChange) {
    return couldNotTell(`not tried: it ${changes}; give --allow-changes`);
  }
  try {
    return await run(sandbox);
  } catch (error) {
    // what one probe may not read another may; an error that stops all of them is reported unchanged
    if (error instanceof CredentialUnavailable) {
      return couldNotTell(error.sentence);
    }
    if (error instanceof AzureFailure && ['forbidden', 'missing', 'status'].includes(error.kind)) {
      return couldNotTell(error.sentence);
    }
    throw error;
  }
}

/** Names that evidence must not contain. */
function namesOf({ instanceId, applications }: Sandbox): readonly string[] {
  const instance = instanceId.split('/').at(-1) ?? '';
  return [instance, ...applications.flatMap(({ name, products }) => [name, ...products.map(({ id }) => id)])];
}

function asText(findings: ReadonlyMap<Assumption, Finding>, sandbox: Sandbox): string {
  const names = namesOf(sandbox);
  return [...findings]
    .map(
      ([{ id, sentence }, { answer, evidence }]) =>
        `${answer.padEnd(15)}${id}: ${sentence}\n${' '.repeat(15)}${anonymous(evidence, names)}\n`,
    )
    .join('');
}

function asJson(findings: ReadonlyMap<Assumption, Finding>, sandbox: Sandbox): string {
  const names = namesOf(sandbox);
  const found = [...findings].map(([{ id, sentence }, { answer, evidence }]) => ({
    id,
    sentence,
    answer,
    evidence: anonymous(evidence, names),
  }));
  return `${JSON.stringify({ version: 1, findings: found }, undefined, 2)}\n`;
}
