import * as fc from 'fast-check';
import { TerraformVariable } from 'cdktf';
import { PolicyElement, policyXml } from '../../lib/policy/policy-xml';
import { canonicalSection, problemOfSection } from '../../lib/policy/policy-section';
import { newStack, untyped } from '../support';
import { asServed, isClean } from '../service-policy';
import { parsePolicy } from '../xml';

const MALFORMED = 'must be well-formed XML, got';
const UNENDED = `${MALFORMED} a tag that does not end`;
const OUTSIDE = 'must contain only policy elements, got text outside of them';
const BESIDE = `${MALFORMED} text beside a policy expression`;
const UNENDED_EXPRESSION = `${MALFORMED} a policy expression that does not end`;
const ELSEWHERE =
  'must contain policy expressions as they are, got one that ends elsewhere once its entities are decoded; write the characters themselves';
const IN_PIECES = 'must contain policy expressions as they are, got one that begins with an entity or in pieces';
const LINE_BREAK =
  'must not contain a line break or tab as a reference in an attribute, which azurerm reads back as none; write the value as a policy expression';
const entityAsText = (name: string) =>
  `must not contain the text &${name};, which azurerm reads back as another one on every plan; write it as a policy expression, @("\\u0026${name};")`;
const NOTHING = 'must contain policy elements, got nothing';

