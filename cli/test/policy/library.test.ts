import fc from 'fast-check';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, TerraformStack } from 'cdktf';
import {
  ApimInstanceWithIdentity,
  AzureProviders,
  OAuthProduct,
  PreviewSandbox,
  ProductAuthorization,
  type GatewayPolicyOptions,
  type OAuthProductProps,
} from 'cdktf-apim-oauth';
import { flowOf } from '../../src/policy/flow';
import { canonicalSection, problemOfSection } from '../../../lib/policy/policy-section';
import { canonical, readPolicy } from '../../src/policy/reader';
import { demandOf } from '../../src/policy/strength';

/** What the library writes as policies of products and APIs. */
function written(build: (stack: TerraformStack) => void): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'apim-oauth-policies-'));
  try {
    const app = new App({ outdir: folder, stackTraces: false });
    const stack = new TerraformStack(app, 'stack');
    build(stack);
    app.synth();
    return policiesIn(join(folder, 'stacks'));
  } finally {
    // at once: a run that is killed before its end leaves no more than one folder
    rmSync(folder, { recursive: true, force: true });
  }
}

function policiesIn(stacks: string): string[] {
  return readdirSync(stacks).flatMap((name) => {
    const { resource = {} } = JSON.parse(readFileSync(join(stacks, name, 'cdk.tf.json'), 'utf8')) as {
      resource?: Record<string, Record<string, { xml_content?: string }>>;
    };
    return Object.values(resource)
      .flatMap((blocks) => Object.values(blocks))
      .flatMap(({ xml_content }) => xml_content ?? []);
  });
}

function product(props: Partial<OAuthProductProps>): string[] {
  return written((stack) => {
    new AzureProviders(stack, 'azure');
    const instance = new ApimInstanceWithIdentity(stack, 'apim', {
      name: 'contoso-apim',
      resourceGroupName: 'rg',
      location: 'centraluseuap',
      publisherName: 'Contoso',
      publisherEmail: 'api@contoso.com',
    });
    new OAuthProduct(stack, 'gold', { instance, displayName: 'Gold', apiNames: ['echo'], ...props });
  });
}

function demands(xml: string): string {
  const root = readPolicy(xml.replace(/\$\{[^}]*\}/g, 'unknown-until-apply'));
  const flow = root === undefined ? undefined : flowOf(root, (id) => id);
  if (flow === undefined) {
    return `unreadable: ${xml}`;
  }
  const { applies, strength } = demandOf(flow);
  return `${applies} ${strength}`;
}

const LIMITS: Partial<OAuthProductProps> = {
  clientRateLimit: { calls: 10, renewalPeriod: 60 },
  clientQuota: { calls: 100, bandwidthKb: 40, renewalPeriod: 3600 },
};

test.each<[string, () => string[], string[]]>([
  ['limits of a product of its own', () => product(LIMITS), ['always tenant']],
  ['limits beside keys', () => product({ ...LIMITS, acceptSubscriptionKey: true }), ['without key tenant']],
  ['a gateway policy', () => product({ authorization: ProductAuthorization.gatewayPolicy() }), ['always bound']],
  [
    'a gateway policy beside keys, with limits',
    () => product({ ...LIMITS, acceptSubscriptionKey: true, authorization: ProductAuthorization.gatewayPolicy() }),
    ['without key bound'],
  ],
  [
    'a sandbox',
    () =>
      written((stack) => {
        new AzureProviders(stack, 'azure');
        new PreviewSandbox(stack, 'sandbox', {
          subscriptionId: '22222222-2222-4222-8222-222222222222',
          ownerEmail: 'jane@contoso.com',
        });
      }),
    ['never none'],
  ],
])('the review reads %s', (_, write, expected) => {
  expect(write().map(demands)).toEqual(expected);
});

/** What the library makes of sections of the user's own; undefined where it refuses them. */
function own(sections: GatewayPolicyOptions): string[] | undefined {
  try {
    return product({ authorization: ProductAuthorization.gatewayPolicy(sections) });
  } catch {
    return undefined;
  }
}

test.each([
  ['quotes in expressions', '<set-variable name="a" value="@(context.Request.Headers.GetValueOrDefault("x", ""))" />'],
  ['a quote as a character', `<set-variable name="a" value="@(context.Request.Url.Path.Split('"')[0])" />`],
  [
    'brackets in strings',
    '<choose><when condition="@(context.Request.Url.Path.Contains(")"))"><cors /></when></choose>',
  ],
  ['verbatim strings', '<set-variable name="a" value="@(@"c:\\" + ")" + @"a""b")" />'],
  [
    'statements',
    '<set-body>@{ // ) }\n var x = new List<string>(); /* } */ return x.Count < 1 && true ? "}" : "{"; }</set-body>',
  ],
  ['comments and character data', '<!-- <a> & --><trace source="a"><message><![CDATA[ <b> & ]]></message></trace>'],
  [
    'a token of the library itself',
    '<set-header name="X" exists-action="override"><value>@(((Jwt)context.Variables["oauth-application-token"]).Subject)</value></set-header>',
  ],
])('the review reads sections of the user: %s', (_, xml) => {
  const sections = { inboundBefore: xml, inboundAfter: xml, outbound: xml, onError: xml };
  expect(own(sections)?.map(demands)).toEqual(['always bound']);
});

