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
import { readPolicy } from '../../src/policy/reader';
import { demandOf } from '../../src/policy/strength';

const folder = mkdtempSync(join(tmpdir(), 'apim-oauth-policies-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What the library writes as policies of products and APIs. */
function written(build: (stack: TerraformStack) => void): string[] {
  const app = new App({ outdir: mkdtempSync(join(folder, 'app-')), stackTraces: false });
  const stack = new TerraformStack(app, 'stack');
  build(stack);
  app.synth();
  return readdirSync(join(app.outdir, 'stacks')).flatMap((name) => {
    const path = join(app.outdir, 'stacks', name, 'cdk.tf.json');
    const { resource = {} } = JSON.parse(readFileSync(path, 'utf8')) as {
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

test('whatever the library takes, the review reads', () => {
  const word = fc.constantFrom('a', 'x.Y', 'new List<string>()', 'b && c', '1 < 2', 'd?.E ?? f');
  const literal = fc.oneof(
    fc.string({ maxLength: 8 }).map((value) => JSON.stringify(value.replace(/[\p{C}]/gu, ''))),
    fc.string({ maxLength: 8 }).map((value) => `@"${value.replace(/[\p{C}]/gu, '').replaceAll('"', '""')}"`),
    fc.constantFrom("'\"'", "')'", "'\\''", '/* ) */', '$"{x} ("'),
  );
  const code = fc
    .array(fc.oneof(word, literal), { minLength: 1, maxLength: 4 })
    .map((parts) => `@(f(${parts.join(' + ')}))`);
  const value = fc.oneof(code, fc.string({ maxLength: 10 }));
  const element = fc
    .tuple(fc.constantFrom('set-variable', 'trace', 'cors'), value, value, fc.constantFrom('"', "'"))
    .map(([name, attribute, text, quote]) => `<${name} name=${quote}${attribute}${quote}>${text}</${name}>`);
  let taken = 0;
  fc.assert(
    fc.property(fc.array(element, { minLength: 1, maxLength: 4 }), (elements) => {
      const policies = own({ inboundAfter: elements.join('') });
      taken += policies === undefined ? 0 : 1;
      return policies === undefined || policies.map(demands).join() === 'always bound';
    }),
    { numRuns: 25 },
  );
  expect(taken).toBeGreaterThan(5);
});
