import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { parse } from 'yaml';
import { ClientCredential, DirectoryRole, MultiProductApplication, ProductAuthorization } from '../lib';
import { secretsInState } from './secrets';
import {
  child,
  newClient,
  newEntraClient,
  newInstance,
  newProduct,
  newStack,
  synth,
  Terraform,
  VAULT,
} from './support';

const output = mkdtempSync(join(tmpdir(), 'apim-oauth-examples-'));
const examples = readdirSync('examples')
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -'.ts'.length));
const synthesized = new Map<string, Record<string, Terraform>>();

/** Runs each program as its header says, into a directory of its own. */
async function runExamples(folder: string): Promise<void> {
  const { ARM_SUBSCRIPTION_ID: _, SANDBOX_OWNER: __, ...environment } = process.env;
  const before = process.env;
  for (const example of examples) {
    process.env = { ...environment, CDKTF_OUTDIR: join(folder, example) };
    await import(`../examples/${example}`);
  }
  process.env = before;
}

/** What a program wrote for each of its stacks. */
function documentsOf(folder: string, example: string): Record<string, string> {
  const { stacks } = JSON.parse(readFileSync(join(folder, example, 'manifest.json'), 'utf8')) as {
    stacks: Record<string, { synthesizedStackPath: string }>;
  };
  return Object.fromEntries(
    Object.entries(stacks).map(([name, { synthesizedStackPath }]) => [
      name,
      readFileSync(join(folder, example, synthesizedStackPath), 'utf8'),
    ]),
  );
}

beforeAll(async () => {
  await runExamples(output);
  for (const example of examples) {
    const documents = Object.entries(documentsOf(output, example));
    synthesized.set(
      example,
      Object.fromEntries(documents.map(([name, text]) => [name, JSON.parse(text) as Terraform])),
    );
  }
});
afterAll(() => rmSync(output, { recursive: true, force: true }));

test('a product that one stack reads by its id is declared by another under that id', () => {
  const stacks = stacksOf('team-stacks').map(([, terraform]) => terraform);
  const declared = stacks.flatMap(({ resource }) =>
    Object.values<Terraform>(resource?.azapi_resource ?? {}).map(({ name }) => name as string),
  );
  const read = stacks.flatMap(({ data }) =>
    Object.values<Terraform>(data?.azapi_resource ?? {}).flatMap(
      ({ resource_id: id }) => /\/products\/([^/]+)$/.exec(String(id))?.[1] ?? [],
    ),
  );

  expect(read).toEqual(['orders']);
  expect(declared).toEqual(expect.arrayContaining(read));
});

describe('without fast rendering', () => {
  const plain = mkdtempSync(join(tmpdir(), 'apim-oauth-plain-examples-'));

  beforeAll(async () => {
    jest.resetModules();
    const { fastRendering } = await import('../lib/terraform/fast-rendering.js');
    fastRendering.enabled = false;
    await runExamples(plain);
  });

  afterAll(() => rmSync(plain, { recursive: true, force: true }));

  test.each(examples)('%s is the same to the byte', (example) => {
    expect(documentsOf(plain, example)).toEqual(documentsOf(output, example));
  });
});

function stacksOf(example: string): [string, Terraform][] {
  return Object.entries(synthesized.get(example) ?? {});
}

/** Addresses of everything that a stack declares, one for each key of `for_each` that is literal. */
function addressesOf(terraform: Terraform): string[] {
  const kinds = [
    ['', 'resource'],
    ['data.', 'data'],
    ['ephemeral.', 'ephemeral'],
  ] as const;
  const blocks = kinds.flatMap(([prefix, kind]) =>
    Object.entries<Terraform>(terraform[kind] ?? {}).flatMap(([type, named]) =>
      Object.entries<Terraform>(named).flatMap(([name, block]) =>
        instancesOf(block).map((key) => `${prefix}${type}.${name}${key}`),
      ),
    ),
  );
  return [...blocks, ...Object.keys(terraform.check ?? {}).map((name) => `check.${name}`)].sort();
}

