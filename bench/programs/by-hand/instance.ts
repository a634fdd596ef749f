import { AzureadProvider } from '@cdktf/provider-azuread/lib/provider';
import { DirectoryRole } from '@cdktf/provider-azuread/lib/directory-role';
import { DirectoryRoleAssignment } from '@cdktf/provider-azuread/lib/directory-role-assignment';
import { ApiManagement } from '@cdktf/provider-azurerm/lib/api-management';
import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { TerraformStack } from 'cdktf';
import { INSTANCE, SUBSCRIPTION } from '../../portfolio';
import { AzapiProvider } from './azapi';

/** The providers and the instance with its role in Entra. */
export function declareInstance(stack: TerraformStack): {
  readonly apim: ApiManagement;
  readonly role: DirectoryRoleAssignment;
} {
  new AzurermProvider(stack, 'azurerm', { features: [{}], subscriptionId: SUBSCRIPTION });
  new AzureadProvider(stack, 'azuread');
  new AzapiProvider(stack, 'azapi', { subscriptionId: SUBSCRIPTION });
  const apim = new ApiManagement(stack, 'apim', {
    ...INSTANCE,
    skuName: 'Developer_1',
    identity: { type: 'SystemAssigned' },
  });
  const administrator = new DirectoryRole(stack, 'administrator', {
    templateId: '9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3',
  });
  const role = new DirectoryRoleAssignment(stack, 'role', {
    roleId: administrator.templateId,
    principalObjectId: apim.identity.principalId,
  });
  return { apim, role };
}
