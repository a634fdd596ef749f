import { inherited, type PolicyDocument, type PolicySide } from '../../entities/policies';
import { clean, name, say } from '../../message';
import type { ExposureFinding, FindingKind, MessagePart, UnjudgedFinding } from '../../model';
import { printable } from '../../plan/attributes';
import { kindOf } from '../../plan/kinds';
import { isTouched, type Resource } from '../../plan/resource';
import { compareFlows } from '../../policy/compare';
import type { Difference } from '../../policy/difference';
import type { Cell } from '../../policy/state';
import type { RuleId } from '../../rules';
import type { AccessAnalysis } from '../access';
import { byImportance, finding, type Context, type Draft } from '../context';
import { demandsAnything, outsideOf } from './outside';
import { ownerOf, placeOf, type Owner } from './owner';
import { printerOf } from './printer';

/** What changes in policies, and what of that is not understood. */
export interface PolicyAnalysis {
  readonly exposure: readonly ExposureFinding[];
  readonly unjudged: readonly UnjudgedFinding[];
}

/** Compares every policy that the plans change, at every level, before and after. */
export function analyzePolicies(context: Context, access: AccessAnalysis): PolicyAnalysis {
  const { policies } = context.products;
  const readers = readersOf(policies.documents);
  const found = [
    ...policies.documents.filter(isConcerned).flatMap((document) => judge(context, access, document, readers)),
    ...policies.changedFragments().flatMap(({ resource, before, after, usedBy }) => {
      if (usedBy.length === 0 && before !== undefined && after !== undefined) {
        return fragmentAlone(context, resource, before, after);
      }
      // what no policy includes does nothing, and what some include is judged with them
      context.judged.mark(resource, 'policy');
      return [];
    }),
  ];
  markNamedValues(context);
  const exposure = found.filter((each): each is ExposureFinding => each.rule !== 'not-judged');
  const unjudged = found.filter((each): each is UnjudgedFinding => each.rule === 'not-judged');
  return { exposure: exposure.sort(byImportance), unjudged: unjudged.sort(byImportance) };
}

/** Whether anything that a policy is made of is made, changed or taken away. */
function isConcerned({ blocks, before, after }: PolicyDocument): boolean {
  return [...blocks, ...(before?.parts ?? []), ...(after?.parts ?? [])].some(isTouched);
}

/** What the checks of policies read that policies may set, with the policies. */
function readersOf(documents: readonly PolicyDocument[]): ReadonlyMap<string, ReadonlyMap<Cell, ReadonlySet<string>>> {
  const found = new Map<string, Map<Cell, Set<string>>>();
  for (const { key, instance, before, after } of documents) {
    const cells = found.get(instance) ?? new Map<Cell, Set<string>>();
    found.set(instance, cells);
    for (const side of [before, after]) {
      for (const cell of side?.flow === undefined ? [] : Object.values(side.flow).flatMap(({ reads }) => reads)) {
        cells.set(cell, (cells.get(cell) ?? new Set()).add(key));
      }
    }
  }
  return found;
}

type Found = ExposureFinding | UnjudgedFinding;

function judge(
  context: Context,
  access: AccessAnalysis,
  document: PolicyDocument,
  readers: ReadonlyMap<string, ReadonlyMap<Cell, ReadonlySet<string>>>,
): Found[] {
  const owner = ownerOf(context, access, document);
  const place = placeOf(document);
  if (owner === undefined || place === undefined) {
    return [];
  }
  const { before, after } = document;
  const tell = teller(context, owner, document, place);
  mark(context, document);
  if (!owner.after) {
    return [];
  }
  if ([before, after].some((side) => side !== undefined && side.flow === undefined)) {
    return unreadable(owner, document, tell);
  }
  const comparison = {
    printer: printerOf(context, [before, after]),
    outside: outsideOf(context, document),
    readElsewhere: elsewhere(document, readers),
    hides: (value: string) => [before, after].some((side) => side?.hidden.has(value) === true),
  };
  const found = compareFlows(before?.flow ?? inherited(), after?.flow ?? inherited(), comparison).filter((difference) =>
    isNews(owner, difference),
  );
  return [...interruption(context, owner, document, place), ...found.map(tell)];
}

