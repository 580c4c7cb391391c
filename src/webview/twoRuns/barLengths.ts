/**
 * How long the two bars of a difference are.
 */
import type { TimeDifference } from '../../view/twoRunsModel.ts';

/** The shortest bar that can be seen; a time of 0 has none. */
const SHORTEST = 0.003;

/** From 0 to 1 on a linear scale: the longer one fills it. */
export function barLengths({ oneNs, otherNs }: Pick<TimeDifference, 'oneNs' | 'otherNs'>): {
  readonly one: number;
  readonly other: number;
} {
  const longest = Math.max(oneNs, otherNs);
  const lengthOf = (ns: number): number => (ns <= 0 ? 0 : Math.max(SHORTEST, ns / longest));
  return { one: lengthOf(oneNs), other: lengthOf(otherNs) };
}
