import { App, TerraformOutput, TerraformVariable } from 'cdktf';
import {
  AccessManifest,
  AccessManifestProps,
  ClientCredential,
  ClientRegistration,
  MultiProductApplication,
  OAuthProduct,
  ProductAuthorization,
} from '../lib';
import {
  blockOf,
  counts,
  errorOf,
  newApp,
  newClient,
  newInstance,
  newProduct,
  newStack,
  OWNER,
  synth,
  synthText,
  untyped,
  VAULT,
} from './support';

const TENANT =
  '${coalesce(azapi_resource.partner.output.tenantId, coalesce(try(azurerm_api_management.apim.identity[0].tenant_id, null), data.azapi_resource.apim_identity-after_3B255C09.output.tenantId))}';
const scopeOf = (product: string) =>
  `\${try("\${try(coalesce(azapi_resource.${product}.output.audience, try("api://\${azapi_resource.${product}.output.applicationId}", null)), null)}/.default", null)}`;
const LINE = expect.stringMatching(/^test\/support\.ts:\d+$/) as string;
const factsOf = (product: string) => ({
  authorization: 'apimManaged',
  acceptSubscriptionKey: false,
  constructPath: `stack/${product}`,
  source: LINE,
});
const PARTNER = {
  clientId: '${azapi_resource.partner.output.clientId}',
  tenantId: TENANT,
  tokenEndpoint: `https://login.microsoftonline.com/${TENANT}/oauth2/v2.0/token`,
  credential: { kind: 'developerPortal' },
  products: {
    gold: {
      scope: scopeOf('gold'),
      gatewayUrl: '${azurerm_api_management.apim.gateway_url}',
      ...factsOf('gold'),
    },
  },
  constructPath: 'stack/partner',
  source: LINE,
};

function declared() {
  const stack = newStack();
  const apim = newInstance(stack);
  const gold = newProduct(stack, apim, 'gold', { reviewRegistration: false });
  return { stack, apim, gold, partner: newClient(stack, apim, 'partner', { products: [gold] }) };
}

