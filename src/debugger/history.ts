/**
 * The past of a run: checkpoints from which every earlier position can be computed again.
 *
 * A position is found by restoring the last checkpoint before it and running on under the same
 * schedule, which gives the same state. The newest quarter of the checkpoints lies close together.
 * When they take more memory than they may, the older ones are thinned out in rounds from the oldest
 * on: those go whose neighbors are near each other, up to twice the smallest such distance at the
 * beginning of the round. So the distances in the older part differ by a small factor only, which
 * keeps the way to any position short. The first checkpoint stays for ever. Going back keeps later
 * checkpoints, because running forward again meets the same states, unless the user changes the run.
 *
 * Besides there are close checkpoints: a search leaves them in the stretch that it runs through again,
 * since the next search mostly begins there.
 */
import { defined } from '../base/errors.ts';
import type { Checkpoint } from '../machine/checkpoint.ts';
import type { CoursePlace } from '../machine/courseSplit.ts';
import type { Machine } from '../machine/machine.ts';

/** A kept state. */
export interface HistoryPoint {
  readonly position: number;
  readonly checkpoint: Checkpoint;
}

/** How much is kept, and how far apart. */
export interface HistoryLimits {
  /** Instructions of the kernel between two checkpoints; an eighth of it in user code. */
  readonly spacing: number;
  /** Bytes that all checkpoints of the machine may take; a first and a newest one are always kept. */
  readonly bytes: number;
}

/** What history takes at most when nobody says otherwise. */
const DEFAULT_BYTES = 256_000_000;
/** About a millisecond of kernel code. */
const DEFAULT_SPACING = 32_768;
/** A checkpoint that copies many pages must pay off: so many instructions for each, within limits. */
const SPACING_PER_PAGE = 64;
const WIDEST = 8;
/** A user instruction takes as long as some of the kernel's: user code has closer checkpoints. */
const USER_WEIGHT = 8;
/**
 * Memory is full at 15/16 of the bound, so that there is room for what an operation keeps meanwhile, and
 * thinning goes on to 14/16, so that there is something to do for it only now and then.
 */
const FULL = 15 / 16;
const ROOMY = 14 / 16;
/** The part of the checkpoints, at the end, that is not thinned out while there are others. */
const DENSE_PART = 4;
const MOST_CLOSE_POINTS = 64;

/** The limits with a bound on memory. */
export function historyLimits(bytes = DEFAULT_BYTES): HistoryLimits {
  return { spacing: DEFAULT_SPACING, bytes };
}

export class History {
  private readonly machine: Machine;
  private readonly limits: HistoryLimits;
  /** In the order of their positions; the first one is the start. */
  private readonly points: HistoryPoint[];
  /** Close points between two neighbors in `points`, in order too. */
  private readonly closePoints: HistoryPoint[] = [];
  /** The index at which the round of thinning goes on, and the distance up to which it makes gaps. */
  private cursor = 1;
  private gap = 0;
  /** The position at which the next checkpoint is due. */
  private due: number;
  /** The user instructions that had been executed by the newest checkpoint. */
  private userSteps: number;

  /** Starts with the machine's present state, which becomes the earliest one that can be reached. */
  constructor(machine: Machine, limits = historyLimits()) {
    this.machine = machine;
    this.limits = limits;
    this.points = [this.takePoint()];
    this.due = machine.position + limits.spacing;
    this.userSteps = machine.userSteps;
  }

  /** The position of the earliest state. */
  get startPosition(): number {
    return defined(this.points[0], 'first checkpoint').position;
  }

  /** The positions of all kept states but the close ones. */
  get positions(): readonly number[] {
    return this.points.map((point) => point.position);
  }

  /** How many instructions the machine may run before `note` should be called again; at least 1. */
  untilNext(): number {
    return Math.max(1, this.due - this.machine.position);
  }

  /** Keeps the present state when the newest kept one is far enough away. Cost: mostly none. */
  note(): void {
    const { machine } = this;
    if (machine.position < this.due) return;
    const { position } = defined(this.points.at(-1), 'newest checkpoint');
    const point = this.takePoint(true);
    this.points.push(point);
    const userSteps = machine.userSteps - this.userSteps;
    const userPart = Math.min(1, userSteps / (point.position - position));
    this.userSteps = machine.userSteps;
    this.due = point.position + this.distanceAfter(point, userPart);
    if (this.machine.checkpointBytes > this.limits.bytes * FULL) this.thin();
  }

  /** The newest kept state at or before a position. Cost: logarithmic. */
  lastAtOrBefore(position: number): HistoryPoint {
    const index = lastIndexAtOrBefore(this.points, position);
    const point = defined(this.points[Math.max(0, index)], 'checkpoint');
    const close = this.closePoints[lastIndexAtOrBefore(this.closePoints, position)];
    return close !== undefined && close.position > point.position ? close : point;
  }

