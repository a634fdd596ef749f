/**
 * Which names mean the same thing: an application is known by its address, its client id, its object
 * id and its service principal's object id, and every plan knows others of them.
 */
export class Identities {
  private readonly parents = new Map<string, string>();

  /** The one name that represents all names of the same thing. */
  find(name: string): string {
    let root = name;
    for (let parent = this.parents.get(root); parent !== undefined; parent = this.parents.get(root)) {
      root = parent;
    }
    for (let step = name; step !== root;) {
      const next = this.parents.get(step) ?? root;
      this.parents.set(step, root);
      step = next;
    }
    return root;
  }

  unite(names: readonly string[]): void {
    const [first, ...others] = names;
    if (first === undefined) {
      return;
    }
    const root = this.find(first);
    for (const other of others) {
      const found = this.find(other);
      if (found !== root) {
        this.parents.set(found, root);
      }
    }
  }

  same(one: string, other: string): boolean {
    return this.find(one) === this.find(other);
  }
}
