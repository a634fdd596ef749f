import { TerraformOutput, TerraformVariable } from 'cdktf';
import { ApimInstanceWithIdentity, DirectoryRole, ExistingApimInstanceAttributes } from '../../lib';
import { blockOf, child, counts, errorOf, newStack, synth, synthText, untyped } from '../support';

function declared(attrs: Partial<ExistingApimInstanceAttributes> = {}) {
  const stack = newStack();
  const apim = ApimInstanceWithIdentity.fromExisting(stack, 'apim', {
    name: 'contoso-apim',
    resourceGroupName: 'rg',
    ...attrs,
  });
  const { instanceName, instanceId, resourceGroupName, principalId, tenantId, gatewayUrl, developerPortalUrl } = apim;
  new TerraformOutput(stack, 'out', {
    value: { instanceName, instanceId, resourceGroupName, principalId, tenantId, gatewayUrl, developerPortalUrl },
  });
  const terraform = synth(stack);
  return { stack, apim, terraform, attributes: terraform.output.out.value };
}

const READ = {
  instanceName: '${data.azapi_resource.apim.name}',
  instanceId: '${data.azapi_resource.apim.id}',
  resourceGroupName: 'rg',
  gatewayUrl: '${data.azapi_resource.apim.output.gatewayUrl}',
  developerPortalUrl: '${data.azapi_resource.apim.output.developerPortalUrl}',
};

const RESOURCE_ID =
  '/subscriptions/${data.azurerm_client_config.apim_subscription_A7A29BFB.subscription_id}/resourceGroups/rg/providers/Microsoft.ApiManagement/service/contoso-apim';
const URLS = { gatewayUrl: 'properties.gatewayUrl', developerPortalUrl: 'properties.developerPortalUrl' };

