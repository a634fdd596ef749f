import { say } from '../message';
import type { MessagePart } from '../model';
import { differences } from './checks';
import { isExpression } from './expression';
import { distinct, type Difference, type Printer } from './difference';
import type { CheckFamily, Section, SectionName } from './flow';
import { dutiesOf, outcomeOf, type Duty, type Outcome } from './guarantee';
import { what } from './properties';
import { canonical, type PolicyNode } from './reader';
import { valuesIn, type Cell } from './state';
import { roleOf } from './vocabulary';

/** What is known of the outer policies, which `<base />` includes. */
export interface Outside {
  /** Whose policies they are, for a sentence; empty where the plans show none. */
  readonly of: readonly MessagePart[];
  /** Whether anything in them affects who has access; undefined if unknown. */
  readonly matters: (section: SectionName) => boolean | undefined;
  /** Whether they may answer a request; undefined: not known. */
  readonly answers: boolean | undefined;
}

export interface Comparison {
  readonly printer: Printer;
  readonly outside: Outside;
  /** What decides in other policies of the same instance reads. */
  readonly readElsewhere: readonly Cell[];
  /** Whether a value comes from a named value, which may be a secret. */
  readonly hides: (value: string) => boolean;
}

interface Judged {
  readonly duty: Duty;
  readonly outcome: Outcome;
}

export function compareDuties(
  name: SectionName,
  before: Section,
  after: Section,
  { printer, outside }: Comparison,
): Difference[] {
  const [former, latter] = [dutiesOf(before.steps), dutiesOf(after.steps)];
  const lost = unmet(former, after, printer, outside);
  const gained = unmet(latter, before, printer, outside, true);
  const used = new Set<Duty>();
  const found = lost.flatMap((judged) => {
    const { duty } = judged;
    switch (duty.step.kind) {
      case 'check':
        return lostCheck(judged, former, latter, gained, used, printer);
      case 'refusal':
        return name === 'on-error'
          ? []
          : [
              {
                effect: 'looser' as const,
                about: 'check' as const,
                subject: `refusal ${name}`,
                says: say`no longer refuses some of the requests that it refused itself`,
              },
            ];
      case 'base':
        return inheritance(
          name,
          outside,
          'looser',
          latter.some(({ step }) => step.kind === 'base'),
        );
      case 'opaque':
        return [opaque(name, duty.step.node, 'no longer contains')];
      case 'answer':
        return [answers(name, 'no longer answers some of the requests that it answered itself')];
      case 'cache':
        return [];
    }
  });
  return [
    ...distinct(found),
    ...distinct(
      gained
        .filter(({ duty }) => !used.has(duty))
        .flatMap(({ duty }) => gainedDuty(name, duty, former, latter, outside, printer)),
    ),
  ];
}

/** What the one policy does to requests and the other one does not. */
function unmet(
  duties: readonly Duty[],
  { steps }: Section,
  printer: Printer,
  outside: Outside,
  trusting = false,
): Judged[] {
  return duties
    .map((duty) => ({
      duty,
      outcome: outcomeOf(steps, {
        knows: duty.knows,
        answered: duty.answered,
        meets: (step) => fulfils(step, duty.step, printer),
        baseAnswers: outside.answers,
        trusting,
      }),
    }))
    .filter(({ outcome }) => outcome !== 'met');
}

/** Whether a step is at least as strict as another one. */
function fulfils(step: Duty['step'], wanted: Duty['step'], printer: Printer): boolean {
  if (step.kind !== 'check' || wanted.kind !== 'check') {
    return step.kind !== 'check' && step.kind !== 'refusal' && step.kind === wanted.kind && step.id === wanted.id;
  }
  return (
    step.family === wanted.family &&
    step.state === wanted.state &&
    differences(step.family, wanted.node, step.node, printer).every(({ effect }) => effect === 'tighter')
  );
}

const LOSES: Readonly<Record<CheckFamily, string>> = {
  token: 'no longer validates tokens',
  certificate: 'no longer validates client certificates',
  addresses: 'no longer filters the addresses that calls come from',
  header: 'no longer checks a header',
  content: 'no longer validates messages',
};

const GAINS: Readonly<Record<CheckFamily, string>> = {
  token: 'validates tokens',
  certificate: 'validates client certificates',
  addresses: 'filters the addresses that calls come from',
  header: 'checks a header',
  content: 'validates messages',
};

