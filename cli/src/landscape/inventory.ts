import type { Application, Credential } from './model';
import { daysLeft, problemsOf, roleName, type Judgement, type Problem } from './problems';
import type { Relations } from './relations';

/** What a live instance has, as `apim-oauth inventory --json` prints it. */
export interface Inventory {
  readonly version: 1;
  readonly instance: {
    readonly id: string;
    readonly principalId?: string;
    readonly directoryRoles?: readonly string[];
  };
  readonly products: readonly InventoryProduct[];
  readonly clients: readonly InventoryClient[];
  readonly problems: readonly Problem[];
  /** Parts that the login may not read, and what they need. */
  readonly unread: readonly { readonly part: string; readonly needs: string }[];
}

export interface InventoryProduct {
  readonly id: string;
  readonly displayName: string;
  readonly state: string;
  readonly authenticationType: readonly string[];
  readonly subscriptionRequired: boolean;
  readonly open: boolean;
  /** What lets nobody in without a token or a key: the gateway itself, or the product's policy. */
  readonly enforcedBy?: 'gateway' | 'policy';
  readonly registration?: {
    readonly applicationId: string;
    readonly displayName: string;
    readonly owner: 'apim' | 'other';
    readonly appRoles: readonly string[];
    readonly servicePrincipalId?: string;
    readonly assignmentRequired?: boolean;
  };
  readonly apis: readonly string[];
  readonly groups: readonly string[];
}

export interface InventoryClient {
  readonly name: string;
  readonly displayName: string;
  readonly kind: 'apim-managed' | 'entra';
  readonly clientId: string;
  readonly owner?: string;
  readonly state?: string;
  readonly products: readonly string[];
  readonly credentials: readonly Credential[];
}

export function inventoryOf(relations: Relations, judgement: Judgement): Inventory {
  const { instance, products, clients, unread } = relations.landscape;
  return {
    version: 1,
    instance: {
      id: instance.id,
      ...(instance.principalId === undefined ? {} : { principalId: instance.principalId }),
      ...(instance.directoryRoles === undefined
        ? {}
        : { directoryRoles: instance.directoryRoles.map(({ templateId }) => roleName(templateId)) }),
    },
    products: products.map((product): InventoryProduct => {
      const application = relations.applicationOf(product.applicationId);
      const principal = product.applicationId === undefined ? undefined : relations.principalOf(product.applicationId);
      return {
        id: product.id,
        displayName: product.displayName,
        state: product.state,
        authenticationType: product.authenticationType,
        subscriptionRequired: product.subscriptionRequired,
        open: relations.isOpen(product),
        ...(product.enforcedBy === undefined ? {} : { enforcedBy: product.enforcedBy }),
        ...(product.applicationId === undefined
          ? {}
          : {
              registration: {
                applicationId: product.applicationId,
                displayName: application?.displayName ?? '',
                owner: relations.registrationOwner(product),
                appRoles: (application?.appRoles ?? []).filter(({ enabled }) => enabled).map(({ value }) => value),
                ...(principal === undefined
                  ? {}
                  : { servicePrincipalId: principal.objectId, assignmentRequired: principal.assignmentRequired }),
              },
            }),
        apis: product.apis,
        groups: product.groups,
      };
    }),
    clients: [
      ...clients.map((client): InventoryClient => ({
        name: client.name,
        displayName: client.displayName,
        kind: 'apim-managed',
        clientId: client.clientId,
        owner: relations.ownerName(client.ownerId),
        ...(client.state === undefined ? {} : { state: client.state }),
        products: relations.productsOf(client).map(({ id }) => id),
        credentials: relations.applicationOf(client.clientId)?.credentials ?? [],
      })),
      ...relations.entraClients
        .filter(({ principalType }) => principalType === 'ServicePrincipal')
        .map(({ principal, principalId, displayName, grants }): InventoryClient => {
          const application = relations.applicationOf(principal?.appId);
          const name = displayName === '' ? principalId : displayName;
          return {
            name,
            displayName: name,
            kind: 'entra',
            clientId: principal?.appId ?? '',
            ...ownerIn(application),
            products: [...new Set(grants.map(({ product }) => product.id))],
            credentials: application?.credentials ?? withoutApplication(relations, principal),
          };
        }),
    ],
    problems: problemsOf(relations, judgement),
    unread: distinct(unread),
  };
}

function ownerIn(application: Application | undefined): Pick<InventoryClient, 'owner'> {
  const [first, ...others] = application?.owners ?? [];
  if (first === undefined) {
    return {};
  }
  const name = first.name === '' ? first.objectId : first.name;
  return { owner: others.length === 0 ? name : `${name} and ${others.length} more` };
}

function withoutApplication(relations: Relations, principal: EntraPrincipal): readonly Credential[] {
  if (principal === undefined || relations.landscape.applications === undefined) {
    return [];
  }
  return [{ kind: principal.isManagedIdentity ? 'managed-identity' : 'other-tenant' }];
}

type EntraPrincipal = Relations['entraClients'][number]['principal'];

function distinct(unread: Inventory['unread']): Inventory['unread'] {
  return [...new Map(unread.map((each) => [each.part, each])).values()];
}

/** Whether a credential has expired or does so within the days. */
export function hasExpiring({ clients }: Inventory, { now, expiringDays }: Judgement): boolean {
  return clients.some(({ credentials }) =>
    credentials.some((credential) => (daysLeft(credential, now) ?? Infinity) < expiringDays),
  );
}
