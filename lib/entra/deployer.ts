import { DataAzureadClientConfig } from '@cdktf/provider-azuread/lib/data-azuread-client-config';
import { TerraformStack } from 'cdktf';
import { IConstruct } from 'constructs';

const ID = 'apim-oauth-deployer';

/** Tenant and object id of whoever runs Terraform, read once for each stack. */
export interface Deployer {
  readonly tenantId: string;
  readonly objectId: string;
}

const deployers = new WeakMap<TerraformStack, Deployer>();

/** Whoever runs Terraform on the stack that a construct lies in. */
export function deployerOf(scope: IConstruct): Deployer {
  const stack = TerraformStack.of(scope);
  const known = deployers.get(stack);
  if (known !== undefined) return known;
  const { tenantId, objectId } = new DataAzureadClientConfig(stack, ID, {});
  const deployer = { tenantId, objectId };
  deployers.set(stack, deployer);
  return deployer;
}
