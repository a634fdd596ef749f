/** A format of a command's output that the user asked for. */
export interface Wanted<F> {
  readonly format: F;
  /** Undefined: standard output. */
  readonly file?: string;
}

/** Reads `--format NAME[=FILE]`, which may be given several times; mistakes are added to `problems`. */
export function readFormats<F extends { readonly name: string }>(
  given: readonly string[],
  known: readonly F[],
  fallback: string,
  problems: string[],
): readonly Wanted<F>[] {
  const wanted = (given.length === 0 ? [fallback] : given).flatMap((argument): Wanted<F>[] => {
    const [, name = '', file] = /^([^=]*)(?:=(.*))?$/s.exec(argument) ?? [];
    const format = known.find((each) => each.name === name);
    if (format === undefined) {
      problems.push(`--format ${name} is not a format; give one of ${known.map((each) => each.name).join(', ')}`);
      return [];
    }
    if (file === '') {
      problems.push(`--format ${argument} names no file; write --format ${name}=FILE`);
    }
    return [{ format, ...(file === undefined ? {} : { file }) }];
  });
  const unplaced = wanted.filter(({ file }) => file === undefined).map(({ format }) => format.name);
  if (unplaced.length > 1) {
    problems.push(
      `the formats ${unplaced.join(' and ')} would both go to standard output; give all but one a file, as in --format ${unplaced[1] ?? ''}=FILE`,
    );
  }
  const files = wanted.flatMap(({ file }) => (file === undefined ? [] : [file]));
  const twice = files.find((file, index) => files.indexOf(file) !== index);
  if (twice !== undefined) {
    problems.push(`two formats would go to ${twice}; give each a file of its own`);
  }
  return wanted;
}
