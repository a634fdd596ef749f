import { adoptableOf } from '../adopt/adoptable';
import { refuseFilledFolder, writeFolder } from '../adopt/files';
import { CDKTF, FRAMEWORK_NAMES, frameworkNamed } from '../adopt/framework';
import { managedInstance } from '../adopt/managed-instance';
import { projectOf } from '../adopt/project';
import { productPolicyOf, type FoundPolicy } from '../adopt/product-policy';
import type { StackPer } from '../adopt/stacks';
import type { AzureClient } from '../azure/client';
import { object, text } from '../landscape/json';
import type { Unread } from '../landscape/model';
import { mapped } from '../landscape/pool';
import { POLICIES_OF_PRODUCTS, Reader, READER, STABLE } from '../landscape/reader';
import type { Relations } from '../landscape/relations';
import { clean, counted } from '../message';
import type { Command, Surroundings } from './command';
import {
  addInstanceOptions,
  instanceIdOf,
  readInstance,
  throwProblems,
  type InstanceOptions,
} from './instance-options';

interface Given extends InstanceOptions {
  readonly out?: string;
  readonly stack?: string;
  readonly stackPer?: string;
  readonly framework?: string;
  readonly manageInstance?: true;
  readonly json?: true;
}

const SPLITS: readonly StackPer[] = ['owner', 'product'];

const NOTES = `
permissions: those of apim-oauth inventory; it writes only the folder

exit status:
  0  written; standard error and not-adopted.md list what is not adopted
  1  not written: the instance cannot be read, or the folder is not empty`;

/** Writes a program for what exists. */
export const adoptCommand: Command = {
  configure: (parser) => {
    addInstanceOptions(
      parser.description(
        "Writes a program with this library's constructs and imports for a live instance. Its first plan imports the objects, " +
          'and adds, changes and destroys nothing. What cannot be adopted is listed with the reason.',
      ),
    )
      .usage('--instance-id ID --out FOLDER [options]')
      .option('--out <FOLDER>', 'folder to write; it must be empty or not exist')
      .option('--stack <NAME>', 'name of the stack, and prefix of the names of several (default: name of the instance)')
      .option('--stack-per <WHAT>', `a stack for each ${SPLITS.join(' or ')} (default: one stack)`)
      .option(
        '--framework <NAME>',
        `framework of the program, ${FRAMEWORK_NAMES.join(' or ')} (default: ${CDKTF.name})`,
      )
      .option(
        '--manage-instance',
        'adopt the instance, its identity and its directory role as well (default: the program reads the instance)',
      )
      .option('--json', 'print the adopted objects and the others as JSON')
      .addHelpText('after', NOTES);
    return (surroundings) => adopt(parser.opts<Given>(), surroundings);
  },
};

async function adopt(given: Given, surroundings: Surroundings): Promise<number> {
  const problems: string[] = [];
  const instanceId = instanceIdOf(given, problems);
  const { out = '', stack, stackPer } = given;
  if (out === '') {
    problems.push('--out is missing; give a folder that does not exist or is empty');
  }
  if (stack !== undefined && !/^[A-Za-z][A-Za-z0-9_-]{0,99}$/.test(stack)) {
    problems.push('--stack is not a name of a stack; give letters, digits, dashes and underscores, a letter first');
  }
  const per = SPLITS.find((known) => known === stackPer);
  if (stackPer !== undefined && per === undefined) {
    problems.push(`--stack-per ${stackPer} is not a way to split; give ${SPLITS.join(' or ')}`);
  }
  const framework = frameworkNamed(given.framework, problems);
  if (given.manageInstance === true && stackPer !== undefined) {
    problems.push('--manage-instance needs one stack, which then has the instance; leave out --stack-per');
  }
  throwProblems(problems);
  refuseFilledFolder(out);
  let policies: Awaited<ReturnType<typeof policiesOfProducts>> = { found: new Map(), unread: [] };
  const relations = await readInstance(instanceId, given, surroundings, async (found, manager) => {
    policies = await policiesOfProducts(found, manager);
  });
  const { landscape } = relations;
  const managed = given.manageInstance === true ? managedInstance(landscape.instance) : undefined;
  const adoptable = adoptableOf(relations, policies, managed);
  writeFolder(
    out,
    projectOf(landscape, adoptable, {
      framework,
      stack: stack ?? landscape.instance.name,
      ...(per === undefined ? {} : { per }),
      ...(managed === undefined || typeof managed === 'string' ? {} : { managed }),
    }),
  );
  for (const { what, reason } of adoptable.notAdopted) {
    surroundings.stderr(`apim-oauth: not adopted: ${clean(what)}: ${clean(reason)}\n`);
  }
  const { products, clients, notAdopted } = adoptable;
  const declared = products.filter(({ known }) => known === undefined);
  const grants = clients.reduce((sum, client) => sum + client.grants.length, 0);
  surroundings.stdout(
    given.json === true
      ? `${JSON.stringify(
          {
            version: 1,
            folder: out,
            products: declared.map(({ product }) => product.id),
            clients: clients.map(({ applicationName }) => applicationName),
            grants,
            notAdopted: notAdopted.map(({ what, reason }) => ({ what, reason })),
          },
          undefined,
          2,
        )}\n`
      : `${out}: ${counted(declared.length, 'product')}, ${counted(clients.length, 'client')}, ${counted(grants, 'grant')}; not adopted: ${notAdopted.length}\n`,
  );
  return 0;
}

/** Policies of the products that the program declares, by the products' ids. */
async function policiesOfProducts(
  { landscape: { instance, products } }: Relations,
  manager: AzureClient,
): Promise<{ readonly found: ReadonlyMap<string, FoundPolicy>; readonly unread: readonly Unread[] }> {
  const reader = new Reader(manager);
  const tokens = products.filter(({ authenticationType }) => authenticationType.includes('application-token'));
  const found = await mapped(tokens, async ({ id }): Promise<readonly (readonly [string, FoundPolicy])[]> => {
    const answer = await reader.one(
      `${instance.id}/products/${encodeURIComponent(id)}/policies/policy?api-version=${STABLE}`,
      POLICIES_OF_PRODUCTS,
      READER,
    );
    const value = text(object(answer, 'properties'), 'value');
    return value === undefined ? [] : [[id, productPolicyOf(value)]];
  });
  return { found: new Map(found.flat()), unread: reader.unread };
}
