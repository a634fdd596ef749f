import { closingBracket, endsElsewhereDecoded, isExpression } from './expression';

const BLANKS = /\s*/y;

/** Why nobody can say which expression is meant. */
export type ExpressionProblem = 'does not end' | 'ends in two places';

/** Reads a policy from its start, piece by piece. */
export class PolicyReader {
  private at = 0;

  public constructor(private readonly text: string) {}

  /** Whether there is anything left. */
  public get rest(): boolean {
    return this.at < this.text.length;
  }

  /** Takes what a sticky pattern matches here. */
  public take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text) ?? undefined;
    if (found !== undefined) {
      this.at = pattern.lastIndex;
    }
    return found;
  }

  /**
   * Takes a policy expression, up to the bracket that closes its first one, without the blanks before it. Undefined where
   * none begins; a problem where it does not end, or ends in another place once the entities in it are decoded and
   * `mark` ends its value or text.
   */
  public takeExpression(mark: string): { readonly code: string } | { readonly problem: ExpressionProblem } | undefined {
    BLANKS.lastIndex = this.at;
    BLANKS.exec(this.text);
    const start = BLANKS.lastIndex;
    if (!isExpression(this.text.slice(start, start + 2))) {
      return undefined;
    }
    const end = closingBracket(this.text, start + 1);
    if (end === undefined) {
      return { problem: 'does not end' };
    }
    const code = this.text.slice(start, end);
    if (endsElsewhereDecoded(code, mark)) {
      return { problem: 'ends in two places' };
    }
    this.at = end;
    return { code };
  }
}
