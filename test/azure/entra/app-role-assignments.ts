export interface AppRoleAssignment {
  readonly id: string;
  readonly appRoleId: string;
  readonly principalId: string;
  readonly resourceId: string;
  readonly createdAt: number;
  readonly seeded?: boolean;
}

/** Who has which role of which application, found from either side. */
export class AppRoleAssignments {
  private readonly byId = new Map<string, AppRoleAssignment>();
  private readonly bySide = {
    principalId: new Map<string, Set<AppRoleAssignment>>(),
    resourceId: new Map<string, Set<AppRoleAssignment>>(),
  };

  public add(assignment: AppRoleAssignment): void {
    this.byId.set(assignment.id, assignment);
    for (const side of ['principalId', 'resourceId'] as const) {
      const known = this.bySide[side].get(assignment[side]) ?? new Set();
      this.bySide[side].set(assignment[side], known.add(assignment));
    }
  }

  public get(id: string): AppRoleAssignment | undefined {
    return this.byId.get(id);
  }

  public all(): AppRoleAssignment[] {
    return [...this.byId.values()];
  }

  public of(side: 'principalId' | 'resourceId', objectId: string): AppRoleAssignment[] {
    return [...(this.bySide[side].get(objectId) ?? [])];
  }

  public same(
    wanted: Pick<AppRoleAssignment, 'appRoleId' | 'principalId' | 'resourceId'>,
  ): AppRoleAssignment | undefined {
    return this.of('principalId', wanted.principalId).find(
      ({ appRoleId, resourceId }) => appRoleId === wanted.appRoleId && resourceId === wanted.resourceId,
    );
  }

  public delete(id: string): boolean {
    const assignment = this.byId.get(id);
    if (assignment === undefined) {
      return false;
    }
    this.byId.delete(id);
    for (const side of ['principalId', 'resourceId'] as const) {
      this.bySide[side].get(assignment[side])?.delete(assignment);
    }
    return true;
  }

  /** Those that a directory object takes with it. */
  public deleteOf(objectId: string): void {
    for (const side of ['principalId', 'resourceId'] as const) {
      for (const { id } of this.of(side, objectId)) {
        this.delete(id);
      }
    }
  }

  public clear(): void {
    this.byId.clear();
    this.bySide.principalId.clear();
    this.bySide.resourceId.clear();
  }
}
