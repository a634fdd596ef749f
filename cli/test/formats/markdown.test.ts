import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { markdownFormat, MAX_LENGTH } from '../../src/formats/markdown';
import { code } from '../../src/formats/markdown-text';
import { accessGraph } from '../../src/formats/mermaid';
import { hostileNames, hostileStack } from '../fixtures/hostile';
import { PlanFixture } from '../fixtures/plan';
import { client, grant, nativeStack, product } from '../fixtures/stacks';
import { SCENARIOS } from '../fixtures/scenarios';
import { golden, reviewOf } from '../support';
import { parseMarkdown, type Parsed } from './parse-markdown';

let parsed: Parsed;
beforeAll(() => {
  const names = hostileNames();
  parsed = parseMarkdown([
    ...Object.values(SCENARIOS).map((scenario) => markdownFormat.render(reviewOf(scenario()))),
    ...names.map((name) => markdownFormat.render(reviewOf(hostileStack(name)))),
    ...names.map((name) => `| a |\n|---|\n| ${code(name)} |\n`),
  ]);
});

test.each(Object.keys(SCENARIOS))('%s', (name) => {
  expect(golden(markdownFormat.render(reviewOf(SCENARIOS[name]?.() ?? {})))).toMatchSnapshot();
});

test('every review is what it looks like in the dialect of GitHub: every row of a table has as many cells as its head', () => {
  expect(parsed.unevenTables).toEqual([]);
});

test('nothing from a plan is markup, a link or a mention', () => {
  expect(parsed.links).toEqual([]);
  expect(parsed.textWithMentions).toEqual([]);
  expect(parsed.unexpectedHtml).toEqual([]);
});

test('names survive as code', () => {
  const names = hostileNames();
  expect(parsed.codes.slice(-names.length)).toEqual(names);
});

test('the Mermaid of every review parses, whatever the names', () => {
  const graphs = [
    ...Object.values(SCENARIOS).map((scenario) => scenario()),
    ...hostileNames().map((name) => hostileStack(name)),
  ]
    .map((plans) => accessGraph(reviewOf(plans)))
    .filter((graph) => graph !== undefined);
  expect(graphs.length).toBeGreaterThan(5);
  const output = execFileSync(process.execPath, [join(__dirname, 'mermaid-check.mjs')], {
    input: JSON.stringify(graphs),
    encoding: 'utf8',
  });
  expect(JSON.parse(output)).toEqual([]);
});

describe('a comment that would be too long', () => {
  const large = (count: number): PlanFixture => {
    const plan = new PlanFixture().exists('azapi_resource.gold', { values: product('gold'), expressions: {} });
    plan.updates('azapi_resource.gold', { body: { properties: { authenticationType: [] } } });
    Array.from({ length: count }, (_, index) => {
      plan.exists(`azapi_resource.client[${index}]`, {
        values: client(`client-${'x'.repeat(index % 50)}${index}`, `客户端 ${index}`),
        expressions: {},
      });
      plan.creates(`azapi_resource.grant[${index}]`, {
        values: grant(`client-${'x'.repeat(index % 50)}${index}`, 'gold'),
        expressions: {},
      });
    });
    return plan;
  };

  test('keeps what is important and says what it leaves out', () => {
    const text = markdownFormat.render(reviewOf(large(2000)));
    expect(text.length).toBeLessThanOrEqual(MAX_LENGTH);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MAX_LENGTH);
    expect(text).toContain('anyone can call `Gold`');
    expect(text).toMatch(/This is not the whole review: \d+ of 2003 findings are left out/);
    expect(text).toMatch(
      /Left out here: \d+ findings of 2003, the least important; the access graph \(2000 grants, too many to see\)/,
    );
    expect(text).not.toContain('is switched off for');
  });

  test('is never over the limit, whatever the number', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 700 }),
        (count) => Buffer.byteLength(markdownFormat.render(reviewOf(large(count)))) <= MAX_LENGTH,
      ),
      { numRuns: 8 },
    );
  });

  test('also where acknowledgements, notes and stacks are many', () => {
    const allowed = Array.from({ length: 3000 }, (_, index) => ({
      rule: 'access-lost',
      address: `a.b${index}`,
      reason: 'r'.repeat(200),
      expires: '2027-01-01',
    }));
    const text = markdownFormat.render(reviewOf(nativeStack(), { allowed }));
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MAX_LENGTH);
    expect(text).toContain('2980 acknowledgements');
  });
});

test('acknowledgements are listed with what became of them', () => {
  const allowed = [
    {
      rule: 'access-lost',
      address: 'azapi_resource.partner_grants["gold"]',
      reason: 'agreed with @team | #1 <b>',
      expires: '2027-01-01',
    },
    {
      rule: 'access-lost',
      address: 'azapi_resource.partner_grants["gold"]',
      stack: 'main',
      reason: 'old',
      expires: '2026-01-01',
    },
    { rule: 'access-lost', address: 'nowhere', reason: 'gone', expires: '2027-01-01' },
  ];
  expect(
    golden(
      markdownFormat.render(reviewOf(nativeStack().deletes('azapi_resource.partner_grants["gold"]'), { allowed })),
    ),
  ).toMatchSnapshot();
});

test('the example in the README is what the tool says', () => {
  const readme = readFileSync(join(__dirname, '..', '..', 'README.md'), 'utf8');
  const plan = nativeStack().updates('azapi_resource.gold', {
    body: { properties: { authenticationType: ['subscription-key'] } },
  });
  const shown =
    readme
      .match(/(?:^ {4}.*\n)+/m)?.[0]
      .replace(/^ {4}/gm, '')
      .trim() ?? '';
  expect(shown).toContain('## Access review: BROADENING');
  expect(markdownFormat.render(reviewOf(plan))).toContain(shown);
});
