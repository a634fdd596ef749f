import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';
import { App, TerraformStack } from 'cdktf';
import { AzureProviders, ClientCredential, ClientRegistration, OAuthProduct, ProductAuthorization } from '../lib';
import { declaredAddresses, namedAddresses } from './docs-addresses';
import { ERRORS, WARNINGS } from './docs-messages';
import { fencesOf, proseOf, tableAfter } from './markdown';
import { errorOf, newApp, newClient, newInstance, synth, Terraform } from './support';

/** Pages of the tools, whose messages their own tests hold. */
const OF_TOOLS = [
  'aadsts.md',
  'assumptions.md',
  'azure-devops.md',
  'first-call.md',
  'github-action.md',
  'performance.md',
  'review.md',
  'token.md',
  'verify.md',
];
const pages = readdirSync('docs').filter((name) => name.endsWith('.md') && !OF_TOOLS.includes(name));

/** Lines of the text blocks under a heading of a page. */
function quoted(page: string, heading: string): string[] {
  return fencesOf(join('docs', page))
    .filter((fence) => fence.heading === heading && fence.language === 'text')
    .flatMap(({ text }) => text.split('\n'));
}

/** What stands around the messages of a synthesis that fails is cdktf's. */
function ours(message: string): string[] {
  return message
    .split('\n')
    .filter((line) => !/^(?:Validation failed with|If you wish to ignore|$)/.test(line))
    .map((line) => line.trim());
}

describe('messages that the pages quote are the ones that are given', () => {
  test.each(pages)('errors in %s', (page) => {
    const given = (ERRORS[page] ?? []).flatMap((wrong) => ours(errorOf(wrong)));
    expect(quoted(page, 'Errors')).toEqual([...new Set(given)]);
  });

  test.each(pages)('warnings in %s', (page) => {
    expect(quoted(page, 'Warnings')).toEqual((WARNINGS[page] ?? []).flatMap((warned) => warned()));
  });

  test('on pages that exist', () => {
    expect(Object.keys({ ...ERRORS, ...WARNINGS }).filter((page) => !pages.includes(page))).toEqual([]);
  });
});

/** The names of an interface's properties, with those that it inherits from one of ours. */
function propsOf(name: string): string[] {
  const found = interfaces.get(name);
  if (found === undefined) {
    return [];
  }
  const inherited = (found.heritageClauses ?? []).flatMap(({ types }) =>
    types.flatMap((type) => propsOf(type.getText())),
  );
  return [...inherited, ...found.members.filter(ts.isPropertySignature).map((member) => member.name.getText())];
}

const interfaces = new Map(
  readdirSync('lib', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => [
      ...ts.createSourceFile(file, readFileSync(join('lib', file), 'utf8'), ts.ScriptTarget.ES2022, true).statements,
    ])
    .filter(ts.isInterfaceDeclaration)
    .map((declared) => [declared.name.text, declared]),
);

describe('every prop is on the page of its construct', () => {
  test.each([
    ['AzureProvidersProps', 'azure-providers.md'],
    ['ApimInstanceWithIdentityProps', 'apim-instance-with-identity.md'],
    ['ExistingApimInstanceAttributes', 'apim-instance-with-identity.md'],
    ['IApimInstance', 'apim-instance-with-identity.md'],
    ['OAuthProductProps', 'oauth-product.md'],
    ['ExistingOAuthProductProps', 'oauth-product.md'],
    ['ReadOAuthProductAttributes', 'oauth-product.md'],
    ['ClientRateLimit', 'oauth-product.md'],
    ['ClientQuota', 'oauth-product.md'],
    ['EntraApplicationOptions', 'product-authorization.md'],
    ['AdoptedRegistration', 'product-authorization.md'],
    ['GatewayPolicyOptions', 'product-authorization.md'],
    ['MultiProductApplicationProps', 'multi-product-application.md'],
    ['ClientSecretStore', 'multi-product-application.md'],
    ['EntraClientRegistrationProps', 'client-registration.md'],
    ['FederatedCredentialProps', 'client-credential.md'],
    ['GitHubActionsProps', 'client-credential.md'],
    ['ManagedIdentityProps', 'client-credential.md'],
    ['KeyVaultCertificateProps', 'client-credential.md'],
    ['PasswordProps', 'client-credential.md'],
    ['AccessManifestProps', 'access-manifest.md'],
    ['PreviewSandboxProps', 'preview-sandbox.md'],
  ])('%s in %s', (name, page) => {
    const text = readFileSync(join('docs', page), 'utf8');
    const props = propsOf(name);
    expect(props.length).toBeGreaterThan(0);
    expect(props.filter((prop) => !new RegExp(`[\`{ ]${prop}\\b`).test(text))).toEqual([]);
  });
});

