import { clean } from '../message';
import type { ClientName, ProductName } from '../model';
import { guid } from '../plan/arm';
import { isSensitive, printable, text } from '../plan/attributes';
import { kindOf } from '../plan/kinds';
import type { Resource, Side } from '../plan/resource';
import { armKeyOf, isUnknownAlias, type SideName } from './aliases';
import type { World } from './world';

export const UNKNOWN_NAME = 'unknown until apply';
/** More would be no help. */
const MOST_CANDIDATES = 4;
export const SENSITIVE_NAME = 'a sensitive value';

type Mark = readonly (string | undefined)[];

/** What people call products and clients. A name that several have is distinguished by other known facts. */
export class Names {
  private readonly raw = new Map<string, string>();
  private readonly bearers = new Map<string, Set<string>>();
  private readonly marks = new Map<string, Map<string, number>[]>();
  private readonly shown = new Map<string, string>();
  private readonly products = new Map<string, ProductName>();
  private readonly clients = new Map<string, ClientName>();
  private readonly hiddenInstances = new Set<string>();

  constructor(private readonly world: World) {
    for (const resource of world.all('instance')) {
      const side: SideName = resource.after === undefined ? 'before' : 'after';
      const own = armKeyOf(resource, side, world.referencesOf);
      if (own !== undefined && (isSensitive(resource[side], 'name') || isSensitive(resource[side], 'id'))) {
        this.hiddenInstances.add(own);
      }
    }
    for (const resource of world.all(
      'product',
      'product settings',
      'client application',
      'application',
      'service principal',
      'group',
      'identity',
      'instance',
      'user',
      'group',
      'key vault',
      'instance user',
    )) {
      const key = world.keyOf(resource);
      const bearer = `${this.family(key)} ${this.rawName(key)}`;
      const found = this.bearers.get(bearer);
      if (found === undefined) {
        this.bearers.set(bearer, new Set([key]));
      } else {
        found.add(key);
      }
    }
  }

  product(key: string): ProductName {
    return remembered(this.products, key, () => {
      const place = this.place(key);
      return {
        key,
        name: this.name(key),
        ...(place?.productId === undefined ? {} : { productId: clean(place.productId) }),
        ...(place?.instance === undefined ? {} : { instance: clean(place.instance) }),
      };
    });
  }

  client(key: string): ClientName {
    return remembered(this.clients, key, () => {
      const clientId = this.clientId(key);
      return { key, name: this.name(key), ...(clientId === undefined ? {} : { clientId }) };
    });
  }

  name(key: string): string {
    return remembered(this.shown, key, () => this.distinguished(key));
  }

  private distinguished(key: string): string {
    const own = this.rawName(key);
    const bearer = `${this.family(key)} ${own}`;
    const bearers = this.bearers.get(bearer) ?? new Set();
    if (bearers.size < 2) {
      return own;
    }
    // the first kind of mark that nobody else of the name has
    const marks = this.marksOf(key);
    const counts = this.markCounts(bearer, bearers);
    const self = bearers.has(key) ? 1 : 0;
    const found = marks.find((mark, kind) => (counts[kind]?.get(String(mark)) ?? 0) === self);
    const shown = (found ?? marks[0] ?? []).filter((mark) => mark !== undefined);
    return shown.length === 0 ? own : clean(`${own} (${shown.join(', ')})`);
  }

  private marksOf(key: string): readonly Mark[] {
    const { productId, instance } = this.place(key) ?? {};
    const [first] = this.world.resourcesOf(key);
    return [[first?.stack], [productId ?? this.clientId(key), instance], [first?.stack, first?.address]];
  }

  /** How many of a name have which mark, for each kind of mark: counted once, since a name may have very many. */
  private markCounts(bearer: string, keys: ReadonlySet<string>): readonly ReadonlyMap<string, number>[] {
    let counts = this.marks.get(bearer);
    if (counts === undefined) {
      counts = [];
      for (const key of keys) {
        for (const [kind, mark] of this.marksOf(key).entries()) {
          const ofKind = (counts[kind] ??= new Map<string, number>());
          ofKind.set(String(mark), (ofKind.get(String(mark)) ?? 0) + 1);
        }
      }
      this.marks.set(bearer, counts);
    }
    return counts;
  }

  /** Products are never mixed up with clients, even by the same name. */
  private family(key: string): string {
    return this.world.resourcesOf(key).some((resource) => isProduct(resource)) ? 'product' : 'principal';
  }

  private rawName(key: string): string {
    return remembered(this.raw, key, () => clean(this.findName(key)) || UNKNOWN_NAME);
  }

  private findName(key: string): string {
    const members = [...this.world.resourcesOf(key)].sort(byTrust);
    for (const side of ['after', 'before'] as const) {
      for (const resource of members) {
        const display = displayName(resource, resource[side]);
        if (display !== undefined) {
          return display;
        }
      }
    }
    for (const resource of members) {
      const own =
        printable(resource.after ?? resource.before, 'name') ??
        printable(resource.after ?? resource.before, 'product_id');
      if (own !== undefined) {
        return own;
      }
    }
    return this.place(key)?.productId ?? members[0]?.address ?? this.foreignName(key);
  }

