import type { Command } from './command';

interface Registered {
  readonly name: string;
  /** For the program's own help. */
  readonly summary: string;
  /** Loads the command, so that a run pays only for what it uses. */
  readonly load: () => Promise<Command>;
}

/** Every command; a new one is registered by its entry here. */
export const COMMANDS: readonly Registered[] = [
  {
    name: 'review',
    summary: 'says what plans do to access',
    load: async () => (await import('./review.js')).reviewCommand,
  },
  {
    name: 'token',
    summary: 'gets a token as an application, and shows its claims',
    load: async () => (await import('./token.js')).tokenCommand,
  },
  {
    name: 'verify',
    summary: 'tries every application on every product, with valid and invalid calls',
    load: async () => (await import('./verify.js')).verifyCommand,
  },
  {
    name: 'assumptions',
    summary: 'lists what this project assumes about Azure, and tries it on a sandbox',
    load: async () => (await import('./assumptions.js')).assumptionsCommand,
  },
  {
    name: 'publish',
    summary: 'comments a review on its pull request',
    load: async () => (await import('./publish.js')).publishCommand,
  },
  {
    name: 'graph',
    summary: 'draws the access that a program declares',
    load: async () => (await import('./graph.js')).graphCommand,
  },
  {
    name: 'inventory',
    summary: 'lists what a live instance has',
    load: async () => (await import('./inventory.js')).inventoryCommand,
  },
  {
    name: 'adopt',
    summary: 'writes a program for what a live instance has',
    load: async () => (await import('./adopt.js')).adoptCommand,
  },
];
