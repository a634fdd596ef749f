/** Rules that access must always follow, as a person wrote them. */
export interface Contract {
  /** The file as it was given. */
  readonly file: string;
  readonly rules: readonly ContractRule[];
}

/** One rule; patterns are globs over display names and ids. */
export type ContractRule = { readonly name: string } & (
  | { readonly kind: 'only'; readonly products: readonly string[]; readonly clients: readonly string[] }
  | { readonly kind: 'never'; readonly products: readonly string[]; readonly clients: readonly string[] }
  | { readonly kind: 'never-both'; readonly products: readonly string[]; readonly clients: readonly string[] }
  | { readonly kind: 'credentials'; readonly clients: readonly string[]; readonly allowed: readonly CredentialWord[] }
  | { readonly kind: 'no-open-products' }
  | { readonly kind: 'no-new-privilege' }
);

/** How a contract calls the kinds of credentials. */
export const CREDENTIAL_WORDS = ['federated', 'certificate', 'password', 'client-secret', 'subscription-key'] as const;

export type CredentialWord = (typeof CREDENTIAL_WORDS)[number];
