// Writes a plan of many access resources, in the shape that `terraform show -json` gives:
//   node bench/generate-plan.mjs FILE [RESOURCES]
// Of 100 resources 10 are products, 10 APIs in products, 15 client applications, 60 grants in
// for_each, 5 passwords. A tenth of the grants is new, a tenth goes, the rest stays.
import { closeSync, openSync, writeSync } from 'node:fs';

const INSTANCE =
  '/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/rg-bench/providers/Microsoft.ApiManagement/service/bench-apim';

export function generatePlan(file, resources = 10_000) {
  const products = Array.from({ length: Math.round(resources / 10) }, (_, index) => `product-${index}`);
  const clients = Array.from({ length: Math.round(resources * 0.15) }, (_, index) => `client-${index}`);
  const changes = [...productChanges(products), ...apiChanges(products), ...clientChanges(clients)];
  const grants = grantChanges(clients, products, Math.round(resources * 0.6));
  const passwords = passwordChanges(Math.round(resources * 0.05));
  writePlan(file, [...changes, ...grants, ...passwords], configuration(products, clients, grants));
}

function productChanges(products) {
  return products.map((name) => change(`azapi_resource.${name.replace('-', '_')}`, 'no-op', product(name)));
}

function apiChanges(products) {
  return products.map((name) =>
    change(`azurerm_api_management_product_api.${name.replace('-', '_')}`, 'no-op', {
      api_management_name: 'bench-apim',
      api_name: 'echo-api',
      id: `${INSTANCE}/products/${name}/apis/echo-api`,
      product_id: name,
      resource_group_name: 'rg-bench',
      timeouts: null,
    }),
  );
}

function clientChanges(clients) {
  return clients.map((name, index) => change(`azapi_resource.${name.replace('-', '_')}`, 'no-op', client(name, index)));
}

function grantChanges(clients, products, count) {
  return Array.from({ length: count }, (_, index) => {
    const owner = clients[index % clients.length];
    const key = products[(index * 7 + Math.floor(index / clients.length)) % products.length];
    const action = index % 10 === 0 ? 'create' : index % 10 === 5 ? 'delete' : 'no-op';
    return {
      ...change(
        `azapi_resource.${owner.replace('-', '_')}_grants["${key}"]`,
        action,
        grant(owner, key, action === 'create'),
      ),
      index: key,
      owner,
      key,
    };
  });
}

function passwordChanges(count) {
  return Array.from({ length: count }, (_, index) =>
    change(`azuread_application_password.password_${index}`, 'no-op', {
      application_id: `/applications/${guid('a', index)}`,
      display_name: 'bench',
      end_date: '2030-01-01T00:00:00Z',
      id: `${guid('a', index)}/password/${guid('b', index)}`,
      key_id: guid('b', index),
      value: 'not-a-secret',
    }),
  );
}

function product(name) {
  return azapi('products', name, INSTANCE, `${INSTANCE}/products/${name}`, {
    displayName: name,
    description: 'A product of the benchmark',
    state: 'published',
    subscriptionRequired: false,
    authenticationType: ['application-token'],
  });
}

function client(name, index) {
  return {
    ...azapi('clientApplications', name, INSTANCE, `${INSTANCE}/clientApplications/${name}`, {
      displayName: name,
      description: 'A client of the benchmark',
      ownerId: `${INSTANCE}/users/owner`,
    }),
    output: { clientId: guid('c', index), state: 'active' },
  };
}

function grant(owner, key, isNew) {
  const parent = `${INSTANCE}/clientApplications/${owner}`;
  const values = azapi('clientApplications/productLinks', key, parent, `${parent}/productLinks/${key}`, {
    productId: `${INSTANCE}/products/${key}`,
  });
  return isNew ? { ...values, id: undefined, body: { properties: {} } } : values;
}

function azapi(type, name, parent, id, properties) {
  return {
    body: { properties },
    create_headers: null,
    create_query_parameters: null,
    delete_headers: null,
    delete_query_parameters: { deleteSubscriptions: ['true'] },
    id,
    identity: [],
    ignore_body_changes: null,
    ignore_casing: false,
    ignore_missing_property: true,
    ignore_null_property: false,
    list_unique_id_property: null,
    location: null,
    locks: null,
    name,
    output: {},
    parent_id: parent,
    read_headers: null,
    read_query_parameters: null,
    replace_triggers_external_values: null,
    replace_triggers_refs: null,
    response_export_values: { applicationId: 'properties.application.entra.applicationId' },
    retry: { error_message_regex: ['Insufficient privileges'], interval_seconds: 10, max_interval_seconds: 60 },
    schema_validation_enabled: true,
    sensitive_body: null,
    tags: null,
    timeouts: null,
    type: `Microsoft.ApiManagement/service/${type}@2024-10-01-preview`,
    update_headers: null,
    update_query_parameters: null,
  };
}

