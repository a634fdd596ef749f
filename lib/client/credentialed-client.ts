import { Construct } from 'constructs';

/** What a credential knows of the client it is for. */
export interface CredentialedClient {
  /** The client itself. */
  readonly scope: Construct;
  /** Id for the one construct that the credential is, or that contains all of it; no other credential has it. */
  readonly id: string;
  /** Where the program asked for the credential. */
  readonly source?: string;
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