describe('ApimInstanceWithIdentity.fromExisting', () => {
  test('default setup: reads, changes nothing and wants an identity to be there', () => {
    const { terraform, apim, attributes } = declared();

    expect(counts(terraform)).toEqual({ 'data.azapi_resource': 1, 'data.azurerm_client_config': 1 });
    expect(blockOf(terraform, child(apim, 'Default'))).toEqual({
      type: 'Microsoft.ApiManagement/service@2024-05-01',
      resource_id: RESOURCE_ID,
      response_export_values: {
        ...URLS,
        principalId: 'identity.principalId',
        tenantId: 'identity.tenantId',
        identityType: 'identity.type',
      },
      lifecycle: {
        postcondition: [
          {
            condition: '${try(length(regexall("SystemAssigned", self.output.identityType)) > 0, false)}',
            error_message:
              'The API Management instance has no system-assigned identity: set enableIdentity to switch it on.',
          },
        ],
      },
    });
    expect(attributes).toEqual({
      ...READ,
      principalId: '${data.azapi_resource.apim.output.principalId}',
      tenantId: '${data.azapi_resource.apim.output.tenantId}',
    });
    expect(apim.directoryRoleAssignment).toBeUndefined();
    expect([apim.sku, apim.location]).toEqual([undefined, undefined]);
    expect(apim.node.defaultChild).toBe(child(apim, 'Default'));
    expect(terraform.terraform.required_version).toBeUndefined();
  });

  test('directoryRole without enableIdentity', () => {
    const { terraform, apim } = declared({ directoryRole: DirectoryRole.cloudApplicationAdministrator() });

    expect(counts(terraform)).toEqual({
      'data.azapi_resource': 1,
      'data.azurerm_client_config': 1,
      azuread_directory_role: 1,
      azuread_directory_role_assignment: 1,
    });
    expect(blockOf(terraform, child(apim, 'directory-role'))).toEqual({
      template_id: '158c047a-c907-4556-b7ef-446551a6b5f7',
    });
    expect(blockOf(terraform, child(apim, 'directory-role-assignment')).principal_object_id).toBe(
      '${data.azapi_resource.apim.output.principalId}',
    );
    expect(apim.directoryRoleAssignment).toBe(child(apim, 'directory-role-assignment'));
  });

  test('enableIdentity patches the identity alone, keeps user-assigned ones and assigns the role', () => {
    const { terraform, apim, attributes } = declared({ enableIdentity: true });
    const address = (id: string) => child(apim, id).friendlyUniqueId;
    const isOff = 'try(coalesce(data.azapi_resource.apim.output.principalId), null) == null';
    const userAssigned = 'try(keys(data.azapi_resource.apim.output.userAssigned), [])';
    const after = (name: string) =>
      `\${coalesce(try(data.azapi_resource.apim.output.${name}, null), data.azapi_resource.${address('identity-after')}.output.${name})}`;

    expect(counts(terraform)).toEqual({
      'data.azurerm_client_config': 1,
      'data.azapi_resource': 2,
      'ephemeral.azapi_resource_action': 1,
      azuread_directory_role: 1,
      azuread_directory_role_assignment: 1,
    });
    expect(blockOf(terraform, child(apim, 'Default'))).toEqual({
      type: 'Microsoft.ApiManagement/service@2024-05-01',
      resource_id: RESOURCE_ID,
      response_export_values: {
        ...URLS,
        principalId: 'identity.principalId',
        tenantId: 'identity.tenantId',
        userAssigned: 'identity.userAssignedIdentities',
      },
    });
    expect(blockOf(terraform, child(apim, 'identity'))).toEqual({
      type: 'Microsoft.ApiManagement/service@2024-05-01',
      resource_id: '${data.azapi_resource.apim.id}',
      method: `\${terraform.applying && ${isOff} ? "PATCH" : "GET"}`,
      body:
        `\${terraform.applying && ${isOff} ? { identity = ` +
        `merge({ type = length(${userAssigned}) > 0 ? "SystemAssigned, UserAssigned" : "SystemAssigned" }, ` +
        `{ for ids in [${userAssigned}] : "userAssignedIdentities" => { for id in ids : id => {} } if length(ids) > 0 }) } : null}`,
      timeouts: { open: '3h' },
      response_export_values: [],
    });
    expect(blockOf(terraform, child(apim, 'identity-after'))).toEqual({
      type: 'Microsoft.ApiManagement/service@2024-05-01',
      resource_id: `\${${isOff} ? join("", [data.azapi_resource.apim.id, substr(timestamp(), 0, 0)]) : data.azapi_resource.apim.id}`,
      response_export_values: { principalId: 'identity.principalId', tenantId: 'identity.tenantId' },
      depends_on: [`ephemeral.azapi_resource_action.${address('identity')}`],
    });
    expect(blockOf(terraform, child(apim, 'directory-role-assignment')).principal_object_id).toBe(after('principalId'));
    expect(attributes).toEqual({ ...READ, principalId: after('principalId'), tenantId: after('tenantId') });
    expect(terraform.terraform.required_version).toBe('>= 1.11');
  });

  test('enableIdentity where another stack owns the assignment', () => {
    const { terraform, apim } = declared({ enableIdentity: true, directoryRole: DirectoryRole.none() });

    expect(counts(terraform)).toEqual({
      'data.azurerm_client_config': 1,
      'data.azapi_resource': 2,
      'ephemeral.azapi_resource_action': 1,
    });
    expect(apim.directoryRoleAssignment).toBeUndefined();
  });

  test('tokens pass', () => {
    const stack = newStack();
    const name = new TerraformVariable(stack, 'name', {}).stringValue;
    const apim = ApimInstanceWithIdentity.fromExisting(stack, 'apim', { name, resourceGroupName: name });

    expect(blockOf(synth(stack), child(apim, 'Default'))).toMatchObject({
      resource_id: expect.stringMatching(
        /\/resourceGroups\/\$\{var\.name\}\/providers\/Microsoft\.ApiManagement\/service\/\$\{var\.name\}$/,
      ),
    });
  });

  test('two in one stack', () => {
    const stack = newStack();
    const instances = ['one', 'other'].map((id) =>
      ApimInstanceWithIdentity.fromExisting(stack, id, { name: id, resourceGroupName: 'rg', enableIdentity: true }),
    );
    const terraform = synth(stack);

    expect(counts(terraform)).toEqual({
      'data.azurerm_client_config': 2,
      'data.azapi_resource': 4,
      'ephemeral.azapi_resource_action': 2,
      azuread_directory_role: 2,
      azuread_directory_role_assignment: 2,
    });
    expect(instances.map((apim) => blockOf(terraform, child(apim, 'identity')).resource_id)).toEqual([
      '${data.azapi_resource.one.id}',
      '${data.azapi_resource.other.id}',
    ]);
  });

  test('synthesizing twice gives the same bytes', () => {
    const { stack } = declared({ enableIdentity: true });
    expect(synthText(stack)).toBe(synthText(stack));
  });

  const NAME =
    'must start with a letter, end with a letter or digit, contain only letters, digits and dashes and have at most 50 characters';
  const GROUP =
    'must have 1 to 90 letters, digits, dashes, underscores, parentheses and periods and not end with a period';

  test.each<[string, object, string]>([
    [
      'a URL for a name',
      { name: 'https://contoso-apim.azure-api.net' },
      `stack/apim: name: ${NAME}, got "https://contoso-apim.azure-api.net"`,
    ],
    [
      'nothing',
      { name: undefined, resourceGroupName: null },
      `stack/apim: name: ${NAME}, got undefined\nstack/apim: resourceGroupName: ${GROUP}, got null`,
    ],
    [
      'a group that ends with a period',
      { resourceGroupName: 'rg.' },
      `stack/apim: resourceGroupName: ${GROUP}, got "rg."`,
    ],
  ])('fails when given %s', (_, attrs, message) => {
    expect(errorOf(() => declared(untyped(attrs)))).toBe(message);
  });
});
