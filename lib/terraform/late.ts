import { IResolvable } from 'cdktf';
import { Traceless } from './traceless';

/**
 * A value that is made when it is needed, once everything that it is made of has been declared. cdktf's `Lazy` takes a
 * stack trace and keeps it; with thousands of them that is most of what they cost.
 */
export class Late extends Traceless {
  public constructor(private readonly produce: () => unknown) {
    super();
  }

  public resolve(): unknown {
    return this.produce();
  }
}

/** What `produce` answers when Terraform's JSON is written. */
export function late(produce: () => unknown): IResolvable {
  return new Late(produce);
}
