import { createHash } from 'node:crypto';
import { atoms, isVolatile, withState, type Atom } from './condition';
import { canonical, type PolicyNode } from './reader';
import { meets, readsOf, readsOfElement, setsOf, type Cell } from './state';
import { revealsState } from './reveals';
import { roleOf } from './vocabulary';

export type CheckFamily = 'token' | 'certificate' | 'addresses' | 'header' | 'content';

/** Lets a request pass only if it fulfils something. */
export interface Check {
  readonly kind: 'check';
  readonly family: CheckFamily;
  readonly node: PolicyNode;
  /** What was set before of what it reads, for comparison only. */
  readonly state: string;
}

/** Ends a request with a status of 400 and more. */
export interface Refusal {
  readonly kind: 'refusal';
  readonly node: PolicyNode;
}

/** Something that may end a request with an answer, whatever checks come after it. */
export interface Answer {
  /** `opaque`: whatever is behind it is not known; it counts as a check as well, of which only its name is known. */
  readonly kind: 'answer' | 'cache' | 'opaque' | 'base';
  /** The element and the conditions around it, for comparison only. */
  readonly id: string;
  readonly node: PolicyNode;
}

/** Ways of which each request takes exactly one. */
export interface Fork {
  readonly kind: 'fork';
  readonly branches: readonly { readonly knows: readonly Atom[]; readonly steps: readonly Step[] }[];
}

export type Step = Check | Refusal | Answer | Fork;

/** An element that is no step: a limit, something that is changed or sent. */
export interface Effect {
  readonly node: PolicyNode;
  /** The element, the conditions around it and what was set before of what it reads, for comparison only. */
  readonly id: string;
  /** The conditions around it and what was set before, for comparison only. */
  readonly when: string;
  /** How many checks a request has passed before. */
  readonly checks: number;
  readonly sets: readonly Cell[];
}

export interface Section {
  readonly steps: readonly Step[];
  readonly effects: readonly Effect[];
  /** What decides reads of what a policy may set, in this section. */
  readonly reads: readonly Cell[];
}

export type SectionName = 'inbound' | 'backend' | 'outbound' | 'on-error';
export const SECTIONS: readonly SectionName[] = ['inbound', 'backend', 'outbound', 'on-error'];

export type Flow = Readonly<Record<SectionName, Section>>;

/**
 * The elements that `include-fragment` includes, or, if no plan contains them, a text that distinguishes it from
 * others.
 */
export type Fragments = (id: string) => readonly PolicyNode[] | string;

/** What a policy does with a request, in order; undefined where it is no policy. */
export function flowOf(root: PolicyNode, fragments: Fragments): Flow | undefined {
  const known: readonly string[] = SECTIONS;
  const names = root.children.map(({ name }) => name);
  // the service refuses a section that is there twice: it is unknown which of the two a reader means
  if (
    root.name !== 'policies' ||
    root.text !== '' ||
    new Set(names).size < names.length ||
    !names.every((name) => known.includes(name))
  ) {
    return undefined;
  }
  const section = (name: SectionName): Section => {
    const parts = root.children.filter((child) => child.name === name);
    return new Builder(name, fragments).section(parts);
  };
  return {
    inbound: section('inbound'),
    backend: section('backend'),
    outbound: section('outbound'),
    'on-error': section('on-error'),
  };
}

class Builder {
  private readonly effects: Effect[] = [];
  private readonly reads: Cell[] = [];
  private checks = 0;
  /** How many conditions there were that may answer differently each time. */
  private conditions = 0;
  private readonly setters: { readonly cells: readonly Cell[]; readonly id: string }[] = [];

  constructor(
    private readonly place: SectionName,
    private readonly fragments: Fragments,
  ) {}

  section(parts: readonly PolicyNode[]): Section {
    const steps = parts.flatMap((part) => this.steps(part, []));
    return { steps, effects: this.effects, reads: this.reads };
  }

  private steps(parent: PolicyNode, path: readonly Atom[]): readonly Step[] {
    const stray: Step[] = parent.text === '' ? [] : [this.opaque({ ...parent, name: '#text', children: [] }, path)];
    return [...stray, ...parent.children.flatMap((node) => this.stepsOf(node, path))];
  }

  private stepsOf(node: PolicyNode, path: readonly Atom[]): readonly Step[] {
    const role = roleOf(node.name);
    switch (role) {
      case 'token':
      case 'certificate':
      case 'addresses':
      case 'header':
        // the service takes these in the inbound section only: anywhere else they come too late to stop a request
        return this.place === 'inbound' ? [this.check(role, node, path)] : [];
      case 'content':
        return [this.check(role, node, path)];
      case 'answer':
        return [this.answer(node, path)];
      case 'cache':
        return [{ kind: 'cache', id: this.idOf(node, path), node }];
      case 'base':
        return [{ kind: 'base', id: 'base', node }];
      case 'fragment':
        return this.included(node, path);
      case 'choose':
        return this.chosen(node, path);
      case 'around':
        if (node.name === 'limit-concurrency') {
          this.effect({ ...node, children: [] }, path);
        }
        return this.steps(node, path);
      case 'wait':
        return this.waited(node, path);
      case undefined:
        return [this.opaque(node, path)];
      default:
        this.effect(node, path);
        return [];
    }
  }

