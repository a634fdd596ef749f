import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import fc from 'fast-check';
import { stringify } from 'yaml';
import type { ContractRule } from '../src/contract/contract';
import { matchesAny } from '../src/contract/glob';
import { readContract } from '../src/contract/read';
import { run } from '../src/cli';
import type { Review } from '../src/model';
import { UserError } from '../src/user-error';
import { json, PlanFixture, type Values } from './fixtures/plan';
import { entraStack, grant, guid, nativeCreation, nativeStack } from './fixtures/stacks';
import { reviewOf } from './support';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'apim-oauth-contract-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function reviewedBy(plan: PlanFixture, ...rules: readonly ContractRule[]): Review {
  return reviewOf(plan, { contract: { file: 'contract.yaml', rules } });
}

function told({ contract, contractRules = [] }: Review): unknown {
  return [contract.map(({ message }) => message), contractRules.map(({ status }) => status)];
}

const granted = () => {
  const plan = nativeStack();
  plan.find('azapi_resource.partner_grants["gold"]').change = {
    ...plan.find('azapi_resource.partner_grants["gold"]').change,
    actions: ['create'],
    before: null,
  };
  return plan;
};

describe('only', () => {
  const rule = (...clients: readonly string[]): ContractRule => ({
    name: 'gold is internal',
    kind: 'only',
    products: ['Gold'],
    clients,
  });

  test('a client that is not among those is a violation, with the path that breaks the rule', () => {
    const found = reviewedBy(granted(), rule('Internal *'));
    expect(told(found)).toEqual([['Contoso Partner → product link → Gold breaks "gold is internal"'], ['broken']]);
    expect(found.contract[0]).toMatchObject({
      rule: 'contract-broken',
      severity: 'high',
      kinds: ['contract'],
      existedBefore: false,
      possible: false,
      path: 'Contoso Partner → product link → Gold',
      contractRule: 'gold is internal',
      address: 'azapi_resource.partner_grants["gold"]',
    });
  });

  test('a violation that was there before says so', () => {
    const found = reviewedBy(nativeStack(), rule('Internal *'));
    expect(told(found)).toEqual([
      ['Contoso Partner → product link → Gold breaks "gold is internal", as it did before'],
      ['broken'],
    ]);
    expect(found.contract[0]).toMatchObject({ existedBefore: true, severity: 'medium' });
    expect(found.verdict.label).toBe('NEUTRAL');
  });

  test.each(['contoso *', 'Contoso Partner', '*'])('%s is among those', (glob) => {
    expect(told(reviewedBy(nativeStack(), rule(glob)))).toEqual([[], ['holds']]);
  });

  test('a grant that the plan takes away breaks nothing after it', () => {
    const plan = nativeStack().deletes('azapi_resource.partner_grants["gold"]');
    expect(told(reviewedBy(plan, rule('Internal *')))).toEqual([[], ['holds']]);
  });

  test('a grant that Terraform forgets stays, and so does the violation', () => {
    const plan = nativeStack().forgets('azapi_resource.partner_grants["gold"]');
    expect(told(reviewedBy(plan, rule('Internal *')))).toEqual([
      ['Contoso Partner → product link → Gold breaks "gold is internal", as it did before'],
      ['broken'],
    ]);
  });

  test('what is made by the plan counts by its name, with and without the prefix of Entra', () => {
    expect(told(reviewedBy(nativeCreation(), rule('Contoso *')))).toEqual([[], ['holds']]);
    expect(told(reviewedBy(entraStack(), { ...rule('nobody'), products: ['*'] } as ContractRule))).toMatchObject([
      expect.arrayContaining([expect.stringContaining('breaks "gold is internal", as it did before')]),
      ['broken'],
    ]);
  });
});

