import { DIRECTORY_ROLES } from '../facts/directory-roles';
import type { Credential } from './model';
import {
  APIS_OF_PRODUCTS,
  CLIENT_APPLICATIONS,
  FEDERATED_CREDENTIALS,
  PRODUCT_LINKS,
  PRODUCTS,
  SERVICE_PRINCIPALS,
} from './reader';
import type { Relations } from './relations';

export interface Problem {
  readonly kind: string;
  readonly subject: string;
  readonly message: string;
}

const DAY = 86_400_000;
/** What API Management needs to register applications, and what is enough for it. */
const ENOUGH = ['9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3', '158c047a-c907-4556-b7ef-446551a6b5f7'];

export interface Judgement {
  readonly now: Date;
  readonly expiringDays: number;
}

/** Orphans, contradictions and what should worry somebody. Parts that could not be read give no problem. */
export function problemsOf(relations: Relations, judgement: Judgement): readonly Problem[] {
  return [
    ...products(relations),
    ...managedClients(relations, judgement),
    ...entraClients(relations, judgement),
    ...keys(relations),
    ...identity(relations),
    ...(relations.isRead(PRODUCTS) ? relations.landscape.strays : []).map(({ displayName, appId }) => ({
      kind: 'registration-without-product',
      subject: displayName,
      message: `application ${appId} has the name of a registration of a product, but no product of this instance points to it; it may belong to another instance of the tenant`,
    })),
  ];
}

function products(relations: Relations): Problem[] {
  const { products: all, applications, assignments } = relations.landscape;
  return all.flatMap((product): Problem[] => {
    const found: Problem[] = [];
    const tell = (kind: string, message: string): void => {
      found.push({ kind, subject: product.id, message });
    };
    if (relations.isOpen(product)) {
      const apis = !relations.isRead(APIS_OF_PRODUCTS)
        ? 'its APIs were not read'
        : product.apis.length === 0
          ? 'it has no API yet'
          : `it has ${product.apis.join(', ')}`;
      const some =
        product.policy?.checksTokens === 'sometimes' ? '; its policy checks the tokens of some requests only' : '';
      tell(
        'open-product',
        product.state === 'published'
          ? `anyone can call it without a token or a key: ${apis}${some}`
          : `anyone could call it without a token or a key once it is published: ${apis}${some}`,
      );
    }
    if (product.policy?.checksTokens === 'unknown') {
      tell(
        'policy-unclear',
        'it needs neither a token nor a key by itself, and it is unknown whether its policy lets nobody in without a token',
      );
    }
    if (product.enforcedBy === undefined) {
      return found;
    }
    if (product.enforcedBy === 'policy' && product.applicationId === undefined) {
      const audiences = product.policy?.audiences ?? [];
      tell(
        'policy-registration-unclear',
        audiences.length === 0
          ? 'its policy checks tokens and names no audience, so it is not known which applications can call it'
          : `its policy takes tokens for ${audiences.join(', ')}, which is not the id of one application, so it is not known which applications can call it`,
      );
      return found;
    }
    const application = relations.applicationOf(product.applicationId);
    if (product.applicationId === undefined) {
      tell('product-without-registration', 'it accepts tokens, but no application in Entra is registered for it');
    } else if (applications !== undefined && application === undefined) {
      tell(
        'product-without-registration',
        `it accepts tokens for application ${product.applicationId}, which does not exist in Entra`,
      );
    } else if (
      application !== undefined &&
      relations.isRead(SERVICE_PRINCIPALS) &&
      relations.principalOf(application.appId) === undefined
    ) {
      tell(
        'product-without-registration',
        `its application ${application.displayName} has no service principal, so Entra issues no token for it`,
      );
    }
    if (application !== undefined && assignments !== undefined) {
      const used = new Set(relations.assignmentsOf(product).map(({ appRoleId }) => appRoleId));
      const demanded = relations.demandedRoles(product);
      for (const { id, value, enabled } of application.appRoles) {
        if (enabled && !used.has(id) && demanded?.has(id) !== false) {
          tell('unused-role', `nobody has the role ${value}`);
        }
      }
    }
    return found;
  });
}

function managedClients(relations: Relations, judgement: Judgement): Problem[] {
  const { clients, applications, assignments, users } = relations.landscape;
  return clients.flatMap((client): Problem[] => {
    const found: Problem[] = [];
    const tell = (kind: string, message: string): void => {
      found.push({ kind, subject: client.name, message });
    };
    const principal = relations.principalOf(client.clientId);
    const linked = relations.productsOf(client);
    if (client.links.length === 0 && relations.isRead(PRODUCT_LINKS)) {
      tell('client-without-product', 'it is linked to no product');
    }
    for (const { name, productResourceId } of client.links) {
      if (relations.isRead(PRODUCTS) && relations.linked(productResourceId) === undefined) {
        tell(
          'link-without-product',
          `link ${name} points to product ${lastPart(productResourceId)}, which does not exist`,
        );
      }
    }
    if (assignments !== undefined) {
      const assigned = relations.assignedTo(principal);
      for (const product of linked) {
        if (!assigned.has(product)) {
          tell(
            'link-without-assignment',
            `it is linked to product ${product.id} but does not have its role in Entra, so its tokens are refused`,
          );
        }
      }
      for (const product of assigned) {
        if (relations.isRead(PRODUCT_LINKS) && !linked.includes(product)) {
          tell(
            'assignment-without-link',
            `it has the role of product ${product.id} in Entra but is not linked to it, so it can call products that API Management does not show`,
          );
        }
      }
    }
    const owner = lastPart(client.ownerId).toLowerCase();
    if (users.size > 0 && !users.has(owner)) {
      tell('owner-missing', `its owner ${owner} is not a user of the instance`);
    }
    if (applications !== undefined) {
      const application = relations.applicationOf(client.clientId);
      if (application === undefined) {
        tell('client-without-registration', `its application ${client.clientId} does not exist in Entra`);
      } else {
        credentials(relations, application.credentials, judgement, tell);
      }
    }
    return found;
  });
}