/** Between the two steps of a replacement there is no policy, and nothing of what it demands. */
function interruption(
  context: Context,
  owner: Owner,
  { interrupted, before }: PolicyDocument,
  resource: Resource,
): Found[] {
  return interrupted && owner.before && demandsAnything(before)
    ? [
        exposureFinding(context, owner, {
          rule: 'policy-interrupted',
          resource,
          kinds: ['broadening'],
          says: say`${owner.policy} is removed and written again: in between its demands do not apply`,
        }),
      ]
    : [];
}

function elsewhere(
  { key, instance }: PolicyDocument,
  readers: ReadonlyMap<string, ReadonlyMap<Cell, ReadonlySet<string>>>,
): readonly Cell[] {
  return [...(readers.get(instance) ?? [])]
    .filter(([, keys]) => [...keys].some((other) => other !== key))
    .map(([cell]) => cell);
}

/** Whether a difference says more than the findings on the object itself. */
function isNews({ before, change }: Owner, { about, subject }: Difference): boolean {
  // nobody could call what did not exist: only that it does not inherit what is around it lets more through
  if (!before) {
    return about === 'inheritance';
  }
  // with other ways to call a product, the validation of tokens by its policy is reported as a requirement for callers
  const [former, latter] = [change?.before?.ways, change?.after?.ways];
  const told = former !== undefined && latter !== undefined && former.join() !== latter.join();
  return !(told && /^token (?:all|less|new|place)$/.test(subject));
}

/** A policy that cannot be read is no answer: its former requirements may have been removed. */
function unreadable(owner: Owner, { before, after }: PolicyDocument, tell: (difference: Difference) => Found): Found[] {
  if (before !== undefined && after !== undefined && before.identity === after.identity) {
    return [];
  }
  const [former, latter] = [owner.change?.before, owner.change?.after];
  if (former?.ways !== undefined && latter !== undefined && latter.ways === undefined) {
    // reported as unknown whether the product is open
    return [];
  }
  const demanded = before?.flow !== undefined && demandsAnything(before);
  const problem = after?.problem ?? before?.problem ?? 'cannot be read';
  const says =
    after !== undefined && after.flow === undefined
      ? say`${problem}: what it demands is unknown`
      : say`could not be read before, since it ${problem}: it is unknown whether it demands less now`;
  return [tell({ effect: 'unknown', about: demanded ? 'validation' : 'answer', subject: 'unreadable', says })];
}

function mark(context: Context, { blocks, before, after }: PolicyDocument): void {
  for (const resource of [...blocks, ...(before?.parts ?? []), ...(after?.parts ?? [])]) {
    if (resource.action !== 'forget') {
      context.judged.mark(resource, 'policy');
    }
  }
}

/** A named value that is new changes nothing until a policy reads it; the others are judged with the policies that do. */
function markNamedValues(context: Context): void {
  for (const resource of context.world.managed('named value')) {
    if (resource.before === undefined) {
      context.judged.mark(resource, 'policy');
    }
  }
}

function fragmentAlone(context: Context, resource: Resource, before: PolicySide, after: PolicySide): Found[] {
  const shown = printable(resource.after, 'name') ?? 'that is changed';
  const policy = say`the fragment ${name(shown)}`;
  const owner: Owner = { policy, whose: policy, clients: [], before: true, after: true };
  context.judged.mark(resource, 'policy');
  const tell = teller(context, owner, undefined, resource);
  if (before.flow === undefined || after.flow === undefined) {
    return before.identity === after.identity
      ? []
      : [tell({ effect: 'unknown', about: 'answer', subject: 'unreadable', says: say`cannot be read` })];
  }
  return compareFlows(before.flow, after.flow, {
    printer: printerOf(context, [before, after]),
    outside: { of: [], matters: () => undefined, answers: undefined },
    readElsewhere: [],
    hides: (value) => before.hidden.has(value) || after.hidden.has(value),
  }).map(tell);
}