test('never holds for those clients and products alone', () => {
  const never = (client: string, what: string): ContractRule => ({
    name: 'apart',
    kind: 'never',
    clients: [client],
    products: [what],
  });
  expect(told(reviewedBy(nativeStack(), never('*Partner', 'G*')))).toEqual([
    ['Contoso Partner → product link → Gold breaks "apart", as it did before'],
    ['broken'],
  ]);
  expect(told(reviewedBy(nativeStack(), never('*Partner', 'Platinum')))).toEqual([[], ['matches nothing']]);
  expect(told(reviewedBy(nativeStack(), never('HR', 'Gold')))).toEqual([[], ['matches nothing']]);
});

test('never-both wants a product of each pattern', () => {
  const both = (...products: readonly string[]): ContractRule => ({
    name: 'duties',
    kind: 'never-both',
    clients: ['*'],
    products,
  });
  expect(told(reviewedBy(granted(), both('Gold', 'Starter')))).toEqual([
    ['Contoso Partner → Gold and Starter breaks "duties"'],
    ['broken'],
  ]);
  expect(told(reviewedBy(granted(), both('Gold', 'G*')))).toEqual([[], ['holds']]);
  const less = nativeStack().deletes('azapi_resource.partner_grants["starter"]');
  expect(told(reviewedBy(less, both('Gold', 'Starter')))).toEqual([[], ['holds']]);
});

test('credentials of another kind are violations', () => {
  const rule = (...allowed: readonly ('federated' | 'password')[]): ContractRule => ({
    name: 'no secrets',
    kind: 'credentials',
    clients: ['*'],
    allowed,
  });
  const password = { application_id: `/applications/${guid(12)}`, display_name: 'legacy', key_id: guid(55) };
  const plan = entraStack().creates('azuread_application_password.legacy', { values: password, expressions: {} });
  const [messages, statuses] = told(reviewedBy(plan, rule('federated'))) as [string[], string[]];
  expect(
    messages.some((message) => message.endsWith('→ password breaks "no secrets"') || message.includes('may break')),
  ).toBe(true);
  expect(statuses).toEqual([expect.stringContaining('broken')]);
});

test('an open product breaks no-open-products', () => {
  const plan = nativeStack().updates('azapi_resource.gold', {
    body: { properties: { authenticationType: ['subscription-key'], subscriptionRequired: false } },
  });
  const rule: ContractRule = { name: 'nothing is open', kind: 'no-open-products' };
  expect(told(reviewedBy(nativeStack(), rule))).toEqual([[], ['holds']]);
  expect(told(reviewedBy(plan, rule))).toMatchObject([
    [expect.stringMatching(/^anyone → .* breaks "nothing is open"$/)],
    ['broken'],
  ]);
});

test('a privilege that is granted breaks no-new-privilege', () => {
  const rule: ContractRule = { name: 'no administrators', kind: 'no-new-privilege' };
  expect(told(reviewedBy(nativeStack(), rule))).toEqual([[], ['holds']]);
  expect(told(reviewedBy(nativeCreation(), rule))).toEqual([
    ['ref-apim → Application Administrator breaks "no administrators"'],
    ['broken'],
  ]);
});

test('a change that is not judged leaves the contract unproven', () => {
  const plan = nativeStack().creates('azurerm_lighthouse_assignment.x', {
    values: { scope: guid(1) },
    expressions: {},
  });
  expect(told(reviewedBy(plan, { name: 'nothing is open', kind: 'no-open-products' }))).toEqual([[], ['not proven']]);
});

test('a product that is unknown until apply may be any', () => {
  const plan = nativeStack().creates('azapi_resource.more', {
    values: { ...grant('contoso-partner', 'x'), body: { properties: {} } },
    unknown: { id: true, body: { properties: { productId: true } } },
    expressions: { body: json({ properties: { productId: '${local.product}' } }, 'local.product') },
  });
  const found = reviewedBy(plan, { name: 'apart', kind: 'never', clients: ['*'], products: ['Payroll'] });
  expect(told(found)).toEqual([
    ['Contoso Partner → product link → unknown until apply may break "apart"'],
    ['possibly broken'],
  ]);
  expect(found.contract[0]?.possible).toBe(true);
});

