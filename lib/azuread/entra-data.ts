import { TerraformDataSource } from 'cdktf';
import { Construct } from 'constructs';
import { given } from '../terraform/rendering';
import { AZUREAD } from './entra-block';

/** A data source of the azuread provider, with its arguments in Terraform's own spelling. */
export class EntraData extends TerraformDataSource {
  public constructor(
    scope: Construct,
    id: string,
    type: string,
    private readonly attributes: { [name: string]: unknown } = {},
  ) {
    super(scope, id, { terraformResourceType: type, terraformGeneratorMetadata: AZUREAD });
  }

  protected override synthesizeAttributes(): { [name: string]: any } {
    return given(this.attributes);
  }
}
