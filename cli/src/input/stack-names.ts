import { existsSync } from 'node:fs';
import { UserError } from '../user-error';

/** A plan as it was given on the command line. */
export interface PlanArgument {
  readonly stack: string;
  /** With `/` between folders. */
  readonly file: string;
}

const GENERIC = /^(plan|tfplan|terraform|show|output|out)$/i;

/**
 * Takes `NAME=FILE` apart, and names the stacks that were not given a name after their file, or after
 * the folder where the file is called just `plan.json`. Names never depend on where the work is done,
 * so that the marker of a sticky comment is the same on every machine.
 */
export function planArguments(given: readonly string[]): readonly PlanArgument[] {
  const parsed = given.map((argument) => {
    const split = /^([^=/\\]+)=(.+)$/s.exec(argument);
    return split === null || existsSync(argument)
      ? { file: slashed(argument) }
      : { name: split[1], file: slashed(split[2] ?? '') };
  });
  const twice = parsed.find(({ file }, index) => parsed.findIndex((other) => other.file === file) !== index);
  if (twice !== undefined) {
    throw new UserError([`${twice.file}: given twice; give every plan once`]);
  }
  return unique(parsed.map(({ name, file }) => ({ file, names: name === undefined ? candidates(file) : [name] })));
}

function slashed(file: string): string {
  return process.platform === 'win32' ? file.replaceAll('\\', '/') : file;
}

/** Possible names, the best first; each contains more of the path than the one before it. */
function candidates(file: string): string[] {
  const steps = file.split('/').filter((step) => step !== '' && step !== '.' && step !== '..');
  const last = (steps.pop() ?? 'plan').replace(/(\.tfplan|\.plan)?\.json$/i, '') || 'plan';
  const names = GENERIC.test(last) && steps.length > 0 ? [] : [last];
  const rest = names.length === 0 ? [] : [last];
  for (let depth = 1; depth <= steps.length; depth += 1) {
    names.push([...steps.slice(-depth), ...rest].join('/'));
  }
  return file === '-' ? ['plan'] : names;
}

function unique(wanted: readonly { file: string; names: readonly string[] }[]): readonly PlanArgument[] {
  const depths = wanted.map(() => 0);
  const nameAt = (index: number): string => wanted[index]?.names[depths[index] ?? 0] ?? '';
  for (;;) {
    const clash = wanted.findIndex(({ names }, index) => {
      const shared = wanted.some((_, other) => other !== index && nameAt(other) === nameAt(index));
      return shared && (depths[index] ?? 0) + 1 < names.length;
    });
    if (clash < 0) {
      break;
    }
    const name = nameAt(clash);
    wanted.forEach(({ names }, index) => {
      if (nameAt(index) === name && (depths[index] ?? 0) + 1 < names.length) {
        depths[index] = (depths[index] ?? 0) + 1;
      }
    });
  }
  const plans = wanted.map(({ file }, index) => ({ stack: nameAt(index), file }));
  const clashing = plans.find(({ stack }, index) => plans.findIndex((other) => other.stack === stack) !== index);
  if (clashing !== undefined) {
    throw new UserError([`${clashing.file}: another plan is named ${clashing.stack} too; give names with NAME=FILE`]);
  }
  return plans;
}
