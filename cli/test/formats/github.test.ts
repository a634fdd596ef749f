import { githubFormat } from '../../src/formats/github';
import { PlanFixture } from '../fixtures/plan';
import { grant, nativeStack } from '../fixtures/stacks';
import { SCENARIOS } from '../fixtures/scenarios';
import { golden, reviewOf } from '../support';

test.each(Object.keys(SCENARIOS))('%s', (name) => {
  expect(golden(githubFormat.render(reviewOf(SCENARIOS[name]?.() ?? {})))).toMatchSnapshot();
});

test('the verdict and every finding as workflow commands', () => {
  const plan = nativeStack().updates(
    'azapi_resource.gold',
    { body: { properties: { authenticationType: [] } } },
    { output: true },
  );
  expect(githubFormat.render(reviewOf(plan))).toBe(
    [
      '::notice title=Access review%3A BROADENING::1 critical finding, 1 broadening, 0 breaking',
      '::error file=main.json,line=1,title=A product becomes open::anyone can call Gold: it demands neither a token nor a subscription key for echo-api (main: azapi_resource.gold)',
      '::notice file=main.json,line=1,title=Application based access is switched off::application based access is switched off for Gold: tokens are no longer looked at (main: azapi_resource.gold)',
      '',
    ].join('\n'),
  );
});

test('what a plan or a path says is no command', () => {
  const plan = nativeStack().deletes('azapi_resource.partner_grants["gold"]');
  const { change } = plan.find('azapi_resource.gold');
  change.before = change.after = {
    ...change.before,
    body: {
      properties: {
        displayName: 'x\n::error::owned%0A\r\n::set-output name=a::b',
        authenticationType: ['application-token'],
      },
    },
  };
  const text = githubFormat.render(reviewOf(plan, { locate: () => ({ file: 'a,b:c%.json', line: 1 }) }));
  expect(text.split('\n').filter((line) => line.startsWith('::')).length).toBe(2);
  expect(text).toContain('x ::error::owned%250A ::set-output name=a::b');
  expect(text).toContain('file=a%2Cb%3Ac%25.json');
});

test('never more annotations than GitHub shows', () => {
  const plan = new PlanFixture();
  Array.from({ length: 30 }, (_, index) =>
    plan.creates(`azapi_resource.grant[${index}]`, { values: grant(`client-${index}`, 'gold'), expressions: {} }),
  );
  const lines = githubFormat.render(reviewOf(plan)).trim().split('\n');
  expect(lines.filter((line) => line.startsWith('::warning'))).toHaveLength(10);
  expect(lines.at(-1)).toBe('::warning title=Access review::21 more findings of this level are in the review');
});

test('acknowledged findings are silent', () => {
  const allowed = [
    { rule: 'access-lost', address: 'azapi_resource.partner_grants["gold"]', reason: 'agreed', expires: '2027-01-01' },
  ];
  const text = githubFormat.render(
    reviewOf(nativeStack().deletes('azapi_resource.partner_grants["gold"]'), { allowed }),
  );
  expect(text).toBe(
    '::notice title=Access review%3A BREAKING::1 grant lost, 0 broadening, 1 breaking, 1 acknowledged\n',
  );
});
