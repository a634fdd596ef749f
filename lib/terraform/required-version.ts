import { TerraformElement, TerraformStack } from 'cdktf';
import { IConstruct } from 'constructs';
import { Fact } from '../names/fact';

const ID = 'apim-oauth-required-version';

/** Kept on the stack. */
const REQUIREMENT = new Fact<RequiredVersion>('required version');

/** Raises the stack's `required_version` to what a block needs. Stacks that need nothing have none. */
export function requireTerraform(scope: IConstruct, version: '1.4' | '1.5' | '1.6' | '1.11'): void {
  const stack = TerraformStack.of(scope);
  REQUIREMENT.ofOrKept(stack, () => new RequiredVersion(stack, ID)).atLeast(version);
}

/** One element for the whole stack, since of two that set the version the last would win. */
class RequiredVersion extends TerraformElement {
  private minor = 0;

  public atLeast(version: string): void {
    this.minor = Math.max(this.minor, Number(version.split('.')[1]));
  }

  public override toTerraform(): any {
    return { terraform: { required_version: `>= 1.${this.minor}` } };
  }
}
