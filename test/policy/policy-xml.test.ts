import * as fc from 'fast-check';
import { TerraformVariable } from 'cdktf';
import { plainValue, PolicyElement, policyXml } from '../../lib/policy/policy-xml';
import { csharpText, newStack } from '../support';
import { asServed, isClean } from '../service-policy';
import { parsePolicy, Xml } from '../xml';

/** Characters that mean something in XML, in policy expressions or in named values, others of the whole of Unicode. */
const character = fc.oneof(
  fc.constantFrom(
    ...'<>&\'"@(){}[]$%=/;:# ',
    '{{',
    '}}',
    '@(',
    '@{',
    '&amp;',
    '&#x3c;',
    ']]>',
    '<!--',
    '-->',
    '<![CDATA[',
    'é',
    '金',
    '😀',
    'ß',
  ),
  // The parser takes the line separators of Unicode for line breaks, as XML 1.1 does.
  fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 1 })
    .filter((one) => /^[\u0020-\u007e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u.test(one)),
);
const value = fc.array(character, { maxLength: 12 }).map((all) => all.join(''));
const noExpression = value.filter((text) => !/^\s*@[({]/.test(text));
const name = fc.stringMatching(/^[a-z][a-z-]{0,8}$/).filter((one) => !one.startsWith('xml'));
const attributes = fc.dictionary(name, noExpression, { maxKeys: 3, noNullPrototype: true });
const tree: fc.Arbitrary<PolicyElement> = fc.letrec<{ element: PolicyElement }>((tie) => ({
  element: fc.oneof(
    { depthSize: 'small' },
    fc.record({ name, attributes }),
    fc.record({ name, attributes, text: noExpression }),
    fc.record({ name, attributes, children: fc.array(tie('element'), { maxLength: 3 }) }),
  ),
})).element;

function expected(element: PolicyElement): Xml {
  const text = element.text ?? '';
  return {
    name: element.name,
    attributes: Object.fromEntries(
      Object.entries(element.attributes ?? {}).filter((pair): pair is [string, string] => pair[1] !== undefined),
    ),
    children: text.trim() === '' ? (element.children ?? []).map(expected) : [text],
  };
}

describe('policyXml', () => {
  test('elements, attributes and text, indented', () => {
    const document: PolicyElement = {
      name: 'policies',
      children: [
        {
          name: 'inbound',
          children: [
            { name: 'base' },
            {
              name: 'set-header',
              attributes: { name: 'X', 'exists-action': undefined },
              children: [{ name: 'value', text: 'a & b' }],
            },
          ],
        },
        { name: 'backend', children: [] },
      ],
    };

    expect(policyXml(document)).toBe(
      [
        '<policies>',
        '  <inbound>',
        '    <base />',
        '    <set-header name="X">',
        '      <value>a &amp; b</value>',
        '    </set-header>',
        '  </inbound>',
        '  <backend />',
        '</policies>',
      ].join('\n'),
    );
  });

  test('a policy expression stands as it is, for the gateway takes it so', () => {
    const condition = '@(context.Request.Headers.GetValueOrDefault("X", "<none>") == "a\'b" && 1 > 0)';
    const xml = policyXml({ name: 'when', attributes: { condition }, text: '@("<" + "&")' });

    expect(xml).toBe(`<when condition="${condition}">@("<" + "&")</when>`);
    expect(parsePolicy(xml)).toEqual({ name: 'when', attributes: { condition }, children: ['@("<" + "&")'] });
  });

  test('quotes of either kind stand in a value', () => {
    expect(policyXml({ name: 'a', attributes: { b: `"it's" <&>` }, text: `"it's" <&>` })).toBe(
      `<a b="&quot;it's&quot; &lt;&amp;&gt;">"it's" &lt;&amp;&gt;</a>`,
    );
  });

  test('a parser reads back whatever was given', () => {
    fc.assert(
      fc.property(tree, (element) => {
        expect(parsePolicy(policyXml(element))).toEqual(expected(element));
      }),
      { numRuns: 500 },
    );
  });

  test('azurerm reads back what was written, for values that it can carry', () => {
    fc.assert(
      fc.property(value, value, (one, other) => {
        const [held, text] = [plainValue(one), plainValue(other)];
        const xml = policyXml({ name: 'a', attributes: { held }, children: [{ name: 'b', text }] });
        expect(isClean(asServed(xml), xml)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test("XML of the user's own stands as it is", () => {
    expect(policyXml({ name: '', xml: '<cors  allow="1"/>' })).toBe('<cors  allow="1"/>');
  });
});

describe('plainValue', () => {
  test.each([
    ['Product.Gold.All', 'Product.Gold.All'],
    ['a@(b)', 'a@(b)'],
    ['@', '@'],
    ['@home', '@home'],
    ['{a}', '{a}'],
    ['@(1 + 1)', '@("@" + "(1 + 1)")'],
    ['@{ return 1; }', '@("@" + "{ return 1; }")'],
    ["{{a&<b>'c", '@("{" + "{a\\u0026\\u003cb\\u003e\\u0027c")'],
    ['x{{secret}}', '@("x{" + "{secret}}")'],
    [' @(1)', '@(" @" + "(1)")'],
    ['a&amp;b', '@("a\\u0026amp;b")'],
    ['a& amp;b', '@("a\\u0026 amp;b")'],
    ['a&copy;b', 'a&copy;b'],
    ['{{"a\\b"}}', '@("{" + "{\\"a\\\\b\\"}}")'],
  ])('%j stands as %j', (text, expectedText) => {
    expect(plainValue(text)).toBe(expectedText);
  });

  test('is no named value, and an expression only where it yields the text', () => {
    fc.assert(
      fc.property(value, (text) => {
        const plain = plainValue(text);
        expect(plain).not.toMatch(/\{\{/);
        if (plain === text) {
          expect(plain).not.toMatch(/^\s*@[({]/);
          return;
        }
        expect(plain).not.toMatch(/[&<>']/);
        expect(csharpText(plain)).toBe(text);
      }),
    );
  });

  test('a token is left alone', () => {
    const token = `@(${new TerraformVariable(newStack(), 'role', {}).stringValue}`;
    expect(plainValue(token)).toBe(token);
  });
});
