import { contradict, type Atom } from './condition';
import type { Answer, Check, Refusal, Step } from './flow';

/** Something that a policy does to some requests: to those that get there and for which all of `knows` is true. */
export interface Duty {
  readonly step: Check | Refusal | Answer;
  readonly knows: readonly Atom[];
  /** What may have answered a request before it got there. */
  readonly answered: ReadonlySet<string>;
}

/** Everything that a policy does to requests, in order. */
export function dutiesOf(steps: readonly Step[]): readonly Duty[] {
  const found: Duty[] = [];
  collect(steps, [], new Set(), found);
  return found;
}

/** Whether every request ends in these steps. */
function collect(steps: readonly Step[], knows: readonly Atom[], answered: Set<string>, found: Duty[]): boolean {
  for (const step of steps) {
    if (step.kind === 'fork') {
      const possible = step.branches.filter((branch) => !contradict(branch.knows, knows));
      const ends = possible.map((branch) => collect(branch.steps, [...knows, ...branch.knows], answered, found));
      if (ends.length > 0 && ends.every((end) => end)) {
        return true;
      }
      continue;
    }
    found.push({ step, knows, answered: new Set(answered) });
    if (step.kind !== 'check' && step.kind !== 'refusal') {
      answered.add(step.id);
    }
    if (step.kind === 'refusal' || step.kind === 'answer') {
      return true;
    }
  }
  return false;
}

/**
 * What becomes of a request: it meets what is looked for (`met`), passes, is answered first, or gets to something of
 * which nothing is known first.
 */
export type Outcome = 'met' | 'through' | 'answered' | 'unknown';

export interface Question {
  readonly knows: readonly Atom[];
  readonly answered: ReadonlySet<string>;
  readonly meets: (step: Check | Refusal | Answer) => boolean;
  /** Whether the policies that `<base />` includes may answer requests; undefined: not known. */
  readonly baseAnswers: boolean | undefined;
  /** Takes it that what is not known lets requests through. */
  readonly trusting?: boolean;
}

/** What becomes of every request of which all is known that the question knows: the worst of it. */
export function outcomeOf(steps: readonly Step[], question: Question): Outcome {
  let { knows } = question;
  for (const step of steps) {
    if (step.kind === 'fork') {
      const possible = step.branches.filter((branch) => !contradict(branch.knows, knows));
      const outcomes = possible.map((branch) =>
        outcomeOf(branch.steps, { ...question, knows: [...knows, ...branch.knows] }),
      );
      const bad =
        outcomes.find((outcome) => outcome === 'answered') ?? outcomes.find((outcome) => outcome === 'unknown');
      if (bad !== undefined) {
        return bad;
      }
      const through = possible.filter((_, index) => outcomes[index] === 'through');
      if (possible.length > 0 && through.length === 0) {
        return 'met';
      }
      knows = through.length === 1 ? [...knows, ...(through[0]?.knows ?? [])] : knows;
      continue;
    }
    // who is refused gets nothing
    if (question.meets(step) || step.kind === 'refusal') {
      return 'met';
    }
    const outcome = passing(step, question);
    if (outcome !== 'through') {
      return outcome;
    }
  }
  return 'through';
}

function passing(step: Check | Answer, { answered, baseAnswers, trusting = false }: Question): Outcome {
  if (trusting && step.kind !== 'answer') {
    return 'through';
  }
  switch (step.kind) {
    case 'check':
      return 'through';
    case 'answer':
      return answered.has(step.id) ? 'met' : 'answered';
    case 'cache':
      return answered.has(step.id) ? 'through' : 'answered';
    case 'opaque':
      return answered.has(step.id) ? 'through' : 'unknown';
    case 'base':
      return answered.has(step.id) || baseAnswers === false ? 'through' : baseAnswers === true ? 'answered' : 'unknown';
  }
}
