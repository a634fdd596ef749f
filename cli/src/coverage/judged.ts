import type { Concern } from '../kinds/row';
import type { Resource } from '../plan/resource';

/** Which concerns of which objects the analyses have understood, whether they reported a finding or not. */
export class Judged {
  private readonly concerns = new Map<Resource, Set<Concern>>();

  mark(resource: Resource, ...concerns: readonly Concern[]): void {
    const found = this.concerns.get(resource);
    if (found === undefined) {
      this.concerns.set(resource, new Set(concerns));
    } else {
      concerns.forEach((concern) => found.add(concern));
    }
  }

  has(resource: Resource, concern: Concern): boolean {
    return this.concerns.get(resource)?.has(concern) === true;
  }
}
