import { IResolvable } from 'cdktf';
import { expression, expressionOf } from '../terraform/expression';
import { allOf, conditional } from '../terraform/hcl';

/** Names of the two secrets of a client, which take turns. */
export type Slot = 'even' | 'odd';

/**
 * How two secrets take turns, as Terraform expressions of three numbers: how many months a period has, the current month
 * (counted since the year 0), and what was remembered when the length of periods was last changed.
 *
 * Periods are calendar months in groups: with 6, they begin in January and July. Where the length was never changed,
 * period 0 is even. Where it was changed, the turns continue from what was remembered: the older secret has the first
 * turn, at once, and the next turn is at the first boundary that is at least one new period away. So the secret that
 * was current stays until then.
 */
export class PasswordTurns {
  private readonly wasChanged: IResolvable;
  private readonly first: IResolvable;
  private readonly period: IResolvable;
  private readonly shift: IResolvable;

  /**
   * @param months length of a period
   * @param month the current month
   * @param before what was remembered, an object with `since` (the month), `current` (the slot that was current, or the
   * empty text) and the turns that `even` and `odd` had then
   * @param named gives an expression a name, so that expressions with it stay short
   */
  public constructor(
    private readonly months: number,
    private readonly month: IResolvable,
    private readonly before: IResolvable,
    named: (name: string, value: IResolvable) => IResolvable,
  ) {
    this.wasChanged = expressionOf`${before}.current != ""`;
    this.first = named(
      'first-period',
      conditional(this.wasChanged, expressionOf`ceil(${before}.since / ${months})`, 0),
    );
    this.period = named('period', expressionOf`max(floor(${month} / ${months}), ${this.first})`);
    const startsOdd = expressionOf`(${this.first} % 2 == 0) != (${before}.current == "odd")`;
    this.shift = named('shift', conditional(allOf(this.wasChanged, startsOdd), 1, 0));
  }

  /** The slot that is current. */
  public get current(): IResolvable {
    return conditional(expressionOf`(${this.period} + ${this.shift}) % 2 == 0`, 'even', 'odd');
  }

  /** Names the turn that a slot had last: another name, another secret. */
  public turn(slot: Slot): IResolvable {
    const { before } = this;
    const own = expressionOf`format("%d-%d-%d", ${this.months}, ${before}.since, ${this.number(slot)})`;
    const isRemembered = allOf(this.wasChanged, expressionOf`${this.number(slot)} < ${this.first}`);
    return conditional(isRemembered, expressionOf`${before}[${slot}]`, own);
  }

  /**
   * First day of the last month of a secret that is made now. It is valid for the period in which it is current, for
   * the next one, and for a month. If a change makes the first period longer, it is valid for at most two years, the
   * most that Entra's own pages allow.
   */
  public end(slot: Slot): string {
    const month = expressionOf`min((${this.number(slot)} + 2) * ${this.months} + 1, ${this.month} + 24)`;
    return expression`format("%04d-%02d-01T00:00:00Z", floor(${month} / 12), ${month} % 12 + 1)`;
  }

  /** Number of the period in which a slot had its last turn. */
  private number(slot: Slot): IResolvable {
    const { period, shift } = this;
    return slot === 'even'
      ? expressionOf`(floor((${period} + ${shift}) / 2) * 2 - ${shift})`
      : expressionOf`(floor((${period} + ${shift} + 1) / 2) * 2 - 1 - ${shift})`;
  }
}
