import { guid } from '../plan/arm';
import { isSensitive, isUnknown, printable, text } from '../plan/attributes';
import { kindOf, type Kind } from '../plan/kinds';
import { References } from '../plan/references';
import type { Plan } from '../plan/plan';
import type { Resource } from '../plan/resource';
import {
  addressAlias,
  applicationAlias,
  armAlias,
  armKey,
  armKeyOf,
  guidOfAudience,
  isUnknownAlias,
  objectAlias,
  principalAliases,
  principalsOf,
  productApplications,
  registrationAlias,
  SIDES,
  unknownAlias,
  type ReferencesOf,
  type SideName,
} from './aliases';
import { Identities } from './identities';
import { Ownership } from './ownership';
import { audiencesIn } from './policy';
import { policyPath } from './policy-places';

/** Microsoft Graph's application id, the same in every tenant. */
export const GRAPH = '00000003-0000-0000-c000-000000000000';

/**
 * All plans as one: which resources are the same product, client or registration, how people call
 * them, and which registration belongs to which product.
 */
export class World {
  readonly resources: readonly Resource[];
  readonly identities = new Identities();
  private readonly ownership: Ownership;
  private readonly references: ReadonlyMap<string, References>;
  private readonly byKind = new Map<Kind, Resource[]>();
  private readonly managedByKind = new Map<Kind, readonly Resource[]>();
  private readonly members = new Map<string, Resource[]>();
  private readonly productOf = new Map<string, string>();
  private readonly registrationsByProduct = new Map<string, string[]>();
  private readonly hidden = new Set<string>();
  private readonly candidates = new Map<string, { keys: readonly string[]; open: boolean }>();
  private readonly assignedNames = new Map<string, string>();

  constructor(
    readonly plans: readonly Plan[],
    choose: (plan: Plan) => readonly Resource[] = ({ resources }) => resources,
  ) {
    this.references = new Map(plans.map((plan) => [plan.stack, new References(plan)]));
    this.resources = plans.flatMap(choose);
    for (const resource of this.resources) {
      const kind = kindOf(resource);
      if (kind !== undefined) {
        const found = this.byKind.get(kind);
        if (found === undefined) {
          this.byKind.set(kind, [resource]);
        } else {
          found.push(resource);
        }
      }
    }
    this.ownership = new Ownership(this.resources, this.referencesOf);
    this.identify();
    this.assignRegistrations();
    this.collectMembers();
  }

  readonly referencesOf: ReferencesOf = (resource) => {
    const found = this.references.get(resource.stack);
    if (found === undefined) {
      throw new Error(`no plan of stack ${resource.stack}`);
    }
    return found;
  };

  /** What an output of a plan's root module is made from, and whether it is marked as sensitive. */
  outputOf(plan: Plan, name: string): ReturnType<References['output']> {
    return this.references.get(plan.stack)?.output(name) ?? { targets: [], open: true, sensitive: true };
  }

  /** Resources of a kind that Terraform manages. */
  managed(...kinds: readonly Kind[]): readonly Resource[] {
    const [only, ...others] = kinds;
    if (only === undefined || others.length > 0) {
      return this.all(...kinds).filter(({ mode }) => mode === 'managed');
    }
    // asked for each product and grant: one list for all of them
    let found = this.managedByKind.get(only);
    if (found === undefined) {
      found = this.all(only).filter(({ mode }) => mode === 'managed');
      this.managedByKind.set(only, found);
    }
    return found;
  }

  /** Resources of a kind, data sources included. */
  all(...kinds: readonly Kind[]): readonly Resource[] {
    const [only, ...others] = kinds;
    return only !== undefined && others.length === 0
      ? (this.byKind.get(only) ?? [])
      : kinds.flatMap((kind) => this.byKind.get(kind) ?? []);
  }

  /** The one name of a product, client or registration that a stack calls by some name. */
  key(alias: string, stack: string): string {
    return this.identities.find(this.ownership.scoped(alias, stack));
  }

  keyOf(resource: Resource): string {
    return this.identities.find(addressAlias(resource));
  }

