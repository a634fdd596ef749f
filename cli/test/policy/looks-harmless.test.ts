import { flowOf } from '../../src/policy/flow';
import { readPolicy } from '../../src/policy/reader';
import { revealsCredential } from '../../src/policy/reveals';
import { differences, ENTRA, inbound, JWT, refuse, when } from './support';

/* Policies of somebody who knows what is compared, and lets more through by something that looks like an everyday change. */

const BASE = '<base />';
const GUARDED = BASE + ENTRA;
const LOG = 'unknown answer: writes to a log what may hold tokens or keys of callers';
const ANSWER = 'unknown answer: answers with what may hold a secret, or an answer to somebody else';

describe('what may hold tokens or keys', () => {
  test.each([
    '@(context.Request.Headers.GetValueOrDefault("Authorization",""))',
    '@(context.Request.Headers["Ocp-Apim-Subscription-Key"].First())',
    '@(string.Join(";", context.Request.Headers.Select(h => h.Key)))',
    '@(context.Request.OriginalUrl.ToString())',
    '@(context.Request.Url.Query.GetValueOrDefault("subscription-key",""))',
    '@(context.Subscription.PrimaryKey)',
    '@((string)context.Variables["token"])',
    '@((string)context.Variables[name])',
    '{{client-secret}}',
  ])('%s', (value) => {
    expect(revealsCredential(value)).toBe(true);
  });

  test.each([
    'Authorization',
    '@(context.Request.IpAddress)',
    '@(context.Request.Url.Path)',
    '@(context.Request.Headers.GetValueOrDefault("X-Region",""))',
    '@((string)context.Variables["request-id"])',
    '@(context.Request.Headers.GetValueOrDefault("Authorization","").AsJwt()?.Subject)',
    '@(context.Request.Headers.GetValueOrDefault("Authorization","").Split(\' \').Last().AsJwt()?.Claims.GetValueOrDefault("azp",""))',
    '@(context.LastError.Message)',
  ])('none: %s', (value) => {
    expect(revealsCredential(value)).toBe(false);
  });

  const authorization = '@(context.Request.Headers.GetValueOrDefault("Authorization",""))';

  test.each([
    `<log-to-eventhub logger-id="x">${authorization}</log-to-eventhub>`,
    `<trace source="x"><message>${authorization}</message></trace>`,
    `<emit-metric name="x"><dimension name="y" value='${authorization}' /></emit-metric>`,
  ])('is not written to a log: %s', (element) => {
    expect(differences(inbound(GUARDED), inbound(GUARDED + element))).toEqual([LOG]);
    expect(differences(inbound(GUARDED + element), inbound(GUARDED))).toEqual([]);
  });

  test.each([
    '<log-to-eventhub logger-id="x">@(context.Request.IpAddress)</log-to-eventhub>',
    '<set-variable name="x" value="@(context.Request.Headers.GetValueOrDefault(&quot;Authorization&quot;,&quot;&quot;))" />',
  ])('may be kept, or is not in it: %s', (element) => {
    expect(differences(inbound(GUARDED), inbound(GUARDED + element))).toEqual([]);
  });

  test.each<[place: 'outbound' | 'onError', element: string, told: string[]]>([
    ['outbound', '<set-body>{{client-secret}}</set-body>', [ANSWER]],
    ['outbound', '<set-header name="X-A"><value>@(context.Subscription.PrimaryKey)</value></set-header>', [ANSWER]],
    ['outbound', '<set-body>@(context.Response.Body.As<string>().ToUpper())</set-body>', []],
    ['onError', '<set-body>@((string)context.Variables["kept"])</set-body>', [ANSWER]],
    ['onError', '<set-body>@(context.LastError.Message)</set-body>', []],
    ['onError', '<set-header name="X-Reason"><value>@(context.LastError.Reason)</value></set-header>', []],
  ])('is not answered: in %s %s', (place, element, told) => {
    expect(differences(inbound(GUARDED), inbound(GUARDED, { [place]: element }))).toEqual(told);
  });

  test('a value that comes from a named value', () => {
    const after = inbound(GUARDED, { outbound: '<set-body>planted</set-body>' });
    expect(differences(inbound(GUARDED), after, { hides: (value) => value === 'planted' })).toEqual([ANSWER]);
  });
});

describe('a refusal that is none', () => {
  const refusing = (more: string, attributes = ''): string =>
    inbound(
      BASE +
        when('a', `<return-response${attributes}><set-status code="401" reason="no" />${more}</return-response>`) +
        ENTRA,
    );

  test.each<[what: string, after: string]>([
    ['since another status comes after', refusing('<set-status code="200" reason="yes" />')],
    ['since it tells a secret', refusing('<set-body>{{client-secret}}</set-body>')],
    ['since it tells what was kept', refusing('<set-body>@((string)context.Variables["x"])</set-body>')],
    ['since it tells what was asked for', refusing('', ' response-variable-name="x"')],
  ])('%s', (_, after) => {
    const found = differences(refusing(''), after);
    expect(found.filter((line) => !line.startsWith('tighter'))).not.toEqual([]);
  });

  test('says why', () => {
    const reason = '<set-body>@(context.LastError.Message)</set-body>';
    expect(differences(refusing(''), refusing(reason))).toEqual([]);
  });
});