describe('AccessManifest', () => {
  test('default setup', () => {
    const { stack, partner } = declared();
    const manifest = new AccessManifest(stack, 'access', { applications: [partner] });
    const { output } = synth(stack);

    expect(manifest.outputName).toBe('oauth_access');
    expect(output).toEqual({
      oauth_access: {
        description: 'How applications get at their products; read by tools. It contains no secret.',
        value: { version: 1, applications: { partner: PARTNER } },
      },
    });
  });

  test('outputName', () => {
    const { stack, partner } = declared();
    const manifest = new AccessManifest(stack, 'access', { applications: [partner], outputName: '_access-2' });

    expect(manifest.outputName).toBe('_access-2');
    expect(Object.keys(synth(stack).output)).toEqual(['_access-2']);
  });

  test('says where the credential lies, and what it is never', () => {
    const { stack, partner } = declared();
    new AccessManifest(stack, 'access', { applications: [partner] });
    partner.storeClientSecret({ keyVaultId: VAULT, secretName: 'partner' });
    partner.storeClientSecret({ keyVaultId: VAULT, secretName: 'copy' });
    const { output } = synth(stack);

    expect(output.oauth_access.value.applications.partner).toEqual({
      ...PARTNER,
      credential: { kind: 'keyVaultSecret', keyVaultId: VAULT, secretName: 'partner' },
    });
    expect(JSON.stringify(output)).not.toMatch(/ephemeral|clientSecret/);
  });

  test('grants of later are in it, and tryPath where it was given', () => {
    const { stack, apim, partner } = declared();
    new AccessManifest(stack, 'access', { applications: [partner] });
    partner.grantAccess(
      newProduct(stack, apim, 'silver', { displayName: 'Silver', tryPath: '/echo?a=${b}', reviewRegistration: false }),
    );

    expect(synth(stack).output.oauth_access.value.applications.partner.products).toEqual({
      ...PARTNER.products,
      silver: {
        scope: scopeOf('silver'),
        gatewayUrl: '${azurerm_api_management.apim.gateway_url}',
        path: '/echo?a=$${b}',
        ...factsOf('silver'),
      },
    });
  });

  test.each([
    ['apimManaged', ProductAuthorization.apimManaged(), false],
    ['entraApplication', ProductAuthorization.entraApplication(), true],
    ['gatewayPolicy', ProductAuthorization.gatewayPolicy(), false],
  ])('what enforces, whether keys are accepted, and where it is declared: %s', (kind, authorization, keys) => {
    const { stack, apim } = declared();
    const silver = newProduct(stack, apim, 'silver', {
      displayName: 'Silver',
      authorization,
      acceptSubscriptionKey: keys,
      reviewRegistration: false,
    });
    const registration = ClientRegistration.entra({
      credentials: [ClientCredential.federated({ issuer: 'https://issuer.example', subject: 'x' })],
    });
    const client = newClient(stack, apim, 'two', { registration, ownerUserId: undefined, products: [silver] });
    new AccessManifest(stack, 'access', { applications: [client] });

    expect(synth(stack).output.oauth_access.value.applications.two.products.silver).toMatchObject({
      authorization: kind,
      acceptSubscriptionKey: keys,
      constructPath: 'stack/silver',
      source: LINE,
    });
  });

  test('nothing of what a product that is only read enforces; a product that exists accepts keys', () => {
    const { stack, apim, partner } = declared();
    partner.grantAccess(
      OAuthProduct.fromProductId(stack, 'read', { instance: apim, productId: 'read', displayName: 'Read' }),
    );
    partner.grantAccess(
      OAuthProduct.onExisting(stack, 'starter', { instance: apim, productId: 'legacy', displayName: 'Starter' }),
    );
    new AccessManifest(stack, 'access', { applications: [partner] });
    const { products } = synth(stack).output.oauth_access.value.applications.partner;

    expect(Object.keys(products.read).sort()).toEqual(['constructPath', 'gatewayUrl', 'scope']);
    expect(products.legacy).toMatchObject({ authorization: 'apimManaged', acceptSubscriptionKey: true });
  });

  test('names that are tokens are keys', () => {
    const { stack, apim } = declared();
    const text = new TerraformVariable(stack, 'any', {}).stringValue;
    const product = newProduct(stack, apim, 'silver', { productId: text, reviewRegistration: false });
    const client = newClient(stack, apim, 'two', { applicationName: text, products: [product] });
    new AccessManifest(stack, 'access', { applications: [client] });
    const { applications } = synth(stack).output.oauth_access.value;

    expect(Object.keys(applications)).toEqual(['${var.any}']);
    expect(Object.keys(applications['${var.any}'].products)).toEqual(['${var.any}']);
  });

  test('several applications, in one manifest and in two', () => {
    const { stack, apim, gold, partner } = declared();
    const two = newClient(stack, apim, 'two', { displayName: 'Two', products: [gold] });
    const applications = [partner, two];
    new AccessManifest(stack, 'access', { applications });
    new AccessManifest(stack, 'more', { applications: [two], outputName: 'more' });
    applications.pop();
    const { output } = synth(stack);

    expect(Object.keys(output.oauth_access.value.applications)).toEqual(['partner', 'two']);
    expect(Object.keys(output.more.value.applications)).toEqual(['two']);
  });

  test('an application of another stack', () => {
    const { stack, partner } = declared();
    const there = newStack(App.of(stack), 'there');
    new AccessManifest(there, 'access', { applications: [partner] });
    const [here, other] = [synth(stack), synth(there)];
    const used = [...new Set(JSON.stringify(other.output).match(/outputs\.[\w-]+/g))].map((text) =>
      text.slice('outputs.'.length),
    );

    expect(used.length).toBeGreaterThan(3);
    expect(Object.keys(here.output)).toEqual(expect.arrayContaining(used));
    expect(JSON.stringify(other.output)).not.toMatch(/azapi_resource\.|azurerm_api_management\./);
    expect(counts(other)).toEqual({ 'data.terraform_remote_state': 1 });
  });

  test('fails at synthesis when the stack has an output of that name', () => {
    const { stack, partner } = declared();
    new AccessManifest(stack, 'access', { applications: [partner] });
    new TerraformOutput(stack, 'oauth_access', { value: 1 });

    expect(errorOf(() => synth(stack))).toMatch(
      /\[stack\/access\] outputName: "oauth_access" is the name of output stack\/oauth_access already; give another/,
    );
  });

  test('two manifests under one name fail at synthesis, each of them', () => {
    const { stack, partner } = declared();
    new AccessManifest(stack, 'access', { applications: [partner] });
    new AccessManifest(stack, 'again', { applications: [partner] });
    const message = errorOf(() => synth(stack));

    expect(message).toMatch(
      '[stack/access] outputName: "oauth_access" is the name of output stack/again/Default already; give another',
    );
    expect(message).toMatch(
      '[stack/again] outputName: "oauth_access" is the name of output stack/access/Default already; give another',
    );
  });

  test('the same name in two stacks is none of that', () => {
    const { stack, partner } = declared();
    const there = newStack(App.of(stack), 'there');
    new AccessManifest(stack, 'access', { applications: [partner] });
    new AccessManifest(there, 'access', { applications: [partner] });

    expect([synth(stack), synth(there)].map(({ output }) => output.oauth_access.value.version)).toEqual([1, 1]);
  });

  const OUTPUT = 'outputName: must be letters, digits, dashes and underscores and not start with a digit or dash, got';
  test.each<[string, (partner: MultiProductApplication) => Partial<AccessManifestProps>, string[]]>([
    ['no application', () => ({ applications: [] }), ['applications: must not be empty, give at least one']],
    ['nothing', () => ({ applications: untyped(undefined) }), ['applications: must not be empty, give at least one']],
    [
      'one instead of a list',
      (partner) => ({ applications: untyped(partner) }),
      ['applications: must be a list, got a value of type object'],
    ],
    [
      'what is no application',
      () => ({ applications: untyped(['partner', null]) }),
      [
        'applications: must contain only applications, got "partner"',
        'applications: must contain only applications, got null',
      ],
    ],
    [
      'one twice',
      (partner) => ({ applications: [partner, partner] }),
      ['applications: must not contain the same application twice, got stack/partner again'],
    ],
    ['a name with a digit first', () => ({ outputName: '1st' }), [`${OUTPUT} "1st"`]],
    ['a name with a blank', () => ({ outputName: 'oauth access' }), [`${OUTPUT} "oauth access"`]],
    ['an empty name', () => ({ outputName: '' }), [`${OUTPUT} ""`]],
    [
      'a malformed name and no application',
      () => ({ applications: [], outputName: '-' }),
      [`${OUTPUT} "-"`, 'applications: must not be empty, give at least one'],
    ],
  ])('fails when given %s', (_, props, lines) => {
    const { stack, partner } = declared();

    expect(errorOf(() => new AccessManifest(stack, 'access', { applications: [partner], ...props(partner) }))).toBe(
      lines.map((line) => `stack/access: ${line}`).join('\n'),
    );
  });

  test('fails when the name of the output is a token', () => {
    const { stack, partner } = declared();
    const outputName = new TerraformVariable(stack, 'name', {}).stringValue;

    expect(errorOf(() => new AccessManifest(stack, 'access', { applications: [partner], outputName }))).toBe(
      'stack/access: outputName: must not be a token, since it names the block in Terraform',
    );
  });

  test('fails when two applications have the same name', () => {
    const { stack, partner } = declared();
    const other = newInstance(stack, 'other', { name: 'contoso-other' });
    const two = newClient(stack, other, 'two', {
      applicationName: 'partner',
      ownerUserId: OWNER.replace('contoso-apim', 'contoso-other'),
      products: [newProduct(stack, other, 'g')],
    });

    expect(errorOf(() => new AccessManifest(stack, 'access', { applications: [partner, two] }))).toBe(
      'stack/access: applications: must have different names, got "partner" for stack/partner and stack/two',
    );
  });

  test('synthesizing twice gives the same bytes', () => {
    const app = newApp();
    const stack = newStack(app);
    const apim = newInstance(stack);
    const client = newClient(stack, apim, 'partner', { products: [newProduct(stack, apim)] });
    new AccessManifest(stack, 'access', { applications: [client] });

    expect(synthText(stack)).toBe(synthText(stack));
    expect(blockOf(synth(stack), client.node.findChild('Default')).name).toBe('partner');
  });
});
