import { IResolveContext, TerraformStack, Tokenization } from 'cdktf';
import { IConstruct } from 'constructs';
import { Traceless } from './traceless';
import { Late } from './late';
import { LeanReference } from './lean-reference';
import { resolvedIn } from './resolved-text';

/** Part of every token in a string. */
const TOKEN = 'TfToken[';

/** Part of the only item of a list that is a token. */
const LIST_TOKEN = '#{TfToken[';

/** Arguments of a block, with tokens among them. */
type Block = { [name: string]: unknown };

/**
 * The switch for all of this file. Turned off, blocks are plain objects that cdktf resolves and copies as it does all
 * others; the output is the same to the byte, and a large program takes about twice the processor time.
 *
 * @internal
 */
export const fastRendering = { enabled: true };

/** The only block of its type in what an element renders, `{ <name>: <block> }`. @internal */
export function onlyBlock(name: string, render: () => Block): unknown {
  return fastRendering.enabled ? new LeanBlock(name, render) : { [name]: render() };
}

/**
 * A block that is rendered when it is needed, and whose constant parts are walked once.
 *
 * cdktf resolves every element twice, and then the merged document a third time. The first time it only collects what
 * tokens refer to, since a reference to another stack creates resources; it discards the result. The block then shows its
 * tokens and nothing else. The second time it stays as it is, and cdktf merges it as a whole. The third time it becomes its
 * value: one copy instead of three.
 */
class LeanBlock extends Traceless {
  public constructor(
    private readonly name: string,
    private readonly render: () => Block,
  ) {
    super();
  }

  public resolve(context: IResolveContext): unknown {
    if (context.preparing) {
      resolveTokens(this.render(), context);
    } else {
      const block = new ResolvedBlock(this.render, context.scope);
      context.registerPostProcessor({
        postProcess: () => ({ [this.name]: hasOverrides(context.scope) ? block.toJSON() : block }),
      });
    }
    return undefined;
  }

  public override toJSON(): unknown {
    return { [this.name]: this.render() };
  }
}

/** A block that has been resolved once: resolved again, or written as it is, it is its value. */
class ResolvedBlock extends Traceless {
  public constructor(
    private readonly render: () => Block,
    private readonly scope: IConstruct,
  ) {
    super();
  }

  public resolve(context: IResolveContext): unknown {
    context.registerPostProcessor({ postProcess: () => resolved(this.render(), context) });
    return undefined;
  }

  public override toJSON(): unknown {
    return resolvedIn(this.scope, this.render());
  }
}

/** Overrides of the whole stack, which cdktf can merge into plain values alone. */
function hasOverrides(scope: IConstruct): boolean {
  const { rawOverrides } = TerraformStack.of(scope) as unknown as { rawOverrides?: object };
  return rawOverrides === undefined || Object.keys(rawOverrides).length > 0;
}

/** The value with its tokens resolved, and without what is undefined. */
function resolved(value: unknown, context: IResolveContext): unknown {
  if (value instanceof Late) {
    return resolved(value.resolve(), context);
  }
  if (isToken(value)) {
    return ownReference(value, context) ?? context.resolve(value);
  }
  if (Array.isArray(value)) {
    const items = value.map((item) => resolved(item, context));
    return items.includes(undefined) ? items.filter((item) => item !== undefined) : items;
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const result: Block = {};
  for (const [name, item] of Object.entries(value)) {
    const part = resolved(item, context);
    if (part !== undefined) {
      result[name] = part;
    }
  }
  return result;
}

/** Resolves all tokens in a value for what they do on the way. */
function resolveTokens(value: unknown, context: IResolveContext): void {
  if (value instanceof Late) {
    resolveTokens(value.resolve(), context);
  } else if (isToken(value)) {
    if (ownReference(value, context) === undefined) {
      context.resolve(value);
    }
  } else if (Array.isArray(value)) {
    for (const item of value) {
      resolveTokens(item, context);
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const item of Object.values(value)) {
      resolveTokens(item, context);
    }
  }
}

/** The address in a text that is only a reference within its stack; cdktf would make the same text again each time. */
function ownReference(value: unknown, context: IResolveContext): string | undefined {
  if (typeof value !== 'string' || !value.startsWith('${') || context.suppressBraces) {
    return undefined;
  }
  const { length, firstToken } = Tokenization.reverseString(value);
  return length === 1 && firstToken instanceof LeanReference ? firstToken.within(context.scope) : undefined;
}

/** Whether cdktf must see the value as a whole: a token, or a text, list or map with one in its place. */
function isToken(value: unknown): boolean {
  if (typeof value === 'string') {
    return value.includes(TOKEN);
  }
  // Numbers that represent tokens are below anything that an argument takes.
  if (typeof value === 'number') {
    return value < Number.MIN_SAFE_INTEGER;
  }
  if (typeof value !== 'object' || value === null) {
    return false;
  }
  if (Array.isArray(value)) {
    return value.length === 1 && isListToken(value[0]);
  }
  return Tokenization.isResolvable(value) || Object.keys(value).some((key) => key.includes(TOKEN));
}

function isListToken(item: unknown): boolean {
  return typeof item === 'string' ? item.includes(LIST_TOKEN) : typeof item === 'number' && isToken(item);
}
