/** A mistake that the person who runs the tool can mend: printed without a stack trace, exit status 1. */
export class UserError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'));
  }
}
