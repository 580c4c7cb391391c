/**
 * In which hold and wait times two runs of one scenario differ.
 */
import type { LockTimes, NumbersModel } from './numbersModel.ts';
import type { TimeDifference } from './twoRunsModel.ts';

type What = TimeDifference['what'];

const FIGURES: readonly (readonly [What, (times: LockTimes) => number])[] = [
  ['longest wait', ({ longestWaitNs }) => longestWaitNs],
  [
    'longest hold',
    ({ longestReadHoldNs, longestWriteHoldNs }) => Math.max(longestReadHoldNs, longestWriteHoldNs),
  ],
];

/**
 * Every longest hold and wait that is not 0 in both runs, the largest difference first; of equal ones waits come
 * before holds, then the order of the first run decides.
 */
export function compareTimes(one: NumbersModel, other: NumbersModel): readonly TimeDifference[] {
  const keys = new Map<string, { readonly lock: string; readonly task: string }>();
  for (const { lock, task } of [...one.locks, ...other.locks]) {
    keys.set(`${lock}\n${task}`, { lock, task });
  }
  const rows = FIGURES.flatMap(([what, figureOf]) =>
    [...keys.values()].map(({ lock, task }): TimeDifference => {
      const oneNs = figureIn(one, lock, task, figureOf);
      const otherNs = figureIn(other, lock, task, figureOf);
      return { lock, task, what, oneNs, otherNs };
    }),
  );
  return rows
    .filter(({ oneNs, otherNs }) => oneNs > 0 || otherNs > 0)
    .sort((first, second) => sizeOf(second) - sizeOf(first));
}

function figureIn(
  { locks }: NumbersModel,
  lock: string,
  task: string,
  figureOf: (times: LockTimes) => number,
): number {
  const times = locks.find((item) => item.lock === lock && item.task === task);
  return times === undefined ? 0 : figureOf(times);
}

function sizeOf({ oneNs, otherNs }: TimeDifference): number {
  return Math.abs(otherNs - oneNs);
}
