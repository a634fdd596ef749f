import fc from 'fast-check';
import { FORMATS } from '../src/formats/registry';
import { readPlan } from '../src/plan/plan';
import { review } from '../src/review';
import { UserError } from '../src/user-error';
import { SCENARIOS } from './fixtures/scenarios';
import { AS_OF } from './support';
import type { JsonObject } from '../src/input/json';

const SECRET = 'hunter2-PLANTED';

/**
 * What a review may print, by the name of the attribute that holds it: names, ids, audiences, roles
 * and whom a federated credential trusts.
 */
const PRINTED = new Set([
  'address',
  'module_address',
  'name',
  'index',
  'type',
  'to_display',
  'display_name',
  'displayName',
  'principal_display_name',
  'resource_display_name',
  'id',
  'product_id',
  'parent_id',
  'resource_id',
  'productId',
  'apiId',
  'scope',
  'api_name',
  'group_name',
  'api_management_name',
  'api_management_id',
  'api_management_workspace_id',
  'operation_id',
  'audience',
  'identifier_uri',
  'value',
  'subject',
  'issuer',
  'audiences',
]);

type Path = readonly (string | number)[];

function leaves(value: unknown, path: Path = []): Path[] {
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => leaves(item, [...path, index]));
  }
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([key, item]) => leaves(item, [...path, key]));
  }
  return [path];
}

function set(root: unknown, path: Path, value: unknown): void {
  const [first, ...rest] = path;
  const target = root as Record<string | number, unknown>;
  if (first === undefined) {
    return;
  }
  if (rest.length === 0) {
    target[first] = value;
  } else {
    if (typeof target[first] !== 'object' || target[first] === null) {
      target[first] = {};
    }
    set(target[first], rest, value);
  }
}

/** The last name on a path that is not a position in a list. */
function nameOf(path: Path): string {
  return String([...path].reverse().find((step) => typeof step === 'string'));
}

/** App roles have values, and so do secrets: only the roles' are printed. */
function mayBePrinted(path: Path): boolean {
  const name = nameOf(path);
  if (name === 'value') {
    return path.includes('app_role') || path.includes('app_roles');
  }
  return PRINTED.has(name) || path.includes('references') || path.includes('constant_value');
}

function render(plans: Readonly<Record<string, JsonObject>>): string {
  try {
    const found = review(
      Object.entries(plans).map(([stack, json]) => readPlan(json, stack, `${stack}.json`)),
      {
        locate: ({ stack }) => ({ file: `${stack}.json`, line: 1 }),
        allowed: [],
        asOf: AS_OF,
        expiringWithinDays: 3650,
      },
    );
    return FORMATS.flatMap((format) => [format.render(found), format.append?.render(found) ?? '']).join('\n');
  } catch (error) {
    if (error instanceof UserError) {
      return error.message;
    }
    throw error;
  }
}

const built = Object.values(SCENARIOS).map((scenario) =>
  Object.fromEntries(Object.entries(scenario()).map(([stack, plan]) => [stack, plan.build()])),
);
const spots = built.flatMap((plans, scenario) =>
  Object.entries(plans).flatMap(([stack, plan]) => leaves(plan).map((path) => ({ scenario, stack, path }))),
);

function plant(scenario: number, stack: string, edit: (plan: JsonObject) => void): string {
  const plans = structuredClone(built[scenario]) as Record<string, JsonObject>;
  edit(plans[stack] ?? {});
  return render(plans);
}

test('the fixtures have fields to plant in', () => {
  expect(spots.filter(({ path }) => !mayBePrinted(path)).length).toBeGreaterThan(700);
});

test('no value outside of the allow-list is ever printed', () => {
  const candidates = spots.filter(({ path }) => !mayBePrinted(path));
  fc.assert(
    fc.property(
      fc.constantFrom(...candidates),
      ({ scenario, stack, path }) => !plant(scenario, stack, (plan) => set(plan, path, SECRET)).includes(SECRET),
    ),
    { numRuns: 200 },
  );
});

test('no attribute that nobody knows is ever printed, wherever it stands', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...spots),
      fc.constantFrom('notes', 'token', 'sensitive_body', 'primary_key', 'terms', 'tags', '__proto__x'),
      ({ scenario, stack, path }, name) => {
        const text = plant(scenario, stack, (plan) =>
          set(plan, [...path.slice(0, -1), name], { [`${SECRET}-key`]: SECRET, list: [SECRET] }),
        );
        return !text.includes(SECRET);
      },
    ),
    { numRuns: 200 },
  );
});

test('what Terraform marks as sensitive is not printed even where its kind may be', () => {
  const candidates = spots.filter(
    ({ path }) => mayBePrinted(path) && path[0] === 'resource_changes' && (path[3] === 'before' || path[3] === 'after'),
  );
  expect(candidates.length).toBeGreaterThan(100);
  fc.assert(
    fc.property(fc.constantFrom(...candidates), ({ scenario, stack, path }) => {
      const text = plant(scenario, stack, (plan) => {
        const [changes, index, change, , ...rest] = path;
        const given = rest.reduce<unknown>(
          (value, step) => (value as Record<string | number, unknown>)[step],
          (plan.resource_changes as never)[index as never][change as never][path[3] as never],
        );
        // ids keep their shape, or they would not be ids
        const planted = typeof given === 'string' && given.includes('/') ? given.replace(/[^/]+$/, SECRET) : SECRET;
        for (const side of ['before', 'after']) {
          const at = [changes, index, change] as Path;
          if (
            (
              at.reduce<unknown>((value, step) => (value as Record<string | number, unknown>)[step], plan) as Record<
                string,
                unknown
              >
            )[side] !== null
          ) {
            set(plan, [...at, side, ...rest], planted);
          }
          set(plan, [...at, `${side}_sensitive`, ...rest], true);
        }
      });
      return !text.toLowerCase().includes(SECRET.toLowerCase());
    }),
    { numRuns: 200 },
  );
});
