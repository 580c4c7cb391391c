/**
 * The past of a run: checkpoints from which every earlier position can be computed again.
 *
 * A position is found by restoring the last checkpoint before it and running on under the same
 * schedule, which gives the same state. Checkpoints are dense near the newest and thin out towards
 * the start: when there are too many, every second one of the older half goes; the first one, at
 * position 0, stays for ever. Going back keeps later checkpoints, because running forward again meets
 * the same states, unless the user changes the run there.
 */
import { defined } from '../base/errors.ts';
import type { Checkpoint } from '../machine/checkpoint.ts';
import type { Machine } from '../machine/machine.ts';

/** A kept state. */
export interface HistoryPoint {
  readonly position: number;
  readonly checkpoint: Checkpoint;
}

/** How many checkpoints are kept, and how far apart. */
export interface HistoryLimits {
  /** Instructions between two checkpoints of a young run. */
  readonly spacing: number;
  /** How many are kept; at least 4. */
  readonly count: number;
  /** Bytes that they may add up to, by what each does not share with the one before it. */
  readonly bytes: number;
}

const LIMITS: HistoryLimits = { spacing: 1024, count: 192, bytes: 96 * 1024 * 1024 };

/** The longer a run, the wider: the distance is its length divided by this. */
const SPACING_DIVISOR = 256;

export class History {
  private readonly machine: Machine;
  private readonly limits: HistoryLimits;
  private points: HistoryPoint[];

  /** Starts with the machine's present state, which becomes the earliest one that can be reached. */
  constructor(machine: Machine, limits = LIMITS) {
    this.machine = machine;
    this.limits = limits;
    this.points = [{ position: machine.position, checkpoint: machine.takeCheckpoint() }];
  }

  /** The position of the earliest state. */
  get startPosition(): number {
    return defined(this.points[0], 'first checkpoint').position;
  }

  /** How many instructions the machine may run before `note` should be called again; at least 1. */
  untilNext(): number {
    const { position } = this.machine;
    const last = this.lastAtOrBefore(position);
    const following = this.points[this.points.indexOf(last) + 1];
    const due = following?.position ?? last.position + this.spacingAt(last.position);
    return Math.max(1, due - position);
  }

  /** Keeps the present state when the last kept one is far enough away. */
  note(): void {
    const { position } = this.machine;
    const last = this.lastAtOrBefore(position);
    if (position < last.position + this.spacingAt(last.position)) return;
    const isNewest = last === this.points.at(-1);
    if (!isNewest) return;
    this.points.push({ position, checkpoint: this.machine.takeCheckpoint() });
    const bytes = this.points.reduce((sum, { checkpoint }) => sum + checkpoint.ownBytes, 0);
    if (this.points.length > this.limits.count || bytes > this.limits.bytes) this.thin();
  }

  /** The newest kept state at or before a position. */
  lastAtOrBefore(position: number): HistoryPoint {
    let low = 0;
    let high = this.points.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      const point = this.points[middle];
      if (point !== undefined && point.position <= position) low = middle;
      else high = middle - 1;
    }
    return defined(this.points[low], 'checkpoint');
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
    this.points = this.points.filter((point, index) => index === 0 || point.position < position);
  }

  /** The positions of all kept states. */
  get positions(): readonly number[] {
    return this.points.map((point) => point.position);
  }

  private spacingAt(position: number): number {
    return Math.max(this.limits.spacing, Math.floor(position / SPACING_DIVISOR));
  }

  private thin(): void {
    const half = Math.max(2, this.points.length >> 1);
    this.points = this.points.filter((_, index) => index === 0 || index >= half || index % 2 === 0);
  }
}