  private check(family: CheckFamily, node: PolicyNode, path: readonly Atom[]): Check {
    const reads = readsOfElement(node);
    this.reads.push(...reads);
    const state = this.stateOf(reads);
    this.checks += 1;
    // whatever it demands is compared by itself: that what it sets comes from a validation is what counts
    this.sets(family === 'token' ? { ...node, attributes: new Map(), children: [] } : node, path, setsOf(node));
    return { kind: 'check', family, node, state };
  }

  private answer(node: PolicyNode, path: readonly Atom[]): Step {
    const [status, ...others] = node.children.filter(({ name }) => name === 'set-status');
    const refuses = others.length === 0 && /^[45]\d\d$/.test(status?.attributes.get('code') ?? '');
    // a refused caller gets nothing, unless the refusal contains it
    return node.name === 'return-response' && refuses && !revealsState(node)
      ? { kind: 'refusal', node }
      : { kind: 'answer', id: this.idOf(node, path), node };
  }

  private included(node: PolicyNode, path: readonly Atom[]): readonly Step[] {
    const id = node.attributes.get('fragment-id') ?? '';
    const found = this.fragments(id);
    return typeof found === 'string'
      ? [this.opaque({ ...node, text: found }, path)]
      : found.flatMap((child) =>
          this.stepsOf(child.name === 'include-fragment' ? { ...child, name: 'include' } : child, path),
        );
  }

  private chosen(node: PolicyNode, path: readonly Atom[]): readonly Step[] {
    const branches: { knows: readonly Atom[]; steps: readonly Step[] }[] = [];
    let excluded: readonly Atom[] = [];
    for (const child of node.children) {
      if (child.name === 'when') {
        const condition = child.attributes.get('condition') ?? '';
        this.conditions += isVolatile(condition) ? 1 : 0;
        const knows = [...excluded, ...this.known(condition, true)];
        branches.push({ knows, steps: this.steps(child, [...path, ...knows]) });
        excluded = [...excluded, ...this.known(condition, false)];
      } else if (child.name === 'otherwise') {
        branches.push({ knows: excluded, steps: this.steps(child, [...path, ...excluded]) });
        return [...this.strays(node, path), { kind: 'fork', branches }];
      }
    }
    return [...this.strays(node, path), { kind: 'fork', branches: [...branches, { knows: excluded, steps: [] }] }];
  }

  /** An element that may not be in a `choose` is not understood. */
  private strays(node: PolicyNode, path: readonly Atom[]): readonly Step[] {
    const ends = node.children.findIndex(({ name }) => name === 'otherwise');
    return node.children
      .filter(({ name }, index) => (name !== 'when' && name !== 'otherwise') || (ends >= 0 && index > ends))
      .map((child) => this.opaque(child, path));
  }

  private waited(node: PolicyNode, path: readonly Atom[]): readonly Step[] {
    if ((node.attributes.get('for') ?? 'all') === 'all') {
      return this.steps(node, path);
    }
    const waits = (holds: boolean): Atom => ({ text: `waits for ${canonical(node)}`, holds });
    return [
      {
        kind: 'fork',
        branches: [
          { knows: [waits(true)], steps: this.steps(node, [...path, waits(true)]) },
          { knows: [waits(false)], steps: [] },
        ],
      },
    ];
  }

  private opaque(node: PolicyNode, path: readonly Atom[]): Answer {
    const id = this.idOf(node, path);
    this.setters.push({ cells: ['*'], id });
    return { kind: 'opaque', id, node };
  }

  private effect(node: PolicyNode, path: readonly Atom[]): void {
    const when = digest([path, this.stateOf(readsOfElement(node))]);
    const id = digest([canonical(node), when]);
    this.effects.push({ node, id, when, checks: this.checks, sets: setsOf(node) });
    if (roleOf(node.name) === 'limit') {
      this.reads.push(...readsOfElement(node));
    }
    this.sets(node, path);
  }

  private sets(node: PolicyNode, path: readonly Atom[], cells = setsOf(node)): void {
    if (cells.length > 0) {
      this.setters.push({ cells, id: this.idOf(node, path) });
    }
  }

  private idOf(node: PolicyNode, path: readonly Atom[]): string {
    return digest([canonical(node), path, this.stateOf(readsOfElement(node))]);
  }

  private known(condition: string, holds: boolean): readonly Atom[] {
    const reads = readsOf(condition);
    this.reads.push(...reads);
    // what may answer differently each time says something of this place only
    const asked = isVolatile(condition) ? `asked ${this.conditions} ` : '';
    const state = asked + this.stateOf(reads);
    return atoms(condition, holds).map((atom) => (state === '' ? atom : withState(atom, state)));
  }

  /** What was set before of what is read; empty where nothing was, with `?` where that is not known. */
  private stateOf(reads: readonly Cell[]): string {
    const found = this.setters.filter(({ cells }) => cells.some((cell) => reads.some((read) => meets(cell, read))));
    const unknown = found.some(({ cells }) => cells.includes('*'));
    return found.length === 0 ? '' : `${unknown ? '?' : ''}${digest(found.map(({ id }) => id))}`;
  }
}

/** Short for any input: what it identifies may contain secrets, and contains everything before it. */
function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 24);
}
