import fc from 'fast-check';
import { joined, normalized, tokens } from '../../src/policy/csharp';
import { closingBracket } from '../../src/policy/expression';
import { canonical, readPolicy } from '../../src/policy/reader';

const text = (xml: string, format?: 'xml' | 'rawxml'): string | undefined => {
  const root = readPolicy(xml, format);
  return root === undefined ? undefined : canonical(root);
};

describe('documents that mean the same', () => {
  const plain =
    '<policies><inbound><base /><set-variable name="a" value="@(context.Request.Headers.GetValueOrDefault("x","").Split(\'"\')[0])" /></inbound></policies>';

  test.each([
    ['layout', plain.replaceAll('><', '>\r\n\t<')],
    ['comments', plain.replace('<base />', '<!-- <return-response /> -- > --><base />')],
    ['the order of attributes', plain.replace(/(name="a") (value=".*\[0\]\)")/, '$2 $1')],
    ['an element without content written in two ways', plain.replace('<base />', '<base></base>')],
    ['blanks in tags', plain.replace('<base />', '<base\n/>').replace('</inbound>', '</inbound >')],
    ['a byte order mark and a declaration', `\uFEFF<?xml version="1.0" encoding="utf-8"?>\n${plain}`],
    ['blanks in expressions', plain.replace('GetValueOrDefault("x","")', 'GetValueOrDefault( "x",\n "" )')],
    ['comments in expressions', plain.replace('@(context', '@( /* ) */ context')],
    [
      'escaped expressions',
      plain.replace(/value="(.*\[0\]\))"/, (_, value: string) => `value="${value.replaceAll('"', '&quot;')}"`),
    ],
    [
      'other quotes',
      plain.replace(/value="(.*\[0\]\))"/, (_, value: string) => `value='${value.replaceAll("'", '&apos;')}'`),
    ],
    ['numeric entities', plain.replace('name="a"', 'name="&#97;"').replace('<base />', '<base />&#32;')],
  ])('%s', (_, other) => {
    expect(other).not.toBe(plain);
    expect(text(other)).toBe(text(plain));
  });

  test('what is said in another way is something else', () => {
    expect(text(plain.replace('"x"', '"y"'))).not.toBe(text(plain));
    expect(text(plain.replace('"x"', '"x "'))).not.toBe(text(plain));
    expect(text('<a>b</a>')).not.toBe(text('<a><b /></a>'));
  });

  test('text in pieces, characters as they are', () => {
    expect(text('<a>one <!-- x -->two<![CDATA[ <three>]]></a>')).toBe(text('<a>one two&lt;three&gt;</a>'));
    expect(text('<a b="x & y &nbsp; &#0;">&amp;</a>')).toBe('["a",[["b","x & y &nbsp; &#0;"]],"&",[]]');
  });
});

describe('expressions', () => {
  test.each([
    ['a string with a bracket', '@(x == ")")'],
    ['a verbatim string', '@(x == @"c:\\" + ")")'],
    ['a doubled quote in a verbatim string', '@(x == @"a"")""b")'],
    ['an escaped quote', '@(x == "\\")")'],
    ['an interpolated string', '@($"{(x == 1 ? "(" : $"{y}")} }}")'],
    ['an interpolated verbatim string', '@($@"c:\\{x}"")")'],
    ['characters', "@(x.Split('\"', ')', '\\'', '\\u0029', '\\\\').Length > 0)"],
    ['comments', '@{ // ) } "\n /* } */ return 1; }'],
    ['statements', '@{ var a = new List<string>(); if (a.Count < 1 && true) { return "}"; } return a[0]; }'],
    ['a generic call', '@(((Jwt)context.Variables["jwt"]).Claims.GetValueOrDefault<string>("a", "<none>"))'],
  ])('%s, as it stands and escaped', (_, expression) => {
    const escaped = expression
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      .replaceAll('\n', '&#10;');
    const documents = [`<a b="${expression}" c="1">${expression}</a>`, `<a b="${escaped}" c="1">${escaped}</a>`];
    for (const document of documents) {
      expect(text(document)).toBe(
        JSON.stringify([
          'a',
          [
            ['b', normalized(expression)],
            ['c', '1'],
          ],
          normalized(expression),
          [],
        ]),
      );
    }
    expect(text(documents[1] ?? '', 'xml')).toBe(text(documents[0] ?? '', 'rawxml'));
  });

  test('a bracket in a string that is escaped ends nothing', () => {
    expect(text('<a b="@(x.Contains(&quot;(&quot;))" />')).toBe(text('<a b="@(x.Contains("("))" />'));
  });

  test('keep what tells words and operators apart', () => {
    expect(joined(tokens('new  JObject( a , b )'))).toBe('new JObject(a,b)');
    expect(joined(tokens('a - -b'))).toBe('a- -b');
    expect(joined(tokens('x is string y'))).toBe('x is string y');
    expect(closingBracket('(a[)]', 0)).toBeUndefined();
    expect(closingBracket("('ab')", 0)).toBeUndefined();
  });
});

