import type { PolicyDocument } from '../../entities/policies';
import { SIDES, type SideName } from '../../entities/aliases';
import { name, say } from '../../message';
import type { ClientName, MessagePart, ProductName } from '../../model';
import { isSensitive, printable } from '../../plan/attributes';
import { isTouched, type Resource } from '../../plan/resource';
import type { AccessAnalysis } from '../access';
import type { Context } from '../context';
import { productChange } from '../exposure';
import type { ProductChange } from '../exposure/product-change';

/** What a policy is of, in the words of a review. */
export interface Owner {
  /** `the policy of Gold`, `the policy of API orders`. */
  readonly policy: readonly MessagePart[];
  /** `Gold`, `API orders`. */
  readonly whose: readonly MessagePart[];
  readonly product?: ProductName;
  readonly api?: string;
  readonly clients: readonly ClientName[];
  /** Whether the object exists before and after. */
  readonly before: boolean;
  readonly after: boolean;
  /** For policies of products. */
  readonly change?: ProductChange;
}

export function ownerOf(context: Context, access: AccessAnalysis, document: PolicyDocument): Owner | undefined {
  if (document.product !== undefined) {
    const change = productChange(context, access, document.product);
    return change === undefined
      ? undefined
      : {
          ...named(say`${name(change.product.name)}`),
          product: change.product,
          clients: change.clientsAfter,
          before: change.before !== undefined,
          after: change.after !== undefined,
          change,
        };
  }
  const [block] = document.blocks;
  if (block === undefined) {
    return undefined;
  }
  const products = productsWith(context, document);
  const [only, ...others] = products;
  const api = shownName(block, 'api_name', document.api);
  const apis = apiBlocks(context, document);
  const exists = (side: SideName): boolean => apis.length === 0 || apis.some((found) => found[side] !== undefined);
  return {
    ...named(whoseOf(context, document, block, api)),
    ...(only === undefined || others.length > 0 ? {} : { product: context.names.product(only) }),
    ...(api === undefined ? {} : { api }),
    clients: [],
    before: exists('before'),
    after: exists('after'),
  };
}

function named(whose: readonly MessagePart[]): Pick<Owner, 'policy' | 'whose'> {
  return { whose, policy: say`the policy of ${whose}` };
}

function whoseOf(
  context: Context,
  document: PolicyDocument,
  block: Resource,
  api: string | undefined,
): readonly MessagePart[] {
  switch (document.level) {
    case 'service': {
      const known = !document.instance.startsWith('instance of ') && !isHidden(block);
      return known ? say`all APIs of ${name(context.names.name(document.instance))}` : say`all APIs`;
    }
    case 'workspace':
      return isHidden(block) || document.workspace === undefined
        ? say`a workspace`
        : say`workspace ${name(document.workspace)}`;
    case 'operation': {
      const operation = shownName(block, 'operation_id', document.operation);
      return say`operation ${name(operation ?? 'unknown until apply')} of API ${name(api ?? 'unknown until apply')}`;
    }
    default:
      return say`API ${name(api ?? 'unknown until apply')}`;
  }
}

/** A name as the block has it; nothing of one that is sensitive. */
function shownName(block: Resource, attribute: string, fallback: string | undefined): string | undefined {
  const side = block.after ?? block.before;
  return isHidden(block) || isSensitive(side, attribute)
    ? undefined
    : (printable(side, attribute) ?? fallback)?.replace(/;rev=\d+$/, '');
}

/** Whether what a block is of must not be printed. */
function isHidden(block: Resource): boolean {
  const side = block.after ?? block.before;
  return [
    'api_management_name',
    'api_management_id',
    'api_management_workspace_id',
    'parent_id',
    'resource_id',
    'id',
  ].some((path) => isSensitive(side, path));
}

/** The blocks of the API that a policy is of. */
export function apiBlocks(context: Context, { api, instance }: PolicyDocument): readonly Resource[] {
  return api === undefined ? [] : context.products.apiBlocks(instance, api);
}

/** The products that an API is in, before or after. */
export function productsWith(context: Context, { api, instance }: PolicyDocument): readonly string[] {
  return api === undefined
    ? []
    : [...new Set(SIDES.flatMap((side) => context.products.productsOfApi(instance, api, side)))];
}

/** Where a change of a policy is best seen: at the block that is touched, else at what it is made of. */
export function placeOf({ blocks, before, after }: PolicyDocument): Resource | undefined {
  const parts = [...(after?.parts ?? []), ...(before?.parts ?? [])];
  return [...blocks.filter(({ action }) => action !== 'forget'), ...parts].find(isTouched) ?? blocks[0];
}
