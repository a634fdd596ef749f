/*
 * An instance and a product that were made elsewhere: the setting is switched on, and nothing else is touched.
 *
 * Why: most instances exist already. The instance gets its identity, the built-in Starter keeps its keys and everything
 * that was set in the portal, and when this stack is destroyed Starter is as it was before.
 *
 * Run:  npx tsx examples/existing-instance.ts
 * then: npx cdktf-cli@0.21 deploy --app "npx tsx examples/existing-instance.ts" existing-instance
 */
import { App, TerraformStack } from 'cdktf';
import {
  AccessManifest,
  ApimInstanceWithIdentity,
  AzureProviders,
  MultiProductApplication,
  OAuthProduct,
} from 'cdktf-apim-oauth';

const subscriptionId = process.env.ARM_SUBSCRIPTION_ID ?? '22222222-2222-2222-2222-222222222222';
const instanceId = `/subscriptions/${subscriptionId}/resourceGroups/rg-contoso/providers/Microsoft.ApiManagement/service/contoso-apim`;

const app = new App();
const stack = new TerraformStack(app, 'existing-instance');
new AzureProviders(stack, 'azure', { subscriptionId });

// snippet: existing
const apim = ApimInstanceWithIdentity.fromExisting(stack, 'apim', {
  name: 'contoso-apim',
  resourceGroupName: 'rg-contoso',
  enableIdentity: true,
});
const starter = OAuthProduct.onExisting(stack, 'starter', {
  instance: apim,
  productId: 'starter',
  displayName: 'Starter',
});
// end of snippet

const partner = new MultiProductApplication(stack, 'partner', {
  instance: apim,
  displayName: 'Contoso Partner',
  ownerUserId: `${instanceId}/users/jane`,
  products: [starter],
});
new AccessManifest(stack, 'access', { applications: [partner] });

app.synth();
