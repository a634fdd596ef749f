import { IResolvable, Token } from 'cdktf';
import { Construct } from 'constructs';
import { LeanResource } from '../terraform/lean-resource';
import { AZAPI } from './azapi-rendering';
import { AzapiBlockConfig } from './azapi-types';

/** What the azapi resources have in common: the values of Azure's response that are exported. */
export abstract class AzapiManagedResource extends LeanResource {
  /** Declares the block. */
  protected constructor(scope: Construct, id: string, terraformResourceType: string, config: AzapiBlockConfig) {
    const { provider, forEach, lifecycle, dependsOn } = config;
    super(scope, id, {
      terraformResourceType,
      terraformGeneratorMetadata: AZAPI,
      provider,
      forEach,
      lifecycle,
      dependsOn,
    });
  }

  /** An exported value of Azure's response as a string; null if Azure does not return it. */
  public output(name: string): string {
    return Token.asString(this.outputValue(name));
  }

  /** An exported value of Azure's response, of any type; null if Azure does not return it. */
  public outputValue(name: string): IResolvable {
    return this.interpolationForAttribute(`output.${name}`);
  }
}