describe('problemOfSection', () => {
  test.each<[string, string]>([
    ['an empty element', '<cors />'],
    ['an element without a blank', '<cors/>'],
    ['an element and its end', '<cors></cors >'],
    ['elements and blanks', ' <a>\n  <b />\t<c>text</c>\r\n</a> <d/> '],
    ['attributes in either quotes', `<a b="x" c='y' d = "it's" e='"' f=""/>`],
    ['attributes on lines of their own', '<set-header\n  name="X"\n  exists-action="override"\n>\n</set-header>'],
    ['a greater-than sign in a value', '<a b="x > y">a > b</a>'],
    ['references to characters', '<a b="&amp;&lt;&gt;&quot;&apos;&#x3C;">&amp;&#10;&#169;</a>'],
    ['a comment', '<!-- </inbound> & "> <a> --><a />'],
    ['a comment in an element', '<a><!-- <b> --></a>'],
    ['character data', '<a><![CDATA[ </inbound> & <b> @( ]]></a>'],
    ['names with dots, dashes and colons', '<a-b.c:d_e1></a-b.c:d_e1>'],
    ['a named value', '<a b="{{secret}}">{{other}}</a>'],
    ['an at sign in text', '<a b="me@example.com">@me</a>'],
    [
      'an expression with its quotes',
      '<set-variable name="a" value="@(context.Request.Headers.GetValueOrDefault("X", ""))" />',
    ],
    [
      'an expression with a type',
      '<set-body>@(context.Request.Body.As<JObject>(preserveContent: true).ToString())</set-body>',
    ],
    ['an expression with comparisons', '<when condition="@(1 < 2 && 3 > 2)"><a /></when>'],
    [
      'an expression with brackets in its strings',
      '<a>@("</a></inbound>)" + @"c:\\" + @")""" + $"{1}" + \')\' + \'\\\'\')</a>',
    ],
    ['an expression with comments', '<a>@{ // ) }\n /* } " */ return 1; }</a>'],
    [
      'an expression over lines, in single quotes',
      '<a b=\'@{\n  var x = new Dictionary<string, string>();\n  return x["a"];\n}\'/>',
    ],
    ['an expression with entities in its strings', '<a b="@(x == "&lt;b&gt;" && y == "&quot;&quot;")"/>'],
    ['an at sign and a bracket in two elements', '<a>@<b>(1)</b></a>'],
    ['elements at the depth that is allowed', '<a>'.repeat(100) + '</a>'.repeat(100)],
    ['an expression after blanks', '<a>\n  @(1 < 2)\n</a><b c=" @(2 > 1) "/>'],
  ])('takes %s', (_, xml) => {
    expect(problemOfSection(xml)).toBeUndefined();
  });

  test.each<[string, unknown, string]>([
    ['nothing', '', NOTHING],
    ['blanks', ' \n\t', NOTHING],
    ['what is no text', 5, NOTHING],
    ['null', null, NOTHING],
    ['text alone', 'cors', OUTSIDE],
    ['text after an element', '<a /> b', OUTSIDE],
    ['character data alone', '<![CDATA[ x ]]>', OUTSIDE],
    ['an expression alone', '@(1)', OUTSIDE],
    ['an element without its end', '<a><b></b>', `${MALFORMED} <a> without its end`],
    ['an end alone', '</a>', `${MALFORMED} </a> where it was not open`],
    ['the end of its section', '<a/></inbound><inbound><b/>', `${MALFORMED} </inbound> where it was not open`],
    [
      'the end of its section inside of an element',
      '<a></inbound></a>',
      `${MALFORMED} </inbound> where it was not open`,
    ],
    ['ends in the wrong order', '<a><b></a></b>', `${MALFORMED} </a> where it was not open`],
    ['an end in other cases', '<a></A>', `${MALFORMED} </A> where it was not open`],
    [
      'a whole section',
      '<inbound><base /></inbound>',
      'must contain only elements that belong in a section, got <inbound>',
    ],
    [
      'a whole document',
      '<!-- mine -->\n<policies></policies>',
      'must contain only elements that belong in a section, got <policies>',
    ],
    ['a tag without its end', '<a', UNENDED],
    ['a tag in a tag', '<a <b/>', UNENDED],
    ['an end without its end', '<a></a', UNENDED],
    ['an attribute without a value', '<a b/>', UNENDED],
    ['an attribute without quotes', '<a b=c/>', UNENDED],
    ['an attribute without its end', '<a b="c/>', UNENDED],
    ['attributes without a blank between them', '<a b="c"d="e"/>', UNENDED],
    ['an angle bracket in a value', '<a b="<!--"></a><c d="-->"/>', UNENDED],
    ['a section ended in what looks like a value', '<a b="x" junk></inbound><inbound c="y"/>', UNENDED],
    ['a section ended between two values', '<a b="x></inbound><inbound c="y"/>', UNENDED],
    ['a name that starts with a digit', '<1a/>', UNENDED],
    ['a less-than sign in text', '<a>1 < 2</a>', UNENDED],
    ['a comment without its end', '<a/><!-- b', UNENDED],
    ['character data without its end', '<a><![CDATA[ b</a>', UNENDED],
    ['an instruction', '<?xml version="1.0"?><a/>', UNENDED],
    ['a type of document', '<!DOCTYPE a [<!ENTITY b "c">]><a/>', UNENDED],
    ['an ampersand in text', '<a>b & c</a>', `${MALFORMED} & where &amp; is meant`],
    ['an ampersand in an address', '<a b="https://c?d=1&e=2"/>', `${MALFORMED} & where &amp; is meant`],
    ['an entity that XML does not know', '<a>&nbsp;</a>', `${MALFORMED} & where &amp; is meant`],
    ['an expression without its end', '<a b="@(1"/>', `${MALFORMED} a policy expression that does not end`],
    [
      'an expression without its end in text',
      '<a>@("b" < "c"</a>',
      `${MALFORMED} a policy expression that does not end`,
    ],
    ['an expression with entities for its quotes', `<a b='@(x.Split(&apos;"&apos;))'/>`, UNENDED_EXPRESSION],
    ['an expression with a string that does not end', '<a>@(x == ")</a>', UNENDED_EXPRESSION],
    ['an expression with a character that does not end', `<a b="@(x.Split('))"/>`, UNENDED_EXPRESSION],
    ['an expression with a comment that does not end', '<a>@(x /* )</a>', UNENDED_EXPRESSION],
    ['an expression with brackets that cross', '<a>@(x[)])</a>', UNENDED_EXPRESSION],
    ['an expression that ends later once its entities are decoded', '<a>@(f(&#40;))</a>', ELSEWHERE],
    ['an expression that ends earlier once its entities are decoded', '<a b="@(&#41;"c")"/>', ELSEWHERE],
    ['a value that becomes an expression', '<a b=" &#64;(1)"/>', IN_PIECES],
    ['a text that becomes an expression', '<a>@&#123; return 1; }</a>', IN_PIECES],
    ['a text that becomes an expression without its comment', '<a>@<!-- b -->(1)</a>', IN_PIECES],
    ['a text that becomes an expression with its character data', '<a>@<![CDATA[(1)]]></a>', IN_PIECES],
    ['an attribute twice', '<a b="c" b="d"/>', `${MALFORMED} attribute b twice in one element`],
    ['elements too deep', '<a>'.repeat(101) + '</a>'.repeat(101), 'must nest elements at most 100 deep, got more'],
    ['the end of character data alone', '<a>b ]]> c</a>', `${MALFORMED} ]]> where ]]&gt; is meant`],
    ['text after an expression', '<a>@(1)and more</a>', BESIDE],
    ['text before an expression', '<a><![CDATA[b]]>@(1)</a>', BESIDE],
    ['two expressions', '<a>@(1)<!-- and -->@(2)</a>', BESIDE],
    [
      'an expression in character data',
      '<a><![CDATA[ @(1) ]]></a>',
      'must contain policy expressions as they are, got one in character data',
    ],
    ['a character that XML cannot contain', '<a>&#x1;</a>', `${MALFORMED} a character that XML cannot contain`],
    ['a number that is no character', '<a b="&#x110000;"/>', `${MALFORMED} a character that XML cannot contain`],
    ['an entity as text', '<a>b&amp;amp;c</a>', entityAsText('amp')],
    ['an entity as a value', '<a b="&amp;lt;"/>', entityAsText('lt')],
    ['an entity as text with blanks', '<a>&amp; quot ;</a>', entityAsText('quot')],
    ['an entity as text in character data', '<a><![CDATA[&gt;]]></a>', entityAsText('gt')],
    ['a line break as a reference in a value', '<a b="c&#10;d"/>', LINE_BREAK],
    ['a tab as a reference in a value', '<a b="c&#x9;d"/>', LINE_BREAK],
    ['dashes in a comment', '<!-- a -- b --><a/>', UNENDED],
    ['an expression that ends before its quotes do', '<a b="@(1) or </inbound>"/>', UNENDED],
    ['an expression whose quotes are the others', `<a b="@(1)'/>`, UNENDED],
  ])('refuses %s', (_, xml, problem) => {
    expect(problemOfSection(untyped(xml))).toBe(problem);
  });

  test('a token is left alone', () => {
    expect(problemOfSection(`</inbound>${new TerraformVariable(newStack(), 'xml', {}).stringValue}`)).toBeUndefined();
  });

  const piece = fc.constantFrom(
    '<a>',
    '</a>',
    '<b c="d">',
    "<b c='d'/>",
    '</b>',
    '<e/>',
    '</inbound>',
    '<inbound>',
    '<!-- x -->',
    '<!--',
    '-->',
    '<![CDATA[',
    ']]>',
    '"',
    "'",
    '/>',
    '<',
    '>',
    '&',
    '&amp;',
    'text',
    ' ',
    '=',
  );

  test('whatever it takes has each element closed where a parser looks for it', () => {
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 8 }).map((all) => all.join('')),
        (xml) => {
          if (problemOfSection(xml) !== undefined) {
            return;
          }
          expect(parsePolicy(`<policies><inbound>${xml}</inbound></policies>`).children).toHaveLength(1);
        },
      ),
      { numRuns: 500 },
    );
  });

  const name = fc
    .stringMatching(/^[a-z][a-z-]{0,6}$/)
    .filter((one) => !['policies', 'inbound', 'backend', 'outbound', 'on-error'].includes(one));
  const text = fc.string({ unit: fc.constantFrom(...Array.from(`<>&'"{}$%;/é金 `)), maxLength: 8 });
  const element = fc.record({
    name,
    attributes: fc.dictionary(name, text, { maxKeys: 2, noNullPrototype: true }),
    text,
  });

  test('takes whatever the library itself writes', () => {
    fc.assert(
      fc.property(fc.array(element, { minLength: 1, maxLength: 3 }), name, (children, parent) => {
        const tree: PolicyElement = { name: parent, children };
        expect(problemOfSection(policyXml(tree))).toBeUndefined();
      }),
    );
  });
});

