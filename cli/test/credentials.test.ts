import { hcl, json, type Values } from './fixtures/plan';
import { entraStack, guid, nativeStack } from './fixtures/stacks';
import { reviewOf, told } from './support';

const APPLICATION = `/applications/${guid(32)}`;
const PASSWORD = 'azuread_application_password.client';
const password = (values: Values = {}) => ({
  values: {
    id: 'x',
    application_id: APPLICATION,
    display_name: '2026',
    end_date: '2028-01-01T00:00:00Z',
    value: 'planted',
    ...values,
  },
  sensitive: { value: true },
  expressions: {},
});

test('a password that is made is in the state', () => {
  const found = reviewOf(entraStack().creates(PASSWORD, { ...password(), unknown: { id: true, value: true } }));
  expect(told(found)).toEqual([
    'credential-made [broadening] password 2026 is made for APIMApplicationBatch: anyone who has it can act as it',
    'secret-in-state [secret-in-state] the state contains the password of APIMApplicationBatch in clear text: prefer a federated credential or a certificate of Key Vault',
  ]);
  expect(found.verdict.counts.secretInState).toBe(1);
});

test('passwords that are rotated, removed, forgotten, imported, left over', () => {
  const plan = () => entraStack().exists(PASSWORD, password());
  expect(told(reviewOf(plan().replaces(PASSWORD, {}, ['rotate_when_changed'], { id: true, value: true })))).toEqual([
    'credential-rotated [breaking] password 2026 of APIMApplicationBatch is replaced: the former one stops working',
    'secret-in-state [secret-in-state] the state contains the password of APIMApplicationBatch in clear text: prefer a federated credential or a certificate of Key Vault',
  ]);
  expect(told(reviewOf(plan().deletes(PASSWORD)))).toEqual([
    'credential-removed [breaking] password 2026 of APIMApplicationBatch is removed: calls with it are refused',
  ]);
  expect(told(reviewOf(plan().forgets(PASSWORD)))).toEqual([
    'credential-kept password 2026 of APIMApplicationBatch stays valid: Terraform forgets it',
  ]);
  expect(told(reviewOf(plan().imports(PASSWORD)))[0]).toBe(
    'credential-imported password 2026 of APIMApplicationBatch exists already: Terraform imports it',
  );
  const left = plan().deletes(PASSWORD);
  left.find(PASSWORD).deposed = '12345678';
  expect(told(reviewOf(left))).toEqual([
    'credential-removed [breaking] password 2026 of APIMApplicationBatch is removed: calls with it are refused, it was left over from an earlier replacement',
  ]);
});

test('a rotation with an overlap breaks nothing: another password of the client stays as it is', () => {
  const plan = entraStack()
    .exists(PASSWORD, password())
    .exists(`${PASSWORD}_before`, password({ display_name: '2025' }))
    .replaces(PASSWORD, {}, ['rotate_when_changed'], { id: true, value: true });
  const found = reviewOf(plan);
  expect(told(found)).toEqual([
    'credential-rotated password 2026 of APIMApplicationBatch is replaced: another one stays valid meanwhile',
    'secret-in-state [secret-in-state] the state contains the password of APIMApplicationBatch in clear text: prefer a federated credential or a certificate of Key Vault',
  ]);
  expect(found.verdict.label).toBe('NEUTRAL');
});

test('a credential of a client that is made with it is no news', () => {
  const plan = entraStack();
  const client = plan.find('azuread_application.client');
  client.change = { ...client.change, actions: ['create'], before: null };
  const principal = plan.find('azuread_service_principal.client');
  principal.change = { ...principal.change, actions: ['create'], before: null };
  plan.creates(PASSWORD, {
    values: { display_name: '2026' },
    unknown: { id: true, value: true, application_id: true },
    expressions: { application_id: json('${azuread_application.client.id}', 'azuread_application.client.id') },
  });
  expect(told(reviewOf(plan))).toContain(
    'credential-made password 2026 is made for APIMApplicationBatch: anyone who has it can act as it',
  );
});

test('a federated credential that trusts somebody else', () => {
  const plan = entraStack().updates('azuread_application_federated_identity_credential.client', {
    subject: 'repo:contoso/other:ref:refs/heads/main',
  });
  expect(told(reviewOf(plan))).toEqual([
    'credential-changed [broadening, breaking] federated credential for repo:contoso/other:ref:refs/heads/main from https://token.actions.githubusercontent.com of APIMApplicationBatch is changed: somebody else can act as it, and those who could before no longer can; it was for repo:contoso/orders:environment:production from https://token.actions.githubusercontent.com',
  ]);
});