describe('globs', () => {
  test.each<[string, string, boolean]>([
    ['HR *', 'HR Payroll', true],
    ['hr *', 'HR Payroll', true],
    ['HR *', 'HR', false],
    ['*', '', true],
    ['?R', 'HR', true],
    ['?', '', false],
    ['a*b*c', 'aXXbYYc', true],
    ['a*b*c', 'aXXbYY', false],
    ['[a-z]+', 'x', false],
    ['HR *', 'APIMApplicationHR Payroll', true],
    ['Gold', 'APIMProductApplicationGold', true],
    ['APIMApplication', 'APIMApplication', true],
  ])('%s and %s: %s', (glob, name, expected) => {
    expect(matchesAny([glob], [name])).toBe(expected);
  });

  test('agree with the regular expression of the same meaning', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?', '.') });
    fc.assert(
      fc.property(text, fc.string({ unit: fc.constantFrom('a', 'b', '.') }), (glob, name) => {
        const pattern = glob.replace(/[.]/g, '\\.').replaceAll('*', '.*').replaceAll('?', '.');
        expect(matchesAny([glob], [name])).toBe(new RegExp(`^${pattern}$`, 's').test(name));
      }),
    );
  });
});

describe('the file', () => {
  const schema = JSON.parse(readFileSync(join(__dirname, '../schema/contract-1.schema.json'), 'utf8')) as object;
  const isContract = new Ajv2020({ strict: false, allErrors: true }).compile(schema);
  const documented = /```yaml\n(version: 1\nrules:[\s\S]*?)```/.exec(
    readFileSync(join(__dirname, '../../docs/review.md'), 'utf8'),
  )?.[1];

  test('that the documentation shows is one, by the schema too', () => {
    const { rules } = readContract(file('documented.yaml', documented ?? ''));
    expect(rules.map(({ kind }) => kind)).toEqual([
      'only',
      'never-both',
      'never',
      'no-open-products',
      'credentials',
      'no-new-privilege',
    ]);
  });

  test.each<[string, Values | string, readonly string[]]>([
    [
      'no YAML',
      'rules: [',
      ['this is neither YAML nor JSON at character 9; write { version: 1, rules: [...] }, as in docs/review.md'],
    ],
    [
      'another shape',
      { version: 2, rules: [] },
      ['this is not a contract; write { version: 1, rules: [...] }, as in docs/review.md'],
    ],
    ['no rule', { version: 1, rules: [] }, ['it has no rule, so nothing would be checked']],
    [
      'another key',
      { version: 1, rules: [{ name: 'x', 'no-open-products': true }], extra: 1 },
      ['extra is not known; write only version and rules'],
    ],
    [
      'no name',
      { version: 1, rules: [{ 'no-open-products': true }] },
      ['rule 1: name is missing; say what the rule is for'],
    ],
    [
      'a name twice',
      {
        version: 1,
        rules: [
          { name: 'x', 'no-open-products': true },
          { name: 'x', 'no-new-privilege': true },
        ],
      },
      ['rule 2: an earlier rule has the same name'],
    ],
    ['no object', { version: 1, rules: ['x'] }, ['rule 1: it is not an object; write a name and what must hold']],
    [
      'nothing that holds',
      { version: 1, rules: [{ name: 'x', nver: {} }] },
      [
        'rule 1: nver is not known; write one of only, never, never-both, credentials, no-open-products, no-new-privilege',
        'rule 1: it says nothing; write one of only, never, never-both, credentials, no-open-products, no-new-privilege',
      ],
    ],
    [
      'two things at once',
      { version: 1, rules: [{ name: 'x', never: {}, only: {} }] },
      [
        'rule 1: it says several things; write one of only, never, never-both, credentials, no-open-products, no-new-privilege',
      ],
    ],
    [
      'a flag that is false',
      { version: 1, rules: [{ name: 'x', 'no-open-products': false }] },
      ['rule 1: no-open-products must be true; leave the rule out if it need not hold'],
    ],
    ['a list for an object', { version: 1, rules: [{ name: 'x', never: 5 }] }, ['rule 1: never must be an object']],
    [
      'no product',
      { version: 1, rules: [{ name: 'x', never: { client: '*' } }] },
      ['rule 1: never: write product or products, one pattern or several'],
    ],
    [
      'a client twice',
      { version: 1, rules: [{ name: 'x', never: { client: '*', clients: ['*'], product: '*' } }] },
      ['rule 1: never: write client or clients, one pattern or several'],
    ],
    [
      'a pattern that is none',
      { version: 1, rules: [{ name: 'x', only: { client: 5, product: ' ' } }] },
      [
        'rule 1: only: client must be a name, an id or a pattern such as "HR *"',
        'rule 1: only: product must be a name, an id or a pattern such as "HR *"',
      ],
    ],
    [
      'a word too many',
      { version: 1, rules: [{ name: 'x', only: { client: '*', product: '*', stack: 'a' } }] },
      ['rule 1: only: stack is not known; write only client, clients, product, products'],
    ],
    [
      'one product for both',
      { version: 1, rules: [{ name: 'x', 'never-both': { client: '*', product: 'Gold' } }] },
      ['rule 1: never-both: products must have two patterns or more'],
    ],
    [
      'a kind that is none',
      { version: 1, rules: [{ name: 'x', credentials: { client: '*', kinds: ['secret'] } }] },
      [
        'rule 1: credentials: kinds must be a list of federated, certificate, password, client-secret, subscription-key',
      ],
    ],
  ])('with %s is refused', (what, content, problems) => {
    const path = file('wrong.yaml', typeof content === 'string' ? content : stringify(content));
    let thrown: unknown;
    try {
      readContract(path);
    } catch (error) {
      thrown = error;
    }
    expect((thrown as UserError).problems).toEqual(problems.map((problem) => `${path}: ${problem}`));
    // the schema cannot tell that a name comes twice
    expect(typeof content === 'object' && isContract(content)).toBe(what === 'a name twice');
  });
});

