import * as fc from 'fast-check';
import { parsePolicy, PolicyElement, PolicySyntaxError, writePolicy } from './policy-document';

test('the service writes a document anew: double quotes, tabs, CRLF', () => {
  const sent = `<policies>
    <!-- ours -->
    <inbound><base/>
      <set-variable name='a' value='@("b" + 1)' />
      <set-body>@("<" + "&")</set-body>
    </inbound>
  </policies>`;
  expect(writePolicy(parsePolicy(sent, 'rawxml'), 'xml')).toBe(
    [
      '<policies>',
      '\t<!-- ours -->',
      '\t<inbound>',
      '\t\t<base />',
      '\t\t<set-variable name="a" value="@(&quot;b&quot; + 1)" />',
      '\t\t<set-body>@("&lt;" + "&amp;")</set-body>',
      '\t</inbound>',
      '</policies>',
    ].join('\r\n'),
  );
});

test.each([
  ['', 'Root element is missing or does not end. Line 1, position 1.'],
  ['<a>', "The start tag 'a' has no end tag that matches. Line 1, position 4."],
  ['<a></b>', "The start tag 'a' has no end tag that matches. Line 1, position 4."],
  ['<a b></a>', "'b' has no value. Line 1, position 5."],
  ['<a b=c></a>', "The value of 'b' is not in quotes. Line 1, position 6."],
  ['<a b="1" b="2" />', "'b' is a duplicate attribute name. Line 1, position 15."],
  ['<a b="<" />', "'<' is an invalid attribute character. Line 1, position 9."],
  ['<a>&nothing;</a>', "Reference to undeclared entity 'nothing'."],
  ['<a b="@(c" />', 'An expression does not end. Line 1, position 14.'],
  ['<a b="@(c) d" />', "The expression in 'b' is followed by something else. Line 1, position 11."],
  ['<a /><b />', 'There is more than one root element, or text outside of it. Line 1, position 11.'],
])('%j is refused', (source, message) => {
  expect(() => parsePolicy(source, 'rawxml')).toThrow(new PolicySyntaxError(message));
});

test.each([
  String.raw`@(f(")"))`,
  String.raw`@("\")" + 1)`,
  String.raw`@(@"\" + ")")`,
  '@(1 /* ) */ + 2)',
  '@{ // )\n return "}"; }',
])('an expression ends where its brackets do: %s', (expression) => {
  const document = `<a b="${expression}"><c>${expression}</c></a>`;
  const parsed = parsePolicy(document, 'rawxml');
  expect(parsed.attributes.b).toBe(expression);
  expect(writePolicy(parsed, 'rawxml').replaceAll('\r\n\t', '').replaceAll('\r\n', '')).toBe(document);
});

const text = fc
  .string({ minLength: 1, maxLength: 12 })
  .filter((value) => value.trim() === value && !value.startsWith('@'));
const name = fc.stringMatching(/^[a-z][a-z-]{0,8}$/);
const element: fc.Memo<PolicyElement> = fc.memo((depth) =>
  fc.record({
    kind: fc.constant('element' as const),
    name,
    attributes: fc.dictionary(name, text, { maxKeys: 3, noNullPrototype: true }),
    children:
      depth <= 1
        ? fc.oneof(
            fc.constant([]),
            text.map((value) => [{ kind: 'text' as const, text: value }]),
          )
        : fc.array(element(depth - 1), { maxLength: 3 }),
  }),
);

test('what is written is read as it was, in either format', () => {
  fc.assert(
    fc.property(element(3), fc.constantFrom('xml' as const, 'rawxml' as const), (document, format) => {
      expect(parsePolicy(writePolicy(document, format), format)).toEqual(document);
      expect(writePolicy(parsePolicy(writePolicy(document, format), format), format)).toBe(
        writePolicy(document, format),
      );
    }),
  );
});
