import { hcl, json, PlanFixture, type Values } from './fixtures/plan';
import { entraStack, guid, nativeStack, SERVICE } from './fixtures/stacks';
import { reviewOf, told } from './support';

const PASSWORD = 'azuread_application_password.client';
const withPassword = (): PlanFixture =>
  entraStack().exists(PASSWORD, {
    values: { id: 'x', application_id: `/applications/${guid(32)}`, display_name: '2026', value: 'planted' },
    sensitive: { value: true },
    expressions: {},
  });

function output(plan: PlanFixture, expression: unknown, sensitive: boolean, actions = ['create']): string[] {
  plan.root.outputs.leak = { expression, ...(sensitive ? { sensitive } : {}) };
  plan.overrides.output_changes = { leak: { actions, before: null, after_unknown: true } };
  return told(reviewOf(plan));
}

describe('outputs', () => {
  const shows =
    'secret-copied [broadening, secret-in-state] output leak shows the password of APIMApplicationBatch in clear text, in every log and plan: anyone who reads it can act as the client';

  test('that show a password, as nonsensitive does', () => {
    expect(output(withPassword(), hcl(`${PASSWORD}.value`), false)).toEqual([shows]);
    expect(output(withPassword(), json(`\${nonsensitive(${PASSWORD}.value)}`, `${PASSWORD}.value`), false)).toEqual([
      shows,
    ]);
  });

  test('that hold it marked as sensitive', () => {
    expect(output(withPassword(), hcl(`${PASSWORD}.value`), true)).toEqual([
      'secret-copied [secret-in-state] output leak contains the password of APIMApplicationBatch: anyone who reads the outputs of the state can act as the client',
    ]);
  });

  test('of something else, or as before, are no news', () => {
    expect(output(withPassword(), hcl(`${PASSWORD}.key_id`), false)).toEqual([]);
    expect(output(withPassword(), hcl(`${PASSWORD}.value`), false, ['no-op'])).toEqual([]);
  });
});

describe('other places', () => {
  const APP = 'azurerm_linux_web_app.x';
  const written = `secret-copied [broadening] the password of APIMApplicationBatch is written into ${APP}: anyone who reads it there can act as the client`;

  test('that a password is written into', () => {
    const settings = { expressions: { app_settings: hcl(`${PASSWORD}.value`) } };
    const made = withPassword().creates(APP, {
      values: { name: 'x' },
      unknown: { id: true, app_settings: true },
      ...settings,
    });
    expect(told(reviewOf(made))).toEqual([written]);
    const changed = withPassword()
      .exists(APP, { values: { name: 'x', app_settings: {} }, ...settings })
      .updates(APP, { app_settings: { SECRET: 'planted' } });
    expect(told(reviewOf(changed))).toEqual([written]);
    const other = withPassword()
      .exists(APP, { values: { name: 'x', app_settings: { SECRET: 'planted' } }, ...settings })
      .updates(APP, { https_only: true });
    expect(told(reviewOf(other))).toEqual([]);
  });

  test('through a module', () => {
    const plan = withPassword();
    plan.module(['app']).resources.push({
      address: 'azurerm_container_app.x',
      mode: 'managed',
      type: 'azurerm_container_app',
      name: 'x',
      expressions: { secret: [{ value: hcl('var.secret') }] },
    });
    plan.root.module_calls.app!.expressions = { secret: hcl(`${PASSWORD}.value`) };
    plan.creates('module.app.azurerm_container_app.x', { values: { name: 'x' }, unknown: { id: true } });
    expect(told(reviewOf(plan))).toEqual([written.replace(APP, 'module.app.azurerm_container_app.x')]);
  });
});

