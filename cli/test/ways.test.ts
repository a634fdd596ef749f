import { hcl, PlanFixture, type Values } from './fixtures/plan';
import { APPLICATION_ADMINISTRATOR, entraStack, guid, nativeStack, SERVICE } from './fixtures/stacks';
import { reviewOf } from './support';

const GROUP = SERVICE.split('/providers/')[0] ?? '';
const VAULT = `${GROUP}/providers/Microsoft.KeyVault/vaults/kv`;

/** `who change product: edges`, of all ways. */
const waysIn = (plan: PlanFixture): string[] =>
  reviewOf(plan).waysIn.map(
    ({ who, product, change, steps }) =>
      `${who.name} ${change} ${product.name}: ${steps.map(({ edge, to }) => `${edge} ${to.name}`).join(', ')}`,
  );

const told = (plan: PlanFixture): string[] => reviewOf(plan).ways.map(({ message }) => message);

test('an owner acts as the client', () => {
  const plan = entraStack().updates('azuread_application.client', { owners: [guid(77)] });
  const found = reviewOf(plan);
  expect(found.ways).toMatchObject([
    {
      rule: 'way-made',
      kinds: ['broadening'],
      change: 'made',
      who: { name: guid(77) },
      products: [{ name: 'Native' }, { name: 'Policy' }],
      edges: ['AZOwns'],
      address: 'azuread_application.client',
      message: `${guid(77)} gets a way to Native and Policy: it owns APIMApplicationBatch (AZOwns)`,
    },
  ]);
  expect(waysIn(plan)).toEqual([
    `${guid(77)} made Native: AZOwns APIMApplicationBatch, AZAppRoleAssignment Native`,
    `${guid(77)} made Policy: AZOwns APIMApplicationBatch, AZAppRoleAssignment Policy`,
    'repo:contoso/orders:environment:production unchanged Native: AZAuthenticatesTo APIMApplicationBatch, AZAppRoleAssignment Native',
    'repo:contoso/orders:environment:production unchanged Policy: AZAuthenticatesTo APIMApplicationBatch, AZAppRoleAssignment Policy',
  ]);
});

test('another subject takes the way of the former one', () => {
  const plan = entraStack().updates('azuread_application_federated_identity_credential.client', {
    subject: 'repo:evil/x:pull_request',
  });
  expect(told(plan)).toEqual([
    'repo:evil/x:pull_request gets a way to Native and Policy: it signs in as APIMApplicationBatch (AZAuthenticatesTo)',
    'repo:contoso/orders:environment:production loses a way to Native and Policy: it signed in as APIMApplicationBatch (AZAuthenticatesTo)',
  ]);
});

test('several steps: an owner of a group whose members own a client', () => {
  const group = (values: Values): Values => ({
    id: `/groups/${guid(80)}`,
    object_id: guid(80),
    display_name: 'ops',
    members: [],
    owners: [],
    ...values,
  });
  const plan = entraStack()
    .exists('azuread_group.ops', { values: group({}), expressions: {} })
    .exists('azuread_application_owner.ops', {
      values: { application_id: `/applications/${guid(32)}`, owner_object_id: guid(80) },
      expressions: {},
    })
    .updates('azuread_group.ops', { owners: [guid(77)] });
  expect(told(plan)).toEqual([
    `${guid(77)} gets a way to Native and Policy: it owns ops (AZOwns), which owns APIMApplicationBatch (AZOwns)`,
  ]);
  expect(reviewOf(plan).waysIn.map(({ steps }) => steps.length)).toEqual([2, 2, 2, 2, 3, 3]);
});

test('a vault that holds the secret of a client', () => {
  const plan = nativeStack()
    .exists('azurerm_key_vault.vault', { values: { id: VAULT, name: 'kv' }, expressions: {} })
    .exists('azurerm_key_vault_secret.partner', {
      values: { name: 'contoso-partner', key_vault_id: VAULT },
      expressions: {},
    })
    .creates('azurerm_role_assignment.reader', {
      values: { role_definition_name: 'Key Vault Secrets User', scope: VAULT, principal_id: guid(77) },
      expressions: {},
    });
  expect(told(plan)).toEqual([
    `${guid(77)} gets a way to Gold and Starter: it reads secrets of kv (AZGetSecrets), which holds a secret of Contoso Partner`,
  ]);
});

test('anyone who administers all applications, and the state that holds a password', () => {
  const administrator = entraStack().creates('azuread_directory_role_assignment.x', {
    values: { role_id: APPLICATION_ADMINISTRATOR, principal_object_id: guid(77) },
    expressions: {},
  });
  expect(told(administrator)).toEqual([
    `${guid(77)} gets a way to Native and Policy: it administers every application (AZAppAdmin), among them APIMApplicationBatch`,
  ]);
  const password = entraStack().creates('azuread_application_password.x', {
    values: { application_id: `/applications/${guid(32)}`, display_name: 'x' },
    unknown: { id: true, value: true },
    expressions: {},
  });
  expect(told(password)).toEqual([
    'anyone who reads the state of main gets a way to Native and Policy: it finds there a secret of APIMApplicationBatch (TFReadState)',
  ]);
});

