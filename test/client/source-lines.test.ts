import { readFileSync } from 'node:fs';
import { TerraformVariable } from 'cdktf';
import { ClientCredential, OAuthProduct } from '../../lib';
import {
  child,
  metadataOf,
  newClient,
  newEntraClient,
  newInstance,
  newProduct,
  newStack,
  synth,
  Terraform,
  VAULT,
} from '../support';

const FILE = 'test/client/source-lines.test.ts';
const LINES = readFileSync(FILE, 'utf8').split('\n');

/** `file:line` of the line here that ends in a mark. */
function at(mark: string): string {
  return `${FILE}:${LINES.findIndex((line) => line.endsWith(`// ${mark}`)) + 1}`;
}

function linesOf(terraform: Terraform, construct: Parameters<typeof child>[0], path: string): unknown {
  const { source, sources } = metadataOf(terraform, child(construct, path));
  return { source, sources };
}

test('grants that were asked for later are on their own lines, of API Management', () => {
  const stack = newStack();
  const instance = newInstance(stack);
  const client = newClient(stack, instance, 'partner', { products: [newProduct(stack, instance, 'gold')] });
  client.grantAccess(newProduct(stack, instance, 'silver')); // first grant
  client.grantAccess(newProduct(stack, instance, 'bronze')); // second grant

  expect(linesOf(synth(stack), client, 'grants')).toEqual({
    source: undefined,
    sources: { silver: at('first grant'), bronze: at('second grant') },
  });
});

test('grants by app roles are on their own lines, each with the resource that holds it', () => {
  const stack = newStack();
  const instance = newInstance(stack);
  const own = OAuthProduct.fromRegistration(stack, 'own', {
    instance,
    productId: 'own',
    displayName: 'Own',
    applicationId: '33333333-3333-3333-3333-333333333333',
    appRoleId: '44444444-4444-4444-4444-444444444444',
    appRoleValue: 'Own',
    servicePrincipalObjectId: '55555555-5555-5555-5555-555555555555',
  });
  const client = newEntraClient(stack, instance, []);
  client.grantAccess(own); // own registration
  client.grantAccess(newProduct(stack, instance, 'silver')); // registered by API Management
  const terraform = synth(stack);

  expect(linesOf(terraform, client, 'grants')).toEqual({ sources: { own: at('own registration') } });
  expect(linesOf(terraform, client, 'apim-managed-grants')).toEqual({
    sources: { silver: at('registered by API Management') },
  });
});

test('credentials are on the lines that made them', () => {
  const stack = newStack();
  const instance = newInstance(stack);
  const credentials = [
    ClientCredential.federated({ name: 'build', issuer: 'https://issuer.example', subject: 'build' }), // federated
    ClientCredential.managedIdentity({ principalId: '33333333-3333-3333-3333-333333333333' }), // identity
    ClientCredential.gitHubActions({ organization: 'o', repository: 'r', branch: 'main', name: 'hub' }), // GitHub
    ClientCredential.password({ keyVaultId: VAULT, secretName: 'legacy' }), // password
    ClientCredential.keyVaultCertificate({ keyVaultId: VAULT, certificateName: 'batch' }), // certificate
  ];
  const client = newEntraClient(stack, instance, [newProduct(stack, instance)], credentials);
  const terraform = synth(stack);

  const paths = ['build', 'managed-identity', 'hub', 'password-legacy/Default', 'certificate-batch/Default'];
  expect(paths.map((path) => metadataOf(terraform, child(client, path)).source)).toEqual(
    ['federated', 'identity', 'GitHub', 'password', 'certificate'].map(at),
  );
});

test('a stored secret is on the line that stores it', () => {
  const stack = newStack();
  const instance = newInstance(stack);
  const client = newClient(stack, instance, 'partner', { products: [newProduct(stack, instance)] });
  client.storeClientSecret({ keyVaultId: VAULT, secretName: 'partner' }); // stored
  const secrets = Object.values<Terraform>(synth(stack).resource.azurerm_key_vault_secret);

  expect(secrets.map((secret) => secret['//'].source)).toEqual([at('stored')]);
});

test('APIs that were added later are on their own lines, unless their names are references', () => {
  const stack = newStack();
  const product = newProduct(stack, newInstance(stack));
  const name = new TerraformVariable(stack, 'name', {}).stringValue;
  product.addApi(name);
  product.addApi('orders'); // orders

  expect(linesOf(synth(stack), product, 'apis')).toEqual({ sources: { orders: at('orders') } });
});

test('what a user notes beside a block stays', () => {
  const stack = newStack();
  const instance = newInstance(stack);
  const product = newProduct(stack, instance);
  const client = newClient(stack, instance, 'partner', { products: [product] });
  child(client, 'Default').addOverride('//.note', 'mine');

  expect(metadataOf(synth(stack), child(client, 'Default'))).toMatchObject({
    note: 'mine',
    source: expect.stringMatching(/^test\/support\.ts:\d+$/),
    metadata: { path: 'stack/partner/Default' },
  });
});
