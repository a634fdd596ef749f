import * as fc from 'fast-check';
import { TerraformVariable } from 'cdktf';
import { PolicyElement, policyXml } from '../../lib/policy/policy-xml';
import { problemOfXml } from '../../lib/policy/well-formed';
import { newStack, untyped } from '../support';
import { parseXml } from '../xml';

const MALFORMED = 'must be well-formed XML, got';
const UNENDED = `${MALFORMED} a tag that does not end`;
const OUTSIDE = 'must hold policy elements, got text outside of them';
const NOTHING = 'must hold policy elements, got nothing';

describe('problemOfXml', () => {
  test.each<[string, string]>([
    ['an empty element', '<cors />'],
    ['an element without a blank', '<cors/>'],
    ['an element and its end', '<cors></cors >'],
    ['elements and blanks', ' <a>\n  <b />\t<c>text</c>\r\n</a> <d/> '],
    ['attributes in either quotes', `<a b="x" c='y' d = "it's" e='"' f=""/>`],
    ['attributes on lines of their own', '<set-header\n  name="X"\n  exists-action="override"\n>\n</set-header>'],
    ['a greater-than sign in a value', '<a b="x > y">a > b</a>'],
    ['references to characters', '<a b="&amp;&lt;&gt;&quot;&apos;&#10;&#x3C;">&amp;</a>'],
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
    ['an expression after blanks', '<a>\n  @(1 < 2)\n</a><b c=" @(2 > 1) "/>'],
    ['text around an expression', '<a>@(1)and more</a>'],
  ])('takes %s', (_, xml) => {
    expect(problemOfXml(xml)).toBeUndefined();
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
    ['a whole section', '<inbound><base /></inbound>', 'must hold what stands inside of a section, got <inbound>'],
    [
      'a whole document',
      '<!-- mine -->\n<policies></policies>',
      'must hold what stands inside of a section, got <policies>',
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
    ['the end of character data alone', '<a>b ]]> c</a>', `${MALFORMED} ]]> where ]]&gt; is meant`],
    ['dashes in a comment', '<!-- a -- b --><a/>', UNENDED],
    ['an expression that ends before its quotes do', '<a b="@(1) or </inbound>"/>', UNENDED],
    ['an expression whose quotes are the others', `<a b="@(1)'/>`, UNENDED],
  ])('refuses %s', (_, xml, problem) => {
    expect(problemOfXml(untyped(xml))).toBe(problem);
  });

  test('a token is left alone', () => {
    expect(problemOfXml(`</inbound>${new TerraformVariable(newStack(), 'xml', {}).stringValue}`)).toBeUndefined();
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
          if (problemOfXml(xml) !== undefined) {
            return;
          }
          expect(parseXml(`<policies><inbound>${xml}</inbound></policies>`).children).toHaveLength(1);
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
        expect(problemOfXml(policyXml(tree))).toBeUndefined();
      }),
    );
  });
});
