/**
 * What the library keeps on an object for its other constructs, such as the literal name of an instance. It is stored
 * under a symbol that is the same in every copy of the library, and is not enumerable, so that no output shows it.
 */
export class Fact<T> {
  private readonly key: symbol;

  /** @param name names the fact among those of the library; part of what two copies agree on */
  public constructor(name: string) {
    this.key = Symbol.for(`apim-oauth/${name}`);
  }

  /** The fact; undefined for an object that the library has not made. */
  public of(value: unknown): T | undefined {
    return typeof value === 'object' && value !== null
      ? (value as { readonly [key: symbol]: T | undefined })[this.key]
      : undefined;
  }

  /** Keeps the fact on an object, in place of what was kept before. */
  public keep(object: object, value: T): void {
    Object.defineProperty(object, this.key, { value, configurable: true, enumerable: false, writable: true });
  }

  /** The fact, kept now if it was not yet. */
  public ofOrKept(object: object, make: () => T): T {
    const known = this.of(object);
    if (known !== undefined) {
      return known;
    }
    const value = make();
    this.keep(object, value);
    return value;
  }
}
