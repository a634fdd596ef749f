const BLANKS = /\s*/y;
const EXPRESSION = /@(?=[({])/y;

/** What C# has in quotes, and comments: brackets in it close nothing. */
const CSHARP_OPAQUE = /\$?@\$?"(?:[^"]|"")*"|\$?"(?:[^"\\]|\\[^])*"|'(?:[^'\\]|\\[^']+|\\')'|\/\*[^]*?\*\/|\/\/[^\n]*/y;

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
   * none begins; empty where one begins and does not end.
   */
  public takeExpression(): string | undefined {
    const from = this.at;
    this.take(BLANKS);
    const start = this.at;
    if (this.take(EXPRESSION) === undefined) {
      this.at = from;
      return undefined;
    }
    for (let depth = 0; this.rest;) {
      if (this.take(CSHARP_OPAQUE) !== undefined) {
        continue;
      }
      const character = this.text[this.at];
      this.at += 1;
      if (character === '(' || character === '{') {
        depth += 1;
      }
      if (character === ')' || character === '}') {
        depth -= 1;
      }
      if (depth === 0) {
        return this.text.slice(start, this.at);
      }
    }
    return '';
  }
}
