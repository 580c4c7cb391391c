/**
 * A recorded run as lanes, at full resolution: what `drawTimeline` makes pictures of, at any width and zoom.
 *
 * Plain and serialisable, so that a static page can carry it. Lists that belong together are columns: the entries
 * with one index make a row, which keeps a run of 100,000 events small. Texts stand once, in `texts`, and columns name
 * them by their index. Times are virtual ns; within a lane they never go back. Positions go into `faultline/seek`.
 */
import type { MarkKind, StretchKind } from '../timelineModel.ts';

/** In place of an index or a time: there is none (yet). */
export const NONE = -1;

/** What a lane does, by the numbers in `ChangeColumns.kind`; `none`: it has no stretch there. */
export const LANE_KINDS = [
  'none',
  'user',
  'kernel',
  'interrupt',
  'ready',
  'lockWait',
  'pageWait',
  'asleep',
  'reading',
] as const satisfies readonly ('none' | StretchKind)[];

/** The kinds of marks, by the numbers in `MarkColumns.kind`; the most telling one first. */
export const MARK_KINDS = [
  'whatIf',
  'signal',
  'retry',
  'fault',
  'exit',
  'start',
  'moment',
  'systemCall',
  'interrupt',
] as const satisfies readonly MarkKind[];

/** From each time on, to the next one, the lane does one thing. A row of no length counts for nothing. */
export interface ChangeColumns {
  readonly ns: readonly number[];
  readonly position: readonly number[];
  /** Index into `LANE_KINDS`. */
  readonly kind: readonly number[];
  /** Index of a text, or `NONE`. */
  readonly about: readonly number[];
}

/** Holds of one lock by one task; they do not overlap. */
export interface HoldColumns {
  readonly lock: string;
  readonly fromNs: readonly number[];
  /** `NONE` while it is held. */
  readonly toNs: readonly number[];
  readonly fromPosition: readonly number[];
  /** `NONE` while it is held. */
  readonly toPosition: readonly number[];
  /** 1 for writing, 0 for reading. */
  readonly isWrite: readonly number[];
}

/** What happens at one time. */
export interface MarkColumns {
  readonly ns: readonly number[];
  readonly position: readonly number[];
  /** Index into `MARK_KINDS`. */
  readonly kind: readonly number[];
  /** Index of a text. */
  readonly text: readonly number[];
}

/** Wake-ups, in the order of their positions. */
export interface WakeColumns {
  /** The id of the waker's lane, or `NONE`. */
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly wokenNs: readonly number[];
  /** `NONE` until it runs. */
  readonly runsNs: readonly number[];
  readonly position: readonly number[];
}

/** Times in which a CPU is busy although none of the lanes runs: with an interrupt on top of its idle task. */
export interface BusyColumns {
  readonly fromNs: readonly number[];
  /** `NONE` while it lasts. */
  readonly toNs: readonly number[];
}

/** All that one task, or the disk, did. */
export interface RunLane {
  /** DAP's thread id of the task, or `DISK_LANE`. */
  readonly id: number;
  readonly name: string;
  readonly cpu?: number;
  readonly changes: ChangeColumns;
  /** One entry for each lock, in the order of their first holds. */
  readonly holds: readonly HoldColumns[];
  readonly marks: MarkColumns;
}

/** A run as far as it is recorded. */
export interface RunLanes {
  /** Grows whenever the record does or is cut. */
  readonly rev: number;
  readonly startNs: number;
  readonly endNs: number;
  /** Whether the run ends where the record does. */
  readonly isOver: boolean;
  readonly events: number;
  readonly lostFromNs?: number;
  readonly texts: readonly string[];
  /** Tasks in the order of the scenario, then the disk. */
  readonly lanes: readonly RunLane[];
  readonly wakes: WakeColumns;
  readonly busy: BusyColumns;
}