  /** The instance that something in API Management is on. */
  instanceOf(resource: Resource, side: SideName): string | undefined {
    const name = armKeyOf(resource, side, this.referencesOf)?.split('/')[0];
    return name === undefined ? undefined : this.key(armAlias(name), resource.stack);
  }

  /** The resources that are the product, client or registration. */
  resourcesOf(key: string): readonly Resource[] {
    return this.members.get(key) ?? [];
  }

  /** The product whose registration this is. */
  productOfRegistration(key: string): string | undefined {
    const alias = this.productOf.get(key);
    return alias === undefined ? undefined : this.identities.find(alias);
  }

  /** The registrations of a product; a registration that belongs to no product is its own. */
  registrationsOf(product: string): readonly string[] {
    return this.registrationsByProduct.get(product) ?? [product];
  }

  /** The display name that an app role assignment records of whom no plan manages. */
  assignedName(key: string): string | undefined {
    return this.assignedNames.get(key);
  }

  /** The registration that a product will use, where the expression of its id can mean one only. */
  registrationAfter(product: Resource): string | undefined {
    const [alias] = isUnknown(product.after, ...REGISTRATION) ? this.registrations(product, 'after') : [];
    return alias === undefined ? undefined : this.key(alias, product.stack);
  }

  /** Who is meant by an attribute that contains an object id, a client id or an ARM id. */
  principal(
    resource: Resource,
    side: SideName,
    attribute: string | readonly string[],
    alias: (value: string) => string | undefined,
  ): string {
    const path = typeof attribute === 'string' ? [attribute] : attribute;
    const value = text(resource[side], ...path);
    const known = value === undefined ? undefined : alias(value);
    if (known !== undefined) {
      return this.noted(known, resource.stack, isSensitive(resource[side], ...path));
    }
    if (!isUnknown(resource[side], ...path)) {
      return this.key(unknownAlias(resource, path.join('.')), resource.stack);
    }
    const { aliases, open } = principalsOf(this.referencesOf(resource).resolve(resource, path), this.referencesOf);
    const keys = aliases.map((found) => this.key(found, resource.stack));
    return this.onlyOf(keys, open, unknownAlias(resource, path.join('.')));
  }

  /** What an unknown thing may be, if the plan shows a part of it. */
  candidatesOf(key: string): { readonly keys: readonly string[]; readonly open: boolean } | undefined {
    return this.candidates.get(key);
  }

  /** The one thing that is meant. Where it may be several, or another, it is none of them: it is unknown. */
  private onlyOf(keys: readonly string[], open: boolean, unknown: string): string {
    const distinct = [...new Set(keys.map((key) => this.identities.find(key)))];
    const [first] = distinct;
    if (first !== undefined && distinct.length === 1 && !open) {
      return first;
    }
    this.candidates.set(unknown, { keys: distinct, open });
    return this.identities.find(unknown);
  }

  /** The product that an attribute names by its ARM id, or that it will name. */
  product(resource: Resource, side: SideName, path: readonly string[]): string {
    const known = armKey(text(resource[side], ...path));
    if (known !== undefined) {
      return this.noted(armAlias(known), resource.stack, isSensitive(resource[side], ...path));
    }
    const relative = /^\/?products\/([^/]+)\/?$/i.exec(text(resource[side], ...path) ?? '')?.[1];
    const instance = relative === undefined ? undefined : armKeyOf(resource, side, this.referencesOf)?.split('/')[0];
    if (relative !== undefined && instance !== undefined) {
      const alias = armAlias(`${instance}/products/${relative}`.toLowerCase());
      return this.noted(alias, resource.stack, isSensitive(resource[side], ...path));
    }
    const unknown = unknownAlias(resource, path.join('.'));
    if (!isUnknown(resource[side], ...path)) {
      return this.identities.find(unknown);
    }
    const { targets, open } = this.referencesOf(resource).resolve(resource, path);
    const kinds = targets.map(({ resource: target }) => kindOf(target));
    const products = targets.filter((_, index) => ['product', 'product settings'].includes(kinds[index] ?? ''));
    // an id may be put together from the instance's and the product's; anything else could be the product itself
    const others = kinds.some((kind) => !['product', 'product settings', 'instance'].includes(kind ?? ''));
    return this.onlyOf(
      products.map((target) => addressAlias(target.resource)),
      open || others,
      unknown,
    );
  }

