import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { locator } from '../src/input/sources';
import { readPlans } from '../src/input/plan-file';
import { planArguments } from '../src/input/stack-names';
import { kindOf } from '../src/plan/kinds';
import type { Plan } from '../src/plan/plan';
import { review } from '../src/review';
import { judgedFindings } from '../src/sections';
import { AS_OF } from './support';

/*
 * What the library writes and what the review reads of it: plans of the examples, as Terraform and the real providers made
 * them from what the library wrote. Where an example or the library changes what is declared, `scripts/record-plans.ts`
 * records them again.
 */

const PLANS = join(__dirname, 'fixtures/examples');
const output = mkdtempSync(join(tmpdir(), 'apim-oauth-contract-'));
afterAll(() => rmSync(output, { recursive: true, force: true }));

type Blocks = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
interface Synthesized {
  readonly example: string;
  readonly json: { readonly resource?: Blocks; readonly data?: Blocks };
}

const stacks = new Map<string, Synthesized>();

beforeAll(async () => {
  const { ARM_SUBSCRIPTION_ID: _, SANDBOX_OWNER: __, ...environment } = process.env;
  const before = process.env;
  for (const example of readdirSync('examples').flatMap((file) => (file.endsWith('.ts') ? [file.slice(0, -3)] : []))) {
    process.env = { ...environment, CDKTF_OUTDIR: join(output, example) };
    await import(`../../examples/${example}`);
    for (const name of readdirSync(join(output, example, 'stacks'))) {
      const text = readFileSync(join(output, example, 'stacks', name, 'cdk.tf.json'), 'utf8');
      stacks.set(name, { example, json: JSON.parse(text) as Synthesized['json'] });
    }
  }
  process.env = before;
});

/** Addresses with the arguments that are written, as the library writes them. */
function written({ json }: Synthesized): string[] {
  // A plan does not list ephemeral blocks.
  const prefixes = { resource: '', data: 'data.' } as const;
  return (['resource', 'data'] as const)
    .flatMap((kind) =>
      Object.entries(json[kind] ?? {}).flatMap(([type, blocks]) =>
        Object.entries(blocks).map(([name, block]) => line(`${prefixes[kind]}${type}.${name}`, Object.keys(block))),
      ),
    )
    .sort();
}

/** The same of a recorded plan. */
function planned(file: string): string[] {
  const { configuration } = JSON.parse(readFileSync(file, 'utf8')) as {
    configuration: { root_module: { resources: { address: string; expressions?: object }[] } };
  };
  return configuration.root_module.resources
    .map(({ address, expressions = {} }) => line(address, Object.keys(expressions)))
    .sort();
}

const META = ['//', 'depends_on', 'provider', 'lifecycle', 'for_each', 'count', 'provisioner', 'connection'];

function line(address: string, names: readonly string[]): string {
  return `${address}: ${names
    .filter((name) => !META.includes(name))
    .sort()
    .join(' ')}`;
}

