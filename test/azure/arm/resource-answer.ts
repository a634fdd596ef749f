import { copy, JsonObject } from '../json';
import { nameOf, parseResourceId, typeOf } from './resource-id';
import { Resource } from './store';

/** A resource as ARM answers it, before its type has its say. */
export function resourceAnswer(resource: Resource): JsonObject {
  const parsed = parseResourceId(resource.id)!;
  return { id: resource.id, name: nameOf(resource.id), type: typeOf(parsed), ...copy(resource.body) };
}

export function etag(resource: Resource): { readonly ETag: string } {
  return { ETag: `"${Buffer.from(`${resource.createdAt}.${resource.version}`).toString('base64url')}"` };
}