  /** The product that a resource belongs to by its parent or by the instance's and the product's names. */
  parentProduct(resource: Resource, side: SideName): string {
    const attributes = resource[side];
    if (resource.type.startsWith('azapi_')) {
      return this.product(resource, side, ['parent_id']);
    }
    const instance = text(attributes, 'api_management_name');
    const productId = text(attributes, 'product_id');
    if (instance !== undefined && productId !== undefined) {
      const sensitive = isSensitive(attributes, 'api_management_name') || isSensitive(attributes, 'product_id');
      return this.noted(armAlias(`${instance}/products/${productId}`.toLowerCase()), resource.stack, sensitive);
    }
    return this.product(resource, side, ['product_id']);
  }

  /** Whether a thing is known only by a value that must not be printed. */
  isHidden(key: string): boolean {
    return this.hidden.has(key) && this.resourcesOf(key).length === 0;
  }

  private noted(alias: string, stack: string, sensitive: boolean): string {
    if (sensitive) {
      this.hidden.add(this.ownership.scoped(alias, stack));
    }
    return this.key(alias, stack);
  }

  private identify(): void {
    for (const resource of this.all(...NAMED)) {
      const own = addressAlias(resource);
      for (const side of SIDES) {
        this.identities.unite([own, ...this.scopedAll(principalAliases(resource, side), resource.stack)]);
        this.identities.unite([own, ...this.armAliases(resource, side)]);
      }
    }
    for (const resource of this.all('service principal')) {
      if (isUnknown(resource.after, 'client_id')) {
        this.identities.unite([
          this.principal(resource, 'after', 'client_id', () => undefined),
          addressAlias(resource),
        ]);
      }
    }
    for (const resource of this.all('product', 'product settings')) {
      for (const side of SIDES) {
        this.identities.unite([addressAlias(resource), ...this.armAliases(resource, side)]);
        if (kindOf(resource) === 'product settings' && isUnknown(resource[side], 'resource_id')) {
          this.identities.unite([this.product(resource, side, ['resource_id']), addressAlias(resource)]);
        }
      }
    }
  }

  private scopedAll(aliases: readonly string[], stack: string): string[] {
    return aliases.map((alias) => this.ownership.scoped(alias, stack));
  }

  private armAliases(resource: Resource, side: SideName): string[] {
    const key = resource[side] === undefined ? undefined : armKeyOf(resource, side, this.referencesOf);
    return key === undefined ? [] : [this.ownership.scoped(armAlias(key), resource.stack)];
  }

  private assignRegistrations(): void {
    for (const resource of this.all('product', 'product settings')) {
      const registration = registrationAlias(resource);
      for (const side of SIDES) {
        this.identities.unite([registration, ...this.scopedAll(this.registrations(resource, side), resource.stack)]);
      }
      this.assign(registration, addressAlias(resource));
    }
    for (const resource of this.managed('product policy')) {
      for (const side of SIDES) {
        const product = resource[side] === undefined ? undefined : this.parentProduct(resource, side);
        if (product !== undefined && !isUnknownAlias(product)) {
          this.scopedAll(this.policyRegistrations(resource, side), resource.stack).forEach((registration) =>
            this.assign(registration, product),
          );
        }
      }
    }
    this.assignByName();
  }

  private assign(registration: string, product: string): void {
    const key = this.identities.find(registration);
    if (!this.productOf.has(key)) {
      this.productOf.set(key, product);
    }
  }

  private registrations(product: Resource, side: SideName): string[] {
    const ids = productApplications(product, side);
    if (ids.length > 0 || !isUnknown(product[side], ...REGISTRATION)) {
      return ids.map(applicationAlias);
    }
    const { aliases, open } = principalsOf(
      this.referencesOf(product).resolve(product, REGISTRATION),
      this.referencesOf,
    );
    return open || aliases.length !== 1 ? [] : [...aliases];
  }

