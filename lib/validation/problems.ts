/**
 * Collects everything that is wrong with a construct's props, so that a user sees all of it at once.
 */
export class Problems {
  private readonly found: string[] = [];

  /** @param where the construct's path, or `Class.method` for a static factory */
  public constructor(private readonly where: string) {}

  /** Records a problem of a prop; `undefined` is none. */
  public add(prop: string, problem: string | undefined): void {
    if (problem !== undefined) {
      this.found.push(`${this.where}: ${prop}: ${problem}`);
    }
  }

  /**
   * Records what is wrong with a prop that may be left out. Returns true for a value that is given and right, whose own
   * members can be checked next.
   */
  public optional<T>(prop: string, value: T | undefined, check: (value: T) => string | undefined): value is T {
    const problem = value === undefined ? undefined : check(value);
    this.add(prop, problem);
    return value !== undefined && problem === undefined;
  }

  /** Throws one error that names every recorded problem, a line each. */
  public throwIfAny(): void {
    if (this.found.length > 0) {
      throw new Error(this.found.join('\n'));
    }
  }
}

/** Throws what is wrong with the one argument of a static factory or a method. */
export function refuse(where: string, prop: string, problem: string | undefined): void {
  const problems = new Problems(where);
  problems.add(prop, problem);
  problems.throwIfAny();
}
