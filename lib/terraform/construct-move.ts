import { TerraformElement, TerraformResource, TerraformStack, Token } from 'cdktf';
import { Construct, IConstruct } from 'constructs';
import * as limits from '../validation/limits';
import { problemOfFramework } from '../validation/framework';
import { Problems } from '../validation/problems';
import { addressOf, merged, refuseHcl } from './rendering';
import { requireTerraform } from './required-version';

const ID = 'apim-oauth-moves';

/** Moves objects of Azure and Entra to the address that a construct has now. */
// jsii exports classes, not functions.
// eslint-disable-next-line @typescript-eslint/no-extraneous-class
export class ConstructMove {
  /**
   * Declares the former path of a construct in the same stack: `moved` blocks for it and everything below it, so that
   * Terraform moves existing objects instead of destroying them. Blocks that never existed are not an error. Needs
   * Terraform 1.1.
   *
   * Fails when the former path is empty, a token or the present one, or when the construct was already moved from
   * there. At synthesis, fails when nothing below the construct is a resource or another construct declares a former
   * address.
   *
   * @param construct the construct at its present path, such as an `OAuthProduct`
   * @param formerPath its former path: the ids of constructs from below the stack down to it, joined by slashes, such
   * as `team-a/partner`
   */
  public static from(construct: IConstruct, formerPath: string): void {
    const problems = new Problems('ConstructMove.from');
    if (!Construct.isConstruct(construct)) {
      problems.add('construct', `must be a construct, got ${limits.shown(construct)}`);
    }
    problems.add('construct', problemOfFramework(construct));
    problems.throwIfAny();
    const stack = TerraformStack.of(construct);
    const present = pathInStack(stack, construct);
    if (Token.isUnresolved(formerPath)) {
      problems.add('formerPath', 'must not be a token, since it names blocks in Terraform');
    } else if (typeof formerPath !== 'string' || !/^[^/]+(\/[^/]+)*$/.test(formerPath)) {
      problems.add('formerPath', `must be ids of constructs joined by slashes, got ${limits.shown(formerPath)}`);
    } else if (formerPath === present) {
      problems.add('formerPath', `must differ from the present path, got ${limits.shown(formerPath)}`);
    }
    problems.throwIfAny();
    const existing = stack.node.tryFindChild(ID) as Moves | undefined;
    const problem = (existing ?? new Moves(stack, ID)).add(construct, formerPath);
    problems.add('formerPath', problem);
    problems.throwIfAny();
  }

  private constructor() {}
}

/** One element for the whole stack: it knows all resources once everything is declared. */
class Moves extends TerraformElement {
  private readonly moves: { readonly construct: IConstruct; readonly formerPath: string }[] = [];

  public constructor(scope: Construct, id: string) {
    super(scope, id, 'moved');
    requireTerraform(this, '1.5');
    this.node.addValidation({ validate: () => this.problems() });
  }

  public add(construct: IConstruct, formerPath: string): string | undefined {
    const holder = this.moves.find((move) => move.formerPath === formerPath);
    if (holder !== undefined) {
      return `${limits.shown(formerPath)} is the former place of ${holder.construct.node.path} already; give each place once`;
    }
    this.moves.push({ construct, formerPath });
    return undefined;
  }

  public override toTerraform(): any {
    return merged({ moved: this.blocks().map(({ from, to }) => ({ from, to })) }, this.rawOverrides);
  }

  public override toHclTerraform(): any {
    refuseHcl(this, 'moved blocks');
  }

  private blocks(): { readonly from: string; readonly to: string; readonly resource: TerraformResource }[] {
    return this.moves.flatMap(({ construct, formerPath }) =>
      resourcesBelow(construct).map((resource) => ({
        from: `${resource.terraformResourceType}.${this.formerLogicalId(construct, formerPath, resource)}`,
        to: addressOf(resource),
        resource,
      })),
    );
  }

  /** cdktf makes logical ids of paths: a tree of empty constructs with the former path has the former ids. */
  private formerLogicalId(construct: IConstruct, formerPath: string, resource: TerraformResource): string {
    const below = resource.node.path.slice(construct.node.path.length + 1);
    const scratch = new TerraformStack(new Construct(undefined as unknown as Construct, ''), this.cdktfStack.node.id);
    const ids = [...formerPath.split('/'), ...(below === '' ? [] : below.split('/'))];
    const { node } = ids.reduce<Construct>((scope, id) => new Construct(scope, id), scratch);
    return scratch.getLogicalId(node);
  }

  private problems(): string[] {
    const declared = new Map(
      resourcesBelow(this.cdktfStack).map((resource) => [addressOf(resource), resource.node.path]),
    );
    const empty = this.moves
      .filter(({ construct }) => resourcesBelow(construct).length === 0)
      .map(({ construct }) => `ConstructMove.from: construct: ${construct.node.path} declares no resource to move`);
    const taken = this.blocks()
      .filter(({ from }) => declared.has(from))
      .map(
        ({ from, resource }) =>
          `ConstructMove.from: formerPath: ${from}, the former address of ${resource.node.path}, is declared by ${declared.get(from)!}; give that another id`,
      );
    return [...empty, ...taken];
  }
}

function resourcesBelow(construct: IConstruct): TerraformResource[] {
  return construct.node
    .findAll()
    .filter((element): element is TerraformResource => TerraformResource.isTerraformResource(element));
}

function pathInStack(stack: TerraformStack, construct: IConstruct): string {
  return construct.node.path.slice(stack.node.path.length + 1);
}
