import type { Member } from '../../entities/products';
import { name, say } from '../../message';
import type { ExposureFinding } from '../../model';
import type { Context } from '../context';
import { clientList, exposure, isRemade, productName, type ExposureRule, type ProductChange } from './product-change';

/** APIs that are added to a product or taken from it, and whom that reaches. */
export const apisRule: ExposureRule = (change, context) => {
  const { before, after } = change;
  // APIs of a product that is created or destroyed are reported with it
  if (before === undefined || after === undefined || isRemade(context, change.key)) {
    return [];
  }
  const added = missing(after.apis, before.apis).map((member) => gained(change, context, member));
  const removed = missing(before.apis, after.apis)
    .filter(({ resource }) => resource.action !== 'forget')
    .map((member) => taken(change, context, member));
  const interrupted = after.apis
    .filter((member) => member.resource.action === 'replace' && before.apis.some((other) => other.name === member.name))
    .map((member) => remade(change, context, member));
  return [...added, ...removed, ...interrupted];
};

function gained(change: ProductChange, context: Context, { name: api, resource }: Member): ExposureFinding {
  const clients = change.clientsAfter;
  const ways = change.after?.ways;
  const open = ways?.includes('anyone') === true;
  const keys = ways === undefined || ways.includes('key') || ways.includes('token and key');
  const who = open
    ? ': anyone reaches it'
    : clients.length > 0
      ? clientList(clients, 'it can be reached by')
      : keys
        ? ': it can be reached with a subscription key'
        : ': no client that the plans show reaches it';
  return exposure(context, change, {
    rule: 'api-added',
    resource,
    subject: api,
    ...(open ? { severity: 'high' as const } : keys || clients.length > 0 ? {} : { severity: 'low' as const }),
    // clients that no plan shows may have the product
    kinds: ['broadening'],
    says: say`API ${name(api)} is added to ${productName(change)}${who}`,
    api,
    clients,
  });
}

function taken(change: ProductChange, context: Context, { name: api, resource }: Member): ExposureFinding {
  return exposure(context, change, {
    rule: 'api-removed',
    resource,
    subject: api,
    kinds: ['breaking'],
    says: say`API ${name(api)} is taken from ${productName(change)}${clientList(change.clientsBefore, 'this cuts off')}`,
    api,
    clients: change.clientsBefore,
  });
}

function remade(change: ProductChange, context: Context, { name: api, resource }: Member): ExposureFinding {
  return exposure(context, change, {
    rule: 'api-interrupted',
    resource,
    subject: api,
    kinds: ['breaking'],
    says: say`API ${name(api)} is taken from ${productName(change)} and added again${clientList(change.clientsAfter, 'in between calls fail for')}`,
    api,
    clients: change.clientsAfter,
  });
}

/** Groups of developers who see a product. */
export const groupsRule: ExposureRule = (change, context) => {
  const { before, after } = change;
  if (after === undefined || isRemade(context, change.key)) {
    return [];
  }
  if (before === undefined) {
    // of a product that is made, only what gives keys to it is news
    const keys = after.ways === undefined || after.ways.some((way) => way === 'key' || way === 'token and key');
    return keys && after.published !== false && after.apis.length > 0
      ? after.groups.map((group) => seen(change, context, group))
      : [];
  }
  return [
    ...missing(after.groups, before.groups).map((group) => seen(change, context, group)),
    ...missing(before.groups, after.groups).map(({ name: group, resource }) =>
      exposure(context, change, {
        rule: 'group-removed',
        resource,
        subject: group,
        kinds: ['breaking'],
        says: say`group ${name(group)} no longer sees ${productName(change)} and cannot ask for it`,
      }),
    ),
  ];
};

function seen(change: ProductChange, context: Context, { name: group, resource }: Member): ExposureFinding {
  return exposure(context, change, {
    rule: 'group-added',
    resource,
    subject: group,
    kinds: ['broadening'],
    says: say`group ${name(group)} sees ${productName(change)} and may ask for it`,
  });
}

/** Those that the other list has not, unless Terraform only takes over what is there. */
function missing(members: readonly Member[], others: readonly Member[]): readonly Member[] {
  return members.filter(
    ({ name: own, resource }) => !resource.importing && !others.some((other) => other.name === own),
  );
}
