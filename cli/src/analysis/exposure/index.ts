import type { ExposureFinding, Known, Product, ProductState } from '../../model';
import type { ProductSettings } from '../../entities/products';
import { clean } from '../../message';
import { isTouched } from '../../plan/resource';
import type { AccessAnalysis } from '../access';
import { byImportance, compare, type Context } from '../context';
import { audienceRule } from './audience';
import { existenceRule } from './existence';
import { markProduct } from './judged';
import { apisRule, groupsRule } from './members';
import { touches, type ExposureRule, type ProductChange } from './product-change';
import { providerGapRule } from './provider-gap';
import { publicationRule } from './publication';
import { registrationRule } from './registration';
import { tokensRule } from './tokens';
import { waysRule } from './ways';

const RULES: readonly ExposureRule[] = [
  existenceRule,
  waysRule,
  tokensRule,
  publicationRule,
  audienceRule,
  registrationRule,
  providerGapRule,
  apisRule,
  groupsRule,
];

/** What products let in, and what of it changes. */
export function analyzeExposure(context: Context, access: AccessAnalysis): readonly ExposureFinding[] {
  const registrations = access.grants.map(({ product }) => product.key);
  const keys = [...new Set([...context.products.keys, ...registrations])].sort(compare);
  return keys
    .flatMap((key) => {
      const change = productChange(context, access, key);
      if (change === undefined) {
        return [];
      }
      const found = RULES.flatMap((rule) => rule(change, context));
      markProduct(change, context);
      return found;
    })
    .sort(byImportance);
}

export function productChange(context: Context, access: AccessAnalysis, key: string): ProductChange | undefined {
  const own = context.products.resourceOf(key);
  const policy = context.products.policyResource(key);
  // where the product itself stays as it is, what changes it is the place to look at
  const resource =
    own !== undefined && (isTouched(own) || policy === undefined || !isTouched(policy))
      ? own
      : (policy ?? own ?? firstMember(context, key));
  if (resource === undefined) {
    return undefined;
  }
  const clients = (keys: readonly string[] | undefined) =>
    (keys ?? []).map((client) => context.names.client(client)).sort((one, other) => compare(one.name, other.name));
  return {
    key,
    product: context.names.product(key),
    resource,
    before: context.products.state(key, 'before'),
    after: context.products.state(key, 'after'),
    clientsBefore: clients(access.clientsBefore.get(key)),
    clientsAfter: clients(access.clientsAfter.get(key)),
    touched: touches(context, key),
  };
}

/** For products that are managed elsewhere: whatever the plans show of them. */
function firstMember(context: Context, key: string) {
  const [api] = [
    ...(context.products.state(key, 'after')?.apis ?? []),
    ...(context.products.state(key, 'before')?.apis ?? []),
  ];
  const [group] = [
    ...(context.products.state(key, 'after')?.groups ?? []),
    ...(context.products.state(key, 'before')?.groups ?? []),
  ];
  return api?.resource ?? group?.resource ?? context.world.resourcesOf(key).find(({ mode }) => mode === 'managed');
}

/** Every product that the plans name, for the parts of a review that show what is, not what changes. */
export function productsOf(context: Context, access: AccessAnalysis): readonly Product[] {
  const grantedIn = new Map<string, string[]>();
  for (const { product, stacks } of access.grants) {
    const found = grantedIn.get(product.key);
    if (found === undefined) {
      grantedIn.set(product.key, [...stacks]);
    } else {
      found.push(...stacks);
    }
  }
  return [...new Set([...context.products.keys, ...grantedIn.keys()])]
    .map((key): Product => {
      const before = context.products.state(key, 'before');
      const after = context.products.state(key, 'after');
      const stacks = [
        ...context.world
          .resourcesOf(key)
          .filter(({ mode }) => mode === 'managed')
          .map(({ stack }) => stack),
        ...(grantedIn.get(key) ?? []),
      ];
      return {
        ...context.names.product(key),
        stacks: [...new Set(stacks)].sort(compare),
        ...(before === undefined ? {} : { before: shownState(before) }),
        ...(after === undefined ? {} : { after: shownState(after) }),
      };
    })
    .sort((one, other) => compare(one.name, other.name) || compare(one.key, other.key));
}

function shownState(state: ProductSettings): ProductState {
  const way = (wanted: readonly string[]): Known =>
    state.ways === undefined ? 'unknown until apply' : knownFrom(state.ways.some((found) => wanted.includes(found)));
  return {
    tokens: knownFrom(state.tokens),
    policy:
      state.policy === undefined
        ? 'no'
        : state.policy.readable
          ? knownFrom(state.policy.demand.applies !== 'never')
          : 'unknown until apply',
    keys: way(['key', 'token and key']),
    open: way(['anyone']),
    published: knownFrom(state.published),
    ...(state.audience === undefined ? {} : { audience: clean(state.audience) }),
    apis: [...new Set(state.apis.map(({ name }) => clean(name)))].sort(compare),
  };
}

function knownFrom(value: boolean | undefined): Known {
  return value === undefined ? 'unknown until apply' : value ? 'yes' : 'no';
}
