import { BATCH, BATCH_RENEWED, MALLORY } from './fixtures/certificates';
import { hcl, PlanFixture, type Values } from './fixtures/plan';
import { entraStack, guid, nativeStack, SERVICE } from './fixtures/stacks';
import { reviewOf, told } from './support';

const FIC = 'azuread_application_federated_identity_credential.client';
const OTHER = 'azuread_application_federated_identity_credential.other';
const ISSUER = 'https://token.actions.githubusercontent.com';
const PRODUCTION = 'repo:contoso/orders:environment:production';

const federated = (subject: string, more: Values = {}) => ({
  values: {
    id: subject,
    application_id: `/applications/${guid(32)}`,
    issuer: ISSUER,
    subject,
    audiences: ['api://AzureADTokenExchange'],
    display_name: 'x',
    ...more,
  },
  expressions: {},
});

/** The kinds of all that is told, such as `broadening`. */
const kindsOf = (plan: PlanFixture): string[] => [...new Set(reviewOf(plan).credentials.flatMap(({ kinds }) => kinds))];

describe('a federated credential', () => {
  test.each<[string, Values, readonly string[]]>([
    ['another subject', { subject: 'repo:contoso/orders:pull_request' }, ['broadening', 'breaking']],
    ['another issuer', { issuer: 'https://evil.example' }, ['broadening', 'breaking']],
    ['another audience', { audiences: ['api://other'] }, ['broadening', 'breaking']],
    [
      'an expression',
      { subject: null, claims_matching_expression: "claims['sub'] matches '*'" },
      ['broadening', 'breaking'],
    ],
    ['another name', { display_name: 'other', description: 'y' }, []],
  ])('that gets %s in place', (_, values, kinds) => {
    expect(kindsOf(entraStack().updates(FIC, values))).toEqual(kinds);
  });

  test('that is replaced by one for another subject is a way in, even where others stay', () => {
    const plan = entraStack()
      .exists(OTHER, federated('repo:contoso/returns:environment:production'))
      .replaces(FIC, { display_name: 'new', subject: 'repo:evil/x:pull_request' }, ['display_name']);
    expect(told(reviewOf(plan))).toEqual([
      `credential-changed [broadening, breaking] federated credential for repo:evil/x:pull_request from ${ISSUER} of APIMApplicationBatch is changed: somebody else can act as it, and those who could before no longer can; it was for ${PRODUCTION} from ${ISSUER}`,
    ]);
  });

  test('that is replaced by one for the same is an interruption at most', () => {
    expect(told(reviewOf(entraStack().replaces(FIC, { display_name: 'new' }, ['display_name'])))).toEqual([
      `credential-rotated [breaking] federated credential for ${PRODUCTION} from ${ISSUER} of APIMApplicationBatch is replaced by one that trusts the same: calls with it are refused in between`,
    ]);
  });

  test('that another one trusts as well neither lets in nor cuts off', () => {
    const twin = () => entraStack().exists(OTHER, federated(PRODUCTION));
    expect(kindsOf(twin().deletes(OTHER))).toEqual([]);
    expect(kindsOf(entraStack().creates(OTHER, federated(PRODUCTION)))).toEqual([]);
    expect(kindsOf(twin().updates(OTHER, { subject: 'repo:evil/x:pull_request' }))).toEqual(['broadening']);
  });

  test('whose subject is unknown trusts anyone', () => {
    const plan = entraStack().updates(FIC, {}, { subject: true });
    delete plan.find(FIC).change.after?.subject;
    expect(kindsOf(plan)).toEqual(['broadening', 'breaking']);
  });

  test('that moves to another application', () => {
    const plan = entraStack().replaces(FIC, { application_id: `/applications/${guid(31)}` }, ['application_id']);
    expect(told(reviewOf(plan))).toEqual([
      `credential-changed [broadening, breaking] federated credential for ${PRODUCTION} from ${ISSUER} of APIMProductApplicationPolicy belonged to APIMApplicationBatch: those it trusts can act as the new owner and no longer as the former`,
    ]);
  });
});

describe('a federated credential of an identity', () => {
  const IDENTITY = `${SERVICE.split('/providers/')[0] ?? ''}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-worker`;
  const stack = () =>
    entraStack()
      .exists('azurerm_user_assigned_identity.worker', {
        values: { id: IDENTITY, name: 'id-worker', principal_id: guid(50), client_id: guid(51) },
        expressions: {},
      })
      .exists('azuread_app_role_assignment.worker', {
        values: { principal_object_id: guid(50), resource_object_id: guid(41), app_role_id: guid(42) },
        expressions: {},
      });

  test.each([
    [
      'azurerm_federated_identity_credential.x',
      {
        parent_id: IDENTITY,
        issuer: ISSUER,
        subject: 'repo:evil/x:pull_request',
        audience: ['api://AzureADTokenExchange'],
      },
    ],
    [
      'azurerm_federated_identity_credential.x',
      { user_assigned_identity_id: IDENTITY, issuer: ISSUER, subject: 'repo:evil/x:pull_request' },
    ],
    [
      'azapi_resource.x',
      {
        type: 'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials@2023-01-31',
        parent_id: IDENTITY,
        body: {
          properties: {
            issuer: ISSUER,
            subject: 'repo:evil/x:pull_request',
            audiences: ['api://AzureADTokenExchange'],
          },
        },
      },
    ],
  ])('%s', (address, values) => {
    expect(told(reviewOf(stack().creates(address, { values, expressions: {} })))).toEqual([
      `credential-made [broadening] federated credential for repo:evil/x:pull_request from ${ISSUER} is made for id-worker: anyone who has it can act as it`,
    ]);
    const arm = address.startsWith('azapi_');
    const there = stack().exists(address, { values, expressions: {} });
    const subject = 'repo:evil/y:pull_request';
    expect(kindsOf(there.updates(address, arm ? { body: { properties: { subject } } } : { subject }))).toEqual([
      'broadening',
      'breaking',
    ]);
  });

  test('that the plan makes as well', () => {
    const plan = entraStack()
      .creates('azurerm_user_assigned_identity.worker', {
        values: { name: 'id-worker' },
        unknown: { id: true, principal_id: true, client_id: true },
        expressions: {},
      })
      .creates('azurerm_federated_identity_credential.x', {
        values: { issuer: ISSUER, subject: 'repo:contoso/x:pull_request' },
        unknown: { id: true, parent_id: true },
        expressions: { parent_id: hcl('azurerm_user_assigned_identity.worker.id') },
      });
    expect(told(reviewOf(plan))).toEqual([
      `credential-made federated credential for repo:contoso/x:pull_request from ${ISSUER} is made for id-worker: anyone who has it can act as it`,
    ]);
  });
});

