import { declaredAccess } from '../declared/access';
import type { DeclaredAccess } from '../declared/model';
import { pictureOf } from '../declared/picture';
import { readStacks } from '../declared/stacks';
import { write } from '../output';
import { PICTURE_FORMATS } from '../picture/registry';
import { UserError } from '../user-error';
import { several, type Command, type Surroundings } from './command';
import { readFormats } from './formats';

interface Given {
  readonly format?: readonly string[];
  readonly json?: true;
}

interface GraphFormat {
  readonly name: string;
  readonly summary: string;
  readonly render: (access: DeclaredAccess) => string;
}

const FORMATS: readonly GraphFormat[] = [
  ...PICTURE_FORMATS.map(({ name, summary, render }) => ({
    name,
    summary,
    render: (access: DeclaredAccess) => render(pictureOf(access)),
  })),
  {
    name: 'json',
    summary: 'what is in the picture, as data',
    render: (access) => `${JSON.stringify(access, undefined, 2)}\n`,
  },
];

const NOTES = `
exit status:
  0  drawn
  1  not drawn: the folder cannot be read, or an option is wrong`;

/** Draws the access that a program declares. */
export const graphCommand: Command = {
  configure: (parser) => {
    parser
      .description(
        'Draws the access that a synthesized program declares: owners, client applications with their credentials, ' +
          'products, APIs, and owners of registrations. FOLDER is the output of cdktf synth (default: cdktf.out). ' +
          'Nothing of Azure is read.',
      )
      .usage('[options] [FOLDER]')
      .argument('[folder]')
      .option(
        '--format <FORMAT[=FILE]>',
        `write the picture as FORMAT, to FILE or to standard output; can be given several times (default: svg)\n${FORMATS.map(({ name, summary }) => `${name.padEnd(10)}${summary}`).join('\n')}`,
        several,
      )
      .option('--json', 'the same as --format json')
      .addHelpText('after', NOTES);
    return (surroundings) => graph(parser.args[0] ?? 'cdktf.out', parser.opts<Given>(), surroundings);
  },
};

// eslint-disable-next-line @typescript-eslint/require-await -- commands are asynchronous; this one waits for nothing
async function graph(folder: string, given: Given, { stdout, stderr }: Surroundings): Promise<number> {
  const problems: string[] = [];
  const wanted = readFormats(
    [...(given.format ?? []), ...(given.json === true ? ['json'] : [])],
    FORMATS,
    'svg',
    problems,
  );
  if (problems.length > 0) {
    throw new UserError(problems);
  }
  const access = declaredAccess(readStacks(folder));
  if (access.applications.length === 0 && access.products.length === 0) {
    stderr(`apim-oauth: ${folder} declares neither an application nor a product, so the picture is empty\n`);
  }
  write(
    wanted.map(({ format, file }) => ({ text: format.render(access), ...(file === undefined ? {} : { file }) })),
    stdout,
  );
  return 0;
}
