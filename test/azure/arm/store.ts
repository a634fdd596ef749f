import { JsonObject } from '../json';
import { keyOf, parseResourceId, typeKeyOf } from './resource-id';

/** A resource as it is stored. */
export interface Resource {
  readonly id: string;
  body: JsonObject;
  /** Raised by each write; the ETag is made of it. */
  version: number;
  readonly createdAt: number;
  /** What the service remembers and never answers. */
  hidden: JsonObject;
  /** Not made by a caller: never counted as left behind. */
  readonly seeded?: boolean;
}

/** All resources of the subscription, by id and by the collection that they are in. */
export class ResourceStore {
  private readonly resources = new Map<string, Resource>();
  private readonly collections = new Map<string, Set<string>>();
  private readonly types = new Map<string, Set<string>>();

  public get(id: string): Resource | undefined {
    return this.resources.get(keyOf(id));
  }

  public put(
    id: string,
    body: JsonObject,
    now: number,
    options: { hidden?: JsonObject; seeded?: boolean } = {},
  ): Resource {
    const key = keyOf(id);
    const before = this.resources.get(key);
    if (before !== undefined) {
      before.body = body;
      before.version += 1;
      before.hidden = options.hidden ?? before.hidden;
      return before;
    }
    const resource: Resource = {
      id,
      body,
      version: 1,
      createdAt: now,
      hidden: options.hidden ?? {},
      seeded: options.seeded,
    };
    this.add(resource);
    return resource;
  }

  /** The members of a collection, in the order in which they were made. */
  public list(collection: string): Resource[] {
    const keys = this.collections.get(keyOf(collection)) ?? [];
    return [...keys].map((key) => this.resources.get(key)!);
  }

  /** All resources of a type, by its name in lower case. */
  public ofType(type: string): Resource[] {
    return [...(this.types.get(type) ?? [])].map((key) => this.resources.get(key)!);
  }

  /** What is nested in a resource at any depth, without the resource itself. */
  public below(id: string): Resource[] {
    const prefix = `${keyOf(id)}/`;
    return this.all().filter((resource) => keyOf(resource.id).startsWith(prefix));
  }

  public all(): Resource[] {
    return [...this.resources.values()];
  }

  /** Removes a resource and all that is nested in it. */
  public remove(id: string): void {
    for (const resource of this.below(id)) {
      this.forget(resource);
    }
    const resource = this.get(id);
    if (resource !== undefined) {
      this.forget(resource);
    }
  }

  public add(resource: Resource): void {
    const key = keyOf(resource.id);
    this.resources.set(key, resource);
    remember(this.collections, collectionOf(key), key);
    remember(this.types, typeKey(key), key);
  }

  public clear(): void {
    this.resources.clear();
    this.collections.clear();
    this.types.clear();
  }

  private forget(resource: Resource): void {
    const key = keyOf(resource.id);
    this.resources.delete(key);
    this.collections.get(collectionOf(key))?.delete(key);
    this.types.get(typeKey(key))?.delete(key);
  }
}

const collectionOf = (key: string): string => key.slice(0, key.lastIndexOf('/'));

function typeKey(key: string): string {
  const parsed = parseResourceId(key);
  return parsed === undefined ? '' : typeKeyOf(parsed);
}

function remember(index: Map<string, Set<string>>, entry: string, key: string): void {
  const known = index.get(entry) ?? new Set();
  index.set(entry, known.add(key));
}
