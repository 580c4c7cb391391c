/**
 * Hit counts of breakpoints: which arrivals stop.
 *
 *     5   the fifth      >= 5   from the fifth on     < 5   the first four      % 5   every fifth
 */

const FORM = /^\s*(==|=|>=|>|<=|<|%)?\s*(\d{1,9})\s*$/;

/** Whether the n-th arrival, from 1 on, stops. */
export type HitCondition = (arrival: number) => boolean;

/** What is wrong with a hit count, for people. */
export const HIT_CONDITION_HELP =
  'A hit count is a number with an operator before it if you like: 5, >= 5, > 5, < 5, <= 5, % 5.';

/** The condition that a text stands for; `undefined` when it stands for none. */
export function parseHitCondition(text: string): HitCondition | undefined {
  const [, operator = '==', digits] = FORM.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const count = Number(digits);
  switch (operator) {
    case '>=':
      return (arrival) => arrival >= count;
    case '>':
      return (arrival) => arrival > count;
    case '<=':
      return (arrival) => arrival <= count;
    case '<':
      return (arrival) => arrival < count;
    case '%':
      return count === 0 ? undefined : (arrival) => arrival % count === 0;
    default:
      return (arrival) => arrival === count;
  }
}
