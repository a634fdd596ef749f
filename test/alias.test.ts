import * as cdktn from 'cdktn';
import * as library from '../lib';
import { newApp, untyped } from './support';

/*
 * `"cdktf": "npm:cdktn@0.24.0"` with an override lets the name cdktf stand for cdktn in every package. A program may import
 * cdktn by its own name beside it, which is another copy of the same framework.
 */
let aliased: typeof library;
let alias: typeof cdktn;
jest.isolateModules(() => {
  jest.doMock('cdktf', () => jest.requireActual<typeof cdktn>('cdktn'));
  alias = jest.requireMock<typeof cdktn>('cdktf');
  aliased = jest.requireActual<typeof library>('../lib');
});

test('is another copy of cdktn', () => {
  expect(alias.TerraformStack).not.toBe(cdktn.TerraformStack);
});

test.each([
  ['cdktn under the name cdktf', () => alias],
  ['cdktn under its own name', () => cdktn],
])('a sandbox synthesizes in an app of %s', (_, framework) => {
  const { outdir } = newApp();
  const app = new (framework().App)({ outdir });
  const sandbox = new aliased.PreviewSandbox(app, 'sandbox', {
    ownerEmail: 'jane@contoso.com',
    subscriptionId: '22222222-2222-2222-2222-222222222222',
  });
  app.synth();

  const terraform = (untyped(sandbox) as cdktn.TerraformStack).toTerraform();
  expect(Object.keys(terraform.resource)).toEqual(
    expect.arrayContaining(['azapi_resource', 'azuread_directory_role', 'azurerm_api_management']),
  );
});
