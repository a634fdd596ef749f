/*
 * Teams with stacks and states of their own: a platform stack, a stack for each product team, one for each consumer team.
 *
 * Why: the owner of a product decides what it offers, the owner of a client decides what it calls, and neither can break
 * the other's state. Stacks find each other by name in Azure; no stack reads the state of another, so that a person who may
 * plan one does not see the state of the other. cdktf deploys them in the order of their dependencies.
 *
 * Run:  npx tsx examples/team-stacks.ts
 * then: npx cdktf-cli@0.21 deploy --app "npx tsx examples/team-stacks.ts" platform orders-team consumer-team
 */
import { ApiManagementApi } from '@cdktf/provider-azurerm/lib/api-management-api';
import { ResourceGroup } from '@cdktf/provider-azurerm/lib/resource-group';
import { App, AzurermBackend, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import {
  AccessManifest,
  ApimInstanceWithIdentity,
  AzureProviders,
  ClientCredential,
  ClientRegistration,
  IApimInstance,
  MultiProductApplication,
  OAuthProduct,
} from 'cdktf-apim-oauth';

const subscriptionId = process.env.ARM_SUBSCRIPTION_ID ?? '22222222-2222-2222-2222-222222222222';
const instance = { name: 'contoso-platform', resourceGroupName: 'rg-contoso-platform' };

/** Each stack has a state of its own, in a storage account that only its team can read. */
class TeamStack extends TerraformStack {
  public constructor(scope: Construct, team: string) {
    super(scope, team);
    new AzureProviders(this, 'azure', { subscriptionId });
    new AzurermBackend(this, {
      resourceGroupName: 'rg-terraform',
      storageAccountName: `tfstate${team.replace(/[^a-z]/g, '')}`,
      containerName: 'state',
      key: `${team}.tfstate`,
      useAzureadAuth: true,
    });
  }
}

// snippet: platform
class PlatformStack extends TeamStack {
  public constructor(scope: Construct) {
    super(scope, 'platform');
    const group = new ResourceGroup(this, 'group', { name: instance.resourceGroupName, location: 'centraluseuap' });
    new ApimInstanceWithIdentity(this, 'apim', {
      name: instance.name,
      resourceGroupName: group.name,
      location: 'centraluseuap',
      publisherName: 'Contoso',
      publisherEmail: 'api@contoso.com',
    });
  }
}
// end of snippet

// snippet: product team
class OrdersTeamStack extends TeamStack {
  public constructor(scope: Construct) {
    super(scope, 'orders-team');
    const apim = ApimInstanceWithIdentity.fromExisting(this, 'apim', instance);
    const orders = this.declareApi(apim);
    new OAuthProduct(this, 'orders-product', {
      instance: apim,
      productId: 'orders', // what the consumers' stacks read it by
      displayName: 'Orders',
      apiNames: [orders.name],
    });
  }

  private declareApi(apim: IApimInstance): ApiManagementApi {
    return new ApiManagementApi(this, 'orders', {
      name: 'orders',
      resourceGroupName: instance.resourceGroupName,
      apiManagementName: apim.instanceName,
      revision: '1',
      displayName: 'Orders',
      path: 'orders',
      protocols: ['https'],
      serviceUrl: 'https://orders.contoso.com',
    });
  }
}
// end of snippet

// snippet: consumer team
class ConsumerTeamStack extends TeamStack {
  public constructor(scope: Construct) {
    super(scope, 'consumer-team');
    const apim = ApimInstanceWithIdentity.fromExisting(this, 'apim', instance);
    const orders = OAuthProduct.fromProductId(this, 'orders', {
      instance: apim,
      productId: 'orders',
      displayName: 'Orders',
    });
    const reporting = new MultiProductApplication(this, 'reporting', {
      instance: apim,
      displayName: 'Reporting',
      products: [orders],
      registration: ClientRegistration.entra({
        credentials: [
          ClientCredential.gitHubActions({ organization: 'contoso', repository: 'reporting', branch: 'main' }),
        ],
      }),
    });
    new AccessManifest(this, 'access', { applications: [reporting] });
  }
}
// end of snippet

const app = new App();
const platform = new PlatformStack(app);
const ordersTeam = new OrdersTeamStack(app);
const consumerTeam = new ConsumerTeamStack(app);
ordersTeam.addDependency(platform);
consumerTeam.addDependency(ordersTeam);
app.synth();