test('passwords in the block of an application', () => {
  expect(
    told(
      reviewOf(
        entraStack().updates('azuread_application.client', { password: [{ display_name: 'x', value: 'planted' }] }),
      ),
    ),
  ).toEqual([
    'credential-made [broadening] a password is made for APIMApplicationBatch: anyone who has it can act as it',
    'secret-in-state [secret-in-state] the state contains the password of APIMApplicationBatch in clear text: prefer a federated credential or a certificate of Key Vault',
  ]);
});

describe('credentials that expire', () => {
  const expiring = (end: string, days = 30) =>
    told(reviewOf(entraStack().exists(PASSWORD, password({ end_date: end })), { expiringWithinDays: days }));

  test.each([
    ['2026-12-23T23:59:59Z', ['credential-expiring password 2026 of APIMApplicationBatch expires on 2026-12-23']],
    ['2026-12-24T00:00:00Z', []],
    ['2026-11-22T00:00:00Z', ['credential-expiring password 2026 of APIMApplicationBatch expired on 2026-11-22']],
    ['0001-01-01T00:00:00Z', []],
  ])('on %s', (end, expected) => {
    expect(expiring(end)).toEqual(expected);
  });

  test('within another window', () => {
    expect(expiring('2027-01-31T00:00:00Z', 90)).toHaveLength(1);
    expect(expiring('2026-11-24T00:00:00Z', 0)).toEqual([]);
  });

  test('a certificate, but not one that goes', () => {
    const certificate = {
      values: { id: 'x', application_id: APPLICATION, end_date: '2026-12-01T00:00:00Z', value: 'public' },
      expressions: {},
    };
    const address = 'azuread_application_certificate.client';
    expect(told(reviewOf(entraStack().exists(address, certificate)))).toEqual([
      'credential-expiring certificate of APIMApplicationBatch expires on 2026-12-01',
    ]);
    expect(told(reviewOf(entraStack().exists(address, certificate).deletes(address)))).toEqual([
      'credential-removed [breaking] certificate of APIMApplicationBatch is removed: calls with it are refused',
    ]);
  });
});

describe('versions of one certificate of Key Vault', () => {
  const ISSUED = 'data.azurerm_key_vault_certificate.issued.certificate_data';
  const slot = (name: string): string => `azuread_application_certificate.${name}`;
  const version = (end: string, source = ISSUED) => ({
    values: { id: end, application_id: APPLICATION, end_date: end, value: 'public' },
    expressions: { value: json(`\${${source}}`, source) },
  });
  const plan = () =>
    entraStack()
      .exists('data.azurerm_key_vault_certificate.issued', { values: { name: 'batch' }, expressions: {} })
      .exists(slot('even'), version('2026-12-10T00:00:00Z'));

  test('the next one is no new way in, as long as the one before stays', () => {
    const found = reviewOf(
      plan().creates(slot('odd'), {
        ...version('2027-06-01T00:00:00Z'),
        unknown: { id: true, value: true, end_date: true },
      }),
    );
    expect(told(found)).toEqual([
      'credential-expiring certificate of APIMApplicationBatch expires on 2026-12-10, and a newer version of it stays valid',
      'credential-rotated certificate of APIMApplicationBatch is renewed: the former version stays valid meanwhile',
    ]);
    expect(found.verdict.label).toBe('NEUTRAL');
  });

  test('one of another certificate is', () => {
    const other = version('2027-06-01T00:00:00Z', 'data.azurerm_key_vault_certificate.other.certificate_data');
    const found = plan()
      .exists('data.azurerm_key_vault_certificate.other', { values: { name: 'other' }, expressions: {} })
      .creates(slot('odd'), other);
    expect(told(reviewOf(found))).toContain(
      'credential-made [broadening] certificate is made for APIMApplicationBatch: anyone who has it can act as it',
    );
  });

  test('one whose origin the plan does not tell is', () => {
    const found = plan().creates(slot('odd'), { ...version('2027-06-01T00:00:00Z'), expressions: {} });
    expect(told(reviewOf(found))).toContain(
      'credential-made [broadening] certificate is made for APIMApplicationBatch: anyone who has it can act as it',
    );
  });

  test('the last one expires like any other', () => {
    expect(told(reviewOf(plan().exists(slot('odd'), version('2026-12-01T00:00:00Z'))))).toEqual([
      'credential-expiring certificate of APIMApplicationBatch expires on 2026-12-01, and a newer version of it stays valid',
      'credential-expiring certificate of APIMApplicationBatch expires on 2026-12-10',
    ]);
  });
});

