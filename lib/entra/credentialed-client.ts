import { Construct } from 'constructs';

/** What a credential knows of the client it is for. */
export interface CredentialedClient {
  /** Scope to declare the credential in; no other credential of the client lies in it. */
  readonly scope: Construct;
  /** Id of the application as azuread has it, `/applications/<object id>`. */
  readonly applicationId: string;
  /** Application (client) id, a GUID. */
  readonly clientId: string;
  readonly tenantId: string;
}

/** What a credential makes. */
export interface BoundCredential {
  /** How the client proves who it is, for the access manifest: never a secret. */
  readonly manifest: { [name: string]: unknown };
}