  /** The newest kept state that lies before a split of two courses, so on both. */
  lastBeforeSplit(split: CoursePlace): HistoryPoint {
    const isCommon = ({ position, checkpoint }: HistoryPoint): boolean =>
      position < split.position && checkpoint.decisions <= split.decisions;
    return this.points.findLast(isCommon) ?? defined(this.points[0], 'first checkpoint');
  }

  /** The newest kept state before a position; `undefined` at the start of the run. */
  lastBefore(position: number): HistoryPoint | undefined {
    const point = this.lastAtOrBefore(position - 1);
    return point.position < position ? point : undefined;
  }

  /** Puts the machine back to a kept state. */
  restore(point: HistoryPoint): void {
    this.machine.restore(point.checkpoint);
  }

  /**
   * Forgets the states from a position on, because the user has changed the run there: running on gives
   * others. The earliest state stays.
   */
  forgetFrom(position: number): void {
    const { points } = this;
    this.dropClose();
    const kept = Math.max(1, lastIndexAtOrBefore(points, position - 1) + 1);
    for (const point of points.splice(kept)) this.release(point);
    this.cursor = Math.min(this.cursor, kept);
    const newest = defined(points.at(-1), 'newest checkpoint');
    this.due = newest.position + this.limits.spacing;
  }

  /** Keeps the present state as a close point. Those of other stretches go. */
  noteClose(): void {
    const { position } = this.machine;
    const index = lastIndexAtOrBefore(this.points, position);
    const start = this.points[index]?.position ?? 0;
    const end = this.points[index + 1]?.position ?? Infinity;
    const [first] = this.closePoints;
    const isOther = first !== undefined && (first.position < start || first.position >= end);
    if (isOther || this.closePoints.length >= MOST_CLOSE_POINTS) this.dropClose();
    const at = lastIndexAtOrBefore(this.closePoints, position);
    const known = this.closePoints[at] ?? this.points[index];
    if (known?.position === position) return;
    this.closePoints.splice(at + 1, 0, this.takePoint());
    if (this.machine.checkpointBytes > this.limits.bytes * FULL) this.thin();
  }

  /** How far the checkpoint after this one is, when so much of the code runs in user mode as before it. */
  private distanceAfter({ checkpoint }: HistoryPoint, userPart: number): number {
    const { spacing } = this.limits;
    const costly = Math.min(checkpoint.copiedPages * SPACING_PER_PAGE, spacing * WIDEST);
    return Math.ceil(Math.max(spacing, costly) / (1 + (USER_WEIGHT - 1) * userPart));
  }

  private takePoint(isThrifty = false): HistoryPoint {
    const checkpoint = this.machine.takeCheckpoint(isThrifty);
    return { position: checkpoint.position, checkpoint };
  }

  private release({ checkpoint }: HistoryPoint): void {
    this.machine.release(checkpoint);
  }

  private dropClose(): void {
    for (const point of this.closePoints) this.release(point);
    this.closePoints.length = 0;
  }

  /** Makes room. Cost: the checkpoints that it looks at; once for many of those that are taken. */
  private thin(): void {
    this.dropClose();
    const { machine, limits, points } = this;
    while (points.length > 2 && machine.checkpointBytes > limits.bytes * ROOMY) this.thinOut();
  }

  /** Goes on from where thinning has come to, until there is room or the dense part begins. */
  private thinOut(): void {
    const { machine, limits, points } = this;
    const end = points.length - 1 - Math.floor(points.length / DENSE_PART);
    if (this.cursor === 1) this.gap = 2 * smallestGapOver(points, end);
    let kept = this.cursor;
    let index = this.cursor;
    for (; index < end && machine.checkpointBytes > limits.bytes * ROOMY; index += 1) {
      const point = defined(points[index], 'checkpoint');
      const before = defined(points[kept - 1], 'checkpoint before');
      const after = defined(points[index + 1], 'checkpoint after');
      if (after.position - before.position <= this.gap) {
        this.release(point);
        continue;
      }
      points[kept] = point;
      kept += 1;
    }
    const isRoundOver = index >= end;
    points.splice(kept, index - kept);
    this.cursor = isRoundOver ? 1 : kept;
  }
}

/** The smallest gap that one of the points from the second to `end`, exclusive, would leave. */
function smallestGapOver(points: readonly HistoryPoint[], end: number): number {
  let smallest = Infinity;
  for (let index = 1; index < end; index += 1) {
    const before = defined(points[index - 1], 'checkpoint before');
    const after = defined(points[index + 1], 'checkpoint after');
    smallest = Math.min(smallest, after.position - before.position);
  }
  return smallest;
}

/** The index of the last point at or before a position; -1 when there is none. */
function lastIndexAtOrBefore(points: readonly HistoryPoint[], position: number): number {
  let low = -1;
  let high = points.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (defined(points[middle], 'checkpoint').position <= position) low = middle;
    else high = middle - 1;
  }
  return low;
}
