import * as own from 'cdktf';
import { version } from 'cdktf/package.json';
import * as other from 'cdktn';
import { version as otherVersion } from 'cdktn/package.json';
import { Construct } from 'constructs';
import * as library from '../../lib';
import { AccessManifest, ApimInstanceWithIdentity, ConstructMove, OAuthProduct } from '../../lib';
import { errorOf, newApp, newClient, newInstance, newStack, synth, untyped } from '../support';

const FRAMEWORK = 'cdktf';
const OWN = `${FRAMEWORK} ${version}, which cdktf-apim-oauth uses here`;
const CURE = 'install one release of one framework for all packages, as docs/frameworks.md shows';
const FOREIGN = `must be of a program on ${OWN}, got one on cdktn ${otherVersion}; use cdktn-apim-oauth there, or ${CURE}`;

const foreignApp = (): Construct => new other.App({ outdir: newApp().outdir }) as Construct;
const foreignStack = (): Construct => new other.TerraformStack(foreignApp(), 'stack') as Construct;

type Make = (scope: Construct) => unknown;

const constructs: [string, Make][] = Object.entries<any>(library)
  .filter(([, type]) => type?.prototype instanceof Construct)
  // It is abstract.
  .filter(([name]) => name !== 'AzapiManagedResource')
  .map(([name, type]) => [name, (scope) => Reflect.construct(type, [scope, 'it', {}])]);

const factories: [string, Make][] = [
  ['ApimInstanceWithIdentity.fromExisting', (scope) => ApimInstanceWithIdentity.fromExisting(scope, 'it', untyped({}))],
  ['OAuthProduct.onExisting', (scope) => OAuthProduct.onExisting(scope, 'it', untyped({}))],
  ['OAuthProduct.fromProductId', (scope) => OAuthProduct.fromProductId(scope, 'it', untyped({}))],
  ['OAuthProduct.fromRegistration', (scope) => OAuthProduct.fromRegistration(scope, 'it', untyped({}))],
];

/** A stack that says that it is of a release of the library's own framework. */
function stackOf(release: string): own.TerraformStack {
  class Stack extends own.TerraformStack {}
  const rtti = { fqn: `${FRAMEWORK}.TerraformStack`, version: release };
  Object.defineProperty(Stack, Symbol.for('jsii.rtti'), { value: rtti });
  return new Stack(newApp(), 'stack');
}

describe('a program on the other framework', () => {
  test.each([...constructs, ...factories])('is refused by %s before anything else', (_, make) => {
    expect(errorOf(() => make(foreignStack()))).toBe(`stack/it: scope: ${FOREIGN}`);
  });

  test('is refused before its stack is made', () => {
    expect(errorOf(() => new library.PreviewSandbox(foreignApp(), 'it', untyped({})))).toBe(`it: scope: ${FOREIGN}`);
  });

  test('is refused where its app holds a stack of the own one', () => {
    const stack = new own.TerraformStack(foreignApp(), 'stack');

    expect(errorOf(() => newInstance(stack))).toBe(`stack/apim: scope: ${FOREIGN}`);
  });

  test('gives no instance, product, application or construct', () => {
    class Foreign extends Construct {
      public readonly instanceName = 'a';
      public readonly productId = 'a';
      public readonly applicationName = 'a';
    }
    const foreign = new Foreign(foreignStack(), 'foreign');
    const stack = newStack();
    const client = newClient(stack, newInstance(stack));

    expect(
      errorOf(() => new OAuthProduct(stack, 'it', untyped({ instance: foreign, displayName: 'A', apiNames: ['a'] }))),
    ).toBe(`stack/it: instance: ${FOREIGN}`);
    expect(errorOf(() => client.grantAccess(untyped(foreign)))).toBe(`stack/partner.grantAccess: product: ${FOREIGN}`);
    expect(errorOf(() => new AccessManifest(stack, 'access', { applications: [untyped(foreign)] }))).toBe(
      `stack/access: applications: ${FOREIGN}`,
    );
    expect(errorOf(() => ConstructMove.from(foreign, 'former'))).toBe(`ConstructMove.from: construct: ${FOREIGN}`);
  });
});

describe('another release of the framework', () => {
  test.each(['0.99.0', '1.0.0'])('of another series is refused: %s', (release) => {
    expect(errorOf(() => newInstance(stackOf(release)))).toBe(
      `stack/apim: scope: must be of a program on ${OWN}, got one on cdktf ${release}; ${CURE}`,
    );
  });

  test.each([version, version.replace(/\d+$/, '99'), version.replace(/\d+$/, '99-pre.1')])(
    'of the same series goes: %s',
    (release) => {
      const stack = stackOf(release);
      new library.AzureProviders(stack, 'azure');
      newInstance(stack);

      expect(Object.keys(synth(stack).resource)).toContain('azurerm_api_management');
    },
  );
});

test('a provider package for the other framework is refused', () => {
  jest.isolateModules(() => {
    class AzurermProvider extends other.TerraformProvider {}
    jest.doMock('@cdktf/provider-azurerm/lib/provider', () => ({ AzurermProvider }));
    const copy = jest.requireActual<typeof library>('../../lib');
    jest.dontMock('@cdktf/provider-azurerm/lib/provider');
    const stack = new own.TerraformStack(newApp(), 'stack');

    expect(errorOf(() => new copy.AzureProviders(stack, 'azure'))).toBe(
      `stack/azure: @cdktf/provider-azurerm: must be for ${OWN}, got one for cdktn ${otherVersion}; ${CURE}`,
    );
  });
});

test('another version of the library that keeps its marks in another way is refused', () => {
  const app = newApp();
  Object.defineProperty(app, Symbol.for('apim-oauth/marks'), { value: 2 });
  const stack = new own.TerraformStack(app, 'stack');

  expect(errorOf(() => newInstance(stack))).toBe(
    'stack/apim: scope: must be in a program with one version of cdktf-apim-oauth, got a program with two that do not understand each other; install one version',
  );
});

test('what is no scope at all gets the answer of constructs', () => {
  expect(() => newInstance(untyped('stack'))).toThrow(TypeError);
});
