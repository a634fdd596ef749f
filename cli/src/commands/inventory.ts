import { hasExpiring, inventoryOf, type Inventory } from '../landscape/inventory';
import { pictureOf } from '../landscape/picture';
import { markdown, table } from '../landscape/tables';
import { write } from '../output';
import { mermaid } from '../picture/mermaid';
import { svgFile } from '../picture/svg';
import { several, type Command, type Surroundings } from './command';
import { readFormats } from './formats';
import {
  addInstanceOptions,
  instanceIdOf,
  readInstance,
  throwProblems,
  type InstanceOptions,
} from './instance-options';

interface Given extends InstanceOptions {
  readonly format?: readonly string[];
  readonly json?: true;
  readonly expiring?: string;
}

const FORMATS: readonly {
  readonly name: string;
  readonly summary: string;
  readonly render: (inventory: Inventory) => string;
}[] = [
  { name: 'table', summary: 'tables for a terminal', render: table },
  {
    name: 'json',
    summary: 'one document, with a published schema',
    render: (all) => `${JSON.stringify(all, undefined, 2)}\n`,
  },
  { name: 'markdown', summary: 'tables for Markdown', render: markdown },
  {
    name: 'mermaid',
    summary: 'a flowchart for Markdown that renders Mermaid',
    render: (all) => mermaid(pictureOf(all)),
  },
  { name: 'svg', summary: 'a picture in one file', render: (all) => svgFile(pictureOf(all)) },
];

const NOTES = `
permissions (a part that the login may not read is left out and named):
  API Management Service Reader or Reader on the instance
  Graph: Application.Read.All and RoleManagement.Read.Directory,
  or the directory role Directory Readers

exit status:
  0  read
  2  read, and a credential has expired or expires within the days of --expiring
  1  not read`;

const DEFAULT_DAYS = 30;

/** Lists what a live instance has. */
export const inventoryCommand: Command = {
  configure: (parser) => {
    addInstanceOptions(
      parser.description(
        'Lists what a live instance has: identity, products, client applications with their credentials in Entra, and ' +
          'what is orphaned, contradictory or dangerous. It changes nothing.',
      ),
    )
      .usage('--instance-id ID [options]')
      .option(
        '--format <FORMAT[=FILE]>',
        `write as FORMAT, to FILE or to standard output; can be given several times (default: table)\n${FORMATS.map(({ name, summary }) => `${name.padEnd(10)}${summary}`).join('\n')}`,
        several,
      )
      .option('--json', 'the same as --format json')
      .option(
        '--expiring <DAYS>',
        `exit with 2 if a credential has expired or expires within this number of days, which is also the limit for problems (default of the limit: ${DEFAULT_DAYS})`,
      )
      .addHelpText('after', NOTES);
    return (surroundings) => inventory(parser.opts<Given>(), surroundings);
  },
};

async function inventory(given: Given, surroundings: Surroundings): Promise<number> {
  const problems: string[] = [];
  const instanceId = instanceIdOf(given, problems);
  const wanted = readFormats(
    [...(given.format ?? []), ...(given.json === true ? ['json'] : [])],
    FORMATS,
    'table',
    problems,
  );
  if (given.expiring !== undefined && !/^\d{1,5}$/.test(given.expiring)) {
    problems.push('--expiring is not a number of days; give a whole number from 0');
  }
  throwProblems(problems);
  const judgement = { now: new Date(), expiringDays: Number(given.expiring ?? DEFAULT_DAYS) };
  const relations = await readInstance(instanceId, given, surroundings);
  const found = inventoryOf(relations, judgement);
  for (const { part, needs } of found.unread) {
    surroundings.stderr(`apim-oauth: ${part}: not read; it needs ${needs}\n`);
  }
  write(
    wanted.map(({ format, file }) => ({ text: format.render(found), ...(file === undefined ? {} : { file }) })),
    surroundings.stdout,
  );
  return given.expiring !== undefined && hasExpiring(found, judgement) ? 2 : 0;
}
