import { say } from '../message';
import type { MessagePart } from '../model';
import { differences, textsIn, what } from './checks';
import { isExpression } from './csharp';
import type { Difference, Printer } from './difference';
import { SECTIONS, type CheckFamily, type Effect, type Flow, type Section, type SectionName } from './flow';
import { dutiesOf, outcomeOf, type Duty, type Outcome } from './guarantee';
import { compareLimits } from './limits';
import { canonical, type PolicyNode } from './reader';
import { meets, valuesIn, type Cell } from './state';
import { identifies, opensOrigins, roleOf, whatItDoes } from './vocabulary';

/** What is known of the policies around one, in whose place `<base />` stands. */
export interface Outside {
  /** Whose policies they are, for a sentence; empty where the plans show none. */
  readonly of: readonly MessagePart[];
  /** Whether anything in them bears on who gets through; undefined: not known. */
  readonly matters: (section: SectionName) => boolean | undefined;
  /** Whether they may answer a request; undefined: not known. */
  readonly answers: boolean | undefined;
}

export interface Comparison {
  readonly printer: Printer;
  readonly outside: Outside;
  /** What decides in other policies of the same instance reads. */
  readonly readElsewhere: readonly Cell[];
}

/** What two policies do differently to who gets through, and what of that is not understood. */
export function compareFlows(before: Flow, after: Flow, comparison: Comparison): readonly Difference[] {
  return SECTIONS.flatMap((name) => {
    const [former, latter] = [before[name], after[name]];
    const elsewhere = [
      ...comparison.readElsewhere,
      ...SECTIONS.filter((other) => other !== name).flatMap((other) => [...before[other].reads, ...after[other].reads]),
    ];
    return [
      ...compareDuties(name, former, latter, comparison),
      ...(name === 'inbound' ? compareLimits(former.effects, latter.effects, comparison.printer) : []),
      ...(name === 'inbound' ? compareOrigins(former.effects, latter.effects) : []),
      ...compareEffects(name, former.effects, latter.effects, elsewhere),
      ...compareOrder(name, former.effects, latter.effects),
    ];
  });
}

interface Judged {
  readonly duty: Duty;
  readonly outcome: Outcome;
}

function compareDuties(
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
      return [answers(name, 'may answer with what it kept of an earlier answer')];
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

/** Whether an answer may hold what somebody else has answered. */
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
      ? say`${wording.replace('contains', 'includes').replace('contain', 'include')} a fragment that no plan shows as it will be`
      : say`${wording} something that this version does not know`,
  };
}

function answers(name: SectionName, wording: string): Difference {
  return { effect: 'unknown', about: 'answer', subject: `${wording} ${name}`, says: say`${wording}` };
}

/** Those that are in one list more often than in the other. */
function changed(before: readonly Effect[], after: readonly Effect[]): readonly Effect[] {
  const rest = [...before];
  const added = after.filter(({ id }) => {
    const index = rest.findIndex((effect) => effect.id === id);
    if (index >= 0) {
      rest.splice(index, 1);
    }
    return index < 0;
  });
  return [...rest, ...added];
}

function compareEffects(
  name: SectionName,
  before: readonly Effect[],
  after: readonly Effect[],
  elsewhere: readonly Cell[],
): Difference[] {
  return distinct(
    changed(before, after).flatMap((effect): Difference[] => {
      const { node, sets } = effect;
      const role = roleOf(node.name);
      const unknown = (about: Difference['about'], subject: string, says: readonly MessagePart[]): Difference[] => [
        { effect: 'unknown', about, subject: `${subject} ${name}`, says },
      ];
      if (role === 'reaches') {
        return unknown('backend', whatItDoes(node.name), say`${whatItDoes(node.name)} in another way than before`);
      }
      if (sets.some((cell) => elsewhere.some((read) => meets(cell, read)))) {
        return unknown('check', 'read elsewhere', say`changes something that a check in another place reads`);
      }
      if (node.name === 'set-header') {
        const header = node.attributes.get('name') ?? '';
        if ((name === 'inbound' || name === 'backend') && identifies(header)) {
          return unknown('backend', 'identity', say`changes a header by which the backend may know the caller`);
        }
        if ((name === 'outbound' || name === 'on-error') && opensOrigins(header)) {
          return unknown(
            'origins',
            'headers',
            say`changes a header that tells browsers which pages may read the answer`,
          );
        }
      }
      return [];
    }),
  );
}

