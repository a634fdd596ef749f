import { property } from '../input/json';
import type { Program } from './program';
import type { DeclaredBlock } from './stacks';

/** `Microsoft.ApiManagement/service/products` of an azapi block, in lower case; empty where it is something else. */
export function armType({ type, body }: DeclaredBlock): string {
  const named = property(body, 'type');
  return type.startsWith('azapi_') && typeof named === 'string' ? (named.split('@')[0] ?? '').toLowerCase() : '';
}

const SERVICE = 'microsoft.apimanagement/service';

export function isInstance(block: DeclaredBlock): boolean {
  return block.type === 'azurerm_api_management' || (hasObject(block) && armType(block) === SERVICE);
}

export function isProduct(block: DeclaredBlock): boolean {
  return (
    block.type === 'azurerm_api_management_product' || (hasObject(block) && armType(block) === `${SERVICE}/products`)
  );
}

/** A client that is declared: the library also reads its own clients by data sources. */
export function isClientApplication(block: DeclaredBlock): boolean {
  return (
    block.mode === 'resource' && block.type === 'azapi_resource' && armType(block) === `${SERVICE}/clientapplications`
  );
}

export function isProductLink(block: DeclaredBlock): boolean {
  return block.type === 'azapi_resource' && armType(block) === `${SERVICE}/clientapplications/productlinks`;
}

/** Actions write or call an object; they are not it. */
function hasObject({ type }: DeclaredBlock): boolean {
  return type === 'azapi_resource' || type === 'azapi_update_resource';
}

/** `properties` of the request that an azapi block sends. */
export function propertiesOf(block: DeclaredBlock): unknown {
  return property(property(block.body, 'body'), 'properties');
}

/** The place of an object: the name of its instance and its own, as far as the program says. */
export interface Place {
  readonly instance?: string;
  readonly id?: string;
}

/** The place of a product. */
export function placeOf(program: Program, block: DeclaredBlock): Place {
  const { stack, body } = block;
  const resourceId = property(body, 'resource_id');
  if (typeof resourceId === 'string') {
    const id = /\/products\/([^/${}]+)$/.exec(resourceId)?.[1];
    const other = id === undefined ? program.leadsTo(stack, resourceId, isProduct) : undefined;
    return other === undefined
      ? { ...instanceOf(program, stack, resourceId), ...(id === undefined ? {} : { id }) }
      : placeOf(program, other);
  }
  const id = program.text(stack, property(body, 'name') ?? property(body, 'product_id'));
  return {
    ...instanceOf(program, stack, property(body, 'parent_id') ?? property(body, 'api_management_name')),
    ...(id === undefined ? {} : { id }),
  };
}

/** The instance that an expression leads to or names, by its name, which is taken once in the whole of Azure. */
export function instanceOf(program: Program, stack: string, expression: unknown): { readonly instance?: string } {
  const written =
    typeof expression === 'string' ? (/\/service\/([^/${}]+)/.exec(expression)?.[1] ?? undefined) : undefined;
  if (written !== undefined) {
    return { instance: written };
  }
  const block = program.leadsTo(stack, expression, isInstance);
  if (block === undefined) {
    const text = program.text(stack, expression);
    return text === undefined || text.includes('/') ? {} : { instance: text };
  }
  const resourceId = property(block.body, 'resource_id');
  const name =
    program.text(block.stack, property(block.body, 'name')) ??
    (typeof resourceId === 'string' ? /\/service\/([^/${}]+)$/.exec(resourceId)?.[1] : undefined);
  return { instance: name ?? block.address };
}

/** The construct's path, where cdktf kept it. */
export function constructPathOf({ body }: DeclaredBlock): string | undefined {
  const path = property(property(property(body, '//'), 'metadata'), 'path');
  return typeof path === 'string' ? path.replace(/\/Default$/, '') : undefined;
}
