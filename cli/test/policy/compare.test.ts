import { differences, ENTRA, flow, inbound, JWT, refuse, when } from './support';
import { demandOf } from '../../src/policy/strength';

const BASE = '<base />';
const IP =
  '<ip-filter action="allow"><address>10.0.0.4</address><address-range from="10.1.0.0" to="10.1.0.9" /></ip-filter>';
const HEADER =
  '<check-header name="X-Gate" failed-check-httpcode="401" failed-check-error-message="no" ignore-case="false"><value>a</value><value>b</value></check-header>';
const CERTIFICATE =
  '<validate-client-certificate><identities><identity thumbprint="1" /><identity thumbprint="2" /></identities></validate-client-certificate>';
const CORS =
  '<cors allow-credentials="false"><allowed-origins><origin>https://a</origin></allowed-origins><allowed-methods preflight-result-max-age="300"><method>GET</method></allowed-methods><allowed-headers><header>x</header></allowed-headers></cors>';
const ANSWER = '<return-response><set-status code="200" reason="OK" /></return-response>';

type Row = readonly [what: string, before: string, after: string, ...expected: string[]];

/** What an attribute or a child of an element becomes. */
const edit = (xml: string, from: string | RegExp, to: string): string => {
  const edited = xml.replace(from, to);
  if (edited === xml) {
    throw new Error(`${String(from)} is not in ${xml}`);
  }
  return edited;
};

function table(title: string, rows: readonly Row[]): void {
  describe(title, () => {
    test.each(rows.map((row) => [row[0], row] as const))('%s', (_, [, before, after, ...expected]) => {
      expect(differences(inbound(BASE + before), inbound(BASE + after))).toEqual(expected);
    });
  });
}

const entra = (what: string, from: string | RegExp, to: string, ...expected: string[]): Row => [
  what,
  ENTRA,
  edit(ENTRA, from, to),
  ...expected,
];
const jwt = (what: string, from: string | RegExp, to: string, ...expected: string[]): Row => [
  what,
  JWT,
  edit(JWT, from, to),
  ...expected,
];

table('validate-azure-ad-token', [
  ['the same', ENTRA, ENTRA],
  entra(
    'another status and message',
    'header-name',
    'failed-validation-httpcode="200" failed-validation-error-message="x" output-token-variable-name="j" header-name',
  ),
  entra('the header that is the default', ' header-name="Authorization"', ''),
  entra('the same header in another case', 'Authorization', 'authorization'),
  entra('another tenant', '"t"', '"u"', 'both validation: accepts tokens of another tenant'),
  entra('every tenant', '"t"', '"organizations"', 'looser validation: accepts tokens of every tenant'),
  entra(
    'another header',
    'Authorization',
    'X-Token',
    'both validation: looks for the token in another place: a token in the former place is no longer validated',
  ),
  entra(
    'a query parameter',
    'header-name="Authorization"',
    'query-parameter-name="token"',
    'both validation: looks for the token in another place: a token in the former place is no longer validated',
  ),
  entra(
    'a value of its own',
    'header-name="Authorization"',
    'token-value="@(context.Variables.GetValueOrDefault<string>("t"))"',
    'both validation: looks for the token in another place: a token in the former place is no longer validated',
  ),
  entra(
    'one more audience',
    '</audience>',
    '</audience><audience>api://b</audience>',
    'looser audience: accepts tokens for one more audience: api://b',
  ),
  entra(
    'another audience',
    'api://a',
    'api://b',
    'looser audience: accepts tokens for one more audience: api://b',
    'tighter audience: no longer accepts tokens for an audience: api://a',
  ),
  entra('any audience', /<audiences>.*<\/audiences>/, '', 'looser audience: accepts tokens for any audience'),
  entra(
    'one more client',
    '</application-id>',
    '</application-id><application-id>d</application-id>',
    'looser validation: accepts 1 more of the clients by their ids',
  ),
  entra(
    'any client',
    /<client-application-ids>.*<\/client-application-ids>/,
    '',
    'looser validation: no longer limits which clients it accepts',
  ),
  entra('a client in capitals', '<application-id>c', '<application-id>C'),
  entra(
    'backend applications of a list',
    '<audiences>',
    '<backend-application-ids><application-id>b</application-id></backend-application-ids><audiences>',
    'tighter validation: accepts only the backend applications of a list',
  ),
  entra(
    'no claim',
    /<required-claims>.*<\/required-claims>/,
    '',
    'looser validation: no longer demands claim roles Read',
  ),
  entra(
    'another role',
    'Read',
    'Write',
    'tighter validation: also demands claim roles Write',
    'looser validation: no longer demands claim roles Read',
  ),
  entra(
    'any of two roles',
    /match="all">.*<\/value>/,
    'match="any"><value>Read</value><value>Write</value>',
    'looser validation: also accepts claim roles Write',
  ),
  entra('any of one role', 'match="all"', 'match="any"'),
  entra(
    'all of two roles',
    '</value>',
    '</value><value>Write</value>',
    'tighter validation: also demands claim roles Write',
  ),
  entra(
    'a role that no plan declares',
    '</value>',
    '</value><value>hunter2</value>',
    'tighter validation: also demands claim roles (1 value)',
  ),
  entra('any value of the claim', /<value>Read<\/value>/, '', 'looser validation: no longer demands claim roles Read'),
  entra(
    'one more claim',
    '</required-claims>',
    '<claim name="department"><value>sales</value></claim></required-claims>',
    'tighter validation: demands a claim (1 value)',
  ),
  entra(
    'an attribute that nobody knows',
    'tenant-id',
    'shiny="1" tenant-id',
    'unknown validation: changes the validation of tokens in a way that cannot be compared',
  ),
  entra(
    'a child that nobody knows',
    '<audiences>',
    '<shiny /><audiences>',
    'unknown validation: changes the validation of tokens in a way that cannot be compared',
  ),
  entra(
    'a role that is unknown until apply',
    'Read',
    'unknown-until-apply',
    'unknown validation: demands what is unknown until apply of claim roles',
    'looser validation: no longer demands claim roles Read',
  ),
  entra(
    'an audience that is unknown until apply',
    'api://a',
    'api://unknown-until-apply',
    'unknown audience: accepts tokens for an audience that is unknown until apply',
    'tighter audience: no longer accepts tokens for an audience: api://a',
  ),
  ['gone', ENTRA, '', 'looser validation: no longer validates tokens'],
  ['new', '', ENTRA, 'tighter validation: validates tokens'],
  [
    'instead of validate-jwt',
    JWT,
    ENTRA,
    'unknown validation: validates tokens in another way, which cannot be compared with the former one',
  ],
  ['beside another one', ENTRA, ENTRA + JWT, 'tighter validation: applies the validation of tokens to more requests'],
  [
    'no longer beside another one',
    ENTRA + JWT,
    ENTRA,
    'looser validation: leaves out a part of the validation of tokens',
  ],
]);

