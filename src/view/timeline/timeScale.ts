/**
 * How the time of a timeline becomes width: evenly, or with long idle times folded.
 *
 * Time is idle where no task of any of the runs is on a CPU. A seek of 12 ms beside steps of 50 ns would leave a
 * pixel for all that happens; folded, it is drawn as wide as a fixed small part of the picture, and all that is not
 * folded shares the rest evenly. What is hardly longer than its fold would be is not folded.
 */
import type { TimeFold, TimeKnot, TimeScaleKind } from '../timelineModel.ts';
import { LANE_KINDS, NONE, type RunLanes } from './runLanes.ts';

/** A stretch of time; `from` ≤ `to`. */
export interface TimeRange {
  readonly fromNs: number;
  readonly toNs: number;
}

/** Width by time. */
export interface TimeScale {
  /** At least two, in the order of their times; from 0 to 1. */
  readonly knots: readonly TimeKnot[];
  readonly folds: readonly TimeFold[];
}

/** The width of a fold, as a part of the picture, unless there are many; what all of them take together then. */
const FOLD_SHARE = 0.06;
const MOST_FOLD_SHARE = 0.3;
/** A time is folded that would be so many times as wide otherwise. */
const LEAST_GAIN = 2;
/** Pixels of the picture for each fold, so that there are not more folds than can be seen. */
const PIXELS_PER_FOLD = 8;

/** The kinds that need a CPU. */
const ON_CPU: ReadonlySet<number> = new Set(
  (['user', 'kernel', 'interrupt'] as const).map((kind) => LANE_KINDS.indexOf(kind)),
);

/** The index of the first number that is greater than `value` in a list that does not fall. Cost: logarithmic. */
export function firstAbove(list: readonly number[], value: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((list[middle] ?? 0) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The scale over a stretch of time that is not empty. Cost: what the runs did in it. */
export function makeScale(
  runs: readonly RunLanes[],
  range: TimeRange,
  kind: TimeScaleKind,
  pixels: number,
): TimeScale {
  const gaps = kind === 'folded' ? idleTimes(runs, range) : [];
  const folds = chooseFolds(gaps, range, Math.floor(pixels / PIXELS_PER_FOLD));
  return { knots: placeKnots(folds, range), folds };
}

/** Where a time lies, from 0 to 1; times outside of the scale lie at its ends. Cost: logarithmic. */
export function widthAt({ knots }: TimeScale, ns: number): number {
  let low = 0;
  let high = knots.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((knots[middle]?.ns ?? 0) <= ns) low = middle;
    else high = middle;
  }
  const from = knots[low];
  const to = knots[high];
  if (from === undefined || to === undefined) return 0;
  if (ns <= from.ns) return from.x;
  if (ns >= to.ns) return to.x;
  return from.x + ((to.x - from.x) * (ns - from.ns)) / (to.ns - from.ns);
}

/** The time at a width from 0 to 1: the other way round. Cost: logarithmic. */
export function timeAt({ knots }: Pick<TimeScale, 'knots'>, x: number): number {
  let low = 0;
  let high = knots.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((knots[middle]?.x ?? 0) <= x) low = middle;
    else high = middle;
  }
  const from = knots[low];
  const to = knots[high];
  if (from === undefined || to === undefined) return 0;
  if (x <= from.x || to.x <= from.x) return from.ns;
  if (x >= to.x) return to.ns;
  return from.ns + ((to.ns - from.ns) * (x - from.x)) / (to.x - from.x);
}

/** The times of a range in which nobody runs, in order. */
export function idleTimes(runs: readonly RunLanes[], range: TimeRange): readonly TimeRange[] {
  let busy: readonly TimeRange[] = [];
  for (const run of runs) {
    for (const lane of run.lanes) busy = unite(busy, timesOnCpu(lane.changes, run.endNs, range));
    const { fromNs, toNs } = run.busy;
    busy = unite(busy, timesOf(fromNs, toNs, run.endNs, range));
  }
  const gaps: TimeRange[] = [];
  let last = range.fromNs;
  for (const { fromNs, toNs } of busy) {
    if (fromNs > last) gaps.push({ fromNs: last, toNs: fromNs });
    last = Math.max(last, toNs);
  }
  if (range.toNs > last) gaps.push({ fromNs: last, toNs: range.toNs });
  return gaps;
}