describe('limits', () => {
  const limited = (element: string): string => inbound(GUARDED + element);
  const tokens = (quota: number): string =>
    limited(
      `<llm-token-limit counter-key="a" tokens-per-minute="500" token-quota="${quota}" token-quota-period="Daily" />`,
    );

  test('two amounts at once', () => {
    expect(differences(tokens(1_000), tokens(1_000_000))).toEqual([
      'looser limit: the llm-token-limit of  is loosened: 500 tokens and a quota of 1000 tokens becomes 500 tokens and a quota of 1000000 tokens',
    ]);
  });

  test('fewer calls in the long run, and more of them at once', () => {
    const [before, after] = ['calls="10" renewal-period="1"', 'calls="500" renewal-period="60"'].map((amount) =>
      limited(`<rate-limit ${amount} />`),
    );
    expect(differences(before ?? '', after ?? '')).toEqual([
      'unknown limit: the rate-limit of  counts differently: 10 calls in 1 s becomes 500 calls in 60 s',
    ]);
  });

  test('of calls at a time, on the way to the backend', () => {
    const forward = '<forward-request />';
    const backend = (element: string): string => inbound(GUARDED, { backend: element });
    const few = backend(`<limit-concurrency key="a" max-count="3">${forward}</limit-concurrency>`);
    expect(differences(few, backend(forward))).toEqual([
      'looser limit:  loses its limit-concurrency of 3 calls at a time',
    ]);
  });
});

test('a page of another origin gets answers by jsonp, which wraps them on their way out', () => {
  const after = inbound(GUARDED, { outbound: '<jsonp callback-parameter-name="cb" />' });
  expect(differences(inbound(GUARDED), after)).toEqual(['looser origins: lets pages of other origins read answers']);
});

test('a claim that is one text, and the same claim as a list', () => {
  const single = JWT.replace(' separator=","', '');
  const before = inbound(BASE + single);
  expect(differences(before, inbound(BASE + single.replace('match="any"', 'match="any" separator=" "')))).toEqual([
    'unknown validation: compares in another way the values of claim roles',
  ]);
});

test.each(['code', 'sig', 'api-key', 'subscription-key', 'access_token'])(
  'a parameter by which a backend may know the caller: %s',
  (name) => {
    const element = `<set-query-parameter name="${name}" exists-action="override"><value>x</value></set-query-parameter>`;
    expect(differences(inbound(GUARDED), inbound(GUARDED + element))).toEqual([
      'unknown backend: changes by what the backend may know the caller',
    ]);
  },
);

test('a section that is there twice is no policy, since a reader may mean either', () => {
  const twice = `<policies><inbound>${GUARDED}</inbound><inbound>${BASE}</inbound></policies>`;
  const root = readPolicy(twice);
  expect(root).toBeDefined();
  expect(root && flowOf(root, () => '')).toBeUndefined();
});

const bypass = (condition: string): string =>
  inbound(BASE + `<choose><when condition='${condition}'></when><otherwise>${ENTRA}</otherwise></choose>`);

test.each<[what: string, before: string, after: string]>([
  ['blanks in a verbatim string', '@(x == @"a b")', '@(x == @"a  b")'],
  ['blanks in a raw string', '@(x == """a b""")', '@(x == """a  b""")'],
  ['an expression in an interpolated string', '@(x == $"a {y}")', '@(x == $"a {z}")'],
  ['letter case in a string', '@(x == "Secret")', '@(x == "secret")'],
  ['a part that a comment hides', '@(a &amp;&amp; b)', '@(a /* &amp;&amp; b */)'],
  ['a line that a comment hides', '@{ if (x) return false;\nreturn a; }', '@{ // if (x) return false;\nreturn a; }'],
  ['brackets', '@((a || b) &amp;&amp; c)', '@(a || b &amp;&amp; c)'],
  ['the branches of a choice', '@(a ? b : c)', '@(a ? c : b)'],
])('who passes without validation differs by %s', (_, before, after) => {
  const found = differences(bypass(before), bypass(after));
  expect(found.filter((line) => !line.startsWith('tighter'))).not.toEqual([]);
});

test.each<[what: string, elements: string]>([
  ['a condition that always holds', `<choose><when condition="true"></when><otherwise>${ENTRA}</otherwise></choose>`],
  [
    'an expression that always holds',
    `<choose><when condition="@(true)"></when><otherwise>${ENTRA}</otherwise></choose>`,
  ],
  ['one of several that are waited for', `<wait for="any">${ENTRA}<set-variable name="x" value="y" /></wait>`],
  ['a comment', `<!-- ${ENTRA} -->`],
  ['text', `<![CDATA[${ENTRA}]]>`],
  ['something that nobody knows', `<frob>${ENTRA}</frob>`],
  ['another letter case', ENTRA.replaceAll('validate-azure-ad-token', 'Validate-Azure-AD-Token')],
  ['a refusal of some requests', when('a', refuse('401'))],
])('a validation is gone in %s', (_, elements) => {
  const found = differences(inbound(GUARDED), inbound(BASE + elements));
  expect(found.filter((line) => !line.startsWith('tighter'))).not.toEqual([]);
});
