import { IResolvable, IResolveContext, Token } from 'cdktf';

const NO_TRACE: string[] = [];

/** A token that takes no stack trace, which is most of what cdktf's own tokens cost. */
export abstract class Traceless implements IResolvable {
  public readonly creationStack = NO_TRACE;

  public abstract resolve(context: IResolveContext): unknown;

  public toString(): string {
    return Token.asString(this);
  }

  public toJSON(): unknown {
    return '<unresolved-token>';
  }
}
