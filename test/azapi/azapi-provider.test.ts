import { TerraformStack, TerraformVariable, Testing } from 'cdktf';
import { AzapiProvider, AzapiProviderConfig } from '../../lib';
import { errorOf, newApp, SUBSCRIPTION, synth, TENANT } from '../support';

function blockOf(config?: AzapiProviderConfig, then: (provider: AzapiProvider) => void = () => undefined): any {
  const stack = new TerraformStack(newApp(), 'stack');
  then(new AzapiProvider(stack, 'azapi', config));
  return synth(stack).provider.azapi;
}

describe('AzapiProvider', () => {
  test('default setup', () => {
    const stack = new TerraformStack(newApp(), 'stack');
    const provider = new AzapiProvider(stack, 'azapi');
    const terraform = synth(stack);

    expect(terraform.provider).toEqual({ azapi: [{}] });
    expect(terraform.terraform.required_providers).toEqual({ azapi: { source: 'Azure/azapi', version: '~> 2.7' } });
    expect(provider.fqn).toBe('azapi');
    expect(provider.alias).toBeUndefined();
  });

  test('every setting', () => {
    expect(
      blockOf({
        alias: 'other',
        subscriptionId: SUBSCRIPTION,
        tenantId: TENANT,
        clientId: TENANT,
        environment: 'usgovernment',
        useOidc: true,
        useMsi: false,
        useCli: false,
      }),
    ).toEqual([
      {
        alias: 'other',
        subscription_id: SUBSCRIPTION,
        tenant_id: TENANT,
        client_id: TENANT,
        environment: 'usgovernment',
        use_oidc: true,
        use_msi: false,
        use_cli: false,
      },
    ]);
  });

  test('an alias that is set later', () => {
    const stack = new TerraformStack(newApp(), 'stack');
    const provider = new AzapiProvider(stack, 'azapi');
    provider.alias = 'late';

    expect(provider.fqn).toBe('azapi.late');
    expect(synth(stack).provider.azapi).toEqual([{ alias: 'late' }]);
  });

  test('text is no template', () => {
    expect(blockOf({ environment: '${file("x")}' })).toEqual([{ environment: '$${file("x")}' }]);
  });

  test('tokens pass, and overrides are merged', () => {
    const stack = new TerraformStack(newApp(), 'stack');
    const provider = new AzapiProvider(stack, 'azapi', {
      subscriptionId: new TerraformVariable(stack, 'subscription', {}).stringValue,
    });
    provider.addOverride('enable_preflight', true);

    expect(synth(stack).provider.azapi).toEqual([{ subscription_id: '${var.subscription}', enable_preflight: true }]);
  });

  test('fails to be written as HCL', () => {
    const stack = new TerraformStack(newApp(), 'stack');
    new AzapiProvider(stack, 'azapi');

    expect(errorOf(() => Testing.synthHcl(stack))).toBe(
      "stack/azapi: azapi provider blocks cannot be written as HCL; synthesize JSON, cdktf's default",
    );
  });
});
