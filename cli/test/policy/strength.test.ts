import { atoms, contradict } from '../../src/policy/condition';
import { audiencesOf, demandOf, inherits } from '../../src/policy/strength';
import { ENTRA, flow, inbound, JWT, refuse, when } from './support';

const demand = (elements: string): string => {
  const { applies, strength } = demandOf(flow(inbound(elements)));
  return `${applies} ${strength}`;
};
const entra = (inner: string, attributes = 'tenant-id="t"'): string =>
  `<validate-azure-ad-token ${attributes}>${inner}</validate-azure-ad-token>`;
const jwt = (inner: string, attributes = ''): string => `<validate-jwt ${attributes}>${inner}</validate-jwt>`;
const config = (tenant: string): string =>
  `<openid-config url="https://login.microsoftonline.com/${tenant}/v2.0/.well-known/openid-configuration" />`;
const claim = (name: string, values = ''): string =>
  `<required-claims><claim name="${name}">${values}</claim></required-claims>`;
const KEYS = '<issuer-signing-keys><key>k</key></issuer-signing-keys>';
const ISSUER = '<issuers><issuer>i</issuer></issuers>';

test.each<[string, string, string]>([
  ['a tenant', entra(''), 'always tenant'],
  ['no tenant', entra('', ''), 'always any tenant'],
  ['every tenant', entra('', 'tenant-id="common"'), 'always any tenant'],
  ['every organization', entra('', 'tenant-id=" Organizations "'), 'always any tenant'],
  ['a tenant that is named like every one', entra('', 'tenant-id="common.contoso.com"'), 'always tenant'],
  ['a tenant that ends like every one', entra('', 'tenant-id="contoso-common"'), 'always tenant'],
  ['a tenant that is computed', entra('', 'tenant-id="@("com" + "mon")"'), 'always any tenant'],
  ['an audience', entra('<audiences><audience>a</audience></audiences>'), 'always bound'],
  [
    'an audience that the caller names',
    entra('<audiences><audience>@(context.Request.Headers["a"][0])</audience></audiences>'),
    'always tenant',
  ],
  [
    'clients that the caller names',
    entra(
      '<client-application-ids><application-id>@(context.Request.Url.Path)</application-id></client-application-ids>',
    ),
    'always tenant',
  ],
  [
    'backend applications',
    entra('<backend-application-ids><application-id>b</application-id></backend-application-ids>'),
    'always bound',
  ],
  ['a claim of some', entra(claim('roles')), 'always bound'],
  ['a claim of everybody', entra(claim('iss')), 'always tenant'],
  ['a client in general', entra(claim('azp')), 'always tenant'],
  ['a certain client', entra(claim('appid', '<value>c</value>')), 'always bound'],
  ['a certain subject', entra(claim('sub', '<value>c</value>')), 'always bound'],
  ['a certain version', entra(claim('ver', '<value>2.0</value>')), 'always tenant'],
  ['a certain sub-claim of everybody', entra(claim('azpacr', '<value>1</value>')), 'always tenant'],
  ['keys of a tenant', jwt(config('t')), 'always tenant'],
  ['keys of every tenant', jwt(config('common')), 'always any tenant'],
  ['keys of every tenant, with an issuer', jwt(config('common') + ISSUER), 'always tenant'],
  [
    'keys of every tenant, with an issuer that the caller names',
    jwt(`${config('common')}<issuers><issuer>@(context.Request.Headers["i"][0])</issuer></issuers>`),
    'always any tenant',
  ],
  ['keys of its own', jwt(KEYS), 'always tenant'],
  ['keys of its own and of a tenant', jwt(config('t') + KEYS), 'always tenant'],
  ['no keys', jwt('<audiences><audience>a</audience></audiences>'), 'never none'],
  ['no signature', jwt(config('t'), 'require-signed-tokens="false"'), 'never none'],
  ['a signature by an expression', jwt(config('t'), 'require-signed-tokens="@(x)"'), 'never none'],
  [
    'keys from where the caller says',
    jwt('<openid-config url="@(context.Request.Headers["k"][0])" /><audiences><audience>a</audience></audiences>'),
    'never none',
  ],
  [
    'a key that the caller brings',
    jwt('<issuer-signing-keys><key>@(context.Request.Headers["k"][0])</key></issuer-signing-keys>'),
    'never none',
  ],
  [
    'keys from where a variable says',
    jwt('<openid-config url="@((string)context.Variables["k"])" />'),
    'always any tenant',
  ],
  ['a value that is no token', entra('', 'tenant-id="t" token-value="x"'), 'never none'],
  ['a value of the request', entra('', 'tenant-id="t" token-value="@(x)"'), 'always tenant'],
  ['nothing', '<base />', 'never none'],
  ['a condition', when('context.Request.Method == "GET"', ENTRA), 'sometimes none'],
  ['one of two ways', when('a', ENTRA, JWT), 'always bound'],
  ['the weaker of two ways', when('a', ENTRA, entra('')), 'always tenant'],
  ['a refusal otherwise', when('a', ENTRA, refuse()), 'always bound'],
  ['a condition and its opposite', when('a', ENTRA) + when('!a', ENTRA), 'always bound'],
  ['without a key', when('context.Subscription == null', ENTRA), 'without key bound'],
  ['an answer before, which lets nothing through', when('a', '<return-response />') + ENTRA, 'always bound'],
])('%s', (_, elements, expected) => {
  expect(demand(elements)).toBe(expected);
});

/** For one request they may hold at one place and not at another, and so may their opposites. */
test.each([
  'new Random().Next(2) == 0',
  'Guid.NewGuid().ToByteArray()[0] < 128',
  'DateTime.UtcNow.Second % 2 == 0',
  'DateTime.Now.Second == 0',
  'context.Elapsed.TotalMilliseconds < 3',
  'Environment.TickCount > 5',
  'context.Request.Body.As<string>() == "a"',
])('two conditions that are asked at two times: %s', (condition) => {
  expect(demand(when(condition, ENTRA) + when(`!(${condition})`, ENTRA))).toBe('sometimes none');
  expect(demand(when(condition, ENTRA, JWT))).toBe('always bound');
  expect(contradict(atoms(`@(${condition} && !(${condition}))`, true), [])).toBe(false);
});

test('a body that stays answers the same twice', () => {
  const condition = 'context.Request.Body.As<string>(preserveContent: true) == "a"';
  expect(demand(when(condition, ENTRA) + when(`!(${condition})`, ENTRA))).toBe('always bound');
});

test.each<[string, string, boolean]>([
  ['first', '<base />', true],
  ['after a check', `${ENTRA}<base />`, true],
  ['in every branch', when('a', '<base />', '<base />'), true],
  ['in one branch', when('a', '<base />'), false],
  ['in one branch, with a refusal in the other', when('a', '<base />', refuse()), true],
  ['nowhere', ENTRA, false],
  ['after an answer', `${when('a', '<return-response />')}<base />`, true],
])('what is around a policy applies: %s', (_, elements, expected) => {
  expect(inherits(flow(inbound(elements)))).toBe(expected);
});

test('audiences of all validations, each once', () => {
  const other = ENTRA.replace('api://a', 'api://b');
  expect(audiencesOf(flow(inbound(ENTRA + when('a', other, JWT))))).toEqual(['api://a', 'api://b']);
  expect(
    audiencesOf(flow(inbound('<ip-filter action="allow"><audiences><audience>x</audience></audiences></ip-filter>'))),
  ).toEqual([]);
});