table('validate-jwt', [
  jwt(
    'the defaults written out',
    ' require-scheme',
    ' require-signed-tokens="True" require-expiration-time="true" clock-skew="0" require-scheme',
  ),
  jwt(
    'tokens without a signature',
    ' require-scheme',
    ' require-signed-tokens="false" require-scheme',
    'looser validation: accepts tokens without a signature',
  ),
  jwt(
    'signatures that a computed value demands',
    ' require-scheme',
    ' require-signed-tokens="@(true)" require-scheme',
    'unknown validation: may accept tokens without a signature: that is computed',
  ),
  jwt(
    'tokens that never expire',
    ' require-scheme',
    ' require-expiration-time="false" require-scheme',
    'looser validation: accepts tokens that never expire',
  ),
  jwt(
    'a clock that is further off',
    ' require-scheme',
    ' clock-skew="86400" require-scheme',
    'looser validation: accepts tokens for longer after they expire: 86400 s instead of 0 s',
  ),
  jwt(
    'a clock that is computed',
    ' require-scheme',
    ' clock-skew="@(9)" require-scheme',
    'unknown validation: changes how long it accepts tokens after they expire',
  ),
  jwt('no scheme', ' require-scheme="Bearer"', '', 'looser validation: no longer demands a scheme before the token'),
  jwt('another scheme', 'Bearer', 'DPoP', 'both validation: demands another scheme before the token'),
  jwt(
    'another OpenID configuration',
    '/t/',
    '/u/',
    'looser validation: trusts the signing keys of one more OpenID configuration',
    'tighter validation: no longer trusts the signing keys of an OpenID configuration',
  ),
  jwt(
    'one more OpenID configuration',
    '<audiences>',
    '<openid-config url="https://evil/.well-known" /><audiences>',
    'looser validation: trusts the signing keys of one more OpenID configuration',
  ),
  jwt(
    'a signing key',
    '<audiences>',
    '<issuer-signing-keys><key>c2VjcmV0</key></issuer-signing-keys><audiences>',
    'looser validation: trusts one more signing key',
  ),
  jwt(
    'a decryption key',
    '<audiences>',
    '<decryption-keys><key certificate-id="c" /></decryption-keys><audiences>',
    'looser validation: decrypts tokens with one more key',
  ),
  jwt(
    'one more issuer',
    '</issuer>',
    '</issuer><issuer>j</issuer>',
    'looser validation: accepts tokens of one more issuer',
  ),
  jwt('any issuer', /<issuers>.*<\/issuers>/, '', 'looser validation: accepts tokens for any issuer'),
  jwt(
    'another separator',
    'separator=","',
    'separator=" "',
    'unknown validation: compares in another way the values of claim roles',
  ),
  jwt('all of the roles', 'match="any"', 'match="all"', 'tighter validation: demands every value of claim roles'),
  jwt(
    'all of the roles instead of any, and back',
    'match="any"',
    'match="all"',
    'tighter validation: demands every value of claim roles',
  ),
  [
    'any of the roles',
    edit(JWT, 'match="any"', 'match="all"'),
    JWT,
    'looser validation: is content with one value of claim roles',
  ],
  jwt('fewer roles', '<value>Write</value>', '', 'tighter validation: no longer accepts claim roles Write'),
]);

