import * as fc from 'fast-check';
import { IResolvable, TerraformOutput, TerraformStack, TerraformVariable, Token } from 'cdktf';
import { expression, expressionOf, literal } from '../../lib/terraform/expression';
import { newApp, synth } from '../support';

/** What Terraform makes of a template: the escapes of `${` and `%{`, and nothing else, since nothing may be left to evaluate. */
function readTemplate(text: string): string {
  const marker = /(\$\$|%%)\{|([$%])\{/g;
  return text.replace(marker, (_, escaped: string | undefined) => {
    if (escaped === undefined) {
      throw new Error(`Terraform would evaluate something in ${text}`);
    }
    return `${escaped[0]}{`;
  });
}

/** What Terraform makes of a quoted string in an expression. */
function readQuoted(code: string): string {
  const body = /^"((?:[^"\\]|\\.)*)"$/s.exec(code)?.[1];
  if (body === undefined) {
    throw new Error(`${code} is not one quoted string`);
  }
  if (/[\n\r]/.test(body)) {
    throw new Error('a quoted string has no line breaks');
  }
  const unescaped = body.replace(/\\(u[0-9a-f]{4}|.)/gs, (escape, name: string) => {
    if (name.startsWith('u')) {
      return String.fromCharCode(parseInt(name.slice(1), 16));
    }
    const plain: Record<string, string> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' };
    if (plain[name] === undefined) {
      throw new Error(`Terraform has no escape ${escape}`);
    }
    return plain[name];
  });
  return readTemplate(unescaped);
}

/** Text that is made to break out of wherever it stands. What looks like a whole token is one to cdktf itself. */
const hostile = fc
  .oneof(
    fc.string({ unit: 'binary' }),
    fc
      .array(
        fc.constantFrom(
          '$',
          '%',
          '{',
          '}',
          '"',
          '\\',
          '\n',
          '\r',
          '\t',
          '\b',
          '\f',
          '\0',
          "'",
          '~',
          'a',
          'b',
          'f',
          'u',
          'é',
          '😀',
          '\u2028',
          '${',
          '%{',
          '$${',
          '#{TfToken[',
          ']}',
        ),
      )
      .map((parts) => parts.join('')),
  )
  .filter((text) => !/[#$&]\{TfToken\[[^\]]*\]\}/.test(text));

function render(value: (stack: TerraformStack) => unknown): any {
  const stack = new TerraformStack(newApp(), 'stack');
  new TerraformOutput(stack, 'out', { value: value(stack) });
  return synth(stack).output.out.value;
}

describe('literal', () => {
  test.each([
    ['', ''],
    ['plain', 'plain'],
    ['100 %', '100 %'],
    ['$5 {five}', '$5 {five}'],
    ['${path.root}', '$${path.root}'],
    ['%{ if true }', '%%{ if true }'],
    ['$${x}', '$$${x}'],
    ['a ${b} %{c} ${d}', 'a $${b} %%{c} $${d}'],
  ])('%j becomes %j', (text, expected) => {
    expect(literal(text)).toBe(expected);
  });

  test('Terraform reads back whatever was given', () => {
    fc.assert(fc.property(hostile, (text) => readTemplate(literal(text)) === text));
  });

  test('a token stays as it is', () => {
    const token = new TerraformVariable(new TerraformStack(newApp(), 'stack'), 'name', {}).stringValue;
    expect(literal(`the ${token}`)).toBe(`the ${token}`);
  });
});

describe('expression', () => {
  test('tokens stand without braces, strings quoted, other values as they are', () => {
    const value = render((stack) => {
      const name = new TerraformVariable(stack, 'name', {}).stringValue;
      return expression`${name} == ${'x'} ? ${1} : ${[name, 'y', true]}`;
    });
    expect(value).toBe('${var.name == "x" ? 1 : [var.name, "y", true]}');
  });

  test('a token inside a string becomes an interpolation, and the text around it is escaped', () => {
    const value = render((stack) => {
      const name = new TerraformVariable(stack, 'name', {}).stringValue;
      return expression`upper(${`\${a} "${name}" %{b}\n`})`;
    });
    expect(value).toBe('${upper("$${a} \\"${var.name}\\" %%{b}\\n")}');
  });

  test('two tokens side by side are one string', () => {
    const value = render((stack) => {
      const name = new TerraformVariable(stack, 'name', {}).stringValue;
      return expression`upper(${`${name}${name}`})`;
    });
    expect(value).toBe('${upper("${var.name}${var.name}")}');
  });

  test('tokens of other types than string', () => {
    const value = render((stack) => {
      const some = new TerraformVariable(stack, 'some', {});
      return expression`[${some.numberValue}, ${some.booleanValue}, ${some.listValue}, ${some.value}, ${[some.numberValue, 2]}]`;
    });
    expect(value).toBe('${[var.some, var.some, var.some, var.some, [var.some, 2]]}');
  });

  test('an expression inside another has no braces of its own', () => {
    const value = render((stack) => {
      const inner = expressionOf`length(${new TerraformVariable(stack, 'names', {}).listValue})`;
      return expressionOf`${inner} > 0 && ${expression`${inner} < ${9}`}`;
    });
    expect(value).toBe('${length(var.names) > 0 && length(var.names) < 9}');
  });

  test('an expression in the middle of a text has braces', () => {
    expect(render(() => `at ${expression`plantimestamp()`}!`)).toBe('at ${plantimestamp()}!');
  });

  test('braces are as before after an expression', () => {
    const value = render((stack) => {
      const name = new TerraformVariable(stack, 'name', {}).stringValue;
      return { one: expression`upper(${name})`, two: name, three: `${name}${expression`lower(${name})`}${name}` };
    });
    expect(value).toEqual({
      one: '${upper(var.name)}',
      two: '${var.name}',
      three: '${var.name}${lower(var.name)}${var.name}',
    });
  });

  test('as a string and as a value it is a token, which no text check looks into', () => {
    expect(Token.isUnresolved(expression`1 + ${1}`)).toBe(true);
    expect(Token.isUnresolved(expressionOf`1 + ${1}`)).toBe(true);
    expect(`${expressionOf`1 + ${1}`}`).toMatch(/^\$\{TfToken\[TOKEN\.\d+\]\}$/);
    expect(JSON.stringify({ value: expressionOf`1` })).toBe('{"value":"<unresolved-token>"}');
    expect((expressionOf`1` as IResolvable).creationStack).toEqual([]);
  });

  test('no string can end the expression it stands in', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const code: string = render(() => expressionOf`${text}`);
        return code.startsWith('${') && code.endsWith('}') && readQuoted(code.slice(2, -1)) === text;
      }),
      { numRuns: 200 },
    );
  });
});
