/** Who made and keeps a registration in Entra. */
export type RegistrationOwner = 'api-management' | 'terraform' | 'other';

export interface Owner {
  readonly key: string;
  readonly name: string;
}

export interface Credential {
  /** `developer-portal`, `key-vault-secret`, `federated`, `certificate`, `password`, `unknown`. */
  readonly kind: string;
  readonly name?: string;
}

export interface Application {
  readonly key: string;
  readonly stack: string;
  readonly displayName: string;
  /** The construct, as its path. */
  readonly constructPath?: string;
  readonly registrationOwner: RegistrationOwner;
  /** Key of an owner. */
  readonly owner?: string;
  readonly credentials: readonly Credential[];
  /** Keys of products. */
  readonly products: readonly string[];
}

export interface Product {
  readonly key: string;
  readonly productId?: string;
  readonly displayName: string;
  /** The instance, by its name where that is known. */
  readonly instance?: string;
  /** The stacks that declare it; none where programs only read it. */
  readonly stacks: readonly string[];
  readonly enforcedBy: 'gateway' | 'policy' | 'nothing' | 'unknown';
  readonly registrationOwner: RegistrationOwner;
  readonly acceptsKeys: boolean | 'unknown';
  /** Neither token nor key is needed. */
  readonly open: boolean;
  /** Keys of APIs. */
  readonly apis: readonly string[];
}

export interface Api {
  readonly key: string;
  readonly name: string;
}

/** The access that a program declares, as `apim-oauth graph --json` prints it. */
export interface DeclaredAccess {
  readonly version: 1;
  readonly tool: { readonly name: 'apim-oauth'; readonly version: string };
  readonly stacks: readonly string[];
  readonly owners: readonly Owner[];
  readonly applications: readonly Application[];
  readonly products: readonly Product[];
  readonly apis: readonly Api[];
  /** What the program grants and this reading could not place, as sentences. */
  readonly unknown: readonly string[];
}