table('other checks', [
  [
    'addresses: in another order',
    IP,
    '<ip-filter action="Allow"><address-range to="10.1.0.9" from="10.1.0.0" /><address>10.0.0.4</address></ip-filter>',
  ],
  [
    'addresses: more',
    IP,
    edit(IP, '</address>', '</address><address>1.1.1.1</address>'),
    'looser check: accepts calls from more addresses',
  ],
  [
    'addresses: fewer',
    IP,
    edit(IP, '<address>10.0.0.4</address>', ''),
    'tighter check: accepts calls from fewer addresses',
  ],
  [
    'addresses: forbidden instead of allowed',
    IP,
    edit(IP, 'allow', 'forbid'),
    'unknown check: filters addresses in another way',
  ],
  [
    'addresses: fewer are forbidden',
    edit(IP, 'allow', 'forbid'),
    edit(edit(IP, 'allow', 'forbid'), '<address>10.0.0.4</address>', ''),
    'looser check: refuses calls from fewer addresses',
  ],
  ['addresses: no filter', IP, '', 'looser check: no longer filters the addresses that calls come from'],
  ['header: another status', HEADER, edit(HEADER, '401', '200')],
  [
    'header: one more value',
    HEADER,
    edit(HEADER, '<value>b', '<value>c</value><value>b'),
    'looser check: accepts one more value of a header',
  ],
  ['header: any value', HEADER, edit(HEADER, /<value>.*<\/value>/, ''), 'looser check: accepts any value of a header'],
  [
    'header: in any case',
    HEADER,
    edit(HEADER, 'ignore-case="false"', 'ignore-case="true"'),
    'looser check: accepts values of a header whatever their case',
  ],
  ['header: another one', HEADER, edit(HEADER, 'X-Gate', 'X-Other'), 'both check: checks another header'],
  ['header: no check', HEADER, '', 'looser check: no longer checks a header'],
  [
    'certificate: revoked ones',
    CERTIFICATE,
    edit(CERTIFICATE, '<validate-client-certificate', '<validate-client-certificate validate-revocation="false"'),
    'looser check: accepts client certificates that are revoked',
  ],
  [
    'certificate: errors are ignored',
    CERTIFICATE,
    edit(CERTIFICATE, '<validate-client-certificate', '<validate-client-certificate ignore-error="true"'),
    'looser check: accepts client certificates that are not valid',
  ],
  [
    'certificate: of somebody else',
    CERTIFICATE,
    edit(CERTIFICATE, 'thumbprint="2"', 'thumbprint="3"'),
    'looser check: accepts client certificates of somebody else',
    'tighter check: no longer accepts client certificates of somebody',
  ],
  [
    'certificate: of anybody',
    CERTIFICATE,
    edit(CERTIFICATE, /<identities>.*<\/identities>/, ''),
    'looser check: accepts client certificates of anybody',
  ],
  [
    'content: changed',
    '<validate-content unspecified-content-type-action="prevent" />',
    '<validate-content unspecified-content-type-action="detect" />',
    'unknown check: changes the validation of messages in a way that cannot be compared',
  ],
  [
    'content: gone',
    '<validate-parameters specified-parameter-action="prevent" />',
    '',
    'looser check: no longer validates messages',
  ],
  ['content: new, but it only reports', '', '<validate-parameters specified-parameter-action="detect" />'],
  ['own: a status that refuses as well', when('x', refuse('403')), when('x', refuse('401'))],
  [
    'own: a status that does not refuse',
    when('x', refuse('403')),
    when('x', refuse('200')),
    'looser check: no longer refuses some of the requests that it refused itself',
  ],
  [
    'own: a computed status',
    when('x', refuse('403')),
    when('x', refuse('@(403)')),
    'looser check: no longer refuses some of the requests that it refused itself',
  ],
  [
    'own: fewer requests',
    when('x', refuse()),
    when('x && y', refuse()),
    'looser check: no longer refuses some of the requests that it refused itself',
  ],
  ['own: more requests', when('x && y', refuse()), when('x', refuse()), 'tighter check: refuses some requests itself'],
  [
    'own: on another variable',
    `<set-variable name="ok" value="@(false)" />${when('!(bool)context.Variables["ok"]', refuse())}`,
    `<set-variable name="ok" value="@(true)" />${when('!(bool)context.Variables["ok"]', refuse())}`,
    'looser check: no longer refuses some of the requests that it refused itself',
    'tighter check: refuses some requests itself',
  ],
  [
    'own: on the answer of another service',
    `<send-request response-variable-name="r"><set-url>https://a</set-url></send-request>${when('((IResponse)context.Variables["r"]).StatusCode != 200', refuse())}`,
    `<send-request response-variable-name="r"><set-url>https://b</set-url></send-request>${when('((IResponse)context.Variables["r"]).StatusCode != 200', refuse())}`,
    'looser check: no longer refuses some of the requests that it refused itself',
    'tighter check: refuses some requests itself',
    'unknown backend: sends something elsewhere in another way than before',
  ],
]);

