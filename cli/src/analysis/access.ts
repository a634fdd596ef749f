import { armKeyOf } from '../entities/aliases';
import type { AccessChange, AccessFinding, Client, ClientName, Grant, Means, MessagePart, ProductName } from '../model';
import { UNKNOWN_NAME } from '../entities/names';
import { clean, name, say } from '../message';
import { printable, text } from '../plan/attributes';
import { kindOf } from '../plan/kinds';
import { isDestroyed, isReplaced, type Resource } from '../plan/resource';
import type { RuleId } from '../rules';
import { byImportance, compare, finding, type Context } from './context';
import { changeOf, groupFacts, markFacts, placeOf, type FactGroup } from './facts';
import { grantsOf, isInForce, type GrantFact } from './grants';

export interface AccessAnalysis {
  readonly findings: readonly AccessFinding[];
  readonly grants: readonly Grant[];
  readonly clients: readonly Client[];
  readonly pairs: readonly AccessPair[];
  /** Keys of the clients that have a product on a side; a product's key to clients' keys. */
  readonly clientsBefore: ReadonlyMap<string, readonly string[]>;
  readonly clientsAfter: ReadonlyMap<string, readonly string[]>;
  /** The same the other way round, before. */
  readonly productsBefore: ReadonlyMap<string, readonly string[]>;
  /** What the pairs are made of, as far as it is in force. */
  readonly facts: readonly GrantFact[];
}

/** A pair of client and product, with the block at which it is best seen. */
export interface AccessPair {
  readonly client: ClientName;
  readonly product: ProductName;
  readonly means: readonly Means[];
  /** Whether the client has the product before and after. */
  readonly before: boolean;
  readonly after: boolean;
  readonly resource: Resource;
}

type Pair = FactGroup<GrantFact> & { readonly client: string; readonly product: string; readonly role?: string };

/** Who gains, loses, keeps or has which product. */
export function analyzeAccess(context: Context): AccessAnalysis {
  const given = grantsOf(context.world);
  markFacts(context, given, 'grant');
  // a key that is not active opens nothing
  context.world.managed('subscription').forEach((resource) => context.judged.mark(resource, 'grant'));
  const facts = given.filter((fact) => isInForce(context.world, fact));
  const pairs = [...groupFacts(withoutGone(context, facts), keyOf).values()].map(pairOf);
  const judged = pairs.map((pair) => ({ pair, change: pairChange(context, pair) }));
  return {
    findings: judged
      .flatMap(({ pair, change }) => (change === 'unchanged' ? [] : [accessFinding(context, pair, change)]))
      .sort(byImportance),
    grants: judged.map(({ pair, change }) => grant(context, pair, change)).sort(byNames),
    clients: clients(context, pairs),
    pairs: judged.map(({ pair, change }) => accessPair(context, pair, change)),
    clientsBefore: reach(pairs, 'before', 'product', 'client'),
    clientsAfter: reach(
      judged.filter(({ change }) => change !== 'lost').map(({ pair }) => pair),
      'after',
      'product',
      'client',
    ),
    productsBefore: reach(pairs, 'before', 'client', 'product'),
    facts,
  };
}

/** Of several blocks of one object, none gives access any more once one of them has destroyed it. */
function withoutGone(context: Context, facts: readonly GrantFact[]): readonly GrantFact[] {
  const objectOf = ({ resource, client, product }: GrantFact): string | undefined => {
    const id =
      armKeyOf(resource, resource.before === undefined ? 'after' : 'before', context.world.referencesOf) ??
      /\/.*/.exec(text(resource.before ?? resource.after, 'id') ?? '')?.[0];
    // environments may be copies of each other, with the same ids
    return id === undefined ? undefined : [resource.stack, id, client, product].join('\n');
  };
  const gone = new Set(facts.filter(({ resource }) => resource.action === 'delete').map(objectOf));
  if (gone.size === 0) {
    return facts;
  }
  // a block that writes something else gives that; one that leaves it as it was gives nothing any more
  const former = new Map(facts.filter(({ side }) => side === 'before').map((fact) => [fact.resource, keyOf(fact)]));
  return facts.filter((fact) => {
    const { resource, side } = fact;
    const keeps =
      ['no-op', 'forget'].includes(resource.action) ||
      (resource.action === 'update' && side === 'after' && former.get(resource) === keyOf(fact));
    const object = keeps ? objectOf(fact) : undefined;
    return object === undefined || !gone.has(object);
  });
}

