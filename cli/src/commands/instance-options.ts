import type { Command as Parser } from 'commander';
import { microsoftGraph, resourceManager, type AzureClient } from '../azure/client';
import { CLOUD_NAMES, cloudOf } from '../azure/clouds';
import { Http } from '../azure/http';
import { AzureLogin } from '../azure/login';
import { readLandscape } from '../landscape/read';
import { Relations } from '../landscape/relations';
import { progress } from '../progress';
import { UserError } from '../user-error';
import type { Surroundings } from './command';

/** Options that say which live instance is meant. */
export interface InstanceOptions {
  readonly instanceId?: string;
  readonly subscription?: string;
  readonly resourceGroup?: string;
  readonly name?: string;
  readonly cloud?: string;
}

export function addInstanceOptions(parser: Parser): Parser {
  return parser
    .option('--instance-id <ID>', 'resource id of the instance')
    .option('--subscription <ID>', 'the subscription; together with the next two options instead of --instance-id')
    .option('--resource-group <NAME>', 'the resource group of the instance')
    .option('--name <NAME>', 'the name of the instance')
    .option('--cloud <NAME>', `${CLOUD_NAMES.join(', ')} (default: public)`);
}

/** The instance's resource id; mistakes are added to the problems. */
export function instanceIdOf(given: InstanceOptions, problems: string[]): string {
  const { instanceId, subscription, resourceGroup, name } = given;
  const parts = { '--subscription': subscription, '--resource-group': resourceGroup, '--name': name };
  const missing = Object.entries(parts).flatMap(([flag, value]) => (value === undefined ? [flag] : []));
  if (instanceId !== undefined) {
    if (missing.length < 3) {
      problems.push('--instance-id already says this; leave out --subscription, --resource-group and --name');
    }
    if (!INSTANCE_ID.test(instanceId)) {
      problems.push(
        '--instance-id is not the resource id of an instance; write it as /subscriptions/…/resourceGroups/…/providers/Microsoft.ApiManagement/service/NAME',
      );
    }
    return instanceId.replace(/\/$/, '');
  }
  if (missing.length > 0) {
    problems.push(
      missing.length === 3
        ? 'no instance is given; give --instance-id, or --subscription, --resource-group and --name'
        : `${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} missing; the instance needs all of --subscription, --resource-group and --name`,
    );
    return '';
  }
  if (!/^[0-9a-f-]{36}$/i.test(subscription ?? '')) {
    problems.push('--subscription is not the id of a subscription; give the GUID that az account show prints');
  }
  for (const [flag, value] of [
    ['--resource-group', resourceGroup],
    ['--name', name],
  ] as const) {
    if (/[/?#%\s]/.test(value ?? '') || value === '') {
      problems.push(`${flag} is not a name; give the name alone`);
    }
  }
  return `/subscriptions/${subscription ?? ''}/resourceGroups/${resourceGroup ?? ''}/providers/Microsoft.ApiManagement/service/${name ?? ''}`;
}

const INSTANCE_ID =
  /^\/subscriptions\/[0-9a-f-]{36}\/resourceGroups\/[^/?#\s]+\/providers\/Microsoft\.ApiManagement\/service\/[^/?#\s]+\/?$/i;

/** Reads the landscape with the user's own login; says how many requests it took. */
export async function readInstance(
  instanceId: string,
  { cloud }: InstanceOptions,
  surroundings: Surroundings,
  more: (relations: Relations, resourceManager: AzureClient) => Promise<void> = () => Promise.resolve(),
): Promise<Relations> {
  const chosen = cloudOf(cloud);
  const http = new Http(surroundings);
  const login = new AzureLogin(http, chosen);
  const { tell, stop } = progress(surroundings);
  try {
    const manager = resourceManager(http, login);
    const relations = new Relations(await readLandscape(manager, microsoftGraph(http, login), instanceId, tell));
    await more(relations, manager);
    return relations;
  } finally {
    stop();
    await http.close();
    surroundings.stderr(`apim-oauth: ${http.requests} ${http.requests === 1 ? 'request' : 'requests'}\n`);
  }
}

export function throwProblems(problems: readonly string[]): void {
  if (problems.length > 0) {
    throw new UserError(problems);
  }
}