table('conditions', [
  [
    'only some requests',
    ENTRA,
    when('context.Request.Method != "OPTIONS"', ENTRA),
    'looser validation: applies the validation of tokens to fewer requests',
  ],
  ['only what is true anyway', ENTRA, when('true', ENTRA)],
  ['never', ENTRA, when('false', ENTRA), 'looser validation: no longer validates tokens'],
  ['in either case', ENTRA, when('x', ENTRA, ENTRA)],
  [
    'in either case, in one of them less',
    ENTRA,
    when('x', ENTRA, edit(ENTRA, /<required-claims>.*<\/required-claims>/, '')),
    'looser validation: applies the validation of tokens to fewer requests',
  ],
  [
    'in either case, in one of them more',
    ENTRA,
    when('x', ENTRA, edit(ENTRA, '</value>', '</value><value>Write</value>')),
    'tighter validation: applies the validation of tokens to more requests',
  ],
  ['else instead of not', when('context.Subscription != null', '', ENTRA), when('context.Subscription == null', ENTRA)],
  [
    'not instead of else',
    when('(x)', ENTRA),
    `<choose><when condition="@(!x)" /><otherwise>${ENTRA}</otherwise></choose>`,
  ],
  ['in another order', when('a && b == null', ENTRA), when('null == b && (a)', ENTRA)],
  ['nested', when('a && b', ENTRA), when('a', when('b', ENTRA))],
  ['neither nor', when('a || b', '', ENTRA), when('!a && !b', ENTRA)],
  [
    'one less',
    when('a && b', ENTRA),
    when('a', ENTRA),
    'tighter validation: applies the validation of tokens to more requests',
  ],
  [
    'one more',
    when('a', ENTRA),
    when('a && b', ENTRA),
    'looser validation: applies the validation of tokens to fewer requests',
  ],
  [
    'a branch before it',
    when('a', ENTRA),
    `<choose><when condition="@(b)" /><when condition="@(a)">${ENTRA}</when></choose>`,
    'looser validation: applies the validation of tokens to fewer requests',
  ],
  ['around others that run anyway', ENTRA, `<retry condition="@(false)" count="1" interval="1">${ENTRA}</retry>`],
  [
    'around others of which one is enough',
    ENTRA,
    `<wait for="any">${when('true', ENTRA)}</wait>`,
    'looser validation: applies the validation of tokens to fewer requests',
  ],
  [
    'what may not stand in a choose',
    when('a', ENTRA),
    edit(when('a', ENTRA), '<choose>', `<choose>${ANSWER}`),
    'unknown check: changes what it does before the validation of tokens in a way that cannot be judged',
    'unknown check: contains something that this version does not know',
  ],
]);

