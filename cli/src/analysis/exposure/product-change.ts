import { clean, listed, name, say } from '../../message';
import type { ClientName, ExposureFinding, MessagePart, ProductName } from '../../model';
import type { ProductSettings } from '../../entities/products';
import { isTouched, type Resource } from '../../plan/resource';
import { kindOf } from '../../plan/kinds';
import { finding, type Context, type Draft } from '../context';

/** A product that the plans may change, with what every rule on exposure needs. */
export interface ProductChange {
  readonly key: string;
  readonly product: ProductName;
  /** The resource at which a change of the product's own settings is reported. */
  readonly resource: Resource;
  readonly before: ProductSettings | undefined;
  readonly after: ProductSettings | undefined;
  readonly clientsBefore: readonly ClientName[];
  readonly clientsAfter: readonly ClientName[];
  /** Whether anything that decides who is let in is made, changed or taken away. */
  readonly touched: boolean;
}

/** One concern: what it has to say about a product. */
export type ExposureRule = (change: ProductChange, context: Context) => readonly ExposureFinding[];

export function touches(context: Context, key: string): boolean {
  const policies = context.products.policies.ofProduct(key);
  const parts = [policies?.before, policies?.after].flatMap((side) => side?.parts ?? []);
  return [...context.world.resourcesOf(key), ...(policies?.blocks ?? []), ...parts].some(
    (resource) => resource.mode === 'managed' && isTouched(resource),
  );
}

/** Whether the product itself is made again in this apply: what belongs to it is made again with it. */
export function isRemade(context: Context, key: string): boolean {
  return context.world
    .resourcesOf(key)
    .some((resource) => kindOf(resource) === 'product' && resource.action === 'replace');
}

interface ExposureDraft extends Omit<Draft, 'resource'> {
  readonly resource?: Resource;
  readonly api?: string;
  readonly before?: string;
  readonly after?: string;
  readonly clients?: readonly ClientName[];
}

export function exposure(context: Context, change: ProductChange, draft: ExposureDraft): ExposureFinding {
  const { api, before, after, clients = [], ...rest } = draft;
  return {
    ...finding(context, { ...rest, resource: draft.resource ?? change.resource }),
    product: change.product,
    ...(api === undefined ? {} : { api: clean(api) }),
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    clients,
  };
}

export function productName({ product }: ProductChange): MessagePart {
  return name(product.name);
}

/** Who is meant, for the end of a sentence; nothing where nobody is known. */
export function clientList(clients: readonly ClientName[], wording: string): readonly MessagePart[] {
  return clients.length === 0 ? [] : say`: ${wording} ${listed(clients.map((client) => client.name))}`;
}