describe('apim-oauth review --contract', () => {
  async function exit(...args: readonly string[]): Promise<[number, string, string]> {
    let [stdout, stderr] = ['', ''];
    const status = await run(['review', ...args], {
      stdout: (text: string) => (stdout += text),
      stderr: (text: string) => (stderr += text),
      environment: {},
    } as never);
    return [status, stdout, stderr];
  }
  const rules = stringify({
    version: 1,
    rules: [{ name: 'gold is internal', only: { product: 'Gold', client: 'Internal *' } }],
  });

  test('lists each rule in every format, and fails only where that is asked for', async () => {
    const plan = file('plan.json', granted().json());
    const contract = file('contract.yaml', rules);
    const [status, markdown] = await exit(plan, '--contract', contract);
    expect(status).toBe(0);
    expect(markdown).toContain('### Contract rules');
    expect(markdown).toContain('| gold is internal | **broken** |');
    expect((await exit(plan, '--contract', contract, '--fail-on', 'contract'))[0]).toBe(2);
    expect((await exit(plan, '--contract', contract, '--format', 'html'))[1]).toContain('Contract rules');
    expect(
      (
        await exit(
          file('none.json', nativeStack().deletes('azapi_resource.partner_grants["gold"]').json()),
          '--contract',
          contract,
          '--fail-on',
          'contract',
        )
      )[0],
    ).toBe(0);
  });

  test('without a contract there is nothing to fail on', async () => {
    const [status, , stderr] = await exit(file('plan.json', granted().json()), '--fail-on', 'contract');
    expect([status, stderr]).toEqual([1, 'apim-oauth: --fail-on contract needs a contract; give --contract FILE\n']);
  });
});
