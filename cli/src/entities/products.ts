import { knowsAuthenticationType, parseArmType } from '../plan/arm';
import { attribute, flag, isUnknown, printable, text, texts } from '../plan/attributes';
import { kindOf } from '../plan/kinds';
import { isDestroyed, isTouched, type Resource, type Side } from '../plan/resource';
import { armAlias, armKey, armKeyOf, isUnknownAlias, only, SIDES, type SideName } from './aliases';
import { apiSettings, type ApiSettings } from './apis';
import { inForceAfter, inForceBefore, type InForce } from './in-force';
import { Policies } from './policies';
import { policyOf, type Policy } from './policy';
import { instanceOf } from './policy-places';
import { demandOf, inherits, type Demand } from '../policy/strength';
import type { World } from './world';

/** What a caller has to bring: one of them lets it in. */
export type Way = 'anyone' | 'token' | 'key' | 'token and key';

/** A product on one side of the change. */
export interface ProductSettings {
  /** Undefined if the value is unknown before the apply. */
  readonly ways: readonly Way[] | undefined;
  /** Whether the product itself demands or accepts tokens; undefined: unknown. */
  readonly tokens: boolean | undefined;
  readonly policy: Policy | undefined;
  readonly published: boolean | undefined;
  readonly approval: boolean | undefined;
  /** Where it is known and may be printed. */
  readonly audience: string | undefined;
  /** For comparison. */
  readonly audienceValue: string | undefined;
  readonly apis: readonly Member[];
  readonly groups: readonly Member[];
}

/** An API or a group of a product. */
export interface Member {
  readonly name: string;
  readonly resource: Resource;
}

/** Products as they are before and after, put together from every resource that sets something of them. */
export class Products {
  /** The key of every product that a plan manages or sets something of. */
  readonly keys: readonly string[];
  /** Policies at every level. */
  readonly policies: Policies;
  private readonly apis: Record<SideName, Map<string, Member[]>>;
  private readonly groups: Record<SideName, Map<string, Member[]>>;
  /** APIs that the plans manage themselves. */
  readonly apiSettings: readonly ApiSettings[];
  private readonly apisByPlace: ReadonlyMap<string, ApiSettings>;
  private readonly apiProducts: Record<SideName, Map<string, string[]>> = { before: new Map(), after: new Map() };
  private readonly states = new Map<string, ProductSettings | undefined>();

  constructor(private readonly world: World) {
    this.policies = new Policies(world);
    this.apis = { before: new Map(), after: new Map() };
    this.groups = { before: new Map(), after: new Map() };
    const keys = new Set([
      ...world.managed('product', 'product settings').map((resource) => world.keyOf(resource)),
      ...this.policies.documents.flatMap(({ product }) => product ?? []),
    ]);
    for (const side of SIDES) {
      this.collect(this.apis[side], world.managed('product api'), side, 'api_name', 'apiId', keys);
      this.collect(this.groups[side], world.managed('product group'), side, 'group_name', 'groupId', keys);
    }
    this.apiSettings = apiSettings(world);
    this.apisByPlace = new Map(this.apiSettings.map((api) => [`${api.instance} ${api.name}`, api]));
    this.placeApis();
    this.keys = [...keys].filter((key) => !isUnknownAlias(key)).sort();
  }

  /** Undefined where the product does not exist on that side. */
  state(key: string, side: SideName): ProductSettings | undefined {
    const cached = `${side} ${key}`;
    if (!this.states.has(cached)) {
      this.states.set(cached, this.find(key, side));
    }
    return this.states.get(cached);
  }

  /** The product's own resource, or what sets something of it. */
  resourceOf(key: string): Resource | undefined {
    const members = this.world.resourcesOf(key).filter(({ mode }) => mode === 'managed');
    const touched = members.filter(({ action }) => action !== 'no-op' && action !== 'read');
    return [...touched, ...members].find((resource) => kindOf(resource) === 'product') ?? touched[0] ?? members[0];
  }

  /** The block that changes a product's policy, else the one that writes it. */
  policyResource(key: string): Resource | undefined {
    const policy = this.policies.ofProduct(key);
    const blocks = policy?.blocks ?? [];
    const parts = [...(policy?.after?.parts ?? []), ...(policy?.before?.parts ?? [])];
    return [...blocks.filter(({ action }) => action !== 'forget'), ...parts, ...blocks].find(isTouched) ?? blocks[0];
  }

  private placeApis(): void {
    for (const side of SIDES) {
      for (const [product, members] of this.apis[side]) {
        for (const { name, resource } of members) {
          add(this.apiProducts[side], `${instanceOf(this.world, resource, side)} ${name.toLowerCase()}`, product);
        }
      }
    }
  }