  /** The name of what no plan manages. */
  private foreignName(key: string): string {
    if (isUnknownAlias(key)) {
      return this.candidates(key);
    }
    if (this.world.isHidden(key)) {
      return SENSITIVE_NAME;
    }
    const assigned = this.world.assignedName(key);
    if (assigned !== undefined) {
      return assigned;
    }
    const registered = /^registration of \S+ (.+)$/s.exec(key)?.[1];
    if (registered !== undefined) {
      return `registration of ${registered}`;
    }
    const value = key.slice(key.indexOf(' ') + 1);
    if (key.startsWith('arm ')) {
      const [instance, ...segments] = value.split('/');
      return segments.length === 1 && segments[0] === 'apis'
        ? `all APIs${instance === undefined || instance === 'unknown' ? '' : ` of ${instance}`}`
        : segments.length === 2 && segments[0] === 'apis'
          ? `API ${segments[1] ?? ''}`
          : (value.split('/').at(-1) ?? value);
    }
    return key.startsWith('resource ') ? (value.split('/').at(-1) ?? value) : value;
  }

  /** Which things something unknown may be, the first few by name. */
  private candidates(key: string): string {
    const { keys, open } = this.world.candidatesOf(key) ?? { keys: [], open: true };
    const names = [...new Set(keys.filter((candidate) => !isUnknownAlias(candidate)).map((found) => this.name(found)))];
    names.sort();
    const shown = names.slice(0, MOST_CANDIDATES);
    const rest = names.length > shown.length || open ? ['another'] : [];
    return shown.length === 0 ? UNKNOWN_NAME : `${UNKNOWN_NAME} (${[...shown, ...rest].join(' or ')})`;
  }

  private place(key: string): { instance?: string; productId?: string } | undefined {
    if (this.world.isHidden(key)) {
      return undefined;
    }
    for (const resource of this.world.resourcesOf(key)) {
      const side: SideName = resource.after === undefined ? 'before' : 'after';
      if (['id', 'name', 'product_id', 'resource_id', 'parent_id'].some((path) => isSensitive(resource[side], path))) {
        continue;
      }
      const [instance, collection, id] = armKeyOf(resource, side, this.world.referencesOf)?.split('/') ?? [];
      if (instance !== undefined && collection === 'products' && id !== undefined) {
        const exact = printable(resource[side], 'name') ?? printable(resource[side], 'product_id');
        return { ...this.shownInstance(instance), productId: exact?.toLowerCase() === id ? exact : id };
      }
    }
    const [instance, collection, id] = key.startsWith('arm ') ? key.slice(4).split('/') : [];
    return instance !== undefined && collection === 'products' && id !== undefined
      ? { ...this.shownInstance(instance), productId: id }
      : undefined;
  }

  private shownInstance(instance: string): { instance?: string } {
    return this.hiddenInstances.has(instance) ? {} : { instance };
  }

  private clientId(key: string): string | undefined {
    for (const resource of this.world.resourcesOf(key)) {
      for (const side of [resource.after, resource.before]) {
        const found =
          guid(printable(side, 'client_id')) ??
          guid(printable(side, 'output', 'clientId')) ??
          guid(printable(side, 'output', 'properties', 'entraApplicationId'));
        if (found !== undefined && !isProduct(resource)) {
          return found;
        }
      }
    }
    return key.startsWith('application ') ? key.slice('application '.length) : undefined;
  }
}

/** A value that is looked up for each grant, made once for each key. */
function remembered<T>(known: Map<string, T>, key: string, make: () => T): T {
  let found = known.get(key);
  if (found === undefined) {
    found = make();
    known.set(key, found);
  }
  return found;
}

function isProduct(resource: Resource): boolean {
  const kind = kindOf(resource);
  return kind === 'product' || kind === 'product settings';
}

/** What a plan manages says more than what it reads; an application more than its service principal. */
function byTrust(one: Resource, other: Resource): number {
  return trust(one) - trust(other);
}

const ORDER = [
  'client application',
  'product',
  'product settings',
  'instance',
  'application',
  'service principal',
  'group',
  'identity',
  'user',
  'group',
  'key vault',
  'instance user',
];

function trust(resource: Resource): number {
  return (resource.mode === 'managed' ? 0 : 100) + ORDER.indexOf(kindOf(resource) ?? '');
}

function displayName(resource: Resource, side: Side | undefined): string | undefined {
  switch (kindOf(resource)) {
    case 'instance':
    case 'identity':
    case 'key vault':
      return printable(side, 'name');
    case 'instance user':
      return printable(side, 'email') ?? printable(side, 'body', 'properties', 'email');
    case 'user':
      return printable(side, 'user_principal_name') ?? printable(side, 'display_name');
    default:
      return (
        printable(side, 'body', 'properties', 'displayName') ??
        printable(side, 'display_name') ??
        printable(side, 'output', 'properties', 'displayName') ??
        (text(side, 'resource_id') === undefined ? undefined : printable(side, 'name'))
      );
  }
}
