import { PlanFixture } from './fixtures/plan';
import { client, entraStack, grant, nativeStack } from './fixtures/stacks';
import { reviewOf, told } from './support';

const blasts = (plans: Parameters<typeof reviewOf>[0]): string[] =>
  reviewOf(plans).blastRadius.map(({ message }) => message);

test('an instance that is replaced stops everything on it', () => {
  const plan = nativeStack().replaces('azurerm_api_management.apim', { location: 'westeurope' }, ['location']);
  expect(blasts(plan)).toEqual([
    'instance ref-apim is replaced, forced by location: on Gold and Starter Contoso Partner stops working',
  ]);
  expect(reviewOf(plan).blastRadius[0]).toMatchObject({
    target: 'instance',
    change: 'replaced',
    forcedBy: ['location'],
    clients: [{ name: 'Contoso Partner' }],
    products: [{ name: 'Gold' }, { name: 'Starter' }],
  });
});

test('an instance that is destroyed takes its products along, each is told once', () => {
  const plan = nativeStack();
  plan.changes.forEach(({ address }) => plan.deletes(address));
  const found = reviewOf(plan);
  expect(found.blastRadius.map(({ message }) => message)).toEqual([
    'instance ref-apim is destroyed, since it is no longer in the configuration: on Gold and Starter Contoso Partner stops working',
  ]);
  expect(found.access.map(({ change }) => change)).toEqual(['lost', 'lost']);
});

test('a product that is destroyed stops clients of every stack', () => {
  const consumer = new PlanFixture()
    .exists('azapi_resource.batch', { values: client('batch', 'Batch'), expressions: {} })
    .exists('azapi_resource.batch_gold', { values: grant('batch', 'gold'), expressions: {} });
  const platform = nativeStack()
    .deletes('azapi_resource.gold')
    .deletes('azapi_resource.partner_grants["gold"]')
    .deletes('azurerm_api_management_product_api.gold');
  const found = reviewOf({ platform, consumer });
  expect(told(found)).toEqual([
    'access-lost [breaking] Batch loses Gold: the product is destroyed',
    'access-lost [breaking] Contoso Partner loses Gold',
    'blast-radius [breaking] product Gold is destroyed, since it is no longer in the configuration: Batch and Contoso Partner stop working',
  ]);
});

test('a client application that is replaced', () => {
  const plan = nativeStack().replaces('azapi_resource.partner', { name: 'new' }, ['name']);
  expect(blasts(plan)).toEqual([
    'client application Contoso Partner is replaced, forced by name: it stops working on Gold and Starter',
  ]);
});

test('a registration of a product or of a client', () => {
  expect(blasts(entraStack().replaces('azuread_application.native', {}, ['template_id']))).toEqual([
    'registration APIMProductApplicationNative is replaced, forced by template_id: for Native APIMApplicationBatch stops working',
  ]);
  expect(blasts(entraStack().replaces('azuread_application.client', {}, ['template_id']))).toEqual([
    'registration APIMApplicationBatch is replaced, forced by template_id: it stops working on Native and Policy',
  ]);
  expect(blasts(entraStack().replaces('azuread_service_principal.client', {}, ['client_id']))).toEqual([
    'registration APIMApplicationBatch is replaced, forced by client_id: it stops working on Native and Policy',
  ]);
});

test('a registration that has nothing to do with products is left alone', () => {
  const plan = entraStack().exists('azuread_application.other', {
    values: { id: '/applications/x', display_name: 'Other' },
    expressions: {},
  });
  expect(blasts(plan.deletes('azuread_application.other'))).toEqual([]);
});

test('a product without known clients, for whatever reason', () => {
  const plan = nativeStack().exists('azapi_resource.silver', {
    values: {
      ...client('x', 'x'),
      type: 'Microsoft.ApiManagement/service/products@2024-10-01-preview',
      name: 'silver',
      id: '',
      body: { properties: { displayName: 'Silver' } },
    },
    expressions: {},
  });
  plan.replaces('azapi_resource.silver', {}, []);
  plan.find('azapi_resource.silver').action_reason = 'replace_because_tainted';
  expect(blasts(plan)).toEqual([
    'product Silver is replaced, since it is tainted: no client of it is known to the plans',
  ]);
});