describe('a credential that moves to another application', () => {
  test.each(['azuread_application_password', 'azuread_application_certificate'])('%s', (type) => {
    const values = { id: 'x', application_id: `/applications/${guid(32)}`, value: 'planted' };
    const plan = entraStack()
      .exists(`${type}.x`, { values, sensitive: { value: true }, expressions: {} })
      .replaces(`${type}.x`, { application_id: `/applications/${guid(31)}` }, ['application_id'], {
        id: true,
        value: true,
      });
    const kind = type.split('_').at(-1) ?? '';
    expect(told(reviewOf(plan)).filter((line) => !line.startsWith('secret'))).toEqual([
      `credential-made [broadening] ${kind} is made for APIMProductApplicationPolicy: anyone who has it can act as it`,
      `credential-removed [breaking] ${kind} is no longer one of APIMApplicationBatch but of APIMProductApplicationPolicy: calls with it for the former are refused`,
    ]);
  });
});

describe('a credential of a client that is destroyed', () => {
  const plan = () => {
    const found = entraStack().exists('azuread_application_password.x', {
      values: { id: 'x', application_id: `/applications/${guid(32)}`, value: 'planted' },
      sensitive: { value: true },
      expressions: {},
    });
    return found.deletes('azuread_application.client').deletes('azuread_service_principal.client');
  };

  test('does not stay valid', () => {
    expect(told(reviewOf(plan().forgets('azuread_application_password.x'))).join('\n')).toContain(
      'Terraform forgets password of APIMApplicationBatch, and APIMApplicationBatch itself is destroyed',
    );
    const removed = told(reviewOf(plan().deletes('azuread_application_password.x'))).join('\n');
    expect(removed).toContain('password of APIMApplicationBatch is removed together with APIMApplicationBatch');
  });

  test('nor does one that a vault stores', () => {
    const stored = nativeStack()
      .exists('azurerm_key_vault_secret.partner', { values: { name: 'contoso-partner' }, expressions: {} })
      .deletes('azurerm_key_vault_secret.partner')
      .deletes('azapi_resource.partner');
    const found = told(reviewOf(stored)).join('\n');
    expect(found).toContain('is removed together with Contoso Partner');
    expect(found).not.toContain('stays valid');
  });
});

describe('certificates', () => {
  const CERTIFICATE = 'azuread_application_certificate.x';
  const plan = (value: string) =>
    entraStack()
      .exists(CERTIFICATE, {
        values: { id: 'x', application_id: `/applications/${guid(32)}`, value: BATCH },
        sensitive: { value: true },
        expressions: {},
      })
      .replaces(CERTIFICATE, { value }, ['value']);

  test('of another subject let in somebody else', () => {
    expect(told(reviewOf(plan(MALLORY)))).toEqual([
      'credential-changed [broadening, breaking] certificate of APIMApplicationBatch is replaced by one of another subject, issuer or vault: somebody else can act as it, and those who could before no longer can',
    ]);
    expect(kindsOf(plan('not a certificate'))).toEqual(['broadening', 'breaking']);
  });

  test('of the same subject are renewed', () => {
    expect(told(reviewOf(plan(BATCH_RENEWED)))).toEqual([
      'credential-rotated [breaking] certificate of APIMApplicationBatch is replaced: the former one stops working',
    ]);
  });

  test('of a vault that get another issuer', () => {
    const VAULT = 'azurerm_key_vault_certificate.batch';
    const policy = (issuer: string): Values => ({
      certificate_policy: [
        { issuer_parameters: [{ name: issuer }], x509_certificate_properties: [{ subject: 'CN=batch' }] },
      ],
    });
    const stored = () =>
      entraStack()
        .exists(VAULT, { values: { name: 'batch', ...policy('Self') }, expressions: {} })
        .exists(CERTIFICATE, {
          values: { id: 'x', application_id: `/applications/${guid(32)}`, value: BATCH },
          expressions: { value: hcl(`${VAULT}.certificate_data_base64`) },
        });
    expect(kindsOf(stored().updates(VAULT, policy('evil-ca')))).toEqual(['broadening']);
    expect(kindsOf(stored().updates(VAULT, { tags: { a: 'b' } }))).toEqual([]);
  });
});