describe('addresses that the pages name are those that are declared', () => {
  const declared = declaredAddresses();

  test.each(pages)('%s', (page) => {
    const named = namedAddresses(proseOf(join('docs', page)));
    expect(
      named.filter(({ pattern }) => !declared.some((address) => pattern.test(address))).map(({ address }) => address),
    ).toEqual([]);
  });

  test('are found at all', () => {
    expect(pages.flatMap((page) => namedAddresses(proseOf(join('docs', page)))).length).toBeGreaterThan(40);
  });
});

type Kind = 'apimManaged' | 'entraApplication' | 'gatewayPolicy';

const AUTHORIZATIONS: Record<Kind, () => ProductAuthorization> = {
  apimManaged: () => ProductAuthorization.apimManaged(),
  entraApplication: () => ProductAuthorization.entraApplication(),
  gatewayPolicy: () => ProductAuthorization.gatewayPolicy(),
};

/** A product with a client of each kind that can be granted it. */
function productWithClients(kind: Kind, authorization = AUTHORIZATIONS[kind]()): Terraform {
  const stack = new TerraformStack(newApp() as App, 'stack');
  new AzureProviders(stack, 'azure');
  const apim = newInstance(stack);
  const gold = new OAuthProduct(stack, 'gold', {
    instance: apim,
    displayName: 'Gold',
    apiNames: ['orders'],
    authorization,
  });
  const credentials = [
    ClientCredential.gitHubActions({ organization: 'contoso', repository: 'orders', branch: 'main' }),
  ];
  newClient(stack, apim, 'importer', {
    displayName: 'Importer',
    registration: ClientRegistration.entra({ credentials }),
    products: [gold],
  });
  if (kind !== 'gatewayPolicy') {
    newClient(stack, apim, 'partner', { products: [gold] });
  }
  return synth(stack);
}

/** Blocks of a type by their addresses without cdktf's suffix. */
function blocks(terraform: Terraform, type: string): Record<string, any> {
  return Object.fromEntries(
    Object.entries<any>(terraform.resource[type] ?? {}).map(([name, block]) => [
      name.replace(/_[0-9A-F]{8}$/, ''),
      block,
    ]),
  );
}

function arguments_(block: any): any {
  if (block === undefined) {
    return undefined;
  }
  const { '//': _, ...others } = block;
  return others;
}

const DIRECTIONS = (['apimManaged', 'entraApplication', 'gatewayPolicy'] as const).flatMap((from, _, kinds) =>
  kinds.filter((to) => to !== from).map((to) => ({ from, to })),
);

