import { Construct } from 'constructs';
import { IApimInstance } from '../instance/apim-instance';
import { IOAuthProduct } from '../product/oauth-product-reference';
import { SecretDestination } from './stored-secret';

/** What a registration knows of the client application it is for. */
export interface RegisteredClient {
  readonly scope: Construct;
  readonly instance: IApimInstance;
  readonly applicationName: string;
  readonly displayName: string;
  readonly description?: string;
  readonly ownerUserId?: string;
  /** Line of the program that declares the client. */
  readonly source?: string;
  /** The granted products by their keys. It grows as access is granted. */
  readonly grants: ReadonlyMap<string, IOAuthProduct>;
}

/** A product that the client was just granted. */
export interface Grant {
  readonly key: string;
  readonly product: IOAuthProduct;
  /** Where the program asked for it; undefined where it did with the client itself. */
  readonly source?: string;
}

/** What a registration makes. */
export interface BoundRegistration {
  readonly clientId: string;
  readonly tenantId: string;
  /** How the client proves who it is, for the access manifest: never a secret. */
  credential(): { [name: string]: unknown };
  /** Called after each grant. */
  granted(grant: Grant): void;
  importGrant(key: string, id: string): void;
  /** Puts a secret of the client into Key Vault; absent where the client has none that could be stored. */
  storeSecret?(destination: SecretDestination): void;
  /** Imports the client itself. Undefined if the client is not Terraform's, or is several objects. */
  importFrom?(id: string): void;
  /** What is wrong with the id of a grant that exists, if anything. */
  problemOfGrantId(id: string): string | undefined;
}
