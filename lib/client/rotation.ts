import { expression, expressionOf } from '../terraform/expression';
import { IResolvable } from 'cdktf';

/**
 * Time as Terraform sees it when it plans, in periods of whole months since the year 0. It changes at the first of a
 * month, so a plan that is made again changes nothing until then; no provider is needed for it.
 */
function period(months: number): string {
  return expression`floor(${currentMonth()} / ${months})`;
}

/** The current month, counted since the year 0. */
export function currentMonth(): IResolvable {
  return expressionOf`(${numberInDate('YYYY')} * 12 + ${numberInDate('M')} - 1)`;
}

function numberInDate(format: string): IResolvable {
  return expressionOf`tonumber(formatdate(${format}, plantimestamp()))`;
}

/** The number of the current period, in which one generation of a credential differs from the next. */
export function generation(months: number): IResolvable {
  return expressionOf`${period(months)}`;
}

/** Which of two slots is the current one: the slots take turns, so that the one before stays as it is for a period. */
export function isEvenGeneration(months: number): IResolvable {
  return expressionOf`${period(months)} % 2 == 0`;
}

/** The generation in a slot. It changes every other period; the slots take turns. */
export function slotGeneration(months: number, slot: 'even' | 'odd'): string {
  return slot === 'even'
    ? expression`floor(${period(months)} / 2) * 2`
    : expression`floor((${period(months)} + 1) / 2) * 2 - 1`;
}