table('what comes before a check', [
  [
    'an answer to everybody',
    ENTRA,
    ANSWER + ENTRA,
    'looser validation: no longer validates tokens',
    'tighter answer: answers some requests itself instead of the backend',
  ],
  [
    'an answer to some',
    ENTRA,
    when('x', ANSWER) + ENTRA,
    'looser validation: answers some requests before the validation of tokens',
    'tighter answer: answers some requests itself instead of the backend',
  ],
  [
    'a mocked answer',
    ENTRA,
    `${when('x', '<mock-response status-code="200" />')}${ENTRA}`,
    'looser validation: answers some requests before the validation of tokens',
    'tighter answer: answers some requests itself instead of the backend',
  ],
  ['an answer that was there', when('x', ANSWER) + ENTRA, when('x', ANSWER) + ENTRA],
  [
    'an answer to more',
    when('x && y', ANSWER) + ENTRA,
    when('x', ANSWER) + ENTRA,
    'unknown answer: no longer answers some of the requests that it answered itself',
    'looser validation: answers some requests before the validation of tokens',
    'tighter answer: answers some requests itself instead of the backend',
  ],
  ['a refusal', ENTRA, when('x', refuse()) + ENTRA, 'tighter check: refuses some requests itself'],
  ['an answer after it', ENTRA, ENTRA + ANSWER, 'tighter answer: answers some requests itself instead of the backend'],
  [
    'an answer of another service after it',
    ENTRA,
    `${ENTRA}<return-response response-variable-name="r" />`,
    'unknown answer: answers some requests itself',
  ],
  [
    'no answer any more',
    ENTRA + ANSWER,
    ENTRA,
    'unknown answer: no longer answers some of the requests that it answered itself',
  ],
  [
    'what a cache kept',
    ENTRA,
    `<cache-lookup vary-by-developer="false" />${ENTRA}`,
    'looser validation: answers some requests before the validation of tokens',
    'unknown answer: may answer with a cached response',
  ],
  [
    'a header that it reads',
    ENTRA,
    `<set-header name="authorization" exists-action="override"><value>{{t}}</value></set-header>${ENTRA}`,
    'looser validation: changes what the validation of tokens reads before it comes',
    'unknown backend: changes a header by which the backend may know the caller',
  ],
  [
    'a header of a name that is computed',
    ENTRA,
    `<set-header name="@(x)" exists-action="override"><value>y</value></set-header>${ENTRA}`,
    'looser validation: changes what the validation of tokens reads before it comes',
    'unknown backend: changes a header by which the backend may know the caller',
  ],
  [
    'a token of the gateway itself',
    ENTRA,
    `<authentication-managed-identity resource="api://a" />${ENTRA}`,
    'looser validation: changes what the validation of tokens reads before it comes',
    'unknown backend: changes which identity the backend sees in another way than before',
  ],
  [
    'a header that it does not read',
    ENTRA,
    `<set-header name="X-Correlation" exists-action="skip"><value>y</value></set-header>${ENTRA}`,
  ],
  ['a variable that nothing reads', ENTRA, `<set-variable name="x" value="y" />${ENTRA}`],
  [
    'a fragment that no plan shows',
    ENTRA,
    `<include-fragment fragment-id="f" />${ENTRA}`,
    'unknown check: changes what it does before the validation of tokens in a way that cannot be judged',
    'unknown check: includes a fragment whose final text no plan shows',
  ],
  [
    'a request that callers without a token cause',
    `${ENTRA}<send-request response-variable-name="r" />`,
    `<send-request response-variable-name="r" />${ENTRA}`,
    'unknown backend: does for all requests what it did only after its checks passed',
  ],
]);