describe('migration of a product that has clients', () => {
  const rows = tableAfter('docs/migration.md', 'checked by test/docs.test.ts');

  test('has a row for each direction', () => {
    expect(rows.map(([from, to]) => `${from} ${to}`)).toEqual(
      DIRECTIONS.map(({ from, to }) => `\`${from}\` \`${to}\``),
    );
  });

  test.each(DIRECTIONS)('from $from to $to', ({ from, to }) => {
    const [before, after] = [productWithClients(from), productWithClients(to)];
    const row = rows.find(([one, other]) => one === `\`${from}\`` && other === `\`${to}\``)!;
    const [, , product, registration, entraGrant, link, policy] = row;

    const enforced = [before, after].map(
      (terraform) => blocks(terraform, 'azapi_resource').gold.replace_triggers_external_values as string,
    );
    expect(product).toBe(enforced[0] === enforced[1] ? 'changed in place' : 'replaced');

    const applications = [before, after].map((terraform) =>
      arguments_(blocks(terraform, 'azuread_application').gold_application),
    );
    expect(registration).toBe(
      applications[0] === undefined ? 'created' : applications[1] === undefined ? 'destroyed' : 'stays',
    );
    if (registration === 'stays') {
      expect(applications[0]).toEqual(applications[1]);
    }

    const grants = [before, after].map((terraform) => Object.entries(blocks(terraform, 'azuread_app_role_assignment')));
    for (const some of grants) {
      expect(some.map(([, { for_each: each }]) => Object.keys(each))).toEqual([['gold']]);
    }
    const [[[oldAddress, oldGrant]], [[newAddress, newGrant]]] = grants;
    expect(entraGrant).toBe(
      oldAddress === newAddress ? 'stays' : `new address: \`${oldAddress.slice(9)}\` → \`${newAddress.slice(9)}\``,
    );
    if (entraGrant === 'stays') {
      expect(arguments_(oldGrant)).toEqual(arguments_(newGrant));
    }

    const links = [before, after].map((terraform) => arguments_(blocks(terraform, 'azapi_resource').partner_grants));
    expect(link).toBe(links[1] === undefined ? 'refused' : links[0] === undefined ? 'possible from now on' : 'stays');
    if (link === 'stays') {
      expect(links[0]).toEqual(links[1]);
    }

    const policies = [before, after].map(
      (terraform) => 'gold_policy' in blocks(terraform, 'azurerm_api_management_product_policy'),
    );
    expect(policy).toBe(policies[0] === policies[1] ? 'none' : policies[1] ? 'created' : 'destroyed');
  });

  test.each(DIRECTIONS)('leaves the client and its credential alone from $from to $to', ({ from, to }) => {
    const client = (terraform: Terraform): unknown => {
      const { required_resource_access: _, ...application } = arguments_(
        blocks(terraform, 'azuread_application').importer,
      );
      return [
        application,
        arguments_(
          blocks(terraform, 'azuread_application_federated_identity_credential')['importer_github-contoso-orders-main'],
        ),
      ];
    };
    expect(client(productWithClients(to))).toEqual(client(productWithClients(from)));
  });

  test('a replaced product takes its API links and its policy with it', () => {
    const terraform = productWithClients('gatewayPolicy');
    const follows = { replace_triggered_by: ['azapi_resource.gold.id'] };
    expect(blocks(terraform, 'azurerm_api_management_product_api').gold_apis.lifecycle).toEqual(follows);
    expect(blocks(terraform, 'azurerm_api_management_product_policy').gold_policy.lifecycle).toEqual(follows);
  });

  test('an adopted registration is imported and keeps its app role', () => {
    const adopt = {
      clientId: 'aaaaaaaa-0000-4000-8000-000000000001',
      applicationObjectId: 'aaaaaaaa-0000-4000-8000-000000000002',
      servicePrincipalObjectId: 'aaaaaaaa-0000-4000-8000-000000000003',
      appRoleId: 'aaaaaaaa-0000-4000-8000-000000000004',
    };
    const terraform = productWithClients('entraApplication', ProductAuthorization.entraApplication({ adopt }));
    expect(terraform.import.map(({ id }: any) => id)).toEqual([
      '/applications/aaaaaaaa-0000-4000-8000-000000000002',
      '/servicePrincipals/aaaaaaaa-0000-4000-8000-000000000003',
      `/applications/aaaaaaaa-0000-4000-8000-000000000002/identifierUris/${Buffer.from(`api://${adopt.clientId}`).toString('base64')}`,
    ]);
    expect(blocks(terraform, 'azuread_application').gold_application.app_role[0].id).toBe(adopt.appRoleId);
  });
});
