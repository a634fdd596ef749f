import { IConstruct } from 'constructs';
import { Fact } from './fact';

/**
 * Names that constructs of one program have taken, such as ids on an instance. They are kept at the root of the program, so
 * that every copy of the library sees them, and a name is free again once its construct has been removed.
 */
export class Claims {
  private readonly fact: Fact<Map<string, IConstruct>>;

  /** @param name names the claims among the facts of the library; part of what two copies agree on */
  public constructor(name: string) {
    this.fact = new Fact(`claims/${name}`);
  }

  /** The construct that has a name, if any. */
  public holder(scope: IConstruct, key: string): IConstruct | undefined {
    const holder = this.fact.of(scope.node.root)?.get(key);
    return holder !== undefined && isInProgram(holder) ? holder : undefined;
  }

  /** Gives a name to a construct. */
  public take(construct: IConstruct, key: string): void {
    this.fact.ofOrKept(construct.node.root, () => new Map<string, IConstruct>()).set(key, construct);
  }
}

/** A construct that was removed still knows its parent, which no longer knows it. */
function isInProgram(construct: IConstruct): boolean {
  const { scope } = construct.node;
  return scope === undefined || (scope.node.tryFindChild(construct.node.id) === construct && isInProgram(scope));
}
