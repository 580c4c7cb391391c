/**
 * The view model of time: what each task and the disk did, as lanes of stretches and marks, made for a width.
 *
 * Times are virtual nanoseconds since the start of the run. A model answers for one stretch of time and is
 * no finer than the pixels that were asked for: what is shorter is merged (`merged`). Lanes keep their order and
 * their ids over the whole run, so nothing jumps between two models. Everything is plain and serialisable.
 */

/** What a task does: in user mode or the kernel on a CPU, an interrupt on top of it, and the ways not to run. */
export type StretchKind =
  | 'user'
  | 'kernel'
  | 'interrupt'
  /** Could run, and another one does. */
  | 'ready'
  /** Waits for an `mmap_sem`. */
  | 'lockWait'
  /** Waits for the lock of a page. */
  | 'pageWait'
  /** Sleeps for another reason. */
  | 'asleep'
  /** The disk reads. */
  | 'reading';

/** Something that lasts, in one lane. Stretches of a lane do not overlap and come in the order of their times. */
export interface Stretch {
  readonly fromNs: number;
  readonly toNs: number;
  readonly kind: StretchKind;
  /** What it is about: the lock that is waited for, the pages that are read. */
  readonly about?: string;
  /** How many stretches of the run it stands for, where they are shorter than a pixel; `kind` is what fills most. */
  readonly merged?: number;
  /** It has not ended where the record does. */
  readonly isOpen?: true;
  /** How long it lasts altogether, where a part of it is out of sight and its end is known. */
  readonly lastsNs?: number;
}

/** A task is inside a lock: an outline around its lane. Holds of one lock do not overlap in a lane. */
export interface HoldStretch {
  readonly fromNs: number;
  readonly toNs: number;
  /** The lock's name, as `LockState` has it. */
  readonly lock: string;
  readonly mode: 'read' | 'write';
  readonly merged?: number;
  readonly isOpen?: true;
  /** As of a stretch. */
  readonly lastsNs?: number;
}

/** Kinds of marks. */
export type MarkKind =
  | 'start'
  | 'fault'
  /** The fault is tried again after the lock was dropped. */
  | 'retry'
  | 'systemCall'
  /** An anchor with a title. */
  | 'moment'
  | 'interrupt'
  | 'signal'
  /** The user changed the run here. */
  | 'whatIf'
  | 'exit';

/** Something that happens at one time. */
export interface TimeMark {
  readonly ns: number;
  /** Where the run stands then; goes into `faultline/seek`. */
  readonly position: number;
  readonly kind: MarkKind;
  /** In words: `page fault at 0x08050000`, the title of a moment. */
  readonly text: string;
  /** How many marks it stands for, where they are closer than a pixel; the text is that of the most telling one. */
  readonly merged?: number;
}

/** A task is woken and, later, runs: an arrow between two lanes. */
export interface WakeArrow {
  /** The lane of the waker; left out when no lane woke it (a timer). */
  readonly from?: number;
  readonly to: number;
  readonly wokenNs: number;
  /** When it runs, if it has. */
  readonly runsNs?: number;
  readonly position: number;
}

/** The id of the disk's lane; tasks have their thread ids, from 1 on. */
export const DISK_LANE = 0;

/** What one task, or the disk, did. */
export interface TimelineLane {
  /** DAP's thread id of the task, or `DISK_LANE`. */
  readonly id: number;
  readonly name: string;
  /** The CPU of a task. */
  readonly cpu?: number;
  readonly stretches: readonly Stretch[];
  readonly holds: readonly HoldStretch[];
  readonly marks: readonly TimeMark[];
}

/** How time becomes width: as it is, or with idle time folded. */
export type TimeScaleKind = 'folded' | 'linear';

/** Between two knots width grows evenly with time; `x` runs from 0 to 1 over the model's stretch of time. */
export interface TimeKnot {
  readonly ns: number;
  readonly x: number;
}

/** A stretch of time in which nothing happens and that is drawn narrower than it is. */
export interface TimeFold {
  readonly fromNs: number;
  readonly toNs: number;
}

/** What is asked of a timeline. */
export interface TimelineQuery {
  /** The stretch of time; all that is recorded when left out. */
  readonly fromNs?: number;
  readonly toNs?: number;
  /** How many pixels wide it will be drawn, at most 4,000; 1,000 when left out. */
  readonly max?: number;
  /** `folded` when left out. */
  readonly scale?: TimeScaleKind;
}

/** The answer. */
export interface TimelineModel {
  /** Grows whenever the record does or is cut. */
  readonly rev: number;
  readonly fromNs: number;
  readonly toNs: number;
  /** The record, from the start of the run to the farthest that the run has been. */
  readonly startNs: number;
  readonly endNs: number;
  /** Whether the run ends where the record does. */
  readonly isOver: boolean;
  readonly scale: TimeScaleKind;
  /** At least two, in the order of their times. */
  readonly knots: readonly TimeKnot[];
  readonly folds: readonly TimeFold[];
  /** Tasks in the order of the scenario, then the disk. */
  readonly lanes: readonly TimelineLane[];
  readonly wakes: readonly WakeArrow[];
  /** How many events of the run are recorded. */
  readonly events: number;
  /** From here on the record has no room for more. */
  readonly lostFromNs?: number;
}