  private policyRegistrations(resource: Resource, side: SideName): string[] {
    const known = audiencesIn(resource, side, this.referencesOf)
      .map(guidOfAudience)
      .filter((id) => id !== undefined)
      .map(applicationAlias);
    const path = policyPath(resource);
    const targets = isUnknown(resource[side], ...path) ? this.referencesOf(resource).targets(resource, path) : [];
    const registrations = targets.filter(({ resource: target }) =>
      ['application', 'identifier uri', 'service principal'].includes(kindOf(target) ?? ''),
    );
    return [...known, ...principalsOf({ targets: registrations, open: false }, this.referencesOf).aliases];
  }

  /** API Management calls a product's registration `APIMProductApplication<name>`. */
  private assignByName(): void {
    const products = new Map<string, string | undefined>();
    for (const resource of this.all('product', 'product settings')) {
      const side = resource.after ?? resource.before;
      for (const name of [
        printable(side, 'body', 'properties', 'displayName'),
        printable(side, 'display_name'),
        text(side, 'name'),
        text(side, 'product_id'),
      ]) {
        const own = this.keyOf(resource);
        // in the own stack, and in all of them where only one product has the name
        for (const key of name === undefined ? [] : [`${resource.stack}\n${name.toLowerCase()}`, name.toLowerCase()]) {
          products.set(key, products.has(key) && products.get(key) !== own ? undefined : own);
        }
      }
    }
    const assign = (name: string | undefined, registration: string, stack: string): void => {
      const match = /^APIMProductApplication(.+)$/i.exec(name ?? '')?.[1]?.toLowerCase();
      const product = match === undefined ? undefined : (products.get(`${stack}\n${match}`) ?? products.get(match));
      if (product !== undefined) {
        this.assign(registration, product);
      }
    };
    for (const resource of this.all('application', 'service principal')) {
      assign(printable(resource.after ?? resource.before, 'display_name'), addressAlias(resource), resource.stack);
    }
    for (const resource of this.all('role assignment')) {
      const side: SideName = resource.before === undefined ? 'after' : 'before';
      const id = guid(text(resource[side], 'resource_object_id'));
      if (id !== undefined) {
        assign(
          printable(resource[side], 'resource_display_name'),
          this.ownership.scoped(objectAlias(id), resource.stack),
          resource.stack,
        );
      }
    }
  }

  private collectMembers(): void {
    for (const kind of ENTITY_KINDS) {
      for (const resource of this.byKind.get(kind) ?? []) {
        const key = this.keyOf(resource);
        const found = this.members.get(key);
        if (found === undefined) {
          this.members.set(key, [resource]);
        } else {
          found.push(resource);
        }
      }
    }
    this.collectAssignedNames();
    // keys of registrations have moved while they were united
    for (const [registration, product] of [...this.productOf]) {
      this.assign(registration, product);
    }
    for (const registration of this.productOf.keys()) {
      const product = this.productOfRegistration(registration);
      if (product !== undefined) {
        const known = this.registrationsByProduct.get(product) ?? [product];
        this.registrationsByProduct.set(product, [...new Set([...known, this.identities.find(registration)])]);
      }
    }
  }

  private collectAssignedNames(): void {
    for (const resource of this.all('role assignment')) {
      const side = resource.before ?? resource.after;
      for (const end of ['principal', 'resource']) {
        const id = guid(text(side, `${end}_object_id`));
        const display = printable(side, `${end}_display_name`);
        if (id !== undefined && display !== undefined) {
          this.assignedNames.set(this.key(objectAlias(id), resource.stack), display);
        }
      }
    }
  }
}

const REGISTRATION = ['body', 'properties', 'application', 'entra', 'applicationId'];

/** Kinds of whatever has names of its own, by which other resources mean it. */
const NAMED: readonly Kind[] = [
  'application',
  'service principal',
  'identity',
  'instance',
  'client application',
  'user',
  'group',
  'key vault',
  'instance user',
];

const ENTITY_KINDS: readonly Kind[] = ['product', 'product settings', ...NAMED];
