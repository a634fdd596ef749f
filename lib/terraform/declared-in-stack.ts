import { TerraformElement, TerraformResource, TerraformStack } from 'cdktf';
import { IConstruct } from 'constructs';

/** The resources of a type in the stack of a construct. */
export function declaredInStack<T>(construct: IConstruct, type: string): (TerraformResource & T)[] {
  return TerraformStack.of(construct)
    .node.findAll()
    .filter(
      (node): node is TerraformResource & T =>
        TerraformElement.isTerraformElement(node) &&
        TerraformResource.isTerraformResource(node) &&
        node.terraformResourceType === type,
    );
}
