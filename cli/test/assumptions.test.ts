import Ajv2020 from 'ajv/dist/2020';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ASSUMPTIONS, assumptionsList, assumptionsTable } from '../src/assumptions/assumptions';
import { RETRIED_TEXTS } from '../src/assumptions/probes';
import { anonymous } from '../src/assumptions/probe';
import { Estate, SERVICE } from './azure/estate';

const ajv = new Ajv2020();
const isBySchema = ajv.compile(
  JSON.parse(readFileSync(join(__dirname, '../schema/assumptions-1.schema.json'), 'utf8')),
);

describe('the list', () => {
  test('is that of the README and of the page', () => {
    expect(readFileSync('README.md', 'utf8')).toContain(`should be true:\n\n${assumptionsList()}\n`);
    expect(readFileSync('docs/assumptions.md', 'utf8')).toContain(assumptionsTable());
  });

  test('names files that exist, and no id twice', () => {
    expect(ASSUMPTIONS.flatMap(({ reliedOnBy }) => reliedOnBy).filter((file) => !existsSync(file))).toEqual([]);
    expect(new Set(ASSUMPTIONS.map(({ id }) => id)).size).toBe(ASSUMPTIONS.length);
  });
});

test('evidence without identifiers', () => {
  expect(
    anonymous(
      'gold of contoso-apim.azure-api.net: /subscriptions/2/resourceGroups/g/x, 11111111-1111-4111-8111-111111111111, ada@contoso.com, partner-two, partner',
      ['partner', 'partner-two', 'gold'],
    ),
  ).toBe('<name> of <host>: <resource>, <id>, <address>, <name>, <name>');
});