describe('unreadable', () => {
  test.each([
    ['nothing', ''],
    ['no XML', 'policy'],
    ['an element that is not closed', '<a><b></a>'],
    ['an element that was not open', '<a></a></b>'],
    ['two roots', '<a /><b />'],
    ['text beside the root', '<a />b'],
    ['an attribute twice', '<a b="1" b="2" />'],
    ['an attribute without a value', '<a b />'],
    ['an expression that does not end', '<a b="@(x" />'],
    ['an expression and something after it', '<a b="@(x) y" />'],
    ['a comment that does not end', '<a><!-- </a>'],
    ['character data that does not end', '<a><![CDATA[ </a>'],
    ['a document type', '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'],
    ['an attribute that could end in two places', '<a b="@(f(&quot;(&quot;))" c=")" />'],
    ['a text that could end in two places', '<a>@(f(&quot;(&quot;))</a><b c="">)</b>'],
  ])('%s', (_, xml) => {
    expect(readPolicy(xml)).toBeUndefined();
  });

  test('where the format says how it ends, it ends there', () => {
    expect(text('<a b="@(f(&quot;(&quot;))" c=")" />', 'xml')).toBe('["a",[["b","@(f(\\"(\\"))"],["c",")"]],"",[]]');
  });

  test('elements deeper than anybody nests them, without an end to the memory', () => {
    expect(readPolicy('<a>'.repeat(100_000))).toBeUndefined();
    const deepest = Array.from({ length: 199 }).reduce<string>((inner) => `["a",[],"",[${inner}]]`, '["a",[],"",[]]');
    expect(text('<a>'.repeat(200) + '</a>'.repeat(200))).toBe(deepest);
    expect(readPolicy('<a>'.repeat(201) + '</a>'.repeat(201))).toBeUndefined();
    expect(readPolicy(`<a b="@${'('.repeat(100_000)}" />`)).toBeUndefined();
    expect(readPolicy(`<a b="@(${'$"{'.repeat(5_000)})" />`)).toBeUndefined();
  });
});

test('strings of C# never change where an expression ends', () => {
  const string = fc.string({ maxLength: 12 }).map((value) => JSON.stringify(value.replace(/[\p{C}]/gu, '')));
  const verbatim = fc.string({ maxLength: 12 }).map((value) => `@"${value.replaceAll('"', '""')}"`);
  const character = fc.constantFrom("'\"'", "'('", "'}'", "'\\''", "'\\\\'");
  const comment = fc.string({ maxLength: 12 }).map((value) => `/* ${value.replaceAll('*/', '')} */1`);
  const part = fc.oneof(string, verbatim, character, comment);
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), (parts) => {
      const expression = `(f(${parts.join(' + ')}))`;
      return closingBracket(`${expression} ) " '`, 0) === expression.length;
    }),
  );
});

test('what is written escaped is read as what is written as it stands', () => {
  const value = fc.string({ maxLength: 16 }).map((given) => given.replace(/[\p{C}\\]/gu, ''));
  fc.assert(
    fc.property(value, (given) => {
      const expression = `@(context.Request.Url.Path.Contains("${given.replaceAll('"', '\\"')}"))`;
      const escaped = expression
        .replaceAll('&', '&amp;')
        .replaceAll('<', '&lt;')
        .replaceAll('>', '&gt;')
        .replaceAll('"', '&quot;');
      const entity = /&(?:amp|lt|gt|quot|apos|#\d+|#x[\da-f]+);/i.test(given);
      return entity || text(`<a b="${expression}" />`) === text(`<a b="${escaped}" />`);
    }),
  );
});
