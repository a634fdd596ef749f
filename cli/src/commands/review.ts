import { readContract } from '../contract/read';
import { FORMATS } from '../formats/registry';
import type { Format } from '../formats/format';
import { isDate, readAllowFile } from '../input/allow-file';
import { readPlans } from '../input/plan-file';
import { locator } from '../input/sources';
import { planArguments } from '../input/stack-names';
import type { FindingKind, Review } from '../model';
import { write, type Output } from '../output';
import { KINDS } from '../publish/published-review';
import { review } from '../review';
import { judgedFindings } from '../sections';
import { UserError } from '../user-error';
import { several, type Command, type Surroundings } from './command';
import { readFormats } from './formats';

const EXIT_STATUS = `
exit status:
  0  reviewed, without a finding of a kind that --fail-on names
  2  reviewed, with at least one such finding
  1  not reviewed: a plan cannot be read or trusted, or an option is wrong`;

/** The options as they were given. */
interface Given {
  readonly format?: readonly string[];
  readonly json?: true;
  readonly failOn?: readonly string[];
  readonly allow?: readonly string[];
  readonly source?: readonly string[];
  readonly contract?: string;
  readonly expiringWithin?: string;
  readonly asOf?: string;
}

interface Options {
  readonly plans: readonly string[];
  readonly formats: readonly { readonly format: Format; readonly file?: string }[];
  readonly failOn: readonly FindingKind[];
  readonly allow: readonly string[];
  readonly sources: readonly string[];
  readonly contract?: string;
  readonly expiringWithinDays: number;
  readonly asOf: string;
}

/** Reviews plans in terms of access. */
export const reviewCommand: Command = {
  configure: (parser) => {
    parser
      .description(
        'Says what plans of Terraform do to access: who gains or loses which product, which privileges are granted, ' +
          'what becomes exposed, which credentials change, what stops working. PLAN.json is the output of terraform ' +
          'show -json; - reads standard input. A plan has the name NAME, or else that of its file, or of its folder if the file ' +
          'is called plan.json.',
      )
      .usage('[options] [NAME=]PLAN.json...')
      .argument('[plans...]')
      .option(
        '--format <FORMAT[=FILE]>',
        `write the review as FORMAT, to FILE or to standard output; can be given several times (default: markdown)\n${FORMATS.map(({ name, summary }) => `${name.padEnd(10)}${summary}`).join('\n')}`,
        several,
      )
      .option('--json', 'the same as --format json')
      .option(
        '--fail-on <KIND,...>',
        `exit with 2 if there is a finding of one of the kinds ${KINDS.join(', ')}`,
        several,
      )
      .option('--allow <FILE>', 'acknowledged findings, which --fail-on ignores', several)
      .option(
        '--source <FOLDER>',
        'output of cdktf synth, such as cdktf.out: findings then point to the line of the construct; can be given several times',
        several,
      )
      .option('--contract <FILE>', 'rules that access must always follow, in YAML or JSON; each violation is a finding')
      .option('--expiring-within <DAYS>', 'report credentials that expire within this number of days (default: 30)')
      .option('--as-of <DATE>', 'judge expiry as of YYYY-MM-DD (default: today, in UTC)')
      .addHelpText('after', EXIT_STATUS);
    return (surroundings) => reviewPlans(readOptions(parser.args, parser.opts<Given>()), surroundings);
  },
};

// eslint-disable-next-line @typescript-eslint/require-await -- commands are asynchronous; this one waits for nothing yet
async function reviewPlans(options: Options, surroundings: Surroundings): Promise<number> {
  const plans = readPlans(planArguments(options.plans));
  const found = review(plans, {
    locate: locator(plans, options.sources),
    allowed: options.allow.flatMap((file) => readAllowFile(file, options.asOf)),
    ...(options.contract === undefined ? {} : { contract: readContract(options.contract) }),
    asOf: options.asOf,
    expiringWithinDays: options.expiringWithinDays,
  });
  write(outputsOf(found, options, surroundings), surroundings.stdout);
  return fails(found, options.failOn) ? 2 : 0;
}

function outputsOf(found: Review, { formats }: Options, { environment }: Surroundings): readonly Output[] {
  return formats.flatMap(({ format, file }): Output[] => {
    const appendTo = format.append === undefined ? undefined : environment[format.append.variable];
    return [
      { text: format.render(found), ...(file === undefined ? {} : { file }) },
      ...(format.append === undefined || appendTo === undefined || appendTo === ''
        ? []
        : [{ file: appendTo, text: format.append.render(found), append: true as const }]),
    ];
  });
}

function fails(found: Review, kinds: readonly FindingKind[]): boolean {
  return judgedFindings(found).some(
    (finding) => finding.acknowledgement === undefined && finding.kinds.some((kind) => kinds.includes(kind)),
  );
}

/** The options; everything that is wrong is reported at once. */
function readOptions(plans: readonly string[], given: Given): Options {
  const problems: string[] = [];
  if (plans.length === 0) {
    problems.push('no plan is given; give the output of terraform show -json, and see apim-oauth review --help');
  }
  const options: Options = {
    plans,
    formats: readFormats(
      [...(given.format ?? []), ...(given.json === true ? ['json'] : [])],
      FORMATS,
      'markdown',
      problems,
    ),
    failOn: readKinds(given.failOn ?? [], problems),
    allow: given.allow ?? [],
    sources: given.source ?? [],
    ...(given.contract === undefined ? {} : { contract: given.contract }),
    expiringWithinDays: readDays(given.expiringWithin, problems),
    asOf: given.asOf ?? new Date().toISOString().slice(0, 10),
  };
  if (options.failOn.includes('contract') && options.contract === undefined) {
    problems.push('--fail-on contract needs a contract; give --contract FILE');
  }
  if (!isDate(options.asOf)) {
    problems.push('--as-of is not a date; write it as YYYY-MM-DD');
  }
  if (problems.length > 0) {
    throw new UserError(problems);
  }
  return options;
}

function readKinds(given: readonly string[], problems: string[]): readonly FindingKind[] {
  const wanted = given.flatMap((list) => list.split(',')).map((kind) => kind.trim());
  return wanted.flatMap((wantedKind) => {
    const kind = KINDS.find((known) => known === wantedKind);
    if (kind === undefined) {
      problems.push(`--fail-on ${wantedKind} is not a kind of finding; give some of ${KINDS.join(', ')}`);
    }
    return kind === undefined ? [] : [kind];
  });
}

function readDays(given: string | undefined, problems: string[]): number {
  if (given === undefined) {
    return 30;
  }
  if (!/^\d{1,5}$/.test(given)) {
    problems.push('--expiring-within is not a number of days; give a whole number from 0');
  }
  return Number(given);
}
