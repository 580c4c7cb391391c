/**
 * The axis: ticks at round times and the names of the folds.
 *
 * Between two folds ticks are evenly spaced. Where a time needs many digits, the first tick of the piece has them all and
 * those after it say how much later they are: `12.4273 ms`, `+50 ns`, `+100 ns`.
 */
import { formatDuration } from '../../base/duration.ts';
import type { TimeFold } from '../../view/timelineModel.ts';
import { preciseTime, type TimeScale } from './scale.ts';

/** A tick and what stands at it. */
export interface Tick {
  readonly x: number;
  readonly ns: number;
  readonly text: string;
}

/** A fold as it is drawn: its stretch of pixels and, where there is room, how long it is. */
export interface FoldMark {
  readonly left: number;
  readonly right: number;
  readonly text: string | undefined;
}

/** Pixels for each letter of the axis. */
const LETTER = 6.2;
const GAP = 14;
const SPACING = 84;
const LONGEST_ABSOLUTE = 9;

/** The smallest of 1, 2 and 5 times a power of ten that is not below `least`; at least 1 ns. */
export function niceStep(least: number): number {
  if (!(least > 1)) return 1;
  const power = 10 ** Math.floor(Math.log10(least) + 1e-9);
  const factor = [1, 2, 5, 10].find((each) => each * power >= least * (1 - 1e-9)) ?? 10;
  return Math.round(factor * power);
}

interface Piece {
  readonly fromNs: number;
  readonly toNs: number;
}

function piecesOf(scale: TimeScale, folds: readonly TimeFold[]): Piece[] {
  const pieces: Piece[] = [];
  let fromNs = scale.fromNs;
  for (const fold of folds) {
    if (fold.toNs <= scale.fromNs || fold.fromNs >= scale.toNs) continue;
    if (fold.fromNs > fromNs) pieces.push({ fromNs, toNs: fold.fromNs });
    fromNs = fold.toNs;
  }
  if (fromNs < scale.toNs) pieces.push({ fromNs, toNs: scale.toNs });
  return pieces;
}

function ticksOfPiece(piece: Piece, scale: TimeScale, isFree: (x: number) => boolean): Tick[] {
  const left = scale.x(piece.fromNs);
  const pixels = scale.x(piece.toNs) - left;
  if (pixels < 2) return [];
  const step = niceStep((SPACING * (piece.toNs - piece.fromNs)) / pixels);
  const times: number[] = [];
  for (let ns = Math.ceil(piece.fromNs / step) * step; ns <= piece.toNs; ns += step) {
    if (isFree(scale.x(ns))) times.push(ns);
  }
  const [baseNs] = times;
  if (baseNs !== undefined) {
    const whole = times.map((ns) => preciseTime(ns, step));
    const isShort = whole.every((text) => text.length <= LONGEST_ABSOLUTE);
    return times.map((ns, index) => {
      const isWhole = isShort || index === 0;
      const text = isWhole ? (whole[index] ?? '') : `+${preciseTime(ns - baseNs, step)}`;
      return { x: scale.x(ns), ns, text };
    });
  }
  if (!isFree(left)) return [];
  // A narrow piece has no round time: it is named by its first.
  const resolution = Math.max(1, 10 ** Math.floor(Math.log10(piece.toNs - piece.fromNs)));
  return [{ x: left, ns: piece.fromNs, text: preciseTime(piece.fromNs, resolution) }];
}

/** The ticks from left to right; their texts, which begin at the ticks, do not touch and end inside. */
export function ticksOf(scale: TimeScale, folds: readonly TimeFold[]): Tick[] {
  const ticks: Tick[] = [];
  let end = -Infinity;
  const right = scale.left + scale.width;
  for (const piece of piecesOf(scale, folds)) {
    for (const tick of ticksOfPiece(piece, scale, (x) => x >= end)) {
      const textEnd = tick.x + tick.text.length * LETTER;
      if (tick.x < end || textEnd > right + GAP) continue;
      ticks.push(tick);
      end = textEnd + GAP;
    }
  }
  return ticks;
}

/** The folds from left to right; a text stands over the middle of its fold and touches no other. */
export function foldMarks(scale: TimeScale, folds: readonly TimeFold[]): FoldMark[] {
  const right = scale.left + scale.width;
  let end = scale.left;
  const marks: FoldMark[] = [];
  for (const fold of folds) {
    if (fold.toNs <= scale.fromNs || fold.fromNs >= scale.toNs) continue;
    const mark = { left: scale.x(fold.fromNs), right: scale.x(fold.toNs) };
    const middle = (mark.left + mark.right) / 2;
    const length = formatDuration(fold.toNs - fold.fromNs);
    const text = [`${length} folded`, length].find((each) => {
      const half = (each.length * LETTER) / 2;
      return middle - half >= end && middle + half <= right;
    });
    if (text !== undefined) end = middle + (text.length * LETTER) / 2 + GAP;
    marks.push({ ...mark, text });
  }
  return marks;
}
