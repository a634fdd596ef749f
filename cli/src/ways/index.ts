import { compare, finding, type Context } from '../analysis/context';
import { SIDES } from '../entities/aliases';
import { clean, listed, name, say } from '../message';
import type { MessagePart, WayFinding, WayIn } from '../model';
import { isTouched } from '../plan/resource';
import type { Edge } from './edge';
import { wayGraph, type Sources } from './graph';
import { waysOf, type Way } from './paths';

export interface WayAnalysis {
  /** The ways that the plans make or close, the shortest first. */
  readonly findings: readonly WayFinding[];
  /** Every way, the shortest first. */
  readonly ways: readonly WayIn[];
}

/** Who can get at a product in one or more steps besides those that are granted it, and what of that changes. */
export function analyzeWays(context: Context, sources: Sources): WayAnalysis {
  const graph = wayGraph(context, sources);
  const [before, after] = SIDES.map((side) => waysOf(graph.edges, side));
  const called = (key: string): string => clean(graph.names.get(key) ?? context.names.name(key));
  const changed: { readonly way: Way; readonly change: WayIn['change'] }[] = [];
  for (const key of [...new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])])]) {
    const [was, is] = [before?.get(key), after?.get(key)];
    const way = is ?? was;
    if (way !== undefined) {
      changed.push({ way, change: was === undefined ? 'made' : is === undefined ? 'closed' : 'unchanged' });
    }
  }
  return {
    findings: findings(context, changed, called),
    ways: changed
      .map(({ way, change }) => wayIn(context, way, change, called))
      .sort(
        (one, other) =>
          one.steps.length - other.steps.length ||
          compare(one.who.name, other.who.name) ||
          compare(one.product.name, other.product.name) ||
          compare(JSON.stringify(one.steps), JSON.stringify(other.steps)),
      ),
  };
}

function wayIn(context: Context, way: Way, change: WayIn['change'], called: (key: string) => string): WayIn {
  return {
    who: { key: way.who, name: called(way.who) },
    product: context.names.product(way.product),
    change,
    steps: way.steps.map(({ label, from, to, resource }) => ({
      edge: label,
      from: { key: from, name: called(from) },
      to: { key: to, name: called(to) },
      stack: resource.stack,
      address: clean(resource.address),
    })),
  };
}

/**
 * Ways that differ only in their product are reported as one. Those to or through something that is made or destroyed are
 * part of its creation and its end, which are reported.
 */
function findings(
  context: Context,
  changed: readonly { readonly way: Way; readonly change: WayIn['change'] }[],
  called: (key: string) => string,
): readonly WayFinding[] {
  const groups = new Map<string, { readonly change: 'made' | 'closed'; readonly ways: Way[] }>();
  for (const { way, change } of changed) {
    if (change === 'unchanged' || !way.steps.every(({ to }) => stays(context, to))) {
      continue;
    }
    const path = way.steps.slice(0, -1).map(({ from, label, to }) => [from, label, to]);
    const key = JSON.stringify([change, path]);
    const group = groups.get(key);
    if (group === undefined) {
      groups.set(key, { change, ways: [way] });
    } else {
      group.ways.push(way);
    }
  }
  return merged([...groups.values()])
    .map(({ change, ways }) => ({ length: ways[0]?.steps.length ?? 0, found: told(context, change, ways, called) }))
    .sort(
      (one, other) =>
        Number(one.found.change === 'closed') - Number(other.found.change === 'closed') ||
        one.length - other.length ||
        compare(one.found.message, other.found.message) ||
        compare(one.found.id, other.found.id),
    )
    .map(({ found }) => found);
}

interface Group {
  readonly change: 'made' | 'closed';
  readonly ways: readonly Way[];
}

/** Anyone who takes the same single step to many clients with the same products is reported once. */
function merged(groups: readonly Group[]): readonly Group[] {
  const found = new Map<string, Group>();
  for (const group of groups) {
    const [way] = group.ways;
    const [first, ...rest] = way?.steps ?? [];
    const key =
      rest.length === 1
        ? JSON.stringify([group.change, way?.who, first?.label, group.ways.map(({ product }) => product).sort()])
        : JSON.stringify([group.change, found.size]);
    const known = found.get(key);
    found.set(key, known === undefined ? group : { ...group, ways: [...known.ways, ...group.ways] });
  }
  return [...found.values()];
}

