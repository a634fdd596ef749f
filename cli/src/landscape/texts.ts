/** One text for all that are equal: thousands of links name a few products. */
export class Texts {
  private readonly known = new Map<string, string>();

  same(value: string): string {
    const known = this.known.get(value);
    if (known === undefined) {
      this.known.set(value, value);
    }
    return known ?? value;
  }
}
