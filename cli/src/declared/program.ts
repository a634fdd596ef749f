import { isObject, property } from '../input/json';
import type { DeclaredBlock, DeclaredStack } from './stacks';

const REFERENCE = /(?<![\w.-])((?:data\.|ephemeral\.)?[a-z][a-z0-9]*_[a-z0-9_]+)\.([A-Za-z_][\w-]*)/g;
const REMOTE_OUTPUT = /data\.terraform_remote_state\.(?:cross-stack-reference-input-)?([\w-]+)\.outputs\.([\w-]+)/g;

/** All stacks of a program together: follows references, over the outputs of other stacks too. */
export class Program {
  private readonly byName: ReadonlyMap<string, DeclaredStack>;

  constructor(readonly stacks: readonly DeclaredStack[]) {
    this.byName = new Map(stacks.map((stack) => [stack.name, stack]));
  }

  blocks(matches: (block: DeclaredBlock) => boolean): readonly DeclaredBlock[] {
    return this.stacks.flatMap(({ blocks }) => [...blocks.values()].filter(matches));
  }

  /** The blocks that an expression of a stack refers to itself, in the order of its text. */
  references(stackName: string, expression: unknown): readonly DeclaredBlock[] {
    const stack = this.byName.get(stackName);
    const found: DeclaredBlock[] = [];
    for (const text of texts(expression)) {
      for (const [, source = '', output = ''] of text.matchAll(REMOTE_OUTPUT)) {
        found.push(...this.references(source, this.byName.get(source)?.outputs.get(output)));
      }
      for (const [, type = '', name = ''] of text.matchAll(REFERENCE)) {
        const block = stack?.blocks.get(`${type}.${name}`);
        if (block !== undefined) {
          found.push(block);
        }
      }
    }
    return found;
  }

  /** The first block, itself or through those in between, that an expression leads to and that matches. */
  leadsTo(
    stackName: string,
    expression: unknown,
    matches: (block: DeclaredBlock) => boolean,
  ): DeclaredBlock | undefined {
    const seen = new Set<DeclaredBlock>();
    let level = this.references(stackName, expression);
    while (level.length > 0) {
      const found = level.find(matches);
      if (found !== undefined) {
        return found;
      }
      level.forEach((block) => seen.add(block));
      const next = level.flatMap((block) => this.references(block.stack, sourcesOf(block)));
      level = [...new Set(next)].filter((block) => !seen.has(block));
    }
    return undefined;
  }

  /**
   * The text of a value: as it is written, or what the only block that it refers to has there. Undefined where only
   * Terraform knows it.
   */
  text(stackName: string, value: unknown, depth = 0): string | undefined {
    if (typeof value !== 'string' || depth > 20) {
      return undefined;
    }
    const whole = /^\$\{([^{}]+)\}$/.exec(value)?.[1];
    if (whole !== undefined) {
      return this.referredText(stackName, whole, depth);
    }
    if (/(^|[^$])\$\{/.test(value)) {
      return undefined;
    }
    return value.replaceAll('$${', '${').replaceAll('%%{', '%{');
  }

  private referredText(stackName: string, expression: string, depth: number): string | undefined {
    const remote = new RegExp(`^${REMOTE_OUTPUT.source}$`).exec(expression);
    if (remote !== null) {
      const [, source = '', output = ''] = remote;
      return this.text(source, this.byName.get(source)?.outputs.get(output), depth + 1);
    }
    const path = /^((?:data\.)?\w+\.[\w-]+)\.([\w.]+)$/.exec(expression);
    const block = this.byName.get(stackName)?.blocks.get(path?.[1] ?? '');
    const value = block === undefined ? undefined : property(block.body, path?.[2] ?? '');
    return this.text(stackName, value, depth + 1);
  }
}

/** What makes a block what it is, without what only comes before it. */
function sourcesOf({ body }: DeclaredBlock): unknown {
  const { depends_on: _order, lifecycle: _lifecycle, ...rest } = body;
  return rest;
}

/** Every text within a value that may contain a reference. */
function texts(value: unknown): string[] {
  if (typeof value === 'string') {
    return value.includes('${') ? [value] : [];
  }
  if (Array.isArray(value)) {
    return value.flatMap(texts);
  }
  return isObject(value) ? Object.values(value).flatMap(texts) : [];
}
