import { TerraformOutput } from 'cdktf';
import { generation, isEvenGeneration, slotGeneration } from '../../lib/client/rotation';
import { newStack, synth } from '../support';

/*
 * Terraform computes these when it plans, so what is held here is their text. What they yield was computed with
 * `terraform console` for the first of each month from 2026 to 2030, the last second of a month, a leap day and year ends,
 * for periods of 1, 2, 3, 5, 6, 11 and 18 months. Months are counted from the year 0, so January 2026 is 24312. For periods
 * of 6 months:
 *
 *   planned on            period  current  even slot  odd slot
 *   2025-12-31T23:59:59Z  4051    odd      4050       4051
 *   2026-01-01T00:00:00Z  4052    even     4052       4051
 *   2026-06-30T23:59:59Z  4052    even     4052       4051
 *   2026-07-01T00:00:00Z  4053    odd      4052       4053
 *   2028-02-29T12:00:00Z  4056    even     4056       4055
 *
 * At each turn the slot that is not current is made anew and becomes current; the other keeps its generation.
 */
const MONTHS = '(tonumber(formatdate("YYYY", plantimestamp())) * 12 + tonumber(formatdate("M", plantimestamp())) - 1)';

function textOf(value: unknown): string {
  const stack = newStack();
  new TerraformOutput(stack, 'text', { value });
  return synth(stack).output.text.value;
}

describe.each([1, 6, 11])('a rotation every %i months', (months) => {
  const period = `floor(${MONTHS} / ${months})`;
  const generations = { even: `floor(${period} / 2) * 2`, odd: `floor((${period} + 1) / 2) * 2 - 1` };

  test('counts periods of whole months', () => {
    expect(textOf(generation(months))).toBe(`\${${period}}`);
  });

  test('tells which slot is current', () => {
    expect(textOf(isEvenGeneration(months))).toBe(`\${${period} % 2 == 0}`);
  });

  test.each(['even', 'odd'] as const)('the %s slot changes every other period', (slot) => {
    expect(textOf(slotGeneration(months, slot))).toBe(`\${${generations[slot]}}`);
  });
});