  /** The blocks of an API. */
  apiBlocks(instance: string, api: string): readonly Resource[] {
    return this.apisByPlace.get(`${instance} ${api.toLowerCase()}`)?.blocks ?? [];
  }

  /** The products that an API is in. */
  productsOfApi(instance: string, api: string, side: SideName): readonly string[] {
    return this.apiProducts[side].get(`${instance} ${api.toLowerCase()}`) ?? [];
  }

  /** What an API demands of callers that come beside its products. */
  demandOfApi(instance: string, api: string, side: SideName): Demand {
    const own = this.policies.ofApi(instance, api)?.[side];
    const around = this.policies.ofService(instance)?.[side];
    const inner = own?.flow === undefined ? undefined : demandOf(own.flow);
    if (
      inner?.applies === 'always' ||
      around?.flow === undefined ||
      (own !== undefined && (own.flow === undefined || !inherits(own.flow)))
    ) {
      return inner ?? { applies: 'never', strength: 'none' };
    }
    return demandOf(around.flow);
  }

  private collect(
    into: Map<string, Member[]>,
    resources: readonly Resource[],
    side: SideName,
    attributeName: string,
    property: string,
    keys: Set<string>,
  ): void {
    for (const resource of resources.filter((found) => found[side] !== undefined)) {
      const key = this.world.parentProduct(resource, side);
      const found = into.get(key) ?? [];
      found.push({ name: memberName(this.world, resource, side, attributeName, property), resource });
      into.set(key, found);
      keys.add(key);
    }
  }

  private find(key: string, side: SideName): ProductSettings | undefined {
    const block = this.block(key, side);
    const own = block === 'several' || block === 'none' ? undefined : block.resource;
    const settings = this.world
      .resourcesOf(key)
      .filter(
        (resource) => kindOf(resource) === 'product settings' && (resource[side] ?? resource.before) !== undefined,
      );
    if (block === 'none' && !this.isManagedElsewhere(key)) {
      return undefined;
    }
    const policy = this.policy(key, side);
    const base = block === 'several' || block === 'none' ? UNKNOWN : ownSettings(block.resource, block.side);
    const set = settings.reduce((found, resource) => overlay(found, resource, side, this.restored(key)), base);
    const audience = audienceOf([own, ...settings], side) ?? policyAudience(policy);
    return {
      ways: waysOf(set, policy),
      tokens: set.tokens,
      policy,
      published: set.published,
      approval: set.approval,
      audience: audience?.sensitive === true ? undefined : audience?.value,
      audienceValue: audienceOf([own, ...settings], side)?.value,
      apis: this.apis[side].get(key) ?? [],
      groups: this.groups[side].get(key) ?? [],
    };
  }

  /** The block that says what the product is: a data source only where no plan manages it. */
  private block(key: string, side: SideName): InForce {
    const all = this.world.resourcesOf(key).filter((resource) => kindOf(resource) === 'product');
    const managed = all.filter(({ mode }) => mode === 'managed');
    const blocks = managed.length > 0 ? managed : all;
    const former = blocks.filter((resource) => resource.before !== undefined);
    if (side === 'before') {
      return inForceBefore(former, sameSettings);
    }
    const latter = blocks.filter((resource) => resource.after !== undefined);
    // a product that is replaced by one with another id takes away another object than it makes
    const lasting = former.filter(
      (resource) => resource.action !== 'replace' || resource.after === undefined || this.keepsId(resource),
    );
    return inForceAfter(lasting, latter, () => true, sameSettings);
  }

  private keepsId(resource: Resource): boolean {
    const [before, after] = SIDES.map((side) => armKeyOf(resource, side, this.world.referencesOf));
    return before === after;
  }

  /** What the product's policy demands, or what applies to all APIs where its own leaves that. */
  private policy(key: string, side: SideName): Policy | undefined {
    const document = this.policies.ofProduct(key);
    const own = document?.[side];
    const around =
      own === undefined || own.flow === undefined || inherits(own.flow) ? this.aroundProduct(key, side) : undefined;
    if (own === undefined) {
      return around?.demand.applies === 'never' ? undefined : around;
    }
    const policy = policyOf(own);
    return policy.demand.applies === 'never' && around !== undefined && around.demand.applies !== 'never'
      ? { ...policy, demand: around.demand, audiences: around.audiences }
      : policy;
  }

