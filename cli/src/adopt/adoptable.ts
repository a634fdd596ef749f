import type { Instance, Link, ManagedClient, Product, Unread } from '../landscape/model';
import { roleName } from '../landscape/problems';
import type { EntraClient, Relations } from '../landscape/relations';
import { APIS_OF_PRODUCTS, CLIENT_APPLICATIONS, PRODUCT_LINKS, PRODUCTS } from '../landscape/reader';
import { property } from '../input/json';
import type { ManagedInstance } from './managed-instance';
import { Names, slug } from './names';
import type { FoundPolicy } from './product-policy';

/** What cannot be adopted, why, and what to declare instead. */
export interface NotAdopted {
  readonly what: string;
  readonly reason: string;
  /** Blocks of Terraform that take it over, where there are any. */
  readonly instead?: string;
}

/** Ids of a product that stays as it is and whose clients are adopted. */
export interface KnownRegistration {
  readonly applicationId: string;
  readonly audience?: string;
  readonly appRoleId: string;
  readonly appRoleValue: string;
  readonly servicePrincipalObjectId: string;
  readonly acceptsProductLinks: boolean;
}

export interface AdoptedProduct {
  readonly product: Product;
  /** Where the product itself is not adopted. */
  readonly known?: KnownRegistration;
  /** The construct's id. */
  readonly id: string;
  readonly description?: string;
  readonly terms?: string;
  readonly published: boolean;
  readonly acceptsKeys: boolean;
  /** Properties that Azure has otherwise than the library would write them, with the reason. */
  readonly overrides: readonly { readonly name: string; readonly value: unknown; readonly reason: string }[];
  readonly reviewed: boolean;
  /** The product's policy, and the id of its construct. */
  readonly policy?: { readonly id: string; readonly xml: string };
}

export interface AdoptedGrant {
  readonly productId: string;
  /** What `importGrant` takes. */
  readonly id: string;
  /** Name of the product link; undefined for app role assignments. */
  readonly linkName?: string;
}

export interface AdoptedClient {
  readonly id: string;
  readonly applicationName: string;
  readonly displayName: string;
  readonly description?: string;
  /** Full resource id of the owner; undefined for clients in Entra. */
  readonly ownerId?: string;
  readonly ownerName?: string;
  /** For clients in Entra. */
  readonly existing?: { readonly clientId: string; readonly servicePrincipalObjectId: string };
  readonly grants: readonly AdoptedGrant[];
}

export interface Adoptable {
  readonly products: readonly AdoptedProduct[];
  readonly clients: readonly AdoptedClient[];
  readonly notAdopted: readonly NotAdopted[];
}

const PRODUCT_ID = /^[a-zA-Z0-9](?:[a-zA-Z0-9_-]{0,78}[a-zA-Z0-9])?$/;
const APPLICATION_NAME = /^[a-zA-Z0-9](?:[a-zA-Z0-9_-]{0,254}[a-zA-Z0-9])?$/;
const GROUP_NAME = /^[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,78}[a-zA-Z0-9])?$/;
/** Entra calls the application `APIMApplication<name>`, in 120 characters at most. */
const LONGEST_CLIENT_NAME = 105;

/** A construct keeps its children in an object that has some names from the start; addresses leave out the other two. */
const TAKEN_IDS = [...Object.getOwnPropertyNames(Object.prototype), 'Default', 'Resource'];

/** What the library's constructs cover as it is, and what not. */
export function adoptableOf(
  relations: Relations,
  policies: { readonly found: ReadonlyMap<string, FoundPolicy>; readonly unread: readonly Unread[] },
  /** The instance where it is adopted, or why it is not. */
  managed:
    ManagedInstance | string = 'the program reads the instance and does not manage it; --manage-instance adopts it',
): Adoptable {
  const notAdopted: NotAdopted[] = [];
  // ids that the program's own constructs have
  const ids = new Names(['apim', 'azure', ...TAKEN_IDS]);
  const products = relations.landscape.products.flatMap((product) => {
    const reason = problemOf(relations, product);
    if (reason !== undefined) {
      const known = knownRegistration(relations, product);
      notAdopted.push({
        what: `product ${product.id}`,
        reason:
          known === undefined
            ? reason
            : `${reason}; its clients are adopted, which need to know nothing but its registration`,
        instead: productBlock(product),
      });
      return known === undefined ? [] : [{ ...adoptedProduct(relations, product, ids), known }];
    }
    const adopted = adoptedProduct(relations, product, ids);
    const policy = policies.found.get(product.id);
    if (policy !== undefined && 'reason' in policy) {
      notAdopted.push({
        what: `policy of product ${product.id}`,
        reason: policy.reason,
        instead: importBlock('azurerm_api_management_product_policy', product.id, product.resourceId),
      });
    }
    return [
      policy === undefined || 'reason' in policy
        ? adopted
        : { ...adopted, policy: { id: ids.take(`${adopted.id}-policy`), xml: policy.xml } },
    ];
  });
  const clients = [
    ...managedClients(relations, products, ids, notAdopted),
    ...entraClients(relations, products, ids, notAdopted),
  ];
  return { products, clients, notAdopted: [...notAdopted, ...besides(relations, managed, policies.unread)] };
}