/** What the review says of the plan of each stack: its verdict, then each finding with what it is about. */
const REVIEWS: Readonly<Record<string, readonly string[]>> = {
  certificate: [
    'BROADENING, NOT JUDGED: 4 changes',
    'access-gained azuread_app_role_assignment.batch_grants_BB44330B["starter"]',
    'credential-made azuread_application_certificate.batch_certificate-nightly-batch_public-part_FEAF95C7["odd"]',
    'credential-made azurerm_key_vault_certificate.batch_certificate-nightly-batch_D5B1A5E3',
    'not-judged azuread_application.batch',
    'not-judged azuread_application.starter_application_3104A7E7',
    'not-judged azuread_service_principal.batch_service-principal_B1D5E881',
    'not-judged azuread_service_principal.starter_service-principal_DEED6256',
    'privilege-granted azurerm_api_management.apim',
    'privilege-granted azurerm_api_management.apim',
    'product-created azapi_resource.starter',
  ],
  'consumer-team': [
    'BROADENING, NOT JUDGED: 2 changes',
    'access-gained azuread_app_role_assignment.reporting_grants_C9CF5081["orders"]',
    'credential-made azuread_application_federated_identity_credential.reporting_github-contoso-reporting-main_A7234F65',
    'not-judged azuread_application.reporting',
    'not-judged azuread_service_principal.reporting_service-principal_51B1E519',
  ],
  'existing-instance': [
    'BROADENING, NOT JUDGED: 1 change',
    'access-gained azapi_resource.partner_grants_7FCACD9C["starter"]',
    'not-judged azapi_update_resource.starter',
    'privilege-granted azuread_directory_role_assignment.apim_directory-role-assignment_A5DFBD8B',
    'tokens-on azapi_update_resource.starter',
  ],
  'gateway-policy': [
    'BROADENING, NOT JUDGED: 4 changes',
    'access-gained azuread_app_role_assignment.order-worker_grants_6BFC9AC4["starter"]',
    'credential-made azuread_application_federated_identity_credential.order-worker_managed-identity_64052843',
    'not-judged azuread_application.order-worker',
    'not-judged azuread_application.starter_application_3104A7E7',
    'not-judged azuread_service_principal.order-worker_service-principal_62FE7E89',
    'not-judged azuread_service_principal.starter_service-principal_DEED6256',
    'privilege-granted azurerm_api_management.apim',
    'privilege-granted azurerm_api_management.apim',
    'product-created azapi_resource.starter',
  ],
  'multi-product': [
    'BROADENING',
    'access-gained azapi_resource.partner_grants_7FCACD9C["starter"]',
    'access-gained azapi_resource.partner_grants_7FCACD9C["unlimited"]',
    'access-gained azapi_resource.reporting_grants_C9CF5081["gold"]',
    'access-gained azapi_resource.reporting_grants_C9CF5081["starter"]',
    'credential-made azurerm_key_vault_secret.partner_secret-partner_156AFE08',
    'credential-made azurerm_key_vault_secret.reporting_secret-reporting_534151BC',
    'privilege-granted azuread_directory_role_assignment.apim_directory-role-assignment_A5DFBD8B',
    'privilege-granted azurerm_api_management.apim',
    'privilege-granted azurerm_api_management.apim',
    'privilege-granted azurerm_api_management_user.owner',
    'privilege-granted azurerm_role_assignment.vault-writer',
    'product-created azapi_resource.gold',
    'product-created azapi_resource.starter',
    'product-created azapi_resource.unlimited',
  ],
  'orders-team': ['NEUTRAL', 'product-created azapi_resource.orders-product'],
  platform: [
    'BROADENING',
    'privilege-granted azuread_directory_role_assignment.apim_directory-role-assignment_A5DFBD8B',
    'privilege-granted azurerm_api_management.apim',
    'privilege-granted azurerm_api_management.apim',
  ],
  sandbox: [
    'BROADENING, NOT JUDGED: 1 change',
    'access-gained azapi_resource.client_grants_08CCEDA1["starter"]',
    'access-gained azapi_resource.client_grants_08CCEDA1["unlimited"]',
    'credential-made azurerm_key_vault_secret.client_secret-client-secret_8BDADC21',
    'not-judged azurerm_api_management_api_operation.echo-resource',
    'privilege-granted azuread_directory_role_assignment.apim_directory-role-assignment_A5DFBD8B',
    'privilege-granted azurerm_api_management.apim',
    'privilege-granted azurerm_api_management.apim',
    'privilege-granted azurerm_api_management_user.developer',
    'product-created azapi_resource.product-starter',
    'product-created azapi_resource.product-unlimited',
  ],
  secretless: [
    'BROADENING, NOT JUDGED: 4 changes',
    'access-gained azuread_app_role_assignment.importer_grants_268C214F["starter"]',
    'credential-made azuread_application_federated_identity_credential.importer_github-contoso-order-import-production_27827A57',
    'not-judged azuread_application.importer',
    'not-judged azuread_application.starter_application_3104A7E7',
    'not-judged azuread_service_principal.importer_service-principal_9AA54FF9',
    'not-judged azuread_service_principal.starter_service-principal_DEED6256',
    'privilege-granted azurerm_api_management.apim',
    'privilege-granted azurerm_api_management.apim',
    'product-created azapi_resource.starter',
  ],
};

const recorded = readdirSync(PLANS).map((file) => file.slice(0, -'.json'.length));
const fileOf = (stack: string): string => join(PLANS, `${stack}.json`);
const read = (stack: string): readonly Plan[] => readPlans(planArguments([fileOf(stack)]));

test('every stack of every example has its recorded plan, and no other', () => {
  expect([...stacks.keys()].sort()).toEqual(recorded);
});

describe.each(recorded)('%s', (stack) => {
  const folder = (): string => join(output, stacks.get(stack)!.example);

  test('the plan is one of what the library writes', () => {
    expect(planned(fileOf(stack))).toEqual(written(stacks.get(stack)!));
  });

  test('every resource of the library that a finding can point at has the line that asked for it', () => {
    const plans = read(stack);
    const locate = locator(plans, [folder()]);
    const places = plans
      .flatMap(({ resources }) => resources)
      .filter((resource) => resource.mode === 'managed' && kindOf(resource) !== undefined)
      .map((resource) => ({ address: resource.address, ...locate(resource) }))
      .filter(({ constructPath = '' }) => !isOwn(stack, constructPath));

    expect(places.length).toBeGreaterThan(0);
    expect(places.filter(({ file }) => file !== `examples/${stacks.get(stack)!.example}.ts`)).toEqual([]);
  });

  test('the review of it', () => {
    const plans = read(stack);
    const { verdict, ...found } = review(plans, {
      locate: locator(plans, [folder()]),
      allowed: [],
      asOf: AS_OF,
      expiringWithinDays: 30,
    });
    const findings = judgedFindings(found).map(({ rule, address }) => `${rule} ${address}`);

    expect([verdict.label, ...findings.sort()]).toEqual(REVIEWS[stack]);
  });
});

/** Blocks of a provider that the example itself has in a plain stack: nothing records where. */
function isOwn(stack: string, constructPath: string): boolean {
  return stack !== 'sandbox' && constructPath.split('/').length === 2;
}