function entraClients(relations: Relations, judgement: Judgement): Problem[] {
  return relations.entraClients.flatMap((client): Problem[] => {
    const found: Problem[] = [];
    const tell = (kind: string, message: string): void => {
      found.push({ kind, subject: client.displayName, message });
    };
    if (client.principalType !== 'ServicePrincipal') {
      const products_ = client.grants.map(({ product }) => product.id).join(', ');
      tell(
        'assigned-to-people',
        `this ${client.principalType.toLowerCase()} has the role of ${products_}, which is for applications`,
      );
      return found;
    }
    const { principal } = client;
    const application = relations.applicationOf(principal?.appId);
    if (application !== undefined) {
      credentials(relations, application.credentials, judgement, tell);
    }
    return found;
  });
}

function credentials(
  relations: Relations,
  all: readonly Credential[],
  { now, expiringDays }: Judgement,
  tell: (kind: string, message: string) => void,
): void {
  if (all.length === 0 && relations.isRead(FEDERATED_CREDENTIALS)) {
    tell('client-without-credential', 'it has no credential, so it can get no token');
  }
  for (const credential of all) {
    const days = daysLeft(credential, now);
    const what = `${credential.kind}${credential.name === undefined ? '' : ` ${credential.name}`}`;
    if (days !== undefined && days < 0) {
      tell('credential-expired', `its ${what} expired on ${day(credential)}`);
    } else if (days !== undefined && days < expiringDays) {
      tell('credential-expiring', `its ${what} expires on ${day(credential)}, in ${Math.floor(days)} days`);
    }
  }
}

/** Days until a credential expires, negative afterwards; undefined where it does not expire. */
export function daysLeft({ expiresOn }: Credential, now: Date): number | undefined {
  const time = Date.parse(expiresOn ?? '');
  return Number.isNaN(time) ? undefined : (time - now.getTime()) / DAY;
}

function day({ expiresOn }: Credential): string {
  return new Date(Date.parse(expiresOn ?? '')).toISOString().slice(0, 10);
}

function keys(relations: Relations): Problem[] {
  const { subscriptions, instance } = relations.landscape;
  return subscriptions.flatMap(({ name, displayName, state, scope }): Problem[] => {
    if (state !== 'active') {
      return [];
    }
    const product = relations.linked(scope);
    const takesKeys = product?.authenticationType.includes('subscription-key') ?? true;
    if (!takesKeys) {
      return [];
    }
    const rest = scope.toLowerCase().replace(instance.id.toLowerCase(), '').replace(/\/$/, '');
    if (product === undefined && /^\/?products\//.test(rest)) {
      // it was deleted, or it was not read
      return [];
    }
    const what =
      product === undefined
        ? rest === '' || rest === '/apis'
          ? 'every API'
          : `API ${lastPart(rest)}`
        : `product ${product.id}`;
    return [
      {
        kind: 'key-works',
        subject: displayName ?? name,
        message: `the keys of subscription ${name} call ${what} without a token`,
      },
    ];
  });
}

function identity(relations: Relations): Problem[] {
  const { instance, products: all, clients } = relations.landscape;
  const directoryRoles = instance.directoryRoles?.map(({ templateId }) => templateId);
  const needsRole =
    clients.length > 0 ||
    all.some(
      (product) =>
        product.authenticationType.includes('application-token') && relations.registrationOwner(product) === 'apim',
    );
  const found = (kind: string, message: string): Problem => ({ kind, subject: instance.name, message });
  if (needsRole && instance.principalId === undefined) {
    return [
      found(
        'identity-missing',
        'it has no system-assigned identity, so API Management can no longer change its registrations',
      ),
    ];
  }
  if (directoryRoles === undefined) {
    return [];
  }
  const enough = directoryRoles.filter((role) => ENOUGH.includes(role));
  const others = directoryRoles.filter((role) => !ENOUGH.includes(role));
  return [
    ...(needsRole && enough.length === 0 && others.length === 0
      ? [
          found(
            'identity-without-role',
            'its identity does not have the directory role Application Administrator, so API Management can no longer change its registrations',
          ),
        ]
      : []),
    ...(!needsRole && relations.isRead(PRODUCTS) && relations.isRead(CLIENT_APPLICATIONS) ? enough : []).map((role) =>
      found(
        'identity-with-more-rights',
        `its identity has the directory role ${roleName(role)}, and API Management registers no application here`,
      ),
    ),
    ...others.map((role) =>
      found(
        'identity-with-more-rights',
        `its identity has the directory role ${roleName(role)}, which application based access does not need`,
      ),
    ),
  ];
}

export function roleName(templateId: string): string {
  return DIRECTORY_ROLES[templateId]?.name ?? templateId;
}

function lastPart(id: string): string {
  return id.split('/').at(-1) ?? '';
}