function problemOf(relations: Relations, product: Product): string | undefined {
  const { applications, instance } = relations.landscape;
  if (!product.authenticationType.includes('application-token')) {
    return product.enforcedBy === 'policy'
      ? 'its policy lets nobody in without a token, and the library would write the policy and the registration in its own words'
      : relations.isOpen(product)
        ? 'it is open: it needs neither a token nor a key, which no construct declares'
        : 'application based access is off; it accepts only keys';
  }
  if (product.applicationId === undefined) {
    return 'it accepts tokens, but no application in Entra is registered for it';
  }
  if (applications !== undefined && relations.applicationOf(product.applicationId) === undefined) {
    return `its application ${product.applicationId} does not exist in Entra`;
  }
  if (instance.principalId === undefined) {
    return 'the instance has no system-assigned identity';
  }
  if (!PRODUCT_ID.test(product.id) || product.displayName.length > 300) {
    return 'the library does not accept its id or name';
  }
  if (product.apis.length === 0) {
    return relations.isRead(APIS_OF_PRODUCTS)
      ? 'it has no API, and a product of the library has one or more'
      : 'its APIs were not read, and a product of the library has one or more';
  }
  if (product.groups.some((group) => !GROUP_NAME.test(group)) || product.apis.some((api) => /[*#&+]/.test(api))) {
    return 'an API or a group of it has a name that the library does not take';
  }
  return undefined;
}

/** Undefined where nobody calls the product, or its registration is not wholly known. */
function knownRegistration(relations: Relations, product: Product): KnownRegistration | undefined {
  const { applicationId, enforcedBy, audience } = product;
  const principal = applicationId === undefined ? undefined : relations.principalOf(applicationId);
  const role = relations.roleOf(product);
  const isCalled = relations.assignmentsOf(product).length > 0;
  if (
    applicationId === undefined ||
    enforcedBy === undefined ||
    principal === undefined ||
    role === undefined ||
    !isCalled ||
    !PRODUCT_ID.test(product.id) ||
    product.displayName.length > 300
  ) {
    return undefined;
  }
  return {
    applicationId,
    ...(audience === undefined || audience === `api://${applicationId}` ? {} : { audience }),
    appRoleId: role.id,
    appRoleValue: role.value,
    servicePrincipalObjectId: principal.objectId,
    acceptsProductLinks: enforcedBy === 'gateway',
  };
}

function adoptedProduct(relations: Relations, product: Product, ids: Names): AdoptedProduct {
  const { properties, authenticationType, subscriptionRequired } = product;
  const acceptsKeys = authenticationType.includes('subscription-key');
  const written = acceptsKeys ? ['application-token', 'subscription-key'] : ['application-token'];
  const isOthers = relations.registrationOwner(product) === 'other';
  const overrides: AdoptedProduct['overrides'][number][] = [];
  if (JSON.stringify(authenticationType) !== JSON.stringify(written)) {
    overrides.push({
      name: 'authenticationType',
      // a list would be added to the library's, an expression replaces it
      value: `\${${JSON.stringify(authenticationType)}}`,
      reason: 'the order in which Azure has them',
    });
  }
  if (subscriptionRequired !== acceptsKeys) {
    overrides.push({
      name: 'subscriptionRequired',
      value: subscriptionRequired,
      reason: `Azure has it ${subscriptionRequired ? 'on although only tokens are accepted' : 'off although keys are accepted'}`,
    });
  }
  if (isOthers) {
    overrides.push({
      name: 'application',
      value: {
        entra: {
          applicationId: product.applicationId,
          ...(product.audience === undefined ? {} : { audience: product.audience }),
        },
      },
      reason: 'somebody else owns the registration; the product only points to it',
    });
  }
  const given = (name: string): string | undefined => {
    const value = property(properties, name);
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const [description, terms] = [given('description'), given('terms')];
  return {
    product,
    id: constructId(ids, product.id, 'product'),
    ...(description === undefined ? {} : { description }),
    ...(terms === undefined ? {} : { terms }),
    published: product.state === 'published',
    acceptsKeys,
    overrides,
    reviewed: !isOthers && relations.landscape.applications !== undefined,
  };
}

function managedClients(
  relations: Relations,
  products: readonly AdoptedProduct[],
  ids: Names,
  notAdopted: NotAdopted[],
): AdoptedClient[] {
  const adopted = new Set(products.map(({ product }) => product));
  const { instance } = relations.landscape;
  return relations.landscape.clients.flatMap((client): AdoptedClient[] => {
    const what = `client application ${client.name}`;
    const grants: AdoptedGrant[] = [];
    const leave = (reason: string): AdoptedClient[] => {
      notAdopted.push({ what, reason, instead: azapiBlock('clientApplications', client.name, client.resourceId) });
      return [];
    };
    for (const link of client.links) {
      const product = relations.linked(link.productResourceId);
      if (product !== undefined && adopted.has(product) && !grants.some(({ productId }) => productId === product.id)) {
        grants.push({ productId: product.id, id: linkId(client, link), linkName: link.name });
      } else {
        const name = product?.id ?? link.productResourceId.split('/').at(-1) ?? '';
        notAdopted.push({
          what: `link ${link.name} of ${what}`,
          reason:
            product === undefined
              ? relations.isRead(PRODUCTS)
                ? `product ${name} does not exist`
                : `product ${name} was not read`
              : adopted.has(product)
                ? `another link to product ${name} is adopted already`
                : `product ${name} is not adopted`,
          instead: azapiBlock('clientApplications/productLinks', `${client.name}-${link.name}`, linkId(client, link)),
        });
      }
    }
    if (grants.length === 0) {
      return leave(
        relations.isRead(PRODUCT_LINKS)
          ? 'it is linked to no product that is adopted, and an application of the library has one or more'
          : 'its links to products were not read, and an application of the library has one or more',
      );
    }
    if (!APPLICATION_NAME.test(client.name)) {
      return leave('the library does not accept its name');
    }
    if (client.displayName.length > LONGEST_CLIENT_NAME) {
      return leave(`its display name is longer than ${LONGEST_CLIENT_NAME} characters`);
    }
    if (!client.ownerId.toLowerCase().startsWith(`${instance.id}/users/`.toLowerCase())) {
      return leave('its owner is not the full resource id of a user of the instance');
    }
    return [
      {
        id: constructId(ids, client.name, 'client'),
        applicationName: client.name,
        displayName: client.displayName,
        ...(client.description === undefined ? {} : { description: client.description }),
        ownerId: client.ownerId,
        ownerName: relations.ownerName(client.ownerId),
        grants,
      },
    ];
  });
}

/** Terraform's names begin with a letter. */
function constructId(ids: Names, name: string, kind: 'product' | 'client'): string {
  return /^[A-Za-z]/.test(name) ? ids.take(name, `${name}-${kind}`) : ids.take(`${kind}-${name}`);
}

function linkId({ resourceId }: ManagedClient, { name }: Link): string {
  return `${resourceId}/productLinks/${name}`;
}

function entraClients(
  relations: Relations,
  products: readonly AdoptedProduct[],
  ids: Names,
  notAdopted: NotAdopted[],
): AdoptedClient[] {
  if (!relations.isRead(CLIENT_APPLICATIONS)) {
    notAdopted.push({
      what: 'applications in Entra',
      reason: 'some may be client applications of API Management, which were not read',
    });
    return [];
  }
  const adopted = new Set(products.map(({ product }) => product));
  const names = new Names(relations.landscape.clients.map(({ name }) => name));
  return relations.entraClients.flatMap((client): AdoptedClient[] => {
    const grants: AdoptedGrant[] = [];
    for (const { product, assignment } of client.grants) {
      const reason =
        client.principalType !== 'ServicePrincipal'
          ? `a ${client.principalType.toLowerCase()} has it, and the role is for applications`
          : client.principal === undefined
            ? 'the service principal could not be read'
            : !adopted.has(product)
              ? `product ${product.id} is not adopted`
              : assignment.appRoleId !== relations.roleOf(product)?.id
                ? 'it is another role than the one that grants the product'
                : undefined;
      const id = `/servicePrincipals/${assignment.resourceId}/appRoleAssignedTo/${assignment.id}`;
      if (reason === undefined) {
        grants.push({ productId: product.id, id });
      } else {
        notAdopted.push({
          what: `app role assignment of ${client.displayName} for product ${product.id}`,
          reason,
          instead: importBlock('azuread_app_role_assignment', `${client.displayName} ${product.id}`, id),
        });
      }
    }
    if (grants.length === 0 || client.principal === undefined) {
      return [];
    }
    const base = slug(client.displayName).slice(0, 80) || 'client';
    const applicationName = names.take(base, `${base}-${client.principalId.slice(0, 8)}`);
    return [
      {
        id: constructId(ids, applicationName, 'client'),
        applicationName,
        displayName: client.displayName.slice(0, LONGEST_CLIENT_NAME) || applicationName,
        existing: { clientId: client.principal.appId, servicePrincipalObjectId: client.principalId },
        grants,
      },
    ];
  });
}

/** What no construct covers, whatever the landscape. */
function besides(
  relations: Relations,
  managed: ManagedInstance | string,
  unreadPolicies: readonly Unread[],
): NotAdopted[] {
  const { instance, subscriptions, clients } = relations.landscape;
  const unread = [...relations.landscape.unread, ...unreadPolicies].filter(
    ({ part }, index, all) => all.findIndex((other) => other.part === part) === index,
  );
  const entra: EntraClient[] = relations.entraClients.filter(({ principal }) => principal !== undefined);
  return [
    ...(typeof managed === 'string'
      ? [
          {
            what: `instance ${instance.name}, its identity and its directory roles`,
            reason: managed,
            instead: importBlock('azurerm_api_management', instance.name, instance.id),
          },
        ]
      : otherRoles(instance, managed)),
    ...(clients.length === 0
      ? []
      : [
          {
            what: 'client secrets',
            reason:
              'Azure returns a secret only when it is made; call storeClientSecret to let Terraform make a new one',
          },
        ]),
    ...(relations.isRead(CLIENT_APPLICATIONS) ? entra : []).map(({ displayName, principal }) => ({
      what: `registration and credentials of ${displayName}`,
      reason: `somebody else owns application ${principal?.appId ?? ''}; only its grants are adopted`,
    })),
    ...subscriptions
      .filter(({ name }) => name !== 'master')
      .map(({ name, displayName }) => ({
        what: `subscription ${displayName ?? name}`,
        reason: 'a key is not application based access',
        instead: importBlock('azurerm_api_management_subscription', name, `${instance.id}/subscriptions/${name}`),
      })),
    ...unread.map(({ part, needs }) => ({ what: part, reason: `not read; it needs ${needs}` })),
  ];
}

function otherRoles({ directoryRoles, name }: Instance, { role }: ManagedInstance): NotAdopted[] {
  return (directoryRoles ?? [])
    .filter((held) => held !== role)
    .map(({ templateId, assignmentId }) => ({
      what: `directory role ${roleName(templateId)} of instance ${name}`,
      reason: 'application based access does not need it',
      instead: importBlock(
        'azuread_directory_role_assignment',
        `${name} ${roleName(templateId)}`,
        `/roleManagement/directory/roleAssignments/${assignmentId}`,
      ),
    }));
}

function terraformName(text: string): string {
  const name = slug(text).replaceAll('-', '_');
  return /^[a-z]/.test(name) ? name : `x_${name}`;
}

function importBlock(type: string, name: string, id: string): string {
  return `import {\n  to = ${type}.${terraformName(name)}\n  id = ${JSON.stringify(id)}\n}`;
}

function productBlock(product: Product): string {
  return importBlock('azurerm_api_management_product', product.id, product.resourceId);
}

function azapiBlock(collection: string, name: string, id: string): string {
  const label = terraformName(name);
  return [
    `resource "azapi_resource" "${label}" {`,
    `  type      = "Microsoft.ApiManagement/service/${collection}@2024-10-01-preview"`,
    `  parent_id = ${JSON.stringify(id.split('/').slice(0, -2).join('/'))}`,
    `  name      = ${JSON.stringify(id.split('/').at(-1) ?? '')}`,
    '}',
    '',
    importBlock('azapi_resource', name, `${id}?api-version=2024-10-01-preview`),
  ].join('\n');
}
