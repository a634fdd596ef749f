import * as limits from '../validation/limits';
import { BoundRegistration, Grant } from './registered-client';
import { RoleAssignments } from './role-assignments';

/** A client whose grants are app role assignments, of Terraform's own or of another owner. */
export abstract class AssignedClient implements BoundRegistration {
  public abstract readonly clientId: string;
  public abstract readonly tenantId: string;
  protected abstract readonly assignments: RoleAssignments;

  public abstract credential(): { [name: string]: unknown };

  public granted(grant: Grant): void {
    this.assignments.granted(grant);
  }

  public problemOfGrantId(id: string): string | undefined {
    return limits.appRoleAssignmentId(id);
  }

  public importGrant(key: string, id: string): void {
    this.assignments.importGrant(key, id);
  }
}
