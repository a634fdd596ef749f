import { API_MANAGEMENT } from '../src/kinds/api-management';
import { AZURE } from '../src/kinds/azure';
import { ENTRA } from '../src/kinds/entra';
import { PRODUCTS } from '../src/kinds/products';
import { allFindings } from '../src/sections';
import { kindOf, type Kind } from '../src/plan/kinds';
import { readPlan } from '../src/plan/plan';
import type { AttributeRule, KindRow } from '../src/kinds/row';
import type { Review } from '../src/model';
import { SAMPLES, VAULT, type Sample } from './fixtures/objects';
import type { PlanFixture, Values } from './fixtures/plan';
import { client, entraStack, GRAPH, guid, ORDERS_API } from './fixtures/stacks';
import { reviewOf } from './support';

const MARKER = 'hunter2-PLANTED';

/** What the samples are about, and what they refer to. */
function landscape(): PlanFixture {
  return entraStack()
    .exists('azapi_resource.new', { values: client('new-client', 'New'), expressions: {} })
    .exists('azurerm_key_vault.kv', { values: { id: VAULT, name: 'kv', access_policy: [] }, expressions: {} })
    .exists('azurerm_api_management_api.orders', { values: ORDERS_API, expressions: {} })
    .exists('azuread_directory_role.known', {
      values: { object_id: guid(77), template_id: guid(7), display_name: 'Cloud Application Administrator' },
      expressions: {},
    })
    .exists('azuread_custom_directory_role.own', {
      values: {
        object_id: guid(78),
        display_name: 'Own',
        permissions: [{ allowed_resource_actions: ['microsoft.directory/applications/credentials/update'] }],
      },
      expressions: {},
    })
    .reads('data.azuread_service_principal.graph', {
      client_id: GRAPH,
      object_id: guid(60),
      display_name: 'Microsoft Graph',
    });
}

type Path = readonly string[];

/** The attributes of a sample, those of the body one by one. */
function pathsOf(values: Values, within: Path = []): readonly Path[] {
  return Object.entries(values).flatMap(([name, value]) => {
    const path = [...within, name];
    const nested = ['body', 'body.properties'].includes(path.join('.'));
    return name === 'id' || name === 'output' || name === 'type'
      ? []
      : nested
        ? pathsOf(value as Values, path)
        : [path];
  });
}

function at(values: Values, path: Path): unknown {
  return path.reduce<unknown>((found, name) => (found as Values | undefined)?.[name], values);
}

function withValue(values: Values, [first = '', ...rest]: Path, value: unknown): Values {
  return { ...values, [first]: rest.length === 0 ? value : withValue((values[first] ?? {}) as Values, rest, value) };
}

/** Another value of the same shape. */
function otherThan(value: unknown): unknown {
  if (typeof value === 'boolean') {
    return !value;
  }
  if (typeof value === 'number') {
    return value + 1;
  }
  if (typeof value === 'string') {
    return value.replaceAll(/[0-9a-z](?=[^0-9a-z]*$)/g, (last) => (last === '7' ? '8' : '7'));
  }
  return Array.isArray(value)
    ? value.length === 0
      ? ['other']
      : value.map(otherThan)
    : Object.fromEntries(Object.entries(value as Values).map(([name, inner]) => [name, otherThan(inner)]));
}

/** Where an object is and what it is called, which the blocks of each provider say in their own way; what no plan shows. */
const ANYWHERE = [
  'email',
  'value_wo',
  'body.properties.type',
  '',
  'body',
  'type',
  'name',
  'parent_id',
  'resource_id',
  'product_id',
  'api_management_name',
  'api_management_id',
  'resource_group_name',
  'location',
];

type Edit = (plan: PlanFixture, address: string, values: Values) => unknown;

function reviewed([type, values]: Sample, edit: Edit, given: Values = values): Review {
  const plan = landscape();
  edit(plan, `${type}.sample`, given);
  return reviewOf(plan);
}

const all = (values: Values): Values => Object.fromEntries(Object.keys(values).map((name) => [name, {}]));
const made: (unknown?: Values) => Edit =
  (unknown = {}) =>
  (plan, address, values) =>
    plan.creates(address, { values, unknown: { id: true, ...unknown }, expressions: all(values) });
const there: (sensitive?: Values) => (plan: PlanFixture, address: string, values: Values) => PlanFixture =
  (sensitive = {}) =>
  (plan, address, values) =>
    plan.exists(address, { values, sensitive, expressions: all(values) });

const CASES = Object.entries(SAMPLES).flatMap(([kind, samples]) =>
  samples.map((sample, position) => [`${kind} ${position + 1}: ${sample[0]}`, kind as Kind, sample] as const),
);
const WITH_PATHS = CASES.flatMap(([title, kind, sample]) =>
  pathsOf(sample[1]).map((path) => [`${title} ${path.join('.')}`, sample, path, kind] as const),
);

function isSilent({ verdict }: Review): boolean {
  return verdict.label === 'NEUTRAL';
}

/** What a review says, without the words: the rules, the kinds of change and what is not judged. */
function rulesOf(found: Review): string {
  const rules = allFindings(found)
    .map(({ rule, kinds }) => (kinds.length === 0 ? rule : `${rule} [${kinds.join(', ')}]`))
    .filter((rule) => !rule.startsWith('way-'));
  return `${found.verdict.label}: ${[...new Set(rules)].sort().join('; ')}`;
}