table('limits', [
  [
    'more',
    '<rate-limit calls="10" renewal-period="60" />',
    '<rate-limit calls="20" renewal-period="60" />',
    'looser limit: the rate-limit of  is loosened: 10 calls in 60 s becomes 20 calls in 60 s',
  ],
  [
    'fewer',
    '<quota calls="10" bandwidth="40" renewal-period="60" />',
    '<quota calls="5" bandwidth="40" renewal-period="60" />',
    'tighter limit: the quota of  is tightened: 10 calls and 40 kB in 60 s becomes 5 calls and 40 kB in 60 s',
  ],
  [
    'more of one and less of the other',
    '<quota calls="10" bandwidth="40" renewal-period="60" />',
    '<quota calls="20" bandwidth="4" renewal-period="60" />',
    'unknown limit: the quota of  counts differently: 10 calls and 40 kB in 60 s becomes 20 calls and 4 kB in 60 s',
  ],
  [
    'counted by something else',
    '<rate-limit-by-key calls="1" renewal-period="1" counter-key="@(context.Subscription.Id)" />',
    '<rate-limit-by-key calls="1" renewal-period="1" counter-key="@(context.RequestId)" />',
    'unknown limit: the rate-limit-by-key of  counts differently',
  ],
  [
    'only some requests',
    '<rate-limit calls="1" renewal-period="1" />',
    when('x', '<rate-limit calls="1" renewal-period="1" />'),
    'unknown limit: the rate-limit of  counts differently',
  ],
  [
    'a header that tells what is left',
    '<rate-limit calls="1" renewal-period="1" />',
    '<rate-limit remaining-calls-header-name="x" calls="1" renewal-period="1" retry-after-header-name="y" />',
  ],
  [
    'an API of its own',
    '<quota calls="1" renewal-period="1"><api id="a" calls="1" renewal-period="1" /></quota>',
    '<quota calls="1" renewal-period="1"><api id="a" calls="9" renewal-period="1" /></quota>',
    'unknown limit: the quota of  counts differently',
  ],
  ['gone', '<rate-limit calls="1" renewal-period="1" />', '', 'looser limit:  loses its rate-limit of 1 calls in 1 s'],
  [
    'tokens of a model',
    '<llm-token-limit tokens-per-minute="10" counter-key="a" />',
    '<llm-token-limit tokens-per-minute="100" counter-key="a" />',
    'looser limit: the llm-token-limit of  is loosened: 10 tokens becomes 100 tokens',
  ],
  [
    'at a time',
    '<limit-concurrency key="a" max-count="3"></limit-concurrency>',
    '<limit-concurrency key="a" max-count="9"></limit-concurrency>',
    'looser limit: the limit-concurrency of  is loosened: 3 calls at a time becomes 9 calls at a time',
  ],
  [
    'the variable of a validated token, whatever that demands',
    `${edit(ENTRA, 'header-name', 'output-token-variable-name="j" header-name')}<rate-limit-by-key calls="1" renewal-period="1" counter-key="@(((Jwt)context.Variables["j"]).Subject)" />`,
    `${edit(edit(ENTRA, 'header-name', 'output-token-variable-name="j" header-name'), '</value>', '</value><value>Write</value>')}<rate-limit-by-key calls="1" renewal-period="1" counter-key="@(((Jwt)context.Variables["j"]).Subject)" />`,
    'tighter validation: also demands claim roles Write',
  ],
]);

table('origins', [
  ['another age', CORS, edit(CORS, '300', '600')],
  [
    'any',
    CORS,
    edit(CORS, 'https://a', '*'),
    'looser origins: lets more pages of other origins read answers, or read more of them',
  ],
  [
    'with credentials',
    CORS,
    edit(CORS, 'allow-credentials="false"', 'allow-credentials="true"'),
    'looser origins: lets more pages of other origins read answers, or read more of them',
  ],
  [
    'fewer',
    CORS,
    edit(CORS, '<header>x</header>', ''),
    'tighter origins: lets fewer pages of other origins read answers, or read less of them',
  ],
  ['new', '', CORS, 'looser origins: lets pages of other origins read answers'],
  ['gone', CORS, '', 'tighter origins: lets no page of another origin read answers any more'],
  [
    'in another way',
    CORS,
    '<jsonp callback-parameter-name="c" />',
    'unknown origins: decides in another way which pages of other origins may read answers',
  ],
]);

table('what decides nothing', [
  [
    'logging',
    ENTRA,
    `<trace source="a"><message>@(context.Request.Method)</message></trace><emit-metric name="x" />${ENTRA}<log-to-eventhub logger-id="l">x</log-to-eventhub>`,
  ],
  [
    'the message to the backend',
    ENTRA,
    `${ENTRA}<set-body>x</set-body><set-query-parameter name="q" exists-action="override"><value>1</value></set-query-parameter><json-to-xml apply="always" />`,
  ],
  ['what is kept', ENTRA, `${ENTRA}<cache-store-value key="k" value="v" duration="1" />`],
]);

