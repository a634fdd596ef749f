import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import type { Log } from 'sarif';
import schema from '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json';
import { sarifFormat } from '../../src/formats/sarif';
import { RULES } from '../../src/rules';
import { nativeStack } from '../fixtures/stacks';
import { SCENARIOS } from '../fixtures/scenarios';
import { reviewOf } from '../support';

const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
addFormats(ajv);
const { $schema: _, id: __, ...draft } = schema as Record<string, unknown>;
const isSarif = ajv.compile(draft);

function log(...args: Parameters<typeof reviewOf>): Log {
  return JSON.parse(sarifFormat.render(reviewOf(...args))) as Log;
}

test.each(Object.keys(SCENARIOS))('%s: is SARIF 2.1.0', (name) => {
  const found = log(SCENARIOS[name]?.() ?? {});
  isSarif(found);
  expect(isSarif.errors).toBeNull();
  const [run] = found.runs;
  expect(
    run?.results?.map(({ ruleId, level, message }) => `${level} ${ruleId ?? ''}: ${message.text ?? ''}`),
  ).toMatchSnapshot();
  run?.results?.forEach((result) => {
    expect(run.tool.driver.rules?.[result.ruleIndex ?? -1]?.id).toBe(result.ruleId);
  });
});

test('a finding lies on the line of its construct', () => {
  const plan = nativeStack().deletes('azapi_resource.partner_grants["gold"]');
  const [result] =
    log(plan, {
      locate: () => ({ file: 'examples/my app.ts', line: 31, column: 5, constructPath: 'main/partner/grants' }),
    }).runs[0]?.results ?? [];
  expect(result).toMatchObject({
    ruleId: 'access-lost',
    level: 'warning',
    message: { text: 'Contoso Partner loses Gold.' },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: 'examples/my%20app.ts', uriBaseId: '%SRCROOT%' },
          region: { startLine: 31, startColumn: 5 },
        },
        logicalLocations: [
          { fullyQualifiedName: 'azapi_resource.partner_grants["gold"]' },
          { fullyQualifiedName: 'main/partner/grants' },
        ],
      },
    ],
  });
});

test.each([
  ['/tmp/a b/plan.json', { uri: 'file:///tmp/a%20b/plan.json' }],
  ['C:/a b/plan.json', { uri: 'file:///C:/a%20b/plan.json' }],
  ['./plan.json', { uri: 'plan.json', uriBaseId: '%SRCROOT%' }],
  ['-', { uri: 'plan.json', uriBaseId: '%SRCROOT%' }],
])('the plan %s is named as an URI', (file, expected) => {
  const found = log(nativeStack().deletes('azapi_resource.partner_grants["gold"]'), {
    locate: () => ({ file, line: 1 }),
  });
  expect(found.runs[0]?.results?.[0]?.locations?.[0]?.physicalLocation?.artifactLocation).toEqual(expected);
});

test('what a plan says is no link and no placeholder', () => {
  const plan = nativeStack().deletes('azapi_resource.partner_grants["gold"]');
  const { change } = plan.find('azapi_resource.gold');
  change.before = change.after = {
    ...change.before,
    body: {
      properties: { displayName: '[click](https://evil.example) {0}', authenticationType: ['application-token'] },
    },
  };
  expect(log(plan).runs[0]?.results?.[0]?.message.text).toBe(
    'Contoso Partner loses [click] (https://evil.example) {{0}}.',
  );
});

test('an acknowledged finding is suppressed', () => {
  const allowed = [
    { rule: 'access-lost', address: 'azapi_resource.partner_grants["gold"]', reason: 'agreed', expires: '2027-01-01' },
  ];
  const found = log(nativeStack().deletes('azapi_resource.partner_grants["gold"]'), { allowed });
  expect(found.runs[0]?.results?.[0]?.suppressions).toEqual([
    { kind: 'external', status: 'accepted', justification: 'agreed (until 2027-01-01)' },
  ]);
});

test('every rule is described', () => {
  const rules = log(nativeStack()).runs[0]?.tool.driver.rules ?? [];
  expect(rules.map(({ id }) => id)).toEqual(Object.keys(RULES));
});