describe('on a sandbox', () => {
  let estate: Estate;
  beforeEach(async () => {
    estate = await Estate.start();
    const gold = await estate.product('gold');
    await estate.application('partner', { gold });
  });
  afterEach(() => estate.close());

  async function probe(args: readonly string[] = [], environment: Record<string, string> = {}) {
    const outcome = await estate.run(
      ['assumptions', 'probe', '--manifest', estate.manifestFile(), '--instance-id', SERVICE, '--json', ...args],
      { environment },
    );
    const found = outcome.stdout === '' ? { findings: [] } : JSON.parse(outcome.stdout);
    return {
      ...outcome,
      found,
      answers: Object.fromEntries(found.findings.map(({ id, answer }: { id: string; answer: string }) => [id, answer])),
      evidence: Object.fromEntries(
        found.findings.map(({ id, evidence }: { id: string; evidence: string }) => [id, evidence]),
      ),
    };
  }

  test('what only reads', async () => {
    const writes = () =>
      estate.azure.requests.filter(
        ({ method, service }) => method !== 'GET' && ['arm', 'graph', 'vault'].includes(service),
      );
    const before = writes().length;
    const { status, stderr, answers, evidence, found, stdout } = await probe();
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(answers).toEqual({
      'registration-filled-in': 'holds',
      'registration-names': 'holds',
      'audience-is-application-id': 'holds',
      'secret-is-new-each-time': 'could not tell',
      'former-secret-ends': 'could not tell',
      'gateway-checks-token': 'holds',
      'key-on-policy-product': 'could not tell',
      'api-in-several-products': 'could not tell',
      'keys-only-forgets-registration': 'could not tell',
      'missing-role-text': 'could not tell',
      'identity-role-needed': 'could not tell',
    });
    expect(evidence['registration-filled-in']).toBe('1 of 1 products have an application id and an audience');
    expect(evidence['secret-is-new-each-time']).toBe(
      'not tried: it makes two new secrets of a client application, which may end the secret that it has; give --allow-changes',
    );
    expect(evidence['identity-role-needed']).toContain('the identity has Application Administrator');
    expect(isBySchema(found)).toBe(true);
    expect(stdout).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-|contoso|partner/);
    expect(writes()).toHaveLength(before);
  });

  test.each([
    ['replace', { 'secret-is-new-each-time': 'holds', 'former-secret-ends': 'holds' }, 0],
    ['append', { 'secret-is-new-each-time': 'holds', 'former-secret-ends': 'does not hold' }, 2],
    ['stable', { 'secret-is-new-each-time': 'does not hold', 'former-secret-ends': 'could not tell' }, 2],
  ] as const)('what changes something says so first: secrets %s', async (secrets, expected, code) => {
    estate.azure.control.configure({ secrets });
    const { status, answers, stderr, stdout } = await probe([
      '--allow-changes',
      '--only',
      'secret-is-new-each-time',
      '--only',
      'former-secret-ends',
    ]);
    expect({ status, answers }).toEqual({ status: code, answers: expected });
    expect(stderr.split('\n')[0]).toBe(
      'apim-oauth: secret-is-new-each-time makes two new secrets of a client application, which may end the secret that it has',
    );
    const texts = [...estate.azure.cloud.directory.secretTexts.values()];
    expect(texts.filter((text) => stdout.includes(text))).toEqual([]);
  });

  test('what does not hold', async () => {
    estate.azure.control.change(`${SERVICE}/products/gold`, {
      properties: { application: { entra: { applicationId: null, audience: 'https://contoso.com/gold' } } },
    });
    const { status, answers } = await probe([
      '--only',
      'registration-filled-in',
      '--only',
      'audience-is-application-id',
    ]);
    expect({ status, answers }).toEqual({
      status: 2,
      answers: { 'registration-filled-in': 'does not hold', 'audience-is-application-id': 'does not hold' },
    });
  });

  test('a gateway that lets everybody in', async () => {
    estate.azure.control.change(`${SERVICE}/products/gold`, {
      properties: { authenticationType: ['subscription-key'], subscriptionRequired: false },
    });
    const { answers, evidence } = await probe(['--only', 'gateway-checks-token']);
    expect(answers).toEqual({ 'gateway-checks-token': 'does not hold' });
    expect(evidence['gateway-checks-token']).toBe(
      'the token with 1 roles was answered 200, none and two forged ones 200, 200, 200',
    );
  });

  test('an API in two products, a product that keeps its registration, and a role that is missing', async () => {
    await estate.product('silver');
    await estate.client.put(`${SERVICE}/products/silver/apiLinks/gold`, { apiId: `${SERVICE}/apis/gold` });
    expect((await probe(['--only', 'api-in-several-products'])).answers).toEqual({
      'api-in-several-products': 'holds',
    });
    estate.azure.control.change(`${SERVICE}/products/silver`, {
      properties: { authenticationType: ['subscription-key'] },
    });
    expect((await probe(['--only', 'keys-only-forgets-registration'])).answers).toEqual({
      'keys-only-forgets-registration': 'does not hold',
    });
    const role = ['--allow-changes', '--only', 'missing-role-text'];
    expect((await probe(role)).answers).toEqual({ 'missing-role-text': 'could not tell' });
    estate.azure.cloud.directory.roleAssignments.clear();
    expect((await probe(role)).answers).toEqual({ 'missing-role-text': 'holds' });
    estate.azure.control.configure({ directoryRoleNeeded: false });
    expect((await probe(role)).answers).toEqual({ 'missing-role-text': 'does not hold' });
    expect((await estate.client.arm('GET', `${SERVICE}/products/apim-oauth-probe`)).status).toBe(404);
  });

  test('the texts are those of the library', () => {
    const text = readFileSync('lib/azapi/replication-delays.ts', 'utf8');
    expect(text).toContain(`errorMessageRegex: [${RETRIED_TEXTS.map((one) => `'${one}'`).join(', ')}]`);
  });

  test('a registration of another name', async () => {
    const { value } = (
      await estate.client.graph('GET', "/applications?$filter=displayName eq 'APIMProductApplicationgold'")
    ).json;
    await estate.client.graph('PATCH', `/applications/${value[0].id}`, { displayName: 'Gold' });
    expect((await probe(['--only', 'registration-names'])).answers).toEqual({ 'registration-names': 'does not hold' });
  });

  test('an identity without a role', async () => {
    estate.azure.cloud.directory.roleAssignments.clear();
    expect((await probe(['--only', 'identity-role-needed'])).answers).toEqual({
      'identity-role-needed': 'does not hold',
    });
  });

  test('what the login may not read, it could not tell', async () => {
    estate.azure.control.fault({ service: 'graph', times: 0, status: 403, code: 'Authorization_RequestDenied' });
    const { status, evidence } = await probe(['--only', 'registration-names']);
    expect(status).toBe(0);
    expect(evidence['registration-names']).toContain('it needs Application.Read.All (or Directory Readers)');
  });

  test('text', async () => {
    const { stdout } = await estate.run([
      'assumptions',
      'probe',
      '--manifest',
      estate.manifestFile(),
      '--instance-id',
      SERVICE,
      '--only',
      'registration-filled-in',
    ]);
    expect(stdout).toBe(
      'holds          registration-filled-in: the service fills `application.entra` when `apimManaged()` leaves it out\n               1 of 1 products have an application id and an audience\n',
    );
    const listed = await estate.run(['assumptions', 'list']);
    expect(listed.stdout).toContain(
      'former-secret-ends\n  the former secret stops working when `listSecrets` makes another one\n',
    );
    expect(isBySchema(JSON.parse((await estate.run(['assumptions', 'list', '--json'])).stdout))).toBe(true);
  });

  test.each([
    [[], ['no action is given; give list or probe']],
    [['guess'], ['there is no such action; give list or probe']],
    [
      ['probe', '--only', 'x', '--subscription-key-env', 'NOT_SET'],
      [
        '--manifest is missing; give the output of terraform output -json',
        '--instance-id: this is not the resource id of an API Management instance; give /subscriptions/…/service/NAME',
        '--only x: there is no such assumption; see apim-oauth assumptions list',
        '--subscription-key-env: the variable is not set; give the name of a variable that contains a key',
      ],
    ],
  ])('%j', async (args, problems) => {
    expect(await estate.run(['assumptions', ...args])).toEqual({
      status: 1,
      stdout: '',
      stderr: problems.map((problem) => `apim-oauth: ${problem}\n`).join(''),
    });
  });
});