  private aroundProduct(key: string, side: SideName): Policy | undefined {
    const [resource] = this.world.resourcesOf(key).filter((found) => found[side] !== undefined);
    const instance =
      this.policies.ofProduct(key)?.instance ??
      (resource === undefined ? undefined : instanceOf(this.world, resource, side));
    const found = instance === undefined ? undefined : this.policies.ofService(instance)?.[side];
    return found?.flow === undefined ? undefined : policyOf(found);
  }

  /** Whether the plans show only parts of the product, which exists before and after whatever they do. */
  private isManagedElsewhere(key: string): boolean {
    return !this.world
      .resourcesOf(key)
      .some((resource) => resource.mode === 'managed' && kindOf(resource) === 'product');
  }

  /** The authentication type that an action at destruction writes back. */
  private restored(key: string): readonly string[] | undefined {
    return texts(this.restorer(key)?.before, 'body', 'properties', 'authenticationType');
  }

  /** The action at destruction that writes an authentication type back, and nothing else. */
  restorer(key: string): Resource | undefined {
    return this.sentAtDestruction(key).find(
      (resource) =>
        resource.action === 'delete' &&
        JSON.stringify(attribute(resource.before, ['body']).value, (name, value: unknown) =>
          name === 'authenticationType' ? undefined : value,
        ) === '{"properties":{}}',
    );
  }

  /** The actions at destruction that delete the product itself. */
  deleters(key: string): readonly Resource[] {
    return this.sentAtDestruction(key).filter(
      ({ before }) => text(before, 'method')?.toUpperCase() === 'DELETE' && text(before, 'action') === undefined,
    );
  }

  /** Actions on a product that the apply sends, since their blocks are destroyed. */
  private sentAtDestruction(key: string): readonly Resource[] {
    return this.world.managed('resource action').filter((resource) => {
      const target = armKey(text(resource.before, 'resource_id'));
      return (
        isDestroyed(resource) &&
        text(resource.before, 'when') === 'destroy' &&
        target !== undefined &&
        this.world.key(armAlias(target), resource.stack) === key
      );
    });
  }
}

function add<T>(groups: Map<string, T[]>, key: string, value: T): void {
  const found = groups.get(key);
  if (found === undefined) {
    groups.set(key, [value]);
  } else if (!found.includes(value)) {
    found.push(value);
  }
}

interface Settings {
  readonly tokens: boolean | undefined;
  readonly keys: boolean | undefined;
  readonly subscriptionRequired: boolean | undefined;
  readonly published: boolean | undefined;
  readonly approval: boolean | undefined;
}

const UNKNOWN: Settings = {
  tokens: undefined,
  keys: undefined,
  subscriptionRequired: undefined,
  published: undefined,
  approval: undefined,
};

function sameSettings(one: Resource, other: Resource, side: SideName): boolean {
  return JSON.stringify(ownSettings(one, side)) === JSON.stringify(ownSettings(other, side));
}

/** What a product's own resource says; what it leaves out has Azure's defaults. */
function ownSettings(resource: Resource, side: SideName): Settings {
  const attributes = resource[side];
  if (!resource.type.startsWith('azapi_')) {
    return {
      tokens: false,
      keys: true,
      subscriptionRequired: known(attributes, ['subscription_required'], true),
      published: known(attributes, ['published'], false),
      approval: known(attributes, ['approval_required'], false),
    };
  }
  const root = resource.mode === 'data' ? 'output' : 'body';
  const given = setSettings(attributes, root);
  const reads = resource.mode === 'data';
  const types = isUnknown(attributes, root, 'properties', 'authenticationType');
  return {
    tokens: given.tokens ?? (types || reads ? undefined : false),
    keys: given.keys ?? (types || reads ? undefined : true),
    subscriptionRequired:
      given.subscriptionRequired ??
      unlessUnknown(attributes, [root, 'properties', 'subscriptionRequired'], reads, true),
    published: given.published ?? unlessUnknown(attributes, [root, 'properties', 'state'], reads, false),
    approval: given.approval ?? unlessUnknown(attributes, [root, 'properties', 'approvalRequired'], reads, false),
  };
}

function unlessUnknown(
  side: Side | undefined,
  path: readonly string[],
  reads: boolean,
  otherwise: boolean,
): boolean | undefined {
  return reads || isUnknown(side, ...path) ? undefined : otherwise;
}

function known(side: Side | undefined, path: readonly string[], otherwise: boolean): boolean | undefined {
  return isUnknown(side, ...path) ? undefined : (flag(side, ...path) ?? otherwise);
}

