import { createHash } from 'node:crypto';
import { acknowledge, acknowledgementsOf } from './analysis/acknowledge';
import { compare, type Context } from './analysis/context';
import { credentialsOf } from './analysis/credentials/credential';
import { driftFindings } from './analysis/drift';
import { productsOf } from './analysis/exposure';
import { analyze, contextOf } from './analysis/sections';
import { countChanges, verdictOf } from './analysis/verdict';
import type { Contract } from './contract/contract';
import { evaluate } from './contract/evaluate';
import type { AllowEntry } from './input/allow-file';
import { forgottenObjects } from './coverage/sweep';
import { clean, counted, name, plain, say } from './message';
import type { Finding, Location, MessagePart, Note, Review, StackReview } from './model';
import { kindOf, rowOf } from './plan/kinds';
import { asFound, type Plan } from './plan/plan';
import type { Resource } from './plan/resource';
import { judgedFindings } from './sections';
import { UserError } from './user-error';
import { version } from './version';

export interface ReviewOptions {
  /** Where a resource is written. */
  readonly locate: (resource: Resource) => Location;
  readonly allowed: readonly AllowEntry[];
  /** Rules that must always be kept. */
  readonly contract?: Contract;
  /** `YYYY-MM-DD`. */
  readonly asOf: string;
  readonly expiringWithinDays: number;
}

/** Reviews plans in terms of access. */
export function review(given: readonly Plan[], options: ReviewOptions): Review {
  const plans = [...given].sort((one, other) => compare(one.stack, other.stack));
  refuseUnknownActions(plans);
  const context = contextOf(plans, options);
  const sections = analyze(context);
  const drifted = plans.some((plan) => plan.drifted.length > 0)
    ? driftFindings(
        analyze(
          contextOf(plans, options, (plan) => (plan.drifted.length > 0 ? plan.drifted : asFound(plan.resources))),
        ),
      )
    : [];
  const checked =
    options.contract &&
    evaluate(options.contract, {
      context,
      access: sections.access,
      privilege: sections.privilege,
      credentials: credentialsOf(context),
      unjudged: sections.unjudged.length,
    });
  const settle = <F extends Finding>(found: readonly F[]): readonly F[] =>
    acknowledge(found, options.allowed, options.asOf);
  const access = settle(sections.access.findings);
  const unjudged = settle(sections.unjudged);
  const privilege = settle(sections.privilege);
  const exposure = settle(sections.exposure);
  const credentials = settle(sections.credentials);
  const blastRadius = settle(sections.blastRadius);
  const ways = settle(sections.ways.findings);
  const drift = settle(drifted);
  const contract = settle(checked?.findings ?? []);
  const lists = { contract, unjudged, access, privilege, exposure, credentials, blastRadius, ways, drift };
  const judged = judgedFindings(lists);
  const grants = sections.access.grants;
  return withNumberedKeys({
    formatVersion: '1.1',
    tool: { name: 'apim-oauth', version },
    marker: markerOf(plans),
    asOf: options.asOf,
    expiringWithinDays: options.expiringWithinDays,
    verdict: verdictOf(judged, access, grants),
    changes: countChanges(plans.flatMap(({ resources }) => resources)),
    stacks: stackReviews(plans, judged, access, grants),
    ...lists,
    ...(checked === undefined ? {} : { contractRules: checked.results }),
    grants,
    products: productsOf(context, sections.access),
    clients: sections.access.clients,
    waysIn: sections.ways.ways,
    acknowledgements: acknowledgementsOf([...judged, ...drift], options.allowed, options.asOf),
    notes: notesOf(plans, context, access, judged),
  });
}

/** Keys are made of ids and addresses, some of which may be sensitive: outside they are mere numbers. */
function withNumberedKeys(found: Review): Review {
  const numbers = new Map<unknown, string>();
  const numbered = (key: unknown): string => {
    const number = numbers.get(key) ?? `k${numbers.size + 1}`;
    numbers.set(key, number);
    return number;
  };
  const visit = (value: unknown): unknown => {
    if (Array.isArray(value)) {
      return value.map(visit);
    }
    return typeof value === 'object' && value !== null
      ? Object.fromEntries(
          Object.entries(value).map(([name, item]) => [name, name === 'key' ? numbered(item) : visit(item)]),
        )
      : value;
  };
  return visit(found) as Review;
}