function instancesOf({ for_each: each, count }: Terraform): string[] {
  if (count !== undefined) {
    return ['[count]'];
  }
  if (each === undefined) {
    return [''];
  }
  if (typeof each === 'string') {
    return ['[each]'];
  }
  return Object.keys(each as object).map((key) => (key.includes('${') ? '[each]' : `["${key}"]`));
}

/** What Terraform creates before it destroys the former one: blocks that ask for it, and all that they depend on. */
function createdFirst(terraform: Terraform): string[] {
  const texts = new Map<string, string>();
  for (const [prefix, kind] of [
    ['', 'resource'],
    ['data.', 'data'],
  ] as const) {
    for (const [type, named] of Object.entries<Terraform>(terraform[kind] ?? {})) {
      for (const [name, block] of Object.entries<Terraform>(named)) {
        texts.set(`${prefix}${type}.${name}`, JSON.stringify(block));
      }
    }
  }
  for (const [name, value] of Object.entries<unknown>(terraform.locals ?? {})) {
    texts.set(`local.${name}`, JSON.stringify(value));
  }
  const found = new Set(
    [...texts].filter(([, text]) => text.includes('"create_before_destroy":true')).map(([at]) => at),
  );
  for (const address of found) {
    for (const [reference] of (texts.get(address) ?? '').matchAll(/\b(?:data\.)?[a-z]\w*\.[\w-]+/g)) {
      if (texts.has(reference)) {
        found.add(reference);
      }
    }
  }
  return [...found];
}

/** Every `//` of a stack, in which cdktf and the library say where a block comes from. */
function metadataIn(value: unknown): Terraform[] {
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  return Object.entries(value).flatMap(([name, inner]) => (name === '//' ? [inner as Terraform] : metadataIn(inner)));
}