function stays(context: Context, key: string): boolean {
  const own = context.world.resourcesOf(key).filter(({ mode }) => mode === 'managed');
  return own.length === 0 || own.some(({ before, after }) => before !== undefined && after !== undefined);
}

function told(
  context: Context,
  change: 'made' | 'closed',
  ways: readonly Way[],
  called: (key: string) => string,
): WayFinding {
  const [way] = ways;
  if (way === undefined) {
    throw new Error('a group of ways is never empty');
  }
  const steps = way.steps.slice(0, -1);
  const firsts = [...new Set(ways.map(({ steps: [step] }) => called(step?.to ?? '')))].sort(compare);
  const resource = (way.steps.find((edge) => isTouched(edge.resource)) ?? way.steps[0])?.resource;
  if (resource === undefined) {
    throw new Error('a way has at least one step');
  }
  const products = [...new Map(ways.map(({ product }) => [product, context.names.product(product)])).values()].sort(
    (one, other) => compare(one.name, other.name),
  );
  const names = products.map((product) => product.name);
  const who = called(way.who);
  return {
    ...finding(context, {
      rule: change === 'made' ? 'way-made' : 'way-closed',
      resource,
      subject: JSON.stringify([who, steps.map(({ label, to }) => [label, called(to)]), firsts, names]),
      kinds: change === 'made' ? ['broadening'] : [],
      says:
        change === 'made'
          ? say`${name(who)} gets a way to ${listed(names)}: it ${path(steps, firsts, change, called)}`
          : say`${name(who)} loses a way to ${listed(names)}: it ${path(steps, firsts, change, called)}`,
      otherAddresses: [...new Set(way.steps.map((edge) => edge.resource.address))].filter(
        (address) => address !== resource.address,
      ),
    }),
    change,
    who: { key: way.who, name: who },
    products,
    edges: steps.map(({ label }) => label),
  };
}

/** What somebody does or did at each step, in plain words, with BloodHound's name of the edge. */
const WORDS: Readonly<Record<string, readonly [present: string, past: string]>> = {
  AZOwns: ['owns', 'owned'],
  AZMemberOf: ['is a member of', 'was a member of'],
  AZAuthenticatesTo: ['signs in as', 'signed in as'],
  AZManagedIdentity: ['runs as', 'ran as'],
  AZGetSecrets: ['reads secrets of', 'read secrets of'],
  AZGetKeys: ['signs with keys of', 'signed with keys of'],
  AZGetCertificates: ['changes certificates of', 'changed certificates of'],
  AZVaultContributor: ['sets who reads', 'set who reads'],
  AZContributor: ['manages', 'managed'],
  AZUserAccessAdministrator: ['gives roles on', 'gave roles on'],
  APIMListSecrets: ['reads keys and secrets of', 'read keys and secrets of'],
  TFReadState: ['finds there a secret of', 'found there a secret of'],
};

/** Steps that nobody takes: where a thing leads to. */
const LEADS: Readonly<Record<string, string>> = {
  APIMSecretOf: 'which holds a secret of',
  AZAddSecret: 'among them',
  AZAddMembers: 'among them',
};

function path(
  steps: readonly Edge[],
  firsts: readonly string[],
  change: 'made' | 'closed',
  called: (key: string) => string,
): readonly MessagePart[] {
  return steps.flatMap(({ label, to, actor }, index) => {
    const [present, past] = WORDS[label] ?? ['administers', 'administered'];
    const does = change === 'made' ? present : past;
    return actor
      ? say`${index === 0 ? '' : ', which '}${does} ${index === 0 ? listed(firsts) : name(called(to))} (${label})`
      : say`, ${LEADS[label] ?? 'then'} ${name(called(to))}`;
  });
}