/** What is done before checks that came before it. */
function compareOrder(name: SectionName, before: readonly Effect[], after: readonly Effect[]): Difference[] {
  const moved = after.some(
    ({ node, id, checks }) =>
      roleOf(node.name) === 'reaches' && before.some((former) => former.id === id && former.checks > checks),
  );
  return moved
    ? [
        {
          effect: 'unknown',
          about: 'backend',
          subject: `order ${name}`,
          says: say`does for all requests what it did for those that had passed its checks`,
        },
      ]
    : [];
}

function compareOrigins(before: readonly Effect[], after: readonly Effect[]): Difference[] {
  const [former, latter] = [before, after].map((effects) =>
    effects.filter(({ node }) => roleOf(node.name) === 'origins'),
  );
  if (former === undefined || latter === undefined || changed(former, latter).length === 0) {
    return [];
  }
  const tell = (effect: Difference['effect'], says: readonly MessagePart[]): Difference[] => [
    { effect, about: 'origins', subject: `origins ${effect}`, says },
  ];
  const [old, fresh] = [former[0], latter[0]];
  if (fresh === undefined) {
    return tell('tighter', say`lets no page of another origin read answers any more`);
  }
  if (old === undefined && latter.length === 1) {
    return tell('looser', say`lets pages of other origins read answers`);
  }
  if (
    old === undefined ||
    former.length > 1 ||
    latter.length > 1 ||
    [old, fresh].some(({ node }) => node.name !== 'cors') ||
    old.when !== fresh.when
  ) {
    return tell('unknown', say`decides in another way which pages of other origins may read answers`);
  }
  return compareCors(old.node, fresh.node, tell);
}

const CORS_LISTS: readonly (readonly [group: string, item: string])[] = [
  ['allowed-origins', 'origin'],
  ['allowed-methods', 'method'],
  ['allowed-headers', 'header'],
  ['expose-headers', 'header'],
];

function compareCors(
  before: PolicyNode,
  after: PolicyNode,
  tell: (effect: Difference['effect'], says: readonly MessagePart[]) => Difference[],
): Difference[] {
  const lists = (node: PolicyNode): readonly string[] =>
    CORS_LISTS.flatMap(([group, item]) => textsIn(node, group, item).map((text) => `${group} ${text.toLowerCase()}`));
  const credentials = (node: PolicyNode): boolean =>
    !/^(?:|false)$/i.test(node.attributes.get('allow-credentials') ?? '');
  const [old, fresh] = [lists(before), lists(after)];
  const looser = fresh.some((entry) => !old.includes(entry)) || (credentials(after) && !credentials(before));
  const any = (entry: string): boolean => fresh.includes(`${entry.split(' ')[0] ?? ''} *`);
  const tighter =
    old.some((entry) => !fresh.includes(entry) && !any(entry)) || (credentials(before) && !credentials(after));
  if (!looser && !tighter && rest(before) === rest(after)) {
    return [];
  }
  return [
    ...(looser || !tighter
      ? tell(looser ? 'looser' : 'unknown', say`lets more pages of other origins read answers, or read more of them`)
      : []),
    ...(tighter ? tell('tighter', say`lets fewer pages of other origins read answers, or read less of them`) : []),
  ];
}

/** What of it does not say who may read what: how long a browser keeps the answer to its question. */
function rest(node: PolicyNode): string {
  return [...node.attributes]
    .filter(([key]) => key !== 'allow-credentials')
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join();
}

function distinct(found: readonly Difference[]): Difference[] {
  const seen = new Set<string>();
  return found.filter(({ effect, subject }) => {
    const key = `${effect} ${subject}`;
    return !seen.has(key) && seen.add(key);
  });
}
