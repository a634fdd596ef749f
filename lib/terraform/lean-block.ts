import { IResolvable, IResolveContext, Tokenization } from 'cdktf';

/** What every token in a string holds, whatever it stands for. */
const TOKEN = 'TfToken[';

/**
 * A rendered block whose constant parts are walked once.
 *
 * cdktf resolves every element twice. The first time it only wants to learn what tokens refer to, since a reference to
 * another stack makes resources; it throws the result away. So the block then shows its tokens and nothing else. The
 * second time the block is its value.
 */
export class LeanBlock implements IResolvable {
  /** Empty, so that a block costs no stack trace. */
  public readonly creationStack: string[] = [];

  public constructor(private readonly block: { [name: string]: unknown }) {}

  public resolve(context: IResolveContext): unknown {
    if (!context.preparing) return this.block;
    resolveTokens(this.block, context);
    return undefined;
  }

  public toString(): string {
    return '<rendered block>';
  }

  public toJSON(): unknown {
    return this.block;
  }
}

/** Resolves all tokens in a value for what they do on the way. */
function resolveTokens(value: unknown, context: IResolveContext): void {
  if (isToken(value)) {
    context.resolve(value);
  } else if (Array.isArray(value)) {
    for (const item of value) resolveTokens(item, context);
  } else if (typeof value === 'object' && value !== null) {
    for (const item of Object.values(value)) resolveTokens(item, context);
  }
}

/** Whether cdktf must see the value as a whole: a token, or a text, list or map with one in its place. */
function isToken(value: unknown): boolean {
  if (typeof value === 'string') return value.includes(TOKEN);
  // Numbers that stand for tokens are below anything that an argument takes.
  if (typeof value === 'number') return value < Number.MIN_SAFE_INTEGER;
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.length === 1 && isToken(value[0]);
  return Tokenization.isResolvable(value) || Object.keys(value).some((key) => key.includes(TOKEN));
}
