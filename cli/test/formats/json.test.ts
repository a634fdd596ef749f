import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import { jsonFormat } from '../../src/formats/json';
import { SCENARIOS } from '../fixtures/scenarios';
import { golden, reviewOf } from '../support';

const schemaFile = (name: string): object =>
  JSON.parse(readFileSync(join(__dirname, '..', '..', 'schema', name), 'utf8')) as object;
const ajv = new Ajv2020({ strict: true, allErrors: true });
const isReview = ajv.compile(schemaFile('review-1.schema.json'));
const isAllowFile = ajv.compile(schemaFile('allow-1.schema.json'));

const allowed = [
  { rule: 'access-lost', address: 'azapi_resource.partner_grants["starter"]', reason: 'agreed', expires: '2027-01-01' },
  { rule: 'access-lost', address: 'nowhere', stack: 'main', reason: 'agreed', expires: '2020-01-01' },
];

test.each(Object.keys(SCENARIOS))('%s: fits the published schema', (name) => {
  const text = jsonFormat.render(reviewOf(SCENARIOS[name]?.() ?? {}, { allowed }));
  isReview(JSON.parse(text));
  expect(isReview.errors).toBeNull();
  expect(text.endsWith('}\n')).toBe(true);
  expect(golden(text)).toMatchSnapshot();
});

test('the schema is one that refuses', () => {
  const found = JSON.parse(jsonFormat.render(reviewOf(SCENARIOS.nothing?.() ?? {}))) as Record<string, unknown>;
  expect(isReview({ ...found, verdict: 'fine' })).toBe(false);
  expect(isReview({ ...found, secret: 'x' })).toBe(false);
});

test('allow files have a schema too', () => {
  expect(
    isAllowFile({ version: 1, acknowledgements: allowed.map((entry) => ({ ...entry, digest: '0'.repeat(32) })) }),
  ).toBe(true);
  expect(isAllowFile({ version: 1, acknowledgements: [{ rule: 'x' }] })).toBe(false);
});
