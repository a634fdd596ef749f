import { TerraformElement, TerraformResource, TerraformStack } from 'cdktf';
import { IConstruct } from 'constructs';
import { Fact } from '../names/fact';

/** Kept on the stack. */
const READ = new Fact<DeclaredInStack>('declared in stack');

/** A class of resources. */
interface ResourceType<T> {
  readonly tfResourceType: string;
  readonly prototype: T;
}

/** The resources that a stack declares, by their types. */
export class DeclaredInStack {
  /**
   * What the stack of a construct declares, for a validation of the construct. All constructs of the stack are read once
   * for each validation of the program: a construct that asks again is validated again, and what was read is out of date.
   */
  public static when(validated: IConstruct): DeclaredInStack {
    const stack = TerraformStack.of(validated);
    const read = READ.of(stack);
    const current = read === undefined || read.asked.has(validated) ? new DeclaredInStack(stack) : read;
    current.asked.add(validated);
    READ.keep(stack, current);
    return current;
  }

  private readonly asked = new Set<IConstruct>();
  private readonly byType = new Map<string, TerraformResource[]>();

  private constructor(stack: TerraformStack) {
    for (const node of stack.node.findAll()) {
      if (TerraformElement.isTerraformElement(node) && TerraformResource.isTerraformResource(node)) {
        const others = this.byType.get(node.terraformResourceType);
        if (others === undefined) {
          this.byType.set(node.terraformResourceType, [node]);
        } else {
          others.push(node);
        }
      }
    }
  }

  /** The resources of a type, by the class of a provider package that makes them. */
  public ofType<T extends TerraformResource>(type: ResourceType<T>): readonly T[] {
    return (this.byType.get(type.tfResourceType) ?? []) as T[];
  }
}
