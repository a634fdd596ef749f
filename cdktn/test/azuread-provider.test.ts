import { AzureadProvider as Prebuilt } from '@cdktf/provider-azuread/lib/provider';
import { App, TerraformStack } from 'cdktf';
import { tmpdir } from 'node:os';
import { AzureadProvider, AzureadProviderConfig } from '../lib/azuread/azuread-provider';

/** Every setting of the provider, with a value of its type. */
const SETTINGS: Required<AzureadProviderConfig> = {
  adoPipelineServiceConnectionId: 'a',
  alias: 'b',
  clientCertificate: 'c',
  clientCertificatePassword: 'd',
  clientCertificatePath: 'e',
  clientId: 'f',
  clientIdFilePath: 'g',
  clientSecret: 'h',
  clientSecretFilePath: 'i',
  disableTerraformPartnerId: true,
  environment: 'j',
  metadataHost: 'k',
  msiEndpoint: 'l',
  oidcRequestToken: 'm',
  oidcRequestUrl: 'n',
  oidcToken: 'o',
  oidcTokenFilePath: 'p',
  partnerId: 'q',
  tenantId: 'r',
  useAksWorkloadIdentity: true,
  useCli: false,
  useMsi: true,
  useOidc: true,
};

type Make = (stack: TerraformStack, config?: AzureadProviderConfig) => Prebuilt | AzureadProvider;

const prebuilt: Make = (stack, config) => new Prebuilt(stack, 'azuread', config);
const own: Make = (stack, config) => new AzureadProvider(stack, 'azuread', config);

/** What an object declares under names, without the pin of the provider's version. */
function declared(make: Make, config?: AzureadProviderConfig): unknown {
  const stack = new TerraformStack(new App({ outdir: tmpdir() }), 'stack');
  const provider = make(stack, config);
  const { provider: json, terraform } = stack.toTerraform();
  const hcl = provider.toHclTerraform();
  const pins = [terraform, hcl.terraform].map(({ required_providers }) => required_providers.azuread);
  for (const pin of pins) {
    delete pin.version;
  }
  return { json, hcl, fqn: provider.fqn, alias: provider.alias, pins };
}

test('has every setting that the prebuilt class has', () => {
  const stack = new TerraformStack(new App({ outdir: tmpdir() }), 'stack');
  const provider = new Prebuilt(stack, 'azuread');
  const inputs = Object.entries(Object.getOwnPropertyDescriptors(Prebuilt.prototype))
    .map(([name]) => /^(.+)Input$/.exec(name)?.[1])
    .filter((name) => name !== undefined);

  expect(Object.keys(SETTINGS).sort()).toEqual(inputs.sort());
  expect(provider.terraformResourceType).toBe(AzureadProvider.tfResourceType);
});

test.each([
  ['nothing', undefined],
  ['everything', SETTINGS],
  ...Object.entries(SETTINGS).map(([name, value]): [string, AzureadProviderConfig] => [name, { [name]: value }]),
])('declares what the prebuilt class declares, given %s', (_, config) => {
  expect(declared(own, config)).toEqual(declared(prebuilt, config));
});

test('takes its alias from a moment later, too', () => {
  const later = (make: Make): Make => {
    return (stack) => {
      const provider = make(stack);
      provider.alias = 'later';
      return provider;
    };
  };

  expect(declared(later(own))).toEqual(declared(later(prebuilt)));
});