/** Just what is given in a body. */
function setSettings(side: Side | undefined, root: string): Settings {
  const types = texts(side, root, 'properties', 'authenticationType');
  const version = parseArmType(text(side, 'type'))?.version;
  const counts = version === undefined || knowsAuthenticationType(version);
  const state = text(side, root, 'properties', 'state');
  return {
    tokens: types === undefined ? undefined : counts && types.includes('application-token'),
    keys: types === undefined ? undefined : !counts || types.includes('subscription-key'),
    subscriptionRequired: flag(side, root, 'properties', 'subscriptionRequired'),
    published: state === undefined ? undefined : state === 'published',
    approval: flag(side, root, 'properties', 'approvalRequired'),
  };
}

/** Settings that are written over those that a product has; taking them away leaves them in force. */
function overlay(
  base: Settings,
  resource: Resource,
  side: SideName,
  restored: readonly string[] | undefined,
): Settings {
  const gone = side === 'after' && resource.after === undefined;
  // what an object is put as has Azure's defaults for all that is left out
  if (resource.type === 'azapi_resource_action' && text(resource[side], 'method')?.toUpperCase() === 'PUT') {
    return ownSettings(resource, side);
  }
  const given = setSettings(gone ? resource.before : resource[side], 'body');
  const types = gone ? restored : undefined;
  return {
    tokens: types?.includes('application-token') ?? given.tokens ?? base.tokens,
    keys: types?.includes('subscription-key') ?? given.keys ?? base.keys,
    subscriptionRequired: given.subscriptionRequired ?? base.subscriptionRequired,
    published: given.published ?? base.published,
    approval: given.approval ?? base.approval,
  };
}

function waysOf(
  { tokens, keys, subscriptionRequired }: Settings,
  policy: Policy | undefined,
): readonly Way[] | undefined {
  if (tokens === true) {
    return keys === true ? ['token', 'key'] : keys === false ? ['token'] : undefined;
  }
  const applies = policy?.demand.applies ?? 'never';
  const always = applies === 'always';
  const withoutKey = applies === 'without key';
  const sometimes = applies === 'sometimes';
  if (always) {
    return subscriptionRequired === undefined ? undefined : subscriptionRequired ? ['token and key'] : ['token'];
  }
  if (withoutKey) {
    return subscriptionRequired === undefined ? undefined : subscriptionRequired ? ['key'] : ['token', 'key'];
  }
  if (tokens === undefined || subscriptionRequired === undefined) {
    return undefined;
  }
  if (subscriptionRequired) {
    return ['key'];
  }
  return sometimes || (policy !== undefined && !policy.readable) ? undefined : ['anyone'];
}

const AUDIENCE =
  /^(?:api|https):\/\/(?!unknown-until-apply)[\w.~/:-]{1,200}$|^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const AUDIENCES = [
  ['body', 'properties', 'application', 'entra', 'audience'],
  ['output', 'audience'],
  ['output', 'properties', 'application', 'entra', 'audience'],
];

function audienceOf(
  resources: readonly (Resource | undefined)[],
  side: SideName,
): { value: string; sensitive: boolean } | undefined {
  for (const resource of resources) {
    for (const path of AUDIENCES) {
      const { value, sensitive } = attribute(resource?.[side], path);
      if (typeof value === 'string' && AUDIENCE.test(value)) {
        return { value, sensitive };
      }
    }
  }
  return undefined;
}

/** The audience that a policy demands; an application id among them is another way to write the same. */
function policyAudience(policy: Policy | undefined): { value: string; sensitive: boolean } | undefined {
  const audiences = (policy?.audiences ?? []).filter((audience) => AUDIENCE.test(audience));
  const value = audiences.find((audience) => audience.includes('://')) ?? audiences[0];
  return value === undefined ? undefined : { value, sensitive: policy?.sensitive === true };
}

/** The name of an API or a group in a product, as far as the plan shows it. */
function memberName(world: World, resource: Resource, side: SideName, attributeName: string, property: string): string {
  const attributes = resource[side];
  const direct = printable(attributes, attributeName);
  if (direct !== undefined) {
    return direct.replace(/;rev=\d+$/, '');
  }
  const id = printable(attributes, 'body', 'properties', property)?.split('/').at(-1);
  if (id !== undefined) {
    return id.replace(/;rev=\d+$/, '');
  }
  const path = resource.type.startsWith('azapi_') ? ['body', 'properties', property] : [attributeName];
  const { targets, open } = world.referencesOf(resource).resolve(resource, path);
  const names = targets.map(({ resource: target }) => printable(target.after, 'name'));
  const meant = open || !isUnknown(attributes, ...path) ? undefined : only(names);
  // no other member has the name of one that is not known
  return meant ?? `unknown until apply, ${resource.address}`;
}