function change(address, action, values) {
  const [type, name] = address.replace(/\[.*$/, '').split('.');
  const isNew = action === 'create' && address.includes('_grants');
  return {
    address,
    mode: 'managed',
    type,
    name,
    provider_name: type.startsWith('azapi')
      ? 'registry.terraform.io/azure/azapi'
      : 'registry.terraform.io/hashicorp/azuread',
    change: {
      actions: [action],
      before: action === 'create' ? null : values,
      after: action === 'delete' ? null : values,
      after_unknown: isNew ? { id: true, output: true, body: { properties: { productId: true } } } : {},
      before_sensitive: {},
      after_sensitive: { body: { properties: {} } },
    },
  };
}

function configuration(products, clients, grants) {
  const byOwner = Map.groupBy ? Map.groupBy(grants, ({ owner }) => owner) : groupByOwner(grants);
  const reference = (name) => `azapi_resource.${name.replace('-', '_')}`;
  const expressions = (name) => ({
    name: { constant_value: name },
    parent_id: { constant_value: INSTANCE },
    type: { constant_value: 'Microsoft.ApiManagement/service/products@2024-10-01-preview' },
  });
  return [
    ...[...products, ...clients].map((name) => ({
      address: reference(name),
      mode: 'managed',
      type: 'azapi_resource',
      name: name.replace('-', '_'),
      expressions: expressions(name),
    })),
    ...[...byOwner].map(([owner, own]) => ({
      address: `${reference(owner)}_grants`,
      mode: 'managed',
      type: 'azapi_resource',
      name: `${owner.replace('-', '_')}_grants`,
      expressions: {
        body: { constant_value: { properties: { productId: '${each.value}' } }, references: ['each.value'] },
        parent_id: {
          constant_value: `\${${reference(owner)}.id}`,
          references: [`${reference(owner)}.id`, reference(owner)],
        },
      },
      for_each_expression: {
        constant_value: Object.fromEntries(own.map(({ key }) => [key, `\${${reference(key)}.id}`])),
        references: own.flatMap(({ key }) => [`${reference(key)}.id`, reference(key)]),
      },
    })),
  ];
}

function groupByOwner(grants) {
  const groups = new Map();
  for (const grant of grants) {
    groups.set(grant.owner, [...(groups.get(grant.owner) ?? []), grant]);
  }
  return groups;
}

function guid(letter, index) {
  return `${letter.repeat(8)}-0000-4000-8000-${String(index).padStart(12, '0')}`;
}

/** Piece by piece: the text is larger than it would be wise to hold. */
function writePlan(file, changes, resources) {
  const out = openSync(file, 'w');
  const list = (items) =>
    items.forEach((item, index) => writeSync(out, `${index === 0 ? '' : ','}${JSON.stringify(item)}`));
  const state = (side) =>
    changes
      .filter(({ change: { [side]: values } }) => values !== null)
      .map(({ change: { [side]: values }, ...rest }) => ({ ...rest, schema_version: 2, values, sensitive_values: {} }));
  writeSync(out, '{"format_version":"1.2","terraform_version":"1.11.4","planned_values":{"root_module":{"resources":[');
  list(state('after'));
  writeSync(out, ']}},"resource_changes":[');
  list(changes);
  writeSync(out, '],"prior_state":{"format_version":"1.0","values":{"root_module":{"resources":[');
  list(state('before'));
  writeSync(out, ']}}},"configuration":{"root_module":{"resources":[');
  list(resources);
  writeSync(out, ']}},"timestamp":"2026-11-23T05:56:59Z","applyable":true,"complete":true,"errored":false}');
  closeSync(out);
}

if (process.argv[1]?.endsWith('generate-plan.mjs')) {
  const [file = 'plan.json', resources = '10000'] = process.argv.slice(2);
  generatePlan(file, Number(resources));
}
