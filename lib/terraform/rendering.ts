import {
  dependable,
  ITerraformDependable,
  TerraformDataSource,
  TerraformElement,
  TerraformResource,
  TerraformStack,
  Tokenization,
} from 'cdktf';
import { Construct, IConstruct } from 'constructs';

/**
 * Refuses another logical id for an element whose address has been used: cdktf ignores it silently unless the address was
 * used through `fqn`.
 */
export function refuseUsedAddress(element: TerraformElement): void {
  const { _friendlyUniqueId: used } = element as unknown as { _friendlyUniqueId?: string };
  if (used !== undefined) {
    throw new Error(
      `${element.node.path}: overrideLogicalId: the address ${used} is used by other blocks already; change the construct's id instead, with a moved block where the object exists`,
    );
  }
}

/** Address of a block, as Terraform has it. It is in use from now on, so that no other logical id is taken. */
export function addressOf(block: TerraformResource | TerraformDataSource): string {
  if (Reflect.get(block, 'overrideLogicalId') === plainOverride) {
    block.overrideLogicalId = () => refuseUsedAddress(block);
  }
  const kind = TerraformDataSource.isTerraformDataSource(block) ? 'data.' : '';
  return `${kind}${block.terraformResourceType}.${block.friendlyUniqueId}`;
}

/**
 * Addresses for `depends_on`. cdktf would make a token for each, and with it a stack trace; a block of another
 * stack has no address here.
 */
export function addresses(scope: IConstruct, dependencies: readonly (ITerraformDependable | IConstruct)[]): string[] {
  const blocks = dependencies.flatMap((dependency) =>
    isPlainConstruct(dependency) ? blocksBelow(dependency, scope) : dependency,
  );
  return inStackOf(scope, blocks).map((dependency) => {
    const isBlock =
      TerraformResource.isTerraformResource(dependency) || TerraformDataSource.isTerraformDataSource(dependency);
    return isBlock ? addressOf(dependency) : dependable(dependency);
  });
}

function isPlainConstruct(dependency: ITerraformDependable | IConstruct): dependency is IConstruct {
  return Construct.isConstruct(dependency) && !TerraformElement.isTerraformElement(dependency);
}

/** The blocks below a construct, unless the one that would wait for them is among them. */
function blocksBelow(construct: IConstruct, scope: IConstruct): (TerraformResource | TerraformDataSource)[] {
  return scope.node.scopes.includes(construct)
    ? []
    : construct.node
        .findAll()
        .filter(
          (node): node is TerraformResource | TerraformDataSource =>
            TerraformResource.isTerraformResource(node) || TerraformDataSource.isTerraformDataSource(node),
        );
}

/** Meta-arguments as cdktf renders them, with further dependencies of a block. */
export function withDependencies(
  scope: IConstruct,
  metaArguments: { [name: string]: any },
  dependencies: readonly (ITerraformDependable | IConstruct)[],
): { [name: string]: any } {
  const dependsOn = [...(metaArguments.dependsOn ?? []), ...addresses(scope, dependencies)];
  return { ...metaArguments, dependsOn: dependsOn.length > 0 ? dependsOn : undefined };
}

/** cdktf's own method, which bindings of this library replace by one that refuses. */
const plainOverride: unknown = Reflect.get(TerraformElement.prototype, 'overrideLogicalId');

/** The dependencies in the same stack as a construct: Terraform has none across stacks. */
export function inStackOf(scope: IConstruct, dependencies: readonly ITerraformDependable[]): ITerraformDependable[] {
  const stack = TerraformStack.of(scope);
  return dependencies.filter(
    (dependency) => !TerraformElement.isTerraformElement(dependency) || dependency.cdktfStack === stack,
  );
}

/** The object without the arguments that were not given. */
export function given(values: { [name: string]: unknown }): { [name: string]: unknown } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/** cdktf renders HCL from other members than JSON, and an element without them would come out empty. */
export function refuseHcl(element: IConstruct, blocks: string): never {
  throw new Error(`${element.node.path}: ${blocks} cannot be written as HCL; synthesize JSON, cdktf's default`);
}

/** Overrides over a block, as cdktf merges them: objects name by name, lists one after the other, undefined removes. */
export function merged(
  block: { [name: string]: unknown },
  overrides: { [name: string]: unknown },
): { [name: string]: unknown } {
  const result = { ...block };
  for (const [name, value] of Object.entries(overrides)) {
    const present = result[name];
    if (isPlainObject(value) && isPlainObject(present)) {
      result[name] = merged(present, value);
    } else {
      result[name] = Array.isArray(value) && Array.isArray(present) ? [...present, ...value] : value;
    }
  }
  return given(result);
}

function isPlainObject(value: unknown): value is { [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !Tokenization.isResolvable(value);
}