describe.each(examples)('example %s', (example) => {
  const source = readFileSync(join('examples', `${example}.ts`), 'utf8');

  test('says why it is there and how to run it', () => {
    const header = /^\/\*\n([^]*?)\n \*\//.exec(source)?.[1] ?? '';
    const run = / \* Run: {2}(.+)\n \* then: (.+)/.exec(header);
    const stacks = run?.[2].replace(/^.* deploy( --app "[^"]*")? /, '').split(' ');

    expect(header).toMatch(/^ \* .+[.:].*\n \*\n \* Why: /);
    expect(['npm run synth', `npx tsx examples/${example}.ts`]).toContain(run?.[1]);
    expect(stacks?.sort()).toEqual(
      stacksOf(example)
        .map(([name]) => name)
        .sort(),
    );
  });

  test('uses nothing but the public surface', () => {
    const imported = [...source.matchAll(/from '([^']+)'/g)].map(([, name]) => name);

    expect(
      imported.filter(
        (name) => !/^(cdktf|constructs|cdktf-apim-oauth|@cdktf\/provider-azurerm\/lib\/[\w-]+)$/.test(name),
      ),
    ).toEqual([]);
    expect(imported).toContain('cdktf-apim-oauth');
  });

  test('declares these addresses, which are forever', () => {
    expect(
      Object.fromEntries(stacksOf(example).map(([name, terraform]) => [name, addressesOf(terraform)])),
    ).toMatchSnapshot();
  });

  test('keeps no secret in any state', () => {
    expect(stacksOf(example).flatMap(([, terraform]) => secretsInState(terraform))).toEqual([]);
  });

  test('extends no create_before_destroy to a product or to a certificate, whose names Azure gives once', () => {
    const extended = stacksOf(example).flatMap(([, terraform]) => createdFirst(terraform));

    expect(extended.filter((address) => /^azapi_resource\.|^azurerm_key_vault_certificate\./.test(address))).toEqual(
      [],
    );
  });

  test('says where its blocks come from without telling where it was synthesized', () => {
    const sources = stacksOf(example)
      .flatMap(([, terraform]) => metadataIn(terraform))
      .flatMap(({ source: line }) => (line === undefined ? [] : [String(line)]));

    expect(sources.length).toBeGreaterThan(0);
    expect(sources.filter((line) => isAbsolute(line) || !/^examples\/[\w-]+\.ts:\d+$/.test(line))).toEqual([]);
  });

  test('holds no token that was left over, and no time of the day it was synthesized', () => {
    const written = JSON.stringify(stacksOf(example));

    expect(written).not.toMatch(/TfToken|unresolved-token|\[object Object\]|undefined/);
    expect(written).not.toMatch(/20\d\d-\d\d-\d\dT\d\d:/);
  });
});

describe('the states of team-stacks', () => {
  test('are one for each team, and no stack reads that of another', () => {
    const stacks = stacksOf('team-stacks');
    const keys = stacks.map(([, { terraform }]) => [
      terraform.backend.azurerm.storage_account_name,
      terraform.backend.azurerm.key,
    ]);

    expect(keys.sort()).toEqual([
      ['tfstateconsumerteam', 'consumer-team.tfstate'],
      ['tfstateordersteam', 'orders-team.tfstate'],
      ['tfstateplatform', 'platform.tfstate'],
    ]);
    expect(
      stacks.flatMap(([, { data }]) => Object.keys(data ?? {})).filter((type) => type === 'terraform_remote_state'),
    ).toEqual([]);
    expect(stacks.flatMap(([, { output: outputs }]) => Object.keys(outputs ?? {}))).toEqual(['oauth_access']);
  });

  test('are deployed in the order of what needs what', () => {
    const { stacks } = JSON.parse(readFileSync(join(output, 'team-stacks', 'manifest.json'), 'utf8')) as {
      stacks: Record<string, { dependencies: string[] }>;
    };

    expect(Object.fromEntries(Object.entries(stacks).map(([name, { dependencies }]) => [name, dependencies]))).toEqual({
      platform: [],
      'orders-team': ['platform'],
      'consumer-team': ['orders-team'],
    });
  });
});

describe('the workflow of secretless-github-actions', () => {
  const text = readFileSync('examples/secretless-github-actions.yml', 'utf8');
  const workflow = parse(text) as {
    on: object;
    permissions: object;
    jobs: Record<string, { environment: string; steps: { env?: Record<string, string>; run: string }[] }>;
  };
  const [job] = Object.values(workflow.jobs);
  const scripts = job.steps.map(({ run }) => run).join('\n');
  const stack = (): Terraform => stacksOf('secretless-github-actions')[0][1];
  const client = (): any => stack().output.oauth_access.value.applications.importer;

  test('runs where the stack trusts it', () => {
    const [credential] = Object.values<Terraform>(stack().resource.azuread_application_federated_identity_credential);

    expect(Object.keys(workflow.jobs)).toHaveLength(1);
    expect(credential.issuer).toBe('https://token.actions.githubusercontent.com');
    expect(credential.subject).toBe(`repo:contoso/order-import:environment:${job.environment}`);
    expect(scripts).toContain(`&audience=${credential.audiences[0]}"`);
    expect(credential.audiences).toHaveLength(1);
  });

  test('may ask for an OIDC token, and for nothing else', () => {
    expect(workflow.permissions).toEqual({ 'id-token': 'write' });
    expect(Object.keys(workflow.on).sort()).toEqual(['schedule', 'workflow_dispatch']);
  });

  test('uses no secret, and no text of anybody in a script', () => {
    const expressions = [...text.matchAll(/\$\{\{ *([^} ]+) *\}\}/g)].map(([, expression]) => expression);

    expect(
      expressions.filter((expression) => !/^(vars\.[A-Z_]+|steps\.token\.outputs\.token)$/.test(expression)),
    ).toEqual([]);
    expect(scripts).not.toContain('${{');
    expect(scripts).toContain('::add-mask::$token');
  });

  test('knows what the manifest says, and calls the path that the product is tried at', () => {
    const [product] = Object.values<Terraform>(client().products);
    const variables = [...new Set(job.steps.flatMap(({ env = {} }) => Object.values(env)))].flatMap((value) =>
      [...value.matchAll(/vars\.([A-Z_]+)/g)].map(([, name]) => name),
    );
    const said = [...Object.keys(client()), ...Object.keys(product)].map((name) =>
      name.replace(/[A-Z]/g, '_$&').toUpperCase(),
    );

    expect(variables.sort()).toEqual(['CLIENT_ID', 'GATEWAY_URL', 'SCOPE', 'TOKEN_ENDPOINT']);
    expect(variables.filter((name) => !said.includes(name))).toEqual([]);
    expect(scripts).toContain(`"$GATEWAY_URL${product.path}"`);
  });
});

