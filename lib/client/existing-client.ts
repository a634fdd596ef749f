import { deployerOf } from '../azuread/deployer';
import { AssignedClient } from './assigned-client';
import { RegisteredClient } from './registered-client';
import { RoleAssignments } from './role-assignments';

/** A client of another owner that is granted access. */
export interface ExistingClientProps {
  /** Application (client) id, a GUID. */
  readonly clientId: string;

  /** Object id of the client's service principal, or of a managed identity, a GUID. */
  readonly servicePrincipalObjectId: string;
}

/** A client that somebody else owns: it is assigned the app role of each product, and nothing of the client is written. */
export class ExistingClient extends AssignedClient {
  public readonly clientId: string;
  public readonly tenantId: string;
  protected readonly assignments: RoleAssignments;

  public constructor(client: RegisteredClient, { clientId, servicePrincipalObjectId }: ExistingClientProps) {
    super();
    this.clientId = clientId;
    this.tenantId = deployerOf(client.scope).tenantId;
    this.assignments = new RoleAssignments(client, servicePrincipalObjectId);
  }

  /** The owner of the client keeps its credential. */
  public credential(): { [name: string]: unknown } {
    return { kind: 'elsewhere' };
  }
}