function lostCheck(
  { duty, outcome }: Judged,
  former: readonly Duty[],
  latter: readonly Duty[],
  gained: readonly Judged[],
  used: Set<Duty>,
  printer: Printer,
): Difference[] {
  const { step } = duty;
  if (step.kind !== 'check') {
    return [];
  }
  const about = step.family === 'token' ? 'validation' : 'check';
  const family = latter.filter((other) => other.step.kind === 'check' && other.step.family === step.family);
  // what was there before as it is takes nobody's place
  const fresh = family.filter((other) => !used.has(other) && !former.some((before) => isSame(before, other)));
  const successor =
    family.find((other) => isSame(duty, other)) ??
    fresh.find((other) => gained.some((judged) => judged.duty === other)) ??
    fresh[0];
  if (successor === undefined || successor.step.kind !== 'check') {
    return family.length === 0
      ? [{ effect: 'looser', about, subject: `${step.family} all`, says: say`${LOSES[step.family]}` }]
      : [
          {
            effect: 'looser',
            about,
            subject: `${step.family} less`,
            says: say`leaves out a part of ${what(step.family)}`,
          },
        ];
  }
  used.add(successor);
  const stricter = gained.some((judged) => judged.duty === successor);
  const found = differences(step.family, step.node, successor.step.node, printer).filter(
    ({ effect }) => effect !== 'tighter' || stricter,
  );
  if (found.some(({ effect }) => effect !== 'tighter')) {
    return found;
  }
  const reads = step.state !== successor.step.state;
  const unknown = outcome === 'unknown' || (reads && [step, successor.step].some(({ state }) => state.startsWith('?')));
  return [
    ...found,
    {
      effect: unknown ? 'unknown' : 'looser',
      about: unknown ? 'check' : about,
      subject: `${step.family} place`,
      says: place(step.family, unknown ? 'unknown' : outcome, reads),
    },
  ];
}

function place(family: CheckFamily, outcome: Outcome, reads: boolean): readonly MessagePart[] {
  switch (outcome) {
    case 'answered':
      return say`answers some requests before ${what(family)}`;
    case 'unknown':
      return say`changes what it does before ${what(family)} in a way that cannot be judged`;
    default:
      return reads
        ? say`changes what ${what(family)} reads before it comes`
        : say`applies ${what(family)} to fewer requests`;
  }
}

function gainedDuty(
  name: SectionName,
  { step }: Duty,
  former: readonly Duty[],
  latter: readonly Duty[],
  outside: Outside,
  printer: Printer,
): Difference[] {
  switch (step.kind) {
    case 'check': {
      const detects = step.family === 'content' && !canonical(step.node).includes('"prevent"');
      if (detects) {
        return [];
      }
      // the one that it takes the place of
      const predecessor = former.find(
        (duty) => isOf(duty, step.family) && !latter.some((other) => isOf(other, step.family) && isSame(duty, other)),
      );
      const found =
        predecessor?.step.kind === 'check'
          ? differences(step.family, predecessor.step.node, step.node, printer).filter(
              ({ effect }) => effect === 'tighter',
            )
          : [];
      return found.length > 0
        ? [...found]
        : [
            {
              effect: 'tighter',
              about: step.family === 'token' ? 'validation' : 'check',
              subject: `${step.family} new`,
              says: former.some((duty) => isOf(duty, step.family))
                ? say`applies ${what(step.family)} to more requests`
                : say`${GAINS[step.family]}`,
            },
          ];
    }
    case 'refusal':
      return name === 'on-error'
        ? []
        : [
            {
              effect: 'tighter',
              about: 'check',
              subject: `refusal new ${name}`,
              says: say`refuses some requests itself`,
            },
          ];
    case 'base':
      return inheritance(name, outside, 'tighter');
    case 'opaque':
      return [opaque(name, step.node, 'contains')];
    case 'cache':
      return [answers(name, 'may answer with a cached response')];
    case 'answer':
      // requests that have passed everything get an answer of the gateway instead of one of the backend
      return name === 'on-error' || name === 'outbound' || isComputed(step.node)
        ? [answers(name, 'answers some requests itself')]
        : [
            {
              effect: 'tighter',
              about: 'answer',
              subject: `answer new ${name}`,
              says: say`answers some requests itself instead of the backend`,
            },
          ];
  }
}

function isOf({ step }: Duty, family: CheckFamily): boolean {
  return step.kind === 'check' && step.family === family;
}

function isSame(one: Duty, other: Duty): boolean {
  return canonical(one.step.node) === canonical(other.step.node);
}

/** Whether an answer may contain an answer to somebody else. */
function isComputed(node: PolicyNode): boolean {
  return node.attributes.has('response-variable-name') || valuesIn(node).some(isExpression);
}

function inheritance(
  name: SectionName,
  { matters, of }: Outside,
  effect: 'looser' | 'tighter',
  partly = false,
): Difference[] {
  const weight = matters(name);
  // what is around it and not in the plans seldom decides anything elsewhere than in inbound
  if (weight === false || (weight === undefined && (name !== 'inbound' || effect === 'tighter'))) {
    return [];
  }
  const skipped = of.length === 0 ? say`what applies around it` : of;
  return [
    {
      effect: weight === undefined ? 'unknown' : effect,
      about: 'inheritance',
      subject: `base ${name} ${effect}`,
      says:
        effect === 'looser'
          ? say`skips ${skipped}: ${partly ? 'not every request gets to the' : 'it has no'} <base /> in ${name}`
          : say`no longer skips ${skipped}: it has a <base /> in ${name}`,
    },
  ];
}

function opaque(name: SectionName, node: PolicyNode, wording: string): Difference {
  const isFragment = roleOf(node.name) === 'fragment';
  return {
    effect: 'unknown',
    about: 'check',
    subject: `opaque ${name} ${wording}`,
    says: isFragment
      ? say`${wording.replace('contains', 'includes').replace('contain', 'include')} a fragment whose final text no plan shows`
      : say`${wording} something that this version does not know`,
  };
}

function answers(name: SectionName, wording: string): Difference {
  return { effect: 'unknown', about: 'answer', subject: `${wording} ${name}`, says: say`${wording}` };
}
