import type { Output } from './output';
import { UserError } from './user-error';

/** A way to write a result. */
export interface NamedFormat<Result> {
  readonly name: string;
  readonly render: (result: Result) => string;
}

export interface PlacedFormat<Result> {
  readonly format: NamedFormat<Result>;
  /** Undefined: standard output. */
  readonly file?: string;
}

/** Reads `--format FORMAT[=FILE]`, given several times, and `--json`; all mistakes are added to the problems. */
export function placedFormats<Result>(
  given: readonly string[],
  known: readonly NamedFormat<Result>[],
  problems: string[],
): readonly PlacedFormat<Result>[] {
  const placed = given.flatMap((argument) => {
    const [, name = '', file] = /^([^=]*)(?:=(.*))?$/s.exec(argument) ?? [];
    const format = known.find((one) => one.name === name);
    if (format === undefined) {
      problems.push(`--format ${name} is not a format; give one of ${known.map((one) => one.name).join(', ')}`);
      return [];
    }
    if (file === '') {
      problems.push(`--format ${argument} names no file; write --format ${name}=FILE`);
    }
    return [{ format, ...(file === undefined ? {} : { file }) }];
  });
  const unplaced = [...new Set(placed.filter(({ file }) => file === undefined).map(({ format }) => format.name))];
  if (unplaced.length > 1) {
    problems.push(
      `the formats ${unplaced.join(' and ')} would both go to standard output; give all but one a file, as in --format ${unplaced[1] ?? ''}=FILE`,
    );
  }
  const files = placed.flatMap(({ file }) => (file === undefined ? [] : [file]));
  const twice = files.find((file, index) => files.indexOf(file) !== index);
  if (twice !== undefined) {
    problems.push(`two formats would go to ${twice}; give each a file of its own`);
  }
  return placed;
}

export function rendered<Result>(placed: readonly PlacedFormat<Result>[], result: Result): readonly Output[] {
  return placed.map(({ format, file }) => ({ text: format.render(result), ...(file === undefined ? {} : { file }) }));
}

export function throwIfAny(problems: readonly string[]): void {
  if (problems.length > 0) {
    throw new UserError(problems);
  }
}
