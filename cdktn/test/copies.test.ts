import * as cdktf from 'cdktf';
import * as forCdktf from 'cdktf-apim-oauth';
import * as cdktn from 'cdktn';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, TerraformStack } from 'cdktf';

/*
 * A program may hold both packages, say while it moves from one framework to the other: each works in stacks of its own
 * framework, and where they meet, one sentence says so.
 */
const forCdktn = jest.requireActual<typeof forCdktf>('cdktn-apim-oauth');
const other = cdktn as unknown as typeof cdktf;

const outdir = mkdtempSync(join(tmpdir(), 'apim-oauth-copies-'));
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

const INSTANCE = {
  name: 'contoso-apim',
  resourceGroupName: 'rg',
  location: 'centraluseuap',
  publisherName: 'Contoso',
  publisherEmail: 'api@contoso.com',
};

function stackOf(framework: typeof cdktf, library: typeof forCdktf, id = 'stack'): TerraformStack {
  const stack = new framework.TerraformStack(new framework.App({ outdir }), id);
  new library.AzureProviders(stack, 'azure');
  return stack;
}

function errorOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was thrown');
}

const SENTENCES = [
  {
    framework: cdktf,
    library: forCdktf,
    foreign: forCdktn,
    sentence:
      'must be of a program on cdktn 0.24.0, which cdktn-apim-oauth uses here, got one on cdktf 0.21.0; use cdktf-apim-oauth there, or install one release of one framework for all packages, as docs/frameworks.md shows',
  },
  {
    framework: other,
    library: forCdktn,
    foreign: forCdktf,
    sentence:
      'must be of a program on cdktf 0.21.0, which cdktf-apim-oauth uses here, got one on cdktn 0.24.0; use cdktn-apim-oauth there, or install one release of one framework for all packages, as docs/frameworks.md shows',
  },
];

test('both packages declare the same sandbox, each on its own framework, in one process', () => {
  const [one, two] = SENTENCES.map(({ framework, library }) => {
    const app: App = new framework.App({ outdir });
    const sandbox = new library.PreviewSandbox(app, 'sandbox', {
      ownerEmail: 'jane@contoso.com',
      subscriptionId: '22222222-2222-2222-2222-222222222222',
    });
    return framework.Testing.synth(sandbox);
  });

  expect(Object.keys(JSON.parse(one).resource)).toContain('azurerm_api_management');
  expect(JSON.parse(two).resource).toEqual(JSON.parse(one).resource);
});

test.each(SENTENCES)(
  'a construct of the other package in the stack: $sentence',
  ({ framework, library, foreign, sentence }) => {
    const stack = stackOf(framework, library);

    expect(errorOf(() => new foreign.ApimInstanceWithIdentity(stack, 'apim', INSTANCE))).toBe(
      `stack/apim: scope: ${sentence}`,
    );
  },
);

test.each(SENTENCES)('an instance of the other package: $sentence', ({ framework, library, foreign, sentence }) => {
  const apim = new library.ApimInstanceWithIdentity(stackOf(framework, library), 'apim', INSTANCE);
  const stack = stackOf(framework === cdktf ? other : cdktf, foreign);
  const declare = (): unknown =>
    new foreign.OAuthProduct(stack, 'gold', { instance: apim, displayName: 'Gold', apiNames: ['echo'] });

  expect(errorOf(declare)).toBe(`stack/gold: instance: ${sentence}`);
});

test.each(SENTENCES)(
  'values that hold no construct are taken from either package',
  ({ framework, library, foreign }) => {
    const stack = stackOf(framework, library);
    new library.ApimInstanceWithIdentity(stack, 'apim', {
      ...INSTANCE,
      sku: foreign.ApimSku.standard(1),
      directoryRole: foreign.DirectoryRole.none(),
    });

    expect(JSON.parse(framework.Testing.synth(stack)).resource.azurerm_api_management.apim.sku_name).toBe('Standard_1');
  },
);