describe('Key Vault', () => {
  const SECRET = 'azurerm_key_vault_secret.partner';
  const secret = (values: Values, expressions: Values = {}) => ({
    values: { name: 'contoso-partner', value: '', value_wo: null, value_wo_version: 1, ...values },
    sensitive: { value: true },
    expressions,
  });

  test('a secret that is written without the state', () => {
    expect(told(reviewOf(nativeStack().creates(SECRET, { ...secret({}), unknown: { id: true } })))).toEqual([
      'credential-made [broadening] Key Vault secret contoso-partner is made for Contoso Partner: anyone who reads it can act as the client',
    ]);
    expect(told(reviewOf(nativeStack().exists(SECRET, secret({})).updates(SECRET, { value_wo_version: 2 })))).toEqual([
      'credential-changed Key Vault secret contoso-partner of Contoso Partner is written again',
    ]);
  });

  test('a secret of another name that is filled from a client', () => {
    const plan = nativeStack().creates('azurerm_key_vault_secret.other', {
      ...secret({ name: 'other' }, { value_wo: hcl('ephemeral.azapi_resource_action.partner.output.clientSecret') }),
      unknown: { id: true },
    });
    expect(told(reviewOf(plan))).toEqual([
      'credential-made [broadening] Key Vault secret other is made for the secret of a client, for which this plan makes a new secret: anyone who reads it can act as the client',
    ]);
  });

  test('a secret that the state would hold', () => {
    const plan = entraStack()
      .exists(PASSWORD, password())
      .creates('azurerm_key_vault_secret.batch', {
        ...secret({ name: 'x', value: 'planted' }, { value: hcl('azuread_application_password.client.value') }),
        unknown: { id: true, value: true },
      });
    expect(told(reviewOf(plan))).toContain(
      'secret-in-state [secret-in-state] the state contains the Key Vault secret of APIMApplicationBatch in clear text: write it with value_wo',
    );
  });

  test('a secret that goes leaves the credential valid', () => {
    expect(told(reviewOf(nativeStack().exists(SECRET, secret({})).deletes(SECRET)))).toEqual([
      'credential-unstored Key Vault secret contoso-partner of Contoso Partner is removed: the credential stays valid, but those who read it from there fail',
    ]);
  });

  test('a secret of which nobody knows whose it is', () => {
    expect(
      told(
        reviewOf(
          nativeStack().creates('azurerm_key_vault_secret.database', {
            ...secret({ name: 'database', value: 'planted' }),
            unknown: { id: true },
          }),
        ),
      ),
    ).toEqual([
      'not-judged [unjudged] azurerm_key_vault_secret.database is created (name, value and value_wo_version): it may store a client’s secret for other readers, or remove it from its readers',
    ]);
  });
});

test('a client secret that an action keeps', () => {
  const values = {
    type: 'Microsoft.ApiManagement/service/clientApplications@2024-10-01-preview',
    resource_id: 'x',
    action: 'listSecrets',
    response_export_values: ['*'],
  };
  const plan = nativeStack().creates('azapi_resource_action.secrets', {
    values,
    unknown: { output: true, resource_id: true },
    expressions: { resource_id: json('${azapi_resource.partner.id}', 'azapi_resource.partner.id') },
  });
  expect(told(reviewOf(plan))).toEqual([
    'secret-in-state [broadening, secret-in-state] the state contains the client secret of Contoso Partner in clear text: use an ephemeral azapi_resource_action',
  ]);
});

test('keys of subscriptions', () => {
  const address = 'azurerm_api_management_subscription.one';
  const values = { display_name: 'Team One', state: 'active', primary_key: 'planted' };
  expect(
    told(reviewOf(nativeStack().creates(address, { values, unknown: { primary_key: true }, expressions: {} }))),
  ).toEqual([
    'access-gained [broadening] Team One gains all APIs by subscription key',
    'credential-made subscription key Team One is made',
    'secret-in-state [secret-in-state] the state contains the subscription key in clear text: prefer application based access',
  ]);
  expect(
    told(reviewOf(nativeStack().exists(address, { values, expressions: {} }).updates(address, { state: 'suspended' }))),
  ).toEqual([
    'access-lost [breaking] Team One loses all APIs',
    'credential-changed subscription key Team One is no longer active',
  ]);
  expect(
    told(
      reviewOf(nativeStack().exists(address, { values, expressions: {} }).updates(address, { primary_key: 'other' })),
    ),
  ).toEqual(['credential-rotated [breaking] subscription key Team One is replaced: the former one stops working']);
});