table('what is not judged', [
  [
    'another backend',
    ENTRA,
    `${ENTRA}<set-backend-service base-url="https://b" />`,
    'unknown backend: changes which backend is reached in another way than before',
  ],
  [
    'another path',
    `${ENTRA}<rewrite-uri template="/a" />`,
    `${ENTRA}<rewrite-uri template="/admin" />`,
    'unknown backend: changes which backend is reached in another way than before',
  ],
  [
    'credentials for the backend',
    ENTRA,
    `${ENTRA}<authentication-basic username="u" password="p" />`,
    'unknown backend: changes which identity the backend sees in another way than before',
  ],
  [
    'a request to somewhere',
    ENTRA,
    `${ENTRA}<send-one-way-request><set-url>https://x</set-url></send-one-way-request>`,
    'unknown backend: sends something elsewhere in another way than before',
  ],
  [
    'an element that nobody knows',
    ENTRA,
    `${ENTRA}<shiny />`,
    'unknown check: contains something that this version does not know',
  ],
  [
    'an element that nobody knows, gone',
    `${ENTRA}<Validate-JWT />`,
    ENTRA,
    'unknown check: no longer contains something that this version does not know',
  ],
  [
    'text where elements are',
    ENTRA,
    `${ENTRA}{{snippet}}`,
    'unknown inheritance: skips what applies around it: not every request gets to the <base /> in inbound',
    'unknown check: changes what it does before the validation of tokens in a way that cannot be judged',
    'unknown check: contains something that this version does not know',
  ],
]);

describe('sections', () => {
  test.each<[string, string, string, string[]]>([
    [
      'a validation in outbound stops nobody',
      inbound(BASE + ENTRA),
      inbound(BASE, { outbound: ENTRA }),
      ['looser validation: no longer validates tokens'],
    ],
    [
      'a validation in on-error stops nobody',
      inbound(BASE + ENTRA),
      inbound(BASE, { onError: ENTRA }),
      ['looser validation: no longer validates tokens'],
    ],
    [
      'a validation in backend stops nobody',
      inbound(BASE + ENTRA),
      inbound(BASE, { backend: ENTRA }),
      ['looser validation: no longer validates tokens'],
    ],
    [
      'a refusal in backend',
      inbound(BASE, { backend: when('x', refuse()) }),
      inbound(BASE),
      ['looser check: no longer refuses some of the requests that it refused itself'],
    ],
    [
      'a refusal in outbound',
      inbound(BASE, { outbound: when('x', refuse()) }),
      inbound(BASE),
      ['looser check: no longer refuses some of the requests that it refused itself'],
    ],
    [
      'headers of answers',
      inbound(BASE),
      inbound(BASE, {
        outbound: '<set-header name="X-Powered-By" exists-action="delete" />',
        onError: '<set-status code="418" reason="t" />',
      }),
      [],
    ],
    [
      'headers of answers that open origins',
      inbound(BASE),
      inbound(BASE, {
        outbound:
          '<set-header name="Access-Control-Allow-Origin" exists-action="override"><value>*</value></set-header>',
      }),
      ['unknown origins: changes a header that tells browsers which pages may read the answer'],
    ],
    [
      'an answer instead of an error',
      inbound(BASE + ENTRA),
      inbound(BASE + ENTRA, { onError: ANSWER }),
      ['unknown answer: answers some requests itself'],
    ],
    [
      'a request instead of an error',
      inbound(BASE + ENTRA),
      inbound(BASE + ENTRA, { onError: '<send-request response-variable-name="r" />' }),
      ['unknown backend: sends something elsewhere in another way than before'],
    ],
    [
      'a variable of inbound that outbound decides by',
      inbound(`${BASE}<set-variable name="v" value="1" />`, {
        outbound: when('context.Variables["v"] == "1"', refuse()),
      }),
      inbound(`${BASE}<set-variable name="v" value="2" />`, {
        outbound: when('context.Variables["v"] == "1"', refuse()),
      }),
      ['unknown check: changes something that a check in another place reads'],
    ],
  ])('%s', (_, before, after, expected) => {
    expect(differences(before, after)).toEqual(expected);
  });
});

