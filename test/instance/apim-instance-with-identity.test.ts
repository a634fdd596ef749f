import { ResourceGroup } from '@cdktf/provider-azurerm/lib/resource-group';
import { TerraformOutput, TerraformVariable, Token } from 'cdktf';
import { ApimInstanceWithIdentity, ApimInstanceWithIdentityProps, ApimSku, DirectoryRole } from '../../lib';
import {
  blockOf,
  child,
  counts,
  errorOf,
  metadataOf,
  newInstance,
  newStack,
  principalOf,
  SUBSCRIPTION,
  synth,
  synthText,
  tenantOf,
  untyped,
  warningsOf,
} from '../support';

const IDENTITY = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/gateway`;
const BLOCK = {
  name: 'contoso-apim',
  resource_group_name: 'rg',
  location: 'centraluseuap',
  publisher_name: 'Contoso',
  publisher_email: 'api@contoso.com',
  sku_name: 'Developer_1',
  identity: { type: 'SystemAssigned' },
};

function declared(props: Partial<ApimInstanceWithIdentityProps> = {}) {
  const stack = newStack();
  const apim = newInstance(stack, 'apim', props);
  const terraform = synth(stack);
  return { stack, apim, terraform, block: blockOf(terraform, child(apim, 'Default')) };
}

describe('ApimInstanceWithIdentity', () => {
  test('default setup', () => {
    const { terraform, apim, block } = declared();

    expect(counts(terraform)).toEqual({
      azurerm_api_management: 1,
      'data.azapi_resource': 1,
      azuread_directory_role: 1,
      azuread_directory_role_assignment: 1,
    });
    expect(block).toEqual(BLOCK);
    expect(blockOf(terraform, child(apim, 'directory-role'))).toEqual({
      template_id: '9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3',
    });
    expect(blockOf(terraform, child(apim, 'directory-role-assignment'))).toEqual({
      role_id: `\${azuread_directory_role.${child(apim, 'directory-role').friendlyUniqueId}.template_id}`,
      principal_object_id: principalOf(apim),
    });
    expect(warningsOf(apim)).toEqual([]);
    expect(terraform.terraform.required_version).toBeUndefined();
    expect(apim.node.defaultChild).toBe(child(apim, 'Default'));
    expect(child(apim, 'Default').friendlyUniqueId).toBe('apim');
  });

  test('the identity is read again where the plan finds it switched off, and its ids are known during plan where it is on', () => {
    const { terraform, apim } = declared();

    expect(blockOf(terraform, child(apim, 'identity-after'))).toEqual({
      type: 'Microsoft.ApiManagement/service@2024-05-01',
      resource_id:
        '${try(coalesce(azurerm_api_management.apim.identity[0].principal_id), null) == null ' +
        '? join("", [azurerm_api_management.apim.id, substr(timestamp(), 0, 0)]) : azurerm_api_management.apim.id}',
      response_export_values: { principalId: 'identity.principalId', tenantId: 'identity.tenantId' },
    });
  });

  test('attributes', () => {
    const stack = newStack();
    const apim = newInstance(stack);
    const { instanceName, instanceId, resourceGroupName, principalId, tenantId, gatewayUrl, developerPortalUrl } = apim;
    new TerraformOutput(stack, 'out', {
      value: { instanceName, instanceId, resourceGroupName, principalId, tenantId, gatewayUrl, developerPortalUrl },
    });

    expect(synth(stack).output.out.value).toEqual({
      instanceName: '${azurerm_api_management.apim.name}',
      instanceId: '${azurerm_api_management.apim.id}',
      resourceGroupName: 'rg',
      principalId: principalOf(apim),
      tenantId: tenantOf(apim),
      gatewayUrl: '${azurerm_api_management.apim.gateway_url}',
      developerPortalUrl: '${azurerm_api_management.apim.developer_portal_url}',
    });
    expect([apim.sku?.skuName, apim.location]).toEqual(['Developer_1', 'centraluseuap']);
    expect(apim.directoryRoleAssignment).toBe(child(apim, 'directory-role-assignment'));
  });

  test.each<[string, Partial<ApimInstanceWithIdentityProps>, object]>([
    ['sku', { sku: ApimSku.premium(2) }, { sku_name: 'Premium_2' }],
    [
      'userAssignedIdentityIds',
      { userAssignedIdentityIds: [IDENTITY] },
      { identity: { type: 'SystemAssigned, UserAssigned', identity_ids: [IDENTITY] } },
    ],
    ['no userAssignedIdentityIds', { userAssignedIdentityIds: undefined }, {}],
    ['tags', { tags: { 'cost center': '5', '${a}': '${b}' } }, { tags: { 'cost center': '5', '$${a}': '$${b}' } }],
    [
      'text that looks like a template',
      { publisherName: '${var.x} %{if}', publisherEmail: '${x}@contoso.com' },
      { publisher_name: '$${var.x} %%{if}', publisher_email: '$${x}@contoso.com' },
    ],
    ['location as the portal writes it', { location: 'Central US EUAP' }, { location: 'Central US EUAP' }],
  ])('%s', (_, props, expected) => {
    const { block, apim } = declared(props);

    expect(block).toEqual({ ...BLOCK, ...expected });
    expect(warningsOf(apim)).toEqual([]);
  });

  test.each([
    [
      'cloudApplicationAdministrator',
      DirectoryRole.cloudApplicationAdministrator(),
      '158c047a-c907-4556-b7ef-446551a6b5f7',
    ],
    ['custom', DirectoryRole.custom('11111111-2222-3333-4444-555555555555'), '11111111-2222-3333-4444-555555555555'],
  ])('directoryRole %s', (_, directoryRole, templateId) => {
    const { terraform, apim } = declared({ directoryRole });

    expect(blockOf(terraform, child(apim, 'directory-role'))).toEqual({ template_id: templateId });
  });

  test('directoryRole none leaves role and assignment to someone else', () => {
    const { terraform, apim } = declared({ directoryRole: DirectoryRole.none() });

    expect(counts(terraform)).toEqual({ azurerm_api_management: 1, 'data.azapi_resource': 1 });
    expect(apim.directoryRoleAssignment).toBeUndefined();
  });

  test('the block says where the program declared it', () => {
    const stack = newStack();
    const apim = new ApimInstanceWithIdentity(stack, 'apim', {
      name: 'contoso-apim',
      resourceGroupName: 'rg',
      location: 'centraluseuap',
      publisherName: 'Contoso',
      publisherEmail: 'api@contoso.com',
    });

    expect(metadataOf(synth(stack), child(apim, 'Default')).source).toMatch(
      /^test\/instance\/apim-instance-with-identity\.test\.ts:\d+$/,
    );
  });

  test('a program outside of the working directory is not told', () => {
    const cwd = jest.spyOn(process, 'cwd').mockReturnValue('/elsewhere');
    try {
      const { terraform, apim } = declared();
      expect(metadataOf(terraform, child(apim, 'Default'))).toEqual({
        metadata: { path: 'stack/apim/Default', uniqueId: 'apim' },
      });
    } finally {
      cwd.mockRestore();
    }
  });

  test('what the caller does to lists and tags later changes nothing', () => {
    const stack = newStack();
    const userAssignedIdentityIds = [IDENTITY];
    const tags: Record<string, string> = { a: 'b' };
    const apim = newInstance(stack, 'apim', { userAssignedIdentityIds, tags });
    userAssignedIdentityIds.push('x');
    tags.c = 'd';

    expect(blockOf(synth(stack), child(apim, 'Default'))).toEqual({
      ...BLOCK,
      tags: { a: 'b' },
      identity: { type: 'SystemAssigned, UserAssigned', identity_ids: [IDENTITY] },
    });
  });

  describe('importFrom', () => {
    const ID = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.ApiManagement/service/contoso-apim`;
    const ASSIGNMENT = '/roleManagement/directory/roleAssignments/abc-DEF_1';

    test('takes over the instance and the assignment of its role, whose activation nothing can import', () => {
      const stack = newStack();
      const apim = newInstance(stack);
      apim.importFrom(ID, ASSIGNMENT);
      const terraform = synth(stack);

      expect(terraform.import).toEqual([
        { to: 'azurerm_api_management.apim', id: ID },
        {
          to: `azuread_directory_role_assignment.${child(apim, 'directory-role-assignment').friendlyUniqueId}`,
          id: ASSIGNMENT,
        },
      ]);
      expect(counts(terraform).azuread_directory_role).toBeUndefined();
      expect(blockOf(terraform, child(apim, 'directory-role-assignment')).role_id).toBe(
        '9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3',
      );
    });

    test('assigns the role where its assignment is not named', () => {
      const stack = newStack();
      newInstance(stack).importFrom(ID);

      expect(counts(synth(stack))).toMatchObject({ azuread_directory_role: 1, azuread_directory_role_assignment: 1 });
    });

    test.each<[string, Partial<ApimInstanceWithIdentityProps>, [string, string?][], string]>([
      [
        'another id',
        {},
        [[`${ID}/products/gold`]],
        `resourceId: must be the full resource id of the instance, /subscriptions/…/providers/Microsoft.ApiManagement/service/<name>, got `,
      ],
      [
        'a bare id of an assignment',
        {},
        [[ID, 'abc']],
        'directoryRoleAssignmentId: must be the id of the role assignment, /roleManagement/directory/roleAssignments/<id>, got "abc"',
      ],
      [
        'an assignment without role',
        { directoryRole: DirectoryRole.none() },
        [[ID, ASSIGNMENT]],
        'directoryRoleAssignmentId: is of no role that is assigned here; give directoryRole or leave it out',
      ],
      ['twice', {}, [[ID], [ID]], 'resourceId: is given already; call importFrom once'],
    ])('fails for %s', (_what, props, calls, message) => {
      const apim = newInstance(newStack(), 'apim', props);

      expect(errorOf(() => calls.forEach((args) => apim.importFrom(...args)))).toContain(
        `stack/apim.importFrom: ${message}`,
      );
    });
  });

  describe('region', () => {
    test.each(['eastus2euap', 'East US 2 EUAP', 'CentralUSEUAP'])('%s is in the preview', (location) => {
      expect(warningsOf(declared({ location }).apim)).toEqual([]);
    });

    test('elsewhere is a warning', () => {
      expect(warningsOf(declared({ location: 'westeurope' }).apim)).toEqual([
        'location: application based access is in preview and documented for centraluseuap and eastus2euap, got "westeurope"; ' +
          'make sure that the subscription is signed up for it in this region',
      ]);
    });

    test('elsewhere is nothing to say where API Management registers nothing', () => {
      expect(warningsOf(declared({ location: 'westeurope', directoryRole: DirectoryRole.none() }).apim)).toEqual([]);
    });
  });

  test('tokens as every text', () => {
    const stack = newStack();
    const variable = new TerraformVariable(stack, 'any', {});
    const text = variable.stringValue;
    const apim = newInstance(stack, 'apim', {
      name: `${text}-apim`,
      resourceGroupName: text,
      location: text,
      publisherName: text,
      publisherEmail: text,
      userAssignedIdentityIds: [text],
      tags: { [text]: text },
      directoryRole: DirectoryRole.custom(text),
    });
    const terraform = synth(stack);

    expect(blockOf(terraform, child(apim, 'Default'))).toEqual({
      name: '${var.any}-apim',
      resource_group_name: '${var.any}',
      location: '${var.any}',
      publisher_name: '${var.any}',
      publisher_email: '${var.any}',
      sku_name: 'Developer_1',
      identity: { type: 'SystemAssigned, UserAssigned', identity_ids: ['${var.any}'] },
      tags: { '${var.any}': '${var.any}' },
    });
    expect(blockOf(terraform, child(apim, 'directory-role'))).toEqual({ template_id: '${var.any}' });
    expect(warningsOf(apim)).toEqual([]);
  });

  test('tokens as whole lists and maps, and references to other resources', () => {
    const stack = newStack();
    const group = new ResourceGroup(stack, 'group', { name: 'rg', location: 'centraluseuap' });
    const variable = new TerraformVariable(stack, 'any', {});
    const apim = newInstance(stack, 'apim', {
      resourceGroupName: group.name,
      location: group.location,
      userAssignedIdentityIds: variable.listValue,
      tags: Token.asStringMap(variable.value),
    });

    expect(blockOf(synth(stack), child(apim, 'Default'))).toEqual({
      ...BLOCK,
      resource_group_name: '${azurerm_resource_group.group.name}',
      location: '${azurerm_resource_group.group.location}',
      identity: { type: 'SystemAssigned, UserAssigned', identity_ids: '${var.any}' },
      tags: '${var.any}',
    });
  });

  test('two instances in one stack', () => {
    const stack = newStack();
    const one = newInstance(stack, 'one');
    const other = newInstance(stack, 'other', { name: 'contoso-other' });
    const terraform = synth(stack);

    expect(counts(terraform)).toEqual({
      azurerm_api_management: 2,
      'data.azapi_resource': 2,
      azuread_directory_role: 2,
      azuread_directory_role_assignment: 2,
    });
    expect(blockOf(terraform, child(one, 'directory-role-assignment')).principal_object_id).toBe(principalOf(one));
    expect(blockOf(terraform, child(other, 'directory-role-assignment')).principal_object_id).toBe(principalOf(other));
    expect(blockOf(terraform, child(other, 'Default'))).toEqual({ ...BLOCK, name: 'contoso-other' });
  });

  test('overrides of the resource are kept beside the source', () => {
    const stack = newStack();
    const apim = newInstance(stack);
    child(apim, 'Default').addOverride('min_api_version', '2021-08-01');

    expect(blockOf(synth(stack), child(apim, 'Default'))).toEqual({ ...BLOCK, min_api_version: '2021-08-01' });
  });

  test('synthesizing twice gives the same bytes', () => {
    const { stack } = declared({ tags: { a: 'b' } });
    expect(synthText(stack)).toBe(synthText(stack));
  });

  test.each<[string, object, string]>([
    [
      'a name that begins with a digit',
      { name: '1st' },
      'stack/apim: name: must start with a letter, end with a letter or digit, contain only letters, digits and dashes and have at most 50 characters, got "1st"',
    ],
    [
      'no name',
      { name: undefined },
      'stack/apim: name: must start with a letter, end with a letter or digit, contain only letters, digits and dashes and have at most 50 characters, got undefined',
    ],
    [
      'a name of 51 characters',
      { name: 'a'.repeat(51) },
      `stack/apim: name: must start with a letter, end with a letter or digit, contain only letters, digits and dashes and have at most 50 characters, got "${'a'.repeat(51)}"`,
    ],
    [
      'a resource group with a slash',
      { resourceGroupName: 'a/b' },
      'stack/apim: resourceGroupName: must have 1 to 90 letters, digits, dashes, underscores, parentheses and periods and not end with a period, got "a/b"',
    ],
    [
      'a construct for its name',
      { resourceGroupName: newStack() },
      'stack/apim: resourceGroupName: must have 1 to 90 letters, digits, dashes, underscores, parentheses and periods and not end with a period, got a value of type object',
    ],
    ['no region', { location: '' }, 'stack/apim: location: must be an Azure region such as centraluseuap, got ""'],
    [
      'a blank publisher',
      { publisherName: ' ' },
      'stack/apim: publisherName: must have 1 to 100 characters and not be blank, got " "',
    ],
    [
      'a long publisher',
      { publisherName: 'x'.repeat(101) },
      `stack/apim: publisherName: must have 1 to 100 characters and not be blank, got "${'x'.repeat(80)}"…"${'x'.repeat(21)}" (101 characters)`,
    ],
    [
      'a publisher without an address',
      { publisherEmail: 'Contoso' },
      'stack/apim: publisherEmail: must be an e-mail address of at most 100 characters, got "Contoso"',
    ],
    [
      'an empty list of identities',
      { userAssignedIdentityIds: [] },
      'stack/apim: userAssignedIdentityIds: must not be empty, give at least one',
    ],
    [
      'one identity instead of a list',
      { userAssignedIdentityIds: 5 },
      'stack/apim: userAssignedIdentityIds: must be a list, got 5',
    ],
    [
      'identities that are null',
      { userAssignedIdentityIds: null },
      'stack/apim: userAssignedIdentityIds: must be a list, got null',
    ],
    [
      'an identity by name',
      { userAssignedIdentityIds: ['gateway'] },
      'stack/apim: userAssignedIdentityIds: must be the full resource id of a user-assigned identity, /subscriptions/…/providers/Microsoft.ManagedIdentity/userAssignedIdentities/<name>, got "gateway"',
    ],
    [
      'an identity twice, in other cases',
      { userAssignedIdentityIds: [IDENTITY, IDENTITY.toUpperCase()] },
      `stack/apim: userAssignedIdentityIds: must not contain the same value twice, got "${IDENTITY.toUpperCase().slice(0, 80)}"…"${IDENTITY.toUpperCase().slice(-40)}" (${IDENTITY.length} characters) again`,
    ],
    [
      'a tag name that Azure refuses',
      { tags: { 'a?': 'b' } },
      'stack/apim: tags: must have names of 1 to 512 characters and none of <>%&\\?/, got "a?"',
    ],
    ['tags that are null', { tags: null }, 'stack/apim: tags: must be names with values, got null'],
  ])('fails when given %s', (_, props, message) => {
    expect(errorOf(() => newInstance(newStack(), 'apim', untyped(props)))).toBe(message);
  });

  test('fails with everything that is wrong at once', () => {
    const props = {
      name: '-',
      resourceGroupName: '',
      location: '5',
      publisherName: '',
      publisherEmail: 'x',
      userAssignedIdentityIds: [],
      tags: { '': '' },
    };

    expect(errorOf(() => newInstance(newStack(), 'apim', props)).split('\n')).toEqual([
      'stack/apim: name: must start with a letter, end with a letter or digit, contain only letters, digits and dashes and have at most 50 characters, got "-"',
      'stack/apim: resourceGroupName: must have 1 to 90 letters, digits, dashes, underscores, parentheses and periods and not end with a period, got ""',
      'stack/apim: location: must be an Azure region such as centraluseuap, got "5"',
      'stack/apim: publisherName: must have 1 to 100 characters and not be blank, got ""',
      'stack/apim: publisherEmail: must be an e-mail address of at most 100 characters, got "x"',
      'stack/apim: userAssignedIdentityIds: must not be empty, give at least one',
      'stack/apim: tags: must have names of 1 to 512 characters and none of <>%&\\?/, got ""',
    ]);
  });
});
