import { deployerOf } from '../azuread/deployer';
import * as limits from '../validation/limits';
import { BoundRegistration, Grant, RegisteredClient } from './registered-client';
import { RoleAssignments } from './role-assignments';

/** A client of another owner that is granted access. */
export interface ExistingClientProps {
  /** Application (client) id, a GUID. */
  readonly clientId: string;

  /** Object id of the client's service principal, or of a managed identity, a GUID. */
  readonly servicePrincipalObjectId: string;
}

/** A client that somebody else owns: it is assigned the app role of each product, and nothing of the client is written. */
export class ExistingClient implements BoundRegistration {
  public readonly clientId: string;
  public readonly tenantId: string;
  private readonly assignments: RoleAssignments;

  public constructor(client: RegisteredClient, { clientId, servicePrincipalObjectId }: ExistingClientProps) {
    this.clientId = clientId;
    this.tenantId = deployerOf(client.scope).tenantId;
    this.assignments = new RoleAssignments(client, servicePrincipalObjectId);
  }

  public granted(grant: Grant): void {
    this.assignments.granted(grant);
  }

  public problemOfGrantId(id: string): string | undefined {
    return limits.appRoleAssignmentId(id);
  }

  public importGrant(key: string, id: string): void {
    this.assignments.importGrant(key, id);
  }

  /** The owner of the client keeps its credential. */
  public credential(): { [name: string]: unknown } {
    return { kind: 'elsewhere' };
  }
}
