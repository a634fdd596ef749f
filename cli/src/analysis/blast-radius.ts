import { listed, name, say } from '../message';
import type { BlastRadiusFinding, ClientName, MessagePart, ProductName } from '../model';
import { printable } from '../plan/attributes';
import { kindOf } from '../plan/kinds';
import { isDestroyed, type Resource } from '../plan/resource';
import type { AccessAnalysis } from './access';
import { byImportance, compare, finding, type Context } from './context';

/** What stops working because an instance, a product, a client or a registration is destroyed or made again. */
export function analyzeBlastRadius(context: Context, access: AccessAnalysis): readonly BlastRadiusFinding[] {
  const instances = context.world.managed('instance').filter(isGoing);
  const lost = new Set(instances.map((resource) => context.world.keyOf(resource)));
  const within = (resource: Resource): boolean => lost.has(context.world.instanceOf(resource, 'before') ?? '');
  const products = context.world.managed('product').filter((resource) => isGoing(resource) && !within(resource));
  const clients = context.world
    .managed('client application')
    .filter((resource) => isGoing(resource) && !within(resource));
  const registrations = context.world.managed('application', 'service principal').filter(isGoing);
  // what is destroyed with its instance is reported with the instance
  context.world
    .managed('product', 'client application')
    .filter((resource) => isGoing(resource) && within(resource))
    .forEach((resource) => context.judged.mark(resource, 'existence'));
  return [
    ...instances.map((resource) => instance(context, access, resource)),
    ...products.map((resource) => product(context, access, resource)),
    ...clients.map((resource) => client(context, access, resource, 'client application')),
    ...registrations.flatMap((resource) => registration(context, access, resource, registrations)),
  ].sort(byImportance);
}

function isGoing(resource: Resource): boolean {
  return isDestroyed(resource) && !resource.deposed && resource.before !== undefined;
}

function instance(context: Context, access: AccessAnalysis, resource: Resource): BlastRadiusFinding {
  const own = context.world.keyOf(resource);
  const isOn = (found: Resource): boolean =>
    found.before !== undefined && context.world.instanceOf(found, 'before') === own;
  const products = context.products.keys.filter((key) => context.world.resourcesOf(key).some(isOn));
  const applications = context.world.managed('client application').filter(isOn);
  const clients = [
    ...applications.map((found) => context.world.keyOf(found)),
    ...products.flatMap((key) => access.clientsBefore.get(key) ?? []),
  ];
  return blast(context, resource, 'instance', clients, products);
}

function product(context: Context, access: AccessAnalysis, resource: Resource): BlastRadiusFinding {
  const key = context.world.keyOf(resource);
  return blast(context, resource, 'product', access.clientsBefore.get(key) ?? [], [key]);
}

function client(
  context: Context,
  access: AccessAnalysis,
  resource: Resource,
  target: BlastRadiusFinding['target'],
): BlastRadiusFinding {
  const key = context.world.keyOf(resource);
  return blast(context, resource, target, [key], productsOfClient(access, key));
}

function productsOfClient(access: AccessAnalysis, key: string): readonly string[] {
  return access.productsBefore.get(key) ?? [];
}

/** A registration is a product's, a client's or neither; the last is nobody's business here. */
function registration(
  context: Context,
  access: AccessAnalysis,
  resource: Resource,
  going: readonly Resource[],
): BlastRadiusFinding[] {
  const key = context.world.keyOf(resource);
  const principalOfGoing =
    kindOf(resource) === 'service principal' &&
    going.some((other) => kindOf(other) === 'application' && context.world.keyOf(other) === key);
  if (principalOfGoing) {
    context.judged.mark(resource, 'existence');
    return [];
  }
  const productKey = context.world.productOfRegistration(key);
  const served = access.clientsBefore.get(productKey ?? key);
  if (productKey !== undefined || served !== undefined) {
    return [blast(context, resource, 'registration', served ?? [], [productKey ?? key])];
  }
  const products = productsOfClient(access, key);
  return products.length === 0 ? [] : [client(context, access, resource, 'registration')];
}

