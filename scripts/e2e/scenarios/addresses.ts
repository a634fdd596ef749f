import { App, TerraformDataSource, TerraformResource, TerraformStack } from 'cdktf';
import { Construct, IConstruct } from 'constructs';
import {
  AzureProviders,
  ClientCredential,
  ClientRegistration,
  ConstructMove,
  MultiProductApplication,
  OAuthProduct,
  ProductAuthorization,
} from '../../../lib';
import { SUBSCRIPTION_ID } from '../../../test/azure';
import { Scenario, program } from '../scenario';
import { contoso, existingInstance, newStack, newVault, OWNER_ID } from './contoso';

interface Program {
  /** Where the constructs are; directly in the stack where it is left out. */
  readonly team?: string;
  readonly movedFrom?: string;
  readonly suffix?: string;
}

/** A product of each authorization and a client of each kind, at home in the stack or in a team's scope. */
function declare({ team, movedFrom, suffix = '' }: Program): (app: App) => void {
  return (app) => {
    const stack = newStack(app, 'addresses');
    const instance = existingInstance(stack);
    const vault = newVault(stack, 'vault', 'contoso-moves');
    const scope = team === undefined ? stack : new Construct(stack, team);
    const product = (id: string, kind: 'apimManaged' | 'entraApplication' | 'gatewayPolicy'): OAuthProduct =>
      new OAuthProduct(scope, id, {
        instance,
        displayName: `${id}${suffix}`,
        apiNames: [id],
        authorization: ProductAuthorization[kind](),
        clientRateLimit: { calls: 10, renewalPeriod: 60 },
      });
    const products = [product('managed', 'apimManaged'), product('entra', 'entraApplication')];
    const policy = product('policy', 'gatewayPolicy');
    const partner = new MultiProductApplication(scope, 'partner', {
      instance,
      displayName: `Partner${suffix}`,
      ownerUserId: OWNER_ID,
      products,
    });
    partner.storeClientSecret({ keyVaultId: vault.id, secretName: 'partner' });
    const worker = new MultiProductApplication(scope, 'worker', {
      instance,
      displayName: `Worker${suffix}`,
      products: [...products, policy],
      registration: ClientRegistration.entra({
        credentials: [
          ClientCredential.federated({ issuer: 'https://issuer.contoso.com', subject: 'worker', name: 'worker' }),
        ],
      }),
    });
    if (movedFrom !== undefined) {
      for (const construct of [...products, policy, partner, worker]) {
        const former = movedFrom === '' ? construct.node.id : `${movedFrom}/${construct.node.id}`;
        ConstructMove.from(construct, former);
      }
    }
  };
}

const NOTHING = { added: 0, changed: 0, destroyed: 0 };

/** Renaming and moving destroys nothing and makes no secret. */
export const ADDRESSES: Scenario = {
  name: 'addresses',
  seed: (azure) => void contoso(azure).api('managed').api('entra').api('policy'),
  steps: [
    program('made', declare({}), { secrets: 1 }),
    program('moved to a team', declare({ team: 'team-a', movedFrom: '' }), { changes: NOTHING, secrets: 0 }),
    program('moved to another team', declare({ team: 'team-b', movedFrom: 'team-a' }), {
      changes: NOTHING,
      secrets: 0,
    }),
    program('renamed for people', declare({ team: 'team-b', suffix: ' of B' }), {
      // Products, clients and the registrations of two products; nothing of it is replaced.
      changes: { added: 0, changed: 7, destroyed: 0 },
      secrets: 0,
    }),
  ],
};

/**
 * Everything by providers with an alias: a block that were left out would have none at all. The links to APIs get a name
 * of their own where one is given, and Terraform learns that they moved.
 */
function declareAliased(app: App, links?: string): void {
  const stack = new TerraformStack(app, 'aliased');
  const providers = new AzureProviders(stack, 'azure', {
    subscriptionId: SUBSCRIPTION_ID,
    purgeSoftDeletedOnDestroy: true,
  });
  const instance = existingInstance(stack);
  const gold = new OAuthProduct(stack, 'gold', { instance, displayName: 'Gold', apiNames: ['orders'] });
  const client = new MultiProductApplication(stack, 'partner', {
    instance,
    displayName: 'Partner',
    ownerUserId: OWNER_ID,
    products: [gold],
  });
  client.storeClientSecret({ keyVaultId: newVault(stack, 'vault', 'contoso-alias').id, secretName: 'partner' });
  const linked = gold.node.children
    .filter((node) => TerraformResource.isTerraformResource(node))
    .find(({ node }) => node.id === 'apis')!;
  if (links !== undefined) {
    linked.overrideLogicalId(links);
    const type = linked.terraformResourceType;
    stack.addOverride('moved', [{ from: `${type}.${formerLinks}`, to: `${type}.${links}` }]);
  }
  formerLinks = linked.friendlyUniqueId;
  for (const name of ['azurerm', 'azuread', 'azapi'] as const) {
    const provider = providers[name];
    provider.alias = 'other';
    for (const node of stack.node.findAll()) {
      if (isBlockOf(name, node)) {
        node.provider = provider;
      }
    }
  }
}

let formerLinks: string | undefined;

const isBlockOf = (provider: string, node: IConstruct): node is TerraformResource =>
  (TerraformResource.isTerraformResource(node) || TerraformDataSource.isTerraformDataSource(node)) &&
  node.terraformResourceType.startsWith(`${provider}_`);

export const ALIASED_PROVIDERS: Scenario = {
  name: 'aliased-providers',
  seed: (azure) => void contoso(azure).api('orders'),
  steps: [
    program('made', (app) => declareAliased(app), { secrets: 1 }),
    program('a block under another name', (app) => declareAliased(app, 'gold-links'), { changes: NOTHING, secrets: 0 }),
  ],
};
