import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { locator } from '../src/input/sources';
import { readPlan } from '../src/plan/plan';
import { PlanFixture } from './fixtures/plan';

const block = (path: string, source?: string, sources?: Readonly<Record<string, unknown>>) => ({
  '//': { metadata: { path, uniqueId: path }, ...(source === undefined ? {} : { source }), sources },
});

/** Where resources of a stack are found, by their names. */
function located(
  resources: Readonly<Record<string, unknown>>,
  annotations: readonly unknown[] = [],
  instances: readonly string[] = [],
) {
  const project = mkdtempSync(join(tmpdir(), 'sources-'));
  const folder = join(project, 'cdktf.out');
  mkdirSync(join(folder, 'stacks', 'main'), { recursive: true });
  writeFileSync(
    join(folder, 'stacks', 'main', 'cdk.tf.json'),
    JSON.stringify({ resource: { azapi_resource: resources } }),
  );
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ stacks: { main: { annotations } } }));
  const plan = new PlanFixture();
  Object.keys(resources).forEach((name) => plan.exists(`azapi_resource.${name}`, { values: {}, expressions: {} }));
  instances.forEach((address) => plan.exists(`azapi_resource.${address}`, { values: {}, expressions: {} }));
  const read = readPlan(plan.build(), 'main', 'plan.json');
  const locate = locator([read], [folder]);
  return Object.fromEntries(
    read.resources.map((resource) => {
      const { file, line } = locate(resource);
      const name = resource.index === undefined ? resource.name : `${resource.name}[${resource.index}]`;
      return [name, file === 'plan.json' ? 'plan' : line];
    }),
  );
}

test('what a construct makes besides its primary resource lies on the line of the construct', () => {
  expect(
    located({
      partner: block('main/partner/Default', 'main.ts:10:3'),
      partner_grants: block('main/partner/grants'),
      partner_secret: block('main/partner/stored/secret/value'),
      product: block('main/gold', 'main.ts:20:3'),
      product_role: block('main/gold/role', 'main.ts:22:3'),
      product_role_id: block('main/gold/role/id'),
      loose: block('main/loose'),
    }),
  ).toEqual({
    partner: 10,
    partner_grants: 10,
    partner_secret: 10,
    product: 20,
    product_role: 22,
    product_role_id: 22,
    loose: 'plan',
  });
});

test('the nearest of what a construct recorded and what is annotated counts', () => {
  const annotation = (constructPath: string, line: number) => ({
    constructPath,
    stacktrace: [`    at new App (main.ts:${line}:1)`],
  });
  expect(
    located(
      {
        partner: block('main/partner/Default', 'main.ts:10:3'),
        partner_grants: block('main/partner/grants'),
        other: block('main/other/grants'),
      },
      [annotation('main/partner/grants', 30), annotation('main/partner', 31), annotation('main/other', 40)],
    ),
  ).toEqual({ partner: 10, partner_grants: 30, other: 40 });
});

test('an instance lies on the line that is recorded for it', () => {
  const lines = { orders: 'main.ts:14', 'a${b}': 'main.ts:15', elsewhere: '/etc/main.ts:1', malformed: 5 };
  expect(
    located(
      { partner: block('main/partner/Default', 'main.ts:10'), grants: block('main/partner/grants', undefined, lines) },
      [],
      ['orders', 'a${b}', 'elsewhere', 'malformed', 'products'].map((key) => `grants["${key}"]`),
    ),
  ).toEqual({
    partner: 10,
    grants: 10,
    'grants[orders]': 14,
    'grants[a${b}]': 15,
    'grants[elsewhere]': 10,
    'grants[malformed]': 10,
    'grants[products]': 10,
  });
});