describe('vaults', () => {
  const SECRET = 'azurerm_key_vault_secret';
  const secret = (values: Values, expressions: Values = {}) => ({
    values: { name: 'x', key_vault_id: '/vaults/one', ...values },
    sensitive: { value: true },
    expressions,
  });

  test('that a password is copied to', () => {
    const plan = withPassword().creates(`${SECRET}.copy`, {
      ...secret({ key_vault_id: '/vaults/two' }, { value_wo: hcl(`${PASSWORD}.value`) }),
      unknown: { id: true },
    });
    expect(told(reviewOf(plan))).toEqual([
      'credential-made [broadening] Key Vault secret x is made for APIMApplicationBatch: anyone who reads it can act as the client',
    ]);
  });

  test('that a secret of another vault is copied to', () => {
    const stored = () =>
      nativeStack().exists(`${SECRET}.partner`, secret({ name: 'contoso-partner', value: '', value_wo_version: 1 }));
    const copies = [
      stored().creates(`${SECRET}.copy`, {
        ...secret({ key_vault_id: '/vaults/two' }, { value: hcl(`${SECRET}.partner.value`) }),
        unknown: { id: true, value: true },
      }),
      nativeStack()
        .exists(`data.${SECRET}.partner`, secret({ name: 'contoso-partner' }))
        .creates(`${SECRET}.copy`, {
          ...secret({ key_vault_id: '/vaults/two' }, { value: hcl(`data.${SECRET}.partner.value`) }),
          unknown: { id: true, value: true },
        }),
    ];
    for (const plan of copies) {
      expect(told(reviewOf(plan))).toContain(
        'credential-made [broadening] Key Vault secret x is made for Contoso Partner: anyone who reads it can act as the client',
      );
    }
  });

  test('that a secret moves to', () => {
    const address = `${SECRET}.partner`;
    const plan = nativeStack()
      .exists(address, secret({ name: 'contoso-partner', value: '', value_wo_version: 1 }))
      .replaces(address, { key_vault_id: '/vaults/two' }, ['key_vault_id']);
    expect(told(reviewOf(plan))).toEqual([
      'credential-changed [broadening] Key Vault secret contoso-partner of Contoso Partner is stored in another place: anyone who reads it there can act as the client',
    ]);
  });

  test('whose writing makes a new secret', () => {
    const address = `${SECRET}.partner`;
    const plan = nativeStack()
      .exists(
        address,
        secret(
          { name: 'contoso-partner', value: '', value_wo_version: 1 },
          { value_wo: hcl('ephemeral.azapi_resource_action.partner.output.clientSecret') },
        ),
      )
      .updates(address, { value_wo_version: 2 });
    expect(told(reviewOf(plan))).toEqual([
      'credential-changed Key Vault secret contoso-partner of Contoso Partner is written again: this plan makes a new secret of the client, and the former one may stop working',
    ]);
    expect(reviewOf(plan).verdict.label).toBe('NEUTRAL');
  });
});

describe('secrets that are asked for', () => {
  const action = (type: string, id: string, name = 'listSecrets'): Values => ({
    type: `Microsoft.ApiManagement/${type}@2024-10-01-preview`,
    resource_id: `${SERVICE}/${id}`,
    action: name,
    response_export_values: ['*'],
  });

  test.each([
    [
      action('service/clientApplications', 'clientApplications/contoso-partner'),
      'each plan asks for the client secret of Contoso Partner, which makes a new one, and the plan and the state contain it in clear text',
    ],
    [
      action('service/subscriptions', 'subscriptions/master'),
      'each plan asks for the subscription key of master and the plan and the state contain it in clear text',
    ],
    [
      action('service/tenant', 'tenant/access'),
      'each plan asks for the secret of access and the plan and the state contain it in clear text',
    ],
    [
      action('service/gateways', 'gateways/edge', 'listKeys'),
      'each plan asks for the secret of edge and the plan and the state contain it in clear text',
    ],
  ])('by a data source: %j', (values, says) => {
    expect(told(reviewOf(nativeStack().reads('data.azapi_resource_action.x', values)))).toEqual([
      `secret-in-state [broadening, secret-in-state] ${says}: use an ephemeral azapi_resource_action`,
    ]);
  });

  test('by no other data source', () => {
    const values = action('service/products', 'products/gold', 'listUsage');
    expect(reviewOf(nativeStack().reads('data.azapi_resource_action.x', values)).credentials).toEqual([]);
  });
});

describe('passwords in the block of an application', () => {
  const block = (...keys: readonly string[]): Values => ({
    password: keys.map((key_id) => ({ key_id, display_name: key_id, value: 'planted' })),
  });
  const kinds = (before: Values, after: Values): string[] => {
    const plan = entraStack();
    const found = plan.find('azuread_application.client');
    found.change.before = { ...found.change.before, ...before };
    return reviewOf(plan.updates('azuread_application.client', after))
      .credentials.filter(({ rule }) => rule !== 'secret-in-state')
      .map(({ rule }) => rule);
  };

  test.each<[string, Values, Values, readonly string[]]>([
    ['made', block(), block('a'), ['credential-made']],
    ['removed', block('a', 'b'), block('b'), ['credential-removed']],
    ['replaced', block('a'), block('b'), ['credential-rotated']],
    ['kept', block('a'), { ...block('a'), notes: 'x' }, []],
  ])('%s', (_, before, after, rules) => {
    expect(kinds(before, after)).toEqual(rules);
  });
});