describe('whatever the library takes, the review reads', () => {
  const read = (section: string): string | undefined => {
    const root = readPolicy(`<policies><inbound>${section}</inbound></policies>`);
    return root === undefined ? undefined : canonical(root);
  };

  test.each([
    ['entities for quotes', `<a b='@(x.Split(&apos;"&apos;))'/>`, 'does not end'],
    ['a character that does not end', `<a b="@(x.Split('))"/>`, 'does not end'],
    ['characters of which there are two', `<a b="@(x == 'ab')"/>`, 'does not end'],
    ['a string that does not end', '<a>@(x == ")</a>', 'does not end'],
    ['a comment that does not end', '<a>@(x /* )</a>', 'does not end'],
    ['brackets that cross', '<a>@(x[)])</a>', 'does not end'],
    ['a string in a string that does not end', '<a>@($"{x(}")</a>', 'does not end'],
    ['two ends of a value', '<a b="@(f(&quot;(&quot;))" c=")"/>', 'ends elsewhere'],
    ['two ends of a text', '<a>@(f(&quot;(&quot;))</a><b c="">)</b>', 'ends elsewhere'],
    ['a sign as an entity', '<a b="&#64;(x"/>', 'in pieces'],
    ['a bracket as an entity', '<a>@&#40;x</a>', 'in pieces'],
    ['a sign and a bracket beside a comment', '<a>@<!-- -->(x</a>', 'in pieces'],
    ['an attribute twice', '<a b="1" b="2"/>', 'twice'],
    ['elements deeper than anybody nests them', '<a>'.repeat(101) + '</a>'.repeat(101), 'deep'],
  ])('%s: neither takes it', (_, section, problem) => {
    expect(problemOfSection(section)).toContain(problem);
  });

  test('as deep as the library takes', () => {
    const section = '<a>'.repeat(100) + '</a>'.repeat(100);
    expect(problemOfSection(section)).toBeUndefined();
    expect(read(section)).toContain('"a"');
  });

  const escape = (text: string): string =>
    text.replace(/[&<>"']/g, (character) => `&#${String(character.charCodeAt(0))};`);
  const code = fc
    .array(
      fc.oneof(
        fc.constantFrom(...Array.from('()[]{}"\'@$/*\\&<> \n;+'), 'x', 'y.Z', '==', '//', '/*', '*/', '$"', '@"', '""'),
        fc.constantFrom(
          'x',
          'f(x)',
          'a[0]',
          '1 < 2',
          '"a"',
          '"("',
          '@"c:\\"',
          "'\"'",
          "')'",
          "'\\''",
          '$"{x}"',
          '$"{("}")}"',
          '/* ) */',
          '// (\n',
        ),
        fc.constantFrom('&quot;', '&apos;', '&lt;', '&amp;', '&#34;', '&#x28;', '&#41;'),
        fc.string({ maxLength: 4 }),
      ),
      { maxLength: 6 },
    )
    .map((parts) => parts.join(''));
  const expression = fc.oneof(
    code.map((inner) => `@(${inner})`),
    code.map((inner) => `@{${inner}}`),
    code.map((inner) => escape(`@(${inner})`)),
    code.map((inner) => `@(${escape(inner)})`),
  );
  const value = fc.oneof({ weight: 3, arbitrary: expression }, code);
  const blank = fc.constantFrom('', ' ', '\n  ');
  const element = fc
    .record({
      names: fc.tuple(fc.constantFrom('a', 'set-variable', 'é'), fc.constantFrom('b', 'c', 'value')),
      quote: fc.constantFrom('"', "'"),
      values: fc.tuple(value, value),
      texts: fc.array(
        fc.oneof(
          value,
          fc.constantFrom('', '@', '(x)', '<!-- " -->', '<![CDATA[@(x)]]>', '<![CDATA[ < ]]>', '<b/>', '{{named}}'),
        ),
        { maxLength: 3 },
      ),
      blank,
    })
    .map(
      ({ names: [own, attribute], quote, values: [first, second], texts, blank: space }) =>
        `<${own} ${attribute}=${quote}${space}${first}${space}${quote} d=${quote}${second}${quote}>${space}${texts.join(space)}</${own}>`,
    );

  test('sections in pieces', () => {
    let taken = 0;
    fc.assert(
      fc.property(fc.array(element, { minLength: 1, maxLength: 2 }), (elements) => {
        const section = elements.join('');
        if (problemOfSection(section) !== undefined) {
          return;
        }
        taken += 1;
        expect(read(canonicalSection(section))).toBeDefined();
      }),
      { numRuns: 4000, seed: 8 },
    );
    expect(taken).toBeGreaterThan(200);
  });
});