describe('secrets in state', () => {
  const ofBlock = (type: string, block: object) => ({ resource: { [type]: { one: block } } });
  const ofData = (type: string, block: object) => ({ data: { [type]: { one: block } } });
  const EXPORTS = { response_export_values: {} };

  test("of a client with password() are the secrets' own blocks, and nothing else", () => {
    const stack = newStack();
    const instance = newInstance(stack, 'apim', { directoryRole: DirectoryRole.none() });
    const credentials = [
      ClientCredential.password({ keyVaultId: VAULT, secretName: 'legacy' }),
      ClientCredential.keyVaultCertificate({ keyVaultId: VAULT, certificateName: 'batch' }),
      ClientCredential.managedIdentity({ principalId: '33333333-3333-3333-3333-333333333333' }),
    ];
    const client: MultiProductApplication = newEntraClient(
      stack,
      instance,
      [newProduct(stack, instance, 'gold', { authorization: ProductAuthorization.gatewayPolicy() })],
      credentials,
    );
    const slots = ['even', 'odd'].map(
      (slot) => `azuread_application_password.${child(client, `password-legacy/${slot}`).friendlyUniqueId}`,
    );

    expect(secretsInState(synth(stack))).toEqual(slots.sort());
  });

  test('of a client of API Management are none, though its secret is stored', () => {
    const stack = newStack();
    const instance = newInstance(stack);
    newClient(stack, instance, 'partner', { products: [newProduct(stack, instance)] }).storeClientSecret({
      keyVaultId: VAULT,
      secretName: 'partner',
    });

    expect(secretsInState(synth(stack))).toEqual([]);
  });

  test.each<[string, Terraform, string]>([
    ['a password of an application', ofBlock('azuread_application_password', {}), 'azuread_application_password.one'],
    [
      'a password of a service principal',
      ofBlock('azuread_service_principal_password', {}),
      'azuread_service_principal_password.one',
    ],
    [
      'a password in an application',
      ofBlock('azuread_application', { password: [{ display_name: 'x' }] }),
      'azuread_application.one: password',
    ],
    ['a key that Terraform makes', ofBlock('tls_private_key', {}), 'tls_private_key.one'],
    [
      'a certificate with its key',
      ofBlock('azuread_application_certificate', { value: '-----BEGIN PRIVATE KEY-----' }),
      'azuread_application_certificate.one: value',
    ],
    [
      'a certificate from a secret',
      ofBlock('azuread_application_certificate', { value: '${azurerm_key_vault_certificate.a.secret_id}' }),
      'azuread_application_certificate.one: value',
    ],
    [
      'a certificate that is uploaded',
      ofBlock('azurerm_key_vault_certificate', { certificate: { contents: 'MII' } }),
      'azurerm_key_vault_certificate.one: certificate',
    ],
    [
      'a value in Key Vault',
      ofBlock('azurerm_key_vault_secret', { value: '${var.secret}' }),
      'azurerm_key_vault_secret.one: value',
    ],
    ['a secret that is read', ofData('azurerm_key_vault_secret', { name: 'x' }), 'data.azurerm_key_vault_secret.one'],
    [
      'a certificate that is read with its key',
      ofData('azurerm_key_vault_certificate_data', {}),
      'data.azurerm_key_vault_certificate_data.one',
    ],
    [
      'a key of a subscription',
      ofBlock('azurerm_api_management_subscription', {}),
      'azurerm_api_management_subscription.one',
    ],
    [
      'an instance that azurerm reads, with its management access keys',
      ofData('azurerm_api_management', {}),
      'data.azurerm_api_management.one',
    ],
    [
      'a password of a user',
      ofBlock('azurerm_api_management_user', { password: 'x' }),
      'azurerm_api_management_user.one: password',
    ],
    [
      'a named value',
      ofBlock('azurerm_api_management_named_value', { value: 'x' }),
      'azurerm_api_management_named_value.one: value',
    ],
    ["another stack's state", ofData('terraform_remote_state', {}), 'data.terraform_remote_state.one'],
    [
      'listSecrets in an action that is kept',
      ofBlock('azapi_resource_action', { action: 'listSecrets', ...EXPORTS }),
      'azapi_resource_action.one: action',
    ],
    [
      'listSecrets in a data source',
      ofData('azapi_resource_action', { action: 'listSecrets', ...EXPORTS }),
      'data.azapi_resource_action.one: action',
    ],
    [
      'regenerated keys',
      ofBlock('azapi_resource_action', { action: 'regeneratePrimaryKey', ...EXPORTS }),
      'azapi_resource_action.one: action',
    ],
    [
      'an exported secret',
      ofBlock('azapi_resource', { response_export_values: { id: 'id', it: 'entra.clientSecret' } }),
      'azapi_resource.one: response_export_values',
    ],
    [
      'exported keys, in a list',
      ofData('azapi_resource', { response_export_values: ['properties.primaryKey'] }),
      'data.azapi_resource.one: response_export_values',
    ],
    ['a whole answer', ofBlock('azapi_resource', {}), 'azapi_resource.one: no response_export_values'],
    [
      'everything of an answer',
      ofBlock('azapi_update_resource', { response_export_values: ['*'] }),
      'azapi_update_resource.one: response_export_values',
    ],
    [
      'sensitive output',
      ofBlock('azapi_resource', { ...EXPORTS, sensitive_response_export_values: { it: 'id' } }),
      'azapi_resource.one: sensitive_response_export_values',
    ],
    [
      'a secret in a body',
      ofBlock('azapi_resource', { ...EXPORTS, body: { properties: { nested: [{ clientSecret: 'x' }] } } }),
      'azapi_resource.one: body',
    ],
    [
      'an ephemeral value in an argument',
      ofBlock('azurerm_key_vault', { tags: { it: '${ephemeral.azapi_resource_action.a.output.it}' } }),
      'azurerm_key_vault.one: tags',
    ],
    [
      'an ephemeral value in an output',
      { output: { it: { value: { deep: ['${one(ephemeral.azapi_resource_action.a[*].output.it)}'] } } } },
      'output.it: deep',
    ],
    ['a password in an output', { output: { it: { value: '${azuread_application_password.a.value}' } } }, 'output.it'],
    ['an output that is sensitive', { output: { it: { value: 'x', sensitive: true } } }, 'output.it: sensitive'],
    ['a password in a local value', { locals: { it: 'a-${azuread_application_password.a.value}' } }, 'locals: it'],
    [
      'a password that is copied',
      ofBlock('terraform_data', { input: '${azuread_application_password.a.value}' }),
      'terraform_data.one: input',
    ],
  ])('are found: %s', (_, terraform, found) => {
    expect(secretsInState(terraform)).toContain(found);
  });

  test.each<[string, Terraform]>([
    [
      'a write-only argument',
      ofBlock('azurerm_key_vault_secret', {
        name: 'x',
        value_wo: '${ephemeral.azapi_resource_action.a.output.it}',
        value_wo_version: 1,
      }),
    ],
    [
      'a body that is write-only',
      ofBlock('azapi_resource', {
        ...EXPORTS,
        sensitive_body: { it: '${ephemeral.azapi_resource_action.a.output.it}' },
      }),
    ],
    [
      'an ephemeral block',
      {
        ephemeral: {
          azapi_resource_action: {
            one: { action: 'listSecrets', response_export_values: { it: 'entra.clientSecret' } },
          },
        },
      },
    ],
    [
      'the public part of a certificate',
      ofBlock('azuread_application_certificate', { value: '${data.azurerm_key_vault_certificate.a.certificate_data}' }),
    ],
    [
      'rights on secrets',
      ofBlock('azurerm_key_vault', { access_policy: [{ secret_permissions: ['Get'], key_permissions: null }] }),
    ],
    [
      'authentication by key',
      ofBlock('azapi_resource', {
        ...EXPORTS,
        body: { properties: { authenticationType: ['subscription-key'], subscriptionRequired: true } },
      }),
    ],
  ])('are not: %s', (_, terraform) => {
    expect(secretsInState(terraform)).toEqual([]);
  });
});
