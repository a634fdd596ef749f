import type { AppRole, Application, Assignment, Landscape, ManagedClient, Principal, Product } from './model';

/** A principal in Entra that has the role of a product and is no client application of API Management. */
export interface EntraClient {
  readonly principalId: string;
  readonly principal?: Principal;
  readonly principalType: string;
  readonly displayName: string;
  readonly grants: readonly { readonly product: Product; readonly assignment: Assignment }[];
}

/** The landscape with API Management and Entra put together. */
export class Relations {
  readonly entraClients: readonly EntraClient[];
  private readonly byResourceId: ReadonlyMap<string, Product>;
  private readonly unread: ReadonlySet<string>;
  private readonly byAppId = new Map<string, Principal>();
  private readonly byResource = new Map<string, Assignment[]>();
  private readonly assigned = new Map<string, Set<Product>>();

  constructor(readonly landscape: Landscape) {
    const { products, clients, principals, assignments = [], unread } = landscape;
    this.unread = new Set(unread.map(({ part }) => part));
    this.byResourceId = new Map(products.map((product) => [product.resourceId.toLowerCase(), product]));
    principals.forEach((principal) => this.byAppId.set(principal.appId.toLowerCase(), principal));
    for (const assignment of assignments) {
      const known = this.byResource.get(assignment.resourceId);
      if (known === undefined) {
        this.byResource.set(assignment.resourceId, [assignment]);
      } else {
        known.push(assignment);
      }
    }
    const managed = new Set(clients.map(({ clientId }) => this.principalOf(clientId)?.objectId ?? ''));
    const found = new Map<string, EntraClient & { grants: { product: Product; assignment: Assignment }[] }>();
    for (const product of products) {
      for (const assignment of this.assignmentsOf(product)) {
        this.assigned.set(
          assignment.principalId,
          (this.assigned.get(assignment.principalId) ?? new Set()).add(product),
        );
        if (managed.has(assignment.principalId)) {
          continue;
        }
        const principal = principals.get(assignment.principalId);
        const client = found.get(assignment.principalId) ?? {
          principalId: assignment.principalId,
          ...(principal === undefined ? {} : { principal }),
          principalType: assignment.principalType,
          displayName: principal?.displayName ?? assignment.principalName,
          grants: [],
        };
        client.grants.push({ product, assignment });
        found.set(assignment.principalId, client);
      }
    }
    this.entraClients = [...found.values()].sort((one, other) => compare(one.displayName, other.displayName));
  }

  /** The product that a link points at; undefined where there is none. */
  linked(productResourceId: string): Product | undefined {
    const id = productResourceId.toLowerCase();
    // answers may name a product relative to its instance
    return this.byResourceId.get(id) ?? this.byResourceId.get(`${this.landscape.instance.id}${id}`.toLowerCase());
  }

  principalOf(clientId: string): Principal | undefined {
    return this.byAppId.get(clientId.toLowerCase());
  }

  applicationOf(clientId: string | undefined): Application | undefined {
    return clientId === undefined ? undefined : this.landscape.applications?.get(clientId.toLowerCase());
  }

  /** Assignments with which an application can call a product. */
  assignmentsOf(product: Product): readonly Assignment[] {
    const { applicationId } = product;
    const resource = applicationId === undefined ? undefined : this.principalOf(applicationId);
    const all = (resource && this.byResource.get(resource.objectId)) ?? [];
    const demanded = this.demandedRoles(product);
    return demanded === undefined ? all : all.filter(({ appRoleId }) => demanded.has(appRoleId));
  }

  /** Ids of the roles of which a product's policy demands one; undefined where any of the registration will do. */
  demandedRoles({ applicationId, enforcedBy, policy }: Product): ReadonlySet<string> | undefined {
    if (enforcedBy !== 'policy' || policy === undefined || policy.roles.length === 0) {
      return undefined;
    }
    const roles = this.applicationOf(applicationId)?.appRoles ?? [];
    return new Set(roles.filter(({ value }) => policy.roles.includes(value)).map(({ id }) => id));
  }

  /** The products whose registrations a principal has a role of. */
  assignedTo(principal: Principal | undefined): ReadonlySet<Product> {
    return this.assigned.get(principal?.objectId ?? '') ?? new Set();
  }

  /** The role of a product that clients are assigned; of several that a policy could mean, none. */
  roleOf(product: Product): AppRole | undefined {
    const roles = (this.applicationOf(product.applicationId)?.appRoles ?? []).filter(({ enabled }) => enabled);
    const demanded = product.policy?.roles ?? [];
    if (product.enforcedBy !== 'policy') {
      return roles[0];
    }
    const named = roles.filter(({ value }) => demanded.length === 0 || demanded.includes(value));
    return named.length === 1 ? named[0] : undefined;
  }

  productsOf({ links }: ManagedClient): readonly Product[] {
    const found = links.flatMap(({ productResourceId }) => this.linked(productResourceId) ?? []);
    return [...new Set(found)];
  }

  /** API Management registers a product's application under a name that it makes, and gives it no owner. */
  registrationOwner(product: Product): 'apim' | 'other' {
    const application = this.applicationOf(product.applicationId);
    if (product.enforcedBy === 'policy') {
      return 'other';
    }
    if (application === undefined) {
      return 'apim';
    }
    const compact = (name: string): string => name.replace(/\s+/g, '').toLowerCase();
    const names = [product.displayName, product.id].map((name) => compact(`APIMProductApplication${name}`));
    const { principalId } = this.landscape.instance;
    const isOurs = (application.owners ?? []).every(({ objectId }) => objectId === principalId);
    return names.includes(compact(application.displayName)) && isOurs ? 'apim' : 'other';
  }

  /** Neither a token nor a key is needed, as far as the policy could be read. */
  isOpen({ enforcedBy, policy }: Product): boolean {
    return enforcedBy === undefined && policy !== undefined && policy.checksTokens !== 'unknown';
  }

  /** Whether all of a part was read, as far as there is any. */
  isRead(part: string): boolean {
    return !this.unread.has(part);
  }

  ownerName(ownerId: string): string {
    const id = ownerId.split('/').at(-1) ?? '';
    return this.landscape.users.get(id.toLowerCase())?.name ?? id;
  }
}

const { compare } = new Intl.Collator('en', { numeric: true });