function timesOnCpu(
  { ns, kind }: { readonly ns: readonly number[]; readonly kind: readonly number[] },
  endNs: number,
  range: TimeRange,
): readonly TimeRange[] {
  const times: TimeRange[] = [];
  for (let row = Math.max(0, firstAbove(ns, range.fromNs) - 1); row < ns.length; row += 1) {
    const fromNs = ns[row] ?? 0;
    if (fromNs >= range.toNs) break;
    const toNs = ns[row + 1] ?? endNs;
    if (!ON_CPU.has(kind[row] ?? 0) || toNs <= range.fromNs) continue;
    const last = times.at(-1);
    if (last?.toNs === fromNs) times[times.length - 1] = { fromNs: last.fromNs, toNs };
    else if (toNs > fromNs) times.push({ fromNs, toNs });
  }
  return times;
}

/** These lists come in the order of execution, which need not be that of time. */
function timesOf(
  from: readonly number[],
  to: readonly number[],
  endNs: number,
  range: TimeRange,
): readonly TimeRange[] {
  const times: TimeRange[] = [];
  for (const [row, fromNs] of from.entries()) {
    const end = to[row] ?? NONE;
    const toNs = end === NONE ? endNs : end;
    if (fromNs < range.toNs && toNs > range.fromNs) times.push({ fromNs, toNs });
  }
  return times.sort((one, other) => one.fromNs - other.fromNs);
}

/** Both lists as one, in order, without overlaps. */
function unite(one: readonly TimeRange[], other: readonly TimeRange[]): readonly TimeRange[] {
  const all: { fromNs: number; toNs: number }[] = [];
  let first = 0;
  let second = 0;
  while (first < one.length || second < other.length) {
    const left = one[first];
    const right = other[second];
    const isLeft = right === undefined || (left !== undefined && left.fromNs <= right.fromNs);
    const next = isLeft ? left : right;
    if (isLeft) first += 1;
    else second += 1;
    if (next === undefined) break;
    const last = all.at(-1);
    if (last !== undefined && next.fromNs <= last.toNs) last.toNs = Math.max(last.toNs, next.toNs);
    else all.push({ ...next });
  }
  return all;
}

function lengthOf({ fromNs, toNs }: TimeRange): number {
  return toNs - fromNs;
}

/** The longest gaps, as many as gain by it. */
function chooseFolds(
  gaps: readonly TimeRange[],
  range: TimeRange,
  most: number,
): readonly TimeFold[] {
  const byLength = [...gaps].sort((one, other) => lengthOf(other) - lengthOf(one)).slice(0, most);
  let left = lengthOf(range);
  let chosen = 0;
  for (const [index, gap] of byLength.entries()) {
    left -= lengthOf(gap);
    const count = index + 1;
    const share = shareOf(count);
    const widthOfGap = (lengthOf(gap) * (1 - count * share)) / Math.max(left, 0);
    // Where there is nothing but the gap, folding shows no more.
    if (left > 0 && widthOfGap > LEAST_GAIN * share) chosen = count;
  }
  return byLength.slice(0, chosen).sort((one, other) => one.fromNs - other.fromNs);
}

function shareOf(count: number): number {
  return Math.min(FOLD_SHARE, MOST_FOLD_SHARE / count);
}

function placeKnots(folds: readonly TimeFold[], range: TimeRange): readonly TimeKnot[] {
  const share = shareOf(Math.max(1, folds.length));
  const folded = folds.reduce((sum, fold) => sum + lengthOf(fold), 0);
  const perNs = (1 - folds.length * share) / (lengthOf(range) - folded);
  const knots: TimeKnot[] = [{ ns: range.fromNs, x: 0 }];
  let x = 0;
  let ns = range.fromNs;
  const add = (toNs: number, width: number): void => {
    if (toNs <= ns) return;
    ns = toNs;
    x += width;
    knots.push({ ns, x });
  };
  for (const { fromNs, toNs } of folds) {
    add(fromNs, (fromNs - ns) * perNs);
    add(toNs, share);
  }
  add(range.toNs, (range.toNs - ns) * perNs);
  knots[knots.length - 1] = { ns: range.toNs, x: 1 };
  return knots;
}