describe('canonicalSection', () => {
  test.each([
    ['quotes', `<a b='c' d="e"/>`, '<a b="c" d="e"/>'],
    ['quotes in a value', `<a b='"c"' d="it's"/>`, '<a b="&quot;c&quot;" d="it\'s"/>'],
    ['blanks around a sign of equality', '<a b = "c"\n  d="e" ></a >', '<a b="c"\n  d="e" ></a>'],
    ['an expression in single quotes', `<a b='@("c" + 'd')'/>`, `<a b="@("c" + 'd')"/>`],
    [
      'an expression after blanks',
      '<a b=" @(1 < 2) ">\n  @{ return "<"; }\n</a>',
      '<a b="@(1 < 2)">@{ return "<"; }\n</a>',
    ],
    ['entities that need not be', '<a b="&apos;&#60;">&quot;&#169;&gt;</a>', '<a b="\'&lt;">"©&gt;</a>'],
    ['character data', '<a><![CDATA[<b> & "c"]]></a>', '<a>&lt;b&gt; &amp; "c"</a>'],
    ['entities in a comment', '<!-- &copy; --><a />', '<!-- & copy; --><a />'],
  ])('writes %s as azurerm reads it back', (_, xml, canonical) => {
    expect(problemOfSection(xml)).toBeUndefined();
    expect(canonicalSection(xml)).toBe(canonical);
    expect(canonicalSection(canonical)).toBe(canonical);
  });

  test('tokens stay where they stand for a value or a text', () => {
    const token = new TerraformVariable(newStack(), 'xml', {}).stringValue;
    expect(canonicalSection(`<a b='${token}'>${token}</a>`)).toBe(`<a b="${token}">${token}</a>`);
  });

  test('is as it was where a token stands for more', () => {
    const token = new TerraformVariable(newStack(), 'xml', {}).stringValue;
    expect(canonicalSection(`<a b='c'/>${token}`)).toBe(`<a b='c'/>${token}`);
  });

  const text = fc
    .array(
      fc.constantFrom(
        ...Array.from('ab "\'>/=;#{}$%@()é金\n\t'),
        '&amp;',
        '&lt;',
        '&gt;',
        '&quot;',
        '&apos;',
        '&#169;',
        '&#x3c;',
        '&amp;amp;',
        '&amp; lt;',
        '{{named}}',
        '&amp;copy;',
      ),
      { maxLength: 8 },
    )
    .map((all) => all.join(''));
  const expression = fc
    .array(
      fc.constantFrom(
        '"a<b>&c"',
        "'\\''",
        '@"c:\\"',
        '$"{1}"',
        'x < y',
        '&&',
        '/* } */',
        '// )\n',
        '"\\""',
        '"&amp;lt;"',
      ),
      {
        maxLength: 5,
      },
    )
    .map((all) => `@(${all.join(' ')})`);
  const value = fc.oneof(
    expression.map((code) => (code.includes('"') && code.includes("'") ? `"${code}"` : `'${code}'`)),
    text.map((all) => `"${all.replace(/"/g, '')}"`),
    text.map((all) => `'${all.replace(/'/g, '')}'`),
  );
  const content = fc.oneof(
    expression,
    text,
    fc.constantFrom('<!-- & &copy; "c" -->', '<![CDATA[<b> & c]]>', '<b/>', "<b c='d'>e</b>"),
  );
  const section = fc
    .array(
      fc
        .record({ values: fc.array(value, { maxLength: 3 }), contents: fc.array(content, { maxLength: 3 }) })
        .map(
          ({ values, contents }) =>
            `<a${values.map((one, at) => ` v${at} = ${one}`).join('')}>${contents.join('')}</a>`,
        ),
      { minLength: 1, maxLength: 3 },
    )
    .map((all) => all.join('\n'));

  test('whatever is accepted comes clean on the second plan, and says what it said', () => {
    let accepted = 0;
    fc.assert(
      fc.property(section, (xml) => {
        if (problemOfSection(xml) !== undefined) {
          return;
        }
        accepted += 1;
        const whole = `<policies><inbound>${canonicalSection(xml)}</inbound></policies>`;
        expect(isClean(asServed(whole), whole)).toBe(true);
        if (!/<!--|<!\[CDATA\[|= [^']@|(?:= ['"]|>)\s+@/.test(xml)) {
          expect(parsePolicy(whole)).toEqual(parsePolicy(`<policies><inbound>${xml}</inbound></policies>`));
        }
      }),
      { numRuns: 1500 },
    );
    expect(accepted).toBeGreaterThan(300);
  });

  test('what someone changes on Azure is seen', () => {
    const xml = `<policies><inbound>${canonicalSection(`<a b='@("c")'>d</a>`)}</inbound></policies>`;
    expect(isClean(asServed(xml.replace('"c"', '"x"')), xml)).toBe(false);
    expect(isClean(asServed(xml.replace('>d<', '>x<')), xml)).toBe(false);
  });
});
