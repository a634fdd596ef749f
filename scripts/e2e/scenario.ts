import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { App } from 'cdktf';
import { LocalAzure } from '../../test/azure';
import { EXPECTATIONS } from './landscape';
import { edit, layOut, Stack, synthesize, synthesizeProgram } from './stacks';

/** How many resources an apply adds, changes and destroys. */
export interface Changes {
  readonly added: number;
  readonly changed: number;
  readonly destroyed: number;
}

/** One apply of a program, and what is expected of it. */
export interface Step {
  readonly title: string;
  /** Lays the stacks out, in the order in which they are applied. */
  prepare(folder: string, environment: NodeJS.ProcessEnv): Promise<readonly Stack[]> | readonly Stack[];
  /** What somebody else does before. */
  before?(azure: LocalAzure): Promise<void> | void;
  /** How often a client secret is asked for; at most once where it is left out. */
  readonly secrets?: number;
  readonly changes?: Changes;
  /** The apply is refused with this, and nothing is planned afterwards. */
  readonly refused?: RegExp;
  /** Nothing is applied: the plan by these arguments is empty. */
  readonly planOnly?: readonly string[];
  /** Throws where Azure is not as expected. */
  after?(azure: LocalAzure): Promise<void> | void;
}

/** Programs that are applied one after the other on one state, and what is expected of them all. */
export interface Scenario {
  readonly name: string;
  readonly steps: readonly Step[];
  /** What others made before. */
  seed?(azure: LocalAzure): Promise<void> | void;
  /** Directory objects that stay when everything is destroyed. */
  readonly leaves?: readonly string[];
  /** The state holds a secret, as the documentation says. */
  readonly secretInState?: boolean;
}

/** A step that is a program in this process. */
export function program(
  title: string,
  declare: (app: App) => void,
  expected: Omit<Step, 'title' | 'prepare'> = {},
): Step {
  return { title, prepare: (folder) => synthesizeProgram(declare, folder), ...expected };
}

export function exampleNames(): string[] {
  return readdirSync('examples')
    .filter((file) => file.endsWith('.ts'))
    .map((file) => basename(file, '.ts'));
}

/** An example, and an edit of the first thing in it that can be edited. */
export function exampleScenario(name: string): Scenario {
  return {
    name,
    ...EXPECTATIONS[name],
    steps: [
      {
        title: 'apply',
        prepare: async (folder, environment) => synthesize(name, folder, environment),
      },
      {
        title: 'edit',
        prepare: (folder) => {
          const edited = layOut(folder).find((stack) => edit(stack) !== undefined);
          return edited === undefined ? [] : [edited];
        },
        changes: { added: 0, changed: 1, destroyed: 0 },
        secrets: 0,
      },
    ],
  };
}
