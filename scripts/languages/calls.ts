/** A call, or a struct of Go, in a program: what is called and what is given. */
export interface Call {
  readonly line: number;
  /** What stands before the bracket, such as `OAuthProduct` or `partner.grant_access`. */
  readonly callee: string;
  /** How many values are given by position. */
  readonly positional: number;
  /** Names of the values that are given by name: keywords of Python, fields of Go. */
  readonly named: readonly string[];
  /** The variable that the result is kept in, if any. */
  readonly kept?: string;
}

/** A list of Go has its type before its bracket, after square ones; it is no struct. */
const CALL = /(?:\b([A-Za-z_]\w*)\s*(?::=|=)\s*)?&?(?<!\]\*?)\b([A-Za-z_][\w.]*)([({])/g;
const CLOSING: Record<string, string> = { '(': ')', '{': '}', '[': ']' };

/** Every call of a program in Python or Go, and every struct of Go. Texts and comments are no code. */
export function callsOf(source: string): Call[] {
  const code = withoutTexts(source);
  return [...code.matchAll(CALL)].map(({ 0: all, 1: kept, 2: callee, 3: bracket, index }) => {
    const from = index + all.length;
    const values = split(code.slice(from, endOf(code, from, CLOSING[bracket])));
    const names = values.map((value) => /^\s*([A-Za-z_]\w*)\s*(?:=(?!=)|:(?!=))/.exec(value)?.[1]);
    return {
      line: code.slice(0, index).split('\n').length,
      callee,
      positional: names.filter((name) => name === undefined).length,
      named: names.filter((name) => name !== undefined),
      kept,
    };
  });
}

/** The program with blanks in place of what is in quotes and in comments. */
function withoutTexts(source: string): string {
  return source.replace(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`|#[^\n]*|\/\/[^\n]*/g, (text) =>
    /^[#/]/.test(text) ? ' '.repeat(text.length) : text[0] + ' '.repeat(text.length - 2) + text[0],
  );
}

function endOf(code: string, from: number, closing: string): number {
  const open = [closing];
  for (let at = from; at < code.length; at += 1) {
    if (code[at] === open[open.length - 1]) {
      open.pop();
    } else if (CLOSING[code[at]] !== undefined) {
      open.push(CLOSING[code[at]]);
    }
    if (open.length === 0) {
      return at;
    }
  }
  throw new Error(`line ${code.slice(0, from).split('\n').length}: a bracket is not closed`);
}

/** The values between two brackets. */
function split(code: string): string[] {
  const values = [''];
  for (let at = 0; at < code.length; at += 1) {
    const closing = CLOSING[code[at]];
    if (closing !== undefined) {
      const end = endOf(code, at + 1, closing);
      values[values.length - 1] += code.slice(at, end + 1);
      at = end;
    } else if (code[at] === ',') {
      values.push('');
    } else {
      values[values.length - 1] += code[at];
    }
  }
  return values.filter((value) => value.trim() !== '');
}
