import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { locator } from '../src/input/sources';
import { readPlan } from '../src/plan/plan';
import { PlanFixture } from './fixtures/plan';

const block = (path: string, source?: string) => ({
  '//': { metadata: { path, uniqueId: path }, ...(source === undefined ? {} : { source }) },
});

/** Where resources of a stack are found, by their names. */
function located(resources: Readonly<Record<string, unknown>>, annotations: readonly unknown[] = []) {
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
  const read = readPlan(plan.build(), 'main', 'plan.json');
  const locate = locator([read], [folder]);
  return Object.fromEntries(
    read.resources.map((resource) => {
      const { file, line } = locate(resource);
      return [resource.name, file === 'plan.json' ? 'plan' : line];
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