function keyOf({ client, product, role, roleId, unknownRole, resource }: GrantFact): string {
  const unknown = unknownRole === true ? `unknown ${resource.stack} ${resource.address}` : '';
  return [client, product, role ?? roleId ?? unknown].join('\n');
}

function pairOf(group: FactGroup<GrantFact>): Pair {
  const [fact] = [...group.after, ...group.before];
  if (fact === undefined) {
    throw new Error('a group of facts is never empty');
  }
  const { client, product, role } = fact;
  return { ...group, client, product, ...(role === undefined ? {} : { role }) };
}

/** A grant that Terraform leaves alone ends all the same when what it joins is destroyed. */
function pairChange(context: Context, pair: Pair): AccessChange {
  const change = changeOf(pair);
  const ends = [pair.client, pair.product].some((key) => isGone(context.world.resourcesOf(key)));
  return ends && change !== 'lost' ? 'lost' : change;
}

function accessPair(context: Context, pair: Pair, change: AccessChange): AccessPair {
  return {
    client: clientName(context, pair),
    product: context.names.product(pair.product),
    means: meansOf([...pair.before, ...pair.after]),
    before: pair.before.length > 0 || change === 'imported',
    after: change !== 'lost',
    resource: placeOf(pair),
  };
}

/** Whether something exists no more: a service principal or settings may go while the thing itself stays. */
function isGone(resources: readonly Resource[]): boolean {
  const own = resources.filter(
    (resource) =>
      resource.mode === 'managed' && ['product', 'client application', 'application'].includes(kindOf(resource) ?? ''),
  );
  return own.length > 0 && own.every((resource) => resource.action === 'delete');
}

const RULE_OF: Readonly<Record<Exclude<AccessChange, 'unchanged'>, RuleId>> = {
  gained: 'access-gained',
  lost: 'access-lost',
  interrupted: 'access-interrupted',
  kept: 'access-kept',
  imported: 'access-imported',
};

function accessFinding(context: Context, pair: Pair, change: Exclude<AccessChange, 'unchanged'>): AccessFinding {
  const client = clientName(context, pair);
  const product = context.names.product(pair.product);
  const facts = change === 'lost' ? pair.before : [...pair.after, ...pair.before];
  const resource = placeOf(pair);
  const audience = audienceOf(context, pair, change);
  return {
    ...finding(context, {
      rule: RULE_OF[change],
      resource,
      subject: pair.role ?? '',
      kinds: change === 'gained' ? ['broadening'] : change === 'lost' || change === 'interrupted' ? ['breaking'] : [],
      says: sentence(context, pair, change),
      otherAddresses: [...new Set(facts.map((fact) => fact.resource.address))].filter(
        (address) => address !== resource.address,
      ),
    }),
    change,
    client,
    product,
    means: meansOf(facts),
    ...(pair.role === undefined ? {} : { role: name(pair.role).text }),
    ...(audience === undefined ? {} : { audience }),
  };
}

function sentence(context: Context, pair: Pair, change: Exclude<AccessChange, 'unchanged'>): readonly MessagePart[] {
  const client = name(clientName(context, pair).name);
  const product = name(context.names.product(pair.product).name);
  const role = pair.role === undefined ? [] : say` with role ${name(pair.role)}`;
  switch (change) {
    case 'gained':
      return say`${client} gains ${product} by ${meansOf(pair.after).join(' and ')}${role}`;
    case 'lost':
      return say`${client} loses ${product}${role}${lossReason(context, pair)}`;
    case 'interrupted':
      return say`${client} loses ${product}${role} and gets it again${replacement(context, pair)}: calls fail in between`;
    case 'kept':
      return say`${client} keeps ${product}${role}: Terraform forgets the grant and the access stays`;
    case 'imported':
      return say`${client} has ${product}${role} already: Terraform imports the grant`;
  }
}

function lossReason(context: Context, { client, product, before }: Pair): readonly MessagePart[] {
  if (before.every(({ resource }) => isDestroyed(resource))) {
    return [];
  }
  return isGone(context.world.resourcesOf(product))
    ? say`: the product is destroyed`
    : isGone(context.world.resourcesOf(client))
      ? say`: the client is destroyed`
      : [];
}

