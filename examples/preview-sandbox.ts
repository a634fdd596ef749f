/*
 * A sandbox to try application based access in: one stack with an instance, two products and one application.
 *
 * Why: the preview is per region and per subscription, and somebody has to look at it before anybody depends on it. The
 * sandbox is made from four facts, says in its tags when it may be swept up, and leaves nothing behind when destroyed.
 *
 * Run:  npm run synth
 * then: npx cdktf-cli@0.21 deploy sandbox
 */
import { App } from 'cdktf';
import { PreviewSandbox } from 'cdktf-apim-oauth';

const app = new App();

new PreviewSandbox(app, 'sandbox', {
  ownerEmail: process.env.SANDBOX_OWNER ?? 'jane@contoso.com',
  subscriptionId: process.env.ARM_SUBSCRIPTION_ID ?? '22222222-2222-2222-2222-222222222222',
});

app.synth();
