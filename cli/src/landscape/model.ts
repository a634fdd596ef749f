/** What a landscape contains, as far as it could be read: API Management and Entra side by side, joined by ids. */
export interface Landscape {
  readonly instance: Instance;
  readonly products: readonly Product[];
  readonly clients: readonly ManagedClient[];
  readonly users: ReadonlyMap<string, User>;
  readonly subscriptions: readonly Subscription[];
  /** Applications in Entra by client id; undefined where Entra could not be read. */
  readonly applications: ReadonlyMap<string, Application> | undefined;
  /** Service principals by object id. */
  readonly principals: ReadonlyMap<string, Principal>;
  /** App role assignments of products' registrations; undefined where they could not be read. */
  readonly assignments: readonly Assignment[] | undefined;
  /** Registrations that are called as API Management calls those of products, and that no product points at. */
  readonly strays: readonly { readonly appId: string; readonly displayName: string }[];
  readonly unread: readonly Unread[];
}

/** A part that the login may not read, and what it takes. */
export interface Unread {
  readonly part: string;
  readonly needs: string;
}

export interface Instance {
  readonly id: string;
  readonly name: string;
  readonly resourceGroup: string;
  readonly subscriptionId: string;
  readonly location: string;
  /** Tier and units, such as `Developer_1`. */
  readonly sku: string;
  readonly publisherName: string;
  readonly publisherEmail: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly userAssignedIdentityIds: readonly string[];
  readonly principalId?: string;
  readonly tenantId?: string;
  /** The identity's directory roles; undefined where they could not be read. */
  readonly directoryRoles?: readonly HeldRole[];
}

/** A directory role that an identity has. */
export interface HeldRole {
  readonly templateId: string;
  /** Id of its assignment. */
  readonly assignmentId: string;
}

export interface Product {
  readonly id: string;
  readonly resourceId: string;
  readonly displayName: string;
  /** `properties` as Azure answers them. */
  readonly properties: Readonly<Record<string, unknown>>;
  readonly authenticationType: readonly string[];
  readonly subscriptionRequired: boolean;
  readonly state: string;
  readonly applicationId?: string;
  readonly audience?: string;
  /** What lets nobody in without a token: the gateway itself, or the product's policy. Undefined where nothing does. */
  readonly enforcedBy?: 'gateway' | 'policy';
  readonly apis: readonly string[];
  readonly groups: readonly string[];
  /** Read where nothing else keeps callers out; undefined where something does, or it may not be read. */
  readonly policy?: ProductPolicy;
}

/** What a product's policy demands of callers. */
export interface ProductPolicy {
  /** Whether it lets nobody in without a token that it validates; `unknown` where that is not certain. */
  readonly checksTokens: 'always' | 'sometimes' | 'never' | 'unknown';
  readonly audiences: readonly string[];
  /** Client ids among the audiences. */
  readonly applicationIds: readonly string[];
  /** Values of app roles of which a token needs one. */
  readonly roles: readonly string[];
}

/** A client application of API Management. */
export interface ManagedClient {
  readonly name: string;
  readonly resourceId: string;
  readonly displayName: string;
  readonly description?: string;
  readonly ownerId: string;
  readonly clientId: string;
  readonly state?: string;
  readonly links: readonly Link[];
}

export interface Link {
  readonly name: string;
  /** Full resource id, as Azure answers it. */
  readonly productResourceId: string;
}

export interface User {
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

/** A subscription: two keys of API Management. */
export interface Subscription {
  readonly name: string;
  readonly displayName?: string;
  readonly state: string;
  readonly scope: string;
  readonly ownerId?: string;
}

export interface AppRole {
  readonly id: string;
  readonly value: string;
  readonly enabled: boolean;
}

export type CredentialKind = 'secret' | 'certificate' | 'federated' | 'managed-identity' | 'other-tenant';

export interface Credential {
  readonly kind: CredentialKind;
  readonly name?: string;
  /** ISO 8601; absent where it does not expire. */
  readonly expiresOn?: string;
}

export interface Application {
  readonly objectId: string;
  readonly appId: string;
  readonly displayName: string;
  readonly appRoles: readonly AppRole[];
  /** Undefined where nothing depends on them. */
  readonly owners: readonly Owner[] | undefined;
  readonly credentials: readonly Credential[];
}

/** Who may change an application in Entra. */
export interface Owner {
  readonly objectId: string;
  /** Empty where Entra has none. */
  readonly name: string;
}

export interface Principal {
  readonly objectId: string;
  readonly appId: string;
  readonly displayName: string;
  readonly isManagedIdentity: boolean;
  readonly tenantId?: string;
  readonly assignmentRequired: boolean;
}

export interface Assignment {
  readonly id: string;
  readonly appRoleId: string;
  /** Service principal of the product's registration. */
  readonly resourceId: string;
  /** Who has the role. */
  readonly principalId: string;
  readonly principalType: string;
  readonly principalName: string;
}