/** An action that this version does not know may do anything: to access, that is no review. */
function refuseUnknownActions(plans: readonly Plan[]): void {
  const problems = plans.flatMap(({ file, unknownActions }) =>
    unknownActions
      .filter((resource) => kindOf(resource) !== undefined)
      .map(
        (resource) =>
          `${file}: ${clean(resource.address)} has actions that this version does not know, so what happens to access is unknown; use a newer version of apim-oauth`,
      ),
  );
  if (problems.length > 0) {
    throw new UserError(problems);
  }
}

function stackReviews(
  plans: readonly Plan[],
  judged: readonly Finding[],
  access: Review['access'],
  grants: Review['grants'],
): readonly StackReview[] {
  const own = ({ stack }: Finding): readonly string[] => [stack];
  const judgedIn = byStack(judged, own);
  const accessIn = byStack(access, own);
  const grantsIn = byStack(grants, ({ stacks }) => stacks);
  return plans.map((plan) => ({
    name: plan.stack,
    file: plan.file,
    ...(plan.terraformVersion === undefined ? {} : { terraformVersion: plan.terraformVersion }),
    verdict: verdictOf(judgedIn(plan.stack), accessIn(plan.stack), grantsIn(plan.stack)),
    changes: countChanges(plan.resources),
    accessResources: accessResources(plan),
  }));
}

/** Groups once what would else be searched for every stack. */
function byStack<T>(items: readonly T[], stacksOf: (item: T) => readonly string[]): (stack: string) => readonly T[] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    for (const stack of new Set(stacksOf(item))) {
      const found = groups.get(stack);
      if (found === undefined) {
        groups.set(stack, [item]);
      } else {
        found.push(item);
      }
    }
  }
  return (stack) => groups.get(stack) ?? [];
}

function accessResources({ resources }: Plan): number {
  return resources.filter((resource) => {
    const kind = kindOf(resource);
    return resource.mode === 'managed' && kind !== undefined && rowOf(kind).incidental !== true;
  }).length;
}

/** The same for the same set of stacks, in every version: what finds the comment of the run before. */
function markerOf(plans: readonly Plan[]): string {
  const stacks = JSON.stringify(plans.map(({ stack }) => stack));
  return `apim-oauth-review-${createHash('sha256').update(stacks).digest('hex').slice(0, 16)}`;
}

function notesOf(
  plans: readonly Plan[],
  context: Context,
  access: Review['access'],
  told: readonly Finding[],
): readonly Note[] {
  const accessIn = byStack(access, ({ stack }) => [stack]);
  const ofPlans = plans.flatMap((plan): Note[] => [
    ...(accessResources(plan) === 0
      ? [note(plan, say`nothing in ${name(plan.stack)} affects access to API Management products`)]
      : []),
    ...(plan.unknownReasons > 0
      ? [
          note(
            plan,
            say`${counted(plan.unknownReasons, 'resource')} of ${name(plan.stack)} ${plan.unknownReasons === 1 ? 'gives' : 'give'} a reason that this version does not know: it is left out`,
          ),
        ]
      : []),
    ...(plan.unknownActions.length > 0
      ? [
          note(
            plan,
            plan.unknownActions.length === 1
              ? say`1 resource of ${name(plan.stack)} that has nothing to do with access has actions that this version does not know: it is counted as unchanged`
              : say`${plan.unknownActions.length} resources of ${name(plan.stack)} that have nothing to do with access have actions that this version does not know: they are counted as unchanged`,
          ),
        ]
      : []),
    ...plan.failedChecks.map((address) => note(plan, say`${name(address)} does not hold, see the plan`)),
    ...unresolved(plan, accessIn(plan.stack)),
  ]);
  const forgotten = forgottenObjects(context, told).map((resource): Note => {
    const parts = say`${name(resource.address)} is forgotten: what it gives stays, and no plan will show it any more`;
    return { stack: resource.stack, message: plain(parts), parts };
  });
  return [...ofPlans, ...forgotten];
}

function unresolved(plan: Plan, access: Review['access']): Note[] {
  const count = access.filter(({ client, product }) =>
    [client.key, product.key].some((key) => key.startsWith('unknown ')),
  ).length;
  return count === 0
    ? []
    : [
        note(
          plan,
          say`${counted(count, 'grant')} of ${name(plan.stack)} cannot be resolved to a client and a product before the apply: see the addresses`,
        ),
      ];
}

function note({ stack }: Plan, parts: readonly MessagePart[]): Note {
  return { stack, message: plain(parts), parts };
}