test('anyone who manages the instance, and a machine that runs as a client', () => {
  const contributor = nativeStack().creates('azurerm_role_assignment.x', {
    values: { role_definition_name: 'Contributor', scope: GROUP, principal_id: guid(77) },
    expressions: {},
  });
  expect(told(contributor)).toEqual([
    `${guid(77)} gets a way to Gold and Starter: it manages ref-apim (AZContributor)`,
  ]);
  const IDENTITY = `${GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-worker`;
  const machine = entraStack()
    .exists('azurerm_user_assigned_identity.worker', {
      values: { id: IDENTITY, name: 'id-worker', principal_id: guid(50), client_id: guid(51) },
      expressions: {},
    })
    .exists('azuread_app_role_assignment.worker', {
      values: { principal_object_id: guid(50), resource_object_id: guid(41), app_role_id: guid(42) },
      expressions: {},
    })
    .exists('azurerm_linux_virtual_machine.x', { values: { name: 'vm-x', identity: [] }, expressions: {} })
    .updates('azurerm_linux_virtual_machine.x', { identity: [{ type: 'UserAssigned', identity_ids: [IDENTITY] }] });
  expect(told(machine)).toEqual(['vm-x gets a way to Policy: it runs as id-worker (AZManagedIdentity)']);
});

test('a grant to a client opens the ways of those who can act as it', () => {
  const plan = entraStack();
  const grant = plan.find('azuread_app_role_assignment.grants["native"]');
  grant.change = { ...grant.change, actions: ['create'], before: null };
  expect(told(plan)).toEqual([
    'repo:contoso/orders:environment:production gets a way to Native: it signs in as APIMApplicationBatch (AZAuthenticatesTo)',
  ]);
});

test('the same step to several clients is told once', () => {
  const plan = nativeStack();
  ['one', 'two', 'three'].forEach((client, index) => {
    plan.exists(`azapi_resource.${client}`, {
      values: {
        type: 'Microsoft.ApiManagement/service/clientApplications@2024-10-01-preview',
        id: `${SERVICE}/clientApplications/${client}`,
        name: client,
        parent_id: SERVICE,
        body: { properties: { displayName: client, ownerId: `${SERVICE}/users/mallory` } },
      },
      expressions: {},
    });
    plan.creates(`azapi_resource.grant_${index}`, {
      values: {
        type: 'Microsoft.ApiManagement/service/clientApplications/productLinks@2024-10-01-preview',
        name: 'gold',
        parent_id: `${SERVICE}/clientApplications/${client}`,
        body: { properties: { productId: `${SERVICE}/products/gold` } },
      },
      expressions: {},
    });
  });
  expect(told(plan)).toEqual(['mallory gets a way to Gold: it owns one, three and two (AZOwns)']);
});

test('ways that close break nothing by themselves', () => {
  const plan = entraStack().exists('azuread_application_owner.x', {
    values: { application_id: `/applications/${guid(32)}`, owner_object_id: guid(77) },
    expressions: {},
  });
  const { ways } = reviewOf(plan.deletes('azuread_application_owner.x'));
  expect(ways).toMatchObject([{ rule: 'way-closed', change: 'closed', kinds: [], severity: 'info' }]);
});

test('anyone who has the product needs no way to it, and a product that is made is no news', () => {
  const owned = entraStack().updates('azuread_application.policy', { owners: [guid(42)] });
  expect(told(owned)).toEqual([]);
  const made = nativeStack()
    .exists('azurerm_role_assignment.x', {
      values: { role_definition_name: 'Contributor', scope: GROUP, principal_id: guid(77) },
      expressions: {},
    })
    .creates('azurerm_api_management_product.new', {
      values: { api_management_name: 'ref-apim', product_id: 'new', display_name: 'New', subscription_required: true },
      expressions: {},
    });
  expect(told(made)).toEqual([]);
  expect(waysIn(made)).toContain(`${guid(77)} made New: AZContributor ref-apim, APIMServes New`);
});

test('one that follows itself is none', () => {
  const plan = entraStack()
    .exists('azuread_service_principal.other', {
      values: {
        id: `/servicePrincipals/${guid(60)}`,
        object_id: guid(60),
        client_id: guid(61),
        display_name: 'Other',
        owners: [guid(62)],
      },
      expressions: { owners: hcl('local.owners') },
    })
    .exists('azuread_service_principal.ring', {
      values: {
        id: `/servicePrincipals/${guid(62)}`,
        object_id: guid(62),
        client_id: guid(63),
        display_name: 'Ring',
        owners: [guid(60)],
      },
      expressions: { owners: hcl('local.owners') },
    })
    .updates('azuread_application.client', { owners: [guid(60)] });
  expect(told(plan)).toEqual([
    'Other gets a way to Native and Policy: it owns APIMApplicationBatch (AZOwns)',
    'Ring gets a way to Native and Policy: it owns Other (AZOwns), which owns APIMApplicationBatch (AZOwns)',
  ]);
});

test('copies of a stack that read the registration of their own product have no ways into each other', () => {
  const stack = (): PlanFixture =>
    nativeStack().reads('data.azuread_application.gold', {
      client_id: guid(104),
      object_id: guid(105),
      id: `/applications/${guid(105)}`,
      display_name: 'APIMProductApplicationGold',
    });
  const ofOne = reviewOf(stack()).waysIn.length;
  const ofThree = reviewOf({ dev: stack(), test: stack(), prod: stack() }).waysIn;
  expect(ofOne).toBeGreaterThan(0);
  expect(ofThree).toHaveLength(3 * ofOne);
  expect(new Set(ofThree.flatMap(({ steps }) => steps.map(({ stack: name }) => name)))).toEqual(
    new Set(['dev', 'test', 'prod']),
  );
});
