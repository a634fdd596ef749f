import { TerraformStack, Token } from 'cdktf';
import { IConstruct } from 'constructs';
import { Fact } from '../names/fact';
import { LeanReference } from '../terraform/lean-reference';
import { addressOf } from '../terraform/rendering';
import { EntraData } from './entra-data';

const ID = 'apim-oauth-deployer';

/** Tenant and object id of the identity that runs Terraform, read once for each stack. */
export interface Deployer {
  readonly tenantId: string;
  readonly objectId: string;
}

const DEPLOYER = new Fact<Deployer>('deployer');

/** The identity that runs Terraform on the stack of a construct. */
export function deployerOf(scope: IConstruct): Deployer {
  const stack = TerraformStack.of(scope);
  return DEPLOYER.ofOrKept(stack, () => {
    const config = new EntraData(stack, ID, 'azuread_client_config');
    const attribute = (name: string): string =>
      Token.asString(new LeanReference(`${addressOf(config)}.${name}`, stack));
    return { tenantId: attribute('tenant_id'), objectId: attribute('object_id') };
  });
}