/** Where the product itself is replaced by one with another id, its name alone would hide that. */
function replacement(context: Context, { product }: Pair): readonly MessagePart[] {
  const replaced = context.world
    .resourcesOf(product)
    .some((resource) => kindOf(resource) === 'product' && isReplaced(resource));
  return replaced ? say` on the product that replaces it` : [];
}

function clientName(context: Context, { client, after, before }: Pair) {
  const [fact] = [...after, ...before];
  return fact?.means === 'subscription key'
    ? { key: client, name: subscriptionName(fact) }
    : context.names.client(client);
}

function subscriptionName({ resource, side }: GrantFact): string {
  const given =
    printable(resource[side], 'display_name') ?? printable(resource[side], 'body', 'properties', 'displayName');
  return clean(given ?? resource.address);
}

/** For whom the client's tokens are made; keys have no audience. */
function audienceOf(context: Context, pair: Pair, change: AccessChange): string | undefined {
  const facts = [...pair.after, ...pair.before];
  if (facts.every(({ means }) => means === 'subscription key')) {
    return undefined;
  }
  const side = change === 'lost' ? 'before' : 'after';
  const found = context.products.state(pair.product, side)?.audience;
  const remade = context.world
    .resourcesOf(pair.product)
    .some(({ action }) => action === 'create' || action === 'replace');
  return found === undefined ? (remade && side === 'after' ? UNKNOWN_NAME : undefined) : clean(found);
}

function meansOf(facts: readonly GrantFact[]) {
  return [...new Set(facts.map(({ means }) => means))].sort(compare);
}

function grant(context: Context, pair: Pair, change: AccessChange): Grant {
  return {
    client: clientName(context, pair),
    product: context.names.product(pair.product),
    change,
    before: meansOf(change === 'imported' ? pair.after : pair.before),
    after: change === 'lost' ? [] : meansOf(change === 'kept' ? pair.before : pair.after),
    stacks: [...new Set([...pair.before, ...pair.after].map(({ resource }) => resource.stack))].sort(compare),
  };
}

function byNames(one: Grant, other: Grant): number {
  return (
    compare(one.client.name, other.client.name) ||
    compare(one.product.name, other.product.name) ||
    compare(one.client.key, other.client.key) ||
    compare(one.product.key, other.product.key)
  );
}

function reach(
  pairs: readonly Pair[],
  side: 'before' | 'after',
  from: 'client' | 'product',
  to: 'client' | 'product',
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, Set<string>>();
  for (const pair of pairs.filter((candidate) => candidate[side].length > 0)) {
    const reached = found.get(pair[from]) ?? new Set();
    found.set(pair[from], reached.add(pair[to]));
  }
  return new Map([...found].map(([key, reached]) => [key, [...reached]]));
}

function clients(context: Context, pairs: readonly Pair[]): readonly Client[] {
  const applications = context.world.managed('client application').map((resource) => context.world.keyOf(resource));
  const byKey = new Map<string, { before: boolean; after: boolean; stacks: Set<string>; pair?: Pair }>();
  const entry = (key: string) => {
    const found = byKey.get(key) ?? { before: false, after: false, stacks: new Set<string>() };
    byKey.set(key, found);
    return found;
  };
  for (const key of applications) {
    entry(key);
  }
  for (const pair of pairs) {
    const found = entry(pair.client);
    found.pair = pair;
    found.before ||= pair.before.length > 0;
    found.after ||= pair.after.length > 0;
    [...pair.before, ...pair.after].forEach(({ resource }) => found.stacks.add(resource.stack));
  }
  for (const [key, found] of byKey) {
    for (const resource of context.world.resourcesOf(key).filter(({ mode }) => mode === 'managed')) {
      found.stacks.add(resource.stack);
      found.before ||= resource.before !== undefined;
      found.after ||= resource.after !== undefined;
    }
    if (isGone(context.world.resourcesOf(key))) {
      found.after = false;
    }
  }
  return [...byKey]
    .map(([key, { before, after, stacks, pair }]): Client => ({
      ...(pair === undefined ? context.names.client(key) : clientName(context, pair)),
      stacks: [...stacks].sort(compare),
      before,
      after,
    }))
    .sort((one, other) => compare(one.name, other.name) || compare(one.key, other.key));
}