describe('<base />', () => {
  const judged = (
    before: string,
    after: string,
    matters: boolean | undefined,
    answers: boolean | undefined,
  ): string[] =>
    differences(before, after, {
      outside: { of: [{ text: 'the policy of ' }, { text: 'Gold', name: true }], matters: () => matters, answers },
    });

  test.each<[string, string, string, boolean | undefined, boolean | undefined, string[]]>([
    [
      'gone, and what is around matters',
      inbound(BASE + ENTRA),
      inbound(ENTRA),
      true,
      false,
      ['looser inheritance: skips the policy of Gold: it has no <base /> in inbound'],
    ],
    [
      'gone, and what is around is not known',
      inbound(BASE + ENTRA),
      inbound(ENTRA),
      undefined,
      undefined,
      ['unknown inheritance: skips the policy of Gold: it has no <base /> in inbound'],
    ],
    ['gone, and nothing is around', inbound(BASE + ENTRA), inbound(ENTRA), false, false, []],
    [
      'for some requests only',
      inbound(BASE),
      inbound(when('x', BASE)),
      true,
      false,
      ['looser inheritance: skips the policy of Gold: not every request gets to the <base /> in inbound'],
    ],
    [
      'after an answer',
      inbound(BASE),
      inbound(when('x', ANSWER) + BASE),
      true,
      false,
      [
        'looser inheritance: skips the policy of Gold: not every request gets to the <base /> in inbound',
        'tighter answer: answers some requests itself instead of the backend',
      ],
    ],
    [
      'new',
      inbound(''),
      inbound(BASE),
      true,
      false,
      ['tighter inheritance: no longer skips the policy of Gold: it has a <base /> in inbound'],
    ],
    ['moved behind a check', inbound(BASE + ENTRA), inbound(ENTRA + BASE), true, undefined, []],
    ['moved before a check, and it answers nobody', inbound(ENTRA + BASE), inbound(BASE + ENTRA), true, false, []],
    [
      'moved before a check, and it may answer',
      inbound(ENTRA + BASE),
      inbound(BASE + ENTRA),
      true,
      undefined,
      ['unknown check: changes what it does before the validation of tokens in a way that cannot be judged'],
    ],
    [
      'moved before a check, and it answers',
      inbound(ENTRA + BASE),
      inbound(BASE + ENTRA),
      true,
      true,
      ['looser validation: answers some requests before the validation of tokens'],
    ],
  ])('%s', (_, before, after, matters, answers, expected) => {
    expect(judged(before, after, matters, answers)).toEqual(expected);
  });

  test('a header that the policy of something else checks', () => {
    const header = '<set-header name="X-Gate" exists-action="override"><value>a</value></set-header>';
    expect(differences(inbound(BASE), inbound(BASE + header), { readElsewhere: ['header x-gate'] })).toEqual([
      'unknown check: changes something that a check in another place reads',
    ]);
    expect(
      differences(inbound(BASE), inbound(BASE + header), { readElsewhere: ['header x-other', 'variable *'] }),
    ).toEqual([]);
  });
});

describe('what a policy demands of callers', () => {
  test.each<[string, string, string]>([
    ['nothing', BASE, 'never none'],
    ['a token', ENTRA, 'always bound'],
    ['a token of those without a key', when('context.Subscription == null', ENTRA), 'without key bound'],
    ['a token of those without a key, by else', when('context.Subscription != null', BASE, ENTRA), 'without key bound'],
    ['a token of some', when('context.Request.Method == "POST"', ENTRA), 'sometimes none'],
    ['a token of some without a key', when('context.Subscription == null && x', ENTRA), 'sometimes none'],
    ['a token of those who are not answered', when('x', ANSWER) + ENTRA, 'always bound'],
    ['nothing, since it answers', ANSWER, 'never none'],
    ['nothing, since it answers first', ANSWER + ENTRA, 'never none'],
    ['any token of the tenant', '<validate-azure-ad-token tenant-id="t" />', 'always tenant'],
    [
      'any token of the tenant, by a claim that all of them have',
      '<validate-azure-ad-token tenant-id="t"><required-claims><claim name="ver"><value>2.0</value></claim></required-claims></validate-azure-ad-token>',
      'always tenant',
    ],
    [
      'a token of a client',
      '<validate-azure-ad-token tenant-id="t"><required-claims><claim name="azp"><value>c</value></claim></required-claims></validate-azure-ad-token>',
      'always bound',
    ],
    ['any token of any tenant', '<validate-azure-ad-token tenant-id="organizations" />', 'always any tenant'],
    [
      'any token of any tenant, by its configuration',
      '<validate-jwt header-name="Authorization"><openid-config url="https://login.microsoftonline.com/common/v2.0/.well-known/openid-configuration" /></validate-jwt>',
      'always any tenant',
    ],
    [
      'a token that anybody can make',
      edit(JWT, 'require-scheme', 'require-signed-tokens="false" require-scheme'),
      'never none',
    ],
    ['a token of the policy itself', edit(ENTRA, 'header-name="Authorization"', 'token-value="eyJ"'), 'never none'],
    ['a token that nothing can verify', edit(JWT, /<openid-config[^>]*>/, ''), 'never none'],
    ['the stricter of two', `<validate-azure-ad-token tenant-id="t" />${ENTRA}`, 'always bound'],
    ['the looser of two branches', when('x', '<validate-azure-ad-token tenant-id="t" />', ENTRA), 'always tenant'],
  ])('%s', (_, elements, expected) => {
    const { applies, strength } = demandOf(flow(inbound(elements)));
    expect(`${applies} ${strength}`).toBe(expected);
  });
});