function blast(
  context: Context,
  resource: Resource,
  target: BlastRadiusFinding['target'],
  clientKeys: readonly string[],
  productKeys: readonly string[],
): BlastRadiusFinding {
  const change = resource.action === 'replace' ? 'replaced' : 'destroyed';
  const clients = unique(clientKeys)
    .map((key) => context.names.client(key))
    .sort(byName);
  const products = unique(productKeys)
    .map((key) => context.names.product(key))
    .sort(byName);
  const targetName = formerName(context, resource);
  const forcedBy = change === 'replaced' ? [...resource.forcedBy].sort(compare) : [];
  return {
    ...finding(context, {
      rule: 'blast-radius',
      resource,
      judges: ['existence'],
      kinds: ['breaking'],
      says: sentence({ change, target, targetName, forcedBy, clients, products, reason: resource.reason }),
    }),
    change,
    target,
    targetName,
    forcedBy,
    clients,
    products,
  };
}

/** What is destroyed bears the name that it has now, not the one of what replaces it. */
function formerName(context: Context, resource: Resource): string {
  const shown = context.names.name(context.world.keyOf(resource));
  const [former, latter] = [resource.before, resource.after].map((side) =>
    kindOf(resource) === 'instance'
      ? printable(side, 'name')
      : (printable(side, 'body', 'properties', 'displayName') ?? printable(side, 'display_name')),
  );
  return former !== undefined && latter !== undefined && former !== latter ? name(former).text : shown;
}

interface Blast {
  readonly change: BlastRadiusFinding['change'];
  readonly target: BlastRadiusFinding['target'];
  readonly targetName: string;
  readonly forcedBy: readonly string[];
  readonly clients: readonly ClientName[];
  readonly products: readonly ProductName[];
  readonly reason: string | undefined;
}

function sentence({ change, target, targetName, forcedBy, clients, products, reason }: Blast): readonly MessagePart[] {
  const cause = forcedBy.length > 0 ? say`, forced by ${listed(forcedBy)}` : say`${REASONS[reason ?? ''] ?? ''}`;
  const own =
    target === 'client application' ||
    (target === 'registration' && clients.length === 1 && clients[0]?.name === targetName);
  const others = own ? [] : clients;
  const stops =
    others.length === 0 && !own
      ? say`: no client of it is known to the plans`
      : own
        ? products.length === 0
          ? say`: it stops working`
          : say`: it stops working on ${listed(products.map((product) => product.name))}`
        : say`: ${target === 'product' ? '' : target === 'instance' ? 'on ' : 'for '}${target === 'product' ? '' : say`${listed(products.map((product) => product.name))} `}${listed(others.map((client) => client.name))} ${others.length === 1 ? 'stops' : 'stop'} working`;
  return say`${target} ${name(targetName)} is ${change}${cause}${stops}`;
}

const REASONS: Readonly<Record<string, string>> = {
  replace_because_tainted: ', since it is tainted',
  replace_by_request: ', since -replace asks for it',
  replace_by_triggers: ', since something that it follows is changed',
  delete_because_no_resource_config: ', since it is no longer in the configuration',
  delete_because_no_module: ', since its module is no longer in the configuration',
  delete_because_wrong_repetition: ', since its count or for_each changed',
  delete_because_count_index: ', since its count is smaller',
  delete_because_each_key: ', since its key is gone from for_each',
  delete_because_no_move_target: ', since it was moved to an address that is not in the configuration',
};

function unique(keys: readonly string[]): readonly string[] {
  return [...new Set(keys)];
}

function byName(
  one: { readonly name: string; readonly key: string },
  other: { readonly name: string; readonly key: string },
): number {
  return compare(one.name, other.name) || compare(one.key, other.key);
}
