import fc from 'fast-check';
import { productPolicyOf } from '../src/adopt/product-policy';
import { template } from '../src/adopt/typescript';

const policy = (inbound: string): string =>
  `<policies><inbound><base />${inbound}</inbound><backend><base /></backend><outbound><base /></outbound><on-error><base /></on-error></policies>`;
const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

describe('a policy of a product', () => {
  test.each([
    ['nothing but what is inherited', policy('')],
    [
      'a limit',
      policy('<rate-limit-by-key calls="10" renewal-period="60" counter-key="@(context.Subscription.Id)" />'),
    ],
    [
      'a token of the tenant',
      policy(
        '<validate-azure-ad-token tenant-id="11111111-1111-1111-1111-111111111111" failed-validation-httpcode="401" failed-validation-error-message="Bearer authentication is required"><audiences><audience>api://33333333-3333-3333-3333-333333333333</audience></audiences></validate-azure-ad-token>',
      ),
    ],
    [
      'a named value as the secret',
      policy(
        '<authentication-basic username="me" password="{{backend-password}}" /><set-header name="Authorization" exists-action="override"><value>Bearer {{backend-token}}</value></set-header><set-query-parameter name="code" exists-action="override"><value>{{code}}</value></set-query-parameter>',
      ),
    ],
    [
      'an expression as the secret',
      policy(
        '<set-header name="Authorization" exists-action="override"><value>@("Bearer " + context.Variables["token"])</value></set-header>',
      ),
    ],
    ['a path', policy('<rewrite-uri template="/api/orders/v1/2024-05-01/all-of-the-orders" />')],
  ])('with %s is adopted as it is', (_what, xml) => {
    expect(productPolicyOf(xml)).toEqual({ xml });
  });

  test('is what azurerm makes of the answer: expressions unescaped, lines ended by line feeds', () => {
    const expression = '@(context.Request.Headers.GetValueOrDefault("a","b&c") == "x<y")';
    const answer = policy(`\r\n<set-variable name="a" value="${escaped(expression)}" />\r\n`);
    expect(productPolicyOf(`${answer}\r\n`)).toEqual({
      xml: policy(`\n<set-variable name="a" value="${expression}" />\n`),
    });
  });

  const SECRET =
    'it may contain a secret, which a program must not have; move the secret to a named value that Key Vault has, and adopt again';
  test.each([
    ['a password', '<authentication-basic username="me" password="x" />'],
    [
      'a header of a key',
      '<set-header name="x-functions-key" exists-action="override"><value>only-we-know-it</value></set-header>',
    ],
    [
      'a query parameter of a signature',
      '<set-query-parameter name="sig" exists-action="override"><value>abcd</value></set-query-parameter>',
    ],
    [
      'a signing key',
      '<validate-jwt header-name="Authorization"><issuer-signing-keys><key>c2VjcmV0</key></issuer-signing-keys></validate-jwt>',
    ],
    ['a token in an expression', '<set-variable name="t" value="@("Bearer abcdefghijklmnop")" />'],
    ['a password in a body', '<set-body>grant_type=password&amp;username=me&amp;password=hunter22</set-body>'],
    ['a random text', '<set-variable name="t" value="Zm9vYmFy8Q1wertyUIOP23asdf" />'],
    ['a key of 32 hexadecimal digits', '<set-variable name="t" value="0123456789abcdef0123456789abcdef" />'],
    ['a secret in a comment', '<!-- password: hunter22 -->'],
  ])('with %s is left out', (_what, inbound) => {
    expect(productPolicyOf(policy(inbound))).toEqual({ reason: SECRET });
  });

  test.each([
    ['that is not closed', '<policies><inbound>'],
    ['that is no XML', 'policies'],
  ])('%s is left out', (_what, xml) => {
    expect(productPolicyOf(xml)).toEqual({ reason: 'it cannot be read with certainty' });
  });
});

test('a text of several lines is the same text in TypeScript', () => {
  const piece = fc.oneof(
    fc.constantFrom('`', '${', '$', '\\', '\\u', '\r\n', '\n', '\u2028', '\u202E', '%{', '{x}', "'", '"'),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const text = pieces.join('');
      // eslint-disable-next-line @typescript-eslint/no-implied-eval -- a literal of our own
      expect(new Function(`return ${template(text)};`)()).toBe(text);
    }),
  );
});
