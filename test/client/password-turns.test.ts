import { compileFunction } from 'node:vm';
import * as fc from 'fast-check';
import { TerraformOutput } from 'cdktf';
import { PasswordTurns, Slot } from '../../lib/client/password-turns';
import { expressionOf } from '../../lib/terraform/expression';
import { newStack, synth } from '../support';

/*
 * Terraform computes the turns when it plans. The expressions are written so that JavaScript reads them alike. That
 * terraform 1.11 yields the same was seen for each month of eight years, periods of 1 to 11 months, and three memories.
 */
interface Before {
  since: number;
  current: '' | Slot;
  even: string;
  odd: string;
}

interface Turns {
  current: Slot;
  even: string;
  odd: string;
  evenEnd: string;
  oddEnd: string;
}

function format(text: string, ...values: (string | number)[]): string {
  return text.replace(/%0?(\d*)d/g, (_, width: string) => String(values.shift()).padStart(Number(width), '0'));
}

type Evaluate = (month: number, before: Before, ...functions: unknown[]) => Turns;

const EXPRESSIONS = new Map<number, Evaluate>();

/** The expressions for a length of periods, as a function. */
function expressionsOf(months: number): Evaluate {
  const stack = newStack();
  const named = (_: string, value: unknown) => expressionOf`(${value})`;
  const turns = new PasswordTurns(months, expressionOf`month`, expressionOf`before`, named);
  const value = {
    current: turns.current,
    even: turns.turn('even'),
    odd: turns.turn('odd'),
    evenEnd: turns.end('even'),
    oddEnd: turns.end('odd'),
  };
  new TerraformOutput(stack, 'texts', { value });
  const texts = Object.entries<string>(synth(stack).output.texts.value);
  const fields = texts.map(([name, text]) => `${name}: ${text.slice('${'.length, -'}'.length)}`);
  const parameters = ['month', 'before', 'floor', 'ceil', 'max', 'min', 'format'];
  return compileFunction(`return { ${fields.join(', ')} }`, parameters) as Evaluate;
}

function turnsOf(months: number, month: number, before: Before): Turns {
  const { floor, ceil, max, min } = Math;
  const evaluate = EXPRESSIONS.get(months) ?? expressionsOf(months);
  EXPRESSIONS.set(months, evaluate);
  return evaluate(month, before, floor, ceil, max, min, format);
}

/** What Terraform's state holds: what was remembered, and each slot with its turn, its end and when it was made. */
interface State {
  months: number;
  before: Before;
  current: Slot;
  slots: Record<Slot, { turn: string; end: string; made: number; serial: number }>;
}

let serial = 0;

function apply(state: State | undefined, months: number, month: number): State {
  const remembered: Before =
    state === undefined
      ? { since: month, current: '', even: '', odd: '' }
      : { since: month, current: state.current, even: state.slots.even.turn, odd: state.slots.odd.turn };
  const before = state?.months === months ? state.before : remembered;
  const turns = turnsOf(months, month, before);
  const slot = (name: Slot) => {
    const old = state?.slots[name];
    return old?.turn === turns[name]
      ? old
      : { turn: turns[name], end: turns[`${name}End`], made: month, serial: ++serial };
  };
  return { months, before, current: turns.current, slots: { even: slot('even'), odd: slot('odd') } };
}

const JANUARY_2026 = 24312;

function firstOf(month: number): string {
  return format('%04d-%02d-01T00:00:00Z', Math.floor(month / 12), (month % 12) + 1);
}

describe('PasswordTurns', () => {
  test('without a change, periods are counted in calendar months since the year 0', () => {
    const never: Before = { since: JANUARY_2026 - 1, current: '', even: '', odd: '' };

    expect([-1, 0, 5, 6, 12].map((month) => turnsOf(6, JANUARY_2026 + month, never))).toEqual([
      {
        current: 'odd',
        even: '6-24311-4050',
        odd: '6-24311-4051',
        evenEnd: '2026-02-01T00:00:00Z',
        oddEnd: '2026-08-01T00:00:00Z',
      },
      {
        current: 'even',
        even: '6-24311-4052',
        odd: '6-24311-4051',
        evenEnd: '2027-02-01T00:00:00Z',
        oddEnd: '2026-08-01T00:00:00Z',
      },
      {
        current: 'even',
        even: '6-24311-4052',
        odd: '6-24311-4051',
        evenEnd: '2027-02-01T00:00:00Z',
        oddEnd: '2026-08-01T00:00:00Z',
      },
      {
        current: 'odd',
        even: '6-24311-4052',
        odd: '6-24311-4053',
        evenEnd: '2027-02-01T00:00:00Z',
        oddEnd: '2027-08-01T00:00:00Z',
      },
      {
        current: 'even',
        even: '6-24311-4054',
        odd: '6-24311-4053',
        evenEnd: '2028-02-01T00:00:00Z',
        oddEnd: '2027-08-01T00:00:00Z',
      },
    ]);
  });

  test('a change in the middle of a period gives the older secret its turn and leaves the current one for a new period', () => {
    const old = apply(undefined, 6, JANUARY_2026 + 1);
    const changed = apply(old, 4, JANUARY_2026 + 1);
    const may = apply(changed, 4, JANUARY_2026 + 4);
    const september = apply(may, 4, JANUARY_2026 + 8);

    expect([old, changed, may, september].map(({ current }) => current)).toEqual(['even', 'odd', 'odd', 'even']);
    expect(changed.slots.even).toBe(old.slots.even);
    expect(may.slots).toEqual(changed.slots);
    expect(changed.slots.odd.end).toBe('2027-02-01T00:00:00Z');
    expect(september.slots.odd).toBe(may.slots.odd);
  });

  test('whatever is changed whenever: one secret at a time, the newest is current, and the one before works as well', () => {
    const step = fc.record({
      after: fc.integer({ min: 0, max: 14 }),
      months: fc.option(fc.integer({ min: 1, max: 11 }), { nil: undefined, freq: 3 }),
    });
    fc.assert(
      fc.property(
        fc.integer({ min: JANUARY_2026, max: JANUARY_2026 + 60 }),
        fc.integer({ min: 1, max: 11 }),
        fc.array(step, { maxLength: 8 }),
        (start, months, steps) => {
          let state = apply(undefined, months, start);
          let month = start;
          for (const { after, months: next } of steps) {
            // Somebody applies in each month, as the page asks.
            for (const end = month + after; month < end;) {
              state = check(state, apply(state, state.months, ++month), month);
            }
            const isChange = next !== undefined && next !== state.months;
            const before = state;
            state = check(state, apply(state, next ?? state.months, month), month);
            if (isChange) {
              expect(state.current).not.toBe(before.current);
              expect(state.slots[before.current]).toBe(before.slots[before.current]);
            }
          }
        },
      ),
    );
  });
});

/** Holds for each apply on a state. */
function check(old: State, next: State, month: number): State {
  const made = (['even', 'odd'] as const).filter((slot) => next.slots[slot] !== old.slots[slot]);
  const former = next.current === 'even' ? 'odd' : 'even';

  expect(made.length).toBeLessThanOrEqual(1);
  expect(next.current).toBe(made[0] ?? old.current);
  expect(next.slots[next.current].serial > next.slots[former].serial || made.length === 0).toBe(true);
  // What is current works until the next apply at least, and so does what was current until now.
  expect(next.slots[next.current].end > firstOf(month + 1)).toBe(true);
  expect(next.slots[old.current].end > firstOf(month + 1)).toBe(true);
  expect(next.slots[next.current].end <= firstOf(next.slots[next.current].made + 24)).toBe(true);
  return next;
}