/** Every verdict once, with the cases that get it. */
function grouped(found: Readonly<Record<string, string>>): string {
  return [...new Set(Object.values(found))]
    .map((verdict) => {
      const cases = Object.keys(found).filter((name) => found[name] === verdict);
      return `${cases.join(', ')}\n  ${verdict}`;
    })
    .join('\n');
}

test.each(CASES)('%s is of its kind', (_, kind, [type, values]) => {
  const plan = there()(landscape(), `${type}.sample`, values);
  const read = readPlan(plan.build(), 'main', 'main.json').resources.find(
    ({ address }) => address === `${type}.sample`,
  );
  expect(read === undefined ? undefined : kindOf(read)).toBe(kind);
});

test('there is a sample of every kind, of all its types but azapi, and with every attribute that the review judges', () => {
  const rows: Readonly<Record<string, KindRow>> = { ...PRODUCTS, ...API_MANAGEMENT, ...ENTRA, ...AZURE };
  const missing = Object.entries(rows).flatMap(([kind, { types = [], armTypes = [], attributes = {} }]) => {
    const samples = SAMPLES[kind] ?? [];
    const paths = samples.flatMap(([, values]) => pathsOf(values).map((path) => path.join('.')));
    const judged = Object.entries(attributes).flatMap(([path, rules]: [string, readonly AttributeRule[]]) =>
      rules.some((rule) => 'concern' in rule) ? [path] : [],
    );
    // blocks of azapi alone have everything in their bodies
    const wanted = judged.filter(
      (path) => !ANYWHERE.includes(path) && (kind !== 'product settings' || path.startsWith('body.')),
    );
    return judged.length === 0
      ? []
      : [
          ...types.filter((type) => !samples.some(([found]) => found === type)),
          ...(armTypes.length > 0 && !samples.some(([found]) => found.startsWith('azapi_'))
            ? [`${kind} of azapi`]
            : []),
          ...wanted
            .filter((path) => !paths.some((found) => found === path || path.startsWith(`${found}.`)))
            .map((path) => `${kind} ${path}`),
        ];
  });
  expect(missing).toEqual([]);
});

test.each(CASES)('%s, made, destroyed, forgotten, replaced', (_, __, sample) => {
  const [first = ''] = Object.keys(sample[1]);
  const edits: Readonly<Record<string, Edit>> = {
    made: made(),
    destroyed: (plan, address, values) => there()(plan, address, values).deletes(address),
    forgotten: (plan, address, values) => there()(plan, address, values).forgets(address),
    replaced: (plan, address, values) => there()(plan, address, values).replaces(address, {}, [first]),
    imported: (plan, address, values) => there()(plan, address, values).imports(address),
    unchanged: there(),
  };
  const found = Object.fromEntries(
    Object.entries(edits).map(([name, edit]) => [name, rulesOf(reviewed(sample, edit))]),
  );
  expect(grouped(found)).toMatchSnapshot();
  expect(found.unchanged).toMatch(/^NEUTRAL: /);
});

describe.each(WITH_PATHS)('%s', (_, sample, path) => {
  const [, values] = sample;
  const other = otherThan(at(values, path));
  const unknown = withValue({}, path, true);
  const update = (value: unknown, marks: Values = {}) =>
    reviewed(sample, (plan, address) => {
      there()(plan, address, values).updates(address, withValue(values, path, value));
      plan.find(address).change.after_unknown = marks;
      if (marks === unknown) {
        const after = plan.find(address).change.after ?? {};
        plan.find(address).change.after = withValue(after, path, undefined);
      }
    });
  const changed = update(other);
  const without = reviewed(sample, made(), withValue(values, path, undefined));

  test('is read on every way that it may change', () => {
    const sensitive = reviewed(sample, (plan, address) => {
      there(withValue({}, path, true))(plan, address, values).updates(address, withValue(values, path, other));
    });
    const found = {
      changed: rulesOf(changed),
      removed: rulesOf(update(undefined)),
      unknown: rulesOf(update(undefined, unknown)),
      'changed, sensitive': rulesOf(sensitive),
      'made without': rulesOf(without),
      'made, unknown': rulesOf(reviewed(sample, made(unknown))),
    };
    expect(grouped(found)).toMatchSnapshot();
    const harmful = !isSilent(changed);
    // what is unknown may turn out to be anything
    expect(harmful && found.unknown.startsWith('NEUTRAL')).toBe(false);
    expect(harmful && isSilent(sensitive)).toBe(false);
    const making = [reviewed(sample, made()), without].some((review) => !isSilent(review));
    expect(making && found['made, unknown'].startsWith('NEUTRAL')).toBe(false);
  });

  test('is nowhere printed where it is sensitive', () => {
    if (typeof at(values, path) !== 'string') {
      return;
    }
    const secret = withValue(values, path, MARKER);
    const marks = withValue({}, path, true);
    const reviews = [
      reviewed(sample, there(marks), secret),
      reviewed(sample, (plan, address) => there(marks)(plan, address, secret).deletes(address)),
      reviewed(sample, (plan, address) => there(marks)(plan, address, values).updates(address, secret)),
      reviewed(sample, (plan, address) =>
        plan.creates(address, { values: secret, sensitive: marks, expressions: all(secret) }),
      ),
    ];
    expect(JSON.stringify(reviews)).not.toContain(MARKER);
  });
});