interface Told {
  readonly rule: RuleId;
  readonly kinds: readonly FindingKind[];
}

const BROADENING: readonly FindingKind[] = ['broadening'];
const BREAKING: readonly FindingKind[] = ['breaking'];
const BOTH: readonly FindingKind[] = ['broadening', 'breaking'];

/** The rule and the kinds of a difference; undefined: it is not judged. */
function toldAs({ effect, about }: Difference): Told | undefined {
  switch (about) {
    case 'validation':
      return effect === 'tighter'
        ? { rule: 'validation-tightened', kinds: BREAKING }
        : { rule: 'validation-weakened', kinds: effect === 'both' ? BOTH : BROADENING };
    case 'audience':
      return effect === 'tighter'
        ? { rule: 'audience-changed', kinds: BREAKING }
        : { rule: 'audience-added', kinds: BROADENING };
    case 'check':
    case 'inheritance':
      return effect === 'tighter'
        ? { rule: 'check-tightened', kinds: BREAKING }
        : effect === 'unknown'
          ? undefined
          : {
              rule: about === 'check' ? 'check-weakened' : 'policy-skipped',
              kinds: effect === 'both' ? BOTH : BROADENING,
            };
    case 'limit':
      return effect === 'tighter'
        ? { rule: 'limit-tightened', kinds: BREAKING }
        : // a limit that counts differently may be none at all
          { rule: effect === 'looser' ? 'limit-loosened' : 'limit-changed', kinds: BROADENING };
    case 'origins':
      return effect === 'unknown'
        ? undefined
        : effect === 'tighter'
          ? { rule: 'origins-narrowed', kinds: BREAKING }
          : { rule: 'origins-widened', kinds: BROADENING };
    case 'answer':
      return effect === 'tighter' ? { rule: 'check-tightened', kinds: BREAKING } : undefined;
    case 'backend':
      return undefined;
  }
}

function teller(
  context: Context,
  owner: Owner,
  document: PolicyDocument | undefined,
  place: Resource,
): (difference: Difference) => Found {
  // a fragment that several policies include is the place of what happens to each of them
  const shared = document !== undefined && !document.blocks.includes(place);
  return (difference) => {
    const { says, lead, before, after } = difference;
    const told = toldAs(difference);
    const subject = shared
      ? `${difference.subject} ${owner.policy.map(({ text }) => text).join('')}`
      : difference.subject;
    const sentence = lead === undefined ? say`${owner.policy} ${says}` : say`${lead}${owner.whose}${says}`;
    if (told === undefined) {
      return notJudged(context, place, subject, sentence);
    }
    return exposureFinding(context, owner, {
      ...told,
      resource: place,
      subject,
      says: sentence,
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
    });
  };
}

function exposureFinding(
  context: Context,
  { product, api, clients }: Owner,
  { before, after, ...draft }: Draft & { readonly before?: string; readonly after?: string },
): ExposureFinding {
  return {
    ...finding(context, draft),
    ...(product === undefined ? {} : { product }),
    ...(api === undefined ? {} : { api: clean(api) }),
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    clients,
  };
}

function notJudged(
  context: Context,
  resource: Resource,
  subject: string,
  says: readonly MessagePart[],
): UnjudgedFinding {
  return {
    ...finding(context, { rule: 'not-judged', resource, subject, kinds: ['unjudged'], says }),
    resourceType: clean(resource.type),
    attributes: [
      kindOf(resource) === 'named value'
        ? 'value'
        : resource.type.startsWith('azapi_')
          ? 'body'
          : resource.type.endsWith('_fragment')
            ? 'value'
            : 'xml_content',
    ],
    may: 'change which callers the gateway accepts, or what they reach',
  };
}
